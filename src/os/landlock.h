/* landlock.h - within src/os: which files a process may still open. */
#ifndef ADEM_OS_LANDLOCK_H
#define ADEM_OS_LANDLOCK_H
#include "base/base.h"

/* From here on only what lies below DIRS (DIRS_COUNT, NULL ends them early) can be read, written, made and removed, and FILES
 * (the same) read; what is missing among the FILES is passed over. False: this kernel cannot, or a directory is missing. Needs
 * no_new_privs. */
MUST_CHECK bool landlock_confine(
	const char *const *dirs, size_t dirs_count, const char *const *files, size_t files_count);
#endif
