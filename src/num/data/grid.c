#include "num/data/grid.h"
#include <math.h>

static int by_row(const void *x, const void *y)
{
	const int32_t *a = x, *b = y;
	if (a[0] != b[0])
		return a[0] < b[0] ? -1 : 1;
	return (a[1] > b[1]) - (a[1] < b[1]);
}

/* Room for COUNT cells between the least and greatest IX and IY of them. */
static struct grid *room(struct arena *a, size_t count, double side_m, const int32_t ix[2], const int32_t iy[2])
{
	struct grid *g = arena_new_of(a, struct grid);
	*g = (struct grid){ .side_m = side_m,
		.count = count,
		.ix = arena_array(a, int32_t, count),
		.iy = arena_array(a, int32_t, count),
		.given = arena_array(a, uint32_t, count),
		.ix0 = ix[0],
		.iy0 = iy[0],
		.cols = (size_t)((int64_t)ix[1] - ix[0] + 1),
		.rows = (size_t)((int64_t)iy[1] - iy[0] + 1) };
	g->row = arena_array(a, uint32_t, g->rows + 1);
	return g;
}

/* The first cell of each row, once the cells stand in order. */
static void index_rows(struct grid *g)
{
	size_t cell = 0;
	for (size_t r = 0; r <= g->rows; r++) {
		while (cell < g->count && g->iy[cell] - g->iy0 < (int64_t)r)
			cell++;
		g->row[r] = (uint32_t)cell;
	}
}

enum err grid_make(struct ctx *c, const struct cells *cells, double side_m, struct grid **out)
{
	assert(cells->count > 0 && side_m > 0);
	int32_t(*order)[3] = arena_alloc(c->mem, cells->count, sizeof *order);
	int32_t ix[2] = { INT32_MAX, INT32_MIN }, iy[2] = { INT32_MAX, INT32_MIN };
	for (size_t i = 0; i < cells->count; i++) {
		int32_t x = cells->ix[i], y = cells->iy[i];
		order[i][0] = y, order[i][1] = x, order[i][2] = (int32_t)i;
		ix[0] = x < ix[0] ? x : ix[0], ix[1] = x > ix[1] ? x : ix[1];
		iy[0] = y < iy[0] ? y : iy[0], iy[1] = y > iy[1] ? y : iy[1];
	}
	double box = ((double)ix[1] - ix[0] + 1) * ((double)iy[1] - iy[0] + 1);
	if (box > GRID_BOX_MAX)
		return FAIL(c, ERR_LIMIT, "cells from %d,%d to %d,%d lie too far apart for a side of %g m", ix[0],
			iy[0], ix[1], iy[1], side_m);
	qsort(order, cells->count, sizeof *order, by_row);
	struct grid *g = room(c->mem, cells->count, side_m, ix, iy);
	for (size_t i = 0; i < g->count; i++)
		g->iy[i] = order[i][0], g->ix[i] = order[i][1], g->given[i] = (uint32_t)order[i][2];
	index_rows(g);
	*out = g;
	return OK;
}

struct grid *grid_refine(struct arena *a, const struct grid *g, unsigned n)
{
	int32_t m = (int32_t)n;
	int32_t ix[2] = { g->ix0 * m, (g->ix0 + (int32_t)g->cols) * m - 1 };
	int32_t iy[2] = { g->iy0 * m, (g->iy0 + (int32_t)g->rows) * m - 1 };
	struct grid *fine = room(a, g->count * n * n, g->side_m / n, ix, iy);
	size_t at = 0;
	for (size_t r = 0; r < g->rows; r++)
		for (int32_t sy = 0; sy < m; sy++)
			for (uint32_t cell = g->row[r]; cell < g->row[r + 1]; cell++)
				for (int32_t sx = 0; sx < m; sx++, at++) {
					fine->ix[at] = g->ix[cell] * m + sx;
					fine->iy[at] = g->iy[cell] * m + sy;
					fine->given[at] = cell;
				}
	index_rows(fine);
	return fine;
}

/* The first cell of row R (counted from the first) whose column is IX or more. */
static uint32_t seek(const struct grid *g, size_t r, int64_t ix)
{
	uint32_t low = g->row[r], high = g->row[r + 1];
	if (low == high || ix <= g->ix[low])
		return low;
	if (ix > g->ix[high - 1])
		return high;
	if (g->ix[high - 1] - g->ix[low] == (int64_t)(high - low) - 1) /* no gap */
		return low + (uint32_t)(ix - g->ix[low]);
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (g->ix[middle] < ix)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t grid_at(const struct grid *g, int64_t ix, int64_t iy)
{
	int64_t r = iy - g->iy0;
	if (r < 0 || r >= (int64_t)g->rows)
		return GRID_NONE;
	uint32_t cell = seek(g, (size_t)r, ix);
	return cell < g->row[r + 1] && g->ix[cell] == ix ? cell : GRID_NONE;
}

uint32_t grid_find(const struct grid *g, double x_m, double y_m)
{
	return grid_at(g, (int64_t)floor(x_m / g->side_m), (int64_t)floor(y_m / g->side_m));
}

void grid_row(const struct grid *g, int64_t iy, int64_t ix, int64_t ix_end, uint32_t *first, uint32_t *end)
{
	int64_t r = iy - g->iy0;
	*first = *end = 0;
	if (r < 0 || r >= (int64_t)g->rows)
		return;
	*first = seek(g, (size_t)r, ix);
	*end = seek(g, (size_t)r, ix_end);
}

struct cells *grid_cells_of(struct arena *a, const struct events *e, double side_m, int32_t from, int32_t until)
{
	size_t first = events_from(e, from), end = events_from(e, until), n = 0;
	if (first >= end)
		return NULL;
	int32_t(*at)[2] = arena_alloc(a, end - first, sizeof *at);
	for (size_t i = first; i < end; i++)
		if (e->event[i].kind == 0) {
			at[n][0] = (int32_t)floor(e->event[i].y_m / side_m);
			at[n++][1] = (int32_t)floor(e->event[i].x_m / side_m);
		}
	if (n == 0)
		return NULL;
	qsort(at, n, sizeof *at, by_row);
	struct cells *cells = arena_new_of(a, struct cells);
	cells->ix = arena_array(a, int32_t, n);
	cells->iy = arena_array(a, int32_t, n);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || by_row(at[i - 1], at[i]) != 0) {
			cells->iy[cells->count] = at[i][0];
			cells->ix[cells->count++] = at[i][1];
		}
	return cells;
}

