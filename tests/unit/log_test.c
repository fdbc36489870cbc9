/* Whoever reads the log's lines gets the values that went in. */
#include "test.h"
#include "base/log.h"
#include <unistd.h>

static char said[8192];
static const char *at;

/* What is logged goes to SAID until heard(). */
static int begun[2], before;

static void listen_to_log(bool json)
{
	assert_int_equal(pipe(begun), 0);
	before = dup(STDERR_FILENO);
	dup2(begun[1], STDERR_FILENO);
	close(begun[1]);
	log_shape(LOG_INFO, json);
}

static void heard(void)
{
	dup2(before, STDERR_FILENO);
	close(before);
	ssize_t n = read(begun[0], said, sizeof said - 1);
	close(begun[0]);
	assert_true(n > 0 && said[n - 1] == '\n');
	said[n - 1] = 0;
	assert_null(strchr(said, '\n'));
	at = said;
}

static unsigned hex(char ch)
{
	return ch <= '9' ? (unsigned)(ch - '0') : (unsigned)(ch - 'a' + 10);
}

/* The word or quoted text at AT, as a reader takes it. */
static void read_value(char to[4096], bool json)
{
	size_t n = 0;
	bool quoted = *at == '"';
	at += quoted;
	while (*at && (quoted ? *at != '"' : !strchr(json ? ",:}" : " =", *at))) {
		assert_false((unsigned char)*at < ' ');
		if (quoted && *at == '\\' && at[1] == 'u') {
			to[n++] = (char)(hex(at[4]) << 4 | hex(at[5]));
			at += 6;
		} else {
			at += quoted && *at == '\\';
			to[n++] = *at++;
		}
	}
	assert_int_equal(*at == '"', quoted);
	at += quoted;
	to[n] = 0;
}

/* The value of NAME in the line; NULL: the line has none. */
static const char *value_of(const char *name, bool json)
{
	static char one[4096], value[4096];
	at = said + json;
	while (*at && !(json && *at == '}')) {
		read_value(one, json);
		assert_int_equal(*at++, json ? ':' : '=');
		read_value(value, json);
		if (strcmp(one, name) == 0)
			return value;
		if (*at && !(json && *at == '}'))
			assert_int_equal(*at++, json ? ',' : ' ');
	}
	assert_int_equal(*at, json ? '}' : 0);
	return NULL;
}

static void values_come_back_as_they_were(void **state)
{
	(void)state;
	static const char *const values[] = { "two\nlines", "a \"quoted\" word", "back\\slash", "\x01\x02\x1b[31m\x7f",
		"a=b c=d", "", " ", "7", "007", "{\"a\":1}", "\r\n\t", "é tidak ASCII", "a,b:c}" };
	for (int json = 0; json < 2; json++)
		for (size_t i = 0; i < COUNT(values); i++) {
			listen_to_log(json);
			log_warn("tried", "count=%d why=\"%s\" route=%s", 3, values[i], "/cases");
			heard();
			assert_string_equal(value_of("why", json), values[i]);
			assert_string_equal(value_of("route", json), "/cases");
			assert_string_equal(value_of("count", json), "3");
			assert_string_equal(value_of("event", json), "tried");
			assert_null(value_of("detail", json));
		}
}

/* The mark that pairs are cut at is a byte that a value may have, too. */
static void a_value_with_the_mark_in_it_stays_within_one_value(void **state)
{
	(void)state;
	for (int json = 0; json < 2; json++) {
		listen_to_log(json);
		log_warn("tried", "why=\"%s\" route=/", "a\x1fstatus=200");
		heard();
		assert_null(value_of("status", json));
		assert_string_equal(value_of("event", json), "tried");
	}
}

/* Each byte of it takes six; so do those of what comes after it. */
static void a_line_without_room_is_whole(void **state)
{
	(void)state;
	char much[1800];
	memset(much, 1, sizeof much);
	much[sizeof much - 1] = 0;
	for (int json = 0; json < 2; json++)
		for (size_t n = 500; n < sizeof much; n += 7) {
			listen_to_log(json);
			log_warn("tried", "why=%s a=%s b=%s c=%s d=%s e=%s f=%s g=%s h=%s", much + sizeof much - n,
				"\x01", "\x01", "\x01", "\x01", "\x01", "\x01", "\x01", "\x01");
			heard();
			assert_true(strlen(said) < 4000);
			assert_null(value_of("none", json));
			assert_non_null(value_of("event", json));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_back_as_they_were),
		cmocka_unit_test(a_value_with_the_mark_in_it_stays_within_one_value),
		cmocka_unit_test(a_line_without_room_is_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
