/* alerts_split.h - reports that do not belong to an incident get one of their own (cases_split.h), and its call: of the
 * gravest of them, with its whole ladder from the beginning. */
#ifndef ADEM_ALERTS_SPLIT_H
#define ADEM_ALERTS_SPLIT_H
#include "features/alerts/alerts.h"
#include "http/form.h"

/* The signed-in person, as member of POST_ID, takes these reports out of the case, in the caller's write transaction.
 * *ID is the new case. Errors as of cases_apart(). */
MUST_CHECK enum err alerts_split(
	struct ctx *c, int64_t case_id, int64_t post_id, const int64_t *ids, size_t count, int64_t *id);

/* For the table of routes: choosing the reports; who reads and is called, before anything is done; doing it. */
extern const struct form alerts_split_form;
enum err alerts_split_page(struct ctx *c, const struct request *q, struct response *r);
enum err alerts_split_sure_page(struct ctx *c, const struct request *q, struct response *r);
enum err alerts_split_send(struct ctx *c, const struct request *q, struct response *r);
#endif
