#include "http/router.h"
#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"
#include "db/db.h"
#include "http/session.h"
#include "web/words.h"

enum { TRIES_MAX = 3, RATE_BURST_S = 5 };

static bool match(const char *pattern, struct str path, struct str *params)
{
	struct str want = str_of(pattern + 1), a, b;
	size_t n = 0;
	if (path.n == 0 || path.p[0] != '/')
		return false;
	path = (struct str){ path.p + 1, path.n - 1 };
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
	for (const struct route *r = t->routes; r < t->routes + t->routes_count; r++) {
		if (!match(r->path, q->path, q->params))
			continue;
		if (r->method == q->method)
			return r;
		*other = true;
	}
	return NULL;
}

/* Same origin, as far as the browser says. A machine says nothing. */
static bool from_here(const struct request *q)
{
	if (q->fetch_site.n)
		return str_is(q->fetch_site, "same-origin") || str_is(q->fetch_site, "none");
	if (q->origin.n == 0)
		return true;
	ptrdiff_t slashes = str_find(q->origin, '/');
	struct str host = { q->origin.p + slashes + 2, q->origin.n - (size_t)slashes - 2 };
	return slashes > 0 && q->origin.n > (size_t)slashes + 2 && str_eq(host, q->host);
}

static enum err check_origin(struct ctx *c, const struct request *q)
{
	if (q->method == GET)
		return OK;
	if (!from_here(q))
		return REFUSE(c, ERR_DENIED, "This form was sent from another site.");
	if (!c->session)
		return OK; /* nothing that a forged request could use */
	if (!q->state || !vault_csrf_check(&c->session->token, form_value(q, "csrf", S(""))))
		return REFUSE(c, ERR_DENIED, "This page is too old. Open it again and repeat the step.");
	return OK;
}

static enum err check_who(struct ctx *c, const struct request *q)
{
	unsigned who = q->route->who;
	if (who == ROUTE_ANYONE)
		return OK;
	if (!c->session)
		return REFUSE(c, ERR_SIGN_IN, "Please sign in first.");
	if (who == ROUTE_SIGNED_IN || (c->roles & who))
		return OK;
	return REFUSE(c, ERR_DENIED, "Your role does not include this.");
}

static enum err check_rate(const struct router *t, struct ctx *c, const struct request *q, struct response *r)
{
	int64_t wait_s;
	if (!(q->route->flags & ROUTE_RATED) || !t->limits)
		return OK;
	int64_t burst = t->reports_per_minute / 60 * RATE_BURST_S + 1;
	if (limit_take(&t->limits->reports, c->now_ms, t->reports_per_minute, burst, &wait_s))
		return OK;
	response_header(r, "Retry-After", arena_printf(c->mem, "%" PRId64, wait_s));
	return REFUSE(c, ERR_BUSY,
		"Very many reports are coming in. Your text is kept here: please send it again in a moment.");
}

