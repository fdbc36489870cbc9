/* backend.h - what a database must be able to do, and what db.c keeps for all of them. Inside src/db only. */
#ifndef ADEM_DB_BACKEND_H
#define ADEM_DB_BACKEND_H
#include "db/db.h"
#include "db/raw.h"
#include "db/stmt.h"

/* Where the rows of a statement go. */
struct db_rows {
	struct ctx *c;
	const struct db_stmt_def *def;
	void *rows; /* in C->mem */
	size_t count, cap;
};

struct memo;

struct db_backend {
	enum db_kind kind;
	void (*close)(struct db *db);
	enum err (*begin)(struct ctx *c, bool write);
	/* On an error the transaction is over as well; LOST says that it may have been committed. */
	enum err (*commit)(struct ctx *c, bool *lost);
	void (*rollback)(struct db *db);
	/* Runs DEF to its end, handing each row to db_rows_add(). */
	enum err (*run)(struct ctx *c, const struct db_stmt_def *def, const struct db_value *in, struct db_rows *to);
	enum err (*notify)(struct ctx *c);
	enum err (*listen)(struct ctx *c);
	int (*wake_fd)(const struct db *db);
	bool (*wake_drain)(struct ctx *c);
	void (*settle)(struct db *db);
	enum err (*check)(struct ctx *c, bool thorough, void (*found)(void *arg, struct str what),
		void (*progress)(void *arg, int64_t done, int64_t of), void *arg);
	enum err (*raw)(struct ctx *c, struct str sql, struct db_table *out);
	/* May be NULL, as may the next three: then there is nothing to look after. */
	enum err (*tidy)(struct ctx *c, bool *done);
	void (*keep_reserve)(struct db *db, int64_t bytes);
	bool (*reserve_fits)(const struct db *db, int64_t bytes, int64_t *left);
	enum db_room (*room)(const struct db *db);
	/* Lifts the limits of time; may be NULL. */
	void (*patient)(struct db *db);
	/* Shortens the wait for a row that is held; may be NULL. */
	void (*be_brief)(struct db *db);
	/* Before and after migrating: other migrators are kept out, the schema may be changed. */
	enum err (*migrate_begin)(struct ctx *c);
	void (*migrate_end)(struct ctx *c);
	/* A copy of everything, before it is changed; *NAME says where, empty when the database cannot. */
	enum err (*backup)(struct ctx *c, struct str label, struct str *name);
};

/* About which regions somebody has notified. */
struct db_calls {
	char region[16][12];
	size_t count;
	bool all; /* about any, or more than there is room for */
};

/* The first member of each backend's own struct. */
struct db {
	const struct db_backend *backend;
	bool in_transaction, write;
	bool failed;    /* a statement of this transaction did */
	bool retryable; /* so far as the last error goes */
	bool held;      /* the last error was that another transaction holds a row */
	bool notify;    /* asked for in this transaction */
	bool notified;  /* committed, not yet taken */
	struct db_calls calls;
	int64_t statements;
	const struct db_identity *expected; /* NULL: any database */
	enum db_differs differs;
	struct memo *memo; /* NULL: the database does not tell when it has changed */
};

enum err db_sqlite_connect(struct ctx *c, struct str file, struct db **out);
enum err db_postgres_connect(struct ctx *c, struct str url, struct db **out);
void db_postgres_files(struct arena *mem, struct str url, const char **files, size_t max);

/* For who has just connected, before anything else: whether this is the database that is expected. */
enum err db_meet(struct ctx *c);

/* Copies one row, VALUES[def->out_count], to its struct. */
MUST_CHECK enum err db_rows_add(struct db_rows *to, const struct db_value *values);

/* Appends a row of COUNT cells to OUT and returns the cells, to be filled with text in C->mem. */
struct str *db_table_add(struct ctx *c, struct db_table *out, size_t columns);
#endif
