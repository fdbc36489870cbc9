#include "num/evaluate/evaluate_counterfactual.h"
#include "num/stats/special.h"
#include <math.h>

enum mark { CONTROL, TREATED, RING, OUT };

/* One evaluation at work. Memory that a round of placebos uses is of ROUND. */
struct job {
	struct ctx *c;
	struct arena *round;
	const struct evaluate_panel *p;
	struct counterfactual_options o;
	const size_t *treated;
	size_t count, start, window;
	const bool *leave_out;
	struct rng lots;
	struct counterfactual *r;
};

static struct counterfactual_options with_defaults(const struct counterfactual_options *o)
{
	struct counterfactual_options d = *o;
	d.spike_periods = o->spike_periods ? o->spike_periods : 8;
	d.placebo_step = o->placebo_step ? o->placebo_step : 13;
	d.history_min = o->history_min ? o->history_min : 104;
	d.placebos_min = o->placebos_min ? o->placebos_min : 8;
	if (d.history_min <= d.spike_periods)
		d.history_min = d.spike_periods + 1;
	return d;
}

static void mark_set(
	const struct evaluate_panel *p, const size_t *place, size_t count, const bool *leave_out, enum mark *mark)
{
	for (size_t i = 0; i < p->places; i++)
		mark[i] = leave_out && leave_out[i] ? OUT : CONTROL;
	for (size_t k = 0; k < count; k++)
		mark[place[k]] = TREATED;
	const struct evaluate_panel_options *n = &p->options;
	for (size_t k = 0; n->start && k < count; k++)
		for (size_t e = n->start[place[k]]; e < n->start[place[k] + 1]; e++)
			if (mark[n->neighbour[e]] == CONTROL)
				mark[n->neighbour[e]] = RING;
}

/* The places marked WHICH over LENGTH periods from AT, beside the controls in periods FROM to FROM + LENGTH - 1. */
static struct counterfactual_count count_marked(const struct evaluate_panel *p, const enum mark *mark, enum mark which,
	const double *share, double weight, size_t from, size_t to)
{
	struct counterfactual_count n = { .share_weight = weight };
	for (size_t i = 0; i < p->places; i++)
		if (mark[i] == which) {
			n.observed += evaluate_count(p, i, from, to);
			n.share += share[i];
		} else if (mark[i] == CONTROL) {
			n.control_observed += evaluate_count(p, i, from, to);
			n.control_share += share[i];
		}
	n.expected = n.control_share > 0 ? n.control_observed / n.control_share * n.share : 0;
	return n;
}

static struct counterfactual_count count_set(
	struct job *j, const size_t *place, const bool *leave_out, size_t at, struct counterfactual_count *ring)
{
	enum mark *mark = arena_array(j->round, enum mark, j->p->places);
	double *share = arena_array(j->round, double, j->p->places);
	mark_set(j->p, place, j->count, leave_out, mark);
	double weight = evaluate_shares(j->p, at, share);
	if (ring)
		*ring = count_marked(j->p, mark, RING, share, weight, at, at + j->window);
	return count_marked(j->p, mark, TREATED, share, weight, at, at + j->window);
}

static double log_ratio(double observed, double expected)
{
	return log((observed + 0.5) / (expected + 0.5));
}

/* False where the controls of the set had no event. */
static bool placebo_of(
	struct job *j, const size_t *place, const bool *leave_out, size_t at, struct counterfactual_placebo *out)
{
	struct counterfactual_count n = count_set(j, place, leave_out, at, NULL);
	*out = (struct counterfactual_placebo){ at, n.observed, n.expected, log_ratio(n.observed, n.expected) };
	return n.expected > 0;
}

static void placebos_in_time(struct job *j)
{
	struct counterfactual *r = j->r;
	if (j->start < j->window + j->o.history_min)
		return;
	size_t free = j->p->places;
	for (size_t i = 0; i < j->p->places; i++)
		free -= j->leave_out && j->leave_out[i];
	if (free < j->count)
		return; /* nowhere else could have been chosen */
	size_t last = j->start - j->window, count = (last - j->o.history_min) / j->o.placebo_step + 1;
	r->placebo = arena_array(j->c->mem, struct counterfactual_placebo, count);
	size_t *set = arena_array(j->c->mem, size_t, j->count);
	for (size_t k = 0; k < count; k++) {
		size_t at = last - k * j->o.placebo_step;
		arena_reset(j->round);
		evaluate_select(j->round, j->p, at, &j->o, j->leave_out, &j->lots, j->count, set);
		if (placebo_of(j, set, j->leave_out, at, &r->placebo[r->placebo_count]))
			r->placebo_count++;
	}
}

static void calibrate(struct job *j)
{
	struct counterfactual *r = j->r;
	double n = (double)r->placebo_count, chance = 0;
	if (r->placebo_count < j->o.placebos_min || r->placebo_count < 2)
		return;
	for (size_t k = 0; k < r->placebo_count; k++) {
		r->bias += r->placebo[k].log_ratio / n;
		chance += 1 / r->placebo[k].expected / n;
	}
	for (size_t k = 0; k < r->placebo_count; k++) {
		double miss = r->placebo[k].log_ratio - r->bias;
		r->tau2 += miss * miss / (n - 1);
	}
	r->omega2 = fmax(0, r->tau2 - chance);
	r->calibrated = true;
}

