#include "words_scan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 4096 };

struct scan {
	struct po *used;
	const char *file, *text;
	struct po_error *error;
	bool failed;
};

/* A call and which of its arguments is a text; the next one is its plural. */
struct call {
	const char *name;
	int argument;
	bool plural;
};

static size_t line_of(const struct scan *scan, const char *at)
{
	size_t line = 1;
	for (const char *s = scan->text; s < at; s++)
		line += *s == '\n';
	return line;
}

static void wrong(struct scan *scan, const char *at, const char *why)
{
	if (scan->failed)
		return;
	scan->failed = true;
	scan->error->line = line_of(scan, at);
	snprintf(scan->error->why, sizeof scan->error->why, "%s", why);
}

/* Behind the quoted piece that begins at S, or at the end of the text. */
static const char *skip_quoted(const char *s)
{
	char quote = *s++;
	while (*s && *s != quote)
		s += s[0] == '\\' && s[1] ? 2 : 1;
	return *s ? s + 1 : s;
}

/* The literal that begins at S, unescaped, behind the *N characters of KEY; what stands behind it, or NULL. */
static const char *take_literal(struct scan *scan, const char *s, char *key, size_t *n)
{
	for (s++; *s != '"'; s++) {
		char c = *s;
		if (c == '\\') {
			s++;
			c = *s == 'n' ? '\n' : *s == 't' ? '\t' : *s == '"' || *s == '\\' ? *s : 0;
		}
		if (c == 0 || *n + 1 >= KEY_MAX) {
			wrong(scan, s,
				"a text without its closing quote, too long, or with an escape that is not known");
			return NULL;
		}
		key[(*n)++] = c;
	}
	key[*n] = 0;
	return s + 1;
}

/* Adjacent C literals from S on as one KEY; what stands behind them, or NULL where there are none. */
static const char *take_literals(struct scan *scan, const char *s, char *key)
{
	size_t n = 0;
	const char *end = NULL;
	s += strspn(s, " \t\r\n");
	while (s && *s == '"') {
		end = s = take_literal(scan, s, key, &n);
		s = s ? s + strspn(s, " \t\r\n") : NULL;
	}
	return end ? s : NULL;
}

static void found(struct scan *scan, const char *at, const char *key, const char *plural)
{
	if (!key[0] || scan->failed)
		return;
	struct po_entry *e = po_add(scan->used, key, plural);
	if (e->where)
		return;
	size_t size = strlen(scan->file) + 24;
	e->where = malloc(size);
	if (!e->where)
		abort();
	snprintf(e->where, size, "%s:%zu", scan->file, line_of(scan, at));
}

/* The COUNT-th argument of a call, S standing behind its '('. NULL: there is none. */
static const char *argument(const char *s, int count)
{
	int level = 0;
	while (*s && count > 0) {
		if (*s == '"' || *s == '\'') {
			s = skip_quoted(s);
			continue;
		}
		level += *s == '(';
		level -= *s == ')';
		if (level < 0)
			return NULL;
		count -= *s == ',' && level == 0;
		s++;
	}
	return count == 0 ? s : NULL;
}

static bool in_name(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void scan_call(struct scan *scan, const struct call *call)
{
	char key[KEY_MAX], many[KEY_MAX];
	size_t n = strlen(call->name);
	for (const char *s = strstr(scan->text, call->name); s; s = strstr(s + n, call->name)) {
		bool whole = s == scan->text || !in_name(s[-1]);
		const char *arg = whole ? argument(s + n, call->argument) : NULL;
		const char *rest = arg ? take_literals(scan, arg, key) : NULL;
		if (!rest)
			continue;
		bool second = call->plural && *rest == ',' && take_literals(scan, rest + 1, many);
		found(scan, arg, key, second ? many : NULL);
	}
}

/* In templates two literals side by side are two texts. */
static void scan_tag(struct scan *scan, const struct call *tag)
{
	char key[KEY_MAX], many[KEY_MAX];
	size_t n = strlen(tag->name);
	for (const char *s = strstr(scan->text, "{{"); s; s = strstr(s + 2, "{{")) {
		const char *name = s + 2 + strspn(s + 2, " \t\r\n");
		const char *at = strncmp(name, tag->name, n) == 0 ? name + n + strspn(name + n, " \t\r\n") : "";
		size_t key_n = 0, many_n = 0;
		const char *rest = *at == '"' ? take_literal(scan, at, key, &key_n) : NULL;
		if (!rest)
			continue;
		rest += strspn(rest, " \t\r\n");
		bool second = tag->plural && *rest == '"' && take_literal(scan, rest, many, &many_n);
		found(scan, at, key, second ? many : NULL);
	}
}

bool words_scan(struct po *used, const char *file, const char *text, struct po_error *error)
{
	static const struct call calls[] = {
		{"N_(",            0, false},
		{ "REFUSE(",       2, false},
		{ "form_refuse(",  3, false},
		{ "words_get(",    1, false},
		{ "words_format(", 2, false},
		{ "words_plural(", 1, true },
	};
	static const struct call tags[] = {
		{"word",    0, false},
		{ "plural", 0, true },
	};
	struct scan scan = { .used = used, .file = file, .text = text, .error = error };
	size_t n = strlen(file);
	if (n > 5 && strcmp(file + n - 5, ".html") == 0) {
		for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
			scan_tag(&scan, &tags[i]);
	} else {
		for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
			scan_call(&scan, &calls[i]);
	}
	return !scan.failed;
}
