/* A walk over what three people, two posts, the clock and a job worker that dies between steps can make of an alert. From each
 * state every action is tried; states are known by a hash and visited once. The walk knows the rules a second time, in its own
 * words: who is there since when, and who has said that it is over. It proves, as far as it gets: never ended by silence, never
 * open without a deadline, never ended against the rule; also with one post that has anybody, and with one member. */
#include "test.h"
#include "base/clock.h"
#include "features/escalation/escalation.h"
#include <stdlib.h>

enum { PEOPLE = 3, TOP = 1, STATES_MAX = 100000, SET_SIZE = 1 << 19 };

static const int64_t START_MS = INT64_C(1785589200000);
static const int64_t ZONE_MS = 7 * HOUR_MS;

/* Who there is: posts 10 and 20. */
struct cast {
	const char *name;
	int people;
	int64_t posts[PEOPLE];
	bool called[PEOPLE], above[PEOPLE];
	int64_t staffed;
	bool blind[PEOPLE]; /* do not see the reports whose words come in */
};
static const struct cast casts[] = {
	{"two posts",			      3, { 10, 10, 20 }, { true, true, true },  { false },              2, { false }},
	{ "two posts, one of them blind",          3, { 10, 10, 20 }, { true, true, true },  { false },              2,
         { false, false, true }												  },
	{ "one post and the desk above it",        3, { 10, 10, 20 }, { true, true, false }, { false, false, true }, 1,
         { false }													       },
	{ "one post and one that only takes part", 3, { 10, 10, 20 }, { true, true, false }, { false },              1, { false }},
	{ "one member",			    1, { 10 },         { true },              { false },              1, { false }},
};

/* What the walk knows of people, apart from the alert. */
struct truth {
	int64_t there_ms[PEOPLE]; /* since when they are there, as owners, by their own word */
	bool says_over[PEOPLE];
};
enum { RECEIPTS = 2 };
struct world {
	struct escalation a;
	struct worded words[RECEIPTS]; /* of two receipts */
	int64_t rang_ms[RECEIPTS];     /* when a word of each rang at once last; 0: never */
	bool unheard[RECEIPTS];        /* and nobody has answered since */
	bool raised[RECEIPTS];         /* it has raised a call already */
	struct truth truth;
	int64_t now_ms;
	bool helps[PEOPLE];
	int64_t declined_ms[PEOPLE]; /* when they last said that they cannot take it; 0: never */
	/* the last answer, for who takes it back */
	bool has_last, alone;
	struct escalation before;
	struct truth truth_before;
	int64_t declined_before[PEOPLE];
	int last_who;
	int64_t last_ms;
};

struct walk {
	const struct cast *cast;
	uint64_t *seen;
	struct world *queue;
	size_t head, tail, steps, ends, anew;
	bool full;
};

static int clamp(int64_t ms, int64_t now_ms)
{
	if (ms == 0)
		return -1000;
	int64_t s = (ms - now_ms) / SECOND_MS;
	return (int)(s < -200 ? -200 : s > 2000 ? 2000 : s);
}

static uint64_t mix(uint64_t h, int64_t v)
{
	h = (h ^ (uint64_t)v) * UINT64_C(0x9E3779B97F4A7C15);
	return h ^ h >> 29;
}

static uint64_t hash_alert(uint64_t h, const struct escalation *a, int64_t now_ms)
{
	const int64_t parts[] = { a->level, a->state, a->step, a->rings < 3 ? a->rings : 3, a->owner_id,
		a->owner_post_id, a->offered_to, a->owned_ms != 0, clamp(a->there_ms, now_ms),
		clamp(a->next_ms, now_ms), a->late_ms != 0, clamp(a->rung_ms, now_ms), clamp(a->unread_ms, now_ms),
		a->over_by, a->over_as, a->ended_ms != 0 };
	for (size_t i = 0; i < COUNT(parts); i++)
		h = mix(h, parts[i]);
	return h;
}

static bool declined(const struct world *w, int i)
{
	return w->declined_ms[i] && w->declined_ms[i] >= w->a.rung_ms;
}

