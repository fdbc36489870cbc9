#include "cli/num/num_score.h"
#include "num/score/scores_csep.h"
#include "num/score/scores_gain.h"
#include "num/score/scores_rank.h"
#include <math.h>

enum { WEEK_D = 7, SPAN_MAX_D = 3660, CELL_MIN_M = 1, CELL_MAX_M = 1000000 };

int32_t num_score_first(int32_t train_until, int64_t step_d)
{
	int32_t first = train_until + 1;
	while (step_d % WEEK_D == 0 && day_weekday(first) != 0)
		first++;
	return first;
}

enum err num_score_windows(
	struct ctx *c, const struct num_score_words *w, int32_t begin, int32_t end, struct windows *out)
{
	int32_t first = w->first == ARGS_DAY_NONE ? num_score_first(w->train_until, w->step_d) : w->first;
	end = w->until == ARGS_DAY_NONE ? end : w->until + 1;
	if (begin > w->train_until)
		return FAIL(c, ERR_INPUT, "no event is on or before %s, the last day to learn from",
			num_town_day(c->mem, w->train_until));
	if (first <= w->train_until)
		return FAIL(c, ERR_INPUT, "--first %s is not after --train-until", num_town_day(c->mem, first));
	*out = windows_between(first, end, (unsigned)w->horizon_d, (unsigned)w->step_d);
	if (out->count == 0)
		return FAIL(c, ERR_INPUT, "no window of %d days from %s on ends by %s, the last day known",
			(int)w->horizon_d, num_town_day(c->mem, first), num_town_day(c->mem, end - 1));
	return OK;
}

struct arena *num_score_begin(struct arena *a, const struct num_score_words *w, const struct baseline_data *d,
	struct num_score *s, struct buf *out)
{
	double *reference = arena_array(a, double, s->windows.count * s->places);
	struct arena *work = arena_new_within(a, 1 << 20);
	baseline_roll(work, d, &s->windows, BASELINE_CONSTANT, reference);
	s->reference = reference;
	s->simulations = (size_t)w->simulations;
	s->seed = (uint64_t)w->seed;
	num_rows_begin(&s->rows, a, out, w->json);
	return work;
}

static void put_gain(struct num_rows *r, struct arena *a, const struct scores_table *t, const struct num_score *s)
{
	struct scores_bootstrap o = scores_bootstrap_default();
	struct scores_table reference = *t;
	o.seed = s->seed;
	reference.mean = s->reference;
	reference.size = INFINITY;
	struct scores_gain space = scores_spatial_gain(a, t, NULL, &o);
	struct scores_gain gain = s->spatial ? space : scores_gain(a, t, &reference, &o);
	num_rows_real(r, "information_gain", gain.gain);
	num_rows_real(r, "information_gain_error", gain.se);
	num_rows_real(r, "information_gain_low", gain.low);
	num_rows_real(r, "information_gain_high", gain.high);
	num_rows_real(r, "spatial_gain", space.gain);
	num_rows_real(r, "spatial_gain_low", space.low);
	num_rows_real(r, "spatial_gain_high", space.high);
}

static void put_ranks(struct num_rows *r, struct arena *a, const struct scores_table *t)
{
	static const struct {
		double share;
		const char *hit, *pai, *pei;
	} flags[] = {
		{0.01,  "hit_1",  "pai_1",  "pei_1" },
                { 0.05, "hit_5",  "pai_5",  "pei_5" },
		{ 0.10, "hit_10", "pai_10", "pei_10"}
	};
	for (size_t k = 0; k < COUNT(flags); k++) {
		struct scores_rank rank = scores_rank(a, t, flags[k].share);
		num_rows_real(r, flags[k].hit, rank.rate);
		num_rows_real(r, flags[k].pai, rank.pai);
		num_rows_real(r, flags[k].pei, rank.pei);
	}
}

static void put_tests(struct num_rows *r, struct arena *a, const struct scores_table *t, const struct num_score *s)
{
	static const char *const names[] = { [CSEP_L] = "l_test", [CSEP_CL] = "cl_test", [CSEP_S] = "s_test" };
	struct csep_number n = csep_number_of(t);
	num_rows_real(r, "ntest_at_least", n.at_least);
	num_rows_real(r, "ntest_at_most", n.at_most);
	for (enum csep_kind k = CSEP_L; k <= CSEP_S; k++)
		num_rows_real(r, names[k],
			s->simulations > 0 ? csep_likelihood(a, t, k, s->simulations, s->seed).quantile : NAN);
	struct scores_rescaled steps = { .distance = NAN, .p = NAN };
	double *lambda = arena_array(a, double, n.observed + 1);
	if (n.observed > 0)
		steps = scores_rescale(a, lambda, scores_compensator(t, NULL, 0, s->seed, lambda));
	num_rows_real(r, "rescaled_distance", steps.distance);
	num_rows_real(r, "rescaled_p", steps.p);
}

