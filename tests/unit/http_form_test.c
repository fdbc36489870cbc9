/* Forms: from what was sent to typed values, and back onto the page. */
#include "http/form.h"
#include "base/clock.h"
#include "http/session.h"
#include "http_little.h"

struct all {
	struct str line, text, secret;
	int64_t number, row, day;
	int code, time;
	unsigned set;
	struct field_ids rows;
	bool yes;
};

static const char *const codes[] = { "potensi", "ambang", "nyata", NULL };

static const struct field fields[] = {
	FIELD(all, line, FIELD_LINE, 2, 5, false, "Line"),
	FIELD(all, text, FIELD_TEXT, 0, 10, false, "Text"),
	FIELD(all, secret, FIELD_SECRET, 8, 20, false, "Secret"),
	FIELD(all, number, FIELD_INT, -5, 5, false, "Number"),
	FIELD(all, row, FIELD_ID, 0, 0, false, "Row"),
	FIELD(all, day, FIELD_DATE, 0, 0, false, "Day"),
	FIELD(all, time, FIELD_TIME, 0, 0, false, "Time"),
	FIELD_OF(all, code, FIELD_CODE, codes, false, "Code"),
	FIELD_OF(all, set, FIELD_SET, codes, false, "Set"),
	FIELD(all, rows, FIELD_IDS, 0, 3, false, "Rows"),
	FIELD(all, yes, FIELD_BOOL, 0, 0, false, "Yes"),
};
static const struct form form = FORM(all, fields, NULL);
static const struct route route = { .method = POST, .path = "/", .form = &form };

struct fixture {
	struct ctx c;
	struct form_state state;
	struct request q;
	struct all got;
};

static int begin(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	assert_non_null(f);
	f->c.mem = arena_new(4096);
	f->c.lang = LANG_EN;
	f->q = (struct request){ .method = POST, .state = &f->state, .route = &route };
	*state = f;
	return 0;
}

static int finish(void **state)
{
	struct fixture *f = *state;
	arena_free(f->c.mem);
	free(f);
	return 0;
}

/* Reads BODY into the fixture; true when everything fits. */
static bool takes(struct fixture *f, const char *body)
{
	memset(&f->state, 0, sizeof f->state);
	memset(&f->got, 0, sizeof f->got);
	assert_int_equal(form_read(&f->c, str_of(body), &f->state), OK);
	return form_fill(&f->c, &form, &f->state, &f->got);
}

static void wrong(struct fixture *f, const char *body, const char *name, const char *says)
{
	assert_false(takes(f, body));
	assert_int_equal(f->state.errors_count, 1);
	struct str text = form_error(&f->c, &f->q, name);
	assert_int_equal(text.n, strlen(says));
	assert_memory_equal(text.p, says, text.n);
}

static void a_whole_form_arrives_typed(void **state)
{
	struct fixture *f = *state;
	assert_true(takes(f, "line=+ab+&text=a%0D%0Ab&secret=+pass+word&number=-5&row=9007199254740993&day=2024-02-29"
			     "&time=23%3A59&code=ambang&set=nyata&set=potensi&rows=7&rows=&rows=5&rows=7&yes=on"));
	assert_true(str_is(f->got.line, "ab"));
	assert_true(str_is(f->got.text, "a\nb"));
	assert_true(str_is(f->got.secret, " pass word"));
	assert_int_equal(f->got.number, -5);
	assert_int_equal(f->got.row, INT64_C(9007199254740993));
	assert_int_equal(f->got.day, INT64_C(1709164800000));
	assert_int_equal(f->got.time, 23 * 60 + 59);
	assert_int_equal(f->got.code, 1);
	assert_int_equal(f->got.set, 5);
	assert_int_equal(f->got.rows.count, 2);
	assert_true(f->got.rows.ids[0] == 7 && f->got.rows.ids[1] == 5);
	assert_true(f->got.yes);
}

static void what_is_absent_has_its_own_value(void **state)
{
	struct fixture *f = *state;
	assert_true(takes(f, ""));
	assert_int_equal(f->got.line.n, 0);
	assert_int_equal(f->got.row, 0);
	assert_int_equal(f->got.day, 0);
	assert_int_equal(f->got.time, -1);
	assert_int_equal(f->got.code, -1);
	assert_int_equal(f->got.set, 0);
	assert_int_equal(f->got.rows.count, 0);
	assert_false(f->got.yes);
}

