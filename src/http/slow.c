#include "http/slow.h"
#include "vault/hash.h"

static bool same(const struct slow_work *w, struct str password, struct str salt, int64_t cost)
{
	return w->password_n == password.n && w->cost == cost && vault_equal(w->salt, salt.p, PASSWORD_SALT_BYTES) &&
	       (password.n == 0 || vault_equal(w->password, password.p, password.n));
}

enum err slow_hash(struct ctx *c, struct str password, struct str salt, int64_t cost, uint8_t key[VAULT_KEY_BYTES])
{
	assert(salt.n == PASSWORD_SALT_BYTES);
	if (password.n > PASSWORD_BYTES_MAX)
		return REFUSE(c, ERR_INPUT, "This password is too long.");
	if (!c->slow)
		return vault_password_key(c->vault, password, (const uint8_t *)salt.p, cost, key)
			       ? OK
			       : REFUSE(c, ERR_BUSY, "Too much is going on at the moment. Please try again.");
	for (size_t i = 0; i < c->slow->count; i++) {
		struct slow_work *w = &c->slow->work[i];
		if (!w->done || !same(w, password, salt, cost))
			continue;
		if (w->failed)
			return REFUSE(c, ERR_BUSY, "Too much is going on at the moment. Please try again.");
		memcpy(key, w->key, VAULT_KEY_BYTES);
		return OK;
	}
	if (c->slow->count == SLOW_MAX)
		return FAIL(c, ERR_LIMIT, "a request that asks for more than %d keys", SLOW_MAX);
	struct slow_work *w = &c->slow->work[c->slow->count++];
	memcpy(w->password, password.p, password.n);
	w->password_n = password.n;
	memcpy(w->salt, salt.p, PASSWORD_SALT_BYTES);
	w->cost = cost;
	c->slow->wanted = true;
	return FAIL(c, ERR_WAIT, "waits for a password's key");
}
