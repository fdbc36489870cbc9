#include "num/evaluate/evaluate_series.h"
#include "num/stats/special.h"
#include <math.h>

enum { CONSTANT, TIME, STEP, FIXED };

static enum err check(struct ctx *c, const struct series *s)
{
	if (s->selection == EVALUATE_SPIKE || s->selection == EVALUATE_RECENT)
		return FAIL(c, ERR_INPUT,
			"an interrupted time series is refused for places chosen for a recent spike: what rose by "
			"chance falls by "
			"itself; use the counterfactual or a stepped wedge");
	if (s->start < SERIES_BEFORE_MIN || s->start >= s->periods || s->periods - s->start < SERIES_AFTER_MIN)
		return FAIL(c, ERR_INPUT,
			"a series needs %d periods before the start and %d after it; here are %zu and %zu",
			SERIES_BEFORE_MIN, SERIES_AFTER_MIN, s->start,
			s->start < s->periods ? s->periods - s->start : 0);
	for (size_t t = 0; s->exposure && t < s->periods; t++)
		if (!(s->exposure[t] > 0))
			return FAIL(c, ERR_INPUT, "period %zu has no exposure", t + 1);
	return OK;
}

static void fill_row(const struct series *s, size_t t, double *row)
{
	bool post = t >= s->start;
	size_t k = 0;
	row[k++] = 1;
	row[k++] = (double)(t + 1);
	row[k++] = post;
	if (s->slope)
		row[k++] = post ? (double)(t + 1 - s->start) : 0;
	for (size_t h = 1; s->year > 0 && h <= s->harmonics; h++) {
		double angle = 2 * M_PI * (double)h * (double)(t + 1) / s->year;
		row[k++] = sin(angle);
		row[k++] = cos(angle);
	}
	for (size_t i = 0; i < s->calendar_count; i++)
		row[k++] = s->calendar[t * s->calendar_count + i];
}

/* What the fit expects after the start without step and slope. */
static void add_up(const struct series *s, struct series_result *r)
{
	for (size_t t = s->start; t < s->periods; t++) {
		double effect = r->fit->beta[STEP];
		if (s->slope)
			effect += r->fit->beta[FIXED] * (double)(t + 1 - s->start);
		r->observed += s->y[t];
		r->expected += r->fit->mean[t] * exp(-effect);
	}
}

enum err series_run(struct ctx *c, const struct series *s, struct series_result **out)
{
	TRY(check(c, s));
	size_t cols = FIXED + s->slope + (s->year > 0 ? 2 * s->harmonics : 0) + s->calendar_count;
	double *x = arena_array(c->mem, double, s->periods *cols), *offset = arena_array(c->mem, double, s->periods);
	for (size_t t = 0; t < s->periods; t++) {
		fill_row(s, t, x + t * cols);
		offset[t] = s->exposure ? log(s->exposure[t]) : 0;
	}
	const struct glm_data d = { s->periods, cols, s->y, x, offset };
	struct series_result *r = arena_new_of(c->mem, struct series_result);
	TRY(glm_fit(c, &d, s->family, &r->fit));
	const double z90 = normal_quantile(0.95), z95 = normal_quantile(0.975);
	double *robust = arena_array(c->mem, double, cols *cols);
	r->lag = glm_lag(s->periods);
	glm_newey_west(c->mem, &d, r->fit, r->lag, robust);
	r->step = glm_ratio(r->fit, r->fit->covariance, STEP, z95);
	r->step_newey_west = glm_ratio(r->fit, robust, STEP, z95);
	if (s->slope) {
		r->slope = glm_ratio(r->fit, r->fit->covariance, FIXED, z95);
		r->slope_newey_west = glm_ratio(r->fit, robust, FIXED, z95);
	}
	double se = fmax(r->step.se, r->step_newey_west.se);
	r->low90 = exp(r->fit->beta[STEP] - z90 * se);
	r->high90 = exp(r->fit->beta[STEP] + z90 * se);
	r->low95 = exp(r->fit->beta[STEP] - z95 * se);
	r->high95 = exp(r->fit->beta[STEP] + z95 * se);
	r->trend = exp(r->fit->beta[TIME]);
	add_up(s, r);
	*out = r;
	return OK;
}
