#include "http/refusal.h"
#include "base/json.h"
#include "base/log.h"
#include "db/db.h"
#include "web/words.h"

enum { RETRY_S = 5 };

/* What the page of an error says, which has a number to call where it is not the sender's doing. */
static struct str message_with_number(struct ctx *c, enum err e)
{
	struct str text = router_message(c, e);
	bool ours = e == ERR_BUSY || e == ERR_DB || e == ERR_IO;
	if (!ours || memmem(text.p, text.n, "110", 3))
		return text;
	return arena_printf(c->mem, "%.*s %.*s", STR_ARG(text),
		STR_ARG(words_get(c->lang, N_("If somebody is in danger, do not wait: call 110."))));
}

void router_refusal_json(struct ctx *c, const struct request *q, struct response *r, enum err e, int status)
{
	struct json j;
	json_init(&j, response_json(c, r, status));
	json_object(&j);
	json_key(&j, "error");
	json_object(&j);
	json_key(&j, "code");
	json_str(&j, str_of(status == 405 ? "method" : err_code(e)));
	json_key(&j, "message");
	json_str(&j, message_with_number(c, e));
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
		[ERR_BUSY] = N_("This cannot be done just now. Please try again in a moment."),
		[ERR_SETUP] = N_("This has not been set up yet."),
		[ERR_DB] = N_("Something went wrong on our side. Nothing was changed. Please try again."),
		[ERR_IO] = N_("Something went wrong on our side. Nothing was changed. Please try again."),
	};
	const char *key = c->err.code == e && c->err.say ? c->err.say : general[e];
	return words_get(c->lang, key ? key : general[ERR_DB]);
}

/* The form's own page with what was typed; false when there is none or it fails too. */
static bool show_form_again(struct turn *w, enum err e)
{
	const struct form *form = w->q->route ? w->q->route->form : NULL;
	bool about_field = w->q->state && w->q->state->errors_count > 0;
	bool may = about_field || e == ERR_INPUT || e == ERR_BUSY || e == ERR_CONFLICT || e == ERR_RATE || w->stale;
	if (!may || w->unsure || !w->q->state || !form || !form->page)
		return false;
	struct ctx saved = *w->c;
	enum err again = turn_read(w, NULL, form->page);
	w->c->err = saved.err;
	if (again != OK || w->r->body.over)
		return false;
	w->r->status = w->status;
	return true;
}

/* Unreserved characters and '/' stay, everything else is escaped. */
static struct str escaped(struct arena *mem, struct str s)
{
	static const char digits[] = "0123456789ABCDEF", stay[] = "-._~/";
	char *to = arena_alloc(mem, s.n * 3 + 1, 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		bool plain = (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') ||
			     (ch && strchr(stay, ch));
		if (plain) {
			to[n++] = (char)ch;
			continue;
		}
		to[n++] = '%';
		to[n++] = digits[ch >> 4];
		to[n++] = digits[ch & 15];
	}
	return (struct str){ to, n };
}

static void to_sign_in(struct turn *w)
{
	const struct request *q = w->q;
	struct str back = q->path;
	if (q->query.n)
		back = arena_printf(w->c->mem, "%.*s?%.*s", STR_ARG(q->path), STR_ARG(q->query));
	w->r->status = 303;
	w->r->location = arena_printf(w->c->mem, "%s?next=%.*s", w->t->sign_in, STR_ARG(escaped(w->c->mem, back)));
}

static enum err refused(struct turn *w)
{
	return w->t->hooks.refused(w->c, w->q);
}

static void put_page(struct turn *w, enum err e)
{
	if (w->q->wants_json) {
		router_refusal_json(w->c, w->q, w->r, e, w->status);
		return;
	}
	if (e == ERR_SIGN_IN && w->q->method == GET && w->t->sign_in) {
		to_sign_in(w);
		return;
	}
	if (!turn_from_here(w->q)) { /* what another site filled in is not laid out here to be sent by one click */
		w->q->state = NULL;
		w->q->form_key = S("");
	} else if (show_form_again(w, e)) {
		return;
	}
	response_reset(w->r);
	w->r->status = w->status;
	w->r->body.form_key = w->q->form_key;
	w->t->hooks.error_page(w->c, w->q, w->r, e);
}

void refusal_answer(struct turn *w, enum err e)
{
	struct ctx *c = w->c;
	const char *path = w->q->route ? w->q->route->path : "-";
	if (w->status == 0)
		w->status = err_http_status(e);
	if (w->status >= 500 && !c->err.say) /* what is refused with words was meant to be */
		log_warn("request_failed", "status=%d route=%s at=%s:%d why=\"%.*s\"", w->status, path, c->err.file,
			c->err.line, STR_ARG(c->err.why));
	bool spared = e == ERR_RATE && w->q->route && (w->q->route->flags & ROUTE_SPARING);
	if ((e == ERR_DENIED || spared) && c->session && w->t->hooks.refused)
		turn_write_beside(w, refused, "refusal_not_noted");
	response_reset(w->r);
	w->r->body.lang = c->lang;
	put_page(w, e);
	if (w->status == 405)
		response_header(w->r, "Allow", w->q->method == GET ? S("POST") : S("GET, HEAD"));
	if (e == ERR_BUSY || e == ERR_RATE)
		response_header(w->r, "Retry-After",
			arena_printf(c->mem, "%" PRId64, w->retry_s > 0 ? w->retry_s : (int64_t)RETRY_S));
}
