#include "app/hold.h"
#include "app/place.h"
#include "base/log.h"
#include "db/stamp.h"
#include "os/supervisor.h"
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
	int locks[2]; /* stay open, and the locks with them */
	const char *file, *pepper;
	struct stat was;
	int stamp_lock;
	bool pepper_away;
} held = {
	.locks = {-1, -1},
          .stamp_lock = -1
};

/* A directory that cannot be written holds a database elsewhere, if any. */
static bool lock(const char *path, const char *what, int *fd)
{
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0 && errno == EROFS)
		return true;
	if (*fd < 0) {
		fprintf(stderr, "adem: %s: %s\n", path, strerror(errno));
		return false;
	}
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	fprintf(stderr, "adem: %s: another \"adem serve\" runs on this %s\n", path, what);
	return false;
}

bool hold_alone(struct program *p)
{
	const char *file = place_file(p);
	return lock(config_path(p->mem, &p->cfg, S("serve.lock")).p, "directory", &held.locks[0]) &&
	       (!file || lock(arena_printf(p->mem, "%s.serve", file).p, "database", &held.locks[1]));
}

/* The program has the key in memory and goes on, but it cannot start again without it. */
static void look_for_pepper(void)
{
	bool away = access(held.pepper, F_OK) != 0;
	if (away && !held.pepper_away)
		log_error("pepper_away",
			"file=\"%s\" why=\"the next start will fail; put the copy of it in its place\"", held.pepper);
	held.pepper_away = away;
}

/* Why the database is not what it was; NULL when it is. */
static const char *loss(char *aside, size_t aside_size)
{
	struct stat now;
	aside[0] = 0;
	if (stat(held.file, &now) != 0)
		return "it was moved or removed while Adem ran";
	if (now.st_dev != held.was.st_dev || now.st_ino != held.was.st_ino)
		return "another file was put in its place while Adem ran; stop Adem before that";
	enum stamp_verdict v = stamp_watch(held.file, &held.stamp_lock, aside, aside_size);
	return v == STAMP_OURS ? NULL : stamp_words(v);
}

static bool is_lost(void)
{
	char aside[PATH_MAX];
	look_for_pepper();
	const char *why = held.file ? loss(aside, sizeof aside) : NULL;
	if (!why)
		return false;
	log_error("database_replaced", "file=\"%s\" why=\"%s\"", held.file, why);
	if (aside[0])
		log_error("log_put_aside",
			"file=\"%s\" why=\"it holds what was last written to the database that is gone, and would "
			"break the one that is there now\"",
			aside);
	return true;
}

void hold_watch(struct program *p)
{
	const char *data = arena_str(p->mem, p->cfg.data).p, *folder = place_folder(p);
	const uint32_t events = IN_CREATE | IN_DELETE | IN_MOVE | IN_MOVE_SELF | IN_DELETE_SELF | IN_CLOSE_WRITE;
	held.pepper = config_path(p->mem, &p->cfg, p->cfg.pepper_file).p;
	held.file = place_file(p);
	if (held.file && stat(held.file, &held.was) != 0)
		held.file = NULL;
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (fd < 0 || inotify_add_watch(fd, data, events) < 0 || (folder && inotify_add_watch(fd, folder, events) < 0))
		log_warn("database_not_watched", "why=\"%s\"", strerror(errno));
	if (fd >= 0)
		supervisor_watch(fd, is_lost);
}
