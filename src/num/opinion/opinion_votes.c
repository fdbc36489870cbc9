#include "num/opinion/opinion_votes.h"

/* Ids to small numbers: open addressing, never more than half full. */
struct ids {
	int64_t *key;
	uint32_t *value;
	bool *used;
	size_t slots, count;
	int64_t *list; /* [count], in order of appearance until ids_order() */
	size_t list_cap;
};

static uint64_t mixed(int64_t id)
{
	uint64_t z = (uint64_t)id + 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static size_t ids_slot(const struct ids *t, int64_t id)
{
	size_t at = (size_t)mixed(id) & (t->slots - 1);
	while (t->used[at] && t->key[at] != id)
		at = (at + 1) & (t->slots - 1);
	return at;
}

static void ids_room(struct arena *a, struct ids *t, size_t slots)
{
	t->slots = slots;
	t->key = arena_array(a, int64_t, slots);
	t->value = arena_array(a, uint32_t, slots);
	t->used = arena_array(a, bool, slots);
	for (size_t i = 0; i < t->count; i++) {
		size_t at = ids_slot(t, t->list[i]);
		t->used[at] = true;
		t->key[at] = t->list[i];
		t->value[at] = (uint32_t)i;
	}
}

static uint32_t ids_put(struct arena *a, struct ids *t, int64_t id)
{
	size_t at = ids_slot(t, id);
	if (t->used[at])
		return t->value[at];
	t->list = arena_grow(a, t->list, t->count, &t->list_cap, t->count + 1, sizeof *t->list);
	t->list[t->count] = id;
	t->used[at] = true;
	t->key[at] = id;
	t->value[at] = (uint32_t)t->count++;
	uint32_t value = t->value[at];
	if (t->count * 2 > t->slots)
		ids_room(a, t, t->slots * 2);
	return value;
}

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* Puts the list in ascending order. Returns, for each number given so far, its rank. */
static uint32_t *ids_order(struct arena *a, struct ids *t)
{
	int64_t *came = arena_array(a, int64_t, t->count);
	if (t->count == 0)
		return NULL;
	memcpy(came, t->list, t->count * sizeof *came);
	qsort(t->list, t->count, sizeof *t->list, by_id);
	ids_room(a, t, t->slots);
	uint32_t *rank = arena_array(a, uint32_t, t->count);
	for (size_t i = 0; i < t->count; i++)
		rank[i] = t->value[ids_slot(t, came[i])];
	return rank;
}

/* A stable order of COUNT things by their key (below KEYS), beginning from the order FROM (NULL: as they stand). */
static uint32_t *ordered(struct arena *a, const uint32_t *key, const uint32_t *from, size_t count, size_t keys)
{
	size_t *next = arena_array(a, size_t, keys + 1);
	uint32_t *order = arena_array(a, uint32_t, count);
	for (size_t i = 0; i < count; i++)
		next[key[i] + 1]++;
	for (size_t k = 0; k < keys; k++)
		next[k + 1] += next[k];
	for (size_t i = 0; i < count; i++) {
		uint32_t item = from ? from[i] : (uint32_t)i;
		order[next[key[item]]++] = item;
	}
	return order;
}

/* Writes the answers down in ORDER (by person, statement, time), keeping the last of each person and statement. */
static void fill(struct opinion_votes *v, const struct opinion_answer *answers, const uint32_t *person,
	const uint32_t *statement, const uint32_t *order, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t item = order[i];
		bool last = i + 1 == count || person[order[i + 1]] != person[item] ||
			    statement[order[i + 1]] != statement[item];
		if (!last)
			continue;
		v->statement[v->count] = statement[item];
		v->vote[v->count++] = answers[item].vote;
		v->row[person[item] + 1] = v->count;
	}
}

struct opinion_votes *opinion_votes_make(struct arena *a, const struct opinion_answer *answers, size_t count)
{
	struct ids people = { 0 }, statements = { 0 };
	ids_room(a, &people, 1024);
	ids_room(a, &statements, 256);
	uint32_t *person = arena_array(a, uint32_t, count), *statement = arena_array(a, uint32_t, count);
	for (size_t i = 0; i < count; i++) {
		assert(answers[i].vote >= -1 && answers[i].vote <= 1);
		person[i] = ids_put(a, &people, answers[i].person);
		statement[i] = ids_put(a, &statements, answers[i].statement);
		if (people.count > OPINION_PEOPLE_MAX || statements.count > OPINION_STATEMENTS_MAX)
			return NULL;
	}
	const uint32_t *person_rank = ids_order(a, &people), *statement_rank = ids_order(a, &statements);
	for (size_t i = 0; i < count; i++) {
		person[i] = person_rank[person[i]];
		statement[i] = statement_rank[statement[i]];
	}
	struct opinion_votes *v = arena_new_of(a, struct opinion_votes);
	*v = (struct opinion_votes){
		.people = people.count,
		.statements = statements.count,
		.person_id = people.list,
		.statement_id = statements.list,
		.row = arena_array(a, size_t, people.count + 1),
		.statement = arena_array(a, uint32_t, count),
		.vote = arena_array(a, int8_t, count),
		.moderated = arena_array(a, bool, statements.count),
		.meta = arena_array(a, bool, statements.count),
	};
	const uint32_t *order = ordered(a, statement, NULL, count, statements.count);
	order = ordered(a, person, order, count, people.count);
	fill(v, answers, person, statement, order, count);
	return v;
}

static uint32_t found(const int64_t *list, size_t count, int64_t id)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (list[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && list[low] == id ? (uint32_t)low : OPINION_NONE;
}

uint32_t opinion_votes_person(const struct opinion_votes *v, int64_t person_id)
{
	return found(v->person_id, v->people, person_id);
}

uint32_t opinion_votes_statement(const struct opinion_votes *v, int64_t statement_id)
{
	return found(v->statement_id, v->statements, statement_id);
}

void opinion_votes_moderate(struct opinion_votes *v, int64_t statement_id)
{
	uint32_t j = opinion_votes_statement(v, statement_id);
	if (j == OPINION_NONE || v->moderated[j])
		return;
	v->moderated[j] = true;
	v->moderated_count++;
}

void opinion_votes_mark_meta(struct opinion_votes *v, int64_t statement_id)
{
	uint32_t j = opinion_votes_statement(v, statement_id);
	if (j != OPINION_NONE)
		v->meta[j] = true;
}
