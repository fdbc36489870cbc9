/* The consistency tests: by hand, exact conditioning against enumeration, right forecasts pass and wrong ones do not. */
#include "fixture.h"
#include "num/stats/counts.h"
#include "num/score/scores_csep.h"

static void the_number_is_tested_as_by_hand(void **state)
{
	(void)state;
	struct csep_number n = csep_number(4, INFINITY, 2);
	assert_near(n.at_most, 13 * exp(-4), 1e-14);
	assert_near(n.at_least, 1 - 5 * exp(-4), 1e-14);
	assert_near(csep_number(4, INFINITY, 0).at_least, 1, 0);
	/* Mean 1, size 1: P(N >= 3) = 1/8. */
	n = csep_number(1, 1, 3);
	assert_near(n.at_least, 0.125, 1e-14);
	assert_near(n.at_most, 0.9375, 1e-14);
}

static void windows_outside_are_counted(void **state)
{
	(void)state;
	/* Poisson of 4 in two places: the central 95 % are 1 to 8 (P(N >= 9) = 0.0214, P(N = 0) = 0.0183). */
	static const double mean[] = { 1, 3, 1, 3, 1, 3, 1, 3 };
	static const uint32_t observed[] = { 0, 0, 0, 1, 4, 4, 5, 4 };
	struct scores_table t = { 4, 2, mean, observed, INFINITY };
	assert_int_equal(csep_number_outside(&t), 2);
	/* Variance 4 + 10 / 2 = 9 = 4 + 16 / 3.2: P(N = 0) = (1 + 4/3.2)^-3.2 = 0.0746. */
	assert_near(csep_total_size(mean, 2, 2), 3.2, 1e-14);
	t.size = 2;
	assert_int_equal(csep_number_outside(&t), 0);
	static const double none[] = { 0, 0 };
	assert_true(isinf(csep_total_size(none, 2, 2)));
}

/* P(log-likelihood <= that of OBSERVED) over all ways to put the observed number into two cells, by the law given the total. */
static double enumerated(const double *mean, double size, const uint32_t *observed)
{
	uint32_t n = observed[0] + observed[1];
	double all = 0, below = 0;
	double at = counts_log(observed[0], mean[0], size) + counts_log(observed[1], mean[1], size);
	for (uint32_t k = 0; k <= n; k++) {
		double ll = counts_log(k, mean[0], size) + counts_log(n - k, mean[1], size);
		all += exp(ll);
		below += ll <= at + 1e-9 ? exp(ll) : 0;
	}
	return below / all;
}

static void conditioning_is_exact(void **state)
{
	struct ctx *c = *state;
	static const double mean[][2] = {
		{0.4,  2  },
                { 3,   3.5},
                { 0.1, 0.2}
	};
	static const double sizes[] = { 0.6, 8, INFINITY };
	static const uint32_t observed[][2] = {
		{2,  3},
                { 0, 4},
                { 6, 1}
	};
	enum { SIMULATIONS = 4000 };
	for (size_t m = 0; m < COUNT(mean); m++)
		for (size_t s = 0; s < COUNT(sizes); s++)
			for (size_t y = 0; y < COUNT(observed); y++) {
				struct scores_table t = { 1, 2, mean[m], observed[y], sizes[s] };
				double want = enumerated(mean[m], sizes[s], observed[y]);
				struct csep_likelihood l = csep_likelihood(c->mem, &t, CSEP_CL, SIMULATIONS, 1);
				assert_near(l.quantile, want, 5 * sqrt(want * (1 - want) / SIMULATIONS) + 1e-9);
			}
}

enum { WINDOWS = 20, PLACES = 30, CELLS = WINDOWS * PLACES, TRIES = 60 };

static void right_forecasts_pass_and_wrong_ones_do_not(void **state)
{
	struct ctx *c = *state;
	for (int s = 0; s < 2; s++) {
		double size = s ? 1.5 : INFINITY;
		struct rng r = rng_seeded(4);
		size_t refused[3] = { 0 }, caught[3] = { 0 };
		for (uint64_t k = 0; k < TRIES; k++) {
			double mean[CELLS], flat[CELLS];
			uint32_t observed[CELLS];
			for (size_t i = 0; i < CELLS; i++) {
				mean[i] = 0.1 + 0.05 * (double)(i % PLACES);
				flat[i] = 0.4;
				observed[i] = counts_draw(&r, mean[i], size);
			}
			struct scores_table right = { WINDOWS, PLACES, mean, observed, size };
			struct scores_table wrong = { WINDOWS, PLACES, flat, observed, size };
			for (enum csep_kind kind = CSEP_L; kind <= CSEP_S; kind++) {
				refused[kind] += csep_likelihood(c->mem, &right, kind, 100, k).quantile < 0.05;
				caught[kind] += csep_likelihood(c->mem, &wrong, kind, 100, k).quantile < 0.05;
			}
		}
		for (enum csep_kind kind = CSEP_L; kind <= CSEP_S; kind++) {
			/* Three of sixty are meant. */
			assert_true(refused[kind] <= 10);
			assert_true(caught[kind] >= 48);
		}
	}
}

static void negative_binomials_hold_where_poisson_refuses(void **state)
{
	struct ctx *c = *state;
	struct rng r = rng_seeded(8);
	size_t poisson = 0, binomial = 0;
	for (uint64_t k = 0; k < TRIES; k++) {
		double mean[CELLS];
		uint32_t observed[CELLS];
		for (size_t i = 0; i < CELLS; i++) {
			mean[i] = 0.5;
			observed[i] = counts_draw(&r, mean[i], 0.5);
		}
		struct scores_table t = { WINDOWS, PLACES, mean, observed, INFINITY };
		poisson += csep_likelihood(c->mem, &t, CSEP_CL, 100, k).quantile < 0.05;
		t.size = 0.5;
		binomial += csep_likelihood(c->mem, &t, CSEP_CL, 100, k).quantile < 0.05;
	}
	assert_true(poisson >= 54 && binomial <= 10);
}

static void what_cannot_be_is_refused(void **state)
{
	struct ctx *c = *state;
	static const double mean[] = { 0, 1 };
	static const uint32_t impossible[] = { 1, 0 }, nothing[] = { 0, 0 };
	struct scores_table t = { 1, 2, mean, impossible, 2 };
	for (enum csep_kind kind = CSEP_L; kind <= CSEP_S; kind++) {
		t.observed = impossible;
		struct csep_likelihood l = csep_likelihood(c->mem, &t, kind, 10, 1);
		assert_true(isinf(l.log_likelihood) && l.quantile < 1e-300);
		t.observed = nothing;
		l = csep_likelihood(c->mem, &t, kind, 10, 1);
		assert_true(isfinite(l.log_likelihood) && l.quantile >= 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_number_is_tested_as_by_hand),
		cmocka_unit_test(windows_outside_are_counted),
		cmocka_unit_test_setup_teardown(conditioning_is_exact, setup, teardown),
		cmocka_unit_test_setup_teardown(right_forecasts_pass_and_wrong_ones_do_not, setup, teardown),
		cmocka_unit_test_setup_teardown(negative_binomials_hold_where_poisson_refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_is_refused, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
