#include "num/evaluate/evaluate_pool.h"
#include "num/stats/special.h"
#include <math.h>

const char *const pool_method_names[POOL_METHODS] = { "fixed", "dersimonian-laird", "paule-mandel", "reml" };

struct sums {
	double w, w2, mean, q; /* of weights, of their squares; weighted mean and squares about it */
};

static struct sums sums_at(const double *x, const double *se, size_t n, double tau2)
{
	struct sums s = { 0 };
	for (size_t i = 0; i < n; i++) {
		double w = 1 / (se[i] * se[i] + tau2);
		s.w += w;
		s.w2 += w * w;
		s.mean += w * x[i];
	}
	s.mean /= s.w;
	for (size_t i = 0; i < n; i++)
		s.q += (x[i] - s.mean) * (x[i] - s.mean) / (se[i] * se[i] + tau2);
	return s;
}

static double paule_mandel(const double *x, const double *se, size_t n)
{
	double low = 0, high = 1, want = (double)n - 1;
	if (sums_at(x, se, n, 0).q <= want)
		return 0;
	while (sums_at(x, se, n, high).q > want)
		high *= 2;
	for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
		double middle = 0.5 * (low + high);
		if (sums_at(x, se, n, middle).q > want)
			low = middle;
		else
			high = middle;
	}
	return 0.5 * (low + high);
}

/* d of the restricted log-likelihood by tau^2, times two. */
static double reml_score(const double *x, const double *se, size_t n, double tau2)
{
	struct sums s = sums_at(x, se, n, tau2);
	double score = -s.w + s.w2 / s.w;
	for (size_t i = 0; i < n; i++) {
		double w = 1 / (se[i] * se[i] + tau2), miss = x[i] - s.mean;
		score += w * w * miss * miss;
	}
	return score;
}

static double reml(const double *x, const double *se, size_t n)
{
	double low = 0, high = 1;
	if (reml_score(x, se, n, 0) <= 0)
		return 0;
	while (reml_score(x, se, n, high) > 0)
		high *= 2;
	for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
		double middle = 0.5 * (low + high);
		if (reml_score(x, se, n, middle) > 0)
			low = middle;
		else
			high = middle;
	}
	return 0.5 * (low + high);
}

static double between(const double *x, const double *se, size_t n, enum pool_method method)
{
	if (n < 2 || method == POOL_FIXED)
		return 0;
	if (method == POOL_PAULE_MANDEL)
		return paule_mandel(x, se, n);
	if (method == POOL_REML)
		return reml(x, se, n);
	struct sums s = sums_at(x, se, n, 0);
	return fmax(0, (s.q - ((double)n - 1)) / (s.w - s.w2 / s.w));
}

struct pool pool_effects(const double *log_ratio, const double *se, size_t count, enum pool_method method)
{
	assert(count > 0);
	for (size_t i = 0; i < count; i++)
		assert(se[i] > 0 && isfinite(se[i]) && isfinite(log_ratio[i]));
	const double z90 = normal_quantile(0.95), z95 = normal_quantile(0.975);
	struct pool p = { .count = count, .tau2 = between(log_ratio, se, count, method) };
	struct sums fixed = sums_at(log_ratio, se, count, 0), s = sums_at(log_ratio, se, count, p.tau2);
	p.q = fixed.q;
	p.i2 = fixed.q > 0 ? fmax(0, (fixed.q - ((double)count - 1)) / fixed.q) : 0;
	p.log_ratio = s.mean;
	p.se = 1 / sqrt(s.w);
	p.low90 = exp(s.mean - z90 * p.se);
	p.high90 = exp(s.mean + z90 * p.se);
	p.low95 = exp(s.mean - z95 * p.se);
	p.high95 = exp(s.mean + z95 * p.se);
	p.below_one = normal_cdf(-s.mean / p.se);
	double half = z95 * p.se;
	if (count > 1)
		half = fmax(half, student_quantile(0.975, (double)count - 1) * sqrt(s.q / ((double)count - 1) / s.w));
	p.t_low95 = exp(s.mean - half);
	p.t_high95 = exp(s.mean + half);
	return p;
}
