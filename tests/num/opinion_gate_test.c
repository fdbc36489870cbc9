/* Where people differ and yet no groups are shown, or are said to be ends of one room; who is in none; the k-means beneath. */
#include "fixture.h"
#include "num/opinion/opinion_cluster.h"
#include "num/opinion/opinion_position.h"
#include "opinion_rooms.h"

/* A crowd around one middle, leaning any way: statements ask about all directions alike. PULL: how much a leaning says about an
 * answer. On a RING nobody stands in the middle. */
static const struct opinion_votes *round_room(struct arena *mem, size_t people, double pull, bool ring, uint64_t seed)
{
	enum { STATEMENTS = 40 };
	struct rng rng = rng_seeded(seed);
	struct opinion_answer *out = arena_array(mem, struct opinion_answer, people * STATEMENTS);
	for (size_t i = 0; i < people; i++) {
		double x = rng_normal(&rng), y = rng_normal(&rng), far = ring ? 2 * hypot(x, y) : 1.5;
		for (size_t j = 0; j < STATEMENTS; j++) {
			double way = 6.2831853 * (double)j / STATEMENTS, at = (x * cos(way) + y * sin(way)) / far;
			int8_t vote = rng_unit(&rng) < 0.5 + pull * fmax(-0.5, fmin(0.5, at)) ? 1 : -1;
			out[i * STATEMENTS + j] = (struct opinion_answer){ (int64_t)i, (int64_t)j, vote };
		}
	}
	return opinion_votes_make(mem, out, people * STATEMENTS);
}

static void groups_that_would_not_come_out_again_are_not_shown(void **state)
{
	struct ctx *c = *state;
	size_t fleeting = 0;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		const struct opinion *r = opinion_run(
			c->mem, round_room(c->mem, 40, 0.4, false, seed), &(struct opinion_options){ .seed = ~seed });
		const struct opinion_found *f = r->found;
		assert_true(f->verdict == OPINION_BY_CHANCE || f->silhouette > 0.25);
		assert_true(f->verdict == OPINION_STABLE ? f->agreement >= 0.6 : f->groups == 0);
		if (f->verdict == OPINION_FLEETING) {
			assert_true(f->agreement < 0.6 && r->groups->count == 1);
			assert_int_equal(r->tally->size[0], 40);
			fleeting++;
		}
		arena_reset(c->mem);
	}
	assert_true(fleeting >= 10);
}

/* A large one is parted alike again and again, and rightly called stable, but not a room of camps. */
static void the_parts_of_a_round_crowd_have_no_gap(void **state)
{
	struct ctx *c = *state;
	size_t gaps = 0;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		const struct opinion *r = opinion_run(
			c->mem, round_room(c->mem, 150, 0.9, true, seed), &(struct opinion_options){ .seed = ~seed });
		gaps += r->found->gap;
		arena_reset(c->mem);
	}
	if (gaps > 2)
		fail_msg("%zu of 20 have a gap", gaps);
}

/* Two camps of 48, and four people who see everything otherwise than both: they are placed, and in no group. */
static void four_people_are_no_group(void **state)
{
	enum { PEOPLE = 100, STATEMENTS = 45, FEW = 4 };
	struct ctx *c = *state;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct rng rng = rng_seeded(seed);
		struct opinion_answer *out = arena_array(c->mem, struct opinion_answer, PEOPLE * STATEMENTS);
		for (size_t i = 0; i < PEOPLE; i++)
			for (size_t j = 0; j < STATEMENTS; j++) {
				size_t camp = i < FEW ? 2 : i % 2;
				/* The few differ from both about two of three statements, the camps from each other about one. */
				bool agree = camp == 2 ? j % 3 > 0 : j % 3 == 0 && camp == 0;
				bool slip = rng_unit(&rng) < 0.05;
				out[i * STATEMENTS + j] =
					(struct opinion_answer){ (int64_t)i, (int64_t)j, agree != slip ? 1 : -1 };
			}
		const struct opinion_votes *v = opinion_votes_make(c->mem, out, (size_t)PEOPLE * STATEMENTS);
		const struct opinion *r = opinion_run(c->mem, v, &(struct opinion_options){ .seed = ~seed });
		assert_int_equal(r->found->verdict, OPINION_STABLE);
		assert_int_equal(r->groups->count, 2);
		for (size_t i = 0; i < PEOPLE; i++) {
			assert_true(r->in[i]);
			assert_int_equal(r->group_of[i] == OPINION_NONE, i < FEW);
		}
		assert_true(r->tally->size[0] == 48 && r->tally->size[1] == 48);
		arena_reset(c->mem);
	}
}

