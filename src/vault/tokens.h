/* tokens.h - the session cookie: 32 random bytes that the browser keeps and the server does not. From it come the hash that
 * the session's row is found by, the key that the account's private key is wrapped under for the time of the session, and
 * the value that forms carry against forged requests. Each is useless for finding the others. */
#ifndef ADEM_VAULT_TOKENS_H
#define ADEM_VAULT_TOKENS_H
#include "base/str.h"
#include "vault/vault.h"

enum {
	SESSION_TOKEN_BYTES = 32,
	SESSION_TEXT_BYTES = 43, /* base64url */
	CSRF_TEXT_BYTES = 22,    /* base64url of 128 bits */
};

/* Wipe it. */
struct session_token {
	uint8_t token[SESSION_TOKEN_BYTES];
	char text[SESSION_TEXT_BYTES + 1]; /* value of the cookie, NUL at the end */
	uint8_t hash[VAULT_HASH_BYTES];    /* for sessions.token_hash */
	uint8_t key[VAULT_KEY_BYTES];      /* wraps the account's private key */
	char csrf[CSRF_TEXT_BYTES + 1];    /* for a hidden field of each form, NUL at the end */
};

/* A new session. */
void vault_session_new(struct session_token *session);
/* From the cookie; false when it is not of the right shape. Whether there is such a session the database says. */
MUST_CHECK bool vault_session_read(struct str cookie, struct session_token *session);
/* Whether a form was made for this session. */
MUST_CHECK bool vault_csrf_check(const struct session_token *session, struct str sent);
#endif
