#include "os/supervisor.h"
#include "base/clock.h"
#include "base/log.h"
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BACKLOG = 4096 };

static const int64_t GRACE_MS = 7000, SHORT_LIFE_MS = 10 * SECOND_MS, PAUSE_MS = SECOND_MS,
		     PAUSE_MS_MAX = 30 * SECOND_MS, START_MS = 60 * SECOND_MS, DYING_MS = 30 * SECOND_MS,
		     OVERSLEPT_MS = 5 * SECOND_MS, STOPPED_MS = 2 * SECOND_MS;

volatile sig_atomic_t supervisor_stop;

struct running {
	pid_t pid; /* 0: not running */
	int64_t started_ms, pause_ms, again_ms;
	int64_t stopped_ms; /* since when, by a signal; 0: it is not */
};

static struct {
	int fd;
	bool (*lost)(void);
} watch = { .fd = -1 };
static bool hopeless;
static sigset_t inherited; /* what was blocked before the supervisor began to wait by itself */

static void on_stop(int signal)
{
	(void)signal;
	supervisor_stop = 1;
}

static void on_child(int signal)
{
	(void)signal; /* only ends ppoll() early: one has died, was stopped or goes on */
}

static void handle(int signal, void (*fn)(int))
{
	struct sigaction a = { .sa_handler = fn };
	sigemptyset(&a.sa_mask);
	sigaction(signal, &a, NULL);
}

static void block(int signal)
{
	sigset_t one;
	sigemptyset(&one);
	sigaddset(&one, signal);
	sigprocmask(SIG_BLOCK, &one, NULL);
}

void supervisor_watch(int fd, bool (*lost)(void))
{
	watch.fd = fd;
	watch.lost = lost;
}

/* Something has happened at what is watched: empties it and asks what that means. */
static void look_at_watched(void)
{
	char events[4096];
	while (read(watch.fd, events, sizeof events) > 0) {}
	hopeless = hopeless || watch.lost();
}

/* Waits for FD (-1: none), a signal, what is watched, or until UNTIL_MS (0: for ever). Signals come here and nowhere else, so
 * none is missed between looking and waiting. True: FD is readable. */
static bool wait_until(int fd, int64_t until_ms)
{
	struct pollfd p[] = {
		{.fd = fd,        .events = POLLIN},
		{ .fd = watch.fd, .events = POLLIN},
	};
	int64_t left_ms = until_ms - clock_monotonic_ms();
	left_ms = left_ms > 0 ? left_ms : 0;
	struct timespec left = { .tv_sec = left_ms / SECOND_MS, .tv_nsec = left_ms % SECOND_MS * 1000000 };
	if (ppoll(p, COUNT(p), until_ms ? &left : NULL, &inherited) <= 0)
		return false;
	if (p[1].revents & POLLIN)
		look_at_watched();
	return p[0].revents != 0;
}

void supervisor_heed_signals(void)
{
	handle(SIGTERM, on_stop);
	handle(SIGINT, on_stop);
	handle(SIGHUP, on_stop); /* its terminal is gone */
	handle(SIGUSR1, SIG_IGN);
	handle(SIGUSR2, SIG_IGN); /* there is nothing to tell by these; without this they would end it */
	handle(SIGPIPE, SIG_IGN);
	block(SIGTERM);
	block(SIGINT);
	block(SIGHUP);
}

/* "HOST:PORT" into its parts; brackets of IPv6 go. */
static bool cut_address(const char *host_port, char *host, size_t host_size, char *port, size_t port_size)
{
	const char *colon = strrchr(host_port, ':');
	if (!colon)
		return false;
	struct str h = { host_port, (size_t)(colon - host_port) };
	if (h.n >= 2 && h.p[0] == '[' && h.p[h.n - 1] == ']')
		h = (struct str){ h.p + 1, h.n - 2 };
	int64_t number;
	if (h.n == 0 || h.n >= host_size || !str_to_i64(str_of(colon + 1), 0, 65535, &number))
		return false;
	memcpy(host, h.p, h.n);
	host[h.n] = 0;
	snprintf(port, port_size, "%" PRId64, number);
	return true;
}

