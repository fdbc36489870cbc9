/* twinstim.h - the likelihood of a self-exciting point process in space and time with covariates: the model "twinstim" of Meyer,
 * Elias and Hoehle (2012, doi 10.1111/j.1541-0420.2011.01684.x), as the R package surveillance fits it. Not what Adem warns
 * with; it stands here to check ourselves beside others' published fits.
 *
 * An event of type k at time t and point s of a region W has intensity
 *
 *	lambda(t, s, k) = exp(o(t, s) + b_k + b' z(t, s)) + sum_j q[k_j][k] exp(c' m_j) f(|s - s_j|)
 *
 * summed over earlier events j with t - t_j <= eps_t and |s - s_j| <= eps_s of j; f(r) = exp(-r^2 / (2 sigma^2)), not a density;
 * infectivity does not change within eps_t. z is constant within the blocks of a grid of space and time, m_j are marks
 * of an event. The log-likelihood of what happened in (begin, end], given what happened before, is
 *
 *	sum_i ln lambda(t_i, s_i, k_i) - integral of the sum over k of lambda over W and (begin, end].
 *
 * The integral of f around an event, over W and within eps_s, goes along W's border (Green's theorem: f depends on distance
 * alone), so no region is ever cut. */
#ifndef ADEM_NUM_TWINSTIM_H
#define ADEM_NUM_TWINSTIM_H
#include "base/base.h"

/* A region of the plane: rings of corners, each closed by itself; outer ones counter-clockwise, holes clockwise. */
struct twinstim_region {
	size_t rings;
	const size_t *first; /* [rings + 1]: where each ring begins in the corners */
	const double *x, *y; /* [first[rings]] */
};

/* The integral over R, within RADIUS of (X, Y), of exp(-r^2 / (2 sigma^2)), r the distance from (X, Y). About 1e-12 of 2 pi
 * sigma^2. */
double twinstim_bell(const struct twinstim_region *r, double x, double y, double radius, double sigma);

struct twinstim_data {
	double begin, end;
	const struct twinstim_region *region;
	size_t types;
	const bool
		*triggers; /* [types * types]: q, whether an event of the row's type may trigger one of the column's */

	size_t events;           /* in any order; those by BEGIN only trigger */
	const double *t, *x, *y; /* [events] */
	const uint32_t *type;    /* [events] */
	const double *eps_t, *eps_s;
	size_t endemic_cols, epidemic_cols;
	const double *endemic_offset,
		*endemic;       /* [events], [events * endemic_cols]: o and z where and when it happened */
	const double *epidemic; /* [events * epidemic_cols]: m, with a 1 for the intercept */

	size_t blocks;                      /* cells of the grid of space and time within (begin, end] */
	const double *block_size;           /* [blocks]: area times duration */
	const double *block_offset, *block; /* [blocks], [blocks * endemic_cols]: o and z */
};
struct twinstim_weights {
	const double *intercept; /* [types]: b_k */
	const double *endemic;   /* [endemic_cols]: b */
	const double *epidemic;  /* [epidemic_cols]: c */
	double sigma;
};
struct twinstim_likelihood {
	double log_likelihood;
	double log_intensities;                     /* the sum over events */
	double endemic_integral, epidemic_integral; /* expected numbers of events of either origin */
};

/* O(events^2 + events * corners). -infinity where an event was impossible. */
struct twinstim_likelihood twinstim_evaluate(const struct twinstim_data *d, const struct twinstim_weights *w);
#endif
