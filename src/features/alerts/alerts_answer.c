/* Answers: one tap each, undone within a minute, never lost between two people who tap at once. */
#include "features/alerts/alerts.h"
#include "features/posts/posts.h"
#include "alerts_sql.h"
#include "base/clock.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "jobs/queue.h"

const char *const answer_codes[] = { "seen", "mine", "on_the_way", "there", "calm", "handed_over", "accepted",
	"refused", "false_alarm", NULL };

static const int64_t UNDO_MS = MINUTE_MS;
static const int64_t OFFER_MS = 5 * MINUTE_MS;

/* How long an owner may be silent before the alert climbs on, by level. */
static const int64_t silence_ms[LEVEL_COUNT] = {
	[LEVEL_POTENSI] = 24 * HOUR_MS,
	[LEVEL_AMBANG] = 2 * HOUR_MS,
	[LEVEL_NYATA] = 15 * MINUTE_MS,
};

/* What an answer turns the alert into. */
struct change {
	struct str state;
	struct opt_int owner_id, owner_post_id, next_ms, owned_ms, offered_to, ended_ms;
};

static struct opt_int some(int64_t v)
{
	return (struct opt_int){ true, v };
}

static struct change unchanged(const struct alerts_get_row *a)
{
	return (struct change){ a->state, a->owner_id, a->owner_post_id, a->next_ms, a->owned_ms, a->offered_to,
		a->ended_ms };
}

static bool owned_by(const struct alerts_get_row *a, int64_t account_id)
{
	return a->owner_id.is && a->owner_id.v == account_id;
}

/* The person takes it: climbing stops, and begins again when they stay silent for too long. */
static void take(struct ctx *c, const struct alerts_get_row *a, int64_t post_id, struct change *to)
{
	int level = code_index(level_codes, a->level);
	assert(level >= 0);
	to->state = S("mine");
	to->owner_id = some(c->account_id);
	to->owner_post_id = some(post_id);
	to->next_ms = some(c->now_ms + silence_ms[level]);
	if (!a->owned_ms.is)
		to->owned_ms = some(c->now_ms);
	to->offered_to = (struct opt_int){ 0 };
}

static enum err answer_taking(
	struct ctx *c, const struct alerts_get_row *a, enum answer what, int64_t post_id, struct change *to)
{
	bool ringing = str_is(a->state, "ringing") || str_is(a->state, "seen");
	switch (what) {
	case ANSWER_SEEN:
		if (str_is(a->state, "ringing"))
			to->state = S("seen");
		return OK;
	case ANSWER_MINE:
		if (owned_by(a, c->account_id))
			return OK;
		if (!ringing)
			return REFUSE(c, ERR_CONFLICT, "Somebody else is already taking care of this.");
		take(c, a, post_id, to);
		return OK;
	case ANSWER_ACCEPTED:
	case ANSWER_REFUSED:
		if (!a->offered_to.is || !accounts_at_post(c, a->offered_to.v))
			return REFUSE(c, ERR_CONFLICT, "This is not being handed over to your post any more.");
		to->offered_to = (struct opt_int){ 0 };
		if (what == ANSWER_ACCEPTED)
			take(c, a, a->offered_to.v, to);
		return OK;
	default: return FAIL(c, ERR_INPUT, "answer %d does not take", (int)what);
	}
}

/* Whether a post can be asked to take over: one that covers the place, another than the person's own, and none of mediators,
 * whose circle is closed to what the police were told. */
static enum err may_take_over(struct ctx *c, int64_t place_id, int64_t post_id, bool *may)
{
	struct post *covering;
	size_t covering_count;
	*may = false;
	TRY(posts_covering(c, place_id, true, &covering, &covering_count));
	for (size_t i = 0; i < covering_count; i++)
		*may = *may || (covering[i].id == post_id && !str_is(covering[i].kind, "fkpm"));
	*may = *may && !accounts_at_post(c, post_id);
	return OK;
}

/* What only the owner can say. */
static enum err answer_owning(
	struct ctx *c, const struct alerts_get_row *a, enum answer what, int64_t to_post_id, struct change *to)
{
	if (!owned_by(a, c->account_id))
		return REFUSE(
			c, ERR_CONFLICT, "Say first that you take care of it; somebody else may be doing so already.");
	bool may;
	int level = code_index(level_codes, a->level);
	assert(level >= 0);
	to->next_ms = some(c->now_ms + silence_ms[level]);
	switch (what) {
	case ANSWER_ON_THE_WAY: to->state = S("on_the_way"); return OK;
	case ANSWER_THERE: to->state = S("there"); return OK;
	case ANSWER_CALM:
	case ANSWER_FALSE_ALARM:
		to->state = what == ANSWER_CALM ? S("calm") : S("false_alarm");
		to->next_ms = (struct opt_int){ 0 };
		to->offered_to = (struct opt_int){ 0 };
		to->ended_ms = some(c->now_ms);
		return OK;
	case ANSWER_HANDED_OVER:
		TRY(may_take_over(c, a->place_id, to_post_id, &may));
		if (!may)
			return REFUSE(c, ERR_INPUT, "Choose the other post that should take over.");
		to->offered_to = some(to_post_id);
		to->next_ms = some(c->now_ms + OFFER_MS);
		return OK;
	default: return FAIL(c, ERR_INPUT, "answer %d is not the owner's", (int)what);
	}
}

