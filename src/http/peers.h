/* peers.h - within src/http: connections that are open, so that one which trickles its request in forever does not stay. */
#ifndef ADEM_HTTP_PEERS_H
#define ADEM_HTTP_PEERS_H
#include <microhttpd.h>
#include "base/base.h"

struct peer {
	struct peer *next, *prev;
	int fd;
	int64_t since_ms; /* when it began, or was last answered */
	bool asked;       /* a whole request is here: the time is ours */
};

struct peers {
	struct peer *first;
};

/* For MHD_OPTION_NOTIFY_CONNECTION. */
void peers_on_connection(void *peers, struct MHD_Connection *connection, void **socket_context,
	enum MHD_ConnectionNotificationCode code);
/* A whole request has come in, or (ASKED false) was answered. */
void peers_mark(struct MHD_Connection *connection, bool asked, int64_t now_ms);
/* Hangs up on those that had PATIENCE_MS for a request and did not finish it. Idle ones MHD closes by itself. */
void peers_hang_up(struct peers *p, int64_t now_ms, int64_t patience_ms);
#endif
