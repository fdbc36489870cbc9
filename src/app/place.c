#include "app/place.h"
#include "base/log.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static const char old_name[] = "adem.db", new_file[] = "sqlite:db/adem.db";

/* The file of an embedded database; p == NULL when it is on a server. */
static struct str file_of(const struct program *p)
{
	struct str kind = S("sqlite:"), where = p->cfg.database;
	if (!str_starts(where, kind))
		return (struct str){ 0 };
	return config_path(p->mem, &p->cfg, (struct str){ where.p + kind.n, where.n - kind.n });
}

struct str place_of_database(const struct program *p)
{
	struct str file = file_of(p);
	return file.p ? arena_printf(p->mem, "sqlite:%.*s", STR_ARG(file)) : p->cfg.database;
}

static struct str folder_of(const struct program *p, struct str file)
{
	while (file.n > 1 && file.p[file.n - 1] != '/')
		file.n--;
	return arena_str(p->mem, file);
}

const char *place_file(const struct program *p)
{
	return file_of(p).p;
}

const char *place_folder(const struct program *p)
{
	struct str file = file_of(p);
	return file.p ? folder_of(p, file).p : NULL;
}

static bool there(const char *path)
{
	return access(path, F_OK) == 0;
}

/* What a copy leaves that ended on a full disk: SQLite takes it for a new database. */
static bool is_empty(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && st.st_size == 0;
}

static bool failed(const char *path)
{
	fprintf(stderr, "adem: %s: %s\n", path, strerror(errno));
	return false;
}

static bool sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return synced || failed(path);
}

/* Whoever closes a database last moves what is in its write-ahead log into it and removes that. False: somebody else has
 * it open, or it cannot be opened. */
static bool settle(struct program *p, const char *file)
{
	struct ctx c = { .mem = arena_new(4096) };
	bool opened = db_connect(&c, arena_printf(p->mem, "sqlite:%s", file), &c.db) == OK;
	if (opened)
		db_close(c.db);
	else
		program_failed(&c);
	arena_free(c.mem);
	if (opened && there(arena_printf(p->mem, "%s-wal", file).p)) {
		fprintf(stderr, "adem: %s is to be moved to the folder db, but a program has it open: stop it first\n",
			file);
		return false;
	}
	return opened;
}

static int is_copy(const struct dirent *e)
{
	return str_starts(str_of(e->d_name), S("adem.db.before-"));
}

/* Copies that were made before older migrations go along. */
static bool move_copies(const struct program *p, const char *to)
{
	const char *from = arena_str(p->mem, p->cfg.data).p;
	struct dirent **copies = NULL;
	int count = scandir(from, &copies, is_copy, alphasort);
	bool good = count >= 0;
	for (int i = 0; i < count; i++) {
		good = good && rename(arena_printf(p->mem, "%s/%s", from, copies[i]->d_name).p,
				       arena_printf(p->mem, "%s%s", to, copies[i]->d_name).p) == 0;
		free(copies[i]);
	}
	free(copies);
	return good || failed(from);
}

static bool move(struct program *p, const char *old, const char *file)
{
	const char *data = arena_str(p->mem, p->cfg.data).p, *folder = place_folder(p);
	if (!settle(p, old) || !move_copies(p, folder))
		return false;
	unlink(arena_printf(p->mem, "%s.lock", old).p);
	if (rename(old, file) != 0)
		return failed(old);
	log_say("moved %s to %s, the only folder that workers may write to", old, file);
	return sync_folder(folder) && sync_folder(data);
}

bool place_may_make(const struct program *p)
{
	const char *file = file_of(p).p, *pepper = config_path(p->mem, &p->cfg, p->cfg.pepper_file).p;
	if (!file || p->new_database || !there(pepper) || (there(file) && !is_empty(file)))
		return true;
	fprintf(stderr,
		"adem: %s is %s, and %s shows that there was a database: put its copy there (is its disk mounted?). "
		"Who wants a new, empty one says \"adem migrate --new-database\"\n",
		file, there(file) ? "empty" : "missing", pepper);
	return false;
}

bool place_prepare(struct program *p, bool makes)
{
	const char *file = file_of(p).p, *folder = place_folder(p);
	if (!file || !folder)
		return true;
	const char *old = config_path(p->mem, &p->cfg, str_of(old_name)).p;
	bool left_behind = str_is(p->cfg.database, new_file) && there(old) && !there(file);
	if (left_behind && !makes) {
		fprintf(stderr, "adem: the database is still at %s: run \"adem migrate\", which moves it to %s\n", old,
			file);
		return false;
	}
	if (!makes && !there(file) && errno == ENOENT) {
		fprintf(stderr,
			"adem: there is no database at %s: put its copy back there if there was one; \"adem migrate\" "
			"makes "
			"a new one\n",
			file);
		return false;
	}
	if (!makes && is_empty(file)) {
		fprintf(stderr,
			"adem: the database at %s is empty: put its copy there; \"adem migrate --new-database\" makes "
			"a new one\n",
			file);
		return false;
	}
	if (makes && !left_behind && !place_may_make(p))
		return false;
	if (makes && mkdir(folder, 0700) != 0 && errno != EEXIST)
		return failed(folder);
	return !left_behind || move(p, old, file);
}

/* Whether FILE lies in or below FOLDER; both are made free of links first. What is not there lies nowhere. */
static bool is_below(const char *file, const char *folder)
{
	char a[PATH_MAX], b[PATH_MAX];
	if (!realpath(file, a) || !realpath(folder, b))
		return false;
	size_t n = strlen(b);
	return strncmp(a, b, n) == 0 && (a[n] == '/' || b[n - 1] == '/');
}

bool place_is_apart(const struct program *p)
{
	const char *folder = place_folder(p);
	struct str config = p->cfg.config.n ? arena_str(p->mem, p->cfg.config)
					    : config_path(p->mem, &p->cfg, S("adem.conf"));
	const char *const apart[] = { config_path(p->mem, &p->cfg, p->cfg.pepper_file).p, config.p };
	for (size_t i = 0; folder && i < COUNT(apart); i++) {
		if (!is_below(apart[i], folder))
			continue;
		fprintf(stderr,
			"adem: %s lies in the folder of the database, which workers may write to. Give the database a "
			"folder of its own: without the setting database it is DATA/db, and \"adem migrate\" moves it "
			"there\n",
			apart[i]);
		return false;
	}
	return true;
}
