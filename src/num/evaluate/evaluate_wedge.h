/* evaluate_wedge.h - the stepped wedge: places cross over to the new way one group after the other, in an order drawn
 * by lot before the start (Hussey and Hughes 2007). Where everybody is to get it in the end, it is the strongest
 * proof one can have.
 *
 *	ln E[Y_pt] = alpha_p + beta_t + theta X_pt + ln(exposure_pt),   X_pt = 1 once place p has crossed over
 *
 * (numerics C.3e.) The place effects alpha are conditioned away: given its sum, a place's counts are multinomial, so
 * that what the place is like cannot be mistaken for the effect. theta by maximum conditional likelihood; its error
 * by the sandwich over places, with Mancl and DeRouen's (2001) correction where they are fewer than 30, and Student's
 * t with PLACES - 1.
 *
 * Counts of one place hang together in time, which no formula knows; the randomisation test does: the order of the
 * places is drawn anew as it could have been drawn, and p is the share of orders (the true one counted in) whose
 * effect is at least as far from none. Its statistic is the first step of the maximisation from theta = 0: any
 * statistic makes the test valid, and this one costs one look at the data an order. Memory: the arena of the context. */
#ifndef ADEM_NUM_EVALUATE_WEDGE_H
#define ADEM_NUM_EVALUATE_WEDGE_H
#include "base/err.h"
#include "num/stats/rng.h"

enum { WEDGE_PLACES_MIN = 4, WEDGE_FEW_PLACES = 30, WEDGE_PERIODS_MAX = 520 };

struct wedge {
	size_t places, periods;
	const double *y;        /* PLACES x PERIODS counts, a place a row */
	const double *exposure; /* PLACES x PERIODS, > 0; NULL: the same */
	const size_t *cross;    /* [places]: the first period under the new way; >= PERIODS: not within the data */
	size_t orders;          /* of the randomisation test; 0: 2000 */
	uint64_t seed;
};

struct wedge_result {
	double ratio, low90, high90, low95, high95; /* exp(theta), by the corrected sandwich */
	double theta, se, se_model;                 /* se_model: as if counts of a place were independent */
	double below_one;                           /* P(ratio < 1), Student's t */
	double p_sandwich, p_value;                 /* two-sided; p_value by the randomisation test */
	bool corrected;                             /* Mancl and DeRouen's correction was made */
	size_t places, periods;                     /* that tell something: with an event */
	size_t orders;
	double observed, expected; /* events under the new way; expected without effect */
};

/* Fails with ERR_INPUT and the reason: fewer than WEDGE_PLACES_MIN places with an event, nobody or everybody crosses
 * over in the same period, more periods than WEDGE_PERIODS_MAX, an effect that cannot be told from the periods, no
 * event under the new way. */
MUST_CHECK enum err wedge_run(struct ctx *c, const struct wedge *w, struct wedge_result **out);

/* A design: STEP[i] is the group (0 to STEPS - 1) in which place i crosses over, groups as equal as can be, by lot of
 * SEED. Store the seed and a hash of the order before the start, so that nobody can say it was chosen. 1 <= STEPS <=
 * PLACES. */
void wedge_order(size_t places, size_t steps, uint64_t seed, size_t *step);
#endif
