#include "vault/ticket.h"
#include "base/id.h"
#include "vault/base64url.h"
#include "vault/derive.h"
#include <sodium.h>

enum {
	NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	AROUND_BYTES = NONCE_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
	SEALED_BYTES_MAX = TICKET_LONG_BYTES_MAX + AROUND_BYTES,
};
_Static_assert(BASE64URL_CHARS(TICKET_BYTES + AROUND_BYTES) == TICKET_TEXT_BYTES, "as the header says");
_Static_assert(BASE64URL_CHARS(SEALED_BYTES_MAX) == TICKET_LONG_TEXT_BYTES_MAX, "as the header says");

void vault_ticket_seal_long(const struct vault *v, struct str place, const uint8_t *content, size_t n,
	char text[TICKET_LONG_TEXT_BYTES_MAX + 1])
{
	uint8_t sealed[SEALED_BYTES_MAX];
	assert(n <= TICKET_LONG_BYTES_MAX);
	random_bytes(sealed, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		sealed + NONCE_BYTES, NULL, content, n, (const uint8_t *)place.p, place.n, NULL, sealed, v->ticket_key);
	base64url_encode(sealed, n + AROUND_BYTES, text);
}

bool vault_ticket_open_long(
	const struct vault *v, struct str place, struct str text, uint8_t content[TICKET_LONG_BYTES_MAX], size_t *n)
{
	uint8_t sealed[SEALED_BYTES_MAX];
	size_t have = text.n / 4 * 3 + (text.n % 4 ? text.n % 4 - 1 : 0);
	*n = 0;
	if (have < AROUND_BYTES || have > SEALED_BYTES_MAX || !base64url_decode(text, sealed, have) ||
		crypto_aead_xchacha20poly1305_ietf_decrypt(content, NULL, NULL, sealed + NONCE_BYTES,
			have - NONCE_BYTES, (const uint8_t *)place.p, place.n, sealed, v->ticket_key) != 0)
		return false;
	*n = have - AROUND_BYTES;
	return true;
}

void vault_ticket_seal(
	const struct vault *v, struct str place, const uint8_t content[TICKET_BYTES], char text[TICKET_TEXT_BYTES + 1])
{
	char made[TICKET_LONG_TEXT_BYTES_MAX + 1];
	vault_ticket_seal_long(v, place, content, TICKET_BYTES, made);
	memcpy(text, made, TICKET_TEXT_BYTES + 1);
}

bool vault_ticket_open(const struct vault *v, struct str place, struct str text, uint8_t content[TICKET_BYTES])
{
	uint8_t got[TICKET_LONG_BYTES_MAX];
	size_t n;
	bool good = text.n == TICKET_TEXT_BYTES && vault_ticket_open_long(v, place, text, got, &n);
	memset(content, 0, TICKET_BYTES);
	if (good)
		memcpy(content, got, TICKET_BYTES);
	vault_wipe(got, sizeof got);
	return good;
}
