/* hawkes_field.h - decaying sums in the cells of a grid: what incidents so far mean for each cell, for one width of the bell
 * and several memories at once. For the parts of hawkes_point.h.
 *
 * Cell p holds, for memory k, sum_i w_i e^{-q_k (t - t_i)} * mass_p(i), where q = 1 / tau (0 for an infinite one) and mass_p(i)
 * is the share of incident i's bell that falls into p, of what falls on the grid. Values are stored as of a time in the
 * past and brought forward when read, so that an incident costs what its bell reaches and a quiet cell costs nothing. */
#ifndef ADEM_NUM_HAWKES_FIELD_H
#define ADEM_NUM_HAWKES_FIELD_H
#include "num/data/grid.h"

enum { HAWKES_FIELD_SCALES_MAX = 8 };

struct hawkes_field {
	const struct grid *grid;
	double sigma_m;
	size_t scales;
	double rate[HAWKES_FIELD_SCALES_MAX]; /* q, a day */
	double then[HAWKES_FIELD_SCALES_MAX]; /* the time that VALUE is as of */
	double *value;                        /* [cells * scales] */
};

struct hawkes_field *hawkes_field_make(
	struct arena *a, const struct grid *g, double sigma_m, const double *rate, size_t scales);
/* An incident of weight W at time T, in a cell of the grid. Returns the mass of its bell on the grid. */
double hawkes_field_add(struct hawkes_field *f, double x_m, double y_m, double t, double w);
/* By what each memory's VALUE is to be multiplied to be as of T. */
void hawkes_field_decay(const struct hawkes_field *f, double t, double *out);
#endif
