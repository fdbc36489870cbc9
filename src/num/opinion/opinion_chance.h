/* opinion_chance.h - whether answers hang together, or each statement's answers could have been dealt out anew. */
#ifndef ADEM_NUM_OPINION_CHANCE_H
#define ADEM_NUM_OPINION_CHANCE_H
#include "num/opinion/opinion_votes.h"

struct rng;

enum { OPINION_DEALS = 39, OPINION_CHANCE_PEOPLE = 300 };

/* A permutation test at 1 in OPINION_DEALS + 1: deals each statement's CELL[answers] (less the statement's mean) out anew among
 * those who answered it, OPINION_DEALS times; true where the spread along the main direction of some deal is as large as that
 * of V. Who answered what stays as it is, so that busy and quiet people, liked and disliked statements make no structure. Looks
 * at the people with IN[i], of many at OPINION_CHANCE_PEOPLE drawn from them. */
bool opinion_by_chance(const struct opinion_votes *v, const double *cell, const bool *in, struct rng *rng);
#endif
