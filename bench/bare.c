/* bare DATABASE TEMPLATE-REPORT-ID SECONDS: how fast the bare database commits the rows of one report, again and again, one
 * transaction each, as durably as Adem does (WAL, synchronous=FULL). The rows are copies of a real report's, with new ids. */
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

static int64_t number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;
	must(db, sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	must(db, sqlite3_step(st), SQLITE_ROW);
	int64_t v = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return v;
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
	sqlite3 *db;
	sqlite3_stmt *st[BARE_COPIES];
	if (argc != 4)
		return 2;
	int64_t report = strtoll(argv[2], NULL, 10), count = 0;
	double seconds = (double)strtoll(argv[3], NULL, 10);
	must(NULL, sqlite3_open(argv[1], &db), SQLITE_OK);
	must(db,
		sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON", NULL, NULL,
			NULL),
		SQLITE_OK);
	int64_t first = number(db, bare_first_event), last = number(db, bare_last_event);
	for (int i = 0; i < BARE_COPIES; i++)
		must(db, sqlite3_prepare_v2(db, bare_copies[i], -1, &st[i], NULL), SQLITE_OK);
	double from = now();
	while (now() - from < seconds) {
		must(db, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
		for (int i = 0; i < BARE_COPIES; i++) {
			sqlite3_bind_int64(st[i], 1, (count + 1) << 36);
			sqlite3_bind_int64(st[i], 2, report);
			sqlite3_bind_int64(st[i], 3, first);
			sqlite3_bind_int64(st[i], 4, last);
			must(db, sqlite3_step(st[i]), SQLITE_DONE);
			sqlite3_reset(st[i]);
		}
		must(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
		count++;
	}
	printf("%.0f\n", (double)count / (now() - from));
	for (int i = 0; i < BARE_COPIES; i++)
		sqlite3_finalize(st[i]);
	return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
