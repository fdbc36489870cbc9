/* What a reporter is told: nobody who is there now. Where the neighbourhood is spared: who joins a call that somebody has
 * learns no more than who reports first. */
#include "town.h"
#include "base/clock.h"
#include "features/alerts/alerts.h"
#include "features/reports/reports.h"

static struct vault *vault;
static struct town town;
/* The same was reported at the same moment in two RW: there a call was open, which it joined, and here there was none. */
static struct one {
	int64_t place, report, kase, alert;
	struct alert_told told;
} joined, fresh;
static enum level level;
static bool apart; /* they do not spare the neighbourhood */

static enum err do_report(struct ctx *c, void *arg)
{
	struct one *one = arg;
	const struct report_new what = { .level = level,
		.place_id = one->place,
		.text = S("janjian"),
		.channel = "web",
		.spares_neighbours = !apart };
	struct report_made made;
	TRY(reports_create(c, &what, &made));
	one->report = made.id;
	one->kase = made.case_id;
	return OK;
}

static enum err do_say(struct ctx *c, void *arg)
{
	return reports_say(c, ((struct one *)arg)->report, 0, S("lagi"), NULL);
}

static enum err do_tell(struct ctx *c, void *arg)
{
	struct one *one = arg;
	return alerts_told(c, one->kase, one->report, &one->told);
}

static enum err do_climb(struct ctx *c, void *arg)
{
	return alerts_climb_job(c, *(int64_t *)arg);
}

struct tap {
	struct one *one;
	enum answer what;
};

static enum err do_tap(struct ctx *c, void *arg)
{
	const struct tap *t = arg;
	enum verdict verdict;
	return alerts_answer(c, t->one->alert, t->what, town.membership.post_id, 0, CASES_SHOWN_ALL, &verdict);
}

static enum err do_end(struct ctx *c, void *arg)
{
	return cases_ask_to_close(c, ((struct one *)arg)->kase, town.membership.post_id, S("calmed"));
}

static void tap(struct testdb *t, struct one *one, enum answer what)
{
	struct tap it = { one, what };
	town_sign_in(t, &town, TOWN_OFFICER);
	testdb_ok(t, db_within(&t->c, true, do_tap, &it));
	town_sign_in(t, &town, TOWN_PEOPLE);
}

static void tap_both(struct testdb *t, enum answer what)
{
	tap(t, &joined, what);
	tap(t, &fresh, what);
}

static int64_t number(struct testdb *t, const char *what, int64_t id)
{
	int64_t n = 0;
	const char *sql = arena_printf(t->c.mem, "SELECT coalesce(%s, 0) FROM alerts WHERE id = %" PRId64, what, id).p;
	assert_true(str_to_i64(str_of(testdb_value(t, sql)), 0, INT64_MAX, &n));
	return n;
}

static void send(struct testdb *t, struct one *one)
{
	town_sign_in(t, &town, TOWN_PEOPLE);
	testdb_ok(t, db_within(&t->c, true, do_report, one));
	const char *sql = arena_printf(
		t->c.mem, "SELECT id FROM alerts WHERE ended_ms IS NULL AND case_id = %" PRId64, one->kase)
				  .p;
	assert_true(str_to_i64(str_of(testdb_value(t, sql)), 1, INT64_MAX, &one->alert));
}

/* Time passes, each deadline comes when it is due. */
static void passes(struct testdb *t, int64_t ms)
{
	int64_t until = t->c.now_ms + ms;
	for (;;) {
		int64_t a = number(t, "next_ms", joined.alert), b = number(t, "next_ms", fresh.alert);
		int64_t *first = !b || (a && a <= b) ? &joined.alert : &fresh.alert, at = first == &fresh.alert ? b : a;
		if (!at || at > until)
			break;
		t->c.now_ms = at;
		testdb_ok(t, db_within(&t->c, true, do_climb, first));
	}
	t->c.now_ms = until;
}

