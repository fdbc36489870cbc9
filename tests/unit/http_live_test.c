/* Streams without sockets: what is published, when it becomes visible, who hears it, and once only. */
#include "http_streams.h"
#include "base/clock.h"
#include "base/id.h"
#include "events_sql.h"
#include "http/session.h"

static const int64_t OVERLAP_MS = 500, LATE_MS = LIVE_COMMIT_MS;

static void an_event_reaches_the_streams_of_its_channel_in_their_language(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	open_stream(1, LANG_EN, 70, "", "");
	open_stream(2, LANG_ID, 71, "", "");
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "");
	f.resumed = 0;
	publish(70, "note", 1);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: note;data: 1 id;");
	assert_string_equal(heard(1), "event: note;data: 1 en;");
	assert_string_equal(heard(2), "");
	assert_int_equal(f.resumed, 2);
	finish();
}

static void it_is_told_once_however_often_it_is_read(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	for (int i = 1; i <= 50; i++)
		publish(70, "note", i);
	pump(LATE_MS);
	assert_true(strlen(heard(0)) > 50 * strlen("event: note;data: 1 id;"));
	for (int i = 0; i < 20; i++)
		pump(LATE_MS);
	assert_string_equal(heard(0), "");
	finish();
}

static void one_thing_in_several_channels_is_told_once_a_stream(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	publish(70, "note", 1);
	publish(7, "note", 1); /* the account is a channel too */
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: note;data: 1 id;");
	finish();
}

static void what_has_no_message_is_left_out(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	publish(70, "secret", 1);
	publish(70, "note", 3);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: note;data: 3 id;");
	finish();
}

/* Nothing is lost: who should have had it loads the page anew, and nobody else does. */
static void what_cannot_be_rendered_makes_its_pages_stale(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	open_stream(1, LANG_ID, 71, "", "");
	publish(70, "broken", 1);
	publish(70, "note", 2);
	publish(71, "note", 3);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: stale;data:;");
	assert_string_equal(heard(1), "event: note;data: 3 id;");
	publish(70, "long", 4);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: stale;data:;");
	publish(70, "note", 5);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: note;data: 5 id;");
	finish();
}

/* A statement that fails ends its transaction; what comes after it is rendered in another. */
static void a_statement_that_fails_costs_one_message(void **state)
{
	begin(state);
	for (int failing = 1; failing <= 3; failing++) { /* 0 reads the events */
		for (size_t i = 0; i < 3; i++)
			open_stream(i, LANG_ID, 70 + (int64_t)i, "", "");
		pump(OVERLAP_MS);
		for (size_t i = 0; i < 3; i++) {
			heard(i);
			publish(70 + (int64_t)i, "asks", 10 * failing + (int64_t)i);
		}
		db_fault_countdown = failing;
		pump(OVERLAP_MS);
		db_fault_countdown = -1;
		for (size_t i = 0; i < 3; i++) {
			char wanted[60];
			snprintf(wanted, sizeof wanted, "event: asks;data: %d id;", 10 * failing + (int)i);
			/* Streams are served the newest first. */
			bool lost = (int)i == 3 - failing;
			assert_string_equal(heard(i), lost ? "event: stale;data:;" : wanted);
			live_close(f.s[i]);
		}
	}
	finish();
}

/* What ends a stream does so even behind something that failed. */
static void a_stale_page_is_ended_all_the_same(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	publish(70, "broken", 1);
	f.refused = 7;
	testdb_ok(f.t, db_begin(&f.t->c, true));
	testdb_ok(f.t, live_end_account(&f.t->c, 7));
	testdb_ok(f.t, db_commit(&f.t->c));
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: stale;data:;");
	assert_true(ended(0));
	finish();
}

static void an_event_that_becomes_visible_late_is_told_all_the_same(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	int64_t now = clock_now_ms();
	insert(now, 1);
	pump(OVERLAP_MS);
	insert(now - 300, 2);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: note;data: 1 id;event: note;data: 2 id;");
	insert(now - 5000, 3);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "");
	pump(LATE_MS);
	assert_string_equal(heard(0), "event: note;data: 3 id;");
	finish();
}

static void a_clock_that_was_put_back_loses_nothing(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	int64_t now = f.t->c.now_ms;
	insert(now + HOUR_MS, 1);
	f.t->c.now_ms = now + HOUR_MS;
	pump(OVERLAP_MS);
	open_stream(1, LANG_ID, 70, "", "");
	pump(OVERLAP_MS);
	f.t->c.now_ms = now + 10;
	insert(now + 5, 2);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: note;data: 1 id;event: note;data: 2 id;");
	assert_non_null(strstr(heard(1), "data: 2 id;"));
	finish();
}

