#include "vault/password.h"
#include "vault/derive.h"
#include <sodium.h>

_Static_assert(PASSWORD_SALT_BYTES == crypto_pwhash_SALTBYTES, "salt of Argon2id");

static const struct {
	unsigned long long passes;
	size_t memory_bytes;
} costs[PASSWORD_COST_COUNT] = {
	[PASSWORD_COST_LEAST] = {crypto_pwhash_argon2id_OPSLIMIT_MIN,          crypto_pwhash_argon2id_MEMLIMIT_MIN     },
	[PASSWORD_COST_NORMAL] = { crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
				 crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE                                           },
	[PASSWORD_COST_HIGH] = { crypto_pwhash_argon2id_OPSLIMIT_MODERATE,    crypto_pwhash_argon2id_MEMLIMIT_MODERATE},
};

bool vault_password_key(const struct vault *v, struct str password, const uint8_t salt[PASSWORD_SALT_BYTES],
	int64_t cost, uint8_t key[VAULT_KEY_BYTES])
{
	assert(v && salt && key);
	if (cost < 0 || cost >= PASSWORD_COST_COUNT || password.n > PASSWORD_BYTES_MAX)
		return false;
	uint8_t slow[VAULT_KEY_BYTES];
	if (crypto_pwhash_argon2id(slow, sizeof slow, password.n ? password.p : "", password.n, salt,
		    costs[cost].passes, costs[cost].memory_bytes, crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
		return false;
	derive(v->password_key, "password", (struct str[]){ part_of(slow, sizeof slow) }, 1, key);
	sodium_memzero(slow, sizeof slow);
	return true;
}
