/* Early warning for areas: closed forms by hand, what a fit must keep to, and New York beside its reference (numerics D.2). */
#include "city_events.h"
#include "public.h"
#include "num/forecast/baselines.h"
#include "num/stats/counts.h"
#include "num/score/scores_csep.h"

static struct hawkes_area_options plain(void)
{
	return (struct hawkes_area_options){ .scales = 1, .tau_d = { 2 }, .calendar = calendar_options_default() };
}

/* Two places that touch. */
static struct hawkes_area_data two_places(struct arena *mem, struct event *e, size_t count)
{
	static const uint32_t pair[1][2] = {
		{0, 1}
	};
	return (struct hawkes_area_data){ .places = places_numbered(mem, 2),
		.neighbors = place_edges_make(mem, 2, pair, 1),
		.events = events_make(mem, e, count) };
}

static void one_event_raises_its_place_and_the_next_as_by_hand(void **state)
{
	struct ctx *c = *state;
	struct hawkes_area_data d = two_places(c->mem, (struct event[]){ { .day = 100 } }, 1);
	struct hawkes_area_options o = plain();
	o.own = o.neighbors = true;
	/* own 0.5, neighbours 0.3, constant 0.01 */
	struct hawkes_area *h = hawkes_area_given(
		c->mem, &d, &o, 100, calendar_flat(c->mem, &o.calendar), (double[]){ 0.5, 0.3, 0.01 });
	hawkes_area_advance(h, 100);
	assert_near(hawkes_area_rate(h, 0), 0.01, 1e-15); /* no day has passed */
	hawkes_area_add(h, &d.events->event[0]);
	hawkes_area_advance(h, 101);
	/* One event in one day: a smoothed rate of one. */
	assert_near(hawkes_area_rate(h, 0), 0.51, 1e-15);
	assert_near(hawkes_area_rate(h, 1), 0.31, 1e-15);
	double keep = exp(-0.5), mean[2];
	/* The day after, with what was expected of the first day added: (1 - keep) / (1 - keep^2) = 1 / (1 + keep). */
	hawkes_area_forecast(h, c->mem, 2, mean);
	double scale = 1 / (1 + keep), s0 = scale * (keep + 0.51), s1 = scale * 0.31;
	assert_near(mean[0], 0.51 + 0.01 + 0.5 * s0 + 0.3 * s1, 1e-15);
	assert_near(mean[1], 0.31 + 0.01 + 0.5 * s1 + 0.3 * s0, 1e-15);
	/* Three days later. */
	hawkes_area_advance(h, 104);
	double s = keep * keep * keep * (1 - keep) / (1 - keep * keep * keep * keep);
	assert_near(hawkes_area_rate(h, 0), 0.01 + 0.5 * s, 1e-15);
	assert_near(hawkes_area_rate(h, 1), 0.01 + 0.3 * s, 1e-15);
}

static void the_level_is_seen_over_expected_as_by_hand(void **state)
{
	struct ctx *c = *state;
	struct hawkes_area_data d = two_places(c->mem, (struct event[]){ { .day = 0 } }, 1);
	struct hawkes_area_options o = plain();
	o.level_half_life_d = 1;
	o.level_events = 2;
	struct hawkes_area *h = hawkes_area_given(
		c->mem, &d, &o, 0, calendar_flat(c->mem, &o.calendar), (double[]){ 0.5 });
	assert_near(hawkes_area_level(h), 1, 0.0);
	hawkes_area_advance(h, 1);
	struct event now = { .day = 1 };
	hawkes_area_add(h, &now);
	hawkes_area_add(h, &now);
	hawkes_area_add(h, &now);
	hawkes_area_advance(h, 2);
	/* Day 1: three came, one was expected; that counts by half a day later, by a quarter two days later. */
	assert_near(hawkes_area_level(h), (2 + 1.5) / (2 + 0.5), 1e-15);
	hawkes_area_advance(h, 3);
	assert_near(hawkes_area_level(h), (2 + 0.75) / (2 + 0.25 + 0.5), 1e-15);
	assert_near(hawkes_area_rate(h, 1), 0.5 * 2.75 / 2.75, 1e-15);
}

static struct events *random_events(struct arena *mem, uint64_t seed, uint32_t places, int32_t days, size_t count)
{
	struct rng r = rng_seeded(seed);
	struct event *e = arena_array(mem, struct event, count);
	for (size_t i = 0; i < count; i++)
		e[i] = (struct event){ .day = (int32_t)rng_below(&r, (uint64_t)days),
			.second = (int32_t)rng_below(&r, DAY_SECONDS),
			.place = (uint32_t)rng_below(&r, rng_below(&r, places) + 1),
			.kind = rng_below(&r, 8) == 0 };
	return events_make(mem, e, count);
}

