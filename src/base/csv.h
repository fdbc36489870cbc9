/* csv.h - reading CSV (RFC 4180) that is in memory: comma, quotes, LF or CR LF, a byte order mark in front is skipped.
 *
 *	struct csv r;
 *	csv_init(&r, mem, text);
 *	while (csv_next(&r))
 *		use(r.field[0], r.count, r.line);
 *	if (r.why)
 *		return FAIL(c, ERR_INPUT, "line %zu: %s", r.line, r.why);
 *
 * Bounded: at most CSV_FIELDS_MAX fields a row. Empty lines are skipped. Fields borrow from the text; one that holds doubled
 * quotes is a copy in MEM. Nothing is known about the bytes: whoever wants text checks it. */
#ifndef ADEM_BASE_CSV_H
#define ADEM_BASE_CSV_H
#include "base/arena.h"

enum { CSV_FIELDS_MAX = 2048 };

struct csv {
	struct arena *mem;
	struct str rest;
	size_t line; /* on which the present row begins, from 1 */
	size_t next_line;
	size_t count;    /* of the fields of the present row */
	const char *why; /* what is wrong; NULL: nothing */
	struct str field[CSV_FIELDS_MAX];
};

void csv_init(struct csv *r, struct arena *mem, struct str text);
/* The next row; false at the end, and at the first mistake, which WHY then tells. */
MUST_CHECK bool csv_next(struct csv *r);
/* The number of the field of the present row (the header) that is NAME, without white space around it; SIZE_MAX: none. */
size_t csv_column(const struct csv *r, const char *name);
#endif
