/* sandbox.h - what a process may still do after it has opened what it needs: Landlock (files) and seccomp (system calls), as far
 * as the kernel has them. A process that breaks out of its list is killed by the kernel and started again by the supervisor. */
#ifndef ADEM_OS_SANDBOX_H
#define ADEM_OS_SANDBOX_H
#include "base/base.h"

enum sandbox_kind {
	SANDBOX_WEB,    /* reads and writes below the data directory; no new programs; connects only when NETWORK */
	SANDBOX_WORK,   /* the same for the job worker */
	SANDBOX_HASHER, /* computes and answers on sockets it has; opens nothing */
};

struct sandbox {
	enum sandbox_kind kind;
	const char *data_dir; /* NULL: no files at all */
	bool network;         /* may connect out: the database is on a server and may have to be reached again */
};

enum sandbox_result {
	SANDBOX_FULL,   /* files and system calls are confined */
	SANDBOX_PARTLY, /* system calls only: this kernel has no Landlock */
	SANDBOX_NONE,
};

/* Confines the calling process for good. Also: no new privileges, no core dumps, not to be traced. */
enum sandbox_result sandbox_enter(const struct sandbox *what);
#endif
