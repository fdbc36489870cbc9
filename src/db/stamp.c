#include "db/stamp.h"
#include "base/clock.h"
#include "db/lock.h"
#include <fcntl.h>
#include <unistd.h>

static const char magic[8] = "stamp-1";

enum {
	AT = 64, /* in FILE.lock, behind the bytes that are locked */
	LOOK_WAIT_MS = 1000,
	SALT_AT = 32, /* in the index of the log, which SQLite describes as "WAL-Index File Format" */
	MOVED_AT = 96,
};

static char *beside(const char *file, const char *suffix)
{
	char *path;
	if (asprintf(&path, "%s%s", file, suffix) < 0)
		abort();
	return path;
}

void stamp_init(struct stamp_files *f, const char *file, int lock)
{
	*f = (struct stamp_files){
		.file = file, .log = beside(file, "-wal"), .index = beside(file, "-shm"), .lock = lock
	};
	f->file_fd = f->index_fd = -1;
}

static bool is(const char *path, struct stamp_file *to, int64_t *written_ns)
{
	struct stat st;
	*to = (struct stamp_file){ 0 };
	if (stat(path, &st) != 0)
		return false;
	*to = (struct stamp_file){ st.st_dev, st.st_ino, st.st_size };
	if (written_ns)
		*written_ns = st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec;
	return true;
}

static bool same(const struct stamp_file *a, const struct stamp_file *b)
{
	return a->device == b->device && a->inode == b->inode;
}

/* What stat() tells. */
static void see(const struct stamp_files *f, struct stamp *now)
{
	is(f->file, &now->file, &now->written_ns);
	is(f->log, &now->log, NULL);
	is(f->index, &now->index, NULL);
}

/* What stands in the files. */
static void read_deep(const struct stamp_files *f, struct stamp *now)
{
	enum { SALT_BYTES = 8, COUNT_BYTES = STAMP_INDEX_BYTES - SALT_BYTES };
	bool whole = f->index_fd >= 0 && pread(f->index_fd, now->moved, SALT_BYTES, SALT_AT) == SALT_BYTES &&
		     pread(f->index_fd, now->moved + SALT_BYTES, COUNT_BYTES, MOVED_AT) == COUNT_BYTES;
	if (!whole)
		memset(now->moved, 0, sizeof now->moved);
	if (f->file_fd < 0 || pread(f->file_fd, now->head, sizeof now->head, 0) != sizeof now->head)
		memset(now->head, 0, sizeof now->head);
}

static bool noted(const struct stamp_files *f, struct stamp *to)
{
	return pread(f->lock, to, sizeof *to, AT) == sizeof *to && memcmp(to->magic, magic, sizeof magic) == 0;
}

static bool is_written(const struct stamp *was, const struct stamp *now)
{
	return was->file.size != now->file.size || was->written_ns != now->written_ns;
}

/* What is to be thought of NOW, of which only stat() was asked. */
static enum stamp_verdict judge(const struct stamp *was, const struct stamp *now)
{
	if (!same(&was->file, &now->file))
		return STAMP_MOVED;
	if (is_written(was, now))
		return STAMP_OVERWRITTEN;
	bool whole = same(&was->log, &now->log) && same(&was->index, &now->index) && was->log.size <= now->log.size &&
		     was->index.size <= now->index.size;
	return whole ? STAMP_OURS : STAMP_LOG_GONE;
}

/* With the write lock held, and what is in the files read: SQLite may have moved the log, and cut it off. */
static enum stamp_verdict judge_deep(const struct stamp *was, const struct stamp *now)
{
	enum stamp_verdict v = judge(was, now);
	bool files = same(&was->log, &now->log) && same(&was->index, &now->index);
	bool moved = memcmp(was->moved, now->moved, sizeof now->moved) != 0;
	return v != STAMP_MOVED && files && moved ? STAMP_OURS : v;
}

static struct stamp take(const struct stamp_files *f)
{
	struct stamp now = { 0 };
	memcpy(now.magic, magic, sizeof magic);
	see(f, &now);
	read_deep(f, &now);
	return now;
}

