/* opinion_groups.h - sets of people, and how each set answered each statement.
 *
 * Two levels, as in Polis: base clusters (sets of people who stand together, at most about a hundred) and groups (sets of base
 * clusters). Whoever is in no set is in the room all the same. */
#ifndef ADEM_NUM_OPINION_GROUPS_H
#define ADEM_NUM_OPINION_GROUPS_H
#include "num/opinion/opinion_votes.h"

/* COUNT sets: members of set s are member[first[s]] to member[first[s + 1]]. */
struct opinion_sets {
	size_t count;
	int64_t *id;      /* [count] */
	size_t *first;    /* [count + 1] */
	uint32_t *member; /* of base clusters: rows of people; of groups: numbers of base clusters */
	double *center;   /* [count * 2] */
};

/* Answers of GROUPS groups to each statement; entry g * statements + j. */
struct opinion_tally {
	size_t groups, statements;
	uint32_t *agree, *disagree, *seen; /* seen: agree, disagree and pass together */
	size_t *size;                      /* [groups]: people */
};

/* Sets with room for COUNT of them and MEMBERS members in all; ids 0, 1, …, no members yet. */
struct opinion_sets *opinion_sets_make(struct arena *a, size_t count, size_t members);
/* Sets from labels: thing i belongs to set LABEL[i]; labels of COUNT and more belong nowhere. Members in ascending order. */
struct opinion_sets *opinion_sets_of(struct arena *a, const uint32_t *label, size_t things, size_t count);
/* How many members set S has. */
static inline size_t opinion_sets_size(const struct opinion_sets *sets, size_t s)
{
	return sets->first[s + 1] - sets->first[s];
}
/* The group of each person, [people]; OPINION_NONE: in none. */
uint32_t *opinion_groups_label(
	struct arena *a, const struct opinion_sets *base, const struct opinion_sets *groups, size_t people);
/* Centers of base clusters: means of the members' POSITION[people * 2]. */
void opinion_base_center(struct opinion_sets *base, const double *position);
/* Centers of groups: means of their base clusters' centers, each weighing its members. */
void opinion_groups_center(struct opinion_sets *groups, const struct opinion_sets *base);
/* Counts the answers of each group: LABEL[people] as above, COUNT groups. Linear in the answers. Moderated statements are
 * counted like others; whoever reads the tally leaves them out where that is due. */
struct opinion_tally *opinion_tally_make(
	struct arena *a, const struct opinion_votes *v, const uint32_t *label, size_t count);
/* The same with everybody in one group. */
struct opinion_tally *opinion_tally_room(struct arena *a, const struct opinion_votes *v);

/* A smaller count of people could tell who they are. */
enum { OPINION_TOLD_MIN = 5 };
/* Whether a count of people may be told. */
static inline bool opinion_told(size_t count)
{
	return count == 0 || count >= OPINION_TOLD_MIN;
}
/* Whether SEEN of group G and statement J may be told beside those of agree and disagree that may be: not where what is left
 * when these are taken from it would show a count that is not told. */
bool opinion_seen_told(const struct opinion_tally *t, size_t g, size_t j);

/* Common ground: what every group can live with, and what parts the groups.
 *
 * With A, S the agreeing and all answers of a group to a statement, over the groups of a tally. Each writes one number a
 * statement into OUT[statements]; what has not been answered is judged by the priors in the formulas. */

/* Polis' group-aware consensus: the product over groups of (A + 1)/(S + 2). */
void opinion_group_consensus(const struct opinion_tally *t, double *out);
/* Its GROUPS-th root, which can be compared between rooms of two and of five groups. */
void opinion_comparable_consensus(const struct opinion_tally *t, double *out);
/* The least over groups of the one-sided 80 % lower bound of the share that agrees, under Beta(A + 1, S - A + 1): every group
 * agrees at least this much, with confidence; few answers make it small. */
void opinion_lower_bound(const struct opinion_tally *t, double *out);
/* Divisiveness: the variance between the groups of (A + 1)/(S + 2), groups weighing the same, times 4 so that 1 is two groups
 * who say the opposite; 0 with one group. */
void opinion_divisiveness(const struct opinion_tally *t, double *out);
#endif
