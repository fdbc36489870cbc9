#include "vault/tokens.h"
#include "base/id.h"
#include "vault/base64url.h"
#include "vault/derive.h"

enum { CSRF_BYTES = 16, OWNER_BYTES = 12 };
_Static_assert(BASE64URL_CHARS(SESSION_TOKEN_BYTES) == SESSION_TEXT_BYTES, "43 characters");
_Static_assert(BASE64URL_CHARS(CSRF_BYTES) == CSRF_TEXT_BYTES, "22 characters");
_Static_assert(BASE64URL_CHARS(OWNER_BYTES) == SESSION_OWNER_BYTES, "16 characters");

static void fill(struct session_token *session)
{
	struct str token = part_of(session->token, sizeof session->token);
	uint8_t csrf[VAULT_HASH_BYTES];
	base64url_encode(session->token, sizeof session->token, session->text);
	vault_hash("session/csrf", &token, 1, csrf);
	base64url_encode(csrf, CSRF_BYTES, session->csrf);
	vault_wipe(csrf, sizeof csrf);
}

void vault_session_new(struct session_token *session)
{
	random_bytes(session->token, sizeof session->token);
	fill(session);
}

bool vault_session_read(struct str cookie, struct session_token *session)
{
	if (!base64url_decode(cookie, session->token, sizeof session->token))
		return false;
	fill(session);
	return true;
}

void vault_session_lookup(const struct vault *v, const struct session_token *session, uint8_t lookup[VAULT_HASH_BYTES])
{
	assert(v);
	derive(v->session_key, "session/lookup", (struct str[]){ part_of(session->token, sizeof session->token) }, 1,
		lookup);
}

void vault_session_key(const struct vault *v, const struct session_token *session, int64_t account_id,
	int64_t expires_ms, uint8_t key[VAULT_KEY_BYTES])
{
	uint8_t bound[16];
	assert(v && account_id > 0);
	for (int i = 0; i < 8; i++) {
		bound[i] = (uint8_t)((uint64_t)account_id >> 8 * i);
		bound[8 + i] = (uint8_t)((uint64_t)expires_ms >> 8 * i);
	}
	derive(v->session_key, "session/key",
		(struct str[]){ part_of(session->token, sizeof session->token), part_of(bound, sizeof bound) }, 2, key);
}

void vault_session_owner(const struct vault *v, const uint8_t lookup[VAULT_HASH_BYTES], int64_t account_id,
	char owner[SESSION_OWNER_BYTES + 1])
{
	uint8_t bound[sizeof account_id], hash[VAULT_HASH_BYTES];
	assert(v && account_id > 0);
	for (size_t i = 0; i < sizeof bound; i++)
		bound[i] = (uint8_t)((uint64_t)account_id >> 8 * i);
	derive(v->session_key, "session/owner",
		(struct str[]){ part_of(lookup, VAULT_HASH_BYTES), part_of(bound, sizeof bound) }, 2, hash);
	base64url_encode(hash, OWNER_BYTES, owner);
	vault_wipe(hash, sizeof hash);
}

bool vault_csrf_check(const struct session_token *session, struct str sent)
{
	return sent.n == CSRF_TEXT_BYTES && vault_equal(sent.p, session->csrf, CSRF_TEXT_BYTES);
}