void num_score_put(struct num_score *s, const char *model, const double *mean, double size, const struct num_cost *cost,
	const char *chosen)
{
	struct arena *a = arena_new(1 << 20);
	struct num_rows *r = &s->rows;
	struct scores_table t = { s->windows.count, s->places, mean, s->observed, size };
	struct scores_any any = scores_any(a, &t);
	num_rows_text(r, "model", str_of(model));
	num_rows_real(r, "log_score", scores_log(&t));
	num_rows_real(r, "brier", any.brier);
	num_rows_real(r, "brier_skill", any.skill);
	num_rows_real(r, "auc", any.auc);
	num_rows_real(r, "calibration_error", any.calibration_error);
	num_rows_real(r, "crps", scores_crps(&t));
	num_rows_int(r, "ntest_outside", (int64_t)csep_number_outside(&t));
	num_rows_real(r, "expected", scores_expected(&t));
	num_rows_int(r, "observed", (int64_t)scores_observed(&t));
	num_rows_real(r, "seconds", cost->seconds);
	num_rows_real(r, "peak_mb", cost->peak_mb);
	put_gain(r, a, &t, s);
	num_rows_real(r, "reliability", any.reliability);
	num_rows_real(r, "resolution", any.resolution);
	num_rows_real(r, "uncertainty", any.uncertainty);
	put_ranks(r, a, &t);
	put_tests(r, a, &t, s);
	num_rows_real(r, "size", size);
	num_rows_int(r, "windows", (int64_t)t.windows);
	num_rows_int(r, "places", (int64_t)t.places);
	num_rows_text(r, "chosen", str_of(chosen));
	num_rows_next(r);
	arena_free(a);
}

void num_score_baselines(struct num_score *s, struct arena *work, const struct baseline_data *d)
{
	for (enum baseline b = 0; b < BASELINES; b++) {
		struct num_cost cost;
		arena_reset(work);
		num_progress(baseline_names[b], (double)b / BASELINES);
		num_cost_begin(&cost);
		double *mean = arena_array(work, double, s->windows.count * s->places);
		baseline_roll(work, d, &s->windows, b, mean);
		num_cost_end(&cost);
		num_score_put(s, baseline_names[b], mean, INFINITY, &cost, "");
	}
}

static enum err run(struct ctx *c, void *words, struct buf *out)
{
	const struct num_score_words *w = words;
	return w->cell_m > 0 ? num_score_points(c, w, out) : num_score_areas(c, w, out);
}

int num_score_command(int argc, char **argv)
{
	static const struct arg options[] = {
		NUM_TOWN_OPTIONS(struct num_score_words, true),
		ARG(struct num_score_words, train_until, ARG_DATE, "train_until",
			"the last day that choice and fit may look at", .needed = true),
		ARG(struct num_score_words, horizon_d, ARG_SPAN, "horizon", "length of a window", .min = 1,
			.max = SPAN_MAX_D, .preset = "7d"),
		ARG(struct num_score_words, step_d, ARG_SPAN, "step", "from one window to the next", .min = 1,
			.max = SPAN_MAX_D, .preset = "7d"),
		ARG(struct num_score_words, first, ARG_DATE, "first",
			"first day of the first window; not given, where steps are whole weeks the Monday after "
			"--train-until, else the day after"),
		ARG(struct num_score_words, until, ARG_DATE, "until",
			"the last day known; not given, that of the last event"),
		ARG(struct num_score_words, cell_m, ARG_REAL, "cell",
			"points: events are x_m,y_m,time, places the square cells of so many metres", .min = CELL_MIN_M,
			.max = CELL_MAX_M),
		ARG(struct num_score_words, cells, ARG_WORD, "cells",
			"ix,iy: the cells, x_m and y_m by the metres of --cell, rounded down; not given, those with an "
			"incident until --train-until",
			.min = 1, .value = "FILE"),
		ARG(struct num_score_words, all_places, ARG_SWITCH, "all_places",
			"also places without an incident until --train-until, which are left out otherwise"),
		ARG(struct num_score_words, simulations, ARG_INT, "simulations",
			"catalogues of each of CSEP's likelihood tests; 0: no such test", .min = 0, .max = 1 << 20,
			.preset = "200"),
		ARG(struct num_score_words, seed, ARG_INT, "seed", "of simulations and the bootstrap", .min = 0,
			.max = INT32_MAX, .preset = "1"),
		ARG(struct num_score_words, json, ARG_SWITCH, "json", "an array of objects instead of CSV"),
	};
	static const struct args args = { .name = "adem num score",
		.about = "Forecasts a past that is known, as it would have been forecast then, and scores it: a row "
			 "for the model (\"adem\") and for each baseline. Whatever is chosen or fitted looks at "
			 "nothing after --train-until.",
		.after = "information_gain is in nats an incident against \"constant\", with its 95 % interval from "
			 "blocks of windows; spatial_gain is against the uniform forecast of each window, whatever the "
			 "level. See adem-num(1).",
		.arg = options,
		.count = COUNT(options) };
	struct num_score_words w = { 0 };
	return num_run(&args, &w, run, argc, argv);
}
