#include "vault/strength.h"
#include "vault/hash.h"
#include <zxcvbn.h>

static void wipe_text(void *text)
{
	vault_wipe(text, STRENGTH_BYTES_MAX + 1);
}

/* Bytes of TEXT that a pattern explains, not a word or chance. */
static size_t bytes_of_patterns(const ZxcMatch_t *match)
{
	size_t n = 0;
	for (; match; match = match->Next) {
		unsigned type = (unsigned)match->Type;
		unsigned once = type & ~(unsigned)MULTIPLE_MATCH;
		if (type != once || (once >= REPEATS_MATCH && once <= YEAR_MATCH))
			n += (size_t)match->Length;
	}
	return n;
}

struct strength vault_strength(struct arena *mem, struct str password, const struct str *words, size_t words_count)
{
	char *text = arena_alloc(mem, STRENGTH_BYTES_MAX + 1, 1);
	const char **known = arena_array(mem, const char *, STRENGTH_WORDS_MAX + 1);
	ZxcMatch_t *matches = NULL;
	size_t known_count = 0, n = password.n < STRENGTH_BYTES_MAX ? password.n : STRENGTH_BYTES_MAX;
	arena_defer(mem, wipe_text, text);
	if (n)
		memcpy(text, password.p, n);
	text[n] = 0;
	for (size_t i = 0; i < words_count && known_count < STRENGTH_WORDS_MAX; i++)
		if (words[i].n >= STRENGTH_WORD_BYTES_MIN)
			known[known_count++] = arena_str(mem, words[i]).p;
	known[known_count] = NULL;
	struct strength s = { .bits = ZxcvbnMatch(text, known, &matches) };
	s.pattern = bytes_of_patterns(matches) * 2 > n;
	ZxcvbnFreeInfo(matches);
	return s;
}
