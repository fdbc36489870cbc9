/* http_worker.h - a worker on a real port with the little product, and a hasher beside it, spoken to over sockets. */
#ifndef ADEM_TESTS_WORKER_H
#define ADEM_TESTS_WORKER_H
#include "../whole/testdb.h"

enum { WAIT_MS = 10000, PATIENCE_MS = 1500, STREAMS_MAX = 10, WAITING_MAX = 30 };

extern struct little_worker {
	int listen_fd, port;
	pid_t worker, hasher;
	int hash_fds[2], wake_fd;
	struct vault *vault;
	struct db *parents;  /* the connection that a worker inherits and does not use */
	int64_t streams_max; /* of the next worker; 0: STREAMS_MAX */
	const char *trust;   /* proxies of the next worker; NULL: none */
} w;

void start(void **state);
void finish(void);
int dial(void);
void say(int fd, const char *text);
/* What comes until the peer ends, PIECE has come, or time is over. Kept until the next call. */
__attribute__((returns_nonnull)) const char *hear(int fd, const char *piece, size_t *bytes);
/* One request on a connection of its own. */
__attribute__((returns_nonnull)) const char *talk(const char *request);
void assert_has(const char *text, const char *piece);

#define CLOSE "Host: adem.example\r\nConnection: close\r\n"
#endif
