/* adem num forecast: what each place is to expect in the next days, beside its own norm and how well such forecasts did in the
 * last year. */
#include "cli/num/num_rows.h"
#include "cli/num/num_town.h"
#include "num/forecast/baselines.h"
#include "num/forecast/hawkes_explain.h"
#include "num/forecast/hawkes_predict.h"
#include "num/score/scores_gain.h"
#include <math.h>

enum { WEEK_D = 7, YEAR_D = 52 * WEEK_D, NORM_D = 104 * WEEK_D, SPAN_MAX_D = 366 };
#define SHARE_HALF_LIFE_D 1461.0

struct words {
	struct num_town_words town;
	int32_t from, until;
	int64_t horizon_d, draws, seed;
	bool why, json;
};

/* How forecasts of the last year did; all NAN where there is too little history. */
struct last_year {
	double log_score, naive_log_score;
	struct scores_gain gain; /* over the naive forecast */
};

static struct last_year unknown(void)
{
	return (struct last_year){
		NAN, NAN, {0, NAN, NAN, NAN, NAN, NAN}
	};
}

/* Chooses and fits on what is before the last year, and rolls over it. */
static enum err score_last_year(
	struct ctx *c, const struct words *w, const struct num_town *t, int32_t from, struct last_year *out)
{
	int32_t cut = from - YEAR_D;
	struct hawkes_area_data d = num_town_data(t);
	struct hawkes_choice choice;
	struct hawkes_area *h;
	*out = unknown();
	if (cut - t->begin < YEAR_D) {
		num_note("there is less than two years of history: forecasts of the last year cannot be scored");
		return OK;
	}
	num_progress("forecasting the last year", -1);
	TRY(hawkes_area_choose(
		c, &d, &t->calendar, t->begin, cut, (unsigned)w->horizon_d, (unsigned)w->horizon_d, &choice));
	TRY(hawkes_area_fit(c, &d, &choice.options, t->begin, cut, NULL, &h));
	const struct hawkes_windows *r = hawkes_area_roll(
		c->mem, h, &d, cut, from, (unsigned)w->horizon_d, (unsigned)w->horizon_d);
	struct windows v = windows_between(cut, from, (unsigned)w->horizon_d, (unsigned)w->horizon_d);
	struct baseline_data b = { t->events, t->places, t->begin, cut, &t->calendar };
	double *naive = arena_array(c->mem, double, v.count * t->places->count);
	baseline_roll(c->mem, &b, &v, BASELINE_MEAN_52W, naive);
	struct scores_table ours = { v.count, t->places->count, r->mean, r->observed, choice.size };
	struct scores_table theirs = { v.count, t->places->count, naive, r->observed, INFINITY };
	struct scores_bootstrap o = scores_bootstrap_default();
	out->log_score = scores_log(&ours);
	out->naive_log_score = scores_log(&theirs);
	out->gain = scores_gain(c->mem, &ours, &theirs, &o);
	num_note("in the last year (%zu windows from %s on) the log score was %.4f, that of the place's mean of 52 "
		 "weeks %.4f;"
		 " the gain was %.3f nats an incident, 95 %% interval %.3f to %.3f%s",
		v.count, num_town_day(c->mem, cut), out->log_score, out->naive_log_score, out->gain.gain, out->gain.low,
		out->gain.high, out->gain.low > 0 ? "" : ": not surely better than the naive forecast");
	return OK;
}

/* What is usual for each place in so many days: the town's mean of the last 104 weeks, half an incident added, times the place's
 * share in the long run, so that a place with few incidents is not measured by one more or less. */
static void find_norms(struct ctx *c, const struct num_town *t, int32_t from, int64_t days, double *norm)
{
	struct shares *s = shares_make(c->mem, t->places, SHARE_HALF_LIFE_D);
	int32_t begin = from - NORM_D > t->begin ? from - NORM_D : t->begin;
	size_t end = events_from(t->events, from);
	double recent = BASELINE_NEARLY_NONE;
	for (size_t i = 0; i < end; i++) {
		const struct event *e = &t->events->event[i];
		if (e->kind != 0)
			continue;
		shares_add(s, e->place, e->day, 1);
		recent += e->day >= begin;
	}
	shares_fit_kappa(s, from);
	shares_all(s, from, norm);
	for (size_t i = 0; i < t->places->count; i++)
		norm[i] *= recent * (double)days / (from - begin);
}

/* Words for a count, and for a ratio to the usual; calm ones. */
static const char *count_class(double expected)
{
	return expected < 0.05  ? "rare"
	       : expected < 0.2 ? "seldom"
	       : expected < 0.7 ? "possible"
	       : expected < 2   ? "likely"
				: "several";
}

static const char *ratio_class(double ratio)
{
	return ratio < 0.75 ? "below" : ratio < 1.33 ? "usual" : ratio < 2 ? "raised" : "high";
}

/* Why: incidents by where they come from, which add up to why_total. */
static void put_reasons(struct num_rows *r, const struct hawkes_explanation *e)
{
	static const char *const names[HAWKES_PARTS] = { [HAWKES_PART_LONG] = "why_long_run",
		[HAWKES_PART_HERE] = "why_here",
		[HAWKES_PART_NEIGHBORS] = "why_neighbours",
		[HAWKES_PART_RIVALS] = "why_rivals",
		[HAWKES_PART_TOWN] = "why_town",
		[HAWKES_PART_HERALDS] = "why_heralds",
		[HAWKES_PART_LEVEL] = "why_level",
		[HAWKES_PART_SEASON] = "why_season",
		[HAWKES_PART_WEEKDAY] = "why_weekday",
		[HAWKES_PART_SLOT] = "why_time_of_day",
		[HAWKES_PART_NAMED] = "why_named_day" };
	num_rows_real(r, "why_total", e->expected);
	for (size_t k = 0; k < HAWKES_PARTS; k++)
		num_rows_real(r, names[k], e->part[k]);
}

