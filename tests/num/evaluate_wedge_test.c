/* The stepped wedge beside R, and in simulations where nothing was done. */
#include "fixture.h"
#include "num/evaluate/evaluate_wedge.h"

enum { PLACES = 8, PERIODS = 9 };

/* Drawn in R (set.seed(7)): rate 0.6 of what it was once a place has crossed over. */
static const double counts[PLACES][PERIODS] = {
	{12, 19, 6, 3, 11, 8, 13, 4,  7},
	{ 3, 7,  1, 1, 0,  0, 0,  1,  3},
	{ 3, 5,  5, 2, 2,  1, 3,  2,  4},
	{ 3, 1,  5, 5, 4,  2, 3,  4,  2},
	{ 4, 3,  1, 1, 1,  1, 1,  2,  3},
	{ 4, 3,  3, 2, 2,  2, 1,  1,  2},
	{ 9, 7,  3, 4, 3,  4, 7,  11, 6},
	{ 7, 3,  5, 2, 1,  1, 6,  4,  2},
};
static const size_t cross[PLACES] = { 2, 2, 4, 4, 6, 6, 8, 8 };

static void equals_fixed_effects_in_r(void **state)
{
	struct ctx *c = *state;
	struct wedge_result *r;
	const struct wedge w = { PLACES, PERIODS, counts[0], NULL, cross, 99, 1 };
	assert_int_equal(wedge_run(c, &w, &r), OK);
	/* R 4.2.2: glm(y ~ place + period + x, poisson); the sandwich from its scores, the corrected one from the conditional
	 * likelihood's, by matrices written out there. */
	assert_near(r->theta, -0.553146711912985, 1e-9);
	assert_near(r->se_model, 0.222736342289345, 1e-9);
	assert_true(r->corrected);
	assert_near(r->se, 0.215298353472126, 1e-9);
	assert_near(r->observed, 103, 0);
	assert_near(r->expected, 179.087712563222, 1e-6);
	/* Student's t with 7 degrees of freedom at 97.5 %: 2.364624. */
	assert_near(r->high95, exp(-0.553146711912985 + 2.364624251592784 * 0.215298353472126), 1e-8);
	assert_true(r->below_one > 0.97 && r->p_sandwich < 0.05);
}

static void exposure_and_the_order_of_places_change_nothing_they_should_not(void **state)
{
	struct ctx *c = *state;
	struct wedge_result *plain, *turned;
	double y[PLACES][PERIODS], exposure[PLACES][PERIODS];
	size_t other[PLACES];
	for (size_t p = 0; p < PLACES; p++) {
		memcpy(y[p], counts[PLACES - 1 - p], sizeof y[p]);
		other[p] = cross[PLACES - 1 - p];
		for (size_t t = 0; t < PERIODS; t++)
			exposure[p][t] = 3; /* of all alike: absorbed */
	}
	const struct wedge w = { PLACES, PERIODS, counts[0], NULL, cross, 9, 1 };
	const struct wedge v = { PLACES, PERIODS, y[0], exposure[0], other, 9, 1 };
	assert_int_equal(wedge_run(c, &w, &plain), OK);
	assert_int_equal(wedge_run(c, &v, &turned), OK);
	assert_near(turned->theta, plain->theta, 1e-9);
	assert_near(turned->se, plain->se, 1e-9);
}

static double poisson(struct rng *lots, double mean)
{
	double n = 0, at = exp(-mean);
	for (double u = rng_unit(lots), sum = at; u > sum && n < 1000; sum += at)
		at *= mean / ++n;
	return n;
}

/* Counts whose places drift by themselves: each place's rate walks, which no formula for the error knows. */
static void simulate(struct rng *lots, size_t places, size_t periods, const size_t *over, double ratio, double *y)
{
	for (size_t p = 0; p < places; p++) {
		double log_rate = 1.2 + 0.3 * rng_normal(lots);
		for (size_t t = 0; t < periods; t++) {
			log_rate += 0.15 * rng_normal(lots);
			y[p * periods + t] = poisson(lots, exp(log_rate) * (t >= over[p] ? ratio : 1));
		}
	}
}

