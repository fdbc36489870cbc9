/* peers.h - within src/http: connections that are open, so that one which trickles its request in forever does not stay, and so
 * that one network does not hold them all. */
#ifndef ADEM_HTTP_PEERS_H
#define ADEM_HTTP_PEERS_H
#include <microhttpd.h>
#include "http/address.h"

/* Connections of one network that wait for a request, the longest waiting first. */
struct peer_group {
	struct peer_group *next;
	struct address prefix;
	struct peer *first, *last;
	size_t members, waiting;
};

struct peer {
	struct peer *next, *prev; /* of all */
	struct peer_group *group;
	struct peer *later, *earlier; /* in the group, while it waits */
	int fd;
	int64_t since_ms; /* when it began, or was last answered */
	bool asked;       /* a whole request is here: the time is ours */
};

enum { PEER_BUCKETS = 4096, PEERS_WAITING_MAX = 256 };

struct peers {
	struct peer *first;
	struct peer_group *groups[PEER_BUCKETS];
	const struct networks *trusted; /* proxies: all connections are theirs, and they see to slow ones */
	size_t waiting_max;             /* of one network; more make the one hang up that waits longest */
};

/* For MHD_OPTION_NOTIFY_CONNECTION. */
void peers_on_connection(void *peers, struct MHD_Connection *connection, void **socket_context,
	enum MHD_ConnectionNotificationCode code);
/* A whole request has come in, or (ASKED false) was answered. */
void peers_mark(struct peers *p, struct MHD_Connection *connection, bool asked, int64_t now_ms);
/* Hangs up on those that had PATIENCE_MS for a request and did not finish it. Idle ones MHD closes by itself. */
void peers_hang_up(struct peers *p, int64_t now_ms, int64_t patience_ms);
#endif
