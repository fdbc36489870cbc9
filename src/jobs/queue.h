/* queue.h - work to be done at a time, by whichever worker is free. A job is a row: it is written in the transaction
 * that causes it, so it exists exactly when that has happened. A worker leases it, then does it in a transaction of
 * its own together with the mark that it is done: a crash costs one lease and is repeated, and what a job writes
 * happens once.
 *
 * A job that fails is tried again after 1 s, 4 s, 16 s … up to an hour, JOBS_ATTEMPTS_MAX times in all; then it stays
 * where it is, is listed by jobs_failed_rows() (queue_sql.h) and waits for jobs_again(). */
#ifndef ADEM_JOBS_QUEUE_H
#define ADEM_JOBS_QUEUE_H
#include "db/db.h"
#include "queue_sql.h"

enum { JOBS_ATTEMPTS_MAX = 8, JOBS_POLL_MS = 5000 };

/* A kind of job; all kinds stand in one table. RUN is called in a write transaction with c->region, c->now_ms and the
 * subject that jobs_add() was given; nobody is signed in. It may be called again for the same subject, and must then
 * find that there is nothing left to do. Anything but OK is a failure: rolled back, logged, tried again later.
 *
 * With EVERY_S > 0 the program itself makes a job of the kind for each region, at each full multiple of EVERY_S
 * seconds of UTC; the subject is 0. Rounds that were missed are not made up for. */
struct job_kind {
	const char *name; /* at most 40 bytes */
	enum err (*run)(struct ctx *c, int64_t subject_id);
	int64_t every_s;
};

/* Adds a job to the region of C, in its write transaction: due when RUN_AFTER_MS has come. Workers are called (db_notify()). */
MUST_CHECK enum err jobs_add(struct ctx *c, const char *kind, int64_t subject_id, int64_t run_after_ms);
/* Does up to MAX jobs that are due, in turn for all regions, and says how many. Reads the clock; C gives the database
 * and the memory, and keeps its region and time. An error means that the queue itself could not be read or written;
 * a job that fails is not one. */
MUST_CHECK enum err jobs_run_due(
	struct ctx *c, const struct job_kind *kinds, size_t kinds_count, size_t max, size_t *done_count);
/* Makes the next job of each periodic kind where it is missing. To be called when a worker starts and then every
 * minute. */
MUST_CHECK enum err jobs_plan(struct ctx *c, const struct job_kind *kinds, size_t kinds_count);
/* How long a worker may sleep unless it is called, 0 to JOBS_POLL_MS: a call may get lost. */
MUST_CHECK enum err jobs_wait_ms(struct ctx *c, int64_t *wait_ms);
/* Lets a job that has failed for good try again, in a write transaction. ERR_NOT_FOUND: it has not. */
MUST_CHECK enum err jobs_again(struct ctx *c, int64_t id);
/* A kind to be named in the table: forgets jobs that were done more than a week ago. */
MUST_CHECK enum err jobs_sweep(struct ctx *c, int64_t subject_id);
#endif
