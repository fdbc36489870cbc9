/* alerts.h - a call on posts to answer. It climbs its level's ladder until somebody says "mine"; an owner who then does
 * nothing for too long makes it climb on. Every answer is one tap, one row, one timeline entry, and can be undone for a
 * minute. Deadlines are jobs, so that they survive restarts. */
#ifndef ADEM_ALERTS_H
#define ADEM_ALERTS_H
#include "features/cases/cases.h"
#include "http/live.h"

/* A post on the ladder for a place and level. */
struct alert_target {
	int64_t post_id;
	struct str name, kind;
	int64_t step, after_s; /* called this long after the alert was raised, unless it is owned before */
	unsigned roles;
	bool on_duty_only;
};

/* Which posts an alert of LEVEL at the place will call, in order of steps. SPARES_NEIGHBOURS leaves out RW posts. Those of
 * step 0 read a report at once; all of them may open it. */
MUST_CHECK enum err alerts_plan(struct ctx *c, int64_t place_id, enum level level, bool spares_neighbours,
	struct alert_target **rows, size_t *rows_count);
/* Raises an alert in the caller's write transaction: calls step 0 at once (and further steps at once as long as nobody of
 * those called is on duty), adds the called posts to the case, enqueues the next step. REPORT_ID 0: none. */
MUST_CHECK enum err alerts_raise(struct ctx *c, int64_t case_id, int64_t report_id, int64_t place_id, enum level level,
	enum trigger why, bool spares_neighbours, int64_t *id);
/* What a reporter is told of the alert of their report: its state and when it climbs next; *due_ms 0: nothing is due. */
MUST_CHECK enum err alerts_due(struct ctx *c, int64_t case_id, int64_t report_id, struct str *state, int64_t *due_ms);
/* Makes the default ladders of c->region where it has none. */
MUST_CHECK enum err alerts_default_rungs(struct ctx *c);

/* Jobs: subject is the alert. Calls the next step when it is due. */
enum err alerts_climb_job(struct ctx *c, int64_t alert_id);

enum answer {
	ANSWER_SEEN,
	ANSWER_MINE,
	ANSWER_ON_THE_WAY,
	ANSWER_THERE,
	ANSWER_CALM,
	ANSWER_HANDED_OVER,
	ANSWER_ACCEPTED,
	ANSWER_REFUSED,
	ANSWER_FALSE_ALARM,
	ANSWER_COUNT
};
/* Codes in order of the enum; NULL ends the list. */
extern const char *const answer_codes[];

/* The signed-in person answers as member of POST_ID; TO_POST_ID is who takes over, for ANSWER_HANDED_OVER. The caller has
 * checked that the person takes part in the case, and shares its boxes with a post it is handed over to. ERR_CONFLICT
 * when somebody was faster or the state does not allow it. An owner who then stays silent for too long (15 minutes,
 * 2 hours, a day by level; 5 minutes for an offer nobody accepts) makes the alert climb on. */
MUST_CHECK enum err alerts_answer(
	struct ctx *c, int64_t alert_id, enum answer what, int64_t post_id, int64_t to_post_id);
/* Takes back the person's own last answer, within a minute; the state before it holds again, its deadline too. */
MUST_CHECK enum err alerts_undo(struct ctx *c, int64_t alert_id);
#endif
