#include "num/forecast/hawkes_area_state.h"
#include <math.h>

static const double herald_tau_d[HAWKES_HERALD_SCALES] = HAWKES_HERALD_TAU_D;

static struct hawkes_trail make_trail(struct arena *a, size_t owners, size_t scales, const double *rate)
{
	return (struct hawkes_trail){ scales, rate, arena_array(a, double, owners *scales),
		arena_array(a, int32_t, owners) };
}

static void trail_add(struct hawkes_trail *t, size_t owner, int32_t slot, double x)
{
	double *sum = t->sum + owner * t->scales;
	int32_t gap = slot + 1 - t->last[owner];
	for (size_t k = 0; k < t->scales; k++)
		if (gap >= 0)
			sum[k] = (sum[k] > 0 ? sum[k] * exp(-t->rate[k] * gap) : 0) + x;
		else
			sum[k] += x * exp(t->rate[k] * gap);
	if (gap >= 0)
		t->last[owner] = slot + 1;
}

bool hawkes_trail_read(const struct hawkes_trail *t, size_t owner, int32_t slot, double *out)
{
	const double *sum = t->sum + owner * t->scales;
	int32_t gap = slot - t->last[owner];
	bool any = false;
	for (size_t k = 0; k < t->scales; k++) {
		out[k] = sum[k] > 0 && gap > 0 ? sum[k] * exp(-t->rate[k] * gap) : sum[k];
		any |= sum[k] > 0;
	}
	return any;
}

double hawkes_scale(double rate, int32_t slot)
{
	if (slot <= 0)
		return 0;
	return rate > 0 ? expm1(-rate) / expm1(-rate * slot) : 1.0 / slot;
}

/* What one incident at each place adds to the means over the others' neighbours: the sum over them of 1 / their degree. */
static double *reach_of(struct arena *a, const struct place_edges *e, size_t places)
{
	double *reach = arena_array(a, double, places);
	for (size_t i = 0; e && i < places; i++)
		for (size_t k = e->first[i]; k < e->first[i + 1]; k++)
			reach[e->other[k]] += 1.0 / (double)(e->first[i + 1] - e->first[i]);
	return reach;
}

struct hawkes_state *hawkes_state_make(struct arena *a, struct hawkes_area *h)
{
	struct hawkes_state *s = arena_new_of(a, struct hawkes_state);
	const struct hawkes_area_options *o = &h->options;
	size_t places = h->places->count;
	double slots = o->calendar.slots;
	for (size_t k = 0; k < o->scales; k++)
		s->rate[k] = 1 / (o->tau_d[k] * slots);
	for (size_t k = 0; k < HAWKES_HERALD_SCALES; k++)
		s->herald_rate[k] = 1 / (herald_tau_d[k] * slots);
	if (o->share_half_life_d > 0)
		s->level_rate = log(2) / (o->share_level_d * slots);
	s->fade = o->level_half_life_d > 0 ? exp2(-1 / (o->level_half_life_d * slots)) : 0;
	s->neighbor_reach = reach_of(a, h->neighbors, places);
	s->rival_reach = reach_of(a, h->rivals, places);
	s->own = make_trail(a, places, o->scales, s->rate);
	s->town = make_trail(a, 1, o->scales, s->rate);
	s->near_town = make_trail(a, 1, o->scales, s->rate);
	s->rival_town = make_trail(a, 1, o->scales, s->rate);
	s->level_town = make_trail(a, 1, 1, &s->level_rate);
	s->herald = arena_array(a, struct hawkes_trail, h->kinds);
	s->herald_town = arena_array(a, struct hawkes_trail, h->kinds);
	for (size_t k = 0; k + 1 < h->kinds; k++) {
		s->herald[k] = make_trail(a, places, HAWKES_HERALD_SCALES, s->herald_rate);
		s->herald_town[k] = make_trail(a, 1, HAWKES_HERALD_SCALES, s->herald_rate);
	}
	s->factor_slot = -1;
	return s;
}

int32_t hawkes_slot_of_day(const struct hawkes_area *h, int32_t day)
{
	return (day - h->from) * (int32_t)h->options.calendar.slots;
}

