/* Distributions beside closed forms, and beside scipy 1.10.1 (Cephes, another implementation) where there is none; the rounded
 * ones stand in NIST's Engineering Statistics Handbook, 1.3.6.7. */
#include "near.h"
#include "num/stats/linear.h"
#include "num/stats/special.h"

static void gamma_distribution_is_as_known(void **state)
{
	(void)state;
	/* Shape 1 is the exponential, shape 1/2 an error function. */
	assert_close(gamma_cdf(0.7, 1), 1 - exp(-0.7), 1e-14);
	assert_close(gamma_above(30, 1), exp(-30), 1e-13);
	assert_close(gamma_cdf(0.3, 0.5), erf(sqrt(0.3)), 1e-14);
	static const double known[][4] = {
		{3,     2.5,  0.45618688411667035, 0.5438131158833297   },
		{ 3,    9,    0.9937678048936227,  0.006232195106377317 },
		{ 50,   40,   0.07033506665939494, 0.9296649333406051   },
		{ 50,   70,   0.994859497541494,   0.0051405024585059085},
		{ 1000, 1040, 0.8959730884568929,  0.10402691154310709  },
		{ 0.01, 1e-5, 0.8963367982671969,  0.10366320173280281  },
	};
	for (size_t i = 0; i < COUNT(known); i++) {
		assert_close(gamma_cdf(known[i][1], known[i][0]), known[i][2], 2e-12);
		assert_close(gamma_above(known[i][1], known[i][0]), known[i][3], 2e-12);
	}
	assert_true(gamma_cdf(0, 2) == 0 && gamma_above(0, 2) == 1);
	assert_true(gamma_cdf(INFINITY, 2) == 1 && gamma_above(INFINITY, 2) == 0);
	/* P(N <= 3) for a Poisson mean of 2, summed by hand. */
	assert_close(gamma_above(2, 4), exp(-2) * (1 + 2 + 2 + 8.0 / 6), 1e-14);
}

static void gamma_quantiles_are_as_known(void **state)
{
	(void)state;
	static const double known[][3] = {
		{0.025,  4,    1.0898653736263249    },
		{ 0.975, 13.5, 21.59725548307802     },
		{ 0.5,   0.1,  0.0005933911044602284 },
		{ 1e-6,  2.5,  0.0064480801032485435 },
		{ 0.95,  5000, 5116.874448838968     },
		{ 0.9,   0.01, 1.5035936230702928e-05},
 /* Half of the chi-square with 10 degrees of freedom, upper 5 %: 18.307. */
		{ 0.95,  5,    18.307038053275146 / 2},
	};
	for (size_t i = 0; i < COUNT(known); i++)
		assert_close(gamma_quantile(known[i][0], known[i][1]), known[i][2], 1e-10);
	for (double shape = 0.05; shape < 3000; shape *= 1.7)
		for (double p = 1e-9; p < 1; p += 0.03)
			assert_near(gamma_cdf(gamma_quantile(p, shape), shape), p, 1e-12 + 1e-12 * shape);
	assert_true(gamma_quantile(0, 3) == 0 && isinf(gamma_quantile(1, 3)));
}

static void normal_distribution_is_as_known(void **state)
{
	(void)state;
	assert_near(normal_cdf(0), 0.5, 0);
	assert_close(normal_cdf(-8), 6.22096057427174e-16, 1e-12);
	assert_close(normal_quantile(0.975), 1.959963984540054, 1e-14);
	assert_close(normal_quantile(0.8), 0.8416212335729143, 1e-14);
	assert_close(normal_quantile(1e-10), -6.361340902404056, 1e-14);
	assert_close(normal_quantile(0.5001), 0.0002506628300880075, 1e-11);
	assert_near(normal_quantile(0.5), 0, 1e-15);
	for (double p = 1e-300; p < 0.5; p = p < 1e-4 ? p * 1e7 : p + 0.01)
		assert_close(normal_cdf(normal_quantile(p)), p, 1e-11);
	assert_true(isinf(normal_quantile(0)) && isinf(normal_quantile(1)));
}

