/* bare.h - the rows of one report that joins an incident, as statements, for the programs that commit them on a bare database
 * beside Adem. */
#ifndef ADEM_BENCH_BARE_H
#define ADEM_BENCH_BARE_H

/* Each copies rows of the template, the last report that was made: ?1 is what is added to ids, ?2 the report, ?3 and ?4 the first
 * and last of its events. The case stays the same. */
static const char *const bare_copies[] = {
	"INSERT INTO reports SELECT region, id + ?1, case_id, place_id, level, reason, timing, channel, "
	"spares_neighbours, "
	"entered_by, created_ms, withdrawn_ms, joined_by FROM reports WHERE region = '31.71' AND id = ?2",
	"INSERT INTO report_receipts SELECT region, report_id + ?1, randomblob(32), public_key FROM report_receipts "
	"WHERE region = '31.71' AND report_id = ?2",
	"INSERT INTO report_readers SELECT region, report_id + ?1, post_id, step FROM report_readers "
	"WHERE region = '31.71' AND report_id = ?2",
	"INSERT INTO boxes SELECT region, id + ?1, subject, subject_id + ?1, field, ciphertext, created_ms FROM boxes "
	"WHERE region = '31.71' AND subject = 'reports' AND subject_id = ?2",
	"INSERT INTO box_keys SELECT region, subject, subject_id + ?1, reader, reader_id, sealed_key FROM box_keys "
	"WHERE region = '31.71' AND subject = 'reports' AND subject_id = ?2",
	"INSERT INTO case_entries SELECT region, id + ?1, case_id, kind, detail, account_id, post_id, subject_id, "
	"created_ms, "
	"about_report + ?1, spares_neighbours FROM case_entries WHERE region = '31.71' AND about_report = ?2",
	"INSERT INTO events SELECT region, id + ?1, channel, kind, subject_id, created_ms FROM events "
	"WHERE region = '31.71' AND id BETWEEN ?3 AND ?4",
};

static const char bare_first_event[] =
	"SELECT min(id) FROM events WHERE created_ms = (SELECT max(created_ms) FROM events)";
static const char bare_last_event[] = "SELECT max(id) FROM events";

enum { BARE_COPIES = sizeof bare_copies / sizeof *bare_copies };
#endif
