#include "http/hasher.h"
#include "base/clock.h"
#include "vault/hash.h"
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FDS_MAX = 64, TICK_S = 1 };

static bool serve_one(struct vault *v, int fd)
{
	struct hasher_packet p;
	ssize_t n = recv(fd, &p, sizeof p, 0);
	if (n == 0)
		return false;
	if (n != (ssize_t)sizeof p)
		return n < 0 && (errno == EINTR || errno == EAGAIN);
	p.work.failed = !vault_password_key(
		v, (struct str){ p.work.password, p.work.password_n }, p.work.salt, p.work.cost, p.work.key);
	p.work.done = true;
	vault_wipe(p.work.password, sizeof p.work.password);
	bool sent = send(fd, &p, sizeof p, MSG_NOSIGNAL) == (ssize_t)sizeof p;
	vault_wipe(&p, sizeof p);
	return sent;
}

void hasher_run(
	struct vault *v, const int *fds, size_t fds_count, const volatile sig_atomic_t *stop, int64_t *alive_until_ms)
{
	struct pollfd waits[FDS_MAX];
	size_t open_count = fds_count;
	sigset_t none; /* signals come while it waits and at no other time */
	assert(fds_count <= FDS_MAX);
	sigemptyset(&none);
	for (size_t i = 0; i < fds_count; i++)
		waits[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	while (open_count > 0) {
		clock_say_alive(alive_until_ms);
		struct timespec wait = { .tv_sec = *stop ? 0 : TICK_S };
		int asked = ppoll(waits, fds_count, &wait, &none);
		if ((asked < 0 && errno != EINTR) || (asked == 0 && *stop))
			return;
		for (size_t i = 0; i < fds_count && asked > 0; i++) {
			if (waits[i].fd < 0 || !(waits[i].revents & (POLLIN | POLLHUP | POLLERR)))
				continue;
			clock_say_alive(alive_until_ms); /* one password takes long, sixty-four take very long */
			if (serve_one(v, waits[i].fd))
				continue;
			waits[i].fd = -1;
			open_count--;
		}
	}
}
