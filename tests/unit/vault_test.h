/* vault_test.h - for the tests of the vault: bytes from hex, and the pepper 00 01 … 1f that the vectors are made with. */
#ifndef ADEM_TESTS_VAULT_TEST_H
#define ADEM_TESTS_VAULT_TEST_H
#include "test.h"
#include "vault/hash.h"

/* The vault of the vectors. The file is made and removed again. */
struct vault *open_known_vault(void);
/* N bytes equal those of HEX. */
bool is_hex(const void *bytes, size_t n, const char *hex);
/* The bytes of HEX in P, which has room; returns their number. */
size_t from_hex(const char *hex, uint8_t *p);
#endif
