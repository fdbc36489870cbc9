/* base64url.h - within src/vault: base64url without padding, one text for each sequence of bytes and no other. */
#ifndef ADEM_VAULT_BASE64URL_H
#define ADEM_VAULT_BASE64URL_H
#include "base/str.h"

/* Characters for N bytes, without a NUL. */
#define BASE64URL_CHARS(n) ((n) / 3 * 4 + ((n) % 3 ? (n) % 3 + 1 : 0))

/* The N bytes at P as TEXT, which has room for BASE64URL_CHARS(n) + 1; NUL at the end. */
void base64url_encode(const void *p, size_t n, char *text);
/* TEXT as exactly N bytes at P, N <= 3072. False unless encoding them gives TEXT again: the library's reader takes some bytes
 * beyond ASCII for characters of the alphabet, and a token that can be written in two ways could be used twice. */
MUST_CHECK bool base64url_decode(struct str text, void *p, size_t n);
#endif
