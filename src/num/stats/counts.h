/* counts.h - how many incidents, given how many are expected: the negative binomial distribution with mean MEAN and size SIZE
 * (variance mean + mean^2 / size), and the Poisson distribution where SIZE is infinity. MEAN >= 0, finite; SIZE > 0. With mean 0
 * the count is 0 for certain. */
#ifndef ADEM_NUM_COUNTS_H
#define ADEM_NUM_COUNTS_H
#include "num/stats/rng.h"

/* ln P(N = COUNT); -infinity where that cannot be. */
double counts_log(uint32_t count, double mean, double size);
/* P(N >= 1), good also where it is tiny. */
double counts_any(double mean, double size);
/* P(N <= COUNT), and P(N > COUNT) from its own tail. */
double counts_cdf(uint32_t count, double mean, double size);
double counts_above(uint32_t count, double mean, double size);
/* The smallest count with P(N <= count) >= P, 0 <= P < 1. */
uint32_t counts_quantile(double p, double mean, double size);
/* A draw, by inversion of one uniform number, so that a change of MEAN moves it as little as can be. */
uint32_t counts_draw(struct rng *r, double mean, double size);
/* Continuous ranked probability score of an observed COUNT: sum over k of (P(N <= k) - 1{COUNT <= k})^2. Smaller is better. The
 * sum goes term by term, O(COUNT + standard deviation). */
double counts_crps(uint32_t count, double mean, double size);
#endif
