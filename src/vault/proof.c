#include "vault/proof.h"
#include "base/clock.h"
#include "base/id.h"
#include "vault/base64url.h"
#include "vault/derive.h"
#include <sodium.h>

enum {
	FORMAT = 1,
	MAC_BYTES = 16,
	SIGNED_BYTES = 1 + 8 + PROOF_RANDOM_BYTES + 1,
	TOKEN_BYTES = SIGNED_BYTES + MAC_BYTES,
};
_Static_assert(BASE64URL_CHARS(TOKEN_BYTES) == PROOF_TEXT_BYTES, "56 characters");

static const int64_t AHEAD_MAX_MS = 5 * MINUTE_MS;

static void sign(
	const struct vault *v, const char *form, const uint8_t raw[SIGNED_BYTES], uint8_t mac[VAULT_HASH_BYTES])
{
	derive(v->proof_key, "proof", (struct str[]){ str_of(form), part_of(raw, SIGNED_BYTES) }, 2, mac);
}

void vault_proof_new(const struct vault *v, const char *form, int bits, int64_t now_ms, char text[PROOF_TEXT_BYTES + 1])
{
	assert(v && form[0] && now_ms >= 0);
	assert(bits >= 0 && bits <= PROOF_BITS_MAX);
	uint8_t raw[TOKEN_BYTES] = { FORMAT }, mac[VAULT_HASH_BYTES];
	time_put(raw + 1, now_ms);
	random_bytes(raw + 9, PROOF_RANDOM_BYTES);
	raw[9 + PROOF_RANDOM_BYTES] = (uint8_t)bits;
	sign(v, form, raw, mac);
	memcpy(raw + SIGNED_BYTES, mac, MAC_BYTES);
	base64url_encode(raw, sizeof raw, text);
	sodium_memzero(raw, sizeof raw);
}

static bool decode(struct str token, uint8_t raw[TOKEN_BYTES])
{
	return base64url_decode(token, raw, TOKEN_BYTES) && raw[0] == FORMAT &&
	       raw[9 + PROOF_RANDOM_BYTES] <= PROOF_BITS_MAX;
}

static bool read_token(const struct vault *v, const char *form, struct str token, struct proof *proof)
{
	uint8_t raw[TOKEN_BYTES], mac[VAULT_HASH_BYTES];
	if (!decode(token, raw))
		return false;
	sign(v, form, raw, mac);
	if (!vault_equal(mac, raw + SIGNED_BYTES, MAC_BYTES))
		return false;
	proof->made_ms = time_get(raw + 1);
	memcpy(proof->random, raw + 9, PROOF_RANDOM_BYTES);
	proof->bits = raw[9 + PROOF_RANDOM_BYTES];
	vault_hash("proof/token", &token, 1, proof->hash);
	sodium_memzero(raw, sizeof raw);
	return true;
}

static bool answer_plain(struct str answer)
{
	if (answer.n < 1 || answer.n > PROOF_ANSWER_BYTES_MAX)
		return false;
	for (size_t i = 0; i < answer.n; i++) {
		char ch = answer.p[i];
		bool letter = (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z');
		if (!letter && !(ch >= '0' && ch <= '9') && ch != '-' && ch != '_')
			return false;
	}
	return true;
}

/* Whether the first BITS bits of SHA-256(TOKEN ANSWER) are zero. START has hashed TOKEN. */
static bool solves(const crypto_hash_sha256_state *start, struct str answer, int bits)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state = *start;
	crypto_hash_sha256_update(&state, (const uint8_t *)answer.p, answer.n);
	crypto_hash_sha256_final(&state, hash);
	uint32_t first = (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
	return bits == 0 || first >> (32 - bits) == 0;
}

static void hash_token(struct str token, crypto_hash_sha256_state *start)
{
	crypto_hash_sha256_init(start);
	crypto_hash_sha256_update(start, (const uint8_t *)token.p, token.n);
}

int64_t vault_proof_wait_ms(const struct proof_terms *terms, int bits)
{
	int more = bits > terms->bits ? bits - terms->bits : 0;
	return terms->wait_ms + more * terms->wait_more_ms;
}

enum proof_result vault_proof_check(const struct vault *v, const struct proof_terms *terms, struct str token,
	struct str answer, int64_t now_ms, struct proof *proof)
{
	assert(v && terms->form[0] && proof);
	assert(terms->wait_ms >= 0 && terms->wait_more_ms >= 0 && terms->age_max_ms >= 0 &&
		terms->waited_age_max_ms >= 0);
	*proof = (struct proof){ 0 };
	if (!read_token(v, terms->form, token, proof))
		return PROOF_FORGED;
	int64_t age_ms = now_ms - proof->made_ms;
	proof->waited = proof->bits > 0 && answer.n == 0;
	if (age_ms < -AHEAD_MAX_MS || age_ms > (proof->waited ? terms->waited_age_max_ms : terms->age_max_ms))
		return PROOF_EXPIRED;
	if (proof->bits == 0)
		return PROOF_OK;
	if (proof->waited)
		return age_ms >= vault_proof_wait_ms(terms, proof->bits) ? PROOF_OK : PROOF_TOO_EARLY;
	crypto_hash_sha256_state start;
	hash_token(token, &start);
	return answer_plain(answer) && solves(&start, answer, proof->bits) ? PROOF_OK : PROOF_WRONG;
}

bool vault_proof_solve(struct str token, char answer[PROOF_ANSWER_BYTES_MAX + 1])
{
	uint8_t raw[TOKEN_BYTES];
	if (!decode(token, raw))
		return false;
	int bits = raw[9 + PROOF_RANDOM_BYTES];
	crypto_hash_sha256_state start;
	hash_token(token, &start);
	for (uint64_t i = 0;; i++) {
		int n = snprintf(answer, PROOF_ANSWER_BYTES_MAX + 1, "%" PRIu64, i);
		if (solves(&start, (struct str){ answer, (size_t)n }, bits))
			return true;
	}
}
