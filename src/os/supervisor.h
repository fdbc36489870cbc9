/* supervisor.h - the parent of all processes: forks them, starts a dead one again, passes signals on. It parses nothing and
 * holds no connection to the database. */
#ifndef ADEM_OS_SUPERVISOR_H
#define ADEM_OS_SUPERVISOR_H
#include "base/str.h"
#include <signal.h>

enum { CHILDREN_MAX = 96 };

/* For a process without a supervisor: SIGTERM and SIGINT set supervisor_stop, and come only where it waits. */
void supervisor_heed_signals(void);

/* One process. RUN gets ARG and NUMBER and returns the exit status. */
struct child {
	const char *name; /* in the log */
	int (*run)(void *arg, size_t number);
	void *arg;
	size_t number;
	bool last; /* others need it to end well: it is told to stop when they have */
	/* Shared memory in which it says until when (monotonic clock) it is sure to be alive; NULL: it is not watched.
	 * One that is late hangs: it is killed and started again. One that a signal has stopped (SIGSTOP) is after two seconds,
	 * watched or not; who stops it to look at it stops the supervisor first. */
	int64_t *alive_until_ms;
};

/* A child that ends with this status cannot ever do its work: the whole program ends. */
enum { SUPERVISOR_HOPELESS = 3 };

/* Becomes non-zero in a child (and in the supervisor) when it is to end. In a child SIGTERM is blocked: it waits with ppoll() and
 * an empty mask, and looks here afterwards. */
extern volatile sig_atomic_t supervisor_stop;

/* Whether that has the form HOST:PORT, such as "[::1]:8080". */
bool supervisor_address(struct str host_port);
/* A TCP socket that listens on "HOST:PORT" ("[::1]:8080" for IPv6; port 0: a free one), not blocking. WHERE receives the address
 * with the port it got. -1 after a line in the log. */
int supervisor_listen(const char *host_port, char *where, size_t where_size);
/* Forks CHILDREN and watches over them until it is told to stop; then they are told, and killed after seven seconds. One that
 * dies is started again: at once when it had run for a while, otherwise after 1, 2, 4 … 30 seconds. READY is called once, when
 * READY_COUNT bytes have come through READY_FD. Where systemd watches (WATCHDOG_USEC) it hears that the supervisor is alive.
 * Returns the exit status of the program. */
int supervisor_run(const struct child *children, size_t count, int ready_fd, size_t ready_count, void (*ready)(void));
/* Before supervisor_run(): whenever FD can be read it is emptied and LOST() asked. True: what the children work on is gone, and
 * the program ends with status 1. */
void supervisor_watch(int fd, bool (*lost)(void));
/* Tells systemd (NOTIFY_SOCKET) that the program is ready; does nothing without it. */
void supervisor_notify_ready(void);
#endif
