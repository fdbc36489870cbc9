#include "num/forecast/hawkes_point_pairs.h"
#include <math.h>

enum { WIDTHS_MAX = 8, SCALES_MAX = 8 };

struct near {
	double x_m, y_m, t, w;
	uint32_t next; /* older, in the same cell */
};

struct pairs {
	const struct grid *grid;
	const struct grid *fine[WIDTHS_MAX];
	size_t widths, scales, count, room;
	double sigma_m[WIDTHS_MAX], rate[SCALES_MAX];
	double back_d;     /* pairs further apart are not looked at */
	uint32_t *newest;  /* [cells]; GRID_NONE: no incident yet */
	struct near *near; /* [room] */
	double *height;    /* [room * widths]: of a bell at its top, 1 / (2 pi sigma^2 mass) */
};

struct pairs *pairs_make(struct arena *a, const struct grid *g, const struct grid *const *fine, const double *sigma_m,
	size_t widths, const double *rate, size_t scales, size_t incidents)
{
	assert(widths > 0 && widths <= WIDTHS_MAX && scales > 0 && scales <= SCALES_MAX);
	struct pairs *p = arena_new_of(a, struct pairs);
	*p = (struct pairs){ .grid = g, .widths = widths, .scales = scales, .room = incidents };
	for (size_t l = 0; l < widths; l++)
		p->fine[l] = fine[l];
	memcpy(p->sigma_m, sigma_m, widths * sizeof *sigma_m);
	memcpy(p->rate, rate, scales * sizeof *rate);
	p->back_d = PAIRS_MEMORIES / rate[scales - 1];
	p->newest = arena_array(a, uint32_t, g->count);
	memset(p->newest, 0xFF, g->count * sizeof *p->newest);
	p->near = arena_array(a, struct near, incidents);
	p->height = arena_array(a, double, incidents *widths);
	return p;
}

void pairs_add(struct pairs *p, uint32_t cell, double x_m, double y_m, double t, double w, const double *mass)
{
	assert(p->count < p->room);
	for (size_t l = 0; l < p->widths; l++)
		p->height[p->count * p->widths + l] = 1 / (2 * M_PI * p->sigma_m[l] * p->sigma_m[l] * mass[l]);
	p->near[p->count] = (struct near){ .x_m = x_m, .y_m = y_m, .t = t, .w = w, .next = p->newest[cell] };
	p->newest[cell] = (uint32_t)p->count++;
}

/* A point that is looked at, and its column and row among the cells of each bell. */
struct target {
	double x_m, y_m, t;
	double column[WIDTHS_MAX], row[WIDTHS_MAX];
};

/* Whether bell L of N ends with cells that hold the point. */
static bool reached(const struct pairs *p, const struct near *n, const struct target *at, size_t l)
{
	double reach = GRID_REACH * p->sigma_m[l], side = p->fine[l]->side_m;
	return floor((n->x_m - reach) / side) <= at->column[l] && at->column[l] <= floor((n->x_m + reach) / side) &&
	       floor((n->y_m - reach) / side) <= at->row[l] && at->row[l] <= floor((n->y_m + reach) / side);
}

static void read_one(const struct pairs *p, size_t i, const struct target *at, double *out, size_t stride)
{
	const struct near *n = &p->near[i];
	double dx = at->x_m - n->x_m, dy = at->y_m - n->y_m, squared = dx * dx + dy * dy, decay[SCALES_MAX];
	if (!reached(p, n, at, p->widths - 1)) /* the widest */
		return;
	for (size_t k = 0; k < p->scales; k++)
		decay[k] = n->w * exp(-p->rate[k] * (at->t - n->t));
	for (size_t l = 0; l < p->widths; l++) {
		if (!reached(p, n, at, l))
			continue;
		double density = p->height[i * p->widths + l] * exp(-squared / (2 * p->sigma_m[l] * p->sigma_m[l]));
		for (size_t k = 0; k < p->scales; k++)
			out[l * stride + k] += density * decay[k];
	}
}

size_t pairs_read(const struct pairs *p, uint32_t cell, double x_m, double y_m, double t, double *out, size_t stride)
{
	const struct grid *g = p->grid;
	/* As far as a bell reaches, and to the end of the cell there. */
	int64_t reach = (int64_t)ceil(GRID_REACH * p->sigma_m[p->widths - 1] / g->side_m) + 1;
	struct target target = { .x_m = x_m, .y_m = y_m, .t = t };
	size_t looked = 0;
	for (size_t l = 0; l < p->widths; l++) {
		target.column[l] = floor(x_m / p->fine[l]->side_m);
		target.row[l] = floor(y_m / p->fine[l]->side_m);
	}
	for (int64_t iy = g->iy[cell] - reach; iy <= g->iy[cell] + reach; iy++) {
		uint32_t at, end;
		grid_row(g, iy, g->ix[cell] - reach, g->ix[cell] + reach + 1, &at, &end);
		for (; at < end; at++)
			for (uint32_t i = p->newest[at]; i != GRID_NONE && t - p->near[i].t < p->back_d;
				i = p->near[i].next) {
				read_one(p, i, &target, out, stride);
				looked++;
			}
	}
	return looked;
}
