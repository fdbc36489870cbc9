/* How a case ends: one person never does both halves, however they came to have it. */
#include "town.h"
#include "base/clock.h"
#include "features/alerts/alerts.h"
#include "features/cases/cases_confirm.h"
#include "features/reports/reports.h"

static struct vault *vault;
static struct town town;
static struct {
	int64_t kase, alert;
	int64_t first, between, later; /* reports: before anybody knew; while it rang; after it was taken */
	bool spares;
} made;

static void says(struct testdb *t, const char *sql, const char *wanted)
{
	assert_string_equal(testdb_value(t, sql), wanted);
}

static void as(struct testdb *t, enum town_who who)
{
	town_sign_in(t, &town, who);
}

static enum err report(struct ctx *c, void *arg)
{
	const struct report_new what = { .level = LEVEL_AMBANG,
		.place_id = town.rw[0],
		.text = S("janjian"),
		.channel = "web",
		.spares_neighbours = made.spares };
	struct report_made done;
	TRY(reports_create(c, &what, &done));
	*(int64_t *)arg = done.id;
	made.kase = done.case_id;
	return OK;
}

static void send(struct testdb *t, int64_t *id)
{
	as(t, TOWN_PEOPLE);
	t->c.now_ms += MINUTE_MS;
	testdb_ok(t, db_within(&t->c, true, report, id));
}

struct tap {
	enum answer what;
	int64_t with;
};

static enum err answer(struct ctx *c, void *arg)
{
	const struct tap *tap = arg;
	enum verdict verdict;
	return alerts_answer(c, made.alert, tap->what, town.membership.post_id, tap->with, CASES_SHOWN_ALL, &verdict);
}

static void tap(struct testdb *t, enum town_who who, enum answer what, int64_t with)
{
	struct tap it = { what, with };
	as(t, who);
	t->c.now_ms += SECOND_MS;
	testdb_ok(t, db_within(&t->c, true, answer, &it));
}

static enum err climb(struct ctx *c, void *arg)
{
	(void)arg;
	return alerts_climb_job(c, made.alert);
}

static enum err undo(struct ctx *c, void *arg)
{
	(void)arg;
	return alerts_undo(c, made.alert, 0);
}

/* Ways to become the one who has it. Each returns who that is. */
static enum town_who by_taking_it(struct testdb *t)
{
	tap(t, TOWN_OFFICER, ANSWER_MINE, 0);
	return TOWN_OFFICER;
}

static enum town_who as_head_of_the_rw(struct testdb *t)
{
	tap(t, TOWN_HEAD7, ANSWER_MINE, 0);
	return TOWN_HEAD7;
}

static enum town_who by_hand_over(struct testdb *t)
{
	tap(t, TOWN_OFFICER, ANSWER_MINE, 0);
	tap(t, TOWN_OFFICER, ANSWER_HANDED_OVER, town.posts[TOWN_POLSEK]);
	tap(t, TOWN_DESK, ANSWER_ACCEPTED, 0);
	return TOWN_DESK;
}

static enum town_who by_relieving_the_silent(struct testdb *t)
{
	tap(t, TOWN_OFFICER, ANSWER_MINE, 0);
	t->c.now_ms += 3 * HOUR_MS;
	as(t, TOWN_PEOPLE);
	testdb_ok(t, db_within(&t->c, true, climb, NULL));
	tap(t, TOWN_COLLEAGUE, ANSWER_MINE, 0);
	return TOWN_COLLEAGUE;
}

static enum town_who after_taking_it_back(struct testdb *t)
{
	tap(t, TOWN_OFFICER, ANSWER_MINE, 0);
	testdb_ok(t, db_within(&t->c, true, undo, NULL));
	return TOWN_OFFICER;
}

static enum town_who without_ever_taking_it(struct testdb *t)
{
	tap(t, TOWN_OFFICER, ANSWER_MINE, 0);
	return TOWN_COLLEAGUE;
}

static enum err ask(struct ctx *c, void *arg)
{
	(void)arg;
	return cases_ask_to_close(c, made.kase, town.membership.post_id, S("calmed"));
}

