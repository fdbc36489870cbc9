/* waiting.h - a form that waits in the browser between two pages, so that the second has an address of its own:
 * Back, Forward and a reload find it again. What was typed lies in a ticket (vault/ticket.h), a cookie that goes to that
 * one address; the server stores nothing. The address ends with a random tag, which says nothing. A text that no cookie
 * has room for, also packed, cannot wait: the page is then the answer to the form itself. */
#ifndef ADEM_HTTP_WAITING_H
#define ADEM_HTTP_WAITING_H
#include "http/form.h"

enum { WAITING_TAG_BYTES = 16 };

/* The fields of the form, of which each has a name, and its key. */
struct waiting {
	struct form_state state;
	struct str form_key;
	bool over; /* it waited for longer than it is open: what is in it is for no page any more */
};
/* Where it waits: with which cookie, at which address, bound to what (the address at least), and how long it is open. The
 * browser keeps it so long or longer, so that it can be said what became of it. */
struct waiting_place {
	const char *cookie;
	struct str path, bound;
	int64_t open_ms, kept_ms;
};

/* WANTED where that is a tag, else a new one. */
void waiting_tag(struct str wanted, char tag[WAITING_TAG_BYTES + 1]);
MUST_CHECK bool waiting_is_tag(struct str tag);
/* Gives the ticket. False: there is no room for it. */
MUST_CHECK bool waiting_keep(
	struct ctx *c, struct response *r, const struct waiting_place *at, const struct waiting *w);
/* False: nothing waits there any more. */
MUST_CHECK bool waiting_find(struct ctx *c, const struct request *q, const struct waiting_place *at, struct waiting *w);
/* Takes the ticket away. */
void waiting_end(struct ctx *c, struct response *r, const struct waiting_place *at);
#endif
