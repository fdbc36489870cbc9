#include "num/data/places.h"
#include "num/data/table.h"

/* FNV-1a, 64 bits. */
static uint64_t hash_of(struct str s)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (uint8_t)s.p[i]) * UINT64_C(1099511628211);
	return h ^ h >> 29;
}

uint32_t places_find(const struct places *p, struct str name)
{
	if (p->slots == 0)
		return PLACES_NONE;
	for (size_t i = hash_of(name) & (p->slots - 1);; i = (i + 1) & (p->slots - 1)) {
		if (p->slot[i] == PLACES_NONE || str_eq(p->name[p->slot[i]], name))
			return p->slot[i];
	}
}

static void enter(struct places *p, uint32_t node)
{
	size_t i = hash_of(p->name[node]) & (p->slots - 1);
	while (p->slot[i] != PLACES_NONE)
		i = (i + 1) & (p->slots - 1);
	p->slot[i] = node;
}

/* A table for at least WANT names, with all nodes in it. */
static void make_slots(struct arena *a, struct places *p, size_t want)
{
	p->slots = 16;
	while (p->slots < want * 2)
		p->slots *= 2;
	p->slot = arena_array(a, uint32_t, p->slots);
	memset(p->slot, 0xff, p->slots * sizeof *p->slot);
	for (size_t i = 0; i < p->nodes; i++)
		enter(p, (uint32_t)i);
}

/* Nodes while they are read: rows and, later, groups. */
struct draft {
	struct places nodes; /* in order of appearance; count is unused */
	size_t cap;
	struct str *parent; /* [nodes.nodes]: names */
	size_t *line;
};

static void grow(struct arena *a, struct draft *d)
{
	size_t n = d->nodes.nodes, caps[4] = { d->cap, d->cap, d->cap, d->cap };
	if (n < d->cap)
		return;
	d->nodes.name = arena_grow(a, d->nodes.name, n, &caps[0], n + 1, sizeof *d->nodes.name);
	d->nodes.population = arena_grow(a, d->nodes.population, n, &caps[1], caps[0], sizeof *d->nodes.population);
	d->parent = arena_grow(a, d->parent, n, &caps[2], caps[0], sizeof *d->parent);
	d->line = arena_grow(a, d->line, n, &caps[3], caps[0], sizeof *d->line);
	d->cap = caps[0];
	assert(caps[1] >= d->cap && caps[2] >= d->cap && caps[3] >= d->cap);
	make_slots(a, &d->nodes, d->cap);
}

static uint32_t add_node(struct arena *a, struct draft *d, struct str name)
{
	grow(a, d);
	uint32_t node = (uint32_t)d->nodes.nodes++;
	d->nodes.name[node] = name;
	enter(&d->nodes, node);
	return node;
}

static enum err read_rows(struct ctx *c, struct str text, struct places_columns k, struct draft *d)
{
	struct csv *r;
	size_t place, parent, population;
	bool more;
	TRY(table_open(c, text, &r));
	TRY(table_column(c, r, k.place ? k.place : "place", &place));
	parent = csv_column(r, k.parent ? k.parent : "parent");
	population = csv_column(r, k.population ? k.population : "population");
	if (k.parent)
		TRY(table_column(c, r, k.parent, &parent));
	for (;;) {
		TRY(table_next(c, r, &more));
		if (!more)
			return d->nodes.nodes > 0 ? OK : FAIL(c, ERR_INPUT, "line %zu: there is no place", r->line);
		struct str name = table_field(r, place), people = table_field(r, population);
		if (name.n == 0)
			return FAIL(c, ERR_INPUT, "line %zu: the place has no name", r->line);
		if (d->nodes.nodes >= PLACES_MAX / 2)
			return FAIL(c, ERR_LIMIT, "more than %d places", PLACES_MAX / 2);
		if (places_find(&d->nodes, name) != PLACES_NONE)
			return FAIL(c, ERR_INPUT, "line %zu: %.*s is there twice", r->line, STR_ARG(table_shown(name)));
		uint32_t node = add_node(c->mem, d, name);
		d->parent[node] = table_field(r, parent);
		d->line[node] = r->line;
		if (people.n > 0 &&
			(!str_to_f64(people, &d->nodes.population[node]) || !(d->nodes.population[node] >= 0)))
			return FAIL(c, ERR_INPUT, "line %zu: population is not a number from 0 on", r->line);
	}
}

/* Adds the parents that have no row; the parent of each node as a number into UP. */
static uint32_t *link_parents(struct arena *a, struct draft *d)
{
	size_t rows = d->nodes.nodes;
	uint32_t *up = arena_array(a, uint32_t, rows * 2);
	for (size_t i = 0; i < rows; i++) {
		struct str name = d->parent[i];
		up[i] = PLACES_NONE;
		if (name.n == 0)
			continue;
		up[i] = places_find(&d->nodes, name);
		if (up[i] == PLACES_NONE) {
			up[i] = add_node(a, d, name);
			d->parent[up[i]] = (struct str){ "", 0 };
			d->line[up[i]] = d->line[i];
		}
	}
	for (size_t i = rows; i < d->nodes.nodes; i++)
		up[i] = PLACES_NONE;
	return up;
}

