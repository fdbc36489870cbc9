/* Every statement of every .sql file, prepared on both databases against the newest schema: names, types, parameters,
 * null, writing, and what the database would read to answer it. */
#include "testdb.h"
#include "statements.h"
#include "db/raw.h"
#include "db/tables.h"
#include <libpq-fe.h>
#include <sqlite3.h>

static int problems;

static void problem(const struct db_stmt_def *d, const char *what, const char *detail)
{
	printf("# %s: %s %s\n", d->name, what, detail);
	problems++;
}

static void each(void (*check)(void *h, const struct db_stmt_def *d), void *h)
{
	size_t n = 0;
	problems = 0;
	for (size_t i = 0; i < COUNT(all_sets); i++)
		for (size_t k = 0; k < all_sets[i]->count; k++, n++)
			check(h, &all_sets[i]->all[k]);
	assert_true(n > 10);
	assert_int_equal(problems, 0);
}

/* --- SQLite --- */

static const char *sqlite_type(enum db_type type)
{
	return type == DB_TEXT ? "TEXT" : type == DB_BLOB ? "BLOB" : type == DB_REAL ? "REAL" : "INTEGER";
}

/* What is known of a column that comes from a table as it is. */
static void check_sqlite_column(sqlite3 *h, sqlite3_stmt *st, const struct db_stmt_def *d, int i)
{
	const struct db_column *col = &d->out[i];
	const char *table = sqlite3_column_table_name(st, i), *origin = sqlite3_column_origin_name(st, i);
	const char *type = NULL;
	int not_null = 0;
	if (strcmp(sqlite3_column_name(st, i), col->name) != 0)
		problem(d, "the column is not named", col->name);
	if (!table || sqlite3_table_column_metadata(h, NULL, table, origin, &type, NULL, &not_null, NULL, NULL))
		return;
	if (strcmp(type, sqlite_type(col->type)) != 0)
		problem(d, "has another type:", col->name);
	if (!not_null && !col->null)
		problem(d, "may be null and is not declared with \"?\":", col->name);
}

