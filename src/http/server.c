#include "http/exchange.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "db/db.h"
#include "http/framing.h"
#include "http/peers.h"
#include "http/waits.h"
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	CONNECTION_BYTES = 12 * 1024, /* of MHD for headers and output, per connection */
	CONNECTIONS_MAX = 16384,
	IDLE_S = 20,
	SPARE_MAX = 64,
	FIRST_BLOCK_BYTES = 16 * 1024,
	DISCARD_BYTES_MAX = 1 << 20, /* of a body that is too large, so that its sender reads why */
};

static const int64_t FRESH_OVERLAP_MS = 500, CROWDED_MS = 100, LEAVE_MS = 2;
static const int64_t DRAIN_MS = 5000, PATIENCE_MS = 90 * SECOND_MS;
/* While boards are open, requests that would make a turn of the loop longer than this wait for the next, a limited number of
 * times: a commit takes as long as the disk does, and a board gets a few kilobytes a turn. */
static const int64_t SLICE_MS = 8;
/* A round to so many boards takes about a millisecond. Between rounds there is three times as long as one takes, so that under a
 * flood each carries more, and most of the time is left for those who report. */
enum { PUT_OFF_MAX = 50, BOARDS_A_MS = 100, ROUNDS_APART_MAX_MS = 60 };

struct server {
	const struct server_settings *s;
	struct MHD_Daemon *daemon;
	struct live *live;
	struct peers peers;
	struct waits waits;
	struct exchange *spare;          /* to be used again */
	struct exchange *put_off;        /* suspended until the next turn */
	size_t spare_count, asked_count; /* asked: requests that are here as a whole and not answered yet */
	struct arena *pump_mem;
	int64_t turn_ms, late_ms; /* when this turn began; when the last thorough look around was */
	int64_t round_ms;         /* when boards were brought up to date last */
	bool news;                /* somebody has published since */
	int64_t deaf_until_ms;    /* no further connection before */
	bool left;                /* to a sibling, this once */
	bool closed;              /* no further connection at all */
};

static void *on_uri(void *closure, const char *uri, struct MHD_Connection *connection)
{
	struct server *sv = closure;
	struct exchange *x = sv->spare;
	if (x) {
		sv->spare = x->next;
		sv->spare_count--;
		x->next = NULL;
	} else {
		x = calloc(1, sizeof *x);
		if (!x)
			abort();
	}
	exchange_begin(x, connection, uri);
	return x;
}

static void on_completed(
	void *closure, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
	(void)why;
	struct server *sv = closure;
	struct exchange *x = *state;
	if (!x)
		return;
	*state = NULL;
	sv->asked_count -= x->read;
	peers_mark(&sv->peers, connection, false, clock_monotonic_ms());
	waits_remove(&sv->waits, x);
	exchange_end(x);
	if (x->mem && sv->spare_count < SPARE_MAX) {
		x->next = sv->spare;
		sv->spare = x;
		sv->spare_count++;
		return;
	}
	arena_free(x->mem);
	free(x);
}

static bool may_be_put_off(const struct server *sv, const struct exchange *x)
{
	return !sv->waits.ending && live_streams_count(sv->live) > 0 && x->put_off_count < PUT_OFF_MAX &&
	       clock_monotonic_ms() - sv->turn_ms > SLICE_MS;
}

static enum MHD_Result put_off(struct server *sv, struct exchange *x)
{
	x->put_off_count++;
	x->next = sv->put_off;
	sv->put_off = x;
	MHD_suspend_connection(x->connection);
	return MHD_YES;
}

/* Suspended connections stay what they are until they are resumed, so none of them has gone away meanwhile. */
static void go_on(struct server *sv)
{
	while (sv->put_off) {
		struct exchange *x = sv->put_off;
		sv->put_off = x->next;
		x->next = NULL;
		MHD_resume_connection(x->connection);
	}
}

static enum MHD_Result answer(struct server *sv, struct exchange *x, const char *method)
{
	if (!x->read) {
		x->came_ms = sv->turn_ms;
		sv->asked_count++;
		peers_mark(&sv->peers, x->connection, true, sv->turn_ms);
		if (!exchange_read(x, method))
			return exchange_refuse(x, MHD_HTTP_BAD_REQUEST, "This address cannot be read.\n");
	}
	x->q.waited_ms = x->slow->count == 0 ? clock_monotonic_ms() - x->came_ms : 0;
	if (may_be_put_off(sv, x))
		return put_off(sv, x);
	for (;;) {
		struct ctx c = { .mem = x->mem,
			.db = sv->s->db,
			.vault = sv->s->vault,
			.now_ms = clock_now_ms(),
			.slow = sv->s->hasher_fd >= 0 ? x->slow : NULL };
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
		if (waits_add(&sv->waits, x, clock_monotonic_ms()))
			return MHD_YES;
	}
}

static enum MHD_Result note_header(void *closure, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind;
	framing_note(closure, str_of(name), str_of(value));
	return MHD_YES;
}

