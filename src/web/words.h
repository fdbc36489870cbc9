/* words.h - what people read, in their language. The English text in source and templates is the key; locale/id.po and
 * locale/en.po are gettext files that tools/wordsgen compiles into the program. A used text without Indonesian stops the
 * build, so that a key which is not found can only be one made at run time: it then stands for itself.
 *
 * Texts may hold {names}, which are replaced by values. */
#ifndef ADEM_WEB_WORDS_H
#define ADEM_WEB_WORDS_H
#include "base/arena.h"
#include "base/err.h"

/* Marks a literal as a key for the extractor, where it is not the argument of a function that does so already. */
#define N_(key) "" key

struct word_value {
	const char *name;
	struct str text;
};

/* The text of KEY; memory of the program. */
struct str words_get(enum lang lang, const char *key);
/* The form of a text with a number that COUNT asks for. */
struct str words_plural(enum lang lang, const char *one, const char *many, int64_t count);
/* KEY with its {names} replaced, in memory of MEM. */
struct str words_format(
	struct arena *mem, enum lang lang, const char *key, const struct word_value *values, size_t values_count);
/* TEXT, which is a translated message already, with its {names} replaced, in memory of MEM. */
struct str words_fill(struct arena *mem, struct str text, const struct word_value *values, size_t values_count);
/* For writers: splits off TEXT up to its first known {name} into *BEFORE, the name's value into *VALUE (both may be
 * empty), and returns the rest. */
struct str words_piece(
	struct str text, const struct word_value *values, size_t values_count, struct str *before, struct str *value);

/* What tools/wordsgen makes: sorted by key. PLURAL_TEXT is NULL for a text without number. */
struct word_entry {
	const char *key, *text, *plural_text;
};
extern const struct word_entry words_id[], words_en[];
extern const size_t words_id_count, words_en_count;
#endif
