#include "test.h"
#include "../../tools/po.h"

static bool reads(struct po *po, const char *text, struct po_error *error)
{
	*error = (struct po_error){ 0 };
	return po_read(po, text, strlen(text), error);
}

static void entries_are_read_whole(void **state)
{
	(void)state;
	struct po po;
	struct po_error error;
	assert_true(reads(&po,
		"msgid \"\"\nmsgstr \"\"\n\"Language: id\\n\"\n\n# a comment\nmsgid \"Hi \"\n\"there\"\nmsgstr \"Halo "
		"\\\"di sana\\\"\"\n\n"
		"#, fuzzy\nmsgid \"b\"\nmsgid_plural \"bs\"\nmsgstr[0] \"c\"\nmsgstr[1] \"cs\"\n",
		&error));
	assert_int_equal(po.count, 2);
	assert_string_equal(po.header, "Language: id\n");
	assert_string_equal(po_find(&po, "Hi there")->text, "Halo \"di sana\"");
	assert_false(po_find(&po, "Hi there")->fuzzy);
	assert_true(po_find(&po, "b")->fuzzy);
	assert_string_equal(po_find(&po, "b")->plural_text, "cs");
	assert_null(po_find(&po, "c"));
	po_free(&po);
}

static void mistakes_are_refused_with_their_line(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t line;
	} bad[] = {
		{"msgid \"a\nmsgstr \"b\"\n",                                 1},
		{ "msgid \"a\"\nmsgstr \"\\q\"\n",                            2},
		{ "msgid \"a\"\nmsgid \"b\"\nmsgstr \"c\"\n",                 2},
		{ "msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"\n", 5},
		{ "hello\n",						  1},
		{ "\"alone\"\n",					      1},
		{ "msgid \"a\" x\n",					  1},
	};
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct po po;
		struct po_error error;
		assert_false(reads(&po, bad[i].text, &error));
		assert_true(error.why[0]);
		assert_int_equal(error.line, bad[i].line);
		po_free(&po);
	}
}

static void names_must_be_the_same(void **state)
{
	(void)state;
	assert_true(po_same_names("{a} of {b}", "{b}: {a}"));
	assert_false(po_same_names("{a}", "a"));
	assert_false(po_same_names("a", "{a}"));
	assert_true(po_same_names("a", "b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_read_whole),
		cmocka_unit_test(mistakes_are_refused_with_their_line),
		cmocka_unit_test(names_must_be_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
