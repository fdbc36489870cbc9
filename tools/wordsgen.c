/* wordsgen: what people read, from gettext files to C.
 *
 *	wordsgen ID.po EN.po OUT.c SOURCE…       makes the tables; fails where a used text has no Indonesian
 *	wordsgen --update ID.po EN.po SOURCE…    adds texts that are used, drops those that are not, sorts
 *
 * A fuzzy text counts as missing. words_scan.h says which texts of a source are used. */
#include "words_scan.h"
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
	if (!po->header || !strstr(po->header, "charset=UTF-8")) {
		fprintf(stderr, "%s:1: error: no header that says charset=UTF-8\n", path);
		exit(1);
	}
	free(text);
}

static void scan(struct po *used, const char *path)
{
	struct po_error error = { 0 };
	size_t n;
	char *text = read_file(path, &n);
	if (!words_scan(used, path, text, &error)) {
		fprintf(stderr, "%s:%zu: error: %s\n", path, error.line, error.why);
		exit(1);
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

/* The same as C, where two question marks could begin a trigraph; NULL where there is no text. */
static void put_c(FILE *f, const char *s)
{
	fputs(s && s[0] ? "\"" : "NULL", f);
	for (; s && *s; s++) {
		if (*s == '\n' || *s == '\t')
			fputs(*s == '\n' ? "\\n" : "\\t", f);
		else if (*s == '"' || *s == '\\' || *s == '?')
			fprintf(f, "\\%c", *s);
		else
			fputc(*s, f);
		if (!s[1])
			fputc('"', f);
	}
}

/* A text that is its own key needs no entry: the key stands for itself. */
static bool needs_entry(const struct po_entry *e)
{
	return !e->fuzzy && e->text && e->text[0] && (e->plural || strcmp(e->text, e->id) != 0);
}

static void put_table(FILE *f, const char *name, const struct po *po)
{
	size_t count = 0;
	fprintf(f, "const struct word_entry words_%s[] = {\n", name);
	for (size_t i = 0; i < po->count; i++) {
		const struct po_entry *e = &po->entries[i];
		if (!needs_entry(e))
			continue;
		fputs("\t{ ", f);
		put_c(f, e->id);
		fputs(", ", f);
		put_c(f, e->text);
		fputs(", ", f);
		put_c(f, e->plural_text);
		fputs(" },\n", f);
		count++;
	}
	fprintf(f, "\t{ NULL, NULL, NULL },\n};\nconst size_t words_%s_count = %zu;\n", name, count);
}

static bool is_missing(const struct po_entry *e)
{
	return !e || e->fuzzy || !e->text || !e->text[0];
}

/* Every used text needs Indonesian, with the {names} of its longest form. */
static int check_indonesian(const struct po *used, const struct po *id, const char *path)
{
	int bad = 0;
	for (size_t i = 0; i < used->count; i++) {
		const struct po_entry *u = &used->entries[i], *e = po_find(id, u->id);
		const char *why = NULL;
		if (is_missing(e))
			why = "no Indonesian (script/words adds the text to the file)";
		else if (!po_same_names(u->plural ? u->plural : u->id, e->text))
			why = "other {names} in the Indonesian";
		if (!why)
			continue;
		fprintf(stderr, "%s: error: %s: \"%s\" in %s\n", u->where, why, u->id, path);
		bad++;
	}
	return bad;
}

/* English may say the same in other words, with the same {names}. */
static int check_english(const struct po *used, const struct po *en, const char *path)
{
	int bad = 0;
	for (size_t i = 0; i < used->count; i++) {
		const struct po_entry *u = &used->entries[i], *e = po_find(en, u->id);
		if (is_missing(e))
			continue;
		bool many = !u->plural || !e->plural_text || po_same_names(u->plural, e->plural_text);
		if (many && po_same_names(u->id, e->text))
			continue;
		fprintf(stderr, "%s: error: other {names} in the English: \"%s\" in %s\n", u->where, u->id, path);
		bad++;
	}
	return bad;
}

static int make(const char *id_path, const char *en_path, const char *out_path, const struct po *used)
{
	struct po id, en;
	load(&id, id_path);
	load(&en, en_path);
	int bad = check_indonesian(used, &id, id_path) + check_english(used, &en, en_path);
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