static uint64_t hash(const struct world *w)
{
	uint64_t h = hash_alert(1, &w->a, w->now_ms);
	for (int i = 0; i < PEOPLE; i++)
		h = mix(mix(h, clamp(w->truth.there_ms[i], w->now_ms)),
			w->truth.says_over[i] * 4 + w->helps[i] * 2 + declined(w, i));
	for (int i = 0; i < RECEIPTS; i++) {
		const struct worded *r = &w->words[i];
		const int64_t parts[] = { r->rings < 4 ? r->rings : 4, clamp(r->rung_ms, w->now_ms),
			r->calls < 4 ? r->calls : 4, r->held_ms != 0, w->unheard[i] * 2 + w->raised[i],
			clamp(w->rang_ms[i], w->now_ms) };
		for (size_t k = 0; k < COUNT(parts); k++)
			h = mix(h, parts[k]);
	}
	if (w->has_last && w->last_ms + MINUTE_MS >= w->now_ms)
		h = hash_alert(mix(h, w->last_who * 2 + w->alone), &w->before, w->now_ms);
	return h ? h : 1;
}

static bool is_new(struct walk *k, uint64_t h)
{
	size_t at = h & (SET_SIZE - 1);
	while (k->seen[at] && k->seen[at] != h)
		at = (at + 1) & (SET_SIZE - 1);
	bool fresh = !k->seen[at];
	k->seen[at] = h;
	return fresh;
}

static void visit(struct walk *k, const struct world *w)
{
	k->steps++;
	assert_true((w->a.ended_ms != 0) != (w->a.next_ms != 0)); /* never open without a deadline */
	if (k->tail == STATES_MAX)
		k->full = true;
	else if (is_new(k, hash(w)))
		k->queue[k->tail++] = *w;
}

static struct answerer who_is(const struct walk *k, const struct world *w, int i)
{
	const struct cast *c = k->cast;
	struct answerer who = { .account_id = i + 1,
		.post_id = c->posts[i],
		.called = c->called[i],
		.above = c->above[i],
		.offered = w->a.offered_to == c->posts[i],
		.helps = w->helps[i],
		.blind = c->blind[i],
		.declined = declined(w, i),
		.nobody_left = true,
		.staffed = c->staffed };
	for (int j = 0; j < c->people; j++)
		who.nobody_left = who.nobody_left && (j == i || !c->called[j] || declined(w, j));
	for (int j = 0; j < c->people; j++)
		if (w->a.over_by == j + 1)
			who.over_called = c->called[j];
	return who;
}

/* The rule of design.md, 8 B, in other words than escalation.c's. */
static bool may_end(const struct walk *k, const struct world *w, int who)
{
	const struct cast *c = k->cast;
	bool owner_there = w->a.owner_id == who + 1 && w->truth.there_ms[who] &&
			   w->now_ms - w->truth.there_ms[who] >= 120 * SECOND_MS;
	if (owner_there)
		return true;
	for (int other = 0; other < c->people; other++) {
		if (other == who || !w->truth.says_over[other])
			continue;
		bool both_called = c->called[who] && c->called[other];
		if (both_called && c->posts[who] != c->posts[other])
			return true;
		bool one_and_above = (c->called[who] && c->above[other]) || (c->called[other] && c->above[who]);
		if (c->staffed == 1 && (both_called || one_and_above))
			return true;
	}
	return false;
}

static void nobody_says_over(struct truth *t)
{
	memset(t->says_over, 0, sizeof t->says_over);
}

static void learn(struct world *w, int who, enum answer what)
{
	struct truth *t = &w->truth;
	if (what == ANSWER_THERE && !t->there_ms[who])
		t->there_ms[who] = w->now_ms;
	if (what == ANSWER_ON_THE_WAY)
		t->there_ms[who] = 0;
	if (w->a.owner_id != w->before.owner_id) {
		memset(t->there_ms, 0, sizeof t->there_ms);
		nobody_says_over(t);
	}
	if (what == ANSWER_CALM || what == ANSWER_FALSE_ALARM)
		t->says_over[who] = true;
	if (what == ANSWER_HELPING)
		w->helps[who] = true;
	if (!w->before.unread_ms || w->a.unread_ms)
		return;
	for (int i = 0; i < RECEIPTS; i++) { /* alerts.c tells the words of a call that they were heard */
		w->words[i].rings = w->words[i].held_ms = 0;
		w->unheard[i] = false;
	}
}

