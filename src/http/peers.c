#include "http/peers.h"
#include "base/clock.h"
#include <sys/socket.h>

static void add(struct peers *all, struct MHD_Connection *connection, void **context)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct peer *p = calloc(1, sizeof *p);
	if (!p)
		abort();
	*p = (struct peer){ .next = all->first, .fd = info ? info->connect_fd : -1, .since_ms = clock_monotonic_ms() };
	if (all->first)
		all->first->prev = p;
	all->first = p;
	*context = p;
}

static void forget(struct peers *all, struct peer *p)
{
	if (p->prev)
		p->prev->next = p->next;
	else
		all->first = p->next;
	if (p->next)
		p->next->prev = p->prev;
	free(p);
}

void peers_on_connection(
	void *peers, struct MHD_Connection *connection, void **socket_context, enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		add(peers, connection, socket_context);
		return;
	}
	if (*socket_context)
		forget(peers, *socket_context);
	*socket_context = NULL;
}

void peers_mark(struct MHD_Connection *connection, bool asked, int64_t now_ms)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct peer *p = info ? info->socket_context : NULL;
	if (!p)
		return;
	p->asked = asked;
	p->since_ms = now_ms;
}

void peers_hang_up(struct peers *all, int64_t now_ms, int64_t patience_ms)
{
	for (struct peer *p = all->first; p; p = p->next) {
		if (p->asked || p->fd < 0 || now_ms - p->since_ms <= patience_ms)
			continue;
		shutdown(p->fd, SHUT_RDWR); /* MHD then sees that the line is dead and closes it */
		p->fd = -1;
	}
}
