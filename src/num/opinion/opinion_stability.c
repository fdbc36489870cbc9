#include "num/opinion/opinion_stability.h"
#include "num/opinion/opinion_chance.h"
#include "num/opinion/opinion_cluster.h"
#include "num/opinion/opinion_polis.h"
#include "num/stats/rng.h"
#include "num/stats/special.h"
#include <math.h>

enum { STARTS = 20, STARTS_RESAMPLE = 3, SILHOUETTE_PEOPLE = 500, R = OPINION_DIRECTIONS };

static const double silhouette_min = 0.25, agreement_min = 0.6, share_min = 0.05, chance_max = 0.05;

/* The people who are in the conversation, and room to work with them. */
struct room {
	size_t count;
	uint32_t *row;  /* [count]: in the matrix */
	double *at;     /* [count * R] */
	double *weight; /* [count] */
	double *xy;     /* [count * 2]: on the map */
	struct arena *scratch;
};

/* One way to part them. */
struct parts {
	size_t k;
	double silhouette, inertia;
	double center[2 * OPINION_PARTS_MAX];
	uint32_t *label; /* [count] */
};

static double pairs(double n)
{
	return n * (n - 1) / 2;
}

double opinion_rand_index(const uint32_t *a, const uint32_t *b, size_t count)
{
	enum { K = OPINION_PARTS_MAX };
	double both[K][K] = { 0 }, of_a[K] = { 0 }, of_b[K] = { 0 }, same = 0, same_a = 0, same_b = 0;
	for (size_t i = 0; i < count; i++) {
		assert(a[i] < K && b[i] < K);
		both[a[i]][b[i]]++;
		of_a[a[i]]++;
		of_b[b[i]]++;
	}
	for (size_t x = 0; x < K; x++) {
		same_a += pairs(of_a[x]);
		same_b += pairs(of_b[x]);
		for (size_t y = 0; y < K; y++)
			same += pairs(both[x][y]);
	}
	double expected = count > 1 ? same_a * same_b / pairs((double)count) : 0, most = (same_a + same_b) / 2;
	return most > expected ? (same - expected) / (most - expected) : 1;
}

static struct room room_of(struct arena *scratch, const struct opinion_positions *p, const bool *in)
{
	struct room r = { .row = arena_array(scratch, uint32_t, p->people),
		.at = arena_array(scratch, double, p->people *R),
		.weight = arena_array(scratch, double, p->people),
		.xy = arena_array(scratch, double, p->people * 2),
		.scratch = arena_new(1 << 20) };
	for (size_t i = 0; i < p->people; i++) {
		if (!in[i])
			continue;
		memcpy(r.at + r.count * R, p->at + i * R, R * sizeof *r.at);
		memcpy(r.xy + r.count * 2, p->at + i * R, 2 * sizeof *r.xy);
		r.weight[r.count] = p->known[i];
		r.row[r.count++] = (uint32_t)i;
	}
	return r;
}

static size_t count_large(const uint32_t *label, size_t count, size_t k, size_t least)
{
	size_t size[OPINION_PARTS_MAX] = { 0 }, large = 0;
	for (size_t i = 0; i < count; i++)
		size[label[i]]++;
	for (size_t g = 0; g < k; g++)
		large += size[g] >= least;
	return large;
}

/* The silhouette, of a large room by some of its people: it is a mean, and quadratic in them. */
static double silhouette_of(struct room *r, const struct opinion_clusters *c, struct rng *rng)
{
	size_t count = 0;
	double *xy = arena_array(r->scratch, double, 2 * r->count), *weight = arena_array(r->scratch, double, r->count);
	uint32_t *label = arena_array(r->scratch, uint32_t, r->count);
	for (size_t i = 0; i < r->count; i++) {
		if (!rng_picks(rng, SILHOUETTE_PEOPLE - count, r->count - i))
			continue;
		memcpy(xy + 2 * count, r->xy + 2 * i, 2 * sizeof *xy);
		weight[count] = r->weight[i];
		label[count++] = c->label[i];
	}
	struct opinion_points some = { .count = count, .xy = xy, .weight = weight };
	return opinion_cluster_silhouette(r->scratch, some, label, c->count);
}

/* The best number of parts; k is 0 where no number leaves two that are large enough. */
static struct parts part(struct arena *a, struct room *r, size_t least, struct rng *rng)
{
	struct parts best = { .silhouette = -HUGE_VAL, .label = arena_array(a, uint32_t, r->count) };
	struct opinion_points p = { .count = r->count, .xy = r->xy, .weight = r->weight };
	for (size_t k = 2; k <= OPINION_PARTS_MAX; k++) {
		struct opinion_clusters c = opinion_cluster_best(r->scratch, p, k, STARTS, rng);
		if (c.count == k && count_large(c.label, r->count, k, least) >= 2) {
			double silhouette = silhouette_of(r, &c, rng);
			if (silhouette > best.silhouette) {
				best.k = k;
				best.silhouette = silhouette;
				best.inertia = c.inertia;
				memcpy(best.center, c.center, 2 * k * sizeof *c.center);
				memcpy(best.label, c.label, r->count * sizeof *c.label);
			}
		}
		arena_reset(r->scratch);
	}
	return best;
}

