#include "features/alerts/alerts_split.h"
#include "cases_seen_sql.h"
#include "cases_sql.h"
#include "cases_web_sql.h"
#include "features/accounts/accounts.h"
#include "features/alerts/alerts_split_views.h"
#include "features/cases/cases_read.h"
#include "features/cases/cases_split.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "http/session.h"

enum { REPORTS_A_PAGE = 50 };

struct split_input {
	struct field_ids report;
	bool sure;
};
static const struct field split_fields[] = {
	FIELD(split_input, report, FIELD_IDS, 1, REPORTS_A_PAGE, true, N_("Reports")),
	FIELD(split_input, sure, FIELD_BOOL, 0, 0, false, N_("Yes, split it off")),
};
static enum err before_splitting(struct ctx *c, const struct request *q, struct response *r);
const struct form alerts_split_form = FORM_FIRST(split_input, split_fields, alerts_split_page, before_splitting);

enum err alerts_split(struct ctx *c, int64_t case_id, int64_t post_id, const int64_t *ids, size_t count, int64_t *id)
{
	struct cases_apart apart;
	struct alert_target *plan;
	size_t plan_count;
	int64_t alert_id;
	TRY(cases_apart(c, case_id, ids, count, &apart));
	TRY(cases_split(c, case_id, post_id, &apart, id));
	TRY(alerts_plan(c, apart.place_id, apart.level, apart.spares, &plan, &plan_count));
	return alerts_raise(c, *id, apart.lead_id, apart.place_id, apart.level, apart.why, plan, plan_count, &alert_id);
}

static enum err case_place(struct ctx *c, int64_t case_id, struct str *place)
{
	struct cases_get_row row;
	TRY(cases_get(c, case_id, &row));
	return places_label(c, row.place_id, place);
}

/* From where the page goes on: the id in the query, of a report that the person sees. */
static enum err older_than(struct ctx *c, const struct request *q, int64_t *before, int64_t *before_ms)
{
	struct cases_page_report_row last = { .created_ms = INT64_MAX };
	struct str text;
	*before = 0;
	if (request_query(c, q, "reports_before", &text) && str_to_i64(text, 1, INT64_MAX, before)) {
		TRY(cases_check_report(c, *before, NULL, NULL));
		TRY(cases_page_report(c, *before, &last));
	}
	*before_ms = last.created_ms;
	return OK;
}

static enum err fill_reports(struct ctx *c, const struct request *q, struct split_choose_view *v)
{
	struct cases_seen_reports_row *rows;
	int64_t before, before_ms;
	TRY(older_than(c, q, &before, &before_ms));
	TRY(cases_seen_reports(c, v->case_id, c->account_id, ROLES_ANSWER, before_ms, before, REPORTS_A_PAGE + 1, &rows,
		&v->reports_count));
	v->later = before != 0;
	v->older = v->reports_count > REPORTS_A_PAGE ? rows[REPORTS_A_PAGE - 1].id : 0;
	v->reports_count = v->older ? REPORTS_A_PAGE : v->reports_count;
	v->reports = arena_array(c->mem, struct case_report, v->reports_count + 1);
	v->chosen = arena_array(c->mem, bool, v->reports_count + 1);
	for (size_t i = 0; i < v->reports_count; i++) {
		TRY(cases_read_report(c, rows[i].id, &v->reports[i]));
		v->chosen[i] = form_checked(q, "report", arena_i64(c->mem, rows[i].id).p, false);
	}
	return OK;
}

enum err alerts_split_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct split_choose_view v = { .csrf = frame_csrf(c), .error = form_error(c, q, "report") };
	struct case_seen seen;
	TRY(request_id(c, q, 0, &v.case_id));
	TRY(cases_seen(c, v.case_id, &seen));
	TRY(cases_may_split(c, &seen, &v.may));
	TRY(case_place(c, v.case_id, &v.place));
	if (v.may) {
		TRY(circles_reading(c, (struct box_of){ "cases", v.case_id }));
		TRY(fill_reports(c, q, &v));
	}
	frame_begin(c, q, r, &(struct frame){ .title = v.place, .current = "/cases" });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	split_choose_view(&r->body, &v);
	return frame_end(c, r);
}

