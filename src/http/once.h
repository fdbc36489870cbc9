/* once.h - a form that is sent twice is done once. Each form that a view writes has a key of its own (html_form_begin()); what it
 * came to is kept for a day under it: a keyed hash of key, address and session, one of all fields, the status and where the
 * answer led. The same form again gets the same answer, in whatever process; with other fields it is refused, so that nobody
 * takes for saved what was not. Under another session there is nothing to be found. Answers are not kept: of a route that is
 * ROUTE_AGAIN the handler makes it again, a page of another is said to have been made. There, one that sets a cookie is not
 * remembered: without the cookie it would be another. */
#ifndef ADEM_HTTP_ONCE_H
#define ADEM_HTTP_ONCE_H
#include "http/http.h"

/* Runs the handler of Q's route in the caller's write transaction, unless its form was handled before. */
MUST_CHECK enum err once_handle(struct ctx *c, struct request *q, struct response *r);
/* Notes for a day, by a keyed hash in c->region, that what TEXT names has ended; and whether that was noted. KIND: a short
 * constant. For what a browser keeps by itself and may have been copied from there. */
MUST_CHECK enum err once_end(struct ctx *c, const char *kind, struct str text);
MUST_CHECK enum err once_ended(struct ctx *c, const char *kind, struct str text, bool *ended);
/* Daily: forms handled more than a day ago are forgotten. */
enum err once_forget_job(struct ctx *c, int64_t unused);
#endif
