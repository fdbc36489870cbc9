/* scores_rank.h - what flagging the places with the largest forecasts would have caught. Customary, and weak: on real data all
 * serious models lie within each other's error here, while information and calibration (scores_gain.h, scores.h) tell them
 * apart. Places count as equally large. */
#ifndef ADEM_NUM_SCORES_RANK_H
#define ADEM_NUM_SCORES_RANK_H
#include "num/score/scores.h"

struct scores_rank {
	size_t flagged; /* places a window: SHARE of them, rounded, at least one */
	double hits;    /* incidents in flagged places */
	double rate;    /* hits / all incidents; NAN without an incident */
	double pai;     /* predictive accuracy index: rate / (flagged / places) */
	double pei;     /* predictive efficiency index: hits / the hits of who had known the counts */
};
/* Over all windows of T. Where equal forecasts compete for the last flags, all ways to choose are equally likely and the
 * answer is their mean: nothing depends on the order of places, and no seed is needed. 0 < SHARE <= 1. */
struct scores_rank scores_rank(struct arena *scratch, const struct scores_table *t, double share);
#endif
