#include "num/forecast/hawkes_point.h"
#include "fixture.h"
#include "points.h"

/* One memory and one width, and a constant. */
static struct hawkes_point_options small(double tau, double sigma)
{
	struct hawkes_point_options o = hawkes_point_options_default(100);
	o.scales = o.widths = 1;
	o.tau_d[0] = tau;
	o.sigma_m[0] = sigma;
	o.burn_d = 0;
	o.level_half_life_d = 0;
	return o;
}

static struct hawkes_point *given(struct ctx *c, const struct cells *cells, const struct hawkes_point_options *o,
	int32_t from, const double *value)
{
	struct hawkes_point *h;
	assert_int_equal(hawkes_point_given(c, cells, o, from, calendar_flat(c->mem, &o->calendar), value, &h), OK);
	return h;
}

static double sum(const double *value, size_t count)
{
	double total = 0;
	for (size_t i = 0; i < count; i++)
		total += value[i];
	return total;
}

static double mass(double sigma, double x, double low)
{
	return 0.5 * (erf((low + 100 - x) / (sigma * sqrt(2))) - erf((low - x) / (sigma * sqrt(2))));
}

static void test_one_incident_by_hand(void **state)
{
	struct ctx *c = *state;
	struct cells *cells = points_square(c->mem, 20);
	/* So small a weight that successors of successors are nothing. */
	const double weight[] = { 1e-7, 0 }, sigma = 150, x = 930, y = 1110, at = 0.25;
	const struct event e = { .day = 1000, .second = DAY_SECONDS / 4, .x_m = x, .y_m = y };
	double mean[400], whole = 0;
	struct hawkes_point_options o = small(9, sigma);
	struct hawkes_point *h = given(c, cells, &o, 0, weight);
	hawkes_point_add(h, &e);
	hawkes_point_advance(h, 1003);
	hawkes_point_forecast(h, c->mem, 2, mean);
	double time = exp(-(3 - at) / 9) - exp(-(5 - at) / 9);
	for (int i = 4; i < 15; i++) /* the cells that 3.2 sigma reach: 450 to 1410 */
		for (int k = 6; k < 16; k++)
			whole += mass(sigma, x, 100 * i) * mass(sigma, y, 100 * k);
	for (size_t i = 0; i < cells->count; i++) {
		double want = weight[0] * time * mass(sigma, x, 100 * cells->ix[i]) *
			      mass(sigma, y, 100 * cells->iy[i]) / whole;
		bool reached = cells->ix[i] >= 4 && cells->ix[i] < 15 && cells->iy[i] >= 6 && cells->iy[i] < 16;
		assert_near(mean[i], reached ? want : 0, 1e-6 * weight[0]);
	}
	assert_close(sum(mean, cells->count), weight[0] * time, 1e-6);

	/* An infinite memory is a running mean: one incident in 1,003 and a half days. */
	o = small(INFINITY, sigma);
	h = given(c, cells, &o, 0, weight);
	hawkes_point_add(h, &e);
	hawkes_point_advance(h, 1003);
	hawkes_point_forecast(h, c->mem, 1, mean);
	assert_close(sum(mean, cells->count), weight[0] / 1003.5, 1e-6);
}

static void test_constant_and_successors_of_successors(void **state)
{
	struct ctx *c = *state;
	struct cells *cells = points_square(c->mem, 20);
	double mean[400];
	struct hawkes_point_options o = small(3, 150);
	const double constant[] = { 0, 0.8 };
	struct hawkes_point *h = given(c, cells, &o, 0, constant);
	hawkes_point_advance(h, 50);
	hawkes_point_forecast(h, c->mem, 10, mean);
	for (size_t i = 0; i < cells->count; i++)
		assert_close(mean[i], 0.02, 1e-12);
	/* An incident has kappa successors, those kappa each, …: kappa / (1 - kappa) in all, but for successors of successors
	 * within a day. */
	static const double weights[] = { 0.02, 0.1, 0.3 };
	for (size_t i = 0; i < COUNT(weights); i++) {
		double kappa = weights[i];
		const double contagion[] = { kappa, 0 };
		h = given(c, cells, &o, 0, contagion);
		hawkes_point_add(h, &(struct event){ .day = 999, .second = DAY_SECONDS - 1, .x_m = 20, .y_m = 1990 });
		hawkes_point_advance(h, 1000);
		hawkes_point_forecast(h, c->mem, 200, mean);
		assert_close(sum(mean, cells->count), kappa / (1 - kappa), 0.04 * kappa * kappa + 1e-4);
		assert_near(hawkes_point_branching(h), kappa, 0);
	}
}

