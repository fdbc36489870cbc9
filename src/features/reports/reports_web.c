/* The public form, and what a post answers. */
#include "features/reports/reports_web.h"
#include "base/clock.h"
#include "base/json.h"
#include "features/accounts/accounts.h"
#include "features/cases/cases_seen.h"
#include "features/places/places.h"
#include "features/reports/receipts_visit.h"
#include "features/reports/reports_sure.h"
#include "features/reports/reports_views.h"
#include "http/session.h"
#include "reports_sql.h"
#include "web/words.h"

/* The form's token, for as long as it was not heard whether what was sent with it arrived: who goes back then and sends it again
 * has sent it once. It goes to the form's own address only. */
static const char token_cookie[] = "form";
static const int64_t TOKEN_KEPT_S = 3600;
enum { KEY_CHARS = 12 };
static const int64_t TOKEN_AGE_MS = 12 * HOUR_MS, WAITED_AGE_MS = 15 * MINUTE_MS;

struct report_input {
	int level, trigger, when;
	struct str place, text, contact, proof_token, proof_answer;
	bool spare_neighbours, sure;
};
static const struct field report_fields[] = {
	FIELD_OF(report_input, level, FIELD_CODE, level_codes, true, N_("What does it look like?")),
	FIELD(report_input, place, FIELD_LINE, 1, 40, true, N_("Where?")),
	FIELD_OF(report_input, trigger, FIELD_CODE, trigger_codes, false, N_("What is behind it?")),
	FIELD_OF(report_input, when, FIELD_CODE, timing_codes, false, N_("When?")),
	FIELD(report_input, text, FIELD_TEXT, 0, TEXT_CHARS_MAX, false, N_("What is happening?")),
	FIELD(report_input, contact, FIELD_LINE, 0, CONTACT_CHARS_MAX, false, N_("How can somebody reach you?")),
	FIELD(report_input, spare_neighbours, FIELD_BOOL, 0, 0, false, N_("Leave out the head of the RW")),
	FIELD(report_input, sure, FIELD_BOOL, 0, 0, false, N_("Send to these posts")),
	FIELD(report_input, proof_token, FIELD_LINE, 0, 100, false, N_("Proof of work")),
	FIELD(report_input, proof_answer, FIELD_LINE, 0, 40, false, N_("Proof of work")),
};
static enum err before_sending(struct ctx *c, const struct request *q, struct response *r);
static enum err before_writing_down(struct ctx *c, const struct request *q, struct response *r);
const struct form reports_form = FORM_FIRST(report_input, report_fields, reports_new_page, before_sending);
const struct form reports_caller_form = FORM_FIRST(
	report_input, report_fields, reports_caller_page, before_writing_down);

struct answer_input {
	struct str text;
};
static const struct field answer_fields[] = {
	FIELD(answer_input, text, FIELD_TEXT, 1, SAID_CHARS_MAX, true, N_("Answer to the reporter")),
};
const struct form reports_answer_form = FORM(answer_input, answer_fields, NULL);

static enum err fill_places(struct ctx *c, struct str chosen, struct report_form_view *v)
{
	struct place *rows;
	struct str village = S("");
	TRY(places_choices(c, &rows, &v->places_count));
	v->places = arena_array(c->mem, struct report_place, v->places_count + 1);
	for (size_t i = 0; i < v->places_count; i++) {
		bool is_village = str_is(rows[i].level, "village");
		if (is_village)
			village = rows[i].name;
		v->places[i] = (struct report_place){ .code = rows[i].code,
			.name = is_village
					? rows[i].name
					: arena_printf(c->mem, "%.*s, %.*s", STR_ARG(rows[i].name), STR_ARG(village)),
			.chosen = str_eq(rows[i].code, chosen),
			.is_village = is_village };
	}
	return OK;
}

static struct str when_text(struct ctx *c, int64_t step)
{
	return words_get(c->lang, step == 0 ? N_("at once") : N_("if nobody answers"));
}

/* A reader that was added later was not called at once. */
static struct str reads_when(struct ctx *c, const struct alert_target *t)
{
	struct word_value v = { "time", frame_clock_beside(c, t->since_ms, c->now_ms) };
	return t->since_ms ? words_format(c->mem, c->lang, N_("since {time}"), &v, 1) : when_text(c, t->step);
}

