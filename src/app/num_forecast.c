/* adem num forecast: what each place is to expect in the next days, beside its own norm and how well such forecasts did in the
 * last year. */
#include "app/num_rows.h"
#include "app/num_town.h"
#include "num/baselines.h"
#include "num/counts.h"
#include "num/scores_gain.h"
#include <math.h>

enum { WEEK_D = 7, YEAR_D = 52 * WEEK_D, NORM_D = 104 * WEEK_D, SPAN_MAX_D = 366 };
#define SHARE_HALF_LIFE_D 1461.0

static const char usage[] =
	"usage: adem num forecast --events FILE [--from DATE] [--horizon 7d] [--json] [options]\n"
	"\n"
	"What each place is to expect: a row a place. Beside it stands how such forecasts did in the last year\n"
	"against the naive one, the place's own mean of 52 weeks.\n"
	"\n" NUM_TOWN_HELP
	"  --from DATE        the first day forecast, from what happened before it (the day after the last event)\n"
	"  --horizon SPAN     how many days (7d)\n"
	"  --json             an array of objects instead of CSV\n"
	"\n"
	"expected is a mean count, low and high are intervals for the count; norm is what is usual for the place\n"
	"in as many days (the town's mean of 104 weeks, by the place's long-run share), ratio is expected / norm.\n"
	"See adem-num(1).\n";

struct words {
	struct num_town_words town;
	int32_t from;
	int64_t horizon_d;
	bool json;
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

/* What is usual for each place in so many days: the town's mean of the last 104 weeks, times the place's share in the long run,
 * so that a place with few incidents is not measured by one more or less. */
static void find_norms(struct ctx *c, const struct num_town *t, int32_t from, int64_t days, double *norm)
{
	struct shares *s = shares_make(c->mem, t->places, SHARE_HALF_LIFE_D);
	int32_t begin = from - NORM_D > t->begin ? from - NORM_D : t->begin;
	size_t end = events_from(t->events, from);
	double recent = 0;
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
	       : expected < 0.5 ? "possible"
	       : expected < 1   ? "likely"
				: "several";
}

static const char *ratio_class(double ratio)
{
	return ratio < 0.75 ? "below" : ratio < 1.33 ? "usual" : ratio < 2 ? "raised" : "high";
}

static void put_interval(struct num_rows *r, const char *low, const char *high, double within, double mean, double size)
{
	num_rows_int(r, low, counts_quantile((1 - within) / 2, mean, size));
	num_rows_int(r, high, counts_quantile((1 + within) / 2, mean, size));
}

static void put_place(struct num_rows *r, struct str name, double mean, double norm, double size)
{
	num_rows_text(r, "place", name);
	num_rows_real(r, "expected", mean);
	num_rows_real(r, "probability", counts_any(mean, size));
	put_interval(r, "low_50", "high_50", 0.5, mean, size);
	put_interval(r, "low_90", "high_90", 0.9, mean, size);
	num_rows_real(r, "norm", norm);
	num_rows_real(r, "ratio", mean / norm);
	num_rows_text(r, "expected_class", str_of(count_class(mean)));
	num_rows_text(r, "ratio_class", str_of(ratio_class(mean / norm)));
}

static enum err run(struct ctx *c, void *arg, struct buf *out)
{
	const struct words *w = arg;
	struct num_town t;
	struct num_model m;
	struct last_year past;
	struct num_rows r;
	TRY(num_town_read(c, &w->town, &t));
	int32_t from = w->from == NUM_DAY_NONE ? t.end : w->from;
	TRY(num_town_model(c, &t, from, (unsigned)w->horizon_d, (unsigned)w->horizon_d, &m));
	TRY(score_last_year(c, w, &t, from, &past));
	double *mean = arena_array(c->mem, double, t.places->count);
	double *norm = arena_array(c->mem, double, t.places->count);
	hawkes_area_forecast(m.model, c->mem, (unsigned)w->horizon_d, mean);
	find_norms(c, &t, from, w->horizon_d, norm);
	num_rows_begin(&r, c->mem, out, w->json);
	for (size_t i = 0; i < t.places->count; i++) {
		put_place(&r, t.places->name[i], mean[i], norm[i], m.size);
		num_rows_text(&r, "from", str_of(num_town_day(c->mem, from)));
		num_rows_int(&r, "days", w->horizon_d);
		num_rows_real(&r, "log_score", past.log_score);
		num_rows_real(&r, "naive_log_score", past.naive_log_score);
		num_rows_real(&r, "gain", past.gain.gain);
		num_rows_real(&r, "gain_low", past.gain.low);
		num_rows_real(&r, "gain_high", past.gain.high);
		num_rows_next(&r);
	}
	num_rows_end(&r);
	return OK;
}

int num_forecast_command(int argc, char **argv)
{
	struct words w = { .from = NUM_DAY_NONE, .horizon_d = WEEK_D };
	const struct num_option options[] = {
		NUM_TOWN_OPTIONS(w.town),
		{"--from",     NUM_DATE, &w.from,      0, 0         },
		{ "--horizon", NUM_SPAN, &w.horizon_d, 1, SPAN_MAX_D},
		{ "--json",    NUM_FLAG, &w.json,      0, 0         },
	};
	return num_run(&(struct num_command){ "adem num forecast", usage, options, COUNT(options), NULL, run, &w },
		argc, argv);
}
