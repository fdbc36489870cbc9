#include "vault/device.h"
#include "base/id.h"
#include "vault/base64url.h"
#include "vault/derive.h"

enum {
	TIME_BYTES = 8,
	RANDOM_BYTES = 16,
	MAC_BYTES = 16,
	SIGNED_BYTES = TIME_BYTES + RANDOM_BYTES,
	WHOSE_MAX = 200,
	TOKEN_BYTES = SIGNED_BYTES + MAC_BYTES
};
_Static_assert(BASE64URL_CHARS(TOKEN_BYTES) == DEVICE_TEXT_BYTES, "the length of a token");

static void sign(
	const struct vault *v, struct str whose, const uint8_t raw[SIGNED_BYTES], uint8_t mac[VAULT_HASH_BYTES])
{
	char text[SIGNED_BYTES + WHOSE_MAX];
	assert(whose.n > 0 && whose.n <= WHOSE_MAX);
	memcpy(text, raw, SIGNED_BYTES);
	memcpy(text + SIGNED_BYTES, whose.p, whose.n);
	vault_lookup(v, "device", (struct str){ text, SIGNED_BYTES + whose.n }, mac);
}

void vault_device_new(const struct vault *v, struct str whose, int64_t now_ms, char text[DEVICE_TEXT_BYTES + 1])
{
	uint8_t raw[TOKEN_BYTES], mac[VAULT_HASH_BYTES];
	time_put(raw, now_ms);
	random_bytes(raw + TIME_BYTES, RANDOM_BYTES);
	sign(v, whose, raw, mac);
	memcpy(raw + SIGNED_BYTES, mac, MAC_BYTES);
	base64url_encode(raw, sizeof raw, text);
}

bool vault_device_read(const struct vault *v, struct str whose, struct str token, int64_t *made_ms, uint64_t *number)
{
	uint8_t raw[TOKEN_BYTES], mac[VAULT_HASH_BYTES];
	if (!base64url_decode(token, raw, sizeof raw))
		return false;
	sign(v, whose, raw, mac);
	if (!vault_equal(mac, raw + SIGNED_BYTES, MAC_BYTES))
		return false;
	*made_ms = time_get(raw);
	memcpy(number, raw + TIME_BYTES, sizeof *number);
	*number |= 1;
	return true;
}
