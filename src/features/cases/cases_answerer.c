/* Who somebody is to one call: read at once, for buttons and for an answer's verdict alike. */
#include "features/cases/cases_answerer.h"
#include "cases_web_sql.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_lineage.h"
#include "features/cases/cases.h"
#include "features/cases/cases_seen.h"
#include "features/posts/posts.h"

enum err cases_acting_post(struct ctx *c, int64_t alert_id, int64_t account_id, int64_t *post_id)
{
	struct cases_called_mine_row called;
	bool found;
	TRY(cases_called_mine(c, alert_id, account_id, ROLES_ANSWER, *post_id, &called, &found));
	if (found)
		*post_id = called.post_id;
	return OK;
}

bool cases_may_be_asked(struct ctx *c, const struct post *p, bool spares)
{
	return !accounts_at_post(c, p->id) && !str_is(p->kind, "fkpm") && !(spares && str_is(p->kind, "rw"));
}

enum err cases_answerer(struct ctx *c, int64_t alert_id, const struct escalation *a, int64_t unread_report,
	int64_t account_id, int64_t post_id, struct answerer *who)
{
	struct cases_answerer_world_row world;
	TRY(cases_answerer_world(c, alert_id, account_id, ROLES_ANSWER, ROLE_DESK, post_id, a->over_post_id,
		a->offered_to, unread_report, &world));
	*who = (struct answerer){ .account_id = account_id,
		.post_id = post_id,
		.called = world.called,
		.above = world.above,
		.offered = world.offered,
		.helps = world.helps,
		.declined = world.declined,
		.over_called = world.over_called,
		.blind = a->unread_ms && unread_report && !world.reads,
		.staffed = world.staffed };
	return accounts_one_person(c, account_id, a->over_by, &who->related);
}

enum err cases_is_stale(struct ctx *c, int64_t case_id, const struct escalation *a, const struct answerer *who,
	int64_t shown, bool *stale)
{
	int64_t now;
	*stale = a->unread_ms && !who->blind;
	if (!shown)
		return OK;
	TRY(cases_shown(c, case_id, &now));
	*stale = now != shown && shown != CASES_SHOWN_ALL;
	return OK;
}

struct escalation cases_call_of(const struct cases_page_alert_row *a)
{
	int level = code_index(level_codes, a->level);
	return (struct escalation){ .level = (enum level)(level < 0 ? 0 : level),
		.state = alert_state_of(a->state),
		.next_ms = or_zero(a->next_ms),
		.late_ms = or_zero(a->late_ms),
		.owner_id = or_zero(a->owner_id),
		.owner_post_id = or_zero(a->owner_post_id),
		.offered_to = or_zero(a->offered_to),
		.there_ms = or_zero(a->there_ms),
		.unread_ms = or_zero(a->unread_ms),
		.over_by = or_zero(a->over_by),
		.over_post_id = or_zero(a->over_post_id),
		.over_as = a->over_by.is ? alert_state_of(a->over_as) : ALERT_RINGING,
		.ended_ms = or_zero(a->ended_ms) };
}

enum err cases_owner_may(struct ctx *c, int64_t alert_id, struct escalation *call, unsigned *may)
{
	struct cases_page_alert_row row;
	struct answerer who;
	bool found;
	*call = (struct escalation){ 0 };
	*may = 0;
	TRY(cases_page_alert(c, alert_id, &row, &found));
	if (!found || !row.owner_id.is)
		return OK;
	*call = cases_call_of(&row);
	int64_t post_id = call->owner_post_id;
	TRY(cases_acting_post(c, alert_id, call->owner_id, &post_id));
	TRY(cases_answerer(c, alert_id, call, or_zero(row.unread_report), call->owner_id, post_id, &who));
	*may = escalation_possible(call, &who, c->now_ms);
	return OK;
}

enum cases_step cases_next_step(const struct escalation *call, unsigned may, bool mine, bool ends)
{
	if (may >> ANSWER_ACCEPTED & 1)
		return STEP_ACCEPT;
	if (may >> ANSWER_MINE & 1)
		return mine && !call->late_ms ? STEP_GO_ON : STEP_TAKE;
	if (may >> ANSWER_CALM & 1 && (mine ? call->state == ALERT_THERE : ends))
		return STEP_CALM;
	if (may >> ANSWER_HELPING & 1)
		return STEP_HELP;
	if (may >> ANSWER_ON_THE_WAY & 1 && call->state == ALERT_MINE)
		return STEP_GO;
	return may >> ANSWER_THERE & 1 && call->state != ALERT_THERE ? STEP_ARRIVE : STEP_NONE;
}