/* How many people of parts G and H, by weight, stand within an eighth of the way on either side of ALONG (0 at the middle of G,
 * 1 at that of H). */
static double standing_at(const struct room *r, const struct parts *parts, size_t g, size_t h, double along)
{
	const double *from = parts->center + 2 * g, *to = parts->center + 2 * h;
	double x = to[0] - from[0], y = to[1] - from[1], way = x * x + y * y, sum = 0;
	for (size_t i = 0; i < r->count; i++) {
		if (parts->label[i] != g && parts->label[i] != h)
			continue;
		double at = ((r->xy[2 * i] - from[0]) * x + (r->xy[2 * i + 1] - from[1]) * y) / way;
		if (fabs(at - along) <= 0.125)
			sum += r->weight[i];
	}
	return sum;
}

/* Whether there is a gap between parts G and H. Were there none, halfway would be at least as crowded as the emptier of
 * their middles, and a person of either place would be halfway with chance one half at least. */
static bool gap_between(const struct room *r, const struct parts *parts, size_t g, size_t h)
{
	double halfway = floor(standing_at(r, parts, g, h, 0.5));
	double middle = floor(fmin(standing_at(r, parts, g, h, 0), standing_at(r, parts, g, h, 1)));
	return middle > 0 && beta_cdf(0.5, middle, halfway + 1) <= chance_max;
}

static size_t neighbour_of(const struct parts *parts, size_t g)
{
	size_t best = g;
	double least = HUGE_VAL;
	for (size_t h = 0; h < parts->k; h++) {
		double x = parts->center[2 * g] - parts->center[2 * h],
		       y = parts->center[2 * g + 1] - parts->center[2 * h + 1];
		if (h != g && x * x + y * y < least) {
			least = x * x + y * y;
			best = h;
		}
	}
	return best;
}

static bool gaps(const struct room *r, const struct parts *parts)
{
	for (size_t g = 0; g < parts->k; g++)
		if (!gap_between(r, parts, g, neighbour_of(parts, g)))
			return false;
	return true;
}

/* The map of a resample: the plane of largest spread within the directions that are kept. */
static void plane_of(const struct room *r, const double *weight, double plane[2][R])
{
	double mean[R] = { 0 }, m[R][R] = { 0 }, value[R], vector[R][R], all = 0;
	for (size_t i = 0; i < r->count; i++) {
		all += weight[i];
		for (size_t d = 0; d < R; d++)
			mean[d] += weight[i] * r->at[i * R + d];
	}
	for (size_t d = 0; d < R; d++)
		mean[d] /= all;
	for (size_t i = 0; i < r->count; i++)
		for (size_t d = 0; d < R; d++)
			for (size_t e = 0; e <= d; e++)
				m[d][e] += weight[i] * (r->at[i * R + d] - mean[d]) * (r->at[i * R + e] - mean[e]);
	for (size_t d = 0; d < R; d++)
		for (size_t e = 0; e < d; e++)
			m[e][d] = m[d][e];
	opinion_eigen(m, value, vector);
	memcpy(plane, vector, 2 * sizeof vector[0]);
}

/* The agreement of one resample's parts with those found. Who was not drawn has no say in where the parts lie. */
static double resample(struct room *r, const struct parts *found, struct rng *rng)
{
	double *weight = arena_array(r->scratch, double, r->count), *xy = arena_array(r->scratch, double, 2 * r->count);
	double *drawn = arena_array(r->scratch, double, 2 * r->count), plane[2][R], all = 0;
	uint32_t *label = arena_array(r->scratch, uint32_t, r->count);
	struct opinion_points p = { .xy = drawn, .weight = weight };
	for (size_t i = 0; i < r->count; i++)
		weight[rng_below(rng, r->count)]++;
	for (size_t i = 0; i < r->count; i++)
		all += weight[i] *= r->weight[i];
	if (!(all > 0))
		return 0;
	plane_of(r, weight, plane);
	for (size_t i = 0; i < r->count; i++) {
		for (size_t d = 0; d < 2; d++)
			for (size_t e = 0; e < R; e++)
				xy[2 * i + d] += plane[d][e] * r->at[i * R + e];
		if (!(weight[i] > 0))
			continue;
		memcpy(drawn + 2 * p.count, xy + 2 * i, 2 * sizeof *drawn);
		weight[p.count++] = weight[i];
	}
	struct opinion_clusters c = opinion_cluster_best(r->scratch, p, found->k, STARTS_RESAMPLE, rng);
	for (size_t i = 0; i < r->count && c.count > 0; i++)
		label[i] = opinion_cluster_nearest(&c, xy + 2 * i);
	return c.count > 0 ? opinion_rand_index(found->label, label, r->count) : 0;
}

