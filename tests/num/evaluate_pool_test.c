/* Pooling by hand, and on the trials of BCG vaccine (Colditz et al. 1994) beside what R's metafor prints for them. */
#include "near.h"
#include "num/evaluate/evaluate_pool.h"

static void two_interventions_by_hand(void **state)
{
	(void)state;
	/* s^2 = 1 and 4, five apart: Q = 25 / 5 = 5, tau^2 = (25 - 5) / 2 = 10 by any method, weights 1/11 and 1/14. */
	const double x[] = { 0, 5 }, se[] = { 1, 2 };
	for (enum pool_method m = POOL_DERSIMONIAN_LAIRD; m < POOL_METHODS; m++) {
		struct pool p = pool_effects(x, se, 2, m);
		assert_near(p.q, 5, 1e-14);
		assert_near(p.i2, 0.8, 1e-14);
		assert_near(p.tau2, 10, 1e-9);
		assert_near(p.log_ratio, 2.2, 1e-9);
		assert_near(p.se, sqrt(154.0 / 25), 1e-9);
		assert_near(log(p.high90), 2.2 + 1.644853626951 * sqrt(154.0 / 25), 1e-8);
	}
	struct pool fixed = pool_effects(x, se, 2, POOL_FIXED);
	assert_near(fixed.log_ratio, 1, 1e-14);
	assert_near(fixed.se, sqrt(0.8), 1e-14);
}

static void equal_errors_by_hand(void **state)
{
	(void)state;
	/* The variance of 0, 2, 4 is 4, of which 1 is error; t with 2 degrees of freedom at 97.5 %: 4.302653. */
	const double x[] = { 0, 2, 4 }, se[] = { 1, 1, 1 };
	for (enum pool_method m = POOL_DERSIMONIAN_LAIRD; m < POOL_METHODS; m++) {
		struct pool p = pool_effects(x, se, 3, m);
		assert_near(p.tau2, 3, 1e-9);
		assert_near(p.log_ratio, 2, 1e-12);
		assert_near(p.se, sqrt(4.0 / 3), 1e-9);
		assert_near(log(p.t_high95), 2 + 4.302652729911 * sqrt(4.0 / 3), 1e-8);
	}
}

static void interventions_that_agree_have_no_variance_between(void **state)
{
	(void)state;
	const double x[] = { -0.3, -0.3, -0.31 }, se[] = { 0.3, 0.2, 0.5 };
	for (enum pool_method m = 0; m < POOL_METHODS; m++) {
		struct pool p = pool_effects(x, se, 3, m);
		assert_true(p.tau2 == 0 && p.i2 == 0);
		assert_true(p.t_high95 >= p.high95 && p.t_low95 <= p.low95);
	}
	struct pool one = pool_effects(x, se, 1, POOL_REML);
	assert_near(one.log_ratio, -0.3, 1e-15);
	assert_near(one.se, 0.3, 1e-15);
	assert_near(one.below_one, 0.8413447460685429, 1e-12);
}

static void bcg_trials_are_as_in_metafor(void **state)
{
	(void)state;
	/* Cases and the healthy, vaccinated and not, of the thirteen trials. */
	static const double trial[13][4] = {
		{4,    119,   11,  128  },
		{ 6,   300,   29,  274  },
		{ 3,   228,   11,  209  },
		{ 62,  13536, 248, 12619},
		{ 33,  5036,  47,  5761 },
		{ 180, 1361,  372, 1079 },
		{ 8,   2537,  10,  619  },
		{ 505, 87886, 499, 87892},
		{ 29,  7470,  45,  7232 },
		{ 17,  1699,  65,  1600 },
		{ 186, 50448, 141, 27197},
		{ 5,   2493,  3,   2338 },
		{ 27,  16886, 29,  17825},
	};
	double x[13], se[13];
	for (size_t i = 0; i < 13; i++) {
		const double *t = trial[i];
		double n = t[0] + t[1], m = t[2] + t[3];
		x[i] = log(t[0] / n / (t[2] / m));
		se[i] = sqrt(1 / t[0] - 1 / n + 1 / t[2] - 1 / m);
	}
	struct pool p = pool_effects(x, se, 13, POOL_REML);
	assert_near(p.q, 152.2330, 5e-5);
	assert_near(p.tau2, 0.3132, 5e-5);
	assert_near(p.log_ratio, -0.7145, 5e-5);
	assert_near(p.se, 0.1798, 5e-5);
	p = pool_effects(x, se, 13, POOL_DERSIMONIAN_LAIRD);
	assert_near(p.tau2, 0.3088, 5e-5);
	assert_near(p.log_ratio, -0.7141, 5e-5);
	assert_near(p.se, 0.1787, 5e-5);
	p = pool_effects(x, se, 13, POOL_PAULE_MANDEL);
	assert_near(p.tau2, 0.3181, 5e-5);
	assert_near(p.log_ratio, -0.7150, 5e-5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_interventions_by_hand),
		cmocka_unit_test(equal_errors_by_hand),
		cmocka_unit_test(interventions_that_agree_have_no_variance_between),
		cmocka_unit_test(bcg_trials_are_as_in_metafor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
