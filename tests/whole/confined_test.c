/* The database inside the sandbox that workers live in: files only below the data directory, system calls from a list. */
#include "base/clock.h"
#include "jobs/queue.h"
#include "os/sandbox.h"
#include "testdb.h"
#include <sys/wait.h>
#include <unistd.h>

/* Enough for SQLite to move its write-ahead log into the database on the way, several times. */
enum { ROUNDS = 300, JOBS_A_ROUND = 20 };

static enum err write_some(struct ctx *c, void *arg)
{
	(void)arg;
	for (int i = 0; i < JOBS_A_ROUND; i++)
		TRY(jobs_add(c, "confined", i, c->now_ms));
	return db_notify(c);
}

static enum err read_some(struct ctx *c, void *arg)
{
	return jobs_given_up(c, JOBS_ATTEMPTS_MAX, arg);
}

/* A break may come while committing; then nobody knows, and the round is done again. */
static enum err work_confined(struct testdb *t)
{
	struct jobs_given_up_row row;
	int breaks = 0;
	for (int i = 0; i < ROUNDS; i++) {
		t->c.now_ms = clock_now_ms();
		enum err e = db_within(&t->c, true, write_some, NULL);
		if (e == ERR_BUSY && breaks++ == 0)
			i--;
		else if (e != OK)
			return e;
		TRY(db_within(&t->c, false, read_some, &row));
		db_wake_drain(&t->c);
		arena_reset(t->c.mem);
	}
	return OK;
}

static void child(struct testdb *t, int ready)
{
	t->c.db = testdb_connect(t);
	struct sandbox s = { .kind = SANDBOX_WORK, .dirs = { t->dir }, .network = t->kind == DB_POSTGRES };
	if (sandbox_enter(&s) == SANDBOX_NONE || db_listen(&t->c) != OK || write(ready, "", 1) != 1)
		_exit(2);
	enum err e = work_confined(t);
	if (e != OK)
		fprintf(stderr, "# %.*s\n", STR_ARG(t->c.err.why));
	db_close(t->c.db);
	_exit(e == OK ? 0 : 1);
}

static void break_once(struct testdb *t)
{
	struct str sql = arena_printf(
		t->c.mem, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '%s'", t->name);
	testdb_on_server(t, sql.p);
}

/* Two at once, so that they wait for each other's lock. */
static void confined_workers_write_read_and_connect_again(void **state)
{
	struct testdb *t = *state;
	int ready[2];
	char byte;
	pid_t pids[2];
	testdb_exec(t,
		"INSERT INTO regions (region, number, name, zone, created_ms) VALUES ('31.71', 1, 'Satu', 'WIB', 0)");
	db_close(t->c.db);
	t->c.db = NULL;
	assert_int_equal(pipe(ready), 0);
	for (size_t i = 0; i < COUNT(pids); i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			child(t, ready[1]);
	}
	close(ready[1]);
	for (size_t i = 0; i < COUNT(pids); i++)
		assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	if (t->kind == DB_POSTGRES)
		break_once(t);
	for (size_t i = 0; i < COUNT(pids); i++) {
		int status = -1;
		assert_true(waitpid(pids[i], &status, 0) == pids[i]);
		assert_int_equal(status, 0);
	}
	t->c.db = testdb_connect(t);
	const char *enough = "SELECT CASE WHEN count(*) >= 12000 THEN 'enough' ELSE 'lost' END FROM jobs";
	assert_string_equal(testdb_value(t, enough), "enough");
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(confined_workers_write_read_and_connect_again),
	};
	return testdb_run("confined", cases, COUNT(cases), NULL, 0);
}
