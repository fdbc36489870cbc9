/* http_little.h - a product of a few pages, so that src/http can be tested without the real one. Who is signed in is said by the
 * cookie "who": "7:2" is account 7 with the role bit 2. */
#ifndef ADEM_TESTS_LITTLE_H
#define ADEM_TESTS_LITTLE_H
#include "test.h"
#include "http/live.h"
#include "http/router.h"

enum { LITTLE_CHANNEL = 70, LITTLE_KEEPER = 2 };

/* What the little product's handlers were up to. */
struct little {
	int handler_runs; /* of POST /notes */
	int clashes;      /* how many of its next writes meet an id that is taken */
	int64_t taken_id;
	int refusals; /* calls of the hook */
	int uses;     /* calls of the hook */
	bool use_fails;
	int64_t unused_ms; /* for how long nobody used the session before */
	const char *spoke; /* the language that was asked for last */
};
extern struct little little;

extern const struct route little_routes[];
extern const size_t little_routes_count;
extern const struct http_hooks little_hooks;
/* A router over the above, with limits of its own. */
struct router little_router(void);
/* "event: note\ndata: SUBJECT LANG\n\n"; nothing for the kind "secret". */
enum err little_render(struct ctx *c, const struct live_event *e, enum lang lang, struct buf *out);
/* A vault with a pepper of its own; DIR gets the file. */
struct vault *little_vault(const char *dir);
#endif
