/* The ladders, as an administrator sees and changes them: one rung is added or taken off at a time. Steps are counted anew each
 * time, by how long after the report they come; alerts that are on their way up keep their place on the ladder. */
#include "alerts_sql.h"
#include "base/clock.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/alerts/alerts.h"
#include "features/alerts/alerts_row.h"
#include "features/alerts/alerts_views.h"
#include "features/alerts/alerts_web.h"
#include "features/audit/audit.h"

enum { RUNGS_MAX = 50, STEPS_MAX = 10, AFTER_MAX = 1000, WEEK_S = 604800, MINUTE_S = 60, HOUR_S = 3600 };

static const char *const kind_codes[] = { "bhabin", "polsek", "polres", "call110", "rw", NULL };
static const char *const kind_names[] = { N_("Bhabinkamtibmas of the kelurahan"), N_("Polsek"), N_("Polres"),
	N_("Call Center 110"), N_("Secretariat of the RW"), NULL };
static const char *const role_codes[] = { "officer", "desk", "command", "head", NULL };
static const char *const role_names[] = { N_("Bhabinkamtibmas"), N_("Duty desk"), N_("Chief"), N_("Head of RT or RW"),
	NULL };
static const char *const unit_codes[] = { "seconds", "minutes", "hours", NULL };
static const char *const unit_names[] = { N_("seconds"), N_("minutes"), N_("hours"), NULL };
static const int64_t unit_s[] = { 1, MINUTE_S, HOUR_S };
static const char *const whom_codes[] = { "duty", "all", NULL };
static const char *const whom_names[] = { N_("only those on duty"), N_("everybody in this role"), NULL };

struct rung_input {
	int level, unit, kind, role, whom;
	int64_t after;
};
static const struct field rung_fields[] = {
	FIELD_OF(rung_input, level, FIELD_CODE, level_codes, true, N_("What does it look like?")),
	FIELD(rung_input, after, FIELD_INT, 0, AFTER_MAX, true, N_("How long after the report")),
	FIELD_OF(rung_input, unit, FIELD_CODE, unit_codes, true, N_("Unit")),
	FIELD_OF(rung_input, kind, FIELD_CODE, kind_codes, true, N_("Post")),
	FIELD_OF(rung_input, role, FIELD_CODE, role_codes, true, N_("Role")),
	FIELD_OF(rung_input, whom, FIELD_CODE, whom_codes, true, N_("Whom")),
};
const struct form alerts_rung_form = FORM(rung_input, rung_fields, alerts_rungs_page);

static const char *role_code(int64_t roles)
{
	for (size_t i = 0; role_codes[i]; i++)
		if (accounts_role_of(str_of(role_codes[i])) & (unsigned)roles)
			return role_codes[i];
	return "";
}

static struct str name_of(struct ctx *c, const char *const *codes, const char *const *names, struct str code)
{
	int i = code_index(codes, code);
	return i < 0 ? code : words_get(c->lang, names[i]);
}

/* "at once", "after 5 minutes". */
static struct str after_text(struct ctx *c, int64_t after_s)
{
	struct word_value v = { "time", frame_span(c, after_s * SECOND_MS) };
	return after_s ? words_format(c->mem, c->lang, N_("after {time}"), &v, 1) : words_get(c->lang, N_("at once"));
}

static enum err fill_ladder(struct ctx *c, int level, struct alert_ladder *l)
{
	struct alerts_rung_rows_row *rows;
	size_t first = 0;
	bool own;
	TRY(alerts_ladder(c, (enum level)level, &rows, &l->rungs_count, &own));
	l->preset = !own;
	for (size_t i = 0; i < l->rungs_count; i++)
		first += rows[i].step == 0;
	l->level = str_of(level_codes[level]);
	l->at = level;
	l->rungs = arena_array(c->mem, struct alert_rung_line, l->rungs_count + 1);
	for (size_t i = 0; i < l->rungs_count; i++)
		l->rungs[i] = (struct alert_rung_line){ .id = rows[i].id,
			.after = after_text(c, rows[i].after_s),
			.kind = name_of(c, kind_codes, kind_names, rows[i].post_kind),
			.role = name_of(c, role_codes, role_names, str_of(role_code(rows[i].roles))),
			.whom = words_get(c->lang, whom_names[rows[i].on_duty ? 0 : 1]),
			.may_end = own && (rows[i].step > 0 || first > 1) };
	return OK;
}

/* What the form begins with: a rung that was just taken off, so that it can be put back; else what the address does not say. */
static struct str preset(struct ctx *c, const struct request *q, const char *name, const char *otherwise)
{
	struct str text;
	return request_query(c, q, name, &text) ? text : str_of(otherwise);
}

static void fill_form(struct ctx *c, const struct request *q, struct alert_rungs_view *v)
{
	struct str none;
	v->level = form_value(q, "level", preset(c, q, "level", ""));
	v->ended = q->method == GET && request_query(c, q, "after", &none);
	v->after = frame_field_of(c, q, "after", N_("How long after the report"), N_("0 is at once."), "number", "off",
		preset(c, q, "after", ""));
	v->unit = frame_choice_of(
		c, q, "unit", N_("Unit"), unit_codes, unit_names, preset(c, q, "unit", unit_codes[1]));
	v->kind = frame_choice_of(
		c, q, "kind", N_("Post"), kind_codes, kind_names, preset(c, q, "kind", kind_codes[1]));
	v->role = frame_choice_of(
		c, q, "role", N_("Role"), role_codes, role_names, preset(c, q, "role", role_codes[1]));
	v->whom = frame_choice_of(
		c, q, "whom", N_("Whom"), whom_codes, whom_names, preset(c, q, "whom", whom_codes[0]));
}

