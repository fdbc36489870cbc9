/* What early warning for points costs. One answer a process, as JSON, so that its peak of memory is its own.
 *	num_point city FOLDER     New York of the reference data: fit, 104 weekly forecasts, an update, information gain
 *	num_point brooklyn FOLDER the fit to what bench/num_point.R gives twinstim: Brooklyn in 2015 and 2016
 *	num_point town N          a fit to N simulated incidents in 10,000 cells and 12 years */
#include "cost.h"
#include "num/forecast/hawkes_point.h"
#include "num/stats/rng.h"
#include "num/score/scores_gain.h"
#include "num/score/scores_rank.h"
#include <math.h>

static struct str slurp(struct arena *a, const char *folder, const char *name)
{
	FILE *f = fopen(arena_printf(a, "%s/%s", folder, name).p, "rb");
	char *text = NULL;
	size_t n = 0, cap = 0;
	if (!f)
		exit(3);
	do {
		text = arena_grow(a, text, n, &cap, n + (1 << 16), 1);
		n += fread(text + n, 1, 1 << 16, f);
	} while (!feof(f) && !ferror(f));
	fclose(f);
	return (struct str){ text, n };
}

static int32_t date(int year, int month, int day)
{
	return day_of((struct date){ year, month, day });
}

static void city(struct ctx *c, const char *folder)
{
	struct events *e;
	struct cells *cells;
	struct hawkes_point *h;
	struct hawkes_point_options o = hawkes_point_options_default(500);
	int32_t cut = date(2017, 1, 2), end = date(2018, 12, 31);
	struct str text = slurp(c->mem, folder, "nyc-shootings/nyc_shootings_2006_2018.csv");
	must(c, events_read(c, text, (struct events_columns){ .coordinates = true }, &e));
	must(c, cells_read(c, slurp(c->mem, folder, "nyc-shootings/nyc_cells_500m.csv"), &cells));
	double begin = now_s();
	must(c, hawkes_point_fit(c, e, cells, &o, date(2006, 1, 1), cut, NULL, &h));
	double fitted = now_s();
	struct hawkes_windows *w = hawkes_point_roll(c->mem, h, e, cut, end, 7, 7);
	double rolled = now_s(), peak = peak_mb();
	struct scores_table t = { w->count, w->places, w->mean, w->observed, INFINITY };
	struct scores_bootstrap b = scores_bootstrap_default();
	double gain = scores_spatial_gain(c->mem, &t, NULL, &b).gain;
	double hit1 = scores_rank(c->mem, &t, 0.01).rate, hit5 = scores_rank(c->mem, &t, 0.05).rate,
	       hit10 = scores_rank(c->mem, &t, 0.10).rate;
	double from = now_s();
	size_t first = events_from(e, end - 28);
	for (size_t i = first; i < e->count; i++)
		hawkes_point_add(h, &e->event[i]);
	double each = (now_s() - from) / (double)(e->count - first);
	struct hawkes_point *again;
	from = now_s();
	must(c, hawkes_point_fit(c, e, cells, &o, date(2006, 1, 1), end, h, &again));
	printf("{\"fit_s\":%.4f,\"all_s\":%.4f,\"peak_mb\":%.1f,\"update_ms\":%.5f,\"refit_s\":%.4f,\"incidents\":%zu,"
	       "\"gain\":%.4f,\"hit_1\":%.4f,\"hit_5\":%.4f,\"hit_10\":%.4f}\n",
		fitted - begin, rolled - begin, peak, each * 1000, now_s() - from, e->count, gain, hit1, hit5, hit10);
}

