/* Prints a number for each engine that stands for all bits of its answers on made-up data; same_bits.sh compares what different
 * compilers and optimisations make of it. Fails where two threads at once do not answer as one does. An engine joins by
 * a row in ENGINES, and its files in same_bits.sh's call in meson.build. */
#include "num/hawkes_explain.h"
#include "num/hawkes_simulate.h"
#include <pthread.h>

struct bits {
	uint64_t sum; /* FNV-1a */
};

static void bits_of(struct bits *b, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		b->sum = (b->sum ^ ((const unsigned char *)p)[i]) * 0x100000001b3u;
}

enum { PLACES = 30, DAYS = 1100, HORIZON = 7 };

static bool area(struct ctx *c, struct bits *b)
{
	uint32_t pair[PLACES][2];
	struct rng r = rng_seeded(1);
	struct event *e = arena_array(c->mem, struct event, 2000);
	struct hawkes_range range[PLACES];
	struct hawkes_area *h;
	for (uint32_t i = 0; i < PLACES; i++) {
		pair[i][0] = i;
		pair[i][1] = (i + 1) % PLACES;
	}
	for (size_t i = 0; i < 2000; i++)
		e[i] = (struct event){ .day = 18000 + (int32_t)rng_below(&r, DAYS),
			.second = (int32_t)rng_below(&r, DAY_SECONDS),
			.place = (uint32_t)rng_below(&r, rng_below(&r, PLACES) + 1),
			.kind = rng_below(&r, 9) == 0 };
	struct place_edges *near = place_edges_make(c->mem, PLACES, (const uint32_t(*)[2])pair, PLACES);
	struct hawkes_area_data d = { places_numbered(c->mem, PLACES), near, near, events_make(c->mem, e, 2000) };
	struct hawkes_area_options o = hawkes_area_options_default();
	o.rivals = true;
	o.calendar.slots = 4;
	o.calendar.days = CALENDAR_INDONESIA;
	if (hawkes_area_fit(c, &d, &o, 18000, 18000 + DAYS - 100, NULL, &h) != OK)
		return false;
	struct hawkes_windows *w = hawkes_area_roll(c->mem, h, &d, 18000 + DAYS - 100, 18000 + DAYS, HORIZON, HORIZON);
	bits_of(b, w->mean, w->count * w->places * sizeof *w->mean);
	bits_of(b, h->trace, sizeof h->trace);
	bits_of(b, h->information, h->weights * h->weights * sizeof *h->information);
	hawkes_predict(h, c->mem, HORIZON, 20, 7, range);
	for (uint32_t i = 0; i < PLACES; i++) {
		struct hawkes_explanation x = hawkes_explain(h, c->mem, i, 0, HORIZON);
		bits_of(b, x.part, sizeof x.part);
		bits_of(b, &range[i].mean, 4 * sizeof range[i].mean);
		bits_of(b, range[i].nine, sizeof range[i].nine);
	}
	struct hawkes_paths *p = hawkes_simulate(h, c->mem, HORIZON, 50, 3, false);
	bits_of(b, p->count, p->paths * p->places * sizeof *p->count);
	return true;
}

static const struct engine {
	const char *name;
	bool (*run)(struct ctx *c, struct bits *b);
} engines[] = {
	{"early warning for areas", area}
};

struct run {
	const struct engine *engine;
	struct bits bits;
	bool done;
};

static void *run(void *arg)
{
	struct run *r = arg;
	struct ctx c = { .mem = arena_new(1 << 16) };
	r->bits.sum = 0xcbf29ce484222325u;
	r->done = r->engine->run(&c, &r->bits);
	arena_free(c.mem);
	return NULL;
}

int main(void)
{
	for (size_t i = 0; i < COUNT(engines); i++) {
		struct run alone = { .engine = &engines[i] }, two[2] = { alone, alone };
		pthread_t thread[2];
		run(&alone);
		for (size_t k = 0; k < 2; k++)
			if (pthread_create(&thread[k], NULL, run, &two[k]) != 0)
				return 1;
		for (size_t k = 0; k < 2; k++)
			pthread_join(thread[k], NULL);
		printf("%s %016" PRIx64 "\n", engines[i].name, alone.bits.sum);
		for (size_t k = 0; k < 2; k++)
			if (!alone.done || !two[k].done || two[k].bits.sum != alone.bits.sum) {
				printf("%s: two threads at once do not answer as one\n", engines[i].name);
				return 1;
			}
	}
	return 0;
}
