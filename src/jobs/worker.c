#include "jobs/worker.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "jobs/ahead.h"
#include "jobs/perform.h"
#include "jobs/steady.h"

enum { NAME_MAX_BYTES = 12, KIND_MAX_BYTES = 41, ARENA_FIRST = 1 << 16, ROWS_MAX = 200, TURNS_A_POLL = 12 };

static const int64_t LIST_MS = MINUTE_MS; /* how often the list of regions is read */
static const int64_t SLOW_MS = SECOND_MS; /* an answer that took longer cost a time-out */
static const int64_t AWAY_MAX_MS = MINUTE_MS;
static const int64_t ALIVE_SLACK_MS = 30 * SECOND_MS;
static const char ASK_MOST_MS[] = "5000";

struct region {
	char name[NAME_MAX_BYTES];
	bool ask;
	bool begun;                         /* its urgent rounds were, with this worker */
	bool jumped;                        /* the clock did, and that is not yet written down */
	bool answered;                      /* in this call of jobs_work() */
	int64_t away_until_ms, away_ms;     /* of the monotonic clock; 0: it is not away */
	int64_t due_ms[JOBS_KINDS_MAX + 1]; /* per kind; the last one: of a kind nobody knows */
	char unknown[KIND_MAX_BYTES];
};

struct jobs_worker {
	const struct job_kind *kinds;
	size_t kinds_count;
	int64_t *alive_until_ms;
	struct jobs_state *state; /* NULL: nobody asks */
	bool rounds;
	struct region *regions; /* malloc'ed */
	size_t count, turn, poll_turn;
	bool listed;
	int64_t listed_ms, polled_ms;
	struct clock_watch clock;
	struct arena *mem; /* emptied before each step */
	struct ctx job;
};

struct jobs_worker *jobs_worker_new(const struct job_kind *kinds, size_t kinds_count, int64_t *alive_until_ms)
{
	struct jobs_worker *w = calloc(1, sizeof *w);
	if (!w)
		abort();
	assert(kinds_count <= JOBS_KINDS_MAX);
	*w = (struct jobs_worker){ .kinds = kinds,
		.kinds_count = kinds_count,
		.alive_until_ms = alive_until_ms,
		.rounds = true,
		.polled_ms = clock_monotonic_ms(),
		.mem = arena_new(ARENA_FIRST) };
	return w;
}

void jobs_worker_free(struct jobs_worker *w)
{
	arena_free(w->mem);
	free(w->regions);
	free(w);
}

void jobs_worker_keeps(struct jobs_worker *w, struct jobs_state *to)
{
	w->state = to;
}

static void put(int64_t *at, int64_t value)
{
	__atomic_store_n(at, value, __ATOMIC_RELAXED);
}

static void keep_state(const struct jobs_worker *w)
{
	int64_t next_ms = INT64_MAX, away = 0, answers = -1;
	if (!w->state)
		return;
	for (size_t i = 0; i < w->count; i++) {
		const struct region *r = &w->regions[i];
		away += r->away_ms != 0;
		answers = answers < 0 && !r->away_ms ? (int64_t)i : answers;
		for (size_t k = 0; k <= w->kinds_count && !r->away_ms && !r->ask; k++)
			next_ms = r->due_ms[k] < next_ms ? r->due_ms[k] : next_ms;
	}
	put(&w->state->next_ms, next_ms);
	put(&w->state->regions, (int64_t)w->count);
	put(&w->state->away, away);
	put(&w->state->answers, answers);
	__atomic_store_n(&w->state->looked, 1, __ATOMIC_RELEASE);
}

static void stay_alive(struct jobs_worker *w, int64_t ms)
{
	if (w->alive_until_ms)
		__atomic_store_n(w->alive_until_ms, clock_monotonic_ms() + ms + ALIVE_SLACK_MS, __ATOMIC_RELAXED);
}

void jobs_worker_called(struct jobs_worker *w, struct db *db)
{
	bool known = false;
	for (size_t i = 0; i < w->count; i++)
		if (!db || db_called(db, str_of(w->regions[i].name)))
			known = w->regions[i].ask = true;
	w->listed = w->listed && known; /* a new region, perhaps */
	if (db)
		db_forget_calls(db);
}

/* A context for one step in a region. */
static struct ctx *step_in(struct jobs_worker *w, const struct ctx *c, struct region *r)
{
	arena_reset(w->mem);
	w->job = (struct ctx){ .mem = w->mem,
		.db = c->db,
		.vault = c->vault,
		.lang = c->lang,
		.region = str_of(r->name),
		.now_ms = clock_now_ms() };
	return &w->job;
}

