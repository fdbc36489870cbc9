/* What a confined process can and cannot do. Each attempt is made by a child of its own. */
#include "os/sandbox.h"
#include "test.h"
#include "vault/password.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
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

static char dir[] = "/tmp/adem-test-XXXXXX";
static char file[100], other_file[100];
static struct vault *vault;
static int pair[2];
static bool has_landlock;

/* An attempt returns true when it could be made, false when it was refused. */
typedef bool (*attempt_fn)(void);

enum { WAS_DONE = 0, WAS_REFUSED = 40, NOT_CONFINED = 41 };

static const struct sandbox web = { .kind = SANDBOX_WEB, .dirs = { dir } };
static const struct sandbox web_with_network = { .kind = SANDBOX_WEB, .dirs = { dir }, .network = true };
static const struct sandbox hasher = { .kind = SANDBOX_HASHER };

/* The status of a child that confined itself and tried. */
static int try_in(const struct sandbox *what, attempt_fn attempt)
{
	int status = -1;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (sandbox_enter(what) == SANDBOX_NONE)
			_exit(NOT_CONFINED);
		_exit(attempt() ? WAS_DONE : WAS_REFUSED);
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	return status;
}

#define assert_done(what, attempt)    assert_int_equal(try_in(what, attempt), WAS_DONE << 8)
#define assert_refused(what, attempt) assert_int_equal(try_in(what, attempt), WAS_REFUSED << 8)
#define assert_killed(what, attempt)  assert_int_equal(try_in(what, attempt), SIGSYS)

static bool opens(const char *path, int how)
{
	int fd = open(path, how | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool read_passwords(void)
{
	return opens("/etc/passwd", O_RDONLY);
}

static bool read_hosts(void)
{
	return opens("/etc/hosts", O_RDONLY);
}

static bool write_elsewhere(void)
{
	return opens(other_file, O_WRONLY);
}

static bool work_in_dir(void)
{
	bool good = opens(file, O_RDWR | O_CREAT) && opens(dir, O_RDONLY | O_DIRECTORY);
	return good && unlink(file) == 0;
}

static bool make_dir(void)
{
	return mkdir(file, 0700) == 0;
}

static bool run_program(void)
{
	char *const none[] = { NULL };
	execve("/bin/true", none, none);
	return false;
}

static bool make_process(void)
{
	return fork() >= 0;
}

static bool make_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool make_raw_socket(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0) >= 0;
}

static bool listen_anew(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	return fd >= 0 && listen(fd, 1) == 0;
}

static bool signal_parent(void)
{
	return kill(getppid(), 0) == 0;
}

static bool trace_parent(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0;
}

static bool change_user(void)
{
	return setuid(65534) == 0;
}

static bool map(int protection)
{
	return mmap(NULL, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool map_code(void)
{
	return map(PROT_READ | PROT_EXEC);
}

static bool make_memory_code(void)
{
	static _Alignas(4096) char page[4096];
	return mprotect(page, sizeof page, PROT_READ | PROT_EXEC) == 0;
}

static bool map_memory(void)
{
	return map(PROT_READ | PROT_WRITE);
}

static bool give_up(void)
{
	abort();
}

static bool hash_and_answer(void)
{
	uint8_t key[VAULT_KEY_BYTES], salt[PASSWORD_SALT_BYTES] = { 0 };
	char asked;
	return recv(pair[0], &asked, 1, 0) == 1 &&
	       vault_password_key(vault, S("correct horse"), salt, PASSWORD_COST_NORMAL, key) &&
	       send(pair[0], key, sizeof key, MSG_NOSIGNAL) == (ssize_t)sizeof key;
}

/* A kernel without Landlock confines no files: then they are seen to be reached, so that nobody takes it for confined. */
static void files_exist_only_below_its_directories(void **state)
{
	(void)state;
	assert_done(&web, work_in_dir);
	int beyond = has_landlock ? WAS_REFUSED : WAS_DONE;
	assert_int_equal(try_in(&web, read_passwords), beyond << 8);
	assert_int_equal(try_in(&web, read_hosts), beyond << 8);
	assert_int_equal(try_in(&web, write_elsewhere), beyond << 8);
	assert_int_equal(try_in(&web_with_network, read_passwords), beyond << 8);
	assert_done(&web_with_network, read_hosts);
}

static void no_program_is_run_and_no_process_made(void **state)
{
	(void)state;
	assert_killed(&web, run_program);
	assert_killed(&web_with_network, run_program);
	assert_killed(&web, make_process);
	assert_killed(&hasher, run_program);
	assert_killed(&hasher, make_process);
}

static void nobody_connects_out_but_to_the_database(void **state)
{
	(void)state;
	assert_killed(&web, make_socket);
	assert_killed(&hasher, make_socket);
	assert_done(&web_with_network, make_socket);
	assert_killed(&web_with_network, make_raw_socket);
	assert_killed(&web_with_network, listen_anew);
}

static void others_are_left_alone(void **state)
{
	(void)state;
	assert_killed(&web, signal_parent);
	assert_killed(&web, trace_parent);
	assert_killed(&web, change_user);
	assert_killed(&web, make_dir);
}

static void memory_does_not_become_code(void **state)
{
	(void)state;
	assert_done(&web, map_memory);
	assert_refused(&web, map_code);
	assert_refused(&web, make_memory_code);
	assert_refused(&hasher, map_code);
}

static void a_hasher_only_hashes(void **state)
{
	(void)state;
	uint8_t key[VAULT_KEY_BYTES];
	assert_int_equal(send(pair[1], "?", 1, 0), 1);
	assert_done(&hasher, hash_and_answer);
	assert_int_equal(recv(pair[1], key, sizeof key, MSG_DONTWAIT), sizeof key);
	assert_killed(&hasher, read_hosts);
	assert_killed(&hasher, work_in_dir);
}

static void a_bug_still_ends_a_process_by_abort(void **state)
{
	(void)state;
	assert_int_equal(WTERMSIG(try_in(&web, give_up)), SIGABRT);
}

static bool nothing(void)
{
	return true;
}

static int begin(void **state)
{
	(void)state;
	const char *why;
	char pepper[100];
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof file, "%s/new", dir);
	snprintf(other_file, sizeof other_file, "%s.other", dir);
	snprintf(pepper, sizeof pepper, "%s/pepper", dir);
	assert_true(opens(other_file, O_WRONLY | O_CREAT));
	vault = vault_open(pepper, true, &why);
	assert_non_null(vault);
	unlink(pepper);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	int status = -1;
	pid_t pid = fork();
	if (pid == 0)
		_exit(sandbox_enter(&web) == SANDBOX_FULL ? 1 : 0);
	assert_true(waitpid(pid, &status, 0) == pid);
	has_landlock = status == 1 << 8;
	assert_int_equal(try_in(&web, nothing), 0);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	vault_close(vault);
	unlink(other_file);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_exist_only_below_its_directories),
		cmocka_unit_test(no_program_is_run_and_no_process_made),
		cmocka_unit_test(nobody_connects_out_but_to_the_database),
		cmocka_unit_test(others_are_left_alone),
		cmocka_unit_test(memory_does_not_become_code),
		cmocka_unit_test(a_hasher_only_hashes),
		cmocka_unit_test(a_bug_still_ends_a_process_by_abort),
	};
	if (SANITIZED) {
		puts("1..0 # SKIP sanitizers need what the sandbox forbids");
		return 0;
	}
	return cmocka_run_group_tests(tests, begin, finish);
}
