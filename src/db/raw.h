/* raw.h - SQL as text, for migrations and for tests that look at the catalogues. Nothing else includes this. */
#ifndef ADEM_DB_RAW_H
#define ADEM_DB_RAW_H
#include "base/err.h"

/* All values as text, null as a struct str with p == NULL. Row by row: cell[row * columns + column]. */
struct db_table {
	size_t columns, rows;
	struct str *cell;
	size_t cap;
};

/* Runs the statements of SQL one after the other, inside or outside of a transaction; *OUT gets the rows of the last
 * that has any. OUT may be NULL. Schema changes are refused unless a migration runs. */
MUST_CHECK enum err db_raw(struct ctx *c, struct str sql, struct db_table *out);
/* The cell of row R and column K. */
static inline struct str db_cell(const struct db_table *t, size_t r, size_t k)
{
	assert(r < t->rows && k < t->columns);
	return t->cell[r * t->columns + k];
}
#endif
