/* Prints a number for each engine that stands for all bits of its answers on made-up data; same_bits.sh compares what different
 * compilers and optimisations make of it. Fails where two threads at once do not answer as one does. An engine joins by
 * a row in ENGINES, and its files in same_bits.sh's call in meson.build. */
#include "num/evaluate/evaluate_pool.h"
#include "num/evaluate/evaluate_repeat.h"
#include "num/evaluate/evaluate_series.h"
#include "num/evaluate/evaluate_synthetic.h"
#include "num/evaluate/evaluate_wedge.h"
#include "num/forecast/hawkes_explain.h"
#include "num/forecast/hawkes_point.h"
#include "num/forecast/hawkes_simulate.h"
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

static bool point(struct ctx *c, struct bits *b)
{
	enum { EVENTS = 1500, SIDE_M = 500 };
	struct rng r = rng_seeded(2);
	struct event *e = arena_array(c->mem, struct event, EVENTS);
	struct hawkes_point_options o = hawkes_point_options_default(SIDE_M);
	struct hawkes_point *h;
	for (size_t i = 0; i < EVENTS; i++)
		e[i] = (struct event){ .day = 18000 + (int32_t)rng_below(&r, DAYS),
			.second = (int32_t)rng_below(&r, DAY_SECONDS),
			.x_m = 4000 + 900 * rng_normal(&r),
			.y_m = 4000 + 1500 * rng_normal(&r) };
	struct events *all = events_make(c->mem, e, EVENTS);
	struct cells *cells = grid_cells_of(c->mem, all, SIDE_M, 18000, 18000 + DAYS);
	if (hawkes_point_fit(c, all, cells, &o, 18000, 18000 + DAYS - 60, NULL, &h) != OK)
		return false;
	struct hawkes_windows *w = hawkes_point_roll(c->mem, h, all, 18000 + DAYS - 60, 18000 + DAYS, HORIZON, HORIZON);
	bits_of(b, w->mean, w->count * w->places * sizeof *w->mean);
	bits_of(b, h->information, h->weights * h->weights * sizeof *h->information);
	return true;
}

enum { WEEKS = 300, START = 260 };

static bool by_counts(struct ctx *c, const double *y, struct bits *b)
{
	const size_t treated[] = { 3, 8, 9 };
	const struct evaluate_panel_options po = { .prior_weight = -1 };
	const struct counterfactual_options o = { .space_count = 50, .seed = 4 };
	struct evaluate_panel *p = evaluate_panel_new(c->mem, PLACES, WEEKS, y, &po);
	struct counterfactual *f;
	if (counterfactual_run(c, p, treated, 3, START, 26, NULL, &o, &f) != OK)
		return false;
	const double ratio[] = { f->estimate, f->detectable, f->log_se, f->interval.low90, f->interval.high95,
		f->p_value };
	bits_of(b, ratio, sizeof ratio);
	struct counterfactual_posterior q = counterfactual_posterior(&f->count, 2, 5);
	bits_of(b, &q, sizeof q);
	const struct series s = { .periods = WEEKS,
		.start = START,
		.y = y,
		.year = 52.1775,
		.harmonics = 2,
		.slope = true,
		.selection = EVALUATE_RANDOM,
		.family = GLM_NEGATIVE_BINOMIAL };
	struct series_result *step;
	if (series_run(c, &s, &step) != OK)
		return false;
	bits_of(b, &step->step_newey_west, sizeof step->step_newey_west);
	const double x[] = { -0.3, 0.1, -0.5 }, se[] = { 0.2, 0.3, 0.4 };
	struct pool pooled = pool_effects(x, se, 3, POOL_REML);
	bits_of(b, &pooled.log_ratio, 2 * sizeof pooled.log_ratio);
	return true;
}

static bool by_others(struct ctx *c, const double *y, struct bits *b)
{
	bool treated[PLACES] = { true, true };
	size_t cross[PLACES];
	struct synthetic s = { PLACES, 60, 50, y, treated, false, 0.1, 40, 6, EVALUATE_RANDOM };
	struct synthetic_result *f;
	if (synthetic_control(c, &s, &f) != OK)
		return false;
	bits_of(b, f->weight, f->donors * sizeof *f->weight);
	if (synthetic_differences(c, &s, &f) != OK)
		return false;
	bits_of(b, &f->effect, sizeof f->effect);
	bits_of(b, &f->se, sizeof f->se);
	wedge_order(PLACES, 6, 7, cross);
	for (size_t i = 0; i < PLACES; i++)
		cross[i] = 5 + 3 * cross[i];
	const struct wedge w = { PLACES, 24, y, NULL, cross, 100, 8 };
	struct wedge_result *over;
	if (wedge_run(c, &w, &over) != OK)
		return false;
	const double numbers[] = { over->theta, over->se, over->p_value, over->expected };
	bits_of(b, numbers, sizeof numbers);
	return true;
}

static bool evaluation(struct ctx *c, struct bits *b)
{
	struct rng r = rng_seeded(3);
	double *y = arena_array(c->mem, double, PLACES *WEEKS);
	struct repeat_incident *i = arena_array(c->mem, struct repeat_incident, PLACES * 60);
	struct repeat_result *f;
	for (size_t k = 0; k < PLACES * WEEKS; k++)
		y[k] = (double)rng_below(&r, 3 + k / WEEKS % 5);
	for (size_t k = 0; k < PLACES * 60; k++)
		i[k] = (struct repeat_incident){
			.day = (int32_t)k, .place = (uint32_t)rng_below(&r, PLACES), .treated = rng_below(&r, 3) == 0
		};
	const struct repeat e = {
		.count = PLACES * 60, .incident = i, .places = PLACES, .end = 4000, .draws = 50, .permutations = 20
	};
	if (!by_counts(c, y, b) || !by_others(c, y, b) || repeat_run(c, &e, &f) != OK)
		return false;
	bits_of(b, &f->any, sizeof f->any);
	bits_of(b, &f->number, sizeof f->number);
	return true;
}

static const struct engine {
	const char *name;
	bool (*run)(struct ctx *c, struct bits *b);
} engines[] = {
	{"early warning for areas",   area      },
	{ "early warning for points", point     },
	{ "evaluation",               evaluation},
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
