/* Ending a flood: choosing and proposing, looking at a proposal, agreeing to it. */
#include "alerts_flood_sql.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "cases_seen_sql.h"
#include "cases_sql.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_lineage.h"
#include "features/alerts/alerts_flood.h"
#include "features/alerts/alerts_flood_views.h"
#include "features/cases/cases_read.h"
#include "features/cases/cases_seen.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "http/session.h"

enum { CHOICES_MAX = 200, TEXTS_MAX = 5, WORDS_MAX = 20, FIRST_CHARS = 200 };

struct flood_input {
	struct field_ids incident;
	struct field_ids seen; /* what the page showed of each (mark_of) */
	bool sure, again, none;
};
static const struct field propose_fields[] = {
	FIELD(flood_input, incident, FIELD_IDS, 1, FLOOD_CASES_MAX, true, N_("Incidents")),
	FIELD(flood_input, seen, FIELD_IDS, 0, FLOOD_CASES_MAX, false, N_("What was on the page")),
};
static const struct field agree_fields[] = {
	FIELD(flood_input, incident, FIELD_IDS, 0, FLOOD_CASES_MAX, false, N_("Incidents")),
	FIELD(flood_input, sure, FIELD_BOOL, 0, 0, false, N_("Yes, end these")),
	FIELD(flood_input, again, FIELD_BOOL, 0, 0, false, N_("Choose again")),
	FIELD(flood_input, none, FIELD_BOOL, 0, 0, false, N_("None is unfounded: all stay open")),
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

/* One number says which incident, by the end of its id, and what was shown of it. */
enum { ID_BITS = 40, SHOWN_BITS = 20 };
static const int64_t SHOWN_MASK = (INT64_C(1) << SHOWN_BITS) - 1;

static int64_t mark_of(int64_t case_id, int64_t shown)
{
	return (case_id & ((INT64_C(1) << ID_BITS) - 1)) << SHOWN_BITS | (shown & SHOWN_MASK);
}

/* What the page showed of one incident; 0: it does not say. */
static int64_t shown_of(const struct field_ids *marks, int64_t case_id)
{
	for (size_t i = 0; i < marks->count; i++)
		if (mark_of(case_id, marks->ids[i]) == marks->ids[i])
			return marks->ids[i] & SHOWN_MASK;
	return 0;
}

/* The first words of a text, and what is folded behind them. */
static void fold(struct str text, struct flood_said *to)
{
	to->first = utf8_cut(text, FIRST_CHARS);
	to->rest = (struct str){ text.p + to->first.n, text.n - to->first.n };
}

static int newest_first(const void *one, const void *other)
{
	const struct flood_said *a = one, *b = other;
	return (a->at_ms < b->at_ms) - (a->at_ms > b->at_ms);
}

/* What its reporter wrote after the report; line->said has room for WORDS_MAX more. */
static enum err fill_written_after(struct ctx *c, int64_t report_id, struct flood_line *line)
{
	struct alerts_flood_words_row *rows;
	size_t count;
	TRY(alerts_flood_words(c, report_id, WORDS_MAX + 1, &rows, &count));
	line->more = line->more || count > WORDS_MAX;
	line->wrote = line->wrote || count > 0;
	for (size_t i = 0; i < count && i < WORDS_MAX; i++) {
		struct flood_said *to = &line->said[line->said_count++];
		struct str text = S("");
		*to = (struct flood_said){ .at_ms = rows[i].created_ms,
			.when = frame_date_clock(c, rows[i].created_ms),
			.withdrawn = rows[i].withdrawn_ms.is };
		if (!to->withdrawn)
			TRY(cases_open_field(c, "report_messages", rows[i].id, "text", &text, &to->sealed));
		fold(text, to);
	}
	return OK;
}

/* What the newest reports say, of those that the person reads, and what their reporters wrote since: newest first. */
static enum err fill_said(struct ctx *c, struct flood_line *line)
{
	struct cases_seen_reports_row *rows;
	size_t count;
	TRY(cases_seen_reports(c, line->id, c->account_id, ROLES_ANSWER, INT64_MAX, 0, TEXTS_MAX + 1, &rows, &count));
	line->more = count > TEXTS_MAX;
	count = line->more ? TEXTS_MAX : count;
	line->said = arena_array(c->mem, struct flood_said, count * (1 + WORDS_MAX) + 1);
	for (size_t i = 0; i < count; i++) {
		struct case_report report;
		TRY(cases_read_report(c, rows[i].id, &report));
		struct flood_said *to = &line->said[line->said_count++];
		*to = (struct flood_said){ .at_ms = report.at_ms,
			.when = report.when,
			.withdrawn = report.withdrawn,
			.sealed = report.sealed };
		if (!report.withdrawn && !report.sealed)
			fold(report.text, to);
		TRY(fill_written_after(c, rows[i].id, line));
	}
	if (line->said_count)
		qsort(line->said, line->said_count, sizeof *line->said, newest_first);
	return OK;
}

static enum err fill_written(struct ctx *c, int64_t since_ms, struct flood_line *line)
{
	struct alerts_flood_written_row row;
	TRY(alerts_flood_written(c, line->id, c->account_id, ROLES_ANSWER, since_ms, &row));
	if (row.last_ms.is)
		line->written = frame_date_clock(c, row.last_ms.v);
	return OK;
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
		bool waits;
		if (listed(v->rows, v->rows_count, rows[i].case_id))
			continue;
		TRY(alerts_flood_waits(c, rows[i].case_id, &waits));
		if (waits)
			continue;
		struct flood_line *line = &v->rows[v->rows_count++];
		int64_t shown;
		TRY(fill_line(c, rows[i].case_id, rows[i].place_id, rows[i].level, rows[i].reason, rows[i].reports,
			rows[i].from_ms, line));
		TRY(fill_said(c, line));
		TRY(cases_shown(c, line->id, &shown));
		line->seen = mark_of(line->id, shown);
		line->chosen = form_checked(q, "incident", arena_i64(c->mem, line->id).p, false);
	}
	return OK;
}

