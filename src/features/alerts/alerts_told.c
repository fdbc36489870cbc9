/* What a reporter is told of the call that speaks for their report.
 *
 * Where a case spares the neighbourhood, anybody may be the head of the RW who reports something there to learn what others
 * have reported, before or after. So each reporter is told only of their own report and words and of what the posts that read it
 * did since: as if theirs were the only ones, an answer is overdue when the ladder of the report's level says so, until somebody
 * answers, and by nobody else's word again. Which posts it has called and when it rings is not told, for that depends on the
 * others: somebody may have the call of which this report became a part.
 *
 * Nobody is told who is on duty or signed in now: what a reporter reads is how their call went when it rang. */
#include "alerts_sql.h"
#include "base/clock.h"
#include "features/alerts/alerts.h"
#include "features/alerts/alerts_row.h"

/* A call as it would stand if there were no other report. */
struct alone {
	struct escalation to;
	struct worded words;
	int64_t since_ms; /* raised, by the report or by a word after an end */
	struct str ended; /* how, or null */
	struct alert_target *plan;
	size_t plan_count;
};

/* Every deadline until a moment passes without an answer. */
static enum err pass(struct ctx *c, struct alone *f, int64_t until_ms)
{
	while (escalation_is_due(&f->to, until_ms)) {
		struct turn t;
		bool more;
		int64_t at_ms = f->to.next_ms;
		TRY(alerts_passed(c, f->plan, f->plan_count, at_ms, &f->to, &t, &more));
		f->to = t.to;
		if (more)
			TRY(alerts_climb(c, f->plan, f->plan_count, at_ms, &f->to, NULL, NULL));
	}
	return OK;
}

static enum err raise(struct ctx *c, struct alone *f, const struct alerts_told_report_row *r, int64_t at_ms)
{
	f->to = escalation_new((enum level)code_index(level_codes, r->level), at_ms);
	f->since_ms = at_ms;
	return alerts_climb(c, f->plan, f->plan_count, at_ms, &f->to, NULL, NULL);
}

static void end(struct alone *f, const struct alerts_told_ends_row *e)
{
	f->ended = e->state;
	f->to.ended_ms = e->ended_ms.v;
	f->to.unread_ms = 0;
}

/* A word of the reporter. */
static enum err hear(struct ctx *c, struct alone *f, int64_t at_ms)
{
	struct turn t;
	TRY(pass(c, f, at_ms));
	enum written written = escalation_written(&f->to, &f->words, 0, at_ms, &t, &f->words);
	f->to = t.to;
	if (written == WRITTEN_ANEW || written == WRITTEN_HELD) {
		f->since_ms = at_ms;
		f->ended = (struct str){ NULL, 0 };
	}
	return written == WRITTEN_ANEW ? alerts_climb(c, f->plan, f->plan_count, at_ms, &f->to, NULL, NULL) : OK;
}

static enum err run(
	struct ctx *c, int64_t case_id, int64_t report_id, const struct alerts_told_report_row *r, struct alone *f)
{
	struct alerts_told_words_row *words;
	struct alerts_told_ends_row *ends;
	size_t words_count, ends_count, e = 0;
	TRY(alerts_plan(c, r->place_id, (enum level)code_index(level_codes, r->level), r->spares_neighbours, &f->plan,
		&f->plan_count));
	TRY(alerts_told_words(c, report_id, case_id, &words, &words_count));
	TRY(alerts_told_ends(c, case_id, r->created_ms, &ends, &ends_count));
	TRY(raise(c, f, r, r->created_ms));
	for (size_t i = 0; i < words_count; i++) {
		for (; e < ends_count && ends[e].ended_ms.v <= words[i].created_ms; e++)
			end(f, &ends[e]);
		TRY(hear(c, f, words[i].created_ms));
	}
	if (e < ends_count)
		end(f, &ends[ends_count - 1]);
	return pass(c, f, c->now_ms);
}

static enum err tell_apart(struct ctx *c, int64_t case_id, int64_t report_id, const struct alerts_told_report_row *r,
	struct alert_told *out)
{
	struct alone f = { 0 };
	struct alerts_told_answered_row row;
	bool found;
	TRY(run(c, case_id, report_id, r, &f));
	if (f.ended.p) {
		out->state = f.ended;
		return OK;
	}
	TRY(alerts_told_answered(c, report_id, case_id, f.since_ms, &row, &found));
	if (found && row.taken) {
		out->state = row.state; /* its deadline is that of the gravest report */
		return OK;
	}
	out->seen = found ? row.seen : 0;
	out->state = out->seen ? S("seen") : S("ringing");
	out->held = escalation_word_waits(&f.words, f.to.rung_ms);
	out->answer_by_ms = f.to.late_ms || out->held ? 0 : f.to.next_ms;
	out->late_ms = f.to.late_ms;
	return OK;
}

/* As of the last ring: who is there now is nothing that anybody may ask for with a receipt. */
static enum err fill_called(struct ctx *c, int64_t alert_id, struct alert_told *out)
{
	struct alerts_told_calls_row *calls;
	size_t calls_count;
	TRY(alerts_told_calls(c, alert_id, &calls, &calls_count));
	out->called = arena_array(c->mem, struct alert_called, calls_count + 1);
	for (size_t i = 0; i < calls_count; i++) {
		size_t k = 0;
		while (k < out->called_count && out->called[k].post_id != calls[i].post_id)
			k++;
		if (k == out->called_count)
			out->called[out->called_count++] =
				(struct alert_called){ .post_id = calls[i].post_id, .name = calls[i].name };
		out->called[k].heard = out->called[k].heard || calls[i].heard;
	}
	return OK;
}

/* Talk that nobody has taken over: one form a place would tell for days when nobody is on duty there, by who was called and
 * by when it rings on. So neither is told; an answer is overdue when the ladder says so. */
static enum err tell_quietly(struct ctx *c, int64_t case_id, int64_t report_id, const struct alerts_told_report_row *r,
	struct alert_told *out)
{
	struct alone f = { 0 };
	TRY(run(c, case_id, report_id, r, &f));
	out->answer_by_ms = f.to.late_ms || out->held ? 0 : f.to.next_ms;
	out->late_ms = f.to.late_ms;
	return OK;
}

enum err alerts_told(struct ctx *c, int64_t case_id, int64_t report_id, struct alert_told *out)
{
	struct alerts_told_report_row report;
	struct alerts_told_of_row row;
	bool found;
	*out = (struct alert_told){ .state = S("calm") };
	TRY(alerts_told_report(c, report_id, &report));
	if (report.spares_neighbours)
		return tell_apart(c, case_id, report_id, &report, out);
	TRY(alerts_told_of(c, report_id, case_id, &row, &found));
	if (!found)
		return OK;
	out->state = row.state;
	if (row.ended_ms.is)
		return OK;
	out->raised_ms = row.raised_ms;
	out->offered = row.offered;
	out->seen = row.seen;
	TRY(alerts_words_held(c, report_id, row.id, row.rung_ms, &out->held));
	bool quiet = !row.owner_id.is && str_is(row.level, level_codes[LEVEL_POTENSI]);
	out->due_ms = quiet && !out->held ? 0 : or_zero(row.next_ms);
	out->late_ms = or_zero(row.late_ms);
	if (quiet)
		return tell_quietly(c, case_id, report_id, &report, out);
	return row.owner_id.is ? OK : fill_called(c, row.id, out);
}
