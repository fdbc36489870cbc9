/* The queue of jobs, on each kind of database. The clock is moved, nobody sleeps. */
#include "../whole/testdb.h"
#include "base/clock.h"
#include "db/raw.h"
#include "base/id.h"
#include "jobs/worker.h"
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

static int64_t shift_ms;
static int ran, failures_left;
static struct str seen_region;

static enum err note(struct ctx *c, int64_t subject_id)
{
	assert_true(db_in_transaction(c->db));
	assert_true(c->account_id == 0);
	static char region[20];
	snprintf(region, sizeof region, "%.*s", STR_ARG(c->region));
	seen_region = str_of(region);
	ran += (int)subject_id;
	return OK;
}

/* Writes, then fails as often as it is told to. */
static enum err flaky(struct ctx *c, int64_t subject_id)
{
	TRY(jobs_add(c, "note", 100, c->now_ms));
	if (failures_left-- > 0)
		return FAIL(c, ERR_IO, "the machine at the other end does not answer");
	ran += (int)subject_id;
	return OK;
}

static enum err round_job(struct ctx *c, int64_t subject_id)
{
	assert_true(c && subject_id == 0);
	ran++;
	return OK;
}

static const struct job_kind kinds[] = {
	{"note",    note,      0,    JOB_ORDINARY,     0, NULL, NULL},
	{ "flaky",  flaky,     0,    JOB_ORDINARY,     0, NULL, NULL},
	{ "round",  round_job, 3600, JOB_HOUSEKEEPING, 0, NULL, NULL},
	{ "urgent", note,      0,    JOB_URGENT,       0, NULL, NULL},
};

static void start(struct testdb *t)
{
	shift_ms = 0;
	ran = failures_left = 0;
	clock_rehearse(&shift_ms);
	shift_ms = HOUR_MS / 2 - clock_now_ms() % HOUR_MS; /* half past: no round begins meanwhile by itself */
	t->c.now_ms = clock_now_ms();
	testdb_exec(t, "INSERT INTO regions (region, number, name, zone, created_ms) VALUES "
		       "('31.71', 1, 'Satu', 'WIB', 0), ('31.72', 2, 'Dua', 'WIB', 0)");
}

static void add(struct testdb *t, const char *kind, int64_t subject_id, int64_t in_ms)
{
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, jobs_add(&t->c, kind, subject_id, clock_now_ms() + in_ms));
	testdb_ok(t, db_commit(&t->c));
}

static size_t work(struct testdb *t, size_t max)
{
	size_t done = 0;
	testdb_ok(t, jobs_run_due(&t->c, kinds, COUNT(kinds), max, &done));
	return done;
}

static void a_job_runs_once_when_it_is_due_in_its_region(void **state)
{
	struct testdb *t = *state;
	start(t);
	t->c.region = S("31.72");
	add(t, "note", 1, 10 * MINUTE_MS);
	assert_int_equal(work(t, 10), 0);
	shift_ms += 11 * MINUTE_MS;
	assert_int_equal(work(t, 10), 1);
	assert_int_equal(work(t, 10), 0);
	assert_int_equal(ran, 1);
	assert_true(str_is(seen_region, "31.72"));
	assert_true(str_is(t->c.region, "31.72"));
}

static void a_job_of_a_transaction_that_failed_does_not_exist(void **state)
{
	struct testdb *t = *state;
	start(t);
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, jobs_add(&t->c, "note", 1, 0));
	db_rollback(&t->c);
	assert_int_equal(work(t, 10), 0);
}

static void the_oldest_come_first_and_regions_take_turns(void **state)
{
	struct testdb *t = *state;
	start(t);
	add(t, "note", 1000, -1000);
	add(t, "note", 1, -3000);
	add(t, "note", 10, -2000);
	t->c.region = S("31.72");
	add(t, "note", 100, -1);
	assert_int_equal(work(t, 2), 2);
	assert_int_equal(ran, 101);
	assert_int_equal(work(t, 1), 1);
	assert_int_equal(ran, 111);
	assert_int_equal(work(t, 100), 1);
	assert_int_equal(ran, 1111);
}

