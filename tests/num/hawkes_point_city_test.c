/* Early warning for points on New York (numerics D.1): 3,163 cells of 500 m, everything fitted before 2017-01-01, 104 weekly
 * forecasts from 2017-01-02 on, 1,534 incidents. Options are the defaults, which were settled on forecasts of 2014 to 2016. */
#include "city.h"
#include "public.h"
#include "num/forecast/hawkes_point.h"
#include "num/forecast/kde.h"
#include "num/score/scores_csep.h"
#include "num/score/scores_gain.h"
#include "num/score/scores_rank.h"

static int32_t date(int year, int month, int day)
{
	return day_of((struct date){ year, month, day });
}

static bool read_city(struct ctx *c, struct events **events, struct cells **cells)
{
	struct str points = city_file(c->mem, "nyc-shootings/nyc_shootings_2006_2018.csv");
	struct str grid = city_file(c->mem, "nyc-shootings/nyc_cells_500m.csv");
	if (!points.n || !grid.n)
		return false;
	assert_int_equal(events_read(c, points, (struct events_columns){ .coordinates = true }, events), OK);
	assert_int_equal(cells_read(c, grid, cells), OK);
	return true;
}

static void print_row(struct arena *a, const char *name, const struct scores_table *t)
{
	struct scores_bootstrap o = scores_bootstrap_default();
	struct scores_gain gain = scores_spatial_gain(a, t, NULL, &o);
	print_message("# %-12s information gain %.4f (%.4f to %.4f)", name, gain.gain, gain.low, gain.high);
	for (int percent = 1; percent <= 10; percent += percent == 1 ? 4 : 5) {
		struct scores_rank r = scores_rank(a, t, percent / 100.0);
		print_message(", hit@%d%% %.4f PAI %.2f", percent, r.rate, r.pai);
	}
	print_message("\n");
}

/* Incidents so far, as a forecast. */
static double *count_so_far(struct ctx *c, const struct events *e, const struct grid *g, const struct windows *v)
{
	double *mean = arena_array(c->mem, double, v->count * g->count), *sum = arena_array(c->mem, double, g->count);
	size_t next = 0;
	for (size_t w = 0; w < v->count; w++) {
		for (; next < e->count && e->event[next].day < windows_origin(v, w); next++)
			sum[g->given[grid_find(g, e->event[next].x_m, e->event[next].y_m)]]++;
		memcpy(mean + w * g->count, sum, g->count * sizeof *sum);
	}
	return mean;
}

static void test_new_york(void **state)
{
	struct ctx *c = *state;
	struct events *e;
	struct cells *cells;
	if (!read_city(c, &e, &cells)) {
		fail_msg("the public data cannot be read");
	}
	struct hawkes_point_options o = hawkes_point_options_default(500);
	struct hawkes_point *h;
	int32_t cut = date(2017, 1, 1), first = date(2017, 1, 2), end = date(2018, 12, 31);
	assert_int_equal(hawkes_point_fit(c, e, cells, &o, date(2006, 1, 1), cut, NULL, &h), OK);
	assert_int_equal(h->outside, 0);
	assert_true(h->fit.settled);
	/* The reference is -218,919.70 of 11,696 incidents, a homogeneous rate 1.502 nats an incident below. */
	double homogeneous = (double)h->rows *
			     (log((double)h->rows / ((double)(cut - date(2008, 1, 1)) * 790.75e6)) - 1);
	double gain = (h->fit.log_likelihood - homogeneous) / (double)h->rows;
	print_message("# log-likelihood %.2f of %zu incidents, %.3f nats an incident above a homogeneous rate; "
		      "branching %.4f\n",
		h->fit.log_likelihood, h->rows, gain, hawkes_point_branching(h));
	assert_near(gain, 1.502, 0.02);
	/* Contagion is small there: 0.026 in the reference. */
	assert_near(hawkes_point_branching(h), 0.026, 0.012);

	for (size_t i = events_from(e, cut); i < events_from(e, first); i++)
		hawkes_point_add(h, &e->event[i]);
	hawkes_point_advance(h, first);
	struct hawkes_windows *w = hawkes_point_roll(c->mem, h, e, first, end, 7, 7);
	struct scores_table adem = { w->count, w->places, w->mean, w->observed, INFINITY };
	assert_int_equal(w->count, 104);
	assert_int_equal(w->places, 3163);
	assert_int_equal(scores_observed(&adem), 1534);
	for (size_t i = 0; i < w->count * w->places; i++)
		assert_true(w->mean[i] >= 0);

	struct windows v = windows_between(first, end, 7, 7);
	double *kde = arena_array(c->mem, double, w->count * w->places);
	kde_roll(c->mem, h->grid, e, date(2006, 1, 1), 500, 0, &v, kde);
	struct scores_table hot = adem, counts = adem;
	hot.mean = kde;
	counts.mean = count_so_far(c, e, h->grid, &v);
	print_row(c->mem, "adem", &adem);
	print_row(c->mem, "kde_500m", &hot);
	print_row(c->mem, "counting", &counts);

	struct scores_bootstrap b = scores_bootstrap_default();
	assert_true(scores_spatial_gain(c->mem, &adem, NULL, &b).gain >= 1.17);
	/* PredictCode: 1.1398 and 1.0496. */
	assert_near(scores_spatial_gain(c->mem, &hot, NULL, &b).gain, 1.1398, 0.002);
	assert_near(scores_spatial_gain(c->mem, &counts, NULL, &b).gain, 1.0496, 0.0005);
	/* More than chance: 0.033 [0.014, 0.054] and 0.123 [0.080, 0.172] in the reference. */
	assert_true(scores_spatial_gain(c->mem, &adem, &hot, &b).low > 0);
	assert_true(scores_spatial_gain(c->mem, &adem, &counts, &b).low > 0.07);
	/* The reference's hit rates, within a standard error: 0.0971, 0.3774, 0.6056. */
	assert_near(scores_rank(c->mem, &adem, 0.01).rate, 0.0971, 0.0076);
	assert_near(scores_rank(c->mem, &adem, 0.05).rate, 0.3774, 0.0124);
	assert_near(scores_rank(c->mem, &adem, 0.10).rate, 0.6056, 0.0125);
	/* The town's level, 42 % below the training years, is followed: 41 weeks were outside if it were not. */
	print_message("# expected %.0f, weeks outside of the N-test %zu of %zu\n", scores_expected(&adem),
		csep_number_outside(&adem), w->count);
	assert_near(scores_expected(&adem), 1534, 0.06 * 1534);
	assert_true(csep_number_outside(&adem) < 41 / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_new_york, setup, teardown),
	};
	return run_with_public(tests, COUNT(tests), 1, "nyc-shootings");
}
