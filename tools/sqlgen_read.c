/* The reader: lines of directives, then one SQL text up to its semicolon, again and again. */
#include "sqlgen_read.h"
#include <stdlib.h>
#include <string.h>

const char *const sqlgen_type_words[5] = { "int", "text", "bool", "real", "blob" };

struct reader {
	struct sqlgen_file *f;
	const char *at, *end;
	size_t line;
	struct sqlgen_span about; /* comment lines directly above */
	struct sqlgen_statement *s;
};

void sqlgen_stop(struct sqlgen_file *f, size_t line, const char *why, const char *what)
{
	snprintf(f->error, f->error_max, "%s.sql:%zu: %s%s%.80s", f->stem, line, why, what[0] ? ": " : "", what);
	longjmp(f->stop, 1);
}

static _Noreturn void stop(struct reader *r, const char *why, const char *what)
{
	sqlgen_stop(r->f, r->line, why, what);
}

static void *zeroed(size_t n)
{
	void *p = calloc(1, n);
	if (!p)
		abort();
	return p;
}

static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool span_is(struct sqlgen_span s, const char *z)
{
	return s.n == strlen(z) && memcmp(s.p, z, s.n) == 0;
}

/* The rest of the line, without the line end and spaces around it; moves to the next line. */
static struct sqlgen_span take_line(struct reader *r)
{
	const char *stop_at = memchr(r->at, '\n', (size_t)(r->end - r->at));
	const char *next = stop_at ? stop_at + 1 : r->end;
	struct sqlgen_span s = { r->at, (size_t)((stop_at ? stop_at : r->end) - r->at) };
	r->at = next;
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	while (s.n && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	return s;
}

static void skip_space(struct sqlgen_span *s)
{
	while (s->n && is_space(s->p[0])) {
		s->p++;
		s->n--;
	}
}

/* Cuts a name or word off the front. */
static struct sqlgen_span take_word(struct sqlgen_span *s)
{
	skip_space(s);
	struct sqlgen_span word = { s->p, 0 };
	while (word.n < s->n && name_char(s->p[word.n]))
		word.n++;
	s->p += word.n;
	s->n -= word.n;
	return word;
}

static struct sqlgen_name name_of(struct reader *r, struct sqlgen_span word)
{
	struct sqlgen_name name = { "" };
	if (word.n == 0 || word.n > SQLGEN_NAME_MAX || (word.p[0] >= '0' && word.p[0] <= '9'))
		stop(r, "expected a name in lower case", "");
	memcpy(name.text, word.p, word.n);
	return name;
}

/* If LINE starts with "-- WORD" followed by a space or a colon, *REST is what follows. */
static bool directive(struct sqlgen_span line, const char *word, struct sqlgen_span *rest)
{
	size_t n = strlen(word);
	if (line.n < 3 || memcmp(line.p, "-- ", 3) != 0)
		return false;
	*rest = (struct sqlgen_span){ line.p + 3, line.n - 3 };
	skip_space(rest);
	if (rest->n < n || memcmp(rest->p, word, n) != 0 || (rest->n > n && name_char(rest->p[n])))
		return false;
	rest->p += n;
	rest->n -= n;
	skip_space(rest);
	return true;
}

static enum sqlgen_kind kind_of(struct reader *r, struct sqlgen_span word)
{
	static const char *const words[] = { "one", "maybe", "many", "exec" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_is(word, words[i]))
			return (enum sqlgen_kind)i;
	stop(r, "expected one, maybe, many or exec after the name", "");
}

static void start_statement(struct reader *r, struct sqlgen_span rest)
{
	if (r->f->count == SQLGEN_STATEMENTS_MAX)
		stop(r, "too many statements in one file", "");
	struct sqlgen_statement *s = zeroed(sizeof *s);
	r->f->all[r->f->count++] = s;
	r->s = s;
	s->line = r->line;
	s->about = r->about;
	r->about = (struct sqlgen_span){ NULL, 0 };
	s->name = name_of(r, take_word(&rest));
	s->kind = kind_of(r, take_word(&rest));
	struct sqlgen_span mark = take_word(&rest);
	s->write = span_is(mark, "write");
	if ((mark.n && !s->write) || rest.n)
		stop(r, "only \"write\" may follow the kind", "");
}

static bool reserved(const char *name)
{
	static const char *const words[] = { "c", "row", "rows", "rows_count", "found", "in", "region", "now_ms" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(name, words[i]) == 0)
			return true;
	return false;
}

static struct sqlgen_field field_of(struct reader *r, struct sqlgen_span *rest)
{
	struct sqlgen_field f = { .name = name_of(r, take_word(rest)) };
	struct sqlgen_span type = take_word(rest);
	for (size_t i = 0;; i++) {
		if (i == sizeof sqlgen_type_words / sizeof *sqlgen_type_words)
			stop(r, "expected int, text, bool, real or blob behind the name", f.name.text);
		if (span_is(type, sqlgen_type_words[i])) {
			f.type = (enum sqlgen_type)i;
			break;
		}
	}
	if (rest->n && rest->p[0] == '?') {
		f.null = true;
		rest->p++;
		rest->n--;
	}
	skip_space(rest);
	return f;
}

/* "name type, name type?, …"; a line may be followed by another of the same directive. */
static void read_fields(struct reader *r, struct sqlgen_span rest, struct sqlgen_field *to, size_t *count, size_t max)
{
	bool params = to == r->s->in;
	do {
		if (*count == max)
			stop(r, "too many names", "");
		struct sqlgen_field f = field_of(r, &rest);
		if (params && reserved(f.name.text))
			stop(r, "this name is given by the generator", f.name.text);
		for (size_t i = 0; i < *count; i++)
			if (strcmp(to[i].name.text, f.name.text) == 0)
				stop(r, "declared twice", f.name.text);
		to[(*count)++] = f;
		if (rest.n == 0)
			return;
		if (rest.p[0] != ',')
			stop(r, "expected a comma between names", "");
		rest.p++;
		rest.n--;
		skip_space(&rest);
	} while (rest.n);
}

static void read_reason(struct reader *r, struct sqlgen_span rest, struct sqlgen_span *to)
{
	if (rest.n < 2 || rest.p[0] != ':')
		stop(r, "expected a colon and a reason", "");
	rest.p++;
	rest.n--;
	skip_space(&rest);
	*to = rest;
}

static void read_only(struct reader *r, struct sqlgen_span rest)
{
	if (span_is(rest, "sqlite"))
		r->s->only = SQLGEN_SQLITE;
	else if (span_is(rest, "postgres"))
		r->s->only = SQLGEN_POSTGRES;
	else
		stop(r, "expected \"only sqlite\" or \"only postgres\"", "");
}

static void read_directive(struct reader *r, struct sqlgen_span line)
{
	struct sqlgen_statement *s = r->s;
	struct sqlgen_span rest;
	if (directive(line, "in", &rest))
		read_fields(r, rest, s->in, &s->in_count, SQLGEN_IN_MAX);
	else if (directive(line, "out", &rest))
		read_fields(r, rest, s->out, &s->out_count, SQLGEN_OUT_MAX);
	else if (directive(line, "only", &rest))
		read_only(r, rest);
	else if (directive(line, "scan", &rest))
		read_reason(r, rest, &s->scan);
	else if (directive(line, "limit", &rest))
		read_reason(r, rest, &s->limit);
	else if (directive(line, "any region", &rest))
		read_reason(r, rest, &s->any_region);
	else
		stop(r, "no such mark; comments stand above \"-- stmt\"", "");
}

/* What stands behind the mark of the parameter NAME, or 0. */
static int param_code(struct sqlgen_statement *s, struct sqlgen_span name, bool *used)
{
	for (size_t i = 0; i < s->in_count; i++)
		if (span_is(name, s->in[i].name.text)) {
			used[i] = true;
			return SQLGEN_BASE + (int)i;
		}
	if (span_is(name, "region")) {
		s->uses_region = true;
		return SQLGEN_REGION;
	}
	if (span_is(name, "now_ms")) {
		s->uses_now = true;
		return SQLGEN_NOW;
	}
	return 0;
}

/* A growing text, owned by the statement from the start so that no mistake leaks it. */
struct text {
	char *p;
	size_t n;
};

static void put(struct reader *r, struct text *t, char c)
{
	if (t->n + 2 > SQLGEN_SQL_MAX)
		stop(r, "the statement is too long", "");
	t->p[t->n++] = c;
}

/* A 'literal' or "name", whose end must be on hand. */
static void copy_quoted(struct reader *r, struct text *t)
{
	char quote = *r->at;
	do {
		if ((unsigned char)*r->at < ' ' || *r->at == 127)
			stop(r, "a quoted text must end on its line and hold no control character", "");
		put(r, t, *r->at++);
	} while (r->at < r->end && *r->at != quote);
	if (r->at == r->end)
		stop(r, "a quoted text does not end", "");
	put(r, t, *r->at++);
}

static void copy_param(struct reader *r, struct text *t, bool *used)
{
	struct sqlgen_span name = { r->at + 1, 0 };
	while (name.p + name.n < r->end && name_char(name.p[name.n]))
		name.n++;
	int code = param_code(r->s, name, used);
	if (!code) {
		struct sqlgen_name shown = name_of(r, name);
		stop(r, "not declared by \"-- in\"", shown.text);
	}
	put(r, t, SQLGEN_MARK);
	put(r, t, (char)code);
	r->at += 1 + name.n;
}

static void copy_space(struct reader *r, struct text *t)
{
	while (r->at < r->end && is_space(*r->at))
		r->line += *r->at++ == '\n';
	if (t->n && t->p[t->n - 1] != ' ')
		put(r, t, ' ');
}

static bool next_is(const struct reader *r, const char *z)
{
	size_t n = strlen(z);
	return (size_t)(r->end - r->at) >= n && memcmp(r->at, z, n) == 0;
}

/* One step of copying the SQL text; false at its semicolon. */
static bool copy_some(struct reader *r, struct text *t, bool *used)
{
	if (r->at == r->end)
		stop(r, "the statement does not end with a semicolon", "");
	char c = *r->at;
	if (c == ';')
		return false;
	if (is_space(c)) {
		copy_space(r, t);
	} else if (next_is(r, "--")) {
		while (r->at < r->end && *r->at != '\n')
			r->at++;
	} else if (next_is(r, "/*") || (unsigned char)c < ' ' || c == 127 || c == '?' || c == '$') {
		stop(r, "not allowed in a statement: /* */, control characters, ? and $", "");
	} else if (c == '\'' || c == '"') {
		copy_quoted(r, t);
	} else if (next_is(r, "::")) {
		put(r, t, c);
		put(r, t, c);
		r->at += 2;
	} else if (c == ':') {
		copy_param(r, t, used);
	} else {
		put(r, t, c);
		r->at++;
	}
	return true;
}

/* The SQL text, from its first line on. */
static void read_sql(struct reader *r)
{
	bool used[SQLGEN_IN_MAX] = { false };
	struct sqlgen_statement *s = r->s;
	struct text t = { zeroed(SQLGEN_SQL_MAX), 0 };
	s->sql = t.p;
	while (copy_some(r, &t, used))
		;
	r->at++;
	while (t.n && t.p[t.n - 1] == ' ')
		t.p[--t.n] = 0;
	if (t.n == 0)
		stop(r, "the statement is empty", "");
	for (size_t i = 0; i < s->in_count; i++)
		if (!used[i])
			stop(r, "declared by \"-- in\" but not used", s->in[i].name.text);
	struct sqlgen_span rest = take_line(r);
	r->line++;
	if (rest.n && (rest.n < 2 || memcmp(rest.p, "--", 2) != 0))
		stop(r, "a statement ends its line", "");
	r->s = NULL;
}

/* A line above a statement: a comment, an empty line, or the statement's first. */
static void read_outside(struct reader *r, struct sqlgen_span line)
{
	struct sqlgen_span rest;
	if (directive(line, "stmt", &rest))
		start_statement(r, rest);
	else if (line.n == 0)
		r->about = (struct sqlgen_span){ NULL, 0 };
	else if (line.n < 2 || memcmp(line.p, "--", 2) != 0)
		stop(r, "expected \"-- stmt\" before SQL", "");
	else if (r->about.p)
		r->about.n = (size_t)(line.p + line.n - r->about.p);
	else
		r->about = line;
}

void sqlgen_read(struct sqlgen_file *f, const char *text, size_t n)
{
	struct reader r = { .f = f, .at = text, .end = text + n, .line = 1 };
	if (memchr(text, 0, n))
		stop(&r, "the file contains a NUL byte", "");
	while (r.at < r.end) {
		const char *start = r.at;
		struct sqlgen_span line = take_line(&r);
		bool comment = line.n >= 2 && memcmp(line.p, "--", 2) == 0;
		if (!r.s) {
			read_outside(&r, line);
		} else if (comment) {
			read_directive(&r, line);
		} else if (line.n) {
			r.at = start;
			read_sql(&r);
			continue;
		}
		r.line++;
	}
	if (r.s)
		stop(&r, "the statement has no SQL", r.s->name.text);
}

void sqlgen_forget(struct sqlgen_file *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->all[i]->sql);
		free(f->all[i]->other_sql);
		free(f->all[i]);
	}
	f->count = 0;
}
