/* Migrating: from nothing, step by step, from dumps of released versions, by two at once, and what must be refused. */
#include "base/clock.h"
#include "db/raw.h"
#include "schema.h"
#include <dirent.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct migration small[] = {
	{1,  "first",
         { "CREATE TABLE one (id INTEGER NOT NULL PRIMARY KEY) STRICT; INSERT INTO one VALUES (7)",
			"CREATE TABLE one (id BIGINT NOT NULL PRIMARY KEY); INSERT INTO one VALUES (7)" }  },
	{ 2, "second",
         { "CREATE TABLE two (id INTEGER NOT NULL PRIMARY KEY REFERENCES one (id)) STRICT; INSERT INTO two "
		  "VALUES (7)",
			"CREATE TABLE two (id BIGINT NOT NULL PRIMARY KEY REFERENCES one (id)); INSERT INTO two VALUES "
			"(7)" }									    },
	{ 3, "third",
         { "CREATE TABLE three (id INTEGER NOT NULL PRIMARY KEY) STRICT; INSERT INTO two VALUES (8)",
			"CREATE TABLE three (id BIGINT NOT NULL PRIMARY KEY); INSERT INTO two VALUES (8)" }},
	{ 4, "fourth",
         { "CREATE TABLE four (id INTEGER NOT NULL PRIMARY KEY) STRICT",
			"CREATE TABLE four (id BIGINT NOT NULL PRIMARY KEY)" }                             },
};

/* Two cases at step 2: one of a report whose sender was signed in as account 5, one that account 5 opened by hand. Each
 * kind of row that named a reporter, and those that rightly name a member. */
static const char old_region[] =
	"INSERT INTO regions (region, number, name, zone, created_ms) VALUES ('31.71', 1, 'Satu', 'WIB', 0);"
	"INSERT INTO places (region, id, code, level, name, created_ms) VALUES ('31.71', 3, '31.71', 'city', 'x', 0)";
static const char old_reporters[] =
	"INSERT INTO cases (region, id, place_id, level, reason, state, opened_ms, opened_by, confirmed_as, "
	"confirmed_by)"
	" VALUES ('31.71', 1, 3, 'nyata', 'other', 'closed', 0, NULL, 'reporter', 5),"
	" ('31.71', 2, 3, 'nyata', 'other', 'closed', 0, 5, 'member', 5);"
	"INSERT INTO reports (region, id, case_id, place_id, level, reason, timing, channel, spares_neighbours, "
	"entered_by,"
	" created_ms) VALUES ('31.71', 1, 1, 3, 'nyata', 'other', 'now', 'desk', false, 5, 0);"
	"INSERT INTO report_messages (region, id, report_id, side, account_id, post_id, created_ms)"
	" VALUES ('31.71', 1, 1, 'reporter', 5, NULL, 0), ('31.71', 2, 1, 'post', 5, 4, 0);"
	"INSERT INTO case_entries (region, id, case_id, kind, detail, account_id, post_id, created_ms)"
	" VALUES ('31.71', 1, 1, 'opened', '', 5, NULL, 0), ('31.71', 2, 1, 'report', '', 5, NULL, 0),"
	" ('31.71', 3, 1, 'called', '', 5, 4, 0), ('31.71', 4, 1, 'mine', '', 5, 4, 0),"
	" ('31.71', 5, 2, 'opened', '', 5, NULL, 0), ('31.71', 6, 1, 'confirmed', 'reporter', 5, NULL, 0)";

/* Of a report that was taken back at 20: its reporter's messages 1 (before) and 8 (after), and 2 of a post. */
static const char old_messages[] = /* how the database writes a byte */
	"UPDATE reports SET withdrawn_ms = 20;"
	"INSERT INTO report_messages (region, id, report_id, side, account_id, post_id, created_ms)"
	" VALUES ('31.71', 8, 1, 'reporter', NULL, NULL, 30);"
	"INSERT INTO boxes (region, id, subject, subject_id, field, ciphertext, created_ms)"
	" SELECT region, id, 'report_messages', id, 'text', %s, 0 FROM report_messages;"
	"INSERT INTO box_keys (region, subject, subject_id, reader, reader_id, sealed_key)"
	" SELECT region, subject, subject_id, 'receipt', 1, ciphertext FROM boxes";
