/* Streams without sockets: what is published, when it becomes visible, who hears it, and once only. */
#include "base/clock.h"
#include "base/id.h"
#include "events_sql.h"
#include "http/session.h"
#include "http_little.h"
#include "../whole/testdb.h"

static const int64_t OVERLAP_MS = 500, LATE_MS = LIVE_COMMIT_MS;

/* The hub with streams opened by hand. */
struct fixture {
	struct testdb *t;
	struct live *l;
	struct live_stream *s[8];
	int resumed;
	struct str viewer; /* what is said of every viewer */
	int64_t refused;   /* the session, or the account, that may not any more */
};
static struct fixture f;

static enum err little_viewer(struct ctx *c, const struct live_viewer *v, bool *lives, struct buf *out)
{
	(void)c;
	assert_int_equal(v->channels_count, 1);
	*lives = v->session_id != f.refused && v->account_id != f.refused;
	buf_put(out, f.viewer);
	return OK;
}

static void begin(void **state)
{
	f = (struct fixture){ .t = *state };
	f.t->c.now_ms = clock_now_ms();
	f.viewer = S("");
	f.refused = -1;
	f.l = live_new(little_render, little_viewer, COUNT(f.s));
	live_use(f.l);
}

static void finish(void)
{
	live_use(NULL);
	live_free(f.l);
}

static void on_resume(void *connection)
{
	(void)connection;
	f.resumed++;
}

/* Stream I hears CHANNEL and account 7. SINCE: what the page says, or "". */
static void open_stream_of(size_t i, int64_t account_id, int64_t session_id)
{
	struct request q = { .method = GET };
	struct response r = { 0 };
	struct session session = { .id = session_id };
	int64_t channel = 70;
	f.t->c.session = &session;
	f.t->c.lang = LANG_ID;
	testdb_ok(f.t, live_open(&f.t->c, &q, &r, &channel, 1, account_id));
	f.t->c.session = NULL;
	f.s[i] = r.stream;
	live_attach(f.s[i], on_resume, NULL);
}

static void open_stream(size_t i, enum lang lang, int64_t channel, const char *query, const char *last_event)
{
	struct request q = { .method = GET, .query = str_of(query), .last_event = str_of(last_event) };
	struct response r = { 0 };
	f.t->c.lang = lang;
	testdb_ok(f.t, live_open(&f.t->c, &q, &r, &channel, 1, 7));
	f.s[i] = r.stream;
	live_attach(f.s[i], on_resume, NULL);
}

static void pump(int64_t overlap_ms)
{
	struct ctx c = { .mem = f.t->c.mem, .db = f.t->c.db, .now_ms = f.t->c.now_ms };
	live_pump(f.l, &c, overlap_ms);
}

static void beat(int64_t after_ms)
{
	struct ctx c = { .mem = f.t->c.mem, .db = f.t->c.db, .now_ms = f.t->c.now_ms + after_ms };
	live_beat(f.l, &c, clock_monotonic_ms() + after_ms);
}

static bool ended(size_t i)
{
	char byte;
	return live_take(f.s[i], &byte, 1) == -1;
}

/* All that stream I has for its reader, ids left out. */
static const char *heard(size_t i)
{
	static char text[4096];
	char raw[4096], *to = text;
	size_t n = 0;
	for (ptrdiff_t got; (got = live_take(f.s[i], raw + n, 7)) > 0;)
		n += (size_t)got;
	struct str rest = { raw, n }, line;
	while (rest.n > 0 && str_cut(&rest, '\n', &line)) {
		if (str_starts(line, S("id: ")) || str_starts(line, S("retry: ")) || line.n == 0)
			continue;
		memcpy(to, line.p, line.n);
		to += line.n;
		*to++ = ';';
	}
	*to = 0;
	return text;
}

static void publish(int64_t channel, const char *kind, int64_t subject_id)
{
	testdb_ok(f.t, db_begin(&f.t->c, true));
	testdb_ok(f.t, live_publish(&f.t->c, channel, kind, subject_id));
	testdb_ok(f.t, db_commit(&f.t->c));
	f.t->c.now_ms = clock_now_ms();
}

/* An event as if it had been made at another time. */
static void insert(int64_t made_ms, int64_t subject_id)
{
	testdb_ok(f.t, db_begin(&f.t->c, true));
	testdb_ok(f.t, events_insert(&f.t->c, id_new(made_ms), 70, S("note"), subject_id));
	testdb_ok(f.t, db_commit(&f.t->c));
}

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

static void one_session_ends_without_the_others(void **state)
{
	begin(state);
	open_stream_of(0, 7, 501);
	open_stream_of(1, 7, 502);
	open_stream_of(2, 8, 503);
	f.refused = 502;
	testdb_ok(f.t, db_begin(&f.t->c, true));
	testdb_ok(f.t, live_end_session(&f.t->c, 7, 502));
	testdb_ok(f.t, db_commit(&f.t->c));
	pump(OVERLAP_MS);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(heard(i), "");
	assert_false(ended(0));
	assert_true(ended(1));
	f.refused = 7;
	testdb_ok(f.t, db_begin(&f.t->c, true));
	testdb_ok(f.t, live_end_account(&f.t->c, 7));
	testdb_ok(f.t, db_commit(&f.t->c));
	pump(OVERLAP_MS);
	assert_true(ended(0));
	assert_false(ended(2));
	finish();
}

