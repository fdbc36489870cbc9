/* Scores: by hand, proper on simulated data, the same for any order of places. */
#include "fixture.h"
#include "num/stats/counts.h"
#include "num/score/scores_gain.h"
#include "num/score/scores_rank.h"

static void a_probability_is_scored_as_by_hand(void **state)
{
	struct ctx *c = *state;
	static const double p[] = { 0.1, 0.4, 0.4, 0.8 };
	static const bool y[] = { false, true, false, true };
	struct scores_any s = scores_any_of(c->mem, p, y, 4);
	assert_near(s.brier, (0.01 + 0.36 + 0.16 + 0.04) / 4, 1e-15);
	assert_near(s.base, 0.5, 0);
	assert_near(s.skill, 1 - s.brier / 0.25, 1e-15);
	/* Of the four pairs one is tied: 1 + 1/2 + 1 + 1. */
	assert_near(s.auc, 3.5 / 4, 1e-15);
	/* Bins {0.1}, {0.4, 0.4}, {0.8}. */
	assert_near(s.calibration_error, (0.1 + 2 * 0.1 + 0.2) / 4, 1e-15);
	assert_near(s.reliability, (0.01 + 2 * 0.01 + 0.04) / 4, 1e-15);
	assert_near(s.resolution, (0.25 + 0 + 0.25) / 4, 1e-15);
	assert_near(s.within, 0, 1e-15);
}

static void a_constant_knows_nothing(void **state)
{
	struct ctx *c = *state;
	double p[100];
	bool y[100];
	for (size_t i = 0; i < 100; i++) {
		p[i] = 0.3;
		y[i] = i % 5 == 0;
	}
	struct scores_any s = scores_any_of(c->mem, p, y, 100);
	assert_near(s.auc, 0.5, 0);
	assert_near(s.calibration_error, 0.1, 1e-12);
	assert_near(s.reliability, 0.01, 1e-12);
	assert_near(s.resolution, 0, 1e-12);
	assert_near(s.uncertainty, 0.16, 1e-12);
	memset(y, 0, sizeof y);
	s = scores_any_of(c->mem, p, y, 100);
	assert_true(isnan(s.auc) && isnan(s.skill));
}

/* A city of 40 places and 60 windows: means as MEAN, counts drawn from them with SIZE. */
enum { WINDOWS = 300, PLACES = 40, CELLS = WINDOWS * PLACES };

struct city {
	double mean[CELLS];
	uint32_t observed[CELLS];
};

static struct city *simulate(struct arena *a, double size, uint64_t seed)
{
	struct city *t = arena_new_of(a, struct city);
	struct rng r = rng_seeded(seed);
	for (size_t i = 0; i < CELLS; i++) {
		t->mean[i] = 0.02 * exp(2.5 * (double)(i % PLACES) / PLACES) * (0.5 + rng_unit(&r));
		t->observed[i] = counts_draw(&r, t->mean[i], size);
	}
	return t;
}

static struct scores_table table(const double *mean, const uint32_t *observed, double size)
{
	return (struct scores_table){ WINDOWS, PLACES, mean, observed, size };
}

/* What somebody forecasts who knows the truth but for one thing. */
static const double *wrong(struct arena *a, const double *truth, int way)
{
	double *m = arena_array(a, double, CELLS);
	for (size_t i = 0; i < CELLS; i++) {
		static const double level[] = { 1.25, 0.8 };
		m[i] = way < 2 ? truth[i] * level[way] : way == 2 ? truth[(i + 1) % CELLS] : 0.6 * truth[i] + 0.03;
	}
	return m;
}

static void the_truth_scores_best(void **state)
{
	struct ctx *c = *state;
	for (int k = 0; k < 2; k++) {
		double size = k ? 2 : INFINITY;
		const struct city *t = simulate(c->mem, size, 11 + (uint64_t)k);
		struct scores_table truth = table(t->mean, t->observed, size);
		struct scores_any any = scores_any(c->mem, &truth);
		for (int way = 0; way < 4; way++) {
			struct scores_table other = table(wrong(c->mem, t->mean, way), t->observed, size);
			struct scores_any worse = scores_any(c->mem, &other);
			assert_true(scores_log(&truth) < scores_log(&other));
			assert_true(scores_crps(&truth) < scores_crps(&other));
			assert_true(any.brier < worse.brier);
			assert_true(way == 2 ? any.auc > worse.auc : any.calibration_error < worse.calibration_error);
			struct scores_bootstrap o = scores_bootstrap_default();
			assert_true(scores_gain(c->mem, &truth, &other, &o).gain > 0);
		}
		assert_true(any.skill > 0 && any.auc > 0.6);
		/* The wrong spread, with the right means. */
		struct scores_table spread = table(t->mean, t->observed, k ? INFINITY : 0.5);
		assert_true(scores_log(&truth) < scores_log(&spread));
		assert_near(any.brier, any.reliability - any.resolution + any.uncertainty + any.within, 1e-15);
	}
}