static double agreement_of(struct room *r, const struct parts *found, struct rng *rng)
{
	double sum = 0;
	for (size_t k = 0; k < OPINION_RESAMPLES; k++) {
		sum += resample(r, found, rng);
		arena_reset(r->scratch);
	}
	return sum / OPINION_RESAMPLES;
}

/* The part whose center explains person I's answers best: the least square of cell - axis * center over what he answered. His
 * position, drawn to the middle by what he did not answer, is not asked. */
static uint32_t nearest_by_answers(const struct opinion_votes *v, const struct opinion_pca *pca,
	const struct opinion_positions *p, const struct parts *parts, size_t i)
{
	double cost[OPINION_PARTS_MAX] = { 0 };
	for (size_t at = v->row[i]; at < v->row[i + 1]; at++) {
		double x = p->axis[v->statement[at]], y = p->axis[p->statements + v->statement[at]];
		for (size_t k = 0; k < parts->k; k++) {
			double rest = pca->cell[at] - x * parts->center[2 * k] - y * parts->center[2 * k + 1];
			cost[k] += rest * rest;
		}
	}
	uint32_t best = 0;
	for (uint32_t k = 1; k < parts->k; k++)
		if (cost[k] < cost[best])
			best = k;
	return best;
}

/* Names the parts that are large enough by their size; the others' people are in no group. */
static void name_groups(struct opinion_found *f, const struct room *r, const struct parts *parts)
{
	size_t size[OPINION_PARTS_MAX] = { 0 };
	uint32_t name[OPINION_PARTS_MAX] = { 0 };
	for (size_t i = 0; i < r->count; i++)
		size[parts->label[i]]++;
	for (size_t k = 0; k < parts->k; k++) {
		size_t before = 0;
		for (size_t o = 0; o < parts->k; o++)
			before += size[o] > size[k] || (o < k && size[o] == size[k]);
		name[k] = size[k] >= f->least ? (uint32_t)before : OPINION_NONE;
		if (name[k] == OPINION_NONE)
			continue;
		memcpy(f->center + 2 * before, parts->center + 2 * k, 2 * sizeof *f->center);
		f->groups++;
	}
	for (size_t i = 0; i < r->count; i++)
		f->label[r->row[i]] = name[parts->label[i]];
}

/* The questions about parts in their order; the first answer that is "no" ends the search. */
static enum opinion_verdict judge(struct opinion_found *f, struct room *r, struct parts *parts, struct rng *rng)
{
	if (parts->k == 0)
		return OPINION_TOO_SMALL;
	f->silhouette = parts->silhouette;
	if (f->silhouette < silhouette_min)
		return OPINION_NOT_APART;
	f->gap = gaps(r, parts);
	f->agreement = agreement_of(r, parts, rng);
	return f->agreement < agreement_min ? OPINION_FLEETING : OPINION_STABLE;
}

struct opinion_found opinion_find_groups(struct arena *a, const struct opinion_votes *v, const struct opinion_pca *pca,
	const struct opinion_positions *p, const bool *in, uint64_t seed)
{
	struct opinion_found f = { .silhouette = NAN, .agreement = NAN, .label = arena_array(a, uint32_t, v->people) };
	for (size_t i = 0; i < v->people; i++)
		f.label[i] = OPINION_NONE;
	struct arena *scratch = arena_new(1 << 16);
	struct room r = room_of(scratch, p, in);
	struct rng rng = rng_seeded(seed);
	f.least = (size_t)ceil(share_min * (double)r.count);
	if (f.least < OPINION_GROUP_MIN)
		f.least = OPINION_GROUP_MIN;
	if (r.count >= 2 * f.least && v->statements - v->moderated_count >= OPINION_IN_CONVERSATION)
		f.verdict = opinion_by_chance(v, pca->cell, in, &rng) ? OPINION_BY_CHANCE : OPINION_STABLE;
	if (f.verdict == OPINION_STABLE) {
		struct parts parts = part(scratch, &r, f.least, &rng);
		f.verdict = judge(&f, &r, &parts, &rng);
		for (size_t i = 0; i < r.count && f.verdict == OPINION_STABLE; i++)
			parts.label[i] = nearest_by_answers(v, pca, p, &parts, r.row[i]);
		if (f.verdict == OPINION_STABLE && count_large(parts.label, r.count, parts.k, f.least) < 2)
			f.verdict = OPINION_TOO_SMALL;
		if (f.verdict == OPINION_STABLE)
			name_groups(&f, &r, &parts);
	}
	arena_free(r.scratch);
	arena_free(scratch);
	return f;
}
