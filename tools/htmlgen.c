#include "htmlgen.h"
#include "htmlgen_place.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 32, TAG_BYTES_MAX = 4096, VALUES_MAX = 8 };

struct block {
	struct html_place opened; /* where it began */
	enum address address;     /* how its arms so far left the address they stand in */
	bool is_for, has_arm, has_else;
};

struct gen {
	const char *file, *src;
	size_t at, n, line;
	struct html_place place;
	struct block blocks[DEPTH_MAX];
	int depth;
	bool in_view, in_literal, space_due;
	char last; /* the last literal character written, for collapsing space */
	char *out;
	size_t out_n, out_cap;
	struct htmlgen_error *error;
	bool failed;
};

static void put_n(struct gen *g, const char *s, size_t n)
{
	if (g->out_cap - g->out_n < n + 1) {
		g->out_cap = (g->out_n + n + 1) * 2;
		g->out = realloc(g->out, g->out_cap);
		if (!g->out)
			abort();
	}
	memcpy(g->out + g->out_n, s, n);
	g->out_n += n;
	g->out[g->out_n] = 0;
}

/* WHY is what is wrong, or NULL; true when it is NULL. The first mistake is the one told. */
static bool fine(struct gen *g, const char *why)
{
	if (!why)
		return true;
	if (!g->failed) {
		g->failed = true;
		g->error->line = g->line;
		snprintf(g->error->why, sizeof g->error->why, "%s", why);
	}
	return false;
}

static void wrong(struct gen *g, const char *why)
{
	(void)fine(g, why);
}

__attribute__((format(printf, 2, 3))) static void put(struct gen *g, const char *fmt, ...)
{
	char text[TAG_BYTES_MAX * 2];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof text)
		wrong(g, "this makes too long a line");
	else
		put_n(g, text, (size_t)n);
}

static void literal_end(struct gen *g)
{
	if (g->in_literal)
		put(g, "\");\n");
	g->in_literal = false;
}

static void literal_char(struct gen *g, char c)
{
	if (!g->in_literal)
		put(g, "\tHTML_LIT(h, \"");
	g->in_literal = true;
	g->last = c;
	if (c == '\n')
		put(g, "\\n");
	else if (c == '\t')
		put(g, "\\t");
	else if (c == '"' || c == '\\' || c == '?')
		put(g, "\\%c", c);
	else if ((unsigned char)c < ' ')
		put(g, "\\%03o", (unsigned)c);
	else
		put_n(g, &c, 1);
}

/* White space that means nothing: none beside a tag's border, one space elsewhere. */
static void literal(struct gen *g, char c)
{
	bool space = isspace((unsigned char)c) != 0;
	if (space && !place_keeps_space(&g->place)) {
		g->space_due = true;
		return;
	}
	if (g->space_due) {
		g->space_due = false;
		if (c != '>' || g->place.place == PLACE_TEXT)
			literal_char(g, g->place.place == PLACE_TEXT && g->last == '>' && c == '<' ? '\n' : ' ');
	}
	literal_char(g, c);
}

/* Space before a value or block counts like any other. */
static void flush_space(struct gen *g)
{
	if (g->space_due && g->last != '\n' && g->last != ' ')
		literal_char(g, ' ');
	g->space_due = false;
}

static void line_mark(struct gen *g)
{
	put(g, "#line %zu \"%s\"\n", g->line, g->file);
}

