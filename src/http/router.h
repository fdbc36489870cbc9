/* router.h - from a request to its answer, in the order that is the same for all: route, body, session, role, origin, rate,
 * form, transaction, handler, commit, page. Knows nothing of sockets: the server (server.h) and tests both call it. */
#ifndef ADEM_HTTP_ROUTER_H
#define ADEM_HTTP_ROUTER_H
#include "http/form.h"
#include "http/http.h"
#include "http/limit.h"
#include "http/slow.h"

/* What the platform asks of the product. */
struct http_hooks {
	/* Fills c->region, lang and, from the session's cookie, account_id, roles and session; these last three are
	 * forgotten where the route is ROUTE_NOBODY, so that a hook need not look for them. In a reading transaction. */
	enum err (*identify)(struct ctx *c, const struct request *q);
	/* Makes the page of an error; STATUS is set. No transaction is open, and the database may be the very thing that
	 * failed: what was typed is in form_kept(), so that the page can offer to send it again. E is OK where nothing is wrong:
	 * a form without a page of its own is only shown again (show.h). */
	void (*error_page)(struct ctx *c, const struct request *q, struct response *r, enum err e);
	/* A signed-in person was refused; in a write transaction. */
	enum err (*refused)(struct ctx *c, const struct request *q);
	/* Who is signed in asked for this language; in a write transaction. A visitor's is in the cookie LANG_COOKIE, "en" or
	 * "id", for everybody's next page. */
	enum err (*speaks)(struct ctx *c, enum lang lang);
	/* A person used the session, which was not seen for five minutes; in a write transaction. */
	enum err (*used)(struct ctx *c);
};
#define LANG_COOKIE "lang"

struct router {
	const struct route *routes;
	size_t routes_count;
	struct http_hooks hooks;
	const char *sign_in; /* path of the page where one signs in; it is given ?next=PATH */
	/* Rates of routes that are ROUTE_RATED: of all workers together, and of this one, so that one that is flooded leaves
	 * room to the others. Either may be NULL. With limits also of one subject, and of all that nobody worked for. */
	struct limits *limits;
	struct limit *worker_reports;
	int64_t reports_per_minute, worker_reports_per_minute, subject_reports_per_minute, waited_reports_per_minute;
	struct networks trusted;            /* proxies that say in X-Forwarded-For who sends */
	int64_t acts_per_hour;              /* of one account, at each route that is ROUTE_SPARING */
	int64_t failed_sign_ins_per_minute; /* of routes that are ROUTE_GUESS; more cost work */
};

/* What a reading request writes down at its end. */
struct after {
	enum err (*fn)(struct ctx *c, void *arg);
	void *arg;
};
struct afters {
	struct after all[AFTERS_MAX];
	size_t count;
};

/* What a visitor reads of an error: the message it was made with, or the general one. */
struct str router_message(struct ctx *c, enum err e);
/* Makes R the answer to E for a visitor who wants JSON: code, message, and the fields that do not fit. For handlers whose refusal
 * must not undo what they did. */
void router_refusal_json(struct ctx *c, const struct request *q, struct response *r, enum err e, int status);
/* From the setting secure_cookies. */
extern bool http_secure_cookies;

/* Whether the table makes sense: no address twice or hidden by one above it, every POST that needs no session says so, fields
 * are whole. False, with the reason in c->err, names the first that does not. To be called at the start. */
MUST_CHECK bool router_check(struct ctx *c, const struct router *t);
/* The row for METHOD and PATH, with q->params filled. NULL: *other tells 405 from 404. */
const struct route *router_find(const struct router *t, struct request *q, bool *other);
/* Answers. C has mem, db, vault, now_ms and, for slow work, slow; the rest is filled here. ERR_WAIT: slow work was asked for
 * (c->slow->wanted); call again with the same Q when it is done. Everything else, errors too, becomes an answer in R, of which
 * the caller has made the body. Other processes are to be woken when *notified. */
enum err router_answer(const struct router *t, struct ctx *c, struct request *q, struct response *r, bool *notified);
#endif
