/* The table of roles, and what follows from it. */
#include "features/accounts/accounts_grants.h"
#include "accounts_sql.h"

enum { POLICE_DESK = ROLE_DESK | ROLE_COMMAND };

const struct grant accounts_grants[] = {
	{"rw",       ROLE_RESIDENT, ROLE_HEAD,     POLICE_DESK },
	{ "rw",      ROLE_FIGURE,   ROLE_HEAD,     POLICE_DESK },
	{ "rw",      ROLE_HEAD,     ROLE_HEAD,     POLICE_DESK },
	{ "bhabin",  ROLE_OFFICER,  ROLE_OFFICER,  POLICE_DESK },
	{ "polsek",  ROLE_DESK,     POLICE_DESK,   ROLE_COMMAND},
	{ "polsek",  ROLE_PRESS,    ROLE_COMMAND,  ROLE_COMMAND},
	{ "polsek",  ROLE_COMMAND,  ROLE_COMMAND,  ROLE_COMMAND},
	{ "call110", ROLE_DESK,     POLICE_DESK,   ROLE_COMMAND},
	{ "call110", ROLE_COMMAND,  ROLE_COMMAND,  ROLE_COMMAND},
	{ "polres",  ROLE_DESK,     ROLE_COMMAND,  0           },
	{ "polres",  ROLE_PRESS,    ROLE_COMMAND,  0           },
	{ "polres",  ROLE_COMMAND,  ROLE_COMMAND,  0           },
	{ "polres",  ROLE_ADMIN,    0,             0           },
	{ "fkpm",    ROLE_RESIDENT, ROLE_MEDIATOR, 0           },
	{ "fkpm",    ROLE_FIGURE,   ROLE_MEDIATOR, 0           },
	{ "fkpm",    ROLE_MEDIATOR, ROLE_MEDIATOR, 0           },
};
const size_t accounts_grants_count = COUNT(accounts_grants);

unsigned accounts_grantable(struct str kind)
{
	unsigned roles = 0;
	for (size_t i = 0; i < accounts_grants_count; i++)
		if (str_is(kind, accounts_grants[i].kind))
			roles |= accounts_grants[i].role;
	return roles;
}

bool accounts_fit_together(unsigned roles)
{
	return !(roles & ROLE_MEDIATOR) || !(roles & ROLES_POLICE);
}

/* What the account holds at the post, at the post above it, and as one who leads the region. */
static enum err held(struct ctx *c, int64_t account_id, int64_t post_id, struct opt_int parent_id, unsigned *own,
	unsigned *above, unsigned *leading)
{
	struct accounts_memberships_row *rows;
	size_t rows_count;
	*own = *above = *leading = 0;
	TRY(accounts_memberships(c, account_id, &rows, &rows_count));
	for (size_t i = 0; i < rows_count; i++) {
		unsigned roles = (unsigned)rows[i].roles & accounts_grantable(rows[i].post_kind);
		if (rows[i].post_id == post_id)
			*own |= roles;
		if (parent_id.is && rows[i].post_id == parent_id.v)
			*above |= roles;
		if (str_is(rows[i].post_kind, ACCOUNTS_LEADING_KIND))
			*leading |= roles;
	}
	return OK;
}

enum err accounts_granting(struct ctx *c, int64_t account_id, int64_t post_id, struct granting *out)
{
	struct accounts_post_row post;
	struct accounts_get_row account;
	unsigned own, above, leading;
	bool found;
	*out = (struct granting){ 0 };
	TRY(accounts_post(c, post_id, &post, &found));
	if (!found)
		return REFUSE(c, ERR_NOT_FOUND, "There is no such post here.");
	unsigned known = accounts_grantable(post.kind);
	if (account_id == 0) {
		*out = (struct granting){ known, known };
		return OK;
	}
	TRY(accounts_get(c, account_id, &account, &found));
	if (!found || account.disabled_ms.is)
		return OK;
	TRY(held(c, account_id, post_id, post.parent_id, &own, &above, &leading));
	bool admin = (leading & ROLE_ADMIN) != 0;
	for (size_t i = 0; i < accounts_grants_count; i++) {
		const struct grant *g = &accounts_grants[i];
		if (str_is(post.kind, g->kind) && (admin || (own & g->by_own) || (above & g->by_above)))
			out->gives |= g->role;
	}
	out->takes = admin ? ~0U : out->gives;
	return OK;
}

enum err accounts_is_above(struct ctx *c, int64_t account_id, int64_t post_id, bool *above)
{
	struct accounts_post_row post;
	unsigned own, at_parent, leading;
	TRY(accounts_post(c, post_id, &post, above));
	if (*above) {
		TRY(held(c, account_id, post_id, post.parent_id, &own, &at_parent, &leading));
		*above = at_parent != 0;
	}
	return OK;
}

enum err accounts_check_gives(struct ctx *c, int64_t post_id, unsigned roles)
{
	struct granting may;
	TRY(accounts_granting(c, c->account_id, post_id, &may));
	if ((roles & ~may.gives) == 0)
		return OK;
	return REFUSE(c, ERR_DENIED,
		"You cannot give all of these roles here. The chief of this post or an administrator can.");
}

enum err accounts_check_fits(struct ctx *c, int64_t account_id, unsigned roles, int64_t membership_id)
{
	struct accounts_roles_beside_row *rows;
	struct accounts_lock_row row;
	size_t rows_count;
	bool found;
	TRY(accounts_lock(c, account_id, &row, &found));
	TRY(accounts_roles_beside(c, account_id, membership_id, &rows, &rows_count));
	for (size_t i = 0; i < rows_count; i++)
		roles |= (unsigned)rows[i].roles;
	if (accounts_fit_together(roles))
		return OK;
	return REFUSE(c, ERR_CONFLICT,
		"Nobody can be a mediator and hold a role of the police, here or at another post: mediators are no "
		"informants.");
}
