/* The ladder: raising, climbing, ringing again. Answers are in alerts_answer.c, the ladders themselves in
 * alerts_ladder.c; what becomes of an alert is decided in features/escalation. */
#include "features/alerts/alerts.h"
#include "alerts_sql.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "features/accounts/accounts.h"
#include "features/alerts/alerts_row.h"
#include "features/cases/cases_seen.h"
#include "features/places/places.h"
#include "features/posts/posts.h"
#include "jobs/queue.h"

/* A job that is so late has been lost or given up; one that fails is tried again within an hour. */
static const int64_t FORGOTTEN_MS = 2 * MINUTE_MS, AGAIN_MS = HOUR_MS;
/* No deadline lies further ahead: the morning of the seventh day is the last. */
static const int64_t FURTHEST_MS = 8 * DAY_MS;

enum err alerts_lock(struct ctx *c, int64_t alert_id, struct alerts_take_row *a)
{
	struct alerts_get_row is;
	TRY(alerts_get(c, alert_id, &is));
	int64_t case_id = is.case_id;
	TRY(cases_lock(c, case_id));
	TRY(alerts_get(c, alert_id, &is));
	/* Joined meanwhile: nothing of the alert is held yet, for who has that case may wait for it. */
	if (is.case_id != case_id)
		TRY(cases_lock(c, is.case_id));
	return alerts_take(c, alert_id, a);
}

struct escalation alerts_row(const struct alerts_take_row *a)
{
	int level = code_index(level_codes, a->level);
	assert(level >= 0);
	return (struct escalation){ .level = (enum level)level,
		.state = alert_state_of(a->state),
		.step = a->step,
		.rings = a->rings,
		.ladder_ms = a->ladder_ms,
		.owner_id = or_zero(a->owner_id),
		.owner_post_id = or_zero(a->owner_post_id),
		.offered_to = or_zero(a->offered_to),
		.owned_ms = or_zero(a->owned_ms),
		.there_ms = or_zero(a->there_ms),
		.next_ms = or_zero(a->next_ms),
		.late_ms = or_zero(a->late_ms),
		.rung_ms = a->rung_ms,
		.unread_ms = or_zero(a->unread_ms),
		.over_by = or_zero(a->over_by),
		.over_post_id = or_zero(a->over_post_id),
		.over_as = a->over_as.p ? alert_state_of(a->over_as) : ALERT_RINGING,
		.ended_ms = or_zero(a->ended_ms) };
}

enum err alerts_store(struct ctx *c, const struct alerts_take_row *a, const struct escalation *to)
{
	struct escalation was = alerts_row(a);
	assert((to->next_ms != 0) != (to->ended_ms != 0));
	struct str over = to->over_by ? str_of(alert_state_codes[to->over_as]) : (struct str){ 0 };
	TRY(alerts_save(c, a->id, str_of(level_codes[to->level]), str_of(alert_state_codes[to->state]), to->step,
		to->rings, to->ladder_ms, some(to->owner_id), some(to->owner_post_id), some(to->offered_to),
		some(to->owned_ms), some(to->there_ms), some(to->next_ms), some(to->late_ms), to->rung_ms,
		some(to->unread_ms), a->unread_report, some(to->over_by), some(to->over_post_id), over,
		some(to->ended_ms)));
	if (to->next_ms && to->next_ms != was.next_ms)
		TRY(jobs_add(c, "alert_climb", a->id, to->next_ms));
	if (was.unread_ms && !to->unread_ms)
		TRY(alerts_words_heard(c, a->id));
	if (to->ended_ms && !was.ended_ms)
		TRY(cases_call_ended(c, a->case_id));
	if (to->owner_id != was.owner_id || to->owner_post_id != was.owner_post_id)
		TRY(cases_set_owner(c, a->case_id, to->owner_id, to->owner_post_id));
	return to->level > was.level ? cases_raise_level(c, a->case_id, to->level) : OK;
}

