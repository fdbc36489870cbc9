#include "db/postgres_check.h"
#include "db/raw.h"

/* One row a foreign key: the table, the table it refers to, and the statement that counts what refers to nothing. */
static const char keys_sql[] = "SELECT k.conrelid::regclass::text, k.confrelid::regclass::text,"
			       " format('SELECT count(*) FROM %s f WHERE %s AND NOT EXISTS (SELECT 1 FROM %s t WHERE "
			       "%s)', k.conrelid::regclass,"
			       "  string_agg(format('f.%I IS NOT NULL', a.attname), ' AND '), k.confrelid::regclass,"
			       "  string_agg(format('t.%I = f.%I', b.attname, a.attname), ' AND '))"
			       " FROM pg_constraint k CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair (a, b)"
			       " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.a"
			       " JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = pair.b"
			       " WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace"
			       " GROUP BY k.oid, k.conrelid, k.confrelid ORDER BY k.conrelid, k.oid";

enum err postgres_check(struct ctx *c, bool thorough, void (*found)(void *arg, struct str what),
	void (*progress)(void *arg, int64_t done, int64_t of), void *arg)
{
	struct db_table keys = { 0 }, reads = { 0 };
	(void)progress; /* a statement says nothing of itself */
	TRY(db_raw(c, S("SHOW transaction_read_only"), &reads));
	if (str_is(db_cell(&reads, 0, 0), "on"))
		found(arg, S("nothing can be written: its server only reads (a full disk, or another one has taken "
			     "over)"));
	if (!thorough)
		return OK;
	TRY(db_raw(c, str_of(keys_sql), &keys));
	for (size_t i = 0; i < keys.rows; i++) {
		struct db_table count = { 0 };
		TRY(db_raw(c, db_cell(&keys, i, 2), &count));
		if (!str_is(db_cell(&count, 0, 0), "0"))
			found(arg, arena_printf(c->mem, "%.*s rows of %.*s refer to rows of %.*s that are not there",
					   STR_ARG(db_cell(&count, 0, 0)), STR_ARG(db_cell(&keys, i, 0)),
					   STR_ARG(db_cell(&keys, i, 1))));
	}
	return OK;
}
