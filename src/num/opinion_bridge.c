#include "num/opinion_bridge.h"
#include "num/rng.h"
#include <math.h>

enum { STARTS = 4, ROUNDS_START = 6, ROUNDS_MAX = 200 };

static const double weight_intercept = 0.15, weight_factor = 0.03, helps = 0.40, parts = -0.05, parts_by_factor = 0.8;
static const double still = 1e-7; /* a round that takes less of the loss ends the search */

/* A point of the search. Entries of people come first, then those of statements: one thing after the other. */
struct model {
	double mean, loss;
	double *intercept, *factor; /* [people + statements] */
};

/* The normal equations of one entry: over its answers, sums of 1, f, f^2, rest and rest * f, where f is the other side's factor
 * and rest what the other side's intercept and the mean leave of the rating. */
struct sums {
	double one, f, ff, rest, rest_f;
};

struct fit {
	const struct opinion_votes *votes;
	double answers;           /* to statements that take part */
	double person, statement; /* answers a person, a statement: how much the penalties of one entry weigh */
	struct sums *sum;         /* [statements] */
};

static double rating(int8_t vote)
{
	return (double)(vote + 1) / 2;
}

/* Adds an answer whose other side has entry OTHER. */
static void collect(struct sums *s, const struct model *m, size_t other, double r)
{
	double f = m->factor[other], rest = r - m->mean - m->intercept[other];
	s->one += 1;
	s->f += f;
	s->ff += f * f;
	s->rest += rest;
	s->rest_f += rest * f;
}

/* The entry of thing T from its equations, its penalties weighing WEIGHT. */
static void settle(struct model *m, size_t t, const struct sums *s, double weight)
{
	double a = s->one + weight * weight_intercept, d = s->ff + weight * weight_factor;
	double determinant = a * d - s->f * s->f;
	m->intercept[t] = (d * s->rest - s->f * s->rest_f) / determinant;
	m->factor[t] = (a * s->rest_f - s->f * s->rest) / determinant;
}

static double penalty_of(const struct model *m, size_t t)
{
	return weight_intercept * m->intercept[t] * m->intercept[t] + weight_factor * m->factor[t] * m->factor[t];
}

/* People anew from the statements as they are, statements anew from the people, and the mean from both: what the statements'
 * equations leave over is its residual. */
static void one_round(struct fit *fit, struct model *m)
{
	const struct opinion_votes *v = fit->votes;
	double square = 0, left = 0, penalty = 0;
	memset(fit->sum, 0, v->statements * sizeof *fit->sum);
	for (size_t i = 0; i < v->people; i++) {
		struct sums own = { 0 };
		for (size_t at = v->row[i]; at < v->row[i + 1]; at++)
			if (!v->moderated[v->statement[at]])
				collect(&own, m, v->people + v->statement[at], rating(v->vote[at]));
		settle(m, i, &own, fit->person);
		penalty += fit->person * penalty_of(m, i);
		for (size_t at = v->row[i]; at < v->row[i + 1]; at++) {
			if (v->moderated[v->statement[at]])
				continue;
			double r = rating(v->vote[at]), rest = r - m->mean - m->intercept[i];
			collect(&fit->sum[v->statement[at]], m, i, r);
			square += rest * rest;
		}
	}
	for (size_t j = 0; j < v->statements; j++) {
		const struct sums *s = &fit->sum[j];
		size_t t = v->people + j;
		settle(m, t, s, fit->statement);
		penalty += fit->statement * penalty_of(m, t);
		double n = m->intercept[t], f = m->factor[t];
		left += s->rest - n * s->one - f * s->f;
		square += n * n * s->one + f * f * s->ff + 2 * (n * f * s->f - n * s->rest - f * s->rest_f);
	}
	/* The mean moves by STEP: its best place, all else as it is. */
	double weight = fit->answers * weight_intercept, step = (left - weight * m->mean) / (fit->answers + weight);
	square += step * (fit->answers * step - 2 * left);
	m->mean += step;
	m->loss = square + weight * m->mean * m->mean + penalty;
}

