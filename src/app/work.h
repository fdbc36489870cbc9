/* work.h - the loop of a process that does the jobs. */
#ifndef ADEM_APP_WORK_H
#define ADEM_APP_WORK_H
#include "jobs/worker.h"

struct work {
	int wake_fd;                 /* readable when siblings call; -1: there are none */
	void (*wake_siblings)(void); /* NULL: there are none */
	int64_t reserve_bytes;       /* see db_keep_reserve() */
	int64_t *alive_until_ms;     /* see jobs_worker_new() */
	struct jobs_state *state;    /* see jobs_worker_keeps() */
};

/* Does the jobs of the table "tasks" on the database of C until supervisor_stop is set. The connection listens already. False,
 * after a line in the log: somebody has brought the database to a step that this program does not know. It must not go on. */
MUST_CHECK bool work_run(struct ctx *c, const struct work *w);
#endif
