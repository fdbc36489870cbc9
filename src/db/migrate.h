/* migrate.h - the schema, step by step. The steps stand in src/db/migrations/NNNN_what.{sqlite,postgres}.sql and are
 * part of the program. They go forward only, and one that was released is never edited: its hash is kept in the
 * table "migrations" and compared. Each is applied in a transaction of its own.
 *
 * On PostgreSQL each statement of a step is sent by itself. With the Citus extension new tables are distributed (tables.h)
 * before anything but a table or an index is made, and before they refer to each other. */
#ifndef ADEM_DB_MIGRATE_H
#define ADEM_DB_MIGRATE_H
#include "db/db.h"

struct migration {
	int number; /* from 1, without gaps */
	const char *what;
	const char *sql[2]; /* by enum db_kind */
};
extern const struct migration migrations[];
extern const size_t migrations_count;

/* Brings the database of C to the newest step. Others who migrate at the same time are waited for. On PostgreSQL it refuses to
 * apply a step while another program of ours has a connection, since that one does not know the step; who serves an
 * embedded database is the caller's to know. A SQLite file that holds something is copied first, to
 * FILE.before-NNNN-MILLISECONDS. With DRY_RUN nothing is changed. SAY is told, in English and a line at a time, what is
 * done, as each step begins and ends, or would be. References are checked once, in the transaction of the last step, so that
 * a database with a broken one never comes to the newest. ERR_CONFLICT: the database has a step that this program does not
 * know, or another text of one. */
MUST_CHECK enum err migrate_run(struct ctx *c, bool dry_run, void (*say)(void *arg, const char *line), void *arg);
/* The same with steps other than the program's own. For tests. */
MUST_CHECK enum err migrate_run_steps(struct ctx *c, const struct migration *steps, size_t count, bool dry_run,
	void (*say)(void *arg, const char *line), void *arg);
/* OK when the database is at the newest step and, with Citus, distributed; else ERR_CONFLICT, and the reason says which
 * command to run. Nobody but "adem migrate" changes a schema. */
MUST_CHECK enum err migrate_check(struct ctx *c);
/* How many steps migrate_run() would apply. */
MUST_CHECK enum err migrate_pending(struct ctx *c, size_t *count);
/* In a transaction: whether a migration has ever begun here. */
MUST_CHECK enum err migrate_begun(struct ctx *c, bool *begun);
/* In a transaction: whether the step called WHAT ("foundation") has been applied; false for an empty database. */
MUST_CHECK enum err migrate_has(struct ctx *c, const char *what, bool *has);
#endif
