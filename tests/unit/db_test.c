/* The database behind its calls, on a table of its own, on each kind of database. */
#include "../whole/testdb.h"
#include "base/clock.h"
#include "db/lock.h"
#include "db/raw.h"
#include "db_fixture_sql.h"
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct migration steps[] = {
	{1,  "things",
         { "CREATE TABLE things (region TEXT NOT NULL, id INTEGER NOT NULL, title TEXT NOT NULL CHECK "
		  "(length(title) < 30),"
		  " note TEXT, weight REAL, seen INTEGER NOT NULL, liked INTEGER, parent_id INTEGER, data BLOB NOT "
		  "NULL,"
		  " extra BLOB, made_ms INTEGER NOT NULL, PRIMARY KEY (region, id),"
		  " FOREIGN KEY (region, parent_id) REFERENCES things (region, id)) STRICT;"
		  "CREATE UNIQUE INDEX things_by_note ON things (region, note);",
			"CREATE TABLE things (region TEXT NOT NULL, id BIGINT NOT NULL, title TEXT NOT NULL CHECK "
			"(length(title) < 30),"
			" note TEXT, weight DOUBLE PRECISION, seen BOOLEAN NOT NULL, liked BOOLEAN, parent_id BIGINT,"
			" data BYTEA NOT NULL, extra BYTEA, made_ms BIGINT NOT NULL, PRIMARY KEY (region, id),"
			" FOREIGN KEY (region, parent_id) REFERENCES things (region, id));"
			"CREATE UNIQUE INDEX things_by_note ON things (region, note);" }                          },
	{ 2, "more",
         { "CREATE TABLE more (region TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (region, id)) STRICT",
			"CREATE TABLE more (region TEXT NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (region, id))" }},
};

static const struct str null_text = { NULL, 0 };

static enum err add(struct ctx *c, int64_t id, const char *title)
{
	return fixture_add(c, id, str_of(title), null_text, (struct opt_real){ 0 }, false, (struct opt_bool){ 0 },
		(struct opt_int){ 0 }, S(""), null_text);
}

static enum err count(struct ctx *c, int64_t *n)
{
	struct fixture_all_row *rows;
	size_t rows_count;
	TRY(fixture_all(c, (struct opt_bool){ 0 }, 1000, &rows, &rows_count));
	*n = (int64_t)rows_count;
	return OK;
}

static int64_t counted(struct testdb *t)
{
	int64_t n = -1;
	testdb_ok(t, db_begin(&t->c, false));
	testdb_ok(t, count(&t->c, &n));
	testdb_ok(t, db_commit(&t->c));
	return n;
}

static void values_of_every_type_come_back(void **state)
{
	struct testdb *t = *state;
	struct str text = S("it's \"quoted\" \\ \xC3\xA9\n$1 ?1 :title"), bytes = { "a\0\xFF\\x", 5 };
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, fixture_add(&t->c, INT64_MAX, S("t"), text, (struct opt_real){ true, -0.1 }, true,
			     (struct opt_bool){ true, true }, opt_int(INT64_MAX), bytes, bytes));
	testdb_ok(t, add(&t->c, INT64_MIN, ""));
	testdb_ok(t, db_commit(&t->c));
	testdb_ok(t, db_begin(&t->c, false));
	struct fixture_get_row full, bare;
	testdb_ok(t, fixture_get(&t->c, INT64_MAX, &full));
	testdb_ok(t, fixture_get(&t->c, INT64_MIN, &bare));
	testdb_ok(t, db_commit(&t->c));
	assert_true(full.id == INT64_MAX && str_is(full.title, "t") && str_eq(full.note, text));
	assert_true(full.weight.is && full.weight.v == -0.1 && full.seen && full.liked.is && full.liked.v);
	assert_true(full.parent_id.is && full.parent_id.v == INT64_MAX);
	assert_true(str_eq(full.data, bytes) && str_eq(full.extra, bytes));
	assert_true(full.made_ms == t->c.now_ms);
	assert_int_equal(full.note.p[full.note.n], 0);
	assert_true(bare.title.p && bare.title.n == 0 && bare.data.p && bare.data.n == 0);
	assert_true(!bare.note.p && !bare.extra.p && !bare.weight.is && !bare.liked.is && !bare.parent_id.is);
}

