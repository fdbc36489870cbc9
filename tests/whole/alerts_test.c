/* Alerts on a database: who is called, when, and what becomes of it. The rules themselves are in tests/unit/escalation_test.c. */
#include "town.h"
#include "alerts_sql.h"
#include "base/clock.h"
#include "features/alerts/alerts.h"
#include "features/posts/posts.h"
#include "features/reports/reports.h"

static struct vault *vault;
static struct town town;
static struct {
	int64_t kase, alert, report;
} made;

static int64_t value(struct testdb *t, const char *sql)
{
	int64_t v;
	return str_to_i64(str_of(testdb_value(t, sql)), 0, INT64_MAX, &v) ? v : 0;
}

static int64_t value_of(struct testdb *t, const char *column)
{
	return value(t, arena_printf(t->c.mem, "SELECT %s FROM alerts WHERE id = %" PRId64, column, made.alert).p);
}

static enum err send(struct ctx *c, void *arg)
{
	struct report_made done;
	TRY(reports_create(c, arg, &done));
	made.kase = done.case_id;
	made.report = done.id;
	return OK;
}

static void report(struct testdb *t, enum level level, bool spares)
{
	struct report_new what = { .level = level,
		.why = TRIGGER_RUMOUR,
		.place_id = town.rw[1],
		.text = S("dengar-dengar"),
		.spares_neighbours = spares,
		.channel = "web" };
	town_sign_in(t, &town, TOWN_PEOPLE);
	/* What has ended takes no further report. */
	testdb_exec(t, "UPDATE alerts SET ended_ms = 1, next_ms = NULL, state = 'calm' WHERE ended_ms IS NULL");
	testdb_ok(t, db_within(&t->c, true, send, &what));
	made.alert = value(
		t, arena_printf(t->c.mem, "SELECT id FROM alerts WHERE report_id = %" PRId64, made.report).p);
}

static void begin(struct testdb *t)
{
	t->c.vault = vault;
	town_make(t, &town);
}

static enum err climb(struct ctx *c, void *arg)
{
	(void)arg;
	return alerts_climb_job(c, made.alert);
}

/* The worker at AT_MS. */
static void work(struct testdb *t, int64_t at_ms)
{
	t->c.now_ms = at_ms;
	testdb_ok(t, db_within(&t->c, true, climb, NULL));
}

struct tap {
	enum answer what;
	int64_t with;
	enum verdict verdict;
};

static enum err answer(struct ctx *c, void *arg)
{
	struct tap *tap = arg;
	return alerts_answer(
		c, made.alert, tap->what, town.membership.post_id, tap->with, CASES_SHOWN_ALL, &tap->verdict);
}

static enum err tap(struct testdb *t, enum town_who who, enum answer what, int64_t with)
{
	struct tap it = { what, with, VERDICT_SAME };
	town_sign_in(t, &town, who);
	return db_within(&t->c, true, answer, &it);
}

static enum err undo(struct ctx *c, void *arg)
{
	int64_t *id = arg;
	return alerts_undo(c, made.alert, id ? *id : 0);
}

/* Posts in the order in which they are called, with the time of each call after the report, while nobody answers. */
static const char *called_text(struct testdb *t, enum level level, bool spares)
{
	int64_t began = t->c.now_ms;
	struct str text = S("");
	report(t, level, spares);
	for (int i = 0; i < 5; i++) {
		struct alerts_calls_row *calls;
		size_t count;
		testdb_ok(t, db_begin(&t->c, false));
		testdb_ok(t, alerts_calls(&t->c, made.alert, &calls, &count));
		db_rollback(&t->c);
		text = arena_printf(t->c.mem, "%.*s%" PRId64 "s:", STR_ARG(text), (t->c.now_ms - began) / SECOND_MS);
		for (size_t k = 0; k < count; k++)
			for (int p = 0; p < TOWN_POSTS; p++)
				if (calls[k].post_id == town.posts[p] && calls[k].step == value_of(t, "step"))
					text = arena_printf(
						t->c.mem, "%.*s %d/%" PRId64, STR_ARG(text), p, calls[k].roles);
		text = arena_printf(t->c.mem, "%.*s; ", STR_ARG(text));
		if (value_of(t, "rings") > 0)
			break;
		int64_t next = value_of(t, "next_ms");
		work(t, next - MINUTE_MS < began ? began : next - MINUTE_MS); /* too early: nothing */
		work(t, next - 1);
		assert_int_equal(value_of(t, "next_ms"), next);
		work(t, next);
	}
	t->c.now_ms = began;
	return text.p;
}

