/* A worker of the real program, on a data directory that "adem migrate" made, after its sandbox has closed: it tries to reach
 * the pepper and the configuration by every way there is, to reach other processes, and to be read by them. */
#include "app/command.h"
#include "app/confine.h"
#include "testdb.h"
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static char data[] = "/tmp/adem-test-XXXXXX";

enum { REFUSED = 40, NOT_CONFINED = 41 };

static const char *in_data(const char *name)
{
	static char paths[4][200];
	static size_t next;
	char *path = paths[next++ % COUNT(paths)];
	snprintf(path, sizeof paths[0], "%s/%s", data, name);
	return path;
}

/* Becomes a worker as "adem serve" makes them; false when this kernel cannot confine files. */
static bool become(enum sandbox_kind kind)
{
	struct program p;
	int status;
	const char *words[] = { "serve", "--data", data, "--sandbox", "required", NULL };
	char *argv[COUNT(words)];
	for (size_t i = 0; i < COUNT(words); i++)
		argv[i] = words[i] ? strdup(words[i]) : NULL;
	const struct args args = { .name = "adem serve", .about = "", .settings = true };
	return program_begin(&p, &args, COUNT(words) - 1, argv, NULL, &status) &&
	       program_open(&p, NEEDS_VAULT | NEEDS_DB | NEEDS_SCHEMA) && confine(&p, kind);
}

static int try_as(enum sandbox_kind kind, bool (*attempt)(void))
{
	int status = -1;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (!become(kind))
			_exit(NOT_CONFINED);
		_exit(attempt() ? 0 : REFUSED);
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	return status;
}

static bool opens(const char *path, int how)
{
	return open(path, how | O_CLOEXEC, 0600) >= 0;
}

static bool write_beside_the_database(void)
{
	return opens(in_data("db/new"), O_RDWR | O_CREAT);
}

static bool read_pepper(void)
{
	return opens(in_data("pepper.key"), O_RDONLY);
}

static bool read_pepper_around_the_corner(void)
{
	return opens(in_data("db/../pepper.key"), O_RDONLY) || opens(in_data("db/trick"), O_RDONLY) ||
	       (chdir("/") == 0 && opens(in_data("pepper.key"), O_RDONLY));
}

static bool read_pepper_by_another_link(void)
{
	return opens("/proc/self/cwd/pepper.key", O_RDONLY) || opens("/proc/1/root/tmp", O_RDONLY);
}

static bool take_pepper(void)
{
	return rename(in_data("pepper.key"), in_data("db/pepper.key")) == 0;
}

static bool replace_pepper(void)
{
	return opens(in_data("pepper.key"), O_WRONLY | O_TRUNC) || unlink(in_data("pepper.key")) == 0 ||
	       rename(in_data("db/adem.db.lock"), in_data("pepper.key")) == 0;
}

static bool read_configuration(void)
{
	return opens(in_data("adem.conf"), O_RDONLY);
}

static bool write_configuration(void)
{
	return opens(in_data("adem.conf"), O_WRONLY | O_APPEND) || opens(in_data("adem.conf"), O_RDWR | O_CREAT) ||
	       rename(in_data("db/adem.db.lock"), in_data("adem.conf")) == 0;
}

static bool replace_folder(void)
{
	return rename(in_data("db"), in_data("other")) == 0;
}

static bool link_pepper(void)
{
	return link(in_data("pepper.key"), in_data("db/linked")) == 0;
}

static void neither_pepper_nor_configuration_is_in_reach(void **state)
{
	(void)state;
	static bool (*const tries[])(void) = { read_pepper, read_pepper_by_another_link, take_pepper, replace_pepper,
		read_configuration, write_configuration, replace_folder };
	static const enum sandbox_kind kinds[] = { SANDBOX_WEB, SANDBOX_WORK };
	for (size_t k = 0; k < COUNT(kinds); k++) {
		assert_int_equal(try_as(kinds[k], write_beside_the_database), 0);
		for (size_t i = 0; i < COUNT(tries); i++)
			assert_int_equal(try_as(kinds[k], tries[i]), REFUSED << 8);
		assert_int_equal(try_as(kinds[k], link_pepper), SIGSYS);
	}
	struct stat st;
	assert_int_equal(stat(in_data("pepper.key"), &st), 0);
	assert_int_equal(st.st_size, 32);
}

