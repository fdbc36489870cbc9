#include "num/stats/counts.h"
#include "num/stats/special.h"
#include <math.h>

/* Terms below exp() of this are nothing, and a start of a recursion above it does not underflow. */
#define LOG_TINY (-700.0)
/* Means up to this are drawn by walking from 0 on. */
#define WALK_MEAN_MAX 50.0

static double log_gamma(double x)
{
	int sign;
	return lgamma_r(x, &sign);
}

double counts_log(uint32_t count, double mean, double size)
{
	assert(mean >= 0 && isfinite(mean) && size > 0);
	double k = count;
	if (!(mean > 0))
		return count == 0 ? 0 : -INFINITY;
	if (isinf(size))
		return k * log(mean) - mean - log_gamma(k + 1);
	/* log1p() from the side where the ratio is small. */
	double none = -size * log1p(mean / size);
	if (count == 0)
		return none;
	return log_gamma(size + k) - log_gamma(size) - log_gamma(k + 1) + none - k * log1p(size / mean);
}

double counts_any(double mean, double size)
{
	return -expm1(counts_log(0, mean, size));
}

double counts_cdf(uint32_t count, double mean, double size)
{
	assert(mean >= 0 && isfinite(mean) && size > 0);
	if (!(mean > 0))
		return 1;
	if (isinf(size))
		return gamma_above(mean, (double)count + 1);
	return beta_cdf(size / (size + mean), size, (double)count + 1);
}

double counts_above(uint32_t count, double mean, double size)
{
	assert(mean >= 0 && isfinite(mean) && size > 0);
	if (!(mean > 0))
		return 0;
	if (isinf(size))
		return gamma_cdf(mean, (double)count + 1);
	return beta_cdf(mean / (size + mean), (double)count + 1, size);
}

uint32_t counts_quantile(double p, double mean, double size)
{
	assert(p >= 0 && p < 1);
	uint32_t low = 0, high = 1;
	if (counts_cdf(0, mean, size) >= p)
		return 0;
	while (high < UINT32_MAX / 2 && counts_cdf(high, mean, size) < p) {
		low = high;
		high *= 2;
	}
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (counts_cdf(middle, mean, size) < p)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* P(N = k + 1) / P(N = k). */
static double step(double k, double mean, double size)
{
	return isinf(size) ? mean / (k + 1) : (k + size) / (k + 1) * (mean / (mean + size));
}

uint32_t counts_draw(struct rng *r, double mean, double size)
{
	double u = rng_unit(r), at = exp(counts_log(0, mean, size)), sum = at;
	if (u < sum)
		return 0;
	if (mean > WALK_MEAN_MAX || !(at > 0))
		return counts_quantile(u, mean, size);
	uint32_t k = 0;
	/* Rounding may keep the sum a little below a U next to 1: what is added then no longer counts. */
	while (u >= sum && sum + at > sum) {
		at *= step(k, mean, size);
		sum += at;
		k++;
	}
	return k;
}

/* The first count worth a term: below it probabilities are under exp(LOG_TINY). They rise up to the mode. */
static uint32_t first_term(double mean, double size)
{
	double mode = isinf(size) ? floor(mean) : size > 1 ? floor(mean * (size - 1) / size) : 0;
	uint32_t low = 0, high = (uint32_t)fmin(mode, UINT32_MAX / 2);
	if (counts_log(0, mean, size) >= LOG_TINY)
		return 0;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (counts_log(middle, mean, size) < LOG_TINY)
			low = middle;
		else
			high = middle;
	}
	return high;
}

double counts_crps(uint32_t count, double mean, double size)
{
	assert(mean >= 0 && isfinite(mean) && size > 0);
	if (!(mean > 0))
		return count;
	uint32_t k = first_term(mean, size);
	/* P(N <= j) is nothing for j below k: each such j from COUNT on costs 1. */
	double out = count < k ? k - count : 0, at = exp(counts_log(k, mean, size)), below = at;
	for (;; k++) {
		double miss = k < count ? below : 1 - below;
		out += miss * miss;
		at *= step(k, mean, size);
		/* Behind the count and the mode, what is left is less than this term over and over. */
		if (k >= count && (double)k >= mean && (miss <= 1e-12 || at < 1e-300))
			return out;
		below = fmin(below + at, 1);
	}
}
