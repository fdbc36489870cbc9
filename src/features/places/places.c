#include "features/places/places.h"
#include "base/id.h"
#include "places_sql.h"

/* All place statements give the same columns; each has a row type of its own. */
#define PLACE_OF(row)                                                                                                  \
	((struct place){ .id = (row).id,                                                                               \
		.parent_id = (row).parent_id.is ? (row).parent_id.v : 0,                                               \
		.code = (row).code,                                                                                    \
		.level = (row).level,                                                                                  \
		.name = (row).name })
#define PLACES_OF(c, from, count, to)                                                                                  \
	do {                                                                                                           \
		*(to) = arena_array((c)->mem, struct place, (count) + 1);                                              \
		for (size_t i_ = 0; i_ < (count); i_++)                                                                \
			(*(to))[i_] = PLACE_OF((from)[i_]);                                                            \
	} while (0)

enum err places_by_id(struct ctx *c, int64_t id, struct place *out)
{
	struct places_get_row row;
	bool found;
	TRY(places_get(c, id, &row, &found));
	if (!found)
		return REFUSE(c, ERR_NOT_FOUND, "There is no such place here.");
	*out = PLACE_OF(row);
	return OK;
}

enum err places_by_code(struct ctx *c, struct str code, struct place *out)
{
	struct places_get_code_row row;
	bool found;
	TRY(places_get_code(c, code, &row, &found));
	if (!found)
		return REFUSE(c, ERR_NOT_FOUND, "There is no such place here.");
	*out = PLACE_OF(row);
	return OK;
}

enum err places_upward(struct ctx *c, int64_t id, struct place **rows, size_t *rows_count)
{
	struct places_path_row *found;
	TRY(places_path(c, id, &found, rows_count));
	PLACES_OF(c, found, *rows_count, rows);
	return OK;
}

enum err places_children(struct ctx *c, int64_t id, struct place **rows, size_t *rows_count)
{
	struct places_below_row *found;
	TRY(places_below(c, id, &found, rows_count));
	PLACES_OF(c, found, *rows_count, rows);
	return OK;
}

enum err places_touching(struct ctx *c, int64_t id, struct place **rows, size_t *rows_count)
{
	struct places_beside_row *found;
	TRY(places_beside(c, id, &found, rows_count));
	PLACES_OF(c, found, *rows_count, rows);
	return OK;
}

enum err places_choices(struct ctx *c, struct place **rows, size_t *rows_count)
{
	struct places_choice_rows_row *found;
	TRY(places_choice_rows(c, &found, rows_count));
	PLACES_OF(c, found, *rows_count, rows);
	return OK;
}

/* An RW stands with its village, an RT with its RW and that one's village. */
static struct str label_of(struct ctx *c, const struct places_named_row *row)
{
	if ((!str_is(row->level, "rw") && !str_is(row->level, "rt")) || !row->above.p)
		return row->name;
	if (!str_is(row->above_level, "rw") || !row->beyond.p)
		return arena_printf(c->mem, "%.*s, %.*s", STR_ARG(row->name), STR_ARG(row->above));
	return arena_printf(c->mem, "%.*s, %.*s, %.*s", STR_ARG(row->name), STR_ARG(row->above), STR_ARG(row->beyond));
}

enum err places_labels(struct ctx *c, const int64_t *ids, size_t count, struct str **labels)
{
	struct places_named_row *rows;
	size_t rows_count;
	*labels = arena_array(c->mem, struct str, count + 1);
	if (count == 0)
		return OK;
	TRY(places_named(c, id_list(c->mem, ids, count), &rows, &rows_count));
	for (size_t k = 0; k < rows_count; k++) {
		struct str label = label_of(c, &rows[k]);
		for (size_t i = 0; i < count; i++)
			if (ids[i] == rows[k].id)
				(*labels)[i] = label;
	}
	for (size_t i = 0; i < count; i++)
		if (!(*labels)[i].p)
			return REFUSE(c, ERR_NOT_FOUND, "There is no such place here.");
	return OK;
}

