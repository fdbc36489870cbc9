#include "num/evaluate/evaluate_panel.h"
#include <math.h>

struct evaluate_panel *evaluate_panel_new(
	struct arena *mem, size_t places, size_t periods, const double *count, const struct evaluate_panel_options *o)
{
	struct evaluate_panel *p = arena_new_of(mem, struct evaluate_panel);
	size_t row = periods + 1;
	*p = (struct evaluate_panel){ .places = places, .periods = periods, .options = *o };
	if (p->options.half_life <= 0)
		p->options.half_life = 208;
	if (p->options.prior_weight == 0)
		p->options.prior_weight = 60;
	p->total = arena_array(mem, double, places *row);
	p->weighed = arena_array(mem, double, places *row);
	double keep = exp2(-1 / p->options.half_life);
	for (size_t i = 0; i < places; i++)
		for (size_t t = 0; t < periods; t++) {
			double y = count[i * periods + t];
			assert(y >= 0 && isfinite(y));
			p->total[i * row + t + 1] = p->total[i * row + t] + y;
			p->weighed[i * row + t + 1] = p->weighed[i * row + t] * keep + y;
		}
	return p;
}

double evaluate_count(const struct evaluate_panel *p, size_t place, size_t from, size_t to)
{
	assert(place < p->places && from <= to && to <= p->periods);
	const double *total = p->total + place * (p->periods + 1);
	return total[to] - total[from];
}

static double prior_share(const struct evaluate_panel *p, size_t place)
{
	return p->options.prior ? p->options.prior[place] : 1 / (double)p->places;
}

double evaluate_shares(const struct evaluate_panel *p, size_t at, double *share)
{
	assert(at <= p->periods);
	double sum = 0, weight = p->options.prior_weight;
	if (weight < 0)
		weight = evaluate_prior_weight(p, at);
	for (size_t i = 0; i < p->places; i++)
		sum += p->weighed[i * (p->periods + 1) + at];
	for (size_t i = 0; i < p->places; i++)
		share[i] = (p->weighed[i * (p->periods + 1) + at] + weight * prior_share(p, i)) / (sum + weight);
	return sum + weight;
}

/* The Dirichlet-multinomial log-likelihood as a function of kappa0. */
static double likelihood(const struct evaluate_panel *p, size_t at, double kappa)
{
	double sum = 0, all = 0;
	int sign;
	for (size_t i = 0; i < p->places; i++) {
		double e = p->weighed[i * (p->periods + 1) + at], a = kappa * prior_share(p, i);
		all += e;
		if (a > 0 && e > 0)
			sum += lgamma_r(a + e, &sign) - lgamma_r(a, &sign);
	}
	return sum + lgamma_r(kappa, &sign) - lgamma_r(kappa + all, &sign);
}

double evaluate_prior_weight(const struct evaluate_panel *p, size_t at)
{
	/* Golden section in ln(kappa0): one maximum, and no derivative to get wrong. */
	const double golden = 0.6180339887498949;
	double low = log(0.1), high = log(1e6);
	double a = high - golden * (high - low), b = low + golden * (high - low);
	double at_a = likelihood(p, at, exp(a)), at_b = likelihood(p, at, exp(b));
	while (high - low > 1e-6)
		if (at_a < at_b) {
			low = a;
			a = b;
			at_a = at_b;
			b = low + golden * (high - low);
			at_b = likelihood(p, at, exp(b));
		} else {
			high = b;
			b = a;
			at_b = at_a;
			a = high - golden * (high - low);
			at_a = likelihood(p, at, exp(a));
		}
	return exp(0.5 * (low + high));
}

struct evaluate_naive evaluate_before_after(
	const struct evaluate_panel *p, const size_t *place, size_t count, size_t start, size_t window, size_t span)
{
	assert(window > 0 && span > 0 && span <= start);
	double after = 0.5, before = 0.5;
	for (size_t k = 0; k < count; k++) {
		after += evaluate_count(p, place[k], start, start + window);
		before += evaluate_count(p, place[k], start - span, start);
	}
	double usual = before * (double)window / (double)span;
	return (struct evaluate_naive){ log(after / usual), sqrt(1 / after + 1 / before) };
}

struct evaluate_naive evaluate_differences(
	const struct evaluate_panel *p, const size_t *place, size_t count, size_t start, size_t window, size_t span)
{
	struct evaluate_naive own = evaluate_before_after(p, place, count, start, window, span);
	double after = 0.5, before = 0.5;
	for (size_t i = 0; i < p->places; i++) {
		after += evaluate_count(p, i, start, start + window);
		before += evaluate_count(p, i, start - span, start);
	}
	for (size_t k = 0; k < count; k++) {
		after -= evaluate_count(p, place[k], start, start + window);
		before -= evaluate_count(p, place[k], start - span, start);
	}
	double others = log(after / before * (double)span / (double)window);
	return (struct evaluate_naive){ own.log_ratio - others, sqrt(own.se * own.se + 1 / after + 1 / before) };
}