static enum err confirm(struct ctx *c, void *arg)
{
	struct cases_confirming asked;
	(void)arg;
	TRY(cases_confirming(c, made.kase, false, &asked));
	return cases_confirm(c, made.kase, town.membership.post_id, asked.asked_ms);
}

static enum err says_calm(struct ctx *c, void *arg)
{
	return cases_reporter_says(c, made.kase, *(int64_t *)arg, true);
}

static enum err says_not_calm(struct ctx *c, void *arg)
{
	return cases_reporter_says(c, made.kase, *(int64_t *)arg, false);
}

static void asks(struct testdb *t, enum town_who who)
{
	testdb_exec(t, "UPDATE alerts SET ended_ms = 1, next_ms = NULL, state = 'calm' WHERE ended_ms IS NULL");
	as(t, who);
	t->c.now_ms += SECOND_MS;
	testdb_ok(t, db_within(&t->c, true, ask, NULL));
	as(t, TOWN_PEOPLE);
}

static void begin(struct testdb *t)
{
	t->c.vault = vault;
	town_make(t, &town);
	made.spares = false;
	send(t, &made.first);
	assert_true(str_to_i64(str_of(testdb_value(t, "SELECT id FROM alerts")), 1, INT64_MAX, &made.alert));
}

/* How a case stands, and as whose word it was closed. */
static void stands(struct testdb *t, int64_t kase, const char *wanted)
{
	says(t,
		arena_printf(t->c.mem,
			"SELECT state || ' ' || coalesce(confirmed_as, '-') FROM cases WHERE id = %" PRId64, kase)
			.p,
		wanted);
}

static bool asked;

static enum err is_asked(struct ctx *c, void *arg)
{
	return cases_reporter_asked(c, *(int64_t *)arg, &asked);
}

/* Says yes for a report, and is not asked again. */
static void yes(struct testdb *t, int64_t *report)
{
	as(t, TOWN_PEOPLE);
	t->c.now_ms += SECOND_MS;
	testdb_ok(t, db_within(&t->c, false, is_asked, report));
	assert_true(asked);
	testdb_ok(t, db_within(&t->c, true, says_calm, report));
	testdb_ok(t, db_within(&t->c, false, is_asked, report));
	assert_false(asked);
}

/* Anybody may have written a report as nobody, also the one who has the case and asks to close it: before anybody was called,
 * while it rang, or later. */
static void a_reporters_word_stands_for_their_own_report(void **state)
{
	static enum town_who (*const ways[])(struct testdb * t) = { by_taking_it, as_head_of_the_rw, by_hand_over,
		by_relieving_the_silent, after_taking_it_back, without_ever_taking_it };
	struct testdb *t = *state;
	begin(t);
	for (size_t i = 0; i < COUNT(ways); i++) {
		if (i > 0) {
			t->c.now_ms += DAY_MS;
			send(t, &made.first);
			const char *alert = arena_printf(
				t->c.mem, "SELECT id FROM alerts WHERE report_id = %" PRId64, made.first)
						    .p;
			assert_true(str_to_i64(str_of(testdb_value(t, alert)), 1, INT64_MAX, &made.alert));
		}
		int64_t kase = made.kase;
		send(t, &made.between);
		enum town_who who = ways[i](t);
		testdb_exec(t, arena_printf(t->c.mem, "UPDATE cases SET last_report_ms = %" PRId64, t->c.now_ms).p);
		send(t, &made.later);
		assert_true(made.kase == kase);
		assert_int_equal(db_within(&t->c, true, says_calm, &made.first), ERR_CONFLICT);
		asks(t, who);
		yes(t, &made.first);
		testdb_ok(t, db_within(&t->c, true, says_calm, &made.first)); /* tapped twice */
		yes(t, &made.later);
		stands(t, kase, "closing -");
		testdb_ok(t, db_within(&t->c, true, says_not_calm, &made.between));
		stands(t, kase, "open -");
		asks(t, who); /* and what was said of the first time is said of that */
		yes(t, &made.between);
		stands(t, kase, "closing -");
		yes(t, &made.first);
		stands(t, kase, "closing -");
		yes(t, &made.later);
		stands(t, kase, "closed reporter");
		says(t,
			arena_printf(t->c.mem,
				"SELECT count(*) || ' ' || count(about_report) || ' ' || count(account_id)"
				" FROM case_entries WHERE kind = 'reporter_calm' AND case_id = %" PRId64,
				kase)
				.p,
			"5 5 0");
	}
}

