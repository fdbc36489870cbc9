#include "jobs/ahead.h"
#include "base/clock.h"
#include "jobs/perform.h"

enum { ROWS_MAX = 1000 };

/* Clocks of several hosts differ a little. */
static const int64_t APART_MS = MINUTE_MS;
/* The longest pause before another attempt. */
static const int64_t RETRY_MAX_MS = HOUR_MS;

int64_t job_made_before_ms(int64_t now_ms)
{
	return now_ms + APART_MS;
}

int64_t job_tried_before_ms(int64_t now_ms, const struct job_kind *kinds, size_t kinds_count)
{
	int64_t longest_ms = RETRY_MAX_MS;
	for (size_t i = 0; i < kinds_count; i++)
		if (job_lease_ms(&kinds[i]) > longest_ms)
			longest_ms = job_lease_ms(&kinds[i]);
	return now_ms + longest_ms + APART_MS;
}

static const struct job_kind *kind_named(const struct job_kind *kinds, size_t kinds_count, struct str name)
{
	for (size_t i = 0; i < kinds_count; i++)
		if (str_is(name, kinds[i].name))
			return &kinds[i];
	return NULL;
}

static enum err bring_back(struct ctx *c, const struct job_kind *kind, const struct jobs_ahead_row *job, int64_t by_ms)
{
	int64_t made_ms = job->created_ms - by_ms;
	int64_t due_ms = job->attempt > 0 ? c->now_ms : job->run_after_ms - by_ms;
	TRY(jobs_move(c, job->id, due_ms, made_ms));
	return kind && kind->moved_back && by_ms > 0 ? kind->moved_back(c, job->subject_id, job->run_after_ms, by_ms)
						     : OK;
}

enum err jobs_bring_back(struct ctx *c, const struct job_kind *kinds, size_t kinds_count, int64_t *by_ms, size_t *count)
{
	struct jobs_ahead_row *rows;
	int64_t made_ms = job_made_before_ms(c->now_ms), tried_ms = job_tried_before_ms(c->now_ms, kinds, kinds_count);
	*by_ms = 0;
	TRY(jobs_ahead(c, made_ms, tried_ms, ROWS_MAX, &rows, count));
	for (size_t i = 0; i < *count; i++) {
		int64_t by = rows[i].created_ms > made_ms ? rows[i].created_ms - c->now_ms : 0;
		TRY(bring_back(c, kind_named(kinds, kinds_count, rows[i].kind), &rows[i], by));
		*by_ms = by > *by_ms ? by : *by_ms;
	}
	return *count > 0 ? db_notify(c) : OK;
}
