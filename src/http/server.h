/* server.h - the loop of one web worker: connections (libmicrohttpd, one thread), the router, slow work, live pages. */
#ifndef ADEM_HTTP_SERVER_H
#define ADEM_HTTP_SERVER_H
#include "http/live.h"
#include "http/router.h"
#include "http/shares.h"
#include <signal.h>

struct server_settings {
	const struct router *router;
	struct db *db; /* the worker's own connection */
	struct vault *vault;
	int listen_fd;
	struct shares *shares; /* with the workers at the same socket; NULL: there are none */
	size_t number;         /* of this worker among them */
	int hasher_fd;         /* SOCK_SEQPACKET to a hasher process (hasher.h); -1: hash in the loop (tests) */
	int wake_fd;           /* an eventfd that siblings write to; -1: none */
	void (*wake_siblings)(void);
	int ready_fd; /* a byte is written when the worker answers; -1: nobody asks */
	live_render_fn live_render;
	live_viewer_fn live_viewer;
	int64_t streams_max;     /* open live pages */
	int64_t slow_max;        /* requests that wait for a hasher; more are asked to try again */
	int64_t patience_ms;     /* for a request to come in whole; 0: a minute and a half */
	size_t waiting_max;      /* connections of one network without a request; 0: 256 */
	int64_t *alive_until_ms; /* said in each turn of the loop, see clock_say_alive(); NULL: nobody watches */
	const volatile sig_atomic_t *stop; /* becomes non-zero when the worker is to end */
};

/* Serves until *stop, then finishes what is under way (five seconds at most). False when it could not start. */
bool server_run(const struct server_settings *s);
#endif
