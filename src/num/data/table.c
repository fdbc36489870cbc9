#include "num/data/table.h"
#include "num/data/places.h"

enum { SHOWN_MAX = 40 };

enum err table_open(struct ctx *c, struct str text, struct csv **out)
{
	struct csv *r = arena_new_of(c->mem, struct csv);
	csv_init(r, c->mem, text);
	if (!csv_next(r))
		return FAIL(c, ERR_INPUT, "line %zu: %s", r->line, r->why ? r->why : "the file is empty");
	*out = r;
	return OK;
}

enum err table_column(struct ctx *c, const struct csv *r, const char *name, size_t *out)
{
	*out = csv_column(r, name);
	return *out != SIZE_MAX ? OK : FAIL(c, ERR_INPUT, "line %zu: the header does not name %s", r->line, name);
}

enum err table_next(struct ctx *c, struct csv *r, bool *more)
{
	*more = csv_next(r);
	return r->why ? FAIL(c, ERR_INPUT, "line %zu: %s", r->line, r->why) : OK;
}

struct str table_field(const struct csv *r, size_t column)
{
	return column < r->count ? str_trim(r->field[column]) : (struct str){ "", 0 };
}

struct str table_shown(struct str s)
{
	return (struct str){ s.p, s.n < SHOWN_MAX ? s.n : SHOWN_MAX };
}

enum err table_place(struct ctx *c, const struct csv *r, const struct places *p, size_t column, uint32_t *out)
{
	struct str name = table_field(r, column);
	*out = places_find(p, name);
	if (*out == PLACES_NONE)
		return FAIL(c, ERR_INPUT, "line %zu: unknown place %.*s", r->line, STR_ARG(table_shown(name)));
	if (*out >= p->count)
		return FAIL(c, ERR_INPUT, "line %zu: %.*s is a group of places", r->line, STR_ARG(table_shown(name)));
	return OK;
}
