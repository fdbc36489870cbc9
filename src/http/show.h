/* show.h - within src/http: a page is shown again, with what somebody has typed in one of its forms. The buttons that ask for it
 * (html_show_button(), and a template's own) belong to that form and send it to the page's own address, so that one stays where
 * one is; nothing is handled, and nothing but the language is written. Their value is a language, or none, and the address that
 * the form goes to when it is meant: "en/reports". Where that form has a page of its own that is shown, as after a refusal; else
 * the page at the address, which asks for what it asks of everybody; where only a POST has that address, the form alone, as it
 * stands on the page of an error. A value without a form leads to the address: there is nothing to keep. */
#ifndef ADEM_HTTP_SHOW_H
#define ADEM_HTTP_SHOW_H
#include "http/refusal.h"

/* Whether W is only to be shown again; then its body is read, and q->show says how. */
MUST_CHECK bool show_asked(struct turn *w);
enum err show_again(struct turn *w);
/* The row whose page is at Q's address, of which it fills the params; NULL: none. */
const struct route *show_route(const struct router *t, struct request *q);
#endif
