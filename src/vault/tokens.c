#include "vault/tokens.h"
#include "base/id.h"
#include "vault/base64url.h"
#include "vault/derive.h"

enum { CSRF_BYTES = 16 };
_Static_assert(BASE64URL_CHARS(SESSION_TOKEN_BYTES) == SESSION_TEXT_BYTES, "43 characters");
_Static_assert(BASE64URL_CHARS(CSRF_BYTES) == CSRF_TEXT_BYTES, "22 characters");

static void fill(struct session_token *session)
{
	struct str token = part_of(session->token, sizeof session->token);
	uint8_t csrf[VAULT_HASH_BYTES];
	base64url_encode(session->token, sizeof session->token, session->text);
	vault_hash("session/lookup", &token, 1, session->hash);
	vault_hash("session/key", &token, 1, session->key);
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

bool vault_csrf_check(const struct session_token *session, struct str sent)
{
	return sent.n == CSRF_TEXT_BYTES && vault_equal(sent.p, session->csrf, CSRF_TEXT_BYTES);
}
