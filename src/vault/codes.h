/* codes.h - secrets that are handed over on paper or by voice: the invitation to a post, and the recovery code of an
 * account. Written and read like receipts, and never mistaken for one. */
#ifndef ADEM_VAULT_CODES_H
#define ADEM_VAULT_CODES_H
#include "vault/keys.h"
#include "vault/symbols.h"

enum { INVITATION_TEXT_BYTES = 24, INVITATION_REGION_MAX = 1023, RECOVERY_TEXT_BYTES = 29 };

/* XXXX-XXXX-XXXX-XXXX-XXXX: region's number, 85 random bits, check. LOOKUP finds the row (invitations.lookup), circle keys
 * are sealed to the pair. All of it is secret but LOOKUP and the public key: wipe it. */
struct invitation_code {
	char text[INVITATION_TEXT_BYTES + 1];
	int region_number;
	uint8_t lookup[VAULT_HASH_BYTES];
	struct key_pair pair;
};

/* A random invitation code. */
void vault_invitation_new(const struct vault *v, int region_number, struct invitation_code *code);
/* What somebody typed or opened as a link; *CODE is filled on CODE_OK only. */
MUST_CHECK enum code_read vault_invitation_read(const struct vault *v, struct str text, struct invitation_code *code);

/* XXXX-XXXX-XXXX-XXXX-XXXX-XXXX: 115 random bits, check; and the KEY that the account's private key is wrapped under. It
 * does not depend on the pepper: should the pepper be lost, recovery codes are what still opens accounts. */
void vault_recovery_new(char text[RECOVERY_TEXT_BYTES + 1], uint8_t key[VAULT_KEY_BYTES]);
/* The KEY of a code that was typed; filled on CODE_OK only. Whether it is the account's shows when unwrapping. */
MUST_CHECK enum code_read vault_recovery_read(struct str text, uint8_t key[VAULT_KEY_BYTES]);
#endif
