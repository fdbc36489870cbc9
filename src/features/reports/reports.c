/* Taking a report: everything that must hold once a receipt was shown. The pages are in reports_web.c and
 * receipts_web.c. */
#include "features/reports/reports.h"
#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "features/cases/cases_seen.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "reports_sql.h"
#include "vault/hash.h"
#include "vault/receipt.h"

/* For so long the same form sent again shows its receipt again: a phone that lost the answer on the way tries again. */
static const int64_t AGAIN_MS = REPORTS_AGAIN_MINUTES * MINUTE_MS;
static const int64_t TOKENS_KEPT_MS = DAY_MS;

struct reports_settings reports_settings = { .proof_bits = 16, .proof_wait_s = 10 };

static void wipe_receipt(void *receipt)
{
	vault_wipe(receipt, sizeof(struct receipt));
}

static enum err receipt_of(struct ctx *c, const struct proof *proof, struct receipt **receipt)
{
	struct region region;
	TRY(places_region(c, &region));
	*receipt = arena_new_of(c->mem, struct receipt);
	arena_defer(c->mem, wipe_receipt, *receipt);
	if (proof)
		vault_receipt_from_token(c->vault, (int)region.number, proof->random, *receipt);
	else
		vault_receipt_new(c->vault, (int)region.number, *receipt);
	return OK;
}

static struct str bytes(const uint8_t *p, size_t n)
{
	return (struct str){ (const char *)p, n };
}

/* A post stands on several rungs at times; as a reader it counts once, from its first. */
static enum err store_readers(struct ctx *c, int64_t report_id, const struct alert_target *plan, size_t plan_count,
	int64_t *post_ids, size_t *posts_count, struct report_made *made)
{
	made->readers = arena_array(c->mem, struct alert_target, plan_count + 1);
	for (size_t i = 0; i < plan_count; i++) {
		if (id_among(post_ids, *posts_count, plan[i].post_id))
			continue;
		post_ids[(*posts_count)++] = plan[i].post_id;
		made->readers[made->readers_count++] = plan[i];
		TRY(reports_reader_insert(c, report_id, plan[i].post_id, plan[i].step));
	}
	return OK;
}

enum err reports_readers_of(struct ctx *c, int64_t report_id, struct alert_target **rows, size_t *rows_count)
{
	struct reports_readers_row *found;
	TRY(reports_readers(c, report_id, &found, rows_count));
	*rows = arena_array(c->mem, struct alert_target, *rows_count + 1);
	for (size_t i = 0; i < *rows_count; i++)
		(*rows)[i] = (struct alert_target){ .post_id = found[i].post_id,
			.name = found[i].name,
			.kind = found[i].kind,
			.step = found[i].step,
			.since_ms = or_zero(found[i].added_ms) };
	return OK;
}

/* A fight calls everybody: it spares nobody. */
static bool spares_rw(const struct report_new *what)
{
	return what->spares_neighbours && what->level != LEVEL_NYATA;
}

/* Does the report hold just this? Its texts are opened with the receipt that its own form gives. */
static enum err holds_this(struct ctx *c, const struct report_new *what, const struct reports_get_row *report,
	const struct receipt *receipt, bool *same)
{
	struct str text, contact;
	const struct box_of box = { "reports", report->id };
	*same = !report->withdrawn_ms.is && report->place_id == what->place_id &&
		str_is(report->level, level_codes[what->level]) && str_is(report->reason, trigger_codes[what->why]) &&
		str_is(report->timing, timing_codes[what->timing]) && report->spares_neighbours == spares_rw(what);
	if (!*same)
		return OK;
	TRY(circles_open_receipt(c, box, "text", report->id, &receipt->pair, &text));
	TRY(circles_open_receipt(c, box, "contact", report->id, &receipt->pair, &contact));
	*same = str_eq(text, what->text) && str_eq(contact, what->contact);
	return OK;
}

enum err reports_refuse_again(struct ctx *c)
{
	return REFUSE(c, ERR_CONFLICT,
		"This report has arrived, and the posts were called. Its receipt cannot be shown again: who "
		"has none cannot read their answers. If there is more to say, report it anew. Call 110 if "
		"somebody is in danger.");
}

/* The same form was sent before: the same receipt, if that was a moment ago and with the same in it. */
static enum err made_before(struct ctx *c, const struct report_new *what, struct report_made *made)
{
	const struct proof *proof = what->proof;
	struct reports_token_find_row row;
	struct reports_get_row report;
	struct receipt *receipt;
	bool same;
	TRY(reports_token_find(c, bytes(proof->hash, sizeof proof->hash), &row, &made->again));
	if (!made->again)
		return OK;
	if (row.created_ms + AGAIN_MS < c->now_ms)
		return reports_refuse_again(c);
	TRY(reports_get(c, row.report_id, &report));
	TRY(receipt_of(c, proof, &receipt));
	TRY(holds_this(c, what, &report, receipt, &same));
	if (!same)
		return REFUSE(c, ERR_CONFLICT,
			"From this form another report was already sent. This one was not: open a new form for it.");
	made->id = report.id;
	made->case_id = report.case_id;
	made->receipt = arena_str(c->mem, str_of(receipt->text));
	return reports_readers_of(c, report.id, &made->readers, &made->readers_count);
}

