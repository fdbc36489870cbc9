/* SQLite alone: what a connection is set to, and the copy before a migration. */
#include "../whole/testdb.h"
#include "db/backend.h"
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

/* What would be written into a file without a name is refused, and goes on when the file is in its place again. */
static void a_file_that_was_moved_takes_no_writes(void **state)
{
	struct testdb *t = *state;
	struct str file = arena_str(t->c.mem, str_of(t->where.p + strlen("sqlite:")));
	struct str aside = arena_printf(t->c.mem, "%.*s.aside", STR_ARG(file));
	testdb_ok(t, db_begin(&t->c, true));
	db_rollback(&t->c);
	assert_int_equal(rename(file.p, aside.p), 0);
	assert_int_equal(db_begin(&t->c, true), ERR_BUSY);
	testdb_ok(t, db_begin(&t->c, false));
	db_rollback(&t->c);
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

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB_ON(ON_SQLITE, every_commit_waits_for_the_disk),
		TESTDB_ON(ON_SQLITE, a_copy_that_fails_leaves_no_file),
		TESTDB_ON(ON_SQLITE, a_file_that_was_moved_takes_no_writes),
		TESTDB_ON(ON_SQLITE, a_reserve_that_is_made_is_never_seen_empty),
	};
	return testdb_run("db_sqlite", cases, COUNT(cases), NULL, 0);
}
