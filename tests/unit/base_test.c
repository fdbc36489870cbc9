#include "test.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"

static void numbers_are_whole_and_in_range(void **state)
{
	(void)state;
	int64_t v = 7;
	assert_true(str_to_i64(S("-9223372036854775808"), INT64_MIN, INT64_MAX, &v));
	assert_true(v == INT64_MIN);
	assert_true(str_to_i64(S("9223372036854775807"), INT64_MIN, INT64_MAX, &v));
	assert_true(v == INT64_MAX);
	const char *bad[] = { "", "-", "1 ", " 1", "+1", "1x", "9223372036854775808", "0x1", "1.0" };
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(str_to_i64(str_of(bad[i]), INT64_MIN, INT64_MAX, &v));
	assert_false(str_to_i64(S("11"), 0, 10, &v));
	assert_true(v == INT64_MAX);
}

static void reals_are_finite_and_whole(void **state)
{
	(void)state;
	double v = 0;
	assert_true(str_to_f64(S("-12.5e-1"), &v));
	assert_true(v == -1.25);
	assert_true(str_to_f64(S("0.1"), &v));
	assert_true(v == 0.1);
	const char *bad[] = { "", "nan", "inf", "0x10", "1e", "1e+", ".", "1.2.3", "1,5", "1e999", "--1", "1-2", " 1" };
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(str_to_f64(str_of(bad[i]), &v));
}

static void cutting_keeps_empty_pieces(void **state)
{
	(void)state;
	struct str rest = S("a,,b"), piece;
	assert_true(str_cut(&rest, ',', &piece) && str_is(piece, "a"));
	assert_true(str_cut(&rest, ',', &piece) && str_is(piece, ""));
	assert_true(str_cut(&rest, ',', &piece) && str_is(piece, "b"));
	assert_false(str_cut(&rest, ',', &piece));
	assert_true(str_is(str_trim(S(" \t x y\r\n")), "x y"));
}

static void count_up(void *p)
{
	int *order = p;
	order[order[0]] = order[0];
	order[0]++;
}

static void arena_runs_deferred_calls_newest_first_once(void **state)
{
	(void)state;
	struct arena *a = arena_new(64);
	int calls[4] = { 1, 0, 0, 0 };
	arena_defer(a, count_up, calls);
	arena_defer(a, count_up, calls);
	unsigned char *p = arena_alloc(a, 1000, 3);
	for (size_t i = 0; i < 3000; i++)
		assert_int_equal(p[i], 0);
	assert_int_equal((uintptr_t)p % 16, 0);
	arena_reset(a);
	assert_int_equal(calls[0], 3);
	arena_reset(a);
	assert_int_equal(calls[0], 3);
	assert_string_equal(arena_printf(a, "%d-%s", 5, "x").p, "5-x");
	arena_free(a);
}

static void arena_within_another_is_freed_with_it(void **state)
{
	(void)state;
	struct arena *a = arena_new(64), *within = arena_new_within(a, 64);
	int calls[4] = { 1, 0, 0, 0 };
	arena_defer(within, count_up, calls);
	arena_reset(within);
	assert_int_equal(calls[0], 2);
	arena_defer(within, count_up, calls);
	arena_reset(a);
	assert_int_equal(calls[0], 3);
	arena_free(a);
}

static void buffer_stops_at_its_maximum_and_says_so(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 5);
	buf_put(&b, S("abc"));
	assert_false(b.over);
	buf_put(&b, S("def"));
	assert_true(b.over);
	buf_put(&b, S("g"));
	assert_true(str_is(buf_str(&b), "abc"));
	struct str whole;
	assert_false(buf_finish(&b, &whole));
	assert_true(whole.n == 0);
	buf_clear(&b);
	buf_put(&b, S("fits."));
	assert_true(buf_finish(&b, &whole) && str_is(whole, "fits."));
	buf_free(&b);
}

static void calendar_agrees_with_known_dates(void **state)
{
	(void)state;
	struct clock_time t = clock_utc(INT64_C(1732030200000)); /* 2024-11-19 15:30 UTC, 22:30 in Jakarta, a Tuesday */
	assert_int_equal(t.year, 2024);
	assert_int_equal(t.month, 11);
	assert_int_equal(t.day, 19);
	assert_int_equal(t.hour, 15);
	assert_int_equal(t.minute, 30);
	assert_int_equal(t.weekday, 2);
	t = clock_utc(-1);
	assert_int_equal(t.year, 1969);
	assert_int_equal(t.second, 59);
	assert_int_equal(t.ms, 999);
	for (int64_t ms = -4000 * DAY_MS; ms < 40000 * DAY_MS; ms += 7 * HOUR_MS + 12345) {
		struct clock_time back = clock_utc(ms);
		assert_true(clock_ms(&back) == ms);
	}
}

