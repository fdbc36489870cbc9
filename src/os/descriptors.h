/* descriptors.h - what a process inherits from its parent. */
#ifndef ADEM_OS_DESCRIPTORS_H
#define ADEM_OS_DESCRIPTORS_H
#include "base/base.h"

enum { DESCRIPTORS_MAX = 256 };

/* Closes every descriptor above standard error but FDS (COUNT, at most DESCRIPTORS_MAX): a child begins with this, so that
 * what its siblings share is not open in it. Negative ones are passed over. */
void descriptors_keep(const int *fds, size_t count);
#endif
