/* The other methods of "adem num evaluate". */
#include "cli/num/num_evaluate.h"
#include "num/evaluate/evaluate_repeat.h"
#include "num/evaluate/evaluate_series.h"
#include "num/evaluate/evaluate_synthetic.h"
#include "num/evaluate/evaluate_wedge.h"
#include "num/data/hijri.h"
#include <math.h>

enum { WEEK_D = 7, PERIOD_WEEKS = 4, HARMONICS = 2 };
#define YEAR_WEEKS 52.1775

static enum err one_start(struct ctx *c, const struct num_evaluation *e)
{
	const struct num_treated *t = &e->treated;
	if (t->start[0] != t->start[t->count - 1])
		return FAIL(c, ERR_INPUT,
			"this method takes one start, and here are several; the counterfactual and the wedge take "
			"many");
	if (t->start[0] <= e->town.begin || t->start[0] >= e->end)
		return FAIL(c, ERR_INPUT, "the start %s is not within the events", num_town_day(c->mem, t->start[0]));
	return OK;
}

/* Whole periods of DAYS days before and after the start, the latter --weeks at most. */
static void lay_periods(const struct num_evaluation *e, size_t days, size_t *before, size_t *after)
{
	int32_t start = e->treated.start[0];
	int64_t known = (e->end - start) / (int64_t)days, asked = e->w->weeks * WEEK_D / (int64_t)days;
	*before = (size_t)(start - e->town.begin) / days;
	*after = (size_t)(known < asked ? known : asked);
}

static bool is_treated(const struct num_evaluation *e, size_t place)
{
	for (size_t i = 0; i < e->treated.count; i++)
		if (e->treated.place[i] == place)
			return true;
	return false;
}

enum err num_evaluate_series(struct ctx *c, const struct num_evaluation *e, struct num_report *r)
{
	size_t before, after;
	struct series_result *s;
	TRY(one_start(c, e));
	lay_periods(e, WEEK_D, &before, &after);
	double *y = arena_array(c->mem, double, before + after + 1);
	double *count = num_evaluate_counts(
		c->mem, e, e->treated.start[0] - (int32_t)(before * WEEK_D), WEEK_D, before + after);
	for (size_t i = 0; i < e->treated.count; i++)
		for (size_t t = 0; t < before + after; t++)
			y[t] += count[e->treated.place[i] * (before + after) + t];
	const struct series what = { .periods = before + after,
		.start = before,
		.y = y,
		.year = YEAR_WEEKS,
		.harmonics = HARMONICS,
		.slope = e->w->slope,
		.selection = e->selection,
		.family = GLM_QUASI_POISSON };
	TRY(series_run(c, &what, &s));
	num_report_int(r, "weeks_before", "Weeks before the start", (int64_t)before);
	num_report_int(r, "weeks_after", "Weeks after the start", (int64_t)after);
	num_report_real(r, "observed", "Observed events", s->observed);
	num_report_real(r, "expected", "Expected without a step", s->expected);
	num_report_real(r, "estimate", "Step, as a ratio", s->step.ratio);
	num_report_interval(r, &(struct counterfactual_interval){ s->low90, s->high90, s->low95, s->high95 });
	num_report_real(r, "p_value", "p of the step", fmax(s->step.p, s->step_newey_west.p));
	num_report_real(r, "dispersion", "Dispersion", s->fit->dispersion);
	num_report_real(r, "trend", "Change a week before the start", s->trend);
	if (e->w->slope)
		num_report_real(r, "slope", "Change of it a week since", s->slope.ratio);
	num_report_int(r, "lag", NULL, (int64_t)s->lag);
	return OK;
}

/* Neighbours of the treated are no donors: what is done next door may reach them. */
static size_t choose_units(const struct num_evaluation *e, size_t *unit, bool *treated)
{
	const struct place_edges *n = e->town.neighbors;
	size_t count = 0;
	for (size_t i = 0; i < e->town.places->count; i++) {
		bool ring = false;
		for (size_t k = n ? n->first[i] : 0; n && k < n->first[i + 1]; k++)
			ring = ring || is_treated(e, n->other[k]);
		treated[count] = is_treated(e, i);
		if (treated[count] || !ring)
			unit[count++] = i;
	}
	return count;
}

