#include "cli/num/num_opinion.h"
#include <jansson.h>

static void forget(void *root)
{
	json_decref(root);
}

/* The whole number at AT of LIST, which must be one. */
static enum err number_at(struct ctx *c, const json_t *list, size_t at, const char *of, int64_t *out)
{
	const json_t *value = json_array_get(list, at);
	if (!json_is_integer(value))
		return FAIL(c, ERR_INPUT, "%s: entry %zu is not a whole number", of, at);
	*out = json_integer_value(value);
	return OK;
}

/* The list NAME of OBJECT; *LIST is NULL where there is none (or null). */
static enum err list_of(struct ctx *c, const json_t *object, const char *name, const json_t **list)
{
	const json_t *value = json_object_get(object, name);
	*list = json_is_array(value) ? value : NULL;
	if (value && !json_is_null(value) && !*list)
		return FAIL(c, ERR_INPUT, "%s: not a list", name);
	return OK;
}

static enum err each_statement(struct ctx *c, const json_t *root, const char *name, struct opinion_votes *v,
	void (*mark)(struct opinion_votes *, int64_t))
{
	const json_t *list;
	TRY(list_of(c, root, name, &list));
	for (size_t k = 0; k < json_array_size(list); k++) {
		int64_t id;
		TRY(number_at(c, list, k, name, &id));
		mark(v, id);
	}
	return OK;
}

/* The row of person ID, marked in SEEN; it must be there and not be marked. */
static enum err person_of(
	struct ctx *c, const struct opinion_votes *v, int64_t id, const char *of, bool *seen, uint32_t *out)
{
	*out = opinion_votes_person(v, id);
	if (*out == OPINION_NONE)
		return FAIL(c, ERR_INPUT, "%s: somebody there has no vote", of);
	if (seen[*out])
		return FAIL(c, ERR_INPUT, "%s: somebody is there twice", of);
	seen[*out] = true;
	return OK;
}

static enum err read_in(struct ctx *c, const json_t *root, const struct opinion_votes *v, struct opinion_options *o)
{
	const json_t *list;
	TRY(list_of(c, root, "in-conv", &list));
	if (!list)
		return OK;
	bool *in = arena_array(c->mem, bool, v->people);
	for (size_t k = 0; k < json_array_size(list); k++) {
		int64_t id;
		uint32_t row;
		TRY(number_at(c, list, k, "in-conv", &id));
		TRY(person_of(c, v, id, "in-conv", in, &row));
	}
	o->in = in;
	return OK;
}

/* Where the set of an id stands, and whether something holds it already. */
struct place {
	int64_t id;
	uint32_t at;
	bool taken;
};

static int by_id(const void *x, const void *y)
{
	const struct place *a = x, *b = y;
	return (a->id > b->id) - (a->id < b->id);
}

/* PLACES[count] of the sets S, by id; no two of them may have the same. */
static enum err places_of(struct ctx *c, const struct opinion_sets *s, const char *field, struct place **places)
{
	struct place *list = arena_array(c->mem, struct place, s->count);
	for (size_t k = 0; k < s->count; k++)
		list[k] = (struct place){ s->id[k], (uint32_t)k, false };
	qsort(list, s->count, sizeof *list, by_id);
	for (size_t k = 1; k < s->count; k++)
		if (list[k - 1].id == list[k].id)
			return FAIL(c, ERR_INPUT, "%s: id %" PRId64 " is there twice", field, list[k].id);
	*places = list;
	return OK;
}

static size_t members_in(const json_t *lists)
{
	size_t sum = 0;
	for (size_t k = 0; k < json_array_size(lists); k++)
		sum += json_array_size(json_array_get(lists, k));
	return sum;
}

/* Centers, where x and y give one for each base cluster; they turn the map and are computed anew after. */
static void read_centers(const json_t *x, const json_t *y, struct opinion_sets *base)
{
	if (json_array_size(x) != base->count || json_array_size(y) != base->count)
		return;
	for (size_t b = 0; b < base->count; b++) {
		base->center[2 * b] = json_number_value(json_array_get(x, b));
		base->center[2 * b + 1] = json_number_value(json_array_get(y, b));
	}
}