static void descend(struct fit *fit, struct model *m, int rounds)
{
	for (int round = 0; round < rounds; round++) {
		double before = m->loss;
		one_round(fit, m);
		if (!(m->loss < before * (1 - still)))
			break;
	}
}

/* Start NUMBER: the statements' factors from the first axis of the map, or drawn. */
static void begin(const struct fit *fit, struct model *m, const struct opinion_pca *pca, int number, struct rng *rng)
{
	size_t people = fit->votes->people, statements = fit->votes->statements;
	memset(m->intercept, 0, (people + statements) * sizeof *m->intercept);
	memset(m->factor, 0, (people + statements) * sizeof *m->factor);
	for (size_t j = 0; j < statements; j++)
		m->factor[people + j] = number == 0 ? sqrt((double)statements) * pca->axis[j] : rng_normal(rng);
	m->mean = 0.5;
	m->loss = HUGE_VAL;
}

/* The factors' sign is that of the map's first axis. */
static void orient(struct model *m, const struct opinion_votes *v, const struct opinion_pca *pca)
{
	double along = 0;
	for (size_t j = 0; j < v->statements; j++)
		along += m->factor[v->people + j] * pca->axis[j];
	for (size_t t = 0; t < v->people + v->statements && along < 0; t++)
		m->factor[t] = -m->factor[t];
}

/* The statements' part of M. */
static void tell(struct arena *a, const struct opinion_votes *v, const struct model *m, struct opinion_bridge *b)
{
	uint32_t *answers = arena_array(a, uint32_t, v->statements);
	for (size_t at = 0; at < v->count; at++)
		answers[v->statement[at]]++;
	b->mean = m->mean;
	b->loss = m->loss;
	for (size_t j = 0; j < v->statements; j++) {
		b->score[j] = m->intercept[v->people + j];
		b->factor[j] = m->factor[v->people + j];
		if (v->moderated[j] || answers[j] < OPINION_BRIDGE_ANSWERS)
			continue;
		b->status[j] = OPINION_BRIDGE_OPEN;
		if (b->score[j] >= helps)
			b->status[j] = OPINION_BRIDGE_HELPS;
		else if (b->score[j] < parts - parts_by_factor * fabs(b->factor[j]))
			b->status[j] = OPINION_BRIDGE_PARTS;
	}
}

struct opinion_bridge *opinion_bridge_make(
	struct arena *a, const struct opinion_votes *v, const struct opinion_pca *pca, uint64_t seed)
{
	struct opinion_bridge *b = arena_new_of(a, struct opinion_bridge);
	struct fit fit = { .votes = v };
	size_t things = v->people + v->statements;
	b->score = arena_array(a, double, v->statements);
	b->factor = arena_array(a, double, v->statements);
	b->status = arena_array(a, enum opinion_bridging, v->statements);
	for (size_t at = 0; at < v->count; at++)
		fit.answers += !v->moderated[v->statement[at]];
	if (!(fit.answers > 0))
		return b;
	fit.person = fit.answers / (double)v->people;
	fit.statement = fit.answers / (double)v->statements;
	struct arena *scratch = arena_new(1 << 16);
	struct rng rng = rng_seeded(seed);
	fit.sum = arena_array(scratch, struct sums, v->statements);
	struct model best = { .loss = HUGE_VAL }, m = { 0 };
	for (int start = 0; start < STARTS; start++) {
		if (!m.factor) {
			m.intercept = arena_array(scratch, double, things);
			m.factor = arena_array(scratch, double, things);
		}
		begin(&fit, &m, pca, start, &rng);
		descend(&fit, &m, ROUNDS_START);
		if (!(m.loss < best.loss))
			continue;
		struct model old = best;
		best = m;
		m = old;
	}
	descend(&fit, &best, ROUNDS_MAX);
	orient(&best, v, pca);
	tell(scratch, v, &best, b);
	arena_free(scratch);
	return b;
}
