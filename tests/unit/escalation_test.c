/* The state machine of an alert: each rule by itself, and a walk over what three people, two posts, the clock and a job worker
 * that dies between steps can make of it. The walk knows the rules a second time, in its own words: who was there since when,
 * and who has said that it is over. */
#include "test.h"
#include "base/clock.h"
#include "features/escalation/escalation.h"

static const int64_t START_MS = INT64_C(1785589200000); /* 2026-08-01 20.00 WIB */
static const int64_t ZONE_MS = 7 * HOUR_MS;

static const struct answerer ana = {
	.account_id = 1, .post_id = 10, .called = true, .over_called = true, .staffed = 2
};
static const struct answerer budi = {
	.account_id = 2, .post_id = 10, .called = true, .over_called = true, .staffed = 2
};
static const struct answerer citra = {
	.account_id = 3, .post_id = 20, .called = true, .over_called = true, .staffed = 2
};

static struct escalation ringing(enum level level)
{
	struct escalation a = escalation_new(level, START_MS);
	escalation_climbed(&a, 0, true, 60, START_MS, ZONE_MS);
	return a;
}

static struct escalation after(struct escalation a, const struct answerer *who, enum answer what, int64_t with,
	int64_t now_ms, enum verdict wanted)
{
	struct turn t;
	assert_int_equal(escalation_answer(&a, who, what, with, now_ms, &t), wanted);
	return t.to;
}

static void every_deadline_is_that_of_its_level(void **state)
{
	static const struct {
		enum level level;
		int64_t silence, first, second, third;
	} table[] = {
		{LEVEL_NYATA,   15,  3,  5,  10},
		{ LEVEL_AMBANG, 120, 15, 30, 60},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		enum level level = table[i].level;
		assert_int_equal(escalation_silence_ms(level), table[i].silence * MINUTE_MS);
		assert_int_equal(escalation_top_ms(level, 0, START_MS, ZONE_MS), START_MS + table[i].first * MINUTE_MS);
		assert_int_equal(
			escalation_top_ms(level, 1, START_MS, ZONE_MS), START_MS + table[i].second * MINUTE_MS);
		assert_int_equal(escalation_top_ms(level, 2, START_MS, ZONE_MS), START_MS + table[i].third * MINUTE_MS);
		assert_int_equal(
			escalation_top_ms(level, 77, START_MS, ZONE_MS), START_MS + table[i].third * MINUTE_MS);
	}
	assert_int_equal(escalation_silence_ms(LEVEL_POTENSI), DAY_MS);
	/* 20.00: tomorrow at 08.00. At 07.59 of that day, and at 08.00: the same day's, the next day's. */
	int64_t morning = START_MS + 12 * HOUR_MS;
	assert_int_equal(escalation_top_ms(LEVEL_POTENSI, 0, START_MS, ZONE_MS), morning);
	assert_int_equal(escalation_top_ms(LEVEL_POTENSI, 5, morning - MINUTE_MS, ZONE_MS), morning);
	assert_int_equal(escalation_top_ms(LEVEL_POTENSI, 5, morning, ZONE_MS), morning + DAY_MS);
	/* In the east the same moment is 22.00, and 08.00 comes two hours earlier. */
	assert_int_equal(escalation_top_ms(LEVEL_POTENSI, 0, START_MS, 9 * HOUR_MS), morning - 2 * HOUR_MS);
}

