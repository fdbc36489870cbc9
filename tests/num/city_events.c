#include "city_events.h"
#include "city.h"

/* The areas of ALL with an event in training, and their events. */
static void keep(struct ctx *c, const struct places *all, struct events *e, struct hawkes_area_data *out)
{
	uint32_t *number = arena_array(c->mem, uint32_t, all->count);
	struct places *p = arena_new_of(c->mem, struct places);
	size_t kept = 0;
	for (size_t i = events_from(e, CITY_FROM); i < e->count && e->event[i].day < CITY_CUT; i++)
		number[e->event[i].place] = 1;
	for (size_t i = 0; i < all->count; i++)
		number[i] = number[i] ? (uint32_t)p->count++ : PLACES_NONE;
	*p = *places_numbered(c->mem, p->count);
	for (size_t i = 0; i < all->count; i++)
		if (number[i] != PLACES_NONE)
			p->name[number[i]] = all->name[i];
	for (size_t i = 0; i < e->count; i++) {
		uint32_t place = number[e->event[i].place];
		if (place == PLACES_NONE || e->event[i].day < CITY_FROM)
			continue;
		e->event[kept] = e->event[i];
		e->event[kept++].place = place;
	}
	out->places = p;
	out->events = events_make(c->mem, e->event, kept);
}

static struct place_edges *keep_pairs(
	struct ctx *c, const struct place_edges *all, const struct places *of, const struct places *p)
{
	uint32_t(*pair)[2] = (uint32_t(*)[2])arena_array(c->mem, uint32_t, 2 * all->first[all->places]);
	size_t count = 0;
	for (uint32_t i = 0; i < all->places; i++)
		for (size_t k = all->first[i]; k < all->first[i + 1]; k++)
			for (uint32_t a = 0; a < p->count && all->other[k] > i; a++)
				for (uint32_t b = 0; str_eq(p->name[a], of->name[i]) && b < p->count; b++)
					if (str_eq(p->name[b], of->name[all->other[k]])) {
						pair[count][0] = a;
						pair[count++][1] = b;
					}
	return place_edges_make(c->mem, p->count, (const uint32_t(*)[2])pair, count);
}

bool city_events(struct ctx *c, struct hawkes_area_data *out)
{
	struct str areas = city_file(c->mem, "nyc-shootings/nyc_nta.csv");
	struct str rows = city_file(c->mem, "nyc-shootings/nyc_shootings_2006_2018.csv");
	struct str pairs = city_file(c->mem, "nyc-shootings/nyc_nta_adjacency.csv");
	struct places *all;
	struct events *e;
	struct place_edges *edges;
	*out = (struct hawkes_area_data){ 0 };
	if (!areas.n || !rows.n || !pairs.n)
		return false;
	if (places_read(c, areas, (struct places_columns){ .place = "nta" }, &all) != OK ||
		events_read(c, rows, (struct events_columns){ .place = "nta", .places = all }, &e) != OK ||
		places_read_edges(c, pairs, all, "nta", &edges) != OK)
		return false;
	keep(c, all, e, out);
	out->neighbors = keep_pairs(c, edges, all, out->places);
	return true;
}