static enum MHD_Result begin(struct exchange *x, const char *method, const char *version)
{
	struct framing framing = { 0 };
	const char *length = MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, "Content-Length");
	int64_t n;
	x->started = true;
	MHD_get_connection_values(x->connection, MHD_HEADER_KIND, note_header, &framing);
	if (!framing_clear(&framing, str_of(version)))
		return exchange_refuse(x, MHD_HTTP_BAD_REQUEST, "It is not clear where this request ends.\n");
	if (strcmp(method, "GET") != 0 && strcmp(method, "POST") != 0 && strcmp(method, "HEAD") != 0)
		return exchange_refuse(
			x, MHD_HTTP_METHOD_NOT_ALLOWED, "Only GET, HEAD and POST are understood here.\n");
	if (length && !str_to_i64(str_of(length), 0, DISCARD_BYTES_MAX, &n))
		return exchange_refuse(x, MHD_HTTP_CONTENT_TOO_LARGE, "That is too much at once.\n");
	return MHD_YES;
}

static enum MHD_Result on_request(void *closure, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *data, size_t *size, void **state)
{
	(void)connection, (void)url;
	struct exchange *x = *state;
	if (!x)
		return MHD_NO;
	if (!x->started)
		return begin(x, method, version);
	if (x->refused)
		return MHD_NO;
	if (*size == 0)
		return answer(closure, x, method);
	buf_put(&x->body, (struct str){ data, *size });
	x->received += *size;
	*size = 0;
	return x->received > DISCARD_BYTES_MAX ? MHD_NO : MHD_YES;
}

static size_t keep_raw(void *closure, struct MHD_Connection *connection, char *text)
{
	(void)closure, (void)connection;
	return strlen(text); /* addresses are decoded by us, once, and refused when they cannot be */
}

static bool start(struct server *sv)
{
	sv->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET, 0, NULL,
		NULL, on_request, sv, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
		MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)4096, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_URI_LOG_CALLBACK, on_uri, sv, MHD_OPTION_NOTIFY_COMPLETED, on_completed, sv,
		MHD_OPTION_NOTIFY_CONNECTION, peers_on_connection, &sv->peers, MHD_OPTION_UNESCAPE_CALLBACK, keep_raw,
		NULL, MHD_OPTION_END);
	return sv->daemon != NULL;
}

static void pump(struct server *sv, int64_t overlap_ms)
{
	struct ctx c = { .mem = sv->pump_mem, .db = sv->s->db, .vault = sv->s->vault, .now_ms = clock_now_ms() };
	live_pump(sv->live, &c, overlap_ms);
	arena_reset(sv->pump_mem);
	sv->round_ms = clock_monotonic_ms();
	sv->news = false;
}

/* How long the next round has to wait; 0: it may begin. */
static int64_t round_wait_ms(const struct server *sv)
{
	int64_t since_ms = clock_monotonic_ms() - sv->round_ms;
	int64_t apart_ms = 3 * (int64_t)live_streams_count(sv->live) / BOARDS_A_MS;
	apart_ms = apart_ms < ROUNDS_APART_MAX_MS ? apart_ms : ROUNDS_APART_MAX_MS;
	return since_ms < apart_ms ? apart_ms - since_ms : 0;
}

/* What other processes have to say: siblings through the eventfd, other hosts through the database. */
static void listen_around(struct server *sv, bool woken)
{
	struct ctx c = { .mem = sv->pump_mem, .db = sv->s->db, .now_ms = clock_now_ms() };
	sv->news |= db_wake_drain(&c) || woken || live_is_awaited(sv->live);
	arena_reset(sv->pump_mem);
	if (sv->turn_ms - sv->late_ms >= SECOND_MS) {
		sv->late_ms = sv->turn_ms;
		pump(sv, LIVE_COMMIT_MS);
		c.now_ms = clock_now_ms();
		live_beat(sv->live, &c, sv->turn_ms);
		arena_reset(sv->pump_mem);
		waits_expire(&sv->waits, sv->turn_ms);
		peers_hang_up(&sv->peers, sv->turn_ms, sv->s->patience_ms ? sv->s->patience_ms : PATIENCE_MS);
	} else if (sv->news && round_wait_ms(sv) == 0) {
		pump(sv, FRESH_OVERLAP_MS);
	}
}

static unsigned connections(const struct server *sv)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(sv->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
	assert(info);
	return info->num_connections;
}

/* A sibling with fewer connections gets a moment to take this one; whether it lives and listens nobody knows. */
static bool leave_it(struct server *sv)
{
	if (!sv->s->shares || sv->left || !shares_less_elsewhere(sv->s->shares, sv->s->number, connections(sv)))
		return sv->left = false;
	sv->deaf_until_ms = sv->turn_ms + LEAVE_MS;
	return sv->left = true;
}

