#include "http/router.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/utf8.h"
#include "db/db.h"
#include "http/crowd.h"
#include "http/once.h"
#include "http/refusal.h"
#include "http/session.h"
#include "http/show.h"
#include "web/words.h"

static const int64_t FRESH_MS = 10 * MINUTE_MS, USED_MS = 5 * MINUTE_MS;
/* Who is still waiting after this long is told to come again. Whoever sent a form may not: a report that comes late is
 * better than one that was refused. */
static const int64_t LATE_PAGE_MS = 3 * SECOND_MS, LATE_FORM_MS = 20 * SECOND_MS;
enum { TRIES_MAX = 3, RATES_MAX = 4, COOKIE_YEAR_S = 365 * 86400 };

static bool match(const char *pattern, struct str path, struct str *params)
{
	struct str want = str_of(pattern), a, b;
	size_t n = 0;
	for (;;) {
		bool more_a = str_cut(&want, '/', &a), more_b = str_cut(&path, '/', &b);
		if (more_a != more_b)
			return false;
		if (!more_a)
			return true;
		if (a.n > 0 && a.p[0] == ':') {
			if (b.n == 0 || n == PARAMS_MAX)
				return false;
			params[n++] = b;
		} else if (!str_eq(a, b)) {
			return false;
		}
	}
}

const struct route *router_find(const struct router *t, struct request *q, bool *other)
{
	*other = false;
	bool whole = q->path.n > 0 && q->path.p[0] == '/' && (q->path.n == 1 || q->path.p[q->path.n - 1] != '/');
	for (const struct route *r = t->routes; whole && r < t->routes + t->routes_count; r++) {
		if (!match(r->path, q->path, q->params))
			continue;
		if (r->method == q->method)
			return r;
		*other = true;
	}
	return NULL;
}

static const char *bad_form(const struct form *form)
{
	if (!form->fields_count || !form->size)
		return "its form is empty";
	for (const struct field *f = form->fields; f < form->fields + form->fields_count; f++) {
		size_t codes = 0;
		while (f->codes && f->codes[codes])
			codes++;
		bool listed = f->kind == FIELD_CODE || f->kind == FIELD_SET;
		if (listed != (codes > 0) || (f->kind == FIELD_SET && codes > 32))
			return "a field has no codes, or too many, or some for nothing";
		bool ranged = f->kind == FIELD_LINE || f->kind == FIELD_TEXT || f->kind == FIELD_SECRET ||
			      f->kind == FIELD_INT || f->kind == FIELD_IDS;
		if (ranged && (f->max < f->min || f->max == 0))
			return "a field has no maximum";
	}
	return NULL;
}

static const char *bad_route(const struct router *t, const struct route *r)
{
	struct str params[PARAMS_MAX];
	if (!r->path || r->path[0] != '/' || !r->handler)
		return "it has no path or no handler";
	if (r->method == POST && r->who == ROUTE_ANYONE && !(r->flags & ROUTE_OPEN))
		return "it takes a POST from anyone and does not say ROUTE_OPEN";
	if ((r->flags & ROUTE_NOBODY) && r->who != ROUTE_ANYONE)
		return "it knows nobody and is not for anyone";
	if ((r->flags & ROUTE_NO_DB) && (r->who != ROUTE_ANYONE || r->form))
		return "it needs a session or shows a form, and these need the database";
	if (r->form && r->method != POST)
		return "it has a form and is no POST";
	if ((r->flags & (ROUTE_FRESH | ROUTE_SPARING)) && (r->method != POST || r->who == ROUTE_ANYONE))
		return "it asks for the password again or is counted for an account, and is no POST or for anyone";
	bool reads = r->method == GET || (r->flags & ROUTE_READS);
	if (reads && ((r->flags & ROUTE_RATED) || (r->form && r->form->first)))
		return "it is counted, or has a first handler, and does not write";
	for (const struct route *above = t->routes; above < r; above++)
		if (above->method == r->method && match(above->path, str_of(r->path), params))
			return "a row above it has its address";
	return r->form ? bad_form(r->form) : NULL;
}

bool router_check(struct ctx *c, const struct router *t)
{
	for (const struct route *r = t->routes; r < t->routes + t->routes_count; r++) {
		const char *why = bad_route(t, r);
		if (why)
			return FAIL(c, ERR_INPUT, "route %s %s: %s", r->method == GET ? "GET" : "POST",
				       r->path ? r->path : "?", why) == OK;
	}
	return true;
}

