#include "jobs/queue.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/utf8.h"

enum { REGIONS_MAX = 1000, FAILED_MAX = 300, ARENA_FIRST = 1 << 16 };

static const int64_t LEASE_MS = MINUTE_MS;
static const int64_t KEPT_MS = 7 * DAY_MS;

enum err jobs_add(struct ctx *c, const char *kind, int64_t subject_id, int64_t run_after_ms)
{
	TRY(jobs_insert(c, id_new(c->now_ms), str_of(kind), subject_id, run_after_ms));
	return db_notify(c);
}

static int64_t retry_ms(int64_t attempt)
{
	int64_t wait = SECOND_MS;
	for (int64_t i = 1; i < attempt && wait < HOUR_MS; i++)
		wait *= 4;
	return wait < HOUR_MS ? wait : HOUR_MS;
}

/* When the round after MS begins. */
static int64_t next_round_ms(const struct job_kind *k, int64_t ms)
{
	int64_t every_ms = k->every_s * SECOND_MS;
	return (ms / every_ms + 1) * every_ms;
}

/* The same number for the same round of the same kind (FNV-1a), so that it is made once. */
static int64_t round_id(const struct job_kind *k, int64_t at_ms)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (const char *p = k->name; *p; p++)
		h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
	for (int i = 0; i < 8; i++)
		h = (h ^ ((uint64_t)at_ms >> 8 * i & 0xFF)) * UINT64_C(1099511628211);
	return (int64_t)(h >> 1) | 1;
}

static enum err add_round(struct ctx *c, const struct job_kind *k)
{
	int64_t at_ms = next_round_ms(k, c->now_ms);
	return jobs_insert_round(c, round_id(k, at_ms), str_of(k->name), at_ms);
}

/* A job that was taken, and what became of it. */
struct taken {
	const struct job_kind *kinds;
	size_t kinds_count;
	struct jobs_take_row job;
	bool found;
	struct str failed;
};

static const struct job_kind *kind_of(const struct taken *t)
{
	for (size_t i = 0; i < t->kinds_count; i++)
		if (str_is(t->job.kind, t->kinds[i].name))
			return &t->kinds[i];
	return NULL;
}

static enum err take(struct ctx *c, void *arg)
{
	struct taken *t = arg;
	return jobs_take(c, JOBS_ATTEMPTS_MAX, c->now_ms + LEASE_MS, &t->job, &t->found);
}

static enum err perform(struct ctx *c, void *arg)
{
	struct taken *t = arg;
	const struct job_kind *k = kind_of(t);
	struct jobs_done_row row;
	bool ours = false;
	if (!k)
		return FAIL(c, ERR_NOT_FOUND, "there is no such kind of job");
	TRY(k->run(c, t->job.subject_id));
	if (k->every_s > 0)
		TRY(add_round(c, k));
	TRY(jobs_done(c, t->job.id, t->job.attempt, &row, &ours));
	return ours ? OK : FAIL(c, ERR_CONFLICT, "the lease ran out and somebody else has the job");
}

static enum err put_off(struct ctx *c, void *arg)
{
	const struct taken *t = arg;
	return jobs_put_off(c, t->job.id, t->job.attempt, c->now_ms + retry_ms(t->job.attempt), t->failed);
}

/* Takes one job of c->region and does it. *FOUND: there was one. C is the caller's to spoil. */
static enum err run_one(struct ctx *c, const struct job_kind *kinds, size_t kinds_count, bool *found)
{
	struct taken t = { .kinds = kinds, .kinds_count = kinds_count };
	c->now_ms = clock_now_ms();
	TRY(db_within(c, true, take, &t));
	*found = t.found;
	if (!t.found || db_within(c, true, perform, &t) == OK)
		return OK;
	log_warn("job_failed", "kind=%.*s attempt=%" PRId64 " code=%s at=%s:%d why=%.*s", STR_ARG(t.job.kind),
		t.job.attempt, err_code(c->err.code), c->err.file, c->err.line, STR_ARG(c->err.why));
	t.failed = utf8_valid(c->err.why) ? utf8_cut(c->err.why, FAILED_MAX) : str_of(err_code(c->err.code));
	return db_within(c, true, put_off, &t);
}

