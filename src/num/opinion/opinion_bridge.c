#include "num/opinion/opinion_bridge.h"
#include "num/stats/rng.h"
#include <math.h>

enum { STARTS = 4, ROUNDS_START = 6, ROUNDS_MAX = 200 };

static const double weight_intercept = 0.15, weight_factor = 0.03, helps = 0.40, parts = -0.05, parts_by_factor = 0.8;
static const double still = 1e-7; /* a round that takes less of the loss ends the search */

/* What the model knows of a person or a statement. */
struct entry {
	double intercept, factor;
};

/* A point of the search. Entries of people come first, then those of statements: one thing after the other. */
struct model {
	double mean, loss;
	struct entry *entry; /* [people + statements] */
};

/* The normal equations of one entry: over its answers, sums of rest, f, rest * f and f^2, where f is the other side's factor
 * and rest what the other side's intercept and the mean leave of the rating. Two and two, as the processor adds them. */
struct sums {
	double rest, f, rest_f, ff;
};

/* An answer to a statement that takes part, as the rounds read it, many times over. */
struct answer {
	uint32_t statement;
	float rating; /* 0, 1/2 or 1 */
};

struct fit {
	const struct opinion_votes *votes;
	size_t *row; /* [people + 1]: person i's answers are row[i] to row[i + 1] */
	struct answer *answer;
	double answers;           /* to statements that take part */
	double person, statement; /* answers a person, a statement: how much the penalties of one entry weigh */
	double *count;            /* [statements]: answers */
	struct sums *sum;         /* [statements] */
	double *before, *between, *after, *beyond; /* places of the search: see keep() */
};

/* Adds an answer whose other side has entry OTHER; R is the rating less the mean. */
static void collect(struct sums *s, struct entry other, double r)
{
	double f = other.factor, rest = r - other.intercept;
	s->rest += rest;
	s->f += f;
	s->rest_f += rest * f;
	s->ff += f * f;
}

/* The entry of thing T from its equations of COUNT answers, its penalties weighing WEIGHT. */
static void settle(struct model *m, size_t t, const struct sums *s, double count, double weight)
{
	double a = count + weight * weight_intercept, d = s->ff + weight * weight_factor;
	double determinant = a * d - s->f * s->f;
	m->entry[t] = (struct entry){ (d * s->rest - s->f * s->rest_f) / determinant,
		(a * s->rest_f - s->f * s->rest) / determinant };
}

static double penalty_of(const struct model *m, size_t t)
{
	struct entry e = m->entry[t];
	return weight_intercept * e.intercept * e.intercept + weight_factor * e.factor * e.factor;
}

/* People anew from the statements as they are, statements anew from the people, and the mean from both: what the statements'
 * equations leave over is its residual. */
static void one_round(struct fit *fit, struct model *m)
{
	const struct opinion_votes *v = fit->votes;
	double square = 0, left = 0, penalty = 0;
	memset(fit->sum, 0, v->statements * sizeof *fit->sum);
	for (size_t i = 0; i < v->people; i++) {
		const struct answer *from = fit->answer + fit->row[i], *to = fit->answer + fit->row[i + 1];
		struct sums own = { 0 };
		for (const struct answer *one = from; one < to; one++)
			collect(&own, m->entry[v->people + one->statement], (double)one->rating - m->mean);
		settle(m, i, &own, (double)(to - from), fit->person);
		penalty += fit->person * penalty_of(m, i);
		for (const struct answer *one = from; one < to; one++) {
			double r = (double)one->rating - m->mean, rest = r - m->entry[i].intercept;
			collect(&fit->sum[one->statement], m->entry[i], r);
			square += rest * rest;
		}
	}
	for (size_t j = 0; j < v->statements; j++) {
		const struct sums *s = &fit->sum[j];
		size_t t = v->people + j;
		settle(m, t, s, fit->count[j], fit->statement);
		penalty += fit->statement * penalty_of(m, t);
		double n = m->entry[t].intercept, f = m->entry[t].factor;
		left += s->rest - n * fit->count[j] - f * s->f;
		square += n * n * fit->count[j] + f * f * s->ff + 2 * (n * f * s->f - n * s->rest - f * s->rest_f);
	}
	/* The mean moves by STEP: its best place, all else as it is. */
	double weight = fit->answers * weight_intercept, step = (left - weight * m->mean) / (fit->answers + weight);
	square += step * (fit->answers * step - 2 * left);
	m->mean += step;
	m->loss = square + weight * m->mean * m->mean + penalty;
}

/* Where the search stands: the mean, then the entries of statements. Every round finds those of people anew. */
static void keep(const struct fit *fit, const struct model *m, double *to)
{
	to[0] = m->mean;
	memcpy(to + 1, m->entry + fit->votes->people, fit->votes->statements * sizeof *m->entry);
}

static void put(const struct fit *fit, struct model *m, const double *from)
{
	m->mean = from[0];
	memcpy(m->entry + fit->votes->people, from + 1, fit->votes->statements * sizeof *m->entry);
}