bool turn_from_here(const struct request *q)
{
	if (q->method == GET || q->carried) /* the form that one came in was looked at */
		return true;
	if (q->fetch_site.n)
		return str_is(q->fetch_site, "same-origin") || str_is(q->fetch_site, "none");
	struct str from = q->origin.n ? q->origin : q->referer, scheme, host = S("");
	if (from.n == 0)
		return true;
	if (!str_cut(&from, '/', &scheme) || (!str_is(scheme, "https:") && !str_is(scheme, "http:")))
		return false;
	if (from.n == 0 || from.p[0] != '/')
		return false;
	from = (struct str){ from.p + 1, from.n - 1 };
	return str_cut(&from, '/', &host) && str_eq(host, q->host);
}

enum err turn_check_origin(struct turn *w)
{
	struct ctx *c = w->c;
	const struct request *q = w->q;
	if (q->method == GET || q->carried)
		return OK;
	if (!turn_from_here(q))
		return REFUSE(c, ERR_DENIED, "This form was sent from another site.");
	if (!c->session)
		return OK; /* nothing that a forged request could use */
	w->stale = !form_token_check(c, q);
	return w->stale ? REFUSE(c, ERR_DENIED, "This page is too old. Open it again and repeat the step.") : OK;
}

enum err turn_check_who(struct turn *w)
{
	struct ctx *c = w->c;
	unsigned who = w->q->route->who;
	if (who == ROUTE_ANYONE)
		return OK;
	if (!c->session)
		return REFUSE(c, ERR_SIGN_IN, "Please sign in first.");
	if (who == ROUTE_SIGNED_IN || (c->roles & who))
		return OK;
	return REFUSE(c, ERR_DENIED, "Your role does not include this.");
}

/* What outlives a session takes more than one that somebody found open: the page to sign in on shows, with the form inside, and
 * goes on with it. */
static enum err check_fresh(struct turn *w)
{
	const struct ctx *c = w->c;
	if (!(w->q->route->flags & ROUTE_FRESH) || c->session->began_ms + FRESH_MS > c->now_ms)
		return OK;
	return REFUSE(w->c, ERR_SIGN_IN, "This step needs your password again.");
}

/* Before anything is compared with a secret. Counted once, however often the handler runs. */
static enum err check_guess(struct turn *w)
{
	const struct router *t = w->t;
	struct request *q = w->q;
	if (!(q->route->flags & ROUTE_GUESS) || !t->limits || q->guessed)
		return OK;
	struct address sender = address_sender(&q->peer, q->forwarded, &t->trusted);
	int64_t now_ms = clock_monotonic_ms();
	q->guess = w->r->spending.guess;
	q->guessed = guesses_take(&t->limits->guesses, &q->guess, &sender, t->failed_sign_ins_per_minute, now_ms,
		&q->guess_degree, &w->retry_s);
	if (!q->guessed)
		return REFUSE(w->c, ERR_RATE, "Too many wrong attempts. It takes a moment until the next one.");
	q->guess_degree = guesses_degree(
		&t->limits->guesses, &q->guess, &sender, t->failed_sign_ins_per_minute, now_ms);
	return OK;
}

/* What one person does to many is slowed down, and stands in the audit. */
static enum err check_sparing(struct turn *w)
{
	if (!(w->q->route->flags & ROUTE_SPARING) || !w->t->limits)
		return OK;
	if (guesses_spare(&w->t->limits->guesses, w->c->account_id, w->q->route->path, w->t->acts_per_hour,
		    clock_monotonic_ms(), &w->retry_s))
		return OK;
	return REFUSE(w->c, ERR_RATE,
		"You have done this very often within an hour. What you chose is kept: please go on later, or ask a "
		"colleague.");
}

/* A form that came before is refused for that alone: it was right the first time. */
static void forgive_guess(struct turn *w)
{
	const struct router *t = w->t;
	bool refused = w->r->status >= 400 && w->r->status < 500 && !w->r->right;
	if (!w->q->guessed || (refused && !w->q->again))
		return;
	struct address sender = address_sender(&w->q->peer, w->q->forwarded, &t->trusted);
	guesses_forgive(
		&t->limits->guesses, &w->q->guess, &sender, t->failed_sign_ins_per_minute, clock_monotonic_ms());
}

