/* The estimate of passwords: what it is worth is what zxcvbn says; here are the limits it is asked within. */
#include "vault/strength.h"
#include "test.h"

static struct arena *mem;

static struct strength of(const char *password, const struct str *words, size_t words_count)
{
	return vault_strength(mem, str_of(password), words, words_count);
}

static int set_up(void **state)
{
	(void)state;
	mem = arena_new(4096);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(mem);
	return 0;
}

static void words_that_are_known_are_guessed_first(void **state)
{
	const struct str known[] = { S("kuda"), S("wulandari") };
	(void)state;
	assert_true(of("kuda-wulandari", known, COUNT(known)).bits < 30);
	assert_true(of("KUDA-Wulandari", known, COUNT(known)).bits < 33);
	assert_true(of("kuda-wulandari", NULL, 0).bits > 40);
	assert_true(of("wulandari", known, COUNT(known)).bits > of("kuda", known, COUNT(known)).bits);
}

static void short_words_are_passed_over(void **state)
{
	const struct str known[] = { S(""), S("x"), S("nq") };
	(void)state;
	assert_true(of("xnqxnqzkv", known, COUNT(known)).bits == of("xnqxnqzkv", NULL, 0).bits);
}

static void patterns_are_named(void **state)
{
	(void)state;
	assert_true(of("aaaaaaaaaaaa", NULL, 0).pattern);
	assert_true(of("abcdefghijkl", NULL, 0).pattern);
	assert_true(of("vrooqnixzkwu", NULL, 0).bits > 40);
	assert_false(of("vrooqnixzkwu", NULL, 0).pattern);
	assert_false(of("", NULL, 0).pattern);
	assert_true(of("", NULL, 0).bits == 0);
}

/* What stands behind the limit changes nothing, so that no text is long enough to keep a worker. */
static void length_is_bounded(void **state)
{
	char longest[1024], cut[STRENGTH_BYTES_MAX + 1];
	(void)state;
	for (size_t i = 0; i < sizeof longest; i++)
		longest[i] = (char)('a' + i * i % 23);
	memcpy(cut, longest, STRENGTH_BYTES_MAX);
	cut[STRENGTH_BYTES_MAX] = 0;
	struct strength all = vault_strength(mem, (struct str){ longest, sizeof longest }, NULL, 0);
	assert_true(all.bits == of(cut, NULL, 0).bits);
}

static void words_are_bounded(void **state)
{
	struct str known[STRENGTH_WORDS_MAX + 1];
	(void)state;
	for (size_t i = 0; i < COUNT(known); i++)
		known[i] = S("qqzzv");
	known[STRENGTH_WORDS_MAX] = S("wulandari");
	double beyond = of("wulandari", known, COUNT(known)).bits;
	known[STRENGTH_WORDS_MAX - 1] = S("wulandari");
	assert_true(of("wulandari", known, COUNT(known)).bits < beyond);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(words_that_are_known_are_guessed_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(short_words_are_passed_over, set_up, tear_down),
		cmocka_unit_test_setup_teardown(patterns_are_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(length_is_bounded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(words_are_bounded, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