static void a_failed_job_leaves_nothing_waits_longer_and_is_listed(void **state)
{
	struct testdb *t = *state;
	struct jobs_failed_rows_row *rows;
	size_t n;
	start(t);
	failures_left = 2;
	add(t, "flaky", 1, 0);
	assert_int_equal(work(t, 10), 1);
	assert_int_equal(work(t, 10), 0);
	testdb_ok(t, db_begin(&t->c, false));
	testdb_ok(t, jobs_failed_rows(&t->c, 10, &rows, &n));
	testdb_ok(t, db_commit(&t->c));
	assert_int_equal(n, 1);
	assert_true(rows[0].attempt == 1 && str_is(rows[0].failed, "the machine at the other end does not answer"));
	shift_ms += 2 * SECOND_MS;
	assert_int_equal(work(t, 10), 1);
	shift_ms += 2 * SECOND_MS;
	assert_int_equal(work(t, 10), 0);
	shift_ms += 3 * SECOND_MS;
	assert_int_equal(work(t, 10), 2); /* done at last, and the job it added */
	assert_int_equal(ran, 101);
	testdb_ok(t, db_begin(&t->c, false));
	testdb_ok(t, jobs_failed_rows(&t->c, 10, &rows, &n));
	testdb_ok(t, db_commit(&t->c));
	assert_int_equal(n, 0);
}

static void attempts_end_and_can_be_given_anew(void **state)
{
	struct testdb *t = *state;
	struct jobs_failed_rows_row *rows;
	size_t n;
	start(t);
	failures_left = 1000;
	add(t, "flaky", 1, 0);
	for (int i = 0; i < 20; i++, shift_ms += 2 * HOUR_MS)
		work(t, 10);
	assert_int_equal(failures_left, 1000 - JOBS_ATTEMPTS_MAX);
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, jobs_failed_rows(&t->c, 10, &rows, &n));
	assert_int_equal(n, 1);
	assert_int_equal(jobs_again(&t->c, rows[0].id + 1), ERR_NOT_FOUND);
	testdb_ok(t, jobs_again(&t->c, rows[0].id));
	testdb_ok(t, db_commit(&t->c));
	failures_left = 0;
	shift_ms += SECOND_MS;
	assert_int_equal(work(t, 1), 1);
	assert_int_equal(ran, 1);
}

static void a_kind_nobody_knows_is_kept_as_failed(void **state)
{
	struct testdb *t = *state;
	start(t);
	add(t, "of_tomorrow", 1, 0);
	assert_int_equal(work(t, 10), 1);
	assert_string_equal(testdb_value(t, "SELECT failed FROM jobs"), "there is no such kind of job");
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs WHERE done_ms IS NULL"), "1");
}

static void a_worker_that_dies_costs_one_lease(void **state)
{
	struct testdb *t = *state;
	start(t);
	add(t, "note", 1, 0);
	struct jobs_take_row row;
	bool found = false;
	t->c.now_ms = clock_now_ms();
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, jobs_take(&t->c, S("note"), JOBS_ATTEMPTS_MAX, clock_now_ms() + MINUTE_MS, &row, &found));
	testdb_ok(t, db_commit(&t->c));
	assert_true(found);
	assert_int_equal(work(t, 10), 0);
	shift_ms += MINUTE_MS + SECOND_MS;
	assert_int_equal(work(t, 10), 1);
	/* The one thought dead comes back: the job is not its own. */
	testdb_ok(t, db_begin(&t->c, true));
	struct jobs_done_row done;
	testdb_ok(t, jobs_done(&t->c, row.id, row.attempt, false, &done, &found));
	assert_false(found);
	db_rollback(&t->c);
	assert_int_equal(ran, 1);
}

/* A worker that goes on from one call to the next, as the program's does. */
static size_t go_on(struct testdb *t, struct jobs_worker *w)
{
	size_t done = 0;
	testdb_ok(t, jobs_work(&t->c, w, 1000, &done));
	return done;
}