/* Brooklyn's boundary is what twinstim gets, the hull of its incidents; cells with an incident stand for it here. */
static void brooklyn(struct ctx *c, const char *folder)
{
	struct str text = slurp(c->mem, folder, "nyc-shootings/nyc_shootings_2006_2018.csv");
	struct events *all;
	struct hawkes_point *h;
	struct places *boroughs;
	must(c, places_gather(c, text, "boro", &boroughs));
	must(c, events_read(c, text, (struct events_columns){ "boro", boroughs, true }, &all));
	int32_t from = date(2015, 1, 1), until = date(2017, 1, 1);
	uint32_t wanted = places_find(boroughs, S("Brooklyn"));
	struct event *event = arena_array(c->mem, struct event, all->count);
	size_t n = 0;
	for (size_t i = events_from(all, from); i < events_from(all, until); i++)
		if (all->event[i].place == wanted)
			event[n++] = all->event[i];
	struct events *e = events_make(c->mem, event, n);
	struct hawkes_point_options o = hawkes_point_options_default(500);
	o.burn_d = 0;
	double begin = now_s();
	must(c, hawkes_point_fit(c, e, grid_cells_of(c->mem, e, 500, from, until), &o, from, until, NULL, &h));
	printf("{\"fit_s\":%.4f,\"peak_mb\":%.1f,\"incidents\":%zu,\"branching\":%.4f}\n", now_s() - begin, peak_mb(),
		n, hawkes_point_branching(h));
}

/* Chronic cells, a tenth of the incidents soon after and near another one. */
static struct events *simulate(struct arena *a, size_t n, int32_t days)
{
	enum { SIDE = 100, CELL_M = 500 };
	struct rng r = rng_seeded(1);
	double *cumulated = arena_array(a, double, SIDE *SIDE + 1);
	struct event *e = arena_array(a, struct event, n);
	for (size_t i = 0; i < SIDE * SIDE; i++) {
		double u = rng_unit(&r);
		cumulated[i + 1] = cumulated[i] + u * u * u;
	}
	for (size_t i = 0; i < n; i++) {
		double time = rng_unit(&r) * days, x, y;
		if (i > 0 && rng_unit(&r) < 0.1) {
			const struct event *parent = &e[rng_below(&r, i)];
			time = parent->day - 4 * log(1 - rng_unit(&r));
			x = parent->x_m + 150 * rng_normal(&r);
			y = parent->y_m + 150 * rng_normal(&r);
		} else {
			double u = rng_unit(&r) * cumulated[SIDE * SIDE];
			size_t low = 0, high = SIDE * SIDE;
			while (high - low > 1) {
				size_t middle = (low + high) / 2;
				*(cumulated[middle] <= u ? &low : &high) = middle;
			}
			x = ((double)(low % SIDE) + rng_unit(&r)) * CELL_M;
			y = ((double)(low / SIDE) + rng_unit(&r)) * CELL_M;
		}
		time = fmin(time, days - 1e-6);
		e[i] = (struct event){ .day = (int32_t)time,
			.second = (int32_t)((time - floor(time)) * DAY_SECONDS),
			.x_m = fmin(fmax(x, 0), SIDE * CELL_M - 1),
			.y_m = fmin(fmax(y, 0), SIDE * CELL_M - 1) };
	}
	return events_make(a, e, n);
}

static void town(struct ctx *c, const char *number)
{
	int64_t n = 0;
	struct hawkes_point *h;
	enum { SIDE = 100, DAYS = 4383 };
	struct hawkes_point_options o = hawkes_point_options_default(500);
	if (!str_to_i64(str_of(number), 1, EVENTS_MAX, &n))
		exit(2);
	struct events *e = simulate(c->mem, (size_t)n, DAYS);
	int32_t *ix = arena_array(c->mem, int32_t, SIDE * SIDE), *iy = arena_array(c->mem, int32_t, SIDE * SIDE);
	for (int32_t i = 0; i < SIDE * SIDE; i++) {
		ix[i] = i % SIDE;
		iy[i] = i / SIDE;
	}
	double begin = now_s();
	must(c, hawkes_point_fit(c, e, &(struct cells){ SIDE * SIDE, ix, iy }, &o, 0, DAYS, NULL, &h));
	printf("{\"fit_s\":%.4f,\"peak_mb\":%.1f,\"pairs\":%zu,\"branching\":%.4f}\n", now_s() - begin, peak_mb(),
		h->pairs, hawkes_point_branching(h));
}

int main(int argc, char **argv)
{
	struct ctx c = { .mem = arena_new(1 << 20) };
	if (argc != 3)
		return 2;
	if (strcmp(argv[1], "city") == 0)
		city(&c, argv[2]);
	else if (strcmp(argv[1], "brooklyn") == 0)
		brooklyn(&c, argv[2]);
	else if (strcmp(argv[1], "town") == 0)
		town(&c, argv[2]);
	else
		return 2;
	arena_free(c.mem);
	return 0;
}
