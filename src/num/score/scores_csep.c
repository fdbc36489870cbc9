#include "num/score/scores_csep.h"
#include "num/stats/counts.h"
#include <math.h>

double csep_total_size(const double *mean, size_t count, double size)
{
	double sum = 0, squares = 0;
	for (size_t i = 0; i < count; i++) {
		sum += mean[i];
		squares += mean[i] * mean[i];
	}
	/* Var = sum + squares / size = sum + sum^2 / total size. */
	return squares > 0 ? sum * sum / squares * size : INFINITY;
}

struct csep_number csep_number(double expected, double size, uint64_t observed)
{
	uint32_t n = (uint32_t)(observed < UINT32_MAX ? observed : UINT32_MAX);
	return (struct csep_number){ expected, observed, n > 0 ? counts_above(n - 1, expected, size) : 1,
		counts_cdf(n, expected, size) };
}

struct csep_number csep_number_of(const struct scores_table *t)
{
	double size = csep_total_size(t->mean, t->windows * t->places, t->size);
	return csep_number(scores_expected(t), size, scores_observed(t));
}

size_t csep_number_outside(const struct scores_table *t)
{
	size_t outside = 0;
	for (size_t w = 0; w < t->windows; w++) {
		struct scores_table one = *t;
		one.windows = 1;
		one.mean += w * t->places;
		one.observed += w * t->places;
		struct csep_number n = csep_number_of(&one);
		outside += n.at_least < 0.025 || n.at_most < 0.025;
	}
	return outside;
}

/* Cells that are simulated, with what is looked up for each of them many times. */
struct field {
	size_t count;
	double *mean, *size;
	uint32_t *observed;
	double *none;       /* ln P(0) */
	double all_none;    /* their sum */
	uint64_t incidents; /* observed */
	/* For a given number of incidents: rates of a Poisson mixture whose total is about that number (see tilt()), their
	 * running sum, and how many incidents each cell has got in the catalogue under way. */
	double *rate, *running;
	uint32_t *got, *touched;
};

static void prepare(struct field *f)
{
	f->all_none = 0;
	f->incidents = 0;
	for (size_t i = 0; i < f->count; i++) {
		f->none[i] = counts_log(0, f->mean[i], f->size[i]);
		f->all_none += f->none[i];
		f->incidents += f->observed[i];
	}
}

static struct field field_new(struct arena *a, size_t count)
{
	return (struct field){ .count = count,
		.mean = arena_array(a, double, count),
		.size = arena_array(a, double, count),
		.observed = arena_array(a, uint32_t, count),
		.none = arena_array(a, double, count),
		.rate = arena_array(a, double, count),
		.running = arena_array(a, double, count),
		.got = arena_array(a, uint32_t, count) };
}

static struct field all_cells(struct arena *a, const struct scores_table *t)
{
	struct field f = field_new(a, t->windows * t->places);
	for (size_t i = 0; i < f.count; i++) {
		f.mean[i] = t->mean[i];
		f.size[i] = t->size;
		f.observed[i] = t->observed[i];
	}
	prepare(&f);
	return f;
}

/* Places over all windows, scaled to what was observed. */
static struct field places_only(struct arena *a, const struct scores_table *t)
{
	struct field f = field_new(a, t->places);
	double expected = scores_expected(t);
	double scale = expected > 0 ? (double)scores_observed(t) / expected : 1;
	double *own = arena_array(a, double, t->windows);
	for (size_t i = 0; i < t->places; i++) {
		for (size_t w = 0; w < t->windows; w++) {
			own[w] = t->mean[w * t->places + i];
			f.mean[i] += own[w] * scale;
			f.observed[i] += t->observed[w * t->places + i];
		}
		f.size[i] = csep_total_size(own, t->windows, t->size);
	}
	prepare(&f);
	return f;
}

/* What a cell with COUNT > 0 incidents adds to the log-likelihood of a catalogue without any. */
static double more(const struct field *f, size_t i, uint32_t count)
{
	return counts_log(count, f->mean[i], f->size[i]) - f->none[i];
}

static double log_likelihood_observed(const struct field *f)
{
	double sum = f->all_none;
	for (size_t i = 0; i < f->count; i++)
		if (f->observed[i] > 0)
			sum += more(f, i, f->observed[i]);
	return sum;
}

/* The log-likelihood of a catalogue from independent cells. */
static double simulate_free(const struct field *f, struct rng *r)
{
	double sum = f->all_none;
	for (size_t i = 0; i < f->count; i++) {
		uint32_t n = counts_draw(r, f->mean[i], f->size[i]);
		if (n > 0)
			sum += more(f, i, n);
	}
	return sum;
}

