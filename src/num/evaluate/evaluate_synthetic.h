/* evaluate_synthetic.h - what the treated places would have had, made of other places: synthetic control and synthetic
 * difference-in-differences.
 *
 * Synthetic control (Abadie, Diamond and Hainmueller 2010): weights of the donors, w >= 0, sum 1, that bring their
 * mixture closest to the mean of the treated before the start,
 *	sum_{t < start} (Y1_t - sum_i w_i Y_it)^2 + zeta^2 |w|^2,
 * then the gap after it. Whether the gap is large is told by the donors: each is treated in its turn ("placebo in
 * space"), and p is the rank of the treated among them by the ratio of root mean squared gaps after and before.
 *
 * Synthetic difference-in-differences (Arkhangelsky et al. 2021, algorithm 1): the donors' weights with an intercept and
 * zeta = (treated * periods after)^(1/4) * standard deviation of the donors' first differences; weights lambda of the periods
 * before, alike; then tau = (Y1_after - lambda Y1_before) - w (Y_after - lambda Y_before). Its standard error is the
 * spread of tau in donors that are treated by lot (their algorithm 4), interval and p with it normal.
 *
 * Counts are sparse: where the treated have fewer than SYNTHETIC_EVENTS_MIN events a period before the start, weights
 * are fitted to chance and SPARSE says so; join periods (weeks to months), or use evaluate_counterfactual.h. Refused
 * where places were chosen for a recent spike (numerics C.3f). Memory: the arena of the context; time: donors^2 *
 * periods a fit. */
#ifndef ADEM_NUM_EVALUATE_SYNTHETIC_H
#define ADEM_NUM_EVALUATE_SYNTHETIC_H
#include "num/evaluate/evaluate_counterfactual.h"

enum { SYNTHETIC_BEFORE_MIN = 8, SYNTHETIC_DONORS_MIN = 4 };
#define SYNTHETIC_EVENTS_MIN 5.0

struct synthetic {
	size_t units, periods; /* all places that may be used, treated ones among them */
	size_t start;          /* the first period after */
	const double *y;       /* UNITS x PERIODS counts, a unit a row */
	const bool *treated;   /* UNITS flags; the others are donors */
	bool anscombe;         /* weights are fitted to 2 sqrt(y + 3/8), whose variance is even */
	double zeta;           /* of synthetic control; its square times the periods before; 0: none */
	size_t placebos;       /* by lot, for synthetic_differences(); 0: 200 */
	uint64_t seed;
	enum evaluate_selection selection;
};

struct synthetic_result {
	size_t donors;
	size_t *donor;    /* [donors]: units */
	double *weight;   /* [donors], of the donors */
	double *time;     /* [start], of the periods before; NULL for synthetic control */
	double *control;  /* [periods]: the mixture, shifted to the treated before the start for differences; counts */
	double *observed; /* [periods]: mean of the treated; counts */
	double excess;    /* what is left to gain by other weights, over the objective: the certificate of the fit */
	double effect;    /* events a treated unit and period, after the start */
	double ratio;     /* observed after the start / what the mixture has; NAN where that is none */
	double rmspe_before, rmspe_after;
	double se, low90, high90, low95, high95; /* of EFFECT; NAN for synthetic control */
	double p;                                /* placebo in space; of differences two-sided, normal */
	size_t placebos;
	bool sparse;
};

/* Fails with ERR_INPUT and the reason: chosen for a spike, fewer than SYNTHETIC_BEFORE_MIN periods before or none
 * after, fewer than SYNTHETIC_DONORS_MIN donors (differences: than treated units, too), no event before the start. */
MUST_CHECK enum err synthetic_control(struct ctx *c, const struct synthetic *s, struct synthetic_result **out);
MUST_CHECK enum err synthetic_differences(struct ctx *c, const struct synthetic *s, struct synthetic_result **out);

/* The w >= 0 with sum 1 that makes |A w - B|^2 + RIDGE |w|^2 least, for A of ROWS x COLS (row-major), into W. Moves
 * weight between pairs of columns (pairwise Frank-Wolfe: Lacoste-Julien and Jaggi 2015), each time the pair that
 * gains most at first order, until no movement can gain more than 1e-12 of |B|^2 + 1. Returns the bound on what is
 * left to gain. Works in SCRATCH. */
double synthetic_weights(
	struct arena *scratch, const double *a, const double *b, size_t rows, size_t cols, double ridge, double *w);
#endif
