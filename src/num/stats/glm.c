#include "num/stats/glm.h"
#include "num/stats/linear.h"
#include "num/stats/special.h"
#include <math.h>

enum { STEPS_MAX = 100, SIZE_TURNS_MAX = 100 };

/* A fitted count below this is zero: a coefficient runs away to infinity. */
static const double MEAN_MIN = 1e-9;

/* Weight of a row, 1 / (variance of its working response). */
static double weight(double mean, double size)
{
	return isinf(size) ? mean : mean / (1 + mean / size);
}

static double unit_deviance(double y, double mean, double size)
{
	double up = y > 0 ? y * log(y / mean) : 0;
	if (isinf(size))
		return 2 * (up - (y - mean));
	return 2 * (up - (y + size) * log((y + size) / (mean + size)));
}

static double deviance(const struct glm_data *d, const double *mean, double size)
{
	double sum = 0;
	for (size_t t = 0; t < d->rows; t++)
		sum += unit_deviance(d->y[t], mean[t], size);
	return sum;
}

static double log_likelihood(const struct glm_data *d, const double *mean, double size)
{
	double sum = 0;
	int sign;
	for (size_t t = 0; t < d->rows; t++) {
		double y = d->y[t], m = mean[t], up = y > 0 ? y * log(m) : 0;
		if (isinf(size))
			sum += up - m - lgamma_r(y + 1, &sign);
		else
			sum += lgamma_r(y + size, &sign) - lgamma_r(size, &sign) - lgamma_r(y + 1, &sign) +
			       size * log(size / (m + size)) + (y > 0 ? y * log(m / (m + size)) : 0);
	}
	return sum;
}

static enum err check(struct ctx *c, const struct glm_data *d)
{
	double sum = 0;
	if (d->cols == 0 || d->rows <= d->cols)
		return FAIL(c, ERR_INPUT, "%zu rows are too few for %zu terms", d->rows, d->cols);
	for (size_t t = 0; t < d->rows; t++) {
		if (!isfinite(d->y[t]) || d->y[t] < 0 || (d->offset && !isfinite(d->offset[t])))
			return FAIL(c, ERR_INPUT, "row %zu holds what is no count or no offset", t + 1);
		for (size_t k = 0; k < d->cols; k++)
			if (!isfinite(d->x[t * d->cols + k]))
				return FAIL(c, ERR_INPUT, "row %zu, term %zu is not a number", t + 1, k + 1);
		sum += d->y[t];
	}
	return sum > 0 ? OK : FAIL(c, ERR_INPUT, "no event in any of the %zu rows", d->rows);
}

/* One step: regresses the working response on the terms; false and *BAD where a term follows from others. */
static bool step(struct arena *mem, const struct glm_data *d, struct glm *f, size_t *bad)
{
	double *a = arena_array(mem, double, d->rows * d->cols), *b = arena_array(mem, double, d->rows);
	for (size_t t = 0; t < d->rows; t++) {
		double root = sqrt(weight(f->mean[t], f->size)), o = d->offset ? d->offset[t] : 0;
		b[t] = root * (log(f->mean[t]) - o + (d->y[t] - f->mean[t]) / f->mean[t]);
		for (size_t k = 0; k < d->cols; k++)
			a[t * d->cols + k] = root * d->x[t * d->cols + k];
	}
	return linear_least_squares(a, d->rows, d->cols, b, f->beta, f->unscaled, bad);
}

static void set_means(const struct glm_data *d, struct glm *f)
{
	for (size_t t = 0; t < d->rows; t++) {
		double eta = d->offset ? d->offset[t] : 0;
		for (size_t k = 0; k < d->cols; k++)
			eta += d->x[t * d->cols + k] * f->beta[k];
		f->mean[t] = exp(fmin(fmax(eta, -500), 500));
	}
}

/* From the means in F, at its SIZE, to the maximum; halves a step that makes the deviance worse. */
static enum err iterate(struct ctx *c, struct arena *scratch, const struct glm_data *d, struct glm *f)
{
	double *last = arena_array(c->mem, double, d->cols);
	double before = INFINITY, rounding = 0;
	for (size_t t = 0; t < d->rows; t++)
		rounding += 4e-15 * d->y[t]; /* of a sum of terms as large as the counts, however small it is itself */
	for (int i = 0; i < STEPS_MAX; i++, f->steps++) {
		size_t bad;
		memcpy(last, f->beta, d->cols * sizeof *last);
		arena_reset(scratch);
		if (!step(scratch, d, f, &bad))
			return FAIL(c, ERR_INPUT, "term %zu follows from the terms before it", bad + 1);
		set_means(d, f);
		double now = deviance(d, f->mean, f->size);
		for (int half = 0; i > 0 && half < 30 && !(now <= before + 1e-9 * (fabs(before) + 1)); half++) {
			for (size_t k = 0; k < d->cols; k++)
				f->beta[k] = 0.5 * (f->beta[k] + last[k]);
			set_means(d, f);
			now = deviance(d, f->mean, f->size);
		}
		if (!isfinite(now))
			break;
		/* Then the next step would change the last digits only; IRLS is quadratic, so one more is taken. */
		if (fabs(now - before) <= 1e-13 * (fabs(now) + 0.1) + rounding)
			return OK;
		before = now;
	}
	return FAIL(c, ERR_INPUT, "the regression did not converge");
}

static double digamma(double x)
{
	double sum = 0;
	while (x < 10)
		sum -= 1 / x++;
	double r = 1 / (x * x);
	return sum + log(x) - 0.5 / x - r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r / 132))));
}

