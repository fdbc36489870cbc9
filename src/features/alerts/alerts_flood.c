#include "features/alerts/alerts_flood.h"
#include "alerts_flood_sql.h"
#include "base/clock.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_lineage.h"
#include "features/alerts/alerts_row.h"
#include "features/audit/audit.h"
#include "features/cases/cases_seen.h"
#include "web/words.h"

static const int64_t AGREE_MS = HOUR_MS;

static int by_case(const void *one, const void *other)
{
	const struct flood_pick *a = one, *b = other;
	return (a->case_id > b->case_id) - (a->case_id < b->case_id);
}

/* Cases are taken in one order, whoever takes several. */
static struct flood_pick *in_order(struct ctx *c, const struct flood_pick *picks, size_t count)
{
	struct flood_pick *sorted = arena_array(c->mem, struct flood_pick, count + 1);
	if (count) {
		memcpy(sorted, picks, count * sizeof *picks);
		qsort(sorted, count, sizeof *sorted, by_case);
	}
	return sorted;
}

/* What every call of a case that goes on becomes; false where one may not end like this, or none goes on. The case is taken. */
static enum err end_calls(struct ctx *c, int64_t case_id, int64_t proposer_id, int64_t post_id, bool really, bool *may)
{
	struct alerts_flood_calls_row *calls;
	size_t count;
	TRY(alerts_flood_calls(c, case_id, &calls, &count));
	*may = count > 0;
	for (size_t i = 0; i < count && *may; i++) {
		struct alerts_take_row a;
		struct turn t;
		TRY(alerts_take(c, calls[i].id, &a));
		struct escalation was = alerts_row(&a);
		*may = escalation_flooded(&was, proposer_id, c->now_ms, &t);
		if (!*may || !really)
			continue;
		TRY(alerts_store(c, &a, &t.to));
		TRY(cases_note_entry(c, case_id, t.entry, S(""), post_id, calls[i].id, NULL));
	}
	return OK;
}

static enum err is_open(struct ctx *c, int64_t case_id, bool *open)
{
	struct case_state kase;
	TRY(cases_state(c, case_id, &kase));
	*open = kase.id == case_id && str_is(kase.state, "open");
	return OK;
}

enum err alerts_flood_waits(struct ctx *c, int64_t case_id, bool *waits)
{
	struct alerts_flood_answered_row answered;
	struct alerts_flood_unanswered_row row;
	TRY(alerts_flood_answered(c, case_id, &answered));
	TRY(alerts_flood_unanswered(c, case_id, or_zero(answered.last_ms), &row));
	*waits = row.unanswered;
	return OK;
}

/* Whether it is open, about no fight, and no reporter waits for an answer. */
static enum err may_end(struct ctx *c, int64_t case_id, bool *may)
{
	struct alerts_flood_fight_row fight;
	bool open, waits;
	TRY(is_open(c, case_id, &open));
	TRY(alerts_flood_fight(c, case_id, &fight));
	TRY(alerts_flood_waits(c, case_id, &waits));
	*may = open && !fight.fight && !waits;
	return OK;
}

/* *POST_ID: the desk's post that takes part. */
static enum err check_desk(struct ctx *c, int64_t case_id, int64_t *post_id)
{
	struct case_seen seen;
	struct alerts_flood_desk_row desk;
	bool is_desk;
	TRY(cases_seen(c, case_id, &seen));
	TRY(alerts_flood_desk(c, case_id, c->account_id, ROLE_DESK, &desk, &is_desk));
	if (!is_desk)
		return REFUSE(c, ERR_DENIED, "Only a desk whose post takes part proposes to end an incident.");
	*post_id = desk.post_id;
	return OK;
}

/* Whether the page on which it was ticked shows all that its reporters wrote. */
static enum err check_shown(struct ctx *c, const struct flood_pick *pick)
{
	int64_t shown;
	if (!pick->shown)
		return OK;
	TRY(cases_shown(c, pick->case_id, &shown));
	return shown == pick->shown ? OK
				    : REFUSE(c, ERR_CONFLICT,
					      "A reporter of one of these wrote something that was not on your page. "
					      "Nothing was proposed: read the list again.");
}

static enum err propose_one(struct ctx *c, int64_t flood_id, const struct flood_pick *pick)
{
	int64_t case_id = pick->case_id;
	int64_t post_id;
	bool may;
	TRY(cases_lock(c, case_id));
	TRY(check_desk(c, case_id, &post_id));
	TRY(check_shown(c, pick));
	TRY(may_end(c, case_id, &may));
	if (may)
		TRY(end_calls(c, case_id, c->account_id, post_id, false, &may));
	if (!may)
		return REFUSE(c, ERR_CONFLICT,
			"One of these cannot be ended together with others: a fight, one that somebody has in hand, or "
			"where "
			"a reporter has written. Look at the list again.");
	TRY(alerts_flood_add(c, flood_id, case_id));
	TRY(cases_note_entry(c, case_id, "proposed_end", S(""), post_id, 0, NULL));
	return cases_changed(c, case_id);
}

