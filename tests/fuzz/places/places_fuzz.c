/* Places from any bytes, and pairs and cells from the same: an answer or a reason, and what is read holds together. */
#include "num/data/places.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_places(const struct places *p)
{
	assert(p->count > 0 && p->count <= p->nodes);
	for (size_t i = 0; i < p->nodes; i++) {
		assert(p->parent[i] == PLACES_NONE || (p->parent[i] >= p->count && p->parent[i] < p->nodes));
		assert(p->population[i] >= 0 && places_find(p, p->name[i]) == i);
	}
}

static void check_edges(const struct place_edges *e)
{
	for (size_t i = 0; i < e->places; i++)
		for (size_t k = e->first[i]; k < e->first[i + 1]; k++)
			assert(e->other[k] < e->places && e->other[k] != i &&
				(k == e->first[i] || e->other[k - 1] < e->other[k]));
}

/* What is read, and every other place of it kept. */
static void check_kept(struct arena *a, const struct places *p, const struct place_edges *e)
{
	check_places(p);
	if (e)
		check_edges(e);
	bool *keep = arena_array(a, bool, p->count);
	uint32_t *number = arena_array(a, uint32_t, p->nodes);
	for (size_t i = 0; i < p->count; i += 2)
		keep[i] = true;
	const struct places *kept = places_keep(a, p, keep, number);
	check_places(kept);
	assert(kept->count == (p->count + 1) / 2);
	for (size_t i = 0; i < p->nodes; i++)
		assert(number[i] == PLACES_NONE || str_eq(kept->name[number[i]], p->name[i]));
	if (e)
		check_edges(place_edges_keep(a, e, number, kept->count));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ctx c = { .mem = arena_new(1 << 16) };
	struct str text = { (const char *)data, n };
	struct places *p = NULL;
	struct place_edges *e;
	struct cells *cells;
	if (places_read(&c, text, (struct places_columns){ 0 }, &p) == OK)
		check_kept(c.mem, p, NULL);
	else
		assert(c.err.code != OK && c.err.why.n > 0);
	if (places_gather(&c, text, "a", &p) == OK) {
		check_places(p);
		if (places_read_edges(&c, text, p, NULL, &e) == OK)
			check_kept(c.mem, p, e);
	}
	if (cells_read(&c, text, &cells) == OK)
		assert(cells->count > 0);
	arena_free(c.mem);
	return 0;
}