/* The least inertia of all ways to part 9 points in 3. */
static double least_inertia(const double *xy)
{
	enum { N = 9, WAYS = 19683 };
	double least = HUGE_VAL;
	for (size_t way = 0; way < WAYS; way++) {
		double n[3] = { 0 }, x[3] = { 0 }, y[3] = { 0 }, sum = 0;
		for (size_t i = 0, left = way; i < N; i++, left /= 3) {
			n[left % 3]++;
			x[left % 3] += xy[2 * i];
			y[left % 3] += xy[2 * i + 1];
			sum += xy[2 * i] * xy[2 * i] + xy[2 * i + 1] * xy[2 * i + 1];
		}
		for (size_t k = 0; k < 3; k++)
			sum -= n[k] > 0 ? (x[k] * x[k] + y[k] * y[k]) / n[k] : 0;
		least = fmin(least, sum);
	}
	return least;
}

static void many_starts_find_the_best_parts(void **state)
{
	struct ctx *c = *state;
	struct rng rng = rng_seeded(3);
	size_t worse = 0;
	for (int turn = 0; turn < 30; turn++) {
		double xy[18];
		for (size_t k = 0; k < COUNT(xy); k++)
			xy[k] = rng_normal(&rng);
		struct opinion_points p = { .count = 9, .xy = xy };
		double least = least_inertia(xy);
		assert_close(opinion_cluster_best(c->mem, p, 3, 100, &rng).inertia, least, 1e-9);
		worse += opinion_cluster_best(c->mem, p, 3, 1, &rng).inertia > least * 1.001;
	}
	/* One start alone does not. */
	assert_true(worse > 0);
}

/* Who answered two or three of eighty stands nearer the middle than his camp, never beyond those who answered much. */
static void hardly_an_answer_blows_nobody_up(void **state)
{
	struct ctx *c = *state;
	size_t count, kept = 0;
	struct opinion_answer *answers = room_answers(
		c->mem, &(struct room_plan){ 300, 80, 2, 40, false, 0.8, 3 }, &count);
	size_t *given = arena_array(c->mem, size_t, 300);
	for (size_t k = 0; k < count; k++)
		if (answers[k].person % 6 > 1 || given[answers[k].person]++ < 2 + (size_t)answers[k].person % 2)
			answers[kept++] = answers[k];
	const struct opinion_votes *v = opinion_votes_make(c->mem, answers, kept);
	const struct opinion_positions *p = opinion_positions_make(c->mem, v, opinion_pca_make(c->mem, v));
	double most[2] = { 0 };
	for (int quiet = 0; quiet < 2; quiet++)
		for (size_t i = 0; i < v->people; i++)
			if ((v->person_id[i] % 6 > 1) != quiet)
				most[quiet] = fmax(most[quiet],
					hypot(p->at[OPINION_DIRECTIONS * i], p->at[OPINION_DIRECTIONS * i + 1]));
	if (!(most[1] < most[0]))
		fail_msg("%.3f beyond %.3f", most[1], most[0]);
}

/* A camp that three of four belong to, and people of the other who answer seven of sixty: what they do not answer draws them
 * towards the large one on the map, but not into it. */
