/* Answers: one tap each, undone within a minute, never lost between two people who tap at once. */
#include "features/alerts/alerts.h"
#include "alerts_sql.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/alerts/alerts_row.h"
#include "features/cases/cases_answerer.h"
#include "features/cases/cases_seen.h"
#include "features/posts/posts.h"

/* Whether a post can be asked to take over: one that covers the place, and may be. */
static enum err may_take_over(struct ctx *c, const struct alerts_take_row *a, int64_t post_id, bool *may)
{
	struct post *covering;
	size_t covering_count;
	bool spared;
	*may = false;
	TRY(alerts_spared(c, a, &spared));
	TRY(posts_covering(c, a->place_id, true, &covering, &covering_count));
	for (size_t i = 0; i < covering_count; i++)
		*may = *may || (covering[i].id == post_id && cases_may_be_asked(c, &covering[i], spared));
	return OK;
}

static enum err refuse(struct ctx *c, enum verdict v)
{
	switch (v) {
	case VERDICT_TAKEN: return REFUSE(c, ERR_CONFLICT, "Somebody else is already taking care of this.");
	case VERDICT_ENDED: return REFUSE(c, ERR_CONFLICT, "This call has ended already.");
	case VERDICT_NOT_OWNER:
		return REFUSE(
			c, ERR_CONFLICT, "Say first that you take care of it; somebody else may be doing so already.");
	case VERDICT_NOT_OFFERED:
		return REFUSE(c, ERR_CONFLICT, "This is not being handed over to your post any more.");
	case VERDICT_NOT_CALLED:
		return REFUSE(c, ERR_CONFLICT, "Only members of a post that was called can say that it is over.");
	case VERDICT_SAME_POST:
		return REFUSE(c, ERR_CONFLICT,
			"Somebody of your post has said so already. A member of another called post has to agree.");
	case VERDICT_RELATED:
		return REFUSE(c, ERR_CONFLICT,
			"Whoever said so and you came through one invitation. A third person has to agree, or to "
			"confirm "
			"on the page of the post that they know you.");
	case VERDICT_UNSEEN:
		return REFUSE(c, ERR_CONFLICT,
			"Nothing was done: a reporter wrote something that was not on your page. Read it, then "
			"answer.");
	case VERDICT_DATE: return REFUSE(c, ERR_INPUT, "Choose a day within the next seven days.");
	case VERDICT_CHANGES:
	case VERDICT_SAME: break;
	}
	return OK;
}

static enum err note_answer(
	struct ctx *c, const struct alerts_take_row *a, enum answer what, int64_t post_id, int64_t to_post_id)
{
	const struct escalation was = alerts_row(a);
	struct str over = was.over_by ? str_of(alert_state_codes[was.over_as]) : (struct str){ 0 };
	return alerts_answer_insert(c, id_new(c->now_ms), a->id, a->turn + 1, c->account_id, post_id,
		str_of(answer_codes[what]), some(to_post_id), a->state, a->owner_id, a->owner_post_id, a->next_ms,
		a->offered_to, a->owned_ms, a->there_ms, a->late_ms, a->rings, a->unread_ms, a->over_by,
		a->over_post_id, over);
}

/* Everything that an answer leaves behind. */
static enum err apply(
	struct ctx *c, const struct alerts_take_row *a, enum answer what, int64_t post_id, int64_t with, struct turn *t)
{
	int64_t to_post = what == ANSWER_HANDED_OVER ? with : 0;
	bool took = t->to.owner_id != (a->owner_id.is ? a->owner_id.v : 0);
	TRY(cases_note_entry(c, a->case_id, t->entry, S(""), post_id, a->id, NULL));
	if (t->climbs)
		TRY(alerts_climb_early(c, a, &t->to));
	TRY(alerts_store(c, a, &t->to));
	TRY(note_answer(c, a, what, post_id, what == ANSWER_ACCEPTED ? a->offered_to.v : to_post));
	TRY(took ? alerts_call_answered(c, a->id, t->to.owner_post_id) : alerts_call_seen(c, a->id, post_id));
	if (to_post)
		TRY(alerts_reach_out(c, a, to_post));
	return cases_changed(c, a->case_id);
}

