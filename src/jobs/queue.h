/* queue.h - work to be done at a time, by whichever worker is free. A job is a row: it is written in the transaction
 * that causes it, so it exists exactly when that has happened, and it is done in a transaction of its own, so a crash
 * costs one lease and nothing else. */
#ifndef ADEM_JOBS_QUEUE_H
#define ADEM_JOBS_QUEUE_H
#include "db/db.h"

/* A kind of job. RUN is called in a write transaction with c->region, c->now_ms and the subject that jobs_add() was
 * given; what it writes and the mark that the job is done are committed together. It may be called again for the same
 * subject and must then find that there is nothing left to do. ERR_NOT_FOUND and everything else that is not OK is a
 * failure: rolled back, logged, tried again later. */
struct job_kind {
	const char *name; /* at most 40 bytes */
	enum err (*run)(struct ctx *c, int64_t subject_id);
};

/* Adds a job to the region of C, in its write transaction: due when RUN_AFTER_MS has passed. */
MUST_CHECK enum err jobs_add(struct ctx *c, const char *kind, int64_t subject_id, int64_t run_after_ms);
#endif