/* The same tap again, at once, changes nothing more. */
static void tap_twice(const struct walk *k, const struct world *once, int who, enum answer what, int64_t with)
{
	struct turn t;
	struct answerer again = who_is(k, once, who);
	enum verdict v = escalation_answer(&once->a, &again, what, with, once->now_ms, &t);
	if (v == VERDICT_CHANGES)
		assert_memory_equal(&t.to, &once->a, sizeof t.to);
}

/* "Cannot take it" makes it climb when, and only when, everybody else who was called has said so since it rang; never what
 * somebody has, and never what has not rung yet. */
static void nobody_is_waited_for_in_vain(
	const struct walk *k, const struct world *w, int who, enum answer what, const struct turn *t)
{
	bool all = what == ANSWER_SEEN && !w->a.owner_id && w->a.rung_ms;
	for (int i = 0; i < k->cast->people; i++)
		all = all && (i == who || !k->cast->called[i] || declined(w, i));
	assert_int_equal(t->climbs, all);
	if (what == ANSWER_SEEN)
		assert_int_equal(t->to.ended_ms, 0);
}

static void answer(struct walk *k, const struct world *w, int i, enum answer what)
{
	struct world to = *w;
	struct turn t;
	struct answerer who = who_is(k, w, i);
	int64_t with = what == ANSWER_HANDED_OVER ? 30 - who.post_id : what == ANSWER_PLANNED ? w->now_ms + DAY_MS : 0;
	if (escalation_answer(&w->a, &who, what, with, w->now_ms, &t) != VERDICT_CHANGES) {
		assert_memory_equal(&t.to, &w->a, sizeof t.to);
		return;
	}
	/* Who does not see the word that waits neither takes the mark off it, nor puts its deadline off, nor ends it. */
	if (who.blind && w->a.unread_ms) {
		assert_int_equal(t.to.unread_ms, w->a.unread_ms);
		assert_int_equal(t.to.ended_ms, 0);
		assert_true(t.to.next_ms <= w->a.next_ms);
	}
	if (t.to.ended_ms) {
		k->ends++;
		assert_true(what == ANSWER_CALM || what == ANSWER_FALSE_ALARM);
		assert_true(may_end(k, w, i));
	}
	to.a = t.to;
	nobody_is_waited_for_in_vain(k, w, i, what, &t);
	if (what == ANSWER_SEEN)
		to.declined_ms[i] = w->now_ms;
	memcpy(to.declined_before, w->declined_ms, sizeof to.declined_before);
	to.before = w->a;
	if (t.climbs && w->a.step < TOP) {
		escalation_steps_from(&to.a, 60, w->now_ms);
		escalation_climbed(&to.a, w->a.step + 1, w->a.step + 1 < TOP, 60, w->now_ms, ZONE_MS);
		to.before.step = to.a.step; /* that it was called is not taken back, as in alerts_answer.c */
		to.before.ladder_ms = to.a.ladder_ms;
		to.before.rung_ms = to.a.rung_ms;
	}
	to.truth_before = w->truth;
	to.has_last = to.alone = true;
	to.last_who = i;
	to.last_ms = w->now_ms;
	learn(&to, i, what);
	tap_twice(k, &to, i, what, with);
	visit(k, &to);
}

static void take_back(struct walk *k, const struct world *w, int i, bool others_acted)
{
	struct world to = *w;
	struct turn t;
	if (!w->has_last)
		return;
	struct answered last = { .before = w->before,
		.what = ANSWER_MINE,
		.account_id = w->last_who + 1,
		.at_ms = w->last_ms,
		.alone = w->alone };
	if (!escalation_undo(&w->a, &last, i + 1, others_acted, w->now_ms, &t))
		return;
	assert_int_equal(i, w->last_who);
	assert_true(w->now_ms - w->last_ms <= 60 * SECOND_MS && !others_acted);
	assert_int_equal(t.to.ended_ms, 0);
	if (w->alone)
		assert_memory_equal(&t.to, &w->before, sizeof t.to);
	to.a = t.to;
	to.truth = w->truth_before;
	memcpy(to.declined_ms, w->declined_before, sizeof to.declined_ms);
	to.has_last = false;
	visit(k, &to);
}

