#include "base/csv.h"

void csv_init(struct csv *r, struct arena *mem, struct str text)
{
	r->mem = mem;
	r->rest = text;
	r->line = 0;
	r->next_line = 1;
	r->count = 0;
	r->why = NULL;
	if (str_starts(text, S("\xef\xbb\xbf"))) {
		r->rest.p += 3;
		r->rest.n -= 3;
	}
}

static void skip(struct csv *r, size_t n)
{
	r->rest.p += n;
	r->rest.n -= n;
}

/* Takes the end of a line, if one stands here. */
static bool take_line_end(struct csv *r)
{
	size_t n = r->rest.n > 0 && r->rest.p[0] == '\n' ? 1 : str_starts(r->rest, S("\r\n")) ? 2 : 0;
	if (n == 0)
		return false;
	skip(r, n);
	r->next_line++;
	return true;
}

static struct str without_doubles(struct csv *r, struct str quoted)
{
	char *p = arena_alloc(r->mem, quoted.n + 1, 1);
	size_t n = 0;
	for (size_t i = 0; i < quoted.n; i++) {
		p[n++] = quoted.p[i];
		i += quoted.p[i] == '"';
	}
	return (struct str){ p, n };
}

/* A field that begins with a quote, which is still there. */
static bool quoted_field(struct csv *r, struct str *out)
{
	bool doubled = false;
	for (size_t i = 1; i < r->rest.n; i++) {
		r->next_line += r->rest.p[i] == '\n';
		if (r->rest.p[i] != '"')
			continue;
		if (i + 1 < r->rest.n && r->rest.p[i + 1] == '"') {
			doubled = true;
			i++;
			continue;
		}
		*out = (struct str){ r->rest.p + 1, i - 1 };
		if (doubled)
			*out = without_doubles(r, *out);
		skip(r, i + 1);
		return true;
	}
	r->why = "a quote is not closed";
	return false;
}

static void bare_field(struct csv *r, struct str *out)
{
	size_t n = 0;
	while (n < r->rest.n && r->rest.p[n] != ',' && r->rest.p[n] != '\n' && r->rest.p[n] != '\r')
		n++;
	*out = (struct str){ r->rest.p, n };
	skip(r, n);
}

/* The rest of a row, from the beginning of a field on. */
static bool row(struct csv *r)
{
	for (;;) {
		if (r->count == CSV_FIELDS_MAX) {
			r->why = "too many fields";
			return false;
		}
		struct str *field = &r->field[r->count++];
		if (r->rest.n > 0 && r->rest.p[0] == '"') {
			if (!quoted_field(r, field))
				return false;
		} else {
			bare_field(r, field);
		}
		if (r->rest.n == 0 || take_line_end(r))
			return true;
		if (r->rest.p[0] != ',') {
			r->why = "a comma is missing between two fields";
			return false;
		}
		skip(r, 1);
	}
}

bool csv_next(struct csv *r)
{
	if (r->why)
		return false;
	while (take_line_end(r))
		;
	r->line = r->next_line;
	r->count = 0;
	return r->rest.n > 0 && row(r);
}

size_t csv_column(const struct csv *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (str_is(str_trim(r->field[i]), name))
			return i;
	return SIZE_MAX;
}
