#include "num/opinion/opinion_polis.h"

/* Somebody who may be taken in though he answered little. */
struct candidate {
	size_t answers;
	uint32_t person;
};

static int by_answers(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->answers != y->answers)
		return x->answers > y->answers ? -1 : 1;
	return (x->person > y->person) - (x->person < y->person);
}

size_t opinion_in_conversation(struct arena *a, const struct opinion_votes *v, bool *in)
{
	size_t enough = v->statements < OPINION_IN_CONVERSATION ? v->statements : OPINION_IN_CONVERSATION;
	struct candidate *others = arena_array(a, struct candidate, v->people);
	size_t count = 0, others_count = 0;
	for (size_t i = 0; i < v->people; i++) {
		in[i] |= opinion_votes_of(v, i) >= enough;
		count += in[i];
		if (!in[i])
			others[others_count++] = (struct candidate){ opinion_votes_of(v, i), (uint32_t)i };
	}
	if (count >= OPINION_FILL_TO)
		return count;
	qsort(others, others_count, sizeof *others, by_answers);
	for (size_t k = 0; k < others_count && count < OPINION_FILL_TO; k++, count++)
		in[others[k].person] = true;
	return count;
}

/* The people with IN[i]: their rows and positions. */
struct inside {
	uint32_t *row;
	struct opinion_points points;
};

static struct inside inside_of(struct arena *a, const struct opinion_pca *pca, const bool *in)
{
	double *xy = arena_array(a, double, 2 * pca->people);
	struct inside s = { .row = arena_array(a, uint32_t, pca->people), .points = { .xy = xy } };
	for (size_t i = 0; i < pca->people; i++) {
		if (!in[i])
			continue;
		memcpy(xy + 2 * s.points.count, pca->position + 2 * i, 2 * sizeof *xy);
		s.row[s.points.count++] = (uint32_t)i;
	}
	return s;
}

/* Clusters of the people inside as base clusters. */
static struct opinion_sets *as_base(
	struct arena *a, const struct opinion_pca *pca, const struct inside *s, const struct opinion_clusters *c)
{
	struct opinion_sets *base = opinion_sets_of(a, c->label, s->points.count, c->count);
	for (size_t k = 0; k < base->first[base->count]; k++)
		base->member[k] = s->row[base->member[k]];
	opinion_base_center(base, pca->position);
	return base;
}

struct opinion_sets *opinion_polis_base(struct arena *a, const struct opinion_pca *pca, const bool *in)
{
	struct inside s = inside_of(a, pca, in);
	struct opinion_clusters c = opinion_cluster_polis(a, s.points, OPINION_BASE_MAX);
	return as_base(a, pca, &s, &c);
}

struct opinion_sets *opinion_polis_base_again(
	struct arena *a, const struct opinion_pca *pca, const bool *in, const struct opinion_sets *old)
{
	struct inside s = inside_of(a, pca, in);
	uint32_t *of_person = arena_array(a, uint32_t, pca->people), *label = arena_array(a, uint32_t, s.points.count);
	for (size_t i = 0; i < pca->people; i++)
		of_person[i] = OPINION_NONE;
	for (size_t b = 0; b < old->count; b++)
		for (size_t at = old->first[b]; at < old->first[b + 1]; at++)
			of_person[old->member[at]] = (uint32_t)b;
	for (size_t k = 0; k < s.points.count; k++)
		label[k] = of_person[s.row[k]];
	struct opinion_clusters c = opinion_cluster_polis_again(a, s.points, OPINION_BASE_MAX, label, old->count);
	return as_base(a, pca, &s, &c);
}

size_t opinion_smooth(struct opinion_smoother *s, size_t best)
{
	s->wins = best == s->last ? s->wins + 1 : 1;
	s->last = best;
	if (s->shown == 0 || s->wins >= OPINION_WINS)
		s->shown = best;
	return s->shown;
}

struct opinion_sets *opinion_polis_groups(
	struct arena *a, const struct opinion_sets *base, struct opinion_smoother *smoother, double *silhouette)
{
	double *weight = arena_array(a, double, base->count);
	for (size_t b = 0; b < base->count; b++)
		weight[b] = (double)opinion_sets_size(base, b);
	struct opinion_points p = { .count = base->count, .xy = base->center, .weight = weight };
	struct opinion_points even = { .count = base->count, .xy = base->center };
	struct opinion_clusters of[OPINION_GROUPS_MAX + 1] = { 0 };
	double parted[OPINION_GROUPS_MAX + 1] = { 0 };
	size_t most = 2 + base->count / 12, best = 2;
	if (most > OPINION_GROUPS_MAX)
		most = OPINION_GROUPS_MAX;
	for (size_t k = 2; k <= most; k++) {
		of[k] = opinion_cluster_polis(a, p, k);
		parted[k] = opinion_cluster_silhouette(a, even, of[k].label, of[k].count);
		if (parted[k] > parted[best])
			best = k;
	}
	size_t shown = smoother ? opinion_smooth(smoother, best) : best;
	if (shown < 2 || shown > most)
		shown = best;
	*silhouette = parted[shown];
	struct opinion_sets *groups = opinion_sets_of(a, of[shown].label, base->count, of[shown].count);
	opinion_groups_center(groups, base);
	return groups;
}
