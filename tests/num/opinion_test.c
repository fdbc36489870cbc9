/* The parts of the deliberation engine: reading, order that must not matter, bridging, routing, one answer at a time. */
#include "fixture.h"
#include "num/opinion/opinion_groups.h"
#include "num/opinion/opinion_live.h"
#include "num/opinion/opinion_read.h"
#include "num/opinion/opinion_routing.h"
#include "opinion_rooms.h"

static const struct room_plan camps = { 80, 24, 2, 10, false, 0.6, 11 };

static void votes_are_read(void **state)
{
	struct ctx *c = *state;
	struct opinion_votes *v;
	assert_int_equal(opinion_read(c,
				 S("timestamp,vote,comment-id,voter-id\n"
				   "9,1,20,7\n"
				   "8,-1,20,7\n"
				   "x, 0 ,3,1\r\n"
				   "\n"
				   ",1,3,7\n"),
				 &v),
		OK);
	assert_true(v->people == 2 && v->statements == 2 && v->count == 3);
	assert_true(v->person_id[0] == 1 && v->person_id[1] == 7 && v->statement_id[0] == 3);
	/* The later row counts, whatever its timestamp. */
	assert_int_equal(v->vote[2], -1);
	assert_int_equal(opinion_read(c, S("voter-id,comment-id,vote\n"), &v), OK);
	assert_true(v->people == 0 && v->statements == 0 && v->count == 0);
}

static void what_is_wrong_with_votes_is_told_by_line(void **state)
{
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{"",						     "line 1: there is no header"                                },
		{ "voter,comment,vote\n",                                "line 1: the header must name voter-id, comment-id and vote"},
		{ "voter-id,comment-id,vote\n1,1,2\n",                   "line 2: vote is not 1, 0 or -1"                            },
		{ "voter-id,comment-id,vote\n1,1,1\n1,2,\n",             "line 3: vote is not 1, 0 or -1"                            },
		{ "voter-id,comment-id,vote\n\n\nx,1,1\n",               "line 4: voter-id is not a whole number"                    },
		{ "voter-id,comment-id,vote\n-1,1,1\n",                  "line 2: voter-id is not a whole number"                    },
		{ "voter-id,comment-id,vote\n1,1.5,1\n",                 "line 2: comment-id is not a whole number"                  },
		{ "voter-id,comment-id,vote\n1\n",                       "line 2: comment-id is not a whole number"                  },
		{ "voter-id,comment-id,vote\n1,9223372036854775808,1\n", "line 2: comment-id is not a whole number"                  },
		{ "voter-id,comment-id,vote\n1,1,1\n2,\"1,1\n",          "line 3: a quote is not closed"                             },
	};
	struct ctx *c = *state;
	struct opinion_votes *v;
	for (size_t k = 0; k < COUNT(wrong); k++) {
		assert_int_equal(opinion_read(c, str_of(wrong[k].text), &v), ERR_INPUT);
		assert_reason(c, wrong[k].why);
	}
}

/* Every number of R that could change without reason, in one row of bytes. */
static struct str digest(struct arena *mem, const struct opinion *r)
{
	size_t m = r->votes->statements;
	const struct {
		const void *at;
		size_t bytes;
	} parts[] = {
		{r->pca->center,      m * sizeof(double)                     },
		{ r->pca->axis,       2 * m * sizeof(double)                 },
		{ r->pca->position,   2 * r->votes->people * sizeof(double)  },
		{ r->group_of,        r->votes->people * sizeof(uint32_t)    },
		{ r->tally->agree,    r->tally->groups * m * sizeof(uint32_t)},
		{ r->group_consensus, m * sizeof(double)                     },
		{ r->lower_bound,     m * sizeof(double)                     },
		{ r->bridge->score,   m * sizeof(double)                     },
		{ r->priority,        m * sizeof(double)                     },
		{ r->order,           r->order_count * sizeof(uint32_t)      },
	};
	size_t n = 0;
	for (size_t k = 0; k < COUNT(parts); k++)
		n += parts[k].bytes;
	char *out = arena_array(mem, char, n), *at = out;
	for (size_t k = 0; k < COUNT(parts); at += parts[k++].bytes)
		memcpy(at, parts[k].at, parts[k].bytes);
	return (struct str){ out, n };
}

