#include "num/forecast/hawkes_point_state.h"
#include <math.h>

struct hawkes_point_options hawkes_point_options_default(double cell_m)
{
	return (struct hawkes_point_options){
		.cell_m = cell_m,
		.scales = 6,
		.widths = 4,
		.tau_d = {3,         14, 60, 365, 1460, INFINITY },
		.sigma_m = { 120, 400,  1200, 4000},
		.burn_d = 730,
		.level_half_life_d = 91,
		.level_events = 20,
		.short_mean = 0.1,
		.calendar = calendar_options_default()
	};
}

static bool ascending(const double *value, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (!(value[i] > value[i - 1]))
			return false;
	return value[0] > 0;
}

static enum err check_options(struct ctx *c, const struct hawkes_point_options *o)
{
	if (!(o->cell_m > 0) || !isfinite(o->cell_m))
		return FAIL(c, ERR_INPUT, "the side of a cell must be a length");
	if (o->scales == 0 || o->scales > HAWKES_SCALES_MAX || o->widths == 0 || o->widths > HAWKES_WIDTHS_MAX)
		return FAIL(c, ERR_INPUT, "1 to %d memories and 1 to %d widths are possible", HAWKES_SCALES_MAX,
			HAWKES_WIDTHS_MAX);
	if (!ascending(o->tau_d, o->scales) || !ascending(o->sigma_m, o->widths))
		return FAIL(c, ERR_INPUT, "memories and widths must be positive and ascend");
	if (o->sigma_m[0] < o->cell_m / 16 || !(o->sigma_m[o->widths - 1] <= GRID_SIGMA_M * o->cell_m))
		return FAIL(c, ERR_INPUT, "widths must be from 1/16 to %d sides of a cell", GRID_SIGMA_M);
	if (!(o->burn_d >= 0) || !(o->level_half_life_d >= 0) || !(o->level_events >= 0))
		return FAIL(c, ERR_INPUT, "spans of days and counts must not be negative");
	return OK;
}

enum err hawkes_point_make(struct ctx *c, const struct cells *cells, const struct hawkes_point_options *o, int32_t from,
	struct hawkes_point **out)
{
	TRY(check_options(c, o));
	struct hawkes_point *h = arena_new_of(c->mem, struct hawkes_point);
	struct hawkes_point_state *s = arena_new_of(c->mem, struct hawkes_point_state);
	*h = (struct hawkes_point){
		.options = *o, .weights = o->scales * o->widths + 1, .size = INFINITY, .from = from, .state = s
	};
	TRY(grid_make(c, cells, o->cell_m, &h->grid));
	s->day = from;
	for (size_t k = 0; k < o->scales; k++)
		s->rate[k] = 1 / o->tau_d[k];
	for (size_t l = 0; l < o->widths; l++) {
		s->field[l] = hawkes_field_make(c->mem, h->grid, o->sigma_m[l], s->rate, o->scales);
		s->blur[l] = grid_blur_make(c->mem, h->grid, o->sigma_m[l]);
		for (size_t k = 0; k < o->scales; k++)
			h->weight[l * o->scales + k] = (struct hawkes_point_weight){
				.tau_d = o->tau_d[k], .sigma_m = o->sigma_m[l], .se = NAN
			};
	}
	h->weight[h->weights - 1].se = NAN;
	*out = h;
	return OK;
}

enum err hawkes_point_given(struct ctx *c, const struct cells *cells, const struct hawkes_point_options *o,
	int32_t from, struct calendar *calendar, const double *value, struct hawkes_point **out)
{
	TRY(hawkes_point_make(c, cells, o, from, out));
	(*out)->calendar = calendar;
	for (size_t m = 0; m < (*out)->weights; m++)
		(*out)->weight[m].value = value[m];
	return OK;
}

double hawkes_point_time(const struct hawkes_point *h, const struct event *e)
{
	double share = e->second < 0 ? 1 - 0.5 / h->calendar->options.slots : (double)e->second / DAY_SECONDS;
	return (double)e->day - h->from + share;
}

double hawkes_point_norm(double rate, double t)
{
	double past = t > 1 ? t : 1;
	return rate > 0 ? rate / -expm1(-rate * past) : 1 / past;
}

double hawkes_point_elapsed(double rate, double t)
{
	return rate > 0 ? -expm1(-rate * t) / rate : t;
}

