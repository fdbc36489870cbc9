/* Whoever hears a call and cannot take it says so; nobody is waited for who has. */
#include "test.h"
#include "base/clock.h"
#include "features/escalation/escalation.h"

static const int64_t START_MS = INT64_C(1785589200000); /* 2026-08-01 20.00 WIB */
static const int64_t ZONE_MS = 7 * HOUR_MS;

static struct escalation ringing(enum level level)
{
	struct escalation a = escalation_new(level, START_MS);
	escalation_climbed(&a, 0, true, 60, START_MS, ZONE_MS);
	return a;
}

static struct turn says(const struct escalation *a, const struct answerer *who, enum answer what, enum verdict wanted)
{
	struct turn t;
	assert_int_equal(escalation_answer(a, who, what, 0, START_MS, &t), wanted);
	return t;
}

static void who_cannot_take_it_says_so_once_a_ring_and_the_last_of_all_makes_it_climb(void **state)
{
	struct answerer one = { .account_id = 1, .post_id = 10, .called = true, .staffed = 2 };
	struct answerer other = { .account_id = 3, .post_id = 20, .called = true, .staffed = 2 };
	struct turn t;
	(void)state;
	struct escalation a = ringing(LEVEL_POTENSI);
	t = says(&a, &one, ANSWER_SEEN, VERDICT_CHANGES);
	assert_false(t.climbs);
	assert_int_equal(t.to.next_ms, a.next_ms);
	/* Whoever has said so need not be asked again before it rings again; everybody else can. */
	one.declined = true;
	says(&t.to, &one, ANSWER_SEEN, VERDICT_SAME);
	assert_false(escalation_possible(&t.to, &one, START_MS) >> ANSWER_SEEN & 1);
	other.nobody_left = true;
	a = t.to;
	t = says(&a, &other, ANSWER_SEEN, VERDICT_CHANGES);
	assert_true(t.climbs);
	assert_int_equal(t.to.ended_ms, 0);
	/* Somebody has it: nobody is asked whether they could. */
	one.declined = false;
	a = says(&a, &one, ANSWER_MINE, VERDICT_CHANGES).to;
	says(&a, &other, ANSWER_SEEN, VERDICT_SAME);
	a.unread_ms = START_MS;
	t = says(&a, &other, ANSWER_SEEN, VERDICT_CHANGES);
	assert_false(t.climbs);
	/* What is held back has rung for nobody yet. */
	a = escalation_new(LEVEL_NYATA, START_MS);
	a.rung_ms = 0;
	t = says(&a, &other, ANSWER_SEEN, VERDICT_CHANGES);
	assert_false(t.climbs);
}

static void a_step_before_its_time_brings_the_later_ones_nearer(void **state)
{
	(void)state;
	struct escalation a = ringing(LEVEL_AMBANG);
	int64_t now_ms = START_MS + 20 * SECOND_MS;
	escalation_steps_from(&a, 300, now_ms);
	escalation_climbed(&a, 1, true, 900, now_ms, ZONE_MS);
	assert_int_equal(a.next_ms, now_ms + 600 * SECOND_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_cannot_take_it_says_so_once_a_ring_and_the_last_of_all_makes_it_climb),
		cmocka_unit_test(a_step_before_its_time_brings_the_later_ones_nearer),
	};
	return cmocka_run_group_tests_name("escalation_cannot", tests, NULL, NULL);
}
