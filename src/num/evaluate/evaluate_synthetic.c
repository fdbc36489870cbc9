#include "num/evaluate/evaluate_synthetic.h"
#include "num/stats/special.h"
#include <math.h>

enum { PLACEBOS = 200 };

/* One estimate: which units are treated, which are donors, on what scale. */
struct job {
	const struct synthetic *s;
	struct arena *mem; /* of the result */
	const size_t *treated, *donor;
	size_t treated_count, donors;
};

static double scaled(const struct synthetic *s, double y)
{
	return s->anscombe ? 2 * sqrt(y + 0.375) : y;
}

static double unscaled(const struct synthetic *s, double x)
{
	return s->anscombe ? fmax(0, x * x / 4 - 0.375) : x;
}

/* Mean of the treated in period T, on the scale of the fit. */
static double treated_at(const struct job *j, size_t t)
{
	double sum = 0;
	for (size_t k = 0; k < j->treated_count; k++)
		sum += scaled(j->s, j->s->y[j->treated[k] * j->s->periods + t]);
	return sum / (double)j->treated_count;
}

static double donor_at(const struct job *j, size_t i, size_t t)
{
	return scaled(j->s, j->s->y[j->donor[i] * j->s->periods + t]);
}

static double mixture_at(const struct job *j, const double *weight, size_t t)
{
	double sum = 0;
	for (size_t i = 0; i < j->donors; i++)
		sum += weight[i] * donor_at(j, i, t);
	return sum;
}

/* Takes the mean of each column away: weights with an intercept. */
static void center(double *a, size_t rows, size_t cols)
{
	for (size_t k = 0; k < cols; k++) {
		double mean = 0;
		for (size_t r = 0; r < rows; r++)
			mean += a[r * cols + k] / (double)rows;
		for (size_t r = 0; r < rows; r++)
			a[r * cols + k] -= mean;
	}
}

static double fit_donors(struct arena *scratch, const struct job *j, bool intercept, double ridge, double *weight)
{
	size_t rows = j->s->start, cols = j->donors;
	double *a = arena_array(scratch, double, rows *cols), *b = arena_array(scratch, double, rows);
	for (size_t t = 0; t < rows; t++) {
		b[t] = treated_at(j, t);
		for (size_t i = 0; i < cols; i++)
			a[t * cols + i] = donor_at(j, i, t);
	}
	if (intercept) {
		center(a, rows, cols);
		center(b, rows, 1);
	}
	return synthetic_weights(scratch, a, b, rows, cols, ridge, weight);
}

/* Weights of the periods before, so that each donor's mean after follows from them up to an intercept. */
static void fit_times(struct arena *scratch, const struct job *j, double ridge, double *time)
{
	size_t rows = j->donors, cols = j->s->start, after = j->s->periods - cols;
	double *a = arena_array(scratch, double, rows *cols), *b = arena_array(scratch, double, rows);
	for (size_t i = 0; i < rows; i++) {
		for (size_t t = 0; t < cols; t++)
			a[i * cols + t] = donor_at(j, i, t);
		for (size_t t = cols; t < j->s->periods; t++)
			b[i] += donor_at(j, i, t) / (double)after;
	}
	center(a, rows, cols);
	center(b, rows, 1);
	(void)synthetic_weights(scratch, a, b, rows, cols, ridge, time);
}

/* Variance of the donors' first differences before the start. */
static double noise(const struct job *j)
{
	double n = (double)(j->donors * (j->s->start - 1)), sum = 0, squares = 0;
	for (size_t i = 0; i < j->donors; i++)
		for (size_t t = 1; t < j->s->start; t++) {
			double d = donor_at(j, i, t) - donor_at(j, i, t - 1);
			sum += d;
			squares += d * d;
		}
	return n > 1 ? fmax(0, (squares - sum * sum / n) / (n - 1)) : 0;
}

