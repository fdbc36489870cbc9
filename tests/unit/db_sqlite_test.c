/* SQLite alone: what a connection is set to, the copy before a migration, and how a file is read for damage. */
#include "../whole/testdb.h"
#include "db/backend.h"
#include <sqlite3.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* What was acknowledged is on disk: the settings are read back, not only made. */
static void every_commit_waits_for_the_disk(void **state)
{
	struct testdb *t = *state;
	assert_string_equal(testdb_value(t, "PRAGMA synchronous"), "2"); /* FULL */
	assert_string_equal(testdb_value(t, "PRAGMA journal_mode"), "wal");
	assert_string_equal(testdb_value(t, "PRAGMA foreign_keys"), "1");
	assert_string_equal(testdb_value(t, "PRAGMA secure_delete"), "1");
}

static void a_copy_that_fails_leaves_no_file(void **state)
{
	struct testdb *t = *state;
	struct str name = { 0 };
	const struct db_backend *backend = t->c.db->backend;
	assert_int_not_equal(backend->backup(&t->c, S("copy"), &name), OK); /* only who migrates may */
	assert_int_equal(access(name.p, F_OK), -1);
	testdb_ok(t, backend->migrate_begin(&t->c));
	testdb_ok(t, backend->backup(&t->c, S("copy"), &name));
	assert_int_equal(access(name.p, F_OK), 0);
	assert_int_equal(backend->backup(&t->c, S("copy"), &name), ERR_IO); /* there is one, which stays */
	assert_int_equal(access(name.p, F_OK), 0);
	backend->migrate_end(&t->c);
}

/* What would be written into a file without a name is refused, nor is it told from what is there instead; it goes on when the
 * file is in its place again. */
static void a_file_that_was_moved_is_not_used(void **state)
{
	struct testdb *t = *state;
	struct str file = arena_str(t->c.mem, str_of(t->where.p + strlen("sqlite:")));
	struct str aside = arena_printf(t->c.mem, "%.*s.aside", STR_ARG(file));
	testdb_ok(t, db_begin(&t->c, true));
	db_rollback(&t->c);
	assert_int_equal(rename(file.p, aside.p), 0);
	assert_int_equal(db_begin(&t->c, true), ERR_BUSY);
	assert_int_equal(db_begin(&t->c, false), ERR_BUSY);
	assert_int_equal(rename(aside.p, file.p), 0);
	testdb_ok(t, db_begin(&t->c, true));
	db_rollback(&t->c);
}

/* An empty reserve says that room is short, so a new one is never seen empty: it comes under its name when it is whole. */
static void a_reserve_that_is_made_is_never_seen_empty(void **state)
{
	enum { BYTES = 1 << 20 };
	struct testdb *t = *state;
	char events[4096];
	struct stat st;
	struct str name = arena_printf(t->c.mem, "%s.reserve", t->where.p + strlen("sqlite:"));
	const char *base = strrchr(name.p, '/') + 1;
	struct str folder = arena_printf(t->c.mem, "%.*s", (int)(base - name.p), name.p);
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	assert_true(fd >= 0 && inotify_add_watch(fd, folder.p, IN_CREATE | IN_MOVED_TO) >= 0);
	db_keep_reserve(t->c.db, BYTES);
	ssize_t n = read(fd, events, sizeof events), moved = 0;
	for (ssize_t at = 0; at < n;) {
		struct inotify_event e;
		memcpy(&e, events + at, sizeof e);
		bool ours = str_eq(str_of(events + at + (ssize_t)sizeof e), str_of(base));
		assert_false(ours && (e.mask & IN_CREATE));
		moved += ours && (e.mask & IN_MOVED_TO);
		at += (ssize_t)sizeof e + e.len;
	}
	close(fd);
	assert_int_equal(moved, 1);
	assert_int_equal(stat(name.p, &st), 0);
	assert_int_equal(st.st_size, BYTES);
	assert_int_equal(db_room(t->c.db), DB_ROOM_PLENTY);
}

static struct str file_of(struct testdb *t, const char *suffix)
{
	return arena_printf(t->c.mem, "%s%s", t->where.p + strlen("sqlite:"), suffix);
}

static void write_one(struct testdb *t)
{
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t,
		db_raw(&t->c, S("INSERT INTO migrations (number, what, hash, applied_ms) VALUES (9000, 'x', 'x', 1)"),
			NULL));
	testdb_ok(t, db_commit(&t->c));
}

