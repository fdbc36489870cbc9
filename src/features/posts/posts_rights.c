/* What the signed-in person may see and do at one post, from what they are at that post, above it, below or beside
 * it, and where the region is led from. Roles and keys have a table of their own (accounts_grants.h). */
#include "features/accounts/accounts.h"
#include "features/posts/posts.h"
#include "http/session.h"

enum { LEADING = ROLE_COMMAND | ROLE_ADMIN, POLICE_DESK = ROLE_DESK | ROLE_COMMAND };

/* Who may list whom: any of the roles BY_OWN at the post itself, BY_ABOVE at the post above, BY_NEAR at a post below
 * or beside it, BY_LEADING where the region is led from. Mediators are listed for mediators and for administrators,
 * who invite them. */
static const struct {
	const char *kind;
	enum post_sight what;
	unsigned by_own, by_above, by_near, by_leading;
} sights[] = {
	{"rw",       POST_MEMBERS, ROLE_HEAD | ROLE_FIGURE,     POLICE_DESK, 0,            LEADING   },
	{ "rw",      POST_ROSTER,  ROLE_HEAD | ROLE_FIGURE,     POLICE_DESK, 0,            LEADING   },
	{ "bhabin",  POST_MEMBERS, ROLE_OFFICER,                POLICE_DESK, 0,            LEADING   },
	{ "bhabin",  POST_ROSTER,  ROLE_OFFICER,                POLICE_DESK, ROLES_ANSWER, LEADING   },
	{ "polsek",  POST_MEMBERS, POLICE_DESK | ROLE_PRESS,    POLICE_DESK, 0,            LEADING   },
	{ "polsek",  POST_ROSTER,  POLICE_DESK | ROLE_PRESS,    POLICE_DESK, ROLES_ANSWER, LEADING   },
	{ "call110", POST_MEMBERS, POLICE_DESK,                 POLICE_DESK, 0,            LEADING   },
	{ "call110", POST_ROSTER,  POLICE_DESK,                 POLICE_DESK, ROLES_ANSWER, LEADING   },
	{ "polres",  POST_MEMBERS, POLICE_DESK | ROLE_PRESS,    0,           0,            LEADING   },
	{ "polres",  POST_ROSTER,  POLICE_DESK | ROLE_PRESS,    0,           ROLES_ANSWER, LEADING   },
	{ "fkpm",    POST_MEMBERS, ROLE_MEDIATOR | ROLE_FIGURE, 0,           0,            ROLE_ADMIN},
	{ "fkpm",    POST_ROSTER,  ROLE_MEDIATOR | ROLE_FIGURE, 0,           0,            0         },
};

/* The signed-in person's roles at the post, above it, and at posts below or beside it. */
static void held(const struct ctx *c, const struct post *p, unsigned *own, unsigned *above, unsigned *near)
{
	const struct accounts_session *me = accounts_signed_in(c);
	*own = *above = *near = 0;
	for (size_t i = 0; me && i < me->posts_count; i++) {
		const struct membership *m = &me->posts[i];
		if (m->post_id == p->id)
			*own |= m->roles;
		else if (p->parent_id && m->post_id == p->parent_id)
			*above |= m->roles;
		else if (m->parent_id && (m->parent_id == p->id || m->parent_id == p->parent_id))
			*near |= m->roles;
	}
}

bool posts_sees(const struct ctx *c, const struct post *p, enum post_sight what)
{
	unsigned own, above, near, leading = c->session ? c->session->leading : 0;
	held(c, p, &own, &above, &near);
	for (size_t i = 0; i < COUNT(sights); i++)
		if (sights[i].what == what && str_is(p->kind, sights[i].kind))
			return (own & sights[i].by_own) || (above & sights[i].by_above) || (near & sights[i].by_near) ||
			       (leading & sights[i].by_leading);
	return false;
}

bool posts_keeps(const struct ctx *c, const struct post *p)
{
	unsigned own, above, near;
	held(c, p, &own, &above, &near);
	return ((own | above) & ROLES_KEEPER) || (c->session && (c->session->leading & ROLE_ADMIN));
}
