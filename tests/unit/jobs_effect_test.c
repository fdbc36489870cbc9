/* Effects outside: whatever kills the worker at whatever moment, an effect happens at most once, what nobody knows is said,
 * and no lock is held meanwhile. The effect here is a byte at the end of a file. */
#include "../whole/testdb.h"
#include "base/clock.h"
#include "base/id.h"
#include "jobs/worker.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum moment { IN_CLAIM, BEFORE_EFFECT, AFTER_EFFECT, IN_SETTLE, NEVER };

static int64_t shift_ms;
static enum moment kill_at;
static char file[64];
static struct testdb *now; /* for an effect that looks around */
static bool wanted, claim_fails;
static enum job_outcome answers;
static void (*meanwhile)(void);

static void die_here(enum moment here)
{
	if (kill_at == here)
		raise(SIGKILL);
}

/* Outcomes are written as jobs that nobody will do. */
static enum err write_outcome(struct ctx *c, const char *what, int64_t subject_id)
{
	return jobs_insert(c, id_new(c->now_ms), str_of(what), subject_id, c->now_ms + 1000 * DAY_MS);
}

static enum err claim(struct ctx *c, int64_t subject_id, bool *is_wanted, void **work)
{
	assert_true(db_in_transaction(c->db));
	TRY(write_outcome(c, "claimed", subject_id));
	int64_t *subject = arena_alloc(c->mem, 1, sizeof *subject);
	*subject = subject_id;
	*work = subject;
	*is_wanted = wanted;
	die_here(IN_CLAIM);
	return claim_fails ? FAIL(c, ERR_IO, "no claim today") : OK;
}

static enum job_outcome act(struct ctx *c, void *work)
{
	const int64_t *subject = work;
	assert_null(c->db);
	assert_int_equal(*subject, 7);
	die_here(BEFORE_EFFECT);
	if (meanwhile)
		meanwhile();
	int fd = open(file, O_WRONLY | O_APPEND | O_CREAT, 0600);
	assert_true(fd >= 0);
	if (answers == JOB_DONE)
		assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
	die_here(AFTER_EFFECT);
	return answers;
}

static enum err settle(struct ctx *c, int64_t subject_id, enum job_outcome outcome)
{
	static const char *const words[] = { "was done", "was not done", "is uncertain" };
	assert_true(db_in_transaction(c->db));
	TRY(write_outcome(c, words[outcome], subject_id));
	die_here(IN_SETTLE);
	return OK;
}

static const struct job_effect effect = { claim, act, settle };
static const struct job_kind kinds[] = {
	{"send", NULL, 0, JOB_ORDINARY, 0, &effect, NULL},
};

static void start(struct testdb *t)
{
	snprintf(file, sizeof file, "/tmp/adem-effect-%d", (int)getpid());
	unlink(file);
	shift_ms = 0;
	clock_rehearse(&shift_ms);
	now = t;
	kill_at = NEVER;
	wanted = true;
	claim_fails = false;
	answers = JOB_DONE;
	meanwhile = NULL;
	testdb_exec(t, "DELETE FROM jobs");
	testdb_exec(t,
		"INSERT INTO regions (region, number, name, zone, created_ms) VALUES ('31.71', 1, 'Satu', 'WIB', 0)"
		" ON CONFLICT (region) DO NOTHING");
	t->c.now_ms = clock_now_ms();
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, jobs_add(&t->c, "send", 7, 0));
	testdb_ok(t, db_commit(&t->c));
}

static size_t work(struct testdb *t)
{
	size_t done = 0;
	testdb_ok(t, jobs_run_due(&t->c, kinds, COUNT(kinds), 10, &done));
	return done;
}

static int64_t times_acted(void)
{
	struct stat st;
	return stat(file, &st) == 0 ? st.st_size : 0;
}

static void expect_rows(struct testdb *t, const char *kind, const char *count)
{
	struct str sql = arena_printf(t->c.mem, "SELECT count(*) FROM jobs WHERE kind = '%s'", kind);
	const char *got = testdb_value(t, sql.p);
	if (strcmp(got, count) != 0)
		fail_msg("\"%s\": %s times, not %s", kind, got, count);
}

static void work_and_die(struct testdb *t, enum moment at)
{
	db_close(t->c.db);
	t->c.db = NULL;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		kill_at = at;
		t->c.db = testdb_connect(t);
		work(t);
		_exit(0);
	}
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, at == NEVER ? 0 : SIGKILL);
	t->c.db = testdb_connect(t);
}

