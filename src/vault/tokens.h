/* tokens.h - the session cookie: 32 random bytes that the browser keeps and the server does not. From it come the hash that
 * the session's row is found by, the key that the account's private key is wrapped under for the time of the session, and
 * the value that forms carry against forged requests. Each is useless for finding the others. Hash and key hang on the
 * pepper too: who can write the database but has no pepper can make no row that a cookie finds, and cannot give a row of
 * their own to another account or make it last longer. */
#ifndef ADEM_VAULT_TOKENS_H
#define ADEM_VAULT_TOKENS_H
#include "base/str.h"
#include "vault/vault.h"

enum {
	SESSION_TOKEN_BYTES = 32,
	SESSION_TEXT_BYTES = 43,  /* base64url */
	CSRF_TEXT_BYTES = 22,     /* base64url of 128 bits */
	SESSION_OWNER_BYTES = 16, /* base64url of 96 bits */
};

/* Wipe it. */
struct session_token {
	uint8_t token[SESSION_TOKEN_BYTES];
	char text[SESSION_TEXT_BYTES + 1]; /* value of the cookie, NUL at the end */
	char csrf[CSRF_TEXT_BYTES + 1];    /* for a hidden field of each form, NUL at the end */
};

/* A new session. */
void vault_session_new(struct session_token *session);
/* From the cookie; false when it is not of the right shape. Whether there is such a session the database says. */
MUST_CHECK bool vault_session_read(struct str cookie, struct session_token *session);
/* What the session's row is found by, for sessions.token_hash. */
void vault_session_lookup(const struct vault *v, const struct session_token *session, uint8_t lookup[VAULT_HASH_BYTES]);
/* The key that wraps the private key of ACCOUNT_ID until EXPIRES_MS, both as the session's row says: with any other it does
 * not unwrap. Wipe it. */
void vault_session_key(const struct vault *v, const struct session_token *session, int64_t account_id,
	int64_t expires_ms, uint8_t key[VAULT_KEY_BYTES]);
/* What proves, when its row is long gone, that the session with this LOOKUP was ACCOUNT_ID's; NUL at the end. */
void vault_session_owner(const struct vault *v, const uint8_t lookup[VAULT_HASH_BYTES], int64_t account_id,
	char owner[SESSION_OWNER_BYTES + 1]);
/* Whether a form was made for this session. */
MUST_CHECK bool vault_csrf_check(const struct session_token *session, struct str sent);
#endif
