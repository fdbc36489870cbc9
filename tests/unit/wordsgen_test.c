/* The generator of words as a program: each test writes its files into a folder of its own. */
#include "test.h"
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define HEADER "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\n"

static char folder[] = "/tmp/adem-words-XXXXXX";

static int enter_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
	(void)state;
	static const char *const names[] = { "a.c", "a.html", "id.po", "en.po", "out.c", "said" };
	for (size_t i = 0; i < COUNT(names); i++)
		unlink(names[i]);
	return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(name, "wb");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static const char *read_back(const char *name)
{
	static char text[1 << 16];
	FILE *f = fopen(name, "rb");
	assert_non_null(f);
	size_t n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = 0;
	return text;
}

/* The program's exit status; what it said is in the file "said". */
static int run(char *const argv[])
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (!freopen("said", "wb", stderr))
			_exit(90);
		execv(WORDSGEN, argv);
		_exit(91);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int make(void)
{
	return run((char *const[]){ "wordsgen", "id.po", "en.po", "out.c", "a.c", "a.html", NULL });
}

static int update(void)
{
	return run((char *const[]){ "wordsgen", "--update", "id.po", "en.po", "a.c", "a.html", NULL });
}

static void assert_said(const char *piece)
{
	const char *said = read_back("said");
	if (!strstr(said, piece))
		print_message("# said: %s\n", said);
	assert_non_null(strstr(said, piece));
}

static void texts_become_sorted_tables(void **state)
{
	(void)state;
	write_file("a.c", "x(N_(\"Beta\"));\nreturn REFUSE(c, ERR_X,\n\t\"Alpha \"\n\t\"two\");\n");
	write_file("a.html", "{{word \"Why?\"}}{{ plural \"{n} cat\" \"{n} cats\", k, n=t}}");
	write_file("id.po", HEADER "msgid \"Beta\"\nmsgstr \"B\"\n\nmsgid \"Why?\"\nmsgstr \"Kenapa?\"\n\n"
				   "msgid \"{n} cat\"\nmsgid_plural \"{n} cats\"\nmsgstr[0] \"{n} kucing\"\n\n"
				   "msgid \"Alpha two\"\nmsgstr \"Alfa \"\n\"dua\"\n");
	write_file("en.po", HEADER "msgid \"Beta\"\nmsgstr \"Beta\"\n\nmsgid \"Alpha two\"\nmsgstr \"Alpha 2\"\n");
	assert_int_equal(make(), 0);
	const char *out = read_back("out.c");
	const char *alpha = strstr(out, "{ \"Alpha two\", \"Alfa dua\", NULL }");
	const char *beta = strstr(out, "{ \"Beta\", \"B\", NULL }");
	const char *cat = strstr(out, "{ \"{n} cat\", \"{n} kucing\", NULL }");
	assert_true(alpha && beta && cat);
	assert_true(alpha < beta && beta < cat);
	assert_non_null(strstr(out, "\"Kenapa\\?\""));
	assert_non_null(strstr(out, "words_id_count = 4;"));
	assert_non_null(strstr(out, "{ \"Alpha two\", \"Alpha 2\", NULL }"));
	assert_non_null(strstr(out, "words_en_count = 1;"));
}

static void a_used_text_needs_indonesian(void **state)
{
	(void)state;
	static const char *const without[] = {
		HEADER,
		HEADER "msgid \"Beta\"\nmsgstr \"\"\n",
		HEADER "#, fuzzy\nmsgid \"Beta\"\nmsgstr \"B\"\n",
	};
	write_file("a.c", "\nx(N_(\"Beta\"));\n");
	write_file("a.html", "-");
	write_file("en.po", HEADER);
	for (size_t i = 0; i < COUNT(without); i++) {
		write_file("id.po", without[i]);
		assert_int_equal(make(), 1);
		assert_said("a.c:2: error: no Indonesian");
		assert_said("\"Beta\"");
	}
}

static void names_are_the_same_in_every_language(void **state)
{
	(void)state;
	write_file("a.c", "-");
	write_file("a.html", "\n\n{{plural \"One cat\" \"{n} cats\", k, n=t}}");
	write_file("en.po", HEADER);
	write_file("id.po", HEADER "msgid \"One cat\"\nmsgid_plural \"{n} cats\"\nmsgstr[0] \"kucing\"\n");
	assert_int_equal(make(), 1);
	assert_said("a.html:3: error: other {names} in the Indonesian: \"One cat\"");
	write_file("id.po", HEADER "msgid \"One cat\"\nmsgid_plural \"{n} cats\"\nmsgstr[0] \"{n} kucing\"\n");
	assert_int_equal(make(), 0);
	write_file("en.po",
		HEADER "msgid \"One cat\"\nmsgid_plural \"{n} cats\"\nmsgstr[0] \"A cat\"\nmsgstr[1] \"{m} cats\"\n");
	assert_int_equal(make(), 1);
	assert_said("a.html:3: error: other {names} in the English: \"One cat\"");
}

static void files_that_are_wrong_are_told_with_their_line(void **state)
{
	(void)state;
	write_file("a.c", "-");
	write_file("a.html", "-");
	write_file("en.po", HEADER);
	write_file("id.po", HEADER "msgid \"Beta\nmsgstr \"B\"\n");
	assert_int_equal(make(), 1);
	assert_said("id.po:4: error: ");
	write_file("id.po", "msgid \"Beta\"\nmsgstr \"B\"\n");
	assert_int_equal(make(), 1);
	assert_said("id.po:1: error: no header");
	write_file("id.po", HEADER);
	write_file("a.c", "\n\nx(N_(\"\\xC3\"));\n");
	assert_int_equal(make(), 1);
	assert_said("a.c:3: error: ");
}

static void updating_adds_drops_sorts_and_keeps(void **state)
{
	(void)state;
	write_file("a.c", "x(N_(\"New\")); x(N_(\"Kept \\\"so\\\"\"));");
	write_file("a.html", "{{plural \"{n} cat\" \"{n} cats\", k, n=t}}");
	write_file("id.po", HEADER "msgid \"Old\"\nmsgstr \"Lama\"\n\nmsgid \"Kept \\\"so\\\"\"\nmsgstr \"Tetap\"\n");
	write_file("en.po", HEADER);
	assert_int_equal(update(), 0);
	assert_string_equal(read_back("id.po"), "msgid \"\"\nmsgstr \"\"\n"
						"\"Content-Type: text/plain; charset=UTF-8\\n\"\n\n"
						"msgid \"Kept \\\"so\\\"\"\nmsgstr \"Tetap\"\n\n"
						"msgid \"New\"\nmsgstr \"\"\n\n"
						"msgid \"{n} cat\"\nmsgid_plural \"{n} cats\"\nmsgstr[0] \"\"\n");
	assert_non_null(strstr(read_back("en.po"), "msgid \"New\"\nmsgstr \"New\"\n"));
	assert_non_null(strstr(read_back("en.po"), "msgstr[0] \"{n} cat\"\nmsgstr[1] \"{n} cats\"\n"));
	char *once = strdup(read_back("en.po"));
	assert_non_null(once);
	assert_int_equal(update(), 0);
	assert_string_equal(read_back("en.po"), once);
	free(once);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_become_sorted_tables),
		cmocka_unit_test(a_used_text_needs_indonesian),
		cmocka_unit_test(names_are_the_same_in_every_language),
		cmocka_unit_test(files_that_are_wrong_are_told_with_their_line),
		cmocka_unit_test(updating_adds_drops_sorts_and_keeps),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
