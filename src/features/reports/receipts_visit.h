/* receipts_visit.h - a reporter who looks at their thread. The receipt travels in bodies of forms only; so that Back, Forward and
 * a reload find the page again, the browser keeps it for ten minutes in a ticket (vault/ticket.h): a cookie that no script reads,
 * that goes to one address and to no other, and that every step renews, for an hour in all. The server stores nothing of it, and
 * only of one that was left before its time that it has ended (http/once.h), for the cookie may have been copied. The address is
 * random and says nothing; without the ticket there is nothing at it. */
#ifndef ADEM_RECEIPTS_VISIT_H
#define ADEM_RECEIPTS_VISIT_H
#include "http/http.h"
#include "http/waiting.h"
#include "vault/receipt.h"

/* What the next page says once. */
enum visit_notice {
	VISIT_NOTHING,
	VISIT_SAID,
	VISIT_TAKEN,
	VISIT_CALM,
	VISIT_CLOSED,
	VISIT_OPEN_AGAIN,
	VISIT_HELD,
	VISIT_THANKED,
	VISIT_NOTICES
};

/* Its word key; NULL for nothing. RINGS: when the posts are called again is told. */
const char *visit_notice_words(enum visit_notice notice, bool rings);

/* Wipe it. */
struct visit {
	char tag[WAITING_TAG_BYTES + 1];      /* of its address, /receipts/TAG */
	char receipt[RECEIPT_TEXT_BYTES + 1]; /* as it is shown */
	int64_t began_ms;
	int64_t made_ms; /* the report was sent then, in this browser; 0: its receipt was typed */
	enum visit_notice notice;
	bool caller; /* it was written down for somebody who called */
};

/* The visit at the address TAG. ERR_NOT_FOUND: no such address can be; false in *OPEN: its time is over. Whether it was left is
 * known in the region of its receipt: visit_left(). */
MUST_CHECK enum err visit_read(struct ctx *c, const struct request *q, struct str tag, struct visit *visit, bool *open);
MUST_CHECK enum err visit_left(struct ctx *c, struct str tag, int64_t report_id, bool *left);
/* Begins one at the address TAG, or at a new one where that is no address or was left. RECEIPT, of REPORT_ID, as it is shown; its
 * region is c->region. */
MUST_CHECK enum err visit_begin(
	struct ctx *c, struct str tag, int64_t report_id, const char *receipt, struct visit *visit);
/* Gives the ticket: ten minutes from now, within the hour. */
void visit_keep(struct ctx *c, struct response *r, const struct visit *visit);
/* Takes it away. ERR_NOT_FOUND: no such address can be. With the ticket, in the region of its receipt, visit_note_left() is
 * to follow: a copy of the ticket then opens nothing either. What is noted is of that report alone: the same address in the
 * ticket of another report is not left by it. */
MUST_CHECK enum err visit_end(struct ctx *c, struct response *r, struct str tag);
MUST_CHECK enum err visit_note_left(struct ctx *c, struct str tag, int64_t report_id);
/* 303 to its thread, or, with NEW, to the page that shows the receipt; with the ticket. */
enum err visit_go(struct ctx *c, struct response *r, const struct visit *visit, bool new);
/* Whether the page with the receipt may still be shown. */
MUST_CHECK bool visit_is_new(const struct ctx *c, const struct visit *visit);
#endif
