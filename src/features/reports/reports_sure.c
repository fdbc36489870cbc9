#include "features/reports/reports_sure.h"
#include "base/clock.h"
#include "features/places/places.h"
#include "features/reports/receipts_visit.h"
#include "features/reports/reports_views.h"
#include "features/reports/reports_web.h"
#include "http/session.h"
#include "http/waiting.h"

static const int64_t OPEN_MS = HOUR_MS, KEPT_MS = DAY_MS;

enum { NAME_BYTES_MAX = 40 };

/* The form that waits, and at which address. */
struct step {
	struct waiting waiting;
	const char *tag;
};

static struct str value_of(const struct form_state *state, const char *name)
{
	for (size_t i = 0; state && i < state->values_count; i++)
		if (str_is(state->values[i].name, name))
			return state->values[i].value;
	return S("");
}

/* What this page says by itself does not wait with the rest. */
static bool waits(struct str name)
{
	static const char *const own[] = { FORM_TOKEN_NAME, "sure", "tag" };
	for (size_t i = 0; i < COUNT(own); i++)
		if (str_is(name, own[i]))
			return false;
	return name.n <= NAME_BYTES_MAX;
}

static struct str path_of(struct ctx *c, const char *tag, bool caller)
{
	return arena_printf(c->mem, "/reports/%s/%s", caller ? "caller" : "sure", tag);
}

/* A caller's words are bound to the session of who writes them down, too. */
static struct str bound_to(struct ctx *c, struct str path)
{
	return arena_printf(c->mem, "%.*s %" PRId64, STR_ARG(path), c->session ? c->session->id : 0);
}

static struct waiting_place place_of(struct ctx *c, const struct step *w, bool caller)
{
	struct str path = path_of(c, w->tag, caller);
	return (struct waiting_place){ "sure", path, bound_to(c, path), OPEN_MS, KEPT_MS };
}

/* The form, which says what became of what waited here: not sent for sure, or nobody knows. */
static enum err to_form(struct ctx *c, struct response *r, bool caller, const char *unsent)
{
	struct str form = reports_form_address(caller);
	return redirect(c, r, arena_printf(c->mem, "%.*s?unsent=%s", STR_ARG(form), unsent));
}

/* All fields but the tick, which the page shows. */
static struct form_hidden *hidden_of(struct ctx *c, const struct step *w, size_t *count)
{
	const struct form_state *state = &w->waiting.state;
	struct form_hidden *hidden = arena_array(c->mem, struct form_hidden, state->values_count + 1);
	*count = 0;
	for (size_t i = 0; i < state->values_count; i++)
		if (!str_is(state->values[i].name, "spare_neighbours"))
			hidden[(*count)++] = (struct form_hidden){ state->values[i].name, state->values[i].value };
	return hidden;
}

/* Who reads it, with the head of the RW and without. */
static enum err fill_readers(struct ctx *c, const struct place *place, struct report_sure_view *v)
{
	struct alert_target *all, *far;
	size_t all_count, far_count;
	TRY(alerts_plan(c, place->id, (enum level)v->level, false, &all, &all_count));
	TRY(alerts_plan(c, place->id, (enum level)v->level, true, &far, &far_count));
	v->readers = reports_reader_rows(c, all, all_count, &v->readers_count);
	v->far = reports_reader_rows(c, far, far_count, &v->far_count);
	v->may_spare = far_count < all_count;
	v->spare = v->spare && v->may_spare;
	return OK;
}

static enum err show(struct ctx *c, const struct request *q, struct response *r, const struct step *w, bool caller)
{
	struct str level = value_of(&w->waiting.state, "level"), code = value_of(&w->waiting.state, "place");
	struct report_sure_view v = { .csrf = frame_csrf(c),
		.tag = arena_str(c->mem, str_of(w->tag)),
		.level = code_index(level_codes, level),
		.text = value_of(&w->waiting.state, "text"),
		.spare = value_of(&w->waiting.state, "spare_neighbours").n > 0,
		.caller = caller };
	struct place place;
	bool found;
	TRY(places_enter_of(c, code, &found));
	if (!found || v.level < 0 || places_by_code(c, code, &place) != OK)
		return to_form(c, r, caller, "perhaps");
	v.hidden = hidden_of(c, w, &v.hidden_count);
	TRY(fill_readers(c, &place, &v));
	TRY(places_label(c, place.id, &v.place));
	r->plain = true;
	r->body.form_key = w->waiting.form_key;
	frame_begin(c, q, r, &(struct frame){ .title = reports_title(c), .script = "sure.js", .again = true });
	frame_refusal(c, q, r);
	report_sure_view(&r->body, &v);
	return frame_end(c, r);
}

/* What became of the form of W, and whether the thread of its report, at the address TAG, was left: what waits is for
 * nobody then. */
static enum err look_up(struct ctx *c, const struct step *w, struct str tag, struct report_sent *sent, bool *left)
{
	bool found;
	*left = false;
	*sent = (struct report_sent){ 0 };
	TRY(places_enter_of(c, value_of(&w->waiting.state, "place"), &found));
	if (found)
		TRY(reports_sent_as(c, value_of(&w->waiting.state, "proof_token"), sent));
	return sent->report_id && waiting_is_tag(tag) ? visit_left(c, tag, sent->report_id, left) : OK;
}