/* What was taken back is no yes. */
static void a_report_whose_text_is_gone_still_waits_for_its_word(void **state)
{
	struct testdb *t = *state;
	begin(t);
	send(t, &made.later);
	by_taking_it(t);
	asks(t, TOWN_OFFICER);
	testdb_exec(t, arena_printf(t->c.mem, "UPDATE reports SET withdrawn_ms = 1 WHERE id = %" PRId64, made.later).p);
	yes(t, &made.first);
	stands(t, made.kase, "closing -");
	yes(t, &made.later);
	stands(t, made.kase, "closed reporter");
}

/* Nor does it help to write a report down, for whoever had the case at any time. */
static void no_report_that_went_through_their_hands_closes(void **state)
{
	static const enum town_who had[] = { TOWN_OFFICER, TOWN_DESK, TOWN_COLLEAGUE };
	struct testdb *t = *state;
	begin(t);
	assert_int_equal(by_hand_over(t), TOWN_DESK);
	for (size_t i = 0; i <= COUNT(had); i++) {
		enum town_who writer = i < COUNT(had) ? had[i] : TOWN_OPERATOR;
		testdb_exec(t, "UPDATE cases SET state = 'open'");
		asks(t, TOWN_COLLEAGUE);
		testdb_exec(t,
			arena_printf(t->c.mem, "UPDATE reports SET entered_by = %" PRId64, town.people[writer].id).p);
		yes(t, &made.first);
		stands(t, made.kase, i < COUNT(had) ? "closing -" : "closed reporter");
	}
}

static enum err does(struct ctx *c, void *kind)
{
	return cases_note_entry(c, made.kase, kind, S(""), town.membership.post_id, 0, NULL);
}

/* What another member has looked into, helped with or written down is no reporter's to end; that they agreed it is over takes
 * nothing from the reporter. */
static void what_another_member_has_a_part_in_closes_by_no_receipt(void **state)
{
	static const char *const parts[] = { "note", "talk", "message", "seen", "helping" };
	struct testdb *t = *state;
	begin(t);
	for (size_t i = 0; i <= COUNT(parts); i++) {
		testdb_exec(t, "DELETE FROM case_entries WHERE account_id IS NOT NULL");
		testdb_exec(t, "UPDATE cases SET state = 'open', closed_ms = NULL, confirmed_by = NULL");
		as(t, TOWN_COLLEAGUE);
		char kind[] = "says_calm..";
		snprintf(kind, sizeof kind, "%s", i < COUNT(parts) ? parts[i] : "says_calm");
		testdb_ok(t, db_within(&t->c, true, does, kind));
		asks(t, TOWN_OFFICER);
		yes(t, &made.first);
		stands(t, made.kase, i < COUNT(parts) ? "closing -" : "closed reporter");
	}
}

static enum err may_say(struct ctx *c, void *arg)
{
	return reports_may_say(c, *(int64_t *)arg, made.kase);
}

/* A receipt cannot call the posts all night. */
static void not_calm_is_said_so_often_an_hour(void **state)
{
	struct testdb *t = *state;
	begin(t);
	as(t, TOWN_PEOPLE);
	for (int i = 0; i < MESSAGES_AN_HOUR; i++) {
		testdb_ok(t, db_within(&t->c, false, may_say, &made.first));
		testdb_ok(t, db_within(&t->c, true, says_not_calm, &made.first));
	}
	assert_int_equal(db_within(&t->c, false, may_say, &made.first), ERR_RATE);
	t->c.now_ms += HOUR_MS;
	testdb_ok(t, db_within(&t->c, false, may_say, &made.first));
}

