/* Typed output, words and addresses, with a table of words of its own. */
#include "test.h"
#include "web/url.h"
#include "web/words.h"

const struct word_entry words_id[] = {
	{"Hi {name}",  "Halo {name}",     NULL},
	{ "a < b",     "a < b & \"c\"",   NULL},
	{ "{n} cat",   "{n} kucing",      NULL},
	{ "{x} {y} {", "{y}{x}{y} {z} {", NULL},
};
const size_t words_id_count = COUNT(words_id);
const struct word_entry words_en[] = {
	{"{n} cat", "{n} cat", "{n} cats"},
};
const size_t words_en_count = COUNT(words_en);

static struct html out;

static int begin(void **state)
{
	(void)state;
	html_init(&out, 1 << 20, LANG_ID);
	return 0;
}

static int end(void **state)
{
	(void)state;
	html_free(&out);
	return 0;
}

static void assert_out(const char *wanted)
{
	assert_false(out.over);
	assert_int_equal(out.n, strlen(wanted));
	assert_memory_equal(out.p, wanted, out.n);
	out.n = 0;
}

static void assert_str(struct str s, const char *wanted)
{
	assert_int_equal(s.n, strlen(wanted));
	assert_memory_equal(s.p, wanted, s.n);
}

static void text_cannot_become_markup(void **state)
{
	(void)state;
	html_put(&out, S("<a href=\"x\">'&amp;"));
	assert_out("&lt;a href=&#34;x&#34;&gt;&#39;&amp;amp;");
	html_put_attr(&out, "\"><script>");
	assert_out("&#34;&gt;&lt;script&gt;");
	html_put(&out, ((struct safe_html){ S("<b>") }));
	assert_out("<b>");
	html_put_url(&out, url_local(S("/a?b=1&c='\"")));
	assert_out("/a?b=1&amp;c=&#39;&#34;");
}

static void pieces_of_addresses_stay_pieces(void **state)
{
	(void)state;
	html_put_path(&out, S("a/b?c#d&e=%:\\\"' \xC3\xA9~-_."));
	assert_out("a%2Fb%3Fc%23d%26e%3D%25%3A%5C%22%27%20%C3%A9~-_.");
	html_put_path(&out, INT64_C(-5));
	assert_out("-5");
}

static void numbers_are_whole(void **state)
{
	(void)state;
	html_put(&out, INT64_MIN);
	assert_out("-9223372036854775808");
	html_put(&out, UINT64_MAX);
	assert_out("18446744073709551615");
	html_put(&out, 0);
	assert_out("0");
	html_put(&out, 0.25);
	assert_out("0.25");
}

static void too_much_is_said_and_nothing_half_is_kept(void **state)
{
	(void)state;
	struct html small;
	html_init(&small, 8, LANG_EN);
	html_put(&small, S("12345678"));
	assert_false(small.over);
	html_put(&small, S("9"));
	assert_true(small.over);
	html_free(&small);
	html_init(&small, 8, LANG_EN);
	html_put(&small, S("123456"));
	html_put(&small, S("<"));
	html_put(&small, S("7"));
	assert_true(small.over);
	assert_int_equal(small.n, 6);
	html_free(&small);
}

static void words_are_of_the_language(void **state)
{
	(void)state;
	assert_str(words_get(LANG_ID, "Hi {name}"), "Halo {name}");
	assert_str(words_get(LANG_EN, "Hi {name}"), "Hi {name}");
	assert_str(words_get(LANG_ID, "unknown"), "unknown");
	assert_str(words_plural(LANG_ID, "{n} cat", "{n} cats", 1), "{n} kucing");
	assert_str(words_plural(LANG_ID, "{n} cat", "{n} cats", 2), "{n} kucing");
	assert_str(words_plural(LANG_EN, "{n} cat", "{n} cats", 1), "{n} cat");
	assert_str(words_plural(LANG_EN, "{n} cat", "{n} cats", 0), "{n} cats");
	assert_str(words_plural(LANG_ID, "{n} dog", "{n} dogs", 2), "{n} dogs");
}