static void rounds_come_once_each_and_missed_ones_are_not_made_up_for(void **state)
{
	struct testdb *t = *state;
	start(t);
	for (int i = 0; i < 2; i++) { /* another worker makes them, too */
		struct jobs_worker *other = jobs_worker_new(kinds, COUNT(kinds), NULL);
		assert_int_equal(go_on(t, other), 0);
		jobs_worker_free(other);
	}
	struct jobs_worker *w = jobs_worker_new(kinds, COUNT(kinds), NULL);
	assert_int_equal(go_on(t, w), 0);
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs"), "2");
	shift_ms += HOUR_MS;
	assert_int_equal(go_on(t, w), 2);
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs WHERE done_ms IS NULL"), "2");
	shift_ms += 10 * HOUR_MS;
	assert_int_equal(go_on(t, w), 2);
	assert_int_equal(ran, 4);
	jobs_worker_free(w);
}

static void rounds_of_many_regions_are_spread_over_their_time(void **state)
{
	struct testdb *t = *state;
	start(t);
	testdb_exec(t, "DELETE FROM regions");
	for (int i = 0; i < 60; i++)
		testdb_exec(t, arena_printf(t->c.mem,
				       "INSERT INTO regions (region, number, name, zone, created_ms) VALUES "
				       "('11.%02d', %d, 'N', 'WIB', 0)",
				       i, i)
				       .p);
	struct jobs_worker *w = jobs_worker_new(kinds, COUNT(kinds), NULL);
	assert_int_equal(go_on(t, w), 0);
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs"), "60");
	/* Of an hour's sixty minutes each would have one; at no time do many fall due at once. */
	assert_string_equal(testdb_value(t, "SELECT CASE WHEN max(n) < 8 THEN 'spread' ELSE 'at once' END FROM"
					    " (SELECT count(*) AS n FROM jobs GROUP BY run_after_ms / 60000) s"),
		"spread");
	jobs_worker_free(w);
}

static void the_wait_ends_with_the_next_job_and_never_exceeds_the_poll(void **state)
{
	struct testdb *t = *state;
	int64_t alive_until_ms = 0;
	start(t);
	struct jobs_worker *w = jobs_worker_new(kinds, 2, &alive_until_ms);
	assert_int_equal(go_on(t, w), 0);
	assert_in_range(jobs_worker_wait_ms(w), 1, JOBS_POLL_MS);
	assert_true(alive_until_ms > clock_monotonic_ms() + jobs_worker_wait_ms(w));
	add(t, "note", 1, 10 * MINUTE_MS);
	jobs_worker_called(w, NULL);
	assert_int_equal(go_on(t, w), 0);
	assert_in_range(jobs_worker_wait_ms(w), 1, JOBS_POLL_MS);
	shift_ms += 10 * MINUTE_MS - 20 * SECOND_MS;
	assert_in_range(jobs_worker_wait_ms(w), 1, JOBS_POLL_MS);
	shift_ms += 20 * SECOND_MS;
	assert_int_equal(jobs_worker_wait_ms(w), 0);
	assert_int_equal(go_on(t, w), 1);
	jobs_worker_free(w);
}

/* A call names its region: the other one is not asked, and what it has is done when somebody calls about that. */
static void a_call_about_a_region_has_that_one_asked(void **state)
{
	struct testdb *t = *state, other = **(struct testdb **)state;
	start(t);
	other.c.db = testdb_connect(t);
	testdb_ok(t, db_listen(&t->c));
	struct jobs_worker *w = jobs_worker_new(kinds, 2, NULL);
	assert_int_equal(go_on(t, w), 0);
	add(&other, "note", 1, 0);
	testdb_exec(&other, "INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, created_ms)"
			    " VALUES ('31.72', 77, 'note', 10, 0, 0)"); /* nobody calls about it */
	struct pollfd p = { .fd = db_wake_fd(t->c.db), .events = POLLIN };
	bool called = false;
	while (!called) {
		assert_int_equal(poll(&p, 1, 10000), 1);
		called = db_wake_drain(&t->c);
	}
	assert_true(db_called(t->c.db, S("31.71")));
	assert_false(db_called(t->c.db, S("31.72")));
	jobs_worker_called(w, t->c.db);
	assert_false(db_called(t->c.db, S("31.71")));
	assert_int_equal(go_on(t, w), 1);
	assert_int_equal(ran, 1);
	jobs_worker_called(w, NULL);
	assert_int_equal(go_on(t, w), 1);
	assert_int_equal(ran, 11);
	jobs_worker_free(w);
	db_close(other.c.db);
}