enum err alerts_hears(struct ctx *c, int64_t post_id, int64_t roles, bool on_duty_only, bool *heard)
{
	struct alerts_hearing_row row;
	TRY(alerts_hearing(c, post_id, roles, on_duty_only, accounts_settings.idle_ms, 0, 0, 0, &row));
	*heard = row.n > 0;
	return OK;
}

enum err alerts_is_left(struct ctx *c, const struct alerts_take_row *a, int64_t account_id, bool *left)
{
	struct alerts_calls_row *calls;
	struct alerts_hearing_row row;
	size_t count;
	*left = false;
	TRY(alerts_calls(c, a->id, &calls, &count));
	for (size_t i = 0; i < count && !*left; i++) {
		const struct alerts_calls_row *k = &calls[i];
		if (k->step != a->step)
			continue;
		TRY(alerts_hearing(c, k->post_id, k->roles, k->on_duty, accounts_settings.idle_ms, a->id, account_id,
			k->rung_ms, &row));
		*left = row.n > 0;
	}
	return OK;
}

static enum err call(
	struct ctx *c, int64_t alert_id, int64_t post_id, int64_t step, unsigned roles, bool on_duty, bool *heard)
{
	TRY(alerts_hears(c, post_id, roles, on_duty, heard));
	TRY(alerts_call(c, alert_id, post_id, step, roles, on_duty, *heard));
	return live_publish(c, post_id, "@ring", alert_id);
}

enum err alerts_reach_out(struct ctx *c, const struct alerts_take_row *a, int64_t post_id)
{
	bool heard;
	TRY(cases_add_post(c, a->case_id, post_id));
	return call(c, a->id, post_id, a->step, ROLES_ANSWER, false, &heard);
}

/* The posts that ring for a report: those that read it; for none (0) all. */
struct ringing {
	bool all;
	int64_t *post_ids;
	size_t count;
};

static enum err load_ringing(struct ctx *c, int64_t report_id, struct ringing *r)
{
	*r = (struct ringing){ .all = report_id == 0 };
	return r->all ? OK : cases_report_posts(c, report_id, &r->post_ids, &r->count);
}

static bool rings(const struct ringing *r, int64_t post_id)
{
	return r->all || id_among(r->post_ids, r->count, post_id);
}

static enum err calls_of(
	struct ctx *c, int64_t alert_id, const struct ringing *r, struct alerts_calls_row **calls, size_t *count)
{
	size_t kept = 0;
	TRY(alerts_calls(c, alert_id, calls, count));
	for (size_t i = 0; i < *count; i++)
		if (rings(r, (*calls)[i].post_id))
			(*calls)[kept++] = (*calls)[i];
	*count = kept;
	return OK;
}

/* *HEARD becomes true where somebody hears this call. */
static enum err ring_call(struct ctx *c, int64_t alert_id, const struct alerts_calls_row *k, bool *heard)
{
	bool this_one;
	TRY(alerts_hears(c, k->post_id, k->roles, k->on_duty, &this_one));
	*heard = *heard || this_one;
	return alerts_call_rings(c, alert_id, k->post_id, k->roles, this_one);
}

/* Those of CALLS ring that are of one step (ONE) or of all but this. */
static enum err ring_calls(struct ctx *c, int64_t alert_id, const struct alerts_calls_row *calls, size_t count,
	int64_t step, bool one, bool *heard)
{
	for (size_t i = 0; i < count; i++) {
		bool again = i > 0 && calls[i].post_id == calls[i - 1].post_id && calls[i].step == calls[i - 1].step;
		if ((calls[i].step == step) != one)
			continue;
		TRY(ring_call(c, alert_id, &calls[i], heard));
		if (!again)
			TRY(live_publish(c, calls[i].post_id, "@ring", alert_id));
	}
	return OK;
}

/* Who has it is asked, too; their post need not have been called. */
static enum err ring_owner(
	struct ctx *c, const struct alerts_take_row *a, const struct escalation *to, const struct ringing *r)
{
	struct alerts_calls_row *calls;
	size_t count;
	bool heard = false;
	if (!to->owner_post_id || !rings(r, to->owner_post_id))
		return OK;
	TRY(alerts_calls(c, a->id, &calls, &count));
	for (size_t i = 0; i < count; i++)
		if (calls[i].post_id == to->owner_post_id)
			TRY(ring_call(c, a->id, &calls[i], &heard));
	return live_publish(c, to->owner_post_id, "@ring", a->id);
}

