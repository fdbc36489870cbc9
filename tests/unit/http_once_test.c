/* A form that is sent twice is done once. */
#include "http_ask.h"
#include "base/clock.h"
#include "http/form.h"
#include "http/once.h"

static int keys(struct testdb *t)
{
	return testdb_value(t, "SELECT count(*) FROM form_keys")[0] - '0';
}

static void the_same_form_twice_is_done_once(void **state)
{
	struct testdb *t = fresh(state);
	for (int i = 0; i < 3; i++) {
		struct asked *a = ask(t, "POST", "/notes", "", "title=once&form_key=k1");
		assert_int_equal(a->r.status, 303);
		assert_true(str_is(a->r.location, "/notes/1"));
		assert_int_equal(rows(t), 1);
	}
	assert_int_equal(little.handler_runs, 1);
	/* What it would say is not what it said. */
	assert_says(
		ask(t, "POST", "/notes", "Accept-Language: en", "title=once+more&form_key=k1"), 409, "title=once more");
	assert_says(ask(t, "POST", "/notes", "Accept: application/json", "title=once+more&form_key=k1"), 409,
		"This form was sent before with something else in it.");
	assert_int_equal(rows(t), 1);
	/* Another form, another address, no key: each is done. */
	assert_int_equal(ask(t, "POST", "/notes", "", "title=once&form_key=k2")->r.status, 303);
	assert_int_equal(ask(t, "POST", "/again", "", "title=once&form_key=k1")->r.status, 303);
	assert_int_equal(ask(t, "POST", "/notes", "", "title=once")->r.status, 303);
	assert_int_equal(ask(t, "POST", "/notes", "", "title=once")->r.status, 303);
	assert_int_equal(rows(t), 5);
	assert_int_equal(keys(t), 3);
}

static void another_session_finds_nothing(void **state)
{
	struct testdb *t = fresh(state);
	assert_int_equal(ask(t, "POST", "/notes", "", "title=once&form_key=k1")->r.status, 303);
	struct asked *a = ask(t, "GET", "/notes/new", "Cookie: who=7:1", "");
	struct str body = arena_printf(t->c.mem, "title=once&form_key=k1&%.49s", strstr(a->text, "csrf="));
	assert_int_equal(ask(t, "POST", "/notes", "Cookie: who=7:1", body.p)->r.status, 303);
	assert_int_equal(rows(t), 2);
	assert_int_equal(ask(t, "POST", "/notes", "Cookie: who=7:1", body.p)->r.status, 303);
	assert_int_equal(rows(t), 2);
}

static void what_failed_or_gave_a_cookie_is_not_remembered(void **state)
{
	struct testdb *t = fresh(state);
	assert_says(ask(t, "POST", "/notes", "", "title=broken&form_key=k1"), 500, "error page internal");
	assert_says(ask(t, "POST", "/notes", "", "title=taken&form_key=k1"), 422, "There is one of that name.");
	assert_int_equal(ask(t, "POST", "/notes", "", "title=cookie&form_key=k1")->r.cookies_count, 1);
	assert_int_equal(ask(t, "POST", "/notes", "", "title=cookie&form_key=k1")->r.cookies_count, 1);
	assert_int_equal(keys(t), 0);
	assert_int_equal(ask(t, "POST", "/notes", "", "title=once&form_key=k1")->r.status, 303);
	assert_int_equal(keys(t), 1);
}

static void a_page_is_made_again_or_said_to_have_been_made(void **state)
{
	struct testdb *t = fresh(state);
	const char *json = "Accept: application/json";
	assert_says(ask(t, "POST", "/again", json, "title=once&form_key=k1"), 201, "level");
	assert_says(ask(t, "POST", "/again", "", "title=once&form_key=k1"), 200, "title=once");
	assert_says(ask(t, "POST", "/notes", json, "title=once&form_key=k1"), 201, "level");
	assert_says(ask(t, "POST", "/notes", json, "title=once&form_key=k1"), 409, "This was done already.");
	assert_int_equal(rows(t), 2);
}

/* A commit that failed may have been done: the page that offers to send again keeps the form's key. */
static void what_may_have_been_done_is_sent_again_under_its_key(void **state)
{
	struct testdb *t = fresh(state);
	for (int nth = 0; nth < 8; nth++) {
		db_fault_countdown = nth;
		struct asked *a = ask(t, "POST", "/notes", "", "title=once&form_key=k1");
		bool reached = db_fault_countdown < 0;
		db_fault_countdown = -1;
		if (!reached)
			break;
		assert_says(a, 500, "kept title=once");
		assert_null(strstr(a->text, "kept form_key"));
		assert_true(str_is(a->r.body.form_key, "k1"));
	}
	assert_int_equal(rows(t), 1);
}

static void a_day_later_a_form_is_forgotten(void **state)
{
	struct testdb *t = fresh(state);
	assert_int_equal(ask(t, "POST", "/notes", "", "title=once&form_key=k1")->r.status, 303);
	for (int hours = 23; hours <= 25; hours += 2) {
		later_ms = hours * HOUR_MS;
		assert_int_equal(get(t, "/")->r.status, 200);
		assert_int_equal(db_begin(&t->c, true), OK);
		assert_int_equal(once_forget_job(&t->c, 0), OK);
		assert_int_equal(db_commit(&t->c), OK);
		assert_int_equal(keys(t), hours == 23);
	}
	later_ms = 0;
	assert_int_equal(ask(t, "POST", "/notes", "", "title=once&form_key=k1")->r.status, 303);
	assert_int_equal(rows(t), 2);
}

int main(void)
{
	if (!ask_begin())
		return 1;
	const struct testdb_case cases[] = {
		TESTDB(the_same_form_twice_is_done_once),
		TESTDB(another_session_finds_nothing),
		TESTDB(what_failed_or_gave_a_cookie_is_not_remembered),
		TESTDB(a_page_is_made_again_or_said_to_have_been_made),
		TESTDB(what_may_have_been_done_is_sent_again_under_its_key),
		TESTDB(a_day_later_a_form_is_forgotten),
	};
	return testdb_run("http_once", cases, COUNT(cases), NULL, 0);
}
