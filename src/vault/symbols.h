/* symbols.h - within src/vault: texts of Crockford base 32 that people read, type and dictate, with a check symbol.
 *
 * A symbol is a number 0..31, seen as an element of GF(32) with x^5 + x^2 + 1. The symbols of a text satisfy
 * sum of a^i * symbol[i] = kind, where a = x. All weights a^i differ for up to 31 symbols, so the check finds every single
 * wrong symbol, every two symbols that changed places (adjacent or not), and every pair such as 11 typed as 22; of other
 * mistakes it misses one in 32. The kind keeps one sort of text from being taken for another of the same length. */
#ifndef ADEM_VAULT_SYMBOLS_H
#define ADEM_VAULT_SYMBOLS_H
#include "base/str.h"

enum { SYMBOLS_MAX = 28, SYMBOLS_INPUT_BYTES_MAX = 200 };

enum symbols_kind { KIND_RECEIPT, KIND_INVITATION, KIND_RECOVERY };

/* What became of something typed. */
enum code_read {
	CODE_OK,
	CODE_SHAPE, /* too few or too many characters, or some that never occur in a code */
	CODE_CHECK, /* right length, but something is mistyped */
};

/* The check symbol that completes SYMBOLS, which are all but the last. */
uint8_t symbols_check(const uint8_t *symbols, size_t n, enum symbols_kind kind);
/* Groups of four with dashes between, NUL at the end; TEXT has room for n + (n - 1) / 4 + 1. */
void symbols_write(const uint8_t *symbols, size_t n, char *text);
/* Exactly N symbols out of TEXT, forgiving: lower case, O for 0, I and L for 1; white space, points, underscores and dashes of
 * any kind (also the typographic ones that phones put in) are skipped. */
MUST_CHECK enum code_read symbols_read(struct str text, enum symbols_kind kind, uint8_t *symbols, size_t n);
/* N symbols from N random bytes, 5 bits of each. */
void symbols_of_bytes(const uint8_t *bytes, size_t n, uint8_t *symbols);
#endif
