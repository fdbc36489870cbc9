#include "jobs/perform.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "jobs/steady.h"

enum { FAILED_MAX = 300 };

/* An effect's lease is longer than it may take: nobody begins again what may be going on. What only writes may be begun
 * twice, since one of both commits nothing; so a worker that dies with an alert holds it back for seconds only. */
static const int64_t EFFECT_SLACK_MS = 30 * SECOND_MS;
static const int64_t URGENT_LEASE_MS = 5 * SECOND_MS;
/* What another transaction holds is free in a moment, or when that transaction is ended (postgres_link.c). */
static const int64_t HELD_MS = SECOND_MS;

int64_t job_limit_ms(const struct job_kind *kind)
{
	return (kind && kind->limit_s ? kind->limit_s : JOBS_LIMIT_S) * SECOND_MS;
}

static int64_t retry_ms(int64_t attempt)
{
	int64_t wait = SECOND_MS;
	for (int64_t i = 1; i < attempt && wait < HOUR_MS; i++)
		wait *= 4;
	return wait < HOUR_MS ? wait : HOUR_MS;
}

/* FNV-1a. */
static uint64_t mix(uint64_t h, struct str bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		h = (h ^ (unsigned char)bytes.p[i]) * UINT64_C(1099511628211);
	return h;
}

static uint64_t hash_of(const struct job_kind *kind)
{
	return mix(UINT64_C(14695981039346656037), str_of(kind->name));
}

int64_t job_round_ms(const struct job_kind *kind, struct str region, int64_t ms)
{
	int64_t every_ms = kind->every_s * SECOND_MS;
	int64_t own_ms = (int64_t)(mix(hash_of(kind), region) % (uint64_t)every_ms);
	return ((ms - own_ms) / every_ms + 1) * every_ms + own_ms;
}

enum err job_add_round(struct ctx *c, const struct job_kind *kind, int64_t *at_ms)
{
	char bytes[8];
	*at_ms = job_round_ms(kind, c->region, c->now_ms);
	for (int i = 0; i < 8; i++)
		bytes[i] = (char)((uint64_t)*at_ms >> 8 * i & 0xFF);
	/* The same number for the same round of the same kind, so that it is made once. */
	uint64_t h = mix(hash_of(kind), (struct str){ bytes, sizeof bytes });
	return jobs_insert_round(c, (int64_t)(h >> 1) | 1, str_of(kind->name), *at_ms);
}

/* A job that was taken, and what became of it. */
struct taken {
	const struct job_kind *kind;
	struct str name;
	struct jobs_take_row job;
	bool held, found, wanted;
	void *work;
	enum job_outcome outcome;
	struct opt_int acting_ms; /* the effect may have happened */
	struct str failed;
};

int64_t job_lease_ms(const struct job_kind *kind)
{
	if (kind && kind->effect)
		return job_limit_ms(kind) + EFFECT_SLACK_MS;
	return kind && kind->priority == JOB_URGENT ? URGENT_LEASE_MS : job_limit_ms(kind);
}

static enum err take(struct ctx *c, void *arg)
{
	struct taken *t = arg;
	return jobs_take(c, t->name, JOBS_ATTEMPTS_MAX, c->now_ms + job_lease_ms(t->kind), &t->job, &t->found);
}

static enum err lost(struct ctx *c)
{
	return FAIL(c, ERR_CONFLICT, "the lease ran out and somebody else has the job");
}

static enum err mark_done(struct ctx *c, const struct taken *t, bool uncertain)
{
	struct jobs_done_row row;
	bool ours = false;
	TRY(jobs_done(c, t->job.id, t->job.attempt, uncertain, &row, &ours));
	return ours ? OK : lost(c);
}

static enum err mark_failed(struct ctx *c, const struct taken *t, struct opt_int acting_ms, bool *ours)
{
	struct jobs_put_off_row row;
	int64_t again_ms = c->now_ms + retry_ms(t->job.attempt);
	return jobs_put_off(c, t->job.id, t->job.attempt, again_ms, t->failed, acting_ms, &row, ours);
}

static enum err run(struct ctx *c, void *arg)
{
	struct taken *t = arg;
	int64_t next_ms;
	TRY(t->kind->run(c, t->job.subject_id));
	if (t->kind->every_s > 0)
		TRY(job_add_round(c, t->kind, &next_ms));
	return mark_done(c, t, false);
}

