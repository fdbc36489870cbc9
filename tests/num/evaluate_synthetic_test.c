/* Synthetic control and synthetic difference-in-differences: planted answers, a search of the whole simplex, simulations. */
#include "fixture.h"
#include "num/evaluate/evaluate_synthetic.h"

static double objective(const double *a, const double *b, size_t rows, size_t cols, double ridge, const double *w)
{
	double sum = 0;
	for (size_t r = 0; r < rows; r++) {
		double miss = -b[r];
		for (size_t i = 0; i < cols; i++)
			miss += a[r * cols + i] * w[i];
		sum += miss * miss;
	}
	for (size_t i = 0; i < cols; i++)
		sum += ridge * w[i] * w[i];
	return sum;
}

static void weights_are_the_best_of_the_simplex(void **state)
{
	struct ctx *c = *state;
	enum { ROWS = 6, COLS = 3, STEPS = 200 };
	struct rng lots = rng_seeded(3);
	for (int run = 0; run < 20; run++) {
		double a[ROWS * COLS], b[ROWS], w[COLS], ridge = run % 2 ? 0.3 : 0, best = INFINITY, sum = 0;
		for (size_t i = 0; i < ROWS * COLS; i++)
			a[i] = rng_normal(&lots);
		for (size_t i = 0; i < ROWS; i++)
			b[i] = rng_normal(&lots);
		double excess = synthetic_weights(c->mem, a, b, ROWS, COLS, ridge, w);
		for (int i = 0; i <= STEPS; i++)
			for (int k = 0; k <= STEPS - i; k++) {
				const double try[] = { i / (double)STEPS, k / (double)STEPS,
					(STEPS - i - k) / (double)STEPS };
				best = fmin(best, objective(a, b, ROWS, COLS, ridge, try));
			}
		for (size_t i = 0; i < COLS; i++) {
			assert_true(w[i] >= 0);
			sum += w[i];
		}
		double got = objective(a, b, ROWS, COLS, ridge, w);
		assert_near(sum, 1, 1e-12);
		assert_true(excess >= 0 && excess < 1e-10);
		assert_true(got <= best + 1e-9 && got >= best - 0.01);
	}
}

enum { UNITS = 12, PERIODS = 30, START = 20 };

static struct synthetic data_of(const double *y, const bool *treated)
{
	return (struct synthetic){ .units = UNITS,
		.periods = PERIODS,
		.start = START,
		.y = y,
		.treated = treated,
		.seed = 1,
		.selection = EVALUATE_LEVEL };
}

/* Unit 0 is 0.7 of unit 3 and 0.3 of unit 5, and has four fewer from the start on. */
static void a_planted_mixture_is_found(void **state)
{
	struct ctx *c = *state;
	static double y[UNITS * PERIODS];
	bool treated[UNITS] = { true };
	struct rng lots = rng_seeded(5);
	struct synthetic_result *r;
	for (size_t i = 1; i < UNITS; i++)
		for (size_t t = 0; t < PERIODS; t++)
			y[i * PERIODS + t] = 20 + (double)i + 5 * rng_unit(&lots);
	for (size_t t = 0; t < PERIODS; t++)
		y[t] = 0.7 * y[3 * PERIODS + t] + 0.3 * y[5 * PERIODS + t] - (t >= START ? 4 : 0);
	struct synthetic s = data_of(y, treated);
	assert_int_equal(synthetic_control(c, &s, &r), OK);
	for (size_t i = 0; i < r->donors; i++)
		assert_near(r->weight[i], r->donor[i] == 3 ? 0.7 : r->donor[i] == 5 ? 0.3 : 0, 1e-5);
	assert_near(r->effect, -4, 1e-5);
	assert_true(r->rmspe_before < 1e-4 && !r->sparse);
	/* Eleven donors, none of them as far off after the start for what it was before. */
	assert_int_equal(r->placebos, 11);
	assert_near(r->p, 1.0 / 12, 1e-12);
	s.anscombe = true;
	assert_int_equal(synthetic_control(c, &s, &r), OK);
	assert_near(r->effect, -4, 0.2);
}