struct report_reader *reports_reader_rows(struct ctx *c, const struct alert_target *targets, size_t count, size_t *made)
{
	struct report_reader *rows = arena_array(c->mem, struct report_reader, count + 1);
	*made = 0;
	for (size_t i = 0; i < count; i++) {
		bool known = false;
		for (size_t k = 0; k < *made; k++)
			known = known || str_eq(rows[k].name, targets[i].name);
		if (!known)
			rows[(*made)++] = (struct report_reader){ targets[i].name, reads_when(c, &targets[i]), S("") };
	}
	return rows;
}

/* Does the place with code OUTER hold the one with code INNER? */
static bool holds(struct str outer, struct str inner)
{
	return str_starts(inner, outer) && (inner.n == outer.n || inner.p[outer.n] == '.');
}

/* Who reads when a fight is gathering, by name: three taps leave no page in between that could name them. report.js keeps
 * those of the place that is chosen, in the same way. */
static enum err fill_callable(struct ctx *c, struct str place, struct report_form_view *v)
{
	struct reports_callable_row *rows;
	size_t rows_count;
	TRY(reports_callable(c, str_of(level_codes[LEVEL_NYATA]), &rows, &rows_count));
	v->readers = arena_array(c->mem, struct report_reader, rows_count + 1);
	for (size_t i = 0; i < rows_count; i++)
		if (place.n == 0 || holds(rows[i].code, place) || holds(place, rows[i].code))
			v->readers[v->readers_count++] =
				(struct report_reader){ rows[i].name, when_text(c, rows[i].step), rows[i].code };
	return OK;
}

static struct proof_terms proof_terms(void)
{
	int64_t wait_ms = reports_settings.proof_wait_s * SECOND_MS;
	return (struct proof_terms){ .form = "reports",
		.bits = reports_settings.proof_bits,
		.age_max_ms = TOKEN_AGE_MS,
		.wait_ms = wait_ms,
		.wait_more_ms = wait_ms / 2,
		.waited_age_max_ms = WAITED_AGE_MS };
}

/* The work that a token costs now. Where many ask, each degree of it is twice as much, or half as much waiting again. */
static int bits_now(const struct request *q)
{
	int bits = reports_settings.proof_bits;
	if (bits == 0)
		return 0;
	return bits + q->crowd < PROOF_BITS_MAX ? bits + q->crowd : PROOF_BITS_MAX;
}

static struct str new_token(struct ctx *c, int bits)
{
	char *text = arena_alloc(c->mem, PROOF_TEXT_BYTES + 1, 1);
	vault_proof_new(c->vault, "reports", bits, c->now_ms, text);
	return str_of(text);
}

/* The form's token: the one it had, also before the page was left and come back to, so that waiting and work count on, unless
 * that is spent. *BITS of work are asked for; then it is those that the token says. */
static struct str token_for(struct ctx *c, const struct request *q, int *bits)
{
	struct proof proof;
	struct proof_terms terms = proof_terms();
	struct str old = form_value(q, "proof_token", request_cookie_at(q, token_cookie));
	struct str answer = form_value(q, "proof_answer", S(""));
	enum proof_result state = PROOF_FORGED;
	if (old.n)
		state = vault_proof_check(c->vault, &terms, old, answer, c->now_ms, &proof);
	if (state == PROOF_FORGED || state == PROOF_EXPIRED || c->err.code == ERR_CONFLICT)
		return new_token(c, *bits);
	*bits = proof.bits;
	return old;
}

/* The end of a token, which is random. A browser that comes back to a form puts into it what was typed into one with the same
 * action: only as long as the form has this token. */
static struct str key_of(struct str token)
{
	return token.n > KEY_CHARS ? (struct str){ token.p + token.n - KEY_CHARS, KEY_CHARS } : token;
}

struct str reports_form_address(bool caller)
{
	return caller ? S("/reports/caller") : S("/reports/new");
}

static void forget_token(struct ctx *c, struct response *r, bool caller)
{
	response_cookie_from(c, r, token_cookie, S(""), reports_form_address(caller), 0);
}