struct regions {
	struct jobs_due_regions_row *rows;
	size_t count;
};

static enum err due_regions(struct ctx *c, void *arg)
{
	struct regions *to = arg;
	return jobs_due_regions(c, JOBS_ATTEMPTS_MAX, REGIONS_MAX, &to->rows, &to->count);
}

/* One job of each region that has one due; adds to *DONE_COUNT. JOB is reset before each. */
static enum err run_round(struct ctx *c, struct ctx *job, const struct job_kind *kinds, size_t kinds_count, size_t max,
	size_t *done_count)
{
	struct regions regions = { 0 };
	TRY(db_within(c, false, due_regions, &regions));
	for (size_t i = 0; i < regions.count && *done_count < max; i++) {
		bool found = false;
		arena_reset(job->mem);
		*job = (struct ctx){ .mem = job->mem,
			.db = c->db,
			.vault = c->vault,
			.lang = c->lang,
			.region = regions.rows[i].region };
		enum err e = run_one(job, kinds, kinds_count, &found);
		if (e != OK) {
			c->err = job->err;
			c->err.why = arena_str(c->mem, job->err.why);
			return e;
		}
		*done_count += found;
	}
	return OK;
}

enum err jobs_run_due(struct ctx *c, const struct job_kind *kinds, size_t kinds_count, size_t max, size_t *done_count)
{
	struct ctx own = *c; /* its region and time stay the caller's */
	struct ctx job = { .mem = arena_new(ARENA_FIRST) };
	enum err e = OK;
	size_t before;
	*done_count = 0;
	do {
		before = *done_count;
		own.now_ms = clock_now_ms();
		e = run_round(&own, &job, kinds, kinds_count, max, done_count);
	} while (e == OK && *done_count > before && *done_count < max);
	c->err = own.err;
	arena_free(job.mem);
	return e;
}

struct plan {
	const struct job_kind *kind;
	struct jobs_regions_row *rows;
	size_t count;
	bool missing;
};

static enum err read_regions(struct ctx *c, void *arg)
{
	struct plan *p = arg;
	return jobs_regions(c, &p->rows, &p->count);
}

static enum err look_for_round(struct ctx *c, void *arg)
{
	struct plan *p = arg;
	struct jobs_find_row row;
	bool found = false;
	TRY(jobs_find(c, round_id(p->kind, next_round_ms(p->kind, c->now_ms)), &row, &found));
	p->missing = !found;
	return OK;
}

static enum err make_round(struct ctx *c, void *arg)
{
	const struct plan *p = arg;
	return add_round(c, p->kind);
}

static enum err plan_kind(struct ctx *c, struct plan *p)
{
	for (size_t i = 0; i < p->count; i++) {
		c->region = p->rows[i].region;
		TRY(db_within(c, false, look_for_round, p)); /* it mostly is there: no need to write */
		if (p->missing)
			TRY(db_within(c, true, make_round, p));
	}
	return OK;
}

enum err jobs_plan(struct ctx *c, const struct job_kind *kinds, size_t kinds_count)
{
	struct ctx own = *c;
	struct plan p = { 0 };
	own.now_ms = clock_now_ms();
	enum err e = db_within(&own, false, read_regions, &p);
	for (size_t i = 0; i < kinds_count && e == OK; i++) {
		p.kind = &kinds[i];
		if (kinds[i].every_s > 0)
			e = plan_kind(&own, &p);
	}
	c->err = own.err;
	return e;
}

static enum err read_next(struct ctx *c, void *arg)
{
	return jobs_next(c, JOBS_ATTEMPTS_MAX, arg);
}

enum err jobs_wait_ms(struct ctx *c, int64_t *wait_ms)
{
	struct jobs_next_row row;
	*wait_ms = JOBS_POLL_MS;
	TRY(db_within(c, false, read_next, &row));
	int64_t left = row.next_ms.is ? row.next_ms.v - clock_now_ms() : JOBS_POLL_MS;
	if (left < *wait_ms)
		*wait_ms = left > 0 ? left : 0;
	return OK;
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
	(void)subject_id;
	return jobs_forget(c, c->now_ms - KEPT_MS);
}
