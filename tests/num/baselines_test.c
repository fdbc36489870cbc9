/* Baselines: by hand on a little town, blind to the future, and the rows of numerics D.2 on New York. */
#include "city.h"
#include "public.h"
#include "num/forecast/baselines.h"
#include "num/stats/rng.h"
#include "num/score/scores.h"

/* New York's areas with an event in the training weeks, from Monday 2006-01-02, 2017-01-02 and until 2018-12-31. */
struct town {
	struct places *places;
	struct events *events;
	int32_t from, first, end;
};

/* False where the data is absent. */
static bool read_town(struct ctx *c, struct town *t)
{
	struct str areas = city_file(c->mem, "nyc-shootings/nyc_nta.csv");
	struct str rows = city_file(c->mem, "nyc-shootings/nyc_shootings_2006_2018.csv");
	struct places *all;
	struct events *events;
	if (!areas.n || !rows.n)
		return false;
	assert_int_equal(places_read(c, areas, (struct places_columns){ .place = "nta" }, &all), OK);
	assert_int_equal(events_read(c, rows, (struct events_columns){ .place = "nta", .places = all }, &events), OK);
	t->from = day_of((struct date){ 2006, 1, 2 });
	t->first = day_of((struct date){ 2017, 1, 2 });
	t->end = day_of((struct date){ 2018, 12, 31 });
	bool *keep = arena_array(c->mem, bool, all->count);
	uint32_t *number = arena_array(c->mem, uint32_t, all->nodes);
	for (size_t i = events_from(events, t->from); i < events_from(events, t->first); i++)
		keep[events->event[i].place] = true;
	t->places = places_keep(c->mem, all, keep, number);
	t->events = events_keep(c->mem, events, number);
	return true;
}

static struct event at(int32_t day, uint32_t place)
{
	return (struct event){ .day = day, .second = -1, .place = place };
}

/* Two places; windows of 7 days from day 14; the past begins at day 0, fixed parameters end at day 14. */
static void a_little_town_is_as_by_hand(void **state)
{
	struct ctx *c = *state;
	struct event rows[] = { at(0, 0), at(3, 0), at(8, 0), at(9, 1), at(15, 1), at(16, 1), at(22, 0) };
	struct calendar_options k = calendar_options_default();
	struct baseline_data d = { events_make(c->mem, rows, COUNT(rows)), places_numbered(c->mem, 2), 0, 14, &k };
	struct windows v = windows_between(14, 28, 7, 7);
	uint32_t observed[4];
	double mean[4];
	assert_int_equal(v.count, 2);
	windows_observed(&v, d.events, 2, observed);
	assert_true(observed[0] == 0 && observed[1] == 2 && observed[2] == 1 && observed[3] == 0);
	baseline_roll(c->mem, &d, &v, BASELINE_CONSTANT, mean);
	assert_near(mean[0], 1, 1e-15);
	assert_near(mean[3], 1, 1e-15);
	baseline_roll(c->mem, &d, &v, BASELINE_LAST_WINDOW, mean);
	assert_near(mean[0], 1.01, 1e-15);
	assert_near(mean[2], 0.01, 1e-15);
	assert_near(mean[3], 2.01, 1e-15);
	baseline_roll(c->mem, &d, &v, BASELINE_MEAN_13W, mean);
	assert_near(mean[0], 3.5 / 2, 1e-15);
	assert_near(mean[3], 3.5 / 3, 1e-15);
	baseline_roll(c->mem, &d, &v, BASELINE_MEAN_ALL, mean);
	assert_near(mean[2], 1.5, 1e-15);
	assert_near(mean[3], 0.5, 1e-15);
	baseline_roll(c->mem, &d, &v, BASELINE_SHARE_LEVEL, mean);
	assert_near(mean[0], 3.5 / 5 * 2, 1e-15);
	assert_near(mean[3], 3.5 / 7 * 2, 1e-15);
}

/* No window, one that is too long, steps that overlap. */
static void windows_end_in_time(void **state)
{
	(void)state;
	assert_int_equal(windows_between(10, 16, 7, 7).count, 0);
	assert_int_equal(windows_between(10, 17, 7, 7).count, 1);
	assert_int_equal(windows_between(10, 3, 7, 7).count, 0);
	struct windows v = windows_between(10, 20, 7, 1);
	assert_int_equal(v.count, 4);
	assert_int_equal(windows_origin(&v, 3), 13);
}

/* What happens from an origin on changes no forecast of that origin or before; parameters see nothing from the cut on. */
static void the_future_is_not_looked_at(void **state)
{
	struct ctx *c = *state;
	struct event rows[400], others[400];
	struct rng r = rng_seeded(3);
	for (size_t i = 0; i < 400; i++) {
		rows[i] = at((int32_t)rng_below(&r, 500), (uint32_t)rng_below(&r, 5));
		others[i] = rows[i];
		if (rows[i].day >= 450)
			others[i].place = 4 - rows[i].place;
	}
	struct calendar_options k = calendar_options_default();
	const struct places *p = places_numbered(c->mem, 5);
	struct baseline_data d = { events_make(c->mem, rows, 400), p, 0, 400, &k };
	struct baseline_data e = { events_make(c->mem, others, 400), p, 0, 400, &k };
	struct windows v = windows_between(402, 464, 7, 7), w = windows_between(402, 499, 7, 7);
	assert_int_equal(v.count, 8);
	double first[8 * 5], second[13 * 5];
	for (enum baseline b = 0; b < BASELINES; b++) {
		baseline_roll(c->mem, &d, &v, b, first);
		baseline_roll(c->mem, &e, &w, b, second);
		assert_memory_equal(first, second, 7 * 5 * sizeof *first);
	}
}