bool supervisor_address(struct str host_port)
{
	char copy[128], host[100], port[8];
	if (host_port.n >= sizeof copy)
		return false;
	snprintf(copy, sizeof copy, "%.*s", STR_ARG(host_port));
	return cut_address(copy, host, sizeof host, port, sizeof port);
}

static int listen_on(const struct addrinfo *a)
{
	int one = 1;
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	int why = errno;
	close(fd);
	errno = why;
	return -1;
}

int supervisor_listen(const char *host_port, char *where, size_t where_size)
{
	char host[100], port[8];
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV }, *found = NULL;
	if (!cut_address(host_port, host, sizeof host, port, sizeof port) ||
		getaddrinfo(host, port, &hints, &found) != 0) {
		log_error("bad_address", "listen=\"%s\" expected=HOST:PORT", host_port);
		return -1;
	}
	int fd = listen_on(found);
	bool six = found->ai_family == AF_INET6;
	freeaddrinfo(found);
	if (fd < 0) {
		log_error("cannot_listen", "listen=\"%s\" why=\"%s\"", host_port, strerror(errno));
		return -1;
	}
	struct sockaddr_storage got;
	socklen_t got_size = sizeof got;
	if (getsockname(fd, (struct sockaddr *)&got, &got_size) != 0 ||
		getnameinfo((struct sockaddr *)&got, got_size, NULL, 0, port, sizeof port, NI_NUMERICSERV) != 0)
		log_warn("port_unknown", "");
	snprintf(where, where_size, six ? "[%s]:%s" : "%s:%s", host, port);
	return fd;
}

/* Tells systemd WHAT, where it listens. FLAGS as for send(). */
static void notify(const char *what, int flags)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	if (!path || strlen(path) >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(to.sun_path, path, strlen(path) + 1);
	if (path[0] == '@')
		to.sun_path[0] = 0;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
	if (fd < 0 || sendto(fd, what, strlen(what), flags | MSG_NOSIGNAL, (struct sockaddr *)&to, size) < 0)
		log_warn("systemd_unheard", "why=\"%s\"", strerror(errno));
	if (fd >= 0)
		close(fd);
}

void supervisor_notify_ready(void)
{
	notify("READY=1", 0);
}

/* How often systemd is to hear that the supervisor is alive, twice as often as it asks for; 0: it does not ask. */
static int64_t watchdog_ms(void)
{
	const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	int64_t wanted_us, whose;
	if (!us || !str_to_i64(str_of(us), 1, INT64_MAX, &wanted_us))
		return 0;
	if (pid && (!str_to_i64(str_of(pid), 1, INT32_MAX, &whose) || whose != getpid()))
		return 0;
	int64_t ms = wanted_us / 2000;
	return ms > 0 ? ms : 1;
}

/* Tells that where it is asked for and time to, at *NEXT_MS (0: never). */
static void say_alive(int64_t every_ms, int64_t *next_ms)
{
	int64_t now = clock_monotonic_ms();
	if (!*next_ms || now < *next_ms)
		return;
	notify("WATCHDOG=1", MSG_DONTWAIT);
	*next_ms = now + every_ms;
}

/* Of two moments, each 0 when it never comes. */
static int64_t earlier(int64_t a, int64_t b)
{
	return a && (!b || a < b) ? a : b;
}

static void start(const struct child *what, struct running *r, pid_t parent)
{
	r->started_ms = clock_monotonic_ms();
	if (what->alive_until_ms)
		__atomic_store_n(what->alive_until_ms, r->started_ms + START_MS, __ATOMIC_RELAXED);
	r->pid = fork();
	if (r->pid < 0) {
		log_error("cannot_fork", "name=%s why=\"%s\"", what->name, strerror(errno));
		r->pid = 0;
		r->again_ms = r->started_ms + PAUSE_MS;
		return;
	}
	if (r->pid > 0)
		return;
	/* To be told to end comes only where the child waits, with ppoll(): never between looking at supervisor_stop and waiting,
	 * never into the middle of something. Ctrl-C reaches all processes of a terminal; only the supervisor heeds it. */
	handle(SIGINT, SIG_IGN);
	handle(SIGHUP, SIG_IGN);
	handle(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &inherited, NULL);
	block(SIGTERM);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(0);
	prctl(PR_SET_NAME, what->name);
	log_process(what->name);
	_exit(what->run(what->arg, what->number));
}

