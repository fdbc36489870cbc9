/* evaluate_pool.h - one answer from many interventions, each too small to tell by itself (random-effects meta-analysis):
 * theta = sum w_i x_i / sum w_i, w_i = 1 / (s_i^2 + tau^2), for x_i = ln RR_i with standard error s_i. They are taken to be
 * independent; those of one city share placebos, so that a little of their error is common and not in SE. */
#ifndef ADEM_NUM_EVALUATE_POOL_H
#define ADEM_NUM_EVALUATE_POOL_H
#include "base/base.h"

/* How the variance between interventions is estimated. */
enum pool_method {
	POOL_FIXED,             /* tau^2 = 0 */
	POOL_DERSIMONIAN_LAIRD, /* DerSimonian and Laird 1986, by moments */
	POOL_PAULE_MANDEL,      /* Paule and Mandel 1982: the tau^2 at which Cochran's Q is what it should be */
	POOL_REML,              /* restricted maximum likelihood (Viechtbauer 2005) */
	POOL_METHODS
};
/* "fixed", "dersimonian-laird", "paule-mandel", "reml". */
extern const char *const pool_method_names[POOL_METHODS];

struct pool {
	size_t count;
	double log_ratio, se;                /* of the mean effect */
	double tau2;                         /* between interventions */
	double q, i2;                        /* Cochran's Q about the fixed mean; max(0, (Q - df) / Q) */
	double low90, high90, low95, high95; /* of the ratio, normal */
	/* Hartung and Knapp 2001: SE from how far the x_i lie apart, Student's t with COUNT - 1; for few interventions. As the
	 * normal ones where COUNT is 1. Never narrower than they are. */
	double t_low95, t_high95;
	double below_one; /* P(mean RR < 1), normal */
};

/* Pools COUNT > 0 pairs of LOG_RATIO and SE, SE > 0. */
struct pool pool_effects(const double *log_ratio, const double *se, size_t count, enum pool_method method);
#endif