static void the_order_of_places_changes_nothing(void **state)
{
	struct ctx *c = *state;
	struct city *t = simulate(c->mem, 3, 5);
	double *mean = arena_array(c->mem, double, CELLS);
	uint32_t *observed = arena_array(c->mem, uint32_t, CELLS);
	for (size_t i = 0; i < CELLS; i++) {
		size_t place = i % PLACES, to = i - place + (place * 7 + 3) % PLACES;
		/* Many ties. */
		mean[to] = t->mean[i] = ceil(t->mean[i] * 20) / 20;
		observed[to] = t->observed[i];
	}
	struct scores_table a = table(t->mean, t->observed, 3), b = table(mean, observed, 3);
	struct scores_any x = scores_any(c->mem, &a), y = scores_any(c->mem, &b);
	assert_memory_equal(&x, &y, sizeof x);
	assert_near(scores_log(&a), scores_log(&b), 1e-13);
	assert_near(scores_crps(&a), scores_crps(&b), 1e-13);
	struct scores_rank r = scores_rank(c->mem, &a, 0.1), q = scores_rank(c->mem, &b, 0.1);
	assert_near(r.hits, q.hits, 1e-9);
	struct scores_bootstrap o = scores_bootstrap_default();
	struct scores_gain g = scores_spatial_gain(c->mem, &a, NULL, &o), h = scores_spatial_gain(c->mem, &b, NULL, &o);
	assert_near(g.gain, h.gain, 1e-12);
	assert_near(g.low, h.low, 1e-12);
}

static void the_gain_is_that_by_hand(void **state)
{
	struct ctx *c = *state;
	static const double first[] = { 0.5, 0.25, 1, 0 }, second[] = { 0.25, 0.25, 0.5, 0.5 };
	static const uint32_t observed[] = { 2, 0, 1, 0 };
	struct scores_table a = { 2, 2, first, observed, INFINITY }, b = { 2, 2, second, observed, INFINITY };
	struct scores_bootstrap o = scores_bootstrap_default();
	struct scores_gain g = scores_gain(c->mem, &a, &b, &o);
	/* Three incidents, each twice as likely; 1.75 expected against 1.5. */
	assert_int_equal(g.incidents, 3);
	assert_near(g.gain, log(2) - 0.25 / 3, 1e-15);
	assert_near(g.se, 0, 1e-8);
	assert_true(g.low <= g.gain && g.gain <= g.high);
	g = scores_spatial_gain(c->mem, &a, NULL, &o);
	assert_near(g.gain, (2 * log(0.999 * 4 / 3 + 0.001) + log(0.999 * 2 + 0.001)) / 3, 1e-14);
	g = scores_spatial_gain(c->mem, &a, &a, &o);
	assert_near(g.gain, 0, 0);
	/* Rhoades' error: x = ln 2 and 0. */
	static const uint32_t two[] = { 1, 1, 0, 0 };
	a.observed = b.observed = two;
	g = scores_gain(c->mem, &a, &b, &o);
	assert_near(g.se, log(2) / 2, 1e-15);
	static const uint32_t impossible[] = { 0, 0, 0, 1 }, nothing[4] = { 0 };
	a.observed = b.observed = impossible;
	g = scores_gain(c->mem, &a, &b, &o);
	assert_true(isinf(g.gain) && g.gain < 0 && isnan(g.low));
	a.observed = b.observed = nothing;
	assert_true(isnan(scores_gain(c->mem, &a, &b, &o).gain));
}