static enum err read_regions(struct ctx *c, void *arg)
{
	struct {
		struct jobs_regions_row *rows;
		size_t count;
	} *to = arg;
	return jobs_regions(c, &to->rows, &to->count);
}

static struct region *region_named(const struct jobs_worker *w, struct str name)
{
	for (size_t i = 0; i < w->count; i++)
		if (str_is(name, w->regions[i].name))
			return &w->regions[i];
	return NULL;
}

/* What was known of a region stays; a new one is asked. */
static enum err list_regions(struct ctx *c, struct jobs_worker *w)
{
	struct {
		struct jobs_regions_row *rows;
		size_t count;
	} list = { 0 };
	if (w->listed && clock_monotonic_ms() - w->listed_ms < LIST_MS)
		return OK;
	TRY(db_within(c, false, read_regions, &list));
	struct region *regions = calloc(list.count + 1, sizeof *regions);
	if (!regions)
		abort();
	for (size_t i = 0; i < list.count; i++) {
		const struct region *old = region_named(w, list.rows[i].region);
		assert(list.rows[i].region.n < sizeof regions[i].name);
		if (old)
			regions[i] = *old;
		else
			regions[i].ask = true;
		memcpy(regions[i].name, list.rows[i].region.p, list.rows[i].region.n);
	}
	free(w->regions);
	w->regions = regions;
	w->count = list.count;
	w->listed = true;
	w->listed_ms = clock_monotonic_ms();
	return OK;
}

struct asked {
	struct jobs_waiting_row *rows;
	size_t count;
};

static enum err ask(struct ctx *c, void *arg)
{
	struct asked *a = arg;
	struct jobs_hurry_row set;
	if (db_kind(c->db) == DB_POSTGRES)
		TRY(jobs_hurry(c, str_of(ASK_MOST_MS), &set));
	return jobs_waiting(c, JOBS_ATTEMPTS_MAX, ROWS_MAX, &a->rows, &a->count);
}

static size_t kind_named(const struct jobs_worker *w, struct str name)
{
	size_t i = 0;
	while (i < w->kinds_count && !str_is(name, w->kinds[i].name))
		i++;
	return i;
}

static void remember(const struct jobs_worker *w, struct region *r, const struct asked *a)
{
	for (size_t i = 0; i <= w->kinds_count; i++)
		r->due_ms[i] = INT64_MAX;
	for (size_t i = 0; i < a->count; i++) {
		size_t k = kind_named(w, a->rows[i].kind);
		if (a->rows[i].next_ms < r->due_ms[k])
			r->due_ms[k] = a->rows[i].next_ms;
		if (k == w->kinds_count && r->due_ms[k] == a->rows[i].next_ms)
			snprintf(r->unknown, sizeof r->unknown, "%.*s", STR_ARG(a->rows[i].kind));
	}
}

struct round {
	const struct job_kind *kind;
	int64_t at_ms;
};

static enum err add_round(struct ctx *c, void *arg)
{
	struct round *round = arg;
	return job_add_round(c, round->kind, &round->at_ms);
}

/* Whoever watches over urgent work looks at once when a worker begins: nobody may have for long. */
static enum err begin_rounds(struct ctx *c, void *arg)
{
	const struct jobs_worker *w = arg;
	for (size_t i = 0; i < w->kinds_count; i++)
		if (w->kinds[i].every_s > 0 && w->kinds[i].priority == JOB_URGENT)
			TRY(jobs_add(c, w->kinds[i].name, 0, c->now_ms));
	return OK;
}

struct back {
	const struct jobs_worker *w;
	int64_t by_ms;
	size_t count;
};

static enum err bring_back(struct ctx *c, void *arg)
{
	struct back *b = arg;
	return jobs_bring_back(c, b->w->kinds, b->w->kinds_count, &b->by_ms, &b->count);
}

/* Whether something lies where only a clock that was wrong can have put it. */
static bool is_ahead(const struct jobs_worker *w, const struct asked *a)
{
	int64_t now_ms = clock_now_ms(), made_ms = job_made_before_ms(now_ms),
		tried_ms = job_tried_before_ms(now_ms, w->kinds, w->kinds_count);
	for (size_t i = 0; i < a->count; i++)
		if (a->rows[i].made_ms > made_ms || a->rows[i].tried_ms > tried_ms)
			return true;
	return false;
}

static enum err note_jump(struct ctx *c, void *arg)
{
	(void)arg;
	return steady_lost(c);
}

