/* reserve.h - a file beside an embedded database that keeps room on its disk. Where a write finds the disk full the file is
 * emptied, so that what must go on can; while it is empty everybody sees that room is short. Inside src/db only. */
#ifndef ADEM_DB_RESERVE_H
#define ADEM_DB_RESERVE_H
#include "db/db.h"

/* Gives the room back. True when there was any: what failed may work now. Safe between processes. */
bool reserve_release(const char *path);
/* Makes the file BYTES long, all of them given by the disk, where that has them and half as much again; gives it back before the
 * disk is quite full. Where it cannot the log says so, once. BYTES 0: removes the file. */
void reserve_keep(const char *path, int64_t bytes);
/* Whether BYTES are kept, or could be; *LEFT is what may still be written on the disk. Changes nothing. */
bool reserve_fits(const char *path, int64_t bytes, int64_t *left);
/* Whether there is no room on the disk of PATH for even the small files that SQLite makes beside a database to open it. */
bool reserve_disk_is_full(const char *path);
/* What the file says. No file: room is not looked after. */
enum db_room reserve_room(const char *path);
#endif