static void test_level_follows_the_town(void **state)
{
	struct ctx *c = *state;
	struct cells *cells = points_square(c->mem, 4);
	const double constant[] = { 0, 1 };
	double mean[16];
	struct hawkes_point_options o = small(3, 150);
	o.level_half_life_d = 50;
	o.level_events = 20;
	struct hawkes_point *h = given(c, cells, &o, 0, constant);
	assert_near(hawkes_point_level(h), 1, 0);
	for (int32_t day = 0; day < 400; day += 2) /* half of what is expected */
		hawkes_point_add(h, &(struct event){ .day = day, .second = 9, .x_m = 50, .y_m = 50 });
	hawkes_point_advance(h, 400);
	double learnt = 0, seen = 0;
	for (int32_t day = 0; day < 400; day++) {
		learnt += exp2((day - 400) / 50.0);
		seen += day % 2 ? 0 : exp2((day - 400) / 50.0);
	}
	assert_close(hawkes_point_level(h), (20 + seen) / (20 + learnt), 1e-10);
	hawkes_point_forecast(h, c->mem, 3, mean);
	assert_close(sum(mean, 16), 3 * (20 + seen) / (20 + learnt), 1e-10);
	/* One that is heard of late counts as if it had been known. */
	hawkes_point_add(h, &(struct event){ .day = 301, .second = 9, .x_m = 50, .y_m = 50 });
	seen += exp2(-99 / 50.0);
	assert_close(hawkes_point_level(h), (20 + seen) / (20 + learnt), 1e-10);
}

/* The log-likelihood written out: every pair, every bell cut where the cells end. */
static void test_likelihood_of_pairs_by_hand(void **state)
{
	enum { INCIDENTS = 60, DAYS = 30 };
	struct ctx *c = *state;
	struct cells *cells = points_square(c->mem, 6);
	struct hawkes_point_options o = small(5, 50);
	struct rng r = rng_seeded(4);
	struct event e[INCIDENTS];
	for (size_t i = 0; i < INCIDENTS; i++)
		e[i] = (struct event){ .day = (int32_t)rng_below(&r, DAYS),
			.second = (int32_t)rng_below(&r, DAY_SECONDS),
			.x_m = 200 + 200 * rng_unit(&r),
			.y_m = 600 * rng_unit(&r) };
	struct events *all = events_make(c->mem, e, INCIDENTS);
	struct hawkes_point *h;
	assert_int_equal(hawkes_point_fit(c, all, cells, &o, 0, DAYS, NULL, &h), OK);
	double kappa = h->weight[0].value, u = h->weight[1].value, nu[DAYS], log_likelihood = 0;
	calendar_factors(h->calendar, 0, DAYS, nu);
	assert_int_equal(h->rows, INCIDENTS);
	for (size_t i = 0; i < INCIDENTS; i++) {
		double t = e[i].day + e[i].second / 86400.0, rate = 0;
		for (size_t k = 0; k < i; k++) {
			double then = e[k].day + e[k].second / 86400.0, whole = 1;
			double dx = fabs(e[i].x_m - e[k].x_m), dy = e[i].y_m - e[k].y_m;
			/* Its own cells are 25 m wide, and reach as far as 160 m do. */
			double low = floor((e[k].y_m - 160) / 25) * 25, high = (floor((e[k].y_m + 160) / 25) + 1) * 25;
			double left = floor((e[k].x_m - 160) / 25) * 25,
			       right = (floor((e[k].x_m + 160) / 25) + 1) * 25;
			whole *= 0.5 * (erf((fmin(high, 600) - e[k].y_m) / (50 * sqrt(2))) -
					       erf((fmax(low, 0) - e[k].y_m) / (50 * sqrt(2))));
			whole *= 0.5 * (erf((fmin(right, 600) - e[k].x_m) / (50 * sqrt(2))) -
					       erf((fmax(left, 0) - e[k].x_m) / (50 * sqrt(2))));
			if (e[i].x_m < left || e[i].x_m >= right || e[i].y_m < low || e[i].y_m >= high)
				continue;
			rate += exp(-(t - then) / 5) / 5 / nu[e[k].day] * exp(-(dx * dx + dy * dy) / 5000) /
				(2 * M_PI * 2500 * whole);
		}
		double norm = 1 / -expm1(-fmax(t, 1) / 5);
		log_likelihood += log(nu[e[i].day] * (kappa * rate * norm + u / 360000));
	}
	log_likelihood -= kappa * h->weight[0].total + u * h->weight[1].total;
	assert_close(h->fit.log_likelihood, log_likelihood, 1e-9);
	assert_near(h->weight[1].total, sum(nu, DAYS), 1e-9);
	for (int i = 1; i <= h->fit.steps; i++)
		assert_true(h->fit.trace[i] >= h->fit.trace[i - 1]);
}

