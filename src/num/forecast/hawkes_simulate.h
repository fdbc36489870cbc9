/* hawkes_simulate.h - many futures of a model, for what is said of several places together ("more than 30 in the town", "any
 * at these five"), and whole catalogues of events for tests and plans.
 *
 * Slot by slot: each place draws as many incidents as its rate says, and these excite the next slots. That is the branching
 * process of immigrants and successors, drawn in the order of time instead of generation by generation. In a path the
 * weights and the level are one draw of what is not known (hawkes_predict.h), so that places that go up together do so
 * here. The negative binomial's size has no part in it: successors disperse the counts. */
#ifndef ADEM_NUM_HAWKES_SIMULATE_H
#define ADEM_NUM_HAWKES_SIMULATE_H
#include "num/forecast/hawkes_predict.h"

struct hawkes_paths {
	size_t paths, places;
	uint32_t *count; /* [paths * places], path by path: incidents over the horizon */
};

/* PATHS futures of HORIZON_D days from the day the state is at. CERTAIN: weights and level are as fitted, so that only
 * chance remains. The same SEED gives the same futures. */
struct hawkes_paths *hawkes_simulate(
	const struct hawkes_area *h, struct arena *a, unsigned horizon_d, size_t paths, uint64_t seed, bool certain);
/* In which share of the futures at least LEAST incidents happen at the COUNT places of PLACE, taken together; in the town
 * where PLACE is NULL. */
double hawkes_paths_share(const struct hawkes_paths *p, const uint32_t *place, size_t count, uint32_t least);
/* The smallest number of incidents at those places that a share Q of the futures does not exceed. */
uint32_t hawkes_paths_quantile(
	const struct hawkes_paths *p, struct arena *scratch, const uint32_t *place, size_t count, double q);

/* One catalogue of DAYS days from the day the state is at: what the model itself makes, and beside it, where BACKGROUND is
 * not NULL, BACKGROUND[places] incidents a day, times nu. Events of slots have the slot's first second, of whole days none. */
struct events *hawkes_catalogue(
	const struct hawkes_area *h, struct arena *a, const double *background, int32_t days, uint64_t seed);
#endif
