#include "jobs/queue.h"
#include "base/clock.h"
#include "base/id.h"

static const int64_t KEPT_MS = 7 * DAY_MS;

enum err jobs_add(struct ctx *c, const char *kind, int64_t subject_id, int64_t run_after_ms)
{
	TRY(jobs_insert(c, id_new(c->now_ms), str_of(kind), subject_id, run_after_ms));
	return db_notify(c);
}

enum err jobs_again(struct ctx *c, int64_t id)
{
	struct jobs_restart_row row;
	bool found = false;
	TRY(jobs_restart(c, id, JOBS_ATTEMPTS_MAX, &row, &found));
	return found ? db_notify(c) : FAIL(c, ERR_NOT_FOUND, "no job that has failed for good has this id");
}

enum err jobs_sweep(struct ctx *c, int64_t subject_id)
{
	struct jobs_forgettable_row row;
	bool more;
	(void)subject_id;
	TRY(jobs_forget(c, c->now_ms - KEPT_MS, JOBS_SWEEP_MAX));
	TRY(jobs_forgettable(c, c->now_ms - KEPT_MS, &row, &more));
	return more ? jobs_add(c, "jobs_sweep", 0, c->now_ms) : OK;
}
