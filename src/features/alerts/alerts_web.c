/* Answers by tap, and how long answers took. The ladders are in alerts_rungs.c. */
#include "features/alerts/alerts_web.h"
#include "alerts_sql.h"
#include "base/clock.h"
#include "features/accounts/accounts.h"
#include "features/alerts/alerts.h"
#include "features/alerts/alerts_views.h"
#include "features/cases/cases_answerer.h"
#include "features/cases/cases_seen.h"
#include "features/cases/cases_web.h"
#include "http/session.h"

enum { MORNING_HOUR = 8 };

/* The page of the call's incident. */
static enum err answer_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct alerts_get_row a;
	int64_t id;
	TRY(request_id(c, q, 0, &id));
	TRY(cases_check_alert(c, id, NULL, NULL));
	TRY(alerts_get(c, id, &a));
	return cases_show(c, q, r, a.case_id);
}

struct answer_input {
	int answer;
	int64_t to_post, date, seen; /* seen: what the page showed (cases_shown) */
	struct str back;
};
static const struct field answer_fields[] = {
	FIELD_OF(answer_input, answer, FIELD_CODE, answer_codes, true, N_("Answer")),
	FIELD(answer_input, to_post, FIELD_ID, 0, 0, false, N_("Post")),
	FIELD(answer_input, seen, FIELD_ID, 0, 0, false, N_("Seen")),
	FIELD(answer_input, date, FIELD_DATE, 0, 0, false, N_("Day")),
	FIELD(answer_input, back, FIELD_LINE, 0, 100, false, N_("Next page")),
};
const struct form alerts_answer_form = FORM(answer_input, answer_fields, answer_page);

struct undo_input {
	int64_t answer;
	struct str back;
};
static const struct field undo_fields[] = {
	FIELD(undo_input, answer, FIELD_ID, 0, 0, false, N_("Answer")),
	FIELD(undo_input, back, FIELD_LINE, 0, 100, false, N_("Next page")),
};
const struct form alerts_undo_form = FORM(undo_input, undo_fields, NULL);

/* The morning of a day, in local time. */
static int64_t morning_of(const struct ctx *c, int64_t date_ms)
{
	return date_ms ? frame_from_local(c, date_ms + MORNING_HOUR * HOUR_MS) : 0;
}

enum err alerts_give_answer(struct ctx *c, const struct request *q, struct response *r)
{
	const struct answer_input *in = q->form;
	struct alerts_get_row a;
	enum verdict verdict = VERDICT_SAME;
	int64_t id, post_id;
	bool hands_over = in->answer == ANSWER_HANDED_OVER;
	TRY(request_id(c, q, 0, &id));
	TRY(cases_check_alert(c, id, NULL, &post_id));
	TRY(cases_acting_post(c, id, c->account_id, &post_id));
	TRY(alerts_get(c, id, &a));
	struct str page = arena_printf(c->mem, "/cases/%" PRId64, a.case_id);
	enum err e = alerts_answer(c, id, (enum answer)in->answer, post_id,
		hands_over                     ? in->to_post
		: in->answer == ANSWER_PLANNED ? morning_of(c, in->date)
					       : 0,
		in->seen, &verdict);
	/* Who comes second meets the first one, and what they can do instead; the page of the case says it. */
	if (e != OK && !q->wants_json && (verdict == VERDICT_TAKEN || verdict == VERDICT_ENDED))
		return redirect(c, r, arena_printf(c->mem, "%.*s?late=1", STR_ARG(page)));
	TRY(e);
	if (hands_over && verdict == VERDICT_CHANGES) {
		TRY(cases_share(c, a.case_id, in->to_post));
		TRY(cases_note_entry(c, a.case_id, "shared", S(""), in->to_post, 0, NULL));
	}
	bool stays = in->answer == ANSWER_ON_THE_WAY || in->answer == ANSWER_THERE || in->answer == ANSWER_SEEN;
	/* After these comes the next step, on the page of the case; there, too, answers can be taken back. */
	return redirect(c, r, stays && in->back.n ? in->back : page);
}

enum err alerts_take_back(struct ctx *c, const struct request *q, struct response *r)
{
	const struct undo_input *in = q->form;
	int64_t id, post_id;
	TRY(request_id(c, q, 0, &id));
	TRY(cases_check_alert(c, id, NULL, &post_id));
	TRY(alerts_undo(c, id, in->answer));
	return redirect(c, r, in->back.n ? in->back : S("/"));
}

/* The months around a moment, in local time: "2026-11". */
static struct str month_text(struct ctx *c, struct clock_time t)
{
	return arena_printf(c->mem, "%04d-%02d", t.year, t.month);
}

static struct clock_time month_shifted(struct clock_time t, int by)
{
	int months = t.year * 12 + t.month - 1 + by;
	return (struct clock_time){ .year = months / 12, .month = months % 12 + 1, .day = 1 };
}

static struct clock_time month_asked(struct ctx *c, const struct request *q, struct clock_time now)
{
	struct str text;
	int64_t year, month;
	bool good = request_query(c, q, "month", &text) && text.n == 7 && text.p[4] == '-' &&
		    str_to_i64((struct str){ text.p, 4 }, 2020, 2199, &year) &&
		    str_to_i64((struct str){ text.p + 5, 2 }, 1, 12, &month);
	return good ? (struct clock_time){ .year = (int)year, .month = (int)month, .day = 1 } : now;
}

static struct alert_times_line times_line(struct ctx *c, const struct alerts_answer_times_row *row)
{
	struct word_value counts[] = {
		{"calls",  arena_i64(c->mem, row->calls)},
                { "taken", arena_i64(c->mem, row->taken)}
	};
	struct alert_times_line line = { .name = row->name,
		.counts = words_format(c->mem, c->lang, N_("Called: {calls}. Taken: {taken}."), counts, COUNT(counts)),
		.taken = row->taken > 0 };
	if (!line.taken)
		return line;
	line.half = frame_span(c, row->half_ms.v);
	line.most = frame_span(c, row->most_ms.v);
	line.slowest = frame_span(c, row->slowest_ms.v);
	return line;
}

enum err alerts_times_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct alerts_answer_times_row *rows;
	size_t rows_count;
	struct clock_time now = frame_local(c, c->now_ms), first = { .year = now.year, .month = now.month, .day = 1 };
	struct clock_time month = month_asked(c, q, first), next = month_shifted(month, 1),
			  previous = month_shifted(month, -1);
	TRY(alerts_answer_times(
		c, frame_from_local(c, clock_ms(&month)), frame_from_local(c, clock_ms(&next)), &rows, &rows_count));
	struct alert_times_view v = { .month = frame_month(c, month.year, month.month),
		.previous = month_text(c, previous),
		.next = month_text(c, next),
		.has_next = clock_ms(&next) <= clock_ms(&first) };
	v.rows = arena_array(c->mem, struct alert_times_line, rows_count + 1);
	for (v.rows_count = 0; v.rows_count < rows_count; v.rows_count++)
		v.rows[v.rows_count] = times_line(c, &rows[v.rows_count]);
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Answers"), .current = "/alerts/times" });
	alert_times_view(&r->body, &v);
	return frame_end(c, r);
}
