#include "num/opinion/opinion_cluster.h"
#include "num/stats/rng.h"
#include <math.h>

enum { CLUSTERS_MAX = 128, ROUNDS_MAX = 100, ROUGH = 128 /* a start may leave one point of so many restless */ };

static const double polis_still = 0.01; /* a center that moves less stands still */

static double weight_of(struct opinion_points p, size_t i)
{
	return p.weight ? p.weight[i] : 1;
}

static double squared(const double *a, const double *b)
{
	double x = a[0] - b[0], y = a[1] - b[1];
	return x * x + y * y;
}

uint32_t opinion_cluster_nearest(const struct opinion_clusters *c, const double xy[2])
{
	uint32_t best = 0;
	double least = squared(c->center, xy);
	for (uint32_t k = 1; k < c->count; k++) {
		double d = squared(c->center + 2 * (size_t)k, xy);
		best = d < least ? k : best;
		least = d < least ? d : least;
	}
	return best;
}

static struct opinion_clusters room_for(struct arena *a, struct opinion_points p, size_t k)
{
	return (struct opinion_clusters){ .center = arena_array(a, double, 2 * k),
		.label = arena_array(a, uint32_t, p.count) };
}

/* Centers of the labels; WEIGHTS[k] is what each cluster weighs. An empty cluster keeps its center; points whose label is no
 * cluster's count nowhere. */
static void recenter(struct opinion_points p, struct opinion_clusters *c, double *sum, double *weights)
{
	memset(sum, 0, 2 * c->count * sizeof *sum);
	memset(weights, 0, c->count * sizeof *weights);
	for (size_t i = 0; i < p.count; i++) {
		double w = weight_of(p, i);
		size_t k = c->label[i];
		if (k >= c->count)
			continue;
		sum[2 * k] += w * p.xy[2 * i];
		sum[2 * k + 1] += w * p.xy[2 * i + 1];
		weights[k] += w;
	}
	for (size_t k = 0; k < c->count; k++)
		if (weights[k] > 0) {
			c->center[2 * k] = sum[2 * k] / weights[k];
			c->center[2 * k + 1] = sum[2 * k + 1] / weights[k];
		}
}

/* Labels and centers without the clusters that have no points. */
static void drop_empty(struct arena *a, struct opinion_points p, struct opinion_clusters *c)
{
	uint32_t *name = arena_array(a, uint32_t, c->count);
	bool *used = arena_array(a, bool, c->count);
	for (size_t i = 0; i < p.count; i++)
		used[c->label[i]] = true;
	size_t kept = 0;
	for (size_t k = 0; k < c->count; k++) {
		if (!used[k])
			continue;
		c->center[2 * kept] = c->center[2 * k];
		c->center[2 * kept + 1] = c->center[2 * k + 1];
		name[k] = (uint32_t)kept++;
	}
	for (size_t i = 0; i < p.count; i++)
		c->label[i] = name[c->label[i]];
	c->count = kept;
}

static double inertia_of(struct opinion_points p, const struct opinion_clusters *c)
{
	double sum = 0;
	for (size_t i = 0; i < p.count; i++)
		sum += weight_of(p, i) * squared(c->center + 2 * c->label[i], p.xy + 2 * i);
	return sum;
}

static int by_place(const void *a, const void *b)
{
	const double *p = a, *q = b;
	if (p[0] != q[0])
		return p[0] < q[0] ? -1 : 1;
	return (p[1] > q[1]) - (p[1] < q[1]);
}

/* Whether the sorted centers OLD and NEW stand within polis_still of each other; a surplus on either side is not compared. */
static bool stands_still(struct arena *a, const double *old, size_t old_count, const double *new, size_t new_count)
{
	double *p = arena_array(a, double, 2 * old_count + 1), *q = arena_array(a, double, 2 * new_count + 1);
	memcpy(p, old, 2 * old_count * sizeof *p);
	memcpy(q, new, 2 * new_count * sizeof *q);
	qsort(p, old_count, 2 * sizeof *p, by_place);
	qsort(q, new_count, 2 * sizeof *q, by_place);
	size_t count = old_count < new_count ? old_count : new_count;
	for (size_t k = 0; k < count; k++)
		if (sqrt(squared(p + 2 * k, q + 2 * k)) >= polis_still)
			return false;
	return true;
}

