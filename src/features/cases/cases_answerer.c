/* Who the signed-in person is to one call: read at once, for the page's buttons and for an answer's verdict alike. */
#include "features/cases/cases_answerer.h"
#include "cases_web_sql.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_lineage.h"
#include "features/posts/posts.h"

enum err cases_acting_post(struct ctx *c, int64_t alert_id, int64_t *post_id)
{
	struct cases_called_mine_row called;
	bool found;
	TRY(cases_called_mine(c, alert_id, c->account_id, ROLES_ANSWER, *post_id, &called, &found));
	if (found)
		*post_id = called.post_id;
	return OK;
}

bool cases_may_be_asked(struct ctx *c, const struct post *p, bool spares)
{
	return !accounts_at_post(c, p->id) && !str_is(p->kind, "fkpm") && !(spares && str_is(p->kind, "rw"));
}

enum err cases_answerer(struct ctx *c, int64_t alert_id, const struct escalation *a, int64_t unread_report,
	int64_t post_id, struct answerer *who)
{
	struct cases_answerer_world_row world;
	const struct membership *m = accounts_at_post(c, post_id),
				*asked = a->offered_to ? accounts_at_post(c, a->offered_to) : NULL;
	TRY(cases_answerer_world(
		c, alert_id, c->account_id, ROLES_ANSWER, post_id, a->over_post_id, unread_report, &world));
	*who = (struct answerer){ .account_id = c->account_id,
		.post_id = post_id,
		.called = world.called,
		.above = world.above || (m && (m->roles & ROLE_DESK)),
		.offered = asked && (asked->roles & ROLES_ANSWER),
		.helps = world.helps,
		.over_called = world.over_called,
		.blind = a->unread_ms && unread_report && !world.reads,
		.staffed = world.staffed };
	return accounts_one_person(c, c->account_id, a->over_by, &who->related);
}
