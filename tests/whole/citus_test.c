/* The rules of Citus, kept without one: a PostgreSQL that refuses what Citus would, and the text of the migrations. */
#include "schema.h"
#include "db/script.h"
#include "db/tables.h"

/* Notes what is distributed; refuses several commands in one call, and a reference between a local and a distributed
 * table. */
static const char pretended_citus[] =
	"CREATE TABLE pg_dist_partition (logicalrelid oid, partmethod \"char\", repmodel \"char\");"
	"CREATE TABLE asked (what text);"
	"INSERT INTO pg_dist_partition VALUES ('pg_dist_partition'::regclass, 'n', 't'), ('asked'::regclass, 'n', 't');"
	"CREATE FUNCTION note_table(t text, what text, method text, model text) RETURNS void LANGUAGE plpgsql AS $$"
	" BEGIN IF EXISTS (SELECT 1 FROM pg_constraint WHERE contype = 'f' AND (conrelid = t::regclass OR confrelid ="
	" t::regclass)) THEN RAISE EXCEPTION 'still referenced'; END IF;"
	" INSERT INTO pg_dist_partition VALUES (t::regclass, method::\"char\", model::\"char\");"
	" INSERT INTO asked VALUES (what || ' ' || t); END $$;"
	"CREATE FUNCTION create_reference_table(t text) RETURNS void LANGUAGE sql AS $$"
	" SELECT note_table(t, 'shared', 'n', 't') $$;"
	"CREATE FUNCTION create_distributed_table(t text, col text, colocate_with text) RETURNS void LANGUAGE sql AS $$"
	" SELECT note_table(t, col || ' with ' || colocate_with, 'h', 's') $$;"
	"CREATE FUNCTION one_command() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
	" IF current_query() ~ ';\\s*\\S' THEN"
	" RAISE EXCEPTION 'cannot insert multiple commands into a prepared statement'; END IF; END $$;"
	"CREATE FUNCTION same_kind() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
	" IF EXISTS (SELECT 1 FROM pg_constraint WHERE contype = 'f'"
	" AND (conrelid IN (SELECT logicalrelid FROM pg_dist_partition))"
	"  <> (confrelid IN (SELECT logicalrelid FROM pg_dist_partition))) THEN"
	" RAISE EXCEPTION 'a reference between a local and a distributed table'; END IF; END $$;"
	"SET allow_system_table_mods = on;"
	"INSERT INTO pg_extension VALUES (999999, 'citus', 10, 2200, false, '0', NULL, NULL);"
	"RESET allow_system_table_mods;"
	"CREATE EVENT TRIGGER same_kind ON ddl_command_end EXECUTE FUNCTION same_kind();"
	"CREATE EVENT TRIGGER one_command ON ddl_command_start EXECUTE FUNCTION one_command()";

/* PostgreSQL without anything that was pretended, so that its schema can be compared. Event triggers do not fire for
 * statements about event triggers. */
static struct str own_schema(struct testdb *t)
{
	testdb_exec(t, "DROP EVENT TRIGGER one_command; DROP EVENT TRIGGER same_kind");
	testdb_exec(t, "DROP TABLE pg_dist_partition, asked");
	return schema_of(t);
}

static void count_line(void *arg, const char *line)
{
	(void)line;
	++*(size_t *)arg;
}

static void all_is_distributed(struct testdb *t)
{
	testdb_ok(t, migrate_check(&t->c));
	for (size_t i = 0; i < tables_count; i++) {
		struct str sql = arena_printf(t->c.mem,
			"SELECT count(*) FROM pg_dist_partition WHERE logicalrelid = '%s'::regclass AND partmethod = "
			"'%s'",
			tables[i].name, tables[i].kind == TABLE_BY_REGION ? "h" : "n");
		if (strcmp(testdb_value(t, sql.p), "1") != 0)
			fail_msg("%s is not distributed as the list says", tables[i].name);
	}
	/* All rows of a region lie together. */
	assert_string_equal(testdb_value(t, "SELECT count(DISTINCT split_part(what, ' ', 3)) FROM asked"
					    " WHERE what LIKE 'region with %' AND what NOT LIKE '%with none%'"),
		"1");
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM asked WHERE what LIKE '%with none%'"), "1");
}

