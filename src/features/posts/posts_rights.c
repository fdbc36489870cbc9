/* What the signed-in person may see and do at one post, from what they are at that post, above it, below or beside
 * it, and where the region is led from. Roles and keys have a table of their own (accounts_grants.h). */
#include "features/accounts/accounts.h"
#include "features/posts/posts.h"
#include "http/session.h"

enum { LEADING = ROLE_COMMAND | ROLE_ADMIN, POLICE_DESK = ROLE_DESK | ROLE_COMMAND };

/* Who may list whom: any of the roles BY_OWN at the post itself, BY_ABOVE at the post above, BY_NEAR at a post below
 * or beside it (an RW only where the post is for its own place), BY_LEADING where the region is led from. Mediators
 * are listed for mediators and for administrators, who invite them. */
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

/* The signed-in person's roles at the post, above it, and at posts below or beside it. NEIGHBOURS: those of posts of the
 * neighbourhood among the last, which count only where the post covers their place (PLACE_ID). */
struct held {
	unsigned own, above, near, neighbours;
	int64_t place_id;
};

static struct held held(const struct ctx *c, const struct post *p)
{
	const struct accounts_session *me = accounts_signed_in(c);
	struct held h = { 0 };
	for (size_t i = 0; me && i < me->posts_count; i++) {
		const struct membership *m = &me->posts[i];
		bool near = m->parent_id && (m->parent_id == p->id || m->parent_id == p->parent_id);
		if (m->post_id == p->id) {
			h.own |= m->roles;
		} else if (p->parent_id && m->post_id == p->parent_id) {
			h.above |= m->roles;
		} else if (near && str_is(m->post_kind, "rw")) {
			h.neighbours |= m->roles;
			h.place_id = m->place_id;
		} else if (near) {
			h.near |= m->roles;
		}
	}
	return h;
}

static enum err covers(struct ctx *c, const struct post *p, int64_t place_id, bool *yes)
{
	struct post *rows;
	size_t rows_count;
	TRY(posts_covering(c, place_id, false, &rows, &rows_count));
	for (size_t i = 0; i < rows_count; i++)
		*yes = *yes || rows[i].id == p->id;
	return OK;
}

enum err posts_sees(struct ctx *c, const struct post *p, enum post_sight what, bool *yes)
{
	unsigned leading = c->session ? c->session->leading : 0;
	struct held h = held(c, p);
	size_t i = 0;
	*yes = false;
	while (i < COUNT(sights) && !(sights[i].what == what && str_is(p->kind, sights[i].kind)))
		i++;
	if (i == COUNT(sights))
		return OK;
	*yes = (h.own & sights[i].by_own) || (h.above & sights[i].by_above) || (h.near & sights[i].by_near) ||
	       (leading & sights[i].by_leading);
	return !*yes && (h.neighbours & sights[i].by_near) ? covers(c, p, h.place_id, yes) : OK;
}

bool posts_keeps(const struct ctx *c, const struct post *p)
{
	struct held h = held(c, p);
	return ((h.own | h.above) & ROLES_KEEPER) || (c->session && (c->session->leading & ROLE_ADMIN));
}