/* a_i + b_t, and 3 fewer for the treated: parallel lines leave nothing else to find. */
static void parallel_lines_give_the_effect_itself(void **state)
{
	struct ctx *c = *state;
	static double y[UNITS * PERIODS];
	bool treated[UNITS] = { true, true };
	struct synthetic_result *r;
	for (size_t i = 0; i < UNITS; i++)
		for (size_t t = 0; t < PERIODS; t++)
			y[i * PERIODS + t] = 30 + 2 * (double)i + 4 * sin((double)t) -
					     (treated[i] && t >= START ? 3 : 0);
	const struct synthetic s = data_of(y, treated);
	assert_int_equal(synthetic_differences(c, &s, &r), OK);
	assert_near(r->effect, -3, 1e-7);
	assert_near(r->se, 0, 1e-6);
	double sum = 0;
	for (size_t t = 0; t < START; t++)
		sum += r->time[t];
	assert_near(sum, 1, 1e-12);
	double had = 0, has = 0;
	for (size_t t = START; t < PERIODS; t++) {
		had += 31 + 4 * sin((double)t);
		has += 28 + 4 * sin((double)t);
	}
	assert_near(r->ratio, has / had, 1e-7);
}

static void intervals_hold_what_they_say(void **state)
{
	struct ctx *c = *state;
	enum { RUNS = 120 };
	static double y[UNITS * PERIODS];
	bool treated[UNITS] = { true, true };
	struct rng lots = rng_seeded(8);
	size_t held = 0;
	double mean = 0;
	for (int run = 0; run < RUNS; run++) {
		struct synthetic_result *r;
		for (size_t i = 0; i < UNITS; i++)
			for (size_t t = 0; t < PERIODS; t++)
				y[i * PERIODS + t] = 40 + 3 * (double)(i % 4) + 4 * sin(0.5 * (double)t) +
						     2 * rng_normal(&lots);
		struct synthetic s = data_of(y, treated);
		s.placebos = 60;
		assert_int_equal(synthetic_differences(c, &s, &r), OK);
		held += r->low95 <= 0 && r->high95 >= 0;
		mean += r->effect / RUNS;
	}
	assert_in_range(held, 103, RUNS); /* 114 expected; 103 is 4.6 standard deviations below */
	assert_near(mean, 0, 0.25);
}

static void what_misleads_is_refused_or_said(void **state)
{
	struct ctx *c = *state;
	static double y[UNITS * PERIODS];
	bool treated[UNITS] = { true };
	struct synthetic_result *r;
	for (size_t i = 0; i < UNITS * PERIODS; i++)
		y[i] = i % 3 == 0;
	struct synthetic s = data_of(y, treated);
	assert_int_equal(synthetic_control(c, &s, &r), OK);
	assert_true(r->sparse);
	s.selection = EVALUATE_SPIKE;
	assert_int_equal(synthetic_control(c, &s, &r), ERR_INPUT);
	assert_reason(c, "recent spike");
	assert_int_equal(synthetic_differences(c, &s, &r), ERR_INPUT);
	s.selection = EVALUATE_RANDOM;
	s.start = 5;
	assert_int_equal(synthetic_control(c, &s, &r), ERR_INPUT);
	assert_reason(c, "8 periods before the start");
	s.start = START;
	s.units = 4;
	assert_int_equal(synthetic_control(c, &s, &r), ERR_INPUT);
	assert_reason(c, "at least 1 and 4 are needed");
	s.units = UNITS;
	memset(y, 0, PERIODS * sizeof *y);
	assert_int_equal(synthetic_control(c, &s, &r), ERR_INPUT);
	assert_reason(c, "no event before the start");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(weights_are_the_best_of_the_simplex, setup, teardown),
		cmocka_unit_test_setup_teardown(a_planted_mixture_is_found, setup, teardown),
		cmocka_unit_test_setup_teardown(parallel_lines_give_the_effect_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(intervals_hold_what_they_say, setup, teardown),
		cmocka_unit_test_setup_teardown(what_misleads_is_refused_or_said, setup, teardown),
	};
	return cmocka_run_group_tests_name("evaluate_synthetic", tests, NULL, NULL);
}
