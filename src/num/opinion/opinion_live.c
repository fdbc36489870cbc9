#include "num/opinion/opinion_live.h"
#include "num/opinion/opinion_routing.h"
#include <math.h>

/* Where ID stands in the list, or would. */
static size_t rank_of(const struct opinion_newcomers *n, int64_t id)
{
	size_t low = 0, high = n->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (n->list[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t newcomer(const struct opinion_newcomers *n, int64_t id)
{
	size_t at = rank_of(n, id);
	return at < n->count && n->list[at].id == id ? n->list[at].number : OPINION_NONE;
}

static void welcome(struct arena *a, struct opinion_newcomers *n, int64_t id, size_t number)
{
	size_t at = rank_of(n, id);
	n->list = arena_grow(a, n->list, n->count, &n->cap, n->count + 1, sizeof *n->list);
	memmove(n->list + at + 1, n->list + at, (n->count - at) * sizeof *n->list);
	n->list[at] = (struct opinion_newcomer){ id, (uint32_t)number };
	n->count++;
}

static uint32_t person_number(const struct opinion_live *l, int64_t id)
{
	uint32_t i = opinion_votes_person(l->whole->votes, id);
	return i != OPINION_NONE ? i : newcomer(&l->new_people, id);
}

uint32_t opinion_live_statement(const struct opinion_live *l, int64_t statement_id)
{
	uint32_t j = opinion_votes_statement(l->whole->votes, statement_id);
	return j != OPINION_NONE ? j : newcomer(&l->new_statements, statement_id);
}

/* A copy of the tally T with room for ROOM statements. */
static struct opinion_tally wider(struct arena *a, const struct opinion_tally *t, size_t room)
{
	struct opinion_tally w = { .groups = t->groups,
		.statements = room,
		.agree = arena_array(a, uint32_t, t->groups * room),
		.disagree = arena_array(a, uint32_t, t->groups * room),
		.seen = arena_array(a, uint32_t, t->groups * room),
		.size = arena_array(a, size_t, t->groups) };
	for (size_t g = 0; g < t->groups; g++) {
		size_t bytes = t->statements * sizeof *t->agree;
		memcpy(w.agree + g * room, t->agree + g * t->statements, bytes);
		memcpy(w.disagree + g * room, t->disagree + g * t->statements, bytes);
		memcpy(w.seen + g * room, t->seen + g * t->statements, bytes);
		w.size[g] = t->size[g];
	}
	return w;
}

static bool is_moderated(const struct opinion_live *l, size_t j)
{
	return j < l->whole->votes->statements && l->whole->votes->moderated[j];
}

/* Center and priority of statement J, from its counts. */
static void weigh(struct opinion_live *l, size_t j)
{
	uint32_t agree = 0, disagree = 0, seen = 0;
	for (size_t g = 0; g < l->tally.groups; g++) {
		agree += l->tally.agree[g * l->room + j];
		disagree += l->tally.disagree[g * l->room + j];
		seen += l->tally.seen[g * l->room + j];
	}
	double sum = (double)l->everybody.agree[j] - l->everybody.disagree[j];
	l->center[j] = is_moderated(l, j) || l->everybody.seen[j] == 0 ? 0 : sum / l->everybody.seen[j];
	bool meta = j < l->whole->votes->statements && l->whole->votes->meta[j];
	l->priority[j] = opinion_priority(meta, agree, disagree, seen, l->reach[j] * (1 - l->center[j]));
}

static void begin_people(struct opinion_live *l)
{
	const struct opinion_votes *v = l->whole->votes;
	l->people = l->person_cap = v->people;
	l->person = arena_array(l->mem, struct opinion_live_person, v->people);
	/* Copies: the whole stays as it is. */
	uint32_t *statement = arena_array(l->mem, uint32_t, v->count);
	int8_t *vote = arena_array(l->mem, int8_t, v->count);
	if (v->count > 0) {
		memcpy(statement, v->statement, v->count * sizeof *statement);
		memcpy(vote, v->vote, v->count * sizeof *vote);
	}
	for (size_t i = 0; i < v->people; i++) {
		struct opinion_live_person *p = &l->person[i];
		p->count = p->cap = opinion_votes_of(v, i);
		p->statement = statement + v->row[i];
		p->vote = vote + v->row[i];
		p->group = l->whole->group_of[i];
	}
}

struct opinion_live *opinion_live_begin(struct arena *a, const struct opinion *whole)
{
	struct opinion_live *l = arena_new_of(a, struct opinion_live);
	size_t m = whole->votes->statements, room = m + OPINION_LIVE_NEW;
	*l = (struct opinion_live){ .mem = a, .whole = whole, .statements = m, .room = room };
	l->statement_id = arena_array(a, int64_t, room);
	l->center = arena_array(a, double, room);
	l->reach = arena_array(a, double, room);
	l->priority = arena_array(a, double, room);
	l->tally = wider(a, whole->tally, room);
	l->everybody = wider(a, whole->room, room);
	begin_people(l);
	for (size_t j = 0; j < m; j++) {
		const double *axis = whole->pca->axis + j;
		l->statement_id[j] = whole->votes->statement_id[j];
		l->reach[j] = sqrt((double)m * (axis[0] * axis[0] + axis[m] * axis[m]));
		weigh(l, j);
	}
	return l;
}

static void count(struct opinion_live *l, uint32_t group, size_t j, int8_t vote, int by)
{
	struct opinion_tally *both[] = { &l->everybody, &l->tally };
	for (size_t k = 0; k < 2; k++) {
		size_t g = k == 0 ? 0 : group;
		if (g >= both[k]->groups)
			continue;
		size_t cell = g * l->room + j;
		both[k]->seen[cell] += (uint32_t)by;
		both[k]->agree[cell] += vote > 0 ? (uint32_t)by : 0;
		both[k]->disagree[cell] += vote < 0 ? (uint32_t)by : 0;
	}
}

static size_t place_of(const struct opinion_live_person *p, uint32_t j)
{
	size_t at = 0;
	while (at < p->count && p->statement[at] < j)
		at++;
	return at;
}

static void make_room(struct arena *a, struct opinion_live_person *p)
{
	if (p->count < p->cap)
		return;
	size_t cap = 8 + 2 * p->cap;
	uint32_t *statement = arena_array(a, uint32_t, cap);
	int8_t *vote = arena_array(a, int8_t, cap);
	if (p->count > 0) {
		memcpy(statement, p->statement, p->count * sizeof *statement);
		memcpy(vote, p->vote, p->count * sizeof *vote);
	}
	p->statement = statement;
	p->vote = vote;
	p->cap = cap;
}

/* The person's answer to J becomes VOTE, everywhere. */
static void answer(struct opinion_live *l, struct opinion_live_person *p, uint32_t j, int8_t vote)
{
	size_t at = place_of(p, j);
	if (at < p->count && p->statement[at] == j) {
		count(l, p->group, j, p->vote[at], -1);
	} else {
		make_room(l->mem, p);
		memmove(p->statement + at + 1, p->statement + at, (p->count - at) * sizeof *p->statement);
		memmove(p->vote + at + 1, p->vote + at, (p->count - at) * sizeof *p->vote);
		p->statement[at] = j;
		p->count++;
	}
	p->vote[at] = vote;
	count(l, p->group, j, vote, 1);
	weigh(l, j);
}

static uint32_t new_person(struct opinion_live *l, int64_t id)
{
	size_t i = l->people;
	bool one_room = l->whole->found && l->whole->found->groups == 0;
	l->person = arena_grow(l->mem, l->person, i, &l->person_cap, i + 1, sizeof *l->person);
	l->person[i] = (struct opinion_live_person){ .group = one_room ? 0 : OPINION_NONE };
	welcome(l->mem, &l->new_people, id, i);
	l->everybody.size[0]++;
	l->tally.size[0] += one_room;
	l->people++;
	return (uint32_t)i;
}

static uint32_t new_statement(struct opinion_live *l, int64_t id)
{
	size_t j = l->statements++;
	l->statement_id[j] = id;
	welcome(l->mem, &l->new_statements, id, j);
	return (uint32_t)j;
}

bool opinion_live_vote(struct opinion_live *l, int64_t person_id, int64_t statement_id, int8_t vote)
{
	assert(vote >= -1 && vote <= 1);
	uint32_t i = person_number(l, person_id), j = opinion_live_statement(l, statement_id);
	if ((i == OPINION_NONE && l->people == OPINION_PEOPLE_MAX) || (j == OPINION_NONE && l->statements == l->room))
		return false;
	if (i == OPINION_NONE)
		i = new_person(l, person_id);
	if (j == OPINION_NONE)
		j = new_statement(l, statement_id);
	answer(l, &l->person[i], j, vote);
	return true;
}

bool opinion_live_place(const struct opinion_live *l, int64_t person_id, double xy[2])
{
	uint32_t i = person_number(l, person_id);
	if (i == OPINION_NONE)
		return false;
	const struct opinion_live_person *p = &l->person[i];
	size_t mapped = l->whole->votes->statements, count = 0, answers = l->whole->votes->moderated_count;
	struct arena *scratch = arena_new(4096);
	double *cell = arena_array(scratch, double, p->count), at[OPINION_DIRECTIONS];
	/* Ascending: those that are not on the map come last. */
	for (; count < p->count && p->statement[count] < mapped; count++) {
		bool moderated = is_moderated(l, p->statement[count]);
		cell[count] = moderated ? 0 : p->vote[count] - l->center[p->statement[count]];
		answers += !moderated;
	}
	if (l->whole->positions) {
		opinion_position_of(l->whole->positions, p->statement, cell, count, at);
		memcpy(xy, at, 2 * sizeof *xy);
	} else {
		opinion_pca_place(l->whole->pca, p->statement, cell, count, answers, xy);
	}
	arena_free(scratch);
	return count > 0;
}

bool opinion_live_next(const struct opinion_live *l, int64_t person_id, uint64_t seed, int64_t *statement_id)
{
	uint32_t i = person_number(l, person_id);
	double best = 0;
	uint32_t found = OPINION_NONE;
	size_t at = 0, count = i == OPINION_NONE ? 0 : l->person[i].count;
	for (uint32_t j = 0; j < l->statements; j++) {
		if (at < count && l->person[i].statement[at] == j) {
			at++;
			continue;
		}
		if (is_moderated(l, j))
			continue;
		double turn = opinion_turn(seed, person_id, l->statement_id[j], l->priority[j]);
		if (found == OPINION_NONE || turn > best) {
			found = j;
			best = turn;
		}
	}
	if (found == OPINION_NONE)
		return false;
	*statement_id = l->statement_id[found];
	return true;
}
