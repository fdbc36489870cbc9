/* scores.h - how good forecasts were: of counts, and of the question "one or more?".
 *
 * A table holds what was forecast for each place in each window and what then happened. Whatever the model was, it is scored by
 * the same few functions; those about information are in scores_gain.h, about ranks of places in scores_rank.h, the tests of
 * CSEP in scores_csep.h. All are the same for any order of places, and of windows but for the bootstrap, which draws windows by
 * their number. */
#ifndef ADEM_NUM_SCORES_H
#define ADEM_NUM_SCORES_H
#include "base/arena.h"

struct scores_table {
	size_t windows, places;
	const double *mean;       /* [windows * places], window by window: expected counts, >= 0, finite */
	const uint32_t *observed; /* [windows * places]: counts */
	double size;              /* of the negative binomial about the means (counts.h); infinity: Poisson */
};

enum { SCORES_BINS = 10 };

/* Of P(N >= 1) against whether there was one. */
struct scores_any {
	double base;  /* share of windows and places with at least one */
	double brier; /* mean of (p - y)^2 */
	double skill; /* 1 - brier / uncertainty: against somebody who knew BASE; NAN where all is the same */
	/* Murphy's (1973) decomposition over the bins: brier = reliability - resolution + uncertainty + within, where WITHIN is
	 * what the forecasts differ inside a bin; 0 where they do not. */
	double reliability, resolution, uncertainty, within;
	double auc;               /* P(p of one with > p of one without), ties half; NAN where all is the same */
	double calibration_error; /* mean over forecasts of |mean p - mean y| of their bin */
	/* Bins between the deciles of the forecasts; equal forecasts are in the same bin, so that some may be empty. */
	struct {
		size_t count;
		double forecast, observed; /* means */
	} bin[SCORES_BINS];
};

/* Probabilities P[COUNT] in 0 to 1 against what happened, HAPPENED[COUNT]. COUNT > 0. */
struct scores_any scores_any_of(struct arena *scratch, const double *p, const bool *happened, size_t count);
/* The same of a table: P(N >= 1) of each mean. */
struct scores_any scores_any(struct arena *scratch, const struct scores_table *t);

/* Mean over windows and places of -ln P(observed). Infinite where what happened was held to be impossible. */
double scores_log(const struct scores_table *t);
/* Mean continuous ranked probability score (counts_crps()); also known as ranked probability score of counts. */
double scores_crps(const struct scores_table *t);
/* Sums of all means, and of all counts. */
double scores_expected(const struct scores_table *t);
uint64_t scores_observed(const struct scores_table *t);

/* Time rescaling: where the rate was right, the compensator's steps between incidents, Lambda(t_i) - Lambda(t_{i-1}), are
 * exponential with mean 1 (Brown et al. 2002). */
struct scores_rescaled {
	size_t steps;
	double distance; /* Kolmogorov and Smirnov's, of 1 - exp(-step) from the uniform distribution */
	double p;    /* P(a distance at least so large) where the rate is right; by Stephens' (1970) approximation */
	double mean; /* of the steps: above 1, too many were expected */
};
/* LAMBDA[COUNT]: the compensator at each incident, ascending, from 0 at the beginning. COUNT >= 1. */
struct scores_rescaled scores_rescale(struct arena *scratch, const double *lambda, size_t count);
/* The compensator at each incident where only counts of windows are known: a window's incidents are put at uniform random
 * points (SEED) of what was expected in it, where they are if they are Poisson. Of the places with GROUP[place] == PART; of
 * all where GROUP is NULL. Returns how many, into OUT[incidents of the part]. */
size_t scores_compensator(
	const struct scores_table *t, const uint32_t *group, uint32_t part, uint64_t seed, double *out);
#endif