/* What was acknowledged is moved into the database while the log that holds it can still be read. */
static void a_log_that_was_removed_is_noticed_and_what_it_held_is_kept(void **state)
{
	struct testdb *t = *state;
	static const char *const suffixes[] = { "-wal", "-shm" };
	for (size_t i = 0; i < COUNT(suffixes); i++) {
		write_one(t);
		assert_int_equal(unlink(file_of(t, suffixes[i]).p), 0);
		assert_int_equal(db_begin(&t->c, true), ERR_BUSY);
		assert_int_equal(db_begin(&t->c, false), ERR_BUSY);
		struct ctx other = { .mem = t->c.mem };
		assert_int_not_equal(db_connect(&other, t->where, &other.db), OK); /* who comes now is told as well */
		unlink(file_of(t, "-wal").p);
		unlink(file_of(t, "-shm").p);
		db_close(t->c.db);
		testdb_ok(t, db_connect(&t->c, t->where, &t->c.db));
		assert_string_equal(testdb_value(t, "SELECT count(*) FROM migrations WHERE number = 9000"), "1");
		testdb_exec(t, "DELETE FROM migrations WHERE number = 9000");
	}
}

static void overwrite(const char *from, const char *to)
{
	char bytes[1 << 16];
	size_t n;
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	assert_true(in && out);
	while ((n = fread(bytes, 1, sizeof bytes, in)) > 0)
		assert_int_equal(fwrite(bytes, 1, n, out), n);
	assert_int_equal(fclose(in) + fclose(out), 0);
}

/* The same file by its number, with something else in it; the log is not moved into that. */
static void a_file_that_was_overwritten_is_not_used(void **state)
{
	struct testdb *t = *state;
	bool done;
	struct str copy = file_of(t, ".copy"), file = file_of(t, "");
	testdb_ok(t, db_tidy(&t->c, &done));
	assert_true(done);
	overwrite(file.p, copy.p);
	write_one(t);
	overwrite(copy.p, file.p);
	assert_int_equal(db_begin(&t->c, true), ERR_BUSY);
	assert_int_equal(db_begin(&t->c, false), ERR_BUSY);
	assert_int_equal(db_tidy(&t->c, &done), ERR_BUSY);
	db_close(t->c.db);
	unlink(file_of(t, "-wal").p);
	testdb_ok(t, db_connect(&t->c, t->where, &t->c.db));
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM migrations WHERE number = 9000"), "0");
}

/* SQLite's own shell moves the log as well, which is not taken for an accident. */
static void a_checkpoint_of_another_program_is_none(void **state)
{
	struct testdb *t = *state;
	sqlite3 *shell;
	write_one(t);
	assert_int_equal(sqlite3_open(file_of(t, "").p, &shell), SQLITE_OK);
	assert_int_equal(sqlite3_exec(shell, "PRAGMA wal_checkpoint", NULL, NULL, NULL), SQLITE_OK);
	testdb_ok(t, db_begin(&t->c, false));
	db_rollback(&t->c);
	assert_int_equal(sqlite3_exec(shell, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL), SQLITE_OK);
	testdb_ok(t, db_begin(&t->c, true));
	db_rollback(&t->c);
	sqlite3_close(shell);
}

struct heard {
	int64_t done, of;
	int calls, findings;
};

static void hear_finding(void *arg, struct str what)
{
	(void)what;
	((struct heard *)arg)->findings++;
}

static void hear_progress(void *arg, int64_t done, int64_t of)
{
	struct heard *h = arg;
	assert_true(done > h->done);
	*h = (struct heard){ done, of, h->calls + 1, h->findings };
}

/* Whoever reads a large file is told how far that is, up to its last MiB; the check that follows finds what it finds. */
static void a_check_tells_how_much_of_the_file_it_has_read(void **state)
{
	struct testdb *t = *state;
	struct heard h = { 0 };
	struct stat st;
	sqlite3 *shell;
	assert_int_equal(sqlite3_open(file_of(t, "").p, &shell), SQLITE_OK);
	const char *sql = "CREATE TABLE large (b BLOB) STRICT; INSERT INTO large VALUES (zeroblob(5000000));"
			  "PRAGMA wal_checkpoint(TRUNCATE)";
	assert_int_equal(sqlite3_exec(shell, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(shell);
	assert_int_equal(stat(file_of(t, "").p, &st), 0);
	testdb_ok(t, db_check(&t->c, false, hear_finding, hear_progress, &h));
	assert_int_equal(h.findings, 0);
	assert_int_equal(h.of, st.st_size);
	assert_int_equal(h.calls, st.st_size >> 20);
	assert_int_equal(h.done >> 20, h.calls);
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB_ON(ON_SQLITE, every_commit_waits_for_the_disk),
		TESTDB_ON(ON_SQLITE, a_copy_that_fails_leaves_no_file),
		TESTDB_ON(ON_SQLITE, a_reserve_that_is_made_is_never_seen_empty),
		TESTDB_ON(ON_SQLITE, a_file_that_was_moved_is_not_used),
		TESTDB_ON(ON_SQLITE, a_log_that_was_removed_is_noticed_and_what_it_held_is_kept),
		TESTDB_ON(ON_SQLITE, a_file_that_was_overwritten_is_not_used),
		TESTDB_ON(ON_SQLITE, a_checkpoint_of_another_program_is_none),
		TESTDB_ON(ON_SQLITE, a_check_tells_how_much_of_the_file_it_has_read),
	};
	return testdb_run("db_sqlite", cases, COUNT(cases), NULL, 0);
}