/* Who is called at once, and who later; each post once. */
static enum err fill_called(struct ctx *c, const struct cases_apart *apart, struct split_sure_view *v)
{
	struct alert_target *plan;
	size_t count;
	TRY(alerts_plan(c, apart->place_id, apart->level, apart->spares, &plan, &count));
	for (size_t i = 0; i < count; i++) {
		bool again = false;
		for (size_t k = 0; k < i; k++)
			again = again || plan[k].post_id == plan[i].post_id;
		if (again)
			continue;
		struct str *names = plan[i].step == 0 ? &v->first : &v->later;
		*names = arena_and(c->mem, *names, plan[i].name);
	}
	return OK;
}

static enum err fill_apart(struct ctx *c, const struct cases_apart *apart, struct split_sure_view *v)
{
	struct cases_reader *readers;
	struct cases_calls_open_row calls;
	size_t count;
	TRY(cases_apart_readers(c, apart, &readers, &count));
	for (size_t i = 0; i < count; i++)
		v->readers = arena_and(c->mem, v->readers, readers[i].name);
	TRY(cases_calls_open(c, v->case_id, &calls));
	v->rings = calls.n > 0;
	v->level = (int)apart->level;
	v->reports_count = apart->count;
	v->reports = arena_array(c->mem, struct case_report, apart->count + 1);
	for (size_t i = 0; i < apart->count; i++)
		TRY(cases_read_report(c, apart->ids[i], &v->reports[i]));
	return fill_called(c, apart, v);
}

/* Before anything is done, the reports are looked at on a page with an address: Back and the language button come back to it. */
static enum err before_splitting(struct ctx *c, const struct request *q, struct response *r)
{
	const struct split_input *in = q->form;
	struct cases_apart apart;
	struct str ids = S("");
	int64_t case_id;
	TRY(request_id(c, q, 0, &case_id));
	TRY(cases_apart(c, case_id, in->report.ids, in->report.count, &apart));
	if (in->sure || q->wants_json)
		return OK;
	for (size_t i = 0; i < in->report.count; i++)
		ids = arena_printf(c->mem, "%.*s%s%" PRId64, STR_ARG(ids), i ? "-" : "", in->report.ids[i]);
	return redirect(
		c, r, arena_printf(c->mem, "/cases/%" PRId64 "/split/sure?reports=%.*s", case_id, STR_ARG(ids)));
}

/* "ID-ID-…", as above. */
static enum err reports_asked(struct ctx *c, const struct request *q, int64_t **ids, size_t *count)
{
	struct str text, part;
	*ids = arena_array(c->mem, int64_t, REPORTS_A_PAGE);
	*count = 0;
	if (!request_query(c, q, "reports", &text))
		text = S("");
	while (*count < REPORTS_A_PAGE && str_cut(&text, '-', &part)) {
		if (!str_to_i64(part, 1, INT64_MAX, &(*ids)[*count]))
			return FAIL(c, ERR_NOT_FOUND, "no such report");
		(*count)++;
	}
	return *count ? OK : FAIL(c, ERR_NOT_FOUND, "no report is asked about");
}

enum err alerts_split_sure_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct split_sure_view v = { .csrf = frame_csrf(c), .first = S(""), .later = S(""), .readers = S("") };
	struct cases_apart apart;
	int64_t *ids;
	size_t count;
	TRY(request_id(c, q, 0, &v.case_id));
	TRY(reports_asked(c, q, &ids, &count));
	TRY(cases_apart(c, v.case_id, ids, count, &apart));
	TRY(circles_reading(c, (struct box_of){ "cases", v.case_id }));
	TRY(places_label(c, apart.place_id, &v.place));
	TRY(fill_apart(c, &apart, &v));
	frame_begin(c, q, r, &(struct frame){ .title = v.place, .current = "/cases" });
	split_sure_view(&r->body, &v);
	return frame_end(c, r);
}

enum err alerts_split_send(struct ctx *c, const struct request *q, struct response *r)
{
	const struct split_input *in = q->form;
	int64_t case_id, post_id, id;
	TRY(request_id(c, q, 0, &case_id));
	TRY(cases_check_member(c, case_id, &post_id));
	TRY(alerts_split(c, case_id, post_id, in->report.ids, in->report.count, &id));
	return redirect(c, r, arena_printf(c->mem, "/cases/%" PRId64 "?split", id));
}
