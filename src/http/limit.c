#include "http/limit.h"
#include <sys/mman.h>

struct limits *limits_new(void)
{
	void *p = mmap(NULL, sizeof(struct limits), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NULL : p;
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