enum err alerts_flood_propose(struct ctx *c, const struct flood_pick *picks, size_t count, int64_t *id)
{
	struct flood_pick *sorted = in_order(c, picks, count);
	int64_t post_id;
	assert(count > 0);
	*id = id_new_blurred(c->now_ms);
	TRY(check_desk(c, sorted[0].case_id, &post_id));
	TRY(alerts_flood_insert(c, *id, c->account_id, post_id));
	for (size_t i = 0; i < count; i++)
		TRY(propose_one(c, *id, &sorted[i]));
	return audit_note(c, AUDIT_FLOOD, "alert_floods", *id, arena_printf(c->mem, "proposed %zu", count));
}

/* Ends one, unless something speaks against it by now. */
static enum err end_one(struct ctx *c, const struct alerts_flood_get_row *flood, int64_t case_id, bool *ended)
{
	struct alerts_flood_news_row news;
	struct case_seen seen;
	bool confirms, may;
	*ended = false;
	TRY(cases_seen(c, case_id, &seen));
	TRY(may_end(c, case_id, &may));
	TRY(alerts_flood_news(c, case_id, flood->created_ms, &news));
	TRY(cases_may_confirm(c, case_id, &confirms));
	if (!may || news.news || !confirms)
		return OK;
	TRY(end_calls(c, case_id, flood->made_by, seen.post_id, false, &may));
	if (!may)
		return OK;
	TRY(end_calls(c, case_id, flood->made_by, seen.post_id, true, &may));
	*ended = true;
	return cases_close_agreed(c, case_id, seen.post_id, flood->made_by, S("unfounded"));
}

/* Whoever proposed it, and whoever counts as one person with them, does not agree to it. */
static enum err check_other(struct ctx *c, const struct alerts_flood_get_row *flood)
{
	bool one;
	TRY(accounts_one_person(c, c->account_id, flood->made_by, &one));
	if (one)
		return REFUSE(c, ERR_DENIED,
			"Whoever proposed it and you count as one person. Somebody else has to look at it and agree.");
	if (flood->created_ms + AGREE_MS <= c->now_ms)
		return REFUSE(c, ERR_CONFLICT, "This proposal is older than an hour. Make a new one.");
	return OK;
}

enum err alerts_flood_agree(struct ctx *c, int64_t id, const int64_t *case_ids, size_t count)
{
	struct alerts_flood_get_row flood;
	struct alerts_flood_rows_row *rows;
	size_t rows_count, ended_count = 0, kept_count = 0;
	bool found;
	TRY(alerts_flood_get(c, id, &flood, &found));
	TRY(alerts_flood_rows(c, id, c->account_id, ROLES_ANSWER, &rows, &rows_count));
	if (!found || !rows_count)
		return found ? REFUSE(c, ERR_DENIED, "Only members of the posts that take part see this case.")
			     : FAIL(c, ERR_NOT_FOUND, "no such proposal");
	TRY(check_other(c, &flood));
	for (size_t i = 0; i < rows_count; i++) {
		struct alerts_flood_decide_row decided;
		bool ended = false, first;
		TRY(cases_lock(c, rows[i].case_id));
		if (!str_is(rows[i].state, "proposed"))
			continue;
		if (id_among(case_ids, count, rows[i].case_id))
			TRY(end_one(c, &flood, rows[i].case_id, &ended));
		TRY(alerts_flood_decide(
			c, id, rows[i].case_id, ended ? S("ended") : S("kept"), c->account_id, &decided, &first));
		if (!first)
			return FAIL(c, ERR_CONFLICT, "somebody has decided on it at the same time");
		ended_count += ended;
		kept_count += !ended;
	}
	return audit_note(c, AUDIT_FLOOD, "alert_floods", id,
		arena_printf(c->mem, "ended %zu, kept %zu", ended_count, kept_count));
}

enum err alerts_flood_waiting_for(struct ctx *c, struct alert_flood_waiting **rows, size_t *count)
{
	struct alerts_flood_waiting_row *found;
	size_t found_count;
	TRY(alerts_flood_waiting(c, c->account_id, ROLES_ANSWER, c->now_ms - AGREE_MS, &found, &found_count));
	*rows = arena_array(c->mem, struct alert_flood_waiting, found_count + 1);
	*count = found_count;
	for (size_t i = 0; i < found_count; i++) {
		struct word_value values[] = {
			{"name",              found[i].name},
                        {   "post", found[i].post_name            },
			{ "n",    arena_i64(c->mem,                found[i].cases) }
		};
		(*rows)[i] = (struct alert_flood_waiting){ found[i].id,
			words_fill(c->mem,
				words_plural(c->lang,
					"{name} ({post}) proposes to end {n} incident as unfounded. Somebody else has "
					"to agree.",
					"{name} ({post}) proposes to end {n} incidents as unfounded. Somebody else has "
					"to agree.",
					found[i].cases),
				values, COUNT(values)) };
	}
	return OK;
}
