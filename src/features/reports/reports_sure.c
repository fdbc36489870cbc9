#include "features/reports/reports_sure.h"
#include "base/clock.h"
#include "features/places/places.h"
#include "features/reports/receipts_visit.h"
#include "features/reports/reports_views.h"
#include "features/reports/reports_web.h"
#include "http/session.h"
#include "http/session.h"
#include "vault/hash.h"
#include "vault/ticket.h"
#include <zlib.h>

static const int64_t OPEN_MS = 10 * MINUTE_MS, AHEAD_MS = 5 * MINUTE_MS;
static const char cookie[] = "sure";

enum { SINCE_BYTES = sizeof(int64_t), PLAIN_BYTES_MAX = 32 * 1024, NAME_BYTES_MAX = 40 };

/* What waits: the fields of the form, and its key. */
struct waiting {
	struct form_state state;
	struct str form_key;
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

/* Names and values of the fields, each with a NUL behind it, which no form has in it. 0: more than waits. */
static size_t write_plain(const struct waiting *w, char plain[PLAIN_BYTES_MAX])
{
	const struct form_value key = { S(FORM_KEY_NAME), w->form_key };
	size_t n = 0;
	for (size_t i = 0; i <= w->state.values_count; i++) {
		const struct form_value *v = i < w->state.values_count ? &w->state.values[i] : &key;
		size_t more = v->name.n + v->value.n + 2;
		if (!waits(v->name))
			continue;
		if (n + more > PLAIN_BYTES_MAX)
			return 0;
		memcpy(plain + n, v->name.p, v->name.n);
		plain[n + v->name.n] = 0;
		memcpy(plain + n + v->name.n + 1, v->value.p, v->value.n);
		n += more;
		plain[n - 1] = 0;
	}
	return n;
}

static void read_plain(struct str plain, struct waiting *w)
{
	struct form_value v;
	while (w->state.values_count < FORM_VALUES_MAX && str_cut(&plain, 0, &v.name) && v.name.n &&
		str_cut(&plain, 0, &v.value))
		w->state.values[w->state.values_count++] = v;
	w->form_key = form_take(&w->state, FORM_KEY_NAME);
}

/* False: there is no room for it. */
static bool keep(struct ctx *c, struct response *r, const struct waiting *w, bool caller)
{
	char *plain = arena_alloc(c->mem, PLAIN_BYTES_MAX, 1), text[TICKET_LONG_TEXT_BYTES_MAX + 1];
	uint8_t content[TICKET_LONG_BYTES_MAX];
	struct str path = path_of(c, w->tag, caller);
	size_t n = write_plain(w, plain);
	uLongf packed = sizeof content - SINCE_BYTES;
	memcpy(content, &c->now_ms, SINCE_BYTES);
	bool fits = n && compress2(content + SINCE_BYTES, &packed, (const Bytef *)plain, n, Z_BEST_COMPRESSION) == Z_OK;
	if (fits) {
		vault_ticket_seal_long(c->vault, bound_to(c, path), content, SINCE_BYTES + packed, text);
		response_cookie_at(c, r, cookie, arena_str(c->mem, str_of(text)), path, OPEN_MS / SECOND_MS);
	}
	vault_wipe(plain, PLAIN_BYTES_MAX);
	vault_wipe(content, sizeof content);
	return fits;
}

/* False: nothing waits there any more. */
static bool find(struct ctx *c, const struct request *q, struct waiting *w, bool caller)
{
	char *plain = arena_alloc(c->mem, PLAIN_BYTES_MAX, 1);
	uint8_t content[TICKET_LONG_BYTES_MAX];
	uLongf n = PLAIN_BYTES_MAX;
	int64_t since_ms;
	size_t have;
	if (!vault_ticket_open_long(
		    c->vault, bound_to(c, path_of(c, w->tag, caller)), request_cookie_at(q, cookie), content, &have) ||
		have <= SINCE_BYTES)
		return false;
	memcpy(&since_ms, content, SINCE_BYTES);
	bool open = since_ms + OPEN_MS > c->now_ms && since_ms < c->now_ms + AHEAD_MS &&
		    uncompress((Bytef *)plain, &n, content + SINCE_BYTES, have - SINCE_BYTES) == Z_OK;
	vault_wipe(content, sizeof content);
	if (open)
		read_plain((struct str){ plain, n }, w);
	return open;
}

static enum err to_form(struct ctx *c, struct response *r, bool caller)
{
	return redirect(c, r, reports_form_address(caller));
}

static enum err show(struct ctx *c, const struct request *q, struct response *r, const struct waiting *w, bool caller)
{
	struct str level = value_of(&w->state, "level"), code = value_of(&w->state, "place");
	struct report_sure_view v = { .csrf = frame_csrf(c),
		.tag = arena_str(c->mem, str_of(w->tag)),
		.level = code_index(level_codes, level),
		.spare = value_of(&w->state, "spare_neighbours").n > 0,
		.caller = caller };
	struct alert_target *targets;
	size_t targets_count;
	struct place place;
	bool found;
	TRY(places_enter_of(c, code, &found));
	if (!found || v.level < 0 || places_by_code(c, code, &place) != OK)
		return to_form(c, r, caller);
	v.hidden = arena_array(c->mem, struct form_hidden, w->state.values_count + 1);
	for (size_t i = 0; i < w->state.values_count; i++)
		if (waits(w->state.values[i].name) && !str_is(w->state.values[i].name, "spare_neighbours"))
			v.hidden[v.hidden_count++] =
				(struct form_hidden){ w->state.values[i].name, w->state.values[i].value };
	TRY(alerts_plan(c, place.id, (enum level)v.level, false, &targets, &targets_count));
	v.readers = reports_reader_rows(c, targets, targets_count, &v.readers_count);
	TRY(places_label(c, place.id, &v.place));
	r->plain = true;
	r->body.form_key = w->form_key;
	frame_begin(c, q, r, &(struct frame){ .title = reports_title(c), .again = true });
	frame_refusal(c, q, r);
	report_sure_view(&r->body, &v);
	return frame_end(c, r);
}

/* Whether the address of W was left: what waits there is for nobody. */
static enum err was_left(struct ctx *c, const struct waiting *w, struct str tag, bool *left)
{
	bool found;
	*left = false;
	TRY(places_enter_of(c, value_of(&w->state, "place"), &found));
	return found && visit_is_tag(tag) ? visit_left(c, tag, left) : OK;
}

/* What Q has sent, for the address it came from or a new one. */
static enum err take(struct ctx *c, const struct request *q, struct waiting **out)
{
	struct waiting *w = *out = arena_new_of(c->mem, struct waiting);
	char *tag = arena_alloc(c->mem, VISIT_TAG_BYTES + 1, 1);
	bool left;
	*w = (struct waiting){ *q->state, q->form_key, tag };
	TRY(was_left(c, w, sure_tag(q), &left));
	visit_tag(left ? S("") : sure_tag(q), tag);
	return OK;
}

enum err sure_ask(struct ctx *c, const struct request *q, struct response *r, bool caller)
{
	struct waiting *w;
	TRY(take(c, q, &w));
	r->plain = true;
	if (keep(c, r, w, caller))
		return redirect(c, r, path_of(c, w->tag, caller));
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
	struct waiting *w;
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
	struct str path = path_of(c, arena_str(c->mem, tag).p, false);
	response_cookie_at(c, r, cookie, S(""), path, 0);
}

static enum err page(struct ctx *c, const struct request *q, struct response *r, bool caller)
{
	struct waiting *w = arena_new_of(c->mem, struct waiting);
	if (!visit_is_tag(q->params[0]))
		return FAIL(c, ERR_NOT_FOUND, "no address of this step");
	bool left;
	w->tag = arena_str(c->mem, q->params[0]).p;
	if (!find(c, q, w, caller))
		return to_form(c, r, caller);
	TRY(was_left(c, w, q->params[0], &left));
	return left ? to_form(c, r, caller) : show(c, q, r, w, caller);
}

enum err reports_sure_page(struct ctx *c, const struct request *q, struct response *r)
{
	return page(c, q, r, false);
}

enum err reports_caller_sure_page(struct ctx *c, const struct request *q, struct response *r)
{
	return page(c, q, r, true);
}
