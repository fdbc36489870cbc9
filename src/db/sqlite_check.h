/* sqlite_check.h - within src/db: reading an embedded database for damage. */
#ifndef ADEM_DB_SQLITE_CHECK_H
#define ADEM_DB_SQLITE_CHECK_H
#include "db/db.h"
#include <sqlite3.h>

/* See db_check(); on the connection H of C, whose authorizer lets it. */
MUST_CHECK enum err sqlite_check(struct ctx *c, sqlite3 *h, bool thorough, void (*found)(void *arg, struct str what),
	void (*progress)(void *arg, int64_t done, int64_t of), void *arg);
#endif