static void ids_sort_by_time_and_know_it(void **state)
{
	(void)state;
	int64_t now = INT64_C(1732030200123);
	int64_t a = id_new(now), b = id_new(now + 1);
	assert_true(a > 0 && b > a);
	assert_true(id_made_ms(a) == now);
	assert_true(id_floor(now) <= a && id_floor(now + 1) > a);
	for (int64_t last = id_new(now + 5), i = 0; i < 1000; i++) {
		int64_t next = id_new(now + 5);
		assert_true(next > last);
		last = next;
	}
}

static void a_blurred_id_tells_no_moment_and_keeps_the_order_of_one(void **state)
{
	(void)state;
	const int64_t now = INT64_C(1785592800000);
	int64_t first = id_new_blurred(now), again = id_new_blurred(now), early = 0;
	assert_true(again > first);
	for (int i = 1; i <= 1000; i++) {
		int64_t id = id_new_blurred(now + i), off = id_made_ms(id) - (now + i);
		assert_true(id > 0);
		assert_true(off > -65536 - 1 && off < 65536 + 1);
		early += (id >> 36 & 1) == 0;
	}
	assert_true(early > 350 && early < 650); /* the top of the hidden bits is a coin */
}

static void utf8_is_checked_cleaned_and_folded(void **state)
{
	(void)state;
	struct arena *a = arena_new(256);
	assert_true(utf8_valid(S("Rawa Sawah \xE2\x80\x93 RW 08")));
	assert_false(utf8_valid(S("\xC0\xAF")));
	assert_false(utf8_valid(S("\xED\xA0\x80")));
	assert_false(utf8_valid((struct str){ "a\0b", 3 }));
	assert_int_equal(utf8_length(S("\xC3\xA9t\xC3\xA9")), 3);
	assert_true(str_is(utf8_clean(a, S("a\r\nb\rc\x01\xE2\x80\xAE")), "a\nb\nc"));
	assert_true(str_is(utf8_clean(a, S("e\xCC\x81")), "\xC3\xA9"));
	assert_true(str_eq(utf8_fold(a, S("  BUDI   Santoso ")), utf8_fold(a, S("budi santoso"))));
	assert_true(str_is(utf8_cut(S("\xC3\xA9t\xC3\xA9"), 2), "\xC3\xA9t"));
	arena_free(a);
}

static void json_escapes_and_nests(void **state)
{
	(void)state;
	struct buf b;
	struct json j;
	buf_init(&b, 1000);
	json_init(&j, &b);
	json_object(&j);
	json_key(&j, "a\"");
	json_str(&j, S("x\n\x01\xFF</script>"));
	json_key(&j, "list");
	json_array(&j);
	json_int(&j, -1);
	json_real(&j, 0.5);
	json_bool(&j, true);
	json_null(&j);
	json_end(&j);
	json_end(&j);
	assert_true(
		str_is(buf_str(&b), "{\"a\\\"\":\"x\\n\\u0001\xEF\xBF\xBD</script>\",\"list\":[-1,0.5,true,null]}"));
	buf_free(&b);
}

static void an_error_carries_its_reason(void **state)
{
	(void)state;
	struct ctx c = { .mem = arena_new(256) };
	enum err e = FAIL(&c, ERR_DB, "statement %d", 3);
	assert_int_equal(e, ERR_DB);
	assert_true(str_is(c.err.why, "statement 3"));
	assert_null(c.err.say);
	e = REFUSE(&c, ERR_CONFLICT, "Somebody else was faster.");
	assert_int_equal(e, ERR_CONFLICT);
	assert_string_equal(c.err.say, "Somebody else was faster.");
	assert_int_equal(err_http_status(ERR_CONFLICT), 409);
	for (e = OK; e < ERR_COUNT; e++)
		assert_true(err_http_status(e) >= 200 && err_code(e)[0]);
	arena_free(c.mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_whole_and_in_range),
		cmocka_unit_test(reals_are_finite_and_whole),
		cmocka_unit_test(cutting_keeps_empty_pieces),
		cmocka_unit_test(arena_runs_deferred_calls_newest_first_once),
		cmocka_unit_test(arena_within_another_is_freed_with_it),
		cmocka_unit_test(buffer_stops_at_its_maximum_and_says_so),
		cmocka_unit_test(calendar_agrees_with_known_dates),
		cmocka_unit_test(ids_sort_by_time_and_know_it),
		cmocka_unit_test(utf8_is_checked_cleaned_and_folded),
		cmocka_unit_test(json_escapes_and_nests),
		cmocka_unit_test(an_error_carries_its_reason),
		cmocka_unit_test(a_blurred_id_tells_no_moment_and_keeps_the_order_of_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
