/* The router's order, its transactions and its answers to what goes wrong, on both databases. */
#include "http_ask.h"
#include "base/clock.h"
#include "base/id.h"
#include "http/crowd.h"
#include "http/form.h"

static const char *header_of(const struct asked *a, const char *name)
{
	for (size_t i = 0; i < a->r.headers_count; i++)
		if (strcmp(a->r.headers[i].name, name) == 0)
			return a->r.headers[i].value.p;
	return "";
}

static void an_address_leads_to_its_page_or_to_404_or_405(void **state)
{
	struct testdb *t = fresh(state);
	assert_says(get(t, "/"), 200, "home of nobody in 31.71");
	assert_says(get(t, "/things/7"), 200, "7");
	assert_says(get(t, "/?say=%3Cb%3E"), 200, "said=&lt;b&gt;");
	static const char *const none[] = { "/things", "/things/", "/things/7/", "/things/7/8", "/Things/7", "//",
		"/things//7", "/things/x", "/things/0", "/things/9223372036854775808", "/..", "/assets/none.css" };
	for (size_t i = 0; i < COUNT(none); i++)
		assert_says(get(t, none[i]), 404, "error page not_found");
	assert_says(get(t, "/notes"), 405, "error page");
	assert_string_equal(header_of(get(t, "/notes"), "Allow"), "POST");
	assert_string_equal(header_of(ask(t, "POST", "/members", "", ""), "Allow"), "GET, HEAD");
}

static void a_role_is_asked_before_anything_else_happens(void **state)
{
	struct testdb *t = fresh(state);
	struct asked *a = get(t, "/members?page=2&x=%C3%A9");
	assert_int_equal(a->r.status, 303);
	assert_true(str_is(a->r.location, "/sign-in?next=/members%3Fpage%3D2%26x%3D%25C3%25A9"));
	assert_says(ask(t, "GET", "/members", "Accept: application/json", ""), 401, "\"code\":\"sign_in\"");
	assert_says(ask(t, "POST", "/members/notes", "", "title=a"), 401, "error page sign_in");
	assert_says(ask(t, "GET", "/members", "Cookie: who=7:1", ""), 200, "home of somebody");
	assert_says(ask(t, "GET", "/keepers", "Cookie: who=7:1", ""), 403, "error page denied");
	assert_int_equal(little.refusals, 1);
	assert_int_equal(rows(t), 1); /* the refusal was written down */
	assert_says(ask(t, "GET", "/keepers", "Cookie: who=7:3", ""), 200, "home of somebody");
	assert_int_equal(little.handler_runs, 0);
}

static void where_nobody_is_known_a_session_is_forgotten(void **state)
{
	struct testdb *t = fresh(state);
	assert_says(ask(t, "GET", "/said", "Cookie: who=7:3", ""), 200, "home of nobody");
	struct asked *a = ask(
		t, "POST", "/said", "Cookie: who=7:3", "title=hello"); /* and no token of a page is asked for */
	assert_int_equal(a->r.status, 303);
	assert_int_equal(t->c.account_id, 0);
	assert_null(t->c.session);
	assert_says(ask(t, "POST", "/said", "Cookie: who=7:3", "title="), 422, "csrf= lang=");
	assert_int_equal(little.refusals, 0);
}

static void a_reading_page_cannot_write(void **state)
{
	struct testdb *t = fresh(state);
	assert_says(get(t, "/writes"), 500, "error page internal");
	assert_says(ask(t, "POST", "/lookups/writing", "", "a=b"), 500, "error page internal");
	assert_says(ask(t, "POST", "/lookups", "", "a=b"), 200, "home of nobody");
	assert_int_equal(rows(t), 0);
}

static void a_form_that_was_handled_is_committed_and_told_to_others(void **state)
{
	struct testdb *t = fresh(state);
	struct asked *a = ask(t, "POST", "/notes", "", "title=hello");
	assert_int_equal(a->r.status, 303);
	assert_true(str_is(a->r.location, "/notes/1"));
	assert_int_equal(a->r.cookies_count, 1);
	assert_int_equal(a->notified, t->kind == DB_SQLITE);
	assert_int_equal(rows(t), 1);
	assert_says(ask(t, "POST", "/notes", "Accept: application/json", "title=a&level=tense"), 201, "{\"level\":1}");
	assert_int_equal(rows(t), 2);
}

