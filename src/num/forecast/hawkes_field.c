#include "num/forecast/hawkes_field.h"
#include <math.h>

/* Memories that a value is brought forward after: e^64 is far from any limit of doubles. */
#define FORWARD_MEMORIES 64.0

struct hawkes_field *hawkes_field_make(
	struct arena *a, const struct grid *g, double sigma_m, const double *rate, size_t scales)
{
	assert(scales <= HAWKES_FIELD_SCALES_MAX);
	struct hawkes_field *f = arena_new_of(a, struct hawkes_field);
	*f = (struct hawkes_field){ .grid = g, .sigma_m = sigma_m, .scales = scales };
	memcpy(f->rate, rate, scales * sizeof *rate);
	f->value = arena_array(a, double, g->count *scales);
	return f;
}

void hawkes_field_decay(const struct hawkes_field *f, double t, double *out)
{
	for (size_t k = 0; k < f->scales; k++)
		out[k] = exp(-f->rate[k] * (t - f->then[k]));
}

static void bring_forward(struct hawkes_field *f, size_t k, double t)
{
	double decay = exp(-f->rate[k] * (t - f->then[k]));
	for (size_t i = 0; i < f->grid->count; i++)
		f->value[i * f->scales + k] *= decay;
	f->then[k] = t;
}

/* A row of cells, N of them in the columns IX, and a bell's mass in columns IX0 and on. */
struct run {
	const int32_t *ix;
	size_t n;
	const double *x;
	int32_t ix0;
};

static inline void add_run(double *restrict value, const struct run *r, const double *restrict amount, size_t scales)
{
	for (size_t i = 0; i < r->n; i++) {
		double x = r->x[r->ix[i] - r->ix0];
		for (size_t k = 0; k < scales; k++)
			value[i * scales + k] += x * amount[k];
	}
}

/* Most of a fit's time goes by here: where the number of memories is a customary one, the compiler needs no inner loop. */
static void add_row(double *value, const struct run *r, const double *amount, size_t scales)
{
	switch (scales) {
	case 4: add_run(value, r, amount, 4); break;
	case 6: add_run(value, r, amount, 6); break;
	default: add_run(value, r, amount, scales);
	}
}

double hawkes_field_add(struct hawkes_field *f, double x_m, double y_m, double t, double w)
{
	const struct grid *g = f->grid;
	struct bell b;
	double amount[HAWKES_FIELD_SCALES_MAX], row[HAWKES_FIELD_SCALES_MAX];
	grid_bell(g, x_m, y_m, f->sigma_m, &b);
	double mass = grid_bell_mass(g, &b);
	assert(mass > 0);
	for (size_t k = 0; k < f->scales; k++) {
		if (f->rate[k] * (t - f->then[k]) > FORWARD_MEMORIES)
			bring_forward(f, k, t);
		amount[k] = w / mass * exp(f->rate[k] * (t - f->then[k]));
	}
	for (int32_t j = 0; j < b.rows; j++) {
		uint32_t first, end;
		grid_row(g, (int64_t)b.iy0 + j, b.ix0, (int64_t)b.ix0 + b.cols, &first, &end);
		if (first == end)
			continue;
		for (size_t k = 0; k < f->scales; k++)
			row[k] = b.y[j] * amount[k];
		struct run run = { g->ix + first, end - first, b.x, b.ix0 };
		add_row(f->value + first * f->scales, &run, row, f->scales);
	}
	return mass;
}
