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

/* Counts the copies of FILE, and removes those that were made before BEFORE_MS. */
static struct copies walk(const char *file, int64_t before_ms)
{
	struct copies found = { 0 };
	char folder[PATH_MAX];
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
	snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - file) + 1 : 1, slash ? file : ".");
	DIR *d = opendir(folder);
	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		int64_t ms = made_ms(base, e->d_name);
		if (ms < 0)
			continue;
		if (ms < before_ms) {
			bool gone = unlinkat(dirfd(d), e->d_name, 0) == 0;
			if (gone)
				log_info("copy_removed",
					"file=\"%s\" why=\"it was made before an upgrade, more than a week ago\"",
					e->d_name);
			else
				log_error("copy_not_removed", "file=\"%s\" why=\"%s\"", e->d_name, strerror(errno));
			continue;
		}
		found.count++;
		found.oldest_ms = found.oldest_ms == 0 || ms < found.oldest_ms ? ms : found.oldest_ms;
	}
	if (d)
		closedir(d);
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
