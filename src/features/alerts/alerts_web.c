/* Answers by tap, the ladders, and how long answers took. */
#include "features/alerts/alerts_web.h"
#include "alerts_sql.h"
#include "base/clock.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/alerts/alerts.h"
#include "features/alerts/alerts_views.h"
#include "features/audit/audit.h"
#include "features/circles/circles.h"
#include "http/session.h"

enum { RUNGS_MAX = 30, RUNGS_CHARS_MAX = 2000, STEP_MAX = 9, WEEK_S = 604800 };

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

struct rungs_input {
	int level;
	struct str rungs;
};
static const struct field rungs_fields[] = {
	FIELD_OF(rungs_input, level, FIELD_CODE, level_codes, true, N_("What does it look like?")),
	FIELD(rungs_input, rungs, FIELD_TEXT, 1, RUNGS_CHARS_MAX, true, N_("Ladder")),
};
const struct form alerts_rungs_form = FORM(rungs_input, rungs_fields, alerts_rungs_page);

/* The post that takes over must be able to read: whatever of the case this person can open is opened to it. */
static enum err share_case(struct ctx *c, int64_t case_id, int64_t post_id)
{
	struct alerts_sealed_row *rows;
	size_t rows_count;
	TRY(alerts_sealed(c, case_id, &rows, &rows_count));
	for (size_t i = 0; i < rows_count; i++) {
		enum err e = circles_share(c, (struct box_of){ rows[i].subject.p, rows[i].subject_id }, &post_id, 1);
		if (e != OK && e != ERR_DENIED)
			return e;
	}
	return cases_note_entry(c, case_id, "shared", S(""), post_id, 0, NULL);
}

enum err alerts_give_answer(struct ctx *c, const struct request *q, struct response *r)
{
	const struct answer_input *in = q->form;
	struct alerts_get_row a;
	int64_t id, post_id;
	TRY(request_id(c, q, 0, &id));
	TRY(alerts_get(c, id, &a));
	TRY(cases_check_member(c, a.case_id, &post_id));
	TRY(alerts_answer(c, id, (enum answer)in->answer, post_id, in->answer == ANSWER_HANDED_OVER ? in->to_post : 0));
	if (in->answer == ANSWER_HANDED_OVER)
		TRY(share_case(c, a.case_id, in->to_post));
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

static enum err fill_ladder(struct ctx *c, const struct request *q, int level, struct alert_ladder *l)
{
	struct alerts_rung_rows_row *rows;
	TRY(alerts_rung_rows(c, str_of(level_codes[level]), &rows, &l->rungs_count));
	l->level = str_of(level_codes[level]);
	l->at = level;
	l->rungs = arena_array(c->mem, struct alert_rung_line, l->rungs_count + 1);
	for (size_t i = 0; i < l->rungs_count; i++) {
		unsigned role = (unsigned)rows[i].roles;
		const char *code = "";
		for (unsigned k = 0; accounts_role_codes[k]; k++)
			if (role & (1U << k))
				code = accounts_role_codes[k];
		l->rungs[i] = (struct alert_rung_line){ rows[i].step, rows[i].after_s, rows[i].post_kind,
			accounts_role_list(c, role), rows[i].on_duty, role };
		l->text = arena_printf(c->mem, "%.*s%" PRId64 " %" PRId64 " %.*s %s %s\n", STR_ARG(l->text),
			rows[i].step, rows[i].after_s, STR_ARG(rows[i].post_kind), code,
			rows[i].on_duty ? "duty" : "all");
	}
	if (str_eq(form_value(q, "level", S("")), l->level))
		l->text = form_value(q, "rungs", l->text);
	return OK;
}

enum err alerts_rungs_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct alert_rungs_view v = { .csrf = frame_csrf(c), .ladders_count = LEVEL_COUNT };
	v.ladders = arena_array(c->mem, struct alert_ladder, LEVEL_COUNT);
	for (int i = 0; i < LEVEL_COUNT; i++)
		TRY(fill_ladder(c, q, LEVEL_COUNT - 1 - i, &v.ladders[i]));
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Ladders") });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	alert_rungs_view(&r->body, &v);
	return frame_end(c, r);
}

struct rung_in {
	int64_t step, after_s;
	struct str kind;
	unsigned roles;
	bool on_duty;
};

static bool known_kind(struct str kind)
{
	static const char *const kinds[] = { "bhabin", "polsek", "polres", "call110", "rw", NULL };
	return code_index(kinds, kind) >= 0;
}

