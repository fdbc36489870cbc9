#include "num/forecast/hawkes_area_state.h"
#include <math.h>

struct hawkes_area_options hawkes_area_options_default(void)
{
	return (struct hawkes_area_options){
		.scales = 6,
		.tau_d = {3, 14, 60, 365, 1460, INFINITY},
		.own = true,
		.neighbors = true,
		.town = true,
		.share_half_life_d = 1461,
		.share_level_d = 365,
		.level_half_life_d = 26 * 7,
		.level_events = 20,
		.short_mean = 0.1,
		.calendar = calendar_options_default()
	};
}

static void put_weight(struct hawkes_area *h, enum hawkes_family family, double tau_d, uint32_t kind)
{
	assert(h->weights < HAWKES_WEIGHTS_MAX);
	h->weight[h->weights++] = (struct hawkes_weight){ .family = family, .tau_d = tau_d, .kind = kind, .se = NAN };
}

static size_t put_family(struct hawkes_area *h, bool wanted, enum hawkes_family family)
{
	if (!wanted)
		return SIZE_MAX;
	size_t at = h->weights;
	for (size_t k = 0; k < h->options.scales; k++)
		put_weight(h, family, h->options.tau_d[k], 0);
	return at;
}

static void put_weights(struct hawkes_area *h, struct hawkes_columns *at)
{
	static const double herald_tau_d[HAWKES_HERALD_SCALES] = HAWKES_HERALD_TAU_D;
	const struct hawkes_area_options *o = &h->options;
	at->share = SIZE_MAX;
	if (o->share_half_life_d > 0) {
		at->share = h->weights;
		put_weight(h, HAWKES_SHARE, 0, 0);
	}
	at->own = put_family(h, o->own, HAWKES_OWN);
	at->neighbors = put_family(h, o->neighbors && h->neighbors, HAWKES_NEIGHBORS);
	at->rivals = put_family(h, o->rivals && h->rivals, HAWKES_RIVALS);
	at->town = put_family(h, o->town, HAWKES_TOWN);
	at->constant = h->weights;
	put_weight(h, HAWKES_CONSTANT, 0, 0);
	at->herald = h->weights;
	for (uint32_t kind = 1; kind < h->kinds; kind++)
		for (size_t k = 0; k < HAWKES_HERALD_SCALES; k++)
			put_weight(h, HAWKES_HERALD, herald_tau_d[k], kind);
}

struct hawkes_area *hawkes_make(
	struct arena *a, const struct hawkes_area_data *d, const struct hawkes_area_options *o, int32_t from)
{
	struct hawkes_area *h = arena_new_of(a, struct hawkes_area);
	struct hawkes_columns at;
	*h = (struct hawkes_area){ .options = *o,
		.places = d->places,
		.neighbors = d->neighbors,
		.rivals = d->rivals,
		.kinds = d->events ? d->events->kinds : 1,
		.size = INFINITY,
		.from = from,
		.settled = from };
	put_weights(h, &at);
	h->state = hawkes_state_make(a, h);
	h->state->at = at;
	if (o->share_half_life_d > 0)
		h->shares = shares_make(a, d->places, o->share_half_life_d);
	return h;
}

struct hawkes_area *hawkes_area_given(struct arena *a, const struct hawkes_area_data *d,
	const struct hawkes_area_options *o, int32_t from, struct calendar *calendar, const double *value)
{
	struct hawkes_area *h = hawkes_make(a, d, o, from);
	h->calendar = calendar;
	for (size_t w = 0; w < h->weights; w++) {
		assert(value[w] >= 0);
		h->weight[w].value = value[w];
	}
	return h;
}

bool hawkes_short(const struct hawkes_weight *w)
{
	return w->tau_d > 0 && w->tau_d <= HAWKES_SHORT_D;
}

double hawkes_area_branching(const struct hawkes_area *h, enum hawkes_family family)
{
	double sum = 0;
	for (size_t w = 0; w < h->weights; w++)
		if (h->weight[w].family == family && hawkes_short(&h->weight[w]))
			sum += h->weight[w].value;
	return sum;
}
