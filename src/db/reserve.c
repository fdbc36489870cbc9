#include "db/reserve.h"
#include "base/log.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const int64_t NEARLY_NONE_BYTES = 4 << 20, MIB = 1 << 20, NONE_BYTES = 128 << 10;

/* Bytes that may still be written on the disk of PATH; INT64_MAX when that cannot be said. */
static int64_t free_bytes(const char *path)
{
	struct statvfs disk;
	if (statvfs(path, &disk) != 0)
		return INT64_MAX;
	return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
}

bool reserve_release(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct stat st;
	bool had = fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0 && ftruncate(fd, 0) == 0;
	if (fd >= 0)
		close(fd);
	if (had)
		log_error("disk_full", "given_back_mib=%" PRId64, (int64_t)st.st_size / MIB);
	return had;
}

/* Bytes of the file that the disk has given: a file that was copied or made longer may have holes. */
static int64_t given(const struct stat *st)
{
	enum { BLOCK_BYTES = 512 };
	return (int64_t)st->st_blocks * BLOCK_BYTES;
}

/* Whether BYTES more leave half as much again. */
static bool has_room(int64_t left, int64_t more, int64_t bytes)
{
	return left - more >= bytes / 2;
}

/* Why there is no room for BYTES, MISSING of which are to be taken yet. */
static const char *lack(const char *path, int64_t missing, int64_t bytes)
{
	struct statvfs disk;
	bool small = statvfs(path, &disk) == 0 &&
		     !has_room((int64_t)disk.f_blocks * (int64_t)disk.f_frsize, missing, bytes);
	return small ? "the disk is too small for the reserve" : "the disk is too full for the reserve";
}

static void say_not_kept(int64_t bytes, int64_t left, const char *why)
{
	static bool said;
	if (why && !said)
		log_error("reserve_not_kept",
			"wanted_mib=%" PRId64 " free_mib=%" PRId64 " why=\"%s; reports that are not urgent are refused "
			"until there is room, or disk_reserve_mib is less\"",
			bytes / MIB, left / MIB, why);
	said = why != NULL;
}

/* Makes the open file BYTES long, without holes. NULL, or why not. */
static const char *fill(int fd, int64_t bytes)
{
	int failed = posix_fallocate(fd, 0, (off_t)bytes);
	if (failed == 0) {
		log_info("reserve_kept", "mib=%" PRId64, bytes / MIB);
		return NULL;
	}
	return ftruncate(fd, 0) == 0 ? strerror(failed) : strerror(errno);
}

/* Makes the open file, which is at PATH, BYTES long, or gives it back. */
static void keep(int fd, const char *path, int64_t bytes)
{
	struct stat st;
	if (fstat(fd, &st) != 0) {
		say_not_kept(bytes, 0, strerror(errno));
		return;
	}
	int64_t left = free_bytes(path), missing = bytes - given(&st);
	if (st.st_size > 0 && left < bytes / 4)
		(void)reserve_release(path);
	else if (st.st_size >= bytes && missing <= 0)
		say_not_kept(bytes, left, NULL);
	else
		say_not_kept(
			bytes, left, has_room(left, missing, bytes) ? fill(fd, bytes) : lack(path, missing, bytes));
}

/* The file at PATH. Where there is none, a new one at MADE: an empty file at PATH says that room is short, so it comes
 * there when it is as long as it will be. */
static int open_or_make(const char *path, char made[PATH_MAX], bool *is_new)
{
	*is_new = access(path, F_OK) != 0 && errno == ENOENT && snprintf(made, PATH_MAX, "%s.new", path) < PATH_MAX;
	return open(*is_new ? made : path, O_RDWR | O_CLOEXEC | (*is_new ? O_CREAT | O_TRUNC : 0), 0600);
}

void reserve_keep(const char *path, int64_t bytes)
{
	char made[PATH_MAX];
	bool is_new;
	if (bytes == 0) {
		(void)unlink(path);
		return;
	}
	int fd = open_or_make(path, made, &is_new);
	if (fd < 0) {
		say_not_kept(bytes, 0, strerror(errno));
		return;
	}
	keep(fd, is_new ? made : path, bytes);
	if (is_new && rename(made, path) != 0)
		say_not_kept(bytes, 0, strerror(errno));
	close(fd);
}

bool reserve_fits(const char *path, int64_t bytes, int64_t *left)
{
	struct stat st = { 0 };
	char *folder = strdup(path), *slash = folder ? strrchr(folder, '/') : NULL;
	if (!folder)
		abort();
	if (slash)
		*slash = 0;
	bool there = stat(path, &st) == 0;
	*left = free_bytes(there || !slash ? path : folder);
	free(folder);
	int64_t missing = bytes - given(&st);
	return missing <= 0 || has_room(*left, missing, bytes);
}

bool reserve_disk_is_full(const char *path)
{
	return free_bytes(path) < NONE_BYTES;
}

enum db_room reserve_room(const char *path)
{
	struct stat st;
	if (stat(path, &st) != 0 || st.st_size > 0)
		return DB_ROOM_PLENTY;
	return free_bytes(path) < NEARLY_NONE_BYTES ? DB_ROOM_NONE : DB_ROOM_TIGHT;
}
