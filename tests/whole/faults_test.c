/* The platform's own actions with each of their statements failing. */
#include "faults.h"
#include "base/clock.h"
#include "jobs/queue.h"

static void begin_with_a_region(struct testdb *t)
{
	testdb_exec(t,
		"INSERT INTO regions (region, number, name, zone, created_ms) VALUES ('31.71', 1, 'Satu', 'WIB', 0)");
}

static enum err three_jobs(struct ctx *c, void *arg)
{
	int *runs = arg;
	++*runs;
	TRY(jobs_add(c, "a", 1, c->now_ms));
	TRY(db_notify(c));
	TRY(jobs_add(c, "b", 2, c->now_ms));
	return jobs_add(c, "c", 3, c->now_ms);
}

static void an_action_of_three_statements_leaves_all_or_nothing(void **state)
{
	struct testdb *t = *state;
	int runs = 0;
	begin_with_a_region(t);
	assert_int_equal(every_statement_may_fail(t, three_jobs, &runs, NULL), 4);
	assert_int_equal(runs, 5);
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs"), "3");
	assert_int_equal(db_take_notified(t->c.db), t->kind == DB_SQLITE);
}

static int ran;

static enum err count_run(struct ctx *c, int64_t subject_id)
{
	TRY(jobs_add(c, "later", subject_id, c->now_ms + DAY_MS));
	ran++;
	return OK;
}

/* Not one transaction but several: whatever fails, the job is done once in the end. */
static void a_job_whose_worker_fails_anywhere_is_done_once(void **state)
{
	static const struct job_kind kinds[] = {
		{"count", count_run, 0, JOB_ORDINARY, 0, NULL, NULL},
	};
	static int64_t shift_ms;
	struct testdb *t = *state;
	begin_with_a_region(t);
	shift_ms = 0;
	clock_rehearse(&shift_ms);
	for (int nth = 0; nth < 12; nth++) {
		size_t done = 0;
		t->c.now_ms = clock_now_ms();
		testdb_exec(t, "DELETE FROM jobs");
		testdb_ok(t, db_begin(&t->c, true));
		testdb_ok(t, jobs_add(&t->c, "count", 1, t->c.now_ms));
		testdb_ok(t, db_commit(&t->c));
		db_fault_countdown = nth;
		for (int i = 0; i < 4; i++, shift_ms += HOUR_MS)
			if (jobs_run_due(&t->c, kinds, COUNT(kinds), 10, &done) != OK)
				assert_false(db_in_transaction(t->c.db));
		db_fault_countdown = -1;
		assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'later'"), "1");
		assert_string_equal(
			testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'count' AND done_ms IS NOT NULL"), "1");
	}
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(an_action_of_three_statements_leaves_all_or_nothing),
		TESTDB(a_job_whose_worker_fails_anywhere_is_done_once),
	};
	return testdb_run("faults", cases, COUNT(cases), NULL, 0);
}
