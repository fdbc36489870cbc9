/* A page is shown again with what was typed, in another language or the same one, and nothing is handled. */
#include "http_ask.h"

static const char *const member = "Cookie: who=7:1";

static void what_was_typed_is_shown_and_not_handled(void **state)
{
	struct testdb *t = fresh(state);
	struct asked *a = ask(t, "POST", "/notes/new", "", "title=typed&pin=1234&show=en%2Fnotes");
	assert_says(a, 200, "title=typed pin= error= csrf= lang=en");
	assert_int_equal(a->r.cookies_count, 1);
	assert_true(str_starts(a->r.cookies[0].value, S("lang=en;")));
	a = ask(t, "POST", "/notes/new", "", "title=typed&show=%2Fnotes");
	assert_says(a, 200, "title=typed pin= error= csrf= lang=id");
	assert_int_equal(a->r.cookies_count, 0);
	assert_int_equal(little.handler_runs, 0);
	assert_int_equal(rows(t), 0);
}

static void without_a_form_it_leads_to_the_same_address(void **state)
{
	struct testdb *t = fresh(state);
	struct asked *a = ask(t, "POST", "/?say=x%20y", "", "show=id");
	assert_int_equal(a->r.status, 303);
	assert_true(str_is(a->r.location, "/?say=x%20y"));
	assert_int_equal(a->r.cookies_count, 1);
	assert_int_equal(ask(t, "POST", "/none", "", "show=en")->r.status, 404);
	assert_true(str_is(ask(t, "POST", "/notes", "", "show=en")->r.location, "/"));
	assert_int_equal(rows(t), 0);
}

static void where_the_form_itself_goes_it_says_what_is_wrong(void **state)
{
	struct testdb *t = fresh(state);
	assert_says(ask(t, "POST", "/notes", "", "title=123456789012345678901&show=en%2Fnotes"), 422,
		"title=123456789012345678901 pin= error=Write at most 20 characters.");
	assert_says(ask(t, "POST", "/notes", "", "title=fits&show=en%2Fnotes"), 200,
		"title=fits pin= error= csrf= lang=en");
	assert_says(ask(t, "POST", "/reports", "", "title=asked+first&show=%2Freports"), 200, "are you sure");
	assert_int_equal(little.handler_runs, 0);
	assert_int_equal(rows(t), 0);
}

static void who_came_too_late_is_told_so(void **state)
{
	struct testdb *t = fresh(state);
	waited_ms = 20001;
	assert_int_equal(ask(t, "POST", "/notes/new", "", "title=typed&show=%2Fnotes")->r.status, 503);
	assert_int_equal(ask(t, "POST", "/", "", "title=typed&show=%2Fcarry")->r.status, 503);
	waited_ms = 0;
}

static void a_form_without_a_page_to_stand_on_stands_alone(void **state)
{
	struct testdb *t = fresh(state);
	assert_says(ask(t, "POST", "/healthz", "", "title=typed&show=%2Fcarry"), 200, "error page ok");
	assert_says(ask(t, "POST", "/again", "", "title=typed&show=%2Fcarry"), 200, "kept title=typed");
	assert_says(ask(t, "POST", "/carry", "", "title=typed&show=%2Fagain"), 200, "title=typed pin=");
	assert_int_equal(little.handler_runs, 0);
	assert_int_equal(rows(t), 0);
}

static void a_member_is_spoken_to_in_it_from_now_on(void **state)
{
	struct testdb *t = fresh(state);
	assert_int_equal(ask(t, "POST", "/members", member, "show=en")->r.status, 403);
	assert_null(little.spoke);
	struct asked *a = ask(t, "GET", "/notes/new", member, "");
	struct str body = arena_printf(t->c.mem, "title=x&show=en%%2Fnotes&%.49s", strstr(a->text, "csrf="));
	assert_says(ask(t, "POST", "/notes/new", member, body.p), 200, "title=x pin= error= csrf=");
	assert_string_equal(little.spoke, "en");
	assert_int_equal(rows(t), 2); /* the refusal was written down, and the language */
	assert_int_equal(little.handler_runs, 0);
}

static void whoever_signs_in_first_sees_it_again_then(void **state)
{
	struct testdb *t = fresh(state);
	struct asked *a = ask(t, "POST", "/carry", "", "to=/notes/new&who=7%3A1&kept.title=typed&kept.show=en%2Fnotes");
	assert_says(a, 200, "title=typed pin= error= csrf=");
	assert_int_equal(a->r.cookies_count, 2);
	assert_int_equal(little.handler_runs, 0);
}

static void other_sites_and_other_peoples_pages(void **state)
{
	struct testdb *t = fresh(state);
	assert_int_equal(
		ask(t, "POST", "/notes/new", "Origin: https://evil.example", "title=x&show=en%2Fnotes")->r.status, 403);
	assert_int_equal(ask(t, "POST", "/notes/new", "", "title=x&show=en%2Fmembers%2Fnotes")->r.status, 401);
	assert_int_equal(ask(t, "POST", "/members", "", "title=x&show=en%2Fnone")->r.status, 401);
	assert_int_equal(rows(t), 0);
}

int main(void)
{
	if (!ask_begin())
		return 1;
	const struct testdb_case cases[] = {
		TESTDB(what_was_typed_is_shown_and_not_handled),
		TESTDB(without_a_form_it_leads_to_the_same_address),
		TESTDB(where_the_form_itself_goes_it_says_what_is_wrong),
		TESTDB(who_came_too_late_is_told_so),
		TESTDB(a_form_without_a_page_to_stand_on_stands_alone),
		TESTDB(a_member_is_spoken_to_in_it_from_now_on),
		TESTDB(whoever_signs_in_first_sees_it_again_then),
		TESTDB(other_sites_and_other_peoples_pages),
	};
	return testdb_run("http_show", cases, COUNT(cases), NULL, 0);
}
