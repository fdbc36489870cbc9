/* The writer: checks that need a whole statement, then a header and a source. */
#include "sqlgen.h"
#include "sqlgen_read.h"
#include "sqlgen_region.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const kind_words[] = { "DB_ONE", "DB_MAYBE", "DB_MANY", "DB_EXEC" };
static const char *const plain_types[] = { "int64_t ", "struct str ", "bool ", "double ", "struct str " };
static const char *const null_types[] = { "struct opt_int ", "struct str ", "struct opt_bool ", "struct opt_real ",
	"struct str " };
static const char *const type_words[] = { "DB_INT", "DB_TEXT", "DB_BOOL", "DB_REAL", "DB_BLOB" };

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Where the next word of the SQL text begins, from P on and outside of quotes; NULL: there is none. */
static const char *next_word(const char *p)
{
	while (*p && !word_char(*p)) {
		if (*p == '\'' || *p == '"')
			p = strchr(p + 1, *p); /* the reader has seen to it that there is one */
		else if (*p == SQLGEN_MARK)
			p++;
		p++;
	}
	return *p ? p : NULL;
}

static size_t word_length(const char *p)
{
	size_t n = 0;
	while (word_char(p[n]))
		n++;
	return n;
}

static bool word_is(const char *p, const char *word)
{
	size_t n = strlen(word);
	return word_length(p) == n && strncasecmp(p, word, n) == 0;
}

/* Whether the SQL text holds WORD outside of quotes. */
static bool has_word(const char *sql, const char *word)
{
	for (const char *p = next_word(sql); p; p = next_word(p + word_length(p)))
		if (word_is(p, word))
			return true;
	return false;
}

static bool starts_with_write(const char *sql)
{
	static const char *const writes[] = { "insert", "update", "delete", "replace" };
	const char *first = next_word(sql);
	for (size_t i = 0; first && i < sizeof writes / sizeof *writes; i++)
		if (word_is(first, writes[i]))
			return true;
	return false;
}

static void check_statement(struct sqlgen_file *f, const struct sqlgen_statement *s)
{
	const char *name = s->name.text;
	char why[2 * SQLGEN_NAME_MAX];
	if (s->kind == SQLGEN_EXEC && s->out_count)
		sqlgen_stop(f, s->line, "exec gives no rows, so it has no \"-- out\"", name);
	if (s->kind != SQLGEN_EXEC && !s->out_count)
		sqlgen_stop(f, s->line, "the statement needs \"-- out\"", name);
	if (s->kind == SQLGEN_MANY && !s->limit.p && !has_word(s->sql, "limit"))
		sqlgen_stop(f, s->line, "many needs a LIMIT, or \"-- limit: reason\"", name);
	if (!s->uses_region && !s->any_region.p)
		sqlgen_stop(f, s->line, "no :region, and no \"-- any region: reason\"", name);
	if (s->uses_region && s->any_region.p)
		sqlgen_stop(f, s->line, "\"-- any region\" is not needed", name);
	const char *table = s->any_region.p ? NULL : sqlgen_without_region(s->sql);
	if (table) {
		snprintf(why, sizeof why, "%s: no \"region = :region\" for the table", name);
		sqlgen_stop(f, s->line, why, table);
	}
	if (!s->write && starts_with_write(s->sql))
		sqlgen_stop(f, s->line, "the statement writes: mark it \"write\"", name);
}

static bool same_fields(const struct sqlgen_field *a, size_t a_count, const struct sqlgen_field *b, size_t b_count)
{
	if (a_count != b_count)
		return false;
	for (size_t i = 0; i < a_count; i++)
		if (strcmp(a[i].name.text, b[i].name.text) != 0 || a[i].type != b[i].type || a[i].null != b[i].null)
			return false;
	return true;
}

static struct sqlgen_statement *find(struct sqlgen_file *f, const char *name, enum sqlgen_only only, size_t before)
{
	for (size_t i = 0; i < before; i++)
		if (strcmp(f->all[i]->name.text, name) == 0 && (only == SQLGEN_BOTH || f->all[i]->only == only))
			return f->all[i];
	return NULL;
}