void reports_forget_forms(struct ctx *c, struct response *r)
{
	forget_token(c, r, false);
	forget_token(c, r, true);
}

/* Of a form that waited at an address of its own and waits there no more: whether it was not sent for sure. */
static void say_unsent(struct ctx *c, const struct request *q, struct report_form_view *v)
{
	struct str unsent;
	if (!request_query(c, q, "unsent", &unsent))
		return;
	v->lost = str_is(unsent, "yes");
	v->unsent =
		v->lost ? N_("Your report has reached nobody. What you wrote was kept on this phone for an hour and is "
			     "gone now. Please write it once more.")
			: N_("What was written there is not kept on this phone any more. If you were given no receipt, "
			     "take it that it has reached nobody, and write it once more.");
}

static enum err form_page(struct ctx *c, const struct request *q, struct response *r, bool caller)
{
	if (sure_was_shown(c, q))
		return sure_again(c, q, r, caller);
	int bits = caller ? 0 : bits_now(q);
	struct str place = S(""), level = S("");
	bool found;
	if (!request_query(c, q, "place", &place))
		place = S("");
	if (!request_query(c, q, "level", &level))
		level = S("");
	place = form_value(q, "place", place);
	level = form_value(q, "level", level);
	TRY(places_enter_of(c, place, &found));
	struct str token = token_for(c, q, &bits);
	response_cookie_from(c, r, token_cookie, token, reports_form_address(caller), TOKEN_KEPT_S);
	struct report_form_view v = { .csrf = frame_csrf(c),
		.caller = caller,
		.token = token,
		.key = key_of(token),
		.tag = waiting_is_tag(sure_tag(q)) ? sure_tag(q) : S(""),
		.bits = bits,
		.level_error = form_error(c, q, "level"),
		.place_error = form_error(c, q, "place"),
		.text_field = frame_field_of(c, q, "text", N_("What is happening?"),
			N_("What you saw or heard, where exactly, how many. No names needed."), "textarea", "off",
			S("")),
		.contact_field = frame_field_of(c, q, "contact", N_("How can somebody reach you?"),
			N_("May be left empty: you can read answers with your receipt."), "text", "off", S("")),
		.text = form_value(q, "text", S("")),
		.spare = form_checked(q, "spare_neighbours", "1", false),
		.calm = str_is(level, "potensi") || str_is(level, "ambang"),
		.hide_spare = str_is(level, "nyata") };
	frame_limit(c, &v.text_field, &reports_form);
	frame_limit(c, &v.contact_field, &reports_form);
	v.levels = frame_options(c, level_codes, level_names, form_value(q, "level", level), &v.levels_count);
	v.trigger = frame_choice_of(
		c, q, "trigger", N_("What is behind it?"), trigger_codes, trigger_names, S("other"));
	v.timing = frame_choice_of(c, q, "when", N_("When?"), timing_codes, timing_names, S("now"));
	TRY(fill_places(c, place, &v));
	TRY(fill_callable(c, place, &v));
	say_unsent(c, q, &v);
	frame_begin(c, q, r,
		&(struct frame){ .title = caller ? words_get(c->lang, "Write down a caller's words") : reports_title(c),
			.script = "report.js",
			.proof = true });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	report_form_view(&r->body, &v);
	return frame_end(c, r);
}

enum err reports_new_page(struct ctx *c, const struct request *q, struct response *r)
{
	return form_page(c, q, r, false);
}

enum err reports_caller_page(struct ctx *c, const struct request *q, struct response *r)
{
	return form_page(c, q, r, true);
}

enum err reports_proof_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct proof_terms terms = proof_terms();
	struct json j;
	int bits = bits_now(q);
	struct str token = new_token(c, bits);
	json_init(&j, response_json(c, r, 200));
	json_object(&j);
	json_key(&j, "token");
	json_str(&j, token);
	json_key(&j, "bits");
	json_int(&j, bits);
	json_key(&j, "wait_s");
	json_int(&j, vault_proof_wait_ms(&terms, bits) / SECOND_MS);
	json_end(&j);
	return OK;
}

