/* The rows of points: the cells of a grid are the places; the model and the baselines, one after the other. */
#include "cli/num/num_score.h"
#include "num/forecast/hawkes_point.h"
#include "num/forecast/kde.h"
#include <math.h>

enum { YEAR_D = 364, TRIAL_AFTER_D = 3 * YEAR_D };
#define HOT_SPOT_M     500.0 /* the bandwidth of the hot spot map, which its row is called by */
#define HOT_SPOT_FLOOR 0.001

/* Where is forecast, when, and from what. */
struct plan {
	struct events *events;
	struct events *in_cells; /* the incidents in the area once more, their places the cells */
	struct cells *cells;
	struct grid *grid;
	struct places *places; /* the cells as places, for baselines */
	struct calendar_options calendar;
	int32_t begin, cut;
	struct windows windows;
	uint32_t *observed;
};

static enum err read_files(struct ctx *c, const struct num_score_words *w, struct plan *p)
{
	const struct num_town_words *t = &w->town;
	struct str text;
	if (t->places || t->neighbors || t->rivals || w->all_places)
		return FAIL(c, ERR_INPUT,
			"--cell is for points; --places, --neighbours, --rivals and --all-places are for areas");
	num_progress("reading", -1);
	TRY(num_read(c, t->events, &text));
	TRY(num_of_file(
		c, t->events, events_read(c, text, (struct events_columns){ .coordinates = true }, &p->events)));
	TRY(num_town_calendar(c, t, &p->calendar));
	p->begin = p->events->event[0].day;
	if (w->cells) {
		TRY(num_read(c, w->cells, &text));
		return num_of_file(c, w->cells, cells_read(c, text, &p->cells));
	}
	p->cells = grid_cells_of(c->mem, p->events, w->cell_m, p->begin, p->cut);
	if (!p->cells)
		return FAIL(c, ERR_INPUT, "no incident is on or before %s, the last day to learn from",
			num_town_day(c->mem, w->train_until));
	return OK;
}

/* Gives each incident its cell, and leaves out those that have none. */
static void sort_into_cells(struct arena *a, struct plan *p)
{
	struct event *event = arena_array(a, struct event, p->events->count);
	size_t n = 0;
	for (size_t i = 0; i < p->events->count; i++) {
		struct event e = p->events->event[i];
		uint32_t cell = grid_find(p->grid, e.x_m, e.y_m);
		if (e.kind != 0 || cell == GRID_NONE)
			continue;
		e.place = p->grid->given[cell];
		event[n++] = e;
	}
	p->in_cells = events_make(a, event, n);
	p->places = places_numbered(a, p->cells->count);
}

static enum err make_plan(struct ctx *c, const struct num_score_words *w, struct plan *p)
{
	*p = (struct plan){ .cut = w->train_until + 1 };
	TRY(read_files(c, w, p));
	TRY(num_score_windows(c, w, p->begin, p->events->event[p->events->count - 1].day + 1, &p->windows));
	TRY(grid_make(c, p->cells, w->cell_m, &p->grid));
	sort_into_cells(c->mem, p);
	const struct windows *v = &p->windows;
	p->observed = arena_array(c->mem, uint32_t, v->count * p->cells->count);
	windows_observed(v, p->in_cells, p->cells->count, p->observed);
	num_note("%zu windows of %u days, the first from %s, the last from %s; %zu cells of %g m", v->count,
		v->horizon_d, num_town_day(c->mem, v->first), num_town_day(c->mem, windows_origin(v, v->count - 1)),
		p->cells->count, w->cell_m);
	if (p->in_cells->count < p->events->count)
		num_note("left out: %zu of %zu events, which are no incidents or in none of these cells",
			p->events->count - p->in_cells->count, p->events->count);
	return OK;
}

/* A model fitted on what is before UNTIL, over windows from FIRST on that end by END. */
static enum err roll(struct ctx *c, const struct num_score_words *w, const struct plan *p, int32_t until, int32_t first,
	int32_t end, struct hawkes_windows **out)
{
	struct hawkes_point *h;
	struct hawkes_point_options o = hawkes_point_options_default(w->cell_m);
	o.calendar = p->calendar;
	TRY(hawkes_point_fit(c, p->events, p->cells, &o, p->begin, until, NULL, &h));
	for (size_t i = events_from(p->events, until); i < events_from(p->events, first); i++)
		hawkes_point_add(h, &p->events->event[i]);
	hawkes_point_advance(h, first);
	*out = hawkes_point_roll(c->mem, h, p->events, first, end, p->windows.horizon_d, p->windows.step_d);
	return OK;
}

/* The model, its size of the negative binomial from forecasts of the last year before the cut where there are three years. */
static enum err run_model(struct ctx *c, const struct num_score_words *w, const struct plan *p, struct num_score *s)
{
	const struct windows *v = &p->windows;
	struct hawkes_windows *r;
	struct num_cost cost;
	double size = INFINITY;
	const char *chosen = "";
	num_cost_begin(&cost);
	if (p->cut - p->begin >= TRIAL_AFTER_D) {
		int32_t trial = p->cut - YEAR_D;
		num_progress("choosing", -1);
		TRY(roll(c, w, p, trial, trial, p->cut, &r));
		size = hawkes_size_fit(r->mean, r->observed, r->count * r->places);
		chosen = arena_printf(c->mem, "size %.3g; by forecasts from %s to %s", size,
			num_town_day(c->mem, trial), num_town_day(c->mem, p->cut - 1))
				 .p;
		num_note("chosen: %s", chosen);
	}
	num_progress("forecasting", -1);
	TRY(roll(c, w, p, p->cut, v->first, windows_origin(v, v->count - 1) + (int32_t)v->horizon_d, &r));
	num_cost_end(&cost);
	assert(r->count == v->count && r->places == p->cells->count);
	num_score_put(s, "adem", r->mean, size, &cost, chosen);
	return OK;
}

/* The row of the hot spot map. */
static void put_hot_spots(struct arena *work, const struct plan *p, struct num_score *s)
{
	struct num_cost cost;
	arena_reset(work);
	num_progress("kde_500m", -1);
	num_cost_begin(&cost);
	double *mean = arena_array(work, double, p->windows.count * p->cells->count);
	kde_roll(work, p->grid, p->in_cells, p->begin, HOT_SPOT_M, HOT_SPOT_FLOOR, &p->windows, mean);
	num_cost_end(&cost);
	num_score_put(s, "kde_500m", mean, INFINITY, &cost, "");
}

enum err num_score_points(struct ctx *c, const struct num_score_words *w, struct buf *out)
{
	struct plan p;
	TRY(make_plan(c, w, &p));
	struct baseline_data d = { p.in_cells, p.places, p.begin, p.cut, &p.calendar };
	struct num_score s = {
		.windows = p.windows, .places = p.cells->count, .observed = p.observed, .spatial = true
	};
	struct ctx work = { .mem = num_score_begin(c->mem, w, &d, &s, out) };
	enum err e = run_model(&work, w, &p, &s);
	if (e != OK)
		return FAIL(c, e, "%.*s", STR_ARG(work.err.why));
	num_score_baselines(&s, work.mem, &d);
	put_hot_spots(work.mem, &p, &s);
	num_rows_end(&s.rows);
	return OK;
}