/* Joins "only sqlite" and "only postgres" of one name. */
static void pair_statements(struct sqlgen_file *f)
{
	for (size_t i = 0; i < f->count; i++) {
		struct sqlgen_statement *s = f->all[i];
		enum sqlgen_only other = s->only == SQLGEN_SQLITE ? SQLGEN_POSTGRES : SQLGEN_SQLITE;
		struct sqlgen_statement *twin = s->only ? find(f, s->name.text, other, f->count) : NULL;
		struct sqlgen_statement *older = find(f, s->name.text, SQLGEN_BOTH, i);
		if (older && older != twin)
			sqlgen_stop(f, s->line, "the name is taken", s->name.text);
		if (s->only && !twin)
			sqlgen_stop(f, s->line, "the variant for the other database is missing", s->name.text);
		if (s->only != SQLGEN_SQLITE)
			continue;
		bool same = s->kind == twin->kind && s->write == twin->write && s->uses_now == twin->uses_now &&
			    s->uses_region == twin->uses_region &&
			    same_fields(s->in, s->in_count, twin->in, twin->in_count) &&
			    same_fields(s->out, s->out_count, twin->out, twin->out_count);
		if (!same)
			sqlgen_stop(f, s->line, "the two variants are declared differently", s->name.text);
		s->other_sql = twin->sql;
		twin->sql = NULL;
		twin->paired = true;
	}
}

static size_t value_count(const struct sqlgen_statement *s)
{
	return s->in_count + s->uses_region + s->uses_now;
}

/* The SQL as a C string, parameters numbered behind MARK. */
static void put_sql(FILE *to, const struct sqlgen_statement *s, const char *sql, const char *mark)
{
	putc('"', to);
	for (const unsigned char *p = (const unsigned char *)sql; *p; p++) {
		if (*p == SQLGEN_MARK) {
			unsigned code = *++p;
			size_t number = code == SQLGEN_REGION ? s->in_count
					: code == SQLGEN_NOW  ? s->in_count + s->uses_region
							      : code - SQLGEN_BASE;
			fprintf(to, "%s%zu", mark, number + 1);
		} else if (*p == '"' || *p == '\\' || *p == '?') {
			fprintf(to, "\\%c", *p);
		} else if (*p >= 128) {
			fprintf(to, "\\%03o", *p);
		} else {
			putc(*p, to);
		}
	}
	putc('"', to);
}

static void put_reason(FILE *to, struct sqlgen_span reason)
{
	if (!reason.p) {
		fputs("NULL", to);
		return;
	}
	putc('"', to);
	for (size_t i = 0; i < reason.n; i++) {
		unsigned char c = (unsigned char)reason.p[i];
		bool plain = c >= ' ' && c < 127 && c != '"' && c != '\\' && c != '?';
		fprintf(to, plain ? "%c" : "\\%03o", c);
	}
	putc('"', to);
}

/* The comment above a statement, as a C comment. */
static void put_about(FILE *to, struct sqlgen_span about)
{
	if (!about.p)
		return;
	fputs("/*", to);
	for (size_t i = 0; i < about.n; i++) {
		bool line_start = i == 0 || about.p[i - 1] == '\n';
		if (line_start && i)
			fputs(" *", to);
		while (line_start && i < about.n && (about.p[i] == ' ' || about.p[i] == '\t' || about.p[i] == '-'))
			i++;
		if (line_start)
			putc(' ', to);
		if (i == about.n)
			break;
		char c = about.p[i];
		bool ends = c == '*' && i + 1 < about.n && about.p[i + 1] == '/';
		bool starts = c == '/' && i + 1 < about.n && about.p[i + 1] == '*';
		bool control = (unsigned char)c < ' ' && c != '\n' && c != '\t';
		putc(ends || starts || control || c == '\\' || c == 127 ? ' ' : c, to);
	}
	fputs(" */\n", to);
}

