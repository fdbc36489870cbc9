/* Groups of the default mode: planted ones are found, none are found where none were planted, and quiet people stand where they
 * stand. */
#include "fixture.h"
#include "num/opinion/opinion_chance.h"
#include "num/opinion/opinion_polis.h"
#include "opinion_rooms.h"

/* With a seed of its own: draws that the room was made from would not be chance to the engine. */
static struct opinion *run(struct arena *mem, const struct room_plan *plan)
{
	return opinion_run(mem, room_votes(mem, plan), &(struct opinion_options){ .seed = ~plan->seed });
}

/* How well the groups found fit the camps planted. */
static double recovered(struct arena *mem, const struct room_plan *plan, const struct opinion *r)
{
	uint32_t *camp = arena_array(mem, uint32_t, plan->people), *found = arena_array(mem, uint32_t, plan->people);
	size_t count = 0;
	for (size_t i = 0; i < r->votes->people; i++)
		if (r->group_of[i] != OPINION_NONE) {
			camp[count] = room_camp(plan, (size_t)r->votes->person_id[i]);
			found[count++] = r->group_of[i];
		}
	assert_true(count >= plan->people * 9 / 10);
	return opinion_rand_index(camp, found, count);
}

static void planted_groups_are_found(void **state)
{
	static const struct room_plan plans[] = {
		{.people = 100,  .statements = 30, .camps = 2, .split = 12, .fill = 0.6},
		{ .people = 150, .statements = 40, .camps = 3, .split = 24, .fill = 0.6},
		{ .people = 300, .statements = 60, .camps = 3, .split = 45, .fill = 0.3},
		{ .people = 400, .statements = 80, .camps = 2, .split = 40, .fill = 0.2},
	};
	struct ctx *c = *state;
	for (size_t k = 0; k < COUNT(plans); k++)
		for (uint64_t seed = 1; seed <= 5; seed++) {
			struct room_plan plan = plans[k];
			plan.seed = seed;
			const struct opinion *r = run(c->mem, &plan);
			assert_int_equal(r->found->verdict, OPINION_STABLE);
			assert_int_equal(r->groups->count, plan.camps);
			assert_true(r->found->agreement > 0.9);
			double index = recovered(c->mem, &plan, r);
			if (!(index > 0.8))
				fail_msg("room %zu, seed %u: rand index %.3f", k, (unsigned)seed, index);
			assert_true(r->tally->size[0] >= r->tally->size[plan.camps - 1]);
		}
}

/* Camps so far apart that hardly anybody stands between have a gap; people spread along one line have none. */
static void a_line_of_people_has_no_gap(void **state)
{
	struct ctx *c = *state;
	size_t gaps = 0;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct room_plan camps = { 200, 40, 2, 20, false, 0.6, seed };
		struct room_plan line = { 200, 40, 0, 20, true, 0.6, seed };
		assert_true(run(c->mem, &camps)->found->gap);
		gaps += run(c->mem, &line)->found->gap;
		arena_reset(c->mem);
	}
	assert_true(gaps <= 4);
}

static void where_nothing_is_planted_there_are_no_groups(void **state)
{
	static const struct room_plan plans[] = {
		{.people = 100, .statements = 30, .fill = 0.5},
		{ .people = 60, .statements = 10, .fill = 1  },
	};
	struct ctx *c = *state;
	for (size_t k = 0; k < COUNT(plans); k++) {
		size_t invented = 0;
		for (uint64_t seed = 1; seed <= 200; seed++) {
			struct room_plan plan = plans[k];
			plan.seed = seed;
			const struct opinion *r = run(c->mem, &plan);
			invented += r->found->groups > 0;
			if (r->found->groups == 0) {
				assert_int_equal(r->groups->count, 1);
				assert_int_equal(r->tally->size[0], r->votes->people);
			}
			arena_reset(c->mem);
		}
		if (invented > 10)
			fail_msg("room %zu: %zu of 200 rooms without groups were given some", k, invented);
	}
}

/* A group of fewer than five people, or of fewer than 5 %, is not named. */
static void small_groups_are_not_named(void **state)
{
	struct ctx *c = *state;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		struct room_plan plan = { 300, 40, 3, 24, false, 0.7, seed };
		const struct opinion *r = run(c->mem, &plan);
		for (size_t g = 0; g < r->found->groups; g++)
			assert_true(r->tally->size[g] >= r->found->least);
		assert_int_equal(r->found->least, 15);
		arena_reset(c->mem);
	}
	const struct opinion *few = run(c->mem, &(struct room_plan){ 9, 20, 2, 20, false, 1, 1 });
	assert_int_equal(few->found->verdict, OPINION_TOO_FEW);
	assert_int_equal(few->found->groups, 0);
	const struct opinion *short_list = run(c->mem, &(struct room_plan){ 90, 6, 2, 6, false, 1, 1 });
	assert_int_equal(short_list->found->verdict, OPINION_TOO_FEW);
}

static void the_same_seed_gives_the_same_groups(void **state)
{
	struct ctx *c = *state;
	struct room_plan plan = { 120, 30, 2, 12, false, 0.4, 7 };
	const struct opinion *a = run(c->mem, &plan), *b = run(c->mem, &plan);
	assert_memory_equal(a->group_of, b->group_of, a->votes->people * sizeof *a->group_of);
	assert_true(a->found->agreement == b->found->agreement && a->bridge->loss == b->bridge->loss);
}

/* People of two camps, each answering only ten of eighty: least squares would blow them up and filling in would draw them
 * together; here they keep to their side, no farther out than those who answered much. */
