/* Interrupted time series on the published sicily data, with a planted step, and refused. */
#include "fixture.h"
#include "num/evaluate/evaluate_series.h"
#include "sicily.h"

static struct series sicily(bool slope)
{
	return (struct series){ .periods = MONTHS,
		.start = BAN,
		.y = aces,
		.exposure = population,
		.year = 12,
		.harmonics = 2,
		.slope = slope,
		.selection = EVALUATE_LEVEL,
		.family = GLM_QUASI_POISSON };
}

static void sicily_is_as_published(void **state)
{
	struct ctx *c = *state;
	struct series s = sicily(false);
	struct series_result *r;
	assert_int_equal(series_run(c, &s, &r), OK);
	assert_near(r->step.ratio, 0.885072, 1e-6);
	assert_near(r->step.se, 0.0270310987656714, 1e-11);
	assert_near(r->step_newey_west.se, 0.0217680167605676, 1e-10);
	assert_near(log(r->trend), 0.005389219541, 1e-11);
	assert_int_equal(r->lag, 3);
	/* A step only: observed / expected is the ratio, because the fit has the right sum after the start. */
	assert_near(r->observed / r->expected, r->step.ratio, 1e-9);
	s = sicily(true);
	assert_int_equal(series_run(c, &s, &r), OK);
	assert_near(r->step.ratio, 0.876464, 1e-6);
	assert_near(log(r->slope.ratio), 0.001482228, 1e-9);
	assert_near(r->slope.p, 0.43, 0.005);
}

static void a_planted_step_is_found(void **state)
{
	struct ctx *c = *state;
	double y[80];
	for (size_t t = 0; t < 80; t++)
		y[t] = exp(
			3 + 0.01 * (double)(t + 1) + 0.3 * sin(2 * M_PI * (double)(t + 1) / 26) - (t >= 50 ? 0.5 : 0));
	struct series s = {
		.periods = 80, .start = 50, .y = y, .year = 26, .harmonics = 1, .selection = EVALUATE_RANDOM
	};
	struct series_result *r;
	assert_int_equal(series_run(c, &s, &r), OK);
	assert_near(log(r->step.ratio), -0.5, 1e-9);
	assert_near(log(r->trend), 0.01, 1e-10);
	assert_near(r->observed / r->expected, exp(-0.5), 1e-9);
}

static void a_named_month_is_taken_out(void **state)
{
	struct ctx *c = *state;
	double y[60], ramadan[60] = { 0 };
	for (size_t t = 0; t < 60; t++) {
		ramadan[t] = t % 12 == 5 || (t >= 40 && t % 12 == 7);
		y[t] = 20 * (ramadan[t] > 0 ? 3 : 1);
	}
	struct series s = { .periods = 60,
		.start = 40,
		.y = y,
		.calendar_count = 1,
		.calendar = ramadan,
		.selection = EVALUATE_LEVEL };
	struct series_result *r;
	assert_int_equal(series_run(c, &s, &r), OK);
	assert_near(r->step.ratio, 1, 1e-9);
	s.calendar_count = 0;
	assert_int_equal(series_run(c, &s, &r), OK);
	assert_true(r->step.ratio > 1.02);
}

static void a_series_chosen_for_its_spike_is_refused(void **state)
{
	struct ctx *c = *state;
	struct series s = sicily(false);
	struct series_result *r;
	s.selection = EVALUATE_SPIKE;
	assert_int_equal(series_run(c, &s, &r), ERR_INPUT);
	assert_reason(c, "refused for places chosen for a recent spike");
	s.selection = EVALUATE_RECENT;
	assert_int_equal(series_run(c, &s, &r), ERR_INPUT);
	s = sicily(false);
	s.start = 11;
	assert_int_equal(series_run(c, &s, &r), ERR_INPUT);
	assert_reason(c, "needs 12 periods before the start and 4 after it; here are 11 and 48");
	s.start = 57;
	assert_int_equal(series_run(c, &s, &r), ERR_INPUT);
	s.start = MONTHS;
	assert_int_equal(series_run(c, &s, &r), ERR_INPUT);
	double none[MONTHS] = { 0 };
	s = sicily(false);
	s.exposure = none;
	assert_int_equal(series_run(c, &s, &r), ERR_INPUT);
	assert_reason(c, "period 1 has no exposure");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sicily_is_as_published, setup, teardown),
		cmocka_unit_test_setup_teardown(a_planted_step_is_found, setup, teardown),
		cmocka_unit_test_setup_teardown(a_named_month_is_taken_out, setup, teardown),
		cmocka_unit_test_setup_teardown(a_series_chosen_for_its_spike_is_refused, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