/* Both are told the same, field by field. */
static void alike(struct testdb *t, const char *state)
{
	testdb_ok(t, db_within(&t->c, false, do_tell, &joined));
	testdb_ok(t, db_within(&t->c, false, do_tell, &fresh));
	assert_true(str_is(fresh.told.state, state));
	assert_true(str_eq(joined.told.state, fresh.told.state));
	assert_int_equal(joined.told.due_ms, 0); /* it would promise calls that are not made where somebody has it */
	assert_int_equal(fresh.told.due_ms, 0);
	assert_int_equal(joined.told.answer_by_ms, fresh.told.answer_by_ms);
	assert_true(!joined.told.answer_by_ms || !joined.told.late_ms);
	assert_int_equal(joined.told.late_ms, fresh.told.late_ms);
	assert_int_equal(
		joined.told.called_count, 0); /* which posts were called depends on what others have reported */
	assert_int_equal(fresh.told.called_count, 0);
}

/* A call that somebody has, or had a while ago, in the first RW, and then the two reports. */
static void begin(struct testdb *t, enum level first, enum level later)
{
	struct one hidden;
	t->c.vault = vault;
	town_make(t, &town);
	testdb_exec(t, "UPDATE duties SET until_ms = 9000000000000");
	joined = (struct one){ .place = town.rw[0] };
	fresh = (struct one){ .place = town.rw[1] };
	hidden = joined;
	level = first;
	send(t, &hidden);
	t->c.now_ms += MINUTE_MS;
	tap(t, &hidden, ANSWER_MINE);
	tap(t, &hidden, ANSWER_THERE);
	t->c.now_ms += 9 * MINUTE_MS;
	level = later;
	send(t, &joined);
	send(t, &fresh);
	assert_true(joined.kase == hidden.kase && joined.alert == hidden.alert && fresh.alert != hidden.alert);
}

static void who_joins_a_spared_call_reads_what_who_reports_first_reads(void **state)
{
	struct testdb *t = *state;
	begin(t, LEVEL_AMBANG, LEVEL_AMBANG);
	assert_true(number(t, "owner_id", joined.alert) != 0);
	alike(t, "ringing");
	passes(t, 4 * MINUTE_MS);
	alike(t, "ringing");
	testdb_ok(t, db_within(&t->c, true, do_say, &joined));
	testdb_ok(t, db_within(&t->c, true, do_say, &fresh));
	alike(t, "ringing");
	passes(t, 3 * HOUR_MS);
	alike(t, "ringing");
	assert_true(joined.told.late_ms != 0);
	tap(t, &joined, ANSWER_THERE);
	tap(t, &fresh, ANSWER_MINE);
	tap(t, &fresh, ANSWER_THERE);
	alike(t, "there");
	passes(t, 3 * MINUTE_MS);
	tap_both(t, ANSWER_CALM);
	alike(t, "calm");
	town_sign_in(t, &town, TOWN_OFFICER);
	testdb_ok(t, db_within(&t->c, true, do_end, &joined));
	testdb_ok(t, db_within(&t->c, true, do_end, &fresh));
	alike(t, "calm");
}

static void so_at_every_level(void **state)
{
	struct testdb *t = *state;
	begin(t, LEVEL_POTENSI, LEVEL_POTENSI);
	alike(t, "ringing");
	passes(t, 40 * HOUR_MS);
	alike(t, "ringing");
}

static void so_where_the_report_is_graver(void **state)
{
	struct testdb *t = *state;
	begin(t, LEVEL_POTENSI, LEVEL_AMBANG);
	alike(t, "ringing");
	passes(t, HOUR_MS);
	alike(t, "ringing");
}

static void so_where_the_call_is_graver(void **state)
{
	struct testdb *t = *state;
	begin(t, LEVEL_AMBANG, LEVEL_POTENSI);
	alike(t, "ringing");
	passes(t, HOUR_MS);
	alike(t, "ringing");
}

/* What ended before takes nothing in: a report of the same hour is the first one again. */
static void what_has_ended_speaks_for_nobody(void **state)
{
	struct testdb *t = *state;
	begin(t, LEVEL_AMBANG, LEVEL_AMBANG);
	int64_t kase = joined.kase;
	tap(t, &joined, ANSWER_THERE);
	t->c.now_ms += 3 * MINUTE_MS;
	tap(t, &joined, ANSWER_CALM);
	fresh.place = town.rw[1];
	testdb_exec(t, "UPDATE alerts SET ended_ms = raised_ms, next_ms = NULL, state = 'calm' WHERE ended_ms IS NULL");
	send(t, &joined);
	send(t, &fresh);
	assert_true(joined.kase != kase);
	alike(t, "ringing");
}