static void posts_are_called_in_order_and_the_neighbourhood_only_where_it_may_know(void **state)
{
	struct testdb *t = *state;
	begin(t);
	assert_string_equal(
		called_text(t, LEVEL_NYATA, false), "0s: 0/16 1/32 5/2; 60s: 1/64 3/32; 180s: 2/64; 360s: 2/64; ");
	/* A fight is not kept from the head of the RW, whatever was ticked. */
	assert_string_equal(
		called_text(t, LEVEL_NYATA, true), "0s: 0/16 1/32 5/2; 60s: 1/64 3/32; 180s: 2/64; 360s: 2/64; ");
	assert_string_equal(called_text(t, LEVEL_AMBANG, false), "0s: 0/16 5/2; 300s: 1/32; 900s: 1/64; 1800s: 1/64; ");
	assert_string_equal(called_text(t, LEVEL_AMBANG, true), "0s: 0/16; 300s: 1/32; 900s: 1/64; 1800s: 1/64; ");
	/* 20.00: half a day, a day, then the morning at 08.00. */
	assert_string_equal(
		called_text(t, LEVEL_POTENSI, false), "0s: 0/16; 43200s: 1/32; 86400s: 1/64; 129600s: 1/64; ");
}

static void a_step_that_nobody_hears_is_passed_at_once(void **state)
{
	struct testdb *t = *state;
	begin(t);
	/* Whose duty begins in a minute, or has just ended, hears nothing: only the chief is called whatever the roster. */
	for (int ended = 0; ended <= 1; ended++) {
		testdb_exec(
			t, arena_printf(t->c.mem, "UPDATE duties SET from_ms = %" PRId64 ", until_ms = %" PRId64,
				   t->c.now_ms + (ended ? -MINUTE_MS : MINUTE_MS), t->c.now_ms + (ended ? 0 : HOUR_MS))
				   .p);
		report(t, LEVEL_POTENSI, true);
		assert_int_equal(value_of(t, "step"), 2);
	}
	testdb_exec(t, arena_printf(t->c.mem, "UPDATE duties SET until_ms = %" PRId64, t->c.now_ms + HOUR_MS).p);
	testdb_exec(
		t, arena_printf(t->c.mem, "DELETE FROM duties WHERE post_id = %" PRId64, town.posts[TOWN_BHABIN]).p);
	report(t, LEVEL_AMBANG, true);
	assert_int_equal(value_of(t, "step"), 1);
	assert_int_equal(value_of(t, "next_ms"), t->c.now_ms + 15 * MINUTE_MS);
	/* Who was removed stands on the roster, and hears nothing; nor do members without the role that is called. */
	testdb_exec(t,
		arena_printf(t->c.mem, "UPDATE memberships SET ended_ms = 1 WHERE post_id = %" PRId64 " AND roles = 32",
			town.posts[TOWN_POLSEK])
			.p);
	report(t, LEVEL_AMBANG, true);
	assert_int_equal(value_of(t, "step"), 2);
	testdb_exec(t, "DELETE FROM duties");
	testdb_exec(t, "UPDATE memberships SET ended_ms = 1 WHERE roles IN (2, 64)");
	report(t, LEVEL_NYATA, false);
	assert_int_equal(value_of(t, "step"), 2);
	assert_int_equal(
		value_of(t, "next_ms"), t->c.now_ms + 3 * MINUTE_MS); /* and goes on: never without a deadline */
}

/* The last use of the Bhabinkamtibmas' sessions and of the head's of RW 08 was AGO_MS ago; how far an alert gets at once. */
static int64_t step_after_silence(struct testdb *t, enum level level, int64_t ago_ms)
{
	testdb_exec(t, arena_printf(t->c.mem,
			       "UPDATE sessions SET seen_ms = %" PRId64 " WHERE account_id IN (SELECT account_id FROM "
			       "memberships WHERE post_id IN (%" PRId64 ", %" PRId64 "))",
			       t->c.now_ms - ago_ms, town.posts[TOWN_BHABIN], town.posts[TOWN_RW8])
			       .p);
	report(t, level, false);
	return value_of(t, "step");
}

