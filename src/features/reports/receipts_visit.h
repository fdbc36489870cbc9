/* receipts_visit.h - a reporter who looks at their thread. The receipt travels in bodies of forms only; so that Back, Forward and
 * a reload find the page again, the browser keeps it for ten minutes in a ticket (vault/ticket.h): a cookie that no script reads,
 * that goes to one address and to no other, and that every step renews. The server stores nothing. The address is random and
 * says nothing; without the ticket there is nothing at it. */
#ifndef ADEM_RECEIPTS_VISIT_H
#define ADEM_RECEIPTS_VISIT_H
#include "http/http.h"
#include "vault/receipt.h"

enum { VISIT_TAG_BYTES = 16 };

/* What the next page says once. */
enum visit_notice { VISIT_NOTHING, VISIT_SAID, VISIT_TAKEN, VISIT_CALM, VISIT_OPEN_AGAIN, VISIT_NOTICES };

/* Wipe it. */
struct visit {
	char tag[VISIT_TAG_BYTES + 1];        /* of its address, /receipts/TAG */
	char receipt[RECEIPT_TEXT_BYTES + 1]; /* as it is shown */
	int64_t made_ms;                      /* the report was sent then, in this browser; 0: its receipt was typed */
	enum visit_notice notice;
	bool caller; /* it was written down for somebody who called */
};

/* The visit at the address TAG. ERR_NOT_FOUND: no such address can be; false in *OPEN: it has ended. */
MUST_CHECK enum err visit_read(struct ctx *c, const struct request *q, struct str tag, struct visit *visit, bool *open);
/* WANTED where that is a tag, else a new one. */
void visit_tag(struct str wanted, char tag[VISIT_TAG_BYTES + 1]);
MUST_CHECK bool visit_is_tag(struct str tag);
/* Begins one at the address TAG, or at a new one where that is no address. RECEIPT as it is shown. */
void visit_begin(struct ctx *c, struct str tag, const char *receipt, struct visit *visit);
/* Gives the ticket: ten minutes from now. */
void visit_keep(struct ctx *c, struct response *r, const struct visit *visit);
/* Takes it away. ERR_NOT_FOUND: no such address can be. */
MUST_CHECK enum err visit_end(struct ctx *c, struct response *r, struct str tag);
/* 303 to its thread, or, with NEW, to the page that shows the receipt; with the ticket. */
enum err visit_go(struct ctx *c, struct response *r, const struct visit *visit, bool new);
/* Whether the page with the receipt may still be shown. */
MUST_CHECK bool visit_is_new(const struct ctx *c, const struct visit *visit);
#endif