static enum err claim(struct ctx *c, void *arg)
{
	struct taken *t = arg;
	struct jobs_begin_row row;
	bool ours = false;
	TRY(t->kind->effect->claim(c, t->job.subject_id, &t->wanted, &t->work));
	if (!t->wanted)
		return mark_done(c, t, false);
	TRY(jobs_begin(c, t->job.id, t->job.attempt, &row, &ours));
	return ours ? OK : lost(c);
}

static enum err settle(struct ctx *c, void *arg)
{
	struct taken *t = arg;
	bool ours = false;
	TRY(t->kind->effect->settle(c, t->job.subject_id, t->outcome));
	if (t->outcome != JOB_NOT_DONE)
		return mark_done(c, t, t->outcome == JOB_UNCERTAIN);
	t->failed = S("it could not be done outside");
	TRY(mark_failed(c, t, (struct opt_int){ 0 }, &ours));
	return ours ? OK : lost(c);
}

static void act(struct ctx *c, struct taken *t)
{
	struct db *db = c->db;
	t->acting_ms = opt_int(c->now_ms);
	c->db = NULL;
	t->outcome = t->kind->effect->act(c, t->work);
	c->db = db;
	c->now_ms = clock_now_ms();
	if (t->outcome == JOB_NOT_DONE)
		t->acting_ms.is = false;
}

static enum err run_effect(struct ctx *c, struct taken *t)
{
	t->acting_ms = t->job.acting_ms;
	t->outcome = JOB_UNCERTAIN;
	if (!t->acting_ms.is) {
		TRY(db_within(c, true, claim, t));
		if (!t->wanted)
			return OK;
		act(c, t);
	}
	if (t->outcome == JOB_UNCERTAIN)
		log_error("effect_uncertain", "kind=%.*s region=%.*s job=%" PRId64, STR_ARG(t->name),
			STR_ARG(c->region), t->job.id);
	return db_within(c, true, settle, t);
}

static enum err perform(struct ctx *c, struct taken *t)
{
	if (!t->kind)
		return FAIL(c, ERR_NOT_FOUND, "there is no such kind of job");
	return t->kind->effect ? run_effect(c, t) : db_within(c, true, run, t);
}

static enum err put_off(struct ctx *c, void *arg)
{
	const struct taken *t = arg;
	bool ours; /* if not, there is nothing of ours to put off */
	return mark_failed(c, t, t->acting_ms, &ours);
}

static enum err give_back(struct ctx *c, void *arg)
{
	const struct taken *t = arg;
	return jobs_give_back(c, t->job.id, t->job.attempt, c->now_ms + HELD_MS);
}

/* Forgetting waits where the clock is not to be believed. */
static enum err hold_unless_steady(struct ctx *c, void *arg)
{
	struct taken *t = arg;
	int64_t again_ms;
	TRY(steady_look(c, &again_ms));
	t->held = again_ms > 0;
	return t->held ? jobs_hold(c, t->name, again_ms) : OK;
}

enum err job_perform(struct ctx *c, struct str name, const struct job_kind *kind, bool *found)
{
	struct taken t = { .kind = kind, .name = name };
	c->now_ms = clock_now_ms();
	if (kind && kind->priority == JOB_FORGETTING)
		TRY(db_within(c, true, hold_unless_steady, &t));
	if (t.held) {
		*found = false;
		return OK;
	}
	TRY(db_within(c, true, take, &t));
	*found = t.found;
	if (!t.found || perform(c, &t) == OK)
		return OK;
	if (kind && !kind->effect && db_held(c->db)) {
		log_warn("job_waits", "kind=%.*s region=%.*s why=\"%.*s\"", STR_ARG(name), STR_ARG(c->region),
			STR_ARG(c->err.why));
		return db_within(c, true, give_back, &t);
	}
	log_error("job_failed", "kind=%.*s attempt=%" PRId64 " code=%s at=%s:%d why=%.*s", STR_ARG(name), t.job.attempt,
		err_code(c->err.code), c->err.file, c->err.line, STR_ARG(c->err.why));
	if (t.job.attempt >= JOBS_ATTEMPTS_MAX)
		log_error("job_given_up",
			"kind=%.*s region=%.*s job=%" PRId64 " why=\"it waits at /jobs for an administrator\"",
			STR_ARG(name), STR_ARG(c->region), t.job.id);
	t.failed = utf8_valid(c->err.why) ? utf8_cut(c->err.why, FAILED_MAX) : str_of(err_code(c->err.code));
	return db_within(c, true, put_off, &t);
}