static void a_worker_killed_at_any_moment_acts_at_most_once(void **state)
{
	static const struct {
		enum moment at;
		int64_t acts;
		const char *done, *uncertain;
	} cases[] = {
		{IN_CLAIM,       1, "1", "0"},
		{ BEFORE_EFFECT, 0, "0", "1"},
		{ AFTER_EFFECT,  1, "0", "1"},
		{ IN_SETTLE,     1, "0", "1"},
		{ NEVER,         1, "1", "0"},
	};
	struct testdb *t = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		start(t);
		work_and_die(t, cases[i].at);
		assert_int_equal(work(t), 0); /* the lease of the dead holds */
		for (int k = 0; k < 12; k++, shift_ms += 2 * HOUR_MS)
			work(t);
		assert_int_equal(times_acted(), cases[i].acts);
		expect_rows(t, "was done", cases[i].done);
		expect_rows(t, "is uncertain", cases[i].uncertain);
		expect_rows(t, "claimed", "1");
		assert_string_equal(
			testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'send' AND done_ms IS NOT NULL"), "1");
		assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'send' AND uncertain"),
			cases[i].uncertain);
	}
	unlink(file);
}

/* Though all attempts are used up: that it is uncertain is said in any case. */
static void the_last_attempt_is_said_to_be_uncertain_too(void **state)
{
	struct testdb *t = *state;
	start(t);
	testdb_exec(t, "UPDATE jobs SET attempt = 7 WHERE kind = 'send'");
	work_and_die(t, AFTER_EFFECT);
	shift_ms += 2 * HOUR_MS;
	assert_int_equal(work(t), 1);
	expect_rows(t, "is uncertain", "1");
	assert_int_equal(times_acted(), 1);
	struct jobs_failed_rows_row *rows;
	size_t n = 0;
	testdb_ok(t, db_begin(&t->c, false));
	testdb_ok(t, jobs_failed_rows(&t->c, 10, &rows, &n));
	testdb_ok(t, db_commit(&t->c));
	assert_int_equal(n, 1);
	assert_true(rows[0].uncertain);
	unlink(file);
}

static enum err write_something(struct ctx *c, void *arg)
{
	(void)arg;
	return write_outcome(c, "meanwhile", 1);
}

static void somebody_else_writes(void)
{
	struct testdb other = *now;
	other.c.mem = arena_new(1 << 14);
	other.c.db = testdb_connect(&other);
	testdb_ok(&other, db_within(&other.c, true, write_something, NULL));
	db_close(other.c.db);
	arena_free(other.c.mem);
}

static void others_write_while_it_acts(void **state)
{
	struct testdb *t = *state;
	start(t);
	meanwhile = somebody_else_writes;
	assert_int_equal(work(t), 1);
	expect_rows(t, "meanwhile", "1");
	expect_rows(t, "was done", "1");
	unlink(file);
}

static void somebody_else_gets_the_job(void)
{
	struct testdb other = *now;
	other.c.mem = arena_new(1 << 14);
	other.c.db = testdb_connect(&other);
	meanwhile = NULL;
	shift_ms += 10 * MINUTE_MS;
	assert_int_equal(work(&other), 1);
	db_close(other.c.db);
	arena_free(other.c.mem);
}

static void an_effect_that_outlives_its_lease_is_uncertain_and_stays_so(void **state)
{
	struct testdb *t = *state;
	start(t);
	meanwhile = somebody_else_gets_the_job;
	assert_int_equal(work(t), 1);
	expect_rows(t, "is uncertain", "1");
	expect_rows(t, "was done", "0");
	for (int k = 0; k < 12; k++, shift_ms += 2 * HOUR_MS)
		work(t);
	assert_int_equal(times_acted(), 1);
	expect_rows(t, "was done", "0");
	unlink(file);
}

static void what_certainly_did_not_happen_is_tried_again(void **state)
{
	struct testdb *t = *state;
	start(t);
	answers = JOB_NOT_DONE;
	assert_int_equal(work(t), 1);
	assert_int_equal(work(t), 0);
	expect_rows(t, "was not done", "1");
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'send' AND acting_ms IS NULL"
					    " AND failed IS NOT NULL AND done_ms IS NULL"),
		"1");
	answers = JOB_DONE;
	shift_ms += MINUTE_MS;
	assert_int_equal(work(t), 1);
	assert_int_equal(times_acted(), 1);
	expect_rows(t, "was done", "1");
	unlink(file);
}

static void what_is_not_wanted_any_more_is_not_begun(void **state)
{
	struct testdb *t = *state;
	start(t);
	claim_fails = true;
	assert_int_equal(work(t), 1);
	expect_rows(t, "claimed", "0");
	claim_fails = false;
	wanted = false;
	shift_ms += MINUTE_MS;
	assert_int_equal(work(t), 1);
	assert_int_equal(times_acted(), 0);
	assert_string_equal(
		testdb_value(t, "SELECT count(*) FROM jobs WHERE kind = 'send' AND done_ms IS NOT NULL"), "1");
	unlink(file);
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(a_worker_killed_at_any_moment_acts_at_most_once),
		TESTDB(the_last_attempt_is_said_to_be_uncertain_too),
		TESTDB(others_write_while_it_acts),
		TESTDB(an_effect_that_outlives_its_lease_is_uncertain_and_stays_so),
		TESTDB(what_certainly_did_not_happen_is_tried_again),
		TESTDB(what_is_not_wanted_any_more_is_not_begun),
	};
	return testdb_run("jobs_effect", cases, COUNT(cases), NULL, 0);
}
