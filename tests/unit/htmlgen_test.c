#include "test.h"
#include "../../tools/htmlgen.h"

/* The C of one view with BODY, or NULL with the reason in WHY. */
static char *made(const char *body, char why[200])
{
	char source[4096];
	struct htmlgen_error error = { 0 };
	int n = snprintf(source, sizeof source, "{{view v(struct html *h)}}%s{{endview}}", body);
	char *c = htmlgen("t.html", source, (size_t)n, &error);
	memcpy(why, error.why, 200);
	return c;
}

static void hostile_templates_are_refused(void **state)
{
	(void)state;
	static const char *const hostile[] = {
		"<script>{{x}}</script>",
		"<style>{{x}}</style>",
		"<p style=\"{{x}}\">",
		"<p onclick=\"{{x}}\">",
		"<p onclick=\"{{word \"a\"}}\">",
		"<p class={{x}}>",
		"<p class='{{x}}'>",
		"<{{x}}>",
		"<p {{x}}=\"1\">",
		"<!-- {{x}} -->",
		"<a href=\"javascript:{{x}}\">",
		"<a href=\"//{{x}}\">",
		"<a href=\"data:text/html,{{x}}\">",
		"<iframe srcdoc=\"{{x}}\"></iframe>",
		"<a href=\"{{word \"a\"}}\">",
		"{{if x}}<p class=\"{{end}}",
		"{{if x}}<b>{{else}}<p title=\"{{end}}",
		"<p{{if x}}re{{end}}>",
		"<s{{if x}}cript{{end}}>",
		"{{for r in v->rows}}<p title=\"{{end}}",
		"<p title=\"{{x}}",
		"{{if x}}",
		"{{end}}",
		"{{else}}",
		"{{word x}}",
		"{{word \"a {n}\", n}}",
		"<img srcset=\"x {{y}}\">",
		"<p>{{call x()}}</p><p title=\"{{call x()}}\">",
		"a < b",
	};
	char why[200];
	for (size_t i = 0; i < COUNT(hostile); i++) {
		char *c = made(hostile[i], why);
		if (c)
			print_message("# accepted: %s\n", hostile[i]);
		assert_null(c);
		assert_true(why[0]);
	}
}

static void assert_holds(const char *body, const char *piece)
{
	char why[200];
	char *c = made(body, why);
	if (!c || !strstr(c, piece))
		print_message("# %s gave %s%s\n", body, c ? c : "", why);
	assert_non_null(c);
	assert_non_null(strstr(c, piece));
	free(c);
}

static void each_place_has_its_encoding(void **state)
{
	(void)state;
	assert_holds("<p>{{x}}</p>", "html_put(h, (x));");
	assert_holds("<p title=\"{{x}}\">", "html_put_attr(h, (x));");
	assert_holds("<a href=\"{{x}}\">", "html_put_url(h, (x));");
	assert_holds("<a href=\"/a/{{x}}\">", "html_put_path(h, (x));");
	assert_holds("<a href=\"/a?b={{x}}\">", "html_put_path(h, (x));");
	assert_holds("<textarea>{{x}}</textarea>", "html_put_attr(h, (x));");
	assert_holds("<title>{{x}} &middot; y</title>", "html_put_attr(h, (x));");
	assert_holds("<p>{{word \"Hi {n}\", n=f(a, b)}}</p>",
		"html_word(h, \"Hi {n}\", (const struct word_value[]){ { \"n\", (f(a, b)) } }, 1);");
	assert_holds("<p>{{plural \"one\" \"many\", k, n=t}}</p>", "html_plural(h, \"one\", \"many\", (k), ");
	assert_holds("<p>{{word_of k}}</p>", "html_word(h, (k), NULL, 0);");
	assert_holds("<input{{if x}} checked{{end}}>", "checked");
	assert_holds("{{for r in v->rows}}<li>{{r->a}}</li>{{end}}", "r_i < v->rows_count");
	assert_holds("{{if a}}x{{else if b}}y{{else}}z{{end}}", "} else if (b) {");
}

static void space_is_kept_where_it_counts(void **state)
{
	(void)state;
	assert_holds("<pre>a\n\n  b</pre>", "a\\n\\n  b");
	assert_holds("<textarea>\n  b</textarea>", "\\n  b");
	assert_holds("<p>a\n\n   b</p>", "a b");
	assert_holds("<p>{{x}} <b>y</b></p>", "\" <b>y");
}

static void mistakes_are_told_with_their_line(void **state)
{
	(void)state;
	struct htmlgen_error error = { 0 };
	const char source[] = "{{view v(struct html *h)}}\n<p>\n<p class={{x}}>\n{{endview}}";
	assert_null(htmlgen("t.html", source, sizeof source - 1, &error));
	assert_int_equal(error.line, 3);
	static const char later[] = "{{view v(struct html *h)}}\n\n{{x}}{{endview}}";
	char *c = htmlgen("t.html", later, sizeof later - 1, &error);
	assert_non_null(c);
	assert_non_null(strstr(c, "#line 3 \"t.html\""));
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_templates_are_refused),
		cmocka_unit_test(each_place_has_its_encoding),
		cmocka_unit_test(space_is_kept_where_it_counts),
		cmocka_unit_test(mistakes_are_told_with_their_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