enum err reports_sent_as(struct ctx *c, struct str token, struct report_sent *sent)
{
	struct proof_terms terms = proof_terms();
	struct reports_token_find_row row;
	struct proof proof;
	bool found = false;
	*sent = (struct report_sent){ 0 };
	if (vault_proof_check(c->vault, &terms, token, S(""), c->now_ms, &proof) != PROOF_FORGED)
		TRY(reports_token_find(c, (struct str){ (const char *)proof.hash, sizeof proof.hash }, &row, &found));
	if (found)
		*sent = (struct report_sent){ row.report_id, row.created_ms, row.spares_neighbours };
	return OK;
}

/* The proof of the form's token; *proof is NULL where none is asked for and none was sent. */
static enum err check_proof(struct ctx *c, const struct request *q, const struct report_input *in, struct proof **proof)
{
	*proof = NULL;
	if (in->proof_token.n == 0 && reports_settings.proof_bits == 0)
		return OK;
	struct proof_terms terms = proof_terms();
	*proof = arena_new_of(c->mem, struct proof);
	switch (vault_proof_check(c->vault, &terms, in->proof_token, in->proof_answer, c->now_ms, *proof)) {
	case PROOF_OK: return OK;
	case PROOF_TOO_EARLY:
		if (q->wants_json)
			return form_refuse(c, q, "proof_answer",
				N_("The proof of work is missing, or it is too early without it."));
		return REFUSE(c, ERR_RATE,
			"One moment, against floods of false reports: please press Send again in a few seconds.");
	case PROOF_WRONG:
		return form_refuse(c, q, "proof_answer", N_("The proof of work is wrong. Please press Send again."));
	case PROOF_EXPIRED:
		return form_refuse(
			c, q, "proof_token", N_("This form was open for very long. Please press Send again."));
	case PROOF_FORGED: break;
	}
	return form_refuse(c, q, "proof_token", N_("This form was not made here. Please press Send again."));
}

enum err reports_show_made(struct ctx *c, const struct request *q, struct response *r, const struct report_made *made,
	const struct visit *visit)
{
	struct str here = arena_printf(c->mem, "/receipts/%s", visit->tag);
	struct report_made_view v = { .receipt = made->receipt,
		.tag = arena_str(c->mem, str_of(visit->tag)),
		.here = url_local(here),
		.caller = visit->caller };
	struct alert_told told;
	v.readers = reports_reader_rows(c, made->readers, made->readers_count, &v.readers_count);
	v.first = S("");
	TRY(alerts_told(c, made->case_id, made->id, &told));
	v.called = receipts_called_words(c, made->readers, made->readers_count, &told);
	for (size_t i = 0; i < made->readers_count; i++)
		if (made->readers[i].step == 0 && !told.called_count)
			v.first = arena_and(c->mem, v.first, made->readers[i].name);
	v.has_due = told.due_ms || told.answer_by_ms;
	v.alone = !told.due_ms;
	v.due = frame_clock(c, told.due_ms ? told.due_ms : told.answer_by_ms);
	r->plain = true;
	frame_begin(c, q, r, &(struct frame){ .title = reports_title(c), .script = "copy.js", .leaves = true });
	report_made_view(&r->body, &v);
	return frame_end(c, r);
}

static enum err show_made_json(struct ctx *c, struct response *r, const struct report_made *made)
{
	struct json j;
	json_init(&j, response_json(c, r, 201));
	json_object(&j);
	json_key(&j, "receipt");
	json_str(&j, made->receipt);
	json_key(&j, "report");
	json_str(&j, arena_i64(c->mem, made->id));
	json_key(&j, "readers");
	json_array(&j);
	for (size_t i = 0; i < made->readers_count; i++)
		json_str(&j, made->readers[i].name);
	json_end(&j);
	json_end(&j);
	return OK;
}

static enum err find_place(struct ctx *c, const struct request *q, struct str code, struct place *place)
{
	bool found;
	TRY(places_enter_of(c, code, &found));
	if (found) {
		if (places_by_code(c, code, place) == OK &&
			(str_is(place->level, "village") || str_is(place->level, "rw") || str_is(place->level, "rt")))
			return OK;
	}
	return c->err.code == ERR_DB || c->err.code == ERR_BUSY
		       ? c->err.code
		       : form_refuse(c, q, "place", N_("Choose one of these."));
}

