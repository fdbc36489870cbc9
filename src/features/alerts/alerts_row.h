/* alerts_row.h - an alert's row and its state machine: for the files of this folder that change alerts. */
#ifndef ADEM_ALERTS_ROW_H
#define ADEM_ALERTS_ROW_H
#include "alerts_sql.h"
#include "features/alerts/alerts.h"

/* Takes the alert for who is about to change it, and its case before it: whoever comes second waits here, and then sees what the
 * first one did. */
MUST_CHECK enum err alerts_lock(struct ctx *c, int64_t alert_id, struct alerts_take_row *a);
/* The row as the state machine sees it. */
struct escalation alerts_row(const struct alerts_take_row *a);
/* Stores what became of A: its deadline gets a job, its owner and level are those of the case. */
MUST_CHECK enum err alerts_store(struct ctx *c, const struct alerts_take_row *a, const struct escalation *to);
/* Posts that were called ring again: those of A's step and the owner's; all of them where nobody hears the step. REPORT_ID: for
 * this report or a word in its thread, which only the posts that read it are rung for; 0: the clock rings. */
MUST_CHECK enum err alerts_ring_step(
	struct ctx *c, const struct alerts_take_row *a, const struct escalation *to, int64_t report_id);
/* TO climbs its ladder. */
MUST_CHECK enum err alerts_climb_now(struct ctx *c, const struct alerts_take_row *a, struct escalation *to);
/* TO climbs before its time, because nobody who hears its step is left to answer; where no step follows it stays as it is. */
MUST_CHECK enum err alerts_climb_early(struct ctx *c, const struct alerts_take_row *a, struct escalation *to);
/* *LEFT: somebody hears A's step besides the account, and has not said since it rang that they cannot take it. */
MUST_CHECK enum err alerts_is_left(struct ctx *c, const struct alerts_take_row *a, int64_t account_id, bool *left);
/* Another call for a case whose last one has ended, like that one (NULL: nobody was called for it yet) and of the case's level.
 * TO says how it begins; REPORT_ID: whose word waits in it, when one does. */
MUST_CHECK enum err alerts_raise_anew(struct ctx *c, const struct case_state *kase, const struct alerts_take_row *last,
	struct escalation to, int64_t report_id, int64_t *id);
/* A word that waits is of this report, unless one waits already: whoever answers has to see that one. */
void alerts_waits_for(struct alerts_take_row *a, const struct escalation *to, int64_t report_id);
/* Whether a word of this report stands at the call without having rung; RUNG_MS: when the call rang last. */
MUST_CHECK enum err alerts_words_held(struct ctx *c, int64_t report_id, int64_t alert_id, int64_t rung_ms, bool *held);
/* The ladder of a level in order of steps; OWN: the region has one of its own, otherwise these are the defaults. */
MUST_CHECK enum err alerts_ladder(
	struct ctx *c, enum level level, struct alerts_rung_rows_row **rows, size_t *count, bool *own);
/* Calls a target; *HEARD: somebody hears it. */
typedef enum err alerts_call_fn(struct ctx *c, void *arg, const struct alert_target *t, bool *heard);
/* TO climbs PLAN at AT_MS: the posts of the step after its own, and of further ones at once while nobody hears, are given to
 * CALL. NULL: nobody is called, and each step counts as heard, whoever is there: for what a reporter is told, who is not to learn
 * from it when nobody is on duty. */
MUST_CHECK enum err alerts_climb(struct ctx *c, const struct alert_target *plan, size_t count, int64_t at_ms,
	struct escalation *to, alerts_call_fn *call, void *arg);
/* Where the step after STEP begins in PLAN; COUNT: there is none. */
size_t alerts_step_after(const struct alert_target *plan, size_t count, int64_t step);
/* What becomes of WAS when its deadline passes at AT_MS; *MORE: it climbs. */
MUST_CHECK enum err alerts_passed(struct ctx *c, const struct alert_target *plan, size_t count, int64_t at_ms,
	const struct escalation *was, struct turn *t, bool *more);
/* Whether its reporter left the neighbourhood out: then no RW post is called, and none can take over. */
MUST_CHECK enum err alerts_spared(struct ctx *c, const struct alerts_take_row *a, bool *spared);
/* One post is called besides the ladder. */
MUST_CHECK enum err alerts_reach_out(struct ctx *c, const struct alerts_take_row *a, int64_t post_id);
/* Does anybody hear a call on this post now: somebody who is signed in, and on duty where it asks for that? There is no other way
 * to them. */
MUST_CHECK enum err alerts_hears(struct ctx *c, int64_t post_id, int64_t roles, bool on_duty_only, bool *heard);
/* Local time minus UTC. A job begins without its region's zone; it is looked up without keeping it, for a transaction that
 * is repeated has other memory. */
MUST_CHECK enum err alerts_zone_ms(struct ctx *c, int64_t *ms);
#endif