/* Where one reporter's yes closed it and another's did not, they would know of each other. */
static void where_the_neighbourhood_is_spared_a_member_confirms(void **state)
{
	struct testdb *t = *state;
	t->c.vault = vault;
	town_make(t, &town);
	made.spares = true;
	send(t, &made.first);
	says(t, "SELECT count(*) FROM reports WHERE spares_neighbours", "1");
	asks(t, TOWN_OFFICER);
	yes(t, &made.first);
	stands(t, made.kase, "closing -");
	as(t, TOWN_DESK);
	testdb_exec(t, arena_printf(t->c.mem, "UPDATE case_posts SET post_id = %" PRId64 " WHERE post_id <> %" PRId64,
			       town.posts[TOWN_POLSEK], town.posts[TOWN_BHABIN])
			       .p);
	testdb_ok(t, db_within(&t->c, true, confirm, NULL));
	stands(t, made.kase, "closed member");
}

/* Two people say that it is over, and one of them has neither the case nor a call of it. */
static void no_two_owners_close_it(void **state)
{
	struct testdb *t = *state;
	begin(t);
	assert_int_equal(by_hand_over(t), TOWN_DESK);
	testdb_exec(t, "UPDATE cases SET owner_id = NULL, owner_post_id = NULL"); /* of another call, say */
	asks(t, TOWN_COLLEAGUE);
	as(t, TOWN_COLLEAGUE);
	assert_int_equal(db_within(&t->c, true, confirm, NULL), ERR_DENIED);
	as(t, TOWN_DESK);
	testdb_ok(t, db_within(&t->c, true, confirm, NULL));
	testdb_exec(t, arena_printf(t->c.mem, "UPDATE cases SET state = 'open', owner_id = %" PRId64,
			       town.people[TOWN_OFFICER].id)
			       .p);
	asks(t, TOWN_DESK);
	as(t, TOWN_OFFICER);
	assert_int_equal(db_within(&t->c, true, confirm, NULL), ERR_DENIED);
	as(t, TOWN_COLLEAGUE);
	testdb_ok(t, db_within(&t->c, true, confirm, NULL));
}

static enum err reopen_late(struct ctx *c, void *arg)
{
	(void)arg;
	return cases_reopen_job(c, made.kase);
}

static enum err open_again(struct ctx *c, void *arg)
{
	(void)arg;
	return cases_open_again(c, made.kase, town.membership.post_id);
}

static enum err call_anew(struct ctx *c, void *arg)
{
	(void)arg;
	return alerts_anew_job(c, made.kase);
}

/* One value of the calls of the case that have not ended. */
static const char *of_open(struct testdb *t, const char *what)
{
	return testdb_value(
		t, arena_printf(t->c.mem, "SELECT %s FROM alerts a WHERE ended_ms IS NULL AND case_id = %" PRId64, what,
			   made.kase)
			   .p);
}

/* The job that opening again left behind calls once, with the first step due now. */
static void rings_anew(struct testdb *t, const char *called)
{
	says(t, "SELECT count(*) FROM jobs WHERE kind = 'alert_anew' AND done_ms IS NULL", "1");
	assert_string_equal(of_open(t, "count(*)"), "0");
	as(t, TOWN_PEOPLE);
	for (int i = 0; i < 2; i++) {
		testdb_ok(t, db_within(&t->c, true, call_anew, NULL));
		assert_string_equal(of_open(t, "count(*)"), "1");
	}
	testdb_exec(t, "UPDATE jobs SET done_ms = 1 WHERE kind = 'alert_anew'");
	assert_string_equal(of_open(t, "min(state)"), "ringing");
	assert_string_equal(of_open(t, "count(owner_id)"), "0");
	assert_string_equal(of_open(t, "min(raised_ms)"), arena_i64(t->c.mem, t->c.now_ms).p);
	assert_string_equal(of_open(t, "(SELECT count(*) FROM alert_calls k WHERE k.alert_id = a.id)"), called);
	assert_string_equal(
		of_open(t, "(SELECT count(*) FROM case_posts p WHERE p.case_id = a.case_id AND p.owner_id IS NULL"
			   " AND p.alert_state = 'ringing' AND p.open)"),
		called);
	assert_true(str_to_i64(str_of(of_open(t, "min(id)")), 1, INT64_MAX, &made.alert));
}