static size_t found(struct ctx *c, double ratio, size_t runs, uint64_t seed)
{
	enum { P = 12, T = 13 };
	struct rng lots = rng_seeded(seed);
	double y[P * T];
	size_t step[P], over[P], hits = 0;
	for (size_t n = 0; n < runs; n++) {
		struct wedge_result *r;
		wedge_order(P, 6, seed + n, step);
		for (size_t p = 0; p < P; p++)
			over[p] = 2 + 2 * step[p];
		simulate(&lots, P, T, over, ratio, y);
		const struct wedge w = { P, T, y, NULL, over, 199, seed + n };
		assert_int_equal(wedge_run(c, &w, &r), OK);
		hits += r->p_value <= 0.1;
	}
	return hits;
}

static void nothing_done_is_found_as_often_as_it_may(void **state)
{
	/* 10 % of 300: 30, give or take 3 standard deviations of 5.2. */
	assert_in_range(found(*state, 1, 300, 20), 14, 46);
}

static void half_the_events_gone_is_found(void **state)
{
	assert_true(found(*state, 0.5, 60, 40) >= 54);
}

static void what_cannot_be_told_is_refused(void **state)
{
	struct ctx *c = *state;
	struct wedge_result *r;
	size_t same[PLACES] = { 3, 3, 3, 3, 3, 3, 3, 3 }, never[PLACES];
	for (size_t p = 0; p < PLACES; p++)
		never[p] = p ? PERIODS : PERIODS + 1;
	struct wedge w = { PLACES, PERIODS, counts[0], NULL, same, 0, 1 };
	assert_int_equal(wedge_run(c, &w, &r), ERR_INPUT);
	assert_reason(c, "at the same time");
	w.cross = never;
	assert_int_equal(wedge_run(c, &w, &r), ERR_INPUT);
	assert_reason(c, "no event under the new way");
	w.cross = cross;
	w.places = 3;
	assert_int_equal(wedge_run(c, &w, &r), ERR_INPUT);
	assert_reason(c, "at least 4");
	double exposure[PLACES * PERIODS] = { 1, 1, 0 };
	w.places = PLACES;
	w.exposure = exposure;
	assert_int_equal(wedge_run(c, &w, &r), ERR_INPUT);
	assert_reason(c, "place 1 has no exposure in period 3");
}

static void an_order_is_fair_and_the_seed_s_alone(void **state)
{
	(void)state;
	enum { N = 10, STEPS = 4, RUNS = 4000 };
	size_t step[N], again[N], first[N] = { 0 };
	for (uint64_t seed = 0; seed < RUNS; seed++) {
		size_t size[STEPS] = { 0 };
		wedge_order(N, STEPS, seed, step);
		for (size_t i = 0; i < N; i++) {
			size[step[i]]++;
			first[i] += step[i] == 0;
		}
		for (size_t k = 0; k < STEPS; k++)
			assert_in_range(size[k], 2, 3);
	}
	/* Three of ten are first: 1200, give or take 4 standard deviations of 29. */
	for (size_t i = 0; i < N; i++)
		assert_in_range(first[i], 1084, 1316);
	wedge_order(N, STEPS, RUNS - 1, again);
	assert_memory_equal(step, again, sizeof step);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(equals_fixed_effects_in_r, setup, teardown),
		cmocka_unit_test_setup_teardown(
			exposure_and_the_order_of_places_change_nothing_they_should_not, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_done_is_found_as_often_as_it_may, setup, teardown),
		cmocka_unit_test_setup_teardown(half_the_events_gone_is_found, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_told_is_refused, setup, teardown),
		cmocka_unit_test(an_order_is_fair_and_the_seed_s_alone),
	};
	return cmocka_run_group_tests_name("evaluate_wedge", tests, NULL, NULL);
}
