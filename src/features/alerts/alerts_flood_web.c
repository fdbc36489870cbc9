/* Ending a flood: choosing and proposing, looking at a proposal, agreeing to it. */
#include "alerts_flood_sql.h"
#include "base/clock.h"
#include "cases_sql.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_lineage.h"
#include "features/alerts/alerts_flood.h"
#include "features/alerts/alerts_flood_views.h"
#include "features/cases/cases_read.h"
#include "features/cases/cases_seen.h"
#include "features/places/places.h"
#include "http/session.h"

enum { CHOICES_MAX = 200 };

struct flood_input {
	struct field_ids incident;
};
static const struct field propose_fields[] = {
	FIELD(flood_input, incident, FIELD_IDS, 1, FLOOD_CASES_MAX, true, N_("Incidents")),
};
static const struct field agree_fields[] = {
	FIELD(flood_input, incident, FIELD_IDS, 0, FLOOD_CASES_MAX, false, N_("Incidents")),
};
const struct form alerts_flood_form = FORM(flood_input, propose_fields, alerts_floods_page);
const struct form alerts_agree_form = FORM(flood_input, agree_fields, alerts_flood_page);

static enum err fill_line(struct ctx *c, int64_t case_id, int64_t place_id, struct str level, struct str why,
	int64_t reports, int64_t from_ms, struct flood_line *line)
{
	struct word_value n = { "n", arena_i64(c->mem, reports) };
	*line = (struct flood_line){ .id = case_id,
		.level = code_index(level_codes, level),
		.why = cases_name_of(c, trigger_codes, trigger_names, why),
		.since = frame_ago(c, from_ms),
		.reports = words_fill(c->mem, words_plural(c->lang, "{n} report", "{n} reports", reports), &n, 1),
		.state = S("") };
	return places_label(c, place_id, &line->place);
}

static bool listed(const struct flood_line *rows, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].id == id)
			return true;
	return false;
}

static enum err fill_choices(struct ctx *c, const struct request *q, struct flood_choose_view *v)
{
	struct alerts_flood_choices_row *rows;
	size_t count;
	TRY(alerts_flood_choices(c, c->account_id, ROLE_DESK, c->now_ms - HOUR_MS, CHOICES_MAX, &rows, &count));
	v->rows = arena_array(c->mem, struct flood_line, count + 1);
	for (size_t i = 0; i < count && v->rows_count < FLOOD_CASES_MAX; i++) {
		if (listed(v->rows, v->rows_count, rows[i].case_id))
			continue;
		struct flood_line *line = &v->rows[v->rows_count++];
		TRY(fill_line(c, rows[i].case_id, rows[i].place_id, rows[i].level, rows[i].reason, rows[i].reports,
			rows[i].from_ms, line));
		line->chosen = form_checked(q, "incident", arena_i64(c->mem, line->id).p, false);
	}
	return OK;
}

enum err alerts_floods_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct flood_choose_view v = { .csrf = frame_csrf(c), .error = form_error(c, q, "incident") };
	struct alert_flood_waiting *waiting;
	TRY(fill_choices(c, q, &v));
	TRY(alerts_flood_waiting_for(c, &waiting, &v.waiting_count));
	v.waiting = arena_array(c->mem, struct flood_wait, v.waiting_count + 1);
	for (size_t i = 0; i < v.waiting_count; i++)
		v.waiting[i] = (struct flood_wait){ waiting[i].id, waiting[i].text };
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "End a flood of reports"), .current = "/" });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	flood_choose_view(&r->body, &v);
	return frame_end(c, r);
}

static enum err to_flood(struct ctx *c, struct response *r, int64_t id)
{
	return redirect(c, r, arena_printf(c->mem, "/alerts/floods/%" PRId64, id));
}

enum err alerts_flood_send(struct ctx *c, const struct request *q, struct response *r)
{
	const struct flood_input *in = q->form;
	int64_t id;
	TRY(alerts_flood_propose(c, in->incident.ids, in->incident.count, &id));
	return to_flood(c, r, id);
}

static const char *state_words(struct str state)
{
	if (str_is(state, "ended"))
		return N_("Ended as unfounded");
	return str_is(state, "kept") ? N_("Stays open") : "";
}

/* The incidents of it that the person sees: those that wait, and those that were decided. */
static enum err fill_rows(struct ctx *c, const struct request *q, struct flood_view *v)
{
	struct alerts_flood_rows_row *rows;
	size_t count;
	TRY(alerts_flood_rows(c, v->id, c->account_id, ROLES_ANSWER, &rows, &count));
	v->rows = arena_array(c->mem, struct flood_line, count + 1);
	v->decided = arena_array(c->mem, struct flood_line, count + 1);
	for (size_t i = 0; i < count; i++) {
		struct cases_get_row kase;
		struct case_seen seen;
		bool waits = str_is(rows[i].state, "proposed");
		struct flood_line *line = waits ? &v->rows[v->rows_count++] : &v->decided[v->decided_count++];
		TRY(cases_seen(c, rows[i].case_id, &seen));
		TRY(cases_get(c, rows[i].case_id, &kase));
		TRY(fill_line(c, rows[i].case_id, kase.place_id, str_of(level_codes[seen.level]), seen.reason,
			seen.reports, seen.from_ms, line));
		line->chosen = form_checked(q, "incident", arena_i64(c->mem, line->id).p, true);
		if (!waits)
			line->state = words_get(c->lang, state_words(rows[i].state));
	}
	return count ? OK : REFUSE(c, ERR_DENIED, "Only members of the posts that take part see this case.");
}

enum err alerts_flood_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct flood_view v = { .csrf = frame_csrf(c), .error = form_error(c, q, "incident") };
	struct alerts_flood_get_row flood;
	bool found;
	TRY(request_id(c, q, 0, &v.id));
	TRY(alerts_flood_get(c, v.id, &flood, &found));
	if (!found)
		return FAIL(c, ERR_NOT_FOUND, "no such proposal");
	TRY(fill_rows(c, q, &v));
	TRY(accounts_one_person(c, c->account_id, flood.made_by, &v.own));
	v.too_old = flood.created_ms + HOUR_MS <= c->now_ms;
	v.may_agree = v.rows_count && !v.own && !v.too_old;
	struct word_value values[] = {
		{"name",             flood.name},
                {      "post",   flood.post_name         },
                { "time", frame_date_clock(c,          flood.created_ms) }
	};
	v.by = words_format(c->mem, c->lang, "Proposed by {name} ({post}), {time}.", values, COUNT(values));
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "End a flood of reports"), .current = "/" });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	flood_view(&r->body, &v);
	return frame_end(c, r);
}

enum err alerts_flood_end(struct ctx *c, const struct request *q, struct response *r)
{
	const struct flood_input *in = q->form;
	int64_t id;
	TRY(request_id(c, q, 0, &id));
	TRY(alerts_flood_agree(c, id, in->incident.ids, in->incident.count));
	return to_flood(c, r, id);
}
