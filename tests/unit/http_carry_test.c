/* A form that travels inside another is handled after it, as whoever is signed in then. */
#include "http_ask.h"

static void a_carried_form_is_handled_with_the_cookies_of_the_first(void **state)
{
	struct testdb *t = fresh(state);
	struct asked *a = ask(t, "POST", "/carry", "", "to=/members/notes&who=7%3A1&kept.title=once&kept.form_key=k1");
	assert_int_equal(a->r.status, 303);
	assert_true(str_is(a->r.location, "/notes/1"));
	assert_int_equal(a->r.cookies_count, 1);
	assert_true(str_starts(a->r.cookies[0].value, S("who=7:1;")));
	assert_int_equal(rows(t), 2);
	/* The first is done again, the second was done. */
	a = ask(t, "POST", "/carry", "", "to=/members/notes&who=7%3A1&kept.title=once&kept.form_key=k1");
	assert_int_equal(a->r.status, 303);
	assert_int_equal(rows(t), 3);
	assert_int_equal(little.handler_runs, 1);
}

/* Where nobody knows who began it, it is shown to whoever is signed in now, and nothing is done. */
static void a_form_of_nobody_knows_whom_is_only_shown(void **state)
{
	struct testdb *t = fresh(state);
	struct asked *a = ask(
		t, "POST", "/carry", "", "to=/members/notes&who=7%3A1&own=nobody&kept.title=once&kept.form_key=k1");
	assert_says(a, 200, "title=once");
	assert_int_equal(a->r.cookies_count, 1);
	assert_int_equal(little.handler_runs, 0);
	assert_int_equal(rows(t), 1);
}

/* Two sign-ins with the same form do it once, although each has a session of its own. */
static void a_form_that_two_sessions_carry_is_done_once(void **state)
{
	struct testdb *t = fresh(state);
	for (int i = 0; i < 2; i++) {
		const char *sent = i == 0 ? "to=/members/notes&who=7%3A1&own=s&kept.title=once&kept.form_key=k1"
					  : "to=/members/notes&who=7%3A2&own=s&kept.title=once&kept.form_key=k1";
		assert_true(str_is(ask(t, "POST", "/carry", "", sent)->r.location, "/notes/1"));
	}
	assert_int_equal(little.handler_runs, 1);
	(void)ask(t, "POST", "/carry", "", "to=/members/notes&who=7%3A2&own=other&kept.title=once&kept.form_key=k1");
	assert_int_equal(little.handler_runs, 2);
}

static void what_is_wrong_with_it_is_said_and_the_first_stays_done(void **state)
{
	struct testdb *t = fresh(state);
	struct asked *a = ask(t, "POST", "/carry", "", "who=7%3A1&to=/members/notes&kept.title=123456789012345678901");
	assert_says(a, 422, "title=123456789012345678901 pin= error=Write at most 20 characters.");
	assert_int_equal(a->r.cookies_count, 1);
	assert_int_equal(rows(t), 1);
	assert_says(ask(t, "POST", "/carry", "", "who=7%3A1&to=/members/notes&kept.title=broken"), 500,
		"kept title=broken");
	assert_int_equal(rows(t), 2);
	assert_says(ask(t, "POST", "/carry", "", "to=/members/notes&who=x&kept.title=mine"), 401, "error page sign_in");
}

static void only_forms_of_this_site_are_carried_and_one_at_a_time(void **state)
{
	struct testdb *t = fresh(state);
	static const char *const nowhere[] = { "/none", "//evil.example/", "/members", "", "https://evil.example/" };
	for (size_t i = 0; i < COUNT(nowhere); i++) {
		struct asked *a = ask(
			t, "POST", "/carry", "", arena_printf(t->c.mem, "to=%s&kept.title=once", nowhere[i]).p);
		assert_int_equal(a->r.status, 303);
		assert_true(str_is(a->r.location, "/") || str_is(a->r.location, "/alone"));
	}
	struct asked *a = ask(t, "POST", "/carry", "", "to=/carry&kept.to=/members/notes&kept.kept.title=once");
	assert_int_equal(a->r.status, 303);
	assert_true(str_is(a->r.location, "/"));
	assert_true(str_is(ask(t, "POST", "/carry", "", "to=/notes")->r.location, "/alone"));
	assert_int_equal(little.handler_runs, 0);
}

/* A form for nobody is not asked for the session's token, so nothing that needs a session may come inside it. */
static void who_is_nobody_carries_to_nobody(void **state)
{
	struct testdb *t = fresh(state);
	const char *member = "Cookie: who=7:1";
	struct asked *a = ask(t, "POST", "/carry/nobody", member, "who=7%3A1&to=/members/notes&kept.title=once");
	assert_true(str_is(a->r.location, "/"));
	assert_true(str_is(ask(t, "POST", "/carry/nobody", member, "to=/notes&kept.title=once")->r.location, "/"));
	assert_int_equal(little.handler_runs, 0);
	a = ask(t, "POST", "/carry/nobody", member, "to=/said&kept.title=once");
	assert_true(str_is(a->r.location, "/notes/1"));
	assert_says(ask(t, "POST", "/carry", member, "who=7%3A1&to=/members/notes&kept.title=once"), 403,
		"error page denied");
	assert_int_equal(little.handler_runs, 1);
}

int main(void)
{
	if (!ask_begin())
		return 1;
	const struct testdb_case cases[] = {
		TESTDB(a_carried_form_is_handled_with_the_cookies_of_the_first),
		TESTDB(a_form_of_nobody_knows_whom_is_only_shown),
		TESTDB(a_form_that_two_sessions_carry_is_done_once),
		TESTDB(what_is_wrong_with_it_is_said_and_the_first_stays_done),
		TESTDB(only_forms_of_this_site_are_carried_and_one_at_a_time),
		TESTDB(who_is_nobody_carries_to_nobody),
	};
	return testdb_run("http_carry", cases, COUNT(cases), NULL, 0);
}