static void shuffle(struct opinion_answer *answers, size_t count, uint64_t seed)
{
	struct rng rng = rng_seeded(seed);
	for (size_t left = count; left > 1; left--) {
		size_t other = rng_below(&rng, left);
		struct opinion_answer old = answers[left - 1];
		answers[left - 1] = answers[other];
		answers[other] = old;
	}
}

static void the_order_of_answers_changes_no_bit(void **state)
{
	struct ctx *c = *state;
	size_t count;
	struct opinion_answer *answers = room_answers(c->mem, &camps, &count);
	struct opinion_options o = { .seed = 1 };
	struct str first = digest(c->mem, opinion_run(c->mem, opinion_votes_make(c->mem, answers, count), &o));
	for (uint64_t turn = 1; turn <= 5; turn++) {
		shuffle(answers, count, turn);
		const struct opinion *r = opinion_run(c->mem, opinion_votes_make(c->mem, answers, count), &o);
		assert_true(str_eq(digest(c->mem, r), first));
	}
}

/* New names for people and statements: the same answer under the new names. */
static void names_change_nothing(void **state)
{
	struct ctx *c = *state;
	size_t count;
	struct opinion_answer *answers = room_answers(c->mem, &camps, &count);
	struct opinion_options o = { .seed = 1 };
	const struct opinion *a = opinion_run(c->mem, opinion_votes_make(c->mem, answers, count), &o);
	for (size_t k = 0; k < count; k++) {
		answers[k].person = (answers[k].person * 37 + 5) % 80;
		answers[k].statement = 1000 - answers[k].statement;
	}
	const struct opinion *b = opinion_run(c->mem, opinion_votes_make(c->mem, answers, count), &o);
	assert_int_equal(a->groups->count, 2);
	assert_int_equal(b->groups->count, 2);
	/* Groups of equal size may change places. */
	uint32_t turned = a->group_of[0] ^ b->group_of[opinion_votes_person(b->votes, 5)];
	for (size_t i = 0; i < a->votes->people; i++) {
		uint32_t other = opinion_votes_person(b->votes, (a->votes->person_id[i] * 37 + 5) % 80);
		assert_int_equal(a->group_of[i] ^ turned, b->group_of[other]);
	}
	for (size_t j = 0; j < a->votes->statements; j++) {
		uint32_t other = opinion_votes_statement(b->votes, 1000 - a->votes->statement_id[j]);
		assert_near(a->pca->center[j], b->pca->center[other], 1e-14);
		assert_near(a->pca->extremity[j], b->pca->extremity[other], 1e-9);
		assert_near(a->group_consensus[j], b->group_consensus[other], 1e-14);
		assert_near(a->priority[j], b->priority[other], 1e-8);
		assert_near(a->bridge->score[j], b->bridge->score[other], 1e-3);
	}
}

/* Rooms at the edge: nobody, one voter, all pass, everybody of one mind, one statement. */
static void rooms_at_the_edge_have_an_answer(void **state)
{
	struct ctx *c = *state;
	struct opinion_answer all[40];
	for (size_t k = 0; k < COUNT(all); k++)
		all[k] = (struct opinion_answer){ (int64_t)(k / 8), (int64_t)(k % 8), 0 };
	for (int vote = -1; vote <= 1; vote++)
		for (size_t count = 0; count <= COUNT(all); count++)
			for (int exact = 0; exact < 2; exact++) {
				for (size_t k = 0; k < count; k++)
					all[k].vote = (int8_t)vote;
				const struct opinion_votes *v = opinion_votes_make(c->mem, all, count);
				struct opinion_options o = { .seed = 1, .exact = exact };
				const struct opinion *r = opinion_run(c->mem, v, &o);
				assert_true(exact || r->found->groups == 0);
				for (size_t j = 0; j < v->statements; j++) {
					assert_true(isfinite(r->priority[j]) && isfinite(r->pca->extremity[j]));
					assert_true(exact || isfinite(r->bridge->score[j]));
				}
				for (size_t i = 0; i < 2 * v->people; i++)
					assert_true(isfinite(r->pca->position[i]));
				arena_reset(c->mem);
			}
}