static enum err store_report(struct ctx *c, const struct report_new *what, bool spares, const struct report_made *made)
{
	return reports_insert(c, made->id, made->case_id, what->place_id, str_of(level_codes[what->level]),
		str_of(trigger_codes[what->why]), str_of(timing_codes[what->timing]), str_of(what->channel), spares,
		(struct opt_int){ what->taken_at != 0, c->account_id });
}

static enum err seal(struct ctx *c, const struct report_new *what, const struct receipt *receipt, int64_t report_id,
	const int64_t *post_ids, size_t posts_count)
{
	const struct box_field fields[] = {
		{"text",     what->text   },
                { "contact", what->contact}
	};
	struct reports_readable_row row;
	bool readable;
	TRY(reports_readable(c, report_id, &row, &readable));
	if (!readable)
		return REFUSE(c, ERR_BUSY,
			"No post can read reports about this place at the moment, so nothing was sent. If it is "
			"urgent, call 110.");
	TRY(reports_receipt_insert(c, report_id, bytes(receipt->lookup, sizeof receipt->lookup),
		bytes(receipt->pair.public_key, VAULT_KEY_BYTES)));
	return circles_seal(c, (struct box_of){ "reports", report_id }, fields, COUNT(fields), post_ids, posts_count,
		report_id, receipt->pair.public_key);
}

/* The posts that read it at once take part from now on; whom else the incident had called stays. */
static enum err take_part(struct ctx *c, const struct report_made *made)
{
	for (size_t i = 0; i < made->readers_count; i++)
		if (made->readers[i].step == 0)
			TRY(cases_add_post(c, made->case_id, made->readers[i].post_id));
	return OK;
}

static enum err store(
	struct ctx *c, const struct report_new *what, const struct receipt *receipt, struct report_made *made)
{
	struct alert_target *plan;
	size_t plan_count, posts_count = 0;
	bool spares = spares_rw(what), joins;
	int64_t alert_id;
	made->id = id_new_blurred(c->now_ms);
	TRY(cases_to_join(c, what->place_id, spares, &made->case_id, &alert_id, &joins));
	if (!joins)
		TRY(cases_open(c, what->place_id, what->level, what->why, spares, 0, &made->case_id));
	TRY(store_report(c, what, spares, made));
	TRY(alerts_plan(c, what->place_id, what->level, spares, &plan, &plan_count));
	int64_t *post_ids = arena_array(c->mem, int64_t, plan_count + 1);
	TRY(store_readers(c, made->id, plan, plan_count, post_ids, &posts_count, made));
	TRY(seal(c, what, receipt, made->id, post_ids, posts_count));
	TRY(cases_note_entry(
		c, made->case_id, "report", str_of(level_codes[what->level]), what->taken_at, made->id, NULL));
	if (!joins) {
		TRY(cases_first_report_came(c, made->case_id));
		return alerts_raise(c, made->case_id, made->id, what->place_id, what->level, what->why, plan,
			plan_count, &alert_id);
	}
	TRY(take_part(c, made));
	return alerts_report_joined(c, alert_id, made->id, what->level);
}

/* Where the disk is nearly full, what is least urgent is refused first, so that the rest goes on. */
static enum err refuse_without_room(struct ctx *c, enum level level)
{
	enum db_room room = level == LEVEL_NYATA ? DB_ROOM_PLENTY : db_room(c->db);
	if (room == DB_ROOM_PLENTY || (room == DB_ROOM_TIGHT && level != LEVEL_POTENSI))
		return OK;
	return REFUSE(c, ERR_BUSY,
		"This server is nearly full and takes only what is most urgent. Your text is kept here. If it becomes "
		"urgent, choose the higher level or call 110.");
}

enum err reports_create(struct ctx *c, const struct report_new *what, struct report_made *made)
{
	struct receipt *receipt;
	*made = (struct report_made){ 0 };
	if (what->proof) {
		TRY(made_before(c, what, made));
		if (made->again)
			return OK;
	}
	TRY(refuse_without_room(c, what->level));
	TRY(receipt_of(c, what->proof, &receipt));
	TRY(store(c, what, receipt, made));
	if (what->proof)
		TRY(reports_token_insert(c, bytes(what->proof->hash, sizeof what->proof->hash), made->id));
	made->receipt = arena_str(c->mem, str_of(receipt->text));
	return OK;
}

