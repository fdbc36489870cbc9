#include "vault/tokens.h"
#include "base/id.h"
#include "vault/derive.h"
#include <sodium.h>

enum { BASE64URL = sodium_base64_VARIANT_URLSAFE_NO_PADDING, CSRF_BYTES = 16 };
_Static_assert(sodium_base64_ENCODED_LEN(SESSION_TOKEN_BYTES, BASE64URL) == SESSION_TEXT_BYTES + 1, "43 characters");
_Static_assert(sodium_base64_ENCODED_LEN(CSRF_BYTES, BASE64URL) == CSRF_TEXT_BYTES + 1, "22 characters");

static void fill(struct session_token *session)
{
	struct str token = part_of(session->token, sizeof session->token);
	uint8_t csrf[VAULT_HASH_BYTES];
	sodium_bin2base64(session->text, sizeof session->text, session->token, sizeof session->token, BASE64URL);
	vault_hash("session/lookup", &token, 1, session->hash);
	vault_hash("session/key", &token, 1, session->key);
	vault_hash("session/csrf", &token, 1, csrf);
	sodium_bin2base64(session->csrf, sizeof session->csrf, csrf, CSRF_BYTES, BASE64URL);
	sodium_memzero(csrf, sizeof csrf);
}

void vault_session_new(struct session_token *session)
{
	random_bytes(session->token, sizeof session->token);
	fill(session);
}

bool vault_session_read(struct str cookie, struct session_token *session)
{
	size_t n = 0;
	if (cookie.n != SESSION_TEXT_BYTES)
		return false;
	if (sodium_base642bin(session->token, sizeof session->token, cookie.p, cookie.n, NULL, &n, NULL, BASE64URL) !=
			0 ||
		n != SESSION_TOKEN_BYTES)
		return false;
	fill(session);
	return true;
}

bool vault_csrf_check(const struct session_token *session, struct str sent)
{
	return sent.n == CSRF_TEXT_BYTES && vault_equal(sent.p, session->csrf, CSRF_TEXT_BYTES);
}
