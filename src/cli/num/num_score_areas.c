/* The rows of areas: the model and the baselines, one after the other, each with memory of its own. */
#include "cli/num/num_score.h"
#include <math.h>

/* Who is forecast, when, and from what. */
struct plan {
	struct num_town town;
	int32_t cut;
	struct windows windows;
	uint32_t *observed;
};

/* Says what is scored, and what is not. */
static void note_plan(struct ctx *c, const struct plan *p, const struct num_town *all)
{
	const struct windows *v = &p->windows;
	size_t kept = 0, left = 0;
	for (size_t i = 0; i < p->town.places->count * v->count; i++)
		kept += p->observed[i];
	num_note("%zu windows of %u days, the first from %s, the last from %s; %zu places, %zu incidents", v->count,
		v->horizon_d, num_town_day(c->mem, v->first), num_town_day(c->mem, windows_origin(v, v->count - 1)),
		p->town.places->count, kept);
	if (p->town.places->count == all->places->count)
		return;
	uint32_t *every = arena_array(c->mem, uint32_t, v->count * all->places->count);
	windows_observed(v, all->events, all->places->count, every);
	for (size_t i = 0; i < all->places->count * v->count; i++)
		left += every[i];
	num_note("left out: %zu places without an incident before %s, which had %zu in the windows (--all-places)",
		all->places->count - p->town.places->count, num_town_day(c->mem, p->cut), left - kept);
}

static enum err make_plan(struct ctx *c, const struct num_score_words *w, struct plan *p)
{
	struct num_town all;
	TRY(num_town_read(c, &w->town, &all));
	*p = (struct plan){ .town = all, .cut = w->train_until + 1 };
	TRY(num_score_windows(c, w, all.begin, all.end, &p->windows));
	bool incident = false;
	for (size_t i = 0; i < events_from(all.events, p->cut); i++)
		incident |= all.events->event[i].kind == 0;
	if (!incident)
		return FAIL(c, ERR_INPUT, "no incident is on or before %s, the last day to learn from",
			num_town_day(c->mem, w->train_until));
	if (!w->all_places)
		p->town = num_town_known(c->mem, &all, p->cut);
	p->observed = arena_array(c->mem, uint32_t, p->windows.count * p->town.places->count);
	windows_observed(&p->windows, p->town.events, p->town.places->count, p->observed);
	note_plan(c, p, &all);
	return OK;
}

/* The model, chosen and fitted on what is before the cut, over the windows. */
static enum err run_model(struct ctx *c, const struct plan *p, struct num_score *s)
{
	const struct num_town *t = &p->town;
	const struct windows *v = &p->windows;
	struct hawkes_area_data d = num_town_data(t);
	struct num_model m;
	struct num_cost cost;
	num_cost_begin(&cost);
	TRY(num_town_model(c, t, p->cut, v->horizon_d, v->step_d, &m));
	num_town_catch_up(m.model, t, p->cut, v->first);
	num_progress("forecasting", -1);
	int32_t end = windows_origin(v, v->count - 1) + (int32_t)v->horizon_d;
	const struct hawkes_windows *r = hawkes_area_roll(c->mem, m.model, &d, v->first, end, v->horizon_d, v->step_d);
	num_cost_end(&cost);
	assert(r->count == v->count && r->places == t->places->count);
	num_score_put(s, "adem", r->mean, m.size, &cost, m.chosen);
	return OK;
}

enum err num_score_areas(struct ctx *c, const struct num_score_words *w, struct buf *out)
{
	struct plan p;
	TRY(make_plan(c, w, &p));
	struct baseline_data d = { p.town.events, p.town.places, p.town.begin, p.cut, &p.town.calendar };
	struct num_score s = { .windows = p.windows, .places = p.town.places->count, .observed = p.observed };
	struct ctx work = { .mem = num_score_begin(c->mem, w, &d, &s, out) };
	enum err e = run_model(&work, &p, &s);
	if (e != OK)
		return FAIL(c, e, "%.*s", STR_ARG(work.err.why));
	num_score_baselines(&s, work.mem, &d);
	num_rows_end(&s.rows);
	return OK;
}