static const char old_left[] =
	"SELECT sum(id) FROM report_messages WHERE withdrawn_ms IS NULL AND id IN (SELECT subject_id FROM box_keys)"
	" AND id IN (SELECT subject_id FROM boxes WHERE length(ciphertext) = 1)";

/* At step 7: account 5 has left the post, 6 is a member and stands twice in the night of 100, once within the other, and once
 * in the night of 300. */
static const char old_accounts[] = /* how the database casts to bytes */
	"INSERT INTO accounts (region, id, name, phone, lang, public_key, password_salt, password_cost, password_key,"
	" recovery_key, created_ms) SELECT '31.71', n, 'x', '', 'id', k, s, 0, k, k, 0"
	" FROM (SELECT 5 AS n UNION SELECT 6) people, (SELECT CAST('0123456789abcdef0123456789abcdef' AS %s) AS k,"
	" CAST('0123456789abcdef' AS %s) AS s) keys";
static const char old_members[] =
	"INSERT INTO posts (region, id, kind, name, place_id, phone, created_ms)"
	" VALUES ('31.71', 4, 'rw', 'x', 3, '', 0);"
	"INSERT INTO memberships (region, id, post_id, account_id, roles, since_ms, ended_ms)"
	" VALUES ('31.71', 1, 4, 5, 2, 0, 50), ('31.71', 2, 4, 6, 2, 0, NULL), ('31.71', 3, 4, 6, 2, 0, 60);"
	"INSERT INTO duties (region, id, post_id, account_id, from_ms, until_ms, created_ms)"
	" VALUES ('31.71', 1, 4, 5, 100, 200, 7), ('31.71', 2, 4, 6, 100, 200, 7), ('31.71', 3, 4, 6, 100, 200, 7),"
	" ('31.71', 4, 4, 6, 150, 200, 7), ('31.71', 5, 4, 6, 300, 400, 7);"
	"INSERT INTO duty_swaps (region, id, duty_id, to_account_id, asked_ms)"
	" VALUES ('31.71', 1, 1, 6, 8), ('31.71', 2, 5, 6, 8)";

static char said[4000];

static void note(void *arg, const char *line)
{
	(void)arg;
	size_t n = strlen(said);
	snprintf(said + n, sizeof said - n, "%s\n", line);
}

static enum err migrate(struct testdb *t, const struct migration *steps, size_t count, bool dry_run)
{
	said[0] = 0;
	return migrate_run_steps(&t->c, steps, count, dry_run, note, NULL);
}

typedef void (*on_kind)(struct testdb *t);

/* Runs TEST on an empty database of each kind. */
static void on_empty(on_kind test)
{
	for (enum db_kind kind = DB_SQLITE; kind <= DB_POSTGRES; kind++) {
		struct testdb t;
		if (!testdb_has(kind))
			continue;
		testdb_open(&t, kind, NULL, 0);
		test(&t);
		testdb_close(&t);
	}
}

static void from_empty(struct testdb *t)
{
	assert_int_equal(migrate_check(&t->c), ERR_CONFLICT);
	assert_non_null(strstr(t->c.err.why.p, "adem migrate"));
	testdb_ok(t, migrate_run(&t->c, true, note, NULL));
	assert_int_equal(migrate_check(&t->c), ERR_CONFLICT);
	testdb_ok(t, migrate_run(&t->c, false, note, NULL));
	testdb_ok(t, migrate_check(&t->c));
	uint64_t hash = testdb_hash(t);
	testdb_ok(t, migrate_run(&t->c, false, note, NULL));
	assert_true(testdb_hash(t) == hash);
}

static void an_empty_database_gets_all_steps_once(void **state)
{
	(void)state;
	on_empty(from_empty);
}

