/* accounts_kept.h - whose form it is that waits until somebody has signed in, and what becomes of it then.
 *
 * A browser may be used by several people, and a form that needs a session can be sent from one that has none. So a form is done
 * by the password alone only where nothing else can be meant: it holds a text that would be lost, and a page of the session that
 * has ended in this browser made it, which was a session of whoever signs in now. A step without a text, one that asks for the
 * password again, and a form of nobody knows whom are shown again instead, to be pressed by whoever has signed in. What somebody
 * else began is refused. All of this stands in a ticket (vault/ticket.h) that goes with the form; nothing is stored. */
#ifndef ADEM_ACCOUNTS_KEPT_H
#define ADEM_ACCOUNTS_KEPT_H
#include "http/http.h"
#include "vault/tokens.h"

enum kept {
	KEPT_SHOWN,
	KEPT_DONE,
	KEPT_ANOTHERS, /* somebody else's */
};

/* The ticket for Q, a form that needs somebody signed in, or their password once more. Empty: in this browser nobody was. */
struct str accounts_kept_ticket(struct ctx *c, const struct request *q);
/* What becomes of the form that goes to PATH with TICKET when ACCOUNT_ID signs in; 0: when whoever began it does. *OWN is what
 * form_carry_on() asks for. */
enum kept accounts_kept_for(struct ctx *c, struct str path, struct str ticket, int64_t account_id, struct str *own);
/* The cookie of a session: of whom it was stands in it beside its token, for when its row is gone. */
struct str accounts_cookie(struct ctx *c, const struct session_token *token, int64_t account_id);
/* The parts of Q's; false: there is none that could be ours. OWNER may be empty. */
MUST_CHECK bool accounts_cookie_read(
	const struct request *q, struct str *region, struct session_token *token, struct str *owner);
#endif
