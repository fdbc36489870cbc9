#include "app/copies.h"
#include "base/clock.h"
#include "base/log.h"
#include <dirent.h>
#include <limits.h>
#include <unistd.h>

static const char *belongs_to;

/* When the copy called NAME was made, FILE.before-NNNN-MILLISECONDS; -1: it is none. */
static int64_t made_ms(const char *base, const char *name)
{
	struct str rest = str_of(name), step;
	struct str start = str_of(base), word = S(".before-");
	int64_t number, ms;
	if (!str_starts(rest, start))
		return -1;
	rest = (struct str){ rest.p + start.n, rest.n - start.n };
	if (!str_starts(rest, word))
		return -1;
	rest = (struct str){ rest.p + word.n, rest.n - word.n };
	bool good = str_cut(&rest, '-', &step) && str_to_i64(step, 0, INT64_MAX, &number) &&
		    str_to_i64(rest, 0, INT64_MAX, &ms);
	return good ? ms : -1;
}

static int may_be_copy(const struct dirent *e)
{
	return strstr(e->d_name, ".before-") != NULL;
}

/* Removes the copy NAME in FOLDER. */
static void remove_copy(const char *folder, const char *name)
{
	char path[2 * PATH_MAX];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	if (unlink(path) == 0)
		log_info("copy_removed", "file=\"%s\" why=\"made before an upgrade, more than a week ago\"", name);
	else
		log_error("copy_not_removed", "file=\"%s\" why=\"%s\"", name, strerror(errno));
}

/* Counts the copies of FILE, and removes those that were made before BEFORE_MS. */
static struct copies walk(const char *file, int64_t before_ms)
{
	struct copies found = { 0 };
	struct dirent **all = NULL;
	char folder[PATH_MAX];
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
	snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - file) + 1 : 1, slash ? file : ".");
	int count = scandir(folder, &all, may_be_copy, alphasort);
	for (int i = 0; i < count; i++) {
		int64_t ms = made_ms(base, all[i]->d_name);
		if (ms >= 0 && ms < before_ms) {
			remove_copy(folder, all[i]->d_name);
		} else if (ms >= 0) {
			found.count++;
			found.oldest_ms = found.oldest_ms == 0 || ms < found.oldest_ms ? ms : found.oldest_ms;
		}
		free(all[i]);
	}
	free(all);
	return found;
}

struct copies copies_look(const char *file)
{
	return file ? walk(file, 0) : (struct copies){ 0 };
}

void copies_belong_to(const char *file)
{
	belongs_to = file;
}

enum err copies_forget_job(struct ctx *c, int64_t unused)
{
	(void)unused;
	if (belongs_to)
		walk(belongs_to, c->now_ms - COPIES_KEPT_DAYS * DAY_MS);
	return OK;
}
