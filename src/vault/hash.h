/* hash.h - BLAKE2b-256 with a label, so that no hash made for one purpose is ever valid for another. The bytes hashed are
 * "adem/1", then the label and each part preceded by its length; two different lists of parts never hash the same bytes. */
#ifndef ADEM_VAULT_HASH_H
#define ADEM_VAULT_HASH_H
#include "base/str.h"
#include "vault/vault.h"

/* HASH of PARTS under LABEL, a constant of 1 to 60 bytes that names the purpose. */
void vault_hash(const char *label, const struct str *parts, size_t parts_count, uint8_t hash[VAULT_HASH_BYTES]);
/* Keyed with the pepper: finds a row by something guessable, such as a folded sign-in name (KIND "sign_in"), without
 * storing it in a way that guessing could confirm. Same KIND and TEXT, same pepper: same bytes. */
void vault_lookup(const struct vault *v, const char *kind, struct str text, uint8_t lookup[VAULT_HASH_BYTES]);
/* The next link of an append-only chain, keyed with the pepper: NEXT = hash of PREV and the encoded row. The first PREV is
 * all zero bytes. V NULL: without a key, as links were made by everybody before version 0.1.0 was finished. */
void vault_chain(
	const struct vault *v, const uint8_t prev[VAULT_HASH_BYTES], struct str row, uint8_t next[VAULT_HASH_BYTES]);
/* What stands beside the newest link: that it is the NUMBERth of the chain called NAME, and nothing comes behind it. */
void vault_chain_head(const struct vault *v, struct str name, int64_t number, const uint8_t link[VAULT_HASH_BYTES],
	uint8_t mac[VAULT_HASH_BYTES]);
/* The plain SHA-256 of TEXT, for what others are to check with tools of their own. */
void vault_sha256(struct str text, uint8_t hash[VAULT_HASH_BYTES]);
/* Whether N bytes are the same, in a time that depends on N only. */
MUST_CHECK bool vault_equal(const void *a, const void *b, size_t n);
/* Overwrites N bytes with zero in a way that the compiler cannot leave out. */
void vault_wipe(void *p, size_t n);
#endif
