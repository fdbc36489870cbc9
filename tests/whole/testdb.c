#include "testdb.h"
#include "base/clock.h"
#include "base/id.h"
#include "db/raw.h"
#include <ftw.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARENA_FIRST = 1 << 16 };

static const struct migration *run_steps;
static size_t run_steps_count;

static const char *server(void)
{
	const char *url = getenv("ADEM_TEST_POSTGRES");
	return url && url[0] ? url : NULL;
}

bool testdb_has(enum db_kind kind)
{
	return kind == DB_SQLITE || server();
}

static void say_nothing(void *arg, const char *line)
{
	(void)arg;
	(void)line;
}

void testdb_ok(struct testdb *t, enum err e)
{
	if (e != OK)
		fail_msg("error %s: %.*s (%s:%d)", err_code(e), STR_ARG(t->c.err.why), t->c.err.file, t->c.err.line);
}

/* The server's URL with another database in its path. */
static struct str url_of(struct arena *mem, const char *name)
{
	struct str url = str_of(server()), rest = url;
	ptrdiff_t query = str_find(url, '?');
	struct str head = { url.p, query >= 0 ? (size_t)query : url.n };
	rest = (struct str){ url.p + head.n, url.n - head.n };
	size_t at = strlen("postgresql://");
	while (at < head.n && head.p[at] != '/')
		at++;
	return arena_printf(mem, "%.*s/%s%.*s", (int)at, head.p, name, STR_ARG(rest));
}

void testdb_on_server(struct testdb *t, const char *sql)
{
	struct db *own = t->c.db;
	testdb_ok(t, db_connect(&t->c, str_of(server()), &t->c.db));
	testdb_ok(t, db_raw(&t->c, str_of(sql), NULL));
	db_close(t->c.db);
	t->c.db = own;
}

static void open_sqlite(struct testdb *t)
{
	char dir[] = "/tmp/adem-test-XXXXXX";
	assert_non_null(mkdtemp(dir));
	t->dir = strdup(dir);
	assert_non_null(t->dir);
	t->where = arena_printf(t->c.mem, "sqlite:%s/adem.db", dir);
}

static void open_postgres(struct testdb *t, const char *like)
{
	char name[64];
	snprintf(name, sizeof name, "adem_test_%d_%016" PRIx64, (int)getpid(), (uint64_t)id_new(clock_now_ms()));
	t->name = strdup(name);
	assert_non_null(t->name);
	testdb_on_server(t,
		arena_printf(t->c.mem, "CREATE DATABASE %s%s%s", name, like ? " TEMPLATE " : "", like ? like : "").p);
	t->where = url_of(t->c.mem, name);
}

static void copy_file(struct str from, struct str to)
{
	char bytes[1 << 16];
	FILE *in = fopen(from.p, "rb"), *out = fopen(to.p, "wb");
	assert_non_null(in);
	assert_non_null(out);
	for (size_t n; (n = fread(bytes, 1, sizeof bytes, in)) > 0;)
		assert_int_equal(fwrite(bytes, 1, n, out), n);
	assert_int_equal(fclose(in) | fclose(out), 0);
}

/* A database of its own: empty, or what the closed database LIKE holds. */
static void open_like(struct testdb *t, enum db_kind kind, const struct testdb *like)
{
	*t = (struct testdb){ .kind = kind };
	t->c.mem = arena_new(ARENA_FIRST);
	t->c.now_ms = INT64_C(1785589200000);
	t->c.region = S("31.71");
	if (kind == DB_SQLITE)
		open_sqlite(t);
	else
		open_postgres(t, like ? like->name : NULL);
	char *where = strndup(t->where.p, t->where.n); /* the arena may be reset by the test */
	assert_non_null(where);
	t->where = str_of(where);
	size_t scheme = strlen("sqlite:");
	if (kind == DB_SQLITE && like)
		copy_file((struct str){ like->where.p + scheme, like->where.n - scheme },
			(struct str){ where + scheme, t->where.n - scheme });
	testdb_ok(t, db_connect(&t->c, t->where, &t->c.db));
}

