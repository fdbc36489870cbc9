/* The counterfactual by hand on a city of six places, on simulated cities, and what it refuses. */
#include "fixture.h"
#include "num/evaluate/evaluate_counterfactual.h"
#include "num/stats/special.h"

enum { PLACES = 6, PERIODS = 40 };

/* Place i has i + 1 events every period. */
static void steady(double *count)
{
	for (size_t i = 0; i < PLACES; i++)
		for (size_t t = 0; t < PERIODS; t++)
			count[i * PERIODS + t] = (double)i + 1;
}

/* Knuth's way; MEAN small. */
static double poisson(struct rng *r, double mean)
{
	double k = 0;
	for (double product = rng_unit(r); product > exp(-mean); product *= rng_unit(r))
		k++;
	return k;
}

static void shares_are_counts_with_half_lives_and_a_prior(void **state)
{
	struct ctx *c = *state;
	const double count[] = { 4, 0, 2, 8 }, prior[] = { 0.25, 0.75 };
	struct evaluate_panel_options o = { .half_life = 1, .prior_weight = 4, .prior = prior };
	struct evaluate_panel *p = evaluate_panel_new(c->mem, 2, 2, count, &o);
	double share[2];
	/* 4/2 + 0 and 2/2 + 8, and four events of the prior. */
	assert_near(evaluate_shares(p, 2, share), 15, 1e-14);
	assert_near(share[0], 3.0 / 15, 1e-14);
	assert_near(share[1], 12.0 / 15, 1e-14);
	assert_near(evaluate_shares(p, 0, share), 4, 1e-14);
	assert_near(share[0], 0.25, 1e-14);
	assert_near(evaluate_count(p, 1, 0, 2), 10, 0);
	assert_near(evaluate_count(p, 1, 1, 1), 0, 0);
}

static void the_prior_weight_that_fits_grows_where_places_are_alike(void **state)
{
	struct ctx *c = *state;
	double alike[20], unlike[20];
	for (size_t i = 0; i < 20; i++) {
		alike[i] = 10 + (double)(i % 3);
		unlike[i] = i < 4 ? 50 : 1;
	}
	struct evaluate_panel_options o = { .prior_weight = -1 };
	struct evaluate_panel *p = evaluate_panel_new(c->mem, 20, 1, alike, &o);
	struct evaluate_panel *q = evaluate_panel_new(c->mem, 20, 1, unlike, &o);
	assert_true(evaluate_prior_weight(p, 1) > 1000);
	assert_true(evaluate_prior_weight(q, 1) < 30);
}

static void expected_events_are_the_level_times_the_share(void **state)
{
	struct ctx *c = *state;
	double count[PLACES * PERIODS];
	steady(count);
	/* In the last ten periods twice as much everywhere, but half as much as that in place 2. */
	for (size_t i = 0; i < PLACES; i++)
		for (size_t t = 30; t < PERIODS; t++)
			count[i * PERIODS + t] *= i == 2 ? 1 : 2;
	static const size_t start[] = { 0, 0, 0, 1, 2, 2, 2 }, neighbour[] = { 3, 2 };
	struct evaluate_panel_options po = {
		.half_life = 1e9, .prior_weight = 1e-9, .start = start, .neighbour = neighbour
	};
	struct evaluate_panel *p = evaluate_panel_new(c->mem, PLACES, PERIODS, count, &po);
	struct counterfactual_options o = { .history_min = 1000 };
	struct counterfactual *e;
	const size_t treated[] = { 2 };
	assert_int_equal(counterfactual_run(c, p, treated, 1, 30, 10, NULL, &o, &e), OK);
	assert_near(e->count.observed, 30, 0);
	assert_near(e->count.expected, 60, 1e-6);
	/* Controls are places 0, 1, 4 and 5; place 3 touches place 2. */
	assert_near(e->count.control_observed, 2 * 10 * (1 + 2 + 5 + 6), 0);
	assert_int_equal(e->ring_places, 1);
	assert_near(e->ring.observed, 80, 0);
	assert_near(e->ring.expected, 80, 1e-6);
	assert_false(e->calibrated);
	assert_near(e->estimate, 30.5 / 60.5, 1e-7);
	assert_near(e->log_se, 1 / sqrt(60), 1e-7);
	/* The upper end solves ln theta - ln RR = z / sqrt(60 theta). */
	double high = e->interval.high95;
	assert_near(log(high / e->estimate), 1.959963984540054 / sqrt(60 * high), 1e-6);
	assert_near(e->below_one, normal_cdf(-log(e->estimate) * sqrt(60)), 1e-6);
	assert_true(isnan(e->p_value));
}

