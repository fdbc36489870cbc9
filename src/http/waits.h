/* waits.h - within src/http: requests that sleep until a hasher process has answered. */
#ifndef ADEM_HTTP_WAITS_H
#define ADEM_HTTP_WAITS_H
#include "http/exchange.h"

struct waits {
	int fd; /* to the hasher; -1: none */
	struct exchange *first;
	size_t count, max;
	uint64_t numbers;
	bool ending; /* nobody new is sent to sleep */
};

/* Sends the last piece of X's work to the hasher and suspends the connection. False: the hasher cannot take more, and the piece
 * is marked as failed. */
MUST_CHECK bool waits_add(struct waits *w, struct exchange *x, int64_t now_ms);
/* Wakes those whose answer is there. */
void waits_take(struct waits *w);
/* Wakes those that waited for too long, as if their hasher had failed: it may have died with their work. */
void waits_expire(struct waits *w, int64_t now_ms);
/* Forgets X, if it is among them. */
void waits_remove(struct waits *w, struct exchange *x);
#endif
