/* hawkes_explain.h - why a place is to expect what it is: the expected count of some days, in parts that add up.
 *
 * First what memory brings, as on an average day at the model's own level: the long run (long memories, shares, the constant),
 * and what happened in the last days here, at neighbours, at rivals, in the town, and as heralds. Then what this day makes of
 * it: the level c, the season, the weekday, the time of day, named days; these may be negative. The factors' parts are
 * their logarithms times the logarithmic mean of the count with and without them all (Ang 2004, LMDI), which leaves no rest.
 * What further days bring through incidents still to come is counted as news of the last days. */
#ifndef ADEM_NUM_HAWKES_EXPLAIN_H
#define ADEM_NUM_HAWKES_EXPLAIN_H
#include "num/forecast/hawkes_area.h"

enum hawkes_part {
	HAWKES_PART_LONG,
	HAWKES_PART_HERE,
	HAWKES_PART_NEIGHBORS,
	HAWKES_PART_RIVALS,
	HAWKES_PART_TOWN,
	HAWKES_PART_HERALDS,
	HAWKES_PART_LEVEL,
	HAWKES_PART_SEASON,
	HAWKES_PART_WEEKDAY,
	HAWKES_PART_SLOT,
	HAWKES_PART_NAMED,
	HAWKES_PARTS
};

struct hawkes_explanation {
	double expected;           /* the sum of the parts, added in their order */
	double part[HAWKES_PARTS]; /* incidents */
};

/* Of PLACE over DAYS days, the first AHEAD days after the day the state is at. */
struct hawkes_explanation hawkes_explain(
	const struct hawkes_area *h, struct arena *scratch, uint32_t place, unsigned ahead, unsigned days);
/* The same of one slot of that day: a night. */
struct hawkes_explanation hawkes_explain_slot(
	const struct hawkes_area *h, struct arena *scratch, uint32_t place, unsigned ahead, unsigned slot);
#endif
