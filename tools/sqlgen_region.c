/* Reads a statement as nested scopes: what stands in a pair of parentheses, or in one branch of a UNION. */
#include "sqlgen_region.h"
#include "sqlgen_read.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TABLES_MAX = 16, DEPTH_MAX = 24 };

struct token {
	const char *p;
	size_t n; /* 0: the end */
};

struct table {
	struct token name, alias;
	bool held;
};

struct scope {
	struct table tables[TABLES_MAX];
	size_t count;
	bool lists_tables;                     /* a comma is followed by another table */
	enum { ELSEWHERE, SETS, ASKS } clause; /* in the list of SET; behind WHERE or ON */
	bool loose;   /* no condition holds here: an OR beside it, or the region itself is set */
	size_t cases; /* CASE without their END: an OR in there is another matter */
};

struct walk {
	const char *sql;
	struct scope scopes[DEPTH_MAX];
	size_t depth;
	struct token before[3]; /* the last tokens, the newest first */
	struct token inserted;  /* the table whose rows begin with the region, until it is seen with what */
	char found[SQLGEN_NAME_MAX + 1];
};

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* A word, "a.b" among them, a quoted text, a parameter, or one other character. */
static struct token token_at(const char *p)
{
	struct token t;
	while (*p == ' ')
		p++;
	t = (struct token){ p, *p ? 1 : 0 };
	if (*p == '\'' || *p == '"')
		t.n = (size_t)(strchr(p + 1, *p) - p) + 1;
	else if (*p == SQLGEN_MARK)
		t.n = 2;
	else
		while (word_char(p[0]) && (word_char(p[t.n]) || p[t.n] == '.'))
			t.n++;
	return t;
}

static bool is(struct token t, const char *word)
{
	return t.n == strlen(word) && strncasecmp(t.p, word, t.n) == 0;
}

static bool is_any(struct token t, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is(t, words[i]))
			return true;
	return false;
}

static bool is_region(struct token t)
{
	return t.n == 2 && t.p[0] == SQLGEN_MARK && (unsigned char)t.p[1] == SQLGEN_REGION;
}

/* Whether NAME stands in the parentheses that OPEN begins. */
static bool stands_in(struct token open, struct token name)
{
	size_t depth = 0;
	for (struct token t = open; t.n && t.p <= name.p; t = token_at(t.p + t.n)) {
		depth += is(t, "(");
		depth -= is(t, ")");
		if (depth == 0)
			return false;
	}
	return true;
}

/* Whether the statement gives NAME itself, in WITH. Within its own definition NAME is a table, but in WITH RECURSIVE. */
static bool is_own(const char *sql, struct token name)
{
	bool recursive = is(token_at(token_at(sql).p + token_at(sql).n), "recursive");
	for (struct token t = token_at(sql); t.n; t = token_at(t.p + t.n)) {
		struct token next = token_at(t.p + t.n);
		if (t.n != name.n || strncasecmp(t.p, name.p, t.n) != 0)
			continue;
		if (is(next, "(")) {
			while (next.n && !is(next, ")"))
				next = token_at(next.p + next.n);
			next = token_at(next.p + next.n);
		}
		struct token open = token_at(next.p + next.n);
		if (is(next, "as") && is(open, "("))
			return recursive || !stands_in(open, name);
	}
	return false;
}

/* What may stand behind a table and is no alias. */
static bool ends_table(struct token t)
{
	static const char *const words[] = { "where", "on", "join", "left", "right", "inner", "cross", "full", "set",
		"order", "group", "limit", "union", "except", "intersect", "using", "values", "select", "returning",
		"for", "indexed", "not", "default", "having" };
	return !word_char(*t.p) || is_any(t, words, sizeof words / sizeof *words);
}

/* The table named at T, which stands behind FROM, JOIN, UPDATE, INTO or a comma; INSERTED: behind INTO. Returns its
 * last token. */
static struct token take_table(struct walk *w, struct token t, bool inserted)
{
	struct scope *s = &w->scopes[w->depth];
	struct token last = t, next = token_at(t.p + t.n);
	if (!word_char(*t.p) || is(t, "set") || (is(next, "(") && !inserted) || is_own(w->sql, t) ||
		s->count == TABLES_MAX)
		return t;
	struct table *table = &s->tables[s->count++];
	*table = (struct table){ .name = t, .alias = t };
	if (is(next, "as"))
		next = token_at(next.p + next.n);
	if (!ends_table(next))
		last = table->alias = next;
	if (inserted && is(next, "(") && is(token_at(next.p + next.n), "region")) {
		s->count--; /* no part of the SELECT that may follow */
		w->inserted = t;
	}
	return last;
}

