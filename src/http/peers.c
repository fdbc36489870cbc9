#include "http/peers.h"
#include "base/clock.h"
#include <sys/socket.h>

static struct peer_group **place_of(struct peers *all, const struct address *prefix)
{
	uint64_t mix = UINT64_C(0xCBF29CE484222325);
	for (size_t i = 0; i < sizeof prefix->bytes; i++)
		mix = (mix ^ prefix->bytes[i]) * UINT64_C(0x100000001B3);
	struct peer_group **at = &all->groups[(mix >> 32) % PEER_BUCKETS];
	while (*at && memcmp(&(*at)->prefix, prefix, sizeof *prefix) != 0)
		at = &(*at)->next;
	return at;
}

static struct peer_group *join(struct peers *all, struct address from)
{
	address_cut(&from);
	struct peer_group **at = place_of(all, &from);
	if (!*at) {
		*at = calloc(1, sizeof **at);
		if (!*at)
			abort();
		(*at)->prefix = from;
	}
	(*at)->members++;
	return *at;
}

static void leave(struct peers *all, struct peer_group *g)
{
	if (--g->members > 0)
		return;
	*place_of(all, &g->prefix) = g->next;
	free(g);
}

static void wait(struct peer *p)
{
	struct peer_group *g = p->group;
	if (!g)
		return;
	p->earlier = g->last;
	p->later = NULL;
	if (g->last)
		g->last->later = p;
	else
		g->first = p;
	g->last = p;
	g->waiting++;
}

static void wait_no_longer(struct peer *p)
{
	struct peer_group *g = p->group;
	if (!g)
		return;
	if (p->earlier)
		p->earlier->later = p->later;
	else
		g->first = p->later;
	if (p->later)
		p->later->earlier = p->earlier;
	else
		g->last = p->earlier;
	p->earlier = p->later = NULL;
	g->waiting--;
}

static void hang_up(struct peer *p)
{
	if (p->fd >= 0)
		shutdown(p->fd, SHUT_RDWR); /* MHD then sees that the line is dead and closes it */
	p->fd = -1;
}

/* Who waits longest loses least: a browser that is done opens another line when it needs one. */
static void make_room(struct peers *all, struct peer_group *g)
{
	if (!g || g->waiting <= all->waiting_max)
		return;
	struct peer *longest = g->first;
	hang_up(longest);
	wait_no_longer(longest);
	leave(all, g);
	longest->group = NULL;
}

static void add(struct peers *all, struct MHD_Connection *connection, void **context)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *other = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct address from = address_of_socket(other ? other->client_addr : NULL);
	struct peer *p = calloc(1, sizeof *p);
	if (!p)
		abort();
	*p = (struct peer){ .next = all->first, .fd = info ? info->connect_fd : -1, .since_ms = clock_monotonic_ms() };
	if (all->first)
		all->first->prev = p;
	all->first = p;
	if (!networks_hold(all->trusted, &from))
		p->group = join(all, from);
	wait(p);
	make_room(all, p->group);
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
	if (!p->asked)
		wait_no_longer(p);
	if (p->group)
		leave(all, p->group);
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

void peers_mark(struct peers *all, struct MHD_Connection *connection, bool asked, int64_t now_ms)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct peer *p = info ? info->socket_context : NULL;
	if (!p)
		return;
	p->since_ms = now_ms;
	if (p->asked == asked)
		return;
	p->asked = asked;
	if (asked) {
		wait_no_longer(p);
	} else {
		wait(p);
		make_room(all, p->group);
	}
}

void peers_hang_up(struct peers *all, int64_t now_ms, int64_t patience_ms)
{
	for (struct peer *p = all->first; p; p = p->next)
		if (!p->asked && now_ms - p->since_ms > patience_ms)
			hang_up(p);
}
