/* First lines and headers from anywhere: what arrives is valid UTF-8, what goes back stays on this site and on one line.
 * Input: the target, then "Name: value" lines. */
#include "base/utf8.h"
#include "http/live.h"
#include "http/negotiate.h"
#include "http/router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static enum err page(struct ctx *c, const struct request *q, struct response *r)
{
	int64_t id;
	struct str next = S("/");
	(void)request_query(c, q, "next", &next);
	assert(utf8_valid(next));
	TRY(request_id(c, q, 0, &id));
	assert(id > 0);
	return redirect(c, r, next);
}

static const struct route routes[] = {
	{GET,   "/",                page, ROUTE_ANYONE, 0, NULL},
	{ GET,  "/cases/new",       page, ROUTE_ANYONE, 0, NULL},
	{ GET,  "/cases/:id",       page, ROUTE_ANYONE, 0, NULL},
	{ POST, "/cases/:id/:what", page, ROUTE_ANYONE, 0, NULL},
};
static const struct router router = { .routes = routes, .routes_count = COUNT(routes) };

static void check_headers(const struct request *q)
{
	const struct str *all[] = { &q->cookies, &q->languages, &q->origin, &q->fetch_site, &q->host, &q->accept,
		&q->encodings, &q->last_event, &q->if_none_match, &q->body_type };
	for (size_t i = 0; i < COUNT(all); i++)
		assert(utf8_valid(*all[i]));
	struct str cookie = request_cookie(q, "adem");
	assert(cookie.n <= q->cookies.n);
	(void)negotiate_gzip(q->encodings);
	assert(request_lang(q) < LANG_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ctx c = { .mem = arena_new(1 << 14), .now_ms = INT64_C(1785589200000) };
	struct str rest = { (const char *)data, n }, target = S(""), line, name;
	struct request q;
	struct response r = { 0 };
	bool other;
	str_cut(&rest, '\n', &target);
	if (request_parse(c.mem, n % 2 ? "GET" : "POST", target, &q)) {
		assert(utf8_valid(q.path) && q.path.n <= target.n);
		while (str_cut(&rest, '\n', &line))
			if (str_cut(&line, ':', &name))
				request_header(&q, name, str_trim(line));
		check_headers(&q);
		q.route = router_find(&router, &q, &other);
		assert(!(q.route && other && q.route->method != q.method));
		if (q.route && q.route->handler(&c, &q, &r) == OK) {
			assert(r.location.n > 0 && r.location.p[0] == '/');
			assert(r.location.n == 1 || (r.location.p[1] != '/' && r.location.p[1] != '\\'));
			for (size_t i = 0; i < r.location.n; i++)
				assert((unsigned char)r.location.p[i] > ' ');
		}
	}
	arena_free(c.mem);
	return 0;
}
