#include "num/opinion/opinion.h"
#include "num/opinion/opinion_groups.h"
#include "num/opinion/opinion_polis.h"
#include "num/opinion/opinion_routing.h"

/* Turns the axes of the map so that the base clusters stand where BASE says, if it says so. */
static void turn_like(struct opinion_pca *pca, const struct opinion_sets *base)
{
	double along[OPINION_AXES] = { 0 };
	for (size_t b = 0; b < base->count; b++)
		for (size_t at = base->first[b]; at < base->first[b + 1]; at++)
			for (size_t k = 0; k < OPINION_AXES; k++)
				along[k] += base->center[2 * b + k] * pca->position[2 * (size_t)base->member[at] + k];
	for (size_t k = 0; k < OPINION_AXES; k++)
		if (along[k] < 0)
			opinion_pca_flip(pca, k);
}

static void find_exact(struct arena *a, struct opinion *r, const struct opinion_options *o)
{
	const struct opinion_votes *v = r->votes;
	if (o->base)
		turn_like(r->pca, o->base);
	if (o->in) {
		memcpy(r->in, o->in, v->people * sizeof *r->in);
		for (size_t i = 0; i < v->people; i++)
			r->in_count += r->in[i];
	} else {
		r->in_count = opinion_in_conversation(a, v, r->in);
	}
	r->base = o->base ? o->base : opinion_polis_base(a, r->pca, r->in);
	opinion_base_center(r->base, r->pca->position);
	r->groups = o->groups ? o->groups : opinion_polis_groups(a, r->base, NULL, &r->silhouette);
	opinion_groups_center(r->groups, r->base);
}

/* Groups where they are stable; otherwise everybody is one. */
static void find_stable(struct arena *a, struct opinion *r, const struct opinion_options *o)
{
	const struct opinion_votes *v = r->votes;
	r->in_count = opinion_in_conversation(a, v, r->in);
	r->positions = opinion_positions_make(a, v, r->pca);
	r->found = arena_new_of(a, struct opinion_found);
	*r->found = opinion_find_groups(a, v, r->pca, r->positions, r->in, o->seed);
	r->bridge = opinion_bridge_make(a, v, r->pca, o->seed);
	size_t count = r->found->groups > 0 ? r->found->groups : 1;
	r->silhouette = r->found->groups > 0 ? r->found->silhouette : 0;
	r->base = opinion_sets_of(
		a, r->found->groups > 0 ? r->found->label : arena_array(a, uint32_t, v->people), v->people, count);
	r->groups = opinion_sets_make(a, count, count);
	for (size_t g = 0; g < count; g++) {
		r->groups->member[g] = (uint32_t)g;
		r->groups->first[g + 1] = g + 1;
	}
	memcpy(r->base->center, r->found->center, 2 * r->found->groups * sizeof *r->base->center);
	opinion_groups_center(r->groups, r->base);
}

/* What follows from the groups. */
static void judge(struct arena *a, struct opinion *r)
{
	const struct opinion_votes *v = r->votes;
	size_t m = v->statements;
	r->group_of = opinion_groups_label(a, r->base, r->groups, v->people);
	r->tally = opinion_tally_make(a, v, r->group_of, r->groups->count);
	r->room = opinion_tally_room(a, v);
	r->repness = arena_array(a, struct opinion_list, r->groups->count);
	for (size_t g = 0; g < r->groups->count; g++)
		r->repness[g] = opinion_repness(v, r->tally, g);
	r->agreed = opinion_consensus(v, r->room, true);
	r->disagreed = opinion_consensus(v, r->room, false);
	opinion_group_consensus(r->tally, r->group_consensus = arena_array(a, double, m));
	opinion_comparable_consensus(r->tally, r->comparable = arena_array(a, double, m));
	opinion_lower_bound(r->tally, r->lower_bound = arena_array(a, double, m));
	opinion_divisiveness(r->tally, r->divisiveness = arena_array(a, double, m));
	opinion_priorities(v, r->tally, r->pca->extremity, r->priority = arena_array(a, double, m));
	r->order_count = opinion_order(v, r->priority, r->order = arena_array(a, uint32_t, m));
}

struct opinion *opinion_run(struct arena *a, const struct opinion_votes *v, const struct opinion_options *o)
{
	struct opinion *r = arena_new_of(a, struct opinion);
	r->votes = v;
	r->in = arena_array(a, bool, v->people);
	r->pca = opinion_pca_make(a, v);
	if (o->exact)
		find_exact(a, r, o);
	else
		find_stable(a, r, o);
	judge(a, r);
	return r;
}