static void a_distributed_database_goes_from_step_to_step(void **state)
{
	(void)state;
	struct testdb t, plain;
	size_t said = 0;
	testdb_open(&t, DB_POSTGRES, NULL, 0);
	testdb_exec(&t, pretended_citus);
	for (size_t steps = 1; steps <= migrations_count; steps++) {
		testdb_ok(&t, migrate_run_steps(&t.c, migrations, steps, false, count_line, &said));
		assert_string_equal(testdb_value(&t, "SELECT count(*) FROM pg_class c WHERE relkind = 'r'"
						     " AND relnamespace = 'public'::regnamespace AND NOT EXISTS"
						     " (SELECT 1 FROM pg_dist_partition WHERE logicalrelid = c.oid)"),
			"0");
	}
	all_is_distributed(&t);
	testdb_open(&plain, DB_POSTGRES, migrations, migrations_count);
	assert_string_equal(own_schema(&t).p, schema_of(&plain).p);
	testdb_close(&plain);
	testdb_close(&t);
}

static void a_database_that_gets_citus_later_is_refused_until_it_is_distributed(void **state)
{
	(void)state;
	struct testdb t;
	size_t said = 0;
	testdb_open(&t, DB_POSTGRES, NULL, 0);
	testdb_ok(&t, migrate_run(&t.c, false, count_line, &said));
	testdb_ok(&t, migrate_check(&t.c));
	struct str before = schema_of(&t);
	testdb_exec(&t, pretended_citus);
	assert_int_equal(migrate_check(&t.c), ERR_CONFLICT);
	assert_non_null(strstr(t.c.err.why.p, "is not distributed: run \"adem migrate\" first"));
	said = 0;
	testdb_ok(&t, migrate_run(&t.c, false, count_line, &said));
	assert_int_equal(said, tables_count + 1);
	all_is_distributed(&t);
	said = 0;
	testdb_ok(&t, migrate_run(&t.c, false, count_line, &said));
	assert_int_equal(said, 1); /* that there is nothing to do */
	assert_string_equal(own_schema(&t).p, before.p);
	testdb_close(&t);
}

/* A table on the coordinator that a later step takes away must not stand in the way of that step's references. */
static void a_table_outside_of_the_list_is_split_when_it_has_a_region(void **state)
{
	(void)state;
	static const struct migration steps[] = {
		{1, "old",
                 { "", "CREATE TABLE accounts (region TEXT, id BIGINT, PRIMARY KEY (region, id));"
			      "CREATE TABLE gone (region TEXT, id BIGINT, PRIMARY KEY (region, id),"
			      " FOREIGN KEY (region, id) REFERENCES accounts (region, id));"
			      "CREATE TABLE words (word TEXT PRIMARY KEY)" }},
	};
	struct testdb t;
	size_t said = 0;
	testdb_open(&t, DB_POSTGRES, NULL, 0);
	testdb_exec(&t, pretended_citus);
	testdb_ok(&t, migrate_run_steps(&t.c, steps, 1, false, count_line, &said));
	assert_string_equal(testdb_value(&t, "SELECT string_agg(what, ',' ORDER BY what) FROM asked"),
		"region with accounts gone,region with none accounts,shared migrations,shared words");
	testdb_close(&t);
}

/* The first two steps have their references inside of CREATE TABLE. Taken out, they keep the names they had. */
static void references_keep_the_names_that_postgresql_gives(void **state)
{
	(void)state;
	static const char names[] = "SELECT string_agg(conrelid::regclass || ' ' || conname || ' ' ||"
				    " pg_get_constraintdef(oid), ';' ORDER BY conrelid::regclass::text, conname)"
				    " FROM pg_constraint WHERE contype = 'f'";
	struct testdb t, plain;
	testdb_open(&plain, DB_POSTGRES, NULL, 0);
	for (size_t i = 0; i < 2; i++)
		testdb_exec(&plain, migrations[i].sql[DB_POSTGRES]);
	testdb_open(&t, DB_POSTGRES, migrations, 2);
	assert_string_equal(testdb_value(&t, names), testdb_value(&plain, names));
	testdb_close(&t);
	testdb_close(&plain);
}

