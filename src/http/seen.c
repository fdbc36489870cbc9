#include "http/seen.h"

int64_t seen_before(struct seen *s, int64_t id, int64_t now_ms)
{
	assert(id > 0 && now_ms > 0);
	struct seen_one *place = s->of[(uint64_t)id % SEEN_PLACES], *oldest = place;
	for (size_t i = 0; i < SEEN_WAYS; i++) {
		if (place[i].id == id)
			return place[i].first_ms;
		if (place[i].id < oldest->id)
			oldest = &place[i];
	}
	*oldest = (struct seen_one){ id, now_ms };
	return 0;
}