/* A statement both camps agree to bridges; one that a camp alone agrees to does not, however many its people are. */
static void bridging_is_not_majority(void **state)
{
	struct ctx *c = *state;
	struct room_plan plan = { 200, 20, 2, 18, false, 0.8, 4 };
	size_t count;
	struct opinion_answer *answers = room_answers(c->mem, &plan, &count), *kept = answers;
	size_t left = 0;
	struct rng rng = rng_seeded(9);
	for (size_t k = 0; k < count; k++) {
		/* Three of four are of camp 0. Statement 18: nine of ten agree in both. */
		if (answers[k].person % 2 == 1 && answers[k].person % 3 != 0)
			continue;
		if (answers[k].statement == 18)
			answers[k].vote = rng_unit(&rng) < 0.9 ? 1 : -1;
		kept[left++] = answers[k];
	}
	const struct opinion_votes *v = opinion_votes_make(c->mem, kept, left);
	const struct opinion_pca *pca = opinion_pca_make(c->mem, v);
	const struct opinion_bridge *b = opinion_bridge_make(c->mem, v, pca, 1);
	assert_int_equal(b->status[18], OPINION_BRIDGE_HELPS);
	for (size_t j = 0; j < 18; j++) {
		assert_true(b->score[j] < b->score[18] - 0.1);
		assert_int_not_equal(b->status[j], OPINION_BRIDGE_HELPS);
	}
	/* Other starts lead to the same minimum. */
	for (uint64_t seed = 2; seed <= 6; seed++)
		assert_close(opinion_bridge_make(c->mem, v, pca, seed)->loss, b->loss, 1e-4);
}

/* Everybody against: it parts. Four answers say nothing, five do. */
static void bridging_has_a_word_for_each_statement(void **state)
{
	struct ctx *c = *state;
	enum { PEOPLE = 40 };
	struct opinion_answer *answers = arena_array(c->mem, struct opinion_answer, PEOPLE * 6);
	size_t n = 0;
	for (int64_t i = 0; i < PEOPLE; i++) {
		answers[n++] = (struct opinion_answer){ i, 0, 1 };
		answers[n++] = (struct opinion_answer){ i, 1, -1 };
		answers[n++] = (struct opinion_answer){ i, 2, i % 2 ? 1 : -1 };
		answers[n++] = (struct opinion_answer){ i, 3, i % 2 ? -1 : 1 };
		if (i < 4)
			answers[n++] = (struct opinion_answer){ i, 4, 1 };
		if (i < 5)
			answers[n++] = (struct opinion_answer){ i, 5, 1 };
	}
	const struct opinion_votes *v = opinion_votes_make(c->mem, answers, n);
	const struct opinion_bridge *b = opinion_bridge_make(c->mem, v, opinion_pca_make(c->mem, v), 1);
	assert_int_equal(b->status[1], OPINION_BRIDGE_PARTS);
	assert_true(b->score[1] < -0.05 - 0.8 * fabs(b->factor[1]) && b->score[1] > -0.5);
	assert_int_equal(b->status[2], OPINION_BRIDGE_OPEN);
	assert_int_equal(b->status[4], OPINION_BRIDGE_UNKNOWN);
	assert_int_not_equal(b->status[5], OPINION_BRIDGE_UNKNOWN);
	for (size_t j = 0; j < 4; j++)
		assert_int_equal(b->status[j] == OPINION_BRIDGE_HELPS, b->score[j] >= 0.4);
}

/* The function of opinion_bridge.h, written down once more: X holds mu, then i and f of each person, then of each statement. */
static double bridge_loss(const struct opinion_votes *v, const double *x)
{
	double sum = 0, m = (double)v->count, n[2] = { (double)v->people, (double)v->statements };
	for (size_t i = 0; i < v->people; i++)
		for (size_t at = v->row[i]; at < v->row[i + 1]; at++) {
			const double *p = x + 1 + 2 * i, *s = x + 1 + 2 * (v->people + v->statement[at]);
			double rest = (v->vote[at] + 1) / 2.0 - x[0] - p[0] - s[0] - p[1] * s[1];
			sum += rest * rest;
		}
	sum += 0.15 * m * x[0] * x[0];
	for (size_t t = 0; t < v->people + v->statements; t++)
		sum += m / n[t >= v->people] *
		       (0.15 * x[1 + 2 * t] * x[1 + 2 * t] + 0.03 * x[2 + 2 * t] * x[2 + 2 * t]);
	return sum;
}