enum err alerts_rungs_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct alert_rungs_view v = { .csrf = frame_csrf(c), .ladders_count = LEVEL_COUNT };
	v.ladders = arena_array(c->mem, struct alert_ladder, LEVEL_COUNT);
	fill_form(c, q, &v);
	for (int i = 0; i < LEVEL_COUNT; i++) {
		TRY(fill_ladder(c, LEVEL_COUNT - 1 - i, &v.ladders[i]));
		v.ladders[i].adding = str_eq(v.level, v.ladders[i].level);
	}
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Ladders"), .current = "/posts" });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	alert_rungs_view(&r->body, &v);
	return frame_end(c, r);
}

static int by_time(const void *a, const void *b)
{
	const struct alerts_rung_rows_row *x = a, *y = b;
	return x->after_s != y->after_s ? (x->after_s > y->after_s) - (x->after_s < y->after_s)
					: (x->id > y->id) - (x->id < y->id);
}

/* Writes the ladder of LEVEL with its steps counted anew. */
static enum err store(struct ctx *c, struct str level, struct alerts_rung_rows_row *rows, size_t count)
{
	qsort(rows, count, sizeof *rows, by_time);
	TRY(alerts_rungs_clear(c, level));
	for (size_t i = 0; i < count; i++) {
		bool same = i > 0 && rows[i].after_s == rows[i - 1].after_s;
		rows[i].step = i == 0 ? 0 : rows[i - 1].step + !same;
		TRY(alerts_rung_insert(c, rows[i].id ? rows[i].id : id_new(c->now_ms), level, rows[i].step,
			rows[i].after_s, rows[i].post_kind, rows[i].roles, rows[i].on_duty));
	}
	return audit_note(c, AUDIT_LADDER, "alert_rungs", 0, level);
}

/* How many of ROWS are called AFTER_S after the report; *STEP: how many steps come before that. */
static size_t at_time(const struct alerts_rung_rows_row *rows, size_t count, int64_t after_s, int64_t *step)
{
	size_t n = 0;
	*step = 0;
	for (size_t i = 0; i < count; i++) {
		n += rows[i].after_s == after_s;
		if (rows[i].after_s < after_s && rows[i].step >= *step)
			*step = rows[i].step + 1;
	}
	return n;
}

enum err alerts_rung_add(struct ctx *c, const struct request *q, struct response *r)
{
	const struct rung_input *in = q->form;
	struct str level = str_of(level_codes[in->level]), kind = str_of(kind_codes[in->kind]);
	int64_t after_s = in->after * unit_s[in->unit], step;
	struct alerts_rung_rows_row *old;
	size_t count;
	bool own;
	TRY(alerts_ladder(c, (enum level)in->level, &old, &count, &own));
	if (after_s > WEEK_S)
		return form_refuse(c, q, "after", N_("A week at most."));
	bool new_step = at_time(old, count, after_s, &step) == 0;
	if (count == RUNGS_MAX || (new_step && old[count - 1].step + 1 == STEPS_MAX))
		return form_refuse(c, q, "after", N_("A ladder has ten steps at most. Take one off first."));
	for (size_t i = 0; i < count; i++)
		if (old[i].after_s == after_s && str_eq(old[i].post_kind, kind))
			return form_refuse(c, q, "kind", N_("This post is called at that time already."));
	struct alerts_rung_rows_row *rows = arena_array(c->mem, struct alerts_rung_rows_row, count + 1);
	memcpy(rows, old, count * sizeof *rows);
	rows[count] = (struct alerts_rung_rows_row){ .id = id_new(c->now_ms),
		.after_s = after_s,
		.post_kind = kind,
		.roles = (int64_t)accounts_role_of(str_of(role_codes[in->role])),
		.on_duty = in->whom == 0 };
	if (new_step)
		TRY(alerts_steps_shift(c, level, step, 1));
	TRY(store(c, level, rows, count + 1));
	return redirect(c, r, S("/alerts/rungs"));
}

/* The address of the page with a form that puts the rung back. */
static struct str put_back(struct ctx *c, struct str level, const struct alerts_rung_rows_row *rung)
{
	size_t unit = 0;
	while (unit + 1 < COUNT(unit_s) && rung->after_s && rung->after_s % unit_s[unit + 1] == 0)
		unit++;
	return arena_printf(c->mem, "/alerts/rungs?level=%.*s&after=%" PRId64 "&unit=%s&kind=%.*s&role=%s&whom=%s#add",
		STR_ARG(level), rung->after_s / unit_s[unit], unit_codes[unit], STR_ARG(rung->post_kind),
		role_code(rung->roles), whom_codes[rung->on_duty ? 0 : 1]);
}

enum err alerts_rung_end(struct ctx *c, const struct request *q, struct response *r)
{
	struct alerts_rung_get_row found;
	struct alerts_rung_rows_row *rows, gone;
	size_t count, at = 0;
	int64_t id, step;
	bool is;
	TRY(request_id(c, q, 0, &id));
	TRY(alerts_rung_get(c, id, &found, &is));
	if (!is)
		return REFUSE(c, ERR_NOT_FOUND, "This call is not on the ladder any more.");
	TRY(alerts_rung_rows(c, found.level, &rows, &count));
	while (rows[at].id != id)
		at++;
	gone = rows[at];
	size_t there = at_time(rows, count, gone.after_s, &step);
	if (gone.step == 0 && there == 1)
		return REFUSE(c, ERR_CONFLICT, "Somebody has to be called at once. Add another call first.");
	memmove(rows + at, rows + at + 1, (count - at - 1) * sizeof *rows);
	if (there == 1)
		TRY(alerts_steps_shift(c, found.level, step, -1));
	TRY(store(c, found.level, rows, count - 1));
	return redirect(c, r, put_back(c, found.level, &gone));
}