/* What stands in the row is what the clock, a job or the reporter made of it: never an end. */
static void moved(struct walk *k, struct world *to, const struct escalation *a)
{
	assert_int_equal(a->ended_ms, to->a.ended_ms);
	to->a = *a;
	to->alone = false;
	visit(k, to);
}

/* The worker does what is due. Where it was killed, or died before its commit, the world goes on without this. */
static void work(struct walk *k, const struct world *w)
{
	struct world to = *w;
	struct turn t;
	if (!escalation_is_due(&w->a, w->now_ms))
		return;
	bool more = w->a.step < TOP;
	escalation_late(&w->a, more, 60, w->now_ms, ZONE_MS, &t);
	if (more)
		escalation_climbed(&t.to, w->a.step + 1, w->a.step + 1 < TOP, 60, w->now_ms, ZONE_MS);
	assert_true(t.to.next_ms > w->now_ms);
	assert_true(escalation_is_held(&w->a) ? !t.to.late_ms : t.to.late_ms && t.to.late_ms <= w->now_ms);
	assert_true(t.to.rung_ms == w->now_ms);
	assert_int_equal(t.to.owner_id, w->a.owner_id);
	moved(k, &to, &t.to);
}

static void pass(struct walk *k, const struct world *w, int64_t ms)
{
	struct world to = *w;
	to.now_ms += ms;
	if (ms > 0)
		visit(k, &to);
}

/* What is written after the end, and only that, is another call: nobody has it or has said anything of it, and it climbs from its
 * first step, as alerts.c calls it, with the word waiting: at once for the first of a receipt, within the hour for a further one.
 * Nothing of the one that ended can be taken back any more. */
static void written_anew(struct walk *k, struct world *to, int who, enum written written)
{
	const struct escalation *anew = &to->a;
	assert_true(!anew->ended_ms && !anew->owner_id && !anew->over_by);
	assert_int_equal(anew->step, -1);
	assert_int_equal(anew->unread_ms, to->now_ms);
	assert_int_equal(escalation_is_held(anew), written == WRITTEN_HELD);
	if (written == WRITTEN_HELD) {
		assert_true(to->raised[who]);
		assert_true(anew->next_ms > to->now_ms && anew->next_ms <= to->now_ms + HOUR_MS);
	} else {
		escalation_climbed(&to->a, 0, true, 60, to->now_ms, ZONE_MS);
	}
	memset(&to->truth, 0, sizeof to->truth);
	memset(to->helps, 0, sizeof to->helps);
	memset(to->declined_ms, 0, sizeof to->declined_ms);
	to->has_last = false;
	to->raised[who] = true;
	k->anew++;
	visit(k, to);
}

/* One of two receipts writes. Its first word and its first after an answer ring at once; one that waits does not ring for the
 * first gap of its level, and reaches somebody within the hour all the same. */
static void writes(struct walk *k, const struct world *w, int who)
{
	struct world to = *w;
	struct turn t;
	bool held = escalation_is_held(&w->a);
	enum written written = escalation_written(&w->a, &w->words[who], 0, w->now_ms, &t, &to.words[who]);
	bool rings = written != WRITTEN_QUIET && written != WRITTEN_HELD, soon = w->unheard[who] || w->raised[who];
	int64_t gap = w->a.level == LEVEL_NYATA ? 3 * MINUTE_MS : 15 * MINUTE_MS;
	if (rings && soon && (w->unheard[who] || w->a.ended_ms))
		assert_true(w->now_ms - w->rang_ms[who] >= gap);
	if (!soon)
		assert_true(rings);
	if (!w->a.ended_ms && !held && !w->unheard[who])
		assert_int_equal(written, WRITTEN_RINGS);
	assert_true(t.to.unread_ms > 0 && t.to.next_ms <= w->now_ms + (rings ? 12 * HOUR_MS : HOUR_MS));
	to.unheard[who] = true;
	if (rings)
		to.rang_ms[who] = w->now_ms;
	assert_int_equal(w->a.ended_ms != 0, written == WRITTEN_ANEW || written == WRITTEN_HELD);
	if (w->a.ended_ms) {
		to.a = t.to;
		written_anew(k, &to, who, written);
		return;
	}
	to.raised[who] = w->raised[who] || held;
	nobody_says_over(&to.truth);
	if (written == WRITTEN_CLIMBS)
		escalation_climbed(&t.to, 0, true, 60, w->now_ms, ZONE_MS);
	moved(k, &to, &t.to);
}

