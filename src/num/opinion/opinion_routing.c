#include "num/opinion/opinion_routing.h"
#include <math.h>

static const double meta_priority = 7;

double opinion_priority(bool meta, uint32_t agree, uint32_t disagree, uint32_t seen, double extremity)
{
	double value = meta_priority;
	if (!meta) {
		double passes = (double)seen - agree - disagree, trials = (double)seen + 2;
		double importance = (1 - (passes + 1) / trials) * (extremity + 1) * ((double)agree + 1) / trials;
		value = importance * (1 + 8 * exp2(-(double)seen / 5));
	}
	return value * value;
}

void opinion_priorities(
	const struct opinion_votes *v, const struct opinion_tally *t, const double *extremity, double *priority)
{
	for (size_t j = 0; j < v->statements; j++) {
		uint32_t agree = 0, disagree = 0, seen = 0;
		for (size_t g = 0; g < t->groups; g++) {
			agree += t->agree[g * t->statements + j];
			disagree += t->disagree[g * t->statements + j];
			seen += t->seen[g * t->statements + j];
		}
		priority[j] = opinion_priority(v->meta[j], agree, disagree, seen, extremity[j]);
	}
}

/* A statement and its key; the larger key comes first. */
struct keyed {
	double key;
	uint32_t statement;
};

static int by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	if (x->key != y->key)
		return x->key > y->key ? -1 : 1;
	return (x->statement > y->statement) - (x->statement < y->statement);
}

static uint64_t stirred(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* A number in (0, 1) that is this person's and statement's own. */
static double lot(uint64_t seed, int64_t person, int64_t statement)
{
	uint64_t z = stirred(seed + 0x9e3779b97f4a7c15u);
	z = stirred(z + (uint64_t)person + 0x9e3779b97f4a7c15u);
	z = stirred(z + (uint64_t)statement + 0x9e3779b97f4a7c15u);
	return ((double)(z >> 11) + 0.5) * 0x1p-53;
}

double opinion_turn(uint64_t seed, int64_t person, int64_t statement_id, double priority)
{
	/* u^(1/w) in its logarithm: small priorities do not vanish. */
	return priority > 0 ? log(lot(seed, person, statement_id)) / priority : -HUGE_VAL;
}

static size_t arrange(struct keyed *list, size_t count, uint32_t *order)
{
	qsort(list, count, sizeof *list, by_key);
	for (size_t k = 0; k < count; k++)
		order[k] = list[k].statement;
	return count;
}

size_t opinion_order(const struct opinion_votes *v, const double *priority, uint32_t *order)
{
	struct arena *scratch = arena_new(4096);
	struct keyed *list = arena_array(scratch, struct keyed, v->statements);
	size_t count = 0;
	for (size_t j = 0; j < v->statements; j++)
		if (!v->moderated[j])
			list[count++] = (struct keyed){ priority[j], (uint32_t)j };
	count = arrange(list, count, order);
	arena_free(scratch);
	return count;
}

size_t opinion_order_for(const struct opinion_votes *v, const double *priority, const bool *answered, uint64_t seed,
	int64_t person, uint32_t *order)
{
	struct arena *scratch = arena_new(4096);
	struct keyed *list = arena_array(scratch, struct keyed, v->statements);
	size_t count = 0;
	for (size_t j = 0; j < v->statements; j++) {
		if (v->moderated[j] || (answered && answered[j]))
			continue;
		double turn = opinion_turn(seed, person, v->statement_id[j], priority[j]);
		list[count++] = (struct keyed){ turn, (uint32_t)j };
	}
	count = arrange(list, count, order);
	arena_free(scratch);
	return count;
}