/* Fills what follows from the mixture on the scale of the fit, shifted by SHIFT. */
static void describe(const struct job *j, double shift, struct synthetic_result *r)
{
	size_t start = j->s->start, periods = j->s->periods;
	double before = 0, after = 0, has = 0, had = 0;
	r->control = arena_array(j->mem, double, periods);
	r->observed = arena_array(j->mem, double, periods);
	for (size_t t = 0; t < periods; t++) {
		for (size_t k = 0; k < j->treated_count; k++)
			r->observed[t] += j->s->y[j->treated[k] * periods + t] / (double)j->treated_count;
		r->control[t] = unscaled(j->s, mixture_at(j, r->weight, t) + shift);
		double gap = r->observed[t] - r->control[t];
		*(t < start ? &before : &after) += gap * gap;
		if (t >= start) {
			has += r->observed[t];
			had += r->control[t];
		}
	}
	double mean = 0;
	for (size_t t = 0; t < start; t++)
		mean += r->observed[t] * (double)j->treated_count / (double)start;
	r->sparse = mean < SYNTHETIC_EVENTS_MIN;
	r->rmspe_before = sqrt(before / (double)start);
	r->rmspe_after = sqrt(after / (double)(periods - start));
	r->effect = (has - had) / (double)(periods - start);
	r->ratio = had > 0 ? has / had : NAN;
}

static struct synthetic_result *control_of(const struct job *j)
{
	struct synthetic_result *r = arena_new_of(j->mem, struct synthetic_result);
	struct arena *scratch = arena_new(1 << 16);
	*r = (struct synthetic_result){ .donors = j->donors, .se = NAN, .low90 = NAN, .high90 = NAN, .low95 = NAN };
	r->high95 = r->p = NAN;
	r->weight = arena_array(j->mem, double, j->donors);
	double ridge = j->s->zeta * j->s->zeta * (double)j->s->start;
	r->excess = fit_donors(scratch, j, false, ridge, r->weight);
	describe(j, 0, r);
	arena_free(scratch);
	return r;
}

static struct synthetic_result *differences_of(const struct job *j)
{
	struct synthetic_result *r = arena_new_of(j->mem, struct synthetic_result);
	struct arena *scratch = arena_new(1 << 16);
	size_t start = j->s->start, after = j->s->periods - start;
	*r = (struct synthetic_result){ .donors = j->donors };
	r->weight = arena_array(j->mem, double, j->donors);
	r->time = arena_array(j->mem, double, start);
	double variance = noise(j), zeta2 = sqrt((double)(j->treated_count * after)) * variance;
	r->excess = fit_donors(scratch, j, true, zeta2 * (double)start, r->weight);
	fit_times(scratch, j, 1e-12 * variance * (double)j->donors, r->time);
	double shift = 0;
	for (size_t t = 0; t < start; t++)
		shift += r->time[t] * (treated_at(j, t) - mixture_at(j, r->weight, t));
	describe(j, shift, r);
	arena_free(scratch);
	return r;
}

static enum err check(struct ctx *c, const struct synthetic *s, size_t treated, size_t donors, size_t donors_min)
{
	double before = 0;
	if (s->selection == EVALUATE_SPIKE || s->selection == EVALUATE_RECENT)
		return FAIL(c, ERR_INPUT,
			"a synthetic control is refused for places chosen for a recent spike: it follows the spike and "
			"misses that it ends by itself; use the counterfactual or a stepped wedge");
	if (s->start < SYNTHETIC_BEFORE_MIN || s->start >= s->periods)
		return FAIL(c, ERR_INPUT,
			"%d periods before the start and one after it are needed; here are %zu and %zu",
			SYNTHETIC_BEFORE_MIN, s->start, s->start < s->periods ? s->periods - s->start : 0);
	if (treated == 0 || donors < donors_min)
		return FAIL(c, ERR_INPUT, "%zu treated places and %zu others: at least 1 and %zu are needed", treated,
			donors, donors_min);
	for (size_t i = 0; i < s->units; i++)
		for (size_t t = 0; t < s->start && s->treated[i]; t++)
			before += s->y[i * s->periods + t];
	return before > 0 ? OK : FAIL(c, ERR_INPUT, "the treated places had no event before the start");
}

