/* The catalogues of the newest schema: both databases have the same tables, and a distributed one can carry them. */
#include "schema.h"
#include "db/tables.h"
#include <unistd.h>

/* --- distribution: needs no Citus, only its rules --- */

static const struct table *table_named(struct str name)
{
	for (size_t i = 0; i < tables_count; i++)
		if (str_is(name, tables[i].name))
			return &tables[i];
	return NULL;
}

/* "(region, id)" holds region. */
static bool has_region(struct str columns)
{
	struct str name;
	columns = (struct str){ columns.p + 1, columns.n - 2 };
	while (str_cut(&columns, ',', &name))
		if (str_is(str_trim(name), "region"))
			return true;
	return false;
}

/* The text in parentheses at the head of *REST. */
static struct str take_columns(struct str *rest)
{
	ptrdiff_t end = str_find(*rest, ')');
	assert_true(end > 0 && rest->p[0] == '(');
	struct str columns = { rest->p, (size_t)end + 1 };
	*rest = (struct str){ rest->p + columns.n, rest->n - columns.n };
	*rest = str_trim(*rest);
	return columns;
}

static void check_reference(const struct table *t, struct str rest)
{
	struct str from = take_columns(&rest), target;
	assert_true(str_cut(&rest, ' ', &target));
	struct str to = take_columns(&rest);
	const struct table *other = table_named(target);
	assert_non_null(other);
	if (t->kind == TABLE_SHARED && other->kind != TABLE_SHARED)
		fail_msg("%s is shared and refers to %s, which is not", t->name, other->name);
	if (other->kind == TABLE_BY_REGION && (!has_region(from) || !has_region(to)))
		fail_msg("%s refers to %s without the region", t->name, other->name);
}

static void check_line(struct str line)
{
	struct str kind, name = { 0 }, index, rest = line;
	assert_true(str_cut(&rest, ' ', &kind) && str_cut(&rest, ' ', &name));
	const struct table *t = table_named(name);
	if (!t)
		fail_msg("%.*s is not in the list of tables.c", STR_ARG(name));
	if (str_is(kind, "reference")) {
		check_reference(t, rest);
		return;
	}
	if (str_is(kind, "index")) {
		if (!str_ends(line, S(" unique")) && !str_ends(line, S(" unique partial")))
			return;
		assert_true(str_cut(&rest, ' ', &index));
	}
	bool unique = !str_is(kind, "column");
	if (unique && t->kind == TABLE_BY_REGION && !has_region(take_columns(&rest)))
		fail_msg("unique without the region: %.*s", STR_ARG(line));
}

static void every_key_and_reference_carries_the_region(void **state)
{
	struct testdb *t = *state;
	struct str schema = schema_of(t), line;
	size_t lines = 0;
	while (str_cut(&schema, '\n', &line)) {
		check_line(line);
		lines++;
	}
	assert_true(lines > 100);
}

static void every_table_that_is_listed_exists_and_has_a_region(void **state)
{
	struct testdb *t = *state;
	struct str schema = schema_of(t);
	for (size_t i = 0; i < tables_count; i++) {
		struct str column = arena_printf(t->c.mem, "column %s %s text not-null", tables[i].name,
			tables[i].kind == TABLE_BY_REGION ? "region" : "");
		struct str any = arena_printf(t->c.mem, "column %s ", tables[i].name);
		const char *wanted = tables[i].kind == TABLE_BY_REGION ? column.p : any.p;
		if (!strstr(schema.p, wanted))
			fail_msg("%s: no \"%s\"", tables[i].name, wanted);
	}
}

/* --- two dialects, one schema --- */

static void write_lines(const char *path, struct str text)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
	assert_int_equal(fclose(f), 0);
}

static void both_databases_have_the_same_schema(void **state)
{
	struct testdb *t = *state, other;
	testdb_open(&other, DB_SQLITE, migrations, migrations_count);
	struct str here = schema_of(t), there = schema_of(&other), a, b;
	bool same = str_eq(here, there);
	while (!same && str_cut(&here, '\n', &a) && str_cut(&there, '\n', &b))
		if (!str_eq(a, b)) {
			write_lines("schema.postgres.txt", schema_of(t));
			write_lines("schema.sqlite.txt", schema_of(&other));
			fail_msg("PostgreSQL: %.*s, SQLite: %.*s; see schema.*.txt", STR_ARG(a), STR_ARG(b));
		}
	assert_true(same);
	testdb_close(&other);
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(every_key_and_reference_carries_the_region),
		TESTDB(every_table_that_is_listed_exists_and_has_a_region),
		TESTDB_ON(ON_POSTGRES, both_databases_have_the_same_schema),
	};
	return testdb_run("catalogue", cases, COUNT(cases), NULL, 0);
}