static void a_constant_alone_is_the_mean(void **state)
{
	struct ctx *c = *state;
	struct events *e = random_events(c->mem, 1, 5, 300, 500);
	for (size_t i = 0; i < e->count; i++)
		e->event[i].kind = 0;
	e->kinds = 1;
	struct hawkes_area_data d = { .places = places_numbered(c->mem, 5), .events = e };
	struct hawkes_area_options o = plain();
	struct hawkes_area *h;
	assert_int_equal(hawkes_area_fit(c, &d, &o, 0, 300, NULL, &h), OK);
	assert_int_equal(h->weights, 1);
	double n = 500 - (double)events_from(d.events, 100), days = 200, ll = 0;
	for (size_t i = events_from(d.events, 100); i < 500; i++)
		ll += log(h->weight[0].value * calendar_factor(h->calendar, d.events->event[i].day, 0));
	double sum = 0;
	for (int32_t day = 100; day < 300; day++)
		sum += calendar_factor(h->calendar, day, 0);
	/* Half an incident is known beforehand. */
	assert_close(h->weight[0].value, (n + 0.5) / (5 * sum), 1e-12);
	assert_close(h->weight[0].se, sqrt(n + 0.5) / (5 * sum), 1e-9);
	assert_close(h->log_likelihood, ll - n - 0.5, 1e-12);
	assert_near(sum / days, 1, 0.2);
}

static struct hawkes_area_options everything(unsigned slots)
{
	struct hawkes_area_options o = hawkes_area_options_default();
	o.rivals = true;
	o.calendar.slots = slots;
	return o;
}

/* A ring of places, each also the rival of the one across. */
static struct hawkes_area_data ring(struct arena *mem, uint64_t seed, uint32_t places, const uint32_t *number)
{
	uint32_t(*near)[2] = (uint32_t(*)[2])arena_array(mem, uint32_t, 2 * (size_t)places);
	uint32_t(*rival)[2] = (uint32_t(*)[2])arena_array(mem, uint32_t, 2 * (size_t)places);
	struct hawkes_area_data d = { .places = places_numbered(mem, places) };
	struct events *e = random_events(mem, seed, places, 700, 1500);
	for (uint32_t i = 0; i < places; i++) {
		near[i][0] = number[i];
		near[i][1] = number[(i + 1) % places];
		rival[i][0] = number[i];
		rival[i][1] = number[(i + places / 2) % places];
	}
	for (size_t i = 0; i < e->count; i++)
		e->event[i].place = number[e->event[i].place];
	d.neighbors = place_edges_make(mem, places, (const uint32_t(*)[2])near, places);
	d.rivals = place_edges_make(mem, places, (const uint32_t(*)[2])rival, places);
	d.events = events_make(mem, e->event, e->count);
	return d;
}

enum { RING = 12 };
static const uint32_t as_they_are[RING] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
static const uint32_t renamed[RING] = { 7, 3, 11, 0, 9, 2, 5, 10, 1, 8, 4, 6 };

static void a_fit_never_goes_down_and_starts_from_the_last(void **state)
{
	struct ctx *c = *state;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct hawkes_area_data d = ring(c->mem, seed, RING, as_they_are);
		struct hawkes_area_options o = everything(seed % 2 ? 1 : 4);
		struct hawkes_area *h, *again;
		assert_int_equal(hawkes_area_fit(c, &d, &o, 0, 700, NULL, &h), OK);
		assert_true(h->steps > 0);
		for (int i = 0; i < h->steps; i++)
			assert_true(h->trace[i + 1] >= h->trace[i]);
		for (size_t w = 0; w < h->weights; w++)
			assert_true(h->weight[w].value >= 0);
		assert_int_equal(hawkes_area_fit(c, &d, &o, 0, 700, h, &again), OK);
		assert_true(again->trace[0] >= h->penalized - 1e-9 * fabs(h->penalized));
		assert_close(again->penalized, h->penalized, 1e-9);
	}
}