void testdb_open(struct testdb *t, enum db_kind kind, const struct migration *steps, size_t steps_count)
{
	open_like(t, kind, NULL);
	if (steps_count)
		testdb_ok(t, migrate_run_steps(&t->c, steps, steps_count, false, say_nothing, NULL));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void testdb_close(struct testdb *t)
{
	db_close(t->c.db);
	t->c.db = NULL;
	if (t->dir)
		nftw(t->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	if (t->name)
		testdb_on_server(t, arena_printf(t->c.mem, "DROP DATABASE %s WITH (FORCE)", t->name).p);
	free((char *)(uintptr_t)t->where.p);
	free(t->dir);
	free(t->name);
	arena_free(t->c.mem);
}

struct db *testdb_connect(struct testdb *t)
{
	struct db *db = NULL;
	testdb_ok(t, db_connect(&t->c, t->where, &db));
	return db;
}

void testdb_exec(struct testdb *t, const char *sql)
{
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, db_raw(&t->c, str_of(sql), NULL));
	testdb_ok(t, db_commit(&t->c));
}

/* Without the lines that speak to psql; then out of the state in which pg_dump leaves a session. */
static void load_postgres(struct testdb *t, const char *sql)
{
	struct str rest = str_of(sql), line;
	char *kept = arena_alloc(t->c.mem, rest.n + 1, 1);
	size_t n = 0;
	while (str_cut(&rest, '\n', &line)) {
		if (line.n && line.p[0] == '\\')
			continue;
		memcpy(kept + n, line.p, line.n);
		n += line.n;
		kept[n++] = '\n';
	}
	testdb_ok(t, db_raw(&t->c, (struct str){ kept, n }, NULL));
	testdb_ok(t, db_raw(&t->c, S("RESET ALL"), NULL));
}

/* A dump makes tables, which SQLite's authorizer leaves to migrations; so a bare connection loads it. */
void testdb_load(struct testdb *t, const char *sql)
{
	sqlite3 *h = NULL;
	if (t->kind == DB_POSTGRES) {
		load_postgres(t, sql);
		return;
	}
	db_close(t->c.db);
	t->c.db = NULL;
	assert_int_equal(sqlite3_open(t->where.p + strlen("sqlite:"), &h), SQLITE_OK);
	assert_int_equal(sqlite3_exec(h, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(h, "PRAGMA application_id=0x4164656D", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(h), SQLITE_OK);
	t->c.db = testdb_connect(t);
}

const char *testdb_value(struct testdb *t, const char *sql)
{
	struct db_table table;
	testdb_ok(t, db_raw(&t->c, str_of(sql), &table));
	assert_int_equal(table.rows, 1);
	assert_int_equal(table.columns, 1);
	return table.cell[0].p ? table.cell[0].p : "";
}

static void tables_of(struct testdb *t, struct db_table *tables)
{
	const char *sql =
		t->kind == DB_SQLITE
			? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY "
			  "name"
			: "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename";
	testdb_ok(t, db_raw(&t->c, str_of(sql), tables));
}

void testdb_sign_in_all(struct testdb *t)
{
	bool lite = t->kind == DB_SQLITE;
	testdb_exec(t, arena_printf(t->c.mem,
			       "INSERT INTO sessions (region, id, account_id, token_hash, wrapped_key, created_ms, "
			       "seen_ms, expires_ms) SELECT region, id, id, %s, %s, 1, 9000000000000, 9000000000000 "
			       "FROM accounts",
			       lite ? "randomblob(32)" : "sha256(id::text::bytea)", lite ? "x''" : "''")
			       .p);
}

static uint64_t hash_text(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
	return (h ^ (s.p ? 1 : 2)) * UINT64_C(1099511628211);
}

/* Rows in any order: their hashes are added up. */
uint64_t testdb_hash(struct testdb *t)
{
	uint64_t sum = 0;
	struct db_table tables, rows;
	tables_of(t, &tables);
	for (size_t i = 0; i < tables.rows; i++) {
		struct str sql = arena_printf(t->c.mem, "SELECT * FROM %.*s", STR_ARG(db_cell(&tables, i, 0)));
		testdb_ok(t, db_raw(&t->c, sql, &rows));
		for (size_t r = 0; r < rows.rows; r++) {
			uint64_t h = hash_text(UINT64_C(14695981039346656037), db_cell(&tables, i, 0));
			for (size_t k = 0; k < rows.columns; k++)
				h = hash_text(h, db_cell(&rows, r, k));
			sum += h * h + h;
		}
	}
	return sum;
}

/* What each case begins with: migrated once a kind, then copied. Closed, for PostgreSQL copies no database in use. */
static struct testdb moulds[2];

static int set_up(void **state)
{
	enum db_kind *kind = *state;
	struct testdb *t = calloc(1, sizeof *t), *mould = &moulds[*kind];
	assert_non_null(t);
	if (!mould->c.mem) {
		testdb_open(mould, *kind, run_steps, run_steps_count);
		db_close(mould->c.db);
		mould->c.db = NULL;
	}
	open_like(t, *kind, mould);
	*state = t;
	return 0;
}

static int break_moulds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(moulds); i++)
		if (moulds[i].c.mem)
			testdb_close(&moulds[i]);
	return 0;
}

static int tear_down(void **state)
{
	db_fault_countdown = -1;
	testdb_close(*state);
	free(*state);
	return 0;
}

int testdb_run(const char *group, const struct testdb_case *cases, size_t count, const struct migration *steps,
	size_t steps_count)
{
	static enum db_kind kinds[] = { DB_SQLITE, DB_POSTGRES };
	static struct CMUnitTest tests[200];
	static char names[200][120];
	size_t n = 0;
	assert(2 * count <= COUNT(tests));
	run_steps = steps ? steps : migrations;
	run_steps_count = steps ? steps_count : migrations_count;
	for (size_t k = 0; k < COUNT(kinds); k++) {
		if (!testdb_has(kinds[k])) {
			fprintf(stderr, "# %s: not on PostgreSQL, for ADEM_TEST_POSTGRES is not set\n", group);
			continue;
		}
		for (size_t i = 0; i < count; i++) {
			if (cases[i].on == (kinds[k] == DB_SQLITE ? ON_POSTGRES : ON_SQLITE))
				continue;
			snprintf(names[n], sizeof names[n], "%s, on %s", cases[i].name,
				kinds[k] == DB_SQLITE ? "SQLite" : "PostgreSQL");
			tests[n] = (struct CMUnitTest){ names[n], cases[i].run, set_up, tear_down, &kinds[k] };
			n++;
		}
	}
	return _cmocka_run_group_tests(group, tests, n, NULL, break_moulds);
}
