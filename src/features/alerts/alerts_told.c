/* What a reporter is told of the call that speaks for their report.
 *
 * Where a case spares the neighbourhood, anybody may be the head of the RW who reports something there to learn what others
 * have reported. So a report that joined a call is told only what was done after it came: as if it had been the first, the
 * call is told to ring by the ladder of its own level, until somebody who reads it answers. */
#include "alerts_sql.h"
#include "base/clock.h"
#include "features/alerts/alerts.h"
#include "features/alerts/alerts_row.h"

/* A call as it would stand if it had been raised with the report. */
struct fresh {
	struct escalation to;
	struct alert_target *plan;
	size_t plan_count;
	int64_t zone_ms;
};

static enum err climb(struct ctx *c, struct fresh *f, int64_t at_ms)
{
	bool heard = false;
	int64_t step = f->to.step, first = f->to.step + 1;
	for (size_t i = 0; i < f->plan_count; i++) {
		const struct alert_target *t = &f->plan[i];
		bool this_one;
		if (t->step < first)
			continue;
		if (t->step > step && heard) {
			escalation_climbed(&f->to, step, true, t->after_s, at_ms, f->zone_ms);
			return OK;
		}
		step = t->step;
		TRY(alerts_hears(c, t->post_id, t->roles, t->on_duty_only, &this_one));
		heard = heard || this_one;
	}
	escalation_climbed(&f->to, step, false, 0, at_ms, f->zone_ms);
	return OK;
}

/* Every deadline until a moment passes without an answer. */
static enum err pass(struct ctx *c, struct fresh *f, int64_t until_ms)
{
	while (escalation_is_due(&f->to, until_ms)) {
		struct turn t;
		int64_t at_ms = f->to.next_ms;
		size_t next = 0;
		while (next < f->plan_count && f->plan[next].step <= f->to.step)
			next++;
		bool more = next < f->plan_count;
		escalation_late(&f->to, more, more ? f->plan[next].after_s : 0, at_ms, f->zone_ms, &t);
		f->to = t.to;
		if (more)
			TRY(climb(c, f, at_ms));
	}
	return OK;
}

/* A further report, or (without a level) a word of a reporter. */
static enum err hear(struct ctx *c, struct fresh *f, const struct alerts_told_report_row *r,
	const struct alerts_told_later_row *what)
{
	struct turn t;
	TRY(pass(c, f, what->created_ms));
	if (!what->level.p) {
		(void)escalation_written(&f->to, what->created_ms, &t);
		f->to = t.to;
		return OK;
	}
	enum level level = (enum level)code_index(level_codes, what->level);
	enum joined joined = escalation_joined(&f->to, level, what->created_ms, &t);
	f->to = t.to;
	if (joined != JOINED_CLIMBS)
		return OK;
	TRY(alerts_plan(c, r->place_id, level, r->spares_neighbours, &f->plan, &f->plan_count));
	return climb(c, f, what->created_ms);
}

static enum err begin(struct ctx *c, int64_t case_id, int64_t report_id, struct fresh *f)
{
	struct alerts_told_report_row r;
	struct alerts_told_later_row *later;
	size_t later_count;
	TRY(alerts_told_report(c, report_id, &r));
	enum level level = (enum level)code_index(level_codes, r.level);
	TRY(alerts_zone_ms(c, &f->zone_ms));
	TRY(alerts_plan(c, r.place_id, level, r.spares_neighbours, &f->plan, &f->plan_count));
	f->to = escalation_new(level, r.created_ms);
	TRY(climb(c, f, r.created_ms));
	TRY(alerts_told_later(c, report_id, case_id, r.created_ms, &later, &later_count));
	for (size_t i = 0; i < later_count; i++)
		TRY(hear(c, f, &r, &later[i]));
	return pass(c, f, c->now_ms);
}

/* The posts up to the step that it would have come to, as far as they were called. */
static bool reached(const struct fresh *f, int64_t post_id)
{
	for (size_t i = 0; i < f->plan_count; i++)
		if (f->plan[i].post_id == post_id && f->plan[i].step <= f->to.step)
			return true;
	return false;
}

static enum err fill_called(struct ctx *c, int64_t alert_id, const struct fresh *f, struct alert_told *out)
{
	struct alerts_calls_row *calls;
	size_t calls_count;
	TRY(alerts_calls(c, alert_id, &calls, &calls_count));
	out->called = arena_array(c->mem, int64_t, calls_count + 1);
	for (size_t i = 0; i < calls_count; i++)
		if (!f || reached(f, calls[i].post_id))
			out->called[out->called_count++] = calls[i].post_id;
	return OK;
}

enum err alerts_told(struct ctx *c, int64_t case_id, int64_t report_id, struct alert_told *out)
{
	struct alerts_told_of_row row;
	struct fresh f = { 0 };
	bool found;
	TRY(alerts_told_of(c, report_id, case_id, &row, &found));
	*out = (struct alert_told){ .state = found ? row.state : S("calm") };
	if (!found || row.ended_ms.is)
		return OK;
	out->due_ms = row.next_ms.is ? row.next_ms.v : 0;
	out->late_ms = row.late_ms.is ? row.late_ms.v : 0;
	if (!row.apart)
		return fill_called(c, row.id, NULL, out);
	TRY(begin(c, case_id, report_id, &f));
	if (!row.taken) {
		out->state = row.seen ? S("seen") : S("ringing");
		out->due_ms = f.to.next_ms;
		out->late_ms = f.to.late_ms;
	}
	return fill_called(c, row.id, &f, out);
}
