#include "num/forecast/hawkes_point_state.h"
#include <math.h>

/* The way through the days of a horizon: the state's fields, to which what is expected is added as if it had happened. */
struct ahead {
	const struct hawkes_point *h;
	double *value[HAWKES_WIDTHS_MAX]; /* [cells * scales]; NULL: no weight has this width */
	double *blurred[HAWKES_WIDTHS_MAX];
	double *expected, *box; /* of the day by cell; scratch of the blur */
};

static double weight(const struct hawkes_point *h, size_t l, size_t k)
{
	return h->weight[l * h->options.scales + k].value;
}

static bool has_weight(const struct hawkes_point *h, size_t l)
{
	for (size_t k = 0; k < h->options.scales; k++)
		if (weight(h, l, k) > 0)
			return true;
	return false;
}

static void start(struct ahead *w, const struct hawkes_point *h, struct arena *scratch)
{
	const struct hawkes_point_state *s = h->state;
	size_t cells = h->grid->count, scales = h->options.scales;
	*w = (struct ahead){ .h = h,
		.expected = arena_array(scratch, double, cells),
		.box = arena_array(scratch, double, h->grid->rows * h->grid->cols) };
	for (size_t l = 0; l < h->options.widths; l++) {
		if (!has_weight(h, l))
			continue;
		double decay[HAWKES_SCALES_MAX];
		hawkes_field_decay(s->field[l], (double)s->day - h->from, decay);
		w->value[l] = arena_array(scratch, double, cells *scales);
		w->blurred[l] = arena_array(scratch, double, cells);
		for (size_t i = 0; i < cells; i++)
			for (size_t k = 0; k < scales; k++)
				w->value[l][i * scales + k] = s->field[l]->value[i * scales + k] * decay[k];
	}
}

/* What each cell must expect of the day from what was before it. */
static double expect(struct ahead *w, const struct hawkes_point_day *d)
{
	const struct hawkes_point *h = w->h;
	size_t cells = h->grid->count, scales = h->options.scales;
	double constant = h->weight[h->weights - 1].value * d->factor / (double)cells, sum = 0;
	for (size_t i = 0; i < cells; i++)
		w->expected[i] = constant;
	for (size_t l = 0; l < h->options.widths; l++) {
		double by[HAWKES_SCALES_MAX];
		if (!w->value[l])
			continue;
		for (size_t k = 0; k < scales; k++)
			by[k] = weight(h, l, k) * d->span[k];
		for (size_t i = 0; i < cells; i++)
			for (size_t k = 0; k < scales; k++)
				w->expected[i] += by[k] * w->value[l][i * scales + k];
	}
	for (size_t i = 0; i < cells; i++)
		sum += w->expected[i];
	return sum;
}

/* Adds what the day's expected incidents excite on the same day; the factor by which the town's sum has grown. */
static double excite(struct ahead *w, const struct hawkes_point_day *d, double before)
{
	const struct hawkes_point *h = w->h;
	double after = 0;
	for (size_t l = 0; l < h->options.widths; l++)
		if (w->value[l])
			grid_blur(h->state->blur[l], w->box, w->expected, w->blurred[l]);
	for (size_t l = 0; l < h->options.widths; l++) {
		double same = 0;
		if (!w->value[l])
			continue;
		for (size_t k = 0; k < h->options.scales; k++)
			same += weight(h, l, k) * d->same[k];
		for (size_t i = 0; i < h->grid->count; i++)
			w->expected[i] += same * w->blurred[l][i];
	}
	for (size_t i = 0; i < h->grid->count; i++)
		after += w->expected[i];
	return before > 0 ? after / before : 1;
}

/* The day has passed: what was expected is remembered like what happened. */
static void remember(struct ahead *w, const struct hawkes_point_day *d, double growth)
{
	const struct hawkes_point *h = w->h;
	size_t scales = h->options.scales;
	for (size_t l = 0; l < h->options.widths; l++) {
		if (!w->value[l])
			continue;
		for (size_t i = 0; i < h->grid->count; i++)
			for (size_t k = 0; k < scales; k++) {
				double *value = &w->value[l][i * scales + k];
				*value = *value * d->keep[k] + w->blurred[l][i] * growth * d->left[k];
			}
	}
}

void hawkes_point_forecast(const struct hawkes_point *h, struct arena *scratch, unsigned horizon_d, double *mean)
{
	const struct grid *g = h->grid;
	struct ahead w;
	start(&w, h, scratch);
	memset(mean, 0, g->count * sizeof *mean);
	double level = hawkes_point_level(h);
	for (unsigned i = 0; i < horizon_d; i++) {
		struct hawkes_point_day d;
		hawkes_point_day(h, h->state->day + (int32_t)i, &d);
		double growth = excite(&w, &d, expect(&w, &d));
		for (size_t cell = 0; cell < g->count; cell++)
			mean[g->given[cell]] += level * w.expected[cell];
		remember(&w, &d, growth);
	}
}

/* Adds the incidents of days before DAY, from the *NEXT-th on. */
static void add_until(struct hawkes_point *h, const struct events *e, size_t *next, int32_t day)
{
	for (; *next < e->count && e->event[*next].day < day; ++*next)
		hawkes_point_add(h, &e->event[*next]);
	hawkes_point_advance(h, day);
}

static void observe(const struct hawkes_point *h, const struct events *e, int32_t from, int32_t until, uint32_t *out)
{
	for (size_t i = events_from(e, from); i < e->count && e->event[i].day < until; i++) {
		uint32_t cell = grid_find(h->grid, e->event[i].x_m, e->event[i].y_m);
		if (e->event[i].kind == 0 && cell != GRID_NONE)
			out[h->grid->given[cell]]++;
	}
}

struct hawkes_windows *hawkes_point_roll(struct arena *a, struct hawkes_point *h, const struct events *e, int32_t first,
	int32_t end, unsigned horizon_d, unsigned step_d)
{
	assert(first == h->state->day && horizon_d > 0 && step_d > 0);
	int64_t days = (int64_t)end - first - horizon_d;
	struct hawkes_windows *w = arena_new_of(a, struct hawkes_windows);
	*w = (struct hawkes_windows){
		.count = days < 0 ? 0 : (size_t)(days / step_d) + 1, .places = h->grid->count, .horizon_d = horizon_d
	};
	w->day = arena_array(a, int32_t, w->count);
	w->level = arena_array(a, double, w->count);
	w->mean = arena_array(a, double, w->count * w->places);
	w->observed = arena_array(a, uint32_t, w->count * w->places);
	struct arena *scratch = arena_new(1 << 16);
	size_t next = events_from(e, first);
	for (size_t i = 0; i < w->count; i++) {
		w->day[i] = first + (int32_t)(i * step_d);
		add_until(h, e, &next, w->day[i]);
		w->level[i] = hawkes_point_level(h);
		hawkes_point_forecast(h, scratch, horizon_d, w->mean + i * w->places);
		observe(h, e, w->day[i], w->day[i] + (int32_t)horizon_d, w->observed + i * w->places);
		arena_reset(scratch);
	}
	arena_free(scratch);
	return w;
}
