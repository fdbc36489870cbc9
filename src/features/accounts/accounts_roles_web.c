/* The page with the table of roles. */
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_grants.h"
#include "features/accounts/accounts_views.h"
#include "features/accounts/accounts_web.h"
#include "features/frame/frame.h"

static const char *const kinds[][2] = {
	{"rw",       N_("Secretariat of the RW")           },
	{ "bhabin",  N_("Bhabinkamtibmas of the kelurahan")},
	{ "polsek",  N_("Polsek")                          },
	{ "call110", N_("Call Center 110")                 },
	{ "polres",  N_("Polres")                          },
	{ "fkpm",    N_("Mediation forum (FKPM)")          },
};

static struct str joined(struct ctx *c, struct str list, struct str next)
{
	return list.n ? arena_printf(c->mem, "%.*s; %.*s", STR_ARG(list), STR_ARG(next)) : next;
}

static struct str givers_of(struct ctx *c, const struct grant *g)
{
	struct str list = { "", 0 };
	struct word_value own = { "roles", accounts_role_list(c, g->by_own) };
	struct word_value above = { "roles", accounts_role_list(c, g->by_above) };
	if (g->by_own)
		list = words_format(c->mem, c->lang, "here: {roles}", &own, 1);
	if (g->by_above)
		list = joined(c, list, words_format(c->mem, c->lang, "at the post above: {roles}", &above, 1));
	return joined(c, list, words_get(c->lang, "administrators"));
}

enum err accounts_roles_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct accounts_roles_view v = { .kinds_count = COUNT(kinds) };
	v.kinds = arena_array(c->mem, struct accounts_roles_kind, COUNT(kinds));
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct accounts_roles_kind *kind = &v.kinds[k];
		kind->kind = kinds[k][1];
		kind->rows = arena_array(c->mem, struct accounts_roles_line, accounts_grants_count);
		for (size_t i = 0; i < accounts_grants_count; i++)
			if (strcmp(accounts_grants[i].kind, kinds[k][0]) == 0)
				kind->rows[kind->rows_count++] =
					(struct accounts_roles_line){ accounts_role_list(c, accounts_grants[i].role),
						givers_of(c, &accounts_grants[i]) };
	}
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Roles"), .current = "/posts" });
	accounts_roles_view(&r->body, &v);
	return frame_end(c, r);
}
