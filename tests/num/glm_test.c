/* Regressions of counts beside the published sicily analysis, R, and closed forms. */
#include "fixture.h"
#include "num/stats/glm.h"
#include "sicily.h"

enum { CONSTANT, STEP, TIME, SEASON, SLOPE = SEASON + 4, TERMS };

static double terms[MONTHS * TERMS], log_population[MONTHS];

/* The first COLS of: 1, ban, month number, two pairs of harmonics of the month of the year, months since the ban. */
static struct glm_data sicily(size_t cols)
{
	for (size_t t = 0; t < MONTHS; t++) {
		double ban = t >= BAN, time = (double)t + 1, year = 2 * M_PI * (double)(t % 12 + 1) / 12;
		const double row[TERMS] = { 1, ban, time, sin(year), sin(2 * year), cos(year), cos(2 * year),
			ban * (time - BAN) };
		memcpy(terms + t * cols, row, cols * sizeof *row);
		log_population[t] = log(population[t]);
	}
	return (struct glm_data){ MONTHS, cols, aces, terms, log_population };
}

static struct glm *fit_of(struct ctx *c, const struct glm_data *d, enum glm_family family)
{
	struct glm *fit;
	assert_int_equal(glm_fit(c, d, family, &fit), OK);
	return fit;
}

static void sicily_step_is_as_published(void **state)
{
	/* R 4.2.2's glm() and, to their digits, the tutorial. */
	struct ctx *c = *state;
	struct glm_data d = sicily(TIME + 1);
	struct glm *f = fit_of(c, &d, GLM_POISSON);
	struct glm_ratio r = glm_ratio(f, f->covariance, STEP, 1.96);
	assert_near(r.ratio, 0.894377, 1e-6);
	assert_near(r.low, 0.864686, 1e-6);
	assert_near(r.high, 0.925087, 1e-6);
	assert_near(f->deviance, 197.309613, 1e-6);
	f = fit_of(c, &d, GLM_QUASI_POISSON);
	r = glm_ratio(f, f->covariance, STEP, 1.96);
	assert_near(r.low, 0.839188, 1e-6);
	assert_near(r.high, 0.953194, 1e-6);
	/* With epsilon = 1e-15. R's summary() takes the weights of the step before the last and says 3.559195 at its default. */
	assert_near(f->dispersion, 3.559186763761, 1e-9);
	assert_near(f->dispersion, 3.559195, 1e-5);
}

static void sicily_with_season_is_as_published(void **state)
{
	struct ctx *c = *state;
	struct glm_data d = sicily(SLOPE);
	struct glm *f = fit_of(c, &d, GLM_QUASI_POISSON);
	struct glm_ratio r = glm_ratio(f, f->covariance, STEP, 1.96);
	assert_near(f->beta[STEP], -0.12208679, 1e-8);
	assert_near(r.se, 0.02703111, 2e-8);
	assert_near(r.se, 0.0270310987656714, 1e-12);
	assert_near(r.ratio, 0.885072, 1e-6);
	assert_near(r.low, 0.839400, 1e-6);
	assert_near(r.high, 0.933228, 1e-6);
	assert_near(f->dispersion, 2.262182640505, 1e-9);
	assert_near(f->deviance, 117.266120, 1e-6);
	assert_near(f->beta[TIME], 0.005389219541, 1e-11);
	assert_close(r.p, 3.642259873810e-05, 1e-6);
	d = sicily(TERMS);
	f = fit_of(c, &d, GLM_QUASI_POISSON);
	assert_near(exp(f->beta[STEP]), 0.876464, 1e-6);
	r = glm_ratio(f, f->covariance, SLOPE, 1.96);
	assert_near(f->beta[SLOPE], 0.001482228, 1e-9);
	assert_near(r.p, 0.4278788034634, 1e-8);
}

static void newey_west_is_as_in_r(void **state)
{
	/* R's sandwich 3.0-2, NeweyWest(lag = 3, prewhite = FALSE, adjust = FALSE). */
	static const double known[] = { 0.0191451667547310, 0.0217680167605676, 0.0007782723203288, 0.0080196319077255,
		0.0080044157936248, 0.0095066512968680, 0.0064380979105757 };
	struct ctx *c = *state;
	struct glm_data d = sicily(SLOPE);
	struct glm *f = fit_of(c, &d, GLM_QUASI_POISSON);
	double v[SLOPE * SLOPE];
	assert_int_equal(glm_lag(MONTHS), 3);
	assert_int_equal(glm_lag(100), 4);
	glm_newey_west(c->mem, &d, f, 3, v);
	for (size_t k = 0; k < SLOPE; k++)
		assert_close(sqrt(v[k * SLOPE + k]), known[k], 1e-9);
}

