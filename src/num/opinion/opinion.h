/* opinion.h - the deliberation engine: from answers to common ground.
 *
 * The parts, each its own header: opinion_votes (the matrix), opinion_read (from CSV), opinion_pca (the map),
 * opinion_cluster (k-means), opinion_polis (groups as Polis finds them), opinion_position and opinion_stability (groups as we
 * find them), opinion_groups (sets, counts, common ground), opinion_repness, opinion_bridge, opinion_routing (what follows
 * from groups), opinion_live (one answer at a time). This is the whole of it, in one call.
 *
 * Exact mode gives Polis' numbers: given the server's list of who is in the conversation, its base clusters and groups, they are
 * equal to the server's to rounding. The default mode does not invent factions: groups are shown only where they would come out
 * again with other people of the same kind; otherwise the whole room is one group, everybody in it. */
#ifndef ADEM_NUM_OPINION_H
#define ADEM_NUM_OPINION_H
#include "num/opinion/opinion_bridge.h"
#include "num/opinion/opinion_groups.h"
#include "num/opinion/opinion_repness.h"
#include "num/opinion/opinion_stability.h"

struct opinion_options {
	bool exact;
	uint64_t seed; /* of every random choice of the default mode */
	/* Exact mode, each NULL where it is to be found anew: */
	const bool *in;              /* [people]: who is in the conversation */
	struct opinion_sets *base;   /* members: rows of people; with centers, the map is turned to fit them */
	struct opinion_sets *groups; /* members: numbers of base clusters */
};

struct opinion {
	const struct opinion_votes *votes;
	struct opinion_pca *pca;
	bool *in; /* [people] */
	size_t in_count;
	struct opinion_positions *positions; /* NULL in exact mode, as are found and bridge */
	struct opinion_found *found;
	struct opinion_sets *base, *groups;    /* with centers; in the default mode each group is one base cluster */
	uint32_t *group_of;                    /* [people]; OPINION_NONE: in no group */
	struct opinion_tally *tally;           /* of the groups */
	struct opinion_tally *room;            /* of everybody */
	struct opinion_list *repness;          /* [groups] */
	struct opinion_list agreed, disagreed; /* by the whole room */
	double *group_consensus;               /* [statements], this and the next four: opinion_groups.h */
	double *comparable;
	double *lower_bound;
	double *divisiveness;
	struct opinion_bridge *bridge;
	double *priority; /* [statements]: opinion_routing.h */
	uint32_t *order;  /* [order_count]: statements by priority */
	size_t order_count;
	double silhouette; /* of the groups; 0 where there is one */
};

/* Everything about V, in arena A. Nothing random but by O.seed. */
struct opinion *opinion_run(struct arena *a, const struct opinion_votes *v, const struct opinion_options *o);
#endif