static void rows_come_in_order_and_nulls_open_a_filter(void **state)
{
	struct testdb *t = *state;
	struct fixture_all_row *rows;
	size_t n;
	testdb_ok(t, db_begin(&t->c, true));
	for (int64_t id = 1; id <= 40; id++)
		testdb_ok(t, fixture_add(&t->c, id, S("x"), null_text, (struct opt_real){ 0 }, id % 2,
				     (struct opt_bool){ 0 }, (struct opt_int){ 0 }, S(""), null_text));
	testdb_ok(t, fixture_all(&t->c, (struct opt_bool){ 0 }, 30, &rows, &n));
	assert_int_equal(n, 30);
	for (size_t i = 0; i < n; i++)
		assert_true(rows[i].id == (int64_t)i + 1);
	testdb_ok(t, fixture_all(&t->c, (struct opt_bool){ true, true }, 100, &rows, &n));
	assert_int_equal(n, 20);
	t->c.region = S("31.72");
	testdb_ok(t, fixture_all(&t->c, (struct opt_bool){ 0 }, 100, &rows, &n));
	assert_int_equal(n, 0);
	assert_null(rows);
	testdb_ok(t, db_commit(&t->c));
}

static void one_maybe_and_returning_say_what_they_found(void **state)
{
	struct testdb *t = *state;
	struct fixture_get_row row;
	struct fixture_find_row found_row;
	struct fixture_set_title_row changed;
	struct fixture_put_row put;
	bool found = true;
	testdb_ok(t, db_begin(&t->c, true));
	assert_int_equal(fixture_get(&t->c, 1, &row), ERR_NOT_FOUND);
	testdb_ok(t, fixture_find(&t->c, S("x"), &found_row, &found));
	assert_false(found);
	testdb_ok(t, fixture_put(&t->c, 1, S("x"), S(""), &put, &found));
	assert_true(found && put.id == 1);
	testdb_ok(t, fixture_put(&t->c, 1, S("x"), S(""), &put, &found));
	assert_false(found);
	testdb_ok(t, fixture_set_title(&t->c, 1, S("y"), &changed, &found));
	assert_true(found && str_is(changed.title, "y's :title"));
	testdb_ok(t, db_commit(&t->c)); /* no statement is left open */
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, add(&t->c, 2, "z"));
	testdb_ok(t, add(&t->c, 3, "z"));
	assert_int_equal(fixture_find(&t->c, S("z"), &found_row, &found), ERR_DB);
	assert_int_equal(db_commit(&t->c), ERR_DB);
	assert_true(counted(t) == 1);
}

static void a_null_that_was_not_declared_is_an_error(void **state)
{
	struct testdb *t = *state;
	struct fixture_weight_row row;
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, add(&t->c, 1, "x"));
	assert_int_equal(fixture_weight(&t->c, &row), ERR_DB);
	assert_true(str_is(t->c.err.why, "fixture_weight: weight is null"));
	db_rollback(&t->c);
}

static void each_database_gets_its_own_variant(void **state)
{
	struct testdb *t = *state;
	struct fixture_kind_row row;
	testdb_ok(t, db_begin(&t->c, false));
	testdb_ok(t, fixture_kind(&t->c, &row));
	testdb_ok(t, db_commit(&t->c));
	assert_true(str_starts(row.kind, t->kind == DB_SQLITE ? S("sqlite 3.") : S("postgres PostgreSQL ")));
	assert_true(db_kind(t->c.db) == t->kind);
}

static void refusals_are_conflicts_and_name_no_value(void **state)
{
	struct testdb *t = *state;
	struct ctx *c = &t->c;
	struct opt_real none = { 0 };
	struct opt_bool no = { 0 };
	testdb_ok(t, db_begin(c, true));
	testdb_ok(t, fixture_add(c, 1, S("x"), S("secret"), none, true, no, (struct opt_int){ 0 }, S(""), null_text));
	testdb_ok(t, db_commit(c));
	for (int i = 0; i < 4; i++) {
		testdb_ok(t, db_begin(c, true));
		struct str title = i == 2 ? S("secret secret secret secret secret") : S("x");
		struct opt_int parent = { i == 1, 777 };
		struct str note = i == 0 ? S("secret") : S("other");
		enum err e = fixture_add(c, i == 3 ? 1 : 2, title, note, none, true, no, parent, S(""), null_text);
		assert_int_equal(e, ERR_CONFLICT);
		assert_true(str_starts(c->err.why, S("fixture_add: ")));
		assert_null(strstr(c->err.why.p, "secret"));
		assert_null(strstr(c->err.why.p, "777"));
		assert_int_equal(db_retryable(c->db), i == 3); /* the id was taken */
		assert_int_equal(count(c, &(int64_t){ 0 }), ERR_DB);
		assert_int_equal(db_commit(c), ERR_DB);
		assert_false(db_in_transaction(c->db));
	}
	assert_true(counted(t) == 1);
}