/* Polis' loop from the centers in C on. */
static void polis_loop(struct arena *a, struct opinion_points p, struct opinion_clusters *c)
{
	size_t room = c->count;
	double *old = arena_array(a, double, 2 * room), *sum = arena_array(a, double, 2 * room);
	double *weights = arena_array(a, double, room);
	struct arena *scratch = arena_new(4096);
	for (int round = 0; round <= ROUNDS_MAX; round++) {
		size_t old_count = c->count;
		memcpy(old, c->center, 2 * old_count * sizeof *old);
		for (size_t i = 0; i < p.count; i++)
			c->label[i] = opinion_cluster_nearest(c, p.xy + 2 * i);
		drop_empty(scratch, p, c);
		recenter(p, c, sum, weights);
		bool still = stands_still(scratch, old, old_count, c->center, c->count);
		arena_reset(scratch);
		if (still)
			break;
	}
	arena_free(scratch);
	c->inertia = inertia_of(p, c);
}

static bool same_place(const double *a, const double *b)
{
	return a[0] == b[0] && a[1] == b[1];
}

struct opinion_clusters opinion_cluster_polis(struct arena *a, struct opinion_points p, size_t k)
{
	struct opinion_clusters c = room_for(a, p, k);
	for (size_t i = 0; i < p.count && c.count < k; i++) {
		bool seen = false;
		for (size_t o = 0; o < c.count && !seen; o++)
			seen = same_place(c.center + 2 * o, p.xy + 2 * i);
		if (seen)
			continue;
		memcpy(c.center + 2 * c.count++, p.xy + 2 * i, 2 * sizeof(double));
	}
	if (c.count > 0)
		polis_loop(a, p, &c);
	return c;
}

/* The first cluster before K that stands where K stands; K where there is none. */
static size_t twin_of(const struct opinion_clusters *c, size_t k)
{
	for (size_t o = 0; o < k; o++)
		if (same_place(c->center + 2 * o, c->center + 2 * k))
			return o;
	return k;
}

/* Merges clusters that stand at the same place and drops those without weight. */
static void merge_equal(struct arena *a, struct opinion_points p, struct opinion_clusters *c, const double *weights)
{
	uint32_t *name = arena_array(a, uint32_t, c->count + 1);
	size_t kept = 0, before = c->count;
	for (size_t k = 0; k < before; k++) {
		name[k] = UINT32_MAX;
		if (!(weights[k] > 0))
			continue;
		memmove(c->center + 2 * kept, c->center + 2 * k, 2 * sizeof(double));
		name[k] = (uint32_t)twin_of(c, kept);
		kept += name[k] == kept;
	}
	c->count = kept;
	for (size_t i = 0; i < p.count; i++)
		c->label[i] = c->label[i] < before ? name[c->label[i]] : UINT32_MAX;
}

/* The point farthest from its nearest center, if any is away from it. */
static bool most_distal(struct opinion_points p, const struct opinion_clusters *c, size_t *point)
{
	double most = 0;
	for (size_t i = 0; i < p.count; i++) {
		double d = squared(c->center + 2 * (size_t)opinion_cluster_nearest(c, p.xy + 2 * i), p.xy + 2 * i);
		if (d > most) {
			most = d;
			*point = i;
		}
	}
	return most > 0;
}

struct opinion_clusters opinion_cluster_polis_again(
	struct arena *a, struct opinion_points p, size_t k, const uint32_t *label, size_t count)
{
	size_t room = (count > k ? count : k) + 1, point = 0;
	struct opinion_clusters c = room_for(a, p, room);
	double *sum = arena_array(a, double, 2 * room), *weights = arena_array(a, double, room);
	memcpy(c.label, label, p.count * sizeof *label);
	c.count = count;
	recenter(p, &c, sum, weights);
	merge_equal(a, p, &c, weights);
	if (c.count == 0)
		return opinion_cluster_polis(a, p, k);
	while (c.count < k && most_distal(p, &c, &point)) {
		c.label[point] = (uint32_t)c.count++;
		recenter(p, &c, sum, weights);
	}
	polis_loop(a, p, &c);
	return c;
}

/* What the points of a cluster weigh, and the sums of their weighted places. */
struct pile {
	double weight, x, y;
};

/* A round of Lloyd's: every point takes the label of its nearest center, every center the middle of its points. Returns how many
 * labels changed. Odd and even points have piles of their own: the processor adds to one while the other is on its way. */