static void length_is_counted_in_characters(void **state)
{
	struct fixture *f = *state;
	assert_true(takes(f, "line=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9"));
	assert_true(takes(f, "line=e%CC%81e%CC%81e%CC%81e%CC%81e%CC%81")); /* composed on the way */
	assert_int_equal(f->got.line.n, 10);
	wrong(f, "line=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9", "line", "Write at most 5 characters.");
}

static void each_kind_says_what_is_wrong(void **state)
{
	struct fixture *f = *state;
	wrong(f, "line=a", "line", "Write at least 2 characters.");
	wrong(f, "line=a%0Ab", "line", "Write this on one line.");
	wrong(f, "text=12345678901", "text", "Write at most 10 characters.");
	wrong(f, "secret=1234567", "secret", "Use at least 8 characters.");
	wrong(f, "number=6", "number", "Write a whole number from -5 to 5.");
	wrong(f, "number=1.5", "number", "Write a whole number from -5 to 5.");
	wrong(f, "row=0", "row", "Choose one of these.");
	wrong(f, "code=gone", "code", "Choose one of these.");
	wrong(f, "rows=1&rows=0", "rows", "Choose from these.");
	wrong(f, "rows=1&rows=2&rows=3&rows=4", "rows", "Choose at most 3.");
	wrong(f, "set=nyata&set=gone", "set", "Choose from these.");
	wrong(f, "day=2023-02-29", "day", "There is no such day.");
	wrong(f, "day=2023-2-9", "day", "Write a date such as 2026-11-19.");
	wrong(f, "time=24%3A00", "time", "Write a time such as 19:30.");
	wrong(f, "time=9%3A00", "time", "Write a time such as 19:30.");
}

static void required_fields_are_asked_for(void **state)
{
	struct fixture *f = *state;
	struct field required[COUNT(fields)];
	memcpy(required, fields, sizeof fields);
	for (size_t i = 0; i < COUNT(required); i++)
		required[i].required = true;
	struct form strict = { .fields = required, .fields_count = COUNT(required), .size = sizeof(struct all) };
	const struct form_error *errors;
	assert_int_equal(form_read(&f->c, S(""), &f->state), OK);
	assert_false(form_fill(&f->c, &strict, &f->state, &f->got));
	assert_int_equal(form_errors(&f->q, &errors), COUNT(fields) - 1); /* a box that is not ticked is an answer */
	assert_string_equal(errors[0].label, "Line");
}

static void a_body_that_is_no_form_is_refused(void **state)
{
	struct fixture *f = *state;
	static const char *const bad[] = { "a=%", "a=%4", "%zz=1", "a=%ff", "a=%00", "%C3=1" };
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(form_read(&f->c, str_of(bad[i]), &f->state), ERR_INPUT);
	memset(&f->state, 0, sizeof f->state);
	char many[3 * (FORM_VALUES_MAX + 1) + 1];
	for (size_t i = 0; i <= FORM_VALUES_MAX; i++)
		memcpy(many + 3 * i, "a=&", 3);
	assert_int_equal(form_read(&f->c, (struct str){ many, sizeof many - 1 }, &f->state), ERR_INPUT);
	memset(&f->state, 0, sizeof f->state);
	assert_int_equal(form_read(&f->c, (struct str){ many, sizeof many - 4 }, &f->state), OK);
}

static void the_page_shows_what_was_typed_but_no_secret(void **state)
{
	struct fixture *f = *state;
	const struct form_value *kept;
	assert_false(takes(f, "line=a&secret=1234567&set=nyata&csrf=token"));
	assert_true(str_is(form_value(&f->q, "line", S("preset")), "a"));
	assert_true(str_is(form_value(&f->q, "text", S("preset")), ""));
	assert_true(str_is(form_value(&f->q, "secret", S("")), ""));
	assert_true(form_checked(&f->q, "set", "nyata", false));
	assert_false(form_checked(&f->q, "set", "ambang", true));
	assert_int_equal(form_kept(&f->c, &f->q, &kept), 3);
	assert_true(str_is(kept[0].name, "line"));
	assert_true(str_is(kept[1].name, "set"));
	assert_true(str_is(kept[2].name, "csrf"));
	struct request first = { .method = GET };
	assert_true(str_is(form_value(&first, "line", S("preset")), "preset"));
	assert_true(form_checked(&first, "set", "ambang", true));
}

