/* wordsgen: what people read, from gettext files to C.
 *
 *	wordsgen ID.po EN.po OUT.c SOURCE…       makes the tables; fails where a used text has no Indonesian
 *	wordsgen --update ID.po EN.po SOURCE…    adds texts that are used, drops those that are not, sorts
 *
 * Keys are the literals in N_("…"), REFUSE(…, "…"), form_refuse(…, "…"), words_get(…, "…"), words_format(…, "…"),
 * words_plural(…, "…", "…") of C sources, and in {{word "…"}} and {{plural "…" "…"}} of templates. */
#include "po.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 4 << 20, KEY_MAX = 4096 };

static char *read_file(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *text = malloc(FILE_MAX);
	if (!text)
		abort();
	*n = f ? fread(text, 1, FILE_MAX - 1, f) : 0;
	if (!f || *n == FILE_MAX - 1) {
		fprintf(stderr, "%s: cannot be read, or too large\n", path);
		exit(1);
	}
	fclose(f);
	text[*n] = 0;
	return text;
}

static void load(struct po *po, const char *path)
{
	struct po_error error = { 0 };
	size_t n;
	char *text = read_file(path, &n);
	if (!po_read(po, text, n, &error)) {
		fprintf(stderr, "%s:%zu: error: %s\n", path, error.line, error.why);
		exit(1);
	}
	free(text);
}

/* Adjacent C literals from S on, unescaped into KEY; the rest, or NULL where none stands. */
static const char *literals(const char *s, char *key)
{
	size_t n = 0;
	bool any = false;
	for (;;) {
		s += strspn(s, " \t\r\n");
		if (*s != '"')
			break;
		any = true;
		for (s++; *s && *s != '"'; s++) {
			char c = *s;
			if (c == '\\') {
				s++;
				c = *s == 'n' ? '\n' : *s == 't' ? '\t' : *s;
			}
			if (n + 1 < KEY_MAX)
				key[n++] = c;
		}
		if (*s == '"')
			s++;
	}
	key[n] = 0;
	return any ? s : NULL;
}

/* The COUNT-th argument of a call, S standing behind its '('. NULL: there is none. */
static const char *argument(const char *s, int count)
{
	int level = 0;
	for (; *s && count > 0; s++) {
		if (*s == '"') {
			for (s++; *s && *s != '"'; s++)
				if (*s == '\\' && s[1])
					s++;
			if (!*s)
				return NULL;
			continue;
		}
		if (*s == '(')
			level++;
		if (*s == ')' && level-- == 0)
			return NULL;
		if (*s == ',' && level == 0)
			count--;
	}
	return count == 0 ? s : NULL;
}

static void found(struct po *used, const char *key, const char *plural)
{
	if (key[0])
		po_add(used, key, plural);
}

static void scan_call(struct po *used, const char *text, const char *name, int at, bool plural)
{
	char key[KEY_MAX], many[KEY_MAX];
	size_t n = strlen(name);
	for (const char *s = strstr(text, name); s; s = strstr(s + n, name)) {
		bool whole = s == text ||
			     !(s[-1] == '_' || (s[-1] >= 'a' && s[-1] <= 'z') || (s[-1] >= 'A' && s[-1] <= 'Z'));
		const char *arg = whole ? argument(s + n, at) : NULL;
		const char *rest = arg ? literals(arg, key) : NULL;
		if (!rest)
			continue;
		const char *second = plural && *rest == ',' ? literals(rest + 1, many) : NULL;
		found(used, key, second ? many : NULL);
	}
}

static void scan_tag(struct po *used, const char *text, const char *name, bool plural)
{
	char key[KEY_MAX], many[KEY_MAX];
	size_t n = strlen(name);
	for (const char *s = strstr(text, name); s; s = strstr(s + n, name)) {
		const char *start = s + n;
		start += strspn(start, " ");
		/* In templates two literals side by side are two texts. */
		const char *end = *start == '"' ? strchr(start + 1, '"') : NULL;
		while (end && end[-1] == '\\')
			end = strchr(end + 1, '"');
		if (!end)
			continue;
		char one[KEY_MAX];
		snprintf(one, sizeof one, "%.*s", (int)(end - start) + 1, start);
		if (!literals(one, key))
			continue;
		const char *second = plural ? literals(end + 1, many) : NULL;
		found(used, key, second ? many : NULL);
	}
}

static void scan(struct po *used, const char *path)
{
	size_t n;
	char *text = read_file(path, &n);
	if (n > 5 && strcmp(path + strlen(path) - 5, ".html") == 0) {
		scan_tag(used, text, "{{word", false);
		scan_tag(used, text, "{{plural", true);
	} else {
		scan_call(used, text, "N_(", 0, false);
		scan_call(used, text, "REFUSE(", 2, false);
		scan_call(used, text, "form_refuse(", 3, false);
		scan_call(used, text, "words_get(", 1, false);
		scan_call(used, text, "words_format(", 2, false);
		scan_call(used, text, "words_plural(", 1, true);
	}
	free(text);
}