enum err reports_forget_tokens_job(struct ctx *c, int64_t unused)
{
	(void)unused;
	return reports_tokens_forget(c, c->now_ms - TOKENS_KEPT_MS);
}

/* The thread is the reporter's way to be heard, and not one to fill everybody's pages. */
enum err reports_may_say(struct ctx *c, int64_t report_id, int64_t case_id)
{
	struct reports_words_count_row count;
	struct reports_get_row report;
	TRY(reports_get(c, report_id, &report));
	if (report.withdrawn_ms.is)
		return REFUSE(c, ERR_CONFLICT,
			"You have taken your report back, so nothing was sent. Report it anew, or call 110.");
	TRY(reports_words_count(c, report_id, case_id, c->now_ms - HOUR_MS, &count));
	if (count.n >= MESSAGES_MAX)
		return REFUSE(c, ERR_CONFLICT, "This thread is full. Please start a new report.");
	if (count.lately >= MESSAGES_AN_HOUR)
		return REFUSE(c, ERR_RATE,
			"You have written very often within an hour. The posts have your messages. If somebody is in "
			"danger, "
			"call 110.");
	return OK;
}

/* A report for who is about to add to it, and its case before it: whoever comes second waits here. */
static enum err take_with_case(struct ctx *c, int64_t report_id, struct reports_get_row *report)
{
	TRY(reports_get(c, report_id, report));
	int64_t case_id = report->case_id;
	TRY(cases_lock(c, case_id));
	TRY(reports_get(c, report_id, report));
	return report->case_id == case_id ? OK : cases_lock(c, report->case_id); /* joined meanwhile */
}

enum err reports_say(struct ctx *c, int64_t report_id, int64_t post_id, struct str text, int64_t *id)
{
	const char *side = post_id ? "post" : "reporter";
	struct reports_readers_row *readers;
	struct reports_receipt_get_row receipt;
	struct reports_get_row report;
	size_t readers_count;
	int64_t made = id_new_blurred(c->now_ms);
	if (id)
		*id = made;
	TRY(take_with_case(c, report_id, &report));
	if (!post_id)
		TRY(reports_may_say(c, report_id, report.case_id));
	if (!post_id)
		TRY(cases_check_heard(c, report.case_id));
	TRY(reports_readers(c, report_id, &readers, &readers_count));
	TRY(reports_receipt_get(c, report_id, &receipt));
	int64_t *post_ids = arena_array(c->mem, int64_t, readers_count + 1);
	for (size_t i = 0; i < readers_count; i++)
		post_ids[i] = readers[i].post_id;
	TRY(reports_message_insert(c, made, report_id, str_of(side), (struct opt_int){ post_id != 0, c->account_id },
		(struct opt_int){ post_id != 0, post_id }));
	const struct box_field field = { "text", text };
	TRY(circles_seal(c, (struct box_of){ "report_messages", made }, &field, 1, post_ids, readers_count, report_id,
		(const uint8_t *)receipt.public_key.p));
	TRY(cases_note_entry(c, report.case_id, "message", str_of(side), post_id, report_id, NULL));
	TRY(cases_changed(c, report.case_id));
	return post_id ? OK : alerts_ring_again(c, report.case_id, report_id);
}

enum err reports_take_back(struct ctx *c, int64_t report_id)
{
	struct reports_messages_withdraw_row *messages;
	struct reports_withdraw_row_row row;
	struct reports_get_row report;
	size_t count;
	bool found;
	TRY(take_with_case(c, report_id, &report));
	TRY(reports_withdraw_row(c, report_id, &row, &found));
	TRY(reports_messages_withdraw(c, report_id, &messages, &count));
	if (!found && count == 0)
		return REFUSE(c, ERR_CONFLICT, "The text was taken back already.");
	TRY(circles_withdraw(c, (struct box_of){ "reports", report_id }));
	for (size_t i = 0; i < count; i++)
		TRY(circles_withdraw(c, (struct box_of){ "report_messages", messages[i].id }));
	TRY(cases_note_entry(c, report.case_id, "withdrawn", S(""), 0, report_id, NULL));
	return cases_changed(c, report.case_id);
}

enum err reports_take_back_message(struct ctx *c, int64_t report_id, int64_t message_id)
{
	struct reports_message_withdraw_row row;
	struct reports_get_row report;
	bool found;
	TRY(take_with_case(c, report_id, &report));
	TRY(reports_message_withdraw(c, message_id, report_id, &row, &found));
	if (!found)
		return REFUSE(c, ERR_CONFLICT, "The text was taken back already.");
	TRY(circles_withdraw(c, (struct box_of){ "report_messages", message_id }));
	TRY(cases_note_entry(c, report.case_id, "withdrawn", S("message"), 0, report_id, NULL));
	return cases_changed(c, report.case_id);
}