static enum err ask_region(struct ctx *c, struct jobs_worker *w, struct region *r)
{
	struct asked a = { 0 };
	r->ask = false;
	if (r->jumped)
		TRY(db_within(c, true, note_jump, NULL));
	r->jumped = false;
	if (w->rounds && !r->begun)
		TRY(db_within(c, true, begin_rounds, w));
	r->begun = true;
	TRY(db_within(c, false, ask, &a));
	remember(w, r, &a);
	if (is_ahead(w, &a)) {
		struct back b = { .w = w };
		TRY(db_within(c, true, bring_back, &b));
		log_error("clock_went_back", "region=%s ahead_s=%" PRId64 " jobs=%zu", r->name, b.by_ms / SECOND_MS,
			b.count);
		r->ask = true; /* what is due now? */
		return OK;
	}
	for (size_t i = 0; w->rounds && i < w->kinds_count; i++) {
		struct round round = { .kind = &w->kinds[i] };
		if (round.kind->every_s == 0 || r->due_ms[i] != INT64_MAX)
			continue;
		TRY(db_within(c, true, add_round, &round));
		r->due_ms[i] = round.at_ms;
	}
	return OK;
}

/* What came of a step in a region; keeps the reason of an error for C. */
static void note(struct ctx *c, struct region *r, const struct ctx *job, enum err e)
{
	if (e == OK) {
		if (r->away_ms)
			log_info("region_back", "region=%s", r->name);
		r->away_ms = r->away_until_ms = 0;
		r->answered = true;
		return;
	}
	if (!r->away_ms)
		log_error("region_away", "region=%s why=%.*s", r->name, STR_ARG(job->err.why));
	bool again = r->away_ms && !db_held(job->db); /* what is held will be free, and nothing is away */
	r->away_ms = again ? r->away_ms * 2 : SECOND_MS;
	r->away_ms = r->away_ms < AWAY_MAX_MS ? r->away_ms : AWAY_MAX_MS;
	r->away_until_ms = clock_monotonic_ms() + r->away_ms;
	r->ask = true;
	c->err = job->err;
	c->err.why = arena_str(c->mem, job->err.why);
}

struct turn {
	bool slow; /* a region has cost a time-out: none that may do so again is asked */
	size_t good, bad;
};

static void ask_one(struct ctx *c, struct jobs_worker *w, struct region *r, struct turn *t)
{
	int64_t before_ms = clock_monotonic_ms();
	stay_alive(w, job_limit_ms(NULL));
	struct ctx *job = step_in(w, c, r);
	enum err e = ask_region(job, w, r);
	note(c, r, job, e);
	t->good += e == OK;
	t->bad += e != OK;
	t->slow = t->slow || (e != OK && clock_monotonic_ms() - before_ms > SLOW_MS);
}

static void ask_those_called(struct ctx *c, struct jobs_worker *w, struct turn *t)
{
	for (size_t i = 0; i < w->count; i++) {
		struct region *r = &w->regions[i];
		if (r->ask && !r->away_ms && (!t->slow || r->answered))
			ask_one(c, w, r, t);
	}
}

/* One region that was away, when it is time to. */
static void ask_one_that_was_away(struct ctx *c, struct jobs_worker *w, struct turn *t)
{
	struct region *longest = NULL;
	for (size_t i = 0; i < w->count; i++) {
		struct region *r = &w->regions[i];
		if (r->away_ms && r->away_until_ms <= clock_monotonic_ms() &&
			(!longest || r->away_until_ms < longest->away_until_ms))
			longest = r;
	}
	if (longest && !t->slow)
		ask_one(c, w, longest, t);
}

static int rank_of(const struct jobs_worker *w, size_t kind)
{
	enum job_priority p = kind < w->kinds_count ? w->kinds[kind].priority : JOB_HOUSEKEEPING;
	return p == JOB_URGENT ? 0 : p == JOB_ORDINARY ? 1 : 2; /* forgetting is housekeeping */
}

/* The next job that is due: of the highest rank, in turn for all regions, the oldest kind first. */
static bool pick(struct jobs_worker *w, struct region **region, size_t *kind)
{
	int64_t now_ms = clock_now_ms();
	for (int rank = 0; rank < 3; rank++)
		for (size_t n = 0; n < w->count; n++) {
			size_t at = (w->turn + n) % w->count;
			struct region *r = &w->regions[at];
			size_t best = JOBS_KINDS_MAX + 1;
			for (size_t k = 0; k <= w->kinds_count && !r->away_ms && !r->ask; k++)
				if (r->due_ms[k] <= now_ms && rank_of(w, k) == rank &&
					(best > JOBS_KINDS_MAX || r->due_ms[k] < r->due_ms[best]))
					best = k;
			if (best > JOBS_KINDS_MAX)
				continue;
			w->turn = at + 1;
			*region = r;
			*kind = best;
			return true;
		}
	return false;
}