static void a_form_that_fails_changes_nothing_and_answers_cleanly(void **state)
{
	struct testdb *t = fresh(state);
	struct asked *a = ask(t, "POST", "/notes", "", "title=broken");
	assert_says(a, 500, "error page internal");
	assert_int_equal(a->r.cookies_count, 0);
	a = ask(t, "POST", "/notes", "", "title=json+first");
	assert_null(a->r.json);
	assert_says(a, 409, "title=json first");
	assert_int_equal(rows(t), 0);
	assert_false(a->notified);
}

static void nothing_typed_is_lost_but_secrets(void **state)
{
	struct testdb *t = fresh(state);
	assert_says(ask(t, "POST", "/notes", "", "title=+&pin=1234"), 422, "title=  pin= error=Isi bagian ini.");
	assert_says(ask(t, "POST", "/notes", "Accept-Language: en", "title=123456789012345678901"), 422,
		"title=123456789012345678901 pin= error=Write at most 20 characters. csrf= lang=en");
	assert_says(
		ask(t, "POST", "/notes", "", "title=taken"), 422, "title=taken pin= error=There is one of that name.");
	assert_says(ask(t, "POST", "/notes", "Accept: application/json", "title="), 422,
		"{\"error\":{\"code\":\"input\",\"message\":\"Something in what was sent does not fit. Please look at "
		"it "
		"again.\",\"fields\":{\"title\":\"Isi bagian ini.\"}}}");
	assert_int_equal(rows(t), 0);
	little.handler_runs = 0;
	assert_says(ask(t, "POST", "/notes", "", "title=%ff"), 400, "error page input");
	assert_says(
		ask(t, "POST", "/notes", "Content-Type: multipart/form-data; boundary=x", "x"), 415, "ordinary forms");
	assert_says(
		ask(t, "POST", "/notes", "Content-Type: application/x-www-form-urlencoded; charset=UTF-8", "title=a"),
		303, "");
	assert_int_equal(little.handler_runs, 1);
}

static void what_was_typed_survives_a_database_that_is_away(void **state)
{
	struct testdb *t = fresh(state);
	for (int nth = 0; nth < 4; nth++) { /* who it is, the end of that; the note, the commit */
		db_fault_countdown = nth;
		struct asked *a = ask(t, "POST", "/notes", "", "title=precious&pin=1234&level=calm");
		db_fault_countdown = -1;
		assert_says(a, 500, "Nothing was changed. Please try again. kept title=precious kept level=calm");
		assert_null(strstr(a->text, "1234"));
	}
	assert_int_equal(rows(t), 0);
}

static void a_clash_is_repeated_and_then_given_up(void **state)
{
	struct testdb *t = fresh(state);
	char sql[200];
	snprintf(sql, sizeof sql,
		"INSERT INTO events (region, id, channel, kind, subject_id, created_ms) VALUES ('31.71', %" PRId64
		", 1, 'x', 1, 0)",
		little.taken_id);
	testdb_exec(t, sql);
	little.clashes = 2;
	struct asked *a = ask(t, "POST", "/notes", "", "title=a");
	assert_int_equal(a->r.status, 303);
	assert_int_equal(a->r.cookies_count, 1);
	assert_int_equal(little.handler_runs, 3);
	assert_int_equal(rows(t), 2);
	little.clashes = 9;
	assert_says(ask(t, "POST", "/notes", "", "title=kept"), 409, "title=kept");
	assert_int_equal(little.handler_runs, 6);
	assert_int_equal(rows(t), 2);
}

static void what_reading_writes_down_is_there_before_the_answer(void **state)
{
	struct testdb *t = fresh(state);
	struct asked *a = get(t, "/audited");
	assert_says(a, 200, "secret text");
	assert_int_equal(a->notified, t->kind == DB_SQLITE);
	assert_int_equal(rows(t), 1);
	a = get(t, "/audited?fails");
	assert_says(a, 500, "error page internal");
	assert_null(strstr(a->text, "secret text"));
	assert_int_equal(rows(t), 1);
}

