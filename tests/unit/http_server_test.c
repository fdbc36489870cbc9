/* A worker on a real port, with a hasher beside it, spoken to over sockets. */
#include "http_worker.h"
#include "base/clock.h"
#include "http/server.h"
#include "http_little.h"
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

static void every_answer_carries_the_headers_that_protect(void **state)
{
	start(state);
	const char *text = talk("GET /?say=%3Cscript%3E HTTP/1.1\r\n" CLOSE "\r\n");
	static const char *const wanted[] = { "HTTP/1.1 200 OK\r\n", "Content-Security-Policy: default-src 'none';",
		"X-Content-Type-Options: nosniff\r\n", "Referrer-Policy: same-origin\r\n",
		"Cross-Origin-Opener-Policy: same-origin\r\n", "Cross-Origin-Resource-Policy: same-origin\r\n",
		"Permissions-Policy: ", "Cache-Control: no-store\r\n", "Content-Type: text/html; charset=utf-8\r\n",
		"said=&lt;script&gt;home of nobody" };
	for (size_t i = 0; i < COUNT(wanted); i++)
		assert_has(text, wanted[i]);
	assert_has(talk("GET /none HTTP/1.1\r\n" CLOSE "\r\n"), "nosniff");
	assert_has(talk("BREW / HTTP/1.1\r\n" CLOSE "\r\n"), "Allow: GET, HEAD, POST\r\n");
	finish();
}

