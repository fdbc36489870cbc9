/* The ladder: raising, climbing. Answers are in alerts_answer.c. */
#include "features/alerts/alerts.h"
#include "alerts_sql.h"
#include "base/clock.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/posts/posts.h"
#include "jobs/queue.h"

struct rung {
	enum level level;
	int64_t step, after_s;
	const char *post_kind;
	unsigned roles;
	bool on_duty;
};

/* design: who is called when, until an admin says otherwise. */
static const struct rung defaults[] = {
	{LEVEL_NYATA,    0, 0,         "bhabin",  ROLE_OFFICER, true },
	{ LEVEL_NYATA,   0, 0,         "polsek",  ROLE_DESK,    true },
	{ LEVEL_NYATA,   0, 0,         "rw",      ROLE_HEAD,    false},
	{ LEVEL_NYATA,   1, 60,        "polsek",  ROLE_COMMAND, false},
	{ LEVEL_NYATA,   1, 60,        "call110", ROLE_DESK,    true },
	{ LEVEL_NYATA,   2, 180,       "polres",  ROLE_COMMAND, false},
	{ LEVEL_AMBANG,  0, 0,         "bhabin",  ROLE_OFFICER, true },
	{ LEVEL_AMBANG,  0, 0,         "rw",      ROLE_HEAD,    false},
	{ LEVEL_AMBANG,  1, 5 * 60,    "polsek",  ROLE_DESK,    true },
	{ LEVEL_AMBANG,  2, 15 * 60,   "polsek",  ROLE_COMMAND, false},
	{ LEVEL_POTENSI, 0, 0,         "bhabin",  ROLE_OFFICER, true },
	{ LEVEL_POTENSI, 1, 12 * 3600, "polsek",  ROLE_DESK,    true },
	{ LEVEL_POTENSI, 2, 24 * 3600, "polsek",  ROLE_COMMAND, false},
};

enum err alerts_default_rungs(struct ctx *c)
{
	struct alerts_rungs_count_row row;
	TRY(alerts_rungs_count(c, &row));
	if (row.n > 0)
		return OK;
	for (size_t i = 0; i < COUNT(defaults); i++) {
		const struct rung *d = &defaults[i];
		TRY(alerts_rung_insert(c, id_new(c->now_ms), str_of(level_codes[d->level]), d->step, d->after_s,
			str_of(d->post_kind), d->roles, d->on_duty));
	}
	return OK;
}

enum err alerts_plan(struct ctx *c, int64_t place_id, enum level level, bool spares_neighbours,
	struct alert_target **rows, size_t *rows_count)
{
	struct alerts_rung_rows_row *rungs;
	size_t rungs_count, posts_count, cap = 0;
	struct post *posts;
	TRY(alerts_rung_rows(c, str_of(level_codes[level]), &rungs, &rungs_count));
	TRY(posts_covering(c, place_id, true, &posts, &posts_count));
	*rows = NULL;
	*rows_count = 0;
	for (size_t i = 0; i < rungs_count; i++) {
		if (spares_neighbours && str_is(rungs[i].post_kind, "rw"))
			continue;
		for (size_t k = 0; k < posts_count; k++) {
			if (!str_eq(posts[k].kind, rungs[i].post_kind))
				continue;
			*rows = arena_grow(c->mem, *rows, *rows_count, &cap, *rows_count + 1, sizeof **rows);
			(*rows)[(*rows_count)++] = (struct alert_target){
				.post_id = posts[k].id,
				.name = posts[k].name,
				.kind = posts[k].kind,
				.step = rungs[i].step,
				.after_s = rungs[i].after_s,
				.roles = (unsigned)rungs[i].roles,
				.on_duty_only = rungs[i].on_duty,
			};
		}
	}
	return OK;
}

/* Can anybody hear a call on this post? */
static enum err hears(struct ctx *c, const struct alert_target *t, bool *heard)
{
	int64_t n;
	if (t->on_duty_only) {
		TRY(posts_on_duty(c, t->post_id, t->roles, c->now_ms, &n));
	} else {
		struct alerts_members_count_row row;
		TRY(alerts_members_count(c, t->post_id, t->roles, &row));
		n = row.n;
	}
	*heard = n > 0;
	return OK;
}

static enum err call_post(struct ctx *c, int64_t alert_id, int64_t case_id, const struct alert_target *t)
{
	TRY(alerts_call(c, alert_id, t->post_id, t->step, t->roles, t->on_duty_only));
	TRY(cases_add_post(c, case_id, t->post_id));
	TRY(cases_note_entry(c, case_id, "called", S(""), t->post_id, alert_id, NULL));
	return live_publish(c, t->post_id, "@ring", alert_id);
}

