/* Pages of the territory. */
#include "features/places/places.h"
#include "features/places/places_views.h"

static const char *level_name(struct str level)
{
	static const char *const names[][2] = {
		{"province",  N_("Province")       },
                { "city",     N_("City or regency")},
                { "district", N_("District")       },
		{ "village",  N_("Kelurahan")      },
                { "rw",       N_("RW")             },
                { "rt",       N_("RT")             }
	};
	for (size_t i = 0; i < COUNT(names); i++)
		if (str_is(level, names[i][0]))
			return names[i][1];
	return N_("Place");
}

static struct place_link *links(struct ctx *c, const struct place *rows, size_t count)
{
	struct place_link *to = arena_array(c->mem, struct place_link, count + 1);
	for (size_t i = 0; i < count; i++)
		to[i] = (struct place_link){ rows[i].code, rows[i].name };
	return to;
}

static enum err show(struct ctx *c, const struct request *q, struct response *r, const struct place *p)
{
	struct place *up, *below, *beside;
	struct place_view v = { .code = p->code,
		.name = p->name,
		.level = words_get(c->lang, level_name(p->level)),
		.may_report = str_is(p->level, "village") || str_is(p->level, "rw") || str_is(p->level, "rt") };
	size_t up_count;
	TRY(places_upward(c, p->id, &up, &up_count));
	TRY(places_children(c, p->id, &below, &v.below_count));
	TRY(places_touching(c, p->id, &beside, &v.beside_count));
	TRY(places_label(c, p->id, &v.name));
	v.above = arena_array(c->mem, struct place_link, up_count + 1);
	for (size_t i = up_count; i-- > 1;)
		v.above[v.above_count++] = (struct place_link){ up[i].code, up[i].name };
	v.below = links(c, below, v.below_count);
	v.beside = links(c, beside, v.beside_count);
	frame_begin(c, q, r, &(struct frame){ .title = v.name });
	place_view(&r->body, &v);
	return frame_end(c, r);
}

enum err places_index_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct place p;
	TRY(places_by_code(c, c->region, &p));
	return show(c, q, r, &p);
}

enum err places_show_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct place p;
	bool found;
	TRY(places_enter_of(c, q->params[0], &found));
	TRY(places_by_code(c, q->params[0], &p));
	return show(c, q, r, &p);
}
