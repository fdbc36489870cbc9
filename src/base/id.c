#include "base/id.h"
#include <sys/random.h>

enum { TIME_BITS = 42, RANDOM_BITS = 21, BLURRED_BITS = 16 };

static const int64_t EPOCH_MS = INT64_C(1577836800000); /* 2020-01-01 */

void random_bytes(void *p, size_t n)
{
	unsigned char *at = p;
	while (n > 0) {
		ssize_t got = getrandom(at, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			abort();
		at += got;
		n -= (size_t)got;
	}
}

bool id_reaches(int64_t now_ms)
{
	return now_ms < EPOCH_MS + (INT64_C(1) << TIME_BITS);
}

int64_t id_floor(int64_t now_ms)
{
	int64_t since = !id_reaches(now_ms) ? (INT64_C(1) << TIME_BITS) - 1 : now_ms > EPOCH_MS ? now_ms - EPOCH_MS : 0;
	return since << RANDOM_BITS;
}

/* Within one process ids made in the same millisecond go up in the order of making, so that rows written together also sort
 * together: the next is a small random step behind the last. */
int64_t id_new(int64_t now_ms)
{
	static int64_t last;
	uint32_t r;
	random_bytes(&r, sizeof r);
	int64_t floor = id_floor(now_ms), id = floor | (int64_t)(r & ((UINT32_C(1) << (RANDOM_BITS - 1)) - 1));
	if (last >= floor && last - floor < INT64_C(1) << RANDOM_BITS)
		id = last + 1 + (int64_t)(r & 0xFF);
	last = id;
	return id ? id : 1;
}

int64_t id_new_blurred(int64_t now_ms)
{
	static int64_t last, last_ms;
	static const int64_t mask = (INT64_C(1) << (RANDOM_BITS + BLURRED_BITS)) - 1;
	uint64_t r;
	random_bytes(&r, sizeof r);
	if (last && last_ms == now_ms)
		last += 1 + (int64_t)(r & 0xFF);
	else
		last = (id_floor(now_ms) & ~mask) | ((int64_t)(r >> 1) & mask);
	last_ms = now_ms;
	return last ? last : 1;
}

int64_t id_made_ms(int64_t id)
{
	assert(id >= 0);
	return (id >> RANDOM_BITS) + EPOCH_MS;
}

struct str id_list(struct arena *mem, const int64_t *ids, size_t count)
{
	enum { DIGITS_MAX = 22 }; /* of an id, with a comma before it and the end */
	char *text = arena_alloc(mem, count * DIGITS_MAX + 1, 1);
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		n += (size_t)snprintf(text + n, DIGITS_MAX, "%s%" PRId64, i ? "," : "", ids[i]);
	return (struct str){ text, n };
}

bool id_among(const int64_t *ids, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}
