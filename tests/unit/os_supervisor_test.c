/* The supervisor: each test runs one in a process of its own and hears of it through a pipe. */
#include "os/supervisor.h"
#include "os/wake.h"
#include "test.h"
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAIT_MS = 10000 };

/* What children and supervisor report. */
struct word {
	char what; /* 'b' began, 'e' ended well, 'r' all are ready */
	size_t number;
	pid_t pid;
};

static int words[2], ready_fds[2];

static void report(char what, size_t number)
{
	struct word w = { what, number, getpid() };
	if (write(words[1], &w, sizeof w) != sizeof w)
		_exit(9);
}

static struct word next_word(void)
{
	struct word w = { 0 };
	struct pollfd p = { .fd = words[0], .events = POLLIN };
	assert_int_equal(poll(&p, 1, WAIT_MS), 1);
	assert_int_equal(read(words[0], &w, sizeof w), sizeof w);
	return w;
}

static int live_on(void *arg, size_t number)
{
	(void)arg;
	report('b', number);
	if (write(ready_fds[1], "", 1) != 1)
		return 9;
	sigset_t none;
	sigemptyset(&none);
	while (!supervisor_stop)
		ppoll(NULL, 0, NULL, &none); /* for ever, unless it is told to end */
	report('e', number);
	return 0;
}

static int end_hopeless(void *arg, size_t number)
{
	(void)arg, (void)number;
	return SUPERVISOR_HOPELESS;
}

static void on_ready(void)
{
	report('r', 0);
}

static pid_t supervise(const struct child *children, size_t count, size_t ready_count)
{
	assert_int_equal(pipe(words), 0);
	assert_int_equal(pipe(ready_fds), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		_exit(supervisor_run(children, count, ready_fds[0], ready_count, on_ready));
	}
	close(words[1]);
	return pid;
}

static int end_of(pid_t pid)
{
	int status = -1;
	assert_true(waitpid(pid, &status, 0) == pid);
	close(words[0]);
	close(ready_fds[0]);
	close(ready_fds[1]);
	return status;
}

static const struct child three[] = {
	{.name = "one",   .run = live_on, .number = 0},
	{	       .name = "two", .run = live_on,    .number = 1          },
	{ .name = "three",    .run = live_on,      .number = 2,           .last = true },
};

/* Pids by number, once all have begun and the supervisor has said so. */
static void await_all(pid_t pids[COUNT(three)])
{
	struct word w;
	for (size_t begun = 0; (w = next_word()).what != 'r';) {
		assert_int_equal(w.what, 'b');
		pids[w.number] = w.pid;
		assert_true(++begun <= COUNT(three));
	}
	for (size_t i = 0; i < COUNT(three); i++)
		assert_true(pids[i] > 0);
}

static void it_says_ready_when_all_are_and_ends_them_in_order(void **state)
{
	(void)state;
	pid_t pids[COUNT(three)] = { 0 };
	pid_t supervisor = supervise(three, COUNT(three), COUNT(three));
	await_all(pids);
	kill(supervisor, SIGTERM);
	size_t order[COUNT(three)];
	for (size_t i = 0; i < COUNT(three); i++) {
		struct word w = next_word();
		assert_int_equal(w.what, 'e');
		order[i] = w.number;
	}
	assert_int_equal(order[2], 2);
	assert_int_equal(order[0] + order[1], 1);
	assert_int_equal(end_of(supervisor), 0);
}

static void a_child_that_is_killed_is_started_again_and_others_go_on(void **state)
{
	(void)state;
	pid_t pids[COUNT(three)] = { 0 };
	pid_t supervisor = supervise(three, COUNT(three), COUNT(three));
	await_all(pids);
	for (int i = 0; i < 2; i++) {
		kill(pids[1], SIGKILL);
		struct word w = next_word();
		assert_int_equal(w.what, 'b');
		assert_int_equal(w.number, 1);
		assert_int_not_equal(w.pid, pids[1]);
		pids[1] = w.pid;
	}
	assert_int_equal(kill(pids[0], 0), 0);
	kill(supervisor, SIGINT);
	for (size_t i = 0; i < COUNT(three); i++)
		assert_int_equal(next_word().what, 'e');
	assert_int_equal(end_of(supervisor), 0);
}

static void await_stop(pid_t pid)
{
	char path[40], line[200];
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	for (bool stopped = false; !stopped;) {
		FILE *f = fopen(path, "r");
		assert_non_null(f);
		stopped = fgets(line, sizeof line, f) && strstr(line, ") T ");
		fclose(f);
	}
}

