/* refusal.h - within src/http: what is answered when something went wrong. */
#ifndef ADEM_HTTP_REFUSAL_H
#define ADEM_HTTP_REFUSAL_H
#include "http/router.h"

/* One request on its way through the router. */
struct turn {
	const struct router *t;
	struct ctx *c;
	struct request *q;
	struct response *r;
	bool *notified;  /* others are to be woken */
	int status;      /* of the refusal, where it is another than the error's own; 0 */
	int64_t retry_s; /* when to try again; 0: not said */
	bool stale;      /* its page was made for another session, or long ago */
	bool uses;       /* somebody used a session, which was not seen for a while */
	bool speaks;     /* LANG was asked for */
	enum lang lang;
	bool unsure; /* its commit failed: it may have been done, and only the same form again is safe */
};

/* The steps of the router that others take too. */
void turn_look_at_sender(struct turn *w);
enum err turn_read_body(struct turn *w);
enum err turn_identify(struct turn *w);
enum err turn_check(struct turn *w); /* who, origin, form */
enum err turn_check_origin(struct turn *w);
/* Whether a page of ours sent Q, as far as the browser says: old ones say it in Referer only. A machine says nothing. */
MUST_CHECK bool turn_from_here(const struct request *q);
enum err turn_check_who(struct turn *w);
enum err turn_check_late(struct turn *w);
/* All that can be said without writing: who it is, whether the form fits, and what its first handler says. */
enum err turn_admit(struct turn *w);
/* ONCE, again where the database says that this may help. */
enum err turn_try(struct turn *w, enum err (*once)(struct turn *w));
/* Commits after OK, rolls back otherwise. */
enum err turn_finish(struct turn *w, enum err e);
/* FN in a transaction of its own, beside the answer: where it cannot be written the log says FAILED, and the answer stays. */
void turn_write_beside(struct turn *w, enum err (*fn)(struct turn *w), const char *failed);
/* FIRST (may be NULL) and HANDLER in one reading transaction, then what they want written down in a writing one. R
 * begins anew. */
enum err turn_read(struct turn *w, enum err (*first)(struct turn *w), handler_fn handler);
/* Makes R the answer to E: JSON, the way to the sign-in page, the form with what was typed, or the page of the error. */
void refusal_answer(struct turn *w, enum err e);
#endif
