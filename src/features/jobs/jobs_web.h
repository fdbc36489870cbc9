/* jobs_web.h - what the program could not do by itself, for whoever runs the system. The queue is in src/jobs. */
#ifndef ADEM_JOBS_WEB_H
#define ADEM_JOBS_WEB_H
#include "http/http.h"
#include "jobs/worker.h"

/* GET /jobs: jobs that failed, the newest first; those that are given up can be tried again. */
enum err jobs_index_page(struct ctx *c, const struct request *q, struct response *r);
/* POST /jobs/:id/retry */
enum err jobs_retry(struct ctx *c, const struct request *q, struct response *r);
/* Memory that the processes of this host share; each NULL: there is none. */
struct jobs_shared {
	struct jobs_state *state;      /* what its job worker knows */
	const int64_t *alive_until_ms; /* see jobs_worker_new() */
	bool *pepper_away;             /* written by who watches over the file of the pepper */
	/* This process's own: when a write was tried last (monotonic clock; 0: never), and whether it was taken. */
	int64_t wrote_ms;
	bool writes;
};
extern struct jobs_shared jobs_shared;

/* GET /readyz, for whoever watches the program from outside: 200 when the database takes a write and no job has waited for
 * more than a minute, 503 otherwise (also without a region, where nobody can report), and the numbers. Anybody may ask as often
 * as they like, so nothing is asked of each region here: the job worker of this host knows, and when that is silent, or has
 * not looked yet, the program is not ready. A region that does not answer is counted; only when none does is the program not
 * ready. It also says what is wrong and stops nothing yet: a disk that is nearly full, where reports that can wait are refused,
 * and a pepper without which there is no next start. Whether a write is taken holds for five seconds. Needs no transaction of
 * the router's (ROUTE_NO_DB). */
enum err jobs_ready_page(struct ctx *c, const struct request *q, struct response *r);
#endif
