#include "vault/derive.h"
#include "base/id.h"
#include <sodium.h>

enum {
	FORMAT = 1,
	NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};
_Static_assert(VAULT_WRAPPED_BYTES == 1 + NONCE_BYTES + VAULT_KEY_BYTES + TAG_BYTES, "as the header says");
_Static_assert(VAULT_SEALED_BYTES == 1 + crypto_scalarmult_BYTES + VAULT_KEY_BYTES + TAG_BYTES, "as the header says");
_Static_assert(VAULT_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "one size of keys");
_Static_assert(VAULT_KEY_BYTES == crypto_scalarmult_SCALARBYTES, "one size of keys");

static uint8_t *put_text(uint8_t *at, struct str s)
{
	assert(s.n >= 1 && s.n <= LABEL_BYTES_MAX);
	*at++ = (uint8_t)s.n;
	memcpy(at, s.p, s.n);
	return at + s.n;
}

size_t row_encode(const char *what, const struct vault_row *row, const char *field, uint8_t code[ROW_CODE_BYTES_MAX])
{
	assert(row && row->id > 0);
	uint8_t *at = put_text(code, str_of(what));
	at = put_text(at, row->table);
	at = put_text(at, row->region);
	for (int i = 0; i < 8; i++)
		*at++ = (uint8_t)((uint64_t)row->id >> (8 * i));
	at = put_text(at, str_of(field));
	return (size_t)(at - code);
}

void vault_pair_of(const uint8_t secret_key[VAULT_KEY_BYTES], struct key_pair *pair)
{
	memmove(pair->secret_key, secret_key, VAULT_KEY_BYTES);
	int done = crypto_scalarmult_base(pair->public_key, pair->secret_key);
	assert(done == 0);
	(void)done;
}

void vault_pair_new(struct key_pair *pair)
{
	uint8_t secret_key[VAULT_KEY_BYTES];
	random_bytes(secret_key, sizeof secret_key);
	vault_pair_of(secret_key, pair);
	sodium_memzero(secret_key, sizeof secret_key);
}

void vault_wrap(const uint8_t key[VAULT_KEY_BYTES], const struct vault_row *row, const char *field,
	const uint8_t secret[VAULT_KEY_BYTES], uint8_t wrapped[VAULT_WRAPPED_BYTES])
{
	uint8_t code[ROW_CODE_BYTES_MAX];
	size_t code_n = row_encode("wrap", row, field, code);
	uint8_t *nonce = wrapped + 1;
	wrapped[0] = FORMAT;
	random_bytes(nonce, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		nonce + NONCE_BYTES, NULL, secret, VAULT_KEY_BYTES, code, code_n, NULL, nonce, key);
}

bool vault_unwrap(const uint8_t key[VAULT_KEY_BYTES], const struct vault_row *row, const char *field,
	struct str wrapped, uint8_t secret[VAULT_KEY_BYTES])
{
	memset(secret, 0, VAULT_KEY_BYTES);
	const uint8_t *blob = (const uint8_t *)wrapped.p;
	if (wrapped.n != VAULT_WRAPPED_BYTES || blob[0] != FORMAT)
		return false;
	uint8_t code[ROW_CODE_BYTES_MAX];
	size_t code_n = row_encode("wrap", row, field, code);
	const uint8_t *nonce = blob + 1;
	return crypto_aead_xchacha20poly1305_ietf_decrypt(secret, NULL, NULL, nonce + NONCE_BYTES,
		       VAULT_KEY_BYTES + TAG_BYTES, code, code_n, nonce, key) == 0;
}

/* The symmetric key that EPHEMERAL and READER agree on for this place. Unique for each ephemeral pair, reader and place,
 * which is why it is used with a constant nonce. SECRET is the private key of either side. */
static bool agree(const uint8_t secret[32], const uint8_t other[32], const uint8_t ephemeral_public[32],
	const uint8_t reader_public[32], struct str code, uint8_t key[32])
{
	uint8_t shared[crypto_scalarmult_BYTES];
	if (crypto_scalarmult(shared, secret, other) !=
		0) /* a point of small order: the result would be known to all */
		return false;
	derive(shared, "seal",
		(struct str[]){
			part_of(ephemeral_public, VAULT_KEY_BYTES), part_of(reader_public, VAULT_KEY_BYTES), code },
		3, key);
	sodium_memzero(shared, sizeof shared);
	return true;
}

static const uint8_t zero_nonce[NONCE_BYTES];

bool seal_key_with(const struct key_pair *ephemeral, const uint8_t reader_public[VAULT_KEY_BYTES],
	const struct vault_row *row, const char *field, const uint8_t secret[VAULT_KEY_BYTES],
	uint8_t sealed[VAULT_SEALED_BYTES])
{
	uint8_t code[ROW_CODE_BYTES_MAX], key[VAULT_KEY_BYTES];
	size_t code_n = row_encode("seal", row, field, code);
	if (!agree(ephemeral->secret_key, reader_public, ephemeral->public_key, reader_public, part_of(code, code_n),
		    key))
		return false;
	sealed[0] = FORMAT;
	memcpy(sealed + 1, ephemeral->public_key, VAULT_KEY_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		sealed + 1 + VAULT_KEY_BYTES, NULL, secret, VAULT_KEY_BYTES, code, code_n, NULL, zero_nonce, key);
	sodium_memzero(key, sizeof key);
	return true;
}

bool vault_seal_key(const uint8_t reader_public[VAULT_KEY_BYTES], const struct vault_row *row, const char *field,
	const uint8_t secret[VAULT_KEY_BYTES], uint8_t sealed[VAULT_SEALED_BYTES])
{
	struct key_pair ephemeral;
	vault_pair_new(&ephemeral);
	bool done = seal_key_with(&ephemeral, reader_public, row, field, secret, sealed);
	sodium_memzero(&ephemeral, sizeof ephemeral);
	return done;
}

bool vault_open_key(const struct key_pair *reader, const struct vault_row *row, const char *field, struct str sealed,
	uint8_t secret[VAULT_KEY_BYTES])
{
	memset(secret, 0, VAULT_KEY_BYTES);
	const uint8_t *blob = (const uint8_t *)sealed.p;
	if (sealed.n != VAULT_SEALED_BYTES || blob[0] != FORMAT)
		return false;
	uint8_t code[ROW_CODE_BYTES_MAX], key[VAULT_KEY_BYTES];
	size_t code_n = row_encode("seal", row, field, code);
	const uint8_t *ephemeral_public = blob + 1;
	if (!agree(reader->secret_key, ephemeral_public, ephemeral_public, reader->public_key, part_of(code, code_n),
		    key))
		return false;
	bool opened = crypto_aead_xchacha20poly1305_ietf_decrypt(secret, NULL, NULL, blob + 1 + VAULT_KEY_BYTES,
			      VAULT_KEY_BYTES + TAG_BYTES, code, code_n, zero_nonce, key) == 0;
	sodium_memzero(key, sizeof key);
	return opened;
}