static struct hawkes_point_options town_options(void)
{
	struct hawkes_point_options o = hawkes_point_options_default(250);
	o.scales = 4;
	memcpy(o.tau_d, (const double[]){ 5, 14, 200, INFINITY }, 4 * sizeof(double));
	o.widths = 3;
	memcpy(o.sigma_m, (const double[]){ 100, 400, 1500 }, 3 * sizeof(double));
	o.burn_d = 200;
	return o;
}

/* A town of chronic places, with contagion (memory 5 days, 100 m) or none. */
static void test_recovers_branching(void **state)
{
	struct ctx *c = *state;
	static const double truth[] = { 0, 0.15, 0.30 };
	struct hawkes_point_options o = town_options();
	for (size_t i = 0; i < COUNT(truth); i++) {
		struct cells *cells;
		struct events *e = points_simulate(c->mem, 16, o.cell_m, 3, 2000, truth[i], 5, 100, 7 + i, &cells);
		struct hawkes_point *h;
		assert_int_equal(hawkes_point_fit(c, e, cells, &o, 0, 2000, NULL, &h), OK);
		print_message(
			"# branching %.2f: %.4f from %zu incidents\n", truth[i], hawkes_point_branching(h), h->rows);
		assert_near(hawkes_point_branching(h), truth[i], truth[i] > 0 ? 0.04 : 0.01);
	}
}

static void test_order_changes_nothing(void **state)
{
	struct ctx *c = *state;
	struct hawkes_point_options o = town_options();
	struct cells *cells, other;
	struct events *e = points_simulate(c->mem, 8, o.cell_m, 2, 600, 0.2, 5, 100, 5, &cells);
	struct rng r = rng_seeded(9);
	/* Incidents in another order are sorted to the same; cells in another order give answers in that order. */
	struct event *mixed = arena_array(c->mem, struct event, e->count);
	uint32_t *to = arena_array(c->mem, uint32_t, cells->count);
	memcpy(mixed, e->event, e->count * sizeof *mixed);
	points_shuffle(&r, mixed, e->count, sizeof *mixed);
	other = (struct cells){ cells->count, arena_array(c->mem, int32_t, cells->count),
		arena_array(c->mem, int32_t, cells->count) };
	for (uint32_t i = 0; i < cells->count; i++)
		to[i] = i;
	points_shuffle(&r, to, cells->count, sizeof *to);
	for (size_t i = 0; i < cells->count; i++) {
		other.ix[i] = cells->ix[to[i]];
		other.iy[i] = cells->iy[to[i]];
	}
	struct hawkes_point *h, *same;
	assert_int_equal(hawkes_point_fit(c, e, cells, &o, 0, 500, NULL, &h), OK);
	assert_int_equal(
		hawkes_point_fit(c, events_make(c->mem, mixed, e->count), &other, &o, 0, 500, NULL, &same), OK);
	struct hawkes_windows *a = hawkes_point_roll(c->mem, h, e, 500, 600, 7, 7);
	struct hawkes_windows *b = hawkes_point_roll(c->mem, same, e, 500, 600, 7, 7);
	assert_int_equal(a->count, 14);
	for (size_t w = 0; w < a->count; w++)
		for (size_t i = 0; i < cells->count; i++) {
			double x = a->mean[w * cells->count + to[i]], y = b->mean[w * cells->count + i];
			assert_true(x >= 0);
			assert_memory_equal(&x, &y, sizeof x);
			assert_int_equal(a->observed[w * cells->count + to[i]], b->observed[w * cells->count + i]);
		}
}