/* SE(e^X)^2 of the header. */
static double variance(const struct counterfactual *r, double x)
{
	double of_chance = r->omega2 + exp(-x) / fmax(r->count.expected, 1e-6);
	double of_bias = r->calibrated ? r->tau2 / (2 * (double)r->placebo_count) : 0;
	return fmax(r->tau2, of_chance) + of_bias;
}

/* The end, on the side of SIGN, of the ln(theta) that are within Z standard errors of L: the first crossing as one walks away
 * from L, then halved. Downwards there may be none: as theta falls, chance grows. */
static double end_of(const struct counterfactual *r, double l, double z, double sign)
{
	const double step = 0.02, far = 40;
	double in = 0, out = step;
	while (out < far && out <= z * sqrt(variance(r, l + sign * out))) {
		in = out;
		out += step;
	}
	if (out >= far)
		return sign < 0 ? 0 : INFINITY;
	for (int i = 0; i < 50; i++) {
		double middle = 0.5 * (in + out);
		if (middle <= z * sqrt(variance(r, l + sign * middle)))
			in = middle;
		else
			out = middle;
	}
	return exp(l + sign * in);
}

static double detectable(const struct counterfactual *r)
{
	const double z = normal_quantile(0.975), power = normal_quantile(0.8), step = 0.01;
	double need = z * sqrt(variance(r, 0)), in = 0, out = step;
	while (out < 40 && out < need + power * sqrt(variance(r, -out))) {
		in = out;
		out += step;
	}
	if (out >= 40)
		return 0;
	for (int i = 0; i < 50; i++) {
		double middle = 0.5 * (in + out);
		if (middle < need + power * sqrt(variance(r, -middle)))
			in = middle;
		else
			out = middle;
	}
	return exp(-out);
}

static void estimate(struct counterfactual *r)
{
	const double z90 = normal_quantile(0.95), z95 = normal_quantile(0.975);
	double l = log_ratio(r->count.observed, r->count.expected);
	r->ratio = exp(l);
	l -= r->bias;
	r->estimate = exp(l);
	r->log_se = sqrt(variance(r, 0));
	r->below_one = normal_cdf(-l / r->log_se);
	r->detectable = detectable(r);
	r->interval = (struct counterfactual_interval){ end_of(r, l, z90, -1), end_of(r, l, z90, 1),
		end_of(r, l, z95, -1), end_of(r, l, z95, 1) };
}

/* For each treated place one of the ten controls of nearest share that the set has not yet, by lot. False: too few controls. */
static bool draw_alike(struct job *j, const double *share, bool *taken, size_t *set)
{
	enum { NEAREST = 10 };
	for (size_t k = 0; k < j->count; k++) {
		size_t near[NEAREST], found = 0;
		double own = log(share[j->treated[k]] + 1e-12);
		for (size_t i = 0; i < j->p->places; i++) {
			if (taken[i])
				continue;
			double far = fabs(log(share[i] + 1e-12) - own);
			size_t to = found < NEAREST ? found++ : NEAREST;
			while (to > 0 && far < fabs(log(share[near[to - 1]] + 1e-12) - own)) {
				if (to < NEAREST)
					near[to] = near[to - 1];
				to--;
			}
			if (to < NEAREST)
				near[to] = i;
		}
		if (found == 0)
			return false;
		set[k] = near[rng_below(&j->lots, found)];
		taken[set[k]] = true;
	}
	return true;
}

/* Sets of controls as large as the treated one, over the same periods. */
static void placebos_in_space(struct job *j)
{
	struct counterfactual *r = j->r;
	const struct evaluate_panel *p = j->p;
	struct arena *mem = j->c->mem;
	enum mark *mark = arena_array(mem, enum mark, p->places);
	double *share = arena_array(mem, double, p->places);
	bool *out = arena_array(mem, bool, p->places), *taken = arena_array(mem, bool, p->places);
	size_t *set = arena_array(mem, size_t, j->count);
	mark_set(p, j->treated, j->count, j->leave_out, mark);
	evaluate_shares(p, j->start, share);
	for (size_t i = 0; i < p->places; i++)
		out[i] = mark[i] != CONTROL;
	r->space = arena_array(mem, struct counterfactual_placebo, j->o.space_count);
	for (size_t k = 0; k < j->o.space_count; k++) {
		arena_reset(j->round);
		memcpy(taken, out, p->places * sizeof *taken);
		if (!draw_alike(j, share, taken, set))
			return;
		if (placebo_of(j, set, out, j->start, &r->space[r->space_count]))
			r->space_count++;
	}
}

