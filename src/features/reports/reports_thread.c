/* One report and its whole thread, for the posts that read it. */
#include "features/cases/cases_read.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "features/reports/reports_views.h"
#include "features/reports/reports_web.h"
#include "reports_sql.h"
#include "web/words.h"

enum err reports_thread_page(struct ctx *c, int64_t report_id, int64_t before, struct reports_messages_row **rows,
	size_t *rows_count, int64_t *older)
{
	struct reports_message_at_row last = { .created_ms = INT64_MAX };
	bool found = true;
	if (before)
		TRY(reports_message_at(c, before, report_id, &last, &found));
	if (!found)
		return FAIL(c, ERR_NOT_FOUND, "no such message in this thread");
	TRY(reports_messages(c, report_id, last.created_ms, before, rows, rows_count));
	*older = *rows_count > THREAD_PAGE ? (*rows)[THREAD_PAGE - 1].id : 0;
	*rows_count = *older ? THREAD_PAGE : *rows_count;
	for (size_t i = 0; i < *rows_count / 2; i++) {
		struct reports_messages_row row = (*rows)[i];
		(*rows)[i] = (*rows)[*rows_count - 1 - i];
		(*rows)[*rows_count - 1 - i] = row;
	}
	return OK;
}

static enum err fill_messages(struct ctx *c, int64_t before, struct report_thread_view *v)
{
	struct reports_messages_row *rows;
	struct case_report *r = &v->report;
	TRY(reports_thread_page(c, r->id, before, &rows, &r->messages_count, &v->older));
	r->messages = arena_array(c->mem, struct case_said, r->messages_count + 1);
	for (size_t i = 0; i < r->messages_count; i++) {
		struct case_said *m = &r->messages[i];
		m->reporter = str_is(rows[i].side, "reporter");
		m->from = rows[i].post_name;
		m->when = frame_date_clock(c, rows[i].created_ms);
		m->withdrawn = rows[i].withdrawn_ms.is;
		if (!m->withdrawn)
			TRY(cases_open_field(c, "report_messages", rows[i].id, "text", &m->text, &m->sealed));
	}
	return OK;
}

enum err reports_show_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct report_thread_view v = { .csrf = frame_csrf(c),
		.answer = frame_field_of(c, q, "text", N_("Answer to the reporter"), NULL, "textarea", "off", S("")) };
	struct reports_get_row report;
	struct str text;
	int64_t id, before = 0;
	TRY(request_id(c, q, 0, &id));
	TRY(cases_check_report(c, id, &v.case_id, NULL));
	TRY(reports_get(c, id, &report));
	if (request_query(c, q, "before", &text) && !str_to_i64(text, 1, INT64_MAX, &before))
		before = 0;
	v.answer.required = true;
	frame_limit(c, &v.answer, &reports_answer_form);
	v.later = before != 0;
	TRY(circles_reading(c, (struct box_of){ "reports", id }));
	TRY(cases_read_report(c, id, &v.report));
	TRY(fill_messages(c, before, &v));
	TRY(places_label(c, report.place_id, &v.place));
	frame_begin(c, q, r, &(struct frame){ .title = v.place, .current = "/cases" });
	report_thread_view(&r->body, &v);
	return frame_end(c, r);
}
