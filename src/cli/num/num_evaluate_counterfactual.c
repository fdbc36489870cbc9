/* The default of "adem num evaluate": each start by itself, and all together. */
#include "cli/num/num_evaluate.h"
#include "num/evaluate/evaluate_pool.h"
#include <math.h>

enum { WEEK_D = 7, BINS = 9 };

/* Treated places with one start, and what was found there. */
struct group {
	size_t from, count; /* in the list of treated */
	int32_t start;
	size_t weeks; /* before the start */
	struct counterfactual *found;
	struct counterfactual_posterior ring;
	struct evaluate_panel *panel;
};

static size_t split(const struct num_evaluation *e, struct group *groups)
{
	size_t n = 0;
	for (size_t i = 0; i < e->treated.count; i++) {
		if (n == 0 || groups[n - 1].start != e->treated.start[i])
			groups[n++] = (struct group){ .from = i, .start = e->treated.start[i] };
		groups[n - 1].count++;
	}
	return n;
}

/* Weeks that end at the start, and those after it. */
static enum err make_panel(struct ctx *c, const struct num_evaluation *e, struct group *g)
{
	const struct places *p = e->town.places;
	int32_t known = e->w->plan ? e->end : g->start;
	int64_t after = e->w->plan ? 0 : e->w->weeks;
	if (g->start <= e->town.begin)
		return FAIL(c, ERR_INPUT, "nothing is known from before %s", num_town_day(c->mem, g->start));
	if (!e->w->plan && (int64_t)g->start + after * WEEK_D > e->end)
		return FAIL(c, ERR_INPUT,
			"events are known until %s: %d whole weeks after %s, not %" PRId64
			"; --weeks asks for fewer, --until says what is known, --plan is for before the start",
			num_town_day(c->mem, e->end - 1), e->end > g->start ? (e->end - g->start) / WEEK_D : 0,
			num_town_day(c->mem, g->start), after);
	g->weeks = (size_t)(known - e->town.begin) / WEEK_D;
	if (g->weeks == 0)
		return FAIL(c, ERR_INPUT, "less than a week is known from before %s", num_town_day(c->mem, g->start));
	size_t periods = g->weeks + (size_t)after;
	double *count = num_evaluate_counts(c->mem, e, known - (int32_t)g->weeks * WEEK_D, WEEK_D, periods);
	struct evaluate_panel_options o = { .start = e->town.neighbors ? e->town.neighbors->first : NULL };
	size_t *other = NULL;
	if (e->town.neighbors) {
		size_t edges = e->town.neighbors->first[p->count];
		other = arena_array(c->mem, size_t, edges + 1);
		for (size_t i = 0; i < edges; i++)
			other[i] = e->town.neighbors->other[i];
	}
	o.neighbour = other;
	g->panel = evaluate_panel_new(c->mem, p->count, periods, count, &o);
	return OK;
}

static enum err evaluate(struct ctx *c, const struct num_evaluation *e, struct group *g)
{
	struct counterfactual_options o = {
		.selection = e->selection, .space_count = (size_t)e->w->placebos, .seed = (uint64_t)e->w->seed
	};
	size_t *place = arena_array(c->mem, size_t, g->count);
	bool *out = arena_array(c->mem, bool, e->town.places->count);
	TRY(make_panel(c, e, g));
	/* What is done elsewhere in the same weeks makes no control of a place. */
	for (size_t i = 0; i < e->treated.count; i++)
		if (e->treated.start[i] < g->start + (int32_t)e->w->weeks * WEEK_D)
			out[e->treated.place[i]] = true;
	for (size_t i = 0; i < g->count; i++) {
		place[i] = e->treated.place[g->from + i];
		out[place[i]] = false;
	}
	if (e->w->plan)
		return counterfactual_plan(c, g->panel, place, g->count, (size_t)e->w->weeks, out, &o, &g->found);
	TRY(counterfactual_run(c, g->panel, place, g->count, g->weeks, (size_t)e->w->weeks, out, &o, &g->found));
	if (g->found->ring_places)
		g->ring = counterfactual_posterior(&g->found->ring, 2, (uint64_t)e->w->seed);
	return OK;
}

/* The ln ratios of placebos as bars: what comes out where nothing was done. */
static void draw_placebos(struct buf *out, const struct counterfactual *f)
{
	size_t bin[BINS] = { 0 }, most = 1;
	const double width = 0.2, low = -width * BINS / 2;
	for (size_t k = 0; k < f->placebo_count; k++) {
		double at = (f->placebo[k].log_ratio - low) / width;
		size_t i = at < 0 ? 0 : at >= BINS ? BINS - 1 : (size_t)at;
		bin[i]++;
		most = bin[i] > most ? bin[i] : most;
	}
	buf_printf(out, "Placebos, before calibration: the ratio at %zu earlier dates, when nothing was done\n",
		f->placebo_count);
	for (size_t i = 0; i < BINS; i++) {
		buf_printf(out, "  %5.2f to %5.2f  ", exp(low + width * (double)i), exp(low + width * (double)(i + 1)));
		for (size_t k = 0; k < (bin[i] * 40 + most - 1) / most; k++)
			buf_put_char(out, '#');
		buf_printf(out, "%s%zu\n", bin[i] ? " " : "", bin[i]);
	}
}

static void list_placebos(struct json *j, const char *key, const struct counterfactual_placebo *p, size_t count)
{
	json_key(j, key);
	json_array(j);
	for (size_t k = 0; k < count; k++) {
		json_object(j);
		json_key(j, "observed");
		json_real(j, p[k].observed);
		json_key(j, "expected");
		json_real(j, p[k].expected);
		json_key(j, "log_ratio");
		json_real(j, p[k].log_ratio);
		json_end(j);
	}
	json_end(j);
}

