/* hawkes_point_pairs.h - what recent incidents nearby mean for a point, pair by pair: for bells narrower than a cell and short
 * memories, where the fit of hawkes_point.h must not blur. Incidents are kept in a list a cell, newest first. */
#ifndef ADEM_NUM_HAWKES_POINT_PAIRS_H
#define ADEM_NUM_HAWKES_POINT_PAIRS_H
#include "num/data/grid.h"

/* How far back pairs are looked at, in memories: what is older has 0.25 % of the weight left. */
#define PAIRS_MEMORIES 6.0

struct pairs;

/* For WIDTHS bells of SIGMA_M (ascending), each cut off with the cells of its FINE grid that it reaches, and SCALES memories
 * of RATE (a day, descending); room for INCIDENTS. */
struct pairs *pairs_make(struct arena *a, const struct grid *g, const struct grid *const *fine, const double *sigma_m,
	size_t widths, const double *rate, size_t scales, size_t incidents);
/* An incident in CELL of the grid, in order of time, with the MASS[widths] of its bells. */
void pairs_add(struct pairs *p, uint32_t cell, double x_m, double y_m, double t, double w, const double *mass);
/* Adds to OUT[l * STRIDE + k] what the incidents so far make of the density at a point of CELL at T: sum of w e^{-q_k (t - t_i)}
 * f_l / mass_l, a square metre. Returns the number of pairs. */
size_t pairs_read(const struct pairs *p, uint32_t cell, double x_m, double y_m, double t, double *out, size_t stride);
#endif