void hawkes_point_day(const struct hawkes_point *h, int32_t day, struct hawkes_point_day *out)
{
	unsigned slots = h->calendar->options.slots;
	double nu[CALENDAR_SLOTS_MAX], middle = (double)day - h->from + 0.5;
	calendar_factors(h->calendar, day, 1, nu);
	*out = (struct hawkes_point_day){ 0 };
	for (unsigned i = 0; i < slots; i++)
		out->factor += nu[i] / slots;
	for (size_t k = 0; k < h->options.scales; k++) {
		double q = h->state->rate[k], norm = hawkes_point_norm(q, middle);
		for (unsigned i = 0; i < slots; i++)
			out->span[k] += norm * nu[i] * exp(-q * i / slots) * hawkes_point_elapsed(q, 1.0 / slots);
		out->same[k] = norm * (q > 0 ? (1 - hawkes_point_elapsed(q, 1)) / q : 0.5);
		out->keep[k] = exp(-q);
		out->left[k] = hawkes_point_elapsed(q, 1) / out->factor;
	}
}

/* The sum over all widths of the weights of memory K. */
static double weight_of_memory(const struct hawkes_point *h, size_t k)
{
	double sum = 0;
	for (size_t l = 0; l < h->options.widths; l++)
		sum += h->weight[l * h->options.scales + k].value;
	return sum;
}

/* What the whole town was to expect of the present day at its midnight, level aside. */
static double expected_today(const struct hawkes_point *h, const struct hawkes_point_day *d)
{
	double first = h->weight[h->weights - 1].value * d->factor, again = 0;
	for (size_t k = 0; k < h->options.scales; k++) {
		double weight = weight_of_memory(h, k);
		first += weight * d->span[k] * h->state->total[k];
		again += weight * d->same[k];
	}
	return first * (1 + again);
}

void hawkes_point_advance(struct hawkes_point *h, int32_t day)
{
	struct hawkes_point_state *s = h->state;
	double half_life = h->options.level_half_life_d, keep = half_life > 0 ? exp2(-1 / half_life) : 0;
	struct hawkes_point_day d;
	assert(day >= s->day);
	for (; s->day < day; s->day++) {
		hawkes_point_day(h, s->day, &d);
		s->expected = (s->expected + expected_today(h, &d)) * keep;
		s->observed = (s->observed + s->observed_today) * keep;
		s->observed_today = 0;
		for (size_t k = 0; k < h->options.scales; k++) {
			s->total[k] = s->total[k] * d.keep[k] + s->today[k];
			s->today[k] = 0;
		}
	}
}

/* Totals and level learn of an incident. */
static void count_in(struct hawkes_point *h, const struct event *e, double t, double w)
{
	struct hawkes_point_state *s = h->state;
	if (e->day > s->day)
		hawkes_point_advance(h, e->day);
	bool late = e->day < s->day;
	double ago = (double)s->day - h->from + (late ? 0 : 1) - t;
	for (size_t k = 0; k < h->options.scales; k++)
		*(late ? &s->total[k] : &s->today[k]) += w * exp(-s->rate[k] * ago);
	if (!late)
		s->observed_today++;
	else if (h->options.level_half_life_d > 0)
		s->observed += exp2((double)(e->day - s->day) / h->options.level_half_life_d);
}

static double weight_of_event(const struct hawkes_point *h, const struct event *e)
{
	return 1 / calendar_factor(h->calendar, e->day, calendar_slot(&h->calendar->options, e));
}

void hawkes_point_add(struct hawkes_point *h, const struct event *e)
{
	if (e->kind != 0)
		return;
	if (grid_find(h->grid, e->x_m, e->y_m) == GRID_NONE) {
		h->outside++;
		return;
	}
	double t = hawkes_point_time(h, e), w = weight_of_event(h, e);
	assert(t >= 0);
	for (size_t l = 0; l < h->options.widths; l++)
		hawkes_field_add(h->state->field[l], e->x_m, e->y_m, t, w);
	count_in(h, e, t, w);
}

void hawkes_point_replay(struct hawkes_point *h, const struct events *e, int32_t until)
{
	struct hawkes_point_state *s = h->state;
	s->day = h->from;
	s->observed = s->expected = s->observed_today = 0;
	memset(s->total, 0, sizeof s->total);
	memset(s->today, 0, sizeof s->today);
	for (size_t i = events_from(e, h->from); i < e->count && e->event[i].day < until; i++) {
		const struct event *x = &e->event[i];
		if (x->kind == 0 && grid_find(h->grid, x->x_m, x->y_m) != GRID_NONE)
			count_in(h, x, hawkes_point_time(h, x), weight_of_event(h, x));
	}
	hawkes_point_advance(h, until);
}

double hawkes_point_level(const struct hawkes_point *h)
{
	const struct hawkes_point_state *s = h->state;
	double a = h->options.level_events;
	if (!(h->options.level_half_life_d > 0) || !(a + s->expected > 0))
		return 1;
	return (a + s->observed) / (a + s->expected);
}

double hawkes_point_branching(const struct hawkes_point *h)
{
	double sum = 0;
	for (size_t k = 0; k < h->options.scales && h->options.tau_d[k] <= HAWKES_SHORT_D; k++)
		sum += weight_of_memory(h, k);
	return sum;
}
