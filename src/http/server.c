#include "http/exchange.h"
#include "http/hasher.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "vault/hash.h"
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	CONNECTION_BYTES = 12 * 1024, /* of MHD for headers and output, per connection */
	CONNECTIONS_MAX = 16384,
	IDLE_S = 20,
	SPARE_MAX = 64,
	FIRST_BLOCK_BYTES = 16 * 1024,
	DRAIN_MS = 5000,
};

static const int64_t FRESH_OVERLAP_MS = 500, LATE_OVERLAP_MS = 6000;

struct server {
	const struct server_settings *s;
	struct MHD_Daemon *daemon;
	struct live *live;
	struct exchange *waiting, *spare; /* for a hasher; to be used again */
	size_t waiting_count, spare_count;
	uint64_t slow_numbers;
	struct arena *pump_mem;
	int64_t late_ms; /* when the last thorough look at the events was */
};

static void *on_uri(void *closure, const char *uri, struct MHD_Connection *connection)
{
	struct server *sv = closure;
	struct exchange *x = sv->spare;
	if (x) {
		sv->spare = x->next;
		sv->spare_count--;
	} else {
		x = calloc(1, sizeof *x);
		if (!x)
			abort();
		x->mem = arena_new(FIRST_BLOCK_BYTES);
	}
	x->next = NULL;
	x->connection = connection;
	buf_init(&x->body, BODY_BYTES_MAX);
	x->target = arena_str(x->mem, str_of(uri));
	return x;
}

static void unlist(struct server *sv, struct exchange *x)
{
	for (struct exchange **at = &sv->waiting; *at; at = &(*at)->next) {
		if (*at != x)
			continue;
		*at = x->next;
		sv->waiting_count--;
		return;
	}
}

static void on_completed(
	void *closure, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
	(void)connection, (void)why;
	struct server *sv = closure;
	struct exchange *x = *state;
	if (!x)
		return;
	*state = NULL;
	unlist(sv, x);
	buf_free(&x->body);
	vault_wipe(&x->slow, sizeof x->slow);
	struct arena *mem = x->mem;
	arena_reset(mem);
	*x = (struct exchange){ .mem = mem };
	if (sv->spare_count < SPARE_MAX) {
		x->next = sv->spare;
		sv->spare = x;
		sv->spare_count++;
		return;
	}
	arena_free(mem);
	free(x);
}

/* Sends the last piece of work to a hasher; the connection sleeps until the answer is there. */
static bool send_slow(struct server *sv, struct exchange *x)
{
	struct hasher_packet p = { .number = ++sv->slow_numbers, .work = x->slow.work[x->slow.count - 1] };
	if (sv->waiting_count >= (size_t)sv->s->requests_max)
		return false;
	bool sent = send(sv->s->hasher_fd, &p, sizeof p, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)sizeof p;
	vault_wipe(&p, sizeof p);
	if (!sent)
		return false;
	x->slow_number = sv->slow_numbers;
	x->slow.wanted = false;
	x->next = sv->waiting;
	sv->waiting = x;
	sv->waiting_count++;
	x->suspended = true;
	MHD_suspend_connection(x->connection);
	return true;
}

/* A hasher cannot take more: the visitor is told so, and may try again. */
static void give_up_slow(struct exchange *x)
{
	x->slow.work[x->slow.count - 1].done = true;
	x->slow.work[x->slow.count - 1].failed = true;
	x->slow.wanted = false;
}

static void take_slow(struct server *sv)
{
	struct hasher_packet p;
	while (recv(sv->s->hasher_fd, &p, sizeof p, MSG_DONTWAIT) == (ssize_t)sizeof p) {
		struct exchange *x = sv->waiting;
		while (x && x->slow_number != p.number)
			x = x->next;
		if (!x)
			continue;
		struct slow_work *w = &x->slow.work[x->slow.count - 1];
		memcpy(w->key, p.work.key, sizeof w->key);
		w->failed = p.work.failed;
		w->done = true;
		vault_wipe(&p, sizeof p);
		unlist(sv, x);
		x->suspended = false;
		MHD_resume_connection(x->connection);
	}
}

static enum MHD_Result answer(struct server *sv, struct exchange *x, const char *method)
{
	if (!x->q.path.p && !exchange_read(x, method))
		return exchange_refuse(x->connection, 400, "This address cannot be read.\n");
	for (;;) {
		struct ctx c = { .mem = x->mem,
			.db = sv->s->db,
			.vault = sv->s->vault,
			.now_ms = clock_now_ms(),
			.slow = &x->slow };
		struct response r = { 0 };
		bool notified = false;
		html_init(&r.body, PAGE_BYTES_MAX, LANG_ID);
		enum err e = router_answer(sv->s->router, &c, &x->q, &r, &notified);
		if (notified && sv->s->wake_siblings)
			sv->s->wake_siblings();
		if (e == OK)
			return exchange_send(x, &r, c.session != NULL);
		assert(e == ERR_WAIT);
		html_free(&r.body);
		if (send_slow(sv, x))
			return MHD_YES;
		give_up_slow(x);
	}
}

static bool too_long(struct MHD_Connection *connection)
{
	const char *text = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
	int64_t n;
	return text && (!str_to_i64(str_of(text), 0, INT64_MAX, &n) || n > BODY_BYTES_MAX);
}