static void a_form_from_another_site_is_refused(void **state)
{
	struct testdb *t = fresh(state);
	static const char *const foreign[] = { "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
		"Origin: https://evil.example", "Origin: null", "Origin: https://adem.example.evil.example",
		"Origin: /", "Referer: https://evil.example/adem.example", "Referer: https://evil.example",
		"Referer: https://adem.example.evil.example/", "Referer: adem.example", "Referer: data:,//adem.example",
		"Referer: https://adem.example@evil.example/", "Origin: null\nReferer: https://adem.example/",
		"Sec-Fetch-Site: cross-site\nOrigin: https://adem.example" };
	for (size_t i = 0; i < COUNT(foreign); i++)
		assert_says(ask(t, "POST", "/notes", foreign[i], "title=a"), 403, "error page denied");
	static const char *const own[] = { "Sec-Fetch-Site: same-origin", "Origin: https://adem.example",
		"Referer: https://adem.example/notes/new?a=b", "Referer: https://adem.example",
		"Origin: https://adem.example\nReferer: https://other.example/", "" };
	for (size_t i = 0; i < COUNT(own); i++)
		assert_int_equal(ask(t, "POST", "/notes", own[i], "title=a")->r.status, 303);
	assert_int_equal(rows(t), COUNT(own));
}

static void who_is_signed_in_must_send_the_pages_token(void **state)
{
	struct testdb *t = fresh(state);
	/* Refused, but not lost: the form comes again with a token that is good. */
	assert_says(ask(t, "POST", "/members/notes", "Cookie: who=7:1", "title=a"), 403, "title=a pin= error= csrf=");
	assert_says(ask(t, "POST", "/notes", "Cookie: who=7:1", "title=a&csrf=AAAA"), 403, "title=a pin= error= csrf=");
	assert_says(ask(t, "POST", "/notes", "Cookie: who=7:1\nAccept: application/json", "title=a"), 403, "too old");
	struct asked *a = ask(t, "GET", "/notes/new", "Cookie: who=7:1", "");
	const char *token = strstr(a->text, "csrf=");
	assert_non_null(token);
	struct str body = arena_printf(t->c.mem, "title=a&%.49s", token);
	assert_int_equal(ask(t, "POST", "/members/notes", "Cookie: who=7:1", body.p)->r.status, 303);
	assert_int_equal(rows(t), 1 + 3); /* three refusals */
}

static void what_a_person_does_is_a_use_of_the_session(void **state)
{
	struct testdb *t = fresh(state);
	static const char *const uses[] = { "", "Sec-Fetch-Site: same-origin\nSec-Fetch-User: ?1",
		"Sec-Fetch-Site: none\nSec-Fetch-User: ?1" };
	little.unused_ms = 5 * MINUTE_MS;
	for (size_t i = 0; i < COUNT(uses); i++) {
		struct str headers = arena_printf(t->c.mem, "Cookie: who=7:1\n%s", uses[i]);
		assert_int_equal(ask(t, "GET", "/notes/new", headers.p, "")->r.status, 200);
		assert_int_equal(little.uses, (int)i + 1);
	}
	assert_int_equal(rows(t), COUNT(uses));
	ask(t, "POST", "/members/notes", "Cookie: who=7:1\nSec-Fetch-Site: same-origin", "title=a");
	assert_int_equal(little.uses, COUNT(uses) + 1); /* refused, and meant all the same */
}

static void what_a_page_does_by_itself_is_no_use_of_the_session(void **state)
{
	struct testdb *t = fresh(state);
	little.unused_ms = 5 * MINUTE_MS;
	ask(t, "GET", "/notes/new", "Cookie: who=7:1\nSec-Fetch-Site: same-origin", "");
	ask(t, "GET", "/notes/new", "", "");
	little.unused_ms = 5 * MINUTE_MS - 1;
	ask(t, "GET", "/notes/new", "Cookie: who=7:1", "");
	assert_int_equal(little.uses, 0);
	assert_int_equal(rows(t), 0);
}

static void a_page_shows_where_its_use_cannot_be_written(void **state)
{
	struct testdb *t = fresh(state);
	little.unused_ms = 5 * MINUTE_MS;
	little.use_fails = true;
	assert_int_equal(ask(t, "GET", "/notes/new", "Cookie: who=7:1", "")->r.status, 200);
	assert_int_equal(little.uses, 1);
	assert_int_equal(rows(t), 0);
}

