#include "num/forecast/hawkes_area_outlook.h"
#include <math.h>

void hawkes_values(const struct hawkes_area *h, double *value)
{
	for (size_t w = 0; w < h->weights; w++)
		value[w] = h->weight[w].value;
}

struct hawkes_outlook *hawkes_outlook_make(struct arena *a, const struct hawkes_area *h)
{
	struct hawkes_outlook *o = arena_new_of(a, struct hawkes_outlook);
	const struct hawkes_state *s = h->state;
	size_t places = h->places->count, heralds = (h->kinds - 1) * HAWKES_HERALD_SCALES;
	*o = (struct hawkes_outlook){ .h = h, .places = places, .scales = h->options.scales };
	o->source = arena_array(a, double, places *HAWKES_SOURCES);
	o->share = arena_array(a, double, places);
	o->own_begin = arena_array(a, double, places * o->scales);
	o->own = arena_array(a, double, places * o->scales);
	o->herald_begin = arena_array(a, double, places *heralds);
	o->herald = arena_array(a, double, places *heralds);
	o->near = arena_array(a, double, 2 * places);
	if (h->shares)
		shares_all(h->shares, h->from + s->now / (int32_t)h->options.calendar.slots, o->share);
	for (size_t p = 0; p < places; p++) {
		hawkes_trail_read(&s->own, p, s->now, o->own_begin + p * o->scales);
		for (size_t k = 0; k + 1 < h->kinds; k++)
			hawkes_trail_read(
				&s->herald[k], p, s->now, o->herald_begin + p * heralds + k * HAWKES_HERALD_SCALES);
	}
	hawkes_trail_read(&s->level_town, 0, s->now, &o->town_begin);
	return o;
}

void hawkes_outlook_start(struct hawkes_outlook *o, const double *value, double level)
{
	size_t heralds = (o->h->kinds - 1) * HAWKES_HERALD_SCALES;
	o->value = value;
	o->level = level;
	o->slot = o->h->state->now;
	o->town = o->town_begin;
	memcpy(o->own, o->own_begin, o->places * o->scales * sizeof *o->own);
	memcpy(o->herald, o->herald_begin, o->places * heralds * sizeof *o->herald);
}

/* Short and long part of weights AT times the rates of one place. */
static void split(const struct hawkes_outlook *o, size_t at, const double *scale, const double *sum, double part[2])
{
	part[0] = part[1] = 0;
	for (size_t k = 0; k < o->scales; k++)
		part[!hawkes_short(&o->h->weight[at + k])] += o->value[at + k] * (scale[k] * sum[k]);
}

static void look_own(struct hawkes_outlook *o, size_t at, const double *scale)
{
	if (at == SIZE_MAX)
		return;
	for (size_t p = 0; p < o->places; p++) {
		double part[2], *source = o->source + p * HAWKES_SOURCES;
		split(o, at, scale, o->own + p * o->scales, part);
		source[HAWKES_FROM_HERE] += part[0];
		source[HAWKES_FROM_LONG] += part[1];
	}
}

static void look_around(
	struct hawkes_outlook *o, size_t at, const double *scale, const struct place_edges *e, enum hawkes_source from)
{
	if (at == SIZE_MAX)
		return;
	for (size_t p = 0; p < o->places; p++)
		split(o, at, scale, o->own + p * o->scales, o->near + 2 * p);
	for (size_t p = 0; p < o->places; p++) {
		double near = 0, far = 0, degree = (double)(e->first[p + 1] - e->first[p]);
		for (size_t i = e->first[p]; i < e->first[p + 1]; i++) {
			near += o->near[2 * (size_t)e->other[i]];
			far += o->near[2 * (size_t)e->other[i] + 1];
		}
		if (degree > 0) {
			o->source[p * HAWKES_SOURCES + from] += near / degree;
			o->source[p * HAWKES_SOURCES + HAWKES_FROM_LONG] += far / degree;
		}
	}
}

