/* worker.h - the queues of all regions, seen by one worker. Each region is asked by itself, when somebody has called about it,
 * when it has just done something, and now and then in case a call was lost; between these the worker remembers what is due
 * where. So nothing that it asks needs more than one node of a distributed database, and a node that is away keeps back its own
 * regions only: they are left out for 1, 2, 4 … 60 seconds, and cost the others at most one time-out in each turn. */
#ifndef ADEM_JOBS_WORKER_H
#define ADEM_JOBS_WORKER_H
#include "jobs/queue.h"

struct jobs_worker;

/* For KINDS, at most JOBS_KINDS_MAX, which must outlive it. Before each step *ALIVE_UNTIL_MS (shared memory, or NULL) is set to
 * the moment of the monotonic clock at which whoever watches may hold this worker to hang. */
struct jobs_worker *jobs_worker_new(const struct job_kind *kinds, size_t kinds_count, int64_t *alive_until_ms);
void jobs_worker_free(struct jobs_worker *w);
/* What a worker knows of all queues, for whoever is asked how things stand: it lies in memory that processes share, and only the
 * worker writes it. Each number is read and written by itself, with __atomic_load_n(). */
struct jobs_state {
	int64_t looked;        /* not 0: the rest says something */
	int64_t next_ms;       /* when the next job is due, or was: nobody has begun it yet; INT64_MAX: there is none */
	int64_t regions, away; /* how many there are, and how many do not answer */
	int64_t answers;       /* which of them does, counted from 0 in the order of their names; -1: none */
};
/* From here on W keeps TO, which outlives it, as things are before each job and when it has nothing more to do. */
void jobs_worker_keeps(struct jobs_worker *w, struct jobs_state *to);
/* Somebody has called: the regions that DB was told of are asked; with DB NULL all are. */
void jobs_worker_called(struct jobs_worker *w, struct db *db);
/* Does up to MAX jobs that are due, in turn for all regions, the urgent ones first, and makes the rounds of periodic kinds. Reads
 * the clock; C gives database and memory, and keeps its region and time. An error means that no region's queue could be
 * read or written; a region that is away, and a job that fails, are said in the log. */
MUST_CHECK enum err jobs_work(struct ctx *c, struct jobs_worker *w, size_t max, size_t *done_count);
/* How long the worker may sleep unless it is called, 0 to JOBS_POLL_MS; it is then held to be alive. */
int64_t jobs_worker_wait_ms(struct jobs_worker *w);
#endif
