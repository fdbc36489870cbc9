/* shares.h - which part of a town's incidents happens where, in the long run: a running posterior that young logs can
 * trust.
 *
 * E_p = sum of the counts of place p, halving every HALF_LIFE days; of a group, of all places in it. Shrunken up the tree
 * (numerics, C.1), each node within its parent, the town being the parent of those without one:
 *	pi_p = pi_parent (E_p + kappa w_p) / (E_parent + kappa),   w_p = population share among the parent's children,
 * where nodes without population get the mean of their siblings'. The shares of all places sum to 1. KAPPA, the number of
 * events the tree is worth at each parent, by maximum likelihood of the Dirichlet-multinomials of all parents:
 *	lnG(kappa) - lnG(kappa + E_parent) + sum_p [ lnG(kappa w_p + E_p) - lnG(kappa w_p) ].
 * Where no place is without a count, places are taken to be known because they had one, and the likelihood is given that
 * (each node's beta-binomial): a young log would make all places look alike otherwise. */
#ifndef ADEM_NUM_SHARES_H
#define ADEM_NUM_SHARES_H
#include "num/data/places.h"

struct shares {
	const struct places *places;
	double half_life_d;
	double kappa;   /* > 0; shares_fit_kappa() sets it */
	double *weight; /* [nodes]: w */
	double *count;  /* [nodes]: E at day LAST of the node */
	int32_t *last;  /* [nodes] */
	double town;    /* E of all, at TOWN_LAST */
	int32_t town_last;
	double *ever, town_ever; /* the same, nothing forgotten */
};

/* Nothing counted yet; kappa 60. HALF_LIFE_D > 0; infinity: nothing is forgotten. P must outlive it. */
struct shares *shares_make(struct arena *a, const struct places *p, double half_life_d);
/* Counts N (>= 0, not necessarily whole) at PLACE on DAY, in O(depth). Days may come in any order; what is counted on a day
 * after the one that is asked for counts in full. */
void shares_add(struct shares *s, uint32_t place, int32_t day, double n);
/* pi of one place as of DAY, in O(depth). */
double shares_of(const struct shares *s, uint32_t place, int32_t day);
/* pi of all places into OUT[places->count], in O(places * depth). */
void shares_all(const struct shares *s, int32_t day, double *out);
/* Sets kappa by maximum likelihood from what is counted by DAY, between 0.01 and 1e6. Needs a few events: with fewer than
 * two it stays as it is. */
void shares_fit_kappa(struct shares *s, int32_t day);
#endif
