/* What comes with a request, and what goes back in headers. */
#include "http/http.h"
#include "http/limit.h"
#include "http/negotiate.h"
#include "http/router.h"
#include "http/seen.h"
#include "test.h"
#include <sys/wait.h>
#include <unistd.h>

static int begin(void **state)
{
	struct ctx *c = calloc(1, sizeof *c);
	assert_non_null(c);
	c->mem = arena_new(4096);
	*state = c;
	return 0;
}

static int finish(void **state)
{
	struct ctx *c = *state;
	arena_free(c->mem);
	free(c);
	http_secure_cookies = false;
	return 0;
}

#define assert_str(s, text)                                                                                            \
	do {                                                                                                           \
		struct str got_ = (s);                                                                                 \
		assert_int_equal(got_.n, strlen(text));                                                                \
		assert_memory_equal(got_.p, text, got_.n);                                                             \
	} while (0)

static void a_target_is_cut_and_its_path_decoded(void **state)
{
	struct ctx *c = *state;
	struct request q;
	assert_true(request_parse(c->mem, "HEAD", S("/a%20b/%C3%A9+?x=%20&y"), &q));
	assert_int_equal(q.method, GET);
	assert_true(q.head);
	assert_str(q.path, "/a b/\xC3\xA9+");
	assert_str(q.query, "x=%20&y");
	assert_true(request_parse(c->mem, "POST", S("/"), &q));
	assert_int_equal(q.method, POST);
	assert_false(q.head);
}

static void a_path_that_cannot_be_read_is_refused(void **state)
{
	struct ctx *c = *state;
	static const char *const bad[] = { "/%", "/%4", "/%zz", "/%00", "/a%00b", "/%ff", "/\xC3", "/%C0%AF" };
	struct request q;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(request_parse(c->mem, "GET", str_of(bad[i]), &q));
}

static void headers_are_found_in_any_case_and_only_as_utf8(void **state)
{
	(void)state;
	struct request q = { 0 };
	request_header(&q, S("HOST"), S("adem.example"));
	request_header(&q, S("accept"), S("application/json"));
	request_header(&q, S("Origin"), S("https://\xFF"));
	request_header(&q, S("X-Other"), S("1"));
	request_header(&q, S("hos"), S("no"));
	request_header(&q, S("hosts"), S("no"));
	assert_str(q.host, "adem.example");
	assert_str(q.origin, "");
	assert_true(q.wants_json);
}

static void json_is_answered_only_where_it_is_preferred(void **state)
{
	(void)state;
	assert_true(negotiate_json(S("application/json")));
	assert_true(negotiate_json(S("text/html;q=0.5, application/json")));
	assert_true(negotiate_json(S("application/json, */*")));
	assert_false(negotiate_json(S("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")));
	assert_false(negotiate_json(S("*/*")));
	assert_false(negotiate_json(S("")));
	assert_false(negotiate_json(S("application/json;q=0")));
	assert_false(negotiate_json(S("application/jsonp")));
	assert_false(negotiate_json(S("text/html, application/json;q=0.9")));
}

static void gzip_is_used_only_where_it_is_taken(void **state)
{
	(void)state;
	assert_true(negotiate_gzip(S("gzip, deflate, br")));
	assert_true(negotiate_gzip(S("br;q=1.0, gzip;q=0.2")));
	assert_false(negotiate_gzip(S("gzip;q=0")));
	assert_false(negotiate_gzip(S("gzip;q=0.0, br")));
	assert_false(negotiate_gzip(S("br, deflate")));
	assert_false(negotiate_gzip(S("")));
	assert_false(negotiate_gzip(S(",;q=,")));
}

static void the_language_is_the_best_of_those_there_are(void **state)
{
	(void)state;
	assert_int_equal(negotiate_lang(S("")), LANG_ID);
	assert_int_equal(negotiate_lang(S("en-US,en;q=0.9")), LANG_EN);
	assert_int_equal(negotiate_lang(S("en;q=0.5, id;q=0.8")), LANG_ID);
	assert_int_equal(negotiate_lang(S("jv, en;q=0.4")), LANG_EN);
	assert_int_equal(negotiate_lang(S("ms-MY, en;q=0.9")), LANG_ID);
	assert_int_equal(negotiate_lang(S("de, fr")), LANG_ID);
	assert_int_equal(negotiate_lang(S("en;q=0")), LANG_ID);
}

static void a_cookie_is_found_by_its_whole_name(void **state)
{
	(void)state;
	struct request q = { .cookies = S("xadem=1; adem=two=2; ademx=3; empty=") };
	assert_str(request_cookie(&q, "adem"), "two=2");
	assert_str(request_cookie(&q, "empty"), "");
	assert_str(request_cookie(&q, "other"), "");
}

