/* keys.h - key pairs (X25519), and how one key is kept under another: wrapped under a symmetric key, or sealed to a public
 * key. Every wrapped or sealed key is bound to the row and field it is stored in: copied to another place it does not
 * open. The first byte of a blob is its format, 1. */
#ifndef ADEM_VAULT_KEYS_H
#define ADEM_VAULT_KEYS_H
#include "base/str.h"
#include "vault/vault.h"

enum {
	VAULT_WRAPPED_BYTES = 1 + 24 + 32 + 16, /* format, nonce, key, tag */
	VAULT_SEALED_BYTES = 1 + 32 + 32 + 16,  /* format, ephemeral public key, key, tag */
};

struct key_pair {
	uint8_t public_key[VAULT_KEY_BYTES], secret_key[VAULT_KEY_BYTES];
};

/* The row that a secret belongs to: table (1 to 60 bytes), region (1 to 60), id (> 0). */
struct vault_row {
	struct str table, region;
	int64_t id;
};

/* A random pair. */
void vault_pair_new(struct key_pair *pair);
/* The pair of a secret key that was unwrapped or opened. Compare its public key with the stored one before trusting it. */
void vault_pair_of(const uint8_t secret_key[VAULT_KEY_BYTES], struct key_pair *pair);

/* SECRET under KEY (from a password, a recovery code or a session token), for FIELD of ROW. XChaCha20-Poly1305 with a
 * random nonce. */
void vault_wrap(const uint8_t key[VAULT_KEY_BYTES], const struct vault_row *row, const char *field,
	const uint8_t secret[VAULT_KEY_BYTES], uint8_t wrapped[VAULT_WRAPPED_BYTES]);
/* False (and SECRET all zero) when the key, the row or the field is another one, or a byte was changed. */
MUST_CHECK bool vault_unwrap(const uint8_t key[VAULT_KEY_BYTES], const struct vault_row *row, const char *field,
	struct str wrapped, uint8_t secret[VAULT_KEY_BYTES]);

/* SECRET, such as the private key of a circle, so that only who holds the private key of READER_PUBLIC can open it. An
 * ephemeral pair is made for each call; construction in docs/decisions/0201. False: READER_PUBLIC is no usable key. */
MUST_CHECK bool vault_seal_key(const uint8_t reader_public[VAULT_KEY_BYTES], const struct vault_row *row,
	const char *field, const uint8_t secret[VAULT_KEY_BYTES], uint8_t sealed[VAULT_SEALED_BYTES]);
/* False (and SECRET all zero) for another reader, row or field, or when a byte was changed. */
MUST_CHECK bool vault_open_key(const struct key_pair *reader, const struct vault_row *row, const char *field,
	struct str sealed, uint8_t secret[VAULT_KEY_BYTES]);
#endif