static void perform(struct ctx *c, struct jobs_worker *w, struct region *r, size_t k, struct turn *t, size_t *done)
{
	const struct job_kind *kind = k < w->kinds_count ? &w->kinds[k] : NULL;
	bool found = false;
	stay_alive(w, job_limit_ms(kind));
	struct ctx *job = step_in(w, c, r);
	enum err e = job_perform(job, kind ? str_of(kind->name) : str_of(r->unknown), kind, &found);
	note(c, r, job, e);
	t->good += e == OK;
	t->bad += e != OK;
	*done += found;
	r->ask = true; /* what is due now? */
}

/* Some regions are asked although nobody called. */
static void poll_some(struct jobs_worker *w)
{
	int64_t now_ms = clock_monotonic_ms();
	if (now_ms - w->polled_ms < JOBS_POLL_MS)
		return;
	w->polled_ms = now_ms;
	for (size_t i = 0; i < w->count / TURNS_A_POLL + 1 && w->count; i++)
		w->regions[w->poll_turn++ % w->count].ask = true;
}

/* Before each job: what the clock says may be wrong since the last one. */
static void watch_clock(struct jobs_worker *w)
{
	int64_t by_ms = clock_jump_ms(&w->clock);
	if (by_ms == 0)
		return;
	log_warn("clock_jumped",
		"by_s=%" PRId64 " why=\"nothing is forgotten by the clock until it has been steady for an hour\"",
		by_ms / SECOND_MS);
	for (size_t i = 0; i < w->count; i++)
		w->regions[i].ask = w->regions[i].jumped = true;
}

enum err jobs_work(struct ctx *c, struct jobs_worker *w, size_t max, size_t *done_count)
{
	struct ctx own = *c; /* its region and time stay the caller's */
	struct turn t = { 0 };
	struct region *r;
	size_t kind;
	*done_count = 0;
	stay_alive(w, job_limit_ms(NULL));
	enum err e = list_regions(&own, w);
	for (size_t i = 0; i < w->count; i++)
		w->regions[i].answered = false;
	poll_some(w);
	if (e == OK && !id_reaches(clock_now_ms())) {
		watch_clock(w);
		e = FAIL(&own, ERR_BUSY, "the clock of this machine is beyond the year 2158: nothing is done by it");
	}
	while (e == OK && *done_count < max) {
		watch_clock(w);
		ask_those_called(&own, w, &t);
		keep_state(w);
		if (!pick(w, &r, &kind))
			break;
		perform(&own, w, r, kind, &t, done_count);
	}
	if (e == OK && *done_count < max)
		ask_one_that_was_away(&own, w, &t);
	keep_state(w);
	c->err = own.err;
	return e == OK && t.bad > 0 && t.good == 0 ? own.err.code : e;
}

int64_t jobs_worker_wait_ms(struct jobs_worker *w)
{
	int64_t now_ms = clock_now_ms(), monotonic_ms = clock_monotonic_ms();
	int64_t wait_ms = w->polled_ms + JOBS_POLL_MS - monotonic_ms;
	for (size_t i = 0; i < w->count; i++) {
		const struct region *r = &w->regions[i];
		int64_t left_ms = r->away_ms ? r->away_until_ms - monotonic_ms : r->ask ? 0 : INT64_MAX;
		for (size_t k = 0; k <= w->kinds_count && left_ms == INT64_MAX; k++)
			if (r->due_ms[k] - now_ms < wait_ms)
				wait_ms = r->due_ms[k] - now_ms;
		wait_ms = left_ms < wait_ms ? left_ms : wait_ms;
	}
	wait_ms = wait_ms > 0 ? wait_ms : 0;
	stay_alive(w, wait_ms);
	return wait_ms;
}

enum err jobs_run_due(struct ctx *c, const struct job_kind *kinds, size_t kinds_count, size_t max, size_t *done_count)
{
	struct jobs_worker *w = jobs_worker_new(kinds, kinds_count, NULL);
	w->rounds = false;
	enum err e = jobs_work(c, w, max, done_count);
	jobs_worker_free(w);
	return e;
}