/* Beside a search that knows nothing but that function: one number after the other, by a parabola through three points. */
static void bridging_finds_the_minimum(void **state)
{
	enum { PEOPLE = 6, STATEMENTS = 5, SIZE = 1 + 2 * (PEOPLE + STATEMENTS) };
	struct ctx *c = *state;
	const struct opinion_votes *v = room_votes(
		c->mem, &(struct room_plan){ PEOPLE, STATEMENTS, 2, 3, false, 0.9, 21 });
	assert_true(v->people == PEOPLE && v->statements == STATEMENTS);
	const struct opinion_bridge *b = opinion_bridge_make(c->mem, v, opinion_pca_make(c->mem, v), 1);
	struct rng rng = rng_seeded(8);
	double least = HUGE_VAL, mean = 0;
	for (int start = 0; start < 12; start++) {
		double x[SIZE];
		for (size_t k = 0; k < SIZE; k++)
			x[k] = rng_normal(&rng);
		for (int round = 0; round < 1500; round++)
			for (size_t k = 0; k < SIZE; k++) {
				double at = x[k], here = bridge_loss(v, x);
				x[k] = at - 1;
				double below = bridge_loss(v, x);
				x[k] = at + 1;
				double above = bridge_loss(v, x);
				x[k] = at + (below - above) / (2 * (below + above - 2 * here));
			}
		double loss = bridge_loss(v, x);
		mean = loss < least ? x[0] : mean;
		least = fmin(least, loss);
	}
	assert_close(b->loss, least, 1e-4);
	assert_near(b->mean, mean, 1e-2);
}

static void routing_is_the_same_offline(void **state)
{
	struct ctx *c = *state;
	const struct opinion *r = opinion_run(
		c->mem, room_votes(c->mem, &camps), &(struct opinion_options){ .seed = 1 });
	size_t m = r->votes->statements;
	uint32_t *mine = arena_array(c->mem, uint32_t, m), *again = arena_array(c->mem, uint32_t, m);
	bool *answered = arena_array(c->mem, bool, m);
	assert_int_equal(opinion_order_for(r->votes, r->priority, NULL, 5, 77, mine), m);
	/* As statements are answered, the others keep their order. */
	for (size_t k = 0; k < m; k++) {
		assert_int_equal(opinion_order_for(r->votes, r->priority, answered, 5, 77, again), m - k);
		assert_memory_equal(again, mine + k, (m - k) * sizeof *again);
		answered[mine[k]] = true;
	}
	/* Somebody else sees another order; the room as a whole sees first what has priority. */
	double *first = arena_array(c->mem, double, m), sum = 0;
	for (int64_t person = 0; person < 4000; person++) {
		opinion_order_for(r->votes, r->priority, NULL, 5, person, again);
		first[again[0]]++;
	}
	for (size_t j = 0; j < m; j++)
		sum += r->priority[j];
	for (size_t j = 0; j < m; j++)
		assert_near(first[j] / 4000, r->priority[j] / sum, 0.04);
	for (size_t k = 1; k < r->order_count; k++)
		assert_true(r->priority[r->order[k - 1]] >= r->priority[r->order[k]]);
}

/* Live beside a recomputation with the same map and groups. */
static void live_counts_are_those_of_the_whole(void **state)
{
	struct ctx *c = *state;
	size_t count, before;
	struct opinion_answer *answers = room_answers(c->mem, &camps, &count);
	struct opinion_options o = { .seed = 1 };
	shuffle(answers, count, 3);
	before = count * 3 / 4;
	const struct opinion *r = opinion_run(c->mem, opinion_votes_make(c->mem, answers, before), &o);
	assert_int_equal(r->groups->count, 2);
	struct opinion_live *l = opinion_live_begin(c->mem, r);
	for (size_t k = before; k < count; k++)
		assert_true(opinion_live_vote(l, answers[k].person, answers[k].statement, answers[k].vote));
	const struct opinion_votes *v = opinion_votes_make(c->mem, answers, count);
	uint32_t *label = arena_array(c->mem, uint32_t, v->people);
	for (size_t i = 0; i < v->people; i++) {
		uint32_t old = opinion_votes_person(r->votes, v->person_id[i]);
		label[i] = old == OPINION_NONE ? OPINION_NONE : r->group_of[old];
	}
	const struct opinion_tally *t = opinion_tally_make(c->mem, v, label, 2), *room = opinion_tally_room(c->mem, v);
	const struct opinion_pca *pca = opinion_pca_make(c->mem, v);
	for (size_t j = 0; j < v->statements; j++) {
		uint32_t at = opinion_live_statement(l, v->statement_id[j]);
		assert_true(l->everybody.seen[at] == room->seen[j] && l->everybody.agree[at] == room->agree[j]);
		assert_near(l->center[at], pca->center[j], 1e-15);
		for (size_t g = 0; g < 2; g++) {
			assert_int_equal(l->tally.agree[g * l->room + at], t->agree[g * v->statements + j]);
			assert_int_equal(l->tally.disagree[g * l->room + at], t->disagree[g * v->statements + j]);
			assert_int_equal(l->tally.seen[g * l->room + at], t->seen[g * v->statements + j]);
		}
	}
}