/* The mean of the total when all odds p / (1 - p) come from p_i = theta mean / (mean + size). */
static double total_at(const struct field *f, double theta)
{
	double sum = 0;
	for (size_t i = 0; i < f->count; i++) {
		double p = theta * f->mean[i] / (f->mean[i] + f->size[i]);
		/* Without a mean the size is infinite. */
		sum += p > 0 ? f->size[i] * p / (1 - p) : 0;
	}
	return sum;
}

/* Given their total, negative binomials with p_i have the same law as with theta p_i. So theta is chosen such that the total is
 * expected to be what it was; RATE is then the mean of a gamma mixture of Poissons, per unit of its gamma. */
static void tilt(struct field *f)
{
	double low = 0, high = INFINITY;
	bool poisson = true;
	for (size_t i = 0; i < f->count; i++) {
		poisson &= isinf(f->size[i]);
		if (!isinf(f->size[i]) && f->mean[i] > 0)
			high = fmin(high, (f->mean[i] + f->size[i]) / f->mean[i]);
	}
	double theta = 1;
	for (int k = 0; k < 100 && !poisson; k++) {
		theta = low + (high - low) / 2;
		if (total_at(f, theta) < (double)f->incidents)
			low = theta;
		else
			high = theta;
	}
	for (size_t i = 0; i < f->count; i++) {
		double p = theta * f->mean[i] / (f->mean[i] + f->size[i]);
		f->rate[i] = isinf(f->size[i]) ? f->mean[i] : p / (1 - p);
	}
}

/* Draws the rates of a catalogue into RUNNING and returns their sum. */
static double draw_rates(const struct field *f, struct rng *r)
{
	double sum = 0;
	for (size_t i = 0; i < f->count; i++) {
		if (f->rate[i] > 0)
			sum += isinf(f->size[i]) ? f->rate[i] : f->rate[i] * rng_gamma(r, f->size[i]);
		f->running[i] = sum;
	}
	return sum;
}

static size_t cell_at(const struct field *f, double at)
{
	size_t low = 0, high = f->count - 1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (f->running[middle] > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The log-likelihood of a catalogue with as many incidents as observed. Rates are accepted by how likely they make that number
 * (its Poisson probability over the largest it can be); then incidents fall by them. */
static double simulate_given(struct field *f, struct rng *r, bool poisson)
{
	double n = (double)f->incidents, total = f->running[f->count - 1], sum = f->all_none;
	if (!poisson)
		do
			total = draw_rates(f, r);
		while (rng_unit(r) >= exp(n * log(total / n) - (total - n)));
	size_t touched = 0;
	for (uint64_t k = 0; k < f->incidents; k++) {
		size_t i = cell_at(f, rng_unit(r) * total);
		if (f->got[i]++ == 0)
			f->touched[touched++] = (uint32_t)i;
	}
	for (size_t k = 0; k < touched; k++) {
		uint32_t i = f->touched[k];
		sum += more(f, i, f->got[i]);
		f->got[i] = 0;
	}
	return sum;
}

struct csep_likelihood csep_likelihood(
	struct arena *scratch, const struct scores_table *t, enum csep_kind kind, size_t simulations, uint64_t seed)
{
	assert(simulations > 0 && t->windows > 0 && t->places > 0);
	struct field f = kind == CSEP_S ? places_only(scratch, t) : all_cells(scratch, t);
	struct csep_likelihood out = { .log_likelihood = log_likelihood_observed(&f), .simulations = simulations };
	struct rng r = rng_seeded(seed);
	bool poisson = isinf(t->size), given = kind != CSEP_L;
	size_t below = 0;
	/* Catalogues that are the same in another order are not told apart by rounding. */
	double limit = out.log_likelihood + 1e-9 * (1 + fabs(out.log_likelihood));
	if (!isfinite(out.log_likelihood))
		return out;
	if (given && f.incidents > 0) {
		f.touched = arena_array(scratch, uint32_t, f.incidents);
		tilt(&f);
		if (poisson)
			draw_rates(&f, &r);
	}
	for (size_t k = 0; k < simulations; k++) {
		double drawn = !given            ? simulate_free(&f, &r)
			       : f.incidents > 0 ? simulate_given(&f, &r, poisson)
						 : f.all_none;
		below += drawn <= limit;
	}
	out.quantile = (double)below / (double)simulations;
	return out;
}
