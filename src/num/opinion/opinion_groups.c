#include "num/opinion/opinion_groups.h"
#include "num/stats/special.h"
#include <math.h>

struct opinion_sets *opinion_sets_make(struct arena *a, size_t count, size_t members)
{
	struct opinion_sets *s = arena_new_of(a, struct opinion_sets);
	*s = (struct opinion_sets){
		.count = count,
		.id = arena_array(a, int64_t, count),
		.first = arena_array(a, size_t, count + 1),
		.member = arena_array(a, uint32_t, members),
		.center = arena_array(a, double, 2 * count),
	};
	for (size_t k = 0; k < count; k++)
		s->id[k] = (int64_t)k;
	return s;
}

struct opinion_sets *opinion_sets_of(struct arena *a, const uint32_t *label, size_t things, size_t count)
{
	struct opinion_sets *s = opinion_sets_make(a, count, things);
	size_t *next = arena_array(a, size_t, count + 1);
	for (size_t i = 0; i < things; i++)
		if (label[i] < count)
			s->first[label[i] + 1]++;
	for (size_t k = 0; k < count; k++)
		next[k + 1] = s->first[k + 1] += s->first[k];
	for (size_t i = 0; i < things; i++)
		if (label[i] < count)
			s->member[next[label[i]]++] = (uint32_t)i;
	return s;
}

uint32_t *opinion_groups_label(
	struct arena *a, const struct opinion_sets *base, const struct opinion_sets *groups, size_t people)
{
	uint32_t *label = arena_array(a, uint32_t, people);
	for (size_t i = 0; i < people; i++)
		label[i] = OPINION_NONE;
	for (size_t g = 0; g < groups->count; g++)
		for (size_t k = groups->first[g]; k < groups->first[g + 1]; k++) {
			size_t b = groups->member[k];
			for (size_t at = base->first[b]; at < base->first[b + 1]; at++)
				label[base->member[at]] = (uint32_t)g;
		}
	return label;
}

void opinion_base_center(struct opinion_sets *base, const double *position)
{
	for (size_t b = 0; b < base->count; b++) {
		double x = 0, y = 0, size = (double)opinion_sets_size(base, b);
		for (size_t at = base->first[b]; at < base->first[b + 1]; at++) {
			x += position[2 * (size_t)base->member[at]];
			y += position[2 * (size_t)base->member[at] + 1];
		}
		base->center[2 * b] = size > 0 ? x / size : 0;
		base->center[2 * b + 1] = size > 0 ? y / size : 0;
	}
}

void opinion_groups_center(struct opinion_sets *groups, const struct opinion_sets *base)
{
	for (size_t g = 0; g < groups->count; g++) {
		double x = 0, y = 0, weight = 0;
		for (size_t k = groups->first[g]; k < groups->first[g + 1]; k++) {
			size_t b = groups->member[k];
			double size = (double)opinion_sets_size(base, b);
			x += size * base->center[2 * b];
			y += size * base->center[2 * b + 1];
			weight += size;
		}
		groups->center[2 * g] = weight > 0 ? x / weight : 0;
		groups->center[2 * g + 1] = weight > 0 ? y / weight : 0;
	}
}

struct opinion_tally *opinion_tally_make(
	struct arena *a, const struct opinion_votes *v, const uint32_t *label, size_t count)
{
	struct opinion_tally *t = arena_new_of(a, struct opinion_tally);
	size_t cells = count * v->statements;
	*t = (struct opinion_tally){
		.groups = count,
		.statements = v->statements,
		.agree = arena_array(a, uint32_t, cells),
		.disagree = arena_array(a, uint32_t, cells),
		.seen = arena_array(a, uint32_t, cells),
		.size = arena_array(a, size_t, count),
	};
	for (size_t i = 0; i < v->people; i++) {
		if (label[i] >= count)
			continue;
		t->size[label[i]]++;
		for (size_t at = v->row[i]; at < v->row[i + 1]; at++) {
			size_t cell = label[i] * v->statements + v->statement[at];
			t->seen[cell]++;
			t->agree[cell] += v->vote[at] > 0;
			t->disagree[cell] += v->vote[at] < 0;
		}
	}
	return t;
}

struct opinion_tally *opinion_tally_room(struct arena *a, const struct opinion_votes *v)
{
	return opinion_tally_make(a, v, arena_array(a, uint32_t, v->people), 1);
}

bool opinion_seen_told(const struct opinion_tally *t, size_t g, size_t j)
{
	size_t cell = g * t->statements + j, left = t->seen[cell];
	bool agree = opinion_told(t->agree[cell]), disagree = opinion_told(t->disagree[cell]);
	if (agree)
		left -= t->agree[cell];
	if (disagree)
		left -= t->disagree[cell];
	return opinion_told(t->seen[cell]) && ((agree && disagree) || left >= OPINION_TOLD_MIN);
}

/* What the lower bound leaves below it. */
static const double tail = 0.2;

static double share(const struct opinion_tally *t, size_t g, size_t j)
{
	size_t cell = g * t->statements + j;
	return ((double)t->agree[cell] + 1) / ((double)t->seen[cell] + 2);
}

void opinion_group_consensus(const struct opinion_tally *t, double *out)
{
	for (size_t j = 0; j < t->statements; j++) {
		out[j] = 1;
		for (size_t g = 0; g < t->groups; g++)
			out[j] *= share(t, g, j);
	}
}

void opinion_comparable_consensus(const struct opinion_tally *t, double *out)
{
	opinion_group_consensus(t, out);
	for (size_t j = 0; j < t->statements && t->groups > 0; j++)
		out[j] = pow(out[j], 1 / (double)t->groups);
}

void opinion_lower_bound(const struct opinion_tally *t, double *out)
{
	for (size_t j = 0; j < t->statements; j++) {
		out[j] = t->groups > 0 ? 1 : 0;
		for (size_t g = 0; g < t->groups; g++) {
			size_t cell = g * t->statements + j;
			double agree = t->agree[cell], rest = t->seen[cell] - agree;
			out[j] = fmin(out[j], beta_quantile(tail, agree + 1, rest + 1));
		}
	}
}

void opinion_divisiveness(const struct opinion_tally *t, double *out)
{
	for (size_t j = 0; j < t->statements; j++) {
		double mean = 0, sum = 0;
		for (size_t g = 0; g < t->groups; g++)
			mean += share(t, g, j) / (double)t->groups;
		for (size_t g = 0; g < t->groups; g++)
			sum += (share(t, g, j) - mean) * (share(t, g, j) - mean);
		out[j] = t->groups > 0 ? 4 * sum / (double)t->groups : 0;
	}
}
