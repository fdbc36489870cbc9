/* glm.h - regression of counts with a log link: ln E[y_t] = offset_t + x_t' beta. Poisson, quasi-Poisson (the same fit, its
 * variance scaled by the dispersion) and negative binomial (NB2: variance mu + mu^2 / size).
 *
 * Fitted by iteratively reweighted least squares (Nelder and Wedderburn 1972; McCullagh and Nelder 1989, 2.5), each step by
 * QR; the size of the negative binomial by maximum likelihood in turn with it (Venables and Ripley 2002, 7.4). Rows are in
 * order of time where glm_newey_west() is used. Memory: the arena of the context. */
#ifndef ADEM_NUM_GLM_H
#define ADEM_NUM_GLM_H
#include "base/err.h"

enum glm_family { GLM_POISSON, GLM_QUASI_POISSON, GLM_NEGATIVE_BINOMIAL };

struct glm_data {
	size_t rows, cols;
	const double *y;      /* ROWS counts, >= 0 */
	const double *x;      /* ROWS x COLS, a constant among them */
	const double *offset; /* ROWS, such as ln(population); NULL: none */
};

struct glm {
	size_t rows, cols;
	enum glm_family family;
	double *beta;       /* COLS */
	double *mean;       /* ROWS: fitted E[y] */
	double *unscaled;   /* COLS x COLS: (X'WX)^-1 */
	double *covariance; /* COLS x COLS: UNSCALED, times DISPERSION for the quasi-Poisson */
	double deviance;
	double dispersion; /* Pearson's X^2 / (ROWS - COLS) */
	double size;       /* of the negative binomial; infinity: Poisson */
	double log_likelihood;
	int steps;
};

/* Fits D into *OUT. Fails with ERR_INPUT and the reason: a column that follows from others, no event at all, fewer rows than
 * columns + 1, numbers that are not finite, no convergence. */
MUST_CHECK enum err glm_fit(struct ctx *c, const struct glm_data *d, enum glm_family family, struct glm **out);

/* Newey and West's (1987) covariance of beta into OUT (COLS x COLS): the sandwich UNSCALED * S * UNSCALED with Bartlett's weights
 * 1 - l / (LAG + 1) on the autocovariances of the scores, without small-sample factor. */
void glm_newey_west(struct arena *mem, const struct glm_data *d, const struct glm *fit, size_t lag, double *out);
/* The customary lag, floor(4 (rows / 100)^(2/9)). */
size_t glm_lag(size_t rows);

/* exp(beta_k) with its interval at normal quantile Z (1.96 for 95 %), from the COLS x COLS covariance V. */
struct glm_ratio {
	double ratio, low, high, se, p; /* se: of beta; p: two-sided, Student's t for the quasi-Poisson, else normal */
};
struct glm_ratio glm_ratio(const struct glm *fit, const double *v, size_t k, double z);
#endif