static void quiet_people_stay_on_their_side(void **state)
{
	struct ctx *c = *state;
	struct room_plan plan = { 300, 80, 2, 40, false, 0.8, 3 };
	size_t count, kept = 0;
	struct opinion_answer *answers = room_answers(c->mem, &plan, &count), *some = answers;
	struct rng rng = rng_seeded(5);
	for (size_t k = 0; k < count; k++)
		if (answers[k].person % 6 > 1 || rng_unit(&rng) < 10.0 / 64)
			some[kept++] = answers[k];
	const struct opinion_votes *v = opinion_votes_make(c->mem, some, kept);
	const struct opinion_pca *pca = opinion_pca_make(c->mem, v);
	const struct opinion_positions *p = opinion_positions_make(c->mem, v, pca);
	double side[2] = { 0 }, quiet[2] = { 0 }, most = 0;
	size_t quiet_count = 0, wrong = 0;
	for (size_t i = 0; i < v->people; i++)
		if (v->person_id[i] % 6 > 1) {
			side[v->person_id[i] % 2] += p->at[OPINION_DIRECTIONS * i] / 100;
			most = fmax(most, fabs(p->at[OPINION_DIRECTIONS * i]));
		}
	for (size_t i = 0; i < v->people; i++) {
		double x = p->at[OPINION_DIRECTIONS * i];
		if (v->person_id[i] % 6 > 1)
			continue;
		quiet[v->person_id[i] % 2] += x / 50;
		wrong += x * side[v->person_id[i] % 2] < 0;
		quiet_count++;
		assert_true(fabs(x) <= 1.2 * most);
		assert_true(p->known[i] > 0.2 && p->known[i] < 1);
	}
	assert_int_equal(quiet_count, 100);
	if (wrong > 10)
		fail_msg("%zu quiet people stand on the wrong side", wrong);
	for (size_t k = 0; k < 2; k++)
		assert_true(quiet[k] / side[k] > 0.6 && quiet[k] / side[k] < 1.1);
}

static void rand_index_is_that_of_the_books(void **state)
{
	(void)state;
	/* Contingency 3 0 / 1 2: sum of pairs 4, rows 3 + 3, columns 6 + 1, all 15: (4 - 42/15) / (6.5 - 42/15). */
	static const uint32_t a[] = { 0, 0, 0, 1, 1, 1 }, b[] = { 1, 1, 1, 1, 0, 0 };
	assert_near(opinion_rand_index(a, b, 6), 1.2 / 3.7, 1e-15);
	assert_near(opinion_rand_index(a, a, 6), 1, 0);
	static const uint32_t turned[] = { 4, 4, 4, 0, 0, 0 }, one[6] = { 0 };
	assert_near(opinion_rand_index(a, turned, 6), 1, 0);
	assert_near(opinion_rand_index(one, one, 6), 1, 0);
	assert_near(opinion_rand_index(a, one, 6), 0, 1e-15);
}

static void eigenvectors_are_eigenvectors(void **state)
{
	enum { R = OPINION_DIRECTIONS };
	(void)state;
	struct rng rng = rng_seeded(2);
	for (int turn = 0; turn < 200; turn++) {
		double m[R][R], copy[R][R], value[R], vector[R][R];
		for (size_t i = 0; i < R; i++)
			for (size_t k = 0; k <= i; k++)
				m[i][k] = m[k][i] = turn % 5 == 0 && i != k ? 0 : rng_normal(&rng);
		memcpy(copy, m, sizeof m);
		opinion_eigen(m, value, vector);
		for (size_t e = 0; e < R; e++) {
			assert_true(e == 0 || value[e - 1] >= value[e]);
			for (size_t i = 0; i < R; i++) {
				double sum = 0, dot = 0;
				for (size_t k = 0; k < R; k++) {
					sum += copy[i][k] * vector[e][k];
					dot += vector[e][k] * vector[i][k];
				}
				assert_near(sum, value[e] * vector[e][i], 1e-12);
				assert_near(dot, e == i, 1e-12);
			}
		}
	}
}

/* The share of rooms without structure that pass the question about chance is the one it is made for: 1 in 40. */
static void chance_is_found_as_often_as_it_says(void **state)
{
	struct ctx *c = *state;
	size_t passed = 0;
	for (uint64_t seed = 1; seed <= 400; seed++) {
		const struct opinion_votes *v = room_votes(
			c->mem, &(struct room_plan){ 60, 20, 0, 0, false, 0.6, seed });
		const struct opinion_pca *pca = opinion_pca_make(c->mem, v);
		bool *in = arena_array(c->mem, bool, v->people);
		opinion_in_conversation(c->mem, v, in);
		struct rng rng = rng_seeded(seed);
		passed += !opinion_by_chance(v, pca->cell, in, &rng);
		arena_reset(c->mem);
	}
	/* 10 are expected, and 3 to 20 in all but one of a thousand series. */
	assert_in_range(passed, 3, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(planted_groups_are_found, setup, teardown),
		cmocka_unit_test_setup_teardown(a_line_of_people_has_no_gap, setup, teardown),
		cmocka_unit_test_setup_teardown(where_nothing_is_planted_there_are_no_groups, setup, teardown),
		cmocka_unit_test_setup_teardown(small_groups_are_not_named, setup, teardown),
		cmocka_unit_test_setup_teardown(the_same_seed_gives_the_same_groups, setup, teardown),
		cmocka_unit_test_setup_teardown(quiet_people_stay_on_their_side, setup, teardown),
		cmocka_unit_test_setup_teardown(rand_index_is_that_of_the_books, setup, teardown),
		cmocka_unit_test_setup_teardown(eigenvectors_are_eigenvectors, setup, teardown),
		cmocka_unit_test_setup_teardown(chance_is_found_as_often_as_it_says, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