/* One connection a turn. */
static void take_connection(struct server *sv)
{
	struct sockaddr_storage from;
	socklen_t size = sizeof from;
	if (leave_it(sv))
		return;
	int fd = accept4(sv->s->listen_fd, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd >= 0)
		MHD_add_connection(sv->daemon, fd, (struct sockaddr *)&from, size);
	else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
		sv->deaf_until_ms = sv->turn_ms + CROWDED_MS;
}

/* How long no connection is taken; 0: one may come. */
static int deaf_ms(const struct server *sv)
{
	int64_t now = clock_monotonic_ms();
	return sv->deaf_until_ms > now ? (int)(sv->deaf_until_ms - now) : 0;
}

static bool listens(const struct server *sv)
{
	return !sv->closed && deaf_ms(sv) == 0 && connections(sv) < CONNECTIONS_MAX;
}

static int wait_ms(struct server *sv)
{
	MHD_UNSIGNED_LONG_LONG ms;
	if (sv->put_off)
		return 0;
	int wait = MHD_get_timeout(sv->daemon, &ms) == MHD_YES && ms < SECOND_MS ? (int)ms : (int)SECOND_MS;
	if (sv->news || live_is_awaited(sv->live))
		wait = (int)round_wait_ms(sv) < wait ? (int)round_wait_ms(sv) : wait;
	int deaf = sv->closed ? 0 : deaf_ms(sv);
	return deaf > 0 && deaf < wait ? deaf : wait;
}

static void turn(struct server *sv, int epoll_fd)
{
	struct pollfd fds[] = {
		{.fd = epoll_fd,                             .events = POLLIN},
		{ .fd = sv->s->wake_fd,                      .events = POLLIN},
		{ .fd = sv->s->hasher_fd,                    .events = POLLIN},
		{ .fd = db_wake_fd(sv->s->db),               .events = POLLIN},
		{ .fd = listens(sv) ? sv->s->listen_fd : -1, .events = POLLIN},
	};
	uint64_t count;
	clock_say_alive(sv->s->alive_until_ms);
	int ms = wait_ms(sv);
	struct timespec wait = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };
	sigset_t none; /* signals come here and nowhere else */
	sigemptyset(&none);
	if (ppoll(fds, COUNT(fds), &wait, &none) < 0 && errno != EINTR)
		abort();
	sv->turn_ms = clock_monotonic_ms();
	go_on(sv);
	bool woken = (fds[1].revents & POLLIN) && read(sv->s->wake_fd, &count, sizeof count) > 0;
	if (fds[2].revents & POLLIN)
		waits_take(&sv->waits);
	listen_around(sv, woken);
	if (fds[4].revents & POLLIN)
		take_connection(sv);
	MHD_run(sv->daemon);
	if (sv->s->shares)
		shares_set(sv->s->shares, sv->s->number, connections(sv));
}

/* Boards are ended, requests under way get their answers. */
static void drain(struct server *sv, int epoll_fd)
{
	int64_t until = clock_monotonic_ms() + DRAIN_MS;
	sv->closed = true;
	live_end_all(sv->live);
	MHD_run(sv->daemon); /* who was resumed is seen to here, not by waiting */
	while (clock_monotonic_ms() < until && sv->asked_count > 0)
		turn(sv, epoll_fd);
	sv->waits.ending = true;
	go_on(sv);
	waits_expire(&sv->waits, clock_monotonic_ms());
	live_end_all(sv->live);
	MHD_run(sv->daemon);
	MHD_stop_daemon(sv->daemon);
}

static void free_server(struct server *sv)
{
	live_use(NULL);
	live_free(sv->live);
	while (sv->spare) {
		struct exchange *x = sv->spare;
		sv->spare = x->next;
		arena_free(x->mem);
		free(x);
	}
	arena_free(sv->pump_mem);
}

bool server_run(const struct server_settings *s)
{
	struct server sv = { .s = s, .pump_mem = arena_new(FIRST_BLOCK_BYTES), .turn_ms = clock_monotonic_ms() };
	sv.peers.trusted = &s->router->trusted;
	sv.peers.waiting_max = s->waiting_max ? s->waiting_max : PEERS_WAITING_MAX;
	sv.waits = (struct waits){ .fd = s->hasher_fd, .max = (size_t)s->slow_max };
	/* An answer that was meant for a worker which died is not taken for one of ours. */
	random_bytes(&sv.waits.numbers, sizeof sv.waits.numbers);
	sv.live = live_new(s->live_render, s->live_viewer, s->streams_max);
	live_use(sv.live);
	bool started = start(&sv);
	if (started) {
		const union MHD_DaemonInfo *info = MHD_get_daemon_info(sv.daemon, MHD_DAEMON_INFO_EPOLL_FD);
		assert(info);
		int epoll_fd = info->epoll_fd;
		if (s->ready_fd >= 0 && write(s->ready_fd, "", 1) != 1)
			log_warn("readiness_unheard", "");
		while (!*s->stop)
			turn(&sv, epoll_fd);
		drain(&sv, epoll_fd);
	} else {
		log_error("server_not_started", "");
	}
	free_server(&sv);
	return started;
}
