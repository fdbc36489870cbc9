/* spelling.h - "did you mean": the known word that is nearest to one that was typed. */
#ifndef ADEM_APP_SPELLING_H
#define ADEM_APP_SPELLING_H
#include "base/str.h"

/* How many letters must be added, taken away, exchanged or swapped with their neighbour to make B of A (optimal string
 * alignment); words of more than 60 bytes are far from all others. '-' and '_' are the same letter, and so are cases. */
size_t spelling_distance(struct str a, struct str b);
/* Whether A is close enough to B to be a slip: two letters at most, and fewer than half of them. */
bool spelling_near(struct str a, struct str b);
#endif
