/* accounts_keys.h - what the files of accounts share. */
#ifndef ADEM_ACCOUNTS_KEYS_H
#define ADEM_ACCOUNTS_KEYS_H
#include "base/err.h"
#include "vault/keys.h"

/* The row that an account's wrapped private key is bound to. */
struct vault_row accounts_row(const struct ctx *c, int64_t account_id);
/* What a name or phone number is found by. */
void accounts_name_lookup(struct ctx *c, struct str typed, uint8_t lookup[VAULT_HASH_BYTES]);
/* Room for a key in c->mem, wiped when the request ends. */
uint8_t *accounts_secret(struct ctx *c);
/* The one way from what is typed as a password to a key: two keyboards that compose a letter differently type the
 * same password. May pass up ERR_WAIT (http/slow.h). */
MUST_CHECK enum err accounts_password_key(
	struct ctx *c, struct str password, struct str salt, int64_t cost, uint8_t key[VAULT_KEY_BYTES]);
/* What the next password costs here, and what one costs that nobody has: one cost for all of a region, for by another a known
 * name would be told from an unknown one. */
int64_t accounts_password_cost(const struct ctx *c);
/* SECRET_KEY wrapped under PASSWORD with SALT (PASSWORD_SALT_BYTES) at COST; may pass up ERR_WAIT (http/slow.h). */
MUST_CHECK enum err accounts_password_wrap(struct ctx *c, int64_t account_id, struct str password, struct str salt,
	int64_t cost, const uint8_t secret_key[VAULT_KEY_BYTES], struct str *wrapped);
/* SECRET_KEY wrapped under a new recovery code, which is shown once. */
struct str accounts_recovery_wrap(
	struct ctx *c, int64_t account_id, const uint8_t secret_key[VAULT_KEY_BYTES], struct str *code);
/* Whether a member who reads at the post, other than by membership EXCEPT_ID (0: none), holds its newest key. */
MUST_CHECK enum err accounts_key_is_held(struct ctx *c, int64_t post_id, int64_t except_id, bool *held);
/* A salt for the next password that is the same each time a request is run again: from what is stored now and a
 * LABEL. */
struct str accounts_next_salt(struct ctx *c, const char *label, struct str stored);
#endif