/* The units as lists. */
static struct job job_of(struct ctx *c, const struct synthetic *s)
{
	size_t *treated = arena_array(c->mem, size_t, s->units + 1), *donor = arena_array(c->mem, size_t, s->units + 1);
	struct job j = { .s = s, .mem = c->mem, .treated = treated, .donor = donor };
	for (size_t i = 0; i < s->units; i++)
		if (s->treated[i])
			treated[j.treated_count++] = i;
		else
			donor[j.donors++] = i;
	return j;
}

static double unlikeness(const struct synthetic_result *r)
{
	return r->rmspe_after / fmax(r->rmspe_before, 1e-9);
}

enum err synthetic_control(struct ctx *c, const struct synthetic *s, struct synthetic_result **out)
{
	struct job j = job_of(c, s);
	TRY(check(c, s, j.treated_count, j.donors, SYNTHETIC_DONORS_MIN));
	struct synthetic_result *r = control_of(&j);
	r->donor = arena_array(c->mem, size_t, j.donors);
	memcpy(r->donor, j.donor, j.donors * sizeof *r->donor);
	/* Each donor in its turn, made of the others. */
	struct arena *round = arena_new(1 << 16);
	size_t *others = arena_array(c->mem, size_t, j.donors), as_far = 1;
	for (size_t k = 0; k < j.donors; k++) {
		for (size_t i = 0, n = 0; i < j.donors; i++)
			if (i != k)
				others[n++] = j.donor[i];
		struct job placebo = { s, round, &j.donor[k], others, 1, j.donors - 1 };
		as_far += unlikeness(control_of(&placebo)) >= unlikeness(r);
		arena_reset(round);
	}
	arena_free(round);
	r->placebos = j.donors;
	r->p = (double)as_far / (double)(j.donors + 1);
	*out = r;
	return OK;
}

/* The first N of the donors by lot, the others behind them. */
static void draw(struct rng *lots, size_t *unit, size_t count, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		size_t i = k + (size_t)rng_below(lots, count - k), was = unit[k];
		unit[k] = unit[i];
		unit[i] = was;
	}
}

enum err synthetic_differences(struct ctx *c, const struct synthetic *s, struct synthetic_result **out)
{
	struct job j = job_of(c, s);
	size_t needed = j.treated_count + SYNTHETIC_DONORS_MIN;
	TRY(check(c, s, j.treated_count, j.donors, needed));
	struct synthetic_result *r = differences_of(&j);
	r->donor = arena_array(c->mem, size_t, j.donors);
	memcpy(r->donor, j.donor, j.donors * sizeof *r->donor);
	struct arena *round = arena_new(1 << 16);
	struct rng lots = rng_seeded(s->seed);
	size_t *unit = arena_array(c->mem, size_t, j.donors);
	double sum = 0, squares = 0;
	memcpy(unit, j.donor, j.donors * sizeof *unit);
	r->placebos = s->placebos ? s->placebos : PLACEBOS;
	for (size_t k = 0; k < r->placebos; k++) {
		draw(&lots, unit, j.donors, j.treated_count);
		struct job placebo = { s, round, unit, unit + j.treated_count, j.treated_count,
			j.donors - j.treated_count };
		double effect = differences_of(&placebo)->effect;
		sum += effect;
		squares += effect * effect;
		arena_reset(round);
	}
	arena_free(round);
	double n = (double)r->placebos, z90 = normal_quantile(0.95), z95 = normal_quantile(0.975);
	r->se = sqrt(fmax(0, (squares - sum * sum / n) / (n - 1)));
	r->low90 = r->effect - z90 * r->se;
	r->high90 = r->effect + z90 * r->se;
	r->low95 = r->effect - z95 * r->se;
	r->high95 = r->effect + z95 * r->se;
	r->p = r->se > 0 ? 2 * normal_cdf(-fabs(r->effect) / r->se) : NAN;
	*out = r;
	return OK;
}
