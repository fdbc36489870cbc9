/* opinion_common.h - common ground: what every group can live with, and what parts the groups.
 *
 * With A, S the agreeing and all answers of a group to a statement, over the groups of a tally. Each writes one number a
 * statement into OUT[statements]; what has not been answered is judged by the priors in the formulas. */
#ifndef ADEM_NUM_OPINION_COMMON_H
#define ADEM_NUM_OPINION_COMMON_H
#include "num/opinion/opinion_groups.h"

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
