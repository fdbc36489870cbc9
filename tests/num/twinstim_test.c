#include "num/forecast/twinstim.h"
#include "near.h"

/* A square of side 10 around (0, 0), and one with a hole of side 2 around (3, 3). */
static const double square_x[] = { -5, 5, 5, -5, 2, 2, 4, 4 }, square_y[] = { -5, -5, 5, 5, 2, 4, 4, 2 };
static const size_t whole_first[] = { 0, 4 }, holed_first[] = { 0, 4, 8 };
static const struct twinstim_region whole = { 1, whole_first, square_x, square_y };
static const struct twinstim_region holed = { 2, holed_first, square_x, square_y };

static double box(double sigma, double x, double y, double x0, double x1, double y0, double y1)
{
	double s = 1 / (sigma * sqrt(2));
	return M_PI * sigma * sigma / 2 * (erf((x1 - x) * s) - erf((x0 - x) * s)) *
	       (erf((y1 - y) * s) - erf((y0 - y) * s));
}

static void test_bells_over_polygons(void **state)
{
	(void)state;
	static const double at[][3] = {
		{0,    0,   1   },
                { 3,   -2,  0.3 },
                { 4.9, 4.9, 2   },
                { 3,   3,   0.7 },
                { 7,   1,   3   },
                { -20, 3,   9   },
                { 0,   0,   1000}
	};
	for (size_t i = 0; i < COUNT(at); i++) {
		double x = at[i][0], y = at[i][1], sigma = at[i][2], within = 1e-11 * 2 * M_PI * sigma * sigma;
		double want = box(sigma, x, y, -5, 5, -5, 5), hole = box(sigma, x, y, 2, 4, 2, 4);
		assert_near(twinstim_bell(&whole, x, y, INFINITY, sigma), want, within);
		assert_near(twinstim_bell(&holed, x, y, INFINITY, sigma), want - hole, within);
	}
	/* A disc inside, one half inside, one beyond the border. */
	double sigma = 1.5, disc = 2 * M_PI * sigma * sigma * -expm1(-4 / (2 * sigma * sigma));
	assert_close(twinstim_bell(&whole, 1, 1, 2, sigma), disc, 1e-12);
	assert_close(twinstim_bell(&whole, 5, 1, 2, sigma), disc / 2, 1e-12);
	assert_close(twinstim_bell(&whole, -5, -5, 2, sigma), disc / 4, 1e-12);
	assert_near(twinstim_bell(&whole, 8, 0, 2, sigma), 0, 1e-12);
}

static void test_two_events_by_hand(void **state)
{
	(void)state;
	static const bool triggers[] = { true, false, true, true };
	static const double t[] = { 4, 1 }, x[] = { 1, 0 }, y[] = { 0, 0 }, eps_t[] = { 5, 5 }, eps_s[] = { 2, 2 };
	static const uint32_t type[] = { 0, 1 };
	static const double offset[] = { 0.3, 0.1 }, z[] = { 2, 1 }, m[] = { 1, 1 };
	static const double size[] = { 500, 500 }, block_offset[] = { 0.1, 0.3 }, block_z[] = { 1, 2 };
	struct twinstim_data d = { .begin = 0,
		.end = 10,
		.region = &whole,
		.types = 2,
		.triggers = triggers,
		.events = 2,
		.t = t,
		.x = x,
		.y = y,
		.type = type,
		.eps_t = eps_t,
		.eps_s = eps_s,
		.endemic_cols = 1,
		.epidemic_cols = 1,
		.endemic_offset = offset,
		.endemic = z,
		.epidemic = m,
		.blocks = 2,
		.block_size = size,
		.block_offset = block_offset,
		.block = block_z };
	static const double intercept[] = { -6, -5 }, b[] = { 0.2 }, infectious[] = { -3 };
	struct twinstim_weights w = { intercept, b, infectious, 1 };
	struct twinstim_likelihood l = twinstim_evaluate(&d, &w);
	/* Event 1 of type 1 comes first and may trigger both types; event 0 of type 0 only its own. */
	double disc = 2 * M_PI * -expm1(-2);
	double endemic = (exp(-6) + exp(-5)) * 500 * (exp(0.1 + 0.2) + exp(0.3 + 0.4));
	double epidemic = exp(-3) * disc * (5 + 2 * 5);
	double logs = log(exp(0.1 - 5 + 0.2)) + log(exp(0.3 - 6 + 0.4) + exp(-3 - 0.5));
	assert_close(l.endemic_integral, endemic, 1e-12);
	assert_close(l.epidemic_integral, epidemic, 1e-12);
	assert_close(l.log_intensities, logs, 1e-12);
	assert_close(l.log_likelihood, logs - endemic - epidemic, 1e-12);
	/* What happened before the time under study triggers, and is not explained; a late one triggers until the end only. */
	d.begin = 2;
	d.end = 8;
	l = twinstim_evaluate(&d, &w);
	assert_close(l.log_intensities, log(exp(0.3 - 6 + 0.4) + exp(-3 - 0.5)), 1e-12);
	assert_close(l.epidemic_integral, exp(-3) * disc * (4 + 2 * 4), 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bells_over_polygons),
		cmocka_unit_test(test_two_events_by_hand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