static size_t lloyd(struct opinion_points p, struct opinion_clusters *c)
{
	struct pile pile[2][CLUSTERS_MAX];
	size_t moved = 0;
	memset(pile[0], 0, c->count * sizeof pile[0][0]);
	memset(pile[1], 0, c->count * sizeof pile[1][0]);
	for (size_t i = 0; i < p.count; i++) {
		double w = weight_of(p, i);
		uint32_t label = opinion_cluster_nearest(c, p.xy + 2 * i);
		moved += label != c->label[i];
		c->label[i] = label;
		struct pile *own = &pile[i & 1][label];
		own->weight += w;
		own->x += w * p.xy[2 * i];
		own->y += w * p.xy[2 * i + 1];
	}
	for (size_t k = 0; k < c->count; k++) {
		const struct pile *odd = &pile[1][k], *even = &pile[0][k];
		double weight = odd->weight + even->weight;
		if (!(weight > 0))
			continue;
		c->center[2 * k] = (odd->x + even->x) / weight;
		c->center[2 * k + 1] = (odd->y + even->y) / weight;
	}
	return moved;
}

/* Lloyd from the centers in C until at most STILL labels change. */
static void settle(struct opinion_points p, struct opinion_clusters *c, size_t still)
{
	size_t moved = SIZE_MAX;
	assert(c->count > 0 && c->count <= CLUSTERS_MAX);
	memset(c->label, 0xff, p.count * sizeof *c->label);
	for (int round = 0; round < ROUNDS_MAX && moved > still; round++)
		moved = lloyd(p, c);
	c->inertia = inertia_of(p, c);
}

/* k-means++: each next center a point, drawn by weight times squared distance to the centers so far. */
static void draw_centers(
	struct opinion_points p, size_t k, struct opinion_clusters *c, double *distance, struct rng *rng)
{
	c->count = 0;
	for (size_t i = 0; i < p.count; i++)
		distance[i] = weight_of(p, i);
	while (c->count < k) {
		double total = 0;
		for (size_t i = 0; i < p.count; i++)
			total += distance[i];
		if (!(total > 0))
			return;
		double left = rng_unit(rng) * total;
		size_t pick = 0;
		for (size_t i = 0; i < p.count; i++) {
			if (!(distance[i] > 0))
				continue;
			pick = i;
			left -= distance[i];
			if (left < 0)
				break;
		}
		double *center = c->center + 2 * c->count;
		memcpy(center, p.xy + 2 * pick, 2 * sizeof *center);
		bool first = c->count++ == 0;
		for (size_t i = 0; i < p.count; i++) {
			double d = weight_of(p, i) * squared(center, p.xy + 2 * i);
			distance[i] = first || d < distance[i] ? d : distance[i];
		}
	}
}

struct opinion_clusters opinion_cluster_best(
	struct arena *a, struct opinion_points p, size_t k, size_t starts, struct rng *rng)
{
	struct opinion_clusters best = room_for(a, p, k), c = room_for(a, p, k);
	double *distance = arena_array(a, double, p.count);
	for (size_t s = 0; s < starts; s++) {
		draw_centers(p, k, &c, distance, rng);
		if (c.count == 0)
			break;
		settle(p, &c, p.count / ROUGH);
		/* Better only by more than rounding: of equal answers the first stays. */
		if (best.count > 0 && !(c.inertia < best.inertia * (1 - 1e-12)))
			continue;
		struct opinion_clusters old = best;
		best = c;
		c = old;
	}
	if (best.count > 0)
		settle(p, &best, 0);
	drop_empty(a, p, &best);
	return best;
}

/* a(i), b(i) of the silhouette for point I: mean distances to the own cluster and to the nearest other one. */
static double silhouette_of(
	struct opinion_points p, const uint32_t *label, size_t count, const double *weights, size_t i, double *sum)
{
	memset(sum, 0, count * sizeof *sum);
	for (size_t o = 0; o < p.count; o++)
		sum[label[o]] += weight_of(p, o) * sqrt(squared(p.xy + 2 * i, p.xy + 2 * o));
	uint32_t own = label[i];
	if (!(weights[own] > 1))
		return 0;
	double inside = sum[own] / (weights[own] - 1), outside = HUGE_VAL;
	for (size_t k = 0; k < count; k++)
		if (k != own && weights[k] > 0)
			outside = fmin(outside, sum[k] / weights[k]);
	double larger = fmax(inside, outside);
	return isfinite(outside) && larger > 0 ? (outside - inside) / larger : 0;
}

double opinion_cluster_silhouette(struct arena *a, struct opinion_points p, const uint32_t *label, size_t count)
{
	double *weights = arena_array(a, double, count), *sum = arena_array(a, double, count), total = 0, all = 0;
	for (size_t i = 0; i < p.count; i++)
		weights[label[i]] += weight_of(p, i);
	for (size_t i = 0; i < p.count; i++) {
		if (!(weight_of(p, i) > 0))
			continue;
		total += weight_of(p, i) * silhouette_of(p, label, count, weights, i, sum);
		all += weight_of(p, i);
	}
	return all > 0 ? total / all : 0;
}