/* It is sent: the page says when. As long as a receipt can be shown once more, the same form leads to it. */
static enum err show_sent(struct ctx *c, const struct request *q, struct response *r, const struct step *w, bool caller,
	const struct report_sent *sent)
{
	struct report_sent_view v = { .csrf = frame_csrf(c),
		.at = frame_clock_beside(c, sent->at_ms, c->now_ms),
		.caller = caller,
		.spare = sent->spares,
		.tag = str_of(w->tag),
		.again = !w->waiting.over && sent->at_ms + REPORTS_AGAIN_MINUTES * MINUTE_MS > c->now_ms };
	v.hidden = hidden_of(c, w, &v.hidden_count);
	r->plain = true;
	r->body.form_key = w->waiting.form_key;
	frame_begin(c, q, r, &(struct frame){ .title = reports_title(c) });
	report_sent_view(&r->body, &v);
	return frame_end(c, r);
}

/* What Q has sent, for the address it came from or a new one. */
static enum err take(struct ctx *c, const struct request *q, struct step **out)
{
	struct step *w = *out = arena_new_of(c->mem, struct step);
	char *tag = arena_alloc(c->mem, WAITING_TAG_BYTES + 1, 1);
	struct report_sent sent;
	bool left;
	*w = (struct step){ .waiting = { .form_key = q->form_key }, .tag = tag };
	for (size_t i = 0; i < q->state->values_count; i++)
		if (waits(q->state->values[i].name))
			w->waiting.state.values[w->waiting.state.values_count++] = q->state->values[i];
	TRY(look_up(c, w, sure_tag(q), &sent, &left));
	waiting_tag(left ? S("") : sure_tag(q), tag);
	return OK;
}

enum err sure_ask(struct ctx *c, const struct request *q, struct response *r, bool caller)
{
	struct step *w;
	TRY(take(c, q, &w));
	r->plain = true;
	struct waiting_place at = place_of(c, w, caller);
	if (waiting_keep(c, r, &at, &w->waiting))
		return redirect(c, r, at.path);
	r->status = 200;
	return show(c, q, r, w, caller);
}

bool sure_was_shown(struct ctx *c, const struct request *q)
{
	if (!q->state || q->state->errors_count || c->err.code == ERR_CONFLICT)
		return false;
	struct str level = value_of(q->state, "level");
	return value_of(q->state, "sure").n > 0 && code_index(level_codes, level) >= 0 &&
	       !str_is(level, level_codes[LEVEL_NYATA]);
}

enum err sure_again(struct ctx *c, const struct request *q, struct response *r, bool caller)
{
	struct step *w;
	if (q->show.n)
		return sure_ask(c, q, r, caller);
	TRY(take(c, q, &w));
	return show(c, q, r, w, caller);
}

struct str sure_tag(const struct request *q)
{
	return value_of(q->state, "tag");
}

void sure_end(struct ctx *c, struct response *r, struct str tag)
{
	struct step step = { .tag = arena_str(c->mem, tag).p };
	struct waiting_place sure = place_of(c, &step, false), caller = place_of(c, &step, true);
	waiting_end(c, r, &sure);
	waiting_end(c, r, &caller);
}

/* The form with what waits, to be changed: sent from there it waits here again. */
static enum err show_form(struct ctx *c, const struct request *q, struct response *r, const struct step *w, bool caller)
{
	struct form_state *state = arena_new_of(c->mem, struct form_state);
	struct request filled = *q;
	*state = w->waiting.state;
	if (state->values_count < FORM_VALUES_MAX)
		state->values[state->values_count++] = (struct form_value){ S("tag"), str_of(w->tag) };
	filled.state = state;
	return caller ? reports_caller_page(c, &filled, r) : reports_new_page(c, &filled, r);
}

static enum err page(struct ctx *c, const struct request *q, struct response *r, bool caller)
{
	struct step *w = arena_new_of(c->mem, struct step);
	if (!waiting_is_tag(q->params[0]))
		return FAIL(c, ERR_NOT_FOUND, "no address of this step");
	struct report_sent sent;
	struct str change;
	bool left;
	w->tag = arena_str(c->mem, q->params[0]).p;
	struct waiting_place at = place_of(c, w, caller);
	if (!waiting_find(c, q, &at, &w->waiting))
		return to_form(c, r, caller, "perhaps");
	TRY(look_up(c, w, q->params[0], &sent, &left));
	if (left)
		return redirect(c, r, S("/receipts?closed"));
	if (sent.report_id)
		return show_sent(c, q, r, w, caller, &sent);
	if (w->waiting.over)
		return to_form(c, r, caller, "yes");
	return request_query(c, q, "change", &change) ? show_form(c, q, r, w, caller) : show(c, q, r, w, caller);
}

enum err reports_sure_page(struct ctx *c, const struct request *q, struct response *r)
{
	return page(c, q, r, false);
}

enum err reports_caller_sure_page(struct ctx *c, const struct request *q, struct response *r)
{
	return page(c, q, r, true);
}
