/* table.h - CSV with a header, for the readers of this folder: columns by name, fields by column, reasons with lines. */
#ifndef ADEM_NUM_TABLE_H
#define ADEM_NUM_TABLE_H
#include "base/csv.h"
#include "base/err.h"

/* Opens TEXT and reads its header into a reader in the arena of C. Fails with ERR_INPUT where there is none. */
MUST_CHECK enum err table_open(struct ctx *c, struct str text, struct csv **out);
/* The column NAME into *OUT. Fails where the header has it not. */
MUST_CHECK enum err table_column(struct ctx *c, const struct csv *r, const char *name, size_t *out);
/* Goes to the next row: *MORE. Fails where the CSV is broken. */
MUST_CHECK enum err table_next(struct ctx *c, struct csv *r, bool *more);
/* The field of the present row without white space around it; empty where the row is short or COLUMN is SIZE_MAX. */
struct str table_field(const struct csv *r, size_t column);
/* Text from outside for a reason: at most 40 bytes of it. */
struct str table_shown(struct str s);
struct places;
/* The place that the field of COLUMN names, into *OUT. Fails with the line where nobody is called so, or a group is. */
MUST_CHECK enum err table_place(
	struct ctx *c, const struct csv *r, const struct places *p, size_t column, uint32_t *out);
#endif