static void reading_transactions_cannot_write(void **state)
{
	struct testdb *t = *state;
	struct fixture_sly_row row;
	bool found;
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, add(&t->c, 1, "x"));
	testdb_ok(t, db_commit(&t->c));
	testdb_ok(t, db_begin(&t->c, false));
	assert_int_equal(add(&t->c, 2, "x"), ERR_DB);
	db_rollback(&t->c);
	testdb_ok(t, db_begin(&t->c, false));
	assert_int_equal(fixture_sly(&t->c, 1, &row, &found), ERR_DB);
	db_rollback(&t->c);
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, fixture_sly(&t->c, 1, &row, &found));
	assert_true(found);
	testdb_ok(t, db_commit(&t->c));
}

static void a_rollback_leaves_nothing_and_a_commit_everything(void **state)
{
	struct testdb *t = *state;
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, add(&t->c, 1, "x"));
	db_rollback(&t->c);
	db_rollback(&t->c);
	assert_true(counted(t) == 0);
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, add(&t->c, 1, "x"));
	testdb_ok(t, db_commit(&t->c));
	struct db *own = t->c.db;
	t->c.db = testdb_connect(t);
	assert_true(counted(t) == 1);
	db_close(t->c.db);
	t->c.db = own;
}

/* Takes another id each time it runs; the first is taken. */
static enum err add_next(struct ctx *c, void *arg)
{
	int64_t *id = arg;
	return add(c, (*id)++, "x");
}

static void an_id_that_is_taken_is_tried_again(void **state)
{
	struct testdb *t = *state;
	int64_t id = 5;
	testdb_ok(t, db_within(&t->c, true, add_next, &id));
	id = 5;
	testdb_ok(t, db_within(&t->c, true, add_next, &id));
	assert_true(id == 7 && counted(t) == 2);
	for (id = 7; id < 10;)
		testdb_ok(t, db_within(&t->c, true, add_next, &id));
	id = 5;
	assert_int_equal(db_within(&t->c, true, add_next, &id), ERR_CONFLICT);
	assert_true(id == 8);
}

static void the_injected_fault_strikes_once_and_where_it_should(void **state)
{
	struct testdb *t = *state;
	for (int nth = 0; nth < 3; nth++) {
		testdb_ok(t, db_begin(&t->c, true));
		db_fault_countdown = nth;
		enum err first = add(&t->c, 1, "x");
		enum err second = first == OK ? add(&t->c, 2, "x") : first;
		enum err end = db_commit(&t->c);
		assert_int_equal(first, nth == 0 ? ERR_DB : OK);
		assert_int_equal(second, nth < 2 ? ERR_DB : OK);
		assert_int_equal(end, ERR_DB);
		assert_int_equal(db_fault_countdown, -1);
		assert_true(counted(t) == 0);
	}
}

static void features_cannot_change_the_schema(void **state)
{
	struct testdb *t = *state;
	const char *denied[] = { "CREATE TABLE x (a)", "DROP TABLE things", "ALTER TABLE things ADD x",
		"ATTACH 'other.db' AS other", "CREATE TEMP TABLE x (a)", "PRAGMA writable_schema=1",
		"DELETE FROM sqlite_schema", "VACUUM" };
	for (size_t i = 0; i < COUNT(denied); i++)
		assert_int_equal(db_raw(&t->c, str_of(denied[i]), NULL), ERR_DB);
}

static void a_notification_is_told_after_the_commit_only(void **state)
{
	struct testdb *t = *state;
	testdb_ok(t, db_listen(&t->c));
	assert_int_equal(db_wake_fd(t->c.db) >= 0, t->kind == DB_POSTGRES);
	db_wake_drain(&t->c);
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, db_notify(&t->c));
	db_rollback(&t->c);
	assert_false(db_take_notified(t->c.db));
	assert_false(db_wake_drain(&t->c));
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, db_notify(&t->c));
	testdb_ok(t, db_notify(&t->c));
	assert_false(db_take_notified(t->c.db));
	testdb_ok(t, db_commit(&t->c));
	assert_int_equal(db_take_notified(t->c.db), t->kind == DB_SQLITE);
	assert_false(db_take_notified(t->c.db));
	assert_int_equal(db_wake_drain(&t->c), t->kind == DB_POSTGRES);
	assert_false(db_wake_drain(&t->c));
}

