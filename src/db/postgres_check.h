/* postgres_check.h - within src/db: references of a PostgreSQL database. The server keeps them itself, but not in a dump that
 * was loaded with its triggers off, nor where a constraint was added without looking at what is there. */
#ifndef ADEM_DB_POSTGRES_CHECK_H
#define ADEM_DB_POSTGRES_CHECK_H
#include "db/db.h"

/* Calls FOUND for each foreign key with rows that refer to nothing. Reads every row. */
MUST_CHECK enum err postgres_check(struct ctx *c, bool thorough, void (*found)(void *arg, struct str what),
	void (*progress)(void *arg, int64_t done, int64_t of), void *arg);
#endif