static void a_handler_may_refuse_a_field(void **state)
{
	struct fixture *f = *state;
	assert_true(takes(f, "line=ab"));
	assert_int_equal(form_refuse(&f->c, &f->q, "line", "Fill this in."), ERR_INPUT);
	f->c.lang = LANG_ID;
	assert_true(str_is(form_error(&f->c, &f->q, "line"), "Isi bagian ini."));
	assert_true(str_is(form_error(&f->c, &f->q, "text"), ""));
}

static void secrets_are_wiped_when_the_request_ends(void **state)
{
	struct fixture *f = *state;
	struct arena *kept = f->c.mem;
	f->c.mem = arena_new(1 << 16);
	assert_true(takes(f, "secret=correct+horse"));
	const char *was = f->got.secret.p;
	assert_memory_equal(was, "correct horse", 13);
	arena_reset(f->c.mem); /* keeps its first block */
#if !defined(__SANITIZE_ADDRESS__)
	assert_memory_equal(was, "\0\0\0\0\0\0\0\0\0\0\0\0\0", 13);
#endif
	arena_free(f->c.mem);
	f->c.mem = kept;
}

static struct str with_token(struct fixture *f, struct str token)
{
	return arena_printf(f->c.mem, "csrf=%.*s", STR_ARG(token));
}

static bool accepted(struct fixture *f, struct str body)
{
	memset(&f->state, 0, sizeof f->state);
	assert_int_equal(form_read(&f->c, body, &f->state), OK);
	return form_token_check(&f->c, &f->q);
}

static void a_forms_token_is_new_each_time_and_bound_to_the_session(void **state)
{
	struct fixture *f = *state;
	struct session mine = { 0 }, others = { 0 };
	assert_int_equal(form_token(&f->c).n, 0);
	vault_session_new(&mine.token);
	vault_session_new(&others.token);
	f->c.session = &mine;
	struct str one = form_token(&f->c), two = form_token(&f->c);
	assert_false(str_eq(one, two));
	assert_true(accepted(f, with_token(f, one)));
	assert_true(accepted(f, with_token(f, two)));
	assert_false(accepted(f, with_token(f, str_of(mine.token.csrf))));
	assert_false(accepted(f, with_token(f, (struct str){ one.p, one.n - 1 })));
	assert_false(accepted(f, S("")));
	assert_false(accepted(f, S("csrf=")));
	f->c.session = &others;
	assert_false(accepted(f, with_token(f, one)));
	f->c.session = &mine;
	char *changed = arena_alloc(f->c.mem, one.n, 1);
	for (size_t i = 0; i < one.n; i++) {
		memcpy(changed, one.p, one.n);
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		assert_false(accepted(f, with_token(f, (struct str){ changed, one.n })));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_whole_form_arrives_typed, begin, finish),
		cmocka_unit_test_setup_teardown(what_is_absent_has_its_own_value, begin, finish),
		cmocka_unit_test_setup_teardown(length_is_counted_in_characters, begin, finish),
		cmocka_unit_test_setup_teardown(each_kind_says_what_is_wrong, begin, finish),
		cmocka_unit_test_setup_teardown(required_fields_are_asked_for, begin, finish),
		cmocka_unit_test_setup_teardown(a_body_that_is_no_form_is_refused, begin, finish),
		cmocka_unit_test_setup_teardown(the_page_shows_what_was_typed_but_no_secret, begin, finish),
		cmocka_unit_test_setup_teardown(a_handler_may_refuse_a_field, begin, finish),
		cmocka_unit_test_setup_teardown(secrets_are_wiped_when_the_request_ends, begin, finish),
		cmocka_unit_test_setup_teardown(a_forms_token_is_new_each_time_and_bound_to_the_session, begin, finish),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