static void the_posterior_is_a_gamma_where_the_expected_count_is_sure(void **state)
{
	(void)state;
	struct counterfactual_count n = { 10, 20, 1e10, 0.5, 1e-9, 1e20 };
	n.expected = n.control_observed / n.control_share * n.share;
	struct counterfactual_posterior p = counterfactual_posterior(&n, 2, 1);
	assert_close(p.mean, 12.0 / 22, 1e-3);
	assert_close(p.below_one, gamma_cdf(22, 12), 1e-3);
	assert_close(p.interval.low95, gamma_quantile(0.025, 12) / 22, 1e-3);
	assert_close(p.interval.high90, gamma_quantile(0.95, 12) / 22, 1e-3);
	/* Unsure of the level, it is wider. */
	n = (struct counterfactual_count){ 10, 20, 10, 0.5, 1, 1e10 };
	struct counterfactual_posterior q = counterfactual_posterior(&n, 2, 1);
	assert_true(q.interval.high95 / q.interval.low95 > 1.3 * p.interval.high95 / p.interval.low95);
}

static void a_spike_is_chosen_over_a_busy_place(void **state)
{
	struct ctx *c = *state;
	double count[PLACES * PERIODS];
	steady(count);
	for (size_t t = 32; t < PERIODS; t++)
		count[PERIODS + t] = 5;
	struct evaluate_panel_options po = { 0 };
	struct evaluate_panel *p = evaluate_panel_new(c->mem, PLACES, PERIODS, count, &po);
	struct rng r = rng_seeded(1);
	size_t set[3];
	struct counterfactual_options o = { .selection = EVALUATE_SPIKE, .spike_periods = 8 };
	evaluate_select(c->mem, p, PERIODS, &o, NULL, &r, 1, set);
	assert_int_equal(set[0], 1);
	/* Before the spike all are at their mean; the larger share wins. */
	evaluate_select(c->mem, p, 32, &o, NULL, &r, 1, set);
	assert_int_equal(set[0], 5);
	o.selection = EVALUATE_RECENT;
	evaluate_select(c->mem, p, PERIODS, &o, NULL, &r, 3, set);
	assert_int_equal(set[0], 5);
	/* Fives: place 1 now and place 4 always. */
	assert_int_equal(set[1], 4);
	assert_int_equal(set[2], 1);
	o.selection = EVALUATE_LEVEL;
	const bool out[PLACES] = { [5] = true };
	evaluate_select(c->mem, p, PERIODS, &o, out, &r, 1, set);
	assert_int_equal(set[0], 4);
}

/* A city of 60 places whose levels differ, 300 periods; the treated lose the share 1 - EFFECT from period 260 on. */
static struct counterfactual *simulated(struct ctx *c, double effect, uint64_t seed, size_t window, bool turned)
{
	enum { N = 60, T = 300, SET = 6 };
	struct rng r = rng_seeded(seed);
	double *count = arena_array(c->mem, double, N *T);
	size_t treated[SET];
	for (size_t k = 0; k < SET; k++)
		treated[k] = turned ? N - 1 - 9 * k : 9 * k;
	for (size_t i = 0; i < N; i++)
		for (size_t t = 0; t < T; t++) {
			double mean = 0.1 + 0.02 * (double)i,
			       after = i % 9 == 0 && i < 9 * SET && t >= 260 ? effect : 1;
			size_t row = turned ? N - 1 - i : i;
			count[row * T + t] = poisson(&r, mean * after);
		}
	struct evaluate_panel_options po = { 0 };
	struct evaluate_panel *p = evaluate_panel_new(c->mem, N, T, count, &po);
	struct counterfactual_options o = { .selection = EVALUATE_LEVEL, .space_count = 99, .seed = 3 };
	struct counterfactual *e;
	assert_int_equal(counterfactual_run(c, p, treated, SET, 260, window, NULL, &o, &e), OK);
	return e;
}

