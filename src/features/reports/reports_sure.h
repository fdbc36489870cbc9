/* reports_sure.h - the step before what is not urgent is sent: who will read it, by name. It has an address of its own, so that
 * Back, Forward, a reload and the other language find it again; the address is random and says nothing. What was typed waits in
 * the browser, open for an hour (http/waiting.h). After it was sent the same address says so, and after the hour that it
 * was not. */
#ifndef ADEM_REPORTS_SURE_H
#define ADEM_REPORTS_SURE_H
#include "http/form.h"

/* Answers the form of Q with this step: 303 to its address, with the ticket. CALLER: a member writes a caller's words down. */
enum err sure_ask(struct ctx *c, const struct request *q, struct response *r, bool caller);
/* Whether the form of Q was sent from this step, and nothing in it has to be changed: the step is shown again, not the form. */
MUST_CHECK bool sure_was_shown(struct ctx *c, const struct request *q);
enum err sure_again(struct ctx *c, const struct request *q, struct response *r, bool caller);
/* The tag of the address that the form of Q was sent from; none of the form's own. */
struct str sure_tag(const struct request *q);
/* Takes away what waits at the address TAG, a reporter's or a caller's. */
void sure_end(struct ctx *c, struct response *r, struct str tag);
#endif
