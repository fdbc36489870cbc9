#include "num/forecast/hawkes_simulate.h"
#include "num/stats/counts.h"
#include "num/forecast/hawkes_area_outlook.h"
#include <math.h>

struct hawkes_paths *hawkes_simulate(
	const struct hawkes_area *h, struct arena *a, unsigned horizon_d, size_t paths, uint64_t seed, bool certain)
{
	struct arena *scratch = arena_new(1 << 16);
	struct hawkes_outlook *o = hawkes_outlook_make(scratch, h);
	struct hawkes_posterior p = hawkes_posterior_make(h, seed);
	struct hawkes_paths *out = arena_new_of(a, struct hawkes_paths);
	double value[HAWKES_WEIGHTS_MAX], level = hawkes_area_level(h);
	double *drawn = arena_array(scratch, double, o->places);
	hawkes_values(h, value);
	*out = (struct hawkes_paths){ paths, o->places, arena_array(a, uint32_t, paths * o->places) };
	for (size_t i = 0; i < paths; i++) {
		hawkes_posterior_draw(&p);
		hawkes_outlook_start(o, certain ? value : p.value, certain ? level : p.level);
		for (unsigned t = 0; t < horizon_d * h->options.calendar.slots; t++) {
			hawkes_outlook_look(o);
			for (size_t place = 0; place < o->places; place++) {
				uint32_t n = counts_draw(&p.rng, hawkes_outlook_rate(o, place), INFINITY);
				out->count[i * o->places + place] += n;
				drawn[place] = n;
			}
			hawkes_outlook_pass(o, drawn);
		}
	}
	arena_free(scratch);
	return out;
}

static uint32_t total(const struct hawkes_paths *p, size_t path, const uint32_t *place, size_t count)
{
	const uint32_t *of = p->count + path * p->places;
	uint32_t sum = 0;
	for (size_t i = 0; i < (place ? count : p->places); i++)
		sum += of[place ? place[i] : i];
	return sum;
}

double hawkes_paths_share(const struct hawkes_paths *p, const uint32_t *place, size_t count, uint32_t least)
{
	size_t so_many = 0;
	for (size_t i = 0; i < p->paths; i++)
		so_many += total(p, i, place, count) >= least;
	return (double)so_many / (double)p->paths;
}

static int by_number(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	return (a > b) - (a < b);
}

uint32_t hawkes_paths_quantile(
	const struct hawkes_paths *p, struct arena *scratch, const uint32_t *place, size_t count, double q)
{
	assert(p->paths > 0 && q >= 0 && q < 1);
	uint32_t *sum = arena_array(scratch, uint32_t, p->paths);
	for (size_t i = 0; i < p->paths; i++)
		sum[i] = total(p, i, place, count);
	qsort(sum, p->paths, sizeof *sum, by_number);
	double at = ceil(q * (double)p->paths) - 1;
	return sum[at > 0 ? (size_t)at : 0];
}

/* COUNT events of a place in a slot. */
static struct event *put(struct arena *a, struct event *event, size_t *count, size_t *cap, uint32_t n, struct event e)
{
	event = arena_grow(a, event, *count, cap, *count + n, sizeof *event);
	for (; n > 0; n--)
		event[(*count)++] = e;
	return event;
}

struct events *hawkes_catalogue(
	const struct hawkes_area *h, struct arena *a, const double *background, int32_t days, uint64_t seed)
{
	struct arena *scratch = arena_new(1 << 16);
	struct hawkes_outlook *o = hawkes_outlook_make(scratch, h);
	struct rng r = rng_seeded(seed);
	struct event *event = NULL;
	size_t count = 0, cap = 0;
	int32_t slots = (int32_t)h->options.calendar.slots;
	double value[HAWKES_WEIGHTS_MAX], *drawn = arena_array(scratch, double, o->places);
	hawkes_values(h, value);
	hawkes_outlook_start(o, value, hawkes_area_level(h));
	for (int32_t t = 0; t < days * slots; t++) {
		hawkes_outlook_look(o);
		struct event e = { .day = h->from + o->slot / slots,
			.second = slots > 1 ? o->slot % slots * (DAY_SECONDS / slots) : -1 };
		for (uint32_t place = 0; place < o->places; place++) {
			double rate = hawkes_outlook_rate(o, place);
			if (background)
				rate += o->factor * background[place] / slots;
			uint32_t n = counts_draw(&r, rate, INFINITY);
			e.place = place;
			drawn[place] = n;
			if (n > 0)
				event = put(a, event, &count, &cap, n, e);
		}
		hawkes_outlook_pass(o, drawn);
	}
	arena_free(scratch);
	return events_make(a, event, count);
}