enum err turn_check_late(struct turn *w)
{
	int64_t most_ms = w->q->method == POST ? LATE_FORM_MS : LATE_PAGE_MS;
	if (w->q->waited_ms > most_ms && !(w->q->route->flags & ROUTE_NO_DB))
		return REFUSE(w->c, ERR_BUSY, "Too much is going on at the moment. Please try again.");
	if (!id_reaches(w->c->now_ms) && !(w->q->route->flags & ROUTE_NO_DB))
		return REFUSE(w->c, ERR_BUSY,
			"The clock of this server is wrong, so nothing can be sent now. If it is urgent, call 110.");
	return OK;
}

/* All that W is counted against. */
static size_t rates_of(const struct turn *w, const struct spending *on, struct rate rates[RATES_MAX])
{
	const struct router *t = w->t;
	size_t n = 0;
	if (t->worker_reports)
		rates[n++] = (struct rate){ t->worker_reports, t->worker_reports_per_minute };
	if (!t->limits)
		return n;
	rates[n++] = (struct rate){ &t->limits->reports, t->reports_per_minute };
	if (on->subject && t->subject_reports_per_minute)
		rates[n++] = (struct rate){ limits_subject(t->limits, on->subject), t->subject_reports_per_minute };
	if (on->waited && t->waited_reports_per_minute)
		rates[n++] = (struct rate){ &t->limits->waited_reports, t->waited_reports_per_minute };
	return n;
}

/* By the clock that never jumps: one that is set back must not close the door for as long. */
static enum err check_rate(struct turn *w)
{
	struct rate rates[RATES_MAX];
	struct spending on = w->r->spending;
	if (!(w->q->route->flags & ROUTE_RATED) || w->q->counted)
		return OK;
	size_t count = rates_of(w, &on, rates);
	w->q->counted = limits_take(rates, count, w->q->crowd == 0, clock_monotonic_ms(), &w->retry_s);
	if (w->q->counted)
		return OK;
	return REFUSE(w->c, ERR_BUSY,
		"Very many reports are coming in. Your text is kept here: please send it again in a moment.");
}

/* How busy the sender's network is, before this request and with it. */
void turn_look_at_sender(struct turn *w)
{
	struct request *q = w->q;
	if (!w->t->limits || !(q->route->flags & (ROUTE_CROWD | ROUTE_RATED)) || q->crowd_known)
		return;
	struct address sender = address_sender(&q->peer, q->forwarded, &w->t->trusted);
	int64_t now_ms = clock_monotonic_ms();
	q->crowd_known = true;
	q->crowd = crowd_degree(&w->t->limits->crowd, &sender, now_ms);
	crowd_count(&w->t->limits->crowd, &sender, now_ms);
}

static enum err identify_only(struct turn *w)
{
	return turn_read(w, turn_identify, NULL);
}

/* What was read of a form of this site is on the page of the error, to be shortened and sent again. */
static enum err read_part(struct turn *w)
{
	struct request *q = w->q;
	struct form_state *state = arena_new_of(w->c->mem, struct form_state);
	bool keeps = !q->wants_json && !(q->route->flags & ROUTE_NO_DB) && turn_from_here(q);
	if (keeps && form_read(w->c, form_whole(q->body), state) == OK) {
		q->form_key = form_take(state, FORM_KEY_NAME);
		q->state = state;
		TRY(turn_try(w, identify_only));
	}
	return REFUSE(w->c, ERR_LIMIT, "That is longer than what is read here. Please shorten it: its end is missing.");
}

enum err turn_read_body(struct turn *w)
{
	struct ctx *c = w->c;
	struct request *q = w->q;
	if (q->method == GET || q->state)
		return OK;
	struct str type = q->body_type, kind = S("");
	bool is_form = str_cut(&type, ';', &kind) && str_is(str_trim(kind), "application/x-www-form-urlencoded");
	if (q->too_large && is_form)
		return read_part(w);
	if (q->too_large)
		return FAIL(c, ERR_LIMIT, "a body of more than %d bytes", BODY_BYTES_MAX);
	if (q->body.n && !is_form) {
		w->status = 415;
		return REFUSE(c, ERR_INPUT, "Only ordinary forms are understood here.");
	}
	struct form_state *state = arena_new_of(c->mem, struct form_state);
	enum err e = form_read(c, q->body, state);
	if (e == OK) {
		q->form_key = form_take(state, FORM_KEY_NAME);
		q->state = state;
	} else {
		w->status = 400;
	}
	return e;
}

