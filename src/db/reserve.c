#include "db/reserve.h"
#include "base/log.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const int64_t NEARLY_NONE_BYTES = 4 << 20, MIB = 1 << 20;

/* Bytes that may still be written on the disk of FD, or of PATH; INT64_MAX when that cannot be said. */
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

void reserve_keep(const char *path, int64_t bytes)
{
	struct stat st;
	if (bytes == 0) {
		(void)unlink(path);
		return;
	}
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || fstat(fd, &st) != 0) {
		log_warn("reserve_not_kept", "why=\"%s\"", strerror(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	int64_t left = free_bytes(path);
	if (st.st_size >= bytes && left < bytes / 4) {
		(void)reserve_release(path);
	} else if (st.st_size < bytes && left - bytes >= bytes / 2) {
		if (posix_fallocate(fd, 0, (off_t)bytes) == 0)
			log_info("reserve_kept", "mib=%" PRId64, bytes / MIB);
		else if (ftruncate(fd, 0) != 0)
			log_warn("reserve_not_kept", "why=\"%s\"", strerror(errno));
	}
	close(fd);
}

enum db_room reserve_room(const char *path)
{
	struct stat st;
	if (stat(path, &st) != 0 || st.st_size > 0)
		return DB_ROOM_PLENTY;
	return free_bytes(path) < NEARLY_NONE_BYTES ? DB_ROOM_NONE : DB_ROOM_TIGHT;
}
