#include "num/forecast/shares.h"
#include <float.h>
#include <math.h>

#define KAPPA_START  60.0
#define LN_KAPPA_MIN (-4.605170185988091) /* ln 0.01 */
#define LN_KAPPA_MAX 13.815510557964274   /* ln 1e6 */
#define GOLDEN       0.6180339887498949

enum { LADDER = 40, SECTIONS = 40 };

/* What is left of a count of day FROM on day TO. */
static double kept(const struct shares *s, int32_t from, int32_t to)
{
	return to > from ? exp2(-(to - from) / s->half_life_d) : 1;
}

/* The nodes of a parent are kept together by their number of siblings and the sum of their populations. */
static void weigh(struct arena *a, struct shares *s)
{
	const struct places *p = s->places;
	struct group {
		double people; /* of those that have any */
		uint32_t known, nodes;
	} *group = arena_array(a, struct group, p->nodes + 1);
	for (size_t i = 0; i < p->nodes; i++) {
		struct group *g = &group[p->parent[i] == PLACES_NONE ? p->nodes : p->parent[i]];
		g->people += p->population[i];
		g->known += p->population[i] > 0;
		g->nodes++;
	}
	for (size_t i = 0; i < p->nodes; i++) {
		const struct group *g = &group[p->parent[i] == PLACES_NONE ? p->nodes : p->parent[i]];
		double mean = g->known ? g->people / g->known : 1;
		double all = g->people + mean * (g->nodes - g->known);
		s->weight[i] = (p->population[i] > 0 ? p->population[i] : mean) / all;
	}
}

struct shares *shares_make(struct arena *a, const struct places *p, double half_life_d)
{
	assert(half_life_d > 0);
	struct shares *s = arena_new_of(a, struct shares);
	*s = (struct shares){ .places = p, .half_life_d = half_life_d, .kappa = KAPPA_START };
	s->weight = arena_array(a, double, p->nodes);
	s->count = arena_array(a, double, p->nodes);
	s->ever = arena_array(a, double, p->nodes);
	s->last = arena_array(a, int32_t, p->nodes);
	weigh(a, s);
	return s;
}

static void count(const struct shares *s, double *sum, int32_t *last, int32_t day, double n)
{
	if (day >= *last || !(*sum > 0)) {
		*sum = *sum * kept(s, *last, day) + n;
		*last = day;
	} else
		*sum += n * kept(s, day, *last);
}

void shares_add(struct shares *s, uint32_t place, int32_t day, double n)
{
	assert(place < s->places->count && n >= 0);
	count(s, &s->town, &s->town_last, day, n);
	s->town_ever += n;
	for (uint32_t i = place; i != PLACES_NONE; i = s->places->parent[i]) {
		count(s, &s->count[i], &s->last[i], day, n);
		s->ever[i] += n;
	}
}

static double counted(const struct shares *s, uint32_t node, int32_t day)
{
	return node == PLACES_NONE ? s->town * kept(s, s->town_last, day)
				   : s->count[node] * kept(s, s->last[node], day);
}

double shares_of(const struct shares *s, uint32_t place, int32_t day)
{
	double share = 1, own = counted(s, place, day);
	for (uint32_t i = place; i != PLACES_NONE; i = s->places->parent[i]) {
		double parent = counted(s, s->places->parent[i], day);
		share *= (own + s->kappa * s->weight[i]) / (parent + s->kappa);
		own = parent;
	}
	return share;
}

void shares_all(const struct shares *s, int32_t day, double *out)
{
	for (uint32_t i = 0; i < s->places->count; i++)
		out[i] = shares_of(s, i, day);
}

static double log_gamma(double x)
{
	int sign;
	return lgamma_r(x, &sign);
}

/* ln P(a node of weight W has ever had some of its parent's N), beta-binomial. */
static double log_some(double kappa, double w, double n)
{
	double rest = kappa * (1 - w);
	if (!(rest > 0))
		return 0;
	double none = log_gamma(rest + n) - log_gamma(rest) + log_gamma(kappa) - log_gamma(kappa + n);
	return log(fmax(-expm1(none), DBL_MIN));
}

/* Nobody is without a count. */
static bool all_counted(const struct shares *s)
{
	for (size_t i = 0; i < s->places->nodes; i++)
		if (!(s->ever[i] > 0))
			return false;
	return true;
}

/* Log-likelihood of ln kappa. GROUP[node]: somebody's parent. NAMED: places are those that have had one. */
static double likelihood(const struct shares *s, const bool *group, bool named, int32_t day, double ln_kappa)
{
	const struct places *p = s->places;
	double kappa = exp(ln_kappa), sum = log_gamma(kappa) - log_gamma(kappa + counted(s, PLACES_NONE, day));
	for (uint32_t i = 0; i < p->nodes; i++) {
		double own = counted(s, i, day);
		if (own > 0)
			sum += log_gamma(kappa * s->weight[i] + own) - log_gamma(kappa * s->weight[i]);
		if (own > 0 && group[i])
			sum += log_gamma(kappa) - log_gamma(kappa + own);
		if (named)
			sum -= log_some(kappa, s->weight[i],
				p->parent[i] == PLACES_NONE ? s->town_ever : s->ever[p->parent[i]]);
	}
	return sum;
}

void shares_fit_kappa(struct shares *s, int32_t day)
{
	if (counted(s, PLACES_NONE, day) < 2)
		return;
	struct arena *scratch = arena_new(s->places->nodes + 64);
	bool *group = arena_array(scratch, bool, s->places->nodes);
	for (size_t i = 0; i < s->places->nodes; i++)
		if (s->places->parent[i] != PLACES_NONE)
			group[s->places->parent[i]] = true;
	bool named = all_counted(s);
	/* The best rung of a ladder, then the golden section about it. */
	double rung = (LN_KAPPA_MAX - LN_KAPPA_MIN) / LADDER, best = -INFINITY, at = 0;
	for (int i = 0; i <= LADDER; i++) {
		double value = likelihood(s, group, named, day, LN_KAPPA_MIN + i * rung);
		if (value > best) {
			best = value;
			at = LN_KAPPA_MIN + i * rung;
		}
	}
	double low = fmax(at - rung, LN_KAPPA_MIN), high = fmin(at + rung, LN_KAPPA_MAX);
	for (int i = 0; i < SECTIONS; i++) {
		double left = high - GOLDEN * (high - low), right = low + GOLDEN * (high - low);
		if (likelihood(s, group, named, day, left) >= likelihood(s, group, named, day, right))
			high = right;
		else
			low = left;
	}
	s->kappa = exp((low + high) / 2);
	arena_free(scratch);
}
