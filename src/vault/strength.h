/* strength.h - how hard a password is to guess for somebody who knows which words and patterns people take. */
#ifndef ADEM_VAULT_STRENGTH_H
#define ADEM_VAULT_STRENGTH_H
#include "base/arena.h"

/* The estimate takes more than twice as long for twice the text, and runs where pages are made: what comes after this many
 * bytes is not looked at, and neither is what comes after so many words. */
enum { STRENGTH_BYTES_MAX = 64, STRENGTH_WORDS_MAX = 512, STRENGTH_WORD_BYTES_MIN = 3 };

struct strength {
	double bits;  /* guesses that are to be expected, as a power of two */
	bool pattern; /* most of it is repeated, counted, a date, or keys in a row */
};

/* PASSWORD as it is typed. WORDS, in small letters, are tried first by whoever guesses, the earliest first; a word of less than
 * STRENGTH_WORD_BYTES_MIN bytes is passed over. The library copies what it reads to the heap, and does not wipe it. */
struct strength vault_strength(struct arena *mem, struct str password, const struct str *words, size_t words_count);
#endif