static enum MHD_Result on_request(void *closure, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *data, size_t *size, void **state)
{
	(void)url, (void)version;
	struct server *sv = closure;
	struct exchange *x = *state;
	if (!x)
		return MHD_NO;
	if (!x->started) {
		x->started = true;
		if (strcmp(method, "GET") != 0 && strcmp(method, "POST") != 0 && strcmp(method, "HEAD") != 0)
			return exchange_refuse(connection, 405, "Only GET, HEAD and POST are understood here.\n");
		if (too_long(connection))
			return exchange_refuse(connection, 413, "That is too much at once.\n");
		return MHD_YES;
	}
	if (*size > 0) {
		buf_put(&x->body, (struct str){ data, *size });
		*size = 0;
		return x->body.over ? MHD_NO : MHD_YES;
	}
	return answer(sv, x, method);
}

static size_t keep_raw(void *closure, struct MHD_Connection *connection, char *text)
{
	(void)closure, (void)connection;
	return strlen(text); /* addresses are decoded by us, once, and refused when they cannot be */
}

static bool start(struct server *sv)
{
	sv->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, sv,
		MHD_OPTION_LISTEN_SOCKET, sv->s->listen_fd, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)CONNECTION_BYTES, MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)4096,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_uri, sv, MHD_OPTION_NOTIFY_COMPLETED,
		on_completed, sv, MHD_OPTION_UNESCAPE_CALLBACK, keep_raw, NULL, MHD_OPTION_END);
	return sv->daemon != NULL;
}

static void pump(struct server *sv, int64_t overlap_ms)
{
	struct ctx c = { .mem = sv->pump_mem, .db = sv->s->db, .vault = sv->s->vault, .now_ms = clock_now_ms() };
	live_pump(sv->live, &c, overlap_ms);
	arena_reset(sv->pump_mem);
}

/* What other processes have to say: siblings through the eventfd, other hosts through the database. */
static void listen_around(struct server *sv, bool woken)
{
	struct ctx c = { .mem = sv->pump_mem, .db = sv->s->db, .now_ms = clock_now_ms() };
	int64_t now = clock_monotonic_ms();
	woken |= db_wake_drain(&c);
	arena_reset(sv->pump_mem);
	if (now - sv->late_ms >= SECOND_MS) {
		sv->late_ms = now;
		pump(sv, LATE_OVERLAP_MS);
		live_beat(sv->live, clock_now_ms());
	} else if (woken) {
		pump(sv, FRESH_OVERLAP_MS);
	}
}

static int wait_ms(struct server *sv)
{
	MHD_UNSIGNED_LONG_LONG ms;
	if (MHD_get_timeout(sv->daemon, &ms) == MHD_YES && ms < SECOND_MS)
		return (int)ms;
	return (int)SECOND_MS;
}

static void turn(struct server *sv, int epoll_fd)
{
	struct pollfd fds[] = {
		{.fd = epoll_fd,               .events = POLLIN},
		{ .fd = sv->s->wake_fd,        .events = POLLIN},
		{ .fd = sv->s->hasher_fd,      .events = POLLIN},
		{ .fd = db_wake_fd(sv->s->db), .events = POLLIN},
	};
	if (poll(fds, COUNT(fds), wait_ms(sv)) < 0 && errno != EINTR)
		abort();
	uint64_t count;
	bool woken = (fds[1].revents & POLLIN) && read(sv->s->wake_fd, &count, sizeof count) > 0;
	if (fds[2].revents & POLLIN)
		take_slow(sv);
	listen_around(sv, woken);
	MHD_run(sv->daemon);
}

/* Boards are ended, requests under way get their answers. */
static void drain(struct server *sv, int epoll_fd)
{
	int64_t until = clock_monotonic_ms() + DRAIN_MS;
	MHD_socket listening = MHD_quiesce_daemon(sv->daemon);
	(void)listening; /* the supervisor's */
	live_end_all(sv->live);
	while (clock_monotonic_ms() < until && (sv->waiting_count > 0 || live_streams_count(sv->live) > 0))
		turn(sv, epoll_fd);
	while (sv->waiting) {
		struct exchange *x = sv->waiting;
		unlist(sv, x);
		MHD_resume_connection(x->connection);
	}
	MHD_run(sv->daemon);
	MHD_stop_daemon(sv->daemon);
}

bool server_run(const struct server_settings *s)
{
	struct server sv = { .s = s, .pump_mem = arena_new(FIRST_BLOCK_BYTES) };
	sv.live = live_new(s->live_render, s->streams_max);
	live_use(sv.live);
	if (!start(&sv)) {
		log_error("server_not_started", "");
		return false;
	}
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(sv.daemon, MHD_DAEMON_INFO_EPOLL_FD);
	assert(info);
	int epoll_fd = info->listen_fd;
	if (s->ready_fd >= 0 && write(s->ready_fd, "", 1) != 1)
		log_warn("readiness_unheard", "");
	while (!*s->stop)
		turn(&sv, epoll_fd);
	drain(&sv, epoll_fd);
	live_use(NULL);
	live_free(sv.live);
	while (sv.spare) {
		struct exchange *x = sv.spare;
		sv.spare = x->next;
		arena_free(x->mem);
		free(x);
	}
	arena_free(sv.pump_mem);
	return true;
}
