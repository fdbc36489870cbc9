/* Streams without sockets: they end with the session and the rights that they were opened with. */
#include "http_streams.h"
#include "base/clock.h"
#include "base/id.h"
#include "events_sql.h"
#include "http/session.h"

static const int64_t OVERLAP_MS = 500;

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

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(one_session_ends_without_the_others),
		TESTDB(a_stream_that_still_may_goes_on),
		TESTDB(a_stream_whose_session_has_ended_ends_at_the_next_beat),
		TESTDB(a_viewer_hears_of_a_change_once),
		TESTDB(an_account_has_five_streams),
		TESTDB(room_is_not_taken_by_one_account),
		TESTDB(signing_out_ends_the_accounts_streams),
	};
	return testdb_run("http_live_rights", cases, COUNT(cases), NULL, 0);
}