/* "1 60 polsek command all" */
static bool read_rung(struct str line, struct rung_in *out)
{
	struct str word[5], rest = line;
	size_t n = 0;
	while (n < COUNT(word) && str_cut(&rest, ' ', &word[n]))
		n += word[n].n > 0;
	if (n < COUNT(word) || str_trim(rest).n)
		return false;
	out->kind = word[2];
	out->roles = accounts_role_of(word[3]);
	out->on_duty = str_is(word[4], "duty");
	return str_to_i64(word[0], 0, STEP_MAX, &out->step) && str_to_i64(word[1], 0, WEEK_S, &out->after_s) &&
	       known_kind(word[2]) && (out->roles & ROLES_ANSWER) && (out->on_duty || str_is(word[4], "all"));
}

/* Steps go up from 0 without a gap, and none is due before the one below it. */
static bool read_rungs(struct str text, struct rung_in *rungs, size_t *count)
{
	struct str line;
	*count = 0;
	while (str_cut(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.n == 0)
			continue;
		struct rung_in *to = &rungs[*count];
		const struct rung_in *before = *count ? to - 1 : NULL;
		if (*count == RUNGS_MAX || !read_rung(line, to))
			return false;
		bool first = !before && to->step == 0 && to->after_s == 0;
		bool next = before && to->step >= before->step && to->step <= before->step + 1 &&
			    to->after_s >= before->after_s &&
			    (to->step != before->step || to->after_s == before->after_s);
		if (!first && !next)
			return false;
		(*count)++;
	}
	return *count > 0;
}

enum err alerts_rungs_save(struct ctx *c, const struct request *q, struct response *r)
{
	const struct rungs_input *in = q->form;
	struct rung_in rungs[RUNGS_MAX + 1];
	size_t count;
	struct str level = str_of(level_codes[in->level]);
	if (!read_rungs(in->rungs, rungs, &count))
		return form_refuse(c, q, "rungs",
			N_("One rung a line: step, seconds, kind of post, role, duty or all. Steps begin with 0 at 0 "
			   "seconds and go up by one."));
	TRY(alerts_rungs_clear(c, level));
	for (size_t i = 0; i < count; i++)
		TRY(alerts_rung_insert(c, id_new(c->now_ms), level, rungs[i].step, rungs[i].after_s, rungs[i].kind,
			rungs[i].roles, rungs[i].on_duty));
	TRY(audit_note(c, AUDIT_LADDER, "alert_rungs", 0, level));
	return redirect(c, r, S("/alerts/rungs"));
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
	struct str none = S("–");
	return (struct alert_times_line){ .name = rows[0].name,
		.calls = arena_printf(c->mem, "%zu", count),
		.answered = arena_printf(c->mem, "%zu", taken),
		.half = taken ? frame_span(c, waits[(taken - 1) / 2]) : none,
		.most = taken ? frame_span(c, waits[(taken * 9 + 9) / 10 - 1]) : none,
		.slowest = taken ? frame_span(c, waits[taken - 1]) : none };
}

enum err alerts_times_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct alerts_answer_times_row *rows;
	size_t rows_count;
	int64_t zone_ms = frame_zone_min() * MINUTE_MS;
	struct clock_time now = clock_utc(c->now_ms + zone_ms),
			  first = { .year = now.year, .month = now.month, .day = 1 };
	struct clock_time month = month_asked(c, q, first), next = month_shifted(month, 1),
			  previous = month_shifted(month, -1);
	TRY(alerts_answer_times(c, clock_ms(&month) - zone_ms, clock_ms(&next) - zone_ms, &rows, &rows_count));
	struct alert_times_view v = { .month = month_text(c, month),
		.previous = month_text(c, previous),
		.next = month_text(c, next),
		.has_next = clock_ms(&next) <= clock_ms(&first) };
	v.rows = arena_array(c->mem, struct alert_times_line, rows_count + 1);
	for (size_t i = 0, end; i < rows_count; i = end) {
		for (end = i; end < rows_count && rows[end].post_id == rows[i].post_id; end++) {}
		v.rows[v.rows_count++] = times_line(c, rows + i, end - i);
	}
	frame_begin(c, q, r,
		&(struct frame){ .title = words_get(c->lang, "Answers"), .current = "/alerts/times", .wide = true });
	alert_times_view(&r->body, &v);
	return frame_end(c, r);
}
