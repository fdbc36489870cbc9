#include "features/accounts/accounts_lineage.h"
#include "accounts_sql.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_grants.h"
#include "features/audit/audit.h"

/* Beyond this depth a line counts as one with whatever it meets: nobody invites so deep in earnest. */
enum { DEPTH_MAX = 32 };

/* An account and those it came through, upward, as far as nobody has vouched. */
struct line {
	int64_t all[DEPTH_MAX];
	size_t count;
	bool cut;
};

static enum err line_of(struct ctx *c, int64_t id, struct line *l)
{
	struct accounts_lineage_row row;
	bool found = true;
	*l = (struct line){ 0 };
	while (id && l->count < DEPTH_MAX) {
		TRY(accounts_lineage(c, id, &row, &found));
		if (!found)
			return OK;
		l->all[l->count++] = id;
		id = row.invited_by.is && !row.vouched_by.is ? row.invited_by.v : 0;
	}
	l->cut = id != 0;
	return OK;
}

static bool is_in(const struct line *l, int64_t id)
{
	size_t i = 0;
	while (i < l->count && l->all[i] != id)
		i++;
	return i < l->count;
}

enum err accounts_one_person(struct ctx *c, int64_t a, int64_t b, bool *one)
{
	struct line of_a, of_b;
	*one = a != 0 && a == b;
	if (*one || a == 0 || b == 0)
		return OK;
	TRY(line_of(c, a, &of_a));
	TRY(line_of(c, b, &of_b));
	*one = of_a.cut || of_b.cut;
	for (size_t i = 0; i < of_a.count && !*one; i++)
		*one = is_in(&of_b, of_a.all[i]);
	return OK;
}

enum err accounts_came_through(struct ctx *c, int64_t account_id, int64_t above, bool *came)
{
	struct line l;
	TRY(line_of(c, account_id, &l));
	*came = l.cut || (above != account_id && is_in(&l, above));
	return OK;
}

enum err accounts_may_vouch(struct ctx *c, int64_t account_id, bool *unvouched, bool *may)
{
	struct accounts_lineage_row row;
	bool found, with_them, with_maker;
	TRY(accounts_lineage(c, account_id, &row, &found));
	*unvouched = found && row.invited_by.is && !row.vouched_by.is;
	if (!may)
		return OK;
	*may = false;
	if (!*unvouched)
		return OK;
	TRY(accounts_one_person(c, c->account_id, account_id, &with_them));
	TRY(accounts_one_person(c, c->account_id, row.invited_by.v, &with_maker));
	*may = !with_them && !with_maker;
	return OK;
}

enum err accounts_vouch(struct ctx *c, int64_t membership_id, int64_t *post_id)
{
	struct accounts_membership_get_row m;
	struct granting grants;
	bool found, unvouched, may;
	TRY(accounts_membership_get(c, membership_id, &m, &found));
	if (!found)
		return REFUSE(c, ERR_NOT_FOUND, "This person does not belong to the post any more.");
	*post_id = m.post_id;
	TRY(accounts_granting(c, c->account_id, m.post_id, &grants));
	TRY(accounts_may_vouch(c, m.account_id, &unvouched, &may));
	if (!may || !grants.gives)
		return REFUSE(c, ERR_DENIED,
			"Only a third person who gives roles here can confirm this: not whoever invited, and nobody "
			"who came "
			"through them.");
	TRY(accounts_vouch_update(c, m.account_id, c->account_id));
	return audit_note(c, AUDIT_VOUCHED, "accounts", m.account_id, S(""));
}