static void urgent_jobs_of_all_regions_come_first(void **state)
{
	struct testdb *t = *state;
	start(t);
	add(t, "note", 1, -5000);
	add(t, "urgent", 10, -1000);
	t->c.region = S("31.72");
	add(t, "note", 100, -9000);
	add(t, "urgent", 1000, -10);
	assert_int_equal(work(t, 2), 2);
	assert_int_equal(ran, 1010);
	assert_int_equal(work(t, 10), 2);
	assert_int_equal(ran, 1111);
}

/* A node that is away: its region's queue can neither be read nor written. */
static void a_region_that_is_away_keeps_back_nothing_of_the_others(void **state)
{
	struct testdb *t = *state;
	size_t done = 0;
	start(t);
	add(t, "urgent", 1, -5000);
	t->c.region = S("31.72");
	add(t, "urgent", 10, -1000);
	struct jobs_worker *w = jobs_worker_new(kinds, COUNT(kinds), NULL);
	/* The list of regions comes first, then 31.71 is asked. */
	db_fault_countdown = 2;
	testdb_ok(t, jobs_work(&t->c, w, 10, &done));
	assert_int_equal(db_fault_countdown, -1);
	assert_int_equal(done, 1);
	assert_int_equal(ran, 10);
	/* Meanwhile the others go on, and it is asked again before long. */
	add(t, "urgent", 100, 0);
	jobs_worker_called(w, NULL);
	assert_int_equal(go_on(t, w), 1);
	assert_int_equal(ran, 110);
	assert_in_range(jobs_worker_wait_ms(w), 0, SECOND_MS);
	while (ran == 110) {
		poll(NULL, 0, (int)jobs_worker_wait_ms(w) + 1);
		go_on(t, w);
	}
	assert_int_equal(ran, 111);
	jobs_worker_free(w);
}

static void with_no_region_to_be_asked_the_worker_says_so(void **state)
{
	struct testdb *t = *state;
	size_t done = 0;
	start(t);
	testdb_exec(t, "DELETE FROM regions WHERE region = '31.72'");
	struct jobs_worker *w = jobs_worker_new(kinds, COUNT(kinds), NULL);
	db_fault_countdown = 2;
	assert_int_equal(jobs_work(&t->c, w, 10, &done), ERR_DB);
	assert_non_null(strstr(t->c.err.why.p, "injected"));
	jobs_worker_free(w);
}

/* Takes the job away from itself, as another worker does when the lease runs out meanwhile. */
static enum err lose_the_lease(struct ctx *c, int64_t subject_id)
{
	struct jobs_take_row row;
	bool found = false;
	TRY(jobs_add(c, "note", subject_id, c->now_ms));
	int64_t before_ms = c->now_ms;
	c->now_ms += 10 * MINUTE_MS;
	TRY(jobs_take(c, S("loses"), JOBS_ATTEMPTS_MAX, c->now_ms + HOUR_MS, &row, &found));
	c->now_ms = before_ms;
	assert_true(found);
	return OK;
}

static void who_loses_the_lease_on_the_way_commits_nothing(void **state)
{
	static const struct job_kind losing[] = {
		{"loses", lose_the_lease, 0, JOB_ORDINARY, 0, NULL, NULL},
	};
	struct testdb *t = *state;
	size_t done = 0;
	start(t);
	add(t, "loses", 1, 0);
	testdb_ok(t, jobs_run_due(&t->c, losing, COUNT(losing), 1, &done));
	assert_int_equal(done, 1);
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'note'"), "0");
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs WHERE done_ms IS NOT NULL"), "0");
	assert_string_equal(
		testdb_value(t, "SELECT failed FROM jobs"), "the lease ran out and somebody else has the job");
}

