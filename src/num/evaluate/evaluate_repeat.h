/* evaluate_repeat.h - does what is done after an incident stop the next one? Incidents after which something was done beside
 * incidents like them after which nothing was (matched near-repeat counterfactual, numerics C.3d).
 *
 * For each treated incident the MATCHES nearest untreated ones of the same town and year, class of weekday (Friday
 * to Sunday, or not) and named season (Ramadan, or not) are found by
 *	d^2 = sum over x in { ln share of the place, S_3, S_14 } of ((x - x') / sd(x))^2,
 *	S_k = sum over earlier incidents of the place of exp(-days since / k),
 * none of them farther than the calliper. Years, so that a quiet one is not taken for an effect. The outcome is a
 * further incident within WITHIN_D days in the same place or one that touches it: 0 or 1, and their number. Incidents
 * whose WITHIN_D days go beyond the data are left out, treated ones without a match too; both are counted. A place's
 * share is of the incidents before, never of those after.
 *
 * Difference and ratio of the means; their interval by a bootstrap of whole places, which incidents of one place
 * belong to; p by giving the labels out anew within strata (town, year, weekday, season) and matching anew. Same input and
 * seed: same answer. Memory: the arena of the context. Time: permutations * treated * (untreated within the calliper
 * by share). */
#ifndef ADEM_NUM_EVALUATE_REPEAT_H
#define ADEM_NUM_EVALUATE_REPEAT_H
#include "base/err.h"
#include "num/data/places.h"
#include "num/stats/rng.h"

enum { REPEAT_TREATED_MIN = 5 };

struct repeat_incident {
	int32_t day;
	uint32_t place;
	bool treated, season; /* season: of a kind of days that only compares with itself */
};

struct repeat {
	size_t count;
	const struct repeat_incident *incident; /* ascending by day */
	size_t places;
	const struct place_edges *neighbors; /* NULL: only the same place counts */
	const uint32_t *town;                /* of each place; NULL: one town */
	int32_t end;                         /* the day after the last that is known */
	unsigned within_d;                   /* 0: 14 */
	unsigned matches;                    /* 0: 3 */
	double calliper;                     /* the largest d; 0: 0.5 */
	size_t draws;                        /* of the bootstrap; 0: 1000 */
	size_t permutations;                 /* 0: 499 */
	uint64_t seed;
};

struct repeat_ratio {
	double treated, control; /* means of the outcome */
	double difference, ratio;
	double difference_low90, difference_high90, difference_low95, difference_high95;
	double ratio_low90, ratio_high90, ratio_low95, ratio_high95;
	double p; /* two-sided, of the difference */
};

struct repeat_result {
	size_t treated, untreated; /* incidents with a known outcome */
	size_t matched, unmatched; /* treated ones with and without a match */
	size_t cut_off;            /* left out: their days go beyond the data */
	double distance;           /* mean over matches */
	struct repeat_ratio any, number;
	size_t places; /* with a matched incident */
};

/* Fails with ERR_INPUT and the reason: fewer than REPEAT_TREATED_MIN treated incidents can be matched, no untreated one. */
MUST_CHECK enum err repeat_run(struct ctx *c, const struct repeat *r, struct repeat_result **out);
#endif
