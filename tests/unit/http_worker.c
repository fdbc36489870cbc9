#include "base/clock.h"
#include "http/hasher.h"
#include "http/server.h"
#include "http_worker.h"
#include "http_little.h"
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_MAX = 1 << 17 };

struct little_worker w;

static volatile sig_atomic_t stop;

/* With AddressSanitizer: whether memory was lost. _exit() would not ask. */
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

static void on_stop(int signal)
{
	(void)signal;
	stop = 1;
}

static int listen_somewhere(int *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, size), 0);
	assert_int_equal(listen(fd, 128), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &size), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

static void wake_siblings(void)
{
	uint64_t one = 1;
	(void)!write(w.wake_fd, &one, sizeof one);
}

static void run_worker(struct testdb *t, int ready_fd)
{
	static struct router router;
	router = little_router();
	if (!networks_read(str_of(w.trust), &router.trusted))
		_exit(2);
	struct server_settings s = { .router = &router,
		.db = testdb_connect(t),
		.vault = w.vault,
		.listen_fd = w.listen_fd,
		.hasher_fd = w.hash_fds[0],
		.wake_fd = w.wake_fd,
		.wake_siblings = wake_siblings,
		.ready_fd = ready_fd,
		.live_render = little_render,
		.streams_max = w.streams_max ? w.streams_max : STREAMS_MAX,
		.slow_max = 4,
		.patience_ms = PATIENCE_MS,
		.waiting_max = WAITING_MAX,
		.stop = &stop };
	w.parents = t->c.db;
	t->c.db = s.db;
	if (db_listen(&t->c) != OK)
		_exit(2);
	bool good = server_run(&s);
	db_close(s.db);
	if (__lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check())
		_exit(3);
	_exit(good ? 0 : 1);
}

/* A child that does not outlive a test which failed, and knows how to end from its first moment on. */
static pid_t begin_child(void)
{
	sigset_t told;
	sigemptyset(&told);
	sigaddset(&told, SIGTERM);
	sigprocmask(SIG_BLOCK, &told, NULL); /* as under the supervisor: it comes where the child waits */
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid > 0)
		sigprocmask(SIG_UNBLOCK, &told, NULL);
	else
		signal(SIGTERM, on_stop);
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

static pid_t start_hasher(void)
{
	pid_t pid = begin_child();
	if (pid > 0)
		return pid;
	hasher_run(w.vault, &w.hash_fds[1], 1, &stop, NULL);
	_exit(0);
}

void start(void **state)
{
	struct testdb *t = *state;
	int ready[2];
	char byte, dir[] = "/tmp/adem-test-XXXXXX";
	assert_non_null(mkdtemp(dir));
	w.vault = little_vault(dir);
	w.listen_fd = listen_somewhere(&w.port);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, w.hash_fds), 0);
	assert_int_equal(pipe(ready), 0);
	w.wake_fd = eventfd(0, EFD_NONBLOCK);
	w.hasher = start_hasher();
	w.worker = begin_child();
	if (w.worker == 0)
		run_worker(t, ready[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	char file[100];
	snprintf(file, sizeof file, "%s/pepper.key", dir);
	unlink(file);
	rmdir(dir);
}

static void end_child(pid_t pid)
{
	int status = -1;
	kill(pid, SIGTERM);
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_int_equal(status, 0);
}

void finish(void)
{
	end_child(w.worker);
	end_child(w.hasher);
	close(w.listen_fd);
	close(w.hash_fds[0]);
	close(w.hash_fds[1]);
	close(w.wake_fd);
	vault_close(w.vault);
}

int dial(void)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)w.port)
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

const char *hear(int fd, const char *piece, size_t *bytes)
{
	static char text[TEXT_MAX];
	size_t n = 0;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	text[0] = 0;
	while (n < sizeof text - 1 && !(piece && strstr(text, piece)) && poll(&p, 1, WAIT_MS) > 0) {
		ssize_t got = recv(fd, text + n, sizeof text - 1 - n, 0);
		if (got <= 0)
			break;
		n += (size_t)got;
		text[n] = 0;
	}
	if (bytes)
		*bytes = n;
	return text;
}

const char *talk(const char *request)
{
	int fd = dial();
	say(fd, request);
	const char *text = hear(fd, NULL, NULL);
	close(fd);
	return text;
}

void assert_has(const char *text, const char *piece)
{
	assert_non_null(text);
	if (!strstr(text, piece))
		fail_msg("no \"%s\" in:\n%.600s", piece, text);
}
