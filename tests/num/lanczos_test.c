/* Lanczos' method beside a matrix whose eigenpairs are known: second differences of N values between fixed ends have eigenvalue
 * 2 - 2 cos(k pi / (N + 1)) for the k-th sine. */
#include "near.h"
#include "num/stats/lanczos.h"
#include "num/stats/rng.h"

enum { N = 60, WANTED = 3 };

static double eigenvalue(size_t k)
{
	return 2 - 2 * cos((double)k * acos(-1) / (N + 1));
}

static void second_differences(void *arg, const double *in, double *out)
{
	(void)arg;
	for (size_t i = 0; i < N; i++)
		out[i] = 2 * in[i] - (i > 0 ? in[i - 1] : 0) - (i + 1 < N ? in[i + 1] : 0);
}

static void nothing(void *arg, const double *in, double *out)
{
	(void)arg;
	(void)in;
	memset(out, 0, N * sizeof *out);
}

static void the_largest_pairs_are_known(void **state)
{
	(void)state;
	double value[WANTED], vector[WANTED * N], image[N];
	lanczos_largest(N, WANTED, WANTED, second_differences, NULL, value, vector);
	for (size_t k = 0; k < WANTED; k++) {
		double *v = vector + k * N, length = 0;
		assert_near(value[k], eigenvalue(N - k), 1e-13);
		second_differences(NULL, v, image);
		for (size_t i = 0; i < N; i++) {
			length += v[i] * v[i];
			assert_near(image[i], value[k] * v[i], 1e-12);
		}
		assert_near(length, 1, 1e-13);
	}
}

static void a_glimpse_comes_closer_from_below(void **state)
{
	(void)state;
	double start[N], before = 0;
	struct rng rng = rng_seeded(4);
	for (size_t i = 0; i < N; i++)
		start[i] = rng_normal(&rng);
	for (size_t steps = 1; steps <= N; steps++) {
		double seen = lanczos_glimpse(N, steps, second_differences, NULL, start);
		assert_true(seen >= before - 1e-13 && seen <= eigenvalue(N) + 1e-13);
		before = seen;
	}
	assert_near(before, eigenvalue(N), 1e-13);
	assert_true(lanczos_glimpse(N, 8, second_differences, NULL, start) > 0.97 * eigenvalue(N));
	assert_near(lanczos_glimpse(N, 8, nothing, NULL, start), 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_pairs_are_known),
		cmocka_unit_test(a_glimpse_comes_closer_from_below),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