/* Calls the posts of the steps from FIRST on: one step, and further ones at once while nobody hears. *next_ms: when the
 * step after that is due, counted from SINCE_MS; not set at the top. */
static enum err climb(struct ctx *c, int64_t alert_id, int64_t case_id, int64_t since_ms, int64_t first,
	const struct alert_target *plan, size_t plan_count, struct opt_int *next_ms)
{
	bool heard = false;
	int64_t step = first - 1;
	*next_ms = (struct opt_int){ 0 };
	for (size_t i = 0; i < plan_count; i++) {
		const struct alert_target *t = &plan[i];
		if (t->step < first)
			continue;
		if (t->step > step && heard) {
			*next_ms = (struct opt_int){ true, since_ms + t->after_s * SECOND_MS };
			break;
		}
		step = t->step;
		bool this_one;
		TRY(hears(c, t, &this_one));
		heard = heard || this_one;
		TRY(call_post(c, alert_id, case_id, t));
	}
	if (next_ms->is && next_ms->v < c->now_ms + SECOND_MS)
		next_ms->v = c->now_ms + SECOND_MS;
	TRY(alerts_step_update(c, alert_id, step, *next_ms));
	return next_ms->is ? jobs_add(c, "alert_climb", alert_id, next_ms->v) : OK;
}

enum err alerts_raise(struct ctx *c, int64_t case_id, int64_t report_id, int64_t place_id, enum level level,
	enum trigger why, bool spares_neighbours, int64_t *id)
{
	struct alert_target *plan;
	size_t plan_count;
	struct opt_int next_ms;
	TRY(alerts_plan(c, place_id, level, spares_neighbours, &plan, &plan_count));
	*id = id_new(c->now_ms);
	TRY(alerts_insert(c, *id, case_id, (struct opt_int){ report_id != 0, report_id }, place_id,
		str_of(level_codes[level]), str_of(trigger_codes[why])));
	TRY(climb(c, *id, case_id, c->now_ms, 0, plan, plan_count, &next_ms));
	return cases_changed(c, case_id);
}

/* RW posts are on the ladder unless the reporter left them out: then none was planned at the start either. */
static enum err spares(struct ctx *c, const struct alerts_get_row *a, bool *spared)
{
	struct alerts_spares_row row;
	bool found = false;
	if (a->report_id.is)
		TRY(alerts_spares(c, a->report_id.v, &row, &found));
	*spared = found && row.spares_neighbours;
	return OK;
}

/* Where the ladder's times are counted from. An owner who fell silent may have done so long after the alert was raised:
 * then the rungs keep their distances from now on, instead of all being overdue at once. */
static int64_t since(const struct alerts_get_row *a, const struct alert_target *plan, size_t plan_count, int64_t now_ms)
{
	for (size_t i = 0; i < plan_count && a->owned_ms.is; i++)
		if (plan[i].step == a->step + 1)
			return now_ms - plan[i].after_s * SECOND_MS;
	return a->raised_ms;
}

enum err alerts_climb_job(struct ctx *c, int64_t alert_id)
{
	struct alerts_get_row a;
	TRY(alerts_get(c, alert_id, &a));
	if (a.ended_ms.is || !a.next_ms.is || a.next_ms.v > c->now_ms)
		return OK; /* answered since, or the deadline moved and has a job of its own */
	bool spared;
	struct alert_target *plan;
	size_t plan_count;
	struct opt_int next_ms;
	TRY(spares(c, &a, &spared));
	int level = code_index(level_codes, a.level);
	assert(level >= 0);
	TRY(alerts_plan(c, a.place_id, (enum level)level, spared, &plan, &plan_count));
	TRY(cases_note_entry(c, a.case_id, a.owner_id.is ? "late" : "unanswered", S(""), 0, alert_id, NULL));
	TRY(climb(c, alert_id, a.case_id, since(&a, plan, plan_count, c->now_ms), a.step + 1, plan, plan_count,
		&next_ms));
	return cases_changed(c, a.case_id);
}

enum err alerts_due(struct ctx *c, int64_t case_id, int64_t report_id, struct str *state, int64_t *due_ms)
{
	struct alerts_of_report_row row;
	bool found;
	TRY(alerts_of_report(c, report_id, case_id, &row, &found));
	*state = found ? row.state : S("calm");
	*due_ms = found && row.next_ms.is && !row.ended_ms.is ? row.next_ms.v : 0;
	return OK;
}