static void what_opens_again_rings(void **state)
{
	struct testdb *t = *state;
	begin(t);
	tap(t, TOWN_OFFICER, ANSWER_MINE, 0);
	asks(t, TOWN_OFFICER);
	testdb_ok(t, db_within(&t->c, true, reopen_late, NULL)); /* there is time yet */
	says(t, "SELECT count(*) FROM jobs WHERE kind = 'alert_anew'", "0");
	t->c.now_ms += 7 * DAY_MS;
	testdb_ok(t, db_within(&t->c, true, reopen_late, NULL));
	rings_anew(t, "2");
	t->c.now_ms += 5 * MINUTE_MS;
	testdb_ok(t, db_within(&t->c, true, climb, NULL));
	assert_string_equal(of_open(t, "(SELECT count(*) FROM alert_calls k WHERE k.alert_id = a.id)"), "3");
	asks(t, TOWN_OFFICER);
	as(t, TOWN_COLLEAGUE);
	t->c.now_ms += SECOND_MS;
	testdb_ok(t, db_within(&t->c, true, open_again, NULL));
	testdb_exec(t, "DELETE FROM case_posts WHERE post_id NOT IN (SELECT post_id FROM alert_calls WHERE step = 0)");
	rings_anew(t, "2");
}

/* A member who opened it, opened it again or joined another one to it knows something that no reporter speaks for. */
static void where_a_member_has_a_word_a_member_confirms(void **state)
{
	struct testdb *t = *state;
	begin(t);
	asks(t, TOWN_OFFICER);
	yes(t, &made.first);
	stands(t, made.kase, "closed reporter");
	as(t, TOWN_COLLEAGUE);
	testdb_ok(t, db_within(&t->c, true, open_again, NULL));
	asks(t, TOWN_OFFICER);
	yes(t, &made.first);
	stands(t, made.kase, "closing -");
	testdb_exec(t, "UPDATE case_entries SET kind = 'joined' WHERE kind = 'reopened'");
	testdb_exec(t, "UPDATE cases SET state = 'open'");
	asks(t, TOWN_OFFICER);
	yes(t, &made.first);
	stands(t, made.kase, "closing -");
	testdb_exec(t, "DELETE FROM case_entries WHERE kind = 'joined'");
	testdb_exec(t, "UPDATE cases SET state = 'open', opened_by = closing_by");
	asks(t, TOWN_OFFICER);
	yes(t, &made.first);
	stands(t, made.kase, "closing -");
}

static enum err by_hand(struct ctx *c, void *arg)
{
	int64_t post = town.membership.post_id;
	(void)arg;
	TRY(cases_open(c, town.rw[0], LEVEL_AMBANG, TRIGGER_GRUDGE, false, post, &made.kase));
	TRY(cases_add_post(c, made.kase, post));
	return cases_set_owner(c, made.kase, c->account_id, post);
}

/* Nobody was called for a case by hand: its own posts are then, with the one that was asked whether it is calm. */
static void what_was_opened_by_hand_rings_for_its_own_posts(void **state)
{
	struct testdb *t = *state;
	t->c.vault = vault;
	town_make(t, &town);
	as(t, TOWN_HEAD7);
	testdb_ok(t, db_within(&t->c, true, by_hand, NULL));
	asks(t, TOWN_HEAD7);
	t->c.now_ms += 7 * DAY_MS;
	testdb_ok(t, db_within(&t->c, true, reopen_late, NULL));
	rings_anew(t, "2");
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(a_reporters_word_stands_for_their_own_report),
		TESTDB(a_report_whose_text_is_gone_still_waits_for_its_word),
		TESTDB(no_report_that_went_through_their_hands_closes),
		TESTDB(where_the_neighbourhood_is_spared_a_member_confirms),
		TESTDB(where_a_member_has_a_word_a_member_confirms),
		TESTDB(no_two_owners_close_it),
		TESTDB(what_another_member_has_a_part_in_closes_by_no_receipt),
		TESTDB(not_calm_is_said_so_often_an_hour),
		TESTDB(what_opens_again_rings),
		TESTDB(what_was_opened_by_hand_rings_for_its_own_posts),
	};
	vault = town_vault();
	int status = testdb_run("ends", cases, COUNT(cases), NULL, 0);
	vault_close(vault);
	return status;
}