/* Of the first two RW's reports one is made when everybody is there, one when nobody is: neither is told it, for talk and for a
 * spared neighbourhood. Then everybody leaves: nor does it show later. */
static void nobody_learns_who_is_there(void **state)
{
	struct testdb *t = *state;
	for (int spares = 0; spares < 2; spares++) {
		struct alert_told before;
		if (!spares) {
			t->c.vault = vault;
			town_make(t, &town);
		}
		apart = !spares;
		level = spares ? LEVEL_AMBANG : LEVEL_POTENSI;
		testdb_exec(t, "UPDATE alerts SET ended_ms = raised_ms, next_ms = NULL, state = 'calm' WHERE ended_ms "
			       "IS NULL");
		testdb_exec(t, "UPDATE sessions SET expires_ms = 9000000000000");
		joined = (struct one){ .place = town.rw[0] };
		fresh = (struct one){ .place = town.rw[1] };
		send(t, &joined);
		testdb_exec(t, "UPDATE sessions SET expires_ms = 1");
		send(t, &fresh);
		assert_int_equal(number(t, "step", joined.alert), 0);
		assert_true(number(t, "step", fresh.alert) > 0);
		alike(t, "ringing");
		assert_true(fresh.told.answer_by_ms > t->c.now_ms);
		before = joined.told;
		testdb_exec(t, "UPDATE sessions SET expires_ms = 9000000000000");
		alike(t, "ringing");
		assert_int_equal(joined.told.answer_by_ms, before.answer_by_ms);
		passes(t, 13 * HOUR_MS);
		alike(t, "ringing");
		assert_true(fresh.told.late_ms != 0);
	}
}

/* Nor does who reports first and waits for others: neither when they come, nor what they write. */
static void who_reports_first_learns_nothing_of_who_comes_later(void **state)
{
	struct testdb *t = *state;
	struct one later;
	t->c.vault = vault;
	town_make(t, &town);
	testdb_exec(t, "UPDATE duties SET until_ms = 9000000000000");
	joined = later = (struct one){ .place = town.rw[0] };
	fresh = (struct one){ .place = town.rw[1] };
	level = LEVEL_POTENSI;
	send(t, &joined);
	send(t, &fresh);
	t->c.now_ms += MINUTE_MS;
	level = LEVEL_AMBANG;
	send(t, &later);
	assert_true(
		later.kase == joined.kase && number(t, "next_ms", joined.alert) < number(t, "next_ms", fresh.alert));
	alike(t, "ringing");
	passes(t, HOUR_MS);
	alike(t, "ringing");
	tap_both(t, ANSWER_MINE);
	tap_both(t, ANSWER_THERE);
	alike(t, "there");
	t->c.now_ms += 3 * MINUTE_MS;
	tap_both(t, ANSWER_CALM);
	alike(t, "calm");
	t->c.now_ms += MINUTE_MS;
	testdb_ok(t, db_within(&t->c, true, do_say, &later));
	assert_string_equal(testdb_value(t, "SELECT count(*) FROM alerts WHERE ended_ms IS NULL"), "1");
	alike(t, "calm");
	t->c.now_ms += MINUTE_MS;
	testdb_ok(t, db_within(&t->c, true, do_say, &joined));
	testdb_ok(t, db_within(&t->c, true, do_say, &fresh));
	alike(t, "ringing");
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(who_joins_a_spared_call_reads_what_who_reports_first_reads),
		TESTDB(nobody_learns_who_is_there),
		TESTDB(so_at_every_level),
		TESTDB(so_where_the_report_is_graver),
		TESTDB(so_where_the_call_is_graver),
		TESTDB(what_has_ended_speaks_for_nobody),
		TESTDB(who_reports_first_learns_nothing_of_who_comes_later),
	};
	vault = town_vault();
	int status = testdb_run("told", cases, COUNT(cases), NULL, 0);
	vault_close(vault);
	return status;
}
