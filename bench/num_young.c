/* How forecasts do on a young log: the model beside share x level, both with the model's dispersion, over the 26 weeks after logs
 * of 3 to 24 months. A row of CSV for each kind of town and length:
 *	num_young city      New York of the reference data, cut at every January and July from 2006 on
 *	num_young towns N   N simulated towns of each of five kinds
 * gain is in nats an incident, its error from towns or cuts as wholes; below 0 the plain baseline is better. Nothing is chosen by
 * these weeks. */
#include "cost.h"
#include "../tests/num/city_events.h"
#include "num/forecast/baselines.h"
#include "num/stats/counts.h"
#include "num/stats/rng.h"
#include <math.h>

enum { WEEK_D = 7, TEST_D = 26 * WEEK_D, TOWN_PLACES = 40, TOWN_END = 730 + TEST_D, RUNS_MAX = 1000 };

static const int lengths[] = { 3, 6, 9, 12, 18, 24 };

/* What one log tells: over all places and weeks after it. */
struct outcome {
	double difference, incidents, expected;
};

struct pool {
	struct outcome run[RUNS_MAX];
	size_t runs, refused;
};

/* D's places with an incident from day FROM to the day before CUT, and what belongs to them. */
static struct hawkes_area_data known(struct arena *a, const struct hawkes_area_data *d, int32_t from, int32_t cut)
{
	bool *keep = arena_array(a, bool, d->places->count);
	uint32_t *number = arena_array(a, uint32_t, d->places->nodes);
	struct hawkes_area_data out = { 0 };
	for (size_t i = events_from(d->events, from); i < events_from(d->events, cut); i++)
		keep[d->events->event[i].place] = true;
	out.places = places_keep(a, d->places, keep, number);
	out.events = events_keep(a, d->events, number);
	if (d->neighbors)
		out.neighbors = place_edges_keep(a, d->neighbors, number, out.places->count);
	return out;
}

static void try_log(const struct hawkes_area_data *all, int32_t from, int32_t cut, struct pool *p)
{
	struct ctx c = { .mem = arena_new(1 << 20) };
	struct calendar_options k = calendar_options_default();
	struct hawkes_choice choice;
	struct hawkes_area *h;
	assert(p->runs < RUNS_MAX);
	if (events_from(all->events, cut) > events_from(all->events, from)) {
		struct hawkes_area_data d = known(c.mem, all, from, cut);
		if (hawkes_area_choose(&c, &d, &k, from, cut, WEEK_D, WEEK_D, &choice) == OK &&
			hawkes_area_fit(&c, &d, &choice.options, from, cut, NULL, &h) == OK) {
			const struct hawkes_windows *w = hawkes_area_roll(
				c.mem, h, &d, cut, cut + TEST_D, WEEK_D, WEEK_D);
			struct windows v = windows_between(cut, cut + TEST_D, WEEK_D, WEEK_D);
			struct baseline_data b = { d.events, d.places, from, cut, &k };
			double *plain = arena_array(c.mem, double, v.count *d.places->count);
			struct outcome o = { 0 };
			baseline_roll(c.mem, &b, &v, BASELINE_SHARE_LEVEL, plain);
			for (size_t i = 0; i < v.count * d.places->count; i++) {
				o.difference += counts_log(w->observed[i], w->mean[i], choice.size) -
						counts_log(w->observed[i], plain[i], choice.size);
				o.incidents += w->observed[i];
				o.expected += w->mean[i];
			}
			p->run[p->runs++] = o;
		} else
			p->refused++;
	}
	arena_free(c.mem);
}

static void put_row(const char *kind, int months, const struct pool *p)
{
	struct outcome all = { 0 };
	double squares = 0;
	for (size_t i = 0; i < p->runs; i++) {
		all.difference += p->run[i].difference;
		all.incidents += p->run[i].incidents;
		all.expected += p->run[i].expected;
	}
	double gain = all.difference / all.incidents;
	for (size_t i = 0; i < p->runs; i++) {
		double off = p->run[i].difference - gain * p->run[i].incidents;
		squares += off * off;
	}
	printf("%s,%d,%zu,%zu,%.0f,%.4f,%.4f,%.3f\n", kind, months, p->runs, p->refused, all.incidents, gain,
		sqrt(squares) / all.incidents, all.expected / all.incidents);
	fflush(stdout);
}