static void dry_run(struct testdb *t)
{
	testdb_ok(t, migrate(t, small, 2, true));
	assert_string_equal(said, "0001 first: would be applied\n0002 second: would be applied\n");
	assert_string_equal(
		testdb_value(t, t->kind == DB_SQLITE ? "SELECT count(*) FROM sqlite_schema"
						     : "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"),
		"0");
	testdb_ok(t, migrate(t, small, 2, false));
	assert_string_equal(said, t->kind == DB_SQLITE ? "0001 first: 1 of 2 begins\n0001 first: applied\n"
							 "0002 second: 2 of 2 begins\nreferences are checked\n"
							 "0002 second: applied\n"
						       : "0001 first: 1 of 2 begins\n0001 first: applied\n"
							 "0002 second: 2 of 2 begins\n0002 second: applied\n");
	testdb_ok(t, migrate(t, small, 2, true));
	assert_string_equal(said, "the database is at the newest step\n");
}

static void a_dry_run_says_and_changes_nothing(void **state)
{
	(void)state;
	on_empty(dry_run);
}

static void failing_step(struct testdb *t)
{
	testdb_ok(t, migrate(t, small, 1, false));
	assert_true(migrate(t, small, 3, false) != OK);
	assert_string_equal(testdb_value(t, "SELECT max(number) FROM migrations"), "2");
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM two"), "1");
	assert_int_equal(db_raw(&t->c, S("SELECT * FROM three"), NULL), ERR_DB);
	testdb_ok(t, migrate(t, small, 2, false)); /* the lock is free again */
}

static void a_step_that_fails_or_breaks_references_is_undone_whole(void **state)
{
	(void)state;
	on_empty(failing_step);
}

static void broken_before_the_last(struct testdb *t)
{
	for (int again = 0; again < 2; again++) {
		assert_true(migrate(t, small, 4, false) != OK);
		assert_non_null(
			strstr(t->c.err.why.p, t->kind == DB_SQLITE ? "the first in two to one" : "0003 third"));
		assert_string_equal(
			testdb_value(t, "SELECT max(number) FROM migrations"), t->kind == DB_SQLITE ? "3" : "2");
		assert_int_equal(db_raw(&t->c, S("SELECT * FROM four"), NULL), ERR_DB);
	}
}

static void no_database_with_a_broken_reference_comes_to_the_newest_step(void **state)
{
	(void)state;
	on_empty(broken_before_the_last);
}

static void each_at_its_time(struct testdb *t)
{
	int64_t from_ms = clock_now_ms();
	t->c.now_ms = 1;
	testdb_ok(t, migrate(t, small, 2, false));
	assert_string_equal(testdb_value(t, arena_printf(t->c.mem,
						    "SELECT count(*) FROM migrations WHERE applied_ms BETWEEN %" PRId64
						    " AND %" PRId64,
						    from_ms, clock_now_ms())
						    .p),
		"2");
}

static void each_step_has_the_time_when_it_was_applied(void **state)
{
	(void)state;
	on_empty(each_at_its_time);
}

static void strangers(struct testdb *t)
{
	struct migration edited[2] = { small[0], small[1] };
	testdb_ok(t, migrate(t, small, 2, false));
	assert_int_equal(migrate(t, small, 1, false), ERR_CONFLICT);
	assert_non_null(strstr(t->c.err.why.p, "newer"));
	edited[1].sql[0] = edited[1].sql[1] = "CREATE TABLE two (id BIGINT)";
	assert_int_equal(migrate(t, edited, 2, false), ERR_CONFLICT);
	assert_non_null(strstr(t->c.err.why.p, "0002 second"));
	assert_int_equal(migrate_check(&t->c), ERR_CONFLICT);
}

static void steps_of_another_program_are_refused(void **state)
{
	(void)state;
	on_empty(strangers);
}

