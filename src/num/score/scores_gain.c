#include "num/score/scores_gain.h"
#include "num/stats/rng.h"
#include <math.h>

struct scores_bootstrap scores_bootstrap_default(void)
{
	return (struct scores_bootstrap){ .draws = 1000, .block = 4, .seed = 1 };
}

/* What a window adds: incidents, the sums of x = ln(ratio) and its square over them, and what is taken off for the level. */
struct part {
	double incidents, sum, squares, level;
};

static void add(struct part *to, const struct part *p)
{
	to->incidents += p->incidents;
	to->sum += p->sum;
	to->squares += p->squares;
	to->level += p->level;
}

static double gain_of(const struct part *p)
{
	return p->incidents > 0 ? (p->sum - p->level) / p->incidents : NAN;
}

static int by_value(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;
	return (a > b) - (a < b);
}

/* Percentiles of the gain over resampled blocks; a draw without an incident is drawn again, as there is one somewhere. */
static void bootstrap(struct arena *scratch, const struct part *part, size_t windows, const struct scores_bootstrap *o,
	struct scores_gain *out)
{
	struct rng r = rng_seeded(o->seed);
	double *gain = arena_array(scratch, double, o->draws);
	for (size_t d = 0; d < o->draws;) {
		struct part sum = { 0 };
		for (size_t w = 0; w < windows;) {
			size_t at = (size_t)rng_below(&r, windows);
			for (size_t k = 0; k < o->block && w < windows; k++, w++)
				add(&sum, &part[(at + k) % windows]);
		}
		if (sum.incidents > 0)
			gain[d++] = gain_of(&sum);
	}
	qsort(gain, o->draws, sizeof *gain, by_value);
	out->low = gain[(size_t)(0.025 * (double)(o->draws - 1))];
	out->high = gain[(size_t)ceil(0.975 * (double)(o->draws - 1))];
}

static struct scores_gain finish(
	struct arena *scratch, const struct part *part, size_t windows, const struct scores_bootstrap *o)
{
	struct part all = { 0 };
	for (size_t w = 0; w < windows; w++)
		add(&all, &part[w]);
	struct scores_gain g = { (size_t)all.incidents, gain_of(&all), NAN, NAN, NAN, NAN };
	double n = all.incidents;
	if (!isfinite(g.gain))
		return g;
	if (n >= 2) {
		double s2 = all.squares / (n - 1) - all.sum * all.sum / (n * n - n);
		g.se = sqrt(fmax(s2, 0) / n);
		g.t = g.se > 0 ? g.gain / g.se : NAN;
	}
	if (o->draws > 0)
		bootstrap(scratch, part, windows, o, &g);
	return g;
}

static void check(const struct scores_table *a, const struct scores_table *b, const struct scores_bootstrap *o)
{
	assert(a->windows > 0 && a->places > 0 && o->block > 0);
	assert(!b || (b->windows == a->windows && b->places == a->places));
}

struct scores_gain scores_gain(struct arena *scratch, const struct scores_table *a, const struct scores_table *b,
	const struct scores_bootstrap *o)
{
	check(a, b, o);
	struct part *part = arena_array(scratch, struct part, a->windows);
	for (size_t w = 0; w < a->windows; w++)
		for (size_t i = w * a->places; i < (w + 1) * a->places; i++) {
			part[w].level += a->mean[i] - b->mean[i];
			if (a->observed[i] == 0)
				continue;
			double n = a->observed[i], x = log(a->mean[i]) - log(b->mean[i]);
			add(&part[w], &(struct part){ n, n * x, n * x * x, 0 });
		}
	return finish(scratch, part, a->windows, o);
}

/* The sum of the means of window W. */
static double level(const struct scores_table *t, size_t w)
{
	double sum = 0;
	for (size_t i = w * t->places; i < (w + 1) * t->places; i++)
		sum += t->mean[i];
	return sum;
}

/* ln(places q) of a place, SUM being that of its window. */
static double log_share(const struct scores_table *t, double mean, double sum)
{
	return sum > 0 ? log((1 - SCORES_FLOOR) * (double)t->places * (mean / sum) + SCORES_FLOOR) : 0;
}

struct scores_gain scores_spatial_gain(struct arena *scratch, const struct scores_table *a,
	const struct scores_table *b, const struct scores_bootstrap *o)
{
	check(a, b, o);
	struct part *part = arena_array(scratch, struct part, a->windows);
	for (size_t w = 0; w < a->windows; w++) {
		double sum_a = level(a, w), sum_b = b ? level(b, w) : 0;
		for (size_t i = w * a->places; i < (w + 1) * a->places; i++) {
			if (a->observed[i] == 0)
				continue;
			double n = a->observed[i];
			double x = log_share(a, a->mean[i], sum_a) - (b ? log_share(b, b->mean[i], sum_b) : 0);
			add(&part[w], &(struct part){ n, n * x, n * x * x, 0 });
		}
	}
	return finish(scratch, part, a->windows, o);
}