static void nobody_hears_who_is_not_signed_in(void **state)
{
	struct testdb *t = *state;
	begin(t);
	/* A duty that the idle end runs into keeps the session, and the Bhabinkamtibmas hears; one that began later does not. */
	const int64_t idle_ms = accounts_settings.idle_ms;
	testdb_exec(t, arena_printf(t->c.mem, "UPDATE duties SET from_ms = %" PRId64, t->c.now_ms - HOUR_MS).p);
	assert_int_equal(step_after_silence(t, LEVEL_AMBANG, idle_ms), 0);
	assert_int_equal(step_after_silence(t, LEVEL_AMBANG, idle_ms + HOUR_MS + 1), 1);
	testdb_exec(t, "DELETE FROM duties WHERE account_id IN (SELECT account_id FROM memberships WHERE roles <> 32)");
	/* The head is on no roster: in time, too late, signed out. */
	assert_int_equal(step_after_silence(t, LEVEL_AMBANG, idle_ms - 1), 0);
	assert_int_equal(value_of(t, "next_ms"), t->c.now_ms + 5 * MINUTE_MS);
	assert_int_equal(step_after_silence(t, LEVEL_AMBANG, idle_ms), 1);
	assert_int_equal(value_of(t, "next_ms"), t->c.now_ms + 15 * MINUTE_MS);
	assert_int_equal(step_after_silence(t, LEVEL_AMBANG, 0), 0);
	testdb_exec(t, arena_printf(t->c.mem, "UPDATE sessions SET expires_ms = %" PRId64, t->c.now_ms).p);
	report(t, LEVEL_AMBANG, false);
	assert_int_equal(value_of(t, "step"), 2);
	/* Nobody at all: the top is reached at once, keeps its deadline, and each call says that nobody heard it. */
	assert_true(value_of(t, "next_ms") > t->c.now_ms);
	assert_int_equal(
		value(t, arena_printf(t->c.mem, "SELECT count(*) FROM alert_calls WHERE heard AND alert_id = %" PRId64,
				 made.alert)
				 .p),
		0);
	/* Who signs in meanwhile hears the next ring. */
	testdb_exec(t, "UPDATE sessions SET expires_ms = 9000000000000, seen_ms = 9000000000000");
	work(t, value_of(t, "next_ms"));
	assert_int_equal(
		value(t, arena_printf(t->c.mem, "SELECT count(*) FROM alert_calls WHERE heard AND alert_id = %" PRId64,
				 made.alert)
				 .p),
		1);
}

static void owners_are_late_by_their_level(void **state)
{
	static const int64_t minutes[LEVEL_COUNT] = { 24 * 60, 120, 15 };
	struct testdb *t = *state;
	begin(t);
	for (int level = 0; level < LEVEL_COUNT; level++) {
		report(t, (enum level)level, false);
		int64_t began = t->c.now_ms, due = began + minutes[level] * MINUTE_MS;
		testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_MINE, 0));
		assert_int_equal(value_of(t, "next_ms"), due);
		work(t, due - MINUTE_MS);
		assert_int_equal(value_of(t, "step"), 0);
		assert_int_equal(value_of(t, "late_ms"), 0);
		work(t, due + MINUTE_MS);
		assert_int_equal(value_of(t, "step"), 1);
		assert_int_equal(value_of(t, "late_ms"), due);
		/* The owner is asked again, and somebody else may take it now. */
		assert_int_equal(value(t, arena_printf(t->c.mem,
						  "SELECT count(*) FROM alert_calls WHERE alert_id = %" PRId64
						  " AND rung_ms = %" PRId64 " AND post_id = %" PRId64,
						  made.alert, t->c.now_ms, town.posts[TOWN_BHABIN])
						  .p),
			1);
		testdb_ok(t, tap(t, TOWN_DESK, ANSWER_MINE, 0));
		assert_int_equal(value_of(t, "owner_id"), town.people[TOWN_DESK].id);
		assert_int_equal(value_of(t, "late_ms"), 0);
		t->c.now_ms = began;
	}
}

static void a_post_that_is_called_twice_keeps_both_calls(void **state)
{
	struct testdb *t = *state;
	begin(t);
	report(t, LEVEL_NYATA, false);
	work(t, value_of(t, "next_ms"));
	const char *sql = arena_printf(t->c.mem, "FROM alert_calls WHERE alert_id = %" PRId64 " AND post_id = %" PRId64,
		made.alert, town.posts[TOWN_POLSEK])
				  .p;
	assert_int_equal(value(t, arena_printf(t->c.mem, "SELECT count(*) %s AND roles = 32 AND on_duty", sql).p), 1);
	assert_int_equal(
		value(t, arena_printf(t->c.mem, "SELECT count(*) %s AND roles = 64 AND NOT on_duty", sql).p), 1);
	assert_int_equal(value(t, arena_printf(t->c.mem, "SELECT count(*) %s", sql).p), 2);
}

