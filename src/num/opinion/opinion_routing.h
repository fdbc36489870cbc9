/* opinion_routing.h - which statement somebody sees next.
 *
 * Priority is Polis': over the people who are in groups, with A, S answers agreeing and in all, P = passes (S - A - D), and the
 * statement's extremity E on the map:
 *	[ (1 - (P + 1)/(S + 2)) (E + 1) (A + 1)/(S + 2) (1 + 8 * 2^(-S/5)) ]^2,   49 for statements about the conversation itself.
 * Statements that people understand, agree on and that part them come often; new ones come first. */
#ifndef ADEM_NUM_OPINION_ROUTING_H
#define ADEM_NUM_OPINION_ROUTING_H
#include "num/opinion/opinion_groups.h"

/* Priority of one statement from its counts over all groups. */
double opinion_priority(bool meta, uint32_t agree, uint32_t disagree, uint32_t seen, double extremity);
/* PRIORITY[statements] from the tally of the groups and EXTREMITY[statements]. */
void opinion_priorities(
	const struct opinion_votes *v, const struct opinion_tally *t, const double *extremity, double *priority);
/* The statements by descending priority (of equal ones the smaller id first), without those a moderator took out, into
 * ORDER[statements]; returns how many. The order of paper ballots and of a list that is carried to a place without network. */
size_t opinion_order(const struct opinion_votes *v, const double *priority, uint32_t *order);
/* The turn of a statement in the order for one person; the largest comes first. */
double opinion_turn(uint64_t seed, int64_t person, int64_t statement_id, double priority);
/* The order for one person: a draw without replacement, weighted by priority (Efraimidis and Spirakis 2006), so that the room
 * as a whole answers everything, and each statement about as often as it deserves. It depends on SEED, PERSON and the
 * statements' ids alone: a phone without network that has the priorities finds the same order as the server. ANSWERED
 * [statements] are left out; NULL: none. Into ORDER[statements]; returns how many. */
size_t opinion_order_for(const struct opinion_votes *v, const double *priority, const bool *answered, uint64_t seed,
	int64_t person, uint32_t *order);
#endif
