/* wake.h - "look at the events": from one process of a program to its siblings, without a word of content. Made before the
 * children are forked; each waits on its own descriptor. */
#ifndef ADEM_OS_WAKE_H
#define ADEM_OS_WAKE_H
#include "base/base.h"

enum { WAKE_MAX = 80 };

struct wake {
	int fds[WAKE_MAX];
	size_t count;
};

/* COUNT descriptors (eventfd, not blocking); false when the system has none left. */
MUST_CHECK bool wake_new(struct wake *w, size_t count);
/* Wakes all, the caller too. Safe between processes; never blocks. */
void wake_all(const struct wake *w);
#endif