int32_t hawkes_slot_of(const struct hawkes_area *h, const struct event *e)
{
	return hawkes_slot_of_day(h, e->day) + (int32_t)calendar_slot(&h->options.calendar, e);
}

double hawkes_factor(const struct hawkes_area *h, int32_t slot)
{
	int32_t slots = (int32_t)h->options.calendar.slots;
	if (slot == h->state->factor_slot)
		return h->state->factor;
	return calendar_factor(h->calendar, h->from + slot / slots, (unsigned)(slot % slots));
}

static void keep_factor(struct hawkes_area *h, int32_t slot)
{
	h->state->factor = hawkes_factor(h, slot);
	h->state->factor_slot = slot;
}

void hawkes_area_add(struct hawkes_area *h, const struct event *e)
{
	struct hawkes_state *s = h->state;
	int32_t slot = hawkes_slot_of(h, e);
	assert(slot >= 0 && e->place < h->places->count);
	if (e->kind > 0) {
		if (e->kind < h->kinds) { /* a kind that the fit did not know says nothing */
			trail_add(&s->herald[e->kind - 1], e->place, slot, 1);
			trail_add(&s->herald_town[e->kind - 1], 0, slot, 1);
		}
		return;
	}
	keep_factor(h, slot);
	double x = 1 / s->factor;
	trail_add(&s->own, e->place, slot, x);
	trail_add(&s->town, 0, slot, x);
	trail_add(&s->near_town, 0, slot, x * s->neighbor_reach[e->place]);
	trail_add(&s->rival_town, 0, slot, x * s->rival_reach[e->place]);
	trail_add(&s->level_town, 0, slot, x);
	if (h->shares)
		shares_add(h->shares, e->place, e->day, 1);
	if (slot >= s->now)
		s->came += slot >= s->learns_from;
	else if (slot >= s->learns_from)
		s->seen += pow(s->fade, s->now - slot);
}

/* Sums of a trail of the town, made rates, into TOTAL. */
static void put_totals(const struct hawkes_trail *t, int32_t slot, const double *scale, size_t at, double *total)
{
	double sum[HAWKES_SCALES_MAX];
	if (at == SIZE_MAX)
		return;
	hawkes_trail_read(t, 0, slot, sum);
	for (size_t k = 0; k < t->scales; k++)
		total[at + k] = scale[k] * sum[k];
}

struct hawkes_moment hawkes_moment(const struct hawkes_area *h, int32_t slot)
{
	const struct hawkes_state *s = h->state;
	const struct hawkes_columns *at = &s->at;
	struct hawkes_moment m = { .slot = slot, .day = h->from + slot / (int32_t)h->options.calendar.slots };
	for (size_t k = 0; k < h->options.scales; k++)
		m.scale[k] = hawkes_scale(s->rate[k], slot);
	for (size_t k = 0; k < HAWKES_HERALD_SCALES; k++)
		m.herald_scale[k] = hawkes_scale(s->herald_rate[k], INT32_MAX);
	hawkes_trail_read(&s->level_town, 0, slot, &m.level);
	m.level *= hawkes_scale(s->level_rate, slot);
	if (at->share != SIZE_MAX)
		m.total[at->share] = m.level;
	put_totals(&s->town, slot, m.scale, at->own, m.total);
	put_totals(&s->near_town, slot, m.scale, at->neighbors, m.total);
	put_totals(&s->rival_town, slot, m.scale, at->rivals, m.total);
	put_totals(&s->town, slot, m.scale, at->town, m.total);
	m.total[at->constant] = (double)h->places->count;
	for (size_t k = 0; k + 1 < h->kinds; k++)
		put_totals(&s->herald_town[k], slot, m.herald_scale, at->herald + k * HAWKES_HERALD_SCALES, m.total);
	return m;
}

