#include "num/data/grid.h"
#include "fixture.h"
#include "num/stats/rng.h"

/* All cells of a rectangle but one in its middle, in disorder. */
static struct grid *with_hole(struct ctx *c, int32_t cols, int32_t rows, double side)
{
	struct cells *cells = arena_new_of(c->mem, struct cells);
	cells->ix = arena_array(c->mem, int32_t, (size_t)(cols * rows));
	cells->iy = arena_array(c->mem, int32_t, (size_t)(cols * rows));
	for (int32_t x = cols - 1; x >= 0; x--)
		for (int32_t y = 0; y < rows; y++)
			if (x != cols / 2 || y != rows / 2) {
				cells->ix[cells->count] = x - 3;
				cells->iy[cells->count++] = y - 2;
			}
	struct grid *g;
	assert_int_equal(grid_make(c, cells, side, &g), OK);
	for (size_t i = 0; i < g->count; i++) {
		assert_int_equal(cells->ix[g->given[i]], g->ix[i]);
		assert_int_equal(cells->iy[g->given[i]], g->iy[i]);
	}
	return g;
}

static void test_points_find_their_cell(void **state)
{
	struct ctx *c = *state;
	struct grid *g = with_hole(c, 7, 5, 100), *fine = grid_refine(c->mem, g, 4);
	assert_int_equal(g->count, 34);
	assert_int_equal(fine->count, 34 * 16);
	assert_int_equal(grid_find(g, 0.5 * 100, 0.5 * 100), GRID_NONE); /* the hole is cell 0,0 */
	assert_int_equal(grid_find(g, 401, 0), GRID_NONE);
	assert_int_equal(grid_find(g, 0, 1e9), GRID_NONE);
	struct rng r = rng_seeded(1);
	for (int i = 0; i < 2000; i++) {
		double x = rng_unit(&r) * 700 - 300, y = rng_unit(&r) * 500 - 200;
		uint32_t cell = grid_find(g, x, y), part = grid_find(fine, x, y);
		if (cell == GRID_NONE) {
			assert_int_equal(part, GRID_NONE);
			continue;
		}
		assert_true(g->ix[cell] * 100.0 <= x && x < (g->ix[cell] + 1) * 100.0);
		assert_int_equal(fine->given[part], cell);
	}
}

/* By hand: the rectangle minus the hole, each a product of erf differences. */
static double mass_of(double sigma, double x, double y, double x0, double x1, double y0, double y1)
{
	double s = 1 / (sigma * sqrt(2));
	return 0.25 * (erf((x1 - x) * s) - erf((x0 - x) * s)) * (erf((y1 - y) * s) - erf((y0 - y) * s));
}

static void test_bells_have_exact_masses(void **state)
{
	struct ctx *c = *state;
	struct grid *g = with_hole(c, 7, 5, 100);
	struct bell b;
	struct rng r = rng_seeded(2);
	for (int i = 0; i < 100; i++) {
		double x = rng_unit(&r) * 700 - 300, y = rng_unit(&r) * 500 - 200, sigma = 250 + 500 * rng_unit(&r);
		grid_bell(g, x, y, sigma, &b); /* reaches all cells */
		double want = mass_of(sigma, x, y, -300, 400, -200, 300) - mass_of(sigma, x, y, 0, 100, 0, 100);
		assert_close(grid_bell_mass(g, &b), want, 1e-12);
	}
	grid_bell(g, -250, -150, 10, &b);
	assert_near(grid_bell_mass(g, &b), 1, 1e-5);
}

static void test_blur_is_the_mean_bell_of_a_cell(void **state)
{
	enum { STEPS = 20 };
	struct ctx *c = *state;
	struct grid *g = with_hole(c, 9, 9, 100);
	struct grid_blur *blur = grid_blur_make(c->mem, g, 70);
	double *what = arena_array(c->mem, double, g->count), *out = arena_array(c->mem, double, g->count);
	double *box = arena_array(c->mem, double, g->rows * g->cols), *want = arena_array(c->mem, double, g->count),
	       sum = 0;
	uint32_t source = grid_at(g, -2, 1);
	what[source] = 2;
	grid_blur(blur, box, what, out);
	for (int i = 0; i < STEPS; i++)
		for (int k = 0; k < STEPS; k++)
			for (size_t cell = 0; cell < g->count; cell++)
				want[cell] += mass_of(70, -200 + (i + 0.5) * 100 / STEPS, 100 + (k + 0.5) * 100 / STEPS,
						      g->ix[cell] * 100.0, (g->ix[cell] + 1) * 100.0,
						      g->iy[cell] * 100.0, (g->iy[cell] + 1) * 100.0) /
					      (STEPS * STEPS);
	double mass = 0;
	for (size_t cell = 0; cell < g->count; cell++) {
		mass += want[cell];
		sum += out[cell];
	}
	assert_near(sum, 2, 1e-12);
	for (size_t cell = 0; cell < g->count; cell++)
		assert_near(out[cell], 2 * want[cell] / mass, 2e-3);
}

static void test_cells_of_events(void **state)
{
	struct ctx *c = *state;
	struct event e[] = {
		{.day = 1,  .x_m = -1, .y_m = 0  },
                { .day = 2, .x_m = 99, .y_m = 50 },
                { .day = 2, .x_m = 5,  .y_m = 5  },
		{ .day = 2, .kind = 1, .x_m = 900, .y_m = 5 },
                { .day = 3,        .x_m = 500,         .y_m = 5 }
	};
	struct events *all = events_make(c->mem, e, COUNT(e));
	struct cells *cells = grid_cells_of(c->mem, all, 100, 1, 3);
	assert_int_equal(cells->count, 2);
	assert_int_equal(cells->ix[0], -1);
	assert_int_equal(cells->ix[1], 0);
	assert_int_equal(cells->iy[1], 0);
	assert_null(grid_cells_of(c->mem, all, 100, 4, 9));
	assert_null(grid_cells_of(c->mem, all, 100, 3, 3));
}

static void test_cells_too_far_apart_are_refused(void **state)
{
	struct ctx *c = *state;
	int32_t ix[] = { 0, 100000 }, iy[] = { 0, 100000 };
	struct cells cells = { 2, ix, iy };
	struct grid *g;
	assert_int_equal(grid_make(c, &cells, 10, &g), ERR_LIMIT);
	assert_reason(c, "too far apart");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_points_find_their_cell, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bells_have_exact_masses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_blur_is_the_mean_bell_of_a_cell, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cells_of_events, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cells_too_far_apart_are_refused, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
