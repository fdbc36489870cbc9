#include "num/forecast/hawkes_area_state.h"
#include "num/stats/weights.h"
#include <math.h>

enum { SPAN_MIN = 28, SIZE_WEEKS_MAX = 52, SIZE_WEEKS_MIN = 8, WEEK = 7 };

/* What the constant is taken to have caused before anything is known. */
#define UNEXPLAINED 0.5

static_assert((int)HAWKES_WEIGHTS_MAX <= (int)WEIGHTS_MAX, "weights.h takes all weights");
static_assert((int)HAWKES_STEPS_MAX == (int)WEIGHTS_STEPS_MAX, "its trace fits");

static enum err check(struct ctx *c, const struct hawkes_area_data *d, const struct hawkes_area_options *o,
	int32_t from, int32_t until)
{
	if (until - from < SPAN_MIN)
		return FAIL(
			c, ERR_INPUT, "%d days are too few to learn from; it takes %d", (int)(until - from), SPAN_MIN);
	if (o->scales < 1 || o->scales > HAWKES_SCALES_MAX)
		return FAIL(c, ERR_INPUT, "%zu memories; there may be 1 to %d", o->scales, HAWKES_SCALES_MAX);
	for (size_t k = 0; k < o->scales; k++)
		if (!(o->tau_d[k] > (k ? o->tau_d[k - 1] : 0)))
			return FAIL(c, ERR_INPUT, "memories must ascend from above 0");
	if (o->share_half_life_d > 0 && !(o->share_level_d > 0))
		return FAIL(c, ERR_INPUT, "the level of shares must have a memory");
	if (!(o->share_half_life_d >= 0) || !(o->level_half_life_d >= 0) || !(o->level_events >= 0) ||
		o->calendar.slots < 1 || o->calendar.slots > CALENDAR_SLOTS_MAX || 24 % o->calendar.slots != 0)
		return FAIL(c, ERR_INPUT, "half-lives and prior events must be 0 or more, slots a part of 24");
	if ((d->neighbors && d->neighbors->places != d->places->count) ||
		(d->rivals && d->rivals->places != d->places->count))
		return FAIL(c, ERR_INPUT, "neighbours and rivals must be of these places");
	return OK;
}

/* The incidents of the fit as rows of features, and what the features sum to; there is room for one row more. */
struct sample {
	size_t rows;
	double *feature, *count;
	double *total;
	int32_t *row_slot; /* [places]: slot of the place's newest row */
	size_t *row_of;    /* [places]: that row */
};

/* Reads the incidents of one slot, events[FIRST, LAST), as rows. Where shares can explain one the constant is held responsible
 * for nothing: shares are shrunken, so what is spread evenly is in them already, and more of it while they are young. */
static void read_slot(struct hawkes_area *h, const struct events *e, size_t first, size_t last,
	const struct hawkes_moment *m, double factor, struct sample *s)
{
	const struct hawkes_columns *at = &h->state->at;
	for (size_t i = first; i < last; i++) {
		uint32_t place = e->event[i].place;
		if (e->event[i].kind != 0)
			continue;
		if (s->row_slot[place] != m->slot + 1) {
			double *phi = s->feature + s->rows * h->weights;
			s->row_slot[place] = m->slot + 1;
			s->row_of[place] = s->rows++;
			hawkes_features(h, m, place, phi);
			if (h->shares && phi[at->share] > 0)
				phi[at->constant] = 0;
			for (size_t w = 0; w < h->weights; w++)
				phi[w] *= factor;
		}
		s->count[s->row_of[place]]++;
	}
}