static void a_stopped_child_is_killed_and_one_that_goes_on_is_not(void **state)
{
	(void)state;
	pid_t pids[COUNT(three)] = { 0 };
	pid_t supervisor = supervise(three, COUNT(three), COUNT(three));
	await_all(pids);
	kill(pids[0], SIGSTOP);
	await_stop(pids[0]);
	kill(pids[2], SIGKILL);
	struct word w = next_word(); /* the supervisor has heard of both */
	assert_int_equal(w.number, 2);
	kill(pids[0], SIGCONT);
	kill(pids[1], SIGSTOP); /* its end comes later than the other's would have come */
	w = next_word();
	assert_int_equal(w.what, 'b');
	assert_int_equal(w.number, 1);
	assert_int_not_equal(w.pid, pids[1]);
	assert_int_equal(kill(pids[0], 0), 0);
	kill(supervisor, SIGTERM);
	for (size_t i = 0; i < COUNT(three); i++) {
		w = next_word();
		assert_int_equal(w.what, 'e');
		if (w.number == 0)
			assert_int_equal(w.pid, pids[0]);
	}
	assert_int_equal(end_of(supervisor), 0);
}

static int64_t *moment; /* shared */

/* Hangs as soon as it has begun, the first time. */
static int hang_once(void *arg, size_t number)
{
	bool *hung = arg;
	if (*hung)
		return live_on(NULL, number);
	*hung = true;
	__atomic_store_n(moment, 1, __ATOMIC_RELAXED);
	report('b', number);
	for (;;)
		pause();
}

static void a_watched_child_that_hangs_is_killed_and_started_again(void **state)
{
	(void)state;
	void *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	moment = shared;
	const struct child children[] = {
		{.name = "hangs",           .run = hang_once, .number = 0, .arg = moment + 1, .alive_until_ms = moment },
		{ .name = "other", .run = live_on,                .number = 1           },
	};
	pid_t supervisor = supervise(children, COUNT(children), COUNT(children)), pids[2] = { 0 };
	for (int i = 0; i < 2; i++) {
		struct word w = next_word();
		assert_int_equal(w.what, 'b');
		pids[w.number] = w.pid;
	}
	kill(pids[1], SIGKILL); /* the supervisor looks whenever anything happens */
	bool again[2] = { false, false };
	while (!again[0] || !again[1]) {
		struct word w = next_word();
		if (w.what == 'r')
			continue; /* the hung one counts only now */
		assert_int_equal(w.what, 'b');
		assert_int_not_equal(w.pid, pids[w.number]);
		again[w.number] = true;
	}
	assert_int_equal(kill(pids[0], 0), -1);
	kill(supervisor, SIGTERM);
	for (int ended = 0; ended < 2;)
		ended += next_word().what == 'e';
	assert_int_equal(end_of(supervisor), 0);
	munmap(shared, 4096);
}

static void children_end_with_their_parent_even_if_it_is_killed(void **state)
{
	(void)state;
	pid_t pids[COUNT(three)] = { 0 };
	pid_t supervisor = supervise(three, COUNT(three), COUNT(three));
	await_all(pids);
	kill(supervisor, SIGKILL);
	for (size_t i = 0; i < COUNT(three); i++)
		assert_int_equal(next_word().what, 'e');
	assert_int_equal(WTERMSIG(end_of(supervisor)), SIGKILL);
}

static void a_child_that_can_never_work_ends_the_program(void **state)
{
	(void)state;
	static const struct child children[] = {
		{.name = "good",  .run = live_on,      .number = 0},
		{ .name = "none", .run = end_hopeless, .number = 1},
	};
	pid_t supervisor = supervise(children, COUNT(children), COUNT(children));
	assert_int_equal(end_of(supervisor), 1 << 8);
}

static void it_listens_where_it_is_told(void **state)
{
	(void)state;
	char where[128], again[128];
	int fd = supervisor_listen("127.0.0.1:0", where, sizeof where);
	assert_true(fd >= 0);
	assert_true(str_starts(str_of(where), S("127.0.0.1:")));
	assert_string_not_equal(where, "127.0.0.1:0");
	assert_int_equal(supervisor_listen(where, again, sizeof again), -1);
	close(fd);
	fd = supervisor_listen(where, again, sizeof again);
	assert_true(fd >= 0);
	assert_string_equal(where, again);
	close(fd);
	fd = supervisor_listen("[::1]:0", where, sizeof where);
	if (fd >= 0)
		assert_true(str_starts(str_of(where), S("[::1]:")));
	else
		print_message("# no IPv6 here\n");
	close(fd);
	static const char *const bad[] = { "", "127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:65536", "127.0.0.1:x",
		"127.0.0.1:-1" };
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(supervisor_listen(bad[i], where, sizeof where), -1);
}

