/* Whoever reads the log's lines gets the values that went in. */
#include "test.h"
#include "base/log.h"
#include "base/outlet.h"
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
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

enum { PIPE, PIPE_OF_ANOTHER, SOCKET, OUTLETS };

/* In a process of its own, whose standard error is ENDS[1]: as a second pair of eyes, 0 when all is as it must be. */
static int fills(int kind, const int ends[2])
{
	static char heard_all[1 << 20];
	dup2(ends[1], STDERR_FILENO);
	if (kind == PIPE_OF_ANOTHER && setresuid(65534, 65534, 65534) != 0 && getuid() == 0)
		return 1;
	outlet_never_wait();
	if (fcntl(ends[1], F_GETFL) & O_NONBLOCK)
		return 2; /* others write to it as well */
	int64_t lines = 0, told = 0;
	do { /* would stay in here for ever, were it to wait */
		log_warn("tried", "number=%" PRId64, lines++);
		told = outlet_take_dropped();
		outlet_give_dropped(told);
	} while (told == 0);
	log_warn("tried", "number=%" PRId64, lines++);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	size_t n = 0;
	for (ssize_t more; (more = read(ends[0], heard_all + n, sizeof heard_all - 1 - n)) > 0;)
		n += (size_t)more;
	if (strstr(heard_all, "log_dropped"))
		return 3;
	log_catch_up();
	log_catch_up();
	ssize_t last = read(ends[0], heard_all, sizeof heard_all - 1);
	heard_all[last < 0 ? 0 : last] = 0;
	/* The word that did not fit is counted with the lines, and told once. */
	const char *word = strstr(heard_all, "event=log_dropped lines=2\n");
	return word && !strstr(word + 1, "event=") ? 0 : 4;
}

static void what_has_no_room_is_dropped_and_counted(void **state)
{
	(void)state;
	for (int kind = 0; kind < OUTLETS; kind++) {
		int ends[2], status;
		assert_int_equal(kind == SOCKET ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) : pipe(ends), 0);
		log_shape(LOG_INFO, false);
		pid_t child = fork();
		if (child == 0)
			_exit(fills(kind, ends));
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		close(ends[0]);
		close(ends[1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_back_as_they_were),
		cmocka_unit_test(a_value_with_the_mark_in_it_stays_within_one_value),
		cmocka_unit_test(a_line_without_room_is_whole),
		cmocka_unit_test(what_has_no_room_is_dropped_and_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
