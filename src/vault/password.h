/* password.h - from what somebody types to a key. Argon2id takes time and memory on purpose, so call this in a hasher
 * process, never in a web worker. Its result goes through a key from the pepper: who has the database without the pepper
 * file cannot try passwords at all. */
#ifndef ADEM_VAULT_PASSWORD_H
#define ADEM_VAULT_PASSWORD_H
#include "base/str.h"
#include "vault/vault.h"

enum { PASSWORD_SALT_BYTES = 16, PASSWORD_BYTES_MAX = 1024 };

/* Stored with the account (password_cost), so that the cost for new passwords can rise while old ones still work. */
enum password_cost {
	PASSWORD_COST_LEAST,  /* 1 pass, 8 KiB: demo and tests only */
	PASSWORD_COST_NORMAL, /* 2 passes, 64 MiB */
	PASSWORD_COST_HIGH,   /* 3 passes, 256 MiB */
	PASSWORD_COST_COUNT
};

/* The wrapping KEY (for vault_wrap) of PASSWORD. The salt is 16 random bytes, new with each password. PASSWORD is to be
 * normalised by utf8_clean() first, since keyboards differ in how they compose letters. False when there is no memory
 * for it now, when the password is longer than PASSWORD_BYTES_MAX, or for a COST that this program does not know. A
 * wrong password gives another key: it shows when unwrapping fails. For an unknown sign-in name run it with any salt, so
 * that the answer takes as long. */
MUST_CHECK bool vault_password_key(const struct vault *v, struct str password, const uint8_t salt[PASSWORD_SALT_BYTES],
	int64_t cost, uint8_t key[VAULT_KEY_BYTES]);
#endif
