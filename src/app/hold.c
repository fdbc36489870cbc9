#include "app/hold.h"
#include "app/place.h"
#include "base/log.h"
#include "db/stamp.h"
#include "os/supervisor.h"
#include "vault/vault.h"
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
	const struct vault *vault;
	const char *pepper_fault;
	bool *pepper_away; /* shared with the workers */
} held = {
	.locks = {-1, -1},
          .stamp_lock = -1
};

/* A directory that cannot be written holds a database elsewhere, if any. */
static bool lock(const char *path, int makes, const char *what, int *fd)
{
	*fd = open(path, O_RDWR | O_CLOEXEC | makes, 0600);
	if (*fd < 0 && errno == EROFS)
		return true;
	if (*fd < 0) {
		fprintf(stderr, "adem: %s: %s\n", path, strerror(errno));
		return false;
	}
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	fprintf(stderr, "adem: %s: another \"adem serve\" runs on this %s: stop it first\n", path, what);
	return false;
}

/* The file itself is locked, by whatever name it was found: another directory, a link of either kind. SQLite's own locks on it
 * are of another sort. */
bool hold_alone(struct program *p)
{
	const char *file = place_file(p);
	return lock(config_path(p->mem, &p->cfg, S("serve.lock")).p, O_CREAT, "directory", &held.locks[0]) &&
	       (!file || lock(file, 0, "database", &held.locks[1]));
}

/* What is wrong with the file of the pepper; NULL when it is the one that the program has in memory. */
static const char *fault_of_pepper(void)
{
	uint8_t now[VAULT_FINGERPRINT_BYTES], was[VAULT_FINGERPRINT_BYTES];
	const char *why = NULL;
	if (access(held.pepper, F_OK) != 0)
		return "it is not there any more";
	struct vault *vault = vault_open(held.pepper, false, &why);
	if (!vault)
		return why;
	vault_fingerprint(vault, now);
	vault_fingerprint(held.vault, was);
	vault_close(vault);
	return memcmp(now, was, sizeof now) == 0 ? NULL : "another one is in its place";
}

/* The program has the key in memory and goes on, but it cannot start again without it. */
static void look_for_pepper(void)
{
	const char *fault = fault_of_pepper();
	if (fault && !held.pepper_fault)
		log_error("pepper_away",
			"file=\"%s\" fault=\"%s\" why=\"the next start will fail; put the copy of it in its place\"",
			held.pepper, fault);
	held.pepper_fault = fault;
	if (held.pepper_away)
		__atomic_store_n(held.pepper_away, fault != NULL, __ATOMIC_RELAXED);
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

/* The folder of PATH, in MEM. */
static const char *folder_of(struct arena *mem, const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? arena_str(mem, (struct str){ path, slash == path ? 1 : (size_t)(slash - path) }).p : ".";
}

void hold_watch(struct program *p, bool *pepper_away)
{
	const char *data = arena_str(p->mem, p->cfg.data).p, *folder = place_folder(p);
	const uint32_t events = IN_CREATE | IN_DELETE | IN_MOVE | IN_MOVE_SELF | IN_DELETE_SELF | IN_CLOSE_WRITE;
	held.pepper = config_path(p->mem, &p->cfg, p->cfg.pepper_file).p;
	held.vault = p->vault;
	held.pepper_away = pepper_away;
	held.file = place_file(p);
	if (held.file && stat(held.file, &held.was) != 0)
		held.file = NULL;
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	const char *const watched[] = { data, folder_of(p->mem, held.pepper), folder };
	bool good = fd >= 0;
	for (size_t i = 0; i < COUNT(watched) && good; i++)
		good = !watched[i] || inotify_add_watch(fd, watched[i], events) >= 0;
	if (!good)
		log_warn("database_not_watched", "why=\"%s\"", strerror(errno));
	if (fd >= 0)
		supervisor_watch(fd, is_lost);
}
