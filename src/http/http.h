/* http.h - a request, a response, a route. The router (router.h) checks everything a route declares before its handler
 * runs: limits, session, role, rate, origin, form; and it owns the transaction: a GET cannot write, a POST commits exactly
 * when its handler returns OK. Handlers have no effect but on the database, so the router may run one again. */
#ifndef ADEM_HTTP_HTTP_H
#define ADEM_HTTP_HTTP_H
#include "base/err.h"
#include "http/guess.h"
#include "web/html.h"
#include "web/url.h"

enum method { GET, POST };

enum {
	PARAMS_MAX = 4,
	COOKIES_SET_MAX = 6,
	HEADERS_MAX = 4,
	BODY_BYTES_MAX = 256 * 1024,
	PAGE_BYTES_MAX = 4 << 20,
	AFTERS_MAX = 64,
};

struct form_state;

/* What was asked. All text is valid UTF-8 and lives as long as the request. */
struct request {
	enum method method;
	bool head;                     /* HEAD: answered like GET, without a body */
	struct str path, query;        /* decoded path; raw query */
	struct str params[PARAMS_MAX]; /* the ':' pieces of the route's path */
	struct str body, body_type;
	struct str cookies, languages, origin, fetch_site, fetch_user, referer, host, accept, encodings, last_event,
		if_none_match;
	struct str forwarded; /* X-Forwarded-For; only a trusted proxy's counts */
	struct address peer;  /* the connection's other end */
	bool wants_json;
	bool too_large;      /* the body was cut off */
	int64_t waited_ms;   /* since it came; 0 while it has work of the hasher's behind it */
	struct str form_key; /* of the form, taken out of its fields (once.h); empty: it has none */
	struct str
		show; /* not to be handled, but shown again: what the button said (show.h); empty: it is to be handled */
	const struct route *typed; /* … and of which form the values in STATE are; NULL: of the route's own */
	struct str typed_path;     /* … to which address that form goes */
	bool carried;              /* it came inside another form, which was checked (form_carry_on()) */
	struct str own;            /* … and what stands for the session that it was begun in */
	bool again;         /* this form was handled before: the handler changes nothing and answers as it did then */
	bool counted;       /* against its rate */
	bool guessed;       /* it was counted as a guess, which is taken back when it was right */
	struct guess guess; /* as it was counted */
	int guess_degree;   /* ROUTE_GUESS: what the next guess costs (guess.h); 0: nothing */
	bool crowd_known;   /* … was looked at already */
	int crowd;          /* how busy the network is that it comes from (crowd.h); 0: calm */
	const void *form;   /* the typed struct that the route's form declares; NULL without one */
	struct form_state *state; /* raw values and errors, for showing the form again (form.h) */
	const struct route *route;
};

struct header {
	const char *name;
	struct str value;
};

/* What a request without identity is counted against besides the rates of all, once it is to be done. */
struct spending {
	uint64_t subject;   /* what it is about, such as a place: that has a rate of its own; 0: nothing */
	struct guess guess; /* ROUTE_GUESS: what is guessed at, and what was done for it */
	bool waited;        /* nobody worked for it: counts against the small rate of those who wait instead */
};

/* What is answered. Handlers fill the body; status 0 becomes 200. */
struct response {
	int status;
	struct html body;
	const char *type;                       /* NULL: text/html; charset=utf-8 */
	struct str location;                    /* with status 303 */
	struct header cookies[COOKIES_SET_MAX]; /* name and whole value with attributes */
	size_t cookies_count;
	struct header headers[HEADERS_MAX];
	size_t headers_count;
	bool keep;                  /* may be kept by the browser for a minute: the same for all visitors */
	bool plain;                 /* never compress: holds a secret beside what somebody may inject */
	struct buf *json;           /* instead of the body; see response_json() */
	const struct asset *asset;  /* a static file instead of the body */
	struct live_stream *stream; /* stays open (live.h) */
	struct carried {
		struct str path, own;
		struct form_state *state;
	} carried; /* a form that is to be handled next, as whoever is signed in then (form_carry_on()) */
	struct spending spending; /* filled by the first handler of a form (form.h) */
	bool right;               /* ROUTE_GUESS: refused, but not for a wrong guess */
};

typedef enum err (*handler_fn)(struct ctx *c, const struct request *q, struct response *r);

/* Who may call a route: anyone, whoever is signed in, or any of these role bits. */
#define ROUTE_ANYONE    0U
#define ROUTE_SIGNED_IN (1U << 31)