enum { WRITERS = 4, WRITES = 40 };

static void write_many(struct testdb *t, int writer)
{
	t->c.db = testdb_connect(t);
	for (int i = 0; i < WRITES; i++) {
		int64_t id = writer * 1000 + i;
		if (db_within(&t->c, true, add_next, &id) != OK)
			_exit(1);
	}
	db_close(t->c.db);
	_exit(0);
}

static void writers_of_several_processes_all_get_their_turn(void **state)
{
	struct testdb *t = *state;
	db_close(t->c.db); /* connections are not carried over a fork */
	t->c.db = NULL;
	for (int i = 0; i < WRITERS; i++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			write_many(t, i + 1);
	}
	for (int i = 0; i < WRITERS; i++) {
		int status = -1;
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	t->c.db = testdb_connect(t);
	assert_true(counted(t) == WRITERS * WRITES);
}

static void a_writer_that_dies_leaves_no_lock_and_nothing_half_done(void **state)
{
	struct testdb *t = *state;
	db_close(t->c.db);
	t->c.db = NULL;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		t->c.db = testdb_connect(t);
		bool ready = db_begin(&t->c, true) == OK && add(&t->c, 1, "x") == OK;
		kill(getpid(), ready ? SIGKILL : SIGTERM);
	}
	int status = 0;
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	t->c.db = testdb_connect(t);
	int64_t id = 1;
	testdb_ok(t, db_within(&t->c, true, add_next, &id));
	assert_true(counted(t) == 1);
}

static void note_damage(void *arg, struct str what)
{
	(void)what;
	++*(int *)arg;
}

static void a_sound_database_has_no_findings(void **state)
{
	struct testdb *t = *state;
	int findings = 0;
	testdb_ok(t, db_check(&t->c, false, note_damage, NULL, &findings));
	testdb_ok(t, db_check(&t->c, true, note_damage, NULL, &findings));
	assert_int_equal(findings, 0);
}

static void a_broken_reference_is_found(void **state)
{
	struct testdb *t = *state;
	int findings = 0;
	sqlite3 *h = NULL;
	assert_int_equal(sqlite3_open(t->where.p + strlen("sqlite:"), &h), SQLITE_OK);
	const char *sql =
		"PRAGMA foreign_keys=OFF; INSERT INTO things (region, id, title, seen, data, made_ms, parent_id)"
		" VALUES ('31.71', 1, 'x', 0, x'', 0, 99)";
	assert_int_equal(sqlite3_exec(h, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(h);
	testdb_ok(t, db_check(&t->c, false, note_damage, NULL, &findings));
	assert_int_equal(findings, 0);
	testdb_ok(t, db_check(&t->c, true, note_damage, NULL, &findings));
	assert_int_equal(findings, 1);
}

static void what_is_no_database_is_refused(void **state)
{
	struct testdb *t = *state;
	struct db *db = NULL;
	const char *bad[] = { "", "sqlite:", "sqlite::memory:", "mysql://x", "adem.db", "postgres:" };
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(db_connect(&t->c, str_of(bad[i]), &db), ERR_INPUT);
		assert_null(db);
	}
	assert_int_equal(db_connect(&t->c, S("sqlite:/nonexistent/x.db"), &db), ERR_IO);
	assert_int_equal(db_connect(&t->c, S("postgresql:///x?host=/nonexistent"), &db), ERR_BUSY);
}

/* --- PostgreSQL only: the connection breaks --- */

/* Ends all connections to the database of T, as a restart of the server does, and waits until they are gone. */
static void break_connections(struct testdb *t)
{
	struct str sql = arena_printf(
		t->c.mem, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '%s'", t->name);
	testdb_on_server(t, sql.p);
}

static void a_connection_lost_while_idle_is_not_noticed(void **state)
{
	struct testdb *t = *state;
	int64_t id = 1;
	testdb_ok(t, db_within(&t->c, true, add_next, &id));
	break_connections(t);
	assert_true(counted(t) == 1);
}

static void a_connection_lost_in_a_transaction_can_be_repeated(void **state)
{
	struct testdb *t = *state;
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, add(&t->c, 1, "x"));
	break_connections(t);
	int64_t n;
	assert_int_equal(count(&t->c, &n), ERR_BUSY);
	assert_true(db_retryable(t->c.db));
	db_rollback(&t->c);
	assert_true(counted(t) == 0);
}

static void a_connection_lost_while_committing_must_not_be_repeated(void **state)
{
	struct testdb *t = *state;
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, add(&t->c, 1, "x"));
	break_connections(t);
	assert_int_equal(db_commit(&t->c), ERR_BUSY);
	assert_false(db_retryable(t->c.db));
	assert_false(db_in_transaction(t->c.db));
	assert_true(counted(t) == 0);
}