static void the_bootstrap_covers_the_gain(void **state)
{
	struct ctx *c = *state;
	enum { TRIES = 60 };
	struct scores_bootstrap o = { .draws = 200, .block = 1, .seed = 1 };
	double gain[TRIES], low[TRIES], high[TRIES], mean = 0;
	for (uint64_t k = 0; k < TRIES; k++) {
		const struct city *t = simulate(c->mem, 2, 100 + k);
		struct scores_table truth = table(t->mean, t->observed, 2);
		struct scores_table other = table(wrong(c->mem, t->mean, 3), t->observed, 2);
		struct scores_gain g = scores_gain(c->mem, &truth, &other, &o);
		gain[k] = g.gain;
		low[k] = g.low;
		high[k] = g.high;
		mean += gain[k] / TRIES;
	}
	size_t covered = 0;
	for (size_t k = 0; k < TRIES; k++)
		covered += low[k] <= mean && mean <= high[k];
	/* 57 of 60 are meant; 50 or fewer would come about once in a thousand times. */
	if (covered <= 50)
		fail_msg("%zu of %d", covered, TRIES);
}

static void flags_hit_as_by_hand(void **state)
{
	struct ctx *c = *state;
	/* The best place, then two that tie for the second flag. */
	static const double mean[] = { 0.5, 0.9, 0.1, 0.5, 0.2 };
	static const uint32_t observed[] = { 2, 1, 3, 0, 0 };
	struct scores_table t = { 1, 5, mean, observed, INFINITY };
	struct scores_rank r = scores_rank(c->mem, &t, 0.4);
	assert_int_equal(r.flagged, 2);
	assert_near(r.hits, 1 + 2 * 0.5, 1e-15);
	assert_near(r.rate, 2.0 / 6, 1e-15);
	assert_near(r.pai, 2.0 / 6 / 0.4, 1e-15);
	assert_near(r.pei, 2.0 / 5, 1e-15);
	r = scores_rank(c->mem, &t, 0.01);
	assert_int_equal(r.flagged, 1);
	assert_near(scores_rank(c->mem, &t, 1).rate, 1, 0);
}

static void steps_of_a_right_rate_are_exponential(void **state)
{
	struct ctx *c = *state;
	static const double half[] = { 0.6931471805599453 };
	assert_near(scores_rescale(c->mem, half, 1).distance, 0.5, 1e-15);
	enum { STEPS = 400, TRIES = 200 };
	struct rng r = rng_seeded(9);
	double right[STEPS], even[STEPS], at;
	size_t refused = 0;
	for (int k = 0; k < TRIES; k++) {
		at = 0;
		for (size_t i = 0; i < STEPS; i++) {
			right[i] = at -= log(1 - rng_unit(&r));
			even[i] = (double)(i + 1);
		}
		refused += scores_rescale(c->mem, right, STEPS).p < 0.05;
		assert_true(scores_rescale(c->mem, even, STEPS).p < 1e-6);
	}
	/* 10 are meant, standard deviation 3. */
	assert_in_range(refused, 1, 22);
}

static void windows_are_rescaled_too(void **state)
{
	struct ctx *c = *state;
	size_t refused = 0, wrongly = 0;
	uint32_t group[PLACES];
	for (uint32_t i = 0; i < PLACES; i++)
		group[i] = i % 2;
	for (uint64_t k = 0; k < 100; k++) {
		const struct city *t = simulate(c->mem, INFINITY, 500 + k);
		struct scores_table truth = table(t->mean, t->observed, INFINITY);
		struct scores_table other = table(wrong(c->mem, t->mean, 0), t->observed, INFINITY);
		double *lambda = arena_array(c->mem, double, scores_observed(&truth));
		size_t n = scores_compensator(&truth, group, 1, k, lambda);
		assert_true(n > 0 && n < scores_observed(&truth));
		refused += scores_rescale(c->mem, lambda, n).p < 0.05;
		n = scores_compensator(&other, NULL, 0, k, lambda);
		assert_int_equal(n, scores_observed(&truth));
		wrongly += scores_rescale(c->mem, lambda, n).p < 0.05;
	}
	assert_true(refused <= 14 && wrongly >= 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_probability_is_scored_as_by_hand, setup, teardown),
		cmocka_unit_test_setup_teardown(a_constant_knows_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(the_truth_scores_best, setup, teardown),
		cmocka_unit_test_setup_teardown(the_order_of_places_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(the_gain_is_that_by_hand, setup, teardown),
		cmocka_unit_test_setup_teardown(the_bootstrap_covers_the_gain, setup, teardown),
		cmocka_unit_test_setup_teardown(flags_hit_as_by_hand, setup, teardown),
		cmocka_unit_test_setup_teardown(steps_of_a_right_rate_are_exponential, setup, teardown),
		cmocka_unit_test_setup_teardown(windows_are_rescaled_too, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
