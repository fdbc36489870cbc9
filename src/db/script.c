#include "db/script.h"

/* Where STOP comes first in S outside of quotes and parentheses; S.n: nowhere. */
static size_t find(struct str s, char stop)
{
	int depth = 0;
	char quote = 0;
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		if (quote) {
			quote = ch == quote ? 0 : quote;
			continue;
		}
		if (ch == stop && depth == 0)
			return i;
		if (ch == '\'' || ch == '"')
			quote = ch;
		depth += (ch == '(') - (ch == ')');
	}
	return s.n;
}

static struct str tail(struct str s, size_t from)
{
	return (struct str){ s.p + from, s.n - from };
}

static struct str head(struct str s, size_t n)
{
	return (struct str){ s.p, n };
}

/* The piece before SEP, off *REST; false when *REST is empty. */
static bool cut(struct str *rest, char sep, struct str *piece)
{
	if (rest->n == 0)
		return false;
	size_t n = find(*rest, sep);
	*piece = str_trim(head(*rest, n));
	*rest = tail(*rest, n < rest->n ? n + 1 : n);
	return true;
}

/* Where WORDS begin in S outside of quotes and parentheses; S.n: nowhere. */
static size_t find_words(struct str s, struct str words)
{
	for (size_t i = 0; i < s.n;) {
		size_t n = find(tail(s, i), words.p[0]);
		if (str_starts(tail(s, i + n), words))
			return i + n;
		i += n + 1;
	}
	return s.n;
}

struct str script_plain(struct arena *mem, struct str sql)
{
	char *kept = arena_alloc(mem, sql.n + 1, 1), quote = 0;
	size_t n = 0;
	for (size_t i = 0; i < sql.n; i++) {
		bool comment = !quote && sql.p[i] == '-' && i + 1 < sql.n && sql.p[i + 1] == '-';
		while (comment && i < sql.n && sql.p[i] != '\n')
			i++;
		if (i == sql.n)
			break;
		char ch = sql.p[i];
		if (quote)
			quote = ch == quote ? 0 : quote;
		else if (ch == '\'' || ch == '"')
			quote = ch;
		kept[n++] = ch;
	}
	return (struct str){ kept, n };
}

bool script_next(struct str *rest, struct str *statement)
{
	while (cut(rest, ';', statement))
		if (statement->n)
			return true;
	return false;
}

static void add(struct arena *mem, struct script_list *to, struct str item)
{
	to->item = arena_grow(mem, to->item, to->count, &to->cap, to->count + 1, sizeof *to->item);
	to->item[to->count++] = item;
}

struct script_list script_actions(struct arena *mem, struct str statement)
{
	struct script_list list = { 0 };
	struct str action;
	if (!str_starts(statement, S("ALTER TABLE ")))
		return list;
	while (cut(&statement, ',', &action))
		add(mem, &list, action);
	return list;
}

bool script_makes_table(struct str statement)
{
	return str_starts(statement, S("CREATE TABLE "));
}

/* "(region, place_id)" as "region_place_id". */
static struct str joined(struct arena *mem, struct str columns)
{
	struct str all = S(""), column;
	columns = head(tail(columns, 1), columns.n - 2);
	while (cut(&columns, ',', &column))
		all = arena_printf(mem, "%.*s%s%.*s", STR_ARG(all), all.n ? "_" : "", STR_ARG(column));
	return all;
}

/* KEY is "FOREIGN KEY (columns) REFERENCES …", with or without "CONSTRAINT name" before it. */
static void lift_key(struct arena *mem, struct str table, struct str key, struct script_list *out)
{
	size_t open = 0;
	while (open < key.n && key.p[open] != '(')
		open++;
	size_t close = open;
	while (close < key.n && key.p[close] != ')')
		close++;
	assert(close < key.n); /* else PostgreSQL would have refused it */
	struct str columns = joined(mem, head(tail(key, open), close + 1 - open));
	add(mem, out,
		str_starts(key, S("CONSTRAINT "))
			? arena_printf(mem, "ALTER TABLE %.*s ADD %.*s", STR_ARG(table), STR_ARG(key))
			: arena_printf(mem, "ALTER TABLE %.*s ADD CONSTRAINT %.*s_%.*s_fkey %.*s", STR_ARG(table),
				  STR_ARG(table), STR_ARG(columns), STR_ARG(key)));
}

/* COLUMN is "name TYPE … REFERENCES table (column) …"; what is left of it without the reference. */
static struct str lift_column(
	struct arena *mem, struct str table, struct str column, size_t at, struct script_list *out)
{
	struct str key = tail(column, at), name;
	size_t n = 0;
	while (n < key.n && key.p[n] != ')')
		n++;
	n += n < key.n;
	struct str after = tail(key, n), rest = column;
	bool named = str_cut(&rest, ' ', &name);
	assert(named);
	(void)named;
	lift_key(mem, table, arena_printf(mem, "FOREIGN KEY (%.*s) %.*s", STR_ARG(name), (int)n, key.p), out);
	return arena_printf(mem, "%.*s%.*s", (int)at, column.p, STR_ARG(after));
}

struct str script_lift(struct arena *mem, struct str statement, struct script_list *out)
{
	size_t open = find(statement, '(');
	assert(script_makes_table(statement) && open < statement.n && statement.p[statement.n - 1] == ')');
	struct str table = str_trim(tail(head(statement, open), strlen("CREATE TABLE ")));
	struct str body = head(tail(statement, open + 1), statement.n - open - 2), piece, kept = S("");
	while (cut(&body, ',', &piece)) {
		size_t at = find_words(piece, S("REFERENCES "));
		if (find_words(piece, S("FOREIGN KEY ")) < piece.n) {
			lift_key(mem, table, piece, out);
			continue;
		}
		if (at < piece.n)
			piece = lift_column(mem, table, piece, at, out);
		kept = arena_printf(mem, "%.*s%s%.*s", STR_ARG(kept), kept.n ? ", " : "", STR_ARG(piece));
	}
	return arena_printf(mem, "CREATE TABLE %.*s (%.*s)", STR_ARG(table), STR_ARG(kept));
}

struct str script_lift_check(struct arena *mem, struct str statement, struct script_list *out)
{
	static const struct str alter = { "ALTER TABLE ", 12 }, column = { "ADD COLUMN ", 11 }, check = { "CHECK ", 6 };
	struct str rest = statement, table, name;
	size_t at = find_words(statement, column), from = find_words(statement, check);
	if (!str_starts(statement, alter) || at == statement.n || from == statement.n)
		return statement;
	rest = tail(rest, alter.n);
	struct str words = tail(statement, at + column.n), condition = tail(statement, from);
	bool cut_both = str_cut(&rest, ' ', &table) && str_cut(&words, ' ', &name);
	size_t end = check.n + 1 + find(tail(condition, check.n + 1), ')');
	assert(cut_both && end < condition.n); /* else PostgreSQL would have refused it */
	(void)cut_both;
	add(mem, out,
		arena_printf(mem, "ALTER TABLE %.*s ADD CONSTRAINT %.*s_%.*s_check %.*s", STR_ARG(table),
			STR_ARG(table), STR_ARG(name), (int)end + 1, condition.p));
	struct str head_of = str_trim(head(statement, from)), after = str_trim(tail(condition, end + 1));
	return arena_printf(mem, "%.*s%s%.*s", STR_ARG(head_of), after.n ? " " : "", STR_ARG(after));
}