static void put_place(struct num_rows *r, struct str name, double mean, double norm, const struct hawkes_range *range)
{
	num_rows_text(r, "place", name);
	num_rows_real(r, "expected", mean);
	num_rows_real(r, "expected_low", range->low);
	num_rows_real(r, "expected_high", range->high);
	num_rows_real(r, "probability", range->any);
	num_rows_int(r, "low_50", range->half[0]);
	num_rows_int(r, "high_50", range->half[1]);
	num_rows_int(r, "low_90", range->nine[0]);
	num_rows_int(r, "high_90", range->nine[1]);
	num_rows_real(r, "norm", norm);
	num_rows_real(r, "ratio", mean / norm);
	num_rows_text(r, "expected_class", str_of(count_class(mean)));
	num_rows_text(r, "ratio_class", str_of(ratio_class(mean / norm)));
}

/* All that a row is made of. */
struct answer {
	const struct num_town *town;
	const struct hawkes_area *model;
	int32_t from;
	unsigned days;
	bool why;
	double *mean, *norm;        /* [places] */
	struct hawkes_range *range; /* [places] */
	struct last_year past;
};

static void put_rows(struct num_rows *r, struct arena *mem, const struct answer *a)
{
	struct arena *scratch = arena_new(1 << 16);
	const char *from = num_town_day(mem, a->from);
	for (uint32_t i = 0; i < a->town->places->count; i++) {
		put_place(r, a->town->places->name[i], a->mean[i], a->norm[i], &a->range[i]);
		num_rows_text(r, "from", str_of(from));
		num_rows_int(r, "days", a->days);
		num_rows_real(r, "log_score", a->past.log_score);
		num_rows_real(r, "naive_log_score", a->past.naive_log_score);
		num_rows_real(r, "gain", a->past.gain.gain);
		num_rows_real(r, "gain_low", a->past.gain.low);
		num_rows_real(r, "gain_high", a->past.gain.high);
		if (a->why) {
			num_progress("explaining", (double)i / (double)a->town->places->count);
			struct hawkes_explanation why = hawkes_explain(a->model, scratch, i, 0, a->days);
			put_reasons(r, &why);
			arena_reset(scratch);
		}
		num_rows_next(r);
	}
	arena_free(scratch);
}

static enum err run(struct ctx *c, void *words, struct buf *out)
{
	const struct words *w = words;
	struct num_town t;
	struct num_model m;
	struct num_rows r;
	struct answer a = { .town = &t, .days = (unsigned)w->horizon_d, .why = w->why };
	TRY(num_town_read(c, &w->town, &t));
	TRY(num_town_ahead(c, &t, w->from, w->until, &a.from));
	TRY(num_town_model(c, &t, a.from, a.days, a.days, &m));
	TRY(score_last_year(c, w, &t, a.from, &a.past));
	a.model = m.model;
	a.mean = arena_array(c->mem, double, t.places->count);
	a.norm = arena_array(c->mem, double, t.places->count);
	a.range = arena_array(c->mem, struct hawkes_range, t.places->count);
	hawkes_area_forecast(m.model, c->mem, a.days, a.mean);
	num_progress("drawing", -1);
	hawkes_predict(m.model, c->mem, a.days, (size_t)w->draws, (uint64_t)w->seed, a.range);
	find_norms(c, &t, a.from, w->horizon_d, a.norm);
	num_rows_begin(&r, c->mem, out, w->json);
	put_rows(&r, c->mem, &a);
	num_rows_end(&r);
	return OK;
}

int num_forecast_command(int argc, char **argv)
{
	static const struct arg options[] = {
		NUM_TOWN_OPTIONS(struct words, true),
		NUM_TOWN_AHEAD(struct words, "the first day forecast, from what happened before it"),
		ARG(struct words, horizon_d, ARG_SPAN, "horizon", "how many days", .min = 1, .max = SPAN_MAX_D,
			.preset = "7d"),
		ARG(struct words, why, ARG_SWITCH, "why",
			"also what each expected count comes from, in incidents that add up"),
		ARG(struct words, draws, ARG_INT, "draws", "draws of what is not known about weights and level",
			.min = 1, .max = 100000, .preset = "200"),
		ARG(struct words, seed, ARG_INT, "seed", "of these draws", .min = 0, .max = INT32_MAX, .preset = "1"),
		ARG(struct words, json, ARG_SWITCH, "json", "an array of objects instead of CSV"),
	};
	static const struct args args = { .name = "adem num forecast",
		.about = "What each place is to expect: a row a place. Beside it stands how such forecasts did in the "
			 "last year against the naive one, the place's own mean of 52 weeks.",
		.after = "expected is a mean count, low and high are intervals for the count; norm is what is usual "
			 "for the place in as many days (the town's mean of 104 weeks, by the place's long-run share), "
			 "ratio is expected / norm. See adem-num(1).",
		.arg = options,
		.count = COUNT(options) };
	struct words w = { 0 };
	return num_run(&args, &w, run, argc, argv);
}
