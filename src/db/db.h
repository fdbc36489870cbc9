/* db.h - one database, SQLite or PostgreSQL, behind one set of calls. Statements are not written in C: they stand in
 * a feature's .sql file and become typed functions through tools/sqlgen (see stmt.h).
 *
 * Invariants: a connection belongs to one process and one thread, and is not carried over fork(). A statement runs
 * only inside a transaction. A reading transaction cannot write. After a statement has failed with ERR_BUSY, ERR_DB
 * or ERR_CONFLICT its transaction can only be rolled back, on both databases. On PostgreSQL what gives no rows is sent on and
 * not waited for: its error comes with the next statement that gives some, or with the commit, and names it.
 *
 * Errors of every call: ERR_BUSY when the database cannot be reached, is locked for too long or had to break the
 * transaction off; ERR_CONFLICT when a unique index, foreign key or check refuses; ERR_DB otherwise. Reasons name
 * the statement and the constraint, never a value.
 *
 * SQLite: a write transaction first takes a lock of ours (FILE.lock), where writers queue fairly; SIGALRM bounds the
 * wait, so the program may not use that signal for itself. PostgreSQL: one connection, prepared statements, so no
 * pooler in transaction mode may stand between: db_connect() refuses it (ERR_INPUT). */
#ifndef ADEM_DB_DB_H
#define ADEM_DB_DB_H
#include "base/err.h"

struct db;

enum db_kind { DB_SQLITE, DB_POSTGRES };

/* Connects to WHERE: "sqlite:FILE" (made when absent, with rights for the owner only), "postgresql://…" or
 * "postgres://…". *OUT belongs to the caller until db_close(). C->db is neither read nor set. ERR_INPUT: WHERE is
 * neither. */
MUST_CHECK enum err db_connect(struct ctx *c, struct str where, struct db **out);
/* The files that connecting to WHERE reads each time (certificates, keys, a file of passwords), in MEM: up to MAX paths, then
 * NULL where there is room. For who confines itself to a list of files and may have to connect again. */
void db_files(struct arena *mem, struct str where, const char **files, size_t max);
/* Rolls back what is open and disconnects. NULL is allowed. */
void db_close(struct db *db);
enum db_kind db_kind(const struct db *db);

/* What tells one database from another: the fingerprint of its pepper and the steps of its schema, as texts. */
struct db_identity {
	struct str pepper, schema;
};
/* Fills WHO, in C->mem, from C->db, which is expected to stay that one; see the next. */
MUST_CHECK enum err db_identify(struct ctx *c, struct db_identity *who);
/* C->db must be WHO, which outlives it: now, and on PostgreSQL whenever the connection is made again, where another database
 * may have taken the name. ERR_BUSY, also from db_begin(), as long as another one answers: nothing is read from that or
 * written to it. */
MUST_CHECK enum err db_expect(struct ctx *c, const struct db_identity *who);
/* What was found when the connection was last made. */
enum db_differs { DB_SAME, DB_OTHER_SCHEMA, DB_OTHER };
enum db_differs db_differs(const struct db *db);

/* Begins a transaction on C->db: WRITE, or reading only, then with one view of the data on SQLite and one view a
 * statement on PostgreSQL. After the connection was lost this is where it is made again, with a short back-off:
 * until then ERR_BUSY comes at once. */
MUST_CHECK enum err db_begin(struct ctx *c, bool write);
/* Ends it for good: after OK everything is on disk. After an error nothing has happened, with one exception: when
 * the connection was lost while committing nobody knows, the error is ERR_BUSY and db_retryable() says no. */
MUST_CHECK enum err db_commit(struct ctx *c);
/* Ends it without a trace. Allowed outside of a transaction, then it does nothing. */
void db_rollback(struct ctx *c);
bool db_in_transaction(const struct db *db);
/* Whether the last error may be gone when the whole transaction is repeated: a serialization failure, a deadlock, a
 * connection lost before the commit, or an id that is taken. */
bool db_retryable(const struct db *db);
/* Whether the last error was that another transaction holds a row for longer than this connection waits. */
bool db_held(const struct db *db);
/* Runs FN in a transaction, up to three times as db_retryable() says, and commits when it returns OK. For commands,
 * jobs and tests; the router does the same for handlers. */
