/* Which posts an alert calls, and when: the ladders of a region, and the ones it begins with. */
#include "features/alerts/alerts.h"
#include "alerts_sql.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/alerts/alerts_row.h"
#include "features/posts/posts.h"

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
	{ LEVEL_NYATA,   1, 60,        "call110", ROLE_DESK,    true },
	{ LEVEL_NYATA,   1, 60,        "polsek",  ROLE_COMMAND, false},
	{ LEVEL_NYATA,   2, 180,       "polres",  ROLE_COMMAND, false},
	{ LEVEL_AMBANG,  0, 0,         "bhabin",  ROLE_OFFICER, true },
	{ LEVEL_AMBANG,  0, 0,         "rw",      ROLE_HEAD,    false},
	{ LEVEL_AMBANG,  1, 5 * 60,    "polsek",  ROLE_DESK,    true },
	{ LEVEL_AMBANG,  2, 15 * 60,   "polsek",  ROLE_COMMAND, false},
	{ LEVEL_POTENSI, 0, 0,         "bhabin",  ROLE_OFFICER, true },
	{ LEVEL_POTENSI, 1, 12 * 3600, "polsek",  ROLE_DESK,    true },
	{ LEVEL_POTENSI, 2, 24 * 3600, "polsek",  ROLE_COMMAND, false},
};

/* The default ladder of a level. */
static void fill_defaults(struct ctx *c, enum level level, struct alerts_rung_rows_row **rows, size_t *count)
{
	*rows = arena_array(c->mem, struct alerts_rung_rows_row, COUNT(defaults));
	*count = 0;
	for (size_t i = 0; i < COUNT(defaults); i++) {
		const struct rung *d = &defaults[i];
		if (d->level == level)
			(*rows)[(*count)++] = (struct alerts_rung_rows_row){ .step = d->step,
				.after_s = d->after_s,
				.post_kind = str_of(d->post_kind),
				.roles = d->roles,
				.on_duty = d->on_duty };
	}
}

enum err alerts_ladder(struct ctx *c, enum level level, struct alerts_rung_rows_row **rows, size_t *count, bool *own)
{
	TRY(alerts_rung_rows(c, str_of(level_codes[level]), rows, count));
	*own = *count > 0;
	if (!*own)
		fill_defaults(c, level, rows, count);
	return OK;
}

enum err alerts_default_rungs(struct ctx *c)
{
	for (int level = 0; level < LEVEL_COUNT; level++) {
		struct alerts_rung_rows_row *rows;
		size_t count;
		bool own;
		TRY(alerts_ladder(c, (enum level)level, &rows, &count, &own));
		for (size_t i = 0; i < count && !own; i++)
			TRY(alerts_rung_insert(c, id_new(c->now_ms), str_of(level_codes[level]), rows[i].step,
				rows[i].after_s, rows[i].post_kind, rows[i].roles, rows[i].on_duty));
	}
	return OK;
}

enum err alerts_ladders_job(struct ctx *c, int64_t unused)
{
	(void)unused;
	return alerts_default_rungs(c);
}

enum err alerts_plan(struct ctx *c, int64_t place_id, enum level level, bool spares_neighbours,
	struct alert_target **rows, size_t *rows_count)
{
	struct alerts_rung_rows_row *rungs;
	size_t rungs_count, posts_count, cap = 0;
	struct post *posts;
	bool own;
	TRY(alerts_ladder(c, level, &rungs, &rungs_count, &own));
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

enum err alerts_climb(struct ctx *c, const struct alert_target *plan, size_t count, int64_t at_ms,
	struct escalation *to, alerts_call_fn *call, void *arg)
{
	bool heard = false;
	int64_t step = to->step, first = to->step + 1, zone;
	TRY(alerts_zone_ms(c, &zone));
	for (size_t i = 0; i < count; i++) {
		const struct alert_target *t = &plan[i];
		if (t->step < first)
			continue;
		if (t->step > step && heard) {
			escalation_climbed(to, step, true, t->after_s, at_ms, zone);
			return OK;
		}
		step = t->step;
		bool this_one = true;
		if (call)
			TRY(call(c, arg, t, &this_one));
		heard = heard || this_one;
	}
	escalation_climbed(to, step, false, 0, at_ms, zone);
	return OK;
}

size_t alerts_step_after(const struct alert_target *plan, size_t count, int64_t step)
{
	size_t next = 0;
	while (next < count && plan[next].step <= step)
		next++;
	return next;
}

enum err alerts_passed(struct ctx *c, const struct alert_target *plan, size_t count, int64_t at_ms,
	const struct escalation *was, struct turn *t, bool *more)
{
	int64_t zone;
	size_t next = alerts_step_after(plan, count, was->step);
	TRY(alerts_zone_ms(c, &zone));
	*more = next < count;
	escalation_late(was, *more, *more ? plan[next].after_s : 0, at_ms, zone, t);
	return OK;
}
