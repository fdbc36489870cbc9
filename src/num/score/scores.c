#include "num/score/scores.h"
#include "num/stats/counts.h"
#include <math.h>

struct pair {
	double p;
	bool happened;
};

static int by_p(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;
	if (a->p < b->p || a->p > b->p)
		return a->p < b->p ? -1 : 1;
	return (int)a->happened - (int)b->happened;
}

/* From pairs in order: each pair of one with and one without counts 1, 1/2 or 0. */
static double auc(const struct pair *pair, size_t count)
{
	double with = 0, without = 0, wins = 0;
	for (size_t i = 0; i < count;) {
		double tied_with = 0, tied_without = 0;
		size_t end = i;
		for (; end < count && pair[end].p <= pair[i].p; end++) {
			tied_with += pair[end].happened;
			tied_without += !pair[end].happened;
		}
		wins += tied_with * (without + 0.5 * tied_without);
		with += tied_with;
		without += tied_without;
		i = end;
	}
	return with > 0 && without > 0 ? wins / (with * without) : NAN;
}

/* The bin of P: how many of the inner deciles it is above, a decile being the last of the forecasts below it. */
static size_t bin_of(const struct pair *pair, size_t count, double p)
{
	size_t bin = 0;
	for (size_t k = 1; k < SCORES_BINS; k++) {
		size_t below = k * count / SCORES_BINS;
		bin += below > 0 && p > pair[below - 1].p;
	}
	return bin;
}

static void put_in_bins(struct scores_any *s, const struct pair *pair, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t bin = bin_of(pair, count, pair[i].p);
		s->bin[bin].count++;
		s->bin[bin].forecast += pair[i].p;
		s->bin[bin].observed += pair[i].happened;
	}
	for (size_t k = 0; k < SCORES_BINS; k++) {
		if (s->bin[k].count == 0)
			continue;
		double n = (double)s->bin[k].count, share = n / (double)count;
		s->bin[k].forecast /= n;
		s->bin[k].observed /= n;
		double miss = s->bin[k].forecast - s->bin[k].observed, apart = s->bin[k].observed - s->base;
		s->reliability += share * miss * miss;
		s->resolution += share * apart * apart;
		s->calibration_error += share * fabs(miss);
	}
}

struct scores_any scores_any_of(struct arena *scratch, const double *p, const bool *happened, size_t count)
{
	assert(count > 0);
	struct scores_any s = { 0 };
	struct pair *pair = arena_array(scratch, struct pair, count);
	for (size_t i = 0; i < count; i++) {
		assert(p[i] >= 0 && p[i] <= 1);
		pair[i] = (struct pair){ p[i], happened[i] };
	}
	/* What compares as equal is equal: sums below are the same whatever the order was. */
	qsort(pair, count, sizeof *pair, by_p);
	for (size_t i = 0; i < count; i++) {
		double miss = pair[i].p - pair[i].happened;
		s.brier += miss * miss;
		s.base += pair[i].happened;
	}
	s.brier /= (double)count;
	s.base /= (double)count;
	s.uncertainty = s.base * (1 - s.base);
	s.skill = s.uncertainty > 0 ? 1 - s.brier / s.uncertainty : NAN;
	s.auc = auc(pair, count);
	put_in_bins(&s, pair, count);
	s.within = s.brier - (s.reliability - s.resolution + s.uncertainty);
	return s;
}

struct scores_any scores_any(struct arena *scratch, const struct scores_table *t)
{
	size_t count = t->windows * t->places;
	double *p = arena_array(scratch, double, count);
	bool *happened = arena_array(scratch, bool, count);
	for (size_t i = 0; i < count; i++) {
		p[i] = counts_any(t->mean[i], t->size);
		happened[i] = t->observed[i] > 0;
	}
	return scores_any_of(scratch, p, happened, count);
}

double scores_log(const struct scores_table *t)
{
	size_t count = t->windows * t->places;
	double sum = 0;
	assert(count > 0);
	for (size_t i = 0; i < count; i++)
		sum -= counts_log(t->observed[i], t->mean[i], t->size);
	return sum / (double)count;
}

double scores_crps(const struct scores_table *t)
{
	size_t count = t->windows * t->places;
	double sum = 0;
	assert(count > 0);
	for (size_t i = 0; i < count; i++)
		sum += counts_crps(t->observed[i], t->mean[i], t->size);
	return sum / (double)count;
}

double scores_expected(const struct scores_table *t)
{
	double sum = 0;
	for (size_t i = 0; i < t->windows * t->places; i++)
		sum += t->mean[i];
	return sum;
}

uint64_t scores_observed(const struct scores_table *t)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < t->windows * t->places; i++)
		sum += t->observed[i];
	return sum;
}

static int by_value(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;
	return (a > b) - (a < b);
}

/* P(K > x) of Kolmogorov's distribution. */
static double kolmogorov_above(double x)
{
	double sum = 0;
	if (x < 0.2)
		return 1;
	for (int k = 1; k <= 100; k++) {
		double term = exp(-2.0 * k * k * x * x);
		sum += k % 2 ? term : -term;
		if (term < 1e-16)
			break;
	}
	return fmin(fmax(2 * sum, 0), 1);
}

struct scores_rescaled scores_rescale(struct arena *scratch, const double *lambda, size_t count)
{
	assert(count > 0);
	struct scores_rescaled s = { .steps = count, .mean = lambda[count - 1] / (double)count };
	double *u = arena_array(scratch, double, count), n = (double)count, root = sqrt(n);
	for (size_t i = 0; i < count; i++) {
		double step = lambda[i] - (i > 0 ? lambda[i - 1] : 0);
		assert(step >= 0);
		u[i] = -expm1(-step);
	}
	qsort(u, count, sizeof *u, by_value);
	for (size_t i = 0; i < count; i++)
		s.distance = fmax(s.distance, fmax(u[i] - (double)i / n, (double)(i + 1) / n - u[i]));
	s.p = kolmogorov_above((root + 0.12 + 0.11 / root) * s.distance);
	return s;
}

size_t scores_compensator(
	const struct scores_table *t, const uint32_t *group, uint32_t part, uint64_t seed, double *out)
{
	struct rng r = rng_seeded(seed);
	double passed = 0;
	size_t n = 0;
	for (size_t w = 0; w < t->windows; w++) {
		double expected = 0;
		size_t incidents = 0;
		for (size_t i = 0; i < t->places; i++) {
			if (group && group[i] != part)
				continue;
			expected += t->mean[w * t->places + i];
			incidents += t->observed[w * t->places + i];
		}
		for (size_t k = 0; k < incidents; k++)
			out[n + k] = passed + expected * rng_unit(&r);
		if (incidents > 1)
			qsort(out + n, incidents, sizeof *out, by_value);
		n += incidents;
		passed += expected;
	}
	return n;
}