static void an_offer_counts_as_silence_after_five_minutes(void **state)
{
	(void)state;
	struct escalation a = after(ringing(LEVEL_AMBANG), &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
	assert_int_equal(a.next_ms, START_MS + 2 * HOUR_MS);
	a = after(a, &ana, ANSWER_HANDED_OVER, 20, START_MS, VERDICT_CHANGES);
	assert_int_equal(a.next_ms, START_MS + 5 * MINUTE_MS);
	assert_false(escalation_is_due(&a, START_MS + 5 * MINUTE_MS - 1));
	assert_true(escalation_is_due(&a, START_MS + 5 * MINUTE_MS));
	struct answerer other = citra;
	(void)after(a, &other, ANSWER_ACCEPTED, 0, START_MS, VERDICT_NOT_OFFERED);
	other.offered = true;
	a = after(a, &other, ANSWER_ACCEPTED, 0, START_MS + MINUTE_MS, VERDICT_CHANGES);
	assert_int_equal(a.owner_id, 3);
	assert_int_equal(a.owner_post_id, 20);
	assert_int_equal(a.next_ms, START_MS + MINUTE_MS + 2 * HOUR_MS);
}

static void its_owner_ends_it_after_two_minutes_there(void **state)
{
	(void)state;
	struct escalation a = after(ringing(LEVEL_NYATA), &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
	a = after(a, &ana, ANSWER_THERE, 0, START_MS, VERDICT_CHANGES);
	int64_t soon = START_MS + 2 * MINUTE_MS - 1;
	struct escalation waits = after(a, &ana, ANSWER_CALM, 0, soon, VERDICT_CHANGES);
	assert_int_equal(waits.ended_ms, 0);
	assert_int_equal(waits.state, ALERT_THERE);
	assert_int_equal(waits.over_by, 1);
	assert_int_equal(after(waits, &ana, ANSWER_CALM, 0, soon, VERDICT_SAME).ended_ms, 0);
	assert_int_equal(after(a, &ana, ANSWER_CALM, 0, soon + 1, VERDICT_CHANGES).ended_ms, soon + 1);
	assert_int_equal(after(waits, &ana, ANSWER_FALSE_ALARM, 0, soon + 1, VERDICT_CHANGES).state, ALERT_FALSE_ALARM);
	/* Who takes over has to be there, too; who goes away is not there. */
	struct answerer other = citra;
	other.offered = true;
	struct escalation handed = after(a, &ana, ANSWER_HANDED_OVER, 20, soon, VERDICT_CHANGES);
	handed = after(handed, &other, ANSWER_ACCEPTED, 0, soon, VERDICT_CHANGES);
	assert_int_equal(after(handed, &other, ANSWER_CALM, 0, soon + 1, VERDICT_CHANGES).ended_ms, 0);
	a = after(a, &ana, ANSWER_ON_THE_WAY, 0, soon, VERDICT_CHANGES);
	assert_int_equal(after(a, &ana, ANSWER_CALM, 0, soon + HOUR_MS, VERDICT_CHANGES).ended_ms, 0);
}

static void two_accounts_of_two_called_posts_end_it(void **state)
{
	(void)state;
	struct escalation a = after(ringing(LEVEL_NYATA), &ana, ANSWER_CALM, 0, START_MS, VERDICT_CHANGES);
	assert_int_equal(a.ended_ms, 0);
	(void)after(a, &budi, ANSWER_CALM, 0, START_MS, VERDICT_SAME_POST);
	struct escalation ended = after(a, &citra, ANSWER_FALSE_ALARM, 0, START_MS, VERDICT_CHANGES);
	assert_int_equal(ended.ended_ms, START_MS);
	assert_int_equal(ended.state, ALERT_FALSE_ALARM);
	assert_int_equal(ended.next_ms, 0);
	(void)after(ended, &ana, ANSWER_MINE, 0, START_MS, VERDICT_ENDED);
	struct answerer stranger = citra; /* a post that takes part and was not called */
	stranger.called = false;
	(void)after(a, &stranger, ANSWER_CALM, 0, START_MS, VERDICT_NOT_CALLED);
	stranger.above = true;
	(void)after(a, &stranger, ANSWER_CALM, 0, START_MS, VERDICT_NOT_CALLED);
}

static void where_one_post_is_staffed_a_second_member_or_the_post_above_agrees(void **state)
{
	(void)state;
	struct answerer one = ana, second = budi, desk = citra, stranger = citra;
	one.staffed = second.staffed = desk.staffed = stranger.staffed = 1;
	desk.called = stranger.called = false;
	desk.above = true;
	struct escalation a = after(ringing(LEVEL_POTENSI), &one, ANSWER_CALM, 0, START_MS, VERDICT_CHANGES);
	assert_int_equal(after(a, &second, ANSWER_CALM, 0, START_MS, VERDICT_CHANGES).ended_ms, START_MS);
	assert_int_equal(after(a, &desk, ANSWER_CALM, 0, START_MS, VERDICT_CHANGES).ended_ms, START_MS);
	(void)after(a, &stranger, ANSWER_CALM, 0, START_MS, VERDICT_NOT_CALLED);
	/* Two of the post above, and none of the called one, do not. */
	struct answerer chief = desk;
	chief.account_id = 4;
	chief.over_called = false;
	a = after(ringing(LEVEL_POTENSI), &desk, ANSWER_CALM, 0, START_MS, VERDICT_CHANGES);
	assert_false(escalation_may_end(&a, &chief, START_MS));
	/* A sole member has to be there. */
	a = after(ringing(LEVEL_POTENSI), &one, ANSWER_CALM, 0, START_MS, VERDICT_CHANGES);
	(void)after(a, &one, ANSWER_CALM, 0, START_MS + DAY_MS, VERDICT_SAME);
}

/* What becomes of a word of a receipt that has said W so far. */
static enum written says_from(struct escalation *a, struct worded *w, int64_t from_ms, int64_t now_ms)
{
	struct turn t;
	struct worded then;
	enum written written = escalation_written(a, w, from_ms, now_ms, &t, &then);
	*a = t.to;
	*w = then;
	if (written == WRITTEN_ANEW || written == WRITTEN_CLIMBS)
		escalation_climbed(a, 0, true, 60, now_ms, ZONE_MS);
	return written;
}

static enum written says(struct escalation *a, struct worded *w, int64_t now_ms)
{
	return says_from(a, w, 0, now_ms);
}

static void what_is_new_was_not_said_to_be_over(void **state)
{
	struct turn t;
	(void)state;
	struct escalation a = after(ringing(LEVEL_AMBANG), &ana, ANSWER_CALM, 0, START_MS, VERDICT_CHANGES);
	assert_int_equal(escalation_joined(&a, LEVEL_POTENSI, START_MS, &t), JOINED_QUIET);
	assert_int_equal(t.to.over_by, 0);
	assert_int_equal(after(a, &citra, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES).over_by, 0);
	struct worded w = { 0 };
	assert_int_equal(says(&a, &w, START_MS), WRITTEN_RINGS);
	assert_int_equal(a.over_by, 0);
}

static void a_further_report_is_marked_soon_due_and_not_ended_unseen(void **state)
{
	struct turn t;
	(void)state;
	struct escalation a = after(ringing(LEVEL_NYATA), &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
	a = after(a, &ana, ANSWER_THERE, 0, START_MS, VERDICT_CHANGES);
	a.unread_ms = 0;
	int64_t now_ms = START_MS + 130 * SECOND_MS;
	assert_true(a.next_ms > now_ms + 3 * MINUTE_MS);
	assert_true(escalation_may_end(&a, &ana, now_ms));
	a.rung_ms = now_ms - SECOND_MS;
	assert_int_equal(escalation_joined(&a, LEVEL_NYATA, now_ms, &t), JOINED_QUIET);
	assert_int_equal(t.to.unread_ms, now_ms);
	assert_int_equal(t.to.next_ms, now_ms + 3 * MINUTE_MS);
	assert_false(escalation_may_end(&t.to, &ana, now_ms + 2 * MINUTE_MS - 1));
	assert_true(escalation_may_end(&t.to, &ana, now_ms + 2 * MINUTE_MS));
}

static void a_further_report_rings_once_in_an_interval_and_a_graver_one_at_once(void **state)
{
	struct turn t;
	(void)state;
	struct escalation a = ringing(LEVEL_AMBANG);
	assert_int_equal(escalation_joined(&a, LEVEL_AMBANG, START_MS + 15 * MINUTE_MS - 1, &t), JOINED_QUIET);
	assert_int_equal(escalation_joined(&a, LEVEL_AMBANG, START_MS + 15 * MINUTE_MS, &t), JOINED_RINGS);
	assert_int_equal(escalation_joined(&t.to, LEVEL_POTENSI, START_MS + 20 * MINUTE_MS, &t), JOINED_QUIET);
	a.step = 2;
	assert_int_equal(escalation_joined(&a, LEVEL_NYATA, START_MS + 1, &t), JOINED_CLIMBS);
	assert_int_equal(t.to.level, LEVEL_NYATA);
	assert_int_equal(t.to.step, -1);
	assert_int_equal(t.to.ladder_ms, START_MS + 1);
	assert_string_equal(t.entry, "level");
}

static void a_word_rings_and_the_next_of_its_receipt_waits_until_answered_or_for_the_gap(void **state)
{
	static const int gaps[LEVEL_COUNT][8] = {
		{30,  60, 120, 240, 240, 240, 240, 240},
		{ 15, 30, 60,  60,  60,  60,  60,  60 },
		{ 3,  5,  10,  20,  20,  20,  20,  20 },
	};
	(void)state;
	for (int level = 0; level < LEVEL_COUNT; level++) {
		struct escalation a = after(
			ringing((enum level)level), &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
		struct worded w = { 0 };
		int64_t now_ms = START_MS;
		assert_int_equal(says(&a, &w, now_ms), WRITTEN_RINGS);
		assert_int_equal(a.unread_ms, START_MS);
		for (int i = 0; i < 8; i++) {
			int64_t gap = gaps[level][i] * MINUTE_MS;
			assert_int_equal(escalation_gap_ms((enum level)level, i + 1), gap);
			assert_int_equal(says(&a, &w, now_ms + MINUTE_MS), WRITTEN_QUIET);
			assert_int_equal(w.held_ms, now_ms + MINUTE_MS);
			assert_true(a.unread_ms && a.next_ms <= now_ms + gap);
			assert_int_equal(says(&a, &w, now_ms + gap - 1), WRITTEN_QUIET);
			assert_int_equal(says(&a, &w, now_ms + gap), WRITTEN_RINGS);
			assert_int_equal(w.held_ms, 0);
			now_ms += gap;
		}
		/* Answered: the next one rings at once, and another receipt's does so all the time. */
		struct worded other = { 0 };
		assert_int_equal(says(&a, &other, now_ms + 1), WRITTEN_RINGS);
		a = after(a, &ana, ANSWER_ON_THE_WAY, 0, now_ms + 2, VERDICT_CHANGES);
		assert_int_equal(a.unread_ms, 0);
		assert_int_equal(says(&a, &w, now_ms + 3), WRITTEN_RINGS);
	}
}

static struct escalation ended(struct escalation a, int64_t now_ms)
{
	a = after(a, &ana, ANSWER_CALM, 0, now_ms, VERDICT_CHANGES);
	a = after(a, &citra, ANSWER_CALM, 0, now_ms, VERDICT_CHANGES);
	assert_int_equal(a.ended_ms, now_ms);
	return a;
}

/* Twenty receipts in one hand: three ring, the rest stands on the board until the first gap is over, and none is dropped. */
static void receipts_ring_no_more_often_than_reports(void **state)
{
	(void)state;
	for (int level = 0; level < LEVEL_COUNT; level++) {
		int64_t gap = escalation_gap_ms((enum level)level, 1), now_ms = START_MS + 10 * SECOND_MS;
		assert_int_equal(escalation_words_from_ms((enum level)level, 2, START_MS), 0);
		int64_t from_ms = escalation_words_from_ms((enum level)level, 3, START_MS);
		assert_int_equal(from_ms, START_MS + gap);
		struct escalation a = after(
			ringing((enum level)level), &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
		struct worded w = { 0 };
		assert_int_equal(says_from(&a, &w, from_ms, now_ms), WRITTEN_QUIET);
		assert_int_equal(w.held_ms, now_ms);
		assert_int_equal(a.unread_ms, now_ms);
		assert_true(a.next_ms <= from_ms);
		assert_int_equal(says_from(&a, &w, from_ms, from_ms), WRITTEN_RINGS);
		/* After the end, too, it stands there at once and rings then. */
		a = ended(ringing((enum level)level), START_MS);
		w = (struct worded){ 0 };
		assert_int_equal(says_from(&a, &w, from_ms, now_ms), WRITTEN_HELD);
		assert_int_equal(a.unread_ms, now_ms);
		assert_int_equal(a.next_ms, from_ms);
	}
}

static void a_word_that_waits_rings_with_the_call_and_counts_from_then(void **state)
{
	struct turn t;
	(void)state;
	struct escalation a = after(ringing(LEVEL_AMBANG), &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
	struct worded w = { 0 };
	assert_int_equal(says(&a, &w, START_MS), WRITTEN_RINGS);
	assert_int_equal(says(&a, &w, START_MS + MINUTE_MS), WRITTEN_QUIET);
	int64_t due = a.next_ms;
	assert_int_equal(due, START_MS + 15 * MINUTE_MS);
	escalation_late(&a, false, 0, due, ZONE_MS, &t);
	a = t.to;
	assert_int_equal(a.rung_ms, due);
	assert_int_equal(says(&a, &w, due + 30 * MINUTE_MS - 1), WRITTEN_QUIET);
	assert_int_equal(says(&a, &w, due + 30 * MINUTE_MS), WRITTEN_RINGS);
	/* A clock that was ahead keeps nobody quiet. */
	w.rung_ms = due + DAY_MS;
	assert_int_equal(says(&a, &w, due + HOUR_MS), WRITTEN_QUIET);
	assert_int_equal(says(&a, &w, due + 2 * HOUR_MS), WRITTEN_RINGS);
}

static void who_has_it_cannot_say_that_they_only_saw_it(void **state)
{
	(void)state;
	struct escalation a = after(ringing(LEVEL_AMBANG), &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
	struct worded w = { 0 };
	assert_int_equal(says(&a, &w, START_MS), WRITTEN_RINGS);
	assert_int_equal(after(a, &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES).unread_ms, 0);
	assert_int_equal(after(a, &ana, ANSWER_SEEN, 0, START_MS, VERDICT_SAME).unread_ms, START_MS);
	assert_int_equal(after(a, &citra, ANSWER_SEEN, 0, START_MS, VERDICT_CHANGES).unread_ms, 0);
}

static void a_message_after_the_end_is_another_call(void **state)
{
	struct turn t;
	(void)state;
	for (int level = 0; level < LEVEL_COUNT; level++) {
		struct escalation a = ended(ringing((enum level)level), START_MS);
		struct escalation wanted = escalation_new((enum level)level, START_MS + 1);
		struct worded w = { .rings = 3, .rung_ms = START_MS }, then;
		wanted.unread_ms = START_MS + 1;
		/* Also a moment after a word that waited when it ended, or was written after that. */
		a.unread_ms = START_MS;
		assert_int_equal(escalation_written(&a, &w, 0, START_MS + 1, &t, &then), WRITTEN_ANEW);
		assert_memory_equal(&t.to, &wanted, sizeof wanted);
		assert_int_equal(t.to.ended_ms, 0);
		assert_int_equal(t.to.state, ALERT_RINGING);
		assert_int_equal(then.calls, 1);
	}
}

/* Two people end each call within a minute, and one receipt says each time that it is not so. */
static void one_receipt_holds_nobody_all_evening(void **state)
{
	static const int64_t most[LEVEL_COUNT] = { 8, 9, 22 };
	(void)state;
	for (int level = 0; level < LEVEL_COUNT; level++) {
		struct escalation a = ringing((enum level)level);
		struct worded w = { 0 };
		int64_t now_ms = START_MS, rang = 0, waited_ms = 0;
		for (; now_ms < START_MS + 6 * HOUR_MS; now_ms += MINUTE_MS) {
			a = ended(a, now_ms);
			enum written written = says(&a, &w, now_ms + 1);
			assert_true(written == WRITTEN_ANEW || written == WRITTEN_HELD);
			assert_int_equal(escalation_is_held(&a), written == WRITTEN_HELD);
			if (written == WRITTEN_HELD) {
				struct turn t;
				assert_int_equal(a.unread_ms, now_ms + 1);
				waited_ms = a.next_ms - now_ms;
				assert_true(level == LEVEL_POTENSI || waited_ms <= HOUR_MS);
				now_ms = a.next_ms;
				escalation_late(&a, true, 0, now_ms, ZONE_MS, &t);
				assert_null(t.entry);
				assert_int_equal(t.to.late_ms, 0);
				a = t.to;
				escalation_climbed(&a, 0, true, 300, now_ms, ZONE_MS);
				assert_int_equal(a.next_ms, now_ms + 300 * SECOND_MS);
			}
			rang++;
		}
		assert_true(rang <= most[level]);
		assert_true(waited_ms > (level == LEVEL_NYATA ? 15 : 50) * MINUTE_MS);
		/* After a day of quiet the first one rings at once. */
		a = ended(a, now_ms + DAY_MS);
		assert_int_equal(says(&a, &w, now_ms + DAY_MS + 1), WRITTEN_ANEW);
	}
}

static void what_is_held_stands_for_answers_and_keeps_nobody_else_back(void **state)
{
	struct turn t;
	(void)state;
	struct escalation a = ended(ringing(LEVEL_NYATA), START_MS);
	struct worded one = { .rung_ms = START_MS, .calls = 4 }, two = { 0 }, three = one;
	assert_int_equal(says(&a, &one, START_MS + MINUTE_MS), WRITTEN_HELD);
	int64_t due = START_MS + 20 * MINUTE_MS;
	assert_int_equal(a.next_ms, due);
	/* Its own further words change nothing; somebody with as many calls waits as long; anybody else's begins the ladder. */
	assert_int_equal(says(&a, &one, START_MS + 2 * MINUTE_MS), WRITTEN_QUIET);
	assert_int_equal(a.next_ms, due);
	assert_int_equal(says(&a, &three, START_MS + 2 * MINUTE_MS), WRITTEN_QUIET);
	assert_int_equal(three.calls, 5);
	assert_int_equal(a.next_ms, due);
	struct escalation b = a;
	assert_int_equal(says(&b, &two, START_MS + 3 * MINUTE_MS), WRITTEN_CLIMBS);
	assert_false(escalation_is_held(&b));
	assert_int_equal(b.next_ms, START_MS + 4 * MINUTE_MS);
	assert_int_equal(b.unread_ms, START_MS + MINUTE_MS);
	assert_int_equal(escalation_joined(&a, LEVEL_POTENSI, START_MS + 3 * MINUTE_MS, &t), JOINED_CLIMBS);
	assert_int_equal(t.to.level, LEVEL_NYATA);
	assert_null(t.entry);
	/* Whoever takes it has it, and is late like anybody when they fall silent. */
	a = after(a, &ana, ANSWER_MINE, 0, START_MS + 3 * MINUTE_MS, VERDICT_CHANGES);
	assert_false(escalation_is_held(&a));
	assert_int_equal(a.unread_ms, 0);
	assert_int_equal(says(&a, &one, START_MS + 4 * MINUTE_MS), WRITTEN_RINGS);
	escalation_late(&a, true, 0, a.next_ms, ZONE_MS, &t);
	assert_string_equal(t.entry, "late");
	assert_true(t.to.late_ms);
}

static void who_has_it_keeps_it_until_late(void **state)
{
	struct turn t;
	(void)state;
	struct escalation a = after(ringing(LEVEL_NYATA), &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
	(void)after(a, &citra, ANSWER_MINE, 0, START_MS, VERDICT_TAKEN);
	(void)after(a, &ana, ANSWER_MINE, 0, START_MS, VERDICT_SAME);
	(void)after(a, &citra, ANSWER_HELPING, 0, START_MS, VERDICT_CHANGES);
	(void)after(a, &ana, ANSWER_HELPING, 0, START_MS, VERDICT_SAME);
	(void)after(ringing(LEVEL_NYATA), &ana, ANSWER_HELPING, 0, START_MS, VERDICT_NOT_OWNER);
	(void)after(a, &citra, ANSWER_THERE, 0, START_MS, VERDICT_NOT_OWNER);
	int64_t late = START_MS + 15 * MINUTE_MS;
	escalation_late(&a, true, 60, late, ZONE_MS, &t);
	assert_string_equal(t.entry, "late");
	assert_int_equal(t.to.late_ms, late);
	escalation_climbed(&t.to, 1, true, 180, late, ZONE_MS);
	assert_int_equal(t.to.next_ms, late + 2 * MINUTE_MS); /* the ladder's own distance, from now on */
	struct escalation again = after(t.to, &ana, ANSWER_THERE, 0, late, VERDICT_CHANGES);
	assert_int_equal(again.late_ms, 0);
	assert_int_equal(again.next_ms, late + 15 * MINUTE_MS);
	assert_int_equal(after(t.to, &citra, ANSWER_MINE, 0, late, VERDICT_CHANGES).owner_id, 3);
	/* At the top it rings again. */
	struct escalation top = t.to;
	for (int i = 0; i < 20; i++) {
		int64_t now = top.next_ms;
		escalation_late(&top, false, 0, now, ZONE_MS, &t);
		top = t.to;
		assert_true(top.next_ms > now && top.next_ms <= now + 10 * MINUTE_MS);
		assert_int_equal(top.late_ms, late);
		assert_true((t.entry != NULL) == (i < 3 || i % 6 == 0));
	}
}

static void what_is_not_urgent_may_rest_for_seven_days(void **state)
{
	(void)state;
	int64_t week = START_MS + 7 * DAY_MS;
	struct escalation a = after(ringing(LEVEL_POTENSI), &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
	assert_int_equal(after(a, &ana, ANSWER_PLANNED, week, START_MS, VERDICT_CHANGES).next_ms, week);
	(void)after(a, &ana, ANSWER_PLANNED, week + DAY_MS, START_MS, VERDICT_DATE);
	(void)after(a, &ana, ANSWER_PLANNED, START_MS, START_MS, VERDICT_DATE);
	(void)after(a, &ana, ANSWER_PLANNED, 0, START_MS, VERDICT_DATE);
	(void)after(a, &citra, ANSWER_PLANNED, week, START_MS, VERDICT_NOT_OWNER);
	struct escalation urgent = after(ringing(LEVEL_NYATA), &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
	(void)after(urgent, &ana, ANSWER_PLANNED, week, START_MS, VERDICT_DATE);
	/* A further report wakes it: an answer is due within one interval. */
	struct turn t;
	a = after(a, &ana, ANSWER_PLANNED, week, START_MS, VERDICT_CHANGES);
	(void)escalation_joined(&a, LEVEL_POTENSI, START_MS, &t);
	assert_int_equal(t.to.next_ms, START_MS + 12 * HOUR_MS);
}

static void a_flood_ends_no_fight_and_nothing_that_somebody_has_or_has_written_about(void **state)
{
	struct turn t;
	const int64_t desk = 9, now_ms = START_MS + MINUTE_MS;
	(void)state;
	for (int level = LEVEL_POTENSI; level < LEVEL_COUNT; level++) {
		struct escalation a = ringing((enum level)level);
		assert_true(escalation_flooded(&a, desk, now_ms, &t) == (level != LEVEL_NYATA));
	}
	struct escalation a = ringing(LEVEL_AMBANG);
	assert_true(escalation_flooded(&a, desk, now_ms, &t));
	assert_int_equal(t.to.state, ALERT_FALSE_ALARM);
	assert_int_equal(t.to.ended_ms, now_ms);
	assert_int_equal(t.to.next_ms, 0);
	assert_string_equal(t.entry, "false_alarm");
	assert_false(escalation_flooded(&t.to, desk, now_ms, &t));
	a.owner_id = 1;
	assert_false(escalation_flooded(&a, desk, now_ms, &t));
	a.owner_id = desk;
	assert_true(escalation_flooded(&a, desk, now_ms, &t));
	a.unread_ms = now_ms;
	assert_false(escalation_flooded(&a, desk, now_ms, &t));
}

static void an_answer_is_taken_back_by_who_gave_it_while_nobody_built_on_it(void **state)
{
	struct turn t;
	(void)state;
	struct escalation before = ringing(LEVEL_NYATA);
	struct answered last = {
		.before = before, .what = ANSWER_MINE, .account_id = 1, .at_ms = START_MS, .alone = true
	};
	struct escalation a = after(before, &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
	assert_true(escalation_undo(&a, &last, 1, false, START_MS + MINUTE_MS, &t));
	assert_memory_equal(&t.to, &before, sizeof before);
	assert_false(escalation_undo(&a, &last, 1, false, START_MS + MINUTE_MS + 1, &t));
	assert_false(escalation_undo(&a, &last, 2, false, START_MS, &t));
	assert_false(escalation_undo(&a, &last, 1, true, START_MS, &t));
	/* The reporter's word that it had answered waits again. */
	before.unread_ms = START_MS - MINUTE_MS;
	last.before = before;
	a = after(before, &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
	assert_int_equal(a.unread_ms, 0);
	assert_true(escalation_undo(&a, &last, 1, false, START_MS + MINUTE_MS, &t));
	assert_memory_equal(&t.to, &before, sizeof before);
	before.unread_ms = 0;
	last.before = before;
	/* What the clock did since then stays: no step is called twice. */
	last.alone = false;
	last.what = ANSWER_SEEN;
	a = after(before, &ana, ANSWER_SEEN, 0, START_MS, VERDICT_CHANGES);
	escalation_climbed(&a, 1, true, 180, START_MS + 60 * SECOND_MS, ZONE_MS);
	assert_true(escalation_undo(&a, &last, 1, false, START_MS + MINUTE_MS, &t));
	assert_int_equal(t.to.state, ALERT_RINGING);
	assert_int_equal(t.to.step, 1);
	assert_int_equal(t.to.next_ms, START_MS + 180 * SECOND_MS);
	/* What was written meanwhile keeps nobody waiting for longer than the call did that nobody has any more. */
	for (int level = LEVEL_AMBANG; level < LEVEL_COUNT; level++) {
		struct worded w = { 0 };
		before = ringing((enum level)level);
		last = (struct answered){ .before = before, .what = ANSWER_MINE, .account_id = 1, .at_ms = START_MS };
		a = after(before, &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
		assert_int_equal(says(&a, &w, START_MS + 20 * SECOND_MS), WRITTEN_RINGS);
		assert_true(a.next_ms > before.next_ms);
		assert_true(escalation_undo(&a, &last, 1, false, START_MS + 30 * SECOND_MS, &t));
		assert_int_equal(t.to.next_ms, before.next_ms);
		assert_int_equal(t.to.unread_ms, START_MS + 20 * SECOND_MS);
	}
}

static void what_a_page_did_not_show_is_neither_ended_nor_read_by_a_tap_on_it(void **state)
{
	(void)state;
	struct worded said = { 0 };
	struct turn t;
	struct escalation a = after(ringing(LEVEL_NYATA), &ana, ANSWER_MINE, 0, START_MS, VERDICT_CHANGES);
	a = after(a, &ana, ANSWER_THERE, 0, START_MS, VERDICT_CHANGES);
	int64_t now_ms = START_MS + 5 * MINUTE_MS;
	assert_int_equal(escalation_written(&a, &said, 0, now_ms, &t, &said), WRITTEN_RINGS);
	a = t.to;
	struct answerer old = ana, other = citra;
	old.stale = true;
	other.stale = true;
	(void)after(a, &old, ANSWER_CALM, 0, now_ms, VERDICT_UNSEEN);
	(void)after(a, &old, ANSWER_FALSE_ALARM, 0, now_ms, VERDICT_UNSEEN);
	(void)after(a, &old, ANSWER_MINE, 0, now_ms, VERDICT_UNSEEN);
	(void)after(a, &other, ANSWER_CALM, 0, now_ms, VERDICT_UNSEEN);
	(void)after(a, &other, ANSWER_SEEN, 0, now_ms, VERDICT_UNSEEN);
	struct escalation stays = after(a, &old, ANSWER_THERE, 0, now_ms + MINUTE_MS, VERDICT_CHANGES);
	assert_int_equal(stays.unread_ms, now_ms);
	assert_int_equal(stays.next_ms, now_ms + 4 * MINUTE_MS);
	assert_int_equal(after(a, &ana, ANSWER_CALM, 0, now_ms, VERDICT_CHANGES).ended_ms, now_ms);

	/* Somebody else has read it meanwhile: that is not having read it oneself. */
	a = after(a, &citra, ANSWER_SEEN, 0, now_ms, VERDICT_CHANGES);
	assert_int_equal(a.unread_ms, 0);
	(void)after(a, &old, ANSWER_CALM, 0, now_ms, VERDICT_UNSEEN);

	/* Nobody has it: taken, and still to be read. */
	said = (struct worded){ 0 };
	struct escalation rings = ringing(LEVEL_AMBANG);
	assert_int_equal(escalation_written(&rings, &said, 0, now_ms, &t, &said), WRITTEN_RINGS);
	(void)after(t.to, &old, ANSWER_SEEN, 0, now_ms, VERDICT_UNSEEN);
	struct escalation taken = after(t.to, &old, ANSWER_MINE, 0, now_ms, VERDICT_CHANGES);
	assert_int_equal(taken.owner_id, ana.account_id);
	assert_int_equal(taken.unread_ms, now_ms);
	assert_int_equal(taken.next_ms, now_ms + 15 * MINUTE_MS);
	(void)after(taken, &old, ANSWER_PLANNED, now_ms + DAY_MS, now_ms, VERDICT_UNSEEN);
	assert_int_equal(after(taken, &old, ANSWER_HANDED_OVER, 20, now_ms, VERDICT_CHANGES).unread_ms, now_ms);
	assert_int_equal(after(taken, &ana, ANSWER_MINE, 0, now_ms, VERDICT_CHANGES).unread_ms, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_deadline_is_that_of_its_level),
		cmocka_unit_test(an_offer_counts_as_silence_after_five_minutes),
		cmocka_unit_test(its_owner_ends_it_after_two_minutes_there),
		cmocka_unit_test(two_accounts_of_two_called_posts_end_it),
		cmocka_unit_test(where_one_post_is_staffed_a_second_member_or_the_post_above_agrees),
		cmocka_unit_test(what_is_new_was_not_said_to_be_over),
		cmocka_unit_test(a_further_report_is_marked_soon_due_and_not_ended_unseen),
		cmocka_unit_test(a_further_report_rings_once_in_an_interval_and_a_graver_one_at_once),
		cmocka_unit_test(receipts_ring_no_more_often_than_reports),
		cmocka_unit_test(a_word_rings_and_the_next_of_its_receipt_waits_until_answered_or_for_the_gap),
		cmocka_unit_test(a_word_that_waits_rings_with_the_call_and_counts_from_then),
		cmocka_unit_test(who_has_it_cannot_say_that_they_only_saw_it),
		cmocka_unit_test(one_receipt_holds_nobody_all_evening),
		cmocka_unit_test(what_is_held_stands_for_answers_and_keeps_nobody_else_back),
		cmocka_unit_test(a_message_after_the_end_is_another_call),
		cmocka_unit_test(who_has_it_keeps_it_until_late),
		cmocka_unit_test(what_is_not_urgent_may_rest_for_seven_days),
		cmocka_unit_test(a_flood_ends_no_fight_and_nothing_that_somebody_has_or_has_written_about),
		cmocka_unit_test(what_a_page_did_not_show_is_neither_ended_nor_read_by_a_tap_on_it),
		cmocka_unit_test(an_answer_is_taken_back_by_who_gave_it_while_nobody_built_on_it),
	};
	return cmocka_run_group_tests_name("escalation", tests, NULL, NULL);
}