static void rates_are_never_negative_and_forecasts_begin_with_them(void **state)
{
	struct ctx *c = *state;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		struct hawkes_area_data d = ring(c->mem, seed, RING, as_they_are);
		struct hawkes_area_options o = everything(1);
		struct hawkes_area *h;
		struct rng r = rng_seeded(seed);
		double mean[RING];
		assert_int_equal(hawkes_area_fit(c, &d, &o, 0, 600, NULL, &h), OK);
		for (int32_t day = 600; day < 640; day++) {
			hawkes_area_advance(h, day);
			hawkes_area_forecast(h, c->mem, 1, mean);
			for (uint32_t p = 0; p < RING; p++) {
				assert_true(mean[p] >= 0 && isfinite(mean[p]));
				assert_close(hawkes_area_rate(h, p), mean[p], 1e-12);
			}
			/* News of today and news that come late. */
			struct event e = { .day = day - (int32_t)rng_below(&r, 300),
				.place = (uint32_t)rng_below(&r, RING),
				.kind = (uint32_t)rng_below(&r, 3) };
			hawkes_area_add(h, &e);
			assert_true(hawkes_area_rate(h, e.place) >= mean[e.place] - 1e-12 || e.day < day);
		}
	}
}

static void places_may_be_renamed(void **state)
{
	struct ctx *c = *state;
	struct hawkes_area_data d = ring(c->mem, 9, RING, as_they_are), other = ring(c->mem, 9, RING, renamed);
	struct hawkes_area_options o = everything(1);
	struct hawkes_area *a, *b;
	double mean_a[RING], mean_b[RING];
	assert_int_equal(hawkes_area_fit(c, &d, &o, 0, 700, NULL, &a), OK);
	assert_int_equal(hawkes_area_fit(c, &other, &o, 0, 700, NULL, &b), OK);
	assert_close(a->penalized, b->penalized, 1e-12);
	hawkes_area_forecast(a, c->mem, 7, mean_a);
	hawkes_area_forecast(b, c->mem, 7, mean_b);
	for (size_t i = 0; i < RING; i++)
		assert_close(mean_b[renamed[i]], mean_a[i], 1e-6);
}

static void adding_late_is_as_adding_in_time(void **state)
{
	struct ctx *c = *state;
	struct hawkes_area_data d = ring(c->mem, 3, RING, as_they_are);
	struct hawkes_area_options o = everything(1);
	struct hawkes_area *h;
	assert_int_equal(hawkes_area_fit(c, &d, &o, 0, 700, NULL, &h), OK);
	double value[HAWKES_WEIGHTS_MAX];
	for (size_t w = 0; w < h->weights; w++)
		value[w] = h->weight[w].value;
	o.level_half_life_d = 0; /* what was expected of days gone by stays as it was */
	struct hawkes_area *in_time = hawkes_area_given(c->mem, &d, &o, 0, h->calendar, value);
	struct hawkes_area *late = hawkes_area_given(c->mem, &d, &o, 0, h->calendar, value);
	for (size_t i = 0; i < d.events->count; i++) {
		hawkes_area_advance(in_time, d.events->event[i].day);
		hawkes_area_add(in_time, &d.events->event[i]);
	}
	hawkes_area_advance(in_time, 700);
	hawkes_area_advance(late, 700);
	for (size_t i = d.events->count; i-- > 0;)
		hawkes_area_add(late, &d.events->event[i]);
	for (uint32_t p = 0; p < RING; p++)
		assert_close(hawkes_area_rate(late, p), hawkes_area_rate(in_time, p), 1e-9);
}

static void no_place_is_held_to_be_impossible(void **state)
{
	struct ctx *c = *state;
	enum { DAYS = 400, QUIET = 3 };
	struct event e[DAYS];
	for (int32_t i = 0; i < DAYS; i++)
		e[i] = (struct event){ .day = i, .place = (uint32_t)i % QUIET };
	struct hawkes_area_data d = { .places = places_numbered(c->mem, QUIET + 1),
		.events = events_make(c->mem, e, DAYS) };
	struct hawkes_area_options o = plain();
	o.own = true; /* what happened where is all there is, and explains all */
	o.tau_d[0] = INFINITY;
	struct hawkes_area *h;
	double mean[QUIET + 1];
	assert_int_equal(hawkes_area_fit(c, &d, &o, 0, DAYS, NULL, &h), OK);
	hawkes_area_forecast(h, c->mem, 7, mean);
	/* Half an incident that nothing explains, in all places and the days that were learned from. */
	assert_true(mean[QUIET] > 0.3 * 7 / ((QUIET + 1) * (double)DAYS) && mean[QUIET] < 0.1);
	assert_true(isfinite(counts_log(1, mean[QUIET], INFINITY)));
}