static enum err check_depth(struct ctx *c, const struct draft *d, const uint32_t *up)
{
	for (size_t i = 0; i < d->nodes.nodes; i++) {
		size_t depth = 0;
		for (uint32_t at = up[i]; at != PLACES_NONE; at = up[at])
			if (++depth > PLACES_DEPTH_MAX)
				return FAIL(c, ERR_INPUT,
					"line %zu: %.*s has more than %d levels above it, or is above itself",
					d->line[i], STR_ARG(table_shown(d->nodes.name[i])), PLACES_DEPTH_MAX);
	}
	return OK;
}

/* Places first, then groups. */
static struct places *in_order(struct arena *a, const struct draft *d, const uint32_t *up)
{
	struct places *p = arena_new_of(a, struct places);
	size_t n = d->nodes.nodes, at = 0;
	bool *group = arena_array(a, bool, n);
	uint32_t *number = arena_array(a, uint32_t, n);
	for (size_t i = 0; i < n; i++)
		if (up[i] != PLACES_NONE)
			group[up[i]] = true;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < n; i++)
			if (group[i] == (pass == 1))
				number[i] = (uint32_t)at++;
		if (pass == 0)
			p->count = at;
	}
	p->nodes = n;
	p->name = arena_array(a, struct str, n);
	p->parent = arena_array(a, uint32_t, n);
	p->population = arena_array(a, double, n);
	for (size_t i = 0; i < n; i++) {
		p->name[number[i]] = d->nodes.name[i];
		p->population[number[i]] = d->nodes.population[i];
		p->parent[number[i]] = up[i] == PLACES_NONE ? PLACES_NONE : number[up[i]];
	}
	make_slots(a, p, n);
	return p;
}

enum err places_read(struct ctx *c, struct str text, struct places_columns k, struct places **out)
{
	struct draft d = { 0 };
	TRY(read_rows(c, text, k, &d));
	const uint32_t *up = link_parents(c->mem, &d);
	TRY(check_depth(c, &d, up));
	*out = in_order(c->mem, &d, up);
	assert((*out)->count > 0);
	return OK;
}

static int by_name(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* A forest of single places with these names. */
static struct places *flat(struct arena *a, struct str *name, size_t n)
{
	struct places *p = arena_new_of(a, struct places);
	p->count = p->nodes = n;
	p->name = name;
	p->parent = arena_array(a, uint32_t, n);
	p->population = arena_array(a, double, n);
	memset(p->parent, 0xff, n * sizeof *p->parent);
	make_slots(a, p, n);
	return p;
}

enum err places_gather(struct ctx *c, struct str text, const char *column, struct places **out)
{
	struct draft d = { 0 };
	struct csv *r;
	size_t place;
	bool more;
	TRY(table_open(c, text, &r));
	TRY(table_column(c, r, column ? column : "place", &place));
	for (;;) {
		TRY(table_next(c, r, &more));
		if (!more)
			break;
		struct str name = table_field(r, place);
		if (name.n == 0)
			return FAIL(c, ERR_INPUT, "line %zu: the place has no name", r->line);
		if (d.nodes.nodes >= PLACES_MAX / 2)
			return FAIL(c, ERR_LIMIT, "more than %d places", PLACES_MAX / 2);
		if (places_find(&d.nodes, name) == PLACES_NONE)
			add_node(c->mem, &d, name);
	}
	if (d.nodes.nodes == 0)
		return FAIL(c, ERR_INPUT, "line %zu: there is no place", r->line);
	/* Names are distinct: the order is full. */
	qsort(d.nodes.name, d.nodes.nodes, sizeof *d.nodes.name, by_name);
	*out = flat(c->mem, d.nodes.name, d.nodes.nodes);
	return OK;
}

struct places *places_numbered(struct arena *a, size_t n)
{
	assert(n > 0 && n <= PLACES_MAX);
	struct str *name = arena_array(a, struct str, n);
	for (size_t i = 0; i < n; i++)
		name[i] = arena_printf(a, "%zu", i + 1);
	return flat(a, name, n);
}

struct places *places_keep(struct arena *a, const struct places *p, const bool *keep, uint32_t *number)
{
	struct places *out = arena_new_of(a, struct places);
	bool *stays = arena_array(a, bool, p->nodes);
	for (size_t i = 0; i < p->count; i++)
		for (uint32_t at = (uint32_t)i; keep[i] && at != PLACES_NONE && !stays[at]; at = p->parent[at])
			stays[at] = true;
	for (size_t i = 0; i < p->nodes; i++) {
		number[i] = stays[i] ? (uint32_t)out->nodes++ : PLACES_NONE;
		out->count += i < p->count && stays[i];
	}
	assert(out->count > 0);
	out->name = arena_array(a, struct str, out->nodes);
	out->parent = arena_array(a, uint32_t, out->nodes);
	out->population = arena_array(a, double, out->nodes);
	for (size_t i = 0; i < p->nodes; i++) {
		if (!stays[i])
			continue;
		out->name[number[i]] = p->name[i];
		out->population[number[i]] = p->population[i];
		out->parent[number[i]] = p->parent[i] == PLACES_NONE ? PLACES_NONE : number[p->parent[i]];
	}
	make_slots(a, out, out->nodes);
	return out;
}
