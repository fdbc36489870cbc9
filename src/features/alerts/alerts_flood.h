/* alerts_flood.h - many false reports at once: a desk proposes to end several incidents as unfounded, another account looks at
 * them and agrees once. A fight (nyata) is never among them, nor what somebody else has in hand or where a reporter's word
 * waits: unread, or read and answered by nobody who took the call, said that it is over or wrote back. Whatever came in after
 * the proposal keeps its incident open. What is ended is closed as "unfounded", each reporter reads that, and whoever says
 * that it is not so has it rung for again. */
#ifndef ADEM_ALERTS_FLOOD_H
#define ADEM_ALERTS_FLOOD_H
#include "features/alerts/alerts.h"
#include "http/form.h"

enum { FLOOD_CASES_MAX = 50 };

/* An incident that somebody ticked, and what their page showed of it (cases_seen.h, cases_shown; 0: it does not say). */
struct flood_pick {
	int64_t case_id, shown;
};
/* The signed-in person proposes to end these. *ID is the proposal, which somebody may agree to within an hour. ERR_DENIED
 * for an incident at none of whose posts they are a desk, ERR_CONFLICT for one that is not to be ended like this,
 * or of which a reporter's word came that their page did not show. */
MUST_CHECK enum err alerts_flood_propose(struct ctx *c, const struct flood_pick *picks, size_t count, int64_t *id);
/* The person agrees to end these of the proposal and keeps the others that they see. ERR_DENIED for who proposed it and
 * whoever counts as one person with them; ERR_CONFLICT when it is too old. */
MUST_CHECK enum err alerts_flood_agree(struct ctx *c, int64_t id, const int64_t *case_ids, size_t count);

/* Whether what a reporter wrote after their report waits for such an answer. */
MUST_CHECK enum err alerts_flood_waits(struct ctx *c, int64_t case_id, bool *waits);

/* What waits for the signed-in person's word, for the first page. */
struct alert_flood_waiting {
	int64_t id;
	struct str text;
};
MUST_CHECK enum err alerts_flood_waiting_for(struct ctx *c, struct alert_flood_waiting **rows, size_t *count);

/* For the table of routes. */
extern const struct form alerts_flood_form, alerts_agree_form;
enum err alerts_floods_page(struct ctx *c, const struct request *q, struct response *r);
enum err alerts_flood_send(struct ctx *c, const struct request *q, struct response *r);
enum err alerts_flood_page(struct ctx *c, const struct request *q, struct response *r);
enum err alerts_flood_end(struct ctx *c, const struct request *q, struct response *r);
#endif
