/* opinion_live.h - one answer at a time, between two recomputations of the whole.
 *
 * After opinion_run() the map, the groups and who is in them stand still until the next one. Meanwhile each answer changes at
 * once what can change without them: counts, means, priorities, consensus, and where the one who answered stands. That costs
 * time in his own answers and the statements, not in the room. Somebody new is in the room, and in no group (where the room is
 * one group, in that); a new statement is counted and comes early, and has no place on the map yet. */
#ifndef ADEM_NUM_OPINION_LIVE_H
#define ADEM_NUM_OPINION_LIVE_H
#include "num/opinion/opinion.h"

enum { OPINION_LIVE_NEW = 1024 }; /* new statements between two recomputations */

/* Ids that came later than the last recomputation, ascending, and the numbers they got. */
struct opinion_newcomers {
	size_t count, cap;
	struct opinion_newcomer {
		int64_t id;
		uint32_t number;
	} * list;
};

struct opinion_live_person {
	size_t count, cap;
	uint32_t *statement; /* ascending */
	int8_t *vote;
	uint32_t group;
};

struct opinion_live {
	struct arena *mem;
	const struct opinion *whole;     /* the last recomputation */
	size_t people, statements, room; /* ROOM: statements there is memory for */
	int64_t *statement_id;           /* [statements] */
	struct opinion_live_person *person;
	size_t person_cap;
	struct opinion_newcomers new_people, new_statements;
	struct opinion_tally tally, everybody; /* as in struct opinion, of ROOM statements */
	double *center, *reach;                /* [room]: mean answer; extremity is reach * (1 - center) */
	double *priority;                      /* [room] */
};

/* Begins where WHOLE ends. Everything, WHOLE too, must stay as long as arena A. */
struct opinion_live *opinion_live_begin(struct arena *a, const struct opinion *whole);
/* Takes an answer in; a later one of the same person to the same statement overrides. False, and nothing is taken in, where
 * there are OPINION_LIVE_NEW new statements or OPINION_PEOPLE_MAX people: recompute first. */
MUST_CHECK bool opinion_live_vote(struct opinion_live *l, int64_t person_id, int64_t statement_id, int8_t vote);
/* Where the person stands on the map, into XY; false where he has no answer that says so. */
bool opinion_live_place(const struct opinion_live *l, int64_t person_id, double xy[2]);
/* The statement the person should see next, by the order of opinion_order_for(); false where he has answered all. */
bool opinion_live_next(const struct opinion_live *l, int64_t person_id, uint64_t seed, int64_t *statement_id);
/* The number of a statement (its entry in tally, center and priority); OPINION_NONE: not there. */
uint32_t opinion_live_statement(const struct opinion_live *l, int64_t statement_id);
#endif
