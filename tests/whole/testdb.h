/* testdb.h - a database of its own for each test, of each kind: SQLite in a new directory, always; PostgreSQL when the
 * environment names a server in ADEM_TEST_POSTGRES, such as script/postgres prints, where the test may make databases.
 *
 *	static void a_sentence(void **state)
 *	{
 *		struct testdb *t = *state;
 *		assert_int_equal(db_begin(&t->c, true), OK);
 *		…
 *	}
 *	const struct testdb_case cases[] = { TESTDB(a_sentence) };
 *	return testdb_run("group", cases, COUNT(cases), NULL, 0); */
#ifndef ADEM_TESTS_TESTDB_H
#define ADEM_TESTS_TESTDB_H
#include "../unit/test.h"
#include "db/db.h"
#include "db/migrate.h"

/* A database at the newest step, and a context on it: region "31.71", now_ms 2026-08-01 20:00 WIB. */
struct testdb {
	struct ctx c;
	enum db_kind kind;
	struct str where; /* for further connections and processes */
	char *dir;        /* of SQLite */
	char *name;       /* of PostgreSQL's database */
};

struct testdb_case {
	const char *name;
	void (*run)(void **state);
	enum testdb_on {
		ON_BOTH,
		ON_SQLITE,
		ON_POSTGRES
	} on; /* what only one database has is not listed for the other */
};
#define TESTDB(fn) TESTDB_ON(ON_BOTH, fn)
/* clang-format off */
#define TESTDB_ON(on, fn) { #fn, fn, on }
/* clang-format on */

/* Runs each case on each kind of database at hand. STEPS other than the program's own may be given; NULL: those. */
int testdb_run(const char *group, const struct testdb_case *cases, size_t count, const struct migration *steps,
	size_t steps_count);

/* The same by hand, with the test's own main(). With STEPS_COUNT 0 the database stays empty. */
bool testdb_has(enum db_kind kind);
void testdb_open(struct testdb *t, enum db_kind kind, const struct migration *steps, size_t steps_count);
void testdb_close(struct testdb *t);

/* Another connection to the same database, as a second process would have; the caller closes it. */
struct db *testdb_connect(struct testdb *t);
/* Runs SQL in a transaction of its own. */
void testdb_exec(struct testdb *t, const char *sql);
/* Puts a dump, as sqlite3 and pg_dump write it, into an empty database. */
void testdb_load(struct testdb *t, const char *sql);
/* The only value that SQL gives, as text in the arena; "" for null. */
const char *testdb_value(struct testdb *t, const char *sql);
/* Runs SQL on the PostgreSQL server, in the database of ADEM_TEST_POSTGRES itself, outside of a transaction. */
void testdb_on_server(struct testdb *t, const char *sql);
/* A number that changes with any change to any row of any table. */
uint64_t testdb_hash(struct testdb *t);
/* Every account has a session somewhere, so that calls are heard. */
void testdb_sign_in_all(struct testdb *t);
/* Fails the test, with the reason of the error, unless E is OK. */
void testdb_ok(struct testdb *t, enum err e);
#endif
