#include "features/cases/cases_ending.h"
#include "cases_web_sql.h"
#include "features/cases/cases_read.h"
#include "features/cases/cases_seen.h"
#include "features/frame/frame.h"

/* A post that the reporter was not told of has no name. */
static struct str name_of(struct ctx *c, bool member, struct str name, struct str post, bool known)
{
	if (member)
		return arena_printf(c->mem, "%.*s (%.*s)", STR_ARG(name), STR_ARG(post));
	return known ? post : words_get(c->lang, "another post");
}

/* OTHER and OUTCOME where KEY has them, else empty. Two of one post are not called by its name twice. */
static struct str sentence(
	struct ctx *c, const char *key, struct str who, struct str other, struct str outcome, int64_t at_ms)
{
	struct word_value values[4];
	size_t count = 0;
	values[count++] = (struct word_value){ "time", frame_date_clock(c, at_ms) };
	values[count++] = (struct word_value){ "who", who };
	if (other.n)
		values[count++] = (struct word_value){ "other",
			str_eq(who, other) ? words_get(c->lang, "somebody else there") : other };
	if (outcome.n)
		values[count++] = (struct word_value){ "outcome", outcome };
	return words_format(c->mem, c->lang, key, values, count);
}

/* Who agrees to end a flood asks and confirms at once. */
static bool is_of_flood(const struct cases_ending_close_row *k)
{
	return k->confirm_by_ms.is && k->closing_ms.is && k->confirm_by_ms.v == k->closing_ms.v;
}

static enum err of_closing(struct ctx *c, int64_t case_id, int64_t report_id, struct cases_ending *out)
{
	struct cases_ending_close_row k;
	bool member = report_id == 0;
	const char *key;
	TRY(cases_ending_close(c, case_id, some(report_id), &k));
	struct str who = name_of(c, member, k.asker, k.asker_post, k.asker_known), other = S("");
	out->at_ms = or_zero(k.closed_ms);
	if (str_is(k.state, "closing")) {
		out->how = "closing";
		out->at_ms = or_zero(k.closing_ms);
		key = N_("Asked to close as: {outcome}. By {who}, {time}; somebody else has to confirm it.");
	} else if (!str_is(k.state, "closed")) {
		return OK;
	} else if (str_is(k.confirmed_as, "reporter")) {
		out->how = "closed_by_reporters";
		key = N_("Closed as: {outcome}, {time}. Asked for by {who}, confirmed by the reporter.");
	} else {
		out->how = is_of_flood(&k) ? "flood" : "closed";
		other = name_of(c, member, k.confirmer, k.confirmer_post, k.confirmer_known);
		key = is_of_flood(&k) ? N_("Closed as: {outcome}, {time}. Proposed by {who}, agreed to by {other}.")
				      : N_("Closed as: {outcome}, {time}. Asked for by {who}, confirmed by {other}.");
	}
	out->text = sentence(c, key, who, other, cases_name_of(c, outcome_codes, outcome_names, k.outcome), out->at_ms);
	return OK;
}

static enum err of_call(struct ctx *c, int64_t alert_id, int64_t report_id, struct cases_ending *out)
{
	static const struct {
		const char *how, *text;
	} words[2][2] = {
		{{ "calm_agreed", N_("Calm since {time}, say {who} and {other}.") },
                 { "calm_there", N_("Calm since {time}: {who} was there.") }                 },
		{ { "nothing_agreed", N_("Nothing is happening there, say {who} and {other}, {time}.") },
                 { "nothing_there", N_("Nothing was found there, {time}: {who} was there.") }},
	};
	struct cases_ending_call_row a;
	bool found, member = report_id == 0;
	TRY(cases_ending_call(c, alert_id, some(report_id), &a, &found));
	if (!found || !cases_call_is_over(a.state) || !(a.there || a.other.p))
		return OK;
	bool nothing = str_is(a.state, "false_alarm");
	struct str who = name_of(c, member, a.who, a.who_post, a.who_known), other = S("");
	if (!a.there)
		other = name_of(c, member, a.other, a.other_post, a.other_known);
	out->how = words[nothing][a.there].how;
	out->at_ms = or_zero(a.ended_ms);
	out->text = sentence(c, words[nothing][a.there].text, who, other, S(""), out->at_ms);
	return OK;
}

enum err cases_ending(struct ctx *c, int64_t case_id, int64_t alert_id, int64_t report_id, struct cases_ending *out)
{
	struct cases_ended_call_row call;
	bool found;
	*out = (struct cases_ending){ .text = S("") };
	TRY(of_closing(c, case_id, report_id, out));
	if (out->how)
		return OK;
	if (alert_id)
		return of_call(c, alert_id, report_id, out);
	TRY(cases_ended_call(c, case_id, &call, &found));
	return found ? of_call(c, call.id, report_id, out) : OK;
}

enum err cases_closing_text(struct ctx *c, int64_t case_id, struct str *text)
{
	struct cases_ending ending = { .text = S("") };
	TRY(of_closing(c, case_id, 0, &ending));
	*text = ending.text;
	return OK;
}
