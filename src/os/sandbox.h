/* sandbox.h - what a process may still do after it has opened what it needs: Landlock (files) and seccomp (system calls), as far
 * as the kernel has them. A process that leaves its list is killed by the kernel (SIGSYS) and started again by the supervisor.
 * Nobody gets new programs, new processes, new privileges, memory that is executable, core dumps or a tracer. */
#ifndef ADEM_OS_SANDBOX_H
#define ADEM_OS_SANDBOX_H
#include "base/base.h"

enum sandbox_kind {
	SANDBOX_WEB,    /* reads and writes below its directories, answers connections */
	SANDBOX_WORK,   /* the same for the job worker */
	SANDBOX_HASHER, /* computes and answers on sockets it has; opens nothing */
};

enum { SANDBOX_DIRS_MAX = 4, SANDBOX_READS_MAX = 8 };

struct sandbox {
	enum sandbox_kind kind;
	/* Where it may read and write, and files that it may read; the rest is NULL. Nothing else can be opened. */
	const char *dirs[SANDBOX_DIRS_MAX], *reads[SANDBOX_READS_MAX];
	/* May connect out, and read what is needed for that below /etc (names, certificates of the system): the database is on a
	 * server and may have to be reached again. */
	bool network;
};

enum sandbox_result {
	SANDBOX_FULL,   /* files and system calls are confined */
	SANDBOX_PARTLY, /* system calls only: this kernel has no Landlock */
	SANDBOX_NONE,
};

/* Confines the calling process for good. Children that it had before are not touched. */
MUST_CHECK enum sandbox_result sandbox_enter(const struct sandbox *what);
#endif
