/* estimates.h - what SQLite's planner is told about the data. Every index begins with the region, and most databases
 * hold one: without knowing that, the planner takes "region = ?" for selective and reads a whole region where a better
 * index stands ready. Inside src/db only. */
#ifndef ADEM_DB_ESTIMATES_H
#define ADEM_DB_ESTIMATES_H
#include "base/err.h"

/* Writes an estimate for every index of a SQLite database, in the write transaction of a migration. It depends on the
 * schema alone, so that plans are the same everywhere. Connections learn of it when they are made. */
MUST_CHECK enum err estimates_write(struct ctx *c);
#endif