static void values_fill_their_names_and_are_text(void **state)
{
	(void)state;
	const struct word_value evil = { "name", S("<b>{name}") };
	html_word(&out, "Hi {name}", &evil, 1);
	assert_out("Halo &lt;b&gt;{name}");
	html_word(&out, "a < b", NULL, 0);
	assert_out("a &lt; b &amp; &#34;c&#34;");
	const struct word_value both[] = {
		{"x",  S("1")},
		{ "y", S("") },
	};
	html_word(&out, "{x} {y} {", both, 2);
	assert_out("1 {z} {");
	html_plural(&out, "{n} cat", "{n} cats", 3, &(struct word_value){ "n", S("3") }, 1);
	assert_out("3 kucing");
	struct arena *mem = arena_new(256);
	assert_str(words_format(mem, LANG_ID, "Hi {name}", &evil, 1), "Halo <b>{name}");
	assert_str(words_fill(mem, S("{x}{x}"), both, 2), "11");
	arena_free(mem);
}

/* Each form of a page has a key of its own; a page that offers to send a form again keeps that form's. */
static void every_form_has_a_key(void **state)
{
	(void)state;
	struct html other;
	char first[100], second[100];
	html_init(&other, 1 << 10, LANG_ID);
	html_form_begin(&out);
	assert_true(out.n < sizeof first);
	memcpy(first, out.p, out.n);
	size_t n = out.n;
	out.n = 0;
	html_form_begin(&out);
	assert_memory_not_equal(first, out.p, n);
	html_form_begin(&other);
	assert_int_equal(other.n, n);
	memcpy(second, other.p, n);
	assert_memory_not_equal(first, second, n);
	assert_int_equal(strspn(first + strlen("><input type=\"hidden\" name=\"form_key\" value=\""),
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
		23);
	html_free(&other);
	out.n = 0;
	out.form_key = S("a\"b");
	html_form_begin(&out);
	assert_out("><input type=\"hidden\" name=\"form_key\" value=\"a&#34;b\">");
}

static void only_local_paths_are_local(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "a", "//x", "/\\x", "\\\\x", "/a\\b", "/a b", "/a\nb", "/\t/x",
		"https://x", "javascript:x", "/a\x7F" };
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_str(url_local(str_of(bad[i])).s, "/");
	assert_str(url_local(S("/a/b?c=d#e")).s, "/a/b?c=d#e");
	assert_str(url_local(S("/")).s, "/");
}

static void numbers_to_call_hold_digits_only(void **state)
{
	(void)state;
	struct arena *mem = arena_new(256);
	assert_str(url_tel(mem, S("+62 (21) 555-0100")).s, "tel:+6221555-0100");
	assert_str(url_tel(mem, S("\"><script>;ext=1")).s, "tel:1");
	assert_str(url_tel(mem, S("")).s, "tel:");
	arena_free(mem);
}

static void escapes_of_addresses_are_whole(void **state)
{
	(void)state;
	struct arena *mem = arena_new(256);
	struct str got;
	assert_true(url_decode(mem, S("a%2Fb+%e9"), true, &got));
	assert_str(got, "a/b \xE9");
	assert_true(url_decode(mem, S("a+b"), false, &got));
	assert_str(got, "a+b");
	assert_false(url_decode(mem, S("%"), true, &got));
	assert_false(url_decode(mem, S("a%4"), true, &got));
	assert_false(url_decode(mem, S("%g0"), true, &got));
	assert_false(url_decode(mem, S("%0g"), true, &got));
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(text_cannot_become_markup, begin, end),
		cmocka_unit_test_setup_teardown(pieces_of_addresses_stay_pieces, begin, end),
		cmocka_unit_test_setup_teardown(numbers_are_whole, begin, end),
		cmocka_unit_test(too_much_is_said_and_nothing_half_is_kept),
		cmocka_unit_test(words_are_of_the_language),
		cmocka_unit_test_setup_teardown(every_form_has_a_key, begin, end),
		cmocka_unit_test_setup_teardown(values_fill_their_names_and_are_text, begin, end),
		cmocka_unit_test(only_local_paths_are_local),
		cmocka_unit_test(numbers_to_call_hold_digits_only),
		cmocka_unit_test(escapes_of_addresses_are_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