/* Adding one by one, and in disorder, leads where the fit leads. */
static void test_online_is_the_same_as_at_once(void **state)
{
	struct ctx *c = *state;
	struct hawkes_point_options o = town_options();
	struct cells *cells;
	struct events *e = points_simulate(c->mem, 8, o.cell_m, 2, 600, 0.2, 5, 100, 6, &cells);
	struct hawkes_point *h, *online;
	double weight[HAWKES_POINT_WEIGHTS_MAX];
	assert_int_equal(hawkes_point_fit(c, e, cells, &o, 0, 600, NULL, &h), OK);
	for (size_t m = 0; m < h->weights; m++)
		weight[m] = h->weight[m].value;
	assert_int_equal(hawkes_point_given(c, cells, &o, 0, h->calendar, weight, &online), OK);
	for (size_t i = 0; i < e->count; i++)
		if (i % 5 != 3)
			hawkes_point_add(online, &e->event[i]);
	hawkes_point_advance(online, 600);
	for (size_t i = 3; i < e->count; i += 5) /* heard of at the end */
		hawkes_point_add(online, &e->event[i]);
	double *a = arena_array(c->mem, double, cells->count), *b = arena_array(c->mem, double, cells->count);
	hawkes_point_forecast(h, c->mem, 7, a);
	hawkes_point_forecast(online, c->mem, 7, b);
	/* The level alone differs a little: what was expected of a day did not know of those. */
	double ratio = hawkes_point_level(h) / hawkes_point_level(online);
	assert_near(ratio, 1, 0.2);
	for (size_t i = 0; i < cells->count; i++)
		assert_close(a[i], b[i] * ratio, 1e-9);
	/* From the last weights a refit is there at once. */
	struct hawkes_point *again;
	assert_int_equal(hawkes_point_fit(c, e, cells, &o, 0, 600, h, &again), OK);
	assert_close(again->fit.log_likelihood, h->fit.log_likelihood, 1e-9);
	assert_true(again->fit.trace[0] > h->fit.trace[0]);
}

static void test_what_is_refused_and_left_out(void **state)
{
	struct ctx *c = *state;
	struct cells *cells = points_square(c->mem, 4);
	struct event e[] = {
		{.day = 3,     .x_m = 50, .y_m = 50},
                {        .day = 4, .x_m = 5000, .y_m = 50        },
		{ .day = 5,   .kind = 1,   .x_m = 50,         .y_m = 50 }
	};
	struct events *all = events_make(c->mem, e, COUNT(e));
	struct hawkes_point *h;
	struct hawkes_point_options o = small(3, 150);
	assert_int_equal(hawkes_point_fit(c, all, cells, &o, 0, 20, NULL, &h), ERR_INPUT);
	assert_reason(c, "28 days");
	assert_int_equal(hawkes_point_fit(c, all, cells, &o, 4, 60, NULL, &h), ERR_INPUT);
	assert_reason(c, "no incident");
	assert_int_equal(hawkes_point_fit(c, all, cells, &o, 0, 60, NULL, &h), OK);
	assert_int_equal(h->rows, 1);
	assert_int_equal(h->outside, 1);
	/* One incident, and nothing before it: all of it is the constant. */
	assert_near(h->weight[0].value, 0, 0);
	assert_close(h->weight[1].value, 1 / h->weight[1].total, 1e-9);
	o.sigma_m[0] = 3;
	assert_int_equal(hawkes_point_fit(c, all, cells, &o, 0, 60, NULL, &h), ERR_INPUT);
	assert_reason(c, "widths");
	o = small(0, 150);
	assert_int_equal(hawkes_point_fit(c, all, cells, &o, 0, 60, NULL, &h), ERR_INPUT);
	assert_reason(c, "ascend");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_incident_by_hand, setup, teardown),
		cmocka_unit_test_setup_teardown(test_constant_and_successors_of_successors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_level_follows_the_town, setup, teardown),
		cmocka_unit_test_setup_teardown(test_likelihood_of_pairs_by_hand, setup, teardown),
		cmocka_unit_test_setup_teardown(test_recovers_branching, setup, teardown),
		cmocka_unit_test_setup_teardown(test_order_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_online_is_the_same_as_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_refused_and_left_out, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
