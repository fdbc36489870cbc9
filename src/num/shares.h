/* shares.h - which part of a town's incidents happens where, in the long run: a running posterior that young logs can
 * trust.
 *
 * E_p = sum of the counts of place p, halving every HALF_LIFE days. Shrunken up the tree (numerics, C.1):
 *	pi_p = (E_p + kappa pi0_p) / (E + kappa),   pi0_p = pi_parent * population share among the parent's children,
 * where places without population get the mean of their siblings', and the town is the parent of those without one. The
 * shares of all places sum to 1. KAPPA, the number of events the tree is worth, by maximum likelihood of the
 * Dirichlet-multinomial over the places:
 *	lnG(kappa) - lnG(kappa + E) + sum_p [ lnG(kappa pi0_p + E_p) - lnG(kappa pi0_p) ]. */
#ifndef ADEM_NUM_SHARES_H
#define ADEM_NUM_SHARES_H
#include "num/places.h"

struct shares {
	const struct places *places;
	double half_life_d;
	double kappa;       /* > 0; shares_fit_kappa() sets it */
	double *population; /* [nodes]: share among siblings; they sum to 1 */
	double *count;      /* [nodes]: E at day LAST of the node */
	int32_t *last;      /* [nodes] */
	double town;        /* E of all, at TOWN_LAST */
	int32_t town_last;
};

/* Nothing counted yet; kappa 60. HALF_LIFE_D > 0; infinity: nothing is forgotten. P must outlive it. */
struct shares *shares_make(struct arena *a, const struct places *p, double half_life_d);
/* Counts N (>= 0, not necessarily whole) at PLACE on DAY, in O(depth). Days may come in any order. */
void shares_add(struct shares *s, uint32_t place, int32_t day, double n);
/* pi of one place with all that was counted before it was asked for, as of DAY. */
double shares_of(const struct shares *s, uint32_t place, int32_t day);
/* pi of all places into OUT[places->count]. */
void shares_all(const struct shares *s, int32_t day, double *out);
/* Sets kappa by maximum likelihood from what is counted by DAY, between 0.01 and 1e6. Needs a few events: with fewer than
 * two it stays as it is. */
void shares_fit_kappa(struct shares *s, int32_t day);
#endif