static enum err fill(struct ctx *c, struct request *q)
{
	const struct form *form = q->route->form;
	if (!form)
		return OK;
	void *out = arena_alloc(c->mem, 1, form->size);
	q->form = out;
	q->state->errors_count = 0;
	return form_fill(c, form, q->state, out) ? OK
						 : FAIL(c, ERR_INPUT, "a form with %zu errors", q->state->errors_count);
}

/* A page that reloads itself, or the stream of an open one, is nobody's use of the session. A browser that tells neither where a
 * request comes from nor that a person began it is taken at its word. */
static void look_at_use(struct turn *w)
{
	const struct request *q = w->q;
	struct session *s = w->c->session;
	bool by_person = q->method == POST || q->fetch_site.n == 0 || q->fetch_user.n > 0;
	w->uses = s && by_person && s->seen_ms + USED_MS <= w->c->now_ms;
	if (w->uses)
		s->seen_ms = w->c->now_ms; /* for the page, which is made before it is written */
}

enum err turn_identify(struct turn *w)
{
	struct ctx *c = w->c;
	c->account_id = 0;
	c->roles = 0;
	c->session = NULL;
	c->region = S("");
	enum err e = w->t->hooks.identify(c, w->q);
	if (w->q->route->flags & ROUTE_NOBODY) {
		c->account_id = 0;
		c->roles = 0;
		c->session = NULL;
	}
	look_at_use(w);
	if (w->speaks)
		c->lang = w->lang;
	w->r->body.lang = c->lang;
	return e;
}

enum err turn_check(struct turn *w)
{
	TRY(turn_check_origin(w)); /* first: no form from elsewhere is kept for whoever signs in */
	TRY(turn_check_who(w));
	TRY(check_fresh(w));
	TRY(turn_check_late(w));
	return fill(w->c, w->q);
}

enum err turn_finish(struct turn *w, enum err e)
{
	if (e == OK)
		e = db_commit(w->c);
	else
		db_rollback(w->c);
	*w->notified |= db_take_notified(w->c->db);
	return e;
}

void turn_write_beside(struct turn *w, enum err (*fn)(struct turn *w), const char *failed)
{
	struct ctx saved = *w->c;
	if (db_begin(w->c, true) != OK || turn_finish(w, fn(w)) != OK)
		log_warn(failed, "why=\"%.*s\"", STR_ARG(w->c->err.why));
	w->c->err = saved.err;
}

static enum err used(struct turn *w)
{
	return w->t->hooks.used(w->c);
}

static enum err write_down(struct turn *w, const struct afters *afters)
{
	enum err e = OK;
	if (afters->count == 0)
		return OK;
	TRY(db_begin(w->c, true));
	for (size_t i = 0; i < afters->count && e == OK; i++)
		e = afters->all[i].fn(w->c, afters->all[i].arg);
	return turn_finish(w, e);
}

enum err turn_read(struct turn *w, enum err (*first)(struct turn *w), handler_fn handler)
{
	struct afters *afters = arena_new_of(w->c->mem, struct afters);
	response_reset(w->r);
	TRY(db_begin(w->c, false));
	enum err e = first ? first(w) : OK;
	if (e == OK && handler) {
		w->c->afters = afters;
		e = handler(w->c, w->q, w->r);
		w->c->afters = NULL;
	}
	TRY(turn_finish(w, e));
	return write_down(w, afters);
}

static enum err identify_and_check(struct turn *w)
{
	TRY(turn_identify(w));
	return turn_check(w);
}

static enum err read_only(struct turn *w)
{
	return turn_read(w, identify_and_check, w->q->route->handler);
}

static enum err write(struct turn *w)
{
	response_reset(w->r);
	TRY(db_begin(w->c, true));
	enum err e = once_handle(w->c, w->q, w->r);
	bool done = e == OK;
	e = turn_finish(w, e);
	w->unsure = done && e != OK;
	return e;
}

enum err turn_try(struct turn *w, enum err (*once)(struct turn *w))
{
	enum err e = OK;
	for (int i = 0; i < TRIES_MAX; i++) {
		e = once(w);
		if (e == OK || e == ERR_WAIT || !db_retryable(w->c->db))
			return e;
	}
	return e;
}

enum err turn_admit(struct turn *w)
{
	const struct form *form = w->q->route->form;
	return turn_read(w, identify_and_check, form ? form->first : NULL);
}

