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

static void assert_refused(const char *const *bodies, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char why[200];
		char *c = made(bodies[i], why);
		if (c)
			print_message("# accepted: %s\n", bodies[i]);
		assert_null(c);
		assert_true(why[0]);
	}
}

static void values_that_could_become_code_are_refused(void **state)
{
	(void)state;
	static const char *const hostile[] = {
		"<script>{{x}}</script>",
		"<style>{{x}}</style>",
		"<script>alert(1)</script>",
		"<script><!-- <script></script>{{x}}--></script>",
		"<script/ >{{x}}</script>",
		"<script/x>{{x}}</script>",
		"<SCRIPT>{{x}}</SCRIPT>",
		"<p style=\"{{x}}\">",
		"<p onclick=\"{{x}}\">",
		"<p ONCLICK=\"{{x}}\">",
		"<p onclick=\"{{word \"a\"}}\">",
		"<iframe srcdoc=\"{{x}}\"></iframe>",
		"<meta http-equiv=\"refresh\" content=\"0;url={{x}}\">",
		"<meta content=\"{{word \"a\"}}\" http-equiv=\"refresh\">",
		"<svg><set attributeName=\"href\" to=\"{{x}}\"/></svg>",
		"<!-- {{x}} -->",
		"<!-- a -->",
		"<svg><![CDATA[<p>{{x}}]]></svg>",
	};
	assert_refused(hostile, COUNT(hostile));
}

static void values_that_could_become_markup_are_refused(void **state)
{
	(void)state;
	static const char *const hostile[] = {
		"<p class={{x}}>",
		"<p class='{{x}}'>",
		"<{{x}}>",
		"<p {{x}}=\"1\">",
		"<p {{x}}>",
		"</p title=\"{{x}}\">",
		"</ p title=\"{{x}}\">",
		"<p a\"b=\"{{x}}\">",
		"<-x a<script>{{x}}",
		"<p title=\"a\"b=\"{{x}}\">",
		"<p title=\"</p><b>\">",
		"<title>a</titlex><b>{{x}}</b></title>",
		"<textarea><b>{{x}}</b></textarea>",
		"a < b",
	};
	assert_refused(hostile, COUNT(hostile));
}

static void addresses_that_could_lead_elsewhere_are_refused(void **state)
{
	(void)state;
	static const char *const hostile[] = {
		"<a href=\"javascript:{{x}}\">",
		"<a href=\"javascript:alert(1)\">",
		"<a href=\"java{{if x}}script:{{end}}{{y}}\">",
		"<a href=\"{{if x}}javascript:{{else}}/a{{end}}{{y}}\">",
		"<a href=\"{{if x}}/a{{end}}{{y}}\">",
		"<a href=\"data:text/html,{{x}}\">",
		"<a href=\"//{{x}}\">",
		"<a href=\"/\\{{x}}\">",
		"<a href=\"/\t/{{x}}\">",
		"<a href=\" //x/{{y}}\">",
		"<a href=\"/{{x}}/{{y}}\">",
		"<a href=\"/{{if x}}a{{end}}/{{y}}\">",
		"<a href=\"/{{for r in v->rows}}{{r}}/{{end}}\">",
		"<a href=\"{{u}}/{{y}}\">",
		"<a href=\"{{u}}{{y}}\">",
		"<a href=\"https://{{x}}/\">",
		"<a href=\"https://a.{{x}}/\">",
		"<a href=\"http://a.example/{{x}}\">",
		"<a href=\"https:/{{x}}\">",
		"<a href=\"https:\">",
		"<a href=\"{{word \"a\"}}\">",
		"<img srcset=\"x {{y}}\">",
	};
	assert_refused(hostile, COUNT(hostile));
}