enum err num_evaluate_synthetic(struct ctx *c, const struct num_evaluation *e, struct num_report *r)
{
	bool differences = strcmp(e->w->method, "differences") == 0;
	size_t days = e->w->period_d ? (size_t)e->w->period_d : PERIOD_WEEKS * WEEK_D, before, after;
	TRY(one_start(c, e));
	lay_periods(e, days, &before, &after);
	size_t *unit = arena_array(c->mem, size_t, e->town.places->count + 1), periods = before + after;
	bool *treated = arena_array(c->mem, bool, e->town.places->count + 1);
	double *count = num_evaluate_counts(c->mem, e, e->treated.start[0] - (int32_t)(before * days), days, periods);
	struct synthetic s = { .units = choose_units(e, unit, treated),
		.periods = periods,
		.start = before,
		.treated = treated,
		.placebos = (size_t)e->w->placebos,
		.seed = (uint64_t)e->w->seed,
		.selection = e->selection };
	double *y = arena_array(c->mem, double, s.units *periods);
	for (size_t i = 0; i < s.units; i++)
		memcpy(y + i * periods, count + unit[i] * periods, periods * sizeof *y);
	s.y = y;
	struct synthetic_result *f;
	TRY(differences ? synthetic_differences(c, &s, &f) : synthetic_control(c, &s, &f));
	num_report_int(r, "period_days", "Days a period", (int64_t)days);
	num_report_int(r, "periods_before", "Periods before the start", (int64_t)before);
	num_report_int(r, "periods_after", "Periods after the start", (int64_t)after);
	num_report_int(r, "donors", "Places it is made of, at most", (int64_t)f->donors);
	num_report_real(r, "estimate", "Ratio to the mixture", f->ratio);
	num_report_real(r, "effect", "Events a place and period", f->effect);
	if (differences)
		num_report_interval(r, &(struct counterfactual_interval){ f->low90, f->high90, f->low95, f->high95 });
	num_report_real(r, "p_value", "p among placebos", f->p);
	num_report_real(r, "rmspe_before", "Mean gap before", f->rmspe_before);
	num_report_real(r, "rmspe_after", "Mean gap after", f->rmspe_after);
	num_report_real(r, "certificate", NULL, f->excess);
	if (r->json) {
		json_key(r->json, "sparse");
		json_bool(r->json, f->sparse);
		json_key(r->json, "weights");
		json_object(r->json);
		for (size_t i = 0; i < f->donors; i++)
			if (f->weight[i] > 0) {
				json_key(r->json, arena_str(c->mem, e->town.places->name[unit[f->donor[i]]]).p);
				json_real(r->json, f->weight[i]);
			}
		json_end(r->json);
	} else if (f->sparse) {
		buf_put(r->out,
			S("The treated had fewer than 5 events a period: weights are fitted to chance. Take longer\n"
			  "periods, or the counterfactual.\n"));
	}
	return OK;
}

/* Ramadan, by its nights, where the calendar is Indonesia's. */
static bool in_season(const struct num_evaluation *e, int32_t day)
{
	int year = hijri_year(day + 15);
	return e->w->town.indonesia && day >= hijri_feast(year, HIJRI_RAMADAN).day - 1 &&
	       day < hijri_feast(year, HIJRI_IDUL_FITRI).day;
}

/* The topmost group a place belongs to. */
static uint32_t town_of(const struct places *p, uint32_t place)
{
	uint32_t at = place;
	while (p->parent[at] != PLACES_NONE)
		at = p->parent[at];
	return at == place ? 0 : at;
}

static void report_ratio(struct num_report *r, const char *prefix, const char *label, const struct repeat_ratio *x)
{
	struct num_report in = *r;
	if (r->json) {
		json_key(r->json, prefix);
		json_object(r->json);
	} else {
		buf_printf(r->out, "%s\n", label);
	}
	num_report_real(&in, "treated", "  after treated incidents", x->treated);
	num_report_real(&in, "control", "  after those like them", x->control);
	num_report_real(&in, "estimate", "  ratio", x->ratio);
	num_report_interval(&in,
		&(struct counterfactual_interval){ x->ratio_low90, x->ratio_high90, x->ratio_low95, x->ratio_high95 });
	num_report_real(&in, "difference", "  difference", x->difference);
	num_report_real(&in, "difference_low95", NULL, x->difference_low95);
	num_report_real(&in, "difference_high95", NULL, x->difference_high95);
	num_report_real(&in, "p_value", "  p by labels given out anew", x->p);
	if (r->json)
		json_end(r->json);
}