/* What gives no rows is sent on and answered later. */
static void a_refusal_that_comes_late_names_who_was_refused(void **state)
{
	struct testdb *t = *state;
	int64_t n;
	for (int64_t id = 1; id <= 100; id++) /* one after the other, and many at once */
		testdb_ok(t, id > 1 ? add(&t->c, id, "x") : db_begin(&t->c, true));
	testdb_ok(t, db_commit(&t->c));
	for (int with_commit = 0; with_commit < 2; with_commit++) {
		testdb_ok(t, db_begin(&t->c, true));
		testdb_ok(t, count(&t->c, &n));
		testdb_ok(t, add(&t->c, 2, "x"));
		testdb_ok(t, db_notify(&t->c));
		assert_int_equal(with_commit ? db_commit(&t->c) : count(&t->c, &n), ERR_CONFLICT);
		assert_true(str_starts(t->c.err.why, S("fixture_add: ")) && db_retryable(t->c.db));
		db_rollback(&t->c);
		assert_true(counted(t) == 99);
	}
}

static void who_listens_hears_again_after_a_break(void **state)
{
	struct testdb *t = *state;
	testdb_ok(t, db_listen(&t->c));
	assert_false(db_wake_drain(&t->c));
	break_connections(t);
	assert_true(db_wake_drain(&t->c)); /* something may have been missed */
	assert_false(db_wake_drain(&t->c));
	struct db *own = t->c.db;
	t->c.db = testdb_connect(t);
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, db_notify(&t->c));
	testdb_ok(t, db_commit(&t->c));
	db_close(t->c.db);
	t->c.db = own;
	struct pollfd p = { .fd = db_wake_fd(t->c.db), .events = POLLIN };
	assert_int_equal(poll(&p, 1, 5000), 1);
	assert_true(db_wake_drain(&t->c));
}

static void while_there_is_no_server_the_answer_is_quick_and_then_all_is_well(void **state)
{
	struct testdb *t = *state;
	struct str refuse = arena_printf(t->c.mem, "ALTER DATABASE %s ALLOW_CONNECTIONS false", t->name);
	struct str allow = arena_printf(t->c.mem, "ALTER DATABASE %s ALLOW_CONNECTIONS true", t->name);
	testdb_on_server(t, refuse.p);
	break_connections(t);
	assert_int_equal(db_begin(&t->c, false), ERR_BUSY);
	assert_int_equal(db_begin(&t->c, false), ERR_BUSY); /* too soon to try again */
	assert_non_null(strstr(t->c.err.why.p, "soon"));
	assert_int_equal(db_wake_fd(t->c.db), -1);
	testdb_on_server(t, allow.p);
	int64_t until_ms = clock_monotonic_ms() + 10000;
	enum err e;
	while ((e = db_begin(&t->c, false)) == ERR_BUSY && clock_monotonic_ms() < until_ms)
		arena_reset(t->c.mem);
	testdb_ok(t, e);
	db_rollback(&t->c);
}

static void waiting_for_the_write_lock_ends_in_time(void **state)
{
	struct testdb *t = *state;
	struct str file = arena_printf(t->c.mem, "%s/only.lock", t->dir);
	int first = lock_open(file.p), second = lock_open(file.p);
	assert_true(first >= 0 && second >= 0);
	assert_true(lock_take(first, 0));
	int64_t start_ms = clock_monotonic_ms();
	assert_false(lock_take(second, 150));
	int64_t waited_ms = clock_monotonic_ms() - start_ms;
	assert_true(waited_ms >= 150 && waited_ms < 5000);
	lock_release(first);
	assert_true(lock_take(second, 0));
	assert_false(lock_take(first, 0));
	close(second);
	assert_true(lock_take(first, 0)); /* the lock ends with the file, so with the process */
	close(first);
}

