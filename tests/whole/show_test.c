/* The table of addresses with handlers that only count: a page that is shown again ("show") never runs what a POST does, from
 * whatever page, with whatever form, for a member who may do everything and typed the password long ago. */
#include "app/program.h"
#include "base/clock.h"
#include "http/session.h"
#include "testdb.h"

static struct {
	int posts, pages, forms, alone;
	const struct route *ran;
} counted;

static enum err post(struct ctx *c, const struct request *q, struct response *r)
{
	(void)c, (void)r;
	counted.posts++;
	counted.ran = q->route;
	return OK;
}

static enum err page(struct ctx *c, const struct request *q, struct response *r)
{
	(void)c, (void)r;
	assert_int_equal(q->route->method, GET);
	counted.pages++;
	return OK;
}

static enum err form_page(struct ctx *c, const struct request *q, struct response *r)
{
	(void)c, (void)q, (void)r;
	counted.forms++;
	return OK;
}

static enum err somebody(struct ctx *c, const struct request *q)
{
	char cookie[SESSION_TEXT_BYTES];
	(void)q;
	c->region = S("31.71");
	c->account_id = 7;
	c->roles = ~ROUTE_SIGNED_IN;
	c->session = arena_new_of(c->mem, struct session);
	c->session->id = 1;
	c->session->began_ms = c->now_ms - HOUR_MS;
	memset(cookie, 'A', sizeof cookie);
	return vault_session_read((struct str){ cookie, sizeof cookie }, &c->session->token) ? OK : ERR_DB;
}

static void alone(struct ctx *c, const struct request *q, struct response *r, enum err e)
{
	(void)c, (void)q, (void)r, (void)e;
	counted.alone++;
}

static enum err speaks(struct ctx *c, enum lang lang)
{
	(void)c, (void)lang;
	return OK;
}

static struct router counting_router(struct arena *mem)
{
	struct route *all = arena_array(mem, struct route, routes_count);
	for (size_t i = 0; i < routes_count; i++) {
		all[i] = routes[i];
		all[i].handler = routes[i].method == POST ? post : page;
		if (!routes[i].form)
			continue;
		struct form *form = arena_new_of(mem, struct form);
		*form = *routes[i].form;
		form->page = form->page ? form_page : NULL;
		form->first = NULL;
		all[i].form = form;
	}
	return (struct router){
		.routes = all,
		.routes_count = routes_count,
		.hooks = {.identify = somebody, .error_page = alone, .speaks = speaks},
		.sign_in = "/sign-in"
	};
}

/* The path of R with an id in it. */
static struct str path_of(struct arena *mem, const struct route *r)
{
	struct str rest = str_of(r->path), piece, path = S("");
	(void)str_cut(&rest, '/', &piece);
	while (str_cut(&rest, '/', &piece))
		path = arena_printf(
			mem, "%.*s/%.*s", STR_ARG(path), STR_ARG(piece.n && piece.p[0] == ':' ? S("1") : piece));
	return path.n ? path : S("/");
}

/* What a browser sends from the page at AT, where the form to TO has a button that shows it again. */
static int answer(struct testdb *t, const struct router *router, struct str at, const char *headers, struct str to)
{
	struct request q;
	struct response r = { 0 };
	bool notified;
	t->c.session = NULL;
	assert_true(request_parse(t->c.mem, "POST", at, &q));
	request_header(&q, S("content-type"), S("application/x-www-form-urlencoded"));
	request_header(&q, S("host"), S("adem.example"));
	request_header(&q, S("origin"), str_of(headers));
	assert_int_equal(somebody(&t->c, &q), OK);
	q.body = arena_printf(t->c.mem, "csrf=%.*s&show=en%.*s", STR_ARG(form_token(&t->c)), STR_ARG(to));
	html_init(&r.body, PAGE_BYTES_MAX, LANG_ID);
	assert_int_equal(router_answer(router, &t->c, &q, &r, &notified), OK);
	if (r.stream)
		fail_msg("%.*s opened a stream", STR_ARG(at));
	html_free(&r.body);
	return r.status;
}

static void what_a_post_does_is_never_run_by_showing_it_again(void **state)
{
	struct testdb *t = *state;
	struct router router = counting_router(t->c.mem);
	assert_true(router_check(&t->c, &router));
	for (size_t i = 0; i < routes_count; i++)
		for (size_t k = 0; k < routes_count; k++) {
			struct str at = path_of(t->c.mem, &routes[i]), to = path_of(t->c.mem, &routes[k]);
			int status = answer(t, &router, at, "https://adem.example", to);
			if (counted.posts)
				fail_msg("%.*s with %.*s ran %s", STR_ARG(at), STR_ARG(to), counted.ran->path);
			if (status != 200 && status != 303 && status != 401 && status != 422)
				fail_msg("%.*s with %.*s: %d", STR_ARG(at), STR_ARG(to), status);
		}
	assert_true(counted.pages && counted.forms && counted.alone);
}

static void nothing_is_shown_to_another_site(void **state)
{
	struct testdb *t = *state;
	struct router router = counting_router(t->c.mem);
	memset(&counted, 0, sizeof counted);
	for (size_t i = 0; i < routes_count; i++)
		for (size_t k = 0; k < routes_count; k++)
			if (routes[k].method == POST)
				assert_int_equal(answer(t, &router, path_of(t->c.mem, &routes[i]),
							 "https://evil.example", path_of(t->c.mem, &routes[k])),
					403);
	assert_int_equal(counted.posts + counted.pages + counted.forms, 0);
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(what_a_post_does_is_never_run_by_showing_it_again),
		TESTDB(nothing_is_shown_to_another_site),
	};
	return testdb_run("show", cases, COUNT(cases), NULL, 0);
}