static int city(struct ctx *c)
{
	struct hawkes_area_data d;
	if (!city_events(c, &d))
		return 3;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		struct pool *p = arena_new_of(c->mem, struct pool);
		for (int half = 1; half < 26; half++) {
			int32_t cut = day_of((struct date){ 2006 + half / 2, half % 2 ? 7 : 1, 1 });
			int32_t from = cut - (int32_t)(lengths[i] * 365.25 / 12);
			if (from >= CITY_FROM && cut + TEST_D <= CITY_END)
				try_log(&d, from, cut, p);
		}
		put_row("New York", lengths[i], p);
	}
	return 0;
}

/* A kind of town, by the day. */
struct kind {
	const char *name;
	double a_week, drift, season, children;
};
static const struct kind kinds[] = {
	{"stable",     6,   0,    0,   0  },
        { "drifting",  6,   0.03, 0,   0  },
        { "seasonal",  6,   0,    0.5, 0  },
	{ "clustered", 4,   0,    0,   0.4},
        { "sparse",    0.5, 0,    0,   0  }
};

/* Incidents of two years and a half: lasting differences of places, and what the kind says of days. */
static struct hawkes_area_data draw(struct arena *a, const struct kind *k, uint64_t seed)
{
	struct rng r = rng_seeded(seed);
	double share[TOWN_PLACES], sum = 0, level = 0;
	size_t count = 0, cap = 0;
	struct event *e = NULL;
	for (size_t i = 0; i < TOWN_PLACES; i++)
		sum += share[i] = exp(1.2 * rng_normal(&r));
	double turn = 2 * 3.14159265358979323846 * rng_unit(&r);
	for (int32_t day = 0; day < TOWN_END; day++) {
		level += k->drift * rng_normal(&r);
		double rate = k->a_week / WEEK_D * exp(level + k->season * sin(turn + day * 0.0172)) *
			      (day % 7 > 4 ? 1.4 : 0.84);
		uint32_t n = counts_draw(&r, rate, INFINITY);
		for (uint32_t j = 0; j < n; j++) {
			double u = rng_unit(&r) * sum;
			uint32_t place = 0;
			while (place + 1 < TOWN_PLACES && (u -= share[place]) > 0)
				place++;
			int32_t at = day;
			do {
				e = arena_grow(a, e, count, &cap, count + 1, sizeof *e);
				e[count++] = (struct event){ .day = at, .second = -1, .place = place };
				at += 1 + (int32_t)(-3 * log(1 - rng_unit(&r)));
			} while (at < TOWN_END && rng_unit(&r) < k->children);
		}
	}
	return (struct hawkes_area_data){ .places = places_numbered(a, TOWN_PLACES),
		.events = events_make(a, e, count) };
}

static int towns(struct ctx *c, const char *number)
{
	int64_t n;
	if (!str_to_i64(str_of(number), 1, RUNS_MAX, &n))
		return 2;
	for (size_t k = 0; k < COUNT(kinds); k++)
		for (size_t i = 0; i < COUNT(lengths); i++) {
			struct pool *p = arena_new_of(c->mem, struct pool);
			for (int64_t seed = 1; seed <= n; seed++) {
				struct arena *mem = arena_new(1 << 20);
				struct hawkes_area_data d = draw(mem, &kinds[k], (uint64_t)seed);
				int32_t cut = TOWN_END - TEST_D;
				try_log(&d, cut - (int32_t)(lengths[i] * 365.25 / 12), cut, p);
				arena_free(mem);
			}
			put_row(kinds[k].name, lengths[i], p);
		}
	return 0;
}

int main(int argc, char **argv)
{
	struct ctx c = { .mem = arena_new(1 << 16) };
	int status = 2;
	puts("town,months,logs,refused,incidents,gain,gain_error,expected_of_observed");
	if (argc == 2 && str_eq(str_of(argv[1]), S("city")))
		status = city(&c);
	else if (argc == 3 && str_eq(str_of(argv[1]), S("towns")))
		status = towns(&c, argv[2]);
	arena_free(c.mem);
	return status;
}
