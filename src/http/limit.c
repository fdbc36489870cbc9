#include "http/limit.h"
#include <sys/mman.h>

struct limits *limits_new(void)
{
	void *p = mmap(NULL, sizeof(struct limits), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

bool limit_take(struct limit *l, int64_t now_ms, int64_t per_minute, int64_t burst, int64_t *wait_s)
{
	assert(per_minute > 0 && burst > 0);
	int64_t step_us = INT64_C(60000000) / per_minute, now_us = now_ms * 1000;
	int64_t due = __atomic_load_n(&l->due_us, __ATOMIC_RELAXED);
	for (;;) {
		int64_t base = due > now_us ? due : now_us;
		if (base - now_us > (burst - 1) * step_us) {
			*wait_s = (base - now_us - (burst - 1) * step_us) / 1000000 + 1;
			return false;
		}
		if (__atomic_compare_exchange_n(
			    &l->due_us, &due, base + step_us, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return true;
	}
}