enum err alerts_ring_step(
	struct ctx *c, const struct alerts_take_row *a, const struct escalation *to, int64_t report_id)
{
	struct alerts_calls_row *calls;
	struct ringing r;
	size_t count;
	bool heard = false;
	TRY(load_ringing(c, report_id, &r));
	TRY(calls_of(c, a->id, &r, &calls, &count));
	TRY(ring_calls(c, a->id, calls, count, to->step, true, &heard));
	if (!heard)
		TRY(ring_calls(c, a->id, calls, count, to->step, false, &heard));
	return ring_owner(c, a, to, &r);
}

void alerts_waits_for(struct alerts_take_row *a, const struct escalation *to, int64_t report_id)
{
	if (to->unread_ms && !a->unread_ms.is)
		a->unread_report = some(report_id);
}

enum err alerts_zone_ms(struct ctx *c, int64_t *ms)
{
	struct ctx before = *c;
	if (!str_eq(c->zone.region, c->region))
		TRY(places_enter(c, c->region));
	*ms = c->zone.minutes * MINUTE_MS;
	c->region = before.region;
	c->zone = before.zone;
	return OK;
}

struct called {
	int64_t alert_id, case_id;
};

static enum err call_target(struct ctx *c, void *arg, const struct alert_target *t, bool *heard)
{
	const struct called *of = arg;
	TRY(call(c, of->alert_id, t->post_id, t->step, t->roles, t->on_duty_only, heard));
	TRY(cases_add_post(c, of->case_id, t->post_id));
	return cases_note_entry(c, of->case_id, "called", S(""), t->post_id, of->alert_id, NULL);
}

static enum err climb(struct ctx *c, int64_t alert_id, int64_t case_id, const struct alert_target *plan,
	size_t plan_count, struct escalation *to)
{
	struct called of = { alert_id, case_id };
	return alerts_climb(c, plan, plan_count, c->now_ms, to, call_target, &of);
}

/* The posts of the first step can answer it, and are rung when it is due. */
static enum err call_held(
	struct ctx *c, const struct alerts_take_row *row, const struct alert_target *plan, size_t plan_count)
{
	for (size_t i = 0; i < plan_count && plan[i].step == plan[0].step; i++) {
		const struct alert_target *t = &plan[i];
		TRY(alerts_call_held(c, row->id, t->post_id, t->step, t->roles, t->on_duty_only));
		TRY(cases_add_post(c, row->case_id, t->post_id));
	}
	return OK;
}

/* Calls by PLAN; ROW says what for, TO how it begins. */
static enum err raise(struct ctx *c, struct alerts_take_row *row, const struct alert_target *plan, size_t plan_count,
	struct escalation to)
{
	row->id = id_new_blurred(c->now_ms);
	row->level = str_of(level_codes[to.level]);
	TRY(alerts_insert(c, row->id, row->case_id, row->report_id, row->place_id, row->level, row->reason));
	TRY(escalation_is_held(&to) ? call_held(c, row, plan, plan_count)
				    : climb(c, row->id, row->case_id, plan, plan_count, &to));
	TRY(alerts_store(c, row, &to));
	return cases_changed(c, row->case_id);
}

enum err alerts_raise(struct ctx *c, int64_t case_id, int64_t report_id, int64_t place_id, enum level level,
	enum trigger why, const struct alert_target *plan, size_t plan_count, int64_t *id)
{
	struct alerts_take_row row = { .case_id = case_id,
		.report_id = some(report_id),
		.place_id = place_id,
		.reason = str_of(trigger_codes[why]) };
	TRY(raise(c, &row, plan, plan_count, escalation_new(level, c->now_ms)));
	*id = row.id;
	return OK;
}