static void an_alert_ends_by_arrival_or_agreement(void **state)
{
	struct testdb *t = *state;
	begin(t);
	report(t, LEVEL_NYATA, false);
	testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_CALM, 0));
	assert_int_equal(tap(t, TOWN_COLLEAGUE, ANSWER_CALM, 0), ERR_CONFLICT);
	assert_int_equal(value_of(t, "ended_ms"), 0);
	testdb_ok(t, tap(t, TOWN_HEAD8, ANSWER_CALM, 0));
	assert_int_equal(value_of(t, "ended_ms"), t->c.now_ms);
	/* Only the Bhabinkamtibmas is called, who has a colleague; the Polsek above was not, and its desk may agree. */
	report(t, LEVEL_POTENSI, false);
	testdb_ok(t, tap(t, TOWN_DESK, ANSWER_FALSE_ALARM, 0));
	testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_FALSE_ALARM, 0));
	assert_int_equal(value_of(t, "ended_ms"), t->c.now_ms);
	report(t, LEVEL_POTENSI, false);
	testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_CALM, 0));
	assert_int_equal(tap(t, TOWN_HEAD8, ANSWER_CALM, 0), ERR_CONFLICT);
	testdb_ok(t, tap(t, TOWN_COLLEAGUE, ANSWER_CALM, 0));
	assert_int_equal(value_of(t, "ended_ms"), t->c.now_ms);
	/* A sole member. */
	testdb_exec(t, arena_printf(t->c.mem, "UPDATE memberships SET ended_ms = 1 WHERE account_id = %" PRId64,
			       town.people[TOWN_COLLEAGUE].id)
			       .p);
	report(t, LEVEL_POTENSI, false);
	testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_MINE, 0));
	testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_THERE, 0));
	t->c.now_ms += 2 * MINUTE_MS - 1;
	testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_CALM, 0));
	assert_int_equal(value_of(t, "ended_ms"), 0);
	t->c.now_ms++;
	testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_CALM, 0));
	assert_int_equal(value_of(t, "ended_ms"), t->c.now_ms);
}

static void two_taps_are_one(void **state)
{
	static const enum answer whats[] = { ANSWER_SEEN, ANSWER_MINE, ANSWER_ON_THE_WAY, ANSWER_THERE, ANSWER_CALM,
		ANSWER_HANDED_OVER };
	struct testdb *t = *state;
	begin(t);
	report(t, LEVEL_AMBANG, false);
	for (size_t i = 0; i < COUNT(whats); i++) {
		int64_t with = whats[i] == ANSWER_HANDED_OVER ? town.posts[TOWN_POLSEK] : 0;
		testdb_ok(t, tap(t, TOWN_OFFICER, whats[i], with));
		uint64_t once = testdb_hash(t);
		t->c.now_ms += 3 * SECOND_MS;
		testdb_ok(t, tap(t, TOWN_OFFICER, whats[i], with));
		assert_true(testdb_hash(t) == once);
	}
}

static void only_ones_own_last_answer_is_undone(void **state)
{
	struct testdb *t = *state;
	begin(t);
	report(t, LEVEL_AMBANG, false);
	int64_t due = value_of(t, "next_ms");
	testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_MINE, 0));
	town_sign_in(t, &town, TOWN_COLLEAGUE);
	assert_int_equal(db_within(&t->c, true, undo, NULL), ERR_CONFLICT);
	town_sign_in(t, &town, TOWN_OFFICER);
	t->c.now_ms += MINUTE_MS + 1;
	assert_int_equal(db_within(&t->c, true, undo, NULL), ERR_CONFLICT);
	t->c.now_ms--;
	int64_t first = value(t, "SELECT max(id) FROM alert_answers");
	testdb_ok(t, db_within(&t->c, true, undo, &first));
	assert_int_equal(value_of(t, "next_ms"), due);
	assert_int_equal(value_of(t, "owner_id"), 0);
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM alert_calls WHERE answered_ms IS NOT NULL"), "0");
	/* A second tap on the same button does not take back the answer before. */
	testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_MINE, 0));
	testdb_ok(t, db_within(&t->c, true, undo, &first));
	assert_int_equal(value_of(t, "owner_id"), town.people[TOWN_OFFICER].id);
	/* Nor does it go on where somebody else has built on it. */
	testdb_ok(t, tap(t, TOWN_HEAD8, ANSWER_HELPING, 0));
	town_sign_in(t, &town, TOWN_OFFICER);
	assert_int_equal(db_within(&t->c, true, undo, NULL), ERR_CONFLICT);
}

