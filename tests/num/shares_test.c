/* Shares of places: by hand on a small tree, and kappa found again. */
#include "fixture.h"
#include "num/stats/counts.h"
#include "num/forecast/shares.h"

static struct places *small_tree(struct ctx *c)
{
	struct places *p = NULL;
	enum err e = places_read(c, S("place,parent,population\nA1,A,100\nA2,A,300\nB1,B,\nA,,\nB,,\n"),
		(struct places_columns){ 0 }, &p);
	assert_int_equal(e, OK);
	return p;
}

static void shares_of_a_small_tree_are_those_by_hand(void **state)
{
	struct ctx *c = *state;
	struct shares *s = shares_make(c->mem, small_tree(c), INFINITY);
	double all[3];
	s->kappa = 4;
	/* Nothing counted: half of the town each, and A's half one to three. */
	assert_near(shares_of(s, 0, 0), 0.125, 1e-15);
	assert_near(shares_of(s, 2, 0), 0.5, 1e-15);
	shares_add(s, 0, 10, 3);
	shares_add(s, 2, 11, 1);
	/* A: (3 + 4/2) / (4 + 4); A1 within it: (3 + 4/4) / (3 + 4). */
	assert_near(shares_of(s, 0, 12), 5.0 / 8 * 4 / 7, 1e-15);
	shares_all(s, 12, all);
	assert_near(all[0] + all[1] + all[2], 1, 1e-15);
}

static void counts_fade_in_any_order(void **state)
{
	struct ctx *c = *state;
	struct places *p = places_numbered(c->mem, 2);
	struct shares *s = shares_make(c->mem, p, 10), *other = shares_make(c->mem, p, 10);
	shares_add(s, 0, 0, 1);
	shares_add(s, 0, 10, 1);
	shares_add(s, 1, 20, 1);
	shares_add(other, 1, 20, 1);
	shares_add(other, 0, 10, 1);
	shares_add(other, 0, 0, 1);
	s->kappa = other->kappa = 2;
	/* At day 20: 1/4 + 1/2 of place 0, 1 of place 1. */
	assert_near(shares_of(s, 0, 20), (0.75 + 1) / (1.75 + 2), 1e-15);
	assert_near(shares_of(other, 0, 20), (0.75 + 1) / (1.75 + 2), 1e-15);
}

/* Places that differ: counts of gammas with shape K / places, which is a Dirichlet-multinomial with kappa K. */
static void kappa_is_found_again(void **state)
{
	struct ctx *c = *state;
	enum { PLACES = 400 };
	struct places *p = places_numbered(c->mem, PLACES);
	for (int turn = 0; turn < 3; turn++) {
		double kappa = (double[]){ 40, 400, 4000 }[turn];
		struct shares *s = shares_make(c->mem, p, INFINITY);
		struct rng r = rng_seeded(3);
		for (uint32_t i = 0; i < PLACES; i++) {
			double rate = rng_gamma(&r, kappa / PLACES) / kappa;
			shares_add(s, i, 1, counts_draw(&r, 20000 * rate, INFINITY));
		}
		shares_fit_kappa(s, 1);
		assert_close(s->kappa, kappa, 0.2);
	}
	/* All alike: nothing to be learned from the places. */
	struct shares *even = shares_make(c->mem, p, INFINITY);
	for (uint32_t i = 0; i < PLACES; i++)
		shares_add(even, i, 1, 5);
	shares_fit_kappa(even, 1);
	assert_true(even->kappa > 9e5);
}

/* A young log names but the places that have had something: that they all have says nothing. */
static void kappa_is_not_what_places_that_all_had_some_look_like(void **state)
{
	struct ctx *c = *state;
	enum { TOWN = 3000, KAPPA = 600, EVENTS = 3000 };
	struct rng r = rng_seeded(4);
	uint32_t count[TOWN], named = 0;
	for (uint32_t i = 0; i < TOWN; i++) {
		uint32_t n = counts_draw(&r, EVENTS * rng_gamma(&r, (double)KAPPA / TOWN) / KAPPA, INFINITY);
		if (n > 0)
			count[named++] = n;
	}
	struct places *p = places_numbered(c->mem, named), *all = places_numbered(c->mem, named + 1);
	struct shares *s = shares_make(c->mem, p, INFINITY), *told = shares_make(c->mem, all, INFINITY);
	for (uint32_t i = 0; i < named; i++) {
		shares_add(s, i, 1, count[i]);
		shares_add(told, i, 1, count[i]);
	}
	shares_fit_kappa(s, 1);
	assert_true(named < TOWN / 2);
	/* On the safe side of the truth. */
	assert_true(s->kappa / named > (double)KAPPA / TOWN && s->kappa / named < 1);
	/* Where one without is known too the others are no choice. */
	shares_fit_kappa(told, 1);
	assert_true(told->kappa > 2 * s->kappa);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(shares_of_a_small_tree_are_those_by_hand, setup, teardown),
		cmocka_unit_test_setup_teardown(counts_fade_in_any_order, setup, teardown),
		cmocka_unit_test_setup_teardown(kappa_is_found_again, setup, teardown),
		cmocka_unit_test_setup_teardown(kappa_is_not_what_places_that_all_had_some_look_like, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