enum err places_label(struct ctx *c, int64_t id, struct str *label)
{
	struct str *labels;
	TRY(places_labels(c, &id, 1, &labels));
	*label = labels[0];
	return OK;
}

bool places_region_of(struct str code, struct str *region)
{
	ptrdiff_t first = str_find(code, '.');
	if (first <= 0)
		return false;
	struct str rest = { code.p + first + 1, code.n - (size_t)first - 1 };
	ptrdiff_t second = str_find(rest, '.');
	size_t n = second < 0 ? code.n : (size_t)first + 1 + (size_t)second;
	if (n < 4 || n > 8)
		return false;
	*region = (struct str){ code.p, n };
	return true;
}

void places_set(struct ctx *c, const struct region *r)
{
	int64_t hours = str_is(r->zone, "WIT") ? 9 : str_is(r->zone, "WITA") ? 8 : 7;
	c->region = r->region;
	c->zone = (struct zone){ r->region, r->zone, hours * 60 };
	c->demo = r->demo;
}

void places_set_as(struct ctx *c, const struct ctx *was)
{
	c->region = was->region;
	c->zone = was->zone;
	c->demo = was->demo;
}

static enum err find_region(struct ctx *c, struct str code, struct region *out, bool *found)
{
	struct str before = c->region;
	struct places_region_get_row row;
	c->region = code;
	enum err e = places_region_get(c, &row, found);
	c->region = before;
	TRY(e);
	if (*found)
		*out = (struct region){ row.region, row.name, row.zone, row.number, row.demo };
	return OK;
}

enum err places_enter(struct ctx *c, struct str region)
{
	struct region found_region;
	bool found;
	TRY(find_region(c, region, &found_region, &found));
	if (!found)
		return REFUSE(c, ERR_NOT_FOUND, "There is no such region here.");
	places_set(c, &found_region);
	return OK;
}

enum err places_enter_of(struct ctx *c, struct str code, bool *found)
{
	struct region region;
	struct str of;
	*found = places_region_of(code, &of);
	if (*found && str_eq(of, c->zone.region)) {
		c->region = c->zone.region; /* found before, in this request */
		return OK;
	}
	if (*found)
		TRY(find_region(c, of, &region, found));
	if (*found)
		places_set(c, &region);
	return OK;
}

enum err places_region(struct ctx *c, struct region *out)
{
	bool found;
	TRY(find_region(c, c->region, out, &found));
	return found ? OK : REFUSE(c, ERR_NOT_FOUND, "There is no such region here.");
}

enum err places_regions(struct ctx *c, struct region **rows, size_t *rows_count)
{
	struct places_region_rows_row *found;
	TRY(places_region_rows(c, &found, rows_count));
	*rows = arena_array(c->mem, struct region, *rows_count + 1);
	for (size_t i = 0; i < *rows_count; i++)
		(*rows)[i] = (struct region){ found[i].region, found[i].name, found[i].zone, found[i].number,
			found[i].demo };
	return OK;
}

enum err places_region_by_number(struct ctx *c, int64_t number, struct region *out)
{
	struct places_region_of_number_row row;
	bool found;
	TRY(places_region_of_number(c, number, &row, &found));
	if (!found)
		return REFUSE(c, ERR_NOT_FOUND, "There is no such region here.");
	*out = (struct region){ row.region, row.name, row.zone, row.number, row.demo };
	return OK;
}

enum err places_add_region(struct ctx *c, int64_t number, struct str name, struct str zone)
{
	TRY(places_region_insert(c, number, name, zone));
	return places_enter(c, c->region);
}

enum err places_be_demo(struct ctx *c)
{
	TRY(places_region_be_demo(c));
	return places_enter(c, c->region);
}

enum err places_add(struct ctx *c, int64_t parent_id, struct str code, const char *level, struct str name, int64_t *id)
{
	*id = id_new(c->now_ms);
	return places_insert(c, *id, (struct opt_int){ parent_id != 0, parent_id }, code, str_of(level), name);
}

enum err places_touch(struct ctx *c, int64_t a, int64_t b)
{
	TRY(places_neighbour_insert(c, a, b));
	return places_neighbour_insert(c, b, a);
}