static void mourn(const struct child *what, struct running *r, int status)
{
	int64_t now = clock_monotonic_ms();
	bool short_life = now - r->started_ms < SHORT_LIFE_MS;
	r->pid = 0;
	r->stopped_ms = 0;
	r->pause_ms = !short_life ? 0 : r->pause_ms ? r->pause_ms * 2 : PAUSE_MS;
	r->pause_ms = r->pause_ms < PAUSE_MS_MAX ? r->pause_ms : PAUSE_MS_MAX;
	r->again_ms = now + r->pause_ms;
	if (supervisor_stop)
		return;
	if (WIFSIGNALED(status))
		log_error(
			"child_died", "name=%s signal=%d again_ms=%" PRId64, what->name, WTERMSIG(status), r->pause_ms);
	else
		log_error("child_ended", "name=%s status=%d again_ms=%" PRId64, what->name, WEXITSTATUS(status),
			r->pause_ms);
	hopeless = hopeless || (WIFEXITED(status) && WEXITSTATUS(status) == SUPERVISOR_HOPELESS);
}

static void hear(const struct child *what, struct running *r, int status)
{
	if (WIFSTOPPED(status))
		r->stopped_ms = clock_monotonic_ms();
	else if (WIFCONTINUED(status))
		r->stopped_ms = 0;
	else
		mourn(what, r, status);
}

/* Collects the dead, and hears who was stopped or goes on. */
static void collect(const struct child *children, struct running *running, size_t count)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0)
		for (size_t i = 0; i < count; i++)
			if (running[i].pid == pid)
				hear(&children[i], &running[i], status);
}

/* Until when a child may be silent; INT64_MAX: for ever. One that was stopped does nothing, and keeps from the others whatever
 * it has at the moment, such as the lock of all who write: what it last said of itself counts no more. */
static int64_t alive_until_ms(const struct child *what, const struct running *r)
{
	int64_t until_ms = what->alive_until_ms ? __atomic_load_n(what->alive_until_ms, __ATOMIC_RELAXED) : INT64_MAX;
	return r->stopped_ms && r->stopped_ms + STOPPED_MS < until_ms ? r->stopped_ms + STOPPED_MS : until_ms;
}

/* When there is something to do that no signal tells: a child to be started again, or to be found late; 0: never. */
static int64_t next_look_ms(const struct child *children, const struct running *running, size_t count)
{
	int64_t next = INT64_MAX;
	for (size_t i = 0; i < count; i++) {
		int64_t at = running[i].pid == 0 ? running[i].again_ms : alive_until_ms(&children[i], &running[i]);
		next = at < next ? at : next;
	}
	return next == INT64_MAX ? 0 : next + 1;
}

static void kill_late(const struct child *children, struct running *running, size_t count)
{
	int64_t now = clock_monotonic_ms();
	for (size_t i = 0; i < count; i++) {
		int64_t late_ms = now - alive_until_ms(&children[i], &running[i]);
		if (running[i].pid == 0 || late_ms <= 0)
			continue;
		log_error("child_hangs", "name=%s late_ms=%" PRId64 " why=\"%s\"", children[i].name, late_ms,
			running[i].stopped_ms ? "it was stopped by a signal" : "it no longer says that it works");
		kill(running[i].pid, SIGKILL);
		/* It is gone in a moment; one that the kernel holds (a disk that hangs) is said again now and then. */
		running[i].stopped_ms = 0;
		if (children[i].alive_until_ms)
			__atomic_store_n(children[i].alive_until_ms, now + DYING_MS, __ATOMIC_RELAXED);
	}
}

/* The supervisor has overslept: it was stopped, and its children with it (Ctrl-Z, a frozen container). They get time to say that
 * they are alive. */