static void a_page_hears_what_happened_since_it_was_made(void **state)
{
	begin(state);
	int64_t page_ms = f.t->c.now_ms - 30000;
	char query[60];
	insert(page_ms - 20000, 1);
	insert(page_ms + 10000, 2);
	f.t->c.now_ms = page_ms;
	snprintf(query, sizeof query, "x=1&since=%" PRId64, live_mark(&f.t->c));
	f.t->c.now_ms = page_ms + 30000;
	open_stream(0, LANG_ID, 70, "", "");
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "");
	open_stream(1, LANG_ID, 70, query, "");
	assert_true(live_is_awaited(f.l));
	pump(OVERLAP_MS);
	assert_false(live_is_awaited(f.l));
	assert_string_equal(heard(1), "event: note;data: 2 id;");
	assert_string_equal(heard(0), ""); /* it did not hear of it, and what is new to it came before it opened */
	pump(LATE_MS);
	assert_string_equal(heard(1), "");
	finish();
}

static void what_was_on_the_page_already_is_not_told_again(void **state)
{
	begin(state);
	char query[60];
	open_stream(0, LANG_ID, 70, "", "");
	publish(70, "note", 1);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: note;data: 1 id;");
	f.t->c.now_ms += 2000;
	snprintf(query, sizeof query, "since=%" PRId64, live_mark(&f.t->c));
	open_stream(1, LANG_ID, 70, query, "");
	pump(OVERLAP_MS);
	assert_string_equal(heard(1), "");
	f.t->c.now_ms -= 1500; /* a page made before that, but after the event */
	snprintf(query, sizeof query, "since=%" PRId64, live_mark(&f.t->c) - (INT64_C(1000) << 21));
	open_stream(2, LANG_ID, 70, query, "");
	pump(OVERLAP_MS);
	assert_string_equal(heard(2), "event: note;data: 1 id;");
	finish();
}

static void a_browser_that_comes_back_goes_on_where_it_was(void **state)
{
	begin(state);
	char last[30];
	int64_t now = f.t->c.now_ms;
	insert(now - 40000, 1);
	insert(now - 10000, 2);
	snprintf(last, sizeof last, "%" PRId64, id_floor(now - 13000));
	open_stream(0, LANG_ID, 70, "since=1", last);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: note;data: 2 id;");
	static const char *const long_ago[] = { "1", "-5", "x", "99999999999999999999" };
	for (size_t i = 0; i < COUNT(long_ago); i++) {
		open_stream(1 + i, LANG_ID, 70, "", long_ago[i]);
		pump(OVERLAP_MS);
		assert_true(str_starts(str_of(heard(1 + i)), S("event: stale;data:;")));
	}
	finish();
}

/* Where a browser goes on is the moment at which it was told: nobody reads there when what it hears of has happened. */
static void a_message_says_when_it_was_told(void **state)
{
	begin(state);
	char text[200] = "", wanted[80];
	int64_t now = f.t->c.now_ms;
	insert(now - 10000, 2);
	snprintf(wanted, sizeof wanted, "%" PRId64, id_floor(now - 13000));
	open_stream(0, LANG_ID, 70, "", wanted);
	pump(OVERLAP_MS);
	snprintf(wanted, sizeof wanted, "id: %" PRId64 "\nevent: note\ndata: 2 id\n\n", id_floor(f.t->c.now_ms));
	ptrdiff_t n = live_take(f.s[0], text, sizeof text - 1);
	assert_true(n > 0);
	assert_non_null(strstr(text, wanted));
	/* And it goes on there: what came after it is told, it itself not again by a worker that had read it. */
	snprintf(wanted, sizeof wanted, "%" PRId64, id_floor(f.t->c.now_ms));
	publish(70, "note", 3);
	open_stream(1, LANG_ID, 70, "", wanted);
	pump(OVERLAP_MS);
	assert_non_null(strstr(heard(1), "event: note;data: 3 id;"));
	finish();
}

