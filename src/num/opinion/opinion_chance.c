#include "num/opinion/opinion_chance.h"
#include "num/stats/lanczos.h"
#include "num/stats/rng.h"
#include <math.h>

enum { STEPS = 8 };

/* The answers of some people, by person. */
struct sample {
	size_t people, statements, count;
	size_t *row;         /* [people + 1] */
	uint32_t *statement; /* [count] */
	double *cell;        /* [count] */
	size_t *first; /* [statements + 1]: the answers to statement j are by_statement[first[j]] to [first[j + 1]] */
	size_t *by_statement;
	double *start; /* [statements] */
};

static struct sample take(
	struct arena *a, const struct opinion_votes *v, const double *cell, const bool *in, struct rng *rng)
{
	size_t left = 0;
	for (size_t i = 0; i < v->people; i++)
		left += in[i];
	struct sample s = { .statements = v->statements,
		.row = arena_array(a, size_t, v->people + 1),
		.statement = arena_array(a, uint32_t, v->count),
		.cell = arena_array(a, double, v->count),
		.first = arena_array(a, size_t, v->statements + 1),
		.by_statement = arena_array(a, size_t, v->count),
		.start = arena_array(a, double, v->statements) };
	for (size_t i = 0; i < v->people; i++) {
		if (!in[i] || !rng_picks(rng, OPINION_CHANCE_PEOPLE - s.people, left--))
			continue;
		size_t answers = opinion_votes_of(v, i);
		memcpy(s.statement + s.count, v->statement + v->row[i], answers * sizeof *s.statement);
		memcpy(s.cell + s.count, cell + v->row[i], answers * sizeof *s.cell);
		s.row[++s.people] = s.count += answers;
	}
	size_t *at = arena_array(a, size_t, v->statements + 1);
	for (size_t k = 0; k < s.count; k++)
		s.first[s.statement[k] + 1]++;
	for (size_t j = 0; j < v->statements; j++)
		at[j + 1] = s.first[j + 1] += s.first[j];
	for (size_t k = 0; k < s.count; k++)
		s.by_statement[at[s.statement[k]]++] = k;
	return s;
}

static void deal(struct sample *s, struct rng *rng)
{
	for (size_t j = 0; j < s->statements; j++) {
		const size_t *list = s->by_statement + s->first[j];
		for (size_t left = s->first[j + 1] - s->first[j]; left > 1; left--) {
			size_t other = rng_below(rng, left);
			double cell = s->cell[list[left - 1]];
			s->cell[list[left - 1]] = s->cell[list[other]];
			s->cell[list[other]] = cell;
		}
	}
}

/* OUT = X' X IN, X the people's cells. */
static void multiply(void *arg, const double *in, double *out)
{
	const struct sample *s = arg;
	memset(out, 0, s->statements * sizeof *out);
	for (size_t i = 0; i < s->people; i++) {
		double score = 0;
		for (size_t k = s->row[i]; k < s->row[i + 1]; k++)
			score += s->cell[k] * in[s->statement[k]];
		for (size_t k = s->row[i]; k < s->row[i + 1]; k++)
			out[s->statement[k]] += s->cell[k] * score;
	}
}

/* The spread along the main direction, by a fixed number of steps from the same start: not to rounding, but the same question to
 * every deal. */
static double main_spread(struct sample *s)
{
	return lanczos_glimpse(s->statements, STEPS, multiply, s, s->start);
}

bool opinion_by_chance(const struct opinion_votes *v, const double *cell, const bool *in, struct rng *rng)
{
	struct arena *scratch = arena_new(1 << 16);
	struct sample s = take(scratch, v, cell, in, rng);
	for (size_t j = 0; j < s.statements; j++)
		s.start[j] = rng_normal(rng);
	double spread = main_spread(&s);
	bool chance = !(spread > 0);
	for (size_t k = 0; k < OPINION_DEALS && !chance; k++) {
		deal(&s, rng);
		chance = main_spread(&s) >= spread;
	}
	arena_free(scratch);
	return chance;
}