struct further {
	enum level level;
};

static enum err join(struct ctx *c, void *arg)
{
	const struct further *j = arg;
	return alerts_report_joined(c, made.alert, made.report, j->level);
}

static int64_t rings(struct testdb *t)
{
	return value(t, "SELECT count(*) FROM events WHERE kind = '@ring'");
}

static void a_further_report_of_an_incident(void **state)
{
	struct testdb *t = *state;
	struct further same = { LEVEL_POTENSI }, graver = { LEVEL_NYATA };
	begin(t);
	report(t, LEVEL_POTENSI, false);
	testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_MINE, 0));
	int64_t rung = rings(t);
	t->c.now_ms += MINUTE_MS;
	testdb_ok(t, db_within(&t->c, true, join, &same));
	assert_int_equal(rings(t), rung);
	testdb_ok(t, db_within(&t->c, true, join, &graver));
	assert_int_equal(rings(t), rung + 3); /* Bhabinkamtibmas, Polsek, RW */
	assert_string_equal(testdb_value(t, "SELECT level FROM alerts"), "nyata");
	assert_string_equal(testdb_value(t, "SELECT level FROM cases"), "nyata");
	assert_int_equal(value_of(t, "owner_id"), town.people[TOWN_OFFICER].id);
	assert_int_equal(value_of(t, "next_ms"), t->c.now_ms + 60 * SECOND_MS);
	rung = rings(t);
	t->c.now_ms += 3 * MINUTE_MS - 1;
	testdb_ok(t, db_within(&t->c, true, join, &graver));
	assert_int_equal(rings(t), rung);
	t->c.now_ms++;
	testdb_ok(t, db_within(&t->c, true, join, &graver));
	assert_true(rings(t) > rung);
	testdb_exec(t, "UPDATE alerts SET ended_ms = 1, next_ms = NULL, state = 'calm'");
	assert_int_equal(db_within(&t->c, true, join, &graver), ERR_CONFLICT);
}

static enum err ring_again(struct ctx *c, void *arg)
{
	(void)arg;
	return alerts_ring_again(c, made.kase, made.report);
}

static void a_reporter_who_writes_again_is_heard(void **state)
{
	struct testdb *t = *state;
	begin(t);
	report(t, LEVEL_AMBANG, false);
	testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_MINE, 0));
	t->c.now_ms += 10 * MINUTE_MS;
	int64_t rung = rings(t);
	testdb_ok(t, db_within(&t->c, true, ring_again, NULL));
	assert_true(rings(t) > rung);
	assert_int_equal(value_of(t, "unread_ms"), t->c.now_ms);
	assert_int_equal(value_of(t, "next_ms"), t->c.now_ms + 15 * MINUTE_MS);
	assert_int_equal(value(t, "SELECT count(*) FROM jobs WHERE kind = 'alert_climb' AND done_ms IS NULL"
				  " AND run_after_ms = (SELECT next_ms FROM alerts)"),
		1);
	testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_ON_THE_WAY, 0));
	assert_int_equal(value_of(t, "unread_ms"), 0);
	/* After the end it is another call, that climbs. */
	testdb_exec(t, "UPDATE alerts SET ended_ms = 1, next_ms = NULL, state = 'calm'");
	rung = rings(t);
	testdb_ok(t, db_within(&t->c, true, ring_again, NULL));
	assert_true(rings(t) > rung);
	assert_int_equal(value(t, "SELECT count(*) FROM alerts"), 2);
	assert_int_equal(value(t, "SELECT count(*) FROM jobs WHERE kind = 'alert_climb' AND done_ms IS NULL"
				  " AND run_after_ms = (SELECT next_ms FROM alerts WHERE ended_ms IS NULL AND unread_ms"
				  " = raised_ms AND step = 0 AND owner_id IS NULL)"),
		1);
}