static int64_t title_length(struct testdb *t, struct db *db, int64_t id)
{
	struct fixture_get_row row;
	struct ctx c = t->c;
	c.db = db;
	testdb_ok(t, db_begin(&c, false));
	testdb_ok(t, fixture_get(&c, id, &row));
	testdb_ok(t, db_commit(&c));
	return (int64_t)row.title.n;
}

static void what_was_asked_before_is_answered_anew_after_any_change(void **state)
{
	struct testdb *t = *state;
	struct db *mine = t->c.db, *other = testdb_connect(t);
	struct fixture_set_title_row row;
	bool found;
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, add(&t->c, 1, ""));
	testdb_ok(t, db_commit(&t->c));
	for (int64_t round = 1; round <= 6; round++) {
		assert_true(title_length(t, mine, 1) == title_length(t, mine, 1));
		struct str title = { "xxxxxx", (size_t)round };
		t->c.db = round % 2 ? other : mine; /* others write, and we ourselves */
		testdb_ok(t, db_begin(&t->c, true));
		testdb_ok(t, fixture_set_title(&t->c, 1, title, &row, &found));
		if (round == 3)
			db_rollback(&t->c);
		else
			testdb_ok(t, db_commit(&t->c));
		t->c.db = mine;
		size_t added = strlen("'s :title");
		int64_t length = round == 3 ? 2 + (int64_t)added : round + (int64_t)added;
		assert_true(title_length(t, mine, 1) == length);
		assert_true(title_length(t, other, 1) == length);
	}
	db_close(other);
}

static void within_a_transaction_the_own_changes_are_seen(void **state)
{
	struct testdb *t = *state;
	int64_t n = -1;
	assert_true(counted(t) == 0);
	assert_true(counted(t) == 0);
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, count(&t->c, &n));
	assert_true(n == 0);
	testdb_ok(t, add(&t->c, 1, "x"));
	testdb_ok(t, count(&t->c, &n));
	assert_true(n == 1);
	db_rollback(&t->c);
	assert_true(counted(t) == 0);
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(what_was_asked_before_is_answered_anew_after_any_change),
		TESTDB(within_a_transaction_the_own_changes_are_seen),
		TESTDB(values_of_every_type_come_back),
		TESTDB(rows_come_in_order_and_nulls_open_a_filter),
		TESTDB(one_maybe_and_returning_say_what_they_found),
		TESTDB(a_null_that_was_not_declared_is_an_error),
		TESTDB(each_database_gets_its_own_variant),
		TESTDB(refusals_are_conflicts_and_name_no_value),
		TESTDB(reading_transactions_cannot_write),
		TESTDB(a_rollback_leaves_nothing_and_a_commit_everything),
		TESTDB(an_id_that_is_taken_is_tried_again),
		TESTDB(the_injected_fault_strikes_once_and_where_it_should),
		TESTDB_ON(ON_SQLITE, features_cannot_change_the_schema),
		TESTDB(a_notification_is_told_after_the_commit_only),
		TESTDB(writers_of_several_processes_all_get_their_turn),
		TESTDB(a_writer_that_dies_leaves_no_lock_and_nothing_half_done),
		TESTDB(a_sound_database_has_no_findings),
		TESTDB_ON(ON_SQLITE, a_broken_reference_is_found),
		TESTDB(what_is_no_database_is_refused),
		TESTDB_ON(ON_SQLITE, waiting_for_the_write_lock_ends_in_time),
		TESTDB_ON(ON_POSTGRES, a_connection_lost_while_idle_is_not_noticed),
		TESTDB_ON(ON_POSTGRES, a_connection_lost_in_a_transaction_can_be_repeated),
		TESTDB_ON(ON_POSTGRES, a_connection_lost_while_committing_must_not_be_repeated),
		TESTDB_ON(ON_POSTGRES, a_refusal_that_comes_late_names_who_was_refused),
		TESTDB_ON(ON_POSTGRES, who_listens_hears_again_after_a_break),
		TESTDB_ON(ON_POSTGRES, while_there_is_no_server_the_answer_is_quick_and_then_all_is_well),
	};
	return testdb_run("db", cases, COUNT(cases), steps, COUNT(steps));
}
