/* What a child keeps open of what its parent had. */
#include "os/descriptors.h"
#include "test.h"
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* In a child: opens 40 and keeps those numbered in KEEP; whether exactly these are open then. */
static bool keeps(const int *keep, size_t count)
{
	enum { FIRST = 50, OPENED = 40 };
	int fds[OPENED];
	for (int i = 0; i < OPENED; i++)
		if (dup2(STDERR_FILENO, FIRST + i) != FIRST + i)
			return false;
	for (size_t i = 0; i < count; i++)
		fds[i] = FIRST + keep[i];
	descriptors_keep(fds, count);
	for (int i = 0; i < OPENED; i++) {
		bool wanted = false;
		for (size_t k = 0; k < count; k++)
			wanted = wanted || keep[k] == i;
		if (is_open(FIRST + i) != wanted)
			return false;
	}
	return is_open(STDIN_FILENO) && is_open(STDOUT_FILENO) && is_open(STDERR_FILENO);
}

static void only_what_is_named_stays_open(void **state)
{
	(void)state;
	static const struct {
		int keep[4];
		size_t count;
	} cases[] = {
		{{ 0 },            0},
		{ { 7 },           1},
		{ { 39, 0 },       2},
		{ { 12, 3, 4, 5 }, 4},
		{ { 5, 5, 38, 5 }, 4},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int status = -1;
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			_exit(keeps(cases[i].keep, cases[i].count) ? 0 : 1);
		assert_true(waitpid(pid, &status, 0) == pid);
		assert_int_equal(status, 0);
	}
}

static void none_and_standard_ones_are_passed_over(void **state)
{
	(void)state;
	int status = -1;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int own = dup(STDERR_FILENO);
		descriptors_keep((int[]){ -1, own, 1 }, 3);
		_exit(is_open(own) && is_open(STDOUT_FILENO) ? 0 : 1);
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_named_stays_open),
		cmocka_unit_test(none_and_standard_ones_are_passed_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
