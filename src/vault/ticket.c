#include "vault/ticket.h"
#include "base/id.h"
#include "vault/base64url.h"
#include "vault/derive.h"
#include <sodium.h>

enum {
	NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	SEALED_BYTES = NONCE_BYTES + TICKET_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
};
_Static_assert(BASE64URL_CHARS(SEALED_BYTES) == TICKET_TEXT_BYTES, "as the header says");

void vault_ticket_seal(
	const struct vault *v, struct str place, const uint8_t content[TICKET_BYTES], char text[TICKET_TEXT_BYTES + 1])
{
	uint8_t sealed[SEALED_BYTES];
	random_bytes(sealed, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_BYTES, NULL, content, TICKET_BYTES,
		(const uint8_t *)place.p, place.n, NULL, sealed, v->ticket_key);
	base64url_encode(sealed, sizeof sealed, text);
}

bool vault_ticket_open(const struct vault *v, struct str place, struct str text, uint8_t content[TICKET_BYTES])
{
	uint8_t sealed[SEALED_BYTES];
	memset(content, 0, TICKET_BYTES);
	return base64url_decode(text, sealed, sizeof sealed) &&
	       crypto_aead_xchacha20poly1305_ietf_decrypt(content, NULL, NULL, sealed + NONCE_BYTES,
		       SEALED_BYTES - NONCE_BYTES, (const uint8_t *)place.p, place.n, sealed, v->ticket_key) == 0;
}