static void look_town(struct hawkes_outlook *o, size_t at, const double *scale)
{
	double sum[HAWKES_SCALES_MAX] = { 0 }, part[2];
	if (at == SIZE_MAX)
		return;
	for (size_t p = 0; p < o->places; p++)
		for (size_t k = 0; k < o->scales; k++)
			sum[k] += o->own[p * o->scales + k];
	split(o, at, scale, sum, part);
	for (size_t p = 0; p < o->places; p++) {
		o->source[p * HAWKES_SOURCES + HAWKES_FROM_TOWN] += part[0] / (double)o->places;
		o->source[p * HAWKES_SOURCES + HAWKES_FROM_LONG] += part[1] / (double)o->places;
	}
}

static void look_heralds(struct hawkes_outlook *o, size_t at)
{
	size_t heralds = (o->h->kinds - 1) * HAWKES_HERALD_SCALES;
	for (size_t p = 0; p < o->places; p++)
		for (size_t i = 0; i < heralds; i++) {
			double scale = hawkes_scale(o->h->state->herald_rate[i % HAWKES_HERALD_SCALES], INT32_MAX);
			o->source[p * HAWKES_SOURCES + HAWKES_FROM_HERALDS] += o->value[at + i] *
									       (scale * o->herald[p * heralds + i]);
		}
}

void hawkes_outlook_look(struct hawkes_outlook *o)
{
	const struct hawkes_area *h = o->h;
	const struct hawkes_columns *at = &h->state->at;
	double scale[HAWKES_SCALES_MAX] = { 0 }, constant = o->value[at->constant];
	double level = o->town * hawkes_scale(h->state->level_rate, o->slot);
	for (size_t k = 0; k < o->scales; k++)
		scale[k] = hawkes_scale(h->state->rate[k], o->slot);
	o->factor = hawkes_factor(h, o->slot);
	memset(o->source, 0, o->places * HAWKES_SOURCES * sizeof *o->source);
	for (size_t p = 0; p < o->places; p++)
		o->source[p * HAWKES_SOURCES + HAWKES_FROM_LONG] =
			constant + (at->share == SIZE_MAX ? 0 : o->value[at->share] * (level * o->share[p]));
	look_own(o, at->own, scale);
	look_around(o, at->neighbors, scale, h->neighbors, HAWKES_FROM_NEIGHBORS);
	look_around(o, at->rivals, scale, h->rivals, HAWKES_FROM_RIVALS);
	look_town(o, at->town, scale);
	look_heralds(o, at->herald);
}

static double linear(const struct hawkes_outlook *o, size_t place)
{
	double sum = 0;
	for (size_t i = 0; i < HAWKES_SOURCES; i++)
		sum += o->source[place * HAWKES_SOURCES + i];
	return o->level * sum;
}

double hawkes_outlook_rate(const struct hawkes_outlook *o, size_t place)
{
	return o->factor * linear(o, place);
}

void hawkes_outlook_pass(struct hawkes_outlook *o, const double *count)
{
	const struct hawkes_state *s = o->h->state;
	size_t heralds = (o->h->kinds - 1) * HAWKES_HERALD_SCALES;
	double keep[HAWKES_SCALES_MAX] = { 0 }, all = 0;
	for (size_t k = 0; k < o->scales; k++)
		keep[k] = exp(-s->rate[k]);
	for (size_t p = 0; p < o->places; p++) {
		double x = count ? count[p] / o->factor : linear(o, p);
		all += x;
		for (size_t k = 0; k < o->scales; k++)
			o->own[p * o->scales + k] = o->own[p * o->scales + k] * keep[k] + x;
	}
	o->town = o->town * exp(-s->level_rate) + all;
	for (size_t i = 0; i < heralds; i++) {
		double kept = exp(-s->herald_rate[i % HAWKES_HERALD_SCALES]);
		for (size_t p = 0; p < o->places; p++)
			o->herald[p * heralds + i] *= kept;
	}
	o->slot++;
}