static const char *c_type(const struct sqlgen_field *f)
{
	return (f->null ? null_types : plain_types)[f->type];
}

static void put_prototype(FILE *to, const struct sqlgen_statement *s)
{
	fprintf(to, "enum err %s(struct ctx *c", s->name.text);
	for (size_t i = 0; i < s->in_count; i++)
		fprintf(to, ", %s%s", c_type(&s->in[i]), s->in[i].name.text);
	if (s->kind == SQLGEN_ONE || s->kind == SQLGEN_MAYBE)
		fprintf(to, ", struct %s_row *row", s->name.text);
	if (s->kind == SQLGEN_MAYBE)
		fputs(", bool *found", to);
	if (s->kind == SQLGEN_MANY)
		fprintf(to, ", struct %s_row **rows, size_t *rows_count", s->name.text);
	putc(')', to);
}

static void put_row(FILE *to, const struct sqlgen_statement *s)
{
	fprintf(to, "struct %s_row {\n", s->name.text);
	for (size_t i = 0; i < s->out_count; i++)
		fprintf(to, "\t%s%s;\n", c_type(&s->out[i]), s->out[i].name.text);
	fputs("};\n", to);
}

static size_t kept_count(const struct sqlgen_file *f)
{
	size_t n = 0;
	for (size_t i = 0; i < f->count; i++)
		n += !f->all[i]->paired;
	return n;
}

static void put_header(FILE *to, const struct sqlgen_file *f)
{
	fprintf(to, "/* Made by tools/sqlgen from %s.sql. */\n", f->stem);
	fprintf(to, "#ifndef ADEM_SQL_%s\n#define ADEM_SQL_%s\n#include \"db/stmt.h\"\n\n", f->stem, f->stem);
	for (size_t i = 0; i < f->count; i++) {
		const struct sqlgen_statement *s = f->all[i];
		if (s->paired)
			continue;
		put_about(to, s->about);
		if (s->out_count)
			put_row(to, s);
		fputs("MUST_CHECK ", to);
		put_prototype(to, s);
		fputs(";\n\n", to);
	}
	fprintf(to, "/* All of them, for the tests. */\nextern const struct db_stmt_set %s_stmts;\n#endif\n", f->stem);
}

static void put_columns(FILE *to, const struct sqlgen_statement *s)
{
	fprintf(to, "static const struct db_column OUT_%s[] = {\n", s->name.text);
	for (size_t i = 0; i < s->out_count; i++)
		fprintf(to, "\t{ \"%s\", %s, %s, offsetof(struct %s_row, %s) },\n", s->out[i].name.text,
			type_words[s->out[i].type], s->out[i].null ? "true" : "false", s->name.text,
			s->out[i].name.text);
	fputs("};\n", to);
}

static void put_types(FILE *to, const struct sqlgen_statement *s)
{
	putc('"', to);
	for (size_t i = 0; i < s->in_count; i++)
		putc("itbrx"[s->in[i].type], to);
	fprintf(to, "%s%s\"", s->uses_region ? "t" : "", s->uses_now ? "i" : "");
}

static void put_definition(FILE *to, const struct sqlgen_statement *s)
{
	fprintf(to, "\t{ .name = \"%s\", .kind = %s, .write = %s,\n\t  .sqlite = ", s->name.text, kind_words[s->kind],
		s->write ? "true" : "false");
	put_sql(to, s, s->sql, "\\?");
	fputs(",\n\t  .postgres = ", to);
	put_sql(to, s, s->other_sql ? s->other_sql : s->sql, "$");
	fputs(",\n\t  .in = ", to);
	put_types(to, s);
	if (s->out_count)
		fprintf(to, ", .out = OUT_%s, .out_count = %zu, .row_size = sizeof(struct %s_row)", s->name.text,
			s->out_count, s->name.text);
	fputs(",\n\t  .scan = ", to);
	put_reason(to, s->scan);
	fputs(", .any_region = ", to);
	put_reason(to, s->any_region);
	fputs(" },\n", to);
}