static void reporter(struct walk *k, const struct world *w)
{
	struct world to = *w;
	struct turn t;
	for (int i = 0; i < RECEIPTS; i++)
		writes(k, w, i);
	for (int level = LEVEL_AMBANG; level <= LEVEL_NYATA && !w->a.ended_ms; level++) {
		to = *w;
		nobody_says_over(&to.truth);
		if (escalation_joined(&w->a, (enum level)level, w->now_ms, &t) == JOINED_CLIMBS)
			escalation_climbed(&t.to, 0, true, 60, w->now_ms, ZONE_MS);
		moved(k, &to, &t.to);
	}
}

static void go_on(struct walk *k, const struct world *w)
{
	for (int i = 0; i < k->cast->people; i++) {
		for (int what = 0; what < ANSWER_COUNT; what++)
			answer(k, w, i, (enum answer)what);
		take_back(k, w, i, false);
		take_back(k, w, i, true);
	}
	work(k, w);
	reporter(k, w);
	pass(k, w, 30 * SECOND_MS);
	pass(k, w, 2 * MINUTE_MS);
	pass(k, w, w->a.ended_ms ? 0 : w->a.next_ms - w->now_ms);
}

/* Late and taken by somebody who is silent: anybody else can take it, and the owner can go on. */
static void nobody_is_stuck(const struct walk *k, const struct world *w)
{
	for (int i = 0; i < k->cast->people && !w->a.ended_ms; i++) {
		struct answerer who = who_is(k, w, i);
		unsigned may = escalation_possible(&w->a, &who, w->now_ms);
		if (!w->a.owner_id || w->a.late_ms)
			assert_true(may >> ANSWER_MINE & 1);
		if (w->a.owner_id == i + 1 && w->a.late_ms)
			assert_true(may >> ANSWER_THERE & 1);
	}
}

static void walk(const struct cast *cast)
{
	struct walk k = { .cast = cast };
	k.seen = calloc(SET_SIZE, sizeof *k.seen);
	k.queue = calloc(STATES_MAX, sizeof *k.queue);
	assert_non_null(k.seen);
	assert_non_null(k.queue);
	struct world first = { .now_ms = START_MS, .a = escalation_new(LEVEL_AMBANG, START_MS) };
	escalation_climbed(&first.a, 0, true, 60, START_MS, ZONE_MS);
	visit(&k, &first);
	for (; k.head < k.tail; k.head++) {
		nobody_is_stuck(&k, &k.queue[k.head]);
		go_on(&k, &k.queue[k.head]);
	}
	print_message("# %s: %zu states%s, %zu steps, %zu of them ended it\n", cast->name, k.tail,
		k.full ? " (and more)" : "", k.steps, k.ends);
	assert_true(k.ends > 0 && k.anew > 0);
	free(k.seen);
	free(k.queue);
}

static void no_alert_is_lost_between_two_posts(void **state)
{
	(void)state;
	walk(&casts[0]);
}

static void no_alert_is_lost_where_one_post_has_anybody(void **state)
{
	(void)state;
	walk(&casts[2]);
	walk(&casts[3]);
}

static void no_alert_is_lost_with_one_member(void **state)
{
	(void)state;
	walk(&casts[4]);
}

static void no_word_is_lost_to_who_does_not_see_it(void **state)
{
	(void)state;
	walk(&casts[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_alert_is_lost_between_two_posts),
		cmocka_unit_test(no_alert_is_lost_where_one_post_has_anybody),
		cmocka_unit_test(no_alert_is_lost_with_one_member),
		cmocka_unit_test(no_word_is_lost_to_who_does_not_see_it),
	};
	return cmocka_run_group_tests_name("escalation_walk", tests, NULL, NULL);
}
