/* weights.h - non-negative weights of a linear intensity: the kappa that maximise
 *
 *	sum_r n_r ln(sum_m kappa_m phi_rm) - sum_m kappa_m (Phi_m + beta_m),      kappa_m >= 0
 *
 * where row r is something that happened n_r times, phi_rm its features, Phi_m the feature's total over all that might
 * have happened, beta_m >= 0 the rate of an exponential prior (numerics, C.1). The function is concave: one top. A few
 * EM steps, which never go down, then Newton steps to the top of the parabola among weights >= 0; a step that would lower
 * the sum is halved until it does not, or not taken. */
#ifndef ADEM_NUM_WEIGHTS_H
#define ADEM_NUM_WEIGHTS_H
#include "base/arena.h"

enum { WEIGHTS_MAX = 96, WEIGHTS_STEPS_MAX = 200 };

struct weights_problem {
	size_t rows, cols;     /* cols <= WEIGHTS_MAX */
	const double *feature; /* [rows * cols], >= 0 */
	const double *count;   /* [rows]; NULL: each happened once */
	const double *total;   /* [cols]: Phi; a feature whose total is 0 gets weight 0 */
	const double *penalty; /* [cols]: beta; NULL: none */
};

struct weights_fit {
	double log_likelihood; /* without the prior */
	double penalized;
	int steps;
	double trace[WEIGHTS_STEPS_MAX + 1]; /* PENALIZED at the start and after each step */
	bool settled;                        /* no step raised PENALIZED by more than 1e-10 of itself any more */
};

/* Maximises from KAPPA[cols] on, which gets the answer. Each row must have some weight at the start: a start of all 0, or
 * one that makes a row impossible, is replaced by equal expectations for all features. Every row needs a feature > 0. */
void weights_fit(struct arena *scratch, const struct weights_problem *p, double *kappa, struct weights_fit *out);
/* The observed information at KAPPA, sum_r n_r phi phi' / lambda^2, into OUT[cols * cols]. */
void weights_information(const struct weights_problem *p, const double *kappa, double *out);
/* Standard errors from that information over the weights above 0; NAN for those at 0 and where it is singular. */
void weights_errors(struct arena *scratch, const double *information, const double *kappa, size_t cols, double *se);
#endif
