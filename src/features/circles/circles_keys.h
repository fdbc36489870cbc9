/* circles_keys.h - what circles.c and boxes.c share. */
#ifndef ADEM_CIRCLES_KEYS_H
#define ADEM_CIRCLES_KEYS_H
#include "base/err.h"
#include "vault/keys.h"

/* The row that the sealed private key of a circle is bound to. */
struct vault_row circles_row(const struct ctx *c, int64_t circle_id);
/* Room for a key pair in c->mem, wiped when the request ends. */
struct key_pair *circles_pair(struct ctx *c);
/* The pair of a circle whose private key was sealed for HOLDER ("account", "circle", "invitation") to READER. False when it
 * does not open, or does not belong to PUBLIC_KEY. */
MUST_CHECK bool circles_unseal(struct ctx *c, int64_t circle_id, const char *holder, const struct key_pair *reader,
	struct str sealed, struct str public_key, struct key_pair *out);
#endif