static void over_tls_cookies_are_bound_to_the_host(void **state)
{
	struct ctx *c = *state;
	struct response r = { 0 };
	struct request q = { .cookies = S("adem=planted; __Host-adem=mine; __Secure-adem=here") };
	response_cookie(c, &r, "adem", S("a"), 60);
	assert_str(r.cookies[0].value, "adem=a; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
	assert_str(request_cookie(&q, "adem"), "planted");
	http_secure_cookies = true;
	response_cookie(c, &r, "adem", S(""), 0);
	assert_str(r.cookies[1].value, "__Host-adem=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
	assert_str(request_cookie(&q, "adem"), "mine");
	assert_str(request_cookie_at(&q, "adem"), "here");
	response_cookie_at(c, &r, "adem", S("a"), S("/here"), 60);
	assert_str(r.cookies[2].value, "__Secure-adem=a; Path=/here; Max-Age=60; HttpOnly; SameSite=Strict; Secure");
}

static void a_value_of_the_query_is_decoded(void **state)
{
	struct ctx *c = *state;
	struct request q = { .query = S("next=%2Fcases%2F7&bare&bad=%zz&utf=%FF&again=1&again=2") };
	struct str v;
	assert_true(request_query(c, &q, "next", &v));
	assert_str(v, "/cases/7");
	assert_true(request_query(c, &q, "bare", &v));
	assert_str(v, "");
	assert_true(request_query(c, &q, "again", &v));
	assert_str(v, "1");
	assert_false(request_query(c, &q, "bad", &v));
	assert_false(request_query(c, &q, "utf", &v));
	assert_false(request_query(c, &q, "none", &v));
}

static void a_redirection_stays_on_this_site(void **state)
{
	struct ctx *c = *state;
	struct response r = { 0 };
	assert_int_equal(redirect(c, &r, S("/cases/7?page=2")), OK);
	assert_int_equal(r.status, 303);
	assert_str(r.location, "/cases/7?page=2");
	static const char *const elsewhere[] = { "//evil.example", "https://evil.example", "/\\evil.example", "",
		"/a\r\nSet-Cookie: x=1", "javascript:alert(1)" };
	for (size_t i = 0; i < COUNT(elsewhere); i++) {
		assert_int_equal(redirect(c, &r, str_of(elsewhere[i])), OK);
		assert_str(r.location, "/");
	}
}

static void a_rate_lets_a_burst_through_and_then_so_many_a_minute(void **state)
{
	(void)state;
	struct limit l = { 0 };
	int64_t wait_s = -1, now = 1000000;
	for (int i = 0; i < 5; i++)
		assert_true(limit_take(&l, now, 60, 5, &wait_s));
	assert_false(limit_take(&l, now, 60, 5, &wait_s));
	assert_in_range(wait_s, 1, 2);
	assert_false(limit_take(&l, now + 900, 60, 5, &wait_s));
	assert_true(limit_take(&l, now + 1000, 60, 5, &wait_s));
	assert_false(limit_take(&l, now + 1001, 60, 5, &wait_s));
	assert_in_range(limit_wait_s(&l, now + 1001, 60, 5), 1, 2); /* looking takes none */
	assert_int_equal(limit_wait_s(&l, now + 2000, 60, 5), 0);
	for (int i = 0; i < 5; i++)
		assert_true(limit_take(&l, now + 60000, 60, 5, &wait_s));
	assert_false(limit_take(&l, now + 60000, 60, 5, &wait_s));
}

static void a_rate_is_shared_by_processes(void **state)
{
	(void)state;
	enum { PROCESSES = 4, TRIES = 2000, ROOM = 1000 };
	struct limits *all = limits_new();
	int taken[2], sum = 0;
	assert_non_null(all);
	assert_int_equal(pipe(taken), 0);
	for (int i = 0; i < PROCESSES; i++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid > 0)
			continue;
		int mine = 0;
		int64_t wait_s;
		for (int k = 0; k < TRIES; k++)
			mine += limit_take(&all->reports, 1000000, 60, ROOM, &wait_s);
		_exit(write(taken[1], &mine, sizeof mine) == sizeof mine ? 0 : 1);
	}
	for (int i = 0; i < PROCESSES; i++) {
		int mine = 0;
		assert_int_equal(read(taken[0], &mine, sizeof mine), sizeof mine);
		sum += mine;
	}
	while (wait(NULL) > 0) {}
	assert_int_equal(sum, ROOM);
}

static void what_was_seen_is_remembered_until_newer_ones_need_the_place(void **state)
{
	(void)state;
	struct seen *s = calloc(1, sizeof *s);
	assert_non_null(s);
	for (int64_t i = 1; i <= SEEN_WAYS; i++)
		assert_int_equal(seen_before(s, 7 + i * SEEN_PLACES, 1000 + i), 0);
	for (int64_t i = 1; i <= SEEN_WAYS; i++)
		assert_int_equal(seen_before(s, 7 + i * SEEN_PLACES, 9000), 1000 + i);
	assert_int_equal(seen_before(s, 7 + (SEEN_WAYS + 1) * (int64_t)SEEN_PLACES, 9000), 0);
	assert_int_equal(seen_before(s, 7 + 2 * SEEN_PLACES, 9000), 1002);
	assert_int_equal(seen_before(s, 7 + SEEN_PLACES, 9000), 0);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_target_is_cut_and_its_path_decoded, begin, finish),
		cmocka_unit_test_setup_teardown(a_path_that_cannot_be_read_is_refused, begin, finish),
		cmocka_unit_test(headers_are_found_in_any_case_and_only_as_utf8),
		cmocka_unit_test(json_is_answered_only_where_it_is_preferred),
		cmocka_unit_test(gzip_is_used_only_where_it_is_taken),
		cmocka_unit_test(the_language_is_the_best_of_those_there_are),
		cmocka_unit_test(a_cookie_is_found_by_its_whole_name),
		cmocka_unit_test_setup_teardown(over_tls_cookies_are_bound_to_the_host, begin, finish),
		cmocka_unit_test_setup_teardown(a_value_of_the_query_is_decoded, begin, finish),
		cmocka_unit_test_setup_teardown(a_redirection_stays_on_this_site, begin, finish),
		cmocka_unit_test(a_rate_lets_a_burst_through_and_then_so_many_a_minute),
		cmocka_unit_test(a_rate_is_shared_by_processes),
		cmocka_unit_test(what_was_seen_is_remembered_until_newer_ones_need_the_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