static void a_planted_effect_is_found(void **state)
{
	struct ctx *c = *state;
	struct counterfactual *none = simulated(c, 1, 7, 40, false), *half = simulated(c, 0.4, 7, 40, false);
	assert_true(none->calibrated && half->calibrated);
	assert_true(none->interval.low95 < 1 && none->interval.high95 > 1);
	assert_true(none->p_value > 0.05);
	assert_near(half->estimate, 0.4, 0.12);
	assert_true(half->interval.high95 < 1 && half->below_one > 0.99);
	assert_true(half->interval.low95 < half->interval.low90 && half->interval.high90 < half->interval.high95);
	assert_int_equal(half->space_count, 99);
	assert_near(half->p_space, 0.01, 1e-12);
	assert_true(half->p_value <= 0.03);
	assert_true(half->detectable > 0.4 && half->detectable < 0.9);
	assert_true(simulated(c, 1, 7, 8, false)->detectable < none->detectable);
}

/* A city whose places drift by themselves, so that placebos vary beyond chance: what the calibration says must follow from the
 * placebos it shows. */
static void calibration_is_what_the_placebos_say(void **state)
{
	struct ctx *c = *state;
	enum { N = 40, T = 320, START = 280, WINDOW = 26 };
	struct rng r = rng_seeded(21);
	double *count = arena_array(c->mem, double, N *T);
	for (size_t i = 0; i < N; i++) {
		double log_mean = 0.3;
		for (size_t t = 0; t < T; t++) {
			log_mean += 0.06 * rng_normal(&r) - 0.004 * (log_mean - 0.3);
			count[i * T + t] = poisson(&r, exp(log_mean));
		}
	}
	struct evaluate_panel_options po = { 0 };
	struct evaluate_panel *p = evaluate_panel_new(c->mem, N, T, count, &po);
	struct counterfactual_options o = { .selection = EVALUATE_SPIKE };
	struct counterfactual *e;
	size_t treated[3];
	evaluate_select(c->mem, p, START, &(struct counterfactual_options){ .spike_periods = 8 }, NULL, &r, 3, treated);
	assert_int_equal(counterfactual_run(c, p, treated, 3, START, WINDOW, NULL, &o, &e), OK);
	double n = (double)e->placebo_count, bias = 0, square = 0, chance = 0, farther = 1;
	for (size_t k = 0; k < e->placebo_count; k++) {
		const struct counterfactual_placebo *one = &e->placebo[k];
		assert_int_equal(one->at, START - WINDOW - 13 * k);
		assert_near(one->log_ratio, log((one->observed + 0.5) / (one->expected + 0.5)), 1e-12);
		bias += one->log_ratio / n;
		chance += 1 / one->expected / n;
	}
	for (size_t k = 0; k < e->placebo_count; k++)
		square += pow(e->placebo[k].log_ratio - bias, 2) / (n - 1);
	assert_true(e->calibrated && fabs(bias) > 0.05 && square > 1.5 * chance);
	assert_near(e->bias, bias, 1e-12);
	assert_near(e->tau2, square, 1e-12);
	assert_near(e->omega2, square - chance, 1e-12);
	assert_near(log(e->estimate), log(e->ratio) - bias, 1e-12);
	assert_near(
		e->log_se * e->log_se, fmax(square, square - chance + 1 / e->count.expected) + square / (2 * n), 1e-12);
	assert_near(e->below_one, normal_cdf(-log(e->estimate) / e->log_se), 1e-12);
	double own = fabs(log(e->ratio) - bias) / sqrt(square - chance + 1 / e->count.expected);
	for (size_t k = 0; k < e->placebo_count; k++)
		farther += fabs(e->placebo[k].log_ratio - bias) / sqrt(square - chance + 1 / e->placebo[k].expected) >=
			   own;
	assert_near(e->p_time, farther / (n + 1), 1e-12);
	/* Where all but the treated are spoken for there is no other choice, and no placebo. */
	bool out[N];
	for (size_t i = 0; i < N; i++)
		out[i] = i % 20 != 1;
	assert_int_equal(counterfactual_run(c, p, treated, 3, START, WINDOW, out, &o, &e), OK);
	assert_true(!e->calibrated && e->placebo_count == 0);
}

static void numbering_the_places_otherwise_changes_nothing(void **state)
{
	struct ctx *c = *state;
	struct counterfactual *one = simulated(c, 0.6, 11, 40, false), *other = simulated(c, 0.6, 11, 40, true);
	assert_close(one->estimate, other->estimate, 1e-12);
	assert_close(one->log_se, other->log_se, 1e-10);
}