/* Log score, Brier, skill, AUC, calibration error and expected count as measured elsewhere for the same rule (numerics D.2). */
static void new_york_is_as_in_the_reference(void **state)
{
	static const struct {
		enum baseline which;
		double log_score, brier, skill, auc, calibration, expected;
	} rows[] = {
		{BASELINE_CONSTANT,     0.29872, 0.06872, -0.050, 0.500, 0.057, 2666},
		{ BASELINE_LAST_WINDOW, 0.38359, 0.08361, -0.277, 0.558, 0.080, 1740},
		{ BASELINE_MEAN_13W,    0.26200, 0.0637,  0.027,  0.731, 0.034, 2309},
		{ BASELINE_MEAN_26W,    0.25097, 0.0618,  0.056,  0.765, 0.020, 1973},
		{ BASELINE_MEAN_52W,    0.24295, 0.0603,  0.079,  0.789, 0.016, 1855},
		{ BASELINE_MEAN_104W,   0.24031, 0.0601,  0.082,  0.800, 0.017, 1902},
		{ BASELINE_MEAN_ALL,    0.24966, 0.06365, 0.028,  0.810, 0.044, 2666},
		{ BASELINE_SHARE_LEVEL, 0.23460, 0.05882, 0.102,  0.811, 0.005, 1550},
	};
	struct ctx *c = *state;
	struct town city;
	if (!read_town(c, &city)) {
		fail_msg("the public data cannot be read");
	}
	size_t places = city.places->count;
	struct calendar_options k = calendar_options_default();
	struct baseline_data d = { city.events, city.places, city.from, city.first, &k };
	struct windows v = windows_between(city.first, city.end, 7, 7);
	assert_int_equal(places, 188);
	assert_int_equal(v.count, 104);
	double *mean = arena_array(c->mem, double, v.count *places);
	uint32_t *observed = arena_array(c->mem, uint32_t, v.count * places);
	windows_observed(&v, city.events, places, observed);
	struct scores_table t = { v.count, places, mean, observed, INFINITY };
	assert_int_equal(scores_observed(&t), 1534);
	for (size_t i = 0; i < COUNT(rows); i++) {
		baseline_roll(c->mem, &d, &v, rows[i].which, mean);
		struct scores_any any = scores_any(c->mem, &t);
		assert_near(scores_log(&t), rows[i].log_score, 1e-5);
		assert_near(any.brier, rows[i].brier, 6e-5);
		assert_near(any.skill, rows[i].skill, 6e-4);
		assert_near(any.auc, rows[i].auc, 6e-4);
		/* The reference's bins cut through forecasts that are equal; of the last window most are. */
		bool ties = rows[i].which == BASELINE_LAST_WINDOW;
		assert_near(any.calibration_error, rows[i].calibration, ties ? 3e-3 : 1e-3);
		assert_near(scores_expected(&t), rows[i].expected, 0.6);
	}
}

/* (d): better than all that count, as good as the reference's rule of the same kind (0.23417, AUC 0.812, 0.008). */
static void long_run_shares_with_level_and_calendar_do_best(void **state)
{
	struct ctx *c = *state;
	struct town city;
	if (!read_town(c, &city)) {
		fail_msg("the public data cannot be read");
	}
	size_t places = city.places->count;
	struct calendar_options k = calendar_options_default();
	struct baseline_data d = { city.events, city.places, city.from, city.first, &k };
	struct windows v = windows_between(city.first, city.end, 7, 7);
	double *mean = arena_array(c->mem, double, v.count *places);
	uint32_t *observed = arena_array(c->mem, uint32_t, v.count * places);
	windows_observed(&v, city.events, places, observed);
	baseline_roll(c->mem, &d, &v, BASELINE_SHARE_LEVEL_CALENDAR, mean);
	struct scores_table t = { v.count, places, mean, observed, INFINITY };
	struct scores_any any = scores_any(c->mem, &t);
	assert_true(scores_log(&t) <= 0.2342);
	assert_true(any.auc >= 0.8115);
	assert_true(any.calibration_error <= 0.010);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_little_town_is_as_by_hand, setup, teardown),
		cmocka_unit_test(windows_end_in_time),
		cmocka_unit_test_setup_teardown(the_future_is_not_looked_at, setup, teardown),
		cmocka_unit_test_setup_teardown(new_york_is_as_in_the_reference, setup, teardown),
		cmocka_unit_test_setup_teardown(long_run_shares_with_level_and_calendar_do_best, setup, teardown),
	};
	return run_with_public(tests, COUNT(tests), 2, "nyc-shootings");
}