static bool follow_a_link(void)
{
	return opens(in_data("db/../pepper.key"), O_RDONLY) || opens(in_data("db/trick"), O_RDONLY);
}

static void a_link_or_a_way_round_does_not_lead_there(void **state)
{
	(void)state;
	assert_int_equal(symlink("../pepper.key", in_data("db/trick")), 0);
	assert_int_equal(try_as(SANDBOX_WEB, follow_a_link), REFUSED << 8);
	assert_int_equal(try_as(SANDBOX_WEB, read_pepper_around_the_corner), SIGSYS); /* chdir() is not on the list */
}

static bool signal_thread_of_parent(void)
{
	return syscall(SYS_tgkill, getppid(), getppid(), 0) == 0;
}

static bool signal_own_thread(void)
{
	return syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), 0) == 0;
}

static void only_its_own_threads_are_signalled(void **state)
{
	(void)state;
	for (enum sandbox_kind kind = SANDBOX_WEB; kind <= SANDBOX_HASHER; kind++) {
		assert_int_equal(try_as(kind, signal_thread_of_parent), SIGSYS);
		assert_int_equal(try_as(kind, signal_own_thread), 0);
	}
}

/* Whom the files of PID below /proc belong to: to the user it runs as, but to root when its memory is nobody's business. */
static uid_t owner_of(pid_t pid)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
	return stat(path, &st) == 0 ? st.st_uid : (uid_t)-1;
}

/* In a child that is not root: one of its own children is confined, one is not; whether only that one can be looked into. */
static int look_into(void)
{
	int up[2], down[2];
	uid_t seen[2];
	if (pipe(up) != 0 || (geteuid() == 0 && setuid(65534) != 0))
		return 1;
	prctl(PR_SET_DUMPABLE, 1);
	for (int confined = 0; confined < 2; confined++) {
		char byte = 0;
		struct sandbox none = { .kind = SANDBOX_HASHER };
		if (pipe(down) != 0)
			return 1;
		pid_t pid = fork();
		if (pid == 0) {
			if (confined && sandbox_enter(&none) == SANDBOX_NONE)
				_exit(1);
			bool good = write(up[1], "", 1) == 1 && read(down[0], &byte, 1) == 1;
			_exit(good ? 0 : 1);
		}
		if (pid < 0 || read(up[0], &byte, 1) != 1)
			return 1;
		seen[confined] = owner_of(pid);
		if (write(down[1], "", 1) != 1 || waitpid(pid, NULL, 0) != pid)
			return 1;
	}
	return seen[0] == geteuid() && seen[1] == 0 ? 0 : 2;
}

static void its_memory_cannot_be_read_by_its_own_user(void **state)
{
	(void)state;
	int status = -1;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(look_into());
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_int_equal(status, 0);
}

static bool nothing(void)
{
	return true;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static int make_data(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(data));
	char *argv[] = { strdup("migrate"), strdup("--data"), strdup(data), NULL };
	int out = dup(STDOUT_FILENO);
	assert_non_null(freopen("/dev/null", "w", stdout));
	assert_int_equal(migrate_command(3, argv), 0);
	fflush(stdout);
	assert_true(dup2(out, STDOUT_FILENO) == STDOUT_FILENO);
	int fd = open(in_data("adem.conf"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && write(fd, "workers = 1\n", 12) == 12);
	close(fd);
	assert_int_equal(chdir(data), 0);
	return 0;
}

static int remove_data(void **state)
{
	(void)state;
	return nftw(data, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neither_pepper_nor_configuration_is_in_reach),
		cmocka_unit_test(a_link_or_a_way_round_does_not_lead_there),
		cmocka_unit_test(only_its_own_threads_are_signalled),
		cmocka_unit_test(its_memory_cannot_be_read_by_its_own_user),
	};
	if (SANITIZED) {
		puts("1..0 # SKIP sanitizers need what the sandbox forbids");
		return 0;
	}
	make_data(NULL);
	int status = try_as(SANDBOX_WEB, nothing);
	if (status == NOT_CONFINED << 8) {
		puts("1..0 # SKIP this kernel has no Landlock: files are not confined");
		return remove_data(NULL);
	}
	return cmocka_run_group_tests(tests, NULL, remove_data);
}
