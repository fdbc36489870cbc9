#include "http/seen.h"

bool seen_before(struct seen *s, int64_t id)
{
	assert(id > 0);
	int64_t *place = s->id[(uint64_t)id % SEEN_PLACES], *oldest = place;
	for (size_t i = 0; i < SEEN_WAYS; i++) {
		if (place[i] == id)
			return true;
		if (place[i] < *oldest)
			oldest = &place[i];
	}
	*oldest = id;
	return false;
}
