/* seen.h - within src/http: which of the latest events were read already, and when first. Events may become visible out of
 * order, so the same stretch is read again and again. Remembers some 130,000 and forgets the oldest of a place when it is
 * full. */
#ifndef ADEM_HTTP_SEEN_H
#define ADEM_HTTP_SEEN_H
#include "base/base.h"

enum { SEEN_PLACES = 16384, SEEN_WAYS = 8 };

struct seen {
	struct seen_one {
		int64_t id, first_ms;
	} of[SEEN_PLACES][SEEN_WAYS];
};

/* When ID was here first; 0 when it was not. From now on it was, at NOW_MS. */
int64_t seen_before(struct seen *s, int64_t id, int64_t now_ms);
#endif