static enum err read_body(struct ctx *c, struct request *q)
{
	if (q->method == GET || q->state)
		return OK;
	struct str type = q->body_type, kind;
	if (q->body.n && (!str_cut(&type, ';', &kind) || !str_is(str_trim(kind), "application/x-www-form-urlencoded")))
		return REFUSE(c, ERR_INPUT, "Only ordinary forms are understood here.");
	q->state = arena_new_of(c->mem, struct form_state);
	return form_read(c, q->body, q->state);
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

/* The handler in its transaction, and what it wants written down when it only read. */
static enum err run(struct ctx *c, const struct request *q, struct response *r, bool write, bool *notified)
{
	struct afters *afters = arena_new_of(c->mem, struct afters);
	c->afters = write ? NULL : afters;
	r->body.n = 0;
	r->body.over = false;
	TRY(db_begin(c, write));
	enum err e = q->route->handler(c, q, r);
	c->afters = NULL;
	if (e != OK) {
		db_rollback(c);
		return e;
	}
	TRY(db_commit(c));
	*notified |= db_take_notified(c->db);
	if (afters->count == 0)
		return OK;
	TRY(db_begin(c, true));
	for (size_t i = 0; i < afters->count && e == OK; i++)
		e = afters->all[i].fn(c, afters->all[i].arg);
	if (e != OK) {
		db_rollback(c);
		return e;
	}
	TRY(db_commit(c));
	*notified |= db_take_notified(c->db);
	return OK;
}

static enum err run_again(struct ctx *c, const struct request *q, struct response *r, bool *notified)
{
	bool write = q->method == POST && !(q->route->flags & ROUTE_READS);
	if (q->route->flags & ROUTE_NO_DB)
		return q->route->handler(c, q, r);
	enum err e = OK;
	for (int i = 0; i < TRIES_MAX; i++) {
		size_t cookies = r->cookies_count, headers = r->headers_count;
		e = run(c, q, r, write, notified);
		if (e == OK || e == ERR_WAIT || !db_retryable(c->db))
			return e;
		r->cookies_count = cookies;
		r->headers_count = headers;
	}
	return e;
}

static enum err identify(const struct router *t, struct ctx *c, const struct request *q)
{
	if (q->route->flags & ROUTE_NO_DB)
		return OK;
	TRY(db_begin(c, false));
	enum err e = t->hooks.identify(c, q);
	db_rollback(c);
	return e;
}

static enum err handle(const struct router *t, struct ctx *c, struct request *q, struct response *r, bool *notified)
{
	bool other;
	if (!utf8_valid(q->path))
		return FAIL(c, ERR_NOT_FOUND, "an address that is not UTF-8");
	q->route = router_find(t, q, &other);
	if (!q->route && other) {
		r->status = 405;
		return FAIL(c, ERR_INPUT, "the method is not for this address");
	}
	if (!q->route)
		return FAIL(c, ERR_NOT_FOUND, "no such address");
	TRY(identify(t, c, q));
	TRY(read_body(c, q));
	TRY(check_who(c, q));
	TRY(check_origin(c, q));
	TRY(check_rate(t, c, q, r));
	TRY(fill(c, q));
	return run_again(c, q, r, notified);
}

static void put_json_error(struct ctx *c, const struct request *q, struct response *r, enum err e, struct str message)
{
	struct json j;
	json_init(&j, response_json(c, r, r->status));
	json_object(&j);
	json_key(&j, "error");
	json_object(&j);
	json_key(&j, "code");
	json_str(&j, str_of(r->status == 405 ? "method" : err_code(e)));
	json_key(&j, "message");
	json_str(&j, message);
	json_key(&j, "fields");
	json_object(&j);
	const struct form_error *errors;
	size_t errors_count = form_errors(q, &errors);
	for (size_t i = 0; i < errors_count; i++) {
		json_key(&j, errors[i].name);
		json_str(&j, form_error_text(c, &errors[i]));
	}
	json_end(&j);
	json_end(&j);
	json_end(&j);
}

struct str router_message(struct ctx *c, enum err e)
{
	static const char *const general[ERR_COUNT] = {
		[ERR_INPUT] = N_("Something in what was sent does not fit. Please look at it again."),
		[ERR_NOT_FOUND] = N_("There is nothing at this address."),
		[ERR_DENIED] = N_("This is not for you to see or do."),
		[ERR_SIGN_IN] = N_("Please sign in first."),
		[ERR_CONFLICT] = N_("Somebody else was faster. Please look at it again."),
		[ERR_LIMIT] = N_("That is too much at once."),
		[ERR_RATE] = N_("Too many attempts. Please wait a moment."),
		[ERR_BUSY] = N_("Too much is going on at the moment. Please try again."),
		[ERR_DB] = N_("Something went wrong on our side. Nothing was changed. Please try again."),
		[ERR_IO] = N_("Something went wrong on our side. Nothing was changed. Please try again."),
	};
	const char *key = c->err.code == e && c->err.say ? c->err.say : general[e];
	return words_get(c->lang, key ? key : general[ERR_DB]);
}

/* The form's own page with what was typed; false when there is none or it fails too. */
static bool show_form_again(struct ctx *c, const struct request *q, struct response *r, enum err e)
{
	const struct form *form = q->route ? q->route->form : NULL;
	bool may = (e == ERR_INPUT || e == ERR_BUSY || e == ERR_CONFLICT || e == ERR_RATE) && q->state;
	if (!may || !form || !form->page)
		return false;
	struct ctx saved = *c;
	int status = r->status;
	r->body.n = 0;
	r->body.over = false;
	if (db_begin(c, false) != OK)
		return false;
	struct afters *afters = arena_new_of(c->mem, struct afters);
	c->afters = afters;
	c->err = saved.err;
	enum err again = form->page(c, q, r);
	c->afters = NULL;
	db_rollback(c);
	r->status = status;
	if (again != OK)
		*c = saved;
	return again == OK && afters->count == 0;
}

static void answer_error(
	const struct router *t, struct ctx *c, struct request *q, struct response *r, enum err e, bool *notified)
{
	bool ours = e == ERR_DB || e == ERR_IO;
	if (r->status == 0)
		r->status = err_http_status(e);
	if (ours || e == ERR_BUSY)
		log_warn("request_failed", "status=%d route=%s at=%s:%d why=\"%.*s\"", r->status,
			q->route ? q->route->path : "-", c->err.file, c->err.line, STR_ARG(c->err.why));
	if (e == ERR_BUSY && r->headers_count == 0)
		response_header(r, "Retry-After", S("5"));
	if (e == ERR_DENIED && c->session && t->hooks.refused && db_begin(c, true) == OK) {
		struct ctx saved = *c;
		if (t->hooks.refused(c, q) != OK || db_commit(c) != OK)
			db_rollback(c);
		*notified |= db_take_notified(c->db);
		c->err = saved.err;
	}
	if (q->wants_json) {
		put_json_error(c, q, r, e, router_message(c, e));
		return;
	}
	if (e == ERR_SIGN_IN && q->method == GET) {
		r->status = 303;
		r->location = arena_printf(c->mem, "/sign-in?next=%.*s", STR_ARG(url_local(q->path).s));
		return;
	}
	if (show_form_again(c, q, r, e))
		return;
	r->body.n = 0;
	r->body.over = false;
	t->hooks.error_page(c, q, r, e);
}

enum err router_answer(const struct router *t, struct ctx *c, struct request *q, struct response *r, bool *notified)
{
	assert(c->account_id == 0);
	enum err e = handle(t, c, q, r, notified);
	if (e == ERR_WAIT)
		return e;
	if (e == OK && r->body.over)
		e = FAIL(c, ERR_DB, "a page over its maximum");
	if (e != OK)
		answer_error(t, c, q, r, e, notified);
	if (r->status == 0)
		r->status = 200;
	return OK;
}