/* The mean over PLACE's edges of S, into PHI. */
static void put_mean(const struct hawkes_area *h, const struct hawkes_moment *m, const struct place_edges *e,
	uint32_t place, double *phi)
{
	size_t scales = h->options.scales, degree = e->first[place + 1] - e->first[place];
	double sum[HAWKES_SCALES_MAX] = { 0 };
	memset(phi, 0, scales * sizeof *phi);
	for (size_t i = e->first[place]; i < e->first[place + 1]; i++)
		if (hawkes_trail_read(&h->state->own, e->other[i], m->slot, sum))
			for (size_t k = 0; k < scales; k++)
				phi[k] += sum[k];
	for (size_t k = 0; k < scales && degree > 0; k++)
		phi[k] *= m->scale[k] / (double)degree;
}

void hawkes_features(const struct hawkes_area *h, const struct hawkes_moment *m, uint32_t place, double *phi)
{
	const struct hawkes_state *s = h->state;
	const struct hawkes_columns *at = &s->at;
	size_t scales = h->options.scales;
	if (at->share != SIZE_MAX)
		phi[at->share] = m->level * shares_of(h->shares, place, m->day);
	if (at->own != SIZE_MAX) {
		hawkes_trail_read(&s->own, place, m->slot, phi + at->own);
		for (size_t k = 0; k < scales; k++)
			phi[at->own + k] *= m->scale[k];
	}
	if (at->neighbors != SIZE_MAX)
		put_mean(h, m, h->neighbors, place, phi + at->neighbors);
	if (at->rivals != SIZE_MAX)
		put_mean(h, m, h->rivals, place, phi + at->rivals);
	for (size_t k = 0; at->town != SIZE_MAX && k < scales; k++)
		phi[at->town + k] = m->total[at->town + k] / (double)h->places->count;
	phi[at->constant] = 1;
	for (size_t k = 0; k + 1 < h->kinds; k++) {
		double *herald = phi + at->herald + k * HAWKES_HERALD_SCALES;
		hawkes_trail_read(&s->herald[k], place, m->slot, herald);
		for (size_t i = 0; i < HAWKES_HERALD_SCALES; i++)
			herald[i] *= m->herald_scale[i];
	}
}

/* What the whole town was to expect in SLOT, c not included. */
static double expected(const struct hawkes_area *h, int32_t slot)
{
	struct hawkes_moment m = hawkes_moment(h, slot);
	double sum = 0;
	for (size_t w = 0; w < h->weights; w++)
		sum += h->weight[w].value * m.total[w];
	return sum * hawkes_factor(h, slot);
}

void hawkes_begin(struct hawkes_area *h, int32_t slot)
{
	struct hawkes_state *s = h->state;
	assert(slot >= s->now);
	while (s->now < slot) {
		s->seen = (s->seen + s->came) * s->fade;
		s->held = (s->held + s->due) * s->fade;
		s->came = 0;
		s->now++;
		keep_factor(h, s->now);
		s->due = s->now >= s->learns_from ? expected(h, s->now) : 0;
	}
}

void hawkes_feed(struct hawkes_area *h, const struct events *e, int32_t until)
{
	int32_t day = h->from + h->state->now / (int32_t)h->options.calendar.slots;
	for (size_t i = events_from(e, day); i < e->count && e->event[i].day < until; i++) {
		int32_t slot = hawkes_slot_of(h, &e->event[i]);
		if (slot > h->state->now)
			hawkes_begin(h, slot);
		hawkes_area_add(h, &e->event[i]);
	}
	hawkes_begin(h, hawkes_slot_of_day(h, until));
}

void hawkes_area_advance(struct hawkes_area *h, int32_t day)
{
	hawkes_begin(h, hawkes_slot_of_day(h, day));
}

double hawkes_area_level(const struct hawkes_area *h)
{
	const struct hawkes_state *s = h->state;
	double prior = h->options.level_events;
	if (!(h->options.level_half_life_d > 0) || !(prior + s->held > 0))
		return 1;
	return (prior + s->seen) / (prior + s->held);
}

double hawkes_area_rate(const struct hawkes_area *h, uint32_t place)
{
	double phi[HAWKES_WEIGHTS_MAX], sum = 0;
	struct hawkes_moment m = hawkes_moment(h, h->state->now);
	hawkes_features(h, &m, place, phi);
	for (size_t w = 0; w < h->weights; w++)
		sum += h->weight[w].value * phi[w];
	return hawkes_area_level(h) * hawkes_factor(h, h->state->now) * sum;
}
