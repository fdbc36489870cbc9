/* The distribution of counts: probabilities by hand, both tails, draws, and the ranked probability score in closed form. */
#include "near.h"
#include "num/stats/counts.h"

static void probabilities_are_those_by_hand(void **state)
{
	(void)state;
	assert_near(counts_log(3, 2, INFINITY), log(8.0 / 6) - 2, 1e-14);
	/* Mean 1, size 1: the geometric distribution, P(k) = 2^-(k+1). */
	for (uint32_t k = 0; k < 40; k++) {
		assert_near(counts_log(k, 1, 1), -(k + 1.0) * log(2), 1e-12);
		assert_close(counts_above(k, 1, 1), pow(2, -(k + 1.0)), 1e-12);
		assert_near(counts_cdf(k, 1, 1), 1 - pow(2, -(k + 1.0)), 1e-14);
	}
	assert_near(counts_cdf(2, 4, INFINITY), 13 * exp(-4), 1e-14);
	assert_near(counts_above(2, 4, INFINITY), 1 - 13 * exp(-4), 1e-14);
	/* (1 + 1e-9 / 2)^-2 from 1, where 1 - P(0) would keep only seven digits. */
	assert_close(counts_any(1e-9, 2), 1e-9, 1e-8);
	assert_close(counts_any(1e-9, INFINITY), 1e-9, 1e-8);
	/* A large size is nearly Poisson. */
	assert_near(counts_log(5, 3, 1e9), counts_log(5, 3, INFINITY), 1e-6);
}

static void without_a_mean_there_is_nothing(void **state)
{
	(void)state;
	for (int k = 0; k < 2; k++) {
		double size = k ? 3 : INFINITY;
		assert_near(counts_log(0, 0, size), 0, 0);
		assert_true(counts_log(1, 0, size) < -1e300);
		assert_near(counts_any(0, size), 0, 0);
		assert_near(counts_cdf(0, 0, size), 1, 0);
		assert_near(counts_above(0, 0, size), 0, 0);
		assert_int_equal(counts_quantile(0.99, 0, size), 0);
		assert_near(counts_crps(4, 0, size), 4, 0);
	}
}

static void quantiles_are_the_first_count_that_reaches(void **state)
{
	(void)state;
	assert_int_equal(counts_quantile(0.5, 1, 1), 0);
	assert_int_equal(counts_quantile(0.51, 1, 1), 1);
	assert_int_equal(counts_quantile(0.76, 1, 1), 2);
	static const double means[] = { 0.01, 0.7, 12, 3000 }, sizes[] = { 0.3, 8, INFINITY };
	for (size_t m = 0; m < COUNT(means); m++)
		for (size_t s = 0; s < COUNT(sizes); s++)
			for (double p = 0.005; p < 1; p += 0.0173) {
				uint32_t k = counts_quantile(p, means[m], sizes[s]);
				assert_true(counts_cdf(k, means[m], sizes[s]) >= p);
				assert_true(k == 0 || counts_cdf(k - 1, means[m], sizes[s]) < p);
			}
}

/* I0(x) + I1(x) by their series, times exp(-x). */
static double bessel(double x)
{
	double sum = 0, term = 1;
	for (int k = 0; k < 400; k++) {
		sum += term;
		term *= x / 2 / (k / 2 + 1); /* (x/2)^(2j) / j!^2, then (x/2)^(2j+1) / (j! (j+1)!) */
	}
	return sum * exp(-x);
}

/* Poisson: (y - m)(2 F(y) - 1) + 2 m f(y) - m exp(-2 m) (I0(2m) + I1(2m)) (Wei and Held 2014). */
static double poisson_crps(uint32_t y, double m, double bessels)
{
	return (y - m) * (2 * counts_cdf(y, m, INFINITY) - 1) + 2 * m * exp(counts_log(y, m, INFINITY)) - m * bessels;
}

static void the_ranked_score_is_the_closed_form(void **state)
{
	(void)state;
	/* Geometric: observed 0: sum of 4^-(k+1) = 1/3; observed 1: 1/4 + 1/12. */
	assert_near(counts_crps(0, 1, 1), 1.0 / 3, 1e-12);
	assert_near(counts_crps(1, 1, 1), 1.0 / 3, 1e-12);
	assert_near(counts_crps(2, 1, 1), 0.25 + 0.5625 + 1.0 / 48, 1e-12);
	static const double means[] = { 0.05, 0.8, 3, 20 };
	for (size_t m = 0; m < COUNT(means); m++)
		for (uint32_t y = 0; y < 60; y += 3)
			assert_near(counts_crps(y, means[m], INFINITY), poisson_crps(y, means[m], bessel(2 * means[m])),
				1e-9);
	/* Where P(0) underflows: the Bessel functions by their asymptotic series. */
	double m = 1e5, asymptotic = 2 / sqrt(2 * M_PI * 2 * m) * (1 - 1 / (16 * m));
	for (uint32_t y = 99000; y <= 101000; y += 500)
		assert_close(counts_crps(y, m, INFINITY), poisson_crps(y, m, asymptotic), 1e-6);
	assert_close(counts_crps(0, m, INFINITY), m - m * asymptotic, 1e-6);
	assert_true(isfinite(counts_crps(50000, m, 100)) && counts_crps(50000, m, 100) < 50000);
}

static void draws_follow_the_distribution(void **state)
{
	(void)state;
	static const double means[] = { 0.08, 3, 45, 900 }, sizes[] = { 0.7, 8, INFINITY };
	enum { DRAWS = 40000 };
	struct rng r = rng_seeded(7);
	for (size_t m = 0; m < COUNT(means); m++)
		for (size_t s = 0; s < COUNT(sizes); s++) {
			double mean = means[m], variance = mean + mean * mean / sizes[s], sum = 0, squares = 0,
			       none = 0;
			for (int k = 0; k < DRAWS; k++) {
				double n = counts_draw(&r, mean, sizes[s]);
				sum += n;
				squares += (n - mean) * (n - mean);
				none += n < 1;
			}
			assert_near(sum / DRAWS, mean, 5 * sqrt(variance / DRAWS));
			assert_close(squares / DRAWS, variance, 0.15);
			double p = exp(counts_log(0, mean, sizes[s]));
			assert_near(none / DRAWS, p, 5 * sqrt(p * (1 - p) / DRAWS) + 1e-12);
		}
}

static void gammas_have_their_mean_and_variance(void **state)
{
	(void)state;
	static const double shapes[] = { 0.2, 1, 8, 500 };
	enum { DRAWS = 40000 };
	struct rng r = rng_seeded(3);
	for (size_t k = 0; k < COUNT(shapes); k++) {
		double a = shapes[k], sum = 0, squares = 0;
		for (int i = 0; i < DRAWS; i++) {
			double x = rng_gamma(&r, a);
			assert_true(x >= 0);
			sum += x;
			squares += (x - a) * (x - a);
		}
		assert_near(sum / DRAWS, a, 5 * sqrt(a / DRAWS));
		assert_close(squares / DRAWS, a, 0.1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(probabilities_are_those_by_hand),
		cmocka_unit_test(without_a_mean_there_is_nothing),
		cmocka_unit_test(quantiles_are_the_first_count_that_reaches),
		cmocka_unit_test(the_ranked_score_is_the_closed_form),
		cmocka_unit_test(draws_follow_the_distribution),
		cmocka_unit_test(gammas_have_their_mean_and_variance),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