static void read_sample(struct arena *a, struct hawkes_area *h, const struct events *e, int32_t until, struct sample *s)
{
	size_t i = events_from(e, h->from), rows = 0;
	int32_t settled = hawkes_slot_of_day(h, h->settled), end = hawkes_slot_of_day(h, until);
	for (size_t k = events_from(e, h->settled); k < e->count && e->event[k].day < until; k++)
		rows += e->event[k].kind == 0;
	s->feature = arena_array(a, double, (rows + 1) * h->weights);
	s->count = arena_array(a, double, rows + 1);
	s->total = arena_array(a, double, h->weights);
	s->row_slot = arena_array(a, int32_t, h->places->count);
	s->row_of = arena_array(a, size_t, h->places->count);
	for (int32_t slot = 0; slot < end; slot++) {
		size_t last = i;
		hawkes_begin(h, slot);
		while (last < e->count && hawkes_slot_of(h, &e->event[last]) == slot)
			last++;
		if (slot >= settled) {
			struct hawkes_moment m = hawkes_moment(h, slot);
			double factor = hawkes_factor(h, slot);
			for (size_t w = 0; w < h->weights; w++)
				s->total[w] += factor * m.total[w];
			read_slot(h, e, i, last, &m, factor, s);
		}
		for (; i < last; i++)
			hawkes_area_add(h, &e->event[i]);
	}
}

/* The rates of the exponential priors: weights that share a mean have as many times its inverse. */
static void set_penalties(struct hawkes_area *h, double *penalty)
{
	size_t shorts = 0;
	for (size_t w = 0; w < h->weights; w++)
		shorts += hawkes_short(&h->weight[w]) && h->weight[w].family != HAWKES_HERALD;
	for (size_t w = 0; w < h->weights; w++) {
		bool herald = h->weight[w].family == HAWKES_HERALD;
		if (h->options.short_mean > 0 && (herald || hawkes_short(&h->weight[w])))
			penalty[w] = (herald ? HAWKES_HERALD_SCALES : (double)shorts) / h->options.short_mean;
	}
}

static bool same_weights(const struct hawkes_area *a, const struct hawkes_area *b)
{
	bool same = a->weights == b->weights;
	for (size_t w = 0; same && w < a->weights; w++)
		same = a->weight[w].family == b->weight[w].family && a->weight[w].kind == b->weight[w].kind &&
		       !(a->weight[w].tau_d < b->weight[w].tau_d) && !(a->weight[w].tau_d > b->weight[w].tau_d);
	return same;
}

/* Shares alone are taken at their word, the level c corrects the rest: a factor fitted where the town's mean was still running in
 * would be one of those months, and no other's. */
static void keep_share(
	const struct weights_problem *p, const struct hawkes_columns *at, double *value, struct weights_fit *out)
{
	value[at->share] = 1;
	value[at->constant] = UNEXPLAINED / p->total[at->constant];
	*out = (struct weights_fit){ .log_likelihood = -p->total[at->share] - UNEXPLAINED };
	for (size_t r = 0; r < p->rows; r++) {
		const double *phi = p->feature + r * p->cols;
		out->log_likelihood += p->count[r] *
				       log(value[at->share] * phi[at->share] + value[at->constant] * phi[at->constant]);
	}
	out->penalized = out->trace[0] = out->log_likelihood;
}

