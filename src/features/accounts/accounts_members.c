/* Memberships: joining, other roles, leaving, and what ends with each of them. */
#include "accounts_sql.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_grants.h"
#include "features/accounts/accounts_keys.h"
#include "features/accounts/accounts_lineage.h"
#include "features/accounts/accounts_news.h"
#include "features/audit/audit.h"
#include "features/circles/circles.h"
#include "http/live.h"

enum err accounts_join(struct ctx *c, int64_t account_id, int64_t post_id, unsigned roles, int64_t *membership_id)
{
	struct accounts_post_row post;
	bool found;
	assert(roles > 0 && roles < 512);
	TRY(accounts_post(c, post_id, &post, &found));
	if (!found)
		return REFUSE(c, ERR_NOT_FOUND, "There is no such post here.");
	if (roles & ~accounts_grantable(post.kind))
		return FAIL(c, ERR_INPUT, "posts of the kind %.*s do not know all of these roles", STR_ARG(post.kind));
	TRY(accounts_check_fits(c, account_id, roles, 0));
	*membership_id = id_new(c->now_ms);
	TRY(accounts_membership_insert(c, *membership_id, account_id, post_id, roles));
	return live_end_account(c, account_id);
}

static enum err this_membership(struct ctx *c, int64_t id, struct accounts_membership_get_row *m)
{
	bool found;
	TRY(accounts_membership_get(c, id, m, &found));
	return found ? OK : REFUSE(c, ERR_NOT_FOUND, "This person does not belong to the post any more.");
}

enum err accounts_give_key(struct ctx *c, int64_t membership_id, int64_t *post_id)
{
	struct accounts_membership_get_row m;
	struct accounts_get_row account;
	bool found, above;
	TRY(this_membership(c, membership_id, &m));
	*post_id = m.post_id;
	if (!(m.roles & ROLES_READER))
		return REFUSE(c, ERR_CONFLICT, "These roles do not read what is sealed to the post.");
	TRY(accounts_is_above(c, m.account_id, m.post_id, &above));
	const struct membership *own = accounts_at_post(c, m.post_id);
	if (above && !(own && (own->roles & ROLES_READER)))
		return REFUSE(c, ERR_DENIED,
			"This person belongs to the post above, too. Only a member of this post gives them its key.");
	TRY(accounts_get(c, m.account_id, &account, &found));
	assert(found && account.public_key.n == VAULT_KEY_BYTES);
	TRY(circles_give(c, m.post_id, "account", m.account_id, (const uint8_t *)account.public_key.p));
	return accounts_tell(c, m.account_id, NEWS_KEY, m.post_id, 0);
}

/* Who invited somebody answers for it, so what they made and nobody used ends with their rights. */
static enum err end_invitations_of(struct ctx *c, int64_t account_id)
{
	struct accounts_invitations_by_row *rows;
	size_t rows_count;
	TRY(accounts_invitations_by(c, account_id, &rows, &rows_count));
	for (size_t i = 0; i < rows_count; i++) {
		TRY(accounts_invitation_end(c, rows[i].id));
		TRY(circles_forget_invitation(c, rows[i].id));
		TRY(audit_note(c, AUDIT_UNINVITED, "invitations", rows[i].id, S("rights")));
	}
	return OK;
}

static enum err rights_changed(struct ctx *c, int64_t account_id)
{
	TRY(end_invitations_of(c, account_id));
	return live_end_account(c, account_id);
}

enum err accounts_key_is_held(struct ctx *c, int64_t post_id, int64_t except_id, bool *held)
{
	struct accounts_members_row *members;
	size_t members_count;
	*held = false;
	TRY(accounts_members(c, post_id, &members, &members_count));
	for (size_t i = 0; i < members_count && !*held; i++)
		if (members[i].id != except_id && (members[i].roles & ROLES_READER))
			TRY(circles_holds(c, post_id, members[i].account_id, held));
	return OK;
}