static int64_t leased_ms;

static enum err look_at_the_lease(struct ctx *c, int64_t subject_id)
{
	struct db_table t;
	int64_t until_ms;
	(void)subject_id;
	TRY(db_raw(c, S("SELECT max(lease_until_ms) FROM jobs"), &t));
	assert_true(str_to_i64(db_cell(&t, 0, 0), 0, INT64_MAX, &until_ms));
	leased_ms = until_ms - c->now_ms;
	return OK;
}

static void a_worker_that_dies_holds_an_urgent_job_back_for_seconds(void **state)
{
	static const struct job_kind looking[] = {
		{"calls",  look_at_the_lease, 0, JOB_URGENT,   0, NULL, NULL},
		{ "notes", look_at_the_lease, 0, JOB_ORDINARY, 0, NULL, NULL},
	};
	struct testdb *t = *state;
	size_t done = 0;
	start(t);
	add(t, "calls", 1, 0);
	testdb_ok(t, jobs_run_due(&t->c, looking, COUNT(looking), 1, &done));
	assert_true(leased_ms > 0 && leased_ms <= 5 * SECOND_MS);
	add(t, "notes", 1, 0);
	testdb_ok(t, jobs_run_due(&t->c, looking, COUNT(looking), 1, &done));
	assert_true(leased_ms > 5 * SECOND_MS && leased_ms <= JOBS_LIMIT_S * SECOND_MS);
}