static void a_sqlite_file_with_something_in_it_is_copied_first(void **state)
{
	(void)state;
	struct testdb t, copy = { 0 };
	testdb_open(&t, DB_SQLITE, small, 1);
	assert_null(strstr(said, "copied"));
	testdb_ok(&t, migrate(&t, small, 2, false));
	char name[300] = "";
	assert_int_equal(sscanf(said, "copied to %299s", name), 1);
	assert_non_null(strstr(name, "adem.db.before-0002-"));
	struct stat st;
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	copy.c = t.c;
	testdb_ok(&t, db_connect(&copy.c, arena_printf(t.c.mem, "sqlite:%s", name), &copy.c.db));
	assert_string_equal(testdb_value(&copy, "SELECT max(number) FROM migrations"), "1");
	assert_string_equal(testdb_value(&copy, "SELECT id FROM one"), "7");
	db_close(copy.c.db);
	testdb_close(&t);
}

static void another_programs_file_is_left_alone(void **state)
{
	(void)state;
	struct testdb t;
	struct db *db = NULL;
	testdb_open(&t, DB_SQLITE, NULL, 0);
	struct str other = arena_printf(t.c.mem, "%s/other.db", t.dir);
	FILE *f = fopen(other.p, "wb");
	assert_non_null(f);
	fputs("This is not a database, but longer than the header of one: a hundred bytes it must have at the least, "
	      "or so.",
		f);
	fclose(f);
	assert_int_equal(db_connect(&t.c, arena_printf(t.c.mem, "sqlite:%s", other.p), &db), ERR_DB);
	assert_null(db);
	testdb_close(&t);
}

static void migrate_in_child(struct testdb *t)
{
	t->c.db = testdb_connect(t);
	enum err e = migrate(t, small, 2, false);
	db_close(t->c.db);
	_exit(e == OK ? 0 : 1);
}