static enum err other_readers(struct ctx *c, const struct accounts_membership_get_row *m, bool *others)
{
	struct accounts_members_row *members;
	size_t members_count;
	TRY(accounts_members(c, m->post_id, &members, &members_count));
	*others = false;
	for (size_t i = 0; i < members_count; i++)
		*others = *others || (members[i].id != m->id && (members[i].roles & ROLES_READER));
	return OK;
}

/* Somebody who stays must hold the newest key, or what is sealed to the post from now on would open for nobody. Who never held it
 * takes nothing along. */
static enum err check_key_stays(struct ctx *c, const struct accounts_membership_get_row *m)
{
	struct accounts_post_lock_row post;
	bool found, held, others;
	TRY(accounts_post_lock(c, m->post_id, &post, &found));
	TRY(accounts_key_is_held(c, m->post_id, m->id, &held));
	if (held)
		return OK;
	TRY(other_readers(c, m, &others));
	if (!others)
		return REFUSE(
			c, ERR_CONFLICT, "This is the last member who can read here. Invite somebody else first.");
	TRY(circles_holds(c, m->post_id, m->account_id, &held));
	if (!held)
		return OK;
	return REFUSE(c, ERR_CONFLICT, "Nobody else here holds the key of the post. Give it to another member first.");
}

static enum err check_takes(struct ctx *c, const struct accounts_membership_get_row *m)
{
	struct granting may;
	TRY(accounts_granting(c, c->account_id, m->post_id, &may));
	if (((unsigned)m->roles & ~may.takes) == 0)
		return OK;
	return REFUSE(c, ERR_DENIED,
		"You have no say over all roles of this person. The chief of this post or an administrator has.");
}

enum err accounts_remove(struct ctx *c, int64_t membership_id)
{
	struct accounts_membership_get_row m;
	TRY(this_membership(c, membership_id, &m));
	if (m.account_id != c->account_id)
		TRY(check_takes(c, &m));
	bool reader = (m.roles & ROLES_READER) != 0;
	if (reader)
		TRY(check_key_stays(c, &m));
	TRY(accounts_membership_end(c, membership_id));
	if (reader)
		TRY(circles_renew(c, m.post_id, m.account_id));
	TRY(rights_changed(c, m.account_id));
	TRY(accounts_tell(c, m.account_id, NEWS_REMOVED, m.post_id, 0));
	return audit_note(c, AUDIT_REMOVED, "memberships", membership_id,
		arena_printf(c->mem, "account=%" PRId64 " post=%" PRId64, m.account_id, m.post_id));
}

enum err accounts_set_roles(struct ctx *c, int64_t membership_id, unsigned roles)
{
	struct accounts_membership_get_row m;
	assert(roles > 0 && roles < 512);
	TRY(this_membership(c, membership_id, &m));
	bool own;
	TRY(accounts_came_through(c, c->account_id, m.account_id, &own));
	if (m.account_id == c->account_id || (own && (roles & ~(unsigned)m.roles)))
		return REFUSE(c, ERR_DENIED, "Nobody changes their own roles. Ask another member or the post above.");
	TRY(check_takes(c, &m));
	TRY(accounts_check_gives(c, m.post_id, roles & ~(unsigned)m.roles));
	TRY(accounts_check_fits(c, m.account_id, roles, m.id));
	bool loses_key = (m.roles & ROLES_READER) && !(roles & ROLES_READER);
	if (loses_key)
		TRY(check_key_stays(c, &m));
	TRY(accounts_membership_roles(c, membership_id, roles));
	if (loses_key)
		TRY(circles_renew(c, m.post_id, m.account_id));
	TRY(rights_changed(c, m.account_id));
	TRY(accounts_tell(c, m.account_id, NEWS_ROLES, m.post_id, roles));
	return audit_note(c, AUDIT_ROLES, "memberships", membership_id,
		arena_printf(c->mem, "account=%" PRId64 " post=%" PRId64 " %" PRId64 ">%u", m.account_id, m.post_id,
			m.roles, roles));
}