static bool holds(struct str text, const char *words)
{
	return memmem(text.p, text.n, words, strlen(words)) != NULL;
}

/* From the third step on. */
static bool names_region(const char *from, const char *until)
{
	const char *at = strstr(from, "region = ");
	return at && at < until;
}

/* Whether what ONE joins, or looks for in another table, is of the same region: only such rows lie on the same node. */
static bool joins_by_region(struct arena *mem, struct str one)
{
	const char *text = arena_str(mem, one).p;
	for (const char *p = strstr(text, "(SELECT "); p; p = strstr(p + 1, "(SELECT ")) {
		const char *end = p + 1;
		for (size_t depth = 1; *end && depth > 0; end++)
			depth += *end == '(' ? 1 : *end == ')' ? (size_t)-1 : 0;
		if (!names_region(p, end))
			return false;
	}
	for (const char *p = strstr(text, " JOIN "); p; p = strstr(p + 1, " JOIN ")) {
		const char *next = strstr(p + 1, " JOIN ");
		if (!names_region(p, next ? next : p + strlen(p)))
			return false;
	}
	return true;
}

static void check_statement(struct arena *mem, const struct migration *m, struct str one)
{
	struct script_list references = { 0 };
	const char *wrong = NULL;
	if (script_makes_table(one)) {
		script_lift(mem, one, &references);
		wrong = references.count ? "references of a new table stand behind it, as ALTER TABLE … ADD CONSTRAINT"
					 : NULL;
	} else if (holds(one, "REFERENCES ")) {
		wrong = str_starts(one, S("ALTER TABLE ")) && holds(one, " ADD CONSTRAINT ") &&
					holds(one, " FOREIGN KEY (")
				? NULL
				: "a reference is ALTER TABLE … ADD CONSTRAINT name FOREIGN KEY …";
	}
	if (str_starts(one, S("ALTER TABLE ")) &&
		(holds(one, " ADD CHECK ") || holds(one, " ADD UNIQUE ") || holds(one, " ADD PRIMARY ")))
		wrong = "a constraint has a name: ADD CONSTRAINT name …";
	if (script_actions(mem, one).count > 1)
		wrong = "an ALTER TABLE does one thing";
	if (!joins_by_region(mem, one))
		wrong = "what is joined is joined by the region, and so is what a condition looks for";
	if (holds(one, "$$") || str_starts(one, S("DO ")))
		wrong = "no blocks";
	if (wrong)
		fail_msg("%04d %s: %s: %.*s", m->number, m->what, wrong, STR_ARG(one));
}

static void every_statement_of_a_step_is_one_that_citus_takes(void **state)
{
	(void)state;
	struct arena *mem = arena_new(1 << 16);
	size_t seen = 0;
	for (size_t i = 0; i < migrations_count; i++) {
		struct str rest = script_plain(mem, str_of(migrations[i].sql[DB_POSTGRES])), one;
		while (script_next(&rest, &one)) {
			seen++;
			if (i >= 2)
				check_statement(mem, &migrations[i], one);
		}
	}
	assert_true(seen > 60);
	assert_false(joins_by_region(mem, S("UPDATE a SET b = 1 WHERE EXISTS (SELECT 1 FROM c WHERE c.a_id = a.id)")));
	assert_false(joins_by_region(mem, S("DELETE FROM a WHERE region = '1' AND id IN (SELECT a_id FROM c)")));
	assert_false(joins_by_region(mem, S("INSERT INTO a SELECT * FROM b JOIN c ON c.id = b.id WHERE b.id > 1")));
	assert_true(joins_by_region(mem, S("UPDATE a SET b = (SELECT max(c) FROM d WHERE d.region = a.region)")));
	arena_free(mem);
}