/* The parameters as an array of values. Names of ours are in capitals, which no statement's are. */
static void put_values(FILE *to, const struct sqlgen_statement *s)
{
	if (value_count(s) == 0)
		return;
	fputs("\tconst struct db_value in[] = {", to);
	for (size_t i = 0; i < s->in_count; i++)
		fprintf(to, "%s db_%s%s(%s)", i ? "," : "", s->in[i].null ? "opt_" : "",
			sqlgen_type_words[s->in[i].type], s->in[i].name.text);
	if (s->uses_region)
		fprintf(to, "%s db_region(c)", s->in_count ? "," : "");
	if (s->uses_now)
		fprintf(to, "%s db_int(c->now_ms)", value_count(s) > 1 ? "," : "");
	fputs(" };\n", to);
}

static void put_function(FILE *to, const struct sqlgen_statement *s, size_t number)
{
	putc('\n', to);
	put_prototype(to, s);
	fputs("\n{\n", to);
	put_values(to, s);
	const char *in = value_count(s) ? "in" : "NULL";
	if (s->kind == SQLGEN_EXEC)
		fprintf(to, "\treturn db_exec(c, &ALL[%zu], %s);\n", number, in);
	else if (s->kind == SQLGEN_ONE)
		fprintf(to, "\treturn db_one(c, &ALL[%zu], %s, row);\n", number, in);
	else if (s->kind == SQLGEN_MAYBE)
		fprintf(to, "\treturn db_maybe(c, &ALL[%zu], %s, row, found);\n", number, in);
	else
		fprintf(to,
			"\tvoid *all = NULL;\n\tenum err e = db_many(c, &ALL[%zu], %s, &all, rows_count);\n"
			"\t*rows = all;\n\treturn e;\n",
			number, in);
	fputs("}\n", to);
}

static void put_source(FILE *to, const struct sqlgen_file *f)
{
	fprintf(to, "/* Made by tools/sqlgen from %s.sql. */\n#include \"%s_sql.h\"\n\n", f->stem, f->stem);
	for (size_t i = 0; i < f->count; i++)
		if (!f->all[i]->paired && f->all[i]->out_count)
			put_columns(to, f->all[i]);
	fputs("static const struct db_stmt_def ALL[] = {\n", to);
	for (size_t i = 0; i < f->count; i++)
		if (!f->all[i]->paired)
			put_definition(to, f->all[i]);
	fprintf(to, "};\nconst struct db_stmt_set %s_stmts = { \"%s\", ALL, %zu };\n", f->stem, f->stem, kept_count(f));
	for (size_t i = 0, number = 0; i < f->count; i++)
		if (!f->all[i]->paired)
			put_function(to, f->all[i], number++);
}

static char *written(void (*write)(FILE *, const struct sqlgen_file *), const struct sqlgen_file *f)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	if (!to)
		abort();
	write(to, f);
	if (fclose(to) != 0)
		abort();
	return text;
}

bool sqlgen(const char *stem, const char *text, size_t n, struct sqlgen_result *out)
{
	*out = (struct sqlgen_result){ .error = "" };
	struct sqlgen_file *f = calloc(1, sizeof *f);
	if (!f)
		abort();
	f->stem = stem;
	f->error = out->error;
	f->error_max = sizeof out->error;
	if (setjmp(f->stop) == 0) {
		sqlgen_read(f, text, n);
		if (f->count == 0)
			sqlgen_stop(f, 1, "there is no statement", "");
		for (size_t i = 0; i < f->count; i++)
			check_statement(f, f->all[i]);
		pair_statements(f);
		out->header = written(put_header, f);
		out->source = written(put_source, f);
	}
	sqlgen_forget(f);
	free(f);
	return out->header != NULL;
}

void sqlgen_free(struct sqlgen_result *out)
{
	free(out->header);
	free(out->source);
	out->header = out->source = NULL;
}