static void fit_weights(struct arena *a, struct arena *scratch, struct hawkes_area *h, const struct sample *s,
	const struct hawkes_area *before)
{
	double value[HAWKES_WEIGHTS_MAX] = { 0 }, penalty[HAWKES_WEIGHTS_MAX] = { 0 }, se[HAWKES_WEIGHTS_MAX];
	struct weights_fit fit;
	size_t constant = h->state->at.constant;
	/* The prior of the constant, as half an incident that nothing else explains: without it a place that has had none
	 * could be held to be impossible. */
	s->feature[s->rows * h->weights + constant] = 1;
	s->count[s->rows] = UNEXPLAINED;
	set_penalties(h, penalty);
	for (size_t w = 0; before && same_weights(h, before) && w < h->weights; w++)
		value[w] = before->weight[w].value;
	struct weights_problem problem = { s->rows + 1, h->weights, s->feature, s->count, s->total, penalty };
	if (h->shares && h->weights == 2)
		keep_share(&problem, &h->state->at, value, &fit);
	else
		weights_fit(scratch, &problem, value, &fit);
	h->information = arena_array(a, double, h->weights * h->weights);
	weights_information(&problem, value, h->information);
	weights_errors(scratch, h->information, value, h->weights, se);
	for (size_t w = 0; w < h->weights; w++) {
		h->weight[w].value = value[w];
		h->weight[w].se = se[w];
		h->weight[w].total = s->total[w];
		h->weight[w].penalty = penalty[w];
	}
	h->rows = s->rows;
	h->log_likelihood = fit.log_likelihood - UNEXPLAINED * log(value[constant]);
	h->penalized = fit.penalized;
	h->steps = fit.steps;
	memcpy(h->trace, fit.trace, sizeof h->trace);
}

static double fitted_kappa(
	struct arena *scratch, const struct hawkes_area_data *d, double half_life_d, int32_t from, int32_t until)
{
	struct shares *s = shares_make(scratch, d->places, half_life_d);
	const struct events *e = d->events;
	for (size_t i = events_from(e, from); i < e->count && e->event[i].day < until; i++)
		if (e->event[i].kind == 0)
			shares_add(s, e->event[i].place, e->event[i].day, 1);
	shares_fit_kappa(s, until);
	return s->kappa;
}

/* Begins the state anew and leads it to UNTIL; on the way the last weeks tell how much counts vary about their means. */
static void replay(struct arena *a, struct arena *scratch, struct hawkes_area *h, const struct hawkes_area_data *d,
	int32_t until, double kappa)
{
	struct hawkes_columns at = h->state->at;
	h->state = hawkes_state_make(a, h);
	h->state->at = at;
	h->state->learns_from = hawkes_slot_of_day(h, h->settled);
	if (h->shares) {
		h->shares = shares_make(a, d->places, h->options.share_half_life_d);
		h->shares->kappa = kappa;
	}
	int32_t weeks = (until - h->settled) / (2 * WEEK);
	weeks = weeks > SIZE_WEEKS_MAX ? SIZE_WEEKS_MAX : weeks;
	if (weeks >= SIZE_WEEKS_MIN) {
		struct hawkes_windows *w = hawkes_area_roll(scratch, h, d, until - weeks * WEEK, until, WEEK, WEEK);
		h->size = hawkes_size_fit(w->mean, w->observed, w->count * w->places);
	}
	hawkes_feed(h, d->events, until);
}

enum err hawkes_area_fit(struct ctx *c, const struct hawkes_area_data *d, const struct hawkes_area_options *o,
	int32_t from, int32_t until, const struct hawkes_area *before, struct hawkes_area **out)
{
	TRY(check(c, d, o, from, until));
	struct arena *scratch = arena_new(1 << 16);
	struct hawkes_area *h = hawkes_make(c->mem, d, o, from);
	struct sample s = { 0 };
	double kappa = 0;
	h->settled = from + ((until - from) / 3 < HAWKES_SETTLE_D ? (until - from) / 3 : HAWKES_SETTLE_D);
	h->calendar = calendar_fit(c->mem, d->events, from, until, &o->calendar);
	if (h->shares)
		h->shares->kappa = kappa = fitted_kappa(scratch, d, o->share_half_life_d, from, until);
	h->state->learns_from = INT32_MAX; /* without weights there is nothing to expect yet */
	read_sample(scratch, h, d->events, until, &s);
	if (s.rows > 0) {
		fit_weights(c->mem, scratch, h, &s, before);
		replay(c->mem, scratch, h, d, until, kappa);
		*out = h;
	}
	arena_free(scratch);
	if (s.rows == 0)
		return FAIL(c, ERR_INPUT,
			"there is no incident to learn from; the first third, or two years, only fill the memories");
	return OK;
}
