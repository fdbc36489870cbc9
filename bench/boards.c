/* boards PORT COOKIES COUNT RATE SECONDS BODY: opens COUNT live boards on 127.0.0.1, each with the next line of the file
 * COOKIES, sends RATE reports a second for SECONDS, and prints how long it took from the answer to a report until a board
 * counted it. All reports are of one incident, whose row says how many there are: a row that stands for several shows all.
 *	OPENED SENT SHOWN P50_MS P99_MS MAX_MS
 * SHOWN is OPENED times SENT unless something was lost. It says "opened" on standard error, and goes on, or ends, when it reads a
 * byte: meanwhile whoever started it reads the server's memory.
 * One thread, so that it takes little from the server that it measures on the same machine. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	SENDERS = 64,
	READ_BYTES = 1 << 18,
	KEEP = 40,
	EVENTS = 256,
	SLOTS_MS = 60000,
	REPORTS_MAX = 1 << 20,
	LAST_MS = 10000, /* to wait for what was not shown yet */
	REQUEST_BYTES_MAX = 4096
};

enum part { HEAD, SIZE, DATA, DATA_END };

/* A board, or a sender of reports. */
struct link {
	int fd;
	bool board, open, busy;
	enum part part;
	size_t left, ends, kept; /* of the chunk; line ends seen in the head; bytes in KEEP */
	char keep[KEEP];         /* the end of what was read: a number may be cut in two */
	size_t shown;            /* reports that the board has counted */
};

static struct sockaddr_in to = { .sin_family = AF_INET };
static struct link *links;
static size_t opened, sent, shown, delays[SLOTS_MS];
static int64_t answered_us[REPORTS_MAX];
static char request[REQUEST_BYTES_MAX];
static int request_bytes, epoll_fd;

static int64_t now_us(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* A row says that there are so many reports. One whose answer has not come yet took no time. */
static void note(struct link *l, size_t reports)
{
	int64_t now = now_us(CLOCK_MONOTONIC);
	for (; l->shown < reports; l->shown++, shown++) {
		int64_t delay = l->shown < sent ? (now - answered_us[l->shown]) / 1000 : 0;
		delays[delay < SLOTS_MS ? delay : SLOTS_MS - 1]++;
	}
}

/* Looks for rows in what a board was sent. */
static void look(struct link *l, const char *p, size_t n)
{
	static const char mark[] = "data-reports=\"";
	static char text[KEEP + READ_BYTES];
	memcpy(text, l->keep, l->kept);
	memcpy(text + l->kept, p, n);
	n += l->kept;
	const char *at = text, *end = text + n, *found;
	while ((found = memmem(at, (size_t)(end - at), mark, sizeof mark - 1))) {
		const char *digits = found + sizeof mark - 1, *quote = memchr(digits, '"', (size_t)(end - digits));
		at = quote ? quote : found;
		if (!quote)
			break;
		note(l, strtoul(digits, NULL, 10));
	}
	size_t rest = (size_t)(end - at);
	l->kept = rest < KEEP ? rest : KEEP;
	memcpy(l->keep, end - l->kept, l->kept);
}

/* The head ends with an empty line; then come chunks: a length in hexadecimal, as many bytes, a line end. */
static size_t take(struct link *l, const char *p, size_t n)
{
	if (l->part == DATA) {
		size_t piece = n < l->left ? n : l->left;
		look(l, p, piece);
		l->left -= piece;
		l->part = l->left ? DATA : DATA_END;
		return piece;
	}
	char c = *p;
	if (l->part == HEAD) {
		l->ends = c == '\n' ? l->ends + 1 : c == '\r' ? l->ends : 0;
		l->part = l->ends == 2 ? SIZE : HEAD;
		if (l->part == SIZE) {
			opened += !l->open;
			l->open = true;
		}
	} else if (l->part == DATA_END) {
		l->part = c == '\n' ? SIZE : DATA_END;
		l->left = 0;
	} else if (c == '\n') {
		l->part = DATA;
	} else if (c != '\r') {
		l->left = l->left * 16 + (size_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
	}
	return 1;
}

static void hear(struct link *l)
{
	static char in[READ_BYTES];
	ssize_t n = recv(l->fd, in, sizeof in, MSG_DONTWAIT);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		fail(l->board ? "a board was closed" : "a sender was closed");
	if (n <= 0)
		return;
	if (!l->board) {
		if (n > 12 && memcmp(in + 9, "201", 3) == 0 && sent < REPORTS_MAX)
			answered_us[sent++] = now_us(CLOCK_MONOTONIC);
		l->busy = false;
		return;
	}
	for (size_t at = 0; at < (size_t)n;)
		at += take(l, in + at, (size_t)n - at);
}

static void begin(struct link *l, bool board, const char *text, int bytes)
{
	int one = 1;
	l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	l->board = board;
	if (l->fd < 0 || connect(l->fd, (struct sockaddr *)&to, sizeof to) != 0)
		fail("connect");
	setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = l };
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, l->fd, &e) != 0 ||
		(bytes && send(l->fd, text, (size_t)bytes, 0) != bytes))
		fail("send");
}

