/* Pairs of places, and cells of a grid. */
#include "num/data/places.h"
#include "num/data/table.h"

static int by_number(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	return (a > b) - (a < b);
}

/* Sorts each place's list and drops what is there twice. */
static void tidy(struct place_edges *e)
{
	size_t to = 0, from = 0;
	for (size_t i = 0; i < e->places; i++) {
		size_t end = e->first[i + 1], start = to;
		qsort(e->other + from, end - from, sizeof *e->other, by_number);
		for (; from < end; from++)
			if (to == start || e->other[to - 1] != e->other[from])
				e->other[to++] = e->other[from];
		e->first[i] = start;
	}
	e->first[e->places] = to;
}

struct place_edges *place_edges_make(struct arena *a, size_t places, const uint32_t (*pair)[2], size_t count)
{
	struct place_edges *e = arena_new_of(a, struct place_edges);
	e->places = places;
	e->first = arena_array(a, size_t, places + 1);
	e->other = arena_array(a, uint32_t, 2 * count);
	size_t *next = arena_array(a, size_t, places + 1);
	for (size_t k = 0; k < count; k++) {
		assert(pair[k][0] < places && pair[k][1] < places);
		if (pair[k][0] == pair[k][1])
			continue;
		e->first[pair[k][0] + 1]++;
		e->first[pair[k][1] + 1]++;
	}
	for (size_t i = 0; i < places; i++)
		e->first[i + 1] += e->first[i];
	memcpy(next, e->first, (places + 1) * sizeof *next);
	for (size_t k = 0; k < count; k++) {
		if (pair[k][0] == pair[k][1])
			continue;
		e->other[next[pair[k][0]]++] = pair[k][1];
		e->other[next[pair[k][1]]++] = pair[k][0];
	}
	tidy(e);
	return e;
}

static enum err pair_columns(struct ctx *c, const struct csv *r, const char *name, size_t column[2])
{
	column[0] = csv_column(r, "a");
	column[1] = csv_column(r, "b");
	if (column[0] != SIZE_MAX && column[1] != SIZE_MAX)
		return OK;
	column[0] = csv_column(r, arena_printf(c->mem, "%s_a", name).p);
	column[1] = csv_column(r, arena_printf(c->mem, "%s_b", name).p);
	if (column[0] != SIZE_MAX && column[1] != SIZE_MAX)
		return OK;
	return FAIL(c, ERR_INPUT, "line %zu: the header must name a and b, or %s_a and %s_b", r->line, name, name);
}

enum err places_read_edges(
	struct ctx *c, struct str text, const struct places *p, const char *name, struct place_edges **out)
{
	struct csv *r;
	size_t column[2], count = 0, cap = 0;
	uint32_t(*pair)[2] = NULL;
	bool more;
	TRY(table_open(c, text, &r));
	TRY(pair_columns(c, r, name ? name : "place", column));
	for (;;) {
		TRY(table_next(c, r, &more));
		if (!more)
			break;
		pair = arena_grow(c->mem, pair, count, &cap, count + 1, sizeof *pair);
		TRY(table_place(c, r, p, column[0], &pair[count][0]));
		TRY(table_place(c, r, p, column[1], &pair[count][1]));
		count++;
	}
	*out = place_edges_make(c->mem, p->count, (const uint32_t(*)[2])pair, count);
	return OK;
}

struct cell_row {
	int32_t ix, iy;
	size_t line;
};

static int by_cell(const void *x, const void *y)
{
	const struct cell_row *a = x, *b = y;
	if (a->ix != b->ix)
		return a->ix < b->ix ? -1 : 1;
	if (a->iy != b->iy)
		return a->iy < b->iy ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

static enum err check_distinct(struct ctx *c, const struct cell_row *row, size_t count)
{
	struct cell_row *sorted = arena_array(c->mem, struct cell_row, count);
	memcpy(sorted, row, count * sizeof *row);
	qsort(sorted, count, sizeof *sorted, by_cell);
	for (size_t i = 1; i < count; i++)
		if (sorted[i].ix == sorted[i - 1].ix && sorted[i].iy == sorted[i - 1].iy)
			return FAIL(c, ERR_INPUT, "line %zu: the cell is the same as on line %zu", sorted[i].line,
				sorted[i - 1].line);
	return OK;
}

enum err cells_read(struct ctx *c, struct str text, struct cells **out)
{
	struct csv *r;
	size_t column[2], count = 0, cap = 0;
	struct cell_row *row = NULL;
	bool more;
	TRY(table_open(c, text, &r));
	TRY(table_column(c, r, "ix", &column[0]));
	TRY(table_column(c, r, "iy", &column[1]));
	for (;;) {
		int64_t at[2];
		TRY(table_next(c, r, &more));
		if (!more)
			break;
		if (count == PLACES_MAX)
			return FAIL(c, ERR_LIMIT, "more than %d cells", PLACES_MAX);
		if (!str_to_i64(table_field(r, column[0]), -INT32_MAX, INT32_MAX, &at[0]) ||
			!str_to_i64(table_field(r, column[1]), -INT32_MAX, INT32_MAX, &at[1]))
			return FAIL(c, ERR_INPUT, "line %zu: ix and iy must be whole numbers", r->line);
		row = arena_grow(c->mem, row, count, &cap, count + 1, sizeof *row);
		row[count++] = (struct cell_row){ (int32_t)at[0], (int32_t)at[1], r->line };
	}
	if (count == 0)
		return FAIL(c, ERR_INPUT, "line %zu: there is no cell", r->line);
	TRY(check_distinct(c, row, count));
	struct cells *cells = arena_new_of(c->mem, struct cells);
	*cells = (struct cells){ count, arena_array(c->mem, int32_t, count), arena_array(c->mem, int32_t, count) };
	for (size_t i = 0; i < count; i++) {
		cells->ix[i] = row[i].ix;
		cells->iy[i] = row[i].iy;
	}
	*out = cells;
	return OK;
}

struct place_edges *place_edges_keep(
	struct arena *a, const struct place_edges *e, const uint32_t *number, size_t places)
{
	size_t count = 0;
	uint32_t(*pair)[2] = arena_alloc(a, e->first[e->places] + 1, sizeof *pair);
	for (uint32_t i = 0; i < e->places; i++)
		for (size_t k = e->first[i]; k < e->first[i + 1]; k++) {
			uint32_t j = e->other[k];
			if (j <= i || number[i] == PLACES_NONE || number[j] == PLACES_NONE)
				continue;
			pair[count][0] = number[i];
			pair[count++][1] = number[j];
		}
	return place_edges_make(a, places, (const uint32_t(*)[2])pair, count);
}
