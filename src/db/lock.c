#include "db/lock.h"
#include "base/clock.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

enum { TURN, WRITE, JOINED }; /* bytes of the file */

enum { TICK_US = 100000 };

static void on_alarm(int signal)
{
	(void)signal; /* its only work is to end a blocked call */
}

int lock_open(const char *file)
{
	return open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static int change(int fd, int what, short type, int how)
{
	struct flock l = { .l_type = type, .l_whence = SEEK_SET, .l_start = what, .l_len = 1 };
	return fcntl(fd, how, &l);
}

static bool wait_for(int fd, int what, int64_t until_ms)
{
	while (change(fd, what, F_WRLCK, F_OFD_SETLKW) != 0)
		if (errno != EINTR || clock_monotonic_ms() >= until_ms)
			return false;
	return true;
}

/* The timer ticks again and again, so that a tick which comes just before the call blocks is not the last. */
static bool wait_for_both(int fd, int64_t max_ms)
{
	struct sigaction act = { .sa_handler = on_alarm }, before;
	struct itimerval tick = { { 0, TICK_US }, { 0, TICK_US } }, off = { { 0, 0 }, { 0, 0 } };
	int64_t until_ms = clock_monotonic_ms() + max_ms;
	sigaction(SIGALRM, &act, &before);
	setitimer(ITIMER_REAL, &tick, NULL);
	bool turn = wait_for(fd, TURN, until_ms);
	bool got = turn && wait_for(fd, WRITE, until_ms);
	setitimer(ITIMER_REAL, &off, NULL);
	sigaction(SIGALRM, &before, NULL);
	if (turn)
		change(fd, TURN, F_UNLCK, F_OFD_SETLK);
	return got;
}

bool lock_take(int fd, int64_t max_ms)
{
	assert(fd >= 0 && max_ms >= 0);
	if (change(fd, TURN, F_WRLCK, F_OFD_SETLK) != 0)
		return wait_for_both(fd, max_ms);
	if (change(fd, WRITE, F_WRLCK, F_OFD_SETLK) != 0)
		return wait_for_both(fd, max_ms); /* the turn is ours already; taking it again is harmless */
	change(fd, TURN, F_UNLCK, F_OFD_SETLK);
	return true;
}

void lock_release(int fd)
{
	change(fd, WRITE, F_UNLCK, F_OFD_SETLK);
}

bool lock_join(int fd)
{
	bool alone = change(fd, JOINED, F_WRLCK, F_OFD_SETLK) == 0;
	change(fd, JOINED, F_RDLCK, F_OFD_SETLK);
	return alone;
}

bool lock_has_joined(int fd)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = JOINED, .l_len = 1 };
	return fcntl(fd, F_OFD_GETLK, &l) == 0 && l.l_type != F_UNLCK;
}
