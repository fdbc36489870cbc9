/* opinion_bridge.h - statements that bridge: agreed to by people who otherwise disagree. No groups are needed for it.
 *
 * The one-factor model of Community Notes: an answer r (0 disagree, 1/2 pass, 1 agree) of person u to statement n is
 *	r = mu + i_u + i_n + f_u f_n
 * where the product is what their leanings explain. What is left to the statement alone, its intercept i_n, is the score: it is
 * high only where agreement does not follow from leaning. Minimised is, with U, N, M numbers of people, statements and answers,
 *	sum (r - ...)^2 + 0.15 M (mean i_u^2 + mean i_n^2 + mu^2) + 0.03 M (mean f_u^2 + mean f_n^2),
 * by alternating least squares, sped up by SQUAREM (Varadhan and Roland 2008), from several starts, because there are local
 * minima; the least is taken. Statements that a moderator took out take no part. */
#ifndef ADEM_NUM_OPINION_BRIDGE_H
#define ADEM_NUM_OPINION_BRIDGE_H
#include "num/opinion/opinion_pca.h"

enum { OPINION_BRIDGE_ANSWERS = 5 }; /* fewer say nothing */

enum opinion_bridging {
	OPINION_BRIDGE_UNKNOWN, /* too few answers */
	OPINION_BRIDGE_OPEN,
	OPINION_BRIDGE_HELPS, /* score >= 0.40 */
	OPINION_BRIDGE_PARTS  /* score < -0.05 - 0.8 |factor| */
};

struct opinion_bridge {
	double mean;                   /* mu */
	double *score;                 /* [statements]: i_n */
	double *factor;                /* [statements]: f_n; its sign is that of the first axis of the map */
	enum opinion_bridging *status; /* [statements] */
	double loss;                   /* the minimum */
};

/* The scores of V; PCA gives the first start, SEED the others. */
struct opinion_bridge *opinion_bridge_make(
	struct arena *a, const struct opinion_votes *v, const struct opinion_pca *pca, uint64_t seed);
#endif