static void student_distribution_is_as_known(void **state)
{
	(void)state;
	/* One degree of freedom is Cauchy's, two have a closed form. */
	assert_close(student_cdf(1, 1), 0.75, 1e-14);
	assert_close(student_cdf(-3, 2), 0.5 - 3 / (2 * sqrt(11)), 1e-12);
	assert_close(student_cdf(2, 3), 0.9303370157205785, 1e-12);
	assert_close(student_cdf(-1.5, 7.5), 0.08724028529323215, 1e-12);
	assert_close(student_cdf(0.1, 40), 0.53957807347736, 1e-12);
	assert_close(student_quantile(0.975, 10), 2.2281388519649385, 1e-11);
	assert_close(student_quantile(0.95, 2.5), 2.5582186141360017, 1e-11);
	assert_close(student_quantile(0.01, 29), -2.4620213601503838, 1e-11);
}

static void cholesky_solves_by_hand(void **state)
{
	(void)state;
	/* L = [2 0 0; 1 3 0; -1 2 1] times its transpose. */
	double a[9] = { 4, 2, -2, 2, 10, 5, -2, 5, 6 }, inverse[9];
	assert_true(linear_cholesky(a, 3));
	const double l[9] = { 2, 0, 0, 1, 3, 0, -1, 2, 1 };
	for (size_t i = 0; i < 9; i++)
		assert_near(a[i], l[i], 1e-15);
	/* A times (1, 2, 3). */
	double b[3] = { 2, 37, 26 };
	linear_cholesky_solve(a, 3, b);
	for (size_t i = 0; i < 3; i++)
		assert_near(b[i], (double)i + 1, 1e-13);
	assert_near(linear_cholesky_logdet(a, 3), log(36), 1e-14);
	linear_cholesky_inverse(a, 3, inverse);
	assert_near(inverse[0] * 4 + inverse[1] * 2 - inverse[2] * 2, 1, 1e-13);
	assert_near(inverse[3] * 4 + inverse[4] * 2 - inverse[5] * 2, 0, 1e-13);
	double flat[4] = { 1, 2, 2, 4 }, negative[1] = { -1 };
	assert_false(linear_cholesky(flat, 2));
	assert_false(linear_cholesky(negative, 1));
}

static void least_squares_fit_a_line(void **state)
{
	(void)state;
	/* y = 1, 3, 2, 5 at x = 0 to 3: slope 11/10, intercept 11/10; (X'X)^-1 = [14 -6; -6 4] / 20. */
	double a[8] = { 1, 0, 1, 1, 1, 2, 1, 3 }, b[4] = { 1, 3, 2, 5 }, x[2], inverse[4];
	assert_true(linear_least_squares(a, 4, 2, b, x, inverse, NULL));
	assert_near(x[0], 1.1, 1e-14);
	assert_near(x[1], 1.1, 1e-14);
	assert_near(inverse[0], 0.7, 1e-14);
	assert_near(inverse[1], -0.3, 1e-14);
	assert_near(inverse[2], -0.3, 1e-14);
	assert_near(inverse[3], 0.2, 1e-14);
}

static void a_column_that_depends_on_others_is_named(void **state)
{
	(void)state;
	double a[12] = { 1, 0, 2, 1, 1, 3, 1, 2, 4, 1, 3, 5 }, b[4] = { 1, 2, 3, 4 }, x[3];
	size_t bad = 9;
	assert_false(linear_least_squares(a, 4, 3, b, x, NULL, &bad));
	assert_int_equal(bad, 2);
	double wide[6] = { 1, 2, 3, 4, 5, 7 }, c[2] = { 1, 2 };
	assert_false(linear_least_squares(wide, 2, 3, c, x, NULL, &bad));
	assert_int_equal(bad, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gamma_distribution_is_as_known),
		cmocka_unit_test(gamma_quantiles_are_as_known),
		cmocka_unit_test(normal_distribution_is_as_known),
		cmocka_unit_test(student_distribution_is_as_known),
		cmocka_unit_test(cholesky_solves_by_hand),
		cmocka_unit_test(least_squares_fit_a_line),
		cmocka_unit_test(a_column_that_depends_on_others_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