static void one_connection_serves_many_requests(void **state)
{
	start(state);
	int fd = dial();
	for (int i = 1; i <= 50; i++) {
		char request[100], body[20];
		snprintf(request, sizeof request, "GET /things/%d HTTP/1.1\r\nHost: a\r\n\r\n", i);
		snprintf(body, sizeof body, "\r\n\r\n%d", i);
		say(fd, request);
		assert_has(hear(fd, body, NULL), "200 OK");
	}
	say(fd, "HEAD /things/7 HTTP/1.1\r\nHost: a\r\n\r\n");
	const char *text = hear(fd, "\r\n\r\n", NULL);
	assert_has(text, "Content-Length: 1\r\n");
	assert_string_equal(strstr(text, "\r\n\r\n"), "\r\n\r\n");
	say(fd, "GET /things/8 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	assert_has(hear(fd, NULL, NULL), "\r\n\r\n8");
	close(fd);
	finish();
}

static void a_form_may_come_in_pieces(void **state)
{
	start(state);
	int fd = dial();
	say(fd, "POST /notes HTTP/1.1\r\nHost: adem.example\r\nContent-Type: application/x-www-form-urlencoded\r\n");
	say(fd, "Origin: https://adem.example\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
	say(fd, "6\r\ntitle=\r\n5\r\nhello");
	say(fd, "\r\n0\r\n\r\n");
	const char *text = hear(fd, NULL, NULL);
	assert_has(text, "303 See Other");
	assert_has(text, "Location: /notes/1\r\n");
	assert_has(text, "Set-Cookie: made=yes; Path=/; Max-Age=60; HttpOnly; SameSite=Lax\r\n");
	close(fd);
	finish();
}

static const char *post_of(size_t bytes, bool chunked)
{
	static char body[1 << 16];
	char head[300];
	int fd = dial();
	memset(body, 'a', sizeof body);
	snprintf(head, sizeof head,
		chunked ? "POST /notes HTTP/1.1\r\n" CLOSE "Content-Type: application/x-www-form-urlencoded\r\n"
			  "Transfer-Encoding: chunked\r\n\r\n%zx\r\n"
			: "POST /notes HTTP/1.1\r\n" CLOSE "Content-Type: application/x-www-form-urlencoded\r\n"
			  "Content-Length: %zu\r\n\r\n",
		bytes);
	say(fd, head);
	for (size_t left = bytes; left > 0;) {
		size_t n = left < sizeof body ? left : sizeof body;
		if (send(fd, body, n, MSG_NOSIGNAL) != (ssize_t)n)
			break;
		left -= n;
	}
	if (chunked && send(fd, "\r\n0\r\n\r\n", 7, MSG_NOSIGNAL) != 7)
		return "";
	const char *text = hear(fd, NULL, NULL);
	close(fd);
	return text;
}

static void too_large_a_body_is_refused_in_words(void **state)
{
	start(state);
	assert_has(post_of(BODY_BYTES_MAX, false), "422");
	assert_has(post_of(BODY_BYTES_MAX + 1, false), "413");
	assert_has(post_of(BODY_BYTES_MAX + 1, true), "error page limit");
	assert_has(post_of(BODY_BYTES_MAX * 4, true), "error page limit");
	assert_has(talk("POST /notes HTTP/1.1\r\n" CLOSE "Content-Length: 99999999999\r\n\r\n"), "413");
	assert_has(talk("GET / HTTP/1.1\r\n" CLOSE "\r\n"), "200 OK");
	finish();
}

static void nonsense_is_answered_or_hung_up_on_and_the_worker_lives(void **state)
{
	start(state);
	static const char *const nonsense[] = { "\r\n\r\n\r\n", "GET\r\n\r\n", "GET /%zz HTTP/1.1\r\n" CLOSE "\r\n",
		"GET /%00 HTTP/1.1\r\n" CLOSE "\r\n", "GET /\xFF HTTP/1.1\r\n" CLOSE "\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
		"POST /notes HTTP/1.1\r\n" CLOSE "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n b: c\r\n\r\n",
		"\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n",
		"GET / HTTP/1.1\r\n" CLOSE "Cookie: =;;=; ;a\r\nAccept: ,;q=,;\r\nAccept-Encoding: ;\r\n\r\n" };
	for (size_t i = 0; i < COUNT(nonsense); i++) {
		int fd = dial();
		say(fd, nonsense[i]);
		shutdown(fd, SHUT_WR);
		hear(fd, NULL, NULL);
		close(fd);
	}
	for (int i = 0; i < 20; i++) { /* away in the middle of things */
		int fd = dial();
		say(fd, i % 2 ? "POST /notes HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"
			      : "GET /long HTTP/1.1\r\nHost");
		close(fd);
	}
	assert_has(talk("GET / HTTP/1.1\r\n" CLOSE "\r\n"), "200 OK");
	finish();
}

static void headers_have_a_limit(void **state)
{
	start(state);
	static char request[40000];
	memset(request, 'x', sizeof request);
	memcpy(request, "GET / HTTP/1.1\r\nHost: a\r\nX: ", 28);
	memcpy(request + sizeof request - 5, "\r\n\r\n", 5);
	int fd = dial();
	(void)!send(fd, request, strlen(request), MSG_NOSIGNAL);
	const char *text = hear(fd, NULL, NULL);
	assert_true(strncmp(text, "HTTP/1.1 4", 10) == 0 || text[0] == 0);
	close(fd);
	assert_has(talk("GET / HTTP/1.1\r\n" CLOSE "\r\n"), "200 OK");
	finish();
}

/* Where two programs could disagree on where a request ends, somebody could hide a second one in it. */
static void a_request_of_which_the_end_is_unclear_is_refused(void **state)
{
	start(state);
#define NOTE   "POST /notes HTTP/1.1\r\nHost: adem.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"
#define CHUNKS "7\r\ntitle=a\r\n0\r\n\r\n"
	static const char *const unclear[] = { NOTE "Content-Length: 22\r\nTransfer-Encoding: chunked\r\n\r\n" CHUNKS,
		NOTE "Transfer-Encoding: chunked\r\nContent-Length: 22\r\n\r\n" CHUNKS,
		NOTE "Content-Length: 7\r\nContent-Length: 22\r\n\r\ntitle=a",
		NOTE "Content-Length: 7\r\nContent-Length: 7\r\n\r\ntitle=a",
		NOTE "Content-Length: 7, 7\r\n\r\ntitle=a", NOTE "Content-Length: +7\r\n\r\ntitle=a",
		NOTE "Content-Length : 7\r\n\r\ntitle=a",
		NOTE "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" CHUNKS,
		NOTE "Transfer-Encoding: gzip, chunked\r\n\r\n" CHUNKS,
		NOTE "Transfer-Encoding: xchunked\r\n\r\n" CHUNKS,
		NOTE "Transfer-Encoding : chunked\r\nContent-Length: 22\r\n\r\n" CHUNKS,
		NOTE "Host: evil.example\r\nContent-Length: 7\r\n\r\ntitle=a",
		"GET / HTTP/1.1\r\nHost: adem.example\r\nHost: adem.example\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: adem.example, evil.example\r\n\r\n",
		("POST /notes HTTP/1.0\r\nHost: adem.example\r\nTransfer-Encoding: chunked\r\n\r\n" CHUNKS) };
	for (size_t i = 0; i < COUNT(unclear); i++) {
		/* The connection ends: what follows is never taken for a request. */
		char text[1000];
		snprintf(text, sizeof text, "%sGET /things/7 HTTP/1.1\r\nHost: adem.example\r\n\r\n", unclear[i]);
		const char *answer = talk(text);
		if (strncmp(answer, "HTTP/1.1 400", 12) != 0 && strncmp(answer, "HTTP/1.0 400", 12) != 0)
			fail_msg("%s is answered %.200s", unclear[i], answer);
		assert_null(strstr(answer, "200 OK"));
		assert_null(strstr(answer, "303 See"));
	}
	static const char *const clear[] = { NOTE "Content-Length: 7\r\nConnection: close\r\n\r\ntitle=a",
		NOTE "Transfer-Encoding: Chunked\r\nConnection: close\r\n\r\n" CHUNKS,
		("POST /notes HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
		 "7\r\n\r\ntitle=a") };
	for (size_t i = 0; i < COUNT(clear); i++)
		assert_has(talk(clear[i]), "303 See Other");
	finish();
}

/* Whether the other end has hung up, by now or soon. */
static bool ended(int fd)
{
	char byte;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	return poll(&p, 1, WAIT_MS) > 0 && recv(fd, &byte, 1, MSG_DONTWAIT) <= 0;
}

static void one_network_does_not_hold_all_connections(void **state)
{
	int fds[WAITING_MAX + 20];
	start(state);
	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = dial();
		say(fds[i], i % 2 ? "GET / HT" : "");
		if (i >= WAITING_MAX)
			assert_true(ended(fds[i - WAITING_MAX])); /* who waits longest goes first */
	}
	for (size_t i = COUNT(fds) - WAITING_MAX; i < COUNT(fds); i++) {
		say(fds[i], i % 2 ? "TP/1.1\r\n" CLOSE "\r\n" : "GET / HTTP/1.1\r\n" CLOSE "\r\n");
		assert_has(hear(fds[i], NULL, NULL), "200 OK");
	}
	for (size_t i = 0; i < COUNT(fds); i++)
		close(fds[i]);
	finish();
}

static void a_proxy_of_ours_may_hold_many(void **state)
{
	int fds[WAITING_MAX + 20];
	w.trust = "127.0.0.1";
	start(state);
	w.trust = NULL;
	for (size_t i = 0; i < COUNT(fds); i++)
		fds[i] = dial();
	for (size_t i = 0; i < COUNT(fds); i++) {
		say(fds[i], "GET / HTTP/1.1\r\n" CLOSE "\r\n");
		assert_has(hear(fds[i], NULL, NULL), "200 OK");
		close(fds[i]);
	}
	finish();
}

static size_t body_bytes(const char *request, const char *must_have)
{
	size_t n = 0;
	int fd = dial();
	say(fd, request);
	const char *text = hear(fd, NULL, &n);
	if (must_have)
		assert_has(text, must_have);
	const char *body = strstr(text, "\r\n\r\n");
	assert_non_null(body);
	close(fd);
	return n - (size_t)(body + 4 - text);
}

static void long_texts_are_compressed_unless_that_would_tell(void **state)
{
	start(state);
	assert_int_equal(body_bytes("GET /long HTTP/1.1\r\n" CLOSE "\r\n", "200 OK"), 10000);
	assert_true(body_bytes("GET /long HTTP/1.1\r\n" CLOSE "Accept-Encoding: gzip\r\n\r\n",
			    "Content-Encoding: gzip\r\n") < 200);
	assert_true(body_bytes("GET /long HTTP/1.1\r\n" CLOSE "Accept-Encoding: gzip\r\nCookie: who=7:1\r\n\r\n",
			    "gzip") < 200);
	assert_int_equal(body_bytes("GET /long?plain HTTP/1.1\r\n" CLOSE "Accept-Encoding: gzip\r\n\r\n", NULL), 10000);
	assert_int_equal(
		body_bytes("GET /long?x HTTP/1.1\r\n" CLOSE "Accept-Encoding: gzip\r\nCookie: who=7:1\r\n\r\n", NULL),
		10000);
	finish();
}

static void files_are_kept_by_browsers_for_good(void **state)
{
	start(state);
	static const char *const path = "GET /assets/style.0123456789.css HTTP/1.1\r\n" CLOSE;
	char request[300];
	snprintf(request, sizeof request, "%s\r\n", path);
	const char *text = talk(request);
	assert_has(text, "Cache-Control: public, max-age=31536000, immutable\r\n");
	assert_has(text, "ETag: \"0123456789\"\r\n");
	assert_has(text, "body{color:teal}");
	snprintf(request, sizeof request, "%sAccept-Encoding: gzip\r\n\r\n", path);
	assert_int_equal(body_bytes(request, "Content-Encoding: gzip"), 7);
	snprintf(request, sizeof request, "%sIf-None-Match: \"0123456789\"\r\n\r\n", path);
	assert_int_equal(body_bytes(request, "304"), 0);
	finish();
}

static const char *key_request(const char *word)
{
	static char request[300];
	snprintf(request, sizeof request,
		"POST /keys HTTP/1.1\r\n" CLOSE
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\nword=%s",
		5 + strlen(word), word);
	return request;
}

static void slow_work_is_done_elsewhere_and_the_handler_runs_again(void **state)
{
	start(state);
	assert_has(talk(key_request("first")), " different");
	assert_has(talk(key_request("other")), " same");
	kill(w.hasher, SIGSTOP);
	int waiting[6];
	for (size_t i = 0; i < COUNT(waiting); i++) {
		waiting[i] = dial();
		say(waiting[i], key_request("slow"));
	}
	/* Two more than may wait; they are refused while the others sleep, and pages go on. */
	int refused = 0;
	struct pollfd p[COUNT(waiting)];
	for (size_t i = 0; i < COUNT(waiting); i++)
		p[i] = (struct pollfd){ .fd = waiting[i], .events = POLLIN };
	while (refused < 2 && poll(p, COUNT(p), WAIT_MS) > 0)
		for (size_t i = 0; i < COUNT(waiting); i++)
			if (p[i].revents) {
				assert_has(hear(waiting[i], NULL, NULL), "503 Service Unavailable");
				p[i].fd = -1;
				refused++;
			}
	assert_has(talk("GET / HTTP/1.1\r\n" CLOSE "\r\n"), "200 OK");
	kill(w.hasher, SIGCONT);
	for (size_t i = 0; i < COUNT(waiting); i++) {
		if (p[i].fd >= 0)
			assert_has(hear(waiting[i], NULL, NULL), " different");
		close(waiting[i]);
	}
	finish();
}

static void a_visitor_who_leaves_while_waiting_harms_nobody(void **state)
{
	start(state);
	kill(w.hasher, SIGSTOP);
	for (int i = 0; i < 3; i++) {
		int fd = dial();
		say(fd, key_request("gone"));
		close(fd);
	}
	assert_has(talk("GET / HTTP/1.1\r\n" CLOSE "\r\n"), "200 OK");
	kill(w.hasher, SIGCONT);
	assert_has(talk(key_request("first")), " different");
	finish();
}

static int open_stream(const char *headers)
{
	int fd = dial();
	say(fd, "GET /live HTTP/1.1\r\nHost: a\r\n");
	say(fd, headers);
	say(fd, "\r\n");
	assert_has(hear(fd, "retry: 2000", NULL), "Content-Type: text/event-stream\r\n");
	return fd;
}

static void a_stream_hears_of_what_others_commit(void **state)
{
	start(state);
	int one = open_stream(""), two = open_stream("Cookie: lang=en\r\n"), gone = open_stream("");
	close(gone);
	const char *text = talk("POST /notes HTTP/1.1\r\n" CLOSE
				"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\ntitle=a");
	assert_has(text, "303");
	assert_has(hear(one, "data: 1 id\n\n", NULL), "\nevent: note\ndata: 1 id\n\n");
	assert_has(hear(two, "data: 1 en\n\n", NULL), "\nevent: note\ndata: 1 en\n\n");
	close(one);
	close(two);
	finish();
}

/* So many boards get their rounds apart: what is published meanwhile comes with the next, to each of them. */
static void many_boards_hear_of_everything_in_rounds(void **state)
{
	enum { BOARDS = 150 };
	int fds[BOARDS];
	w.streams_max = BOARDS;
	start(state);
	for (size_t i = 0; i < BOARDS; i++)
		fds[i] = open_stream("");
	static const char *const notes[] = { "7\r\n\r\ntitle=a", "8\r\n\r\ntitle=bb", "9\r\n\r\ntitle=ccc" };
	for (size_t i = 0; i < COUNT(notes); i++) {
		int fd = dial();
		say(fd, "POST /notes HTTP/1.1\r\n" CLOSE "Content-Type: application/x-www-form-urlencoded\r\n"
			"Content-Length: ");
		say(fd, notes[i]);
		assert_has(hear(fd, NULL, NULL), "303");
		close(fd);
	}
	for (size_t i = 0; i < BOARDS; i++) {
		const char *text = hear(fds[i], "data: 3 id\n\n", NULL);
		assert_has(text, "data: 1 id\n\n");
		assert_has(text, "data: 2 id\n\n");
		close(fds[i]);
	}
	finish();
	w.streams_max = STREAMS_MAX;
}

/* With a board open, requests that would hold it up for long wait for a further turn; they are answered all the same. */
static void many_slow_requests_are_all_answered_beside_a_board(void **state)
{
	start(state);
	int board = open_stream(""), fds[30];
	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = dial();
		say(fds[i], "GET /slow HTTP/1.1\r\n" CLOSE "\r\n");
	}
	close(fds[29]); /* one does not wait for it */
	for (size_t i = 0; i < COUNT(fds) - 1; i++) {
		assert_has(hear(fds[i], NULL, NULL), "slowly");
		close(fds[i]);
	}
	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = dial();
		say(fds[i], "GET /slow HTTP/1.1\r\n" CLOSE "\r\n");
	}
	kill(w.worker, SIGTERM);
	hear(board, "\r\n0\r\n\r\n", NULL);
	close(board);
	finish();
	for (size_t i = 0; i < COUNT(fds); i++)
		close(fds[i]);
}

