#include "os/wake.h"
#include <sys/eventfd.h>
#include <unistd.h>

bool wake_new(struct wake *w, size_t count)
{
	assert(count <= WAKE_MAX);
	*w = (struct wake){ .count = count };
	for (size_t i = 0; i < count; i++) {
		w->fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (w->fds[i] < 0)
			return false;
	}
	return true;
}

void wake_all(const struct wake *w)
{
	uint64_t one = 1;
	for (size_t i = 0; i < w->count; i++) {
		ssize_t n = write(w->fds[i], &one, sizeof one);
		(void)n; /* full: it is awake already */
	}
}