static void wait_for(int ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(epoll_fd, events, EVENTS, ms);
	for (int i = 0; i < n; i++)
		hear(events[i].data.ptr);
}

static void send_one(size_t count)
{
	for (struct link *l = links + count; l < links + count + SENDERS; l++) {
		if (l->busy)
			continue;
		if (send(l->fd, request, (size_t)request_bytes, 0) != request_bytes)
			fail("send");
		l->busy = true;
		return;
	}
}

static size_t percentile(double share)
{
	size_t below = 0, at = 0;
	while (at < SLOTS_MS - 1 && (double)(below += delays[at]) < share * (double)shown)
		at++;
	return at;
}

int main(int argc, char **argv)
{
	if (argc != 7)
		return fputs("usage: boards PORT COOKIES COUNT RATE SECONDS BODY\n", stderr), 2;
	size_t count = strtoul(argv[3], NULL, 10);
	int64_t rate = (int64_t)strtoul(argv[4], NULL, 10), seconds = (int64_t)strtoul(argv[5], NULL, 10);
	char hello[REQUEST_BYTES_MAX];
	to.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	struct rlimit files = { count + 1000, count + 1000 };
	setrlimit(RLIMIT_NOFILE, &files);
	links = calloc(count + SENDERS, sizeof *links);
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	char cookie[REQUEST_BYTES_MAX - 100];
	FILE *cookies = fopen(argv[2], "r");
	if (!cookies)
		fail(argv[2]);
	request_bytes = snprintf(request, sizeof request,
		"POST /reports HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
		strlen(argv[6]), argv[6]);
	for (size_t i = 0; i < count; i++) {
		if (!fgets(cookie, sizeof cookie, cookies))
			return fputs("boards: fewer cookies than boards\n", stderr), 2;
		cookie[strcspn(cookie, "\n")] = 0;
		int bytes = snprintf(hello, sizeof hello,
			"GET /board/live HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\n\r\n", cookie);
		begin(&links[i], true, hello, bytes);
		while (opened < i + 1)
			wait_for(1000);
	}
	fprintf(stderr, "opened\n");
	getchar();
	for (size_t i = 0; i < SENDERS; i++)
		begin(&links[count + i], false, NULL, 0);
	int64_t from = now_us(CLOCK_MONOTONIC), due = from, end = from + seconds * 1000000;
	while (now_us(CLOCK_MONOTONIC) < end + 1000000 ||
		(shown < opened * sent && now_us(CLOCK_MONOTONIC) < end + LAST_MS * 1000)) {
		int64_t now = now_us(CLOCK_MONOTONIC);
		for (; due <= now && due < end; due += 1000000 / rate)
			send_one(count);
		wait_for(due < end && due - now < 1000000 ? (int)((due - now) / 1000) : 100);
	}
	printf("%zu %zu %zu %zu %zu %zu\n", opened, sent, shown, percentile(0.5), percentile(0.99), percentile(1));
	fflush(stdout);
	getchar();
	return 0;
}
