#include "http/show.h"
#include "db/db.h"
#include "http/session.h"

enum { CODE_BYTES = 2 };

bool show_asked(struct turn *w)
{
	static const char mark[] = FORM_SHOW_NAME "=";
	struct request *q = w->q;
	if (q->method != POST || q->show.n)
		return q->show.n > 0;
	if (q->state || q->too_large || q->body.n == 0 || !memmem(q->body.p, q->body.n, mark, sizeof mark - 1) ||
		turn_read_body(w) != OK)
		return false;
	q->show = form_take(q->state, FORM_SHOW_NAME);
	return q->show.n > 0;
}

const struct route *show_route(const struct router *t, struct request *q)
{
	struct request here = *q;
	bool other;
	here.method = GET;
	const struct route *page = router_find(t, &here, &other);
	here.method = POST;
	if (!page)
		page = router_find(t, &here, &other);
	memcpy(q->params, here.params, sizeof q->params);
	return page;
}

/* The language, and the address that the form goes to: empty without one. */
static struct str read_value(struct turn *w)
{
	struct str value = w->q->show;
	if (str_starts(value, S("en")) || str_starts(value, S("id"))) {
		w->speaks = true;
		w->lang = str_starts(value, S("en")) ? LANG_EN : LANG_ID;
		value = (struct str){ value.p + CODE_BYTES, value.n - CODE_BYTES };
	}
	return value.n && value.p[0] == '/' ? value : S("");
}

/* What a page asks of whoever looks at it; not more, since nothing is handled. */
static enum err check(struct turn *w)
{
	TRY(turn_identify(w));
	TRY(turn_check_origin(w));
	TRY(turn_check_who(w));
	return turn_check_late(w);
}

static enum err remember(struct turn *w)
{
	TRY(db_begin(w->c, true));
	return turn_finish(w, w->t->hooks.speaks(w->c, w->lang));
}

static enum err check_only(struct turn *w)
{
	return turn_read(w, check, NULL);
}

static enum err page_of_form(struct turn *w)
{
	return turn_read(w, check, w->q->route->form->page);
}

static enum err page_at_address(struct turn *w)
{
	assert(w->q->route->method == GET);
	return turn_read(w, check, w->q->route->handler);
}

/* It stands where it was sent to: what was wrong with it is said again, and what its first handler answers. */
static enum err page_of_sent(struct turn *w)
{
	TRY(turn_try(w, turn_admit));
	if (w->r->status)
		return OK;
	if (w->q->route->form && w->q->route->form->page)
		return turn_try(w, page_of_form);
	response_reset(w->r);
	w->r->body.form_key = w->q->form_key;
	w->t->hooks.error_page(w->c, w->q, w->r, OK);
	return OK;
}

/* The row of the form that was typed in, and the params of its address. */
static const struct route *typed_in(const struct turn *w, struct str path, struct request *to)
{
	bool other;
	*to = *w->q;
	to->method = POST;
	to->path = path;
	return path.n ? router_find(w->t, to, &other) : NULL;
}

/* There is nothing to keep. */
static enum err to_address(struct turn *w)
{
	const struct request *q = w->q;
	struct str here = q->path;
	if (q->query.n)
		here = arena_printf(w->c->mem, "%.*s?%.*s", STR_ARG(q->path), STR_ARG(q->query));
	return redirect(w->c, w->r, q->route->method == GET ? here : S("/"));
}

/* The page is made by the form's own row where that has one, else by the one at the address. What a POST answered with is not
 * made again: the form then stands alone, as if it had just been sent. */
static enum err choose_page(struct turn *w, struct str path)
{
	struct request *q = w->q, to;
	const struct route *typed = typed_in(w, path, &to);
	bool at_page = q->route->method == GET && !(q->route->flags & ROUTE_NO_DB);
	if (!typed)
		return q->route->method == GET ? to_address(w) : page_of_sent(w);
	bool own = typed->form && typed->form->page;
	bool sent_here = q->route->method == POST && str_eq(path, q->path);
	if (at_page || (own && !sent_here)) {
		q->typed = typed;
		q->typed_path = path;
	} else {
		q->path = path;
		q->query = S("");
	}
	if (own || !at_page) {
		q->route = typed;
		memcpy(q->params, to.params, sizeof q->params);
	}
	if (!q->typed)
		return page_of_sent(w);
	return turn_try(w, own ? page_of_form : page_at_address);
}

enum err show_again(struct turn *w)
{
	struct ctx *c = w->c;
	struct request *q = w->q;
	struct str path = read_value(w);
	if (w->speaks)
		c->lang = w->r->body.lang = w->lang;
	q->route = show_route(w->t, q);
	if (!q->route)
		return FAIL(c, ERR_NOT_FOUND, "no such address");
	turn_look_at_sender(w);
	if (w->speaks) {
		TRY(turn_try(w, check_only));
		if (c->session)
			TRY(turn_try(w, remember));
	}
	return path.n ? choose_page(w, path) : to_address(w);
}
