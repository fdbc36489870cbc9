/* receipt.h - the reporter's secret, XXXX-XXXX-XXXX-XXXX-XXXX in Crockford base 32: two symbols for the region's number,
 * seventeen random (85 bits), one to check typing (see symbols.h for what it catches). From it and the pepper come what the
 * database finds the report by, and the key pair that the thread is sealed to. The database keeps LOOKUP and the public key
 * only; the text is shown to the reporter and forgotten. */
#ifndef ADEM_VAULT_RECEIPT_H
#define ADEM_VAULT_RECEIPT_H
#include "vault/keys.h"
#include "vault/symbols.h"

enum { RECEIPT_TEXT_BYTES = 24, RECEIPT_REGION_MAX = 1023, RECEIPT_TOKEN_BYTES = 16 };

/* All of it is secret: wipe it. */
struct receipt {
	char text[RECEIPT_TEXT_BYTES + 1]; /* as it is shown, NUL at the end */
	int region_number;                 /* 0..RECEIPT_REGION_MAX; regions.number */
	uint8_t lookup[VAULT_HASH_BYTES];  /* for report_receipts.lookup */
	struct key_pair pair;
};

/* A random receipt for a region. */
void vault_receipt_new(const struct vault *v, int region_number, struct receipt *receipt);
/* The receipt that belongs to the random bytes of a form token (proof.h): the same form sent twice gives the same one. Who
 * has the form's token and can send it gets the receipt, so tokens must expire and are as secret as receipts. */
void vault_receipt_from_token(
	const struct vault *v, int region_number, const uint8_t token[RECEIPT_TOKEN_BYTES], struct receipt *receipt);
/* What somebody typed, forgivingly. *RECEIPT is filled on CODE_OK only, and its text is the canonical one. Whether such a
 * receipt was ever given is for the database to say; answer both cases in the same words. */
MUST_CHECK enum code_read vault_receipt_read(const struct vault *v, struct str text, struct receipt *receipt);
#endif
