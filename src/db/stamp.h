/* stamp.h - whether the files of an embedded database are still what its programs made them. SQLite trusts that nobody
 * removes its log or writes over its file while it has them open; people do, and what is then taken in is gone, or goes
 * into a broken file.
 *
 * So each program that has the database open notes in FILE.lock how it left the files: which they are, how long, when the
 * database's file was last written, how far the log has been moved into it. What differs from that is nobody's work of
 * ours. A program of SQLite's own that moves the log (its shell) is told from a copy that was put over the file by the
 * index of the log, which only SQLite changes. Inside src/db, and for whoever watches over the files without having them
 * open. */
#ifndef ADEM_DB_STAMP_H
#define ADEM_DB_STAMP_H
#include "base/str.h"
#include <sys/stat.h>

enum stamp_verdict {
	STAMP_OURS,
	STAMP_LOG_GONE,    /* the log or its index was removed, exchanged or cut off */
	STAMP_OVERWRITTEN, /* the file of the database was written by somebody else */
	STAMP_MOVED,       /* another file is in its place, or none */
};

enum { STAMP_INDEX_BYTES = 12, STAMP_HEAD_BYTES = 100 };

/* As it stands in FILE.lock. */
struct stamp {
	char magic[8];
	struct stamp_file {
		uint64_t device, inode;
		int64_t size;
	} file, log, index;
	int64_t written_ns;
	uint8_t moved[STAMP_INDEX_BYTES]; /* of the log's index: which log it is, how much of it was moved */
	uint8_t head[STAMP_HEAD_BYTES];   /* how the file begins */
};

/* The files of a connection. FDs are closed after SQLite has closed the files: an earlier close would end its locks. */
struct stamp_files {
	const char *file;
	char *log, *index; /* malloc'ed */
	int lock, file_fd, index_fd;
	bool joined;
};

/* FILE and the open FILE.lock stay the caller's. */
void stamp_init(struct stamp_files *f, const char *file, int lock);
/* With the write lock held, when SQLite has the files open: belongs to those who have. The first notes how it found them; who
 * joins others finds what they noted, or is told what is wrong. */
enum stamp_verdict stamp_join(struct stamp_files *f);
/* Whether all is as it was noted: a few calls of stat(). HOLDS: the write lock is held; without, it is taken for a moment where
 * something differs, since somebody may be at work just then. */
enum stamp_verdict stamp_look(struct stamp_files *f, bool holds);
/* With the write lock held, after what this program wrote. */
void stamp_note(struct stamp_files *f);
/* With the write lock held, after a log that is gone was moved into the database all the same: that was us, and the log
 * stays gone. */
void stamp_note_rescue(struct stamp_files *f);
void stamp_close(struct stamp_files *f);
/* For an error, with FILE in front. */
const char *stamp_words(enum stamp_verdict v);

/* The same for who has no connection: STAMP_OURS as well when nobody has one. FILE.lock is opened into *LOCK, -1 at first,
 * and stays open, so that who hears of closed files does not hear of this one each time. Where the file was overwritten and
 * begins in another way, a log that is left is renamed, FILE-wal.left-MILLISECONDS, into ASIDE: moved into that file it
 * would break it. ASIDE is empty otherwise. */
enum stamp_verdict stamp_watch(const char *file, int *lock, char *aside, size_t aside_size);
#endif