/* RW posts are on the ladder unless the reporter left them out: then none was planned at the start either. */
enum err alerts_spared(struct ctx *c, const struct alerts_take_row *a, bool *spared)
{
	struct alerts_spares_row row;
	bool found = false;
	if (a->report_id.is)
		TRY(alerts_spares(c, a->report_id.v, &row, &found));
	*spared = found && row.spares_neighbours;
	return OK;
}

/* Of a case that was opened by hand: those that take part, all at once. */
static enum err plan_of_posts(struct ctx *c, int64_t case_id, struct alert_target **plan, size_t *plan_count)
{
	int64_t *posts;
	TRY(cases_posts(c, case_id, &posts, plan_count));
	*plan = arena_array(c->mem, struct alert_target, *plan_count + 1);
	for (size_t i = 0; i < *plan_count; i++)
		(*plan)[i] = (struct alert_target){ .post_id = posts[i], .roles = ROLES_ANSWER };
	return OK;
}

static enum err plan_of(struct ctx *c, const struct alerts_take_row *a, enum level level, struct alert_target **plan,
	size_t *plan_count)
{
	bool spared;
	if (!a->report_id.is)
		return plan_of_posts(c, a->case_id, plan, plan_count);
	TRY(alerts_spared(c, a, &spared));
	return alerts_plan(c, a->place_id, level, spared, plan, plan_count);
}

enum err alerts_climb_job(struct ctx *c, int64_t alert_id)
{
	struct alerts_take_row a;
	struct alert_target *plan;
	size_t plan_count;
	struct turn t;
	bool more;
	TRY(alerts_lock(c, alert_id, &a));
	struct escalation was = alerts_row(&a);
	if (!escalation_is_due(&was, c->now_ms))
		return OK; /* answered since, or the deadline moved and has a job of its own */
	TRY(plan_of(c, &a, was.level, &plan, &plan_count));
	TRY(alerts_passed(c, plan, plan_count, c->now_ms, &was, &t, &more));
	if (t.entry)
		TRY(cases_note_entry(c, a.case_id, t.entry, S(""), 0, alert_id, NULL));
	if (more)
		TRY(climb(c, alert_id, a.case_id, plan, plan_count, &t.to));
	TRY(more ? ring_owner(c, &a, &t.to, &(struct ringing){ .all = true }) : alerts_ring_step(c, &a, &t.to, 0));
	TRY(alerts_store(c, &a, &t.to));
	return cases_changed(c, a.case_id);
}

/* A moment that has been is not after now. */
static int64_t been(const struct ctx *c, int64_t ms)
{
	return ms < c->now_ms ? ms : c->now_ms;
}

enum err alerts_moved_back(struct ctx *c, int64_t alert_id, int64_t was_ms, int64_t by_ms)
{
	struct alerts_take_row a;
	TRY(alerts_lock(c, alert_id, &a));
	struct escalation to = alerts_row(&a);
	if (to.ended_ms || to.next_ms != was_ms)
		return OK; /* answered since, or the deadline moved and has a job of its own */
	to.next_ms -= by_ms;
	to.ladder_ms = been(c, to.ladder_ms);
	to.owned_ms = been(c, to.owned_ms);
	to.there_ms = been(c, to.there_ms);
	to.late_ms = been(c, to.late_ms);
	to.rung_ms = been(c, to.rung_ms);
	to.unread_ms = been(c, to.unread_ms);
	TRY(alerts_calls_been(c, alert_id));
	TRY(alerts_store(c, &a, &to));
	return cases_changed(c, a.case_id);
}

static enum err find_stuck(struct ctx *c, int64_t late_ms, struct alerts_stuck_row **rows, size_t *count)
{
	return alerts_stuck(
		c, c->now_ms - late_ms, c->now_ms + AGAIN_MS, c->now_ms + FURTHEST_MS, JOBS_ATTEMPTS_MAX, rows, count);
}

enum err alerts_stuck_count(struct ctx *c, int64_t late_ms, size_t *count)
{
	struct alerts_stuck_row *rows;
	return find_stuck(c, late_ms, &rows, count);
}

