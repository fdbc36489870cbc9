/* slow.h - password hashing outside of the event loop. A handler simply asks; if the key is not known yet, the request waits
 * (ERR_WAIT travels up), a hasher process works, and the handler runs again from its start, this time with the answer. What a
 * handler hashes must therefore be the same in each run: no random salt made on the way. */
#ifndef ADEM_HTTP_SLOW_H
#define ADEM_HTTP_SLOW_H
#include "base/err.h"
#include "vault/password.h"

enum { SLOW_MAX = 4 };

/* One piece of work and, once done, its key. */
struct slow_work {
	char password[PASSWORD_BYTES_MAX];
	size_t password_n;
	uint8_t salt[PASSWORD_SALT_BYTES];
	int64_t cost;
	uint8_t key[VAULT_KEY_BYTES];
	bool done, failed;
};

/* What was done for one request, and what is wanted next. */
struct slow {
	struct slow_work work[SLOW_MAX];
	size_t count;
	bool wanted; /* the last of them is not done yet */
};

/* KEY of PASSWORD under SALT (PASSWORD_SALT_BYTES) at COST, see vault/password.h. ERR_WAIT: pass it up, it will be known next
 * time. ERR_BUSY: no memory for it now. ERR_INPUT: too long. Where c->slow is NULL (commands, tests) it is computed at once. */
MUST_CHECK enum err slow_hash(
	struct ctx *c, struct str password, struct str salt, int64_t cost, uint8_t key[VAULT_KEY_BYTES]);
#endif