static void shares_leave_nothing_to_the_constant_and_are_taken_at_their_word(void **state)
{
	struct ctx *c = *state;
	struct hawkes_area_data d = ring(c->mem, 3, RING, as_they_are);
	struct hawkes_area_options o = everything(1);
	struct hawkes_area *h;
	assert_int_equal(hawkes_area_fit(c, &d, &o, 0, 700, NULL, &h), OK);
	for (size_t w = 0; w < h->weights; w++)
		if (h->weight[w].family == HAWKES_CONSTANT)
			assert_close(h->weight[w].value, 0.5 / h->weight[w].total, 1e-3);
	struct events *e = random_events(c->mem, 3, RING, 700, 1500);
	for (size_t i = 0; i < e->count; i++)
		e->event[i].kind = 0;
	e->kinds = 1;
	d.events = e;
	o.own = o.neighbors = o.rivals = o.town = false;
	assert_int_equal(hawkes_area_fit(c, &d, &o, 0, 700, NULL, &h), OK);
	assert_int_equal(h->weights, 2);
	assert_near(h->weight[0].value, 1, 0.0);
	assert_close(h->weight[1].value, 0.5 / h->weight[1].total, 1e-12);
	assert_true(isfinite(h->log_likelihood) && h->weight[0].se > 0);
}

/* Logs of a town whose every day is as the last one, begun in a spring with twice the incidents. */
static void a_young_log_is_forecast_by_share_and_level(void **state)
{
	struct ctx *c = *state;
	enum { PLACES = 20, END = 1400, SPRING = 60, RUNS = 8 };
	static const int32_t span[] = { 91, 182, 365, 730 };
	for (size_t s = 0; s < COUNT(span); s++) {
		double ours = 0, plain = 0, incidents = 0;
		for (uint64_t seed = 1; seed <= RUNS; seed++) {
			struct rng r = rng_seeded(seed);
			struct event *e = arena_array(c->mem, struct event, 2 * END);
			size_t count = 0;
			int32_t from = 1000 - span[s];
			for (int32_t day = from; day < 1000 + 182; day++)
				for (uint32_t n = counts_draw(&r, day < from + SPRING ? 1.2 : 0.6, INFINITY); n > 0;
					n--)
					e[count++] = (struct event){ .day = day,
						.place = (uint32_t)rng_below(&r, rng_below(&r, PLACES) + 1) };
			struct hawkes_area_data d = { .places = places_numbered(c->mem, PLACES),
				.events = events_make(c->mem, e, count) };
			struct calendar_options k = calendar_options_default();
			struct hawkes_choice choice;
			struct hawkes_area *h;
			assert_int_equal(hawkes_area_choose(c, &d, &k, from, 1000, 7, 7, &choice), OK);
			assert_true(choice.young && !choice.options.calendar.season && choice.options.scales <= 2);
			assert_int_equal(hawkes_area_fit(c, &d, &choice.options, from, 1000, NULL, &h), OK);
			struct hawkes_windows *w = hawkes_area_roll(c->mem, h, &d, 1000, 1000 + 182, 7, 7);
			struct windows v = windows_between(1000, 1000 + 182, 7, 7);
			struct baseline_data b = { d.events, d.places, from, 1000, &k };
			double *mean = arena_array(c->mem, double, v.count *PLACES);
			baseline_roll(c->mem, &b, &v, BASELINE_SHARE_LEVEL, mean);
			ours += hawkes_log_score(w->mean, w->observed, v.count * PLACES, choice.size);
			plain += hawkes_log_score(mean, w->observed, v.count * PLACES, choice.size);
			for (size_t i = 0; i < v.count * PLACES; i++)
				incidents += w->observed[i];
		}
		double gain = (plain - ours) * 26 * PLACES / incidents;
		print_message("%d days: %+.4f nats an incident beside share x level\n", (int)span[s], gain);
		assert_true(gain >= -0.01);
	}
}

static void what_makes_no_sense_is_refused(void **state)
{
	struct ctx *c = *state;
	struct hawkes_area_data d = ring(c->mem, 3, RING, as_they_are);
	struct hawkes_area_options o = everything(1);
	struct hawkes_area *h;
	struct hawkes_choice choice;
	assert_int_equal(hawkes_area_fit(c, &d, &o, 0, 27, NULL, &h), ERR_INPUT);
	assert_reason(c, "27 days are too few");
	assert_int_equal(hawkes_area_fit(c, &d, &o, 800, 900, NULL, &h), ERR_INPUT);
	assert_reason(c, "no incident to learn from");
	o.tau_d[1] = 2;
	assert_int_equal(hawkes_area_fit(c, &d, &o, 0, 700, NULL, &h), ERR_INPUT);
	assert_reason(c, "must ascend");
	o = everything(5);
	assert_int_equal(hawkes_area_fit(c, &d, &o, 0, 700, NULL, &h), ERR_INPUT);
	assert_int_equal(hawkes_area_choose(c, &d, &o.calendar, 0, 60, 7, 7, &choice), ERR_INPUT);
	assert_reason(c, "too few to choose by");
	o = everything(1);
	assert_int_equal(hawkes_area_choose(c, &d, &o.calendar, 800, 1500, 7, 7, &choice), ERR_INPUT);
	assert_reason(c, "no incident to learn from");
}