/* Where systemd would listen, and NOTIFY_SOCKET for it. */
static int be_systemd(char name[60])
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	snprintf(name, 60, "@adem-test-%d", (int)getpid());
	memcpy(a.sun_path + 1, name + 1, strlen(name) - 1);
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
	assert_int_equal(bind(fd, (struct sockaddr *)&a, size), 0);
	return fd;
}

static void hears(int fd, const char *what)
{
	char text[20] = "";
	struct pollfd p = { .fd = fd, .events = POLLIN };
	assert_int_equal(poll(&p, 1, WAIT_MS), 1);
	assert_int_equal(recv(fd, text, sizeof text - 1, 0), strlen(what));
	assert_string_equal(text, what);
}

static void systemd_hears_that_it_is_ready(void **state)
{
	(void)state;
	char text[20], name[60];
	int fd = be_systemd(name);
	supervisor_notify_ready(); /* nobody is named: nothing happens */
	assert_int_equal(recv(fd, text, sizeof text, MSG_DONTWAIT), -1);
	setenv("NOTIFY_SOCKET", name, 1);
	supervisor_notify_ready();
	hears(fd, "READY=1");
	unsetenv("NOTIFY_SOCKET");
	close(fd);
}

static void systemd_hears_again_and_again_that_the_supervisor_is_alive(void **state)
{
	(void)state;
	char text[20], name[60];
	pid_t pids[COUNT(three)] = { 0 };
	int fd = be_systemd(name);
	setenv("NOTIFY_SOCKET", name, 1);
	setenv("WATCHDOG_USEC", "20000", 1);
	pid_t supervisor = supervise(three, COUNT(three), COUNT(three));
	await_all(pids);
	for (int i = 0; i < 5; i++)
		hears(fd, "WATCHDOG=1");
	kill(supervisor, SIGSTOP);
	assert_int_equal(waitpid(supervisor, NULL, WUNTRACED), supervisor);
	while (recv(fd, text, sizeof text, MSG_DONTWAIT) > 0) {}
	struct pollfd p = { .fd = fd, .events = POLLIN };
	assert_int_equal(poll(&p, 1, 100), 0); /* one that hangs says nothing */
	kill(supervisor, SIGCONT);
	hears(fd, "WATCHDOG=1");
	kill(supervisor, SIGTERM);
	assert_int_equal(end_of(supervisor), 0);

	setenv("WATCHDOG_PID", "1", 1); /* it is another's life that is asked for */
	while (recv(fd, text, sizeof text, MSG_DONTWAIT) > 0) {}
	supervisor = supervise(three, COUNT(three), COUNT(three));
	await_all(pids);
	assert_int_equal(recv(fd, text, sizeof text, MSG_DONTWAIT), -1);
	kill(supervisor, SIGTERM);
	assert_int_equal(end_of(supervisor), 0);
	unsetenv("WATCHDOG_PID");
	unsetenv("WATCHDOG_USEC");
	unsetenv("NOTIFY_SOCKET");
	close(fd);
}

static void a_wake_up_reaches_all_and_never_blocks(void **state)
{
	(void)state;
	struct wake w;
	uint64_t count;
	assert_true(wake_new(&w, 3));
	for (int i = 0; i < 1000; i++)
		wake_all(&w);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(read(w.fds[i], &count, sizeof count), sizeof count);
		assert_int_equal(read(w.fds[i], &count, sizeof count), -1);
		close(w.fds[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_ready_when_all_are_and_ends_them_in_order),
		cmocka_unit_test(a_child_that_is_killed_is_started_again_and_others_go_on),
		cmocka_unit_test(a_stopped_child_is_killed_and_one_that_goes_on_is_not),
		cmocka_unit_test(a_watched_child_that_hangs_is_killed_and_started_again),
		cmocka_unit_test(children_end_with_their_parent_even_if_it_is_killed),
		cmocka_unit_test(a_child_that_can_never_work_ends_the_program),
		cmocka_unit_test(it_listens_where_it_is_told),
		cmocka_unit_test(systemd_hears_that_it_is_ready),
		cmocka_unit_test(systemd_hears_again_and_again_that_the_supervisor_is_alive),
		cmocka_unit_test(a_wake_up_reaches_all_and_never_blocks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
