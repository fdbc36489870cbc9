#include "po.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 8192 };

enum target { NONE, ID, PLURAL, TEXT, PLURAL_TEXT };

struct reader {
	struct po *po;
	struct po_error *error;
	const char *at, *end;
	size_t line;
	struct po_entry now;
	enum target target;
	bool has_entry;
};

static char *copy(const char *s)
{
	char *p = strdup(s);
	if (!p)
		abort();
	return p;
}

static bool wrong(struct reader *r, const char *why)
{
	r->error->line = r->line;
	snprintf(r->error->why, sizeof r->error->why, "%s", why);
	return false;
}

static void drop(struct po_entry *e)
{
	free(e->id);
	free(e->plural);
	free(e->text);
	free(e->plural_text);
	free(e->where);
	*e = (struct po_entry){ 0 };
}

static struct po_entry *append(struct po *po, struct po_entry e)
{
	if (po->count == po->cap) {
		po->cap = po->cap ? po->cap * 2 : 64;
		po->entries = realloc(po->entries, po->cap * sizeof *po->entries);
		if (!po->entries)
			abort();
	}
	po->entries[po->count] = e;
	return &po->entries[po->count++];
}

struct po_entry *po_find(const struct po *po, const char *id)
{
	for (size_t i = 0; i < po->count; i++)
		if (strcmp(po->entries[i].id, id) == 0)
			return &po->entries[i];
	return NULL;
}

struct po_entry *po_add(struct po *po, const char *id, const char *plural)
{
	struct po_entry *e = po_find(po, id);
	if (e) {
		if (plural && !e->plural)
			e->plural = copy(plural);
		return e;
	}
	return append(po, (struct po_entry){ .id = copy(id), .plural = plural ? copy(plural) : NULL });
}

static bool finish(struct reader *r)
{
	struct po_entry e = r->now;
	r->now = (struct po_entry){ 0 };
	r->target = NONE;
	if (!r->has_entry) {
		drop(&e);
		return true;
	}
	r->has_entry = false;
	if (!e.id || !e.text) {
		drop(&e);
		return wrong(r, "an entry without msgid or msgstr");
	}
	if (e.id[0] == 0) {
		free(r->po->header);
		r->po->header = copy(e.text);
		drop(&e);
		return true;
	}
	if (po_find(r->po, e.id)) {
		drop(&e);
		return wrong(r, "this msgid stands here twice");
	}
	append(r->po, e);
	return true;
}

/* What stands for an escape's second character; 0: no escape we know. */
static char unescaped(char c)
{
	switch (c) {
	case 'n': return '\n';
	case 't': return '\t';
	case '"':
	case '\\': return c;
	default: return 0;
	}
}

/* Reads up to the closing quote into TEXT; the place behind it, or NULL. */
static const char *take_quoted(const char *s, const char *end, char *text)
{
	size_t n = 0;
	for (; s < end && *s != '"'; s++) {
		char c = *s == '\\' && s + 1 < end ? unescaped(*++s) : *s;
		if (c == 0 || n + 1 >= TEXT_MAX)
			return NULL;
		text[n++] = c;
	}
	text[n] = 0;
	return s < end ? s + 1 : NULL;
}

static void append_text(char **to, const char *text)
{
	size_t old = *to ? strlen(*to) : 0, n = strlen(text);
	*to = realloc(*to, old + n + 1);
	if (!*to)
		abort();
	memcpy(*to + old, text, n + 1);
}

/* "…" with escapes, appended to *TO. */
static bool take_text(struct reader *r, const char *s, const char *end, char **to)
{
	char text[TEXT_MAX];
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	if (s >= end || *s != '"')
		return wrong(r, "expected a text in double quotes");
	s = take_quoted(s + 1, end, text);
	if (!s)
		return wrong(r, "a text without its closing quote, too long, or with an escape that is not known");
	for (; s < end; s++)
		if (*s != ' ' && *s != '\t' && *s != '\r')
			return wrong(r, "something behind a text");
	append_text(to, text);
	return true;
}

static char **target_of(struct reader *r)
{
	switch (r->target) {
	case ID: return &r->now.id;
	case PLURAL: return &r->now.plural;
	case TEXT: return &r->now.text;
	case PLURAL_TEXT: return &r->now.plural_text;
	default: return NULL;
	}
}

static const char *keyword(struct reader *r, const char *s, const char *end)
{
	static const struct {
		const char *word;
		enum target target;
	} words[] = {
		{"msgid_plural", PLURAL     },
                { "msgid",       ID         },
                { "msgstr[0]",   TEXT       },
                { "msgstr[1]",   PLURAL_TEXT},
		{ "msgstr",      TEXT       }
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i].word);
		if ((size_t)(end - s) <= n || strncmp(s, words[i].word, n) != 0 || (s[n] != ' ' && s[n] != '"'))
			continue;
		r->target = words[i].target;
		return s + n;
	}
	return NULL;
}

static bool take_line(struct reader *r, const char *s, const char *end)
{
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	if (s == end)
		return finish(r);
	if (*s == '#') {
		if (r->has_entry && r->now.text && !finish(r))
			return false;
		if (end - s > 2 && s[1] == ',' && memmem(s, (size_t)(end - s), "fuzzy", 5))
			r->now.fuzzy = true;
		return true;
	}
	if (*s != '"') {
		const char *rest = keyword(r, s, end);
		if (!rest)
			return wrong(r, "expected msgid, msgid_plural, msgstr or a text");
		if (r->target == ID && r->has_entry) {
			enum target kept = r->target;
			if (!finish(r))
				return false;
			r->target = kept;
		}
		r->has_entry = true;
		s = rest;
		if (*target_of(r))
			return wrong(r, "a part of this entry stands here twice");
	}
	char **to = target_of(r);
	return to ? take_text(r, s, end, to) : wrong(r, "a text that belongs to nothing");
}

bool po_read(struct po *po, const char *source, size_t n, struct po_error *error)
{
	struct reader r = { .po = po, .error = error, .at = source, .end = source + n };
	*po = (struct po){ 0 };
	while (r.at < r.end) {
		const char *end = memchr(r.at, '\n', (size_t)(r.end - r.at));
		end = end ? end : r.end;
		r.line++;
		if (memchr(r.at, 0, (size_t)(end - r.at)) ||
			!take_line(&r, r.at, end > r.at && end[-1] == '\r' ? end - 1 : end)) {
			if (!error->why[0])
				wrong(&r, "a NUL in the file");
			drop(&r.now);
			return false;
		}
		r.at = end + 1;
	}
	return finish(&r);
}

void po_free(struct po *po)
{
	for (size_t i = 0; i < po->count; i++)
		drop(&po->entries[i]);
	free(po->entries);
	free(po->header);
	*po = (struct po){ 0 };
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct po_entry *)a)->id, ((const struct po_entry *)b)->id);
}

void po_sort(struct po *po)
{
	if (po->count)
		qsort(po->entries, po->count, sizeof *po->entries, by_id);
}

static bool holds(const char *text, const char *name, size_t n)
{
	for (const char *s = strchr(text, '{'); s; s = strchr(s + 1, '{'))
		if (strncmp(s, name, n) == 0)
			return true;
	return false;
}

static bool names_in(const char *a, const char *b)
{
	for (const char *s = strchr(a, '{'); s; s = strchr(s + 1, '{')) {
		const char *end = strchr(s, '}');
		if (end && !holds(b, s, (size_t)(end - s) + 1))
			return false;
	}
	return true;
}

bool po_same_names(const char *a, const char *b)
{
	return names_in(a, b) && names_in(b, a);
}