static void report_detectable(struct num_report *r, double ratio)
{
	if (r->json)
		num_report_real(r, "detectable", NULL, ratio > 0 ? ratio : NAN);
	else if (ratio > 0)
		buf_printf(r->out,
			"%-34s %.3g: a fall of %.0f %% or more would be seen in 80 of 100 such evaluations\n",
			"Minimal detectable effect", ratio, 100 * (1 - ratio));
	else
		buf_printf(r->out, "%-34s none: not even an end of all events could be told from chance\n",
			"Minimal detectable effect");
}

static void report_group(struct ctx *c, const struct num_evaluation *e, const struct group *g, struct num_report *r)
{
	const struct counterfactual *f = g->found;
	num_report_text(r, "start", "Start", str_of(num_town_day(c->mem, g->start)));
	num_report_int(r, "places", "Treated places", (int64_t)g->count);
	num_report_real(r, "expected", "Expected events", f->count.expected);
	if (!e->w->plan) {
		num_report_real(r, "observed", "Observed events", f->count.observed);
		num_report_real(r, "estimate", "Ratio to what was expected", f->estimate);
		num_report_interval(r, &f->interval);
		num_report_real(r, "below_one", "Probability that it fell", f->below_one);
		num_report_real(r, "ratio_uncalibrated", "Ratio before calibration", f->ratio);
		num_report_real(r, "p_value", "Share of placebos as far off", f->p_value);
		num_report_real(r, "p_time", NULL, f->p_time);
		num_report_real(r, "p_space", NULL, f->p_space);
	}
	report_detectable(r, f->detectable);
	num_report_real(r, "log_se", NULL, f->log_se);
	num_report_real(r, "bias", "Bias of this way of choosing (ln)", f->calibrated ? f->bias : NAN);
	if (r->json) {
		json_key(r->json, "calibrated");
		json_bool(r->json, f->calibrated);
		list_placebos(r->json, "placebos", f->placebo, f->placebo_count);
		list_placebos(r->json, "placebos_space", f->space, f->space_count);
	} else if (f->calibrated) {
		draw_placebos(r->out, f);
	} else {
		buf_put(r->out,
			S("Too little is known from before for placebos: the interval holds chance alone, and the\n"
			  "way the places were chosen is not corrected for.\n"));
	}
	if (e->w->plan)
		return;
	num_report_int(r, "ring_places", "Neighbours of the treated (ring)", (int64_t)f->ring_places);
	if (f->ring_places == 0)
		return;
	num_report_real(r, "ring_observed", "  observed there", f->ring.observed);
	num_report_real(r, "ring_expected", "  expected there", f->ring.expected);
	num_report_real(r, "ring_estimate", "  ratio there", g->ring.mean);
	num_report_real(r, "ring_low95", NULL, g->ring.interval.low95);
	num_report_real(r, "ring_high95", NULL, g->ring.interval.high95);
	num_report_real(r, "ring_below_one", "  probability that it fell there", g->ring.below_one);
}

/* One answer from all starts. */
static void report_pooled(struct ctx *c, const struct group *groups, size_t n, struct num_report *r)
{
	double *x = arena_array(c->mem, double, n), *se = arena_array(c->mem, double, n), observed = 0, expected = 0;
	for (size_t i = 0; i < n; i++) {
		x[i] = log(groups[i].found->estimate);
		se[i] = groups[i].found->log_se;
		observed += groups[i].found->count.observed;
		expected += groups[i].found->count.expected;
	}
	struct pool p = pool_effects(x, se, n, POOL_REML);
	num_report_int(r, "starts", "Starts, pooled (random effects)", (int64_t)n);
	num_report_real(r, "observed", "Observed events", observed);
	num_report_real(r, "expected", "Expected events", expected);
	num_report_real(r, "estimate", "Ratio to what was expected", exp(p.log_ratio));
	num_report_interval(r, &(struct counterfactual_interval){ p.low90, p.high90, p.low95, p.high95 });
	num_report_real(r, "below_one", "Probability that it fell", p.below_one);
	num_report_real(r, "tau2", "Variance between starts (ln)", p.tau2);
	num_report_real(r, "i2", NULL, p.i2);
	num_report_real(r, "t_low95", NULL, p.t_low95);
	num_report_real(r, "t_high95", NULL, p.t_high95);
}

enum err num_evaluate_counterfactual(struct ctx *c, const struct num_evaluation *e, struct num_report *r)
{
	struct group *groups = arena_array(c->mem, struct group, e->treated.count);
	size_t n = split(e, groups);
	for (size_t i = 0; i < n; i++) {
		num_progress("evaluating", (double)i / (double)n);
		TRY(evaluate(c, e, &groups[i]));
	}
	num_report_int(r, "weeks", "Weeks after the start", e->w->weeks);
	if (n > 1 && !e->w->plan)
		report_pooled(c, groups, n, r);
	if (n == 1) {
		report_group(c, e, &groups[0], r);
		return OK;
	}
	if (r->json) {
		json_key(r->json, "interventions");
		json_array(r->json);
	}
	for (size_t i = 0; i < n; i++) {
		if (r->json)
			json_object(r->json);
		else
			buf_put_char(r->out, '\n');
		report_group(c, e, &groups[i], r);
		if (r->json)
			json_end(r->json);
	}
	if (r->json)
		json_end(r->json);
	return OK;
}