static enum err read_base(struct ctx *c, const json_t *root, const struct opinion_votes *v, struct opinion_options *o,
	struct place **bases)
{
	const json_t *base = json_object_get(root, "base-clusters"), *ids, *members, *x, *y;
	if (!base || json_is_null(base))
		return OK;
	TRY(list_of(c, base, "id", &ids));
	TRY(list_of(c, base, "members", &members));
	TRY(list_of(c, base, "x", &x));
	TRY(list_of(c, base, "y", &y));
	size_t count = json_array_size(ids);
	if (!members || json_array_size(members) != count)
		return FAIL(c, ERR_INPUT, "base-clusters: id and members must be lists of the same length");
	struct opinion_sets *s = opinion_sets_make(c->mem, count, members_in(members));
	bool *seen = arena_array(c->mem, bool, v->people);
	size_t filled = 0;
	for (size_t b = 0; b < count; b++) {
		const json_t *list = json_array_get(members, b);
		TRY(number_at(c, ids, b, "base-clusters", &s->id[b]));
		if (!json_is_array(list))
			return FAIL(c, ERR_INPUT, "base-clusters: the members of %" PRId64 " are not a list", s->id[b]);
		for (size_t k = 0; k < json_array_size(list); k++) {
			int64_t id;
			TRY(number_at(c, list, k, "base-clusters", &id));
			TRY(person_of(c, v, id, "base-clusters", seen, &s->member[filled++]));
		}
		s->first[b + 1] = filled;
	}
	read_centers(x, y, s);
	o->base = s;
	return places_of(c, s, "base-clusters", bases);
}

/* The number of base cluster ID among COUNT at BASES; each is taken once. */
static enum err base_number(struct ctx *c, struct place *bases, size_t count, int64_t id, uint32_t *out)
{
	struct place *base = bsearch(&(struct place){ .id = id }, bases, count, sizeof *bases, by_id);
	if (!base)
		return FAIL(c, ERR_INPUT, "group-clusters: there is no base cluster %" PRId64, id);
	if (base->taken)
		return FAIL(c, ERR_INPUT, "group-clusters: base cluster %" PRId64 " is there twice", id);
	base->taken = true;
	*out = base->at;
	return OK;
}

static enum err read_group(
	struct ctx *c, const json_t *group, size_t g, struct place *bases, size_t count, struct opinion_sets *s)
{
	const json_t *id = json_object_get(group, "id"), *members;
	TRY(list_of(c, group, "members", &members));
	if (!json_is_integer(id) || !members)
		return FAIL(c, ERR_INPUT, "group-clusters: entry %zu needs id and members", g);
	s->id[g] = json_integer_value(id);
	size_t filled = s->first[g];
	for (size_t k = 0; k < json_array_size(members); k++) {
		int64_t number;
		TRY(number_at(c, members, k, "group-clusters", &number));
		TRY(base_number(c, bases, count, number, &s->member[filled]));
		filled++;
	}
	s->first[g + 1] = filled;
	return OK;
}

static enum err read_groups(struct ctx *c, const json_t *root, struct place *bases, struct opinion_options *o)
{
	const json_t *list;
	struct place *places;
	TRY(list_of(c, root, "group-clusters", &list));
	if (!list)
		return OK;
	if (!bases)
		return FAIL(c, ERR_INPUT, "group-clusters without base-clusters");
	size_t count = json_array_size(list);
	struct opinion_sets *s = opinion_sets_make(c->mem, count, o->base->count + 1);
	for (size_t g = 0; g < count; g++)
		TRY(read_group(c, json_array_get(list, g), g, bases, o->base->count, s));
	TRY(places_of(c, s, "group-clusters", &places));
	o->groups = s;
	return OK;
}

enum err num_opinion_clusters(struct ctx *c, struct str text, struct opinion_votes *v, struct opinion_options *o)
{
	json_error_t problem;
	struct place *bases = NULL;
	json_t *root = json_loadb(text.p, text.n, 0, &problem);
	if (!root)
		return FAIL(c, ERR_INPUT, "the file of clusters is not JSON: line %d: %s", problem.line, problem.text);
	arena_defer(c->mem, forget, root);
	if (!json_is_object(root))
		return FAIL(c, ERR_INPUT, "the file of clusters is not an object");
	TRY(each_statement(c, root, "mod-out", v, opinion_votes_moderate));
	TRY(each_statement(c, root, "meta-tids", v, opinion_votes_mark_meta));
	TRY(read_in(c, root, v, o));
	TRY(read_base(c, root, v, o, &bases));
	return read_groups(c, root, bases, o);
}
