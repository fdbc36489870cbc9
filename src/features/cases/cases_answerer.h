/* cases_answerer.h - who the signed-in person is to one call. The page of a case asks it for its buttons and an answer
 * asks it for its verdict, so that no page offers what is refused, or hides what is accepted. */
#ifndef ADEM_CASES_ANSWERER_H
#define ADEM_CASES_ANSWERER_H
#include "base/err.h"
#include "features/escalation/escalation.h"

/* As a member of which post the person answers: of one that was called if they may answer there, else of one that takes part.
 * Refused (ERR_DENIED) where they do not see the call; ERR_NOT_FOUND where there is none. */
MUST_CHECK enum err cases_acting_post(struct ctx *c, int64_t alert_id, int64_t *post_id);
/* Everything an answer is decided by besides A, the call itself, as a member of POST_ID. UNREAD_REPORT: the report that its
 * unread word belongs to, 0 for none. */
MUST_CHECK enum err cases_answerer(struct ctx *c, int64_t alert_id, const struct escalation *a, int64_t unread_report,
	int64_t post_id, struct answerer *who);
#endif
