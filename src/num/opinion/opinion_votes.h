/* opinion_votes.h - who answered what: the sparse matrix every part of the deliberation engine reads.
 *
 * Shapes: PEOPLE rows, STATEMENTS columns, COUNT answers. Both are in ascending order of their ids, so the order in which
 * answers came in changes nothing but which of two answers of one person to one statement counts: the later.
 * Signs: 1 agree, -1 disagree, 0 pass, everywhere in src/num. (Polis' server keeps agree as -1; whoever writes its format
 * turns the signs there.) Memory: all arrays live in the arena given to opinion_votes_make(). */
#ifndef ADEM_NUM_OPINION_VOTES_H
#define ADEM_NUM_OPINION_VOTES_H
#include "base/arena.h"

enum { OPINION_PEOPLE_MAX = 1 << 20, OPINION_STATEMENTS_MAX = 1 << 16 };

/* No such row, column or group. */
#define OPINION_NONE UINT32_MAX

/* One answer as it came in. */
struct opinion_answer {
	int64_t person, statement; /* ids */
	int8_t vote;               /* 1, 0, -1 */
};

struct opinion_votes {
	size_t people, statements, count;
	int64_t *person_id;    /* [people] */
	int64_t *statement_id; /* [statements] */
	size_t *row;           /* [people + 1]: person i's answers are row[i] to row[i + 1] */
	uint32_t *statement;   /* [count], ascending within a person */
	int8_t *vote;          /* [count] */
	bool *moderated;       /* [statements]: taken out by a moderator; all false after making */
	bool *meta;            /* [statements]: about the conversation itself; all false after making */
	size_t moderated_count;
};

/* The matrix of ANSWERS (COUNT of them, in the order they were given). Time and memory are linear in COUNT.
 * Limits: OPINION_PEOPLE_MAX people and OPINION_STATEMENTS_MAX statements; NULL where there are more. */
MUST_CHECK struct opinion_votes *opinion_votes_make(
	struct arena *a, const struct opinion_answer *answers, size_t count);
/* Takes the statement out of the map and the lists, or marks it as about the conversation itself. An id that nobody
 * answered is ignored: it has no column. */
void opinion_votes_moderate(struct opinion_votes *v, int64_t statement_id);
void opinion_votes_mark_meta(struct opinion_votes *v, int64_t statement_id);
/* The row of a person, the column of a statement; OPINION_NONE: not there. */
uint32_t opinion_votes_person(const struct opinion_votes *v, int64_t person_id);
uint32_t opinion_votes_statement(const struct opinion_votes *v, int64_t statement_id);
/* How many statements the person answered, moderated ones included. */
static inline size_t opinion_votes_of(const struct opinion_votes *v, size_t person)
{
	return v->row[person + 1] - v->row[person];
}
#endif