static void what_can_be_detected_is_known_before(void **state)
{
	struct ctx *c = *state;
	double count[PLACES * PERIODS] = { 0 };
	steady(count);
	struct evaluate_panel_options po = { 0 };
	struct evaluate_panel *p = evaluate_panel_new(c->mem, PLACES, PERIODS, count, &po);
	struct counterfactual_options o = { .history_min = 9, .placebos_min = 4, .placebo_step = 4 };
	struct counterfactual *many, *few;
	const size_t treated[] = { 5 }, small[] = { 0 };
	assert_int_equal(counterfactual_plan(c, p, treated, 1, 8, NULL, &o, &many), OK);
	assert_int_equal(counterfactual_plan(c, p, small, 1, 8, NULL, &o, &few), OK);
	assert_true(many->calibrated && many->placebo_count == 6);
	assert_near(many->count.expected, 48, 3);
	/* By hand where the variance is chance alone: ln theta = -(1.96 + 0.84 / sqrt(theta)) / sqrt(E). */
	double e = many->count.expected, theta = many->detectable, bias = many->tau2 / 12;
	assert_true(many->omega2 == 0);
	assert_near(log(theta), -1.9599640 * sqrt(1 / e + bias) - 0.8416212 * sqrt(1 / (theta * e) + bias), 1e-6);
	assert_true(few->detectable < many->detectable);
}

static void what_cannot_be_evaluated_is_refused(void **state)
{
	struct ctx *c = *state;
	double count[PLACES * PERIODS];
	steady(count);
	static const size_t start[] = { 0, 5, 5, 5, 5, 5, 5 }, neighbour[] = { 1, 2, 3, 4, 5 };
	struct evaluate_panel_options po = { .start = start, .neighbour = neighbour };
	struct evaluate_panel *p = evaluate_panel_new(c->mem, PLACES, PERIODS, count, &po);
	struct counterfactual_options o = { 0 };
	struct counterfactual *e;
	const size_t all[PLACES] = { 0, 1, 2, 3, 4, 5 };
	assert_int_equal(counterfactual_run(c, p, all, 0, 20, 5, NULL, &o, &e), ERR_INPUT);
	assert_reason(c, "no place is treated");
	assert_int_equal(counterfactual_run(c, p, all, PLACES, 20, 5, NULL, &o, &e), ERR_INPUT);
	assert_reason(c, "every place is treated");
	assert_int_equal(counterfactual_run(c, p, all, 1, 20, 5, NULL, &o, &e), ERR_INPUT);
	assert_reason(c, "there is no control");
	assert_int_equal(counterfactual_run(c, p, all + 1, 1, 38, 5, NULL, &o, &e), ERR_INPUT);
	assert_reason(c, "does not lie within the data");
	assert_int_equal(counterfactual_run(c, p, all + 1, 1, 0, 5, NULL, &o, &e), ERR_INPUT);
	assert_reason(c, "before the start");
	for (size_t i = 0; i < PLACES; i++)
		for (size_t t = 30; t < PERIODS; t++)
			count[i * PERIODS + t] = i == 1;
	p = evaluate_panel_new(c->mem, PLACES, PERIODS, count, &po);
	assert_int_equal(counterfactual_run(c, p, all + 1, 1, 30, 10, NULL, &o, &e), ERR_INPUT);
	assert_reason(c, "the controls had no event");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(shares_are_counts_with_half_lives_and_a_prior, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_prior_weight_that_fits_grows_where_places_are_alike, setup, teardown),
		cmocka_unit_test_setup_teardown(expected_events_are_the_level_times_the_share, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_posterior_is_a_gamma_where_the_expected_count_is_sure, setup, teardown),
		cmocka_unit_test_setup_teardown(a_spike_is_chosen_over_a_busy_place, setup, teardown),
		cmocka_unit_test_setup_teardown(a_planted_effect_is_found, setup, teardown),
		cmocka_unit_test_setup_teardown(calibration_is_what_the_placebos_say, setup, teardown),
		cmocka_unit_test_setup_teardown(numbering_the_places_otherwise_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(what_can_be_detected_is_known_before, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_evaluated_is_refused, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