enum err alerts_wake_job(struct ctx *c, int64_t unused)
{
	struct alerts_stuck_row *rows;
	size_t count;
	(void)unused;
	TRY(find_stuck(c, FORGOTTEN_MS, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		int64_t was_ms = or_zero(rows[i].next_ms), by_ms = was_ms - c->now_ms;
		if (by_ms > FURTHEST_MS)
			TRY(alerts_moved_back(c, rows[i].id, was_ms, by_ms));
		else
			TRY(jobs_add(c, "alert_climb", rows[i].id, by_ms > 0 ? was_ms : c->now_ms));
	}
	if (count)
		log_error("alerts_stuck",
			"region=%.*s alerts=%zu why=\"no job would have moved them in time; each has one now\"",
			STR_ARG(c->region), count);
	return OK;
}

enum err alerts_raise_anew(struct ctx *c, const struct case_state *kase, const struct alerts_take_row *last,
	struct escalation to, int64_t report_id, int64_t *id)
{
	struct alert_target *plan;
	size_t plan_count;
	int level = code_index(level_codes, kase->level);
	assert(level >= 0);
	struct alerts_take_row row = { .case_id = kase->id, .place_id = kase->place_id, .reason = kase->reason };
	if (last) {
		row.report_id = last->report_id;
		row.place_id = last->place_id;
		row.reason = last->reason;
	}
	to.level = (enum level)level;
	TRY(plan_of(c, &row, to.level, &plan, &plan_count));
	row.unread_report = some(to.unread_ms ? report_id : 0);
	TRY(raise(c, &row, plan, plan_count, to));
	*id = row.id;
	return OK;
}

enum err alerts_climb_now(struct ctx *c, const struct alerts_take_row *a, struct escalation *to)
{
	struct alert_target *plan;
	size_t plan_count;
	TRY(plan_of(c, a, to->level, &plan, &plan_count));
	return climb(c, a->id, a->case_id, plan, plan_count, to);
}

enum err alerts_climb_early(struct ctx *c, const struct alerts_take_row *a, struct escalation *to)
{
	struct alert_target *plan;
	size_t plan_count;
	TRY(plan_of(c, a, to->level, &plan, &plan_count));
	size_t next = alerts_step_after(plan, plan_count, to->step);
	if (next == plan_count)
		return OK;
	escalation_steps_from(to, plan[next].after_s, c->now_ms);
	return climb(c, a->id, a->case_id, plan, plan_count, to);
}

enum err alerts_report_joined(struct ctx *c, int64_t alert_id, int64_t report_id, enum level level)
{
	struct alerts_take_row a;
	struct turn t;
	TRY(alerts_take(c, alert_id, &a));
	struct escalation was = alerts_row(&a);
	if (was.ended_ms)
		return REFUSE(c, ERR_CONFLICT, "This call has ended already.");
	switch (escalation_joined(&was, level, c->now_ms, &t)) {
	case JOINED_CLIMBS: TRY(alerts_climb_now(c, &a, &t.to)); break;
	case JOINED_RINGS:
		TRY(cases_note_entry(c, a.case_id, "rang_again", S(""), 0, report_id, NULL));
		TRY(alerts_ring_step(c, &a, &t.to, report_id));
		break;
	case JOINED_QUIET: break;
	}
	alerts_waits_for(&a, &t.to, report_id);
	TRY(alerts_store(c, &a, &t.to));
	return cases_report_came(c, a.case_id, report_id);
}

enum err alerts_anew_job(struct ctx *c, int64_t case_id)
{
	struct escalation to = escalation_new(LEVEL_POTENSI, c->now_ms);
	struct alerts_of_case_row found;
	struct alerts_take_row a;
	struct case_state kase;
	int64_t id;
	bool is;
	TRY(cases_state(c, case_id, &kase)); /* the one that goes on, when it was joined since */
	TRY(cases_lock(c, kase.id));
	TRY(cases_state(c, kase.id, &kase));
	if (!str_is(kase.state, "open"))
		return OK;
	TRY(alerts_of_case(c, kase.id, &found, &is));
	if (is)
		TRY(alerts_lock(c, found.id, &a));
	return is && !a.ended_ms.is ? OK : alerts_raise_anew(c, &kase, is ? &a : NULL, to, 0, &id);
}
