/* opinion_stability.h - groups that are there: found on the map, and shown only where they would come out again.
 *
 * People who are in the conversation are parted by k-means (many seeded starts, the least inertia), each weighing as much as his
 * answers say about where he stands, for every k from 2 to 5; the k of the best mean silhouette is taken. A cluster of fewer than
 * max(5, 5 %) people is no group. The groups stand only if
 *	- answers hang together more than by chance: the largest spread on the map is beyond that of 39 rooms in which each
 *	  statement's answers are dealt out anew among those who answered it (of at most 300 people, drawn),
 *	- the silhouette is at least 0.25, and
 *	- the same groups come out of other people of the same kind: over 100 resamples, each with its map and groups found anew,
 *	  the mean adjusted Rand index with the groups is at least 0.6.
 * Otherwise there are no stable groups, and that is an answer: a tool for conflicts must not invent factions.
 *
 * Groups that stand need not be camps: the two halves of one wide crowd come out again, too. So it is said whether there is a
 * gap between them: fewer people halfway between each group and its neighbour than about the middle of either, so clearly that
 * chance does it in one case of twenty at most. The reasons and figures: docs/decisions/0402. */
#ifndef ADEM_NUM_OPINION_STABILITY_H
#define ADEM_NUM_OPINION_STABILITY_H
#include "num/opinion/opinion_position.h"

enum {
	OPINION_PARTS_MAX = 5, /* groups at most */
	OPINION_GROUP_MIN = 5, /* people */
	OPINION_RESAMPLES = 100
};

/* What came of the search, in the order of the questions; all before OPINION_STABLE mean that the room is one. */
enum opinion_verdict {
	OPINION_TOO_FEW,   /* people in the conversation for two groups, or statements (fewer than 7) */
	OPINION_BY_CHANCE, /* answers to one statement tell nothing about those to another */
	OPINION_TOO_SMALL, /* nowhere two clusters that are large enough */
	OPINION_NOT_APART, /* silhouette too small */
	OPINION_FLEETING,  /* other people of the same kind would be parted otherwise */
	OPINION_STABLE
};

struct opinion_found {
	enum opinion_verdict verdict;
	size_t groups;                        /* 0 unless OPINION_STABLE */
	size_t least;                         /* people that make a group in this room */
	uint32_t *label;                      /* [people]: group, the largest first; OPINION_NONE: in none */
	double center[2 * OPINION_PARTS_MAX]; /* of the groups, on the map */
	double silhouette;                    /* NAN where the search ended before it */
	double agreement;                     /* mean adjusted Rand index of the resamples; NAN likewise */
	bool gap;                             /* between every group and its neighbour */
};

/* Looks for groups among the people with IN[i]. Nothing random but by SEED. */
struct opinion_found opinion_find_groups(struct arena *a, const struct opinion_votes *v, const struct opinion_pca *pca,
	const struct opinion_positions *p, const bool *in, uint64_t seed);
/* The adjusted Rand index (Hubert and Arabie 1985) of two labellings of COUNT things into at most OPINION_PARTS_MAX parts each:
 * 1 the same, about 0 by chance. Both all in one part: 1. */
double opinion_rand_index(const uint32_t *a, const uint32_t *b, size_t count);
#endif
