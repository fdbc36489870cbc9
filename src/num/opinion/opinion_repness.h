/* opinion_repness.h - the statements that tell a group from the rest, and those the whole room agrees on.
 *
 * With na, nd, ns the agreeing, disagreeing and all answers (passes included) of a group, _o those of the other groups:
 *	p = (n + 1) / (ns + 2)                     share that succeeds, shrunk to one half
 *	t = 2 sqrt(ns + 1) ((n + 1)/(ns + 1) - 1/2)   its distance from one half
 *	r = p / ((n_o + 1) / (ns_o + 2))           how much more than elsewhere
 *	rt = (p1 - p2) / sqrt(q (1 - q) (1/(ns + 1) + 1/(ns_o + 1))), p1 = (n + 1)/(ns + 1), p2 = (n_o + 1)/(ns_o + 1),
 *	     q = (n + n_o + 2)/(ns + ns_o + 2); 0 where q = 1
 * Formulas and selection are those of Polis; statements a moderator took out are not considered. */
#ifndef ADEM_NUM_OPINION_REPNESS_H
#define ADEM_NUM_OPINION_REPNESS_H
#include "num/opinion/opinion_groups.h"

enum { OPINION_LIST_MAX = 5 };

/* z of the 90 % one-sided test, as Polis rounds it. */
#define OPINION_Z90 1.2816

/* One statement of a list. */
struct opinion_rep {
	uint32_t statement;
	bool agree;      /* it is agreement, not disagreement, that succeeds */
	bool best_agree; /* put first because the group agrees on it most; then N_AGREE is set */
	uint32_t n_agree;
	uint32_t successes, trials;
	double p, p_test;             /* p, t above */
	double repness, repness_test; /* r, rt above; 0 in lists of the whole room */
};

struct opinion_list {
	size_t count;
	struct opinion_rep item[OPINION_LIST_MAX];
};

/* p and t of N successes in NS trials. */
double opinion_share(uint32_t n, uint32_t ns);
double opinion_share_test(uint32_t n, uint32_t ns);

/* The statements that represent group G of T: those that pass both tests, by r * rt * p * t, the best agreed one first, agreement
 * before disagreement. */
struct opinion_list opinion_repness(const struct opinion_votes *v, const struct opinion_tally *t, size_t g);
/* What the room (group 0 of ROOM) agrees on, or with AGREE false disagrees with: p > 1/2 and t > z, by p * t. */
struct opinion_list opinion_consensus(const struct opinion_votes *v, const struct opinion_tally *room, bool agree);
#endif