static const char *skip_space(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

/* Copies one C string literal with its quotes; the text behind it, or NULL. */
static const char *take_literal(struct gen *g, const char *s, char *to, size_t size)
{
	size_t n = 0;
	s = skip_space(s);
	if (*s != '"') {
		wrong(g, "expected a text in double quotes");
		return NULL;
	}
	do {
		if (n + 3 >= size || !*s) {
			wrong(g, "a text without its closing quote, or too long");
			return NULL;
		}
		if (*s == '\\' && s[1])
			to[n++] = *s++;
		to[n++] = *s++;
	} while (*s != '"');
	to[n++] = '"';
	to[n] = 0;
	return s + 1;
}

/* The length of a quoted piece of C at S, "…" or '…', of at most N characters; 0 where none stands. */
static size_t quoted_length(const char *s, size_t n)
{
	if (n == 0 || (*s != '"' && *s != '\''))
		return 0;
	size_t at = 1;
	while (at < n && s[at] != *s)
		at += s[at] == '\\' ? 2 : 1;
	return at < n ? at + 1 : n;
}

/* The end of a C expression: the next comma at its own level. */
static size_t expression_length(const char *s)
{
	int level = 0;
	size_t n = 0, length = strlen(s);
	while (n < length && !(s[n] == ',' && level == 0)) {
		size_t quoted = quoted_length(s + n, length - n);
		if (s[n] == '(' || s[n] == '[' || s[n] == '{')
			level++;
		if (s[n] == ')' || s[n] == ']' || s[n] == '}')
			level--;
		n += quoted ? quoted : 1;
	}
	return n;
}

/* ", a=expr, b=expr" as arguments: the values and their count. */
static void put_values(struct gen *g, const char *s)
{
	size_t count = 0;
	s = skip_space(s);
	if (!*s) {
		put(g, "NULL, 0);\n");
		return;
	}
	put(g, "(const struct word_value[]){");
	while (*s == ',') {
		s = skip_space(s + 1);
		size_t name = strspn(s, "abcdefghijklmnopqrstuvwxyz_0123456789");
		if (name == 0 || s[name] != '=' || count == VALUES_MAX) {
			wrong(g, "expected: , name=expression");
			return;
		}
		const char *value = s + name + 1;
		size_t length = expression_length(value);
		put(g, "%s{ \"%.*s\", (%.*s) }", count ? ", " : " ", (int)name, s, (int)length, value);
		count++;
		s = value + length;
	}
	if (*skip_space(s))
		wrong(g, "expected: , name=expression");
	put(g, " }, %zu);\n", count);
}

static void word_tag(struct gen *g, const char *t)
{
	char key[TAG_BYTES_MAX] = "";
	const char *rest = take_literal(g, t, key, sizeof key);
	if (!rest || !fine(g, place_word(&g->place)))
		return;
	put(g, "\thtml_word(h, %s, ", key);
	put_values(g, rest);
}

static void plural_tag(struct gen *g, const char *t)
{
	char one[TAG_BYTES_MAX] = "", many[TAG_BYTES_MAX] = "";
	const char *rest = take_literal(g, t, one, sizeof one);
	rest = rest ? take_literal(g, rest, many, sizeof many) : NULL;
	if (!rest || !fine(g, place_word(&g->place)))
		return;
	rest = skip_space(rest);
	if (*rest != ',') {
		wrong(g, "expected: {{plural \"one\" \"many\", count, name=value}}");
		return;
	}
	rest = skip_space(rest + 1);
	size_t length = expression_length(rest);
	put(g, "\thtml_plural(h, %s, %s, (%.*s), ", one, many, (int)length, rest);
	put_values(g, rest + length);
}

static void value_tag(struct gen *g, const char *expr)
{
	static const char *const writers[] = {
		[ENCODE_TEXT] = "html_put",
		[ENCODE_ATTR] = "html_put_attr",
		[ENCODE_URL] = "html_put_url",
		[ENCODE_PATH] = "html_put_path",
	};
	enum encoding how;
	if (fine(g, place_value(&g->place, &how)))
		put(g, "\t%s(h, (%s));\n", writers[how], expr);
}

static void open_block(struct gen *g, bool is_for)
{
	if (g->depth == DEPTH_MAX) {
		wrong(g, "blocks nested too deep");
		return;
	}
	wrong(g, place_cut(&g->place));
	g->blocks[g->depth++] = (struct block){ .opened = g->place, .is_for = is_for };
}

static struct block *inner_block(struct gen *g)
{
	if (g->depth == 0) {
		wrong(g, "{{else}} or {{end}} without {{if}} or {{for}}");
		return NULL;
	}
	return &g->blocks[g->depth - 1];
}

/* An arm that opens something closes it. The address it stands in may have grown. */
static void end_arm(struct gen *g, struct block *b)
{
	wrong(g, place_cut(&g->place));
	bool grew = b->opened.place == PLACE_VALUE && g->place.address != b->opened.address;
	if (!place_same(&b->opened, &g->place) || (b->is_for && grew))
		wrong(g, "this block ends in another HTML place than it began in");
	b->address = b->has_arm ? address_join(b->address, g->place.address) : g->place.address;
	b->has_arm = true;
}

static void else_tag(struct gen *g, const char *condition)
{
	struct block *b = inner_block(g);
	if (!b)
		return;
	if (b->is_for || b->has_else) {
		wrong(g, "{{else}} belongs to an {{if}}, once, at its end");
		return;
	}
	end_arm(g, b);
	g->place = b->opened;
	b->has_else = condition == NULL;
	put(g, condition ? "\t} else if (%s) {\n" : "\t} else {%s\n", condition ? condition : "");
}

static void end_tag(struct gen *g)
{
	struct block *b = inner_block(g);
	if (!b)
		return;
	end_arm(g, b);
	g->place.address = b->has_else ? b->address : address_join(b->address, b->opened.address);
	g->depth--;
	put(g, "\t}\n");
}

static void for_tag(struct gen *g, const char *t)
{
	size_t name = strspn(t, "abcdefghijklmnopqrstuvwxyz_");
	const char *in = t + name;
	if (name == 0 || strncmp(in, " in ", 4) != 0) {
		wrong(g, "expected: {{for row in v->rows}}");
		return;
	}
	const char *rows = in + 4;
	int n = (int)name;
	put(g, "\tfor (size_t %.*s_i = 0; %.*s_i < %s_count; %.*s_i++) {\n", n, t, n, t, rows, n, t);
	put(g, "\t__typeof__(&(%s)[0]) %.*s = &(%s)[%.*s_i];\n", rows, n, t, rows, n, t);
	open_block(g, true);
}

static void view_tag(struct gen *g, const char *t)
{
	if (g->in_view) {
		wrong(g, "a {{view}} inside a view");
		return;
	}
	g->in_view = true;
	g->place = (struct html_place){ 0 };
	g->last = '\n';
	g->space_due = false;
	line_mark(g);
	put(g, "void %s\n{\n", t);
}

static void end_view(struct gen *g)
{
	if (!g->in_view)
		wrong(g, "{{endview}} without {{view}}");
	if (g->depth)
		wrong(g, "{{if}} or {{for}} without {{end}}");
	if (g->place.place != PLACE_TEXT || g->place.pre)
		wrong(g, "the view ends inside a tag or element");
	g->in_view = false;
	g->space_due = false;
	put(g, "}\n");
}

static bool begins(const char *t, const char *word, const char **rest)
{
	size_t n = strlen(word);
	if (strncmp(t, word, n) != 0 || (t[n] && !isspace((unsigned char)t[n])))
		return false;
	*rest = skip_space(t + n);
	return true;
}

static void tag_in_view(struct gen *g, const char *t)
{
	const char *rest;
	line_mark(g);
	if (begins(t, "if", &rest)) {
		put(g, "\tif (%s) {\n", rest);
		open_block(g, false);
	} else if (begins(t, "else", &rest)) {
		const char *condition;
		else_tag(g, begins(rest, "if", &condition) ? condition : NULL);
	} else if (begins(t, "end", &rest)) {
		end_tag(g);
	} else if (begins(t, "for", &rest)) {
		for_tag(g, rest);
	} else if (begins(t, "call", &rest)) {
		if (g->place.place != PLACE_TEXT)
			wrong(g, "{{call}} stands between tags");
		put(g, "\t%s;\n", rest);
	} else if (begins(t, "word", &rest)) {
		word_tag(g, rest);
	} else if (begins(t, "word_of", &rest)) {
		if (fine(g, place_word(&g->place)))
			put(g, "\thtml_word(h, (%s), NULL, 0);\n", rest);
	} else if (begins(t, "plural", &rest)) {
		plural_tag(g, rest);
	} else {
		value_tag(g, t);
	}
}

static void tag(struct gen *g, const char *t)
{
	const char *rest;
	if (t[0] == '#')
		return;
	if (begins(t, "endview", &rest)) {
		literal_end(g);
		end_view(g);
		return;
	}
	if (g->in_view)
		flush_space(g);
	literal_end(g);
	if (begins(t, "include", &rest))
		put(g, "#include %s\n", rest);
	else if (begins(t, "view", &rest))
		view_tag(g, rest);
	else if (!g->in_view)
		wrong(g, "only {{include}}, {{view}} and comments may stand outside of a view");
	else
		tag_in_view(g, t);
	g->last = g->place.place == PLACE_TEXT ? 'x' : g->last;
}

/* The }} that ends a tag whose text begins at S, or NULL: not one in quotes, except in a comment. */
static const char *tag_end(const char *s, size_t n)
{
	bool comment = n > 0 && s[0] == '#';
	for (size_t at = 0; at + 1 < n;) {
		if (s[at] == '}' && s[at + 1] == '}')
			return s + at;
		size_t quoted = comment ? 0 : quoted_length(s + at, n - at);
		at += quoted ? quoted : 1;
	}
	return NULL;
}

/* One {{…}}; the position moves behind it. */
static void take_tag(struct gen *g)
{
	char t[TAG_BYTES_MAX] = "";
	const char *from = g->src + g->at + 2, *end = tag_end(from, g->n - g->at - 2);
	size_t n = end ? (size_t)(end - from) : 0;
	if (!end || n >= sizeof t) {
		wrong(g, "{{ without }}, or too long");
		return;
	}
	while (n && isspace((unsigned char)from[n - 1]))
		n--;
	memcpy(t, from, n);
	t[n] = 0;
	if (memchr(t, 0, n))
		wrong(g, "a NUL in a template");
	tag(g, skip_space(t));
	for (const char *s = from; s < end; s++)
		g->line += *s == '\n';
	g->at = (size_t)(end - g->src) + 2;
}

static void call(struct gen *g, const char *name)
{
	literal_end(g);
	put(g, "\t%s(h);\n", name);
}

static bool ends_form(const struct gen *g)
{
	static const char end[] = "</form>";
	return g->place.place == PLACE_TEXT && g->n - g->at >= sizeof end - 1 &&
	       memcmp(g->src + g->at, end, sizeof end - 1) == 0;
}

static void take_char(struct gen *g)
{
	char c = g->src[g->at];
	if (g->in_view) {
		if (ends_form(g)) {
			flush_space(g);
			call(g, "html_form_end");
		}
		if (c == 0 || ((unsigned char)c < ' ' && !isspace((unsigned char)c)))
			wrong(g, "a control character in a template");
		bool kept = place_keeps_space(&g->place), form = c == '>' && place_in_form_tag(&g->place);
		const char *why = place_step(&g->place, c, g->src + g->at + 1, g->n - g->at - 1);
		if (why)
			wrong(g, why);
		if (form) {
			g->space_due = false;
			call(g, "html_form_begin"); /* writes the '>' */
			g->last = '>';
		} else if (kept && g->place.place != PLACE_VALUE && !place_keeps_space(&g->place))
			literal_char(g, c);
		else
			literal(g, c);
	} else if (!isspace((unsigned char)c)) {
		wrong(g, "only {{include}}, {{view}} and comments may stand outside of a view");
	}
	g->line += c == '\n';
	g->at++;
}

char *htmlgen(const char *file, const char *source, size_t n, struct htmlgen_error *error)
{
	struct gen g = { .file = file, .src = source, .n = n, .line = 1, .error = error };
	put(&g, "/* Made by tools/htmlgen. */\n#include \"web/html.h\"\n#include \"web/words.h\"\n");
	while (g.at < g.n && !g.failed) {
		if (g.n - g.at >= 2 && g.src[g.at] == '{' && g.src[g.at + 1] == '{')
			take_tag(&g);
		else
			take_char(&g);
	}
	if (!g.failed && g.in_view)
		wrong(&g, "{{view}} without {{endview}}");
	if (!g.failed)
		return g.out;
	free(g.out);
	return NULL;
}