static void forgive(const struct child *children, struct running *running, size_t count)
{
	int64_t now_ms = clock_monotonic_ms(), until_ms = now_ms + DYING_MS;
	for (size_t i = 0; i < count; i++) {
		if (running[i].stopped_ms)
			running[i].stopped_ms = now_ms;
		if (running[i].pid > 0 && children[i].alive_until_ms &&
			__atomic_load_n(children[i].alive_until_ms, __ATOMIC_RELAXED) < until_ms)
			__atomic_store_n(children[i].alive_until_ms, until_ms, __ATOMIC_RELAXED);
	}
}

/* A child that dies at once is not started again at once. */
static void restart(const struct child *children, struct running *running, size_t count, pid_t parent)
{
	int64_t now = clock_monotonic_ms();
	for (size_t i = 0; i < count; i++)
		if (running[i].pid == 0 && now >= running[i].again_ms)
			start(&children[i], &running[i], parent);
}

static size_t alive(const struct child *children, const struct running *running, size_t count, bool last)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		n += running[i].pid > 0 && children[i].last == last;
	return n;
}

static void tell(const struct child *children, const struct running *running, size_t count, bool last, int signal)
{
	for (size_t i = 0; i < count; i++)
		if (running[i].pid > 0 && children[i].last == last)
			kill(running[i].pid, signal);
}

static void stop_all(const struct child *children, struct running *running, size_t count)
{
	int64_t until = clock_monotonic_ms() + GRACE_MS;
	for (int last = 0; last < 2; last++) {
		tell(children, running, count, last, SIGTERM);
		while (alive(children, running, count, last) > 0 && clock_monotonic_ms() < until) {
			wait_until(-1, until);
			collect(children, running, count);
		}
		if (alive(children, running, count, last) == 0)
			continue;
		log_warn("children_killed", "count=%zu", alive(children, running, count, last));
		tell(children, running, count, last, SIGKILL);
	}
	while (wait(NULL) > 0) {}
}

int supervisor_run(const struct child *children, size_t count, int ready_fd, size_t ready_count, void (*ready)(void))
{
	struct running running[CHILDREN_MAX] = { 0 };
	pid_t parent = getpid();
	assert(count <= CHILDREN_MAX);
	handle(SIGTERM, on_stop);
	handle(SIGINT, on_stop);
	handle(SIGHUP, on_stop); /* its terminal is gone */
	handle(SIGUSR1, SIG_IGN);
	handle(SIGUSR2, SIG_IGN); /* there is nothing to tell by these; without this they would end it */
	handle(SIGCHLD, on_child);
	handle(SIGPIPE, SIG_IGN);
	static const int heeded[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
	sigprocmask(SIG_BLOCK, NULL, &inherited);
	for (size_t i = 0; i < COUNT(heeded); i++) {
		block(heeded[i]);
		sigdelset(&inherited, heeded[i]); /* whoever started the program may have blocked them */
	}
	for (size_t i = 0; i < count; i++)
		start(&children[i], &running[i], parent);
	int64_t every_ms = watchdog_ms(), alive_ms = every_ms ? clock_monotonic_ms() : 0;
	while (!supervisor_stop) {
		char bytes[CHILDREN_MAX];
		say_alive(every_ms, &alive_ms);
		int64_t look_ms = next_look_ms(children, running, count), before_ms = clock_monotonic_ms();
		if (wait_until(ready_count ? ready_fd : -1, earlier(look_ms, alive_ms))) {
			ssize_t n = read(ready_fd, bytes, ready_count);
			ready_count -= n > 0 ? (size_t)n : 0;
			if (ready_count == 0)
				ready();
		}
		collect(children, running, count);
		if (hopeless)
			break;
		before_ms = before_ms > look_ms ? before_ms : look_ms;
		if (look_ms && clock_monotonic_ms() > before_ms + OVERSLEPT_MS)
			forgive(children, running, count);
		kill_late(children, running, count);
		if (!supervisor_stop)
			restart(children, running, count, parent);
	}
	stop_all(children, running, count);
	return hopeless ? 1 : 0;
}