static void live_takes_new_people_and_statements(void **state)
{
	struct ctx *c = *state;
	const struct opinion *r = opinion_run(
		c->mem, room_votes(c->mem, &camps), &(struct opinion_options){ .seed = 1 });
	struct opinion_live *l = opinion_live_begin(c->mem, r);
	double xy[2], again[2];
	int64_t next = 0;
	/* Who was there stands where he stood. */
	assert_true(opinion_live_place(l, 7, xy));
	assert_near(xy[0], r->positions->at[7 * OPINION_DIRECTIONS], 1e-12);
	assert_false(opinion_live_place(l, 5000, xy));
	assert_true(opinion_live_next(l, 5000, 1, &next));
	/* A change of mind and back leaves everything as it was. */
	uint32_t j = opinion_live_statement(l, 3);
	double priority = l->priority[j];
	assert_true(opinion_live_vote(l, 5000, 3, 1));
	assert_true(opinion_live_place(l, 5000, xy));
	assert_true(opinion_live_vote(l, 5000, 3, -1));
	assert_true(opinion_live_place(l, 5000, again) && xy[0] * again[0] < 0);
	assert_true(opinion_live_vote(l, 5000, 3, 1));
	assert_true(opinion_live_place(l, 5000, again));
	assert_near(xy[0], again[0], 0);
	assert_near(l->priority[j], priority, 0.2 * priority);
	/* A new statement comes early, and is asked of those who have not answered it. */
	assert_true(opinion_live_vote(l, 5000, 900, 1));
	uint32_t new = opinion_live_statement(l, 900);
	size_t lower = 0;
	for (size_t k = 0; k < l->statements; k++)
		lower += l->priority[k] < l->priority[new];
	assert_true(lower > r->votes->statements / 2);
	/* Everything answered: nothing is next. */
	for (size_t k = 0; k < l->statements; k++)
		assert_true(opinion_live_vote(l, 5000, l->statement_id[k], 0));
	assert_false(opinion_live_next(l, 5000, 1, &next));
	/* New statements come to an end. */
	for (int64_t k = 1; k < OPINION_LIVE_NEW; k++)
		assert_true(opinion_live_vote(l, 6000 - k, 100000 - k, 1));
	assert_false(opinion_live_vote(l, 5000, 200000, 1));
	assert_true(opinion_live_vote(l, 5000, 100000 - 5, 1));
}

static void the_next_statement_live_is_the_first_of_the_order(void **state)
{
	struct ctx *c = *state;
	const struct opinion_votes *v = room_votes(c->mem, &camps);
	const struct opinion *r = opinion_run(c->mem, v, &(struct opinion_options){ .seed = 1 });
	struct opinion_live *l = opinion_live_begin(c->mem, r);
	uint32_t *order = arena_array(c->mem, uint32_t, v->statements);
	for (size_t i = 0; i < v->people; i++) {
		bool *answered = arena_array(c->mem, bool, v->statements);
		for (size_t at = v->row[i]; at < v->row[i + 1]; at++)
			answered[v->statement[at]] = true;
		int64_t next;
		size_t count = opinion_order_for(v, r->priority, answered, 9, v->person_id[i], order);
		assert_int_equal(opinion_live_next(l, v->person_id[i], 9, &next), count > 0);
		if (count > 0)
			assert_int_equal(next, v->statement_id[order[0]]);
	}
}