static void negative_binomial_is_as_in_r(void **state)
{
	/* MASS 7.3-58.2, glm.nb(): sicily, where counts hardly vary beyond Poisson, and twelve counts that do. */
	static const double beta[] = { -6.252382428627945, -0.123086125360020, 0.005402727108396, 0.036500139007454,
		-0.018465278855028, 0.038209827428382, 0.014849618299154 };
	struct ctx *c = *state;
	struct glm_data d = sicily(SLOPE);
	struct glm *f = fit_of(c, &d, GLM_NEGATIVE_BINOMIAL);
	assert_close(f->size, 840.0138182802, 1e-7);
	for (size_t k = 0; k < SLOPE; k++)
		assert_near(f->beta[k], beta[k], 1e-9);
	assert_close(sqrt(f->covariance[STEP * SLOPE + STEP]), 0.0254292615469820, 1e-8);
	assert_near(f->log_likelihood, -301.8789325827, 1e-8);
	assert_near(f->deviance, 58.57400464478, 1e-6);
	static const double y[] = { 2, 0, 5, 1, 9, 3, 14, 4, 6, 22, 8, 31 };
	double x[24], v[4];
	for (size_t t = 0; t < 12; t++) {
		x[2 * t] = 1;
		x[2 * t + 1] = (double)t;
	}
	d = (struct glm_data){ 12, 2, y, x, NULL };
	f = fit_of(c, &d, GLM_NEGATIVE_BINOMIAL);
	assert_close(f->size, 3.487726752498, 1e-7);
	assert_close(f->beta[0], 0.5508051968332, 1e-8);
	assert_close(f->beta[1], 0.2369844958637, 1e-8);
	assert_close(sqrt(f->covariance[3]), 0.05955108531365, 1e-7);
	assert_near(f->log_likelihood, -33.40677640277, 1e-8);
	glm_newey_west(c->mem, &d, f, 2, v);
	assert_close(sqrt(v[0]), 0.2483753020890, 1e-7);
	assert_close(sqrt(v[3]), 0.0285940708791, 1e-7);
}

static void counts_less_varied_than_poisson_have_no_size(void **state)
{
	static const double y[] = { 5, 5, 5, 6, 5, 5 }, x[] = { 1, 1, 1, 1, 1, 1 };
	struct glm_data d = { 6, 1, y, x, NULL };
	struct glm *f = fit_of(*state, &d, GLM_NEGATIVE_BINOMIAL);
	assert_true(isinf(f->size));
	/* The mean, by hand; its variance is 1 / 31. */
	assert_near(f->beta[0], log(31.0 / 6), 1e-13);
	assert_near(f->covariance[0], 1.0 / 31, 1e-13);
}

static void what_cannot_be_fitted_is_refused_with_a_reason(void **state)
{
	struct ctx *c = *state;
	struct glm *f;
	double y[] = { 1, 2, 3, 4 }, same[] = { 1, 2, 1, 2, 1, 2, 1, 2 }, none[] = { 0, 0, 0, 0 };
	double split[] = { 1, 0, 1, 0, 1, 1, 1, 1 }, parted[] = { 0, 0, 3, 4 };
	struct glm_data twice = { 4, 2, y, same, NULL }, silent = { 4, 1, none, y, NULL },
			few = { 2, 2, y, split, NULL };
	struct glm_data parts = { 4, 2, parted, split, NULL };
	assert_int_equal(glm_fit(c, &twice, GLM_POISSON, &f), ERR_INPUT);
	assert_true(str_is(c->err.why, "term 2 follows from the terms before it"));
	assert_int_equal(glm_fit(c, &silent, GLM_POISSON, &f), ERR_INPUT);
	assert_true(str_is(c->err.why, "no event in any of the 4 rows"));
	assert_int_equal(glm_fit(c, &few, GLM_POISSON, &f), ERR_INPUT);
	/* Before the step nothing ever happened: its ratio is infinite. */
	assert_int_equal(glm_fit(c, &parts, GLM_POISSON, &f), ERR_INPUT);
	assert_true(str_starts(c->err.why, S("row 1 is fitted as impossible")));
	y[2] = NAN;
	struct glm_data wrong = { 4, 2, y, split, NULL };
	assert_int_equal(glm_fit(c, &wrong, GLM_POISSON, &f), ERR_INPUT);
	assert_true(str_is(c->err.why, "row 3 holds what is no count or no offset"));
}

/* Counts that hardly vary have a deviance below its own rounding. */
static void counts_that_do_not_vary_converge(void **state)
{
	struct ctx *c = *state;
	enum { N = 60 };
	double y[N], x[N * 2];
	struct glm *f;
	for (size_t t = 0; t < N; t++) {
		x[2 * t] = 1;
		x[2 * t + 1] = t >= 40;
	}
	const struct glm_data d = { N, 2, y, x, NULL };
	for (size_t t = 0; t < N; t++)
		y[t] = 300;
	assert_int_equal(glm_fit(c, &d, GLM_QUASI_POISSON, &f), OK);
	assert_near(f->beta[0], log(300), 1e-9);
	assert_near(f->beta[1], 0, 1e-9);
	for (size_t t = 0; t < N; t++)
		y[t] = t >= 40 ? 200 : 500;
	assert_int_equal(glm_fit(c, &d, GLM_QUASI_POISSON, &f), OK);
	assert_near(f->beta[1], log(0.4), 1e-9);
	for (size_t t = 0; t < N; t++)
		y[t] = 1000 + (double)(t % 2);
	assert_int_equal(glm_fit(c, &d, GLM_POISSON, &f), OK);
	assert_near(exp(f->beta[0]), 1000.5, 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sicily_step_is_as_published, setup, teardown),
		cmocka_unit_test_setup_teardown(sicily_with_season_is_as_published, setup, teardown),
		cmocka_unit_test_setup_teardown(newey_west_is_as_in_r, setup, teardown),
		cmocka_unit_test_setup_teardown(negative_binomial_is_as_in_r, setup, teardown),
		cmocka_unit_test_setup_teardown(counts_less_varied_than_poisson_have_no_size, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_fitted_is_refused_with_a_reason, setup, teardown),
		cmocka_unit_test_setup_teardown(counts_that_do_not_vary_converge, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
