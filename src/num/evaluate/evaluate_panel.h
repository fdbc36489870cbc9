/* evaluate_panel.h - counts of places by period, as every evaluation here starts from. A place is a number from 0; a period is as
 * long as the others (a week, counted from the start of the intervention backwards and forwards, so that no period holds both).
 * Places only: nothing here can hold a person. */
#ifndef ADEM_NUM_EVALUATE_PANEL_H
#define ADEM_NUM_EVALUATE_PANEL_H
#include "base/arena.h"

struct evaluate_panel_options {
	double half_life;    /* of old counts in a place's share, in periods; 0: 208 (four years of weeks) */
	double prior_weight; /* kappa0, in events; 0: 60; negative: fitted by evaluate_prior_weight() at each use */
	const double
		*prior; /* each place's share before any event (population, say), adding up to 1; NULL: all the same */
	/* Who touches whom: place p's neighbours are NEIGHBOUR[START[p]] to NEIGHBOUR[START[p + 1] - 1]. NULL: not known. */
	const size_t *start, *neighbour;
};

struct evaluate_panel {
	size_t places, periods;
	double *total;   /* PLACES x (PERIODS + 1): events before period t */
	double *weighed; /* the same, each event halved every half-life: E_p of numerics C.1 */
	struct evaluate_panel_options options;
};

/* Prepares COUNT (PLACES x PERIODS, whole numbers >= 0, a place a row); it may be freed afterwards, what the options point to
 * may not. Memory of MEM: 16 bytes a place and period. */
struct evaluate_panel *evaluate_panel_new(
	struct arena *mem, size_t places, size_t periods, const double *count, const struct evaluate_panel_options *o);
/* Events of PLACE in periods FROM to TO - 1. */
double evaluate_count(const struct evaluate_panel *p, size_t place, size_t from, size_t to);
/* Each place's share of all events as known at the start of period AT, shrunk towards the prior, into SHARE (PLACES, sum 1):
 * the mean (E_p + kappa0 pi0_p) / (E + kappa0) of the Dirichlet posterior. Counts of AT and after it are not looked at.
 * Returns E + kappa0, the Dirichlet's total. */
double evaluate_shares(const struct evaluate_panel *p, size_t at, double *share);
/* The kappa0 that makes the weighed counts before AT most likely (Dirichlet-multinomial), between 0.1 and 1e6. */
double evaluate_prior_weight(const struct evaluate_panel *p, size_t at);

/* What a plain comparison would have said. Where places are chosen because they were bad lately, these find an
 * effect where nothing was done (numerics C.3: 97 of 100 times); they are here to be shown beside an evaluation, never as one. */

/* ln of the ratio of rates, with the standard error that independent Poisson counts would have. */
struct evaluate_naive {
	double log_ratio, se;
};

/* Events of the COUNT places in the WINDOW periods from START beside the SPAN periods before it. SPAN <= START. */
struct evaluate_naive evaluate_before_after(
	const struct evaluate_panel *p, const size_t *place, size_t count, size_t start, size_t window, size_t span);
/* The same, divided by what all other places did (difference in differences on the log scale). */
struct evaluate_naive evaluate_differences(
	const struct evaluate_panel *p, const size_t *place, size_t count, size_t start, size_t window, size_t span);
#endif