/* What a moderator took out is asked of nobody and moves nobody, live as in the whole. */
static void what_was_taken_out_is_not_asked(void **state)
{
	struct ctx *c = *state;
	struct opinion_votes *v = room_votes(c->mem, &camps);
	opinion_votes_moderate(v, 4);
	const struct opinion *r = opinion_run(c->mem, v, &(struct opinion_options){ .seed = 1 });
	struct opinion_live *l = opinion_live_begin(c->mem, r);
	uint32_t *order = arena_array(c->mem, uint32_t, v->statements), out = opinion_votes_statement(v, 4);
	bool *answered = arena_array(c->mem, bool, v->statements);
	double before[2], after[2];
	int64_t next;
	assert_int_equal(r->order_count, v->statements - 1);
	assert_int_equal(opinion_order_for(v, r->priority, answered, 3, 5000, order), v->statements - 1);
	for (size_t k = 0; k + 1 < v->statements; k++)
		assert_true(order[k] != out && r->order[k] != out);
	for (size_t j = 0; j < v->statements; j++)
		if (j != out)
			assert_true(opinion_live_vote(l, 5000, v->statement_id[j], 1));
	assert_false(opinion_live_next(l, 5000, 3, &next));
	assert_true(opinion_live_place(l, 5000, before));
	assert_true(opinion_live_vote(l, 5000, 4, 1));
	assert_true(opinion_live_place(l, 5000, after));
	assert_true(before[0] == after[0] && before[1] == after[1]);
}

/* Where the room is one, a newcomer is one of its people. */
static void a_newcomer_belongs_to_the_whole_room(void **state)
{
	struct ctx *c = *state;
	const struct opinion *r = opinion_run(c->mem,
		room_votes(c->mem, &(struct room_plan){ 60, 20, 0, 0, false, 0.6, 5 }),
		&(struct opinion_options){ .seed = 1 });
	assert_int_equal(r->found->groups, 0);
	struct opinion_live *l = opinion_live_begin(c->mem, r);
	uint32_t j = opinion_live_statement(l, 3), agree = l->tally.agree[j];
	assert_true(opinion_live_vote(l, 5000, 3, 1));
	assert_true(l->tally.size[0] == 61 && l->everybody.size[0] == 61 && l->tally.agree[j] == agree + 1);
}

static void common_ground_by_hand(void **state)
{
	(void)state;
	uint32_t agree[] = { 8, 2 }, disagree[] = { 1, 6 }, seen[] = { 10, 8 };
	size_t size[] = { 10, 8 };
	struct opinion_tally t = { 2, 1, agree, disagree, seen, size };
	double out;
	opinion_group_consensus(&t, &out);
	assert_near(out, 9.0 / 12 * 3.0 / 10, 1e-15);
	opinion_comparable_consensus(&t, &out);
	assert_near(out, sqrt(9.0 / 12 * 3.0 / 10), 1e-15);
	opinion_divisiveness(&t, &out);
	assert_near(out, 4 * 0.225 * 0.225, 1e-15);
	opinion_lower_bound(&t, &out);
	/* qbeta(0.2, 3, 7) by R 4.2. */
	assert_near(out, 0.1758, 5e-4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(votes_are_read, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_wrong_with_votes_is_told_by_line, setup, teardown),
		cmocka_unit_test_setup_teardown(the_order_of_answers_changes_no_bit, setup, teardown),
		cmocka_unit_test_setup_teardown(names_change_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(rooms_at_the_edge_have_an_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(bridging_is_not_majority, setup, teardown),
		cmocka_unit_test_setup_teardown(bridging_has_a_word_for_each_statement, setup, teardown),
		cmocka_unit_test_setup_teardown(bridging_finds_the_minimum, setup, teardown),
		cmocka_unit_test_setup_teardown(routing_is_the_same_offline, setup, teardown),
		cmocka_unit_test_setup_teardown(live_counts_are_those_of_the_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(live_takes_new_people_and_statements, setup, teardown),
		cmocka_unit_test_setup_teardown(the_next_statement_live_is_the_first_of_the_order, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_taken_out_is_not_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(a_newcomer_belongs_to_the_whole_room, setup, teardown),
		cmocka_unit_test_setup_teardown(common_ground_by_hand, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
