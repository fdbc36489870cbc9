/* ticket.h - a few bytes that a browser keeps for us and cannot read: sealed under a key from the pepper, bound to the place they
 * were given for. Whoever has the ticket and no pepper learns nothing from it and can neither change it nor use it elsewhere.
 * What it is good for, and for how long, its content says. */
#ifndef ADEM_VAULT_TICKET_H
#define ADEM_VAULT_TICKET_H
#include "base/str.h"
#include "vault/vault.h"

enum { TICKET_BYTES = 48, TICKET_TEXT_BYTES = 118, TICKET_LONG_BYTES_MAX = 2880, TICKET_LONG_TEXT_BYTES_MAX = 3894 };

/* CONTENT as TEXT (base64url, NUL at the end), for PLACE, such as an address. */
void vault_ticket_seal(
	const struct vault *v, struct str place, const uint8_t content[TICKET_BYTES], char text[TICKET_TEXT_BYTES + 1]);
/* False, and CONTENT all zero, when TEXT is none of ours, or for another place. Wipe CONTENT. */
MUST_CHECK bool vault_ticket_open(
	const struct vault *v, struct str place, struct str text, uint8_t content[TICKET_BYTES]);
/* The same for N bytes, TICKET_LONG_BYTES_MAX at most: as much as a browser keeps in one cookie. */
void vault_ticket_seal_long(const struct vault *v, struct str place, const uint8_t *content, size_t n,
	char text[TICKET_LONG_TEXT_BYTES_MAX + 1]);
MUST_CHECK bool vault_ticket_open_long(
	const struct vault *v, struct str place, struct str text, uint8_t content[TICKET_LONG_BYTES_MAX], size_t *n);
#endif
