/* err.h - what every fallible function is handed first, and how it fails.
 *
 * An error is a code and a reason, born together in FAIL(): nobody returns a bare code, nobody rewrites a lower
 * error. The reason is for the log and must hold nothing personal. What a visitor is to read is made with REFUSE():
 * its text is English, the key of the translated message, and is looked up when the page is made. */
#ifndef ADEM_BASE_ERR_H
#define ADEM_BASE_ERR_H
#include "base/arena.h"

enum err {
	OK = 0,
	ERR_INPUT,     /* what was sent makes no sense: 422, or 400 where it is not even a form */
	ERR_NOT_FOUND, /* 404 */
	ERR_DENIED,    /* signed in, but may not: 403 */
	ERR_SIGN_IN,   /* nobody is signed in: to the sign-in page, or 401 */
	ERR_CONFLICT,  /* somebody else was faster, or the state does not allow it: 409 */
	ERR_LIMIT,     /* too large: 413 */
	ERR_RATE,      /* too many: 429 */
	ERR_BUSY,      /* not now, try again: 503; the router may repeat the transaction first */
	ERR_SETUP,     /* whoever runs this has to do something first: 503, and trying again does not help */
	ERR_DB,        /* 500 */
	ERR_IO,        /* 500 */
	ERR_WAIT,      /* not an error: the handler will be run again when slow work asked for is done */
	ERR_COUNT
};

enum lang { LANG_ID, LANG_EN, LANG_COUNT };

/* The zone of a region, by which its people read and write times. */
struct zone {
	struct str region; /* whose it is; empty: not known */
	struct str name;   /* WIB, WITA, WIT */
	int64_t minutes;   /* from UTC */
};

/* Who asks, with what memory, in which database, about which region, at what time. One a request or job. */
struct ctx {
	struct arena *mem;
	struct db *db;
	struct vault *vault; /* the pepper's keys (vault/vault.h) */
	int64_t now_ms;      /* UTC */
	struct str region;   /* code of the city or regency this is about, such as "31.71"; empty: none yet */
	struct zone zone;    /* of that region: set together with it (places_enter()) */
	bool demo;           /* so is this: everybody there is invented */
	enum lang lang;
	int64_t account_id;      /* who is signed in; 0: nobody */
	unsigned roles;          /* bits of all roles the account holds at any post */
	struct session *session; /* keys and posts of the account (http/session.h); NULL: nobody */
	struct slow *slow;       /* results of slow work done for this request (http/slow.h); NULL in jobs */
	struct afters *afters;   /* what a reading request writes down at its end (http/http.h); NULL: at once */
	struct {
		enum err code;
		struct str why;  /* for the log */
		const char *say; /* for the visitor: key of a message, NULL: the general one for the code */
		const char *file;
		int line;
	} err;
};

/* The only ways to make an error. FAIL: for the log. REFUSE: SAY is a literal that the visitor reads, translated. */
#define FAIL(c, code, ...)   (err_set((c), (code), NULL, __FILE__, __LINE__, __VA_ARGS__), (enum err)(code))
#define REFUSE(c, code, say) (err_set((c), (code), "" say, __FILE__, __LINE__, "%s", "" say), (enum err)(code))
/* Passes an error up. */
#define TRY(call)                                                                                                      \
	do {                                                                                                           \
		enum err try_ = (call);                                                                                \
		if (try_ != OK)                                                                                        \
			return try_;                                                                                   \
	} while (0)

/* Stores the error in C. Use the macros: their value is the code. */
void err_set(struct ctx *c, enum err code, const char *say, const char *file, int line, const char *fmt, ...)
	PRINTF(6, 7);
/* The HTTP status of an error. */
int err_http_status(enum err e);
/* A stable word for machines: "input", "not_found", … */
const char *err_code(enum err e);
#endif