/* Who answers, and what of the world counts for that. */
static enum err answerer(struct ctx *c, const struct alerts_take_row *a, enum answer what, int64_t post_id,
	int64_t shown, struct answerer *who)
{
	struct escalation was = alerts_row(a);
	bool left = true;
	TRY(cases_answerer(c, a->id, &was, or_zero(a->unread_report), c->account_id, post_id, who));
	TRY(cases_is_stale(c, a->case_id, &was, who, shown, &who->stale));
	if (what == ANSWER_SEEN)
		TRY(alerts_is_left(c, a, c->account_id, &left));
	who->nobody_left = !left;
	return OK;
}

enum err alerts_answer(struct ctx *c, int64_t alert_id, enum answer what, int64_t post_id, int64_t with, int64_t shown,
	enum verdict *verdict)
{
	assert(what < ANSWER_COUNT && c->account_id);
	struct alerts_take_row a;
	struct answerer who;
	struct turn t;
	TRY(alerts_lock(c, alert_id, &a));
	struct escalation was = alerts_row(&a);
	TRY(answerer(c, &a, what, post_id, shown, &who));
	*verdict = escalation_answer(&was, &who, what, with, c->now_ms, &t);
	if (*verdict != VERDICT_CHANGES)
		return refuse(c, *verdict);
	if (what == ANSWER_HANDED_OVER) {
		bool may;
		TRY(may_take_over(c, &a, with, &may));
		if (!may)
			return REFUSE(c, ERR_INPUT, "Choose the other post that should take over.");
	}
	return apply(c, &a, what, post_id, with, &t);
}

static struct answered answered_of(const struct alerts_take_row *a, const struct alerts_answer_last_row *last)
{
	struct alerts_take_row before = *a;
	before.state = last->before_state;
	before.owner_id = last->before_owner_id;
	before.owner_post_id = last->before_owner_post_id;
	before.next_ms = last->before_next_ms;
	before.offered_to = last->before_offered_to;
	before.owned_ms = last->before_owned_ms;
	before.there_ms = last->before_there_ms;
	before.late_ms = last->before_late_ms;
	before.rings = last->before_rings;
	before.unread_ms = last->before_unread_ms;
	before.over_by = last->before_over_by;
	before.over_post_id = last->before_over_post_id;
	before.over_as = last->before_over_as;
	int what = code_index(answer_codes, last->answer);
	assert(what >= 0);
	return (struct answered){ .before = alerts_row(&before),
		.what = (enum answer)what,
		.account_id = last->account_id,
		.at_ms = last->created_ms,
		.alone = last->turn == a->turn };
}

static enum err refuse_undo(struct ctx *c)
{
	return REFUSE(c, ERR_CONFLICT, "Only your own last answer can be undone, within a minute.");
}

static enum err refuse_undo_acted(struct ctx *c)
{
	return REFUSE(c, ERR_CONFLICT, "Somebody else has gone on from your answer: it cannot be undone any more.");
}

enum err alerts_undo(struct ctx *c, int64_t alert_id, int64_t answer_id)
{
	struct alerts_take_row a;
	struct alerts_answer_last_row last;
	struct alerts_answer_undone_row undone;
	struct alerts_of_case_row newest;
	struct turn t;
	bool found, others, again = false;
	TRY(alerts_lock(c, alert_id, &a));
	if (answer_id)
		TRY(alerts_answer_undone(c, answer_id, alert_id, c->account_id, &undone, &again));
	if (again)
		return OK;
	TRY(alerts_answer_last(c, alert_id, &last, &found));
	if (!found || (answer_id && last.id != answer_id))
		return refuse_undo(c);
	TRY(cases_others_acted(c, a.case_id, last.created_ms, &others));
	struct escalation was = alerts_row(&a);
	TRY(alerts_of_case(c, a.case_id, &newest, &found));
	others = others || (was.ended_ms && newest.id != alert_id); /* another call goes on from its end */
	struct answered of = answered_of(&a, &last);
	if (!escalation_undo(&was, &of, c->account_id, others, c->now_ms, &t))
		return others ? refuse_undo_acted(c) : refuse_undo(c);
	TRY(alerts_store(c, &a, &t.to));
	TRY(alerts_answer_undo(c, last.id));
	if (t.to.owner_id != was.owner_id)
		TRY(alerts_call_unanswered(c, alert_id, was.owner_post_id, last.created_ms));
	TRY(cases_note_entry(c, a.case_id, t.entry, last.answer, last.post_id, alert_id, NULL));
	return cases_changed(c, a.case_id);
}
