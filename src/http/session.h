/* session.h - who is signed in, as far as the platform has to know. The app's identify hook fills it. */
#ifndef ADEM_HTTP_SESSION_H
#define ADEM_HTTP_SESSION_H
#include "base/err.h"
#include "vault/tokens.h"

struct session {
	int64_t id;
	struct str name;                     /* as the person is shown to themselves */
	struct session_token token;          /* its csrf goes into forms by form_token() (form.h) */
	uint8_t secret_key[VAULT_KEY_BYTES]; /* the account's private key; wiped when the request ends */
	int64_t began_ms;                    /* when the password was typed */
	int64_t seen_ms, expires_ms;         /* when it was last used, to within five minutes; its end in any case */
	int64_t news;                        /* what happened to the account and was not seen yet */
	unsigned leading;                    /* roles held where the whole region is led from */
	const void *more;                    /* features/accounts: struct accounts_session */
};
#endif
