#include "num/forecast/hawkes_predict.h"
#include "num/stats/counts.h"
#include "num/forecast/hawkes_area_outlook.h"
#include "num/stats/special.h"
#include <math.h>

enum { SWEEPS_FIRST = 50, SWEEPS = 5 };

/* Normal, but never negative: the upper tail from -mean / sd on, inverted from its small side. */
static double positive_normal(struct rng *r, double mean, double sd)
{
	double tail = normal_cdf(mean / sd), p = tail * (1 - rng_unit(r));
	double x = p > 0 ? mean - sd * normal_quantile(p) : 0;
	return x > 0 ? x : 0;
}

/* Each weight in turn, given all others. */
static void sweep(struct hawkes_posterior *p)
{
	const struct hawkes_area *h = p->h;
	for (size_t i = 0; i < h->weights; i++) {
		const double *row = h->information + i * h->weights;
		double pull = 0;
		if (!(h->weight[i].value > 0) || !(row[i] > 0))
			continue;
		for (size_t j = 0; j < h->weights; j++)
			if (j != i)
				pull += row[j] * (p->value[j] - h->weight[j].value);
		p->value[i] = positive_normal(&p->rng, h->weight[i].value - pull / row[i], 1 / sqrt(row[i]));
	}
}

struct hawkes_posterior hawkes_posterior_make(const struct hawkes_area *h, uint64_t seed)
{
	struct hawkes_posterior p = { .h = h, .rng = rng_seeded(seed), .level = 1 };
	hawkes_values(h, p.value);
	for (int i = 0; h->information && i < SWEEPS_FIRST; i++)
		sweep(&p);
	return p;
}

void hawkes_posterior_draw(struct hawkes_posterior *p)
{
	const struct hawkes_area_options *o = &p->h->options;
	for (int i = 0; p->h->information && i < SWEEPS; i++)
		sweep(p);
	double shape = o->level_events + p->h->state->seen, rate = o->level_events + p->h->state->held;
	if (o->level_half_life_d > 0 && shape > 0 && rate > 0)
		p->level = rng_gamma(&p->rng, shape) / rate;
}

static int by_size(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;
	return (a > b) - (a < b);
}

/* Smallest counts that reach four probabilities, of the mean of COUNT distributions. */
static void quantiles(const double *mean, size_t count, double size, struct hawkes_range *out)
{
	static const double reach[] = { 0.05, 0.25, 0.75, 0.95 };
	uint32_t *to[] = { &out->nine[0], &out->half[0], &out->half[1], &out->nine[1] };
	double sum = 0;
	size_t next = 0;
	for (uint32_t k = 0; next < COUNT(reach); k++) {
		double p = 0;
		for (size_t i = 0; i < count; i++)
			p += exp(counts_log(k, mean[i], size));
		sum += p / (double)count;
		if (k == 0)
			out->any = 1 - sum > 0 ? 1 - sum : 0;
		/* Far out, rounding may keep the sum below; the mean's own scale ends it. */
		bool over = k > 10 * mean[count - 1] + 1e4;
		for (; next < COUNT(reach) && (sum >= reach[next] || over); next++)
			*to[next] = k;
	}
}

void hawkes_predict(const struct hawkes_area *h, struct arena *scratch, unsigned horizon_d, size_t draws, uint64_t seed,
	struct hawkes_range *out)
{
	assert(draws > 0);
	struct hawkes_outlook *o = hawkes_outlook_make(scratch, h);
	struct hawkes_posterior p = hawkes_posterior_make(h, seed);
	double *mean = arena_array(scratch, double, draws * o->places); /* place by place */
	for (size_t i = 0; i < draws; i++) {
		hawkes_posterior_draw(&p);
		hawkes_outlook_start(o, p.value, p.level);
		for (unsigned t = 0; t < horizon_d * h->options.calendar.slots; t++) {
			hawkes_outlook_look(o);
			for (size_t place = 0; place < o->places; place++)
				mean[place * draws + i] += hawkes_outlook_rate(o, place);
			hawkes_outlook_pass(o, NULL);
		}
	}
	for (size_t place = 0; place < o->places; place++) {
		double *m = mean + place * draws;
		struct hawkes_range *range = &out[place];
		*range = (struct hawkes_range){ 0 };
		qsort(m, draws, sizeof *m, by_size);
		for (size_t i = 0; i < draws; i++)
			range->mean += m[i] / (double)draws;
		range->low = m[(size_t)(0.05 * (double)(draws - 1))];
		range->high = m[(size_t)(0.95 * (double)(draws - 1))];
		quantiles(m, draws, h->size, range);
	}
}
