#include "schema.h"
#include "db/sqlite_raw.h"

/* SQLite has no bool: it is an integer with a CHECK, which the schema's text shows. */
static const char sqlite_sql[] =
	"SELECT line FROM ("
	" SELECT 'column ' || t.name || ' ' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN"
	"  CASE WHEN instr(t.sql, '(' || c.name || ' IN (0, 1))') THEN 'bool' ELSE 'int' END"
	"  WHEN 'TEXT' THEN 'text' WHEN 'REAL' THEN 'real' WHEN 'BLOB' THEN 'blob' ELSE c.type END"
	"  || CASE WHEN c.\"notnull\" THEN ' not-null' ELSE ' null' END"
	"  || coalesce(' default ' || replace(replace(c.dflt_value, 'false', '0'), 'true', '1'), '') AS line"
	"  FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
	" UNION ALL"
	" SELECT CASE i.origin WHEN 'pk' THEN 'key ' || t.name WHEN 'u' THEN 'unique ' || t.name"
	"  ELSE 'index ' || t.name || ' ' || i.name END"
	"  || ' (' || (SELECT group_concat(name, ', ') FROM pragma_index_info(i.name)) || ')'"
	"  || CASE WHEN i.origin = 'c' AND i.\"unique\" THEN ' unique' ELSE '' END"
	"  || CASE WHEN i.partial THEN ' partial' ELSE '' END"
	"  FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
	" UNION ALL"
	" SELECT 'key ' || t.name || ' (' || c.name || ')' FROM sqlite_schema t, pragma_table_info(t.name) c"
	"  WHERE t.type = 'table' AND c.pk = 1 AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) WHERE origin = "
	"'pk')"
	"  AND t.name NOT LIKE 'sqlite%'"
	" UNION ALL"
	" SELECT 'reference ' || name || ' (' || group_concat(\"from\", ', ') || ') ' || target || ' ('"
	"  || group_concat(\"to\", ', ') || ')' FROM (SELECT t.name, f.id, f.\"from\", f.\"table\" AS target, f.\"to\""
	"  FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' ORDER BY t.name, f.id, f.seq)"
	"  GROUP BY name, id)"
	" ORDER BY line";

static const char postgres_sql[] =
	"WITH t AS (SELECT oid, relname FROM pg_class WHERE relkind = 'r'"
	"  AND relnamespace = current_schema()::regnamespace)"
	" SELECT line FROM ("
	" SELECT 'column ' || relname || ' ' || attname || ' ' || CASE atttypid WHEN 20 THEN 'int' WHEN 25 THEN 'text'"
	"  WHEN 16 THEN 'bool' WHEN 701 THEN 'real' WHEN 17 THEN 'blob' ELSE atttypid::regtype::text END"
	"  || CASE WHEN attnotnull THEN ' not-null' ELSE ' null' END || coalesce(' default ' || replace(replace("
	"  replace(pg_get_expr(adbin, adrelid), '::text', ''), 'false', '0'), 'true', '1'), '') AS line"
	"  FROM t JOIN pg_attribute ON attrelid = t.oid AND attnum > 0 AND NOT attisdropped"
	"  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
	" UNION ALL"
	" SELECT CASE WHEN indisprimary THEN 'key ' || t.relname WHEN conname IS NOT NULL THEN 'unique ' || t.relname"
	"  ELSE 'index ' || t.relname || ' ' || n.relname END"
	"  || ' (' || (SELECT string_agg(pg_get_indexdef(indexrelid, k, true), ', ' ORDER BY k)"
	"  FROM generate_series(1, indnkeyatts) k) || ')'"
	"  || CASE WHEN indisunique AND NOT indisprimary AND conname IS NULL THEN ' unique' ELSE '' END"
	"  || CASE WHEN indpred IS NOT NULL THEN ' partial' ELSE '' END"
	"  FROM t JOIN pg_index i ON indrelid = t.oid JOIN pg_class n ON n.oid = indexrelid"
	"  LEFT JOIN pg_constraint ON conindid = indexrelid AND contype = 'u'"
	" UNION ALL"
	" SELECT 'reference ' || t.relname || ' (' || (SELECT string_agg(attname, ', ' ORDER BY o)"
	"  FROM unnest(conkey) WITH ORDINALITY u(k, o) JOIN pg_attribute ON attrelid = conrelid AND attnum = k)"
	"  || ') ' || confrelid::regclass::text || ' (' || (SELECT string_agg(attname, ', ' ORDER BY o)"
	"  FROM unnest(confkey) WITH ORDINALITY u(k, o) JOIN pg_attribute ON attrelid = confrelid AND attnum = k) || "
	"')'"
	"  FROM t JOIN pg_constraint ON conrelid = t.oid AND contype = 'f') s"
	" ORDER BY line COLLATE \"C\"";

/* Through a connection of its own: the program's may not even look this closely. */
static void read_sqlite(struct testdb *t, struct db_table *lines)
{
	sqlite3 *h = NULL;
	assert_int_equal(sqlite3_open(t->where.p + strlen("sqlite:"), &h), SQLITE_OK);
	testdb_ok(t, sqlite_raw(&t->c, h, str_of(sqlite_sql), lines));
	assert_int_equal(sqlite3_close(h), SQLITE_OK);
}

struct str schema_of(struct testdb *t)
{
	struct db_table lines = { 0 };
	struct str all = S("");
	if (t->kind == DB_SQLITE)
		read_sqlite(t, &lines);
	else
		testdb_ok(t, db_raw(&t->c, str_of(postgres_sql), &lines));
	for (size_t i = 0; i < lines.rows; i++)
		all = arena_printf(t->c.mem, "%.*s%.*s\n", STR_ARG(all), STR_ARG(db_cell(&lines, i, 0)));
	return all;
}
