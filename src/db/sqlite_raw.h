/* sqlite_raw.h - SQL as text on a SQLite connection. Inside src/db only. */
#ifndef ADEM_DB_SQLITE_RAW_H
#define ADEM_DB_SQLITE_RAW_H
#include "db/raw.h"
#include <sqlite3.h>

/* What SQLite says of the last error, with the name of the file where it is the file that is at fault. */
const char *sqlite_said(struct ctx *c, sqlite3 *h);
/* See db_raw(). Bytes come as \x and hexadecimal digits, as PostgreSQL writes them. */
enum err sqlite_raw(struct ctx *c, sqlite3 *h, struct str sql, struct db_table *out);
#endif