/* d log-likelihood / d size. */
static double size_score(const struct glm_data *d, const double *mean, double size)
{
	double sum = 0;
	for (size_t t = 0; t < d->rows; t++)
		sum += digamma(d->y[t] + size) - digamma(size) + log(size / (size + mean[t])) + 1 -
		       (d->y[t] + size) / (mean[t] + size);
	return sum;
}

/* The size at which the score is zero, by bisection in ln(size); infinity where the counts vary no more than Poisson's. */
static double best_size(const struct glm_data *d, const double *mean)
{
	double low = log(1e-4), high = log(1e7);
	if (size_score(d, mean, exp(high)) >= 0)
		return INFINITY;
	for (int i = 0; i < 100 && high - low > 1e-14 * fabs(high); i++) {
		double middle = 0.5 * (low + high);
		if (size_score(d, mean, exp(middle)) > 0)
			low = middle;
		else
			high = middle;
	}
	return exp(0.5 * (low + high));
}

static enum err iterate_size(struct ctx *c, struct arena *scratch, const struct glm_data *d, struct glm *f)
{
	for (int i = 0; i < SIZE_TURNS_MAX; i++) {
		double before = f->size;
		f->size = best_size(d, f->mean);
		TRY(iterate(c, scratch, d, f));
		if (isinf(f->size) || fabs(f->size - before) <= 1e-10 * f->size)
			return OK;
	}
	return FAIL(c, ERR_INPUT, "the size of the negative binomial did not converge");
}

enum err glm_fit(struct ctx *c, const struct glm_data *d, enum glm_family family, struct glm **out)
{
	TRY(check(c, d));
	struct arena *scratch = arena_new_within(c->mem, d->rows * (d->cols + 1) * sizeof(double) + 4096);
	struct glm *f = arena_new_of(c->mem, struct glm);
	*f = (struct glm){ .rows = d->rows, .cols = d->cols, .family = family, .size = INFINITY };
	f->beta = arena_array(c->mem, double, d->cols);
	f->mean = arena_array(c->mem, double, d->rows);
	f->unscaled = arena_array(c->mem, double, d->cols * d->cols);
	f->covariance = arena_array(c->mem, double, d->cols * d->cols);
	for (size_t t = 0; t < d->rows; t++)
		f->mean[t] = d->y[t] + 0.1;
	TRY(iterate(c, scratch, d, f));
	if (family == GLM_NEGATIVE_BINOMIAL)
		TRY(iterate_size(c, scratch, d, f));
	double pearson = 0;
	for (size_t t = 0; t < d->rows; t++) {
		if (f->mean[t] < MEAN_MIN)
			return FAIL(c, ERR_INPUT,
				"row %zu is fitted as impossible: a term parts rows with events from rows without",
				t + 1);
		double miss = d->y[t] - f->mean[t], m = f->mean[t];
		pearson += miss * miss / (isinf(f->size) ? m : m + m * m / f->size);
	}
	f->dispersion = pearson / (double)(d->rows - d->cols);
	f->deviance = deviance(d, f->mean, f->size);
	f->log_likelihood = log_likelihood(d, f->mean, f->size);
	for (size_t k = 0; k < d->cols * d->cols; k++)
		f->covariance[k] = f->unscaled[k] * (family == GLM_QUASI_POISSON ? f->dispersion : 1);
	*out = f;
	return OK;
}

size_t glm_lag(size_t rows)
{
	return (size_t)floor(4 * pow((double)rows / 100, 2.0 / 9));
}

/* OUT = A B A, all N x N; A symmetric. */
static void sandwich(struct arena *mem, const double *a, const double *b, size_t n, double *out)
{
	double *half = arena_array(mem, double, n *n);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			for (size_t k = 0; k < n; k++)
				half[i * n + j] += a[i * n + k] * b[k * n + j];
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			out[i * n + j] = 0;
			for (size_t k = 0; k < n; k++)
				out[i * n + j] += half[i * n + k] * a[k * n + j];
		}
}

void glm_newey_west(struct arena *mem, const struct glm_data *d, const struct glm *fit, size_t lag, double *out)
{
	size_t n = d->cols;
	double *score = arena_array(mem, double, d->rows *n), *meat = arena_array(mem, double, n *n);
	for (size_t t = 0; t < d->rows; t++) {
		double miss = (d->y[t] - fit->mean[t]) / (isinf(fit->size) ? 1 : 1 + fit->mean[t] / fit->size);
		for (size_t k = 0; k < n; k++)
			score[t * n + k] = miss * d->x[t * n + k];
	}
	for (size_t l = 0; l <= lag && l < d->rows; l++) {
		double bartlett = 1 - (double)l / ((double)lag + 1);
		for (size_t t = l; t < d->rows; t++)
			for (size_t i = 0; i < n; i++)
				for (size_t j = 0; j < n; j++) {
					double one = score[t * n + i] * score[(t - l) * n + j];
					double other = score[(t - l) * n + i] * score[t * n + j];
					meat[i * n + j] += bartlett * (l == 0 ? one : one + other);
				}
	}
	sandwich(mem, fit->unscaled, meat, n, out);
}

struct glm_ratio glm_ratio(const struct glm *fit, const double *v, size_t k, double z)
{
	assert(k < fit->cols && z > 0);
	double b = fit->beta[k], se = sqrt(fmax(v[k * fit->cols + k], 0));
	double p = fit->family == GLM_QUASI_POISSON ? student_cdf(-fabs(b) / se, (double)(fit->rows - fit->cols))
						    : normal_cdf(-fabs(b) / se);
	return (struct glm_ratio){ exp(b), exp(b - z * se), exp(b + z * se), se, 2 * p };
}