/* How far from MIDDLE in standard errors of chance and what the placebos vary beyond it. */
static double distance(const struct counterfactual *r, double l, double middle, double expected)
{
	return fabs(l - middle) / sqrt(r->omega2 + 1 / fmax(expected, 1e-6));
}

static size_t count_farther(const struct counterfactual *r, const struct counterfactual_placebo *placebo, size_t count,
	double middle, double own)
{
	size_t farther = 0;
	for (size_t k = 0; k < count; k++)
		farther += distance(r, placebo[k].log_ratio, middle, placebo[k].expected) >= own;
	return farther;
}

static void rank_among_placebos(struct counterfactual *r)
{
	double l = log(r->ratio), middle = 0;
	double own = distance(r, l, r->bias, r->count.expected);
	for (size_t k = 0; k < r->space_count; k++)
		middle += r->space[k].log_ratio / (double)r->space_count;
	size_t time = count_farther(r, r->placebo, r->placebo_count, r->bias, own);
	size_t space = count_farther(r, r->space, r->space_count, middle, own);
	size_t all = r->placebo_count + r->space_count;
	r->p_time = r->placebo_count ? (double)(time + 1) / (double)(r->placebo_count + 1) : NAN;
	r->p_space = r->space_count ? (double)(space + 1) / (double)(r->space_count + 1) : NAN;
	r->p_value = all ? (double)(time + space + 1) / (double)(all + 1) : NAN;
}

static enum err check(struct ctx *c, const struct evaluate_panel *p, const size_t *treated, size_t count, size_t start)
{
	if (count == 0)
		return FAIL(c, ERR_INPUT, "no place is treated");
	if (start == 0)
		return FAIL(c, ERR_INPUT, "nothing is known from before the start");
	if (count >= p->places)
		return FAIL(c, ERR_INPUT, "every place is treated: there is no control");
	for (size_t k = 0; k < count; k++)
		assert(treated[k] < p->places);
	return OK;
}

static struct job job_of(struct ctx *c, const struct evaluate_panel *p, const struct counterfactual_options *o)
{
	struct job j = { .c = c, .p = p, .o = with_defaults(o), .lots = rng_seeded(o->seed) };
	j.round = arena_new_within(c->mem, p->places * 64 + 4096);
	j.r = arena_new_of(c->mem, struct counterfactual);
	return j;
}

enum err counterfactual_run(struct ctx *c, const struct evaluate_panel *p, const size_t *treated, size_t count,
	size_t start, size_t window, const bool *leave_out, const struct counterfactual_options *o,
	struct counterfactual **out)
{
	TRY(check(c, p, treated, count, start));
	if (window == 0 || start + window > p->periods)
		return FAIL(c, ERR_INPUT, "the window of %zu periods does not lie within the data", window);
	struct job j = job_of(c, p, o);
	j.treated = treated;
	j.count = count;
	j.start = start;
	j.window = window;
	j.leave_out = leave_out;
	j.r->count = count_set(&j, treated, leave_out, start, &j.r->ring);
	if (!(j.r->count.control_share > 0))
		return FAIL(c, ERR_INPUT, "there is no control: every other place is a neighbour or left out");
	if (!(j.r->count.expected > 0))
		return FAIL(c, ERR_INPUT, "the controls had no event in the window: there is no level to compare with");
	enum mark *mark = arena_array(j.round, enum mark, p->places);
	mark_set(p, treated, count, leave_out, mark);
	for (size_t i = 0; i < p->places; i++)
		j.r->ring_places += mark[i] == RING;
	placebos_in_time(&j);
	calibrate(&j);
	estimate(j.r);
	if (j.o.space_count)
		placebos_in_space(&j);
	rank_among_placebos(j.r);
	*out = j.r;
	return OK;
}

enum err counterfactual_plan(struct ctx *c, const struct evaluate_panel *p, const size_t *treated, size_t count,
	size_t window, const bool *leave_out, const struct counterfactual_options *o, struct counterfactual **out)
{
	TRY(check(c, p, treated, count, p->periods));
	if (window == 0 || window > p->periods)
		return FAIL(c, ERR_INPUT, "the window of %zu periods is longer than the data", window);
	struct job j = job_of(c, p, o);
	j.treated = treated;
	j.count = count;
	j.start = p->periods;
	j.window = window;
	j.leave_out = leave_out;
	/* The level of the last window, with the shares of now. */
	enum mark *mark = arena_array(j.round, enum mark, p->places);
	double *share = arena_array(j.round, double, p->places);
	mark_set(p, treated, count, leave_out, mark);
	double weight = evaluate_shares(p, p->periods, share);
	j.r->count = count_marked(p, mark, TREATED, share, weight, p->periods - window, p->periods);
	if (!(j.r->count.expected > 0))
		return FAIL(c, ERR_INPUT,
			"the other places had no event in the last %zu periods: nothing can be detected", window);
	placebos_in_time(&j);
	calibrate(&j);
	j.r->log_se = sqrt(variance(j.r, 0));
	j.r->detectable = detectable(j.r);
	*out = j.r;
	return OK;
}