static void several_at_once(struct testdb *t)
{
	enum { MIGRATORS = 4 };
	db_close(t->c.db);
	t->c.db = NULL;
	for (int i = 0; i < MIGRATORS; i++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			migrate_in_child(t);
	}
	for (int i = 0; i < MIGRATORS; i++) {
		int status = -1;
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	t->c.db = testdb_connect(t);
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM migrations"), "2");
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM one"), "1");
}

static void several_who_migrate_at_once_wait_for_each_other(void **state)
{
	(void)state;
	on_empty(several_at_once);
}

/* The schema of an empty start at the newest step, made once. */
static const char *newest_schema(enum db_kind kind)
{
	static char *made[DB_POSTGRES + 1];
	struct testdb fresh;
	if (made[kind])
		return made[kind];
	testdb_open(&fresh, kind, migrations, migrations_count);
	made[kind] = strdup(schema_of(&fresh).p);
	assert_non_null(made[kind]);
	testdb_close(&fresh);
	return made[kind];
}

/* A row as the step at hand knows it. */
static void put_region(struct testdb *t, size_t number)
{
	struct str sql = arena_printf(t->c.mem,
		"INSERT INTO regions (region, number, name, zone, created_ms) VALUES ('31.%02zu', %zu, 'Satu', 'WIB', "
		"0)",
		number, number);
	testdb_exec(t, sql.p);
}

/* A file tests/upgrade/VERSION.{sqlite,postgres}.sql, as "sqlite3 FILE .dump" and "pg_dump --inserts" write it. */
static void from_dump(enum db_kind kind, const char *dir, const char *name)
{
	static char sql[4 << 20];
	struct testdb t;
	char path[600];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	size_t n = fread(sql, 1, sizeof sql - 1, f);
	sql[n] = 0;
	fclose(f);
	testdb_open(&t, kind, NULL, 0);
	testdb_load(&t, sql);
	testdb_ok(&t, migrate_run(&t.c, false, note, NULL));
	assert_string_equal(schema_of(&t).p, newest_schema(kind));
	testdb_close(&t);
}

/* What the database's own tool writes of T; static. */
static const char *dump_of(const struct testdb *t)
{
	static char sql[4 << 20];
	const char *file = t->where.p + strlen("sqlite:");
	int out[2], status = -1;
	assert_int_equal(pipe(out), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		if (t->kind == DB_SQLITE)
			execlp("sqlite3", "sqlite3", file, ".dump", NULL);
		else
			execlp("pg_dump", "pg_dump", "--inserts", "--no-owner", t->where.p, NULL);
		_exit(127);
	}
	close(out[1]);
	FILE *from = fdopen(out[0], "r");
	assert_non_null(from);
	size_t n = fread(sql, 1, sizeof sql - 1, from);
	sql[n] = 0;
	fclose(from);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return sql;
}

/* The dump of OLD, put into the empty database T, goes on to step COUNT in one run. */
static void go_on_from_dump(const struct testdb *old, size_t count, struct testdb *t)
{
	testdb_open(t, old->kind, NULL, 0);
	testdb_load(t, dump_of(old));
	testdb_ok(t, migrate(t, migrations, count, false));
}

/* One database goes step by step, each a run of its own; a dump of each step, one step further, has the schema that the database
 * has there. So by induction a dump of any step becomes the newest schema; that of the first is taken all the way, too. */
static void step_by_step(enum db_kind kind)
{
	struct testdb t, ahead, newest;
	testdb_open(&t, kind, migrations, 1);
	put_region(&t, 1);
	go_on_from_dump(&t, migrations_count, &newest);
	for (size_t step = 2; step <= migrations_count; step++) {
		go_on_from_dump(&t, step, &ahead);
		testdb_ok(&t, migrate(&t, migrations, step, false));
		assert_string_equal(schema_of(&ahead).p, schema_of(&t).p);
		testdb_close(&ahead);
		put_region(&t, step);
	}
	go_on_from_dump(&t, migrations_count, &ahead);
	testdb_ok(&ahead, migrate_check(&ahead.c));
	testdb_ok(&newest, migrate_check(&newest.c));
	assert_string_equal(schema_of(&t).p, newest_schema(kind));
	assert_string_equal(schema_of(&ahead).p, newest_schema(kind));
	assert_string_equal(schema_of(&newest).p, newest_schema(kind));
	assert_string_equal(testdb_value(&t, "SELECT count(*) FROM regions WHERE name = 'Satu'"),
		arena_printf(t.c.mem, "%zu", migrations_count).p);
	assert_string_equal(testdb_value(&newest, "SELECT name FROM regions"), "Satu");
	testdb_close(&newest);
	testdb_close(&ahead);
	testdb_close(&t);
}

static void every_step_and_a_dump_of_it_lead_to_the_same_schema(void **state)
{
	(void)state;
	for (enum db_kind kind = DB_SQLITE; kind <= DB_POSTGRES; kind++)
		if (testdb_has(kind))
			step_by_step(kind);
}

static void every_released_dump_becomes_the_newest_schema(void **state)
{
	(void)state;
	const char *dir = getenv("ADEM_TEST_UPGRADE");
	DIR *d = dir ? opendir(dir) : NULL;
	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));) {
		if (str_ends(str_of(e->d_name), S(".sqlite.sql")))
			from_dump(DB_SQLITE, dir, e->d_name);
		if (str_ends(str_of(e->d_name), S(".postgres.sql")) && testdb_has(DB_POSTGRES))
			from_dump(DB_POSTGRES, dir, e->d_name);
	}
	closedir(d);
}

/* Step 3: who was signed in while reporting is forgotten; who acted as a member, or opened a case by hand, is not. */
static void reporters_of_old_are_forgotten(void **state)
{
	(void)state;
	for (enum db_kind kind = DB_SQLITE; kind <= DB_POSTGRES; kind++) {
		struct testdb t;
		if (!testdb_has(kind))
			continue;
		testdb_open(&t, kind, migrations, 2);
		testdb_exec(&t, old_region);
		testdb_exec(&t, old_reporters);
		testdb_ok(&t, migrate_run(&t.c, false, note, NULL));
		assert_string_equal(
			testdb_value(&t, "SELECT count(*) FROM reports WHERE entered_by IS NULL AND channel = 'web'"),
			"1");
		assert_string_equal(testdb_value(&t, "SELECT count(*) FROM report_messages WHERE account_id = 5"), "1");
		assert_string_equal(testdb_value(&t, "SELECT id FROM report_messages WHERE account_id = 5"), "2");
		assert_string_equal(testdb_value(&t, "SELECT count(*) FROM cases WHERE confirmed_by IS NULL"), "1");
		assert_string_equal(testdb_value(&t, "SELECT id FROM cases WHERE confirmed_by = 5"), "2");
		assert_string_equal(
			testdb_value(&t, "SELECT count(*) FROM case_entries WHERE account_id IS NOT NULL"), "2");
		assert_string_equal(
			testdb_value(&t, "SELECT count(*) FROM case_entries WHERE id IN (4, 5) AND account_id = 5"),
			"2");
		testdb_close(&t);
	}
}

