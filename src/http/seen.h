/* seen.h - within src/http: which of the latest events were handed out already. Events may become visible out of order, so the
 * same stretch is read again and again. Remembers some 130,000 and forgets the oldest of a place when it is full. */
#ifndef ADEM_HTTP_SEEN_H
#define ADEM_HTTP_SEEN_H
#include "base/base.h"

enum { SEEN_PLACES = 16384, SEEN_WAYS = 8 };

struct seen {
	int64_t id[SEEN_PLACES][SEEN_WAYS];
};

/* Was ID here before? From now on it was. */
bool seen_before(struct seen *s, int64_t id);
#endif
