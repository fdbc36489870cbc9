#include "web/words.h"

static const struct word_entry *search(enum lang lang, const char *key)
{
	const struct word_entry *table = lang == LANG_EN ? words_en : words_id;
	size_t low = 0, high = lang == LANG_EN ? words_en_count : words_id_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(key, table[middle].key);
		if (order == 0)
			return &table[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* A list asks for the same few keys on each of its lines, nearly always by the same literal. */
static const struct word_entry *find(enum lang lang, const char *key)
{
	enum { SLOTS = 1024 };
	static const struct word_entry *found[LANG_COUNT][SLOTS];
	const struct word_entry **slot = &found[lang][((uintptr_t)key ^ (uintptr_t)key >> 10) % SLOTS];
	if (!*slot || strcmp((*slot)->key, key) != 0)
		*slot = search(lang, key);
	return *slot;
}

struct str words_get(enum lang lang, const char *key)
{
	const struct word_entry *e = find(lang, key);
	return str_of(e && e->text ? e->text : key);
}

/* Plural rules of the two languages: Indonesian has one form, English two. */
struct str words_plural(enum lang lang, const char *one, const char *many, int64_t count)
{
	const struct word_entry *e = find(lang, one);
	if (lang == LANG_ID)
		return str_of(e && e->text ? e->text : many);
	if (count == 1)
		return str_of(e && e->text ? e->text : one);
	return str_of(e && e->plural_text ? e->plural_text : many);
}

struct str words_piece(
	struct str text, const struct word_value *values, size_t values_count, struct str *before, struct str *value)
{
	*value = (struct str){ "", 0 };
	const char *end = text.p + text.n, *open = text.n ? memchr(text.p, '{', text.n) : NULL;
	for (; open; open = memchr(open + 1, '{', (size_t)(end - open - 1))) {
		const char *close = memchr(open, '}', (size_t)(end - open));
		if (!close)
			break;
		struct str name = { open + 1, (size_t)(close - open - 1) };
		for (size_t i = 0; i < values_count; i++) {
			if (!str_is(name, values[i].name))
				continue;
			*before = (struct str){ text.p, (size_t)(open - text.p) };
			*value = values[i].text;
			return (struct str){ close + 1, (size_t)(end - close - 1) };
		}
	}
	*before = text;
	return (struct str){ end, 0 };
}

struct str words_fill(struct arena *mem, struct str text, const struct word_value *values, size_t values_count)
{
	struct str rest = text, before, value;
	size_t n = 0;
	while (rest.n) {
		rest = words_piece(rest, values, values_count, &before, &value);
		n += before.n + value.n;
	}
	char *to = arena_alloc(mem, n + 1, 1);
	struct str filled = { to, n };
	for (rest = text; rest.n;) {
		rest = words_piece(rest, values, values_count, &before, &value);
		if (before.n)
			memcpy(to, before.p, before.n);
		if (value.n)
			memcpy(to + before.n, value.p, value.n);
		to += before.n + value.n;
	}
	return filled;
}

struct str words_format(
	struct arena *mem, enum lang lang, const char *key, const struct word_value *values, size_t values_count)
{
	return words_fill(mem, words_get(lang, key), values, values_count);
}