enum err num_evaluate_repeat(struct ctx *c, const struct num_evaluation *e, struct num_report *r)
{
	const struct events *all = e->town.events;
	struct repeat_incident *incident = arena_array(c->mem, struct repeat_incident, all->count);
	uint32_t *town = arena_array(c->mem, uint32_t, e->town.places->count);
	int32_t *start = arena_array(c->mem, int32_t, e->town.places->count);
	struct repeat_result *f;
	size_t n = 0;
	for (size_t i = 0; i < e->town.places->count; i++) {
		town[i] = town_of(e->town.places, (uint32_t)i);
		start[i] = INT32_MAX;
	}
	for (size_t i = 0; i < e->treated.count; i++)
		start[e->treated.place[i]] = e->treated.start[i];
	for (size_t i = 0; i < all->count; i++)
		if (all->event[i].kind == 0)
			incident[n++] = (struct repeat_incident){ all->event[i].day, all->event[i].place,
				all->event[i].day >= start[all->event[i].place], in_season(e, all->event[i].day) };
	const struct repeat what = { .count = n,
		.incident = incident,
		.places = e->town.places->count,
		.neighbors = e->town.neighbors,
		.town = town,
		.end = e->end,
		.seed = (uint64_t)e->w->seed };
	TRY(repeat_run(c, &what, &f));
	num_report_int(r, "treated", "Treated incidents", (int64_t)f->treated);
	num_report_int(r, "matched", "  with others like them", (int64_t)f->matched);
	num_report_int(r, "untreated", "Untreated incidents", (int64_t)f->untreated);
	num_report_int(r, "cut_off", "Left out: too near the end", (int64_t)f->cut_off);
	num_report_real(r, "distance", "Mean distance of matches", f->distance);
	report_ratio(r, "any", "A further incident within 14 days, here or next door (share)", &f->any);
	report_ratio(r, "number", "Further incidents within 14 days, here or next door (mean)", &f->number);
	return OK;
}

enum err num_evaluate_wedge(struct ctx *c, const struct num_evaluation *e, struct num_report *r)
{
	const struct num_treated *t = &e->treated;
	int32_t days = e->w->period_d ? (int32_t)e->w->period_d : WEEK_D;
	int32_t from = t->start[0] - (int32_t)e->w->weeks * WEEK_D;
	int32_t until = t->start[t->count - 1] + (int32_t)e->w->weeks * WEEK_D;
	/* Periods begin at the first start, so that none holds both ways of the places that start then. */
	from = from < e->town.begin ? e->town.begin : from;
	from = t->start[0] - (t->start[0] - from) / days * days;
	until = until > e->end ? e->end : until;
	if (until - from < 2 * days)
		return FAIL(c, ERR_INPUT, "less than two periods are known around the starts");
	size_t periods = (size_t)((until - from) / days);
	double *count = num_evaluate_counts(c->mem, e, from, (size_t)days, periods);
	double *y = arena_array(c->mem, double, t->count *periods);
	size_t *cross = arena_array(c->mem, size_t, t->count);
	for (size_t i = 0; i < t->count; i++) {
		memcpy(y + i * periods, count + t->place[i] * periods, periods * sizeof *y);
		/* A period with a start in it belongs to the new way from the next one on. */
		int32_t at = t->start[i] - from;
		cross[i] = at <= 0 ? 0 : (size_t)((at + days - 1) / days);
	}
	struct wedge_result *f;
	const struct wedge what = {
		.places = t->count, .periods = periods, .y = y, .cross = cross, .seed = (uint64_t)e->w->seed
	};
	TRY(wedge_run(c, &what, &f));
	num_report_int(r, "places", "Places with an event", (int64_t)f->places);
	num_report_int(r, "periods", "Periods with an event", (int64_t)f->periods);
	num_report_real(r, "observed", "Observed events, new way", f->observed);
	num_report_real(r, "expected", "Expected without it", f->expected);
	num_report_real(r, "estimate", "Ratio", f->ratio);
	num_report_interval(r, &(struct counterfactual_interval){ f->low90, f->high90, f->low95, f->high95 });
	num_report_real(r, "below_one", "Probability that it fell", f->below_one);
	num_report_real(r, "p_value", "p by orders drawn anew", f->p_value);
	num_report_real(r, "p_sandwich", NULL, f->p_sandwich);
	num_report_int(r, "orders", NULL, (int64_t)f->orders);
	return OK;
}
