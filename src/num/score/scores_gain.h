/* scores_gain.h - how much a forecast tells: information, in nats an incident.
 *
 * Of one forecast against another (Rhoades et al. 2011, equations 17 and 18, as in CSEP):
 *	gain = [ sum_i ln(lambda1_i / lambda2_i) - (expected1 - expected2) ] / N
 * over the N incidents i. Its spatial part, which no wrong level can spoil: of each window's means only what share falls
 * where, q, with a floor of 0.1 % spread evenly,
 *	spatial gain = mean over incidents of ln(places q)   (against the uniform forecast)
 *
 * Incidents come in clusters, so the textbook error is too small. The interval here is from a bootstrap that draws blocks of
 * consecutive windows with replacement. */
#ifndef ADEM_NUM_SCORES_GAIN_H
#define ADEM_NUM_SCORES_GAIN_H
#include "num/score/scores.h"

/* Of what a spatial forecast says, this share is spread evenly. */
#define SCORES_FLOOR 0.001

struct scores_gain {
	size_t incidents; /* N; with none all below is NAN */
	double gain;      /* infinite where one of the two held an incident to be impossible; then the rest is NAN */
	double se;        /* s / sqrt(N), as if incidents were independent; NAN where N < 2 */
	double t;         /* gain / se, Student's t with N - 1 degrees of freedom where there is no gain */
	double low, high; /* 95 % interval of the bootstrap */
};
/* The bootstrap: DRAWS times as many windows as there are, in blocks of BLOCK consecutive ones. */
struct scores_bootstrap {
	size_t draws, block;
	uint64_t seed;
};
/* 1,000 draws, blocks of four windows, seed 1. */
struct scores_bootstrap scores_bootstrap_default(void);

/* Of A over B, tables of the same windows, places and counts. */
struct scores_gain scores_gain(struct arena *scratch, const struct scores_table *a, const struct scores_table *b,
	const struct scores_bootstrap *o);
/* The spatial gain of A over B; over the uniform forecast where B is NULL. A window in which all
 * means are 0 counts as uniform. */
struct scores_gain scores_spatial_gain(struct arena *scratch, const struct scores_table *a,
	const struct scores_table *b, const struct scores_bootstrap *o);
#endif