/* Step 8: who left a post is off its roster, and nobody stands there twice at a time. */
static void rosters_of_old_are_mended(void **state)
{
	(void)state;
	for (enum db_kind kind = DB_SQLITE; kind <= DB_POSTGRES; kind++) {
		struct testdb t;
		if (!testdb_has(kind))
			continue;
		testdb_open(&t, kind, migrations, 7);
		const char *bytes = kind == DB_SQLITE ? "BLOB" : "BYTEA";
		testdb_exec(&t, old_region);
		testdb_exec(&t, arena_printf(t.c.mem, old_accounts, bytes, bytes).p);
		testdb_exec(&t, old_members);
		testdb_ok(&t, migrate_run(&t.c, false, note, NULL));
		assert_string_equal(testdb_value(&t, "SELECT sum(id) FROM duties WHERE ended_ms IS NULL"), "7");
		assert_string_equal(testdb_value(&t, "SELECT count(*) FROM duties WHERE ended_ms IS NULL"), "2");
		assert_string_equal(testdb_value(&t, "SELECT ended_ms FROM duties WHERE id = 1"), "50");
		assert_string_equal(testdb_value(&t, "SELECT id FROM duty_swaps WHERE answered_ms IS NULL"), "2");
		testdb_close(&t);
	}
}

/* Step 17: who took their text back took their messages of before back, too. */
static void texts_taken_back_of_old_are_gone(void **state)
{
	(void)state;
	for (enum db_kind kind = DB_SQLITE; kind <= DB_POSTGRES; kind++) {
		struct testdb t;
		if (!testdb_has(kind))
			continue;
		testdb_open(&t, kind, migrations, 2);
		testdb_exec(&t, old_region);
		testdb_exec(&t, old_reporters);
		testdb_exec(&t, arena_printf(t.c.mem, old_messages, kind == DB_SQLITE ? "x'01'" : "'\\x01'::bytea").p);
		testdb_ok(&t, migrate_run(&t.c, false, note, NULL));
		assert_string_equal(testdb_value(&t, old_left), "10");
		assert_string_equal(testdb_value(&t, "SELECT count(*) FROM boxes WHERE length(ciphertext) > 0"), "2");
		assert_string_equal(testdb_value(&t, "SELECT count(*) FROM box_keys"), "2");
		testdb_close(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_database_gets_all_steps_once),
		cmocka_unit_test(a_dry_run_says_and_changes_nothing),
		cmocka_unit_test(a_step_that_fails_or_breaks_references_is_undone_whole),
		cmocka_unit_test(no_database_with_a_broken_reference_comes_to_the_newest_step),
		cmocka_unit_test(each_step_has_the_time_when_it_was_applied),
		cmocka_unit_test(steps_of_another_program_are_refused),
		cmocka_unit_test(a_sqlite_file_with_something_in_it_is_copied_first),
		cmocka_unit_test(another_programs_file_is_left_alone),
		cmocka_unit_test(several_who_migrate_at_once_wait_for_each_other),
		cmocka_unit_test(every_step_and_a_dump_of_it_lead_to_the_same_schema),
		cmocka_unit_test(every_released_dump_becomes_the_newest_schema),
		cmocka_unit_test(reporters_of_old_are_forgotten),
		cmocka_unit_test(rosters_of_old_are_mended),
		cmocka_unit_test(texts_taken_back_of_old_are_gone),
	};
	return cmocka_run_group_tests_name("migrations", tests, NULL, NULL);
}
