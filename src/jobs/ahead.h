/* ahead.h - within src/jobs: what a clock that was wrong has put off. A time server that is mistaken for a minute, a machine that
 * starts with an empty clock battery: rows that were written meanwhile lie in the future when the clock is right again, and
 * nothing would ring until then. */
#ifndef ADEM_JOBS_AHEAD_H
#define ADEM_JOBS_AHEAD_H
#include "jobs/queue.h"

/* The moment after which no worker on a right clock has made a job, and that after which none holds a lease or tries again. */
int64_t job_made_before_ms(int64_t now_ms);
int64_t job_tried_before_ms(int64_t now_ms, const struct job_kind *kinds, size_t kinds_count);
/* Brings the open jobs of c->region that lie beyond these moments back: each is due when it would have been, had it been made
 * now; one that is being tried is due at once. Their kinds are told (moved_back). In a write transaction. *COUNT: how many. */
MUST_CHECK enum err jobs_bring_back(
	struct ctx *c, const struct job_kind *kinds, size_t kinds_count, int64_t *by_ms, size_t *count);
#endif
