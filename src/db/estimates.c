#include "db/estimates.h"
#include "db/raw.h"

enum {
	ROWS = 100000,       /* of a table */
	ROWS_PARTIAL = 1000, /* of an index with a WHERE, which are about what is open */
	ROWS_BY_ID = 20,     /* that belong to one other row */
	CODES = 5,           /* different values of a column of codes */
	ROWS_LAST = 10,      /* with the same values in all columns of an index that is not unique */
};

/* How many rows have the same value in the columns up to this one, when BEFORE have it up to the one before. */
static int64_t rows_with(struct str column, int64_t before)
{
	if (str_is(column, "region"))
		return before;
	int64_t rows = str_ends(column, S("id")) || str_is(column, "lookup") ? ROWS_BY_ID : before / CODES;
	return rows < before ? rows : before;
}

/* The form that SQLite's documentation gives for sqlite_stat1.stat. Skipping over the values of the region, which it
 * would then think of, is never what is wanted. */
static struct str stat_of(struct ctx *c, struct str columns, bool unique, bool partial)
{
	int64_t rows = partial ? ROWS_PARTIAL : ROWS;
	struct str column, stat = arena_printf(c->mem, "%" PRId64, rows);
	while (str_cut(&columns, ',', &column)) {
		rows = rows_with(column, rows);
		if (columns.n == 0 && (unique || rows > ROWS_LAST))
			rows = unique ? 1 : ROWS_LAST;
		stat = arena_printf(c->mem, "%.*s %" PRId64, STR_ARG(stat), rows > 0 ? rows : 1);
	}
	return arena_printf(c->mem, "%.*s noskipscan", STR_ARG(stat));
}

enum err estimates_write(struct ctx *c)
{
	struct db_table t;
	TRY(db_raw(c, S("ANALYZE sqlite_schema; DELETE FROM sqlite_stat1"), NULL));
	TRY(db_raw(c,
		S("SELECT t.name, i.name, (SELECT group_concat(name) FROM pragma_index_info(i.name)), i.\"unique\","
		  " i.partial FROM sqlite_schema t, pragma_index_list(t.name) i"
		  " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY 1, 2"),
		&t));
	for (size_t i = 0; i < t.rows; i++) {
		struct str stat = stat_of(
			c, db_cell(&t, i, 2), str_is(db_cell(&t, i, 3), "1"), str_is(db_cell(&t, i, 4), "1"));
		TRY(db_raw(c,
			arena_printf(c->mem,
				"INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('%.*s', '%.*s', '%.*s')",
				STR_ARG(db_cell(&t, i, 0)), STR_ARG(db_cell(&t, i, 1)), STR_ARG(stat)),
			NULL));
	}
	return OK;
}