static enum err send_narrow(struct ctx *c, void *arg)
{
	const struct report_new what = {
		.level = LEVEL_POTENSI, .place_id = town.rw[1], .text = S("di warung"), .channel = "web"
	};
	struct report_made done;
	TRY(reports_create(c, &what, &done));
	*(int64_t *)arg = done.id;
	assert_true(done.case_id == made.kase);
	return OK;
}

static enum err write_narrow(struct ctx *c, void *arg)
{
	return reports_say(c, *(int64_t *)arg, 0, S("mereka datang"), NULL);
}

static int64_t rings_at(struct testdb *t, enum town_post post)
{
	return value(
		t, arena_printf(t->c.mem, "SELECT count(*) FROM events WHERE kind = '@ring' AND channel = %" PRId64,
			   town.posts[post])
			   .p);
}

static const char *unread_at(struct testdb *t, enum town_post post)
{
	return testdb_value(
		t, arena_printf(t->c.mem,
			   "SELECT unread_ms FROM case_posts WHERE post_id = %" PRId64 " AND case_id = %" PRId64,
			   town.posts[post], made.kase)
			   .p);
}

/* A report that the head of the RW does not read, in an incident that the head owns: it rings and marks where it is read, and
 * the head's answers neither take its mark off nor its deadline, nor end the call over it. */
static void a_narrower_report_rings_where_it_is_read(void **state)
{
	struct testdb *t = *state;
	int64_t narrow;
	begin(t);
	report(t, LEVEL_AMBANG, false);
	testdb_ok(t, tap(t, TOWN_HEAD8, ANSWER_MINE, 0));
	for (int i = 0; i < 2; i++) { /* the report, then a word in its thread */
		t->c.now_ms += 20 * MINUTE_MS;
		int64_t head = rings_at(t, TOWN_RW8), officer = rings_at(t, TOWN_BHABIN);
		town_sign_in(t, &town, TOWN_PEOPLE);
		testdb_ok(t, db_within(&t->c, true, i ? write_narrow : send_narrow, &narrow));
		assert_int_equal(rings_at(t, TOWN_RW8), head);
		assert_true(rings_at(t, TOWN_BHABIN) > officer);
		assert_string_equal(unread_at(t, TOWN_RW8), "");
		assert_string_equal(unread_at(t, TOWN_BHABIN), arena_i64(t->c.mem, t->c.now_ms).p);
		int64_t due = value_of(t, "next_ms");
		assert_int_equal(due, t->c.now_ms + 15 * MINUTE_MS);
		testdb_ok(t, tap(t, TOWN_HEAD8, ANSWER_THERE, 0));
		t->c.now_ms += 3 * MINUTE_MS;
		testdb_ok(t, tap(t, TOWN_HEAD8, ANSWER_CALM, 0));
		assert_int_equal(value_of(t, "next_ms"), due);
		assert_int_equal(value_of(t, "ended_ms"), 0);
		assert_string_equal(unread_at(t, TOWN_BHABIN), arena_i64(t->c.mem, t->c.now_ms - 3 * MINUTE_MS).p);
		testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_SEEN, 0));
		assert_string_equal(unread_at(t, TOWN_BHABIN), "");
		testdb_ok(t, tap(t, TOWN_HEAD8, ANSWER_ON_THE_WAY, 0));
		assert_int_equal(value_of(t, "next_ms"), t->c.now_ms + 2 * HOUR_MS);
	}
	work(t, value_of(t, "next_ms")); /* the clock rings for all */
	assert_int_equal(value(t, "SELECT count(*) FROM alert_calls k JOIN posts p ON p.id = k.post_id"
				  " WHERE p.kind = 'polsek'"),
		1);
}

static enum err wake(struct ctx *c, void *arg)
{
	(void)arg;
	return alerts_wake_job(c, 0);
}

static enum err make_ladders(struct ctx *c, void *arg)
{
	(void)arg;
	return alerts_ladders_job(c, 0);
}

