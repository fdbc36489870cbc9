#include "db/sqlite_check.h"
#include "db/sqlite_raw.h"
#include <unistd.h>

enum { PIECE_BYTES = 1 << 20 };

/* How much of the file the system can be asked to keep at hand. */
static int64_t bytes_kept(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), bytes = sysconf(_SC_PAGESIZE);
	return pages > 0 && bytes > 0 ? (int64_t)pages / 2 * bytes : 0;
}

/* Reads the file from its beginning to its end, so that the system has it at hand: tables lie scattered in it, and a disk gives
 * single pages in their order many times slower. A larger file than memory holds would only be read twice. Through SQLite's own
 * descriptor, for closing another one would free its locks. What cannot be read is left to the check to find. */
static void read_ahead(sqlite3 *h, void (*progress)(void *arg, int64_t done, int64_t of), void *arg)
{
	sqlite3_file *f = NULL;
	sqlite3_int64 size = 0;
	if (sqlite3_file_control(h, "main", SQLITE_FCNTL_FILE_POINTER, (void *)&f) != SQLITE_OK || !f->pMethods ||
		f->pMethods->xFileSize(f, &size) != SQLITE_OK || size > bytes_kept())
		return;
	char *piece = malloc(PIECE_BYTES);
	for (sqlite3_int64 at = 0; piece && at + PIECE_BYTES <= size; at += PIECE_BYTES) {
		if (f->pMethods->xRead(f, piece, PIECE_BYTES, at) != SQLITE_OK)
			break;
		if (progress)
			progress(arg, at + PIECE_BYTES, size);
	}
	free(piece);
}

/* Without the rules of tables each row is decoded, and no more: a third of the time. */
static enum err check_pages(struct ctx *c, sqlite3 *h, bool thorough, struct db_table *t)
{
	enum err e = thorough ? sqlite_raw(c, h, S("PRAGMA integrity_check(100)"), t)
			      : sqlite_raw(c, h, S("PRAGMA ignore_check_constraints=ON; PRAGMA quick_check(100)"), t);
	int rc = sqlite3_exec(h, "PRAGMA ignore_check_constraints=OFF", NULL, NULL, NULL);
	assert(rc == SQLITE_OK);
	(void)rc;
	return e;
}

enum err sqlite_check(struct ctx *c, sqlite3 *h, bool thorough, void (*found)(void *arg, struct str what),
	void (*progress)(void *arg, int64_t done, int64_t of), void *arg)
{
	struct db_table t = { 0 };
	read_ahead(h, progress, arg);
	TRY(check_pages(c, h, thorough, &t));
	for (size_t i = 0; i < t.rows; i++)
		if (!str_is(db_cell(&t, i, 0), "ok"))
			found(arg, db_cell(&t, i, 0));
	if (!thorough)
		return OK;
	t = (struct db_table){ 0 };
	TRY(sqlite_raw(c, h, S("PRAGMA foreign_key_check"), &t));
	for (size_t i = 0; i < t.rows; i++)
		found(arg, arena_printf(c->mem, "a row of %.*s refers to a row of %.*s that is not there",
				   STR_ARG(db_cell(&t, i, 0)), STR_ARG(db_cell(&t, i, 2))));
	return OK;
}