MUST_CHECK enum err db_within(struct ctx *c, bool write, enum err (*fn)(struct ctx *c, void *arg), void *arg);

/* Wake-ups between processes. db_notify(), in a write transaction: when it commits, everybody is to look what is new in
 * the region of C, if it has one. On PostgreSQL the database tells all listeners, this process included. On SQLite the
 * server does, when db_take_notified() says so after the commit (once; always false on PostgreSQL). */
MUST_CHECK enum err db_notify(struct ctx *c);
bool db_take_notified(struct db *db);
/* From here on this process wants to hear of notifications. Outside of transactions only. */
MUST_CHECK enum err db_listen(struct ctx *c);
/* Readable when there may be something to hear; -1 on SQLite and while disconnected. It changes when the connection
 * is made again: ask before each wait. */
int db_wake_fd(const struct db *db);
/* True when somebody notified since the last call, or when notifications may have been missed because the connection
 * was lost. Connects again when it is time to. Call it in each turn of the loop and at least once a second, for
 * notifications also come in with answers to statements. Outside of transactions only; never blocks on SQLite. */
bool db_wake_drain(struct ctx *c);
/* Whether somebody has notified about REGION, or may have, since db_forget_calls(), as far as db_wake_drain() has heard. Always
 * true on SQLite, which does not tell. */
bool db_called(const struct db *db, struct str region);
void db_forget_calls(struct db *db);
/* Waits for what the database has still to say about a reading transaction that has ended. Before a long sleep, which the
 * answer would end at once. Outside of transactions only. */
void db_settle(struct db *db);

/* Reads the database for damage; each finding goes to FOUND. Outside of transactions only. Of an embedded database all pages are
 * read, which takes about as long as a copy of the file; PROGRESS, which may be NULL, hears how many bytes of it. THOROUGH: also
 * whether each index has exactly the rows of its table, whether rows keep the rules of their tables, and whether what
 * they refer to is there; several times as long. On PostgreSQL the server itself watches over all of this but references, since
 * a dump may have been loaded with its triggers off: these are read when THOROUGH, and nothing otherwise. */
MUST_CHECK enum err db_check(struct ctx *c, bool thorough, void (*found)(void *arg, struct str what),
	void (*progress)(void *arg, int64_t done, int64_t of), void *arg);

/* Looking after an embedded database, for the one process that does jobs; on a server both do nothing. Outside of
 * transactions.
 * db_tidy() moves what was committed into the database's file and empties the write-ahead log: what was overwritten or
 * deleted, in whose place are zeros then, is in no file any more. *DONE false: somebody was reading or writing; try again
 * soon.
 * db_keep_reserve() keeps BYTES of its disk aside (0: none). A write that finds the disk full gives them back by itself,
 * and may be repeated. */
MUST_CHECK enum err db_tidy(struct ctx *c, bool *done);
void db_keep_reserve(struct db *db, int64_t bytes);
/* Whether BYTES are kept aside, or could be; *LEFT is what the disk has. On a server: true. */
bool db_reserve_fits(const struct db *db, int64_t bytes, int64_t *left);
/* How much room is left. TIGHT: what can wait is to be refused, so that what cannot goes on; NONE: next to nothing. */
enum db_room { DB_ROOM_PLENTY, DB_ROOM_TIGHT, DB_ROOM_NONE };
enum db_room db_room(const struct db *db);

/* From here on no statement of this connection is broken off because it takes long: for "adem check". */
void db_patient(struct db *db);

/* From here on this connection waits for a row that another transaction holds no longer than a fifth of a second: for who does
 * the work of many in turn, and has other work meanwhile. An embedded database has one lock for all writers, for which it
 * waits as before. Outside of transactions only. */
void db_be_brief(struct db *db);

/* Statements run since the connection was made. */
int64_t db_statement_count(const struct db *db);
/* Tests only: the Nth statement or commit from here (0: the next) fails; negative: none does. */
extern int db_fault_countdown;
#endif
