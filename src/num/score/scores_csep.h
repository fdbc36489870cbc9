/* scores_csep.h - the consistency tests of CSEP (Zechar et al. 2010; Savran et al. 2022): could what happened have come from the
 * forecast? Poisson where the table's size is infinity, else negative binomial: the tests as published take a window's
 * incidents to be independent, which clustered ones are not, and then reject too often.
 *
 * A total of negative binomials is taken as negative binomial with the same mean and variance. */
#ifndef ADEM_NUM_SCORES_CSEP_H
#define ADEM_NUM_SCORES_CSEP_H
#include "num/score/scores.h"

/* N-test: the number of incidents. */
struct csep_number {
	double expected;
	uint64_t observed;
	double at_least, at_most; /* P(N >= observed), P(N <= observed) by the forecast: delta1 and delta2 */
};
struct csep_number csep_number(double expected, double size, uint64_t observed);
/* The N-test of all of T, its total as that of one window. */
struct csep_number csep_number_of(const struct scores_table *t);
/* In how many windows of T the number is outside the central 95 % (at_least or at_most under 2.5 %). */
size_t csep_number_outside(const struct scores_table *t);
/* The size of the total of COUNT negative binomials of SIZE with these means. */
double csep_total_size(const double *mean, size_t count, double size);

enum csep_kind {
	CSEP_L,  /* likelihood of all windows and places */
	CSEP_CL, /* the same among catalogues with as many incidents as there were */
	CSEP_S   /* as CL, of the totals of places, scaled to as many incidents as there were */
};
struct csep_likelihood {
	double log_likelihood; /* of what happened */
	double quantile; /* share of simulated catalogues that are no likelier: inconsistent where it is under 5 % */
	size_t simulations;
};
/* Simulates SIMULATIONS > 0 catalogues from the forecast with SEED. Conditioning is exact, also of negative binomials. Where an
 * incident was held to be impossible the quantile is 0. */
struct csep_likelihood csep_likelihood(
	struct arena *scratch, const struct scores_table *t, enum csep_kind kind, size_t simulations, uint64_t seed);
#endif