/* A note that cannot be written (the disk is full at the very first) is missing, and nobody is accused. */
static void write_down(const struct stamp_files *f, const struct stamp *now)
{
	if (pwrite(f->lock, now, sizeof *now, AT) != sizeof *now)
		(void)!ftruncate(f->lock, 0);
}

enum stamp_verdict stamp_join(struct stamp_files *f)
{
	struct stamp was, now;
	f->file_fd = open(f->file, O_RDONLY | O_CLOEXEC);
	f->index_fd = open(f->index, O_RDONLY | O_CLOEXEC);
	f->joined = true;
	now = take(f);
	if (lock_join(f->lock)) {
		write_down(f, &now);
		return STAMP_OURS;
	}
	return noted(f, &was) ? judge_deep(&was, &now) : STAMP_OURS;
}

enum stamp_verdict stamp_look(struct stamp_files *f, bool holds)
{
	struct stamp was, now = { 0 };
	if (!f->joined || !noted(f, &was))
		return STAMP_OURS;
	see(f, &now);
	if (judge(&was, &now) == STAMP_OURS)
		return STAMP_OURS;
	if (!holds && !lock_take(f->lock, LOOK_WAIT_MS))
		return STAMP_OURS; /* who has it looks as well */
	now = take(f);
	enum stamp_verdict v = noted(f, &was) ? judge_deep(&was, &now) : STAMP_OURS;
	if (!holds)
		lock_release(f->lock);
	return v;
}

void stamp_note(struct stamp_files *f)
{
	struct stamp was, now;
	if (!f->joined)
		return;
	now = take(f);
	if (!noted(f, &was) || (memcmp(&was, &now, sizeof now) != 0 && judge_deep(&was, &now) == STAMP_OURS))
		write_down(f, &now);
}

void stamp_note_rescue(struct stamp_files *f)
{
	struct stamp was, now = take(f);
	if (!noted(f, &was))
		return;
	was.file = now.file;
	was.written_ns = now.written_ns;
	memcpy(was.head, now.head, sizeof was.head);
	write_down(f, &was);
}

void stamp_close(struct stamp_files *f)
{
	if (!f->file)
		return;
	if (f->file_fd >= 0)
		close(f->file_fd);
	if (f->index_fd >= 0)
		close(f->index_fd);
	free(f->log);
	free(f->index);
	*f = (struct stamp_files){ 0 };
}

const char *stamp_words(enum stamp_verdict v)
{
	switch (v) {
	case STAMP_LOG_GONE: return "its -wal or -shm was removed while Adem ran; stop Adem before that";
	case STAMP_OVERWRITTEN: return "it was overwritten while Adem ran; stop Adem before that";
	case STAMP_MOVED: return "another file is in its place, or none; stop Adem before that";
	case STAMP_OURS: break;
	}
	return "";
}

/* Whether FILE begins as it was noted; the log is renamed when it does not. */
static void put_log_aside(const struct stamp_files *f, char *aside, size_t aside_size)
{
	struct stamp was, now = take(f);
	if (!noted(f, &was) || now.log.size == 0 || memcmp(was.head, now.head, sizeof now.head) == 0)
		return;
	snprintf(aside, aside_size, "%s.left-%" PRId64, f->log, clock_now_ms());
	if (rename(f->log, aside) != 0)
		aside[0] = 0;
}

enum stamp_verdict stamp_watch(const char *file, int *lock, char *aside, size_t aside_size)
{
	struct stamp_files f;
	char *path = beside(file, ".lock");
	enum stamp_verdict v = STAMP_OURS;
	if (*lock < 0)
		*lock = lock_open(path);
	free(path);
	aside[0] = 0;
	if (*lock < 0 || !lock_has_joined(*lock))
		return STAMP_OURS;
	stamp_init(&f, file, *lock);
	f.file_fd = open(file, O_RDONLY | O_CLOEXEC);
	f.index_fd = open(f.index, O_RDONLY | O_CLOEXEC);
	f.joined = true;
	v = stamp_look(&f, false);
	/* Who closes it last moves the log into it and removes that, and is still among those who have it open until then. */
	if (v != STAMP_MOVED && !lock_has_joined(*lock))
		v = STAMP_OURS;
	if (v == STAMP_OVERWRITTEN)
		put_log_aside(&f, aside, aside_size);
	stamp_close(&f);
	return v;
}
