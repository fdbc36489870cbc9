#include "num/hawkes_field.h"
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

double hawkes_field_add(struct hawkes_field *f, double x_m, double y_m, double t, double w)
{
	const struct grid *g = f->grid;
	struct bell b;
	double amount[HAWKES_FIELD_SCALES_MAX];
	size_t scales = f->scales;
	grid_bell(g, x_m, y_m, f->sigma_m, &b);
	double mass = grid_bell_mass(g, &b);
	assert(mass > 0);
	for (size_t k = 0; k < scales; k++) {
		if (f->rate[k] * (t - f->then[k]) > FORWARD_MEMORIES)
			bring_forward(f, k, t);
		amount[k] = w / mass * exp(f->rate[k] * (t - f->then[k]));
	}
	for (int32_t j = 0; j < b.rows; j++) {
		uint32_t first, end;
		grid_row(g, (int64_t)b.iy0 + j, b.ix0, (int64_t)b.ix0 + b.cols, &first, &end);
		for (uint32_t cell = first; cell < end; cell++) {
			double share = b.y[j] * b.x[g->ix[cell] - b.ix0], *value = f->value + cell * scales;
			for (size_t k = 0; k < scales; k++)
				value[k] += share * amount[k];
		}
	}
	return mass;
}