/* "alias.region = :region", or "region = :region", whose first token is COLUMN. */
static void hold(struct scope *s, struct token column)
{
	if (is(column, "region")) {
		if (s->count == 1)
			s->tables[0].held = true;
		return;
	}
	for (size_t i = 0; i < s->count; i++) {
		struct token alias = s->tables[i].alias;
		if (column.n == alias.n + strlen(".region") && strncasecmp(column.p, alias.p, alias.n) == 0 &&
			strncasecmp(column.p + alias.n, ".region", strlen(".region")) == 0)
			s->tables[i].held = true;
	}
}

static void refuse(struct walk *w, struct token table)
{
	if (!w->found[0] && table.n < sizeof w->found)
		memcpy(w->found, table.p, table.n);
}

static void end_scope(struct walk *w)
{
	struct scope *s = &w->scopes[w->depth];
	for (size_t i = 0; i < s->count && !w->found[0]; i++) {
		struct token alias = s->tables[i].alias;
		if (!s->tables[i].held || s->loose)
			refuse(w, alias);
	}
	*s = (struct scope){ 0 };
}

/* Whether a table follows T. */
static bool table_follows(struct walk *w, struct token t)
{
	static const char *const ends_list[] = { "where", "group", "order", "limit", "set", "returning", "select",
		"values" };
	struct scope *s = &w->scopes[w->depth];
	if (is_any(t, ends_list, sizeof ends_list / sizeof *ends_list))
		s->lists_tables = false;
	bool from = is(t, "from") && !is(w->before[0], "distinct");
	if (from)
		s->lists_tables = true;
	return from || is(t, "join") || is(t, "into") ||
	       (is(t, "update") && !is(w->before[0], "do") && !is(w->before[0], "for")) ||
	       (is(t, ",") && s->lists_tables);
}

/* T begins the values of the rows that are inserted. The first is the region: of the request, or of the row it comes from. */
static void look_at_inserted(struct walk *w, struct token t)
{
	struct token first = token_at(t.p + t.n);
	if (is(t, "values") || is(first, "distinct"))
		first = token_at(first.p + first.n);
	bool of_row = is(t, "select") && first.n >= strlen("region") &&
		      strncasecmp(first.p + first.n - strlen("region"), "region", strlen("region")) == 0;
	if (!of_row && !is_region(first))
		refuse(w, w->inserted);
	w->inserted = (struct token){ 0 };
}

/* What in a scope keeps its conditions from holding. */
static void look_at_conditions(struct walk *w, struct token t)
{
	struct scope *s = &w->scopes[w->depth];
	s->cases += is(t, "case");
	s->cases -= is(t, "end") && s->cases > 0;
	if (is(t, "set"))
		s->clause = SETS;
	else if (is(t, "where") || is(t, "on"))
		s->clause = ASKS;
	else if (is(t, "select") || is(t, "order") || is(t, "returning") || (is(t, "from") && s->clause == SETS))
		s->clause = ELSEWHERE;
	bool is_set = s->clause == SETS && is(t, "region") && (is(w->before[0], "set") || is(w->before[0], ","));
	s->loose = s->loose || is_set || (is(t, "or") && s->clause == ASKS && s->cases == 0);
}

/* Goes by one token, or two where a table is named; the next one. */
static struct token step(struct walk *w, struct token t)
{
	look_at_conditions(w, t);
	if (w->inserted.n && (is(t, "values") || is(t, "select")))
		look_at_inserted(w, t);
	if (is(t, "(") && w->depth + 1 < DEPTH_MAX) {
		w->scopes[++w->depth] = (struct scope){ 0 };
	} else if (is(t, ")") && w->depth > 0) {
		end_scope(w);
		w->depth--;
	} else if (is(t, "union") || is(t, "except") || is(t, "intersect")) {
		end_scope(w);
	} else if (is_region(t) && is(w->before[0], "=") && !is(w->before[2], "not")) {
		hold(&w->scopes[w->depth], w->before[1]);
	} else if (table_follows(w, t)) {
		static const char *const queries[] = { "select", "values", "with" };
		struct token name = token_at(t.p + t.n), within = token_at(name.p + name.n);
		if (!is(name, "("))
			t = take_table(w, name, is(t, "into"));
		else if (!is_any(within, queries, sizeof queries / sizeof *queries))
			refuse(w, within); /* tables in parentheses: their condition stands elsewhere */
	}
	w->before[2] = w->before[1];
	w->before[1] = w->before[0];
	w->before[0] = t;
	return token_at(t.p + t.n);
}

const char *sqlgen_without_region(const char *sql)
{
	static struct walk w;
	w = (struct walk){ .sql = sql };
	for (struct token t = token_at(sql); t.n;)
		t = step(&w, t);
	end_scope(&w);
	return w.found[0] ? w.found : NULL;
}
