#include "os/descriptors.h"
#include <stdlib.h>
#include <unistd.h>

static int by_number(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;
	return (x > y) - (x < y);
}

/* From FIRST up to LAST, both included. */
static void close_between(unsigned first, unsigned last)
{
	if (first > last || close_range(first, last, 0) == 0)
		return;
	long end = sysconf(_SC_OPEN_MAX); /* kernels before 5.9 do it one by one */
	for (unsigned fd = first; fd <= last && (long)fd < end; fd++)
		close((int)fd);
}

void descriptors_keep(const int *fds, size_t count)
{
	int kept[DESCRIPTORS_MAX];
	unsigned next = STDERR_FILENO + 1;
	assert(count <= DESCRIPTORS_MAX);
	for (size_t i = 0; i < count; i++)
		kept[i] = fds[i];
	qsort(kept, count, sizeof kept[0], by_number);
	for (size_t i = 0; i < count; i++) {
		if (kept[i] < (int)next)
			continue;
		close_between(next, (unsigned)kept[i] - 1);
		next = (unsigned)kept[i] + 1;
	}
	close_between(next, ~0U);
}
