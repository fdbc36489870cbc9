/* tables.h - every table of the schema, and what a distributed database is to do with it. One list, checked against
 * the catalogues by tests/whole/catalogue_test.c. */
#ifndef ADEM_DB_TABLES_H
#define ADEM_DB_TABLES_H
#include "db/db.h"

enum table_kind {
	TABLE_BY_REGION, /* split by region: every key, reference and statement carries it */
	TABLE_SHARED,    /* small, and needed beside every region: a copy on every node */
};

struct table {
	const char *name;
	enum table_kind kind;
};
extern const struct table tables[];
extern const size_t tables_count;

/* On a PostgreSQL with the Citus extension: distributes the tables of the schema that are not yet distributed; SAY is
 * told of each. One that is not in the list, because a later step takes it away, is split when it has a region.
 * Elsewhere it does nothing. References cannot lead from a local to a distributed table, so they are taken away before
 * and put back after, one statement a call, as Citus demands.
 *
 * tables_distribute_new() does it within the transaction of a step, tables_distribute() in one of its own. */
MUST_CHECK enum err tables_distribute_new(struct ctx *c, void (*say)(void *arg, const char *line), void *arg);
MUST_CHECK enum err tables_distribute(struct ctx *c, void (*say)(void *arg, const char *line), void *arg);
/* ERR_CONFLICT when a table of the list lies on the coordinator alone, although the database has Citus. */
MUST_CHECK enum err tables_check(struct ctx *c);
#endif