static void put_quoted(FILE *f, const char *s)
{
	fputc('"', f);
	for (; *s; s++) {
		if (*s == '\n')
			fputs("\\n", f);
		else if (*s == '\t')
			fputs("\\t", f);
		else if (*s == '"' || *s == '\\')
			fprintf(f, "\\%c", *s);
		else
			fputc(*s, f);
	}
	fputc('"', f);
}

static void put_table(FILE *f, const char *name, const struct po *po)
{
	fprintf(f, "const struct word_entry words_%s[] = {\n", name);
	for (size_t i = 0; i < po->count; i++) {
		const struct po_entry *e = &po->entries[i];
		fputs("\t{ ", f);
		put_quoted(f, e->id);
		fputs(", ", f);
		if (e->text && e->text[0])
			put_quoted(f, e->text);
		else
			fputs("NULL", f);
		fputs(", ", f);
		if (e->plural_text && e->plural_text[0])
			put_quoted(f, e->plural_text);
		else
			fputs("NULL", f);
		fputs(" },\n", f);
	}
	fprintf(f, "\t{ NULL, NULL, NULL },\n};\nconst size_t words_%s_count = %zu;\n", name, po->count);
}

/* Every used text needs Indonesian, with the same {names}. */
static int check(const struct po *used, const struct po *id, const char *path)
{
	int bad = 0;
	for (size_t i = 0; i < used->count; i++) {
		const struct po_entry *u = &used->entries[i], *e = po_find(id, u->id);
		if (!e || e->fuzzy || !e->text || !e->text[0]) {
			fprintf(stderr, "%s: error: no Indonesian for \"%s\" (script/words adds it)\n", path, u->id);
			bad++;
		} else if (!po_same_names(u->plural ? u->plural : u->id, e->text)) {
			fprintf(stderr, "%s: error: other {names} in the Indonesian of \"%s\"\n", path, u->id);
			bad++;
		}
	}
	return bad;
}

static int make(const char *id_path, const char *en_path, const char *out_path, const struct po *used)
{
	struct po id, en;
	load(&id, id_path);
	load(&en, en_path);
	int bad = check(used, &id, id_path);
	if (bad == 0) {
		FILE *f = fopen(out_path, "wb");
		if (!f) {
			perror(out_path);
			exit(1);
		}
		po_sort(&id);
		po_sort(&en);
		fputs("/* Made by tools/wordsgen. */\n#include \"web/words.h\"\n", f);
		put_table(f, "id", &id);
		put_table(f, "en", &en);
		if (fclose(f) != 0)
			bad++;
	}
	po_free(&id);
	po_free(&en);
	return bad ? 1 : 0;
}

static void put_po(const char *path, const struct po *old, const struct po *used, bool english)
{
	FILE *f = fopen(path, "wb");
	if (!f) {
		perror(path);
		exit(1);
	}
	fputs("msgid \"\"\nmsgstr \"\"\n", f);
	for (const char *line = old->header ? old->header : ""; *line;) {
		size_t n = strcspn(line, "\n");
		char one[KEY_MAX];
		snprintf(one, sizeof one, "%.*s\n", (int)n, line);
		put_quoted(f, one);
		fputc('\n', f);
		line += n + (line[n] == '\n');
	}
	for (size_t i = 0; i < used->count; i++) {
		const struct po_entry *u = &used->entries[i], *e = po_find(old, u->id);
		const char *text = e && e->text ? e->text : english ? u->id : "";
		fputs(e && e->fuzzy ? "\n#, fuzzy\nmsgid " : "\nmsgid ", f);
		put_quoted(f, u->id);
		if (u->plural) {
			fputs("\nmsgid_plural ", f);
			put_quoted(f, u->plural);
		}
		fputs(u->plural ? "\nmsgstr[0] " : "\nmsgstr ", f);
		put_quoted(f, text);
		if (u->plural && english) {
			fputs("\nmsgstr[1] ", f);
			put_quoted(f, e && e->plural_text ? e->plural_text : u->plural);
		}
		fputc('\n', f);
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	struct po used = { 0 }, old;
	bool update = argc > 1 && strcmp(argv[1], "--update") == 0;
	if (argc < 5) {
		fprintf(stderr,
			"usage: wordsgen ID.po EN.po OUT.c SOURCE…, or wordsgen --update ID.po EN.po SOURCE…\n");
		return 2;
	}
	for (int i = 4; i < argc; i++)
		scan(&used, argv[i]);
	po_sort(&used);
	int status = update ? 0 : make(argv[1], argv[2], argv[3], &used);
	for (int k = 2; k < 4 && update; k++) {
		load(&old, argv[k]);
		put_po(argv[k], &old, &used, k == 3);
		po_free(&old);
	}
	po_free(&used);
	return status;
}
