/* opinion_cluster.h - points of the plane that belong together: Lloyd's k-means, weighted, and how well parted its answer is.
 *
 * Points are pairs x, y, one after the other. A WEIGHT of NULL means 1 each. Labels are 0 to count - 1. Two ways to the answer:
 * as Polis' server does it (from the first distinct points, stopping early), and the best of many seeded starts. */
#ifndef ADEM_NUM_OPINION_CLUSTER_H
#define ADEM_NUM_OPINION_CLUSTER_H
#include "base/arena.h"

struct rng;

struct opinion_points {
	size_t count;
	const double *xy;     /* [count * 2] */
	const double *weight; /* [count]; 0: the point counts for nothing but gets a label. NULL: all 1 */
};

struct opinion_clusters {
	size_t count;
	double *center;  /* [count * 2] */
	uint32_t *label; /* [points] */
	double inertia;  /* weighted sum of squared distances to the own center */
};

/* Polis' way: starts at the first K distinct points, moves until every center (both sets sorted) moves less than 0.01 or 100
 * times, drops clusters that become empty. No randomness. Fewer clusters than K are possible. */
struct opinion_clusters opinion_cluster_polis(struct arena *a, struct opinion_points p, size_t k);
/* Polis' way when there was a clustering before, in LABEL (OPINION_NONE: new point) with COUNT clusters: centers anew, equal
 * ones merged, then the point farthest from its center becomes a new cluster until there are min(K, distinct points). */
struct opinion_clusters opinion_cluster_polis_again(
	struct arena *a, struct opinion_points p, size_t k, const uint32_t *label, size_t count);
/* The answer of least inertia of STARTS seeded k-means++ starts (Arthur and Vassilvitskii 2007), each run until hardly a label
 * changes, the best of them until none does. Fewer than K distinct points of weight > 0 give fewer clusters. */
struct opinion_clusters opinion_cluster_best(
	struct arena *a, struct opinion_points p, size_t k, size_t starts, struct rng *rng);
/* The label of the center nearest to XY; of equal ones the first. */
uint32_t opinion_cluster_nearest(const struct opinion_clusters *c, const double xy[2]);
/* Mean silhouette (Rousseeuw 1987) over the points; alone in its cluster a point counts 0. With weights, each point stands
 * for WEIGHT people at one spot. Time is quadratic in the points. */
double opinion_cluster_silhouette(struct arena *a, struct opinion_points p, const uint32_t *label, size_t count);
#endif
