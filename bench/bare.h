/* bare.h - what one report that joins an incident writes, as statements, for the programs that commit it on a bare database
 * beside Adem. script/bench compares: as many rows are new and changed, table by table, as by a report that Adem takes. */
#ifndef ADEM_BENCH_BARE_H
#define ADEM_BENCH_BARE_H

#define BARE_CASE "(SELECT case_id FROM reports WHERE region = '31.71' AND id = ?2)"

/* ?1 is what is added to ids, ?2 the template, a report that was made before: its rows are copied, what it joined is changed. */
static const char *const bare_writes[] = {
	"INSERT INTO reports (region, id, case_id, place_id, level, reason, timing, channel, spares_neighbours,"
	" entered_by, created_ms, withdrawn_ms, joined_by)"
	" SELECT region, id + ?1, case_id, place_id, level, reason, timing, channel, spares_neighbours,"
	" entered_by, created_ms, withdrawn_ms, joined_by"
	" FROM reports WHERE region = '31.71' AND id = ?2",
	"INSERT INTO report_receipts (region, report_id, lookup, public_key)"
	" SELECT region, report_id + ?1, randomblob(32), public_key"
	" FROM report_receipts WHERE region = '31.71' AND report_id = ?2",
	"INSERT INTO report_readers (region, report_id, post_id, step, added_ms)"
	" SELECT region, report_id + ?1, post_id, step, added_ms"
	" FROM report_readers WHERE region = '31.71' AND report_id = ?2",
	"INSERT INTO boxes (region, id, subject, subject_id, field, ciphertext, created_ms)"
	" SELECT region, id + ?1, subject, subject_id + ?1, field, ciphertext, created_ms"
	" FROM boxes WHERE region = '31.71' AND subject = 'reports' AND subject_id = ?2",
	"INSERT INTO box_keys (region, subject, subject_id, reader, reader_id, sealed_key)"
	" SELECT region, subject, subject_id + ?1, reader, reader_id, sealed_key"
	" FROM box_keys WHERE region = '31.71' AND subject = 'reports' AND subject_id = ?2",
	"INSERT INTO case_entries (region, id, case_id, kind, detail, account_id, post_id, subject_id, created_ms,"
	" about_report, spares_neighbours)"
	" SELECT region, id + ?1, case_id, kind, detail, account_id, post_id, subject_id + ?1, created_ms,"
	" about_report + ?1, spares_neighbours"
	" FROM case_entries WHERE region = '31.71' AND case_id = " BARE_CASE " AND about_report = ?2",
	"UPDATE alerts SET turn = turn + 1 WHERE region = '31.71' AND case_id = " BARE_CASE " AND ended_ms IS NULL",
	"UPDATE cases SET last_report_ms = last_report_ms + 1 WHERE region = '31.71' AND id = " BARE_CASE,
	"UPDATE case_posts SET last_ms = last_ms + 1, reports = reports + 1"
	" WHERE region = '31.71' AND case_id = " BARE_CASE,
	"INSERT INTO events (region, id, channel, kind, subject_id, created_ms)"
	" SELECT region, ?1 + ?2 + row_number() OVER (ORDER BY post_id), post_id, '@case', case_id, last_ms"
	" FROM case_posts WHERE region = '31.71' AND case_id = " BARE_CASE,
};

enum { BARE_WRITES = sizeof bare_writes / sizeof *bare_writes };
#endif
