/* Matched near-repeat counterfactual: by hand, and where it is known what was done. */
#include "fixture.h"
#include "num/evaluate/evaluate_repeat.h"

/* One place of each kind is treated or not; five Mondays apart so that nothing else differs. */
static void five_pairs_by_hand(void **state)
{
	struct ctx *c = *state;
	enum { PLACES = 10, WEEK = 7 };
	struct repeat_incident incident[PLACES + 3];
	struct repeat_result *r;
	size_t n = 0;
	for (uint32_t p = 0; p < PLACES; p++) /* 1970-01-05 was a Monday */
		incident[n++] = (struct repeat_incident){ .day = 4, .place = p, .treated = p % 2 == 0 };
	/* A follower at the treated place 0, two at the untreated place 1, one at 3. */
	incident[n++] = (struct repeat_incident){ .day = 4 + WEEK, .place = 0 };
	incident[n++] = (struct repeat_incident){ .day = 4 + WEEK, .place = 1 };
	incident[n++] = (struct repeat_incident){ .day = 4 + WEEK, .place = 1 };
	struct repeat e = {
		.count = n, .incident = incident, .places = PLACES, .end = 4 + 15, .matches = 5, .calliper = 1e6
	};
	assert_int_equal(repeat_run(c, &e, &r), OK);
	/* The three later ones have no fourteen days. */
	assert_int_equal(r->cut_off, 3);
	assert_int_equal(r->treated, 5);
	assert_int_equal(r->untreated, 5);
	assert_int_equal(r->matched, 5);
	assert_near(r->any.treated, 0.2, 1e-12);
	assert_near(r->any.control, 0.2, 1e-12);
	assert_near(r->number.treated, 0.2, 1e-12);
	assert_near(r->number.control, 0.4, 1e-12);
	assert_near(r->number.ratio, 0.5, 1e-12);
	/* Where 0 touches 2, its follower is one of 2 as well. */
	const uint32_t pair[][2] = {
		{0, 2}
	};
	e.neighbors = place_edges_make(c->mem, PLACES, pair, 1);
	assert_int_equal(repeat_run(c, &e, &r), OK);
	assert_near(r->any.treated, 0.4, 1e-12);
}

enum { PLACES = 40, DAYS = 1500 };

/* Incidents of places of different kinds, three of ten treated by lot; each has a follower within 14 days, treated by
 * lot as well, with probability 0.5, times RATIO where it was treated. */
static size_t simulate(struct rng *lots, double ratio, struct repeat_incident *out, size_t max)
{
	size_t n = 0;
	for (int32_t day = 0; day < DAYS; day++)
		for (uint32_t p = 0; p < PLACES && n < max; p++)
			if (rng_unit(lots) < 0.002 * (1 + p % 4))
				out[n++] = (struct repeat_incident){ .day = day, .place = p };
	for (size_t i = 0; i < n; i++) {
		out[i].treated = rng_unit(lots) < 0.3;
		if (n < max && rng_unit(lots) < 0.5 * (out[i].treated ? ratio : 1)) {
			out[n] = (struct repeat_incident){ .place = out[i].place };
			out[n++].day = out[i].day + 1 + (int32_t)rng_below(lots, 13);
		}
	}
	return n;
}

static int by_day(const void *a, const void *b)
{
	const struct repeat_incident *x = a, *y = b;
	return x->day != y->day ? (x->day > y->day) - (x->day < y->day) : (x->place > y->place) - (x->place < y->place);
}

static struct repeat_result *run(struct ctx *c, double ratio, uint64_t seed)
{
	enum { MAX = 4000 };
	static struct repeat_incident incident[MAX];
	struct rng lots = rng_seeded(seed);
	struct repeat_result *r;
	size_t n = simulate(&lots, ratio, incident, MAX);
	qsort(incident, n, sizeof *incident, by_day);
	const struct repeat e = { .count = n,
		.incident = incident,
		.places = PLACES,
		.end = DAYS + 200,
		.draws = 200,
		.permutations = 99,
		.seed = seed };
	assert_int_equal(repeat_run(c, &e, &r), OK);
	return r;
}

static void nothing_done_looks_like_nothing(void **state)
{
	enum { RUNS = 60 };
	size_t alarms = 0, held = 0;
	double mean = 0;
	for (uint64_t seed = 0; seed < RUNS; seed++) {
		struct repeat_result *r = run(*state, 1, 100 + seed);
		alarms += r->any.p <= 0.05;
		held += r->any.difference_low95 <= 0.0 && r->any.difference_high95 >= 0.0;
		mean += r->any.difference / RUNS;
	}
	assert_true(alarms <= 9); /* 3 expected; 9 is 3.6 standard deviations above */
	assert_true(held >= 49);  /* 57 expected */
	assert_near(mean, 0, 0.05);
}

static void half_the_followers_gone_is_found(void **state)
{
	size_t found = 0;
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct repeat_result *r = run(*state, 0.3, 300 + seed);
		found += r->any.p <= 0.05 && r->any.ratio < 0.9 && r->any.ratio_high95 < 1;
		assert_true(r->matched > 60 && r->distance < 0.5);
	}
	assert_true(found >= 18);
}

static void the_same_seed_gives_the_same(void **state)
{
	struct repeat_result *a = run(*state, 0.7, 9), *b = run(*state, 0.7, 9);
	assert_memory_equal(a, b, sizeof *a);
}

static void too_few_to_match_is_refused(void **state)
{
	struct ctx *c = *state;
	struct repeat_result *r;
	struct repeat_incident incident[8] = { 0 };
	for (int i = 0; i < 8; i++)
		incident[i] = (struct repeat_incident){ .day = i, .treated = i < 4 };
	struct repeat e = { .count = 8, .incident = incident, .places = 1, .end = 100, .calliper = 1e6 };
	assert_int_equal(repeat_run(c, &e, &r), ERR_INPUT);
	assert_reason(c, "at least 5 are needed");
	/* Seasons compare with themselves only. */
	for (int i = 0; i < 8; i++) {
		incident[i].treated = i < 6;
		incident[i].season = i < 6;
	}
	assert_int_equal(repeat_run(c, &e, &r), ERR_INPUT);
	assert_reason(c, "0 of 6 treated");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(five_pairs_by_hand, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_done_looks_like_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(half_the_followers_gone_is_found, setup, teardown),
		cmocka_unit_test_setup_teardown(the_same_seed_gives_the_same, setup, teardown),
		cmocka_unit_test_setup_teardown(too_few_to_match_is_refused, setup, teardown),
	};
	return cmocka_run_group_tests_name("evaluate_repeat", tests, NULL, NULL);
}
