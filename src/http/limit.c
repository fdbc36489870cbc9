#include "http/limit.h"
#include "http/crowd.h"
#include <sys/mman.h>

enum { BURST_S = 5 };

struct limits *limits_new(void)
{
	void *p = mmap(NULL, sizeof(struct limits), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	struct limits *l = p;
	crowd_init(&l->crowd);
	guesses_init(&l->guesses);
	return l;
}

struct limit *limits_subject(struct limits *l, uint64_t subject)
{
	assert(subject != 0);
	return &l->subjects[(subject * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - SUBJECTS_BITS)];
}

static int64_t wait_s(int64_t due_us, int64_t now_us, int64_t step_us, int64_t burst)
{
	int64_t early_us = due_us - now_us - (burst - 1) * step_us;
	return early_us > 0 ? early_us / 1000000 + 1 : 0;
}

int64_t limit_wait_s(const struct limit *l, int64_t now_ms, int64_t per_minute, int64_t burst)
{
	assert(per_minute > 0 && burst > 0);
	int64_t due_us = __atomic_load_n(&l->due_us, __ATOMIC_RELAXED);
	return wait_s(due_us, now_ms * 1000, INT64_C(60000000) / per_minute, burst);
}

bool limit_take(struct limit *l, int64_t now_ms, int64_t per_minute, int64_t burst, int64_t *later_s)
{
	assert(per_minute > 0 && burst > 0);
	int64_t step_us = INT64_C(60000000) / per_minute, now_us = now_ms * 1000;
	int64_t due = __atomic_load_n(&l->due_us, __ATOMIC_RELAXED);
	for (;;) {
		*later_s = wait_s(due, now_us, step_us, burst);
		if (*later_s > 0)
			return false;
		int64_t base = due > now_us ? due : now_us;
		if (__atomic_compare_exchange_n(
			    &l->due_us, &due, base + step_us, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return true;
	}
}

int64_t limit_burst(int64_t per_minute)
{
	return per_minute / 60 * BURST_S + 1;
}

static int64_t room(const struct rate *r, bool calm)
{
	int64_t burst = limit_burst(r->per_minute);
	return calm ? 2 * burst - 1 : burst;
}

bool limits_take(const struct rate *rates, size_t count, bool calm, int64_t now_ms, int64_t *later_s)
{
	int64_t s;
	*later_s = 0;
	for (size_t i = 0; i < count; i++) {
		s = limit_wait_s(rates[i].limit, now_ms, rates[i].per_minute, room(&rates[i], calm));
		*later_s = s > *later_s ? s : *later_s;
	}
	bool all = *later_s == 0;
	for (size_t i = 0; i < count && all; i++)
		all = limit_take(rates[i].limit, now_ms, rates[i].per_minute, room(&rates[i], calm), later_s);
	return all;
}
