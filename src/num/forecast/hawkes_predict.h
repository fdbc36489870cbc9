/* hawkes_predict.h - never a bare number: how many incidents a place may have, with all that is not known: the weights, the
 * level, and chance itself.
 *
 * Weights: draws from the normal distribution about the fit with the observed information as its precision, over the weights
 * that are not 0, truncated at 0 (Gibbs sampling; Geweke 1991). Level: Gamma(A + seen) / (A + expected). Chance: negative
 * binomial of the model's size about each draw's exact mean. All from one seed. */
#ifndef ADEM_NUM_HAWKES_PREDICT_H
#define ADEM_NUM_HAWKES_PREDICT_H
#include "num/forecast/hawkes_area.h"
#include "num/stats/rng.h"

struct hawkes_range {
	double mean;      /* expected count: mean of the draws' */
	double low, high; /* 5 % and 95 % of the draws' expected counts: how well the mean is known */
	double any;       /* P(N >= 1) */
	uint32_t half[2]; /* 25 % and 75 % of the count */
	uint32_t nine[2]; /* 5 % and 95 % of the count: in nine of ten cases it lies there, at least */
};

/* Over HORIZON_D days from the day the state is at, for each place, into OUT[places]. DRAWS >= 1. */
void hawkes_predict(const struct hawkes_area *h, struct arena *scratch, unsigned horizon_d, size_t draws, uint64_t seed,
	struct hawkes_range *out);

/* The sampler itself. */
struct hawkes_posterior {
	const struct hawkes_area *h;
	struct rng rng;
	double value[HAWKES_WEIGHTS_MAX]; /* of the weights: a draw */
	double level;                     /* a draw of c */
};
struct hawkes_posterior hawkes_posterior_make(const struct hawkes_area *h, uint64_t seed);
/* The next draw. Where the model was given, not fitted, its weights stay as they are. */
void hawkes_posterior_draw(struct hawkes_posterior *p);
#endif