static void streams_have_a_limit_and_end_when_the_worker_does(void **state)
{
	start(state);
	int fds[10];
	for (size_t i = 0; i < COUNT(fds); i++)
		fds[i] = open_stream("");
	assert_has(talk("GET /live HTTP/1.1\r\n" CLOSE "\r\n"), "503");
	kill(w.worker, SIGTERM);
	for (size_t i = 0; i < COUNT(fds); i++) {
		hear(fds[i], "\r\n0\r\n\r\n", NULL);
		close(fds[i]);
	}
	finish();
}

static void a_worker_that_is_told_to_end_answers_first(void **state)
{
	start(state);
	kill(w.hasher, SIGSTOP);
	int fd = dial();
	say(fd, key_request("late"));
	assert_has(talk("GET / HTTP/1.1\r\n" CLOSE "\r\n"), "200 OK"); /* the other is waiting by now */
	kill(w.worker, SIGTERM);
	kill(w.hasher, SIGCONT);
	assert_has(hear(fd, NULL, NULL), " different");
	close(fd);
	finish();
}

static void a_request_that_trickles_in_forever_is_hung_up_on(void **state)
{
	start(state);
	int slow = dial(), idle = dial();
	int64_t began = clock_monotonic_ms();
	struct pollfd p = { .fd = slow, .events = POLLIN };
	say(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_has(hear(idle, "home of nobody in 31.71", NULL), "200 OK");
	while (poll(&p, 1, 100) == 0 && clock_monotonic_ms() - began < WAIT_MS)
		if (send(slow, "G", 1, MSG_NOSIGNAL) != 1)
			break;
	assert_true(clock_monotonic_ms() - began < WAIT_MS);
	assert_true(clock_monotonic_ms() - began >= PATIENCE_MS);
	close(slow);
	close(idle);
	finish();
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	const struct testdb_case cases[] = {
		TESTDB(every_answer_carries_the_headers_that_protect),
		TESTDB(one_connection_serves_many_requests),
		TESTDB(a_form_may_come_in_pieces),
		TESTDB(too_large_a_body_is_refused_in_words),
		TESTDB(nonsense_is_answered_or_hung_up_on_and_the_worker_lives),
		TESTDB(headers_have_a_limit),
		TESTDB(long_texts_are_compressed_unless_that_would_tell),
		TESTDB(files_are_kept_by_browsers_for_good),
		TESTDB(slow_work_is_done_elsewhere_and_the_handler_runs_again),
		TESTDB(a_visitor_who_leaves_while_waiting_harms_nobody),
		TESTDB(a_stream_hears_of_what_others_commit),
		TESTDB(many_boards_hear_of_everything_in_rounds),
		TESTDB(many_slow_requests_are_all_answered_beside_a_board),
		TESTDB(streams_have_a_limit_and_end_when_the_worker_does),
		TESTDB(a_worker_that_is_told_to_end_answers_first),
		TESTDB(a_request_of_which_the_end_is_unclear_is_refused),
		TESTDB(one_network_does_not_hold_all_connections),
		TESTDB(a_proxy_of_ours_may_hold_many),
		TESTDB(a_request_that_trickles_in_forever_is_hung_up_on),
	};
	return testdb_run("http_server", cases, COUNT(cases), NULL, 0);
}
