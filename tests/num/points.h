/* points.h - point patterns for tests. */
#ifndef ADEM_TESTS_NUM_POINTS_H
#define ADEM_TESTS_NUM_POINTS_H
#include "num/data/grid.h"
#include "num/stats/rng.h"

/* SIDE x SIDE cells from 0,0 on, column by column. */
struct cells *points_square(struct arena *a, int32_t side);
/* A town of SIDE x SIDE cells, *CELLS, over DAYS days: RATE immigrants a day, most of them in a few chronic cells, the same
 * all the time; each incident has BRANCHING direct successors on average, after an exponential time of TAU_D days, at a
 * normal distance of SIGMA_M metres, mirrored back where that is outside. */
struct events *points_simulate(struct arena *a, int32_t side, double cell_m, double rate, int32_t days,
	double branching, double tau_d, double sigma_m, uint64_t seed, struct cells **cells);
/* Any order of COUNT things of SIZE bytes, all equally likely. */
void points_shuffle(struct rng *r, void *what, size_t count, size_t size);
#endif
