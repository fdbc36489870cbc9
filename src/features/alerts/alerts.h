/* alerts.h - a call on posts to answer. It climbs its level's ladder until somebody says "mine"; an owner who then does
 * nothing for too long makes it climb on, and at the top it rings again and again. Every answer is one tap, one row, one timeline
 * entry, and can be undone for a minute. Deadlines are jobs, so that they survive restarts. What an answer or the clock turns an
 * alert into is decided in features/escalation. */
#ifndef ADEM_ALERTS_H
#define ADEM_ALERTS_H
#include "features/cases/cases.h"
#include "features/escalation/escalation.h"
#include "http/live.h"

/* A post on the ladder for a place and level. */
struct alert_target {
	int64_t post_id;
	struct str name, kind;
	int64_t step, after_s; /* called this long after the alert was raised, unless it is owned before */
	unsigned roles;
	bool on_duty_only;
	int64_t since_ms; /* of a reader that was added later: since when; else 0 */
};

/* Which posts an alert of LEVEL at the place will call, in order of steps. SPARES_NEIGHBOURS leaves out RW posts. Those of
 * step 0 read a report at once; all of them may open it. A region without a ladder has the default one. */
MUST_CHECK enum err alerts_plan(struct ctx *c, int64_t place_id, enum level level, bool spares_neighbours,
	struct alert_target **rows, size_t *rows_count);
/* Raises an alert in the caller's write transaction by PLAN, which alerts_plan() made for this place and level: calls step 0
 * at once (and further steps at once as long as nobody of those called hears it), adds the called posts to the case, enqueues
 * the next step. REPORT_ID 0: none. */
MUST_CHECK enum err alerts_raise(struct ctx *c, int64_t case_id, int64_t report_id, int64_t place_id, enum level level,
	enum trigger why, const struct alert_target *plan, size_t plan_count, int64_t *id);
/* A further report of LEVEL was joined to the incident of this open alert. A higher level rings at once by its own
 * ladder from step 0 and becomes the alert's and the case's; the same or a lower one rings the posts of the current
 * step and the owner, as far as they read it, but not twice within 3 minutes (ambang 15 minutes, potensi 12 hours).
 * Who has said that it is over has not said so of this report. ERR_CONFLICT when the alert has ended: ended incidents
 * absorb nothing. The caller has taken the case; the posts see the report afterwards. */
MUST_CHECK enum err alerts_report_joined(struct ctx *c, int64_t alert_id, int64_t report_id, enum level level);
/* The reporter of REPORT_ID has written again. Of the call that speaks for it, the owner and the posts of the current step ring,
 * as far as they read the report; there the row is marked (unread_ms) until one of them answers, and the deadline comes nearer.
 * An owner who does not read the report takes neither the mark nor the deadline off it. Until somebody has answered, the next
 * word of the same receipt rings after a while only (escalation.h), and stands on the board until then. Where all calls have
 * ended the case opens again, and another call is raised, of the case's level and like the last one, with its whole ladder; the
 * word waits in that one. From the second such call of a receipt on it is held for a while before it rings. The caller has taken
 * the case. */
MUST_CHECK enum err alerts_ring_again(struct ctx *c, int64_t case_id, int64_t report_id);
/* The same, and takes the case: the reporter says that it is not calm. The timeline has it once until somebody answers. */
MUST_CHECK enum err alerts_not_calm(struct ctx *c, int64_t case_id, int64_t report_id);

/* What a reporter is told of the alert of their report, or of the incident that it was joined to: where that spares the
 * neighbourhood, only what was done after the report came (alerts_told.c). */
struct alert_told {
	struct str state;
	int64_t due_ms;       /* when it rings on if nothing happens; 0: it has ended, or that is not told */
	int64_t answer_by_ms; /* instead, where the neighbourhood is spared, and of potensi: when an answer is overdue */
	int64_t late_ms;      /* since when an answer is overdue; 0: none is */
	int64_t raised_ms;    /* 0: not told */
	struct str offered;   /* the post that was asked to take it over, and has not answered; null: none */
	struct alert_called {
		int64_t post_id;
		struct str name;
		bool heard; /* somebody did when it rang last: was signed in, and on duty where the call asks for that */
	} * called; /* the posts that were rung for it so far, each once; none where it has ended, is somebody's, or
			     * is potensi */
	size_t called_count;
	int64_t seen; /* so many posts have said that they have seen it and cannot take it */
	bool held;    /* what the reporter wrote last stands on the board without having rung, and waits to be read */
};
MUST_CHECK enum err alerts_told(struct ctx *c, int64_t case_id, int64_t report_id, struct alert_told *out);
/* Makes the default ladders of c->region where it has none. */
MUST_CHECK enum err alerts_default_rungs(struct ctx *c);

/* Jobs: subject is the alert. Calls the next step when it is due, or rings the top again. */
enum err alerts_climb_job(struct ctx *c, int64_t alert_id);
/* The clock was ahead when that job was made (queue.h): the alert's deadline comes back with it, and nothing has rung later than
 * now. */
enum err alerts_moved_back(struct ctx *c, int64_t alert_id, int64_t was_ms, int64_t by_ms);
/* Subject is a case that was opened again: its posts are called anew, unless a call of it is open. */
enum err alerts_anew_job(struct ctx *c, int64_t case_id);
/* When a worker begins and every few minutes, for each region: open alerts that no job will move in time get another, and
 * a deadline that lies further ahead than any does is now. Ladders are made where there are none. */
enum err alerts_wake_job(struct ctx *c, int64_t unused);
enum err alerts_ladders_job(struct ctx *c, int64_t unused);
/* How many there are now, up to 200: without a job, late by more than LATE_MS, or due in more than eight days. */
MUST_CHECK enum err alerts_stuck_count(struct ctx *c, int64_t late_ms, size_t *count);

/* The signed-in person answers as member of POST_ID. WITH is the post that takes over for ANSWER_HANDED_OVER, the
 * date (ms) for ANSWER_PLANNED. SHOWN: what the page showed on which they tapped (cases_seen.h, cases_shown), 0 where it does not
 * say. The caller has checked that the person takes part in the case, and shares its boxes
 * with a post it is handed over to. *VERDICT says what came of it (escalation.h): VERDICT_SAME is no error, a button
 * was tapped twice; for all others but VERDICT_CHANGES the error is ERR_CONFLICT, or ERR_INPUT for a date or post
 * that does not fit, and nothing has changed. */
MUST_CHECK enum err alerts_answer(struct ctx *c, int64_t alert_id, enum answer what, int64_t post_id, int64_t with,
	int64_t shown, enum verdict *verdict);
/* Takes back the person's own last answer, within a minute and as long as nobody else has acted on it; the state
 * before it holds again, its deadline too. ANSWER_ID: which answer it was, so that a second tap does not take back
 * the one before; 0: the last. */
MUST_CHECK enum err alerts_undo(struct ctx *c, int64_t alert_id, int64_t answer_id);
#endif