static char *sqlite_text(sqlite3 *h, const char *sql, const char *arg)
{
	static char text[500];
	sqlite3_stmt *st = NULL;
	assert_int_equal(sqlite3_prepare_v2(h, sql, -1, &st, NULL), SQLITE_OK);
	sqlite3_bind_text(st, 1, arg, -1, SQLITE_STATIC);
	text[0] = 0;
	if (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_text(st, 0))
		snprintf(text, sizeof text, "%s", (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	return text;
}

/* Whether the index named in a line of a plan holds few rows, or few of a region: it is a partial one, or the region is
 * all there is in it. */
static bool index_is_small(sqlite3 *h, const char *line)
{
	char name[100] = "";
	const char *at = strstr(line, "INDEX ");
	if (!at || sscanf(at, "INDEX %99[a-z0-9_]", name) != 1)
		return false;
	if (strstr(sqlite_text(h, "SELECT sql FROM sqlite_schema WHERE name = ?", name), " WHERE "))
		return true;
	bool single = strcmp(sqlite_text(h, "SELECT count(*) FROM pragma_index_info(?)", name), "1") == 0;
	return single && strncmp(line, "SEARCH", 6) == 0;
}

/* A name that the statement gives itself, in WITH or behind a subquery, is no table. */
static bool is_own_name(const struct db_stmt_def *d, const char *name)
{
	char as[120], columns[120];
	snprintf(as, sizeof as, "%s AS (", name);
	snprintf(columns, sizeof columns, "WITH RECURSIVE %s (", name);
	if (strstr(d->sqlite, as) || strstr(d->sqlite, columns))
		return true;
	snprintf(as, sizeof as, ") AS %s", name);
	snprintf(columns, sizeof columns, ") %s ", name);
	return strstr(d->sqlite, as) || strstr(d->sqlite, columns);
}

struct plan {
	bool reads_all; /* a table, or a region of one */
	bool sorts, other_region;
	char where[200];
};

/* The indexes of all plans so far, each between spaces. */
static char used[10000];

static void note_index(const char *line)
{
	char name[100] = "", between[110];
	const char *at = strstr(line, "INDEX ");
	if (!at || sscanf(at, "INDEX %99[a-z0-9_]", name) != 1)
		return;
	snprintf(between, sizeof between, " %s ", name);
	if (strstr(used, between))
		return;
	size_t n = strlen(used);
	assert_true(n + strlen(between) < sizeof used);
	snprintf(used + n, sizeof used - n, "%s", between);
}

static void read_plan_line(sqlite3 *h, const struct db_stmt_def *d, const char *line, struct plan *p)
{
	char name[100] = "";
	note_index(line);
	if (strstr(line, "USE TEMP B-TREE FOR ORDER BY"))
		p->sorts = true;
	bool scan = sscanf(line, "SCAN %99[A-Za-z0-9_]", name) == 1;
	bool search = !scan && sscanf(line, "SEARCH %99[A-Za-z0-9_]", name) == 1;
	if ((!scan && !search) || strcmp(name, "CONSTANT") == 0 || strstr(line, "VIRTUAL TABLE") ||
		is_own_name(d, name))
		return;
	bool bounded = strstr(line, "=?") && !strstr(line, "(region=?)") && !strstr(line, "AUTOMATIC");
	if (!bounded && !index_is_small(h, line)) {
		p->reads_all = true;
		snprintf(p->where, sizeof p->where, "%s", line);
	}
	if (search && !strstr(line, "region=?") && !strstr(line, "rowid=?") && !strstr(line, "lookup=?"))
		p->other_region = true;
}

static struct plan read_plan(sqlite3 *h, const struct db_stmt_def *d)
{
	static char sql[6000];
	struct plan p = { 0 };
	sqlite3_stmt *st = NULL;
	snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", d->sqlite);
	assert_int_equal(sqlite3_prepare_v2(h, sql, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW)
		read_plan_line(h, d, (const char *)sqlite3_column_text(st, 3), &p);
	sqlite3_finalize(st);
	/* In the order of an index and with a limit only the first rows are read. */
	if (p.reads_all && !p.sorts && strstr(p.where, "SEARCH") && strstr(d->sqlite, "LIMIT"))
		p.reads_all = false;
	return p;
}

static void check_sqlite(void *arg, const struct db_stmt_def *d)
{
	sqlite3 *h = arg;
	sqlite3_stmt *st = NULL;
	if (sqlite3_prepare_v2(h, d->sqlite, -1, &st, NULL) != SQLITE_OK) {
		problem(d, "SQLite says:", sqlite3_errmsg(h));
		return;
	}
	if (sqlite3_bind_parameter_count(st) != (int)strlen(d->in))
		problem(d, "the parameters are not those declared", "");
	/* A read that locks rows is a write, and there are such on PostgreSQL only. */
	bool locks = strstr(d->postgres, " FOR UPDATE") || strstr(d->postgres, " FOR NO KEY UPDATE");
	bool reads = sqlite3_stmt_readonly(st) && !locks;
	if (reads == d->write)
		problem(d, d->write ? "is marked \"write\" but reads only" : "writes, and is not marked \"write\"", "");
	if (d->kind != DB_EXEC && sqlite3_column_count(st) != (int)d->out_count)
		problem(d, "the columns are not those declared", "");
	else
		for (size_t i = 0; i < d->out_count; i++)
			check_sqlite_column(h, st, d, (int)i);
	sqlite3_finalize(st);
	struct plan p = read_plan(h, d);
	if (p.reads_all && !d->scan)
		problem(d, "reads a whole table or region, and has no \"-- scan: reason\":", p.where);
	if (!p.reads_all && d->scan)
		problem(d, "is marked \"scan\" and does not", "");
	if (p.other_region && !d->any_region)
		problem(d, "finds rows without their region", "");
}

/* An index costs with each row that is written: one that is no rule of its table is in some statement's plan. */
static void check_indexes_are_used(sqlite3 *h)
{
	static const char sql[] = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE 'CREATE INDEX %'";
	sqlite3_stmt *st = NULL;
	int indexes = 0, unused = 0;
	assert_int_equal(sqlite3_prepare_v2(h, sql, -1, &st, NULL), SQLITE_OK);
	for (; sqlite3_step(st) == SQLITE_ROW; indexes++) {
		char between[110];
		snprintf(between, sizeof between, " %s ", (const char *)sqlite3_column_text(st, 0));
		if (strstr(used, between))
			continue;
		printf("# no statement's plan has the index%s\n", between);
		unused++;
	}
	sqlite3_finalize(st);
	assert_true(indexes > 10);
	assert_int_equal(unused, 0);
}

/* Through the program's own connection, which guards the schema. */
static void check_allowed(void *arg, const struct db_stmt_def *d)
{
	struct testdb *t = arg;
	if (db_raw(&t->c, arena_printf(t->c.mem, "EXPLAIN %s", d->sqlite), NULL) != OK)
		problem(d, "the program is not allowed what it does:", t->c.err.why.p);
}

/* What grows with an incident or over the years is read by an index of its own. */
static void check_index(void *arg, const struct db_stmt_def *d)
{
	static const char *const needs[][2] = {
		{"cases_words",       "case_entries_calm (region=? AND case_id=? AND about_report=?"},
		{ "jobs_forget",      "jobs_done (region=? AND done_ms<?)"                          },
		{ "jobs_forgettable", "jobs_done (region=? AND done_ms<?)"                          },
	};
	for (size_t i = 0; i < COUNT(needs); i++) {
		sqlite3_stmt *st = NULL;
		bool found = false;
		if (strcmp(d->name, needs[i][0]) != 0)
			continue;
		char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", d->sqlite);
		assert_int_equal(sqlite3_prepare_v2(arg, sql, -1, &st, NULL), SQLITE_OK);
		while (sqlite3_step(st) == SQLITE_ROW)
			found = found || strstr((const char *)sqlite3_column_text(st, 3), needs[i][1]);
		sqlite3_finalize(st);
		sqlite3_free(sql);
		if (!found)
			problem(d, "does not read", needs[i][1]);
	}
}

static void sqlite_agrees_with_every_declaration(void **state)
{
	(void)state;
	struct testdb t;
	sqlite3 *h = NULL;
	testdb_open(&t, DB_SQLITE, migrations, migrations_count);
	assert_int_equal(sqlite3_open(t.where.p + strlen("sqlite:"), &h), SQLITE_OK);
	used[0] = 0;
	each(check_sqlite, h);
	check_indexes_are_used(h);
	each(check_index, h);
	sqlite3_close(h);
	each(check_allowed, &t);
	testdb_close(&t);
}

/* --- PostgreSQL --- */

/* Numbers of pg_type. */
static Oid oid_of(enum db_type type)
{
	return type == DB_INT ? 20 : type == DB_TEXT ? 25 : type == DB_BOOL ? 16 : type == DB_REAL ? 701 : 17;
}

static void describe_postgres(PGconn *h, const struct db_stmt_def *d)
{
	PGresult *r = PQdescribePrepared(h, d->name);
	if (PQnparams(r) != (int)strlen(d->in))
		problem(d, "the parameters are not those declared", "");
	if (d->kind != DB_EXEC && PQnfields(r) != (int)d->out_count)
		problem(d, "the columns are not those declared", "");
	for (int i = 0; i < PQnfields(r) && i < (int)d->out_count; i++) {
		Oid is = PQftype(r, i), wanted = oid_of(d->out[i].type);
		bool narrower = d->out[i].type == DB_INT && (is == 21 || is == 23);
		if (strcmp(PQfname(r, i), d->out[i].name) != 0)
			problem(d, "the column is not named", d->out[i].name);
		if (is != wanted && !narrower)
			problem(d, "has another type:", d->out[i].name);
	}
	PQclear(r);
}

static void check_postgres(void *arg, const struct db_stmt_def *d)
{
	PGconn *h = arg;
	Oid types[DB_IN_MAX];
	int n = (int)strlen(d->in);
	for (int i = 0; i < n; i++)
		types[i] = oid_of((enum db_type)d->in[i]);
	PGresult *r = PQprepare(h, d->name, d->postgres, n, types);
	if (PQresultStatus(r) == PGRES_COMMAND_OK)
		describe_postgres(h, d);
	else
		problem(d, "PostgreSQL says:", PQresultErrorMessage(r));
	PQclear(r);
}

static void postgres_agrees_with_every_declaration(void **state)
{
	(void)state;
	struct testdb t;
	testdb_open(&t, DB_POSTGRES, migrations, migrations_count);
	PGconn *h = PQconnectdb(t.where.p);
	assert_int_equal(PQstatus(h), CONNECTION_OK);
	each(check_postgres, h);
	PQfinish(h);
	testdb_close(&t);
}

static void check_name(void *arg, const struct db_stmt_def *d)
{
	(void)arg;
	for (size_t i = 0; i < COUNT(all_sets); i++)
		for (size_t k = 0; k < all_sets[i]->count; k++)
			if (&all_sets[i]->all[k] != d && strcmp(all_sets[i]->all[k].name, d->name) == 0)
				problem(d, "is the name of two statements", "");
}

static void every_name_is_given_once(void **state)
{
	(void)state;
	each(check_name, NULL);
}

/* Whether NAME stands in SQL as a word. */
static bool has_word(const char *sql, const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
	size_t n = strlen(name);
	for (const char *at = sql; (at = strstr(at, name)); at += n) {
		bool begins = at == sql || !strchr(letters, at[-1]), ends = !at[n] || !strchr(letters, at[n]);
		if (begins && ends)
			return true;
	}
	return false;
}

/* A page or an alert that asked all nodes of a distributed database would wait for the slowest, and for ever for one that is
 * away. So a statement about no region reads only what every node has a copy of. */
static void check_nodes(void *arg, const struct db_stmt_def *d)
{
	/* Of a command that a person waits for, and nobody else. */
	static const char *const commands[] = { "pepper_names" };
	(void)arg;
	for (size_t i = 0; i < COUNT(commands); i++)
		if (strcmp(d->name, commands[i]) == 0)
			return;
	for (size_t i = 0; i < tables_count && d->any_region; i++)
		if (tables[i].kind == TABLE_BY_REGION && has_word(d->postgres, tables[i].name))
			problem(d, "is about any region and asks every node for", tables[i].name);
}

static void what_has_no_region_is_on_every_node(void **state)
{
	(void)state;
	each(check_nodes, NULL);
	assert_true(has_word("SELECT * FROM jobs WHERE", "jobs"));
	assert_false(has_word("SELECT jobs_open FROM myjobs", "jobs"));
}

int main(void)
{
	enum { NEED_POSTGRES = 1 };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(postgres_agrees_with_every_declaration),
		cmocka_unit_test(what_has_no_region_is_on_every_node),
		cmocka_unit_test(sqlite_agrees_with_every_declaration),
		cmocka_unit_test(every_name_is_given_once),
	};
	size_t first = testdb_has(DB_POSTGRES) ? 0 : NEED_POSTGRES;
	if (first)
		fprintf(stderr, "# statements: not on PostgreSQL, for ADEM_TEST_POSTGRES is not set\n");
	return _cmocka_run_group_tests("statements", tests + first, COUNT(tests) - first, NULL, NULL);
}
