/* schema.h - what the catalogues of a database say, in words that are the same for both kinds. */
#ifndef ADEM_TESTS_SCHEMA_H
#define ADEM_TESTS_SCHEMA_H
#include "testdb.h"
#include "db/raw.h"

/* One line a fact, sorted, in the arena of T:
 *	column TABLE NAME int|text|bool|real|blob null|not-null [default VALUE]
 *	key TABLE (COLUMNS)                     the primary key
 *	index TABLE NAME (COLUMNS) [unique] [partial]
 *	unique TABLE (COLUMNS)                  a UNIQUE constraint
 *	reference TABLE (COLUMNS) TARGET (COLUMNS) */
struct str schema_of(struct testdb *t);
#endif
