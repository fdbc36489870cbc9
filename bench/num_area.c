/* What early warning for areas costs. One answer a process, as JSON, so that its peak of memory is its own. Seconds are of the
 * processor: whoever else works on the machine does not count.
 *	num_area city       New York of the reference data: choice, fit, 104 weekly forecasts, refit, an update
 *	num_area town N     a fit to N simulated incidents in N / 100 places (10 to 10,000) and 12 years */
#include "cost.h"
#include "../tests/num/city_events.h"
#include "num/stats/rng.h"
#include "num/score/scores_csep.h"
#include <math.h>

static int city(struct ctx *c)
{
	struct hawkes_area_data d;
	struct calendar_options k = calendar_options_default();
	struct hawkes_choice choice;
	struct hawkes_area *h, *again;
	if (!city_events(c, &d))
		return 3;
	double begin = now_s();
	must(c, hawkes_area_choose(c, &d, &k, CITY_FROM, CITY_CUT, 7, 7, &choice));
	double chosen = now_s();
	must(c, hawkes_area_fit(c, &d, &choice.options, CITY_FROM, CITY_CUT, NULL, &h));
	double fitted = now_s();
	struct hawkes_windows *w = hawkes_area_roll(c->mem, h, &d, CITY_CUT, CITY_END, 7, 7);
	double rolled = now_s(), peak = peak_mb();
	struct scores_table t = { w->count, w->places, w->mean, w->observed, choice.size };
	struct scores_any any = scores_any(c->mem, &t);
	double from = now_s();
	must(c, hawkes_area_fit(c, &d, &choice.options, CITY_FROM, CITY_END, h, &again));
	double refitted = now_s();
	size_t first = events_from(d.events, CITY_END - 365);
	for (size_t i = first; i < d.events->count; i++)
		hawkes_area_add(again, &d.events->event[i]);
	double each = (now_s() - refitted) / (double)(d.events->count - first);
	printf("{\"choose_s\":%.4f,\"tried\":%zu,\"fit_s\":%.4f,\"roll_s\":%.4f,\"refit_s\":%.4f,\"update_ms\":%.5f,"
	       "\"incidents\":%zu,\"peak_mb\":%.1f,\"log_score\":%.5f,\"auc\":%.5f,\"calibration\":%.5f,\"outside\":%"
	       "zu}\n",
		chosen - begin, choice.tried, fitted - chosen, rolled - fitted, refitted - from, each * 1000,
		d.events->count, peak, scores_log(&t), any.auc, any.calibration_error, csep_number_outside(&t));
	return 0;
}

/* Chronic places, and a tenth of the incidents within days of another one at the same place. */
static struct events *simulate(struct arena *a, size_t n, size_t places, int32_t days)
{
	struct rng r = rng_seeded(1);
	struct event *e = arena_array(a, struct event, n);
	for (size_t i = 0; i < n; i++) {
		double u = rng_unit(&r);
		e[i].place = (uint32_t)(u * u * (double)places);
		e[i].day = (int32_t)rng_below(&r, (uint64_t)days);
		if (i > 0 && rng_unit(&r) < 0.1) {
			e[i] = e[rng_below(&r, i)];
			e[i].day += (int32_t)(-4 * log(1 - rng_unit(&r)));
			e[i].day = e[i].day < days ? e[i].day : days - 1;
		}
		e[i].second = -1;
	}
	return events_make(a, e, n);
}

/* A square that touches by its sides. */
static struct place_edges *square(struct arena *a, size_t places)
{
	uint32_t side = (uint32_t)sqrt((double)places);
	uint32_t(*pair)[2] = (uint32_t(*)[2])arena_array(a, uint32_t, 4 * places);
	size_t count = 0;
	for (uint32_t i = 0; i < places; i++) {
		if (i % side + 1 < side && i + 1 < places) {
			pair[count][0] = i;
			pair[count++][1] = i + 1;
		}
		if (i + side < places) {
			pair[count][0] = i;
			pair[count++][1] = i + side;
		}
	}
	return place_edges_make(a, places, (const uint32_t(*)[2])pair, count);
}

static int town(struct ctx *c, const char *number)
{
	int64_t n;
	if (!str_to_i64(str_of(number), 1000, EVENTS_MAX, &n))
		return 2;
	size_t places = n / 100 < 10 ? 10 : n / 100 > 10000 ? 10000 : (size_t)n / 100;
	int32_t days = 12 * 365;
	struct hawkes_area_data d = { .places = places_numbered(c->mem, places),
		.neighbors = square(c->mem, places),
		.events = simulate(c->mem, (size_t)n, places, days) };
	struct hawkes_area_options o = hawkes_area_options_default();
	struct hawkes_area *h, *again;
	double before = peak_mb(), begin = now_s();
	must(c, hawkes_area_fit(c, &d, &o, 0, days, NULL, &h));
	double fitted = now_s();
	must(c, hawkes_area_fit(c, &d, &o, 0, days, h, &again));
	printf("{\"incidents\":%lld,\"places\":%zu,\"fit_s\":%.4f,\"refit_s\":%.4f,\"data_mb\":%.1f,\"peak_mb\":%.1f}"
	       "\n",
		(long long)n, places, fitted - begin, now_s() - fitted, before, peak_mb());
	return 0;
}

int main(int argc, char **argv)
{
	struct ctx c = { .mem = arena_new(1 << 16) };
	int status = 2;
	if (argc == 2 && str_eq(str_of(argv[1]), S("city")))
		status = city(&c);
	else if (argc == 3 && str_eq(str_of(argv[1]), S("town")))
		status = town(&c, argv[2]);
	arena_free(c.mem);
	return status;
}