static void what_was_lost_comes_back_by_itself(void **state)
{
	struct testdb *t = *state;
	begin(t);
	report(t, LEVEL_NYATA, false);
	static const char jobs_open[] = "SELECT count(*) FROM jobs WHERE kind = 'alert_climb' AND attempt < 8";
	/* Nothing is added beside a job that will come, or that failed and is tried again within an hour. */
	testdb_ok(t, db_within(&t->c, true, wake, NULL));
	t->c.now_ms = value_of(t, "next_ms") + 3 * MINUTE_MS;
	testdb_ok(t, db_within(&t->c, true, wake, NULL));
	assert_string_equal(testdb_value(t, jobs_open), "1");
	testdb_exec(t, "UPDATE jobs SET attempt = 8 WHERE kind = 'alert_climb'");
	testdb_ok(t, db_within(&t->c, true, wake, NULL));
	assert_string_equal(testdb_value(t, jobs_open), "1");
	/* One that is there for a later deadline moves none that has passed. */
	testdb_exec(t, "UPDATE jobs SET run_after_ms = run_after_ms + 86400000 WHERE attempt < 8");
	testdb_ok(t, db_within(&t->c, true, wake, NULL));
	assert_string_equal(testdb_value(t, jobs_open), "2");
	testdb_exec(t, "DELETE FROM jobs");
	t->c.now_ms = value_of(t, "next_ms") - SECOND_MS;
	testdb_ok(t, db_within(&t->c, true, wake, NULL));
	assert_string_equal(testdb_value(t, jobs_open), "1");
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM jobs, alerts WHERE run_after_ms = next_ms"), "1");
	/* Ladders that are missing are made; those that an administrator has changed stay. */
	testdb_exec(t, "DELETE FROM alert_rungs WHERE level = 'ambang' OR post_kind = 'polres'");
	testdb_ok(t, db_within(&t->c, true, make_ladders, NULL));
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM alert_rungs WHERE level = 'ambang'"), "4");
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM alert_rungs WHERE level = 'nyata'"), "5");
}

static void answer_times_are_counted_by_post(void **state)
{
	struct testdb *t = *state;
	struct alerts_answer_times_row *rows;
	size_t count;
	int64_t began;
	begin(t);
	began = t->c.now_ms;
	/* Taken after 1 to 10 minutes, and one not at all; the Polsek is called twice for one of them. */
	for (int i = 1; i <= 11; i++) {
		report(t, LEVEL_POTENSI, false);
		int64_t at = t->c.now_ms;
		t->c.now_ms += i * MINUTE_MS;
		if (i <= 10)
			testdb_ok(t, tap(t, TOWN_OFFICER, ANSWER_MINE, 0));
		t->c.now_ms = at;
	}
	report(t, LEVEL_NYATA, false);
	work(t, value_of(t, "next_ms"));
	testdb_ok(t, db_begin(&t->c, false));
	testdb_ok(t, alerts_answer_times(&t->c, began, began + HOUR_MS, &rows, &count));
	assert_int_equal(count, 4);
	assert_true(str_is(rows[0].name, "Bhabin"));
	assert_int_equal(rows[0].calls, 12);
	assert_int_equal(rows[0].taken, 10);
	assert_int_equal(rows[0].half_ms.v, 5 * MINUTE_MS);
	assert_int_equal(rows[0].most_ms.v, 9 * MINUTE_MS);
	assert_int_equal(rows[0].slowest_ms.v, 10 * MINUTE_MS);
	assert_true(str_is(rows[2].name, "Polsek"));
	assert_int_equal(rows[2].calls, 1);
	assert_int_equal(rows[2].taken, 0);
	assert_false(rows[2].half_ms.is);
	testdb_ok(t, alerts_answer_times(&t->c, began + HOUR_MS, began + DAY_MS, &rows, &count));
	assert_int_equal(count, 0);
	db_rollback(&t->c);
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(posts_are_called_in_order_and_the_neighbourhood_only_where_it_may_know),
		TESTDB(a_step_that_nobody_hears_is_passed_at_once),
		TESTDB(nobody_hears_who_is_not_signed_in),
		TESTDB(owners_are_late_by_their_level),
		TESTDB(a_post_that_is_called_twice_keeps_both_calls),
		TESTDB(an_alert_ends_by_arrival_or_agreement),
		TESTDB(two_taps_are_one),
		TESTDB(only_ones_own_last_answer_is_undone),
		TESTDB(a_further_report_of_an_incident),
		TESTDB(a_reporter_who_writes_again_is_heard),
		TESTDB(a_narrower_report_rings_where_it_is_read),
		TESTDB(what_was_lost_comes_back_by_itself),
		TESTDB(answer_times_are_counted_by_post),
	};
	vault = town_vault();
	int status = testdb_run("alerts", cases, COUNT(cases), NULL, 0);
	vault_close(vault);
	return status;
}