/* What is to be sent: where, and by what right. */
static enum err read_report(
	struct ctx *c, const struct request *q, struct place *place, struct proof **proof, bool *ask)
{
	const struct report_input *in = q->form;
	bool urgent = in->level == LEVEL_NYATA;
	*proof = NULL;
	*ask = !urgent && !in->sure && !q->wants_json;
	TRY(find_place(c, q, in->place, place));
	if (!urgent && in->text.n == 0)
		return form_refuse(c, q, "text", N_("Write in a few words what is going on."));
	return *ask ? OK : check_proof(c, q, in, proof);
}

static enum err before(struct ctx *c, const struct request *q, struct response *r, bool caller)
{
	struct place place = { 0 };
	struct proof *proof;
	bool ask;
	TRY(read_report(c, q, &place, &proof, &ask));
	if (ask)
		return sure_ask(c, q, r, caller);
	r->spending = (struct spending){ .subject = (uint64_t)place.id, .waited = proof && proof->waited };
	return OK;
}

static enum err before_sending(struct ctx *c, const struct request *q, struct response *r)
{
	return before(c, q, r, false);
}

static enum err before_writing_down(struct ctx *c, const struct request *q, struct response *r)
{
	return before(c, q, r, true);
}

/* TAKEN_AT: the post of the member who writes down a caller's words; 0: the reporter sends. */
static enum err send(struct ctx *c, const struct request *q, struct response *r, int64_t taken_at)
{
	const struct report_input *in = q->form;
	struct report_made made;
	struct place place = { 0 };
	struct proof *proof;
	bool ask;
	r->plain = true;
	TRY(read_report(c, q, &place, &proof, &ask));
	assert(!ask); /* that was before() */
	if (q->again && !proof)
		return reports_refuse_again(c);
	struct report_new what = { .level = (enum level)in->level,
		.why = in->trigger < 0 ? TRIGGER_OTHER : (enum trigger)in->trigger,
		.timing = in->when < 0 ? TIMING_NOW : (enum timing)in->when,
		.place_id = place.id,
		.text = in->text,
		.contact = in->contact,
		.spares_neighbours = in->spare_neighbours,
		.channel = taken_at        ? "desk"
			   : q->wants_json ? "api"
					   : "web",
		.taken_at = taken_at,
		.proof = proof };
	TRY(reports_create(c, &what, &made));
	if (q->wants_json)
		return show_made_json(c, r, &made);
	struct visit *visit = arena_new_of(c->mem, struct visit);
	TRY(visit_begin(c, sure_tag(q), made.id, arena_printf(c->mem, "%.*s", STR_ARG(made.receipt)).p, visit));
	visit->made_ms = c->now_ms;
	visit->caller = taken_at != 0;
	forget_token(c, r, visit->caller);
	return visit_go(c, r, visit, true);
}

enum err reports_send(struct ctx *c, const struct request *q, struct response *r)
{
	return send(c, q, r, 0);
}

enum err reports_caller_send(struct ctx *c, const struct request *q, struct response *r)
{
	const struct accounts_session *me = accounts_signed_in(c);
	for (size_t i = 0; i < me->posts_count; i++)
		if (me->posts[i].roles & (ROLE_OFFICER | ROLE_DESK))
			return send(c, q, r, me->posts[i].post_id);
	return REFUSE(c, ERR_DENIED, "Your role does not include this.");
}

enum err reports_answer(struct ctx *c, const struct request *q, struct response *r)
{
	const struct answer_input *in = q->form;
	struct reports_get_row report;
	int64_t report_id, post_id;
	TRY(request_id(c, q, 0, &report_id));
	TRY(cases_check_report(c, report_id, NULL, &post_id));
	TRY(reports_get(c, report_id, &report));
	TRY(reports_say(c, report_id, post_id, in->text, NULL));
	return redirect(c, r, arena_printf(c->mem, "/cases/%" PRId64 "#report-%" PRId64, report.case_id, report_id));
}
