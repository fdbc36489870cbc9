/* opinion_rooms.h - invented rooms for tests of the deliberation engine. */
#ifndef ADEM_TESTS_NUM_OPINION_ROOMS_H
#define ADEM_TESTS_NUM_OPINION_ROOMS_H
#include "num/opinion/opinion.h"
#include "num/stats/rng.h"

/* A room to invent: CAMPS camps of equal size (0 and 1: none) that differ about SPLIT of the STATEMENTS, or, with LINE, people
 * spread evenly in one line about them. FILL: the share of statements somebody answers. */
struct room_plan {
	size_t people, statements, camps, split;
	bool line;
	double fill;
	uint64_t seed;
};

/* The camp of a person of such a room. */
static inline uint32_t room_camp(const struct room_plan *r, size_t person)
{
	return r->camps > 1 ? (uint32_t)(person % r->camps) : 0;
}

/* The chance that PERSON, whose place in the line is PLACE (-1 to 1), agrees to statement J, which most people rate at BASE. */
static inline double room_chance(const struct room_plan *r, size_t person, size_t j, double place, double base)
{
	if (j >= r->split)
		return base;
	if (r->line)
		return 0.5 + (j % 2 ? 0.4 : -0.4) * place;
	if (r->camps > 1)
		return j % r->camps == room_camp(r, person) ? 0.9 : 0.1;
	return base;
}

static inline struct opinion_answer *room_answers(struct arena *a, const struct room_plan *r, size_t *count)
{
	struct rng rng = rng_seeded(r->seed);
	struct opinion_answer *out = arena_array(a, struct opinion_answer, r->people * r->statements);
	double *base = arena_array(a, double, r->statements);
	*count = 0;
	for (size_t j = 0; j < r->statements; j++)
		base[j] = 0.1 + 0.8 * rng_unit(&rng);
	for (size_t i = 0; i < r->people; i++) {
		double place = 2 * rng_unit(&rng) - 1;
		for (size_t j = 0; j < r->statements; j++) {
			double roll = rng_unit(&rng), chance = room_chance(r, i, j, place, base[j]);
			if (rng_unit(&rng) >= r->fill)
				continue;
			int8_t vote = roll < 0.9 * chance ? 1 : roll < 0.9 ? -1 : 0;
			out[(*count)++] = (struct opinion_answer){ (int64_t)i, (int64_t)j, vote };
		}
	}
	return out;
}

static inline struct opinion_votes *room_votes(struct arena *a, const struct room_plan *r)
{
	size_t count;
	const struct opinion_answer *answers = room_answers(a, r, &count);
	struct opinion_votes *v = opinion_votes_make(a, answers, count);
	assert(v);
	return v;
}
#endif
