/* cases_answerer.h - who somebody is to one call. The page of a case and the board ask it for their buttons and an answer
 * asks it for its verdict, so that no page offers what is refused, or hides what is accepted. */
#ifndef ADEM_CASES_ANSWERER_H
#define ADEM_CASES_ANSWERER_H
#include "base/err.h"
#include "features/escalation/escalation.h"

struct post;
struct cases_page_alert_row;
/* As a member of which post the account answers a call that it sees: of one that was called if it may answer there, else of
 * *POST_ID, one that takes part. */
MUST_CHECK enum err cases_acting_post(struct ctx *c, int64_t alert_id, int64_t account_id, int64_t *post_id);
/* Everything an answer of the account is decided by besides A, the call itself, as a member of POST_ID. UNREAD_REPORT: the report
 * that its unread word belongs to, 0 for none. */
MUST_CHECK enum err cases_answerer(struct ctx *c, int64_t alert_id, const struct escalation *a, int64_t unread_report,
	int64_t account_id, int64_t post_id, struct answerer *who);
/* Whether the page on which the signed-in person answers this call of the case is older than a word which they see: it
 * showed what SHOWN says (cases_shown), or did not say (0), and then what waits was not on it. */
MUST_CHECK enum err cases_is_stale(struct ctx *c, int64_t case_id, const struct escalation *a,
	const struct answerer *who, int64_t shown, bool *stale);
/* The call as its state machine sees it, as far as answers depend on it. */
struct escalation cases_call_of(const struct cases_page_alert_row *a);
/* What is offered to who has the call, whoever looks: bits as of escalation_possible(); 0 where nobody has it. */
MUST_CHECK enum err cases_owner_may(struct ctx *c, int64_t alert_id, struct escalation *call, unsigned *may);
/* The one step that comes next for somebody: the largest button wherever the call is shown; what else they may do is smaller. */
enum cases_step {
	STEP_NONE,
	STEP_ACCEPT,
	STEP_TAKE,
	STEP_GO_ON,
	STEP_GO,
	STEP_ARRIVE,
	STEP_CALM,
	STEP_HELP,
	STEP_CLOSE
};
/* MAY: bits as of escalation_possible(); MINE: they have the call; ENDS: "calm" from them, who do not have it, would end it. */
enum cases_step cases_next_step(const struct escalation *call, unsigned may, bool mine, bool ends);
/* Whether a post that covers the place can be asked to take over: another than the person's own, none of mediators, whose
 * circle is closed to what the police were told, and none of a neighbourhood that the reporter left out (SPARES). */
bool cases_may_be_asked(struct ctx *c, const struct post *p, bool spares);
#endif