enum err alerts_floods_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct flood_choose_view v = { .csrf = frame_csrf(c), .error = form_error(c, q, "incident") };
	struct alert_flood_waiting *waiting;
	TRY(circles_reading(c, (struct box_of){ "alert_floods", 0 }));
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
	struct flood_pick *picks = arena_array(c->mem, struct flood_pick, in->incident.count + 1);
	int64_t id;
	for (size_t i = 0; i < in->incident.count; i++)
		picks[i] = (struct flood_pick){ in->incident.ids[i], shown_of(&in->seen, in->incident.ids[i]) };
	TRY(alerts_flood_propose(c, picks, in->incident.count, &id));
	return to_flood(c, r, id);
}

static const char *state_words(struct str state)
{
	if (str_is(state, "ended"))
		return N_("Ended as unfounded");
	return str_is(state, "kept") ? N_("Stays open") : "";
}

/* The incidents of it that the person sees: those that wait, and those that were decided. */
static enum err fill_rows(struct ctx *c, const struct request *q, int64_t since_ms, struct flood_view *v)
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
		bool chosen = form_checked(q, "incident", arena_i64(c->mem, rows[i].case_id).p, false);
		if (waits && v->sure && !chosen)
			continue;
		struct flood_line *line = waits ? &v->rows[v->rows_count++] : &v->decided[v->decided_count++];
		TRY(cases_seen(c, rows[i].case_id, &seen));
		TRY(cases_get(c, rows[i].case_id, &kase));
		TRY(fill_line(c, rows[i].case_id, kase.place_id, str_of(level_codes[seen.level]), seen.reason,
			seen.reports, seen.from_ms, line));
		line->chosen = chosen;
		if (!waits)
			line->state = words_get(c->lang, state_words(rows[i].state));
		if (!waits)
			continue;
		TRY(fill_said(c, line));
		TRY(fill_written(c, since_ms, line));
		v->ending += !line->written.n;
	}
	return count ? OK : REFUSE(c, ERR_DENIED, "Only members of the posts that take part see this case.");
}

static void fill_counts(struct ctx *c, struct flood_view *v)
{
	struct word_value n = { "n", arena_i64(c->mem, (int64_t)v->rows_count) };
	struct word_value ending = { "n", arena_i64(c->mem, (int64_t)v->ending) };
	v->count = words_fill(c->mem,
		words_plural(c->lang, "{n} incident waits for your word.", "{n} incidents wait for your word.",
			(int64_t)v->rows_count),
		&n, 1);
	v->end = words_fill(c->mem,
		words_plural(
			c->lang, "End {n} incident as unfounded", "End {n} incidents as unfounded", (int64_t)v->ending),
		&ending, 1);
}

/* The proposal that Q's path names. */
static enum err named_flood(struct ctx *c, const struct request *q, int64_t *id, struct alerts_flood_get_row *flood)
{
	bool found;
	TRY(request_id(c, q, 0, id));
	TRY(alerts_flood_get(c, *id, flood, &found));
	return found ? OK : FAIL(c, ERR_NOT_FOUND, "no such proposal");
}

/* SURE: only those that were ticked, to be ended with one more tap. */
static enum err show_flood(struct ctx *c, const struct request *q, struct response *r, bool sure)
{
	struct flood_view v = { .csrf = frame_csrf(c), .error = form_error(c, q, "incident"), .sure = sure };
	struct alerts_flood_get_row flood;
	TRY(named_flood(c, q, &v.id, &flood));
	if (!sure)
		TRY(circles_reading(c, (struct box_of){ "alert_floods", v.id }));
	TRY(fill_rows(c, q, flood.created_ms, &v));
	fill_counts(c, &v);
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

enum err alerts_flood_page(struct ctx *c, const struct request *q, struct response *r)
{
	return show_flood(c, q, r, false);
}

enum err alerts_flood_end(struct ctx *c, const struct request *q, struct response *r)
{
	const struct flood_input *in = q->form;
	struct alerts_flood_get_row flood;
	int64_t id;
	if (in->again)
		return show_flood(c, q, r, false);
	TRY(named_flood(c, q, &id, &flood));
	if (!in->none && !in->incident.count)
		return form_refuse(c, q, "incident", N_("Tick what is unfounded, or say that all stay open."));
	if (!in->none && !in->sure)
		return show_flood(c, q, r, true);
	TRY(alerts_flood_agree(c, id, in->incident.ids, in->none ? 0 : in->incident.count));
	return to_flood(c, r, id);
}
