#include "vault/derive.h"
#include <sodium.h>

_Static_assert(VAULT_HASH_BYTES == crypto_generichash_BYTES, "BLAKE2b-256");
_Static_assert(VAULT_HASH_BYTES == crypto_hash_sha256_BYTES, "one size of hashes");
_Static_assert(VAULT_KEY_BYTES == crypto_generichash_KEYBYTES, "keys of BLAKE2b");

/* Every file of the vault needs this one, so the library is ready before main() and before any sandbox. */
__attribute__((constructor)) static void start_sodium(void)
{
	if (sodium_init() < 0)
		abort();
}

static void hash_length(crypto_generichash_state *state, size_t n)
{
	uint8_t code[8];
	for (size_t i = 0; i < sizeof code; i++)
		code[i] = (uint8_t)((uint64_t)n >> (8 * i));
	crypto_generichash_update(state, code, sizeof code);
}

void time_put(uint8_t bytes[8], int64_t ms)
{
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)((uint64_t)ms >> (56 - 8 * i));
}

int64_t time_get(const uint8_t bytes[8])
{
	uint64_t ms = 0;
	for (int i = 0; i < 8; i++)
		ms = ms << 8 | bytes[i];
	return (int64_t)ms;
}

void derive(const uint8_t *key, const char *label, const struct str *parts, size_t parts_count, uint8_t out[32])
{
	size_t label_n = strlen(label);
	assert(label_n >= 1 && label_n <= LABEL_BYTES_MAX);
	assert(parts || parts_count == 0);
	crypto_generichash_state state;
	uint8_t n = (uint8_t)label_n;
	crypto_generichash_init(&state, key, key ? VAULT_KEY_BYTES : 0, VAULT_HASH_BYTES);
	crypto_generichash_update(&state, (const uint8_t *)"adem/1", 6);
	crypto_generichash_update(&state, &n, 1);
	crypto_generichash_update(&state, (const uint8_t *)label, label_n);
	for (size_t i = 0; i < parts_count; i++) {
		hash_length(&state, parts[i].n);
		crypto_generichash_update(&state, (const uint8_t *)parts[i].p, parts[i].n);
	}
	crypto_generichash_final(&state, out, VAULT_HASH_BYTES);
	sodium_memzero(&state, sizeof state);
}

void vault_hash(const char *label, const struct str *parts, size_t parts_count, uint8_t hash[VAULT_HASH_BYTES])
{
	derive(NULL, label, parts, parts_count, hash);
}

void vault_lookup(const struct vault *v, const char *kind, struct str text, uint8_t lookup[VAULT_HASH_BYTES])
{
	assert(v && kind[0]);
	derive(v->lookup_key, "lookup", (struct str[]){ str_of(kind), text }, 2, lookup);
}

void vault_chain_head(const struct vault *v, struct str name, int64_t number, const uint8_t link[VAULT_HASH_BYTES],
	uint8_t mac[VAULT_HASH_BYTES])
{
	uint8_t code[8];
	for (size_t i = 0; i < sizeof code; i++)
		code[i] = (uint8_t)((uint64_t)number >> (8 * i));
	derive(v->chain_key, "head",
		(struct str[]){ name, part_of(code, sizeof code), part_of(link, VAULT_HASH_BYTES) }, 3, mac);
}

void vault_chain(
	const struct vault *v, const uint8_t prev[VAULT_HASH_BYTES], struct str row, uint8_t next[VAULT_HASH_BYTES])
{
	derive(v ? v->chain_key : NULL, "chain", (struct str[]){ part_of(prev, VAULT_HASH_BYTES), row }, 2, next);
}

bool vault_equal(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

void vault_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

void vault_sha256(struct str text, uint8_t hash[VAULT_HASH_BYTES])
{
	crypto_hash_sha256(hash, (const unsigned char *)text.p, text.n);
}