/* Goes on in the direction of the last two rounds, as far as their bend allows: SQUAREM (Varadhan and Roland 2008, the third
 * step length). Alternating rounds alone crawl where leaning and liking can stand for each other. */
static void leap(struct fit *fit, struct model *m)
{
	const double *x = fit->before, *y = fit->between, *z = fit->after;
	double step = 0, bend = 0;
	size_t numbers = 1 + 2 * fit->votes->statements;
	keep(fit, m, fit->after);
	for (size_t k = 0; k < numbers; k++) {
		double one = y[k] - x[k], other = z[k] - y[k];
		step += one * one;
		bend += (other - one) * (other - one);
	}
	double far = bend > 0 ? fmax(1, sqrt(step / bend)) : 1;
	for (size_t k = 0; k < numbers; k++)
		fit->beyond[k] = x[k] + far * (2 * (y[k] - x[k]) + far * (z[k] - 2 * y[k] + x[k]));
	put(fit, m, fit->beyond);
}

static void descend(struct fit *fit, struct model *m, int rounds)
{
	for (int round = 0; round < rounds; round += 2) {
		double before = m->loss;
		if (round > 0)
			leap(fit, m);
		keep(fit, m, fit->before);
		one_round(fit, m);
		if (m->loss > before) { /* too far a leap */
			put(fit, m, fit->after);
			keep(fit, m, fit->before);
			one_round(fit, m);
		}
		double between = m->loss;
		keep(fit, m, fit->between);
		one_round(fit, m);
		if (!(m->loss < between * (1 - still)))
			break;
	}
}

/* Start NUMBER: the statements' factors from the first axis of the map, or drawn. */
static void begin(const struct fit *fit, struct model *m, const struct opinion_pca *pca, int number, struct rng *rng)
{
	size_t people = fit->votes->people, statements = fit->votes->statements;
	memset(m->entry, 0, (people + statements) * sizeof *m->entry);
	for (size_t j = 0; j < statements; j++)
		m->entry[people + j].factor = number == 0 ? sqrt((double)statements) * pca->axis[j] : rng_normal(rng);
	m->mean = 0.5;
	m->loss = HUGE_VAL;
}

/* The factors' sign is that of the map's first axis. */
static void orient(struct model *m, const struct opinion_votes *v, const struct opinion_pca *pca)
{
	double along = 0;
	for (size_t j = 0; j < v->statements; j++)
		along += m->entry[v->people + j].factor * pca->axis[j];
	for (size_t t = 0; t < v->people + v->statements && along < 0; t++)
		m->entry[t].factor = -m->entry[t].factor;
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
		b->score[j] = m->entry[v->people + j].intercept;
		b->factor[j] = m->entry[v->people + j].factor;
		if (v->moderated[j] || answers[j] < OPINION_BRIDGE_ANSWERS)
			continue;
		b->status[j] = OPINION_BRIDGE_OPEN;
		if (b->score[j] >= helps)
			b->status[j] = OPINION_BRIDGE_HELPS;
		else if (b->score[j] < parts - parts_by_factor * fabs(b->factor[j]))
			b->status[j] = OPINION_BRIDGE_PARTS;
	}
}

/* The answers that take part. */
static void take_answers(struct arena *scratch, struct fit *fit)
{
	const struct opinion_votes *v = fit->votes;
	size_t n = 0;
	fit->row = arena_array(scratch, size_t, v->people + 1);
	fit->answer = arena_array(scratch, struct answer, v->count);
	for (size_t i = 0; i < v->people; i++) {
		for (size_t at = v->row[i]; at < v->row[i + 1]; at++) {
			if (v->moderated[v->statement[at]])
				continue;
			fit->count[v->statement[at]]++;
			fit->answer[n++] = (struct answer){ v->statement[at], (float)(v->vote[at] + 1) / 2 };
		}
		fit->row[i + 1] = n;
	}
	fit->answers = (double)n;
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
	struct arena *scratch = arena_new(1 << 16);
	fit.count = arena_array(scratch, double, v->statements);
	fit.sum = arena_array(scratch, struct sums, v->statements);
	double **place[] = { &fit.before, &fit.between, &fit.after, &fit.beyond };
	for (size_t k = 0; k < COUNT(place); k++)
		*place[k] = arena_array(scratch, double, 1 + 2 * v->statements);
	take_answers(scratch, &fit);
	if (!(fit.answers > 0)) {
		arena_free(scratch);
		return b;
	}
	fit.person = fit.answers / (double)v->people;
	fit.statement = fit.answers / (double)v->statements;
	struct rng rng = rng_seeded(seed);
	struct model best = { .loss = HUGE_VAL }, m = { 0 };
	for (int start = 0; start < STARTS; start++) {
		if (!m.entry)
			m.entry = arena_array(scratch, struct entry, things);
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