/* Stores the change unless somebody was faster. */
static enum err apply(struct ctx *c, const struct alerts_get_row *a, const struct change *to)
{
	struct alerts_state_update_row row;
	bool found;
	TRY(alerts_state_update(c, a->id, to->state, to->owner_id, to->owner_post_id, to->next_ms, to->owned_ms,
		to->offered_to, to->ended_ms, a->state, a->owner_id, a->offered_to, &row, &found));
	if (!found)
		return REFUSE(c, ERR_CONFLICT, "Somebody else answered at the same moment. Look at it again.");
	if (to->next_ms.is && (!a->next_ms.is || to->next_ms.v != a->next_ms.v))
		TRY(jobs_add(c, "alert_climb", a->id, to->next_ms.v));
	bool new_owner = to->owner_id.is != a->owner_id.is || to->owner_id.v != a->owner_id.v;
	if (new_owner)
		TRY(cases_set_owner(c, a->case_id, to->owner_id.v, to->owner_post_id.v));
	return OK;
}

static enum err reach_out(struct ctx *c, const struct alerts_get_row *a, int64_t to_post_id)
{
	TRY(alerts_call(c, a->id, to_post_id, a->step, ROLES_ANSWER, false));
	TRY(cases_add_post(c, a->case_id, to_post_id));
	return live_publish(c, to_post_id, "@ring", a->id);
}

enum err alerts_answer(struct ctx *c, int64_t alert_id, enum answer what, int64_t post_id, int64_t to_post_id)
{
	assert(what < ANSWER_COUNT && c->account_id);
	struct alerts_get_row a;
	TRY(alerts_get(c, alert_id, &a));
	if (a.ended_ms.is)
		return REFUSE(c, ERR_CONFLICT, "This call has ended already.");
	struct change to = unchanged(&a);
	bool takes = what == ANSWER_SEEN || what == ANSWER_MINE || what == ANSWER_ACCEPTED || what == ANSWER_REFUSED;
	TRY(takes ? answer_taking(c, &a, what, post_id, &to) : answer_owning(c, &a, what, to_post_id, &to));
	TRY(apply(c, &a, &to));
	TRY(alerts_answer_insert(c, id_new(c->now_ms), alert_id, c->account_id, post_id, str_of(answer_codes[what]),
		takes ? a.offered_to : (struct opt_int){ to_post_id != 0, to_post_id }, a.state, a.owner_id,
		a.owner_post_id, a.next_ms));
	TRY(what == ANSWER_MINE || what == ANSWER_ACCEPTED ? alerts_call_answered(c, alert_id, post_id)
							   : alerts_call_seen(c, alert_id, post_id));
	if (what == ANSWER_HANDED_OVER)
		TRY(reach_out(c, &a, to_post_id));
	TRY(cases_note_entry(c, a.case_id, answer_codes[what], S(""), post_id, alert_id, NULL));
	return cases_changed(c, a.case_id);
}

enum err alerts_undo(struct ctx *c, int64_t alert_id)
{
	struct alerts_get_row a;
	struct alerts_answer_last_row last;
	bool found;
	TRY(alerts_get(c, alert_id, &a));
	TRY(alerts_answer_last(c, alert_id, &last, &found));
	if (!found || last.account_id != c->account_id || last.created_ms + UNDO_MS < c->now_ms)
		return REFUSE(c, ERR_CONFLICT, "Only your own last answer can be undone, within a minute.");
	struct change to = unchanged(&a);
	to.state = last.before_state;
	to.owner_id = last.before_owner_id;
	to.owner_post_id = last.before_owner_post_id;
	to.next_ms = last.before_next_ms;
	to.ended_ms = (struct opt_int){ 0 };
	if (!to.owner_id.is)
		to.owned_ms = (struct opt_int){ 0 };
	if (str_is(last.answer, "handed_over"))
		to.offered_to = (struct opt_int){ 0 };
	if (str_is(last.answer, "accepted") || str_is(last.answer, "refused"))
		to.offered_to = last.to_post_id;
	TRY(apply(c, &a, &to));
	TRY(alerts_answer_undo(c, last.id));
	if (str_is(last.answer, "mine") || str_is(last.answer, "accepted"))
		TRY(alerts_call_unanswered(c, alert_id, last.post_id));
	TRY(cases_note_entry(c, a.case_id, "undone", last.answer, last.post_id, alert_id, NULL));
	return cases_changed(c, a.case_id);
}
