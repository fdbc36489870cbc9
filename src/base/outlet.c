#include "base/outlet.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum how {
	WAITS,       /* a file, or nobody has asked for anything else */
	NEVER_WAITS, /* opened by us, and so set */
	LOOKED_AT,   /* could not be opened again: is there room? */
	SENT,        /* a socket */
};

static struct {
	enum how how;
	bool cut; /* a line was written in part */
} outlets[STDERR_FILENO + 1];

static int64_t alone; /* until there are others */
static int64_t *dropped = &alone;

static enum how make(int fd)
{
	char path[32];
	struct stat st;
	if (fstat(fd, &st) != 0)
		return WAITS;
	if (S_ISSOCK(st.st_mode))
		return SENT;
	if (!S_ISFIFO(st.st_mode) && !isatty(fd))
		return WAITS;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	int again = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool ours = again >= 0 && dup2(again, fd) == fd;
	if (again >= 0)
		close(again);
	return ours ? NEVER_WAITS : LOOKED_AT;
}

void outlet_never_wait(void)
{
	int64_t *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared != MAP_FAILED)
		dropped = shared;
	outlets[STDOUT_FILENO].how = make(STDOUT_FILENO);
	outlets[STDERR_FILENO].how = make(STDERR_FILENO);
}

/* A pipe that says yes has room for a page. */
static bool has_room(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT);
}

static ssize_t put(int fd, const char *p, size_t n)
{
	switch (outlets[fd].how) {
	case SENT: return send(fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	case LOOKED_AT:
		if (has_room(fd))
			break;
		errno = EAGAIN;
		return -1;
	case WAITS:
	case NEVER_WAITS: break;
	}
	return write(fd, p, n);
}

bool outlet_write(int fd, const char *line, size_t n)
{
	assert((fd == STDOUT_FILENO || fd == STDERR_FILENO) && n > 0 && n <= PIPE_BUF);
	if (outlets[fd].cut && put(fd, "\n", 1) == 1)
		outlets[fd].cut = false;
	ssize_t done = outlets[fd].cut ? 0 : put(fd, line, n);
	if (done == (ssize_t)n || (done < 0 && errno != EAGAIN && errno != EWOULDBLOCK))
		return true; /* where nobody can read any more there is nobody to tell either */
	outlets[fd].cut = outlets[fd].cut || done > 0;
	outlet_give_dropped(1);
	return false;
}

int64_t outlet_take_dropped(void)
{
	return __atomic_exchange_n(dropped, 0, __ATOMIC_RELAXED);
}

void outlet_give_dropped(int64_t lines)
{
	__atomic_add_fetch(dropped, lines, __ATOMIC_RELAXED);
}