/* The mass of a normal around AT in each interval that its reach touches: the number of them, the first in *FIRST. */
static int32_t cut(double at, double sigma, double side, int32_t *first, double *mass)
{
	double low = floor((at - GRID_REACH * sigma) / side), high = floor((at + GRID_REACH * sigma) / side);
	int32_t n = (int32_t)(high - low) + 1;
	assert(n > 0 && n <= GRID_BELL_MAX);
	double scale = 1 / (sigma * sqrt(2)), before = erf((low * side - at) * scale);
	for (int32_t i = 0; i < n; i++) {
		double after = erf(((low + i + 1) * side - at) * scale);
		mass[i] = 0.5 * (after - before);
		before = after;
	}
	*first = (int32_t)low;
	return n;
}

void grid_bell(const struct grid *g, double x_m, double y_m, double sigma_m, struct bell *out)
{
	assert(sigma_m > 0 && sigma_m <= GRID_SIGMA_M * g->side_m);
	out->cols = cut(x_m, sigma_m, g->side_m, &out->ix0, out->x);
	out->rows = cut(y_m, sigma_m, g->side_m, &out->iy0, out->y);
}

double grid_bell_mass(const struct grid *g, const struct bell *b)
{
	double mass = 0;
	for (int32_t j = 0; j < b->rows; j++) {
		uint32_t first, end;
		double row = 0;
		grid_row(g, (int64_t)b->iy0 + j, b->ix0, (int64_t)b->ix0 + b->cols, &first, &end);
		for (uint32_t cell = first; cell < end; cell++)
			row += b->x[g->ix[cell] - b->ix0];
		mass += b->y[j] * row;
	}
	return mass;
}

/* The integral of erf from 0 on. */
static double erf_integral(double z)
{
	return z * erf(z) + (exp(-z * z) - 1) / sqrt(M_PI);
}

/* The mass in the interval DISTANCE intervals away of a normal around a point that may be anywhere in its own interval. */
static double tap(int32_t distance, double sigma, double side)
{
	double s = side / (sigma * sqrt(2)), d = distance;
	return 0.5 / s * (erf_integral((d + 1) * s) - 2 * erf_integral(d * s) + erf_integral((d - 1) * s));
}

struct grid_blur *grid_blur_make(struct arena *a, const struct grid *g, double sigma_m)
{
	struct grid_blur *b = arena_new_of(a, struct grid_blur);
	*b = (struct grid_blur){ .grid = g, .reach = (int32_t)ceil(GRID_REACH * sigma_m / g->side_m) };
	b->tap = arena_array(a, double, 2 * (size_t)b->reach + 1);
	for (int32_t i = -b->reach; i <= b->reach; i++) {
		double mass = tap(i, sigma_m, g->side_m);
		b->tap[i + b->reach] = mass > 0 ? mass : 0; /* far out rounding takes over */
	}
	b->mass = arena_array(a, double, g->count);
	double *scratch = arena_array(a, double, g->rows * g->cols);
	double *one = arena_array(a, double, g->count), *mass = arena_array(a, double, g->count);
	for (size_t i = 0; i < g->count; i++)
		b->mass[i] = one[i] = 1;
	/* What a cell gets from all others is what it gives to them: bells are symmetric. */
	grid_blur(b, scratch, one, mass);
	memcpy(b->mass, mass, g->count * sizeof *mass);
	return b;
}

void grid_blur(const struct grid_blur *b, double *scratch, const double *what, double *out)
{
	const struct grid *g = b->grid;
	int64_t cols = (int64_t)g->cols, rows = (int64_t)g->rows, reach = b->reach;
	memset(scratch, 0, g->rows * g->cols * sizeof *scratch);
	for (size_t i = 0; i < g->count; i++) {
		int64_t x = g->ix[i] - g->ix0, low = x < reach ? 0 : x - reach, high = x + reach;
		double *line = scratch + (int64_t)(g->iy[i] - g->iy0) * cols;
		double amount = what[i] / b->mass[i];
		for (int64_t to = low; to <= high && to < cols; to++)
			line[to] += amount * b->tap[to - x + reach];
	}
	for (size_t i = 0; i < g->count; i++) {
		int64_t y = g->iy[i] - g->iy0, low = y < reach ? 0 : y - reach, high = y + reach;
		const double *column = scratch + (g->ix[i] - g->ix0);
		double sum = 0;
		for (int64_t from = low; from <= high && from < rows; from++)
			sum += column[from * cols] * b->tap[from - y + reach];
		out[i] = sum;
	}
}
