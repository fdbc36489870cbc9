/* What a reporter says after the report: how often it rings is counted for each receipt (features/escalation), so that one of
 * them cannot ring without end, and none is silenced by another. */
#include "alerts_sql.h"
#include "features/alerts/alerts.h"
#include "features/alerts/alerts_row.h"

/* How the words of a report have rung at this call (0: at none). *NOT_CALM: it is said there that it is not calm, and nobody has
 * answered. */
static enum err words_of(struct ctx *c, int64_t report_id, int64_t alert_id, struct worded *w, bool *not_calm)
{
	struct alerts_words_get_row row;
	bool found;
	*w = (struct worded){ 0 };
	*not_calm = false;
	TRY(alerts_words_get(c, report_id, &row, &found));
	if (!found)
		return OK;
	*w = (struct worded){ .rung_ms = row.rung_ms, .calls = row.calls };
	if (row.alert_id != alert_id)
		return OK;
	w->rings = row.rings;
	w->held_ms = or_zero(row.held_ms);
	*not_calm = row.not_calm;
	return OK;
}

/* The call that speaks for a report, taken; a case that nobody was called for yet is as one whose call has ended. */
static enum err take_call(struct ctx *c, const struct case_state *kase, int64_t report_id, struct alerts_take_row *a,
	struct escalation *was, bool *is)
{
	struct alerts_of_report_row found;
	*a = (struct alerts_take_row){ 0 };
	*was = (struct escalation){ .ended_ms = c->now_ms };
	TRY(alerts_of_report(c, report_id, kase->id, &found, is));
	if (*is) {
		TRY(alerts_lock(c, found.id, a));
		*was = alerts_row(a);
	}
	if (was->ended_ms) /* another one has the level of the whole */
		was->level = (enum level)code_index(level_codes, kase->level);
	return OK;
}

/* From when the word of a report may ring, for what others have rung there lately. */
static enum err from_when(struct ctx *c, enum level level, int64_t report_id, int64_t alert_id, int64_t *from_ms)
{
	struct alerts_words_of_others_row others;
	TRY(alerts_words_of_others(c, report_id, alert_id, c->now_ms - escalation_gap_ms(level, 1), &others));
	*from_ms = escalation_words_from_ms(level, others.n, others.first_ms);
	return OK;
}

static enum err rings(
	struct ctx *c, struct alerts_take_row *a, enum written written, struct escalation *to, int64_t report_id)
{
	bool stands = to->next_ms == or_zero(a->next_ms) && to->over_by == or_zero(a->over_by) &&
		      to->unread_ms == or_zero(a->unread_ms);
	if (written == WRITTEN_QUIET && stands)
		return OK; /* it stands there already, and no board need be told */
	alerts_waits_for(a, to, report_id);
	if (written == WRITTEN_CLIMBS)
		TRY(alerts_climb_now(c, a, to));
	TRY(alerts_store(c, a, to));
	if (written == WRITTEN_RINGS)
		TRY(alerts_ring_step(c, a, to, report_id));
	return cases_changed(c, a->case_id);
}

/* The case is taken. NOT_CALM: that is what is said, once until somebody answers. */
static enum err says(struct ctx *c, int64_t case_id, int64_t report_id, bool not_calm)
{
	struct alerts_take_row a;
	struct escalation was;
	struct case_state kase;
	struct worded w, then;
	struct turn t;
	int64_t from_ms;
	bool is, said;
	TRY(cases_state(c, case_id, &kase));
	TRY(take_call(c, &kase, report_id, &a, &was, &is));
	TRY(words_of(c, report_id, a.id, &w, &said));
	TRY(from_when(c, was.level, report_id, a.id, &from_ms));
	if (not_calm && !said)
		TRY(cases_reporter_says(c, case_id, report_id, false));
	TRY(cases_open_for(c, case_id, report_id));
	enum written written = escalation_written(&was, &w, from_ms, c->now_ms, &t, &then);
	if (written == WRITTEN_ANEW || written == WRITTEN_HELD)
		TRY(alerts_raise_anew(c, &kase, is ? &a : NULL, t.to, report_id, &a.id));
	else
		TRY(rings(c, &a, written, &t.to, report_id));
	return alerts_words_set(
		c, report_id, a.id, then.rings, then.rung_ms, then.calls, some(then.held_ms), not_calm || said);
}

enum err alerts_ring_again(struct ctx *c, int64_t case_id, int64_t report_id)
{
	return says(c, case_id, report_id, false);
}

enum err alerts_not_calm(struct ctx *c, int64_t case_id, int64_t report_id)
{
	TRY(cases_lock(c, case_id));
	TRY(cases_check_heard(c, case_id));
	return says(c, case_id, report_id, true);
}

enum err alerts_words_held(struct ctx *c, int64_t report_id, int64_t alert_id, int64_t rung_ms, bool *held)
{
	struct worded w;
	bool not_calm;
	TRY(words_of(c, report_id, alert_id, &w, &not_calm));
	*held = escalation_word_waits(&w, rung_ms);
	return OK;
}