static enum err handle(struct turn *w)
{
	struct ctx *c = w->c;
	struct request *q = w->q;
	bool other;
	if (!utf8_valid(q->path))
		return FAIL(c, ERR_NOT_FOUND, "an address that is not UTF-8");
	if (show_asked(w))
		return show_again(w);
	q->route = router_find(w->t, q, &other);
	if (!q->route && other) {
		w->status = 405;
		return FAIL(c, ERR_INPUT, "the method is not for this address");
	}
	if (!q->route)
		return FAIL(c, ERR_NOT_FOUND, "no such address");
	turn_look_at_sender(w);
	TRY(turn_read_body(w));
	if (q->route->flags & ROUTE_NO_DB) {
		TRY(turn_check(w));
		return q->route->handler(c, q, w->r);
	}
	if (q->method == GET || (q->route->flags & ROUTE_READS))
		return turn_try(w, read_only);
	TRY(turn_try(w, turn_admit));
	if (w->r->status)
		return OK;
	TRY(check_guess(w));
	TRY(check_sparing(w));
	TRY(check_rate(w));
	return turn_try(w, write);
}

/* A form that was carried by the one just handled, with the cookies that this one gave. */
static enum err go_on(struct turn *w)
{
	struct ctx *c = w->c;
	struct request q = *w->q;
	struct response *r = w->r;
	struct header cookies[COOKIES_SET_MAX];
	size_t count = r->cookies_count;
	bool other, nobody = (w->q->route->flags & ROUTE_NOBODY) != 0;
	memcpy(cookies, r->cookies, sizeof cookies);
	q.path = r->carried.path;
	q.query = S("");
	q.state = r->carried.state;
	q.form_key = form_take(q.state, FORM_KEY_NAME);
	q.show = form_take(q.state, FORM_SHOW_NAME);
	q.typed = NULL;
	q.counted = q.again = q.guessed = false;
	q.carried = true;
	q.own = r->carried.own;
	bool only_shown = q.own.n == 0 && q.show.n == 0;
	if (only_shown) {
		q.show = q.path;
		c->err.say = N_("Nothing has been sent yet. Look at it once more, then send it.");
	}
	for (size_t i = 0; i < count; i++) {
		struct str rest = cookies[i].value, pair = S("");
		(void)str_cut(&rest, ';', &pair);
		q.cookies = arena_printf(c->mem, "%.*s; %.*s", STR_ARG(pair), STR_ARG(q.cookies));
	}
	q.route = q.show.n ? show_route(w->t, &q) : router_find(w->t, &q, &other);
	bool may = q.route && !w->q->carried && (!nobody || (q.route->flags & ROUTE_NOBODY));
	if (only_shown && may) /* a button alone, without the page that says what it does, is not to be pressed */
		may = q.route->method == GET || (q.route->form && q.route->form->page);
	struct slow *slow = c->slow;
	c->slow = NULL; /* what was computed belongs to the first form */
	enum err e = may ? router_answer(w->t, c, &q, r, w->notified) : redirect(c, r, S("/"));
	c->slow = slow;
	if (!may)
		r->cookies_count = 0;
	for (size_t i = 0; i < count && r->cookies_count < COOKIES_SET_MAX; i++)
		r->cookies[r->cookies_count++] = cookies[i];
	return e;
}

enum err router_answer(const struct router *t, struct ctx *c, struct request *q, struct response *r, bool *notified)
{
	struct turn w = { .t = t, .c = c, .q = q, .r = r, .notified = notified };
	c->lang = request_lang(q);
	r->body.lang = c->lang;
	enum err e = handle(&w);
	if (e == OK && r->carried.path.n) {
		forgive_guess(&w); /* before R is the answer to the form inside */
		return go_on(&w);
	}
	if (e == ERR_WAIT) {
		response_reset(r);
		return e;
	}
	if (e == OK && (r->body.over || (r->json && r->json->over)))
		e = FAIL(c, ERR_DB, "a page over its maximum");
	if (e != OK)
		refusal_answer(&w, e);
	if (r->status == 0)
		r->status = 200;
	if (w.speaks)
		response_cookie(c, r, LANG_COOKIE, w.lang == LANG_EN ? S("en") : S("id"), COOKIE_YEAR_S);
	if (w.uses && c->session && !r->stream && t->hooks.used)
		turn_write_beside(&w, used, "use_not_noted");
	forgive_guess(&w);
	return OK;
}