/* Rights that were changed before the stream was opened are those it was opened with. */
static void a_stream_that_still_may_goes_on(void **state)
{
	begin(state);
	testdb_ok(f.t, db_begin(&f.t->c, true));
	testdb_ok(f.t, live_end_account(&f.t->c, 7));
	testdb_ok(f.t, db_commit(&f.t->c));
	f.viewer = S("event: member\ndata: on\n\n");
	open_stream_of(0, 7, 501);
	publish(70, "note", 1);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: member;data: on;event: note;data: 1 id;");
	assert_false(ended(0));
	finish();
}

/* Whoever changed the rights, and whether or not an event said so. */
static void a_stream_whose_session_has_ended_ends_at_the_next_beat(void **state)
{
	begin(state);
	open_stream_of(0, 7, 501);
	open_stream_of(1, 8, 502);
	pump(OVERLAP_MS);
	beat(0);
	assert_false(ended(0));
	f.refused = 501;
	beat(19000);
	heard(0);
	assert_false(ended(0));
	beat(20001);
	heard(0);
	heard(1);
	assert_true(ended(0));
	assert_false(ended(1));
	finish();
}

static void a_viewer_hears_of_a_change_once(void **state)
{
	begin(state);
	open_stream_of(0, 7, 501);
	f.viewer = S("event: member\ndata: on\n\n");
	beat(0);
	assert_string_equal(heard(0), "event: member;data: on;");
	beat(20001);
	assert_string_equal(heard(0), ":;"); /* nothing new: the sign of life */
	f.viewer = S("event: member\ndata: off\n\n");
	beat(39000);
	assert_string_equal(heard(0), "");
	beat(40002);
	assert_string_equal(heard(0), "event: member;data: off;");
	finish();
}

/* One account does not take the room of others: its oldest page gives way, and is told so. */
static void an_account_has_five_streams(void **state)
{
	begin(state);
	for (size_t i = 0; i < 5; i++)
		open_stream_of(i, 7, 501);
	open_stream_of(5, 8, 502);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(heard(i), "");
	open_stream_of(6, 7, 503);
	assert_string_equal(heard(0), "event: replaced;data:;");
	assert_true(ended(0));
	for (size_t i = 1; i < 7; i++) {
		assert_string_equal(heard(i), "");
		assert_false(ended(i));
	}
	finish();
}

/* An account with five streams opens a sixth even where there is no more room: its own is free. */
static void room_is_not_taken_by_one_account(void **state)
{
	begin(state);
	for (size_t i = 0; i < 5; i++)
		open_stream_of(i, 7, 501);
	for (size_t i = 5; i < COUNT(f.s); i++)
		open_stream_of(i, 100 + (int64_t)i, 502);
	struct request q = { .method = GET };
	struct response r = { 0 };
	int64_t channel = 70;
	assert_int_equal(live_open(&f.t->c, &q, &r, &channel, 1, 200), ERR_BUSY);
	open_stream_of(1, 7, 501);
	assert_true(heard(0)[0] && ended(0));
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

static void signing_out_ends_the_accounts_streams(void **state)
{
	begin(state);
	open_stream(0, LANG_ID, 70, "", "");
	publish(8, "signed_out", 8);
	publish(70, "note", 1);
	pump(OVERLAP_MS);
	assert_string_equal(heard(0), "event: note;data: 1 id;");
	f.refused = 7;
	testdb_ok(f.t, db_begin(&f.t->c, true));
	testdb_ok(f.t, live_end_account(&f.t->c, 7));
	testdb_ok(f.t, db_commit(&f.t->c));
	pump(OVERLAP_MS);
	publish(70, "note", 2);
	pump(OVERLAP_MS);
	char byte;
	assert_string_equal(heard(0), "");
	assert_int_equal(live_take(f.s[0], &byte, 1), -1);
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
		TESTDB(one_session_ends_without_the_others),
		TESTDB(a_stream_that_still_may_goes_on),
		TESTDB(a_stream_whose_session_has_ended_ends_at_the_next_beat),
		TESTDB(a_viewer_hears_of_a_change_once),
		TESTDB(an_account_has_five_streams),
		TESTDB(room_is_not_taken_by_one_account),
		TESTDB(an_event_that_becomes_visible_late_is_told_all_the_same),
		TESTDB(a_clock_that_was_put_back_loses_nothing),
		TESTDB(a_page_hears_what_happened_since_it_was_made),
		TESTDB(what_was_on_the_page_already_is_not_told_again),
		TESTDB(a_browser_that_comes_back_goes_on_where_it_was),
		TESTDB(who_has_missed_very_much_is_told_to_load_the_page_anew),
		TESTDB(signing_out_ends_the_accounts_streams),
		TESTDB(a_reader_that_does_not_read_is_ended),
		TESTDB(a_silent_stream_gets_a_sign_of_life),
		TESTDB(regions_do_not_hear_each_other),
		TESTDB(old_events_are_forgotten),
		TESTDB(a_database_that_is_away_costs_nothing_but_time),
	};
	return testdb_run("http_live", cases, COUNT(cases), NULL, 0);
}