static void quiet_people_are_given_to_their_camp(void **state)
{
	struct ctx *c = *state;
	size_t wrong = 0, all = 0;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		size_t count, kept = 0, *given = arena_array(c->mem, size_t, 480);
		struct opinion_answer *answers = room_answers(
			c->mem, &(struct room_plan){ 480, 60, 2, 30, false, 0.3, seed }, &count);
		for (size_t k = 0; k < count; k++) {
			int64_t person = answers[k].person;
			bool small = person % 2 == 1, quiet = person % 12 == 3;
			if ((!small || person % 3 == 0) && (!quiet || given[person]++ < 7))
				answers[kept++] = answers[k];
		}
		const struct opinion_votes *v = opinion_votes_make(c->mem, answers, kept);
		const struct opinion *r = opinion_run(c->mem, v, &(struct opinion_options){ .seed = ~seed });
		assert_int_equal(r->groups->count, 2);
		for (size_t i = 0; i < v->people; i++) {
			if (v->person_id[i] % 12 != 3)
				continue;
			wrong += r->group_of[i] != 1;
			all++;
		}
		arena_reset(c->mem);
	}
	assert_int_equal(all, 400);
	if (wrong > 12)
		fail_msg("%zu of %zu are in the wrong group", wrong, all);
}

/* Cells drawn from the model itself, three of ten known: the fit finds noise, spread and axes, and its doubt about where people
 * stand is as large as its errors. */
static void the_fit_finds_what_it_was_drawn_from(void **state)
{
	enum { PEOPLE = 600, STATEMENTS = 40 };
	const double spread[2] = { 20, 8 }, noise = 0.3;
	struct ctx *c = *state;
	struct rng rng = rng_seeded(6);
	const struct opinion_votes *v = room_votes(
		c->mem, &(struct room_plan){ PEOPLE, STATEMENTS, 0, 0, false, 0.3, 6 });
	struct opinion_pca *pca = opinion_pca_make(c->mem, v);
	double *where = arena_array(c->mem, double, PEOPLE * 2), axis[2][STATEMENTS];
	assert_int_equal(v->people, PEOPLE);
	for (size_t j = 0; j < STATEMENTS; j++) {
		axis[0][j] = (j % 2 ? 1 : -1) / sqrt(STATEMENTS);
		axis[1][j] = (j / 2 % 2 ? 1 : -1) / sqrt(STATEMENTS);
	}
	for (size_t i = 0; i < PEOPLE; i++) {
		for (size_t d = 0; d < 2; d++)
			where[2 * i + d] = sqrt(spread[d]) * rng_normal(&rng);
		for (size_t at = v->row[i]; at < v->row[i + 1]; at++) {
			uint32_t j = v->statement[at];
			pca->cell[at] = where[2 * i] * axis[0][j] + where[2 * i + 1] * axis[1][j] +
					sqrt(noise) * rng_normal(&rng);
		}
	}
	const struct opinion_positions *p = opinion_positions_make(c->mem, v, pca);
	assert_close(p->noise, noise, 0.05);
	assert_true(p->spread[2] < 0.4 && p->spread[3] < 0.4);
	double error = 0, doubt = 0;
	for (size_t d = 0; d < 2; d++) {
		double along = 0;
		for (size_t j = 0; j < STATEMENTS; j++)
			along += axis[d][j] * p->axis[d * STATEMENTS + j];
		for (size_t i = 0; i < PEOPLE; i++) {
			double off = p->at[OPINION_DIRECTIONS * i + d] * (along < 0 ? -1 : 1) - where[2 * i + d];
			error += off * off / PEOPLE;
		}
		assert_true(fabs(along) > 0.99);
		assert_close(p->spread[d], spread[d], 0.12);
	}
	for (size_t i = 0; i < PEOPLE; i++)
		doubt += (1 - p->known[i]) * (p->spread[0] + p->spread[1]) / PEOPLE;
	assert_close(error, doubt, 0.03);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(groups_that_would_not_come_out_again_are_not_shown, setup, teardown),
		cmocka_unit_test_setup_teardown(the_parts_of_a_round_crowd_have_no_gap, setup, teardown),
		cmocka_unit_test_setup_teardown(four_people_are_no_group, setup, teardown),
		cmocka_unit_test_setup_teardown(many_starts_find_the_best_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(quiet_people_are_given_to_their_camp, setup, teardown),
		cmocka_unit_test_setup_teardown(the_fit_finds_what_it_was_drawn_from, setup, teardown),
		cmocka_unit_test_setup_teardown(hardly_an_answer_blows_nobody_up, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
