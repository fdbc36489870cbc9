#include "num/forecast/kde.h"
#include <math.h>

static double quartic(double dx, double dy, double bandwidth)
{
	double squared = (dx * dx + dy * dy) / (bandwidth * bandwidth);
	return squared < 1 ? (1 - squared) * (1 - squared) : 0;
}

/* Adds the kernel of an incident in CELL, times SCALE, to SUM; the kernel's own sum over the cells. */
static double spread(
	const struct grid *g, const struct event *e, uint32_t cell, double bandwidth, double scale, double *sum)
{
	int64_t reach = (int64_t)ceil(bandwidth / g->side_m);
	double total = 0;
	for (int64_t iy = g->iy[cell] - reach; iy <= g->iy[cell] + reach; iy++) {
		uint32_t at, end;
		grid_row(g, iy, g->ix[cell] - reach, g->ix[cell] + reach + 1, &at, &end);
		for (; at < end; at++) {
			double k = quartic((g->ix[at] + 0.5) * g->side_m - e->x_m,
				((double)iy + 0.5) * g->side_m - e->y_m, bandwidth);
			total += k;
			sum[at] += scale * k;
		}
	}
	return total;
}

static bool add(const struct grid *g, const struct event *e, double bandwidth, double *sum)
{
	uint32_t cell = grid_find(g, e->x_m, e->y_m);
	if (e->kind != 0 || cell == GRID_NONE)
		return false;
	double total = spread(g, e, cell, bandwidth, 0, sum);
	if (total > 0)
		spread(g, e, cell, bandwidth, 1 / total, sum);
	else
		sum[cell] += 1;
	return true;
}

void kde_roll(struct arena *scratch, const struct grid *g, const struct events *e, int32_t from, double bandwidth_m,
	double floor, const struct windows *v, double *mean)
{
	double *sum = arena_array(scratch, double, g->count);
	size_t next = events_from(e, from), known = 0;
	for (size_t w = 0; w < v->count; w++) {
		int32_t origin = windows_origin(v, w);
		for (; next < e->count && e->event[next].day < origin; next++)
			known += add(g, &e->event[next], bandwidth_m, sum);
		double share = origin > from ? (double)v->horizon_d / (origin - from) : 0;
		double even = floor * (double)known / (double)g->count;
		for (size_t i = 0; i < g->count; i++)
			mean[w * g->count + g->given[i]] = share * ((1 - floor) * sum[i] + even);
	}
}