static void too_many_reports_are_asked_to_come_again_with_their_text(void **state)
{
	struct testdb *t = fresh(state);
	int taken = 0;
	while (ask(t, "POST", "/reports", "", "title=mine")->r.status == 303)
		assert_true(++taken < 20);
	struct asked *a = ask(t, "POST", "/reports", "", "title=mine");
	assert_says(a, 503, "title=mine");
	int64_t wait_s;
	assert_true(str_to_i64(str_of(header_of(a, "Retry-After")), 1, 60, &wait_s));
	assert_int_equal(rows(t), taken);
	assert_int_equal(ask(t, "POST", "/notes", "", "title=other")->r.status, 303);
}

/* What its first handler refuses or answers uses up nothing of what others need, and writes nothing. */
static void only_what_may_be_done_is_counted(void **state)
{
	struct testdb *t = fresh(state);
	for (int i = 0; i < 50; i++) {
		assert_says(
			ask(t, "POST", "/reports", "", "title=forged"), 422, "title=forged pin= error=This form was");
		assert_says(ask(t, "POST", "/reports", "", ""), 422, "Isi bagian ini.");
		assert_says(ask(t, "POST", "/reports", "", "title=asked+first"), 200, "are you sure");
	}
	assert_says(ask(t, "POST", "/reports", "", "title=writes"), 500, "error page internal");
	assert_int_equal(little.handler_runs, 0);
	assert_int_equal(rows(t), 0);
	assert_true(router.limits->reports.due_us == 0);
	assert_int_equal(ask(t, "POST", "/reports", "", "title=mine")->r.status, 303);
}

static void a_place_and_those_who_wait_have_rates_of_their_own(void **state)
{
	struct testdb *t = fresh(state);
	router.subject_reports_per_minute = 1;
	router.waited_reports_per_minute = 1;
	assert_int_equal(ask(t, "POST", "/reports", "", "title=a&level=calm")->r.status, 303);
	assert_says(ask(t, "POST", "/reports", "", "title=mine&level=calm"), 503, "title=mine");
	assert_int_equal(ask(t, "POST", "/reports", "", "title=a&level=tense")->r.status, 303);
	assert_int_equal(ask(t, "POST", "/reports", "", "title=a&pin=waited")->r.status, 303);
	assert_says(ask(t, "POST", "/reports", "", "title=mine&pin=waited"), 503, "title=mine");
	assert_int_equal(ask(t, "POST", "/reports", "", "title=a")->r.status, 303);
	assert_int_equal(rows(t), 4);
}

static int crowd_of(struct testdb *t, const char *headers)
{
	struct asked *a = ask(t, "POST", "/reports", headers, "title=asked+first");
	const char *at = strstr(a->text, "crowd=");
	assert_non_null(at);
	return at[6] - '0';
}

static void a_network_that_sends_much_is_known_by_the_proxy_alone(void **state)
{
	struct testdb *t = fresh(state);
	assert_true(networks_read(S("192.0.2.1"), &router.trusted));
	peer = "192.0.2.1";
	for (int i = 0; i < 490; i++)
		(void)crowd_of(t, "X-Forwarded-For: 203.0.113.7");
	assert_int_equal(crowd_of(t, "X-Forwarded-For: 198.51.100.1, 203.0.113.9"), CROWD_DEGREE_MAX);
	assert_int_equal(crowd_of(t, "X-Forwarded-For: 203.0.113.7, 198.51.100.1"), 0);
	peer = "192.0.2.2"; /* no proxy of ours: what it says of others is nothing */
	assert_int_equal(crowd_of(t, "X-Forwarded-For: 203.0.113.7"), 0);
	peer = "203.0.113.200";
	assert_int_equal(crowd_of(t, ""), CROWD_DEGREE_MAX);
	peer = NULL;
}

