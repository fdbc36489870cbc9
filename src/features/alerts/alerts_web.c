/* Answers by tap, and how long answers took. The ladders are in alerts_rungs.c. */
#include "features/alerts/alerts_web.h"
#include "alerts_sql.h"
#include "base/clock.h"
#include "features/alerts/alerts.h"
#include "features/alerts/alerts_views.h"
#include "http/session.h"

struct answer_input {
	int answer;
	int64_t to_post;
	struct str back;
};
static const struct field answer_fields[] = {
	FIELD_OF(answer_input, answer, FIELD_CODE, answer_codes, true, N_("Answer")),
	FIELD(answer_input, to_post, FIELD_ID, 0, 0, false, N_("Post")),
	FIELD(answer_input, back, FIELD_LINE, 0, 100, false, N_("Next page")),
};
const struct form alerts_answer_form = FORM(answer_input, answer_fields, NULL);

struct undo_input {
	struct str back;
};
static const struct field undo_fields[] = {
	FIELD(undo_input, back, FIELD_LINE, 0, 100, false, N_("Next page")),
};
const struct form alerts_undo_form = FORM(undo_input, undo_fields, NULL);

enum err alerts_give_answer(struct ctx *c, const struct request *q, struct response *r)
{
	const struct answer_input *in = q->form;
	struct alerts_get_row a;
	int64_t id, post_id;
	TRY(request_id(c, q, 0, &id));
	TRY(alerts_get(c, id, &a));
	TRY(cases_check_member(c, a.case_id, &post_id));
	TRY(alerts_answer(c, id, (enum answer)in->answer, post_id, in->answer == ANSWER_HANDED_OVER ? in->to_post : 0));
	if (in->answer == ANSWER_HANDED_OVER) {
		TRY(cases_share(c, a.case_id, in->to_post));
		TRY(cases_note_entry(c, a.case_id, "shared", S(""), in->to_post, 0, NULL));
	}
	bool ended = in->answer == ANSWER_CALM || in->answer == ANSWER_FALSE_ALARM;
	struct str page = arena_printf(c->mem, "/cases/%" PRId64, a.case_id);
	/* After the last answer comes the next step, on the page of the case; there, too, answers can be taken back. */
	return redirect(c, r, ended || in->back.n == 0 || in->answer == ANSWER_MINE ? page : in->back);
}

enum err alerts_take_back(struct ctx *c, const struct request *q, struct response *r)
{
	const struct undo_input *in = q->form;
	struct alerts_get_row a;
	int64_t id, post_id;
	TRY(request_id(c, q, 0, &id));
	TRY(alerts_get(c, id, &a));
	TRY(cases_check_member(c, a.case_id, &post_id));
	TRY(alerts_undo(c, id));
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

/* The row of one post: its waits stand in order, those never taken first or last as the database likes. */
static struct alert_times_line times_line(struct ctx *c, const struct alerts_answer_times_row *rows, size_t count)
{
	int64_t *waits = arena_array(c->mem, int64_t, count);
	size_t taken = 0;
	for (size_t i = 0; i < count; i++)
		if (rows[i].waited_ms.is)
			waits[taken++] = rows[i].waited_ms.v;
	struct word_value counts[] = {
		{"calls",  arena_printf(c->mem, "%zu", count)},
                { "taken", arena_printf(c->mem, "%zu", taken)}
	};
	struct alert_times_line line = { .name = rows[0].name,
		.counts = words_format(c->mem, c->lang, N_("Called: {calls}. Taken: {taken}."), counts, COUNT(counts)),
		.taken = taken > 0 };
	if (!taken)
		return line;
	line.half = frame_span(c, waits[(taken - 1) / 2]);
	line.most = frame_span(c, waits[(taken * 9 + 9) / 10 - 1]);
	line.slowest = frame_span(c, waits[taken - 1]);
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
	for (size_t i = 0, end; i < rows_count; i = end) {
		for (end = i; end < rows_count && rows[end].post_id == rows[i].post_id; end++) {}
		v.rows[v.rows_count++] = times_line(c, rows + i, end - i);
	}
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Answers"), .current = "/alerts/times" });
	alert_times_view(&r->body, &v);
	return frame_end(c, r);
}
