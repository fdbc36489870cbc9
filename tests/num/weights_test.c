#include "num/stats/weights.h"
#include "fixture.h"
#include "num/stats/rng.h"

enum { ROWS = 400, COLS = 9 };

static void test_closed_forms(void **state)
{
	struct ctx *c = *state;
	/* One feature: kappa = n / (Phi + beta). */
	const double one[] = { 2, 0.5, 7 }, count[] = { 1, 4, 2 }, total[] = { 30 }, penalty[] = { 5 };
	struct weights_problem p = { 3, 1, one, count, total, penalty };
	struct weights_fit fit;
	double kappa[2] = { 0 };
	weights_fit(c->mem, &p, kappa, &fit);
	assert_close(kappa[0], 0.2, 1e-12);
	assert_true(fit.settled);
	assert_near(fit.penalized, log(0.4) + 4 * log(0.1) + 2 * log(1.4) - 7, 1e-12);
	/* Features of rows that have nothing to do with one another: each for itself. */
	const double two[] = { 2, 0, 0, 0.5, 0, 9 }, totals[] = { 4, 8 };
	p = (struct weights_problem){ 3, 2, two, count, totals, NULL };
	kappa[0] = kappa[1] = 0;
	weights_fit(c->mem, &p, kappa, &fit);
	assert_close(kappa[0], 0.25, 1e-10);
	assert_close(kappa[1], 0.75, 1e-10);
	double information[4], se[2];
	weights_information(&p, kappa, information);
	weights_errors(c->mem, information, kappa, 2, se);
	assert_close(se[1], 0.75 / sqrt(6), 1e-10); /* n / kappa^2 */
}

/* Rows drawn from a mixture in which some features take no part. */
static struct weights_problem mixture(struct arena *a, struct rng *r)
{
	double *feature = arena_array(a, double, ROWS *COLS), *total = arena_array(a, double, COLS);
	double *penalty = arena_array(a, double, COLS);
	for (size_t i = 0; i < ROWS; i++)
		for (size_t m = 0; m < COLS; m++)
			feature[i * COLS + m] = rng_unit(r) < 0.3 ? 0 : -log(1 - rng_unit(r)) * (1 + (double)m);
	for (size_t m = 0; m < COLS; m++) {
		feature[m] = 1; /* no row is impossible */
		total[m] = 100 + 900 * rng_unit(r);
		penalty[m] = m % 3 ? 0 : 20;
	}
	for (size_t i = 0; i < ROWS; i++)
		feature[i * COLS + COLS - 1] += 0.01;
	return (struct weights_problem){ ROWS, COLS, feature, NULL, total, penalty };
}

static void test_never_goes_down_and_ends_at_the_top(void **state)
{
	struct ctx *c = *state;
	struct rng r = rng_seeded(3);
	for (int round = 0; round < 50; round++) {
		struct weights_problem p = mixture(c->mem, &r);
		struct weights_fit fit;
		double kappa[COLS] = { 0 }, better[COLS];
		weights_fit(c->mem, &p, kappa, &fit);
		assert_true(fit.settled);
		for (int i = 1; i <= fit.steps; i++)
			assert_true(fit.trace[i] >= fit.trace[i - 1]);
		/* At the top no weight wants to move: the gradient is 0, or points below 0 where the weight is 0. */
		for (size_t m = 0; m < COLS; m++) {
			double gradient = -p.total[m] - p.penalty[m];
			for (size_t i = 0; i < ROWS; i++) {
				double lambda = 0;
				for (size_t k = 0; k < COLS; k++)
					lambda += kappa[k] * p.feature[i * COLS + k];
				gradient += p.feature[i * COLS + m] / lambda;
			}
			assert_true(kappa[m] >= 0);
			assert_true(kappa[m] > 0 ? fabs(gradient) < 1e-3 * p.total[m] : gradient < 1e-3 * p.total[m]);
		}
		/* From elsewhere it ends there, too. */
		for (size_t m = 0; m < COLS; m++)
			better[m] = rng_unit(&r);
		weights_fit(c->mem, &p, better, &fit);
		for (size_t m = 0; m < COLS; m++)
			assert_near(better[m], kappa[m], 1e-5);
	}
}

static void test_a_feature_that_cannot_happen(void **state)
{
	struct ctx *c = *state;
	const double feature[] = { 1, 1, 2, 1 }, total[] = { 10, 0 };
	struct weights_problem p = { 2, 2, feature, NULL, total, NULL };
	struct weights_fit fit;
	double kappa[2] = { 0, 1 };
	weights_fit(c->mem, &p, kappa, &fit);
	assert_close(kappa[0], 0.2, 1e-12);
	assert_true(kappa[1] == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_closed_forms, setup, teardown),
		cmocka_unit_test_setup_teardown(test_never_goes_down_and_ends_at_the_top, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_feature_that_cannot_happen, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
