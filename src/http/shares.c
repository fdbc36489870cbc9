#include "http/shares.h"
#include <sys/mman.h>

struct shares {
	size_t count;
	unsigned connections[];
};

struct shares *shares_new(size_t count)
{
	struct shares *s = mmap(NULL, sizeof *s + count * sizeof s->connections[0], PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s == MAP_FAILED)
		return NULL;
	s->count = count;
	return s;
}

void shares_set(struct shares *s, size_t number, unsigned connections)
{
	assert(number < s->count);
	__atomic_store_n(&s->connections[number], connections, __ATOMIC_RELAXED);
}

bool shares_less_elsewhere(const struct shares *s, size_t number, unsigned connections)
{
	for (size_t i = 0; i < s->count; i++)
		if (i != number && __atomic_load_n(&s->connections[i], __ATOMIC_RELAXED) < connections)
			return true;
	return false;
}