enum route_flags {
	ROUTE_READS = 1,   /* a POST that only reads (a secret in the body must not stand in an address) */
	ROUTE_NO_DB = 2,   /* needs no transaction */
	ROUTE_RATED = 4,   /* counts against the rate of reports without identity */
	ROUTE_GUESS = 16,  /* a secret may be guessed here: answers of 400 to 499 are wrong guesses (guess.h) */
	ROUTE_OPEN = 8,    /* a POST that needs no session: nobody is signed in, or a machine sends it */
	ROUTE_NOBODY = 32, /* whoever is signed in is nobody here: no session is looked for */
	ROUTE_CROWD = 64,  /* hands out what costs more where many ask: counts how busy the sender's network is */
	ROUTE_FRESH = 256, /* a POST that asks for the password again where it was typed more than ten minutes ago */
	ROUTE_SPARING =
		512, /* one account does it acts_per_hour times at most: what takes away from others or floods them */
	ROUTE_AGAIN = 128, /* its handler makes its page again for a form that came before (q->again) */
};

/* Everything the server must know of an address before a handler runs. */
struct route {
	enum method method;
	const char *path; /* "/cases/:id/notes" */
	handler_fn handler;
	unsigned who;
	unsigned flags;
	const struct form *form; /* NULL: none */
};

/* Fills *Q from the first line: METHOD is GET, HEAD or POST, TARGET the path and query as they came, which Q borrows. False: the
 * path has a broken escape, a NUL, or is not UTF-8. */
MUST_CHECK bool request_parse(struct arena *mem, const char *method, struct str target, struct request *q);
/* Stores a header that Q has a place for; others, and values that are not UTF-8, are passed over. Q borrows VALUE. */
void request_header(struct request *q, struct str name, struct str value);
/* The language that a visitor's browser asks for; Indonesian where it asks for none that there is. */
enum lang request_lang(const struct request *q);
/* Makes R as it was before its handler began, the body's memory kept. */
void response_reset(struct response *r);

/* 303 to a path on this site. */
enum err redirect(struct ctx *c, struct response *r, struct str path);
/* Answers with JSON: OUT is a buffer in the arena, kept until the answer is sent; write it with base/json.h. */
struct buf *response_json(struct ctx *c, struct response *r, int status);
/* Adds a header; NAME is a constant, VALUE lives in c->mem. */
void response_header(struct response *r, const char *name, struct str value);
/* Sets a cookie for this site: HttpOnly, SameSite=Lax, Path=/. With http_secure_cookies also Secure, and its name begins with
 * "__Host-", here and in request_cookie() only. MAX_AGE_S 0 deletes it. */
void response_cookie(struct ctx *c, struct response *r, const char *name, struct str value, int64_t max_age_s);
/* Sets one that goes only to addresses from PATH on, and only from this site's own pages: HttpOnly, SameSite=Strict. With
 * http_secure_cookies also Secure, and its name begins with "__Secure-". */
void response_cookie_at(
	struct ctx *c, struct response *r, const char *name, struct str value, struct str path, int64_t max_age_s);
/* A cookie's value, or empty. */
struct str request_cookie(const struct request *q, const char *name);
/* The same, and it also goes along when a link on another site, or Back to a page that one led to, asks for such an address:
 * SameSite=Lax. */
void response_cookie_from(
	struct ctx *c, struct response *r, const char *name, struct str value, struct str path, int64_t max_age_s);
/* That of response_cookie_at() or response_cookie_from(). */
struct str request_cookie_at(const struct request *q, const char *name);
/* The whole id in a ':' piece; ERR_NOT_FOUND when it is none. */
MUST_CHECK enum err request_id(struct ctx *c, const struct request *q, size_t param, int64_t *id);
/* A value of the query, percent-decoded into c->mem; false when it is absent or malformed, *VALUE then is left alone. */
bool request_query(struct ctx *c, const struct request *q, const char *name, struct str *value);
/* Has FN(C, ARG) run in a write transaction after the handler and before the answer is sent, with what a reading route has to
 * write down (an audit row). If it fails, so does the request. In a write transaction it runs at once. */
MUST_CHECK enum err request_after(struct ctx *c, enum err (*fn)(struct ctx *c, void *arg), void *arg);
/* The argument of FN, where it was given to request_after() in this request and has not run yet; NULL otherwise. */
void *request_after_given(struct ctx *c, enum err (*fn)(struct ctx *c, void *arg));
#endif
