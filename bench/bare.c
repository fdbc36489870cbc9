/* bare DATABASE SECONDS REPORT-ID …: how fast the bare database commits what one report writes, again and again, one transaction
 * each, as durably as Adem does (WAL, synchronous=FULL). The rows are copies of those of the given reports, by turns, with new
 * ids. At least one is committed. */
#include "bare.h"
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void must(sqlite3 *db, int rc, int good)
{
	if (rc == good)
		return;
	fprintf(stderr, "bare: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void commit_one(sqlite3 *db, sqlite3_stmt *const st[BARE_WRITES], int64_t number, int64_t report)
{
	enum { ID_BITS = 36 };
	must(db, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	for (int i = 0; i < BARE_WRITES; i++) {
		sqlite3_bind_int64(st[i], 1, number << ID_BITS);
		sqlite3_bind_int64(st[i], 2, report);
		must(db, sqlite3_step(st[i]), SQLITE_DONE);
		sqlite3_reset(st[i]);
	}
	must(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
}

int main(int argc, char **argv)
{
	enum { FIRST = 3 };
	sqlite3 *db;
	sqlite3_stmt *st[BARE_WRITES];
	if (argc <= FIRST)
		return 2;
	double seconds = (double)strtoll(argv[2], NULL, 10);
	int64_t count = 0;
	must(NULL, sqlite3_open(argv[1], &db), SQLITE_OK);
	must(db,
		sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON", NULL, NULL,
			NULL),
		SQLITE_OK);
	for (int i = 0; i < BARE_WRITES; i++)
		must(db, sqlite3_prepare_v2(db, bare_writes[i], -1, &st[i], NULL), SQLITE_OK);
	double from = now();
	do {
		int64_t report = strtoll(argv[FIRST + count % (argc - FIRST)], NULL, 10);
		commit_one(db, st, ++count, report);
	} while (now() - from < seconds);
	printf("%.0f\n", (double)count / (now() - from));
	for (int i = 0; i < BARE_WRITES; i++)
		sqlite3_finalize(st[i]);
	return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
