/* num_rows.h - an answer of rows with named values: CSV whose header the first row makes, or a JSON array of objects.
 *
 *	struct num_rows r;
 *	num_rows_begin(&r, mem, out, json);
 *	for each row: num_rows_text(&r, "place", name); num_rows_real(&r, "expected", x); …; num_rows_next(&r);
 *	num_rows_end(&r);
 *
 * All rows have the same names in the same order. A number that is not finite is null in JSON, empty or "inf" in CSV. */
#ifndef ADEM_CLI_NUM_ROWS_H
#define ADEM_CLI_NUM_ROWS_H
#include "base/arena.h"
#include "base/json.h"

struct num_rows {
	struct buf *out;
	bool as_json, first, filled;
	struct json json;
	struct buf *header, *row; /* of CSV; freed with the arena */
};

void num_rows_begin(struct num_rows *r, struct arena *mem, struct buf *out, bool as_json);
void num_rows_text(struct num_rows *r, const char *name, struct str v);
void num_rows_real(struct num_rows *r, const char *name, double v);
void num_rows_int(struct num_rows *r, const char *name, int64_t v);
/* Ends a row. */
void num_rows_next(struct num_rows *r);
void num_rows_end(struct num_rows *r);
#endif
