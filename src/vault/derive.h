/* derive.h - within src/vault only: what its files share. */
#ifndef ADEM_VAULT_DERIVE_H
#define ADEM_VAULT_DERIVE_H
#include "vault/hash.h"
#include "vault/keys.h"

enum { LABEL_BYTES_MAX = 60, ROW_CODE_BYTES_MAX = 4 * (1 + LABEL_BYTES_MAX) + 8 };

/* One key a purpose, each derived from the pepper; the pepper itself is forgotten. */
struct vault {
	uint8_t lookup_key[VAULT_KEY_BYTES];
	uint8_t receipt_key[VAULT_KEY_BYTES];
	uint8_t invitation_key[VAULT_KEY_BYTES];
	uint8_t password_key[VAULT_KEY_BYTES];
	uint8_t proof_key[VAULT_KEY_BYTES];
	uint8_t session_key[VAULT_KEY_BYTES];
	uint8_t ticket_key[VAULT_KEY_BYTES];
	uint8_t chain_key[VAULT_KEY_BYTES];
	uint8_t fingerprint[VAULT_KEY_BYTES];
};

/* As vault_hash(), but keyed (BLAKE2b's own keyed mode); KEY NULL: without. */
void derive(const uint8_t *key, const char *label, const struct str *parts, size_t parts_count, uint8_t out[32]);
/* Bytes as a part. */
static inline struct str part_of(const void *p, size_t n)
{
	return (struct str){ p, n };
}
/* A moment as 8 bytes, the highest first. */
void time_put(uint8_t bytes[8], int64_t ms);
int64_t time_get(const uint8_t bytes[8]);
/* The associated data of everything sealed: WHAT kind of blob it is, of which field of which row; each text is preceded
 * by its length, so that no two places share their bytes. Returns the length. */
size_t row_encode(const char *what, const struct vault_row *row, const char *field, uint8_t code[ROW_CODE_BYTES_MAX]);
/* vault_seal_key() with an ephemeral pair that serves several readers of the same SECRET. The pair and the secret must stay
 * together: one pair for two secrets, same reader and row, would give both away. */
MUST_CHECK bool seal_key_with(const struct key_pair *ephemeral, const uint8_t reader_public[VAULT_KEY_BYTES],
	const struct vault_row *row, const char *field, const uint8_t secret[VAULT_KEY_BYTES],
	uint8_t sealed[VAULT_SEALED_BYTES]);
#endif
