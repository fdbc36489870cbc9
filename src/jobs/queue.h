/* queue.h - work to be done at a time, by whichever worker is free. A job is a row: it is written in the transaction
 * that causes it, so it exists exactly when that has happened. A worker leases it, then does it in a transaction of
 * its own together with the mark that it is done: a crash costs one lease and is repeated, and what a job writes
 * happens once. Who has lost the lease meanwhile commits nothing.
 *
 * A job that fails is tried again after 1 s, 4 s, 16 s … up to an hour, JOBS_ATTEMPTS_MAX times in all; then it stays
 * where it is, is listed by jobs_failed_rows() (queue_sql.h) and waits for jobs_again(). One that needs what another
 * transaction holds (db_held()) has not failed: it is tried again a second later, as long as that lasts, and the jobs behind it
 * go on.
 *
 * What reaches beyond the database (an SMS, a push) is an effect: see struct job_effect. */
#ifndef ADEM_JOBS_QUEUE_H
#define ADEM_JOBS_QUEUE_H
#include "db/db.h"
#include "queue_sql.h"

enum { JOBS_ATTEMPTS_MAX = 8, JOBS_POLL_MS = 5000, JOBS_LIMIT_S = 30, JOBS_KINDS_MAX = 48, JOBS_SWEEP_MAX = 1000 };

/* An urgent job of any region comes before the others, housekeeping after them. Forgetting is the housekeeping that deletes
 * for good what is past its time: it is done only by a clock that is to be believed (steady.h), and waits otherwise. */
enum job_priority { JOB_ORDINARY, JOB_URGENT, JOB_HOUSEKEEPING, JOB_FORGETTING };

/* What came of an effect. JOB_NOT_DONE: certainly nothing has happened, it is tried again later. JOB_UNCERTAIN: it may have
 * happened, or the worker died between beginning and saying so; it is never begun again by itself. */
enum job_outcome { JOB_DONE, JOB_NOT_DONE, JOB_UNCERTAIN };

/* An effect outside: claimed in one transaction, done in none, its outcome written in another. No lock is held meanwhile,
 * and it is begun at most once unless it says JOB_NOT_DONE. */
struct job_effect {
	/* In a write transaction: is SUBJECT_ID still to be done? Notes that it begins, and reads what act() needs into
	 * *WORK, memory of c->mem. Without *WANTED the job is done. May be called again for the same subject. */
	enum err (*claim)(struct ctx *c, int64_t subject_id, bool *wanted, void **work);
	/* Outside of any transaction, without a database (c->db is NULL). Must end within the kind's limit. */
	enum job_outcome (*act)(struct ctx *c, void *work);
	/* In a write transaction together with the mark on the job. */
	enum err (*settle)(struct ctx *c, int64_t subject_id, enum job_outcome outcome);
};

/* A kind of job; all kinds stand in one table. RUN is called in a write transaction with c->region, c->now_ms and the
 * subject that jobs_add() was given; nobody is signed in. It may be called again for the same subject, and must then
 * find that there is nothing left to do. Anything but OK is a failure: rolled back, logged, tried again later.
 *
 * With EVERY_S > 0 the program itself makes a job of the kind for each region, once in EVERY_S seconds, at a moment of the
 * region's own, so that not all fall due at once; the subject is 0. Rounds that were missed are not made up for, but urgent ones
 * also come when a worker begins. */
struct job_kind {
	const char *name; /* at most 40 bytes */
	enum err (*run)(struct ctx *c, int64_t subject_id);
	int64_t every_s;
	enum job_priority priority;
	int64_t limit_s;                 /* how long one may take before the worker is held to hang; 0: JOBS_LIMIT_S */
	const struct job_effect *effect; /* instead of RUN */
	/* The clock was ahead by BY_MS when a job of this kind was made for SUBJECT_ID, due at WAS_MS. The job was brought back
	 * by as much; what the subject's own row says of that time follows here, in the same transaction. NULL: nothing. */
	enum err (*moved_back)(struct ctx *c, int64_t subject_id, int64_t was_ms, int64_t by_ms);
};

/* Adds a job to the region of C, in its write transaction: due when RUN_AFTER_MS has come. Workers are called (db_notify()). */
MUST_CHECK enum err jobs_add(struct ctx *c, const char *kind, int64_t subject_id, int64_t run_after_ms);
/* Lets a job that has failed for good try again, in a write transaction. ERR_NOT_FOUND: it has not. */
MUST_CHECK enum err jobs_again(struct ctx *c, int64_t id);
/* The kind "jobs_sweep" of the table: forgets jobs that were done more than a week ago, JOBS_SWEEP_MAX at a time. */
MUST_CHECK enum err jobs_sweep(struct ctx *c, int64_t subject_id);
/* Does up to MAX jobs that are due, in all regions, and says how many: for commands and tests, without rounds. See worker.h
 * for C and for the errors. */
MUST_CHECK enum err jobs_run_due(
	struct ctx *c, const struct job_kind *kinds, size_t kinds_count, size_t max, size_t *done_count);
#endif
