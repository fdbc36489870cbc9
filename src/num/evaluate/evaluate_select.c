/* How places are chosen: by a rule, or by lot among places of about the same share. */
#include "num/evaluate/evaluate_counterfactual.h"
#include <math.h>

const char *const evaluate_selection_names[EVALUATE_SELECTIONS] = { "spike", "recent", "level", "random" };

/* What the rule ranks by; larger is chosen first. */
static double score(const struct evaluate_panel *p, size_t at, const struct counterfactual_options *o, size_t place,
	double share, struct rng *r)
{
	size_t span = o->spike_periods < at ? o->spike_periods : at;
	double recent = evaluate_count(p, place, at - span, at);
	double usual = at > 0 ? evaluate_count(p, place, 0, at) / (double)at * (double)span : 0;
	switch (o->selection) {
	case EVALUATE_SPIKE: return (recent - usual) / sqrt(usual + 0.5);
	case EVALUATE_RECENT: return recent;
	case EVALUATE_LEVEL: return share;
	case EVALUATE_RANDOM:
	case EVALUATE_SELECTIONS: break;
	}
	return rng_unit(r);
}

void evaluate_select(struct arena *mem, const struct evaluate_panel *p, size_t at,
	const struct counterfactual_options *o, const bool *leave_out, struct rng *r, size_t count, size_t *out)
{
	double *rank = arena_array(mem, double, p->places), *share = arena_array(mem, double, p->places);
	bool *taken = arena_array(mem, bool, p->places);
	evaluate_shares(p, at, share);
	for (size_t i = 0; i < p->places; i++) {
		rank[i] = score(p, at, o, i, share[i], r);
		taken[i] = leave_out && leave_out[i];
	}
	for (size_t k = 0; k < count; k++) {
		size_t best = SIZE_MAX;
		for (size_t i = 0; i < p->places; i++) {
			if (taken[i])
				continue;
			bool first = best == SIZE_MAX || rank[i] > rank[best];
			if (first || (!(rank[i] < rank[best]) && share[i] > share[best]))
				best = i;
		}
		assert(best != SIZE_MAX);
		taken[best] = true;
		out[k] = best;
	}
}
