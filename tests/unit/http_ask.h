/* http_ask.h - requests to the router of the little product, without sockets. */
#ifndef ADEM_TESTS_ASK_H
#define ADEM_TESTS_ASK_H
#include "http_little.h"
#include "../whole/testdb.h"

/* A request and its answer. */
struct asked {
	struct response r;
	bool notified;
	char *text; /* the body, NUL at the end, in the arena */
};

extern struct router router;
extern struct vault *vault;
extern int64_t later_ms;  /* on the clock of requests */
extern int64_t waited_ms; /* how long they had to wait */
extern const char *peer;  /* where requests come from; NULL: from nowhere */

/* Once, before the tests. False: there is no room for a pepper. */
bool ask_begin(void);
/* HEADERS: "Name: value" lines. The answer's memory lives until the next call. */
struct asked *ask(struct testdb *t, const char *method, const char *target, const char *headers, const char *body);
struct asked *get(struct testdb *t, const char *target);
/* Events: what the little product's handlers write. */
int rows(struct testdb *t);
void assert_says(const struct asked *a, int status, const char *piece);
/* The database of STATE, with a router of its own. */
struct testdb *fresh(void **state);
#endif