static void the_size_of_counts_is_found_again(void **state)
{
	struct ctx *c = *state;
	enum { COUNTS = 60000 };
	double *mean = arena_array(c->mem, double, COUNTS);
	uint32_t *seen = arena_array(c->mem, uint32_t, COUNTS);
	struct rng r = rng_seeded(5);
	for (size_t i = 0; i < COUNTS; i++) {
		mean[i] = 0.2 + 2 * rng_unit(&r);
		seen[i] = counts_draw(&r, mean[i], 4);
	}
	assert_close(hawkes_size_fit(mean, seen, COUNTS), 4.0, 0.06);
	for (size_t i = 0; i < COUNTS; i++)
		seen[i] = (uint32_t)lround(mean[i]); /* more regular than chance */
	assert_true(isinf(hawkes_size_fit(mean, seen, COUNTS)));
}

static void new_york_is_forecast_as_well_as_its_reference(void **state)
{
	struct ctx *c = *state;
	struct hawkes_area_data d;
	struct hawkes_choice choice, blind;
	struct hawkes_area *h;
	if (!city_events(c, &d)) {
		fail_msg("the public data cannot be read");
	}
	struct calendar_options k = calendar_options_default();
	assert_int_equal(d.places->count, 188);
	assert_int_equal(hawkes_area_choose(c, &d, &k, CITY_FROM, CITY_CUT, 7, 7, &choice), OK);
	char trial[11];
	day_write(choice.trial, trial);
	print_message(
		"chosen from %s until 2017-01-01 among %zu: %s, shares %g d, level %g d, size %.2f; log score %.5f\n",
		trial, choice.tried, choice.name, choice.options.share_half_life_d, choice.options.level_half_life_d,
		choice.size, choice.log_score);
	/* The same without the test weeks: nothing of them was looked at. */
	struct hawkes_area_data past = d;
	past.events = events_make(c->mem, d.events->event, events_from(d.events, CITY_CUT));
	assert_int_equal(hawkes_area_choose(c, &past, &k, CITY_FROM, CITY_CUT, 7, 7, &blind), OK);
	assert_memory_equal(&choice.options.tau_d, &blind.options.tau_d, sizeof blind.options.tau_d);
	assert_near(blind.log_score, choice.log_score, 0.0);
	assert_near(blind.size, choice.size, 0.0);

	assert_int_equal(hawkes_area_fit(c, &d, &choice.options, CITY_FROM, CITY_CUT, NULL, &h), OK);
	struct hawkes_windows *w = hawkes_area_roll(c->mem, h, &d, CITY_CUT, CITY_END, 7, 7);
	struct scores_table t = { w->count, w->places, w->mean, w->observed, choice.size };
	struct scores_any any = scores_any(c->mem, &t);
	size_t outside = csep_number_outside(&t);
	print_message("log score %.5f, Brier %.5f, skill %.4f, AUC %.5f, calibration %.5f, expected %.1f of %d, "
		      "outside %zu\n",
		scores_log(&t), any.brier, any.skill, any.auc, any.calibration_error, scores_expected(&t),
		(int)scores_observed(&t), outside);
	assert_int_equal(t.windows, 104);
	assert_int_equal(scores_observed(&t), 1534);
	assert_true(scores_log(&t) <= 0.2338);
	assert_true(any.auc >= 0.812);
	assert_true(any.calibration_error <= 0.006);
	assert_true(outside * 10 <= t.windows);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(one_event_raises_its_place_and_the_next_as_by_hand),
		TEST(the_level_is_seen_over_expected_as_by_hand),
		TEST(a_constant_alone_is_the_mean),
		TEST(a_fit_never_goes_down_and_starts_from_the_last),
		TEST(rates_are_never_negative_and_forecasts_begin_with_them),
		TEST(places_may_be_renamed),
		TEST(adding_late_is_as_adding_in_time),
		TEST(no_place_is_held_to_be_impossible),
		TEST(shares_leave_nothing_to_the_constant_and_are_taken_at_their_word),
		TEST(a_young_log_is_forecast_by_share_and_level),
		TEST(what_makes_no_sense_is_refused),
		TEST(the_size_of_counts_is_found_again),
		TEST(new_york_is_forecast_as_well_as_its_reference),
	};
	return run_with_public(tests, COUNT(tests), 1, "nyc-shootings");
}