static void who_has_missed_very_much_is_told_to_load_the_page_anew(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	testdb_ok(f.t, db_begin(&f.t->c, true));
	for (int i = 1; i <= 5000; i++)
		testdb_ok(f.t, events_insert(&f.t->c, id_new(f.t->c.now_ms) + i, 70, S("note"), i));
	testdb_ok(f.t, db_commit(&f.t->c));
	pump(OVERLAP_MS);
	char drop[1024];
	size_t all = 0;
	bool told = false;
	for (ptrdiff_t got; (got = live_take(f.s[0], drop, sizeof drop - 1)) > 0;) {
		drop[got] = 0;
		all += (size_t)got;
		told = told || strstr(drop, "stale");
	}
	assert_true(told && all < 140000);
	publish(70, "note", 5000);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: note;data: 5000 id;");
	finish();
}

static void a_reader_that_does_not_read_is_ended(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	char drop[1024];
	for (int i = 0; i < 20000 && live_take(f.s[0], drop, 0) == 0; i++)
		beat(21000 * (int64_t)(i + 1) * 2);
	ptrdiff_t got = 1;
	size_t all = 0;
	while ((got = live_take(f.s[0], drop, sizeof drop)) > 0)
		all += (size_t)got;
	assert_true(all <= 256 * 1024);
	finish();
}

static void a_silent_stream_gets_a_sign_of_life(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	assert_string_equal(heard(0), "");
	beat(10000);
	assert_string_equal(heard(0), "");
	beat(21000);
	assert_string_equal(heard(0), ":;");
	pump(OVERLAP_MS);
	beat(42001);
	char text[60] = "", wanted[60];
	snprintf(wanted, sizeof wanted, "id: %" PRId64 "\n:\n\n", live_mark(&f.t->c));
	assert_int_equal(live_take(f.s[0], text, sizeof text - 1), strlen(wanted));
	assert_string_equal(text, wanted);
	finish();
}

static void regions_do_not_hear_each_other(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	f.t->c.region = S("31.72");
	publish(70, "note", 1);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "");
	open_stream(1, LANG_ID, 70, "", "");
	publish(70, "note", 2);
	pump(OVERLAP_MS);
	f.t->c.region = S("31.71");
	publish(70, "note", 3);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: note;data: 3 id;");
	assert_true(strstr(heard(1), "data: 2 id;") != NULL);
	finish();
}

static void old_events_are_forgotten(void **state)
{
	begin(state);
	int64_t now = f.t->c.now_ms;
	insert(now - 11 * MINUTE_MS, 1);
	insert(now - 9 * MINUTE_MS, 2);
	testdb_ok(f.t, db_begin(&f.t->c, true));
	testdb_ok(f.t, live_forget_job(&f.t->c, 0));
	testdb_ok(f.t, db_commit(&f.t->c));
	assert_string_equal(testdb_value(f.t, "SELECT min(subject_id) FROM events"), "2");
	finish();
}

static void a_database_that_is_away_costs_nothing_but_time(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	publish(70, "note", 1);
	db_fault_countdown = 0;
	pump(OVERLAP_MS);
	db_fault_countdown = -1;
	assert_string_equal(heard(0), "");
	assert_false(live_is_awaited(f.l));
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: note;data: 1 id;");
	finish();
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(an_event_reaches_the_streams_of_its_channel_in_their_language),
		TESTDB(it_is_told_once_however_often_it_is_read),
		TESTDB(one_thing_in_several_channels_is_told_once_a_stream),
		TESTDB(what_has_no_message_is_left_out),
		TESTDB(what_cannot_be_rendered_makes_its_pages_stale),
		TESTDB(a_statement_that_fails_costs_one_message),
		TESTDB(a_stale_page_is_ended_all_the_same),
		TESTDB(an_event_that_becomes_visible_late_is_told_all_the_same),
		TESTDB(a_clock_that_was_put_back_loses_nothing),
		TESTDB(a_page_hears_what_happened_since_it_was_made),
		TESTDB(what_was_on_the_page_already_is_not_told_again),
		TESTDB(a_browser_that_comes_back_goes_on_where_it_was),
		TESTDB(a_message_says_when_it_was_told),
		TESTDB(who_has_missed_very_much_is_told_to_load_the_page_anew),
		TESTDB(a_reader_that_does_not_read_is_ended),
		TESTDB(a_silent_stream_gets_a_sign_of_life),
		TESTDB(regions_do_not_hear_each_other),
		TESTDB(old_events_are_forgotten),
		TESTDB(a_database_that_is_away_costs_nothing_but_time),
	};
	return testdb_run("http_live", cases, COUNT(cases), NULL, 0);
}
