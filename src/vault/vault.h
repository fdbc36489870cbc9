/* vault.h - the pepper: 32 random bytes in a file beside, not in, the database. Receipts, invitations, form tokens,
 * passwords, sessions, the audit chain and the look-up of sign-in names depend on it, so that a stolen database alone
 * cannot even be guessed at, and who can write one can forge neither a session nor the record.
 * Without it no receipt and no password works any more: keep a copy apart from the copies of the database. Several
 * hosts on one PostgreSQL need the same file.
 *
 * The vault keeps only keys derived from the pepper, in memory that is locked, guarded and left out of core dumps. Open
 * it once, before fork() and before the sandbox; children share it. All functions of src/vault are pure: no database,
 * no clock; what they remember stands in what they were given. Secrets that they hand out are the caller's to wipe. */
#ifndef ADEM_VAULT_VAULT_H
#define ADEM_VAULT_VAULT_H
#include "base/base.h"

struct vault;

enum { VAULT_KEY_BYTES = 32, VAULT_HASH_BYTES = 32, VAULT_FINGERPRINT_BYTES = 8 };

/* Reads the pepper file at PATH. With CREATE a missing file is made first (random, mode 0600, written to the disk before
 * it gets its name; of several processes doing so at once all read the same). Refused: a file that everybody may read or
 * the group may write, that belongs to somebody else than this user or root, that is no file or has not 32 bytes.
 * NULL on failure; *WHY then is a constant sentence without the path. vault_close() ends it. */
MUST_CHECK struct vault *vault_open(const char *path, bool create, const char **why);
/* Wipes and frees. NULL is allowed. */
void vault_close(struct vault *v);
/* Tells two peppers apart without telling anything about them: for a row in the database that stops a host which was
 * started with another pepper. */
void vault_fingerprint(const struct vault *v, uint8_t fingerprint[VAULT_FINGERPRINT_BYTES]);
#endif