static void one_worker_takes_no_more_than_its_share(void **state)
{
	struct testdb *t = fresh(state);
	struct limit own = { 0 };
	router.worker_reports = &own;
	router.worker_reports_per_minute = 1;
	assert_int_equal(ask(t, "POST", "/reports", "", "title=first")->r.status, 303);
	struct asked *a = ask(t, "POST", "/reports", "", "title=mine");
	assert_says(a, 503, "title=mine");
	int64_t wait_s;
	assert_true(str_to_i64(str_of(header_of(a, "Retry-After")), 1, 61, &wait_s));
	a = ask(t, "POST", "/reports", "Accept: application/json", "title=mine");
	assert_says(a, 503, "\"code\":\"busy\"");
	assert_true(str_to_i64(str_of(header_of(a, "Retry-After")), 1, 61, &wait_s));
	assert_int_equal(rows(t), 1);
	struct limit another = { 0 }; /* of a sibling */
	router.worker_reports = &another;
	assert_int_equal(ask(t, "POST", "/reports", "", "title=mine")->r.status, 303);
}

static void wrong_secrets_are_counted_and_right_ones_are_not(void **state)
{
	struct testdb *t = fresh(state);
	for (int i = 0; i < 9; i++)
		assert_says(ask(t, "POST", "/guesses", "", "title=right"), 200, "");
	for (int i = 0; i < 9; i++)
		assert_says(ask(t, "POST", "/guesses", "", "title=right&kept.title="), 422, "title= ");
	for (int i = 0; i < 9; i++)
		assert_says(ask(t, "POST", "/guesses", "", "title=right&form_key=k"), i ? 409 : 200, "");
	for (int i = 0; i < 3; i++)
		assert_says(ask(t, "POST", "/guesses", "", "title=wrong"), 401, "");
	int runs = little.handler_runs;
	struct asked *a = ask(t, "POST", "/guesses", "", "title=right");
	assert_says(a, 429, "title=right");
	int64_t wait_s;
	assert_true(str_to_i64(str_of(header_of(a, "Retry-After")), 1, 61, &wait_s));
	assert_int_equal(little.handler_runs, runs); /* nothing was tried */
	assert_int_equal(ask(t, "POST", "/notes", "", "title=other")->r.status, 303);
}

static void who_had_to_wait_for_too_long_is_told_so_and_loses_nothing(void **state)
{
	struct testdb *t = fresh(state);
	waited_ms = 3000;
	assert_int_equal(get(t, "/")->r.status, 200);
	waited_ms++;
	assert_int_equal(get(t, "/")->r.status, 503);
	waited_ms = 20000;
	assert_int_equal(ask(t, "POST", "/notes", "", "title=late")->r.status, 303);
	waited_ms++;
	struct asked *a = ask(t, "POST", "/notes", "Accept-Language: en", "title=precious");
	assert_says(a, 503, "title=precious");
	assert_string_equal(header_of(a, "Retry-After"), "5");
	assert_int_equal(little.handler_runs, 1);
	waited_ms = 0;
}

static void a_page_beyond_its_maximum_is_an_error(void **state)
{
	struct testdb *t = fresh(state);
	assert_says(get(t, "/vast"), 500, "error page internal");
}

static void a_stream_that_fails_is_closed(void **state)
{
	struct testdb *t = fresh(state);
	struct live *l = live_new(little_render, NULL, 2);
	live_use(l);
	assert_says(get(t, "/live?fails"), 500, "error page");
	assert_int_equal(live_streams_count(l), 0);
	struct asked *a = get(t, "/live");
	assert_non_null(a->r.stream);
	assert_string_equal(a->r.type, "text/event-stream");
	assert_int_equal(live_streams_count(l), 1);
	assert_int_equal(get(t, "/live")->r.status, 200);
	assert_says(get(t, "/live"), 503, "error page busy");
	live_use(NULL);
	live_free(l);
}

static void health_asks_no_database(void **state)
{
	struct testdb *t = fresh(state);
	assert_says(get(t, "/healthz"), 200, "{\"status\":\"ok\"}");
	db_fault_countdown = 0;
	assert_says(get(t, "/healthz"), 200, "{\"status\":\"ok\"}");
	db_fault_countdown = -1;
}