static void blocks_end_where_they_began(void **state)
{
	(void)state;
	static const char *const hostile[] = {
		"{{if x}}<p class=\"{{end}}",
		"{{if x}}<b>{{else}}<p title=\"{{end}}",
		"{{for r in v->rows}}<p title=\"{{end}}",
		"<script{{if x}}></script><p{{end}}>{{y}}",
		"<p{{if x}}re{{end}}>",
		"<s{{if x}}cript{{end}}>",
		"<p on{{if x}} {{end}}click=\"{{y}}\">",
		"<p {{if x}}on{{else}} {{end}}click=\"{{y}}\">",
		"<p {{for r in v->rows}}click=\"{{r}}\" on{{end}}>",
		"<p title=\"a\"{{if x}}b{{end}}>",
		"<p title=\"{{x}}",
		"<p",
		"<pre>",
		"<title>{{x}}",
		"{{if x}}",
		"{{end}}",
		"{{else}}",
		"{{if x}}{{else}}{{else}}{{end}}",
		"{{for r in v->rows}}{{else}}{{end}}",
		"{{view w(struct html *h)}}",
		"{{word x}}",
		"{{word \"a {n}\", n}}",
		"<p>{{call x()}}</p><p title=\"{{call x()}}\">",
	};
	assert_refused(hostile, COUNT(hostile));
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

static void assert_lacks(const char *body, const char *piece)
{
	char why[200];
	char *c = made(body, why);
	assert_non_null(c);
	assert_null(strstr(c, piece));
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
	assert_holds("<a href=\"/{{x}}\">", "html_put_path(h, (x));");
	assert_holds("<a href=\"{{u}}?a={{x}}\">", "html_put_url(h, (u));");
	assert_holds("<a href=\"{{u}}?a={{x}}\">", "html_put_path(h, (x));");
	assert_holds("<a href=\"https://a.example/{{x}}\">", "html_put_path(h, (x));");
	assert_holds("<a href=\"tel:{{x}}\">", "html_put_path(h, (x));");
	assert_holds("<a href=\"{{if a}}/b{{else}}{{u}}{{end}}\">", "html_put_url(h, (u));");
	assert_holds("<a href=\"/a{{if b}}?c={{x}}{{end}}\">", "html_put_path(h, (x));");
	assert_holds("<TITLE>a</TITLE><a href=\"{{x}}\">", "html_put_url(h, (x));");
	assert_holds("<textarea>{{x}}</textarea>", "html_put_attr(h, (x));");
	assert_holds("<form class=\"a\" method=\"post\" action=\"/a/{{x}}\"><p>", "\\\"\");\n\thtml_form_begin(h);");
	assert_holds("<form action=\"{{u}}\" METHOD=\"Post\"{{if x}} class=\"a\"{{end}}>", "html_form_begin(h);");
	assert_lacks("<form method=\"get\" action=\"/a\"><input name=\"method\" value=\"post\">", "html_form_begin");
	assert_lacks("<form action=\"/post\"></form><p title=\"post\">", "html_form_begin");
	assert_holds(
		"<form method=\"post\" action=\"/a\"><p>x</p></form>", "html_form_end(h);\n\tHTML_LIT(h, \"</form>");
	assert_holds("<title>{{x}} &middot; y</title>", "html_put_attr(h, (x));");
	assert_holds("<p>{{word \"Hi {n}\", n=f(a, b)}}</p>",
		"html_word(h, \"Hi {n}\", (const struct word_value[]){ { \"n\", (f(a, b)) } }, 1);");
	assert_holds("<p>{{plural \"one\" \"many\", k, n=t}}</p>", "html_plural(h, \"one\", \"many\", (k), ");
	assert_holds("<p>{{word_of k}}</p>", "html_word(h, (k), NULL, 0);");
	assert_holds("<input{{if x}} checked{{end}}>", "checked");
	assert_holds("<input {{if x}} checked{{end}} id=\"a\"/>", "checked");
	assert_holds("<p>{{x == '\"' ? a : b}}</p>", "html_put(h, (x == '\"' ? a : b));");
	assert_holds("<p>{{f(\"}}\")}}</p>", "html_put(h, (f(\"}}\")));");
	assert_holds("{{# it's \" a comment }}<p>{{x}}</p>", "html_put(h, (x));");
	assert_holds("<!doctype html><p>{{word \"It's\"}}</p>", "html_word(h, \"It's\", NULL, 0);");
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
		cmocka_unit_test(values_that_could_become_code_are_refused),
		cmocka_unit_test(values_that_could_become_markup_are_refused),
		cmocka_unit_test(addresses_that_could_lead_elsewhere_are_refused),
		cmocka_unit_test(blocks_end_where_they_began),
		cmocka_unit_test(each_place_has_its_encoding),
		cmocka_unit_test(space_is_kept_where_it_counts),
		cmocka_unit_test(mistakes_are_told_with_their_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
