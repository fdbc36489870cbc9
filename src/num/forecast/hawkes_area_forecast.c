#include "num/stats/counts.h"
#include "num/forecast/hawkes_area_outlook.h"
#include <math.h>

#define LN_SIZE_MIN (-3.0)
#define LN_SIZE_MAX 7.0
#define GOLDEN      0.6180339887498949

enum { SIZE_LADDER = 20, SIZE_SECTIONS = 25 };

void hawkes_area_forecast(const struct hawkes_area *h, struct arena *scratch, unsigned horizon_d, double *mean)
{
	struct hawkes_outlook *o = hawkes_outlook_make(scratch, h);
	double value[HAWKES_WEIGHTS_MAX];
	hawkes_values(h, value);
	memset(mean, 0, o->places * sizeof *mean);
	hawkes_outlook_start(o, value, hawkes_area_level(h));
	for (unsigned i = 0; i < horizon_d * h->options.calendar.slots; i++) {
		hawkes_outlook_look(o);
		for (size_t p = 0; p < o->places; p++)
			mean[p] += hawkes_outlook_rate(o, p);
		hawkes_outlook_pass(o, NULL);
	}
}

struct hawkes_windows *hawkes_area_roll(struct arena *a, struct hawkes_area *h, const struct hawkes_area_data *d,
	int32_t first, int32_t end, unsigned horizon_d, unsigned step_d)
{
	assert(horizon_d > 0 && step_d > 0);
	struct hawkes_windows *w = arena_new_of(a, struct hawkes_windows);
	struct arena *scratch = arena_new(1 << 16);
	*w = (struct hawkes_windows){ .places = h->places->count, .horizon_d = horizon_d };
	if (end - first >= (int32_t)horizon_d)
		w->count = (size_t)(end - first - (int32_t)horizon_d) / step_d + 1;
	w->day = arena_array(a, int32_t, w->count);
	w->level = arena_array(a, double, w->count);
	w->mean = arena_array(a, double, w->count * w->places);
	w->observed = arena_array(a, uint32_t, w->count * w->places);
	for (size_t i = 0; i < w->count; i++) {
		const struct events *e = d->events;
		int32_t day = first + (int32_t)(i * step_d);
		hawkes_feed(h, e, day);
		w->day[i] = day;
		w->level[i] = hawkes_area_level(h);
		hawkes_area_forecast(h, scratch, horizon_d, w->mean + i * w->places);
		arena_reset(scratch);
		for (size_t k = events_from(e, day); k < e->count && e->event[k].day < day + (int32_t)horizon_d; k++)
			if (e->event[k].kind == 0)
				w->observed[i * w->places + e->event[k].place]++;
	}
	arena_free(scratch);
	return w;
}

double hawkes_log_score(const double *mean, const uint32_t *observed, size_t count, double size)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum -= counts_log(observed[i], mean[i], size);
	return count ? sum / (double)count : 0;
}

double hawkes_size_fit(const double *mean, const uint32_t *observed, size_t count)
{
	double rung = (LN_SIZE_MAX - LN_SIZE_MIN) / SIZE_LADDER, best = INFINITY, at = 0;
	for (int i = 0; i <= SIZE_LADDER; i++) {
		double score = hawkes_log_score(mean, observed, count, exp(LN_SIZE_MIN + i * rung));
		if (score < best) {
			best = score;
			at = LN_SIZE_MIN + i * rung;
		}
	}
	if (!(best < hawkes_log_score(mean, observed, count, INFINITY)))
		return INFINITY;
	double low = at - rung, high = at + rung;
	for (int i = 0; i < SIZE_SECTIONS; i++) {
		double left = high - GOLDEN * (high - low), right = low + GOLDEN * (high - low);
		if (hawkes_log_score(mean, observed, count, exp(left)) <=
			hawkes_log_score(mean, observed, count, exp(right)))
			high = right;
		else
			low = left;
	}
	return exp((low + high) / 2);
}