static void a_table_that_makes_no_sense_is_found_at_the_start(void **state)
{
	struct testdb *t = fresh(state);
	handler_fn h = little_routes[0].handler;
	static const struct form empty = { .fields = NULL };
	const struct route bad[][2] = {
		{{ GET, "/a", h, 0, 0, NULL },        { GET, "/a", h, 0, 0, NULL }                 },
		{ { GET, "/a/:id", h, 0, 0, NULL },   { GET, "/a/new", h, 0, 0, NULL }             },
		{ { GET, "/a/:id/b", h, 0, 0, NULL }, { GET, "/a/:other/b", h, 0, 0, NULL }        },
		{ { GET, "/a", h, 0, 0, NULL },       { POST, "/a", h, ROUTE_ANYONE, 0, NULL }     },
		{ { GET, "/a", h, 0, 0, NULL },       { GET, "/b", h, 1, ROUTE_NO_DB, NULL }       },
		{ { GET, "/a", h, 0, 0, NULL },       { GET, "b", h, 0, 0, NULL }                  },
		{ { GET, "/a", h, 0, 0, NULL },       { GET, "/b", NULL, 0, 0, NULL }              },
		{ { GET, "/a", h, 0, 0, NULL },       { GET, "/b", h, 0, 0, little_routes[8].form }},
		{ { GET, "/a", h, 0, 0, NULL },       { POST, "/b", h, 1, 0, &empty }              },
	};
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct router r = { .routes = bad[i], .routes_count = 2 };
		assert_false(router_check(&t->c, &r));
	}
	const struct route good[] = {
		{GET,   "/a/new", h, 0,               0, NULL},
                { GET,  "/a/:id", h, 0,               0, NULL},
		{ POST, "/a/new", h, ROUTE_SIGNED_IN, 0, NULL}
	};
	struct router r = { .routes = good, .routes_count = COUNT(good) };
	assert_true(router_check(&t->c, &r));
}

/* Whichever statement fails, and wherever: an answer comes, nothing is half done, and the next request works. */
static void any_statement_may_fail(void **state)
{
	struct testdb *t = fresh(state);
	for (int nth = 0;; nth++) {
		assert_true(nth < 20);
		db_fault_countdown = nth;
		int status = ask(t, "POST", "/notes", "Cookie: lang=en", "title=once&form_key=k1")->r.status;
		bool reached = db_fault_countdown < 0;
		db_fault_countdown = -1;
		assert_int_equal(rows(t), reached ? 0 : 1);
		assert_int_equal(status, reached ? 500 : 303);
		if (!reached)
			return;
	}
}

int main(void)
{
	if (!ask_begin())
		return 1;
	const struct testdb_case cases[] = {
		TESTDB(an_address_leads_to_its_page_or_to_404_or_405),
		TESTDB(a_role_is_asked_before_anything_else_happens),
		TESTDB(where_nobody_is_known_a_session_is_forgotten),
		TESTDB(a_reading_page_cannot_write),
		TESTDB(a_form_that_was_handled_is_committed_and_told_to_others),
		TESTDB(a_form_that_fails_changes_nothing_and_answers_cleanly),
		TESTDB(nothing_typed_is_lost_but_secrets),
		TESTDB(what_was_typed_survives_a_database_that_is_away),
		TESTDB(a_clash_is_repeated_and_then_given_up),
		TESTDB(what_reading_writes_down_is_there_before_the_answer),
		TESTDB(a_form_from_another_site_is_refused),
		TESTDB(who_is_signed_in_must_send_the_pages_token),
		TESTDB(what_a_person_does_is_a_use_of_the_session),
		TESTDB(what_a_page_does_by_itself_is_no_use_of_the_session),
		TESTDB(a_page_shows_where_its_use_cannot_be_written),
		TESTDB(too_many_reports_are_asked_to_come_again_with_their_text),
		TESTDB(only_what_may_be_done_is_counted),
		TESTDB(a_place_and_those_who_wait_have_rates_of_their_own),
		TESTDB(a_network_that_sends_much_is_known_by_the_proxy_alone),
		TESTDB(one_worker_takes_no_more_than_its_share),
		TESTDB(wrong_secrets_are_counted_and_right_ones_are_not),
		TESTDB(who_had_to_wait_for_too_long_is_told_so_and_loses_nothing),
		TESTDB(a_page_beyond_its_maximum_is_an_error),
		TESTDB(a_stream_that_fails_is_closed),
		TESTDB(health_asks_no_database),
		TESTDB(a_table_that_makes_no_sense_is_found_at_the_start),
		TESTDB(any_statement_may_fail),
	};
	return testdb_run("http_router", cases, COUNT(cases), NULL, 0);
}
