#include "points.h"
#include <math.h>

struct cells *points_square(struct arena *a, int32_t side)
{
	size_t count = (size_t)(side * side);
	struct cells *cells = arena_new_of(a, struct cells);
	*cells = (struct cells){ count, arena_array(a, int32_t, count), arena_array(a, int32_t, count) };
	for (int32_t i = 0; i < side * side; i++) {
		cells->ix[i] = i / side;
		cells->iy[i] = i % side;
	}
	return cells;
}

/* By inversion; MEAN is small. */
static int poisson(struct rng *r, double mean)
{
	double u = rng_unit(r), p = exp(-mean), sum = p;
	int n = 0;
	for (; u > sum && n < 1000; sum += p)
		p *= mean / ++n;
	return n;
}

static double mirrored(double x, double end)
{
	while (x < 0 || x >= end)
		x = x < 0 ? -x : nextafter(2 * end - x, 0);
	return x;
}

struct town {
	struct arena *a;
	struct event *event;
	size_t count, cap;
};

static void put(struct town *t, double time, double x, double y)
{
	t->event = arena_grow(t->a, t->event, t->count, &t->cap, t->count + 1, sizeof *t->event);
	double day = floor(time);
	t->event[t->count++] = (struct event){ .day = (int32_t)day,
		.second = (int32_t)((time - day) * DAY_SECONDS),
		.place = PLACES_NONE,
		.x_m = x,
		.y_m = y };
}

struct events *points_simulate(struct arena *a, int32_t side, double cell_m, double rate, int32_t days,
	double branching, double tau_d, double sigma_m, uint64_t seed, struct cells **cells)
{
	struct rng r = rng_seeded(seed);
	struct town t = { .a = a };
	double end = side * cell_m;
	size_t count = (size_t)(side * side);
	double *cumulated = arena_array(a, double, count + 1);
	for (size_t i = 0; i < count; i++) {
		double u = rng_unit(&r);
		cumulated[i + 1] = cumulated[i] + u * u * u * u * u * u;
	}
	for (int32_t day = 0; day < days; day++)
		for (int n = poisson(&r, rate); n > 0; n--) {
			double u = rng_unit(&r) * cumulated[count];
			size_t cell = 0;
			while (cumulated[cell + 1] < u)
				cell++;
			put(&t, day + rng_unit(&r), ((double)(cell % (size_t)side) + rng_unit(&r)) * cell_m,
				((double)(cell / (size_t)side) + rng_unit(&r)) * cell_m);
		}
	for (size_t i = 0; i < t.count; i++)
		for (int n = poisson(&r, branching); n > 0; n--) {
			struct event e = t.event[i];
			double time = e.day + (e.second + rng_unit(&r)) / DAY_SECONDS - tau_d * log(1 - rng_unit(&r));
			if (time < days)
				put(&t, time, mirrored(e.x_m + sigma_m * rng_normal(&r), end),
					mirrored(e.y_m + sigma_m * rng_normal(&r), end));
		}
	*cells = points_square(a, side);
	return events_make(a, t.event, t.count);
}

void points_shuffle(struct rng *r, void *what, size_t count, size_t size)
{
	unsigned char *bytes = what;
	for (size_t i = count; i-- > 1;) {
		size_t k = rng_below(r, i + 1);
		for (size_t b = 0; b < size; b++) {
			unsigned char x = bytes[i * size + b];
			bytes[i * size + b] = bytes[k * size + b];
			bytes[k * size + b] = x;
		}
	}
}