static void a_script_is_cut_where_its_statements_end(void **state)
{
	(void)state;
	struct arena *mem = arena_new(1 << 12);
	struct str one,
		rest = script_plain(mem, S("-- A note's text; not a statement\n"
					   "INSERT INTO a VALUES ('x;--y', \"b;\"); -- and\n;;\nUPDATE a SET b = 1"));
	assert_true(script_next(&rest, &one));
	assert_true(str_is(one, "INSERT INTO a VALUES ('x;--y', \"b;\")"));
	assert_true(script_next(&rest, &one));
	assert_true(str_is(one, "UPDATE a SET b = 1"));
	assert_false(script_next(&rest, &one));
	assert_int_equal(script_actions(mem, S("ALTER TABLE a ADD CHECK (b IN (1, 2)), DROP c")).count, 2);
	assert_int_equal(script_actions(mem, S("ALTER TABLE a ADD CHECK (b IN (1, 2))")).count, 1);
	assert_int_equal(script_actions(mem, S("INSERT INTO a VALUES (1), (2)")).count, 0);
	arena_free(mem);
}

static void the_check_of_a_new_column_is_taken_out(void **state)
{
	(void)state;
	struct arena *mem = arena_new(1 << 12);
	struct script_list out = { 0 };
	struct str one = script_lift_check(mem,
		S("ALTER TABLE t ADD COLUMN a TEXT NOT NULL CHECK (a IN ('x)', 'CHECK ') OR (b)) DEFAULT 'x)'"), &out);
	assert_true(str_is(one, "ALTER TABLE t ADD COLUMN a TEXT NOT NULL DEFAULT 'x)'"));
	assert_int_equal(out.count, 1);
	assert_true(str_is(out.item[0], "ALTER TABLE t ADD CONSTRAINT t_a_check CHECK (a IN ('x)', 'CHECK ') OR (b))"));
	static const char *const others[] = { "ALTER TABLE t ADD COLUMN a TEXT DEFAULT 'CHECK (x)'",
		"ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "UPDATE t SET a = 1" };
	for (size_t i = 0; i < COUNT(others); i++)
		assert_true(str_is(script_lift_check(mem, str_of(others[i]), &out), others[i]));
	assert_int_equal(out.count, 1);
	arena_free(mem);
}

static void references_are_taken_out_of_a_new_table(void **state)
{
	(void)state;
	struct arena *mem = arena_new(1 << 12);
	struct script_list out = { 0 };
	struct str made = script_lift(mem,
		S("CREATE TABLE t (region TEXT NOT NULL REFERENCES r (region) CHECK (region <> 'FOREIGN KEY ('),"
		  " id INT, b INT, PRIMARY KEY (region, id), FOREIGN KEY (region, b) REFERENCES t (region, id),"
		  " CONSTRAINT c FOREIGN KEY (b) REFERENCES u)"),
		&out);
	assert_true(
		str_is(made, "CREATE TABLE t (region TEXT NOT NULL  CHECK (region <> 'FOREIGN KEY ('), id INT, b INT,"
			     " PRIMARY KEY (region, id))"));
	assert_int_equal(out.count, 3);
	assert_true(str_is(
		out.item[0], "ALTER TABLE t ADD CONSTRAINT t_region_fkey FOREIGN KEY (region) REFERENCES r (region)"));
	assert_true(str_is(out.item[1],
		"ALTER TABLE t ADD CONSTRAINT t_region_b_fkey FOREIGN KEY (region, b) REFERENCES t (region, id)"));
	assert_true(str_is(out.item[2], "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES u"));
	arena_free(mem);
}

int main(void)
{
	enum { NEED_POSTGRES = 4 };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_distributed_database_goes_from_step_to_step),
		cmocka_unit_test(a_database_that_gets_citus_later_is_refused_until_it_is_distributed),
		cmocka_unit_test(a_table_outside_of_the_list_is_split_when_it_has_a_region),
		cmocka_unit_test(references_keep_the_names_that_postgresql_gives),
		cmocka_unit_test(every_statement_of_a_step_is_one_that_citus_takes),
		cmocka_unit_test(a_script_is_cut_where_its_statements_end),
		cmocka_unit_test(the_check_of_a_new_column_is_taken_out),
		cmocka_unit_test(references_are_taken_out_of_a_new_table),
	};
	size_t first = testdb_has(DB_POSTGRES) ? 0 : NEED_POSTGRES;
	if (first)
		fprintf(stderr, "# citus: not on PostgreSQL, for ADEM_TEST_POSTGRES is not set\n");
	return _cmocka_run_group_tests("citus", tests + first, COUNT(tests) - first, NULL, NULL);
}
