/* bare DATABASE TEMPLATE-REPORT-ID SECONDS: how fast the bare database commits the rows of one report, again and again, one
 * transaction each, as durably as Adem does (WAL, synchronous=FULL). The rows are copies of a real report's, with new ids. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Each copies the rows of the template: ?1 is what is added to ids, ?2 the template's report, ?3 its case, ?4 its alert. */
static const char *const copies[] = {
	"INSERT INTO cases SELECT region, id + ?1, place_id, level, reason, state, owner_id, owner_post_id, opened_ms, "
	"opened_by, outcome, "
	"closing_by, closing_ms, confirm_by_ms, confirmed_as, confirmed_by, closed_ms, reopened_count, watch_until_ms, "
	"joined_to, opened_level, spares_neighbours, first_report_ms, last_report_ms "
	"FROM cases WHERE region = '31.71' AND id = ?3",
	"INSERT INTO case_posts SELECT region, case_id + ?1, post_id, since_ms, neighbour, from_ms, last_ms, level, "
	"reason, reports, state, open, owner_id, alert_id + ?1, alert_state, next_ms FROM case_posts "
	"WHERE region = '31.71' AND case_id = ?3",
	"INSERT INTO case_entries SELECT region, id + ?1, case_id + ?1, kind, detail, account_id, post_id, subject_id, "
	"created_ms, about_report + ?1, spares_neighbours FROM "
	"case_entries WHERE region = '31.71' AND case_id = ?3",
	"INSERT INTO reports SELECT region, id + ?1, case_id + ?1, place_id, level, reason, timing, channel, "
	"spares_neighbours, entered_by, "
	"created_ms, withdrawn_ms, joined_by FROM reports WHERE region = '31.71' AND id = ?2",
	"INSERT INTO report_receipts SELECT region, report_id + ?1, randomblob(32), public_key FROM report_receipts "
	"WHERE region = '31.71' "
	"AND report_id = ?2",
	"INSERT INTO report_readers SELECT region, report_id + ?1, post_id, step FROM report_readers WHERE region = "
	"'31.71' AND report_id = ?2",
	"INSERT INTO boxes SELECT region, id + ?1, subject, subject_id + ?1, field, ciphertext, created_ms FROM boxes "
	"WHERE region = '31.71' "
	"AND subject = 'reports' AND subject_id = ?2",
	"INSERT INTO box_keys SELECT region, subject, subject_id + ?1, reader, reader_id, sealed_key FROM box_keys "
	"WHERE region = '31.71' "
	"AND subject = 'reports' AND subject_id = ?2",
	"INSERT INTO alerts SELECT region, id + ?1, case_id + ?1, report_id + ?1, place_id, level, reason, state, "
	"step, next_ms, raised_ms, "
	"owned_ms, owner_id, owner_post_id, offered_to, ended_ms FROM alerts WHERE region = '31.71' AND id = ?4",
	"INSERT INTO alert_calls SELECT region, alert_id + ?1, post_id, step, roles, on_duty, called_ms, seen_ms, "
	"answered_ms FROM alert_calls "
	"WHERE region = '31.71' AND alert_id = ?4",
	"INSERT INTO events SELECT region, id + ?1, channel, kind, subject_id + ?1, created_ms FROM events WHERE "
	"region = "
	"'31.71' AND subject_id "
	"IN (?3, ?4)",
	"INSERT INTO jobs SELECT region, id + ?1, kind, subject_id + ?1, run_after_ms, 0, 0, created_ms, NULL, NULL "
	"FROM "
	"jobs WHERE region = "
	"'31.71' AND kind = 'alert_climb' AND subject_id = ?4",
};
enum { COPIES = sizeof copies / sizeof *copies };

static void must(sqlite3 *db, int rc, int good)
{
	if (rc == good)
		return;
	fprintf(stderr, "bare: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static int64_t number(sqlite3 *db, const char *sql, int64_t id)
{
	sqlite3_stmt *st;
	must(db, sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	sqlite3_bind_int64(st, 1, id);
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
	sqlite3_stmt *st[COPIES];
	if (argc != 4)
		return 2;
	int64_t report = strtoll(argv[2], NULL, 10), count = 0;
	double seconds = (double)strtoll(argv[3], NULL, 10);
	must(NULL, sqlite3_open(argv[1], &db), SQLITE_OK);
	must(db,
		sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON", NULL, NULL,
			NULL),
		SQLITE_OK);
	int64_t kase = number(db, "SELECT case_id FROM reports WHERE region = '31.71' AND id = ?1", report);
	int64_t alert = number(db, "SELECT id FROM alerts WHERE region = '31.71' AND report_id = ?1", report);
	for (int i = 0; i < COPIES; i++)
		must(db, sqlite3_prepare_v2(db, copies[i], -1, &st[i], NULL), SQLITE_OK);
	double from = now();
	while (now() - from < seconds) {
		must(db, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
		for (int i = 0; i < COPIES; i++) {
			sqlite3_bind_int64(st[i], 1, (count + 1) << 36);
			sqlite3_bind_int64(st[i], 2, report);
			sqlite3_bind_int64(st[i], 3, kase);
			sqlite3_bind_int64(st[i], 4, alert);
			must(db, sqlite3_step(st[i]), SQLITE_DONE);
			sqlite3_reset(st[i]);
		}
		must(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
		count++;
	}
	printf("%.0f\n", (double)count / (now() - from));
	for (int i = 0; i < COPIES; i++)
		sqlite3_finalize(st[i]);
	return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
