/* device.h - the cookie of a device on which somebody has signed in: it opens nothing, it only says that its holder
 * once got in. The server remembers nothing. A token is 54 characters of base64url: 8 bytes time (ms, big-endian),
 * 16 random bytes, 16 bytes of a hash that is keyed with the pepper and covers whose it is. */
#ifndef ADEM_VAULT_DEVICE_H
#define ADEM_VAULT_DEVICE_H
#include "base/str.h"
#include "vault/vault.h"

enum { DEVICE_TEXT_BYTES = 54 };

/* A token made now for WHOSE: any bytes, up to 200, that stand for an account and end with its password. */
void vault_device_new(const struct vault *v, struct str whose, int64_t now_ms, char text[DEVICE_TEXT_BYTES + 1]);
/* Whether TOKEN was made for WHOSE; then when, and a number of its own (never 0). */
MUST_CHECK bool vault_device_read(
	const struct vault *v, struct str whose, struct str token, int64_t *made_ms, uint64_t *number);
#endif