static void old_jobs_are_forgotten_once_done(void **state)
{
	struct testdb *t = *state;
	start(t);
	add(t, "note", 1, 0);
	add(t, "of_tomorrow", 1, 0);
	work(t, 10);
	shift_ms += 8 * DAY_MS;
	t->c.now_ms = clock_now_ms();
	testdb_exec(t, "INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, created_ms, done_ms) WITH "
		       "RECURSIVE n (i) AS"
		       " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT '31.71', i, 'note', 0, 0, 0, 1 "
		       "FROM n");
	for (int i = 0; i < 2; i++) {
		/* Never more at a time than keep others waiting for a moment; another job is to do the rest. */
		testdb_ok(t, db_begin(&t->c, true));
		testdb_ok(t, jobs_sweep(&t->c, 0));
		testdb_ok(t, db_commit(&t->c));
		assert_string_equal(
			testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'note'"), i == 0 ? "1" : "0");
		assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'jobs_sweep'"), "1");
	}
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'of_tomorrow'"), "1");
}

static const struct job_kind forgetting[] = {
	{"forget", round_job, 86400, JOB_FORGETTING,   0, NULL, NULL},
	{ "tidy",  round_job, 86400, JOB_HOUSEKEEPING, 0, NULL, NULL},
};

static void believe(struct testdb *t)
{
	testdb_exec(t, "UPDATE clocks SET steady_ms = steady_ms - 3600000");
}

static void what_the_clock_deletes_waits_until_it_is_believed(void **state)
{
	struct testdb *t = *state;
	size_t done = 0;
	start(t);
	testdb_exec(t, "DELETE FROM regions WHERE region = '31.72'");
	struct jobs_worker *w = jobs_worker_new(forgetting, COUNT(forgetting), NULL);
	testdb_ok(t, jobs_work(&t->c, w, 10, &done));
	shift_ms += DAY_MS; /* both rounds are due; nobody ever looked */
	testdb_ok(t, jobs_work(&t->c, w, 10, &done));
	assert_true(done == 1 && ran == 1);
	believe(t);
	shift_ms += 10 * MINUTE_MS; /* a jump of its own, which the worker sees */
	testdb_ok(t, jobs_work(&t->c, w, 10, &done));
	assert_true(done == 0 && ran == 1);
	believe(t);
	testdb_exec(t, "UPDATE jobs SET lease_until_ms = 0");
	jobs_worker_called(w, NULL);
	testdb_ok(t, jobs_work(&t->c, w, 10, &done));
	assert_true(done == 1 && ran == 2);
	jobs_worker_free(w);
}

static void what_waited_by_a_clock_that_was_ahead_does_not_wait_for_its_time(void **state)
{
	struct testdb *t = *state;
	size_t done = 0;
	start(t);
	testdb_exec(t, "DELETE FROM regions WHERE region = '31.72'");
	struct jobs_worker *w = jobs_worker_new(forgetting, 1, NULL);
	testdb_ok(t, jobs_work(&t->c, w, 10, &done));
	shift_ms += 40 * 365 * DAY_MS;
	testdb_ok(t, jobs_work(&t->c, w, 10, &done));
	assert_true(done == 0 && ran == 0);
	shift_ms -= 39 * 365 * DAY_MS; /* a year has gone by */
	testdb_ok(t, jobs_work(&t->c, w, 10, &done));
	assert_string_equal(
		testdb_value(t, "SELECT count(*) FROM jobs WHERE done_ms IS NULL AND lease_until_ms = 0"), "1");
	assert_true(done == 0 && ran == 0);
	jobs_worker_free(w);
}

enum { WORKERS = 4, JOBS = 60 };

static enum err count_in_database(struct ctx *c, int64_t subject_id)
{
	return jobs_insert(c, id_new(c->now_ms), S("counted"), subject_id, c->now_ms + DAY_MS);
}

static void work_alone(struct testdb *t)
{
	static const struct job_kind one[] = {
		{"count", count_in_database, 0, JOB_ORDINARY, 0, NULL, NULL},
	};
	size_t done = 0;
	t->c.db = testdb_connect(t);
	enum err e = jobs_run_due(&t->c, one, COUNT(one), 1000, &done);
	db_close(t->c.db);
	_exit(e == OK ? 0 : 1);
}

static void several_workers_do_each_job_once(void **state)
{
	struct testdb *t = *state;
	start(t);
	for (int i = 0; i < JOBS; i++)
		add(t, "count", i, 0);
	db_close(t->c.db);
	t->c.db = NULL;
	for (int i = 0; i < WORKERS; i++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			work_alone(t);
	}
	for (int i = 0; i < WORKERS; i++) {
		int status = -1;
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	t->c.db = testdb_connect(t);
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'count' AND attempt = 1"
					    " AND done_ms IS NOT NULL"),
		"60");
	assert_string_equal(
		testdb_value(t, "SELECT count(DISTINCT subject_id) * 1000 + count(*) FROM jobs WHERE kind = 'counted'"),
		"60060");
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(a_job_runs_once_when_it_is_due_in_its_region),
		TESTDB(a_job_of_a_transaction_that_failed_does_not_exist),
		TESTDB(the_oldest_come_first_and_regions_take_turns),
		TESTDB(a_failed_job_leaves_nothing_waits_longer_and_is_listed),
		TESTDB(attempts_end_and_can_be_given_anew),
		TESTDB(a_kind_nobody_knows_is_kept_as_failed),
		TESTDB(a_worker_that_dies_costs_one_lease),
		TESTDB(rounds_come_once_each_and_missed_ones_are_not_made_up_for),
		TESTDB(rounds_of_many_regions_are_spread_over_their_time),
		TESTDB_ON(ON_POSTGRES, a_call_about_a_region_has_that_one_asked),
		TESTDB(urgent_jobs_of_all_regions_come_first),
		TESTDB(a_region_that_is_away_keeps_back_nothing_of_the_others),
		TESTDB(with_no_region_to_be_asked_the_worker_says_so),
		TESTDB(who_loses_the_lease_on_the_way_commits_nothing),
		TESTDB(the_wait_ends_with_the_next_job_and_never_exceeds_the_poll),
		TESTDB(a_worker_that_dies_holds_an_urgent_job_back_for_seconds),
		TESTDB(old_jobs_are_forgotten_once_done),
		TESTDB(what_the_clock_deletes_waits_until_it_is_believed),
		TESTDB(what_waited_by_a_clock_that_was_ahead_does_not_wait_for_its_time),
		TESTDB(several_workers_do_each_job_once),
	};
	return testdb_run("jobs", cases, COUNT(cases), NULL, 0);
}
