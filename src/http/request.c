#include "http/http.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "http/router.h"

enum { JSON_BYTES_MAX = 1 << 20 };

bool http_secure_cookies;

enum err redirect(struct ctx *c, struct response *r, struct str path)
{
	r->status = 303;
	r->location = arena_str(c->mem, url_local(path).s);
	return OK;
}

static void free_buf(void *b)
{
	buf_free(b);
}

struct buf *response_json(struct ctx *c, struct response *r, int status)
{
	struct buf *b = arena_new_of(c->mem, struct buf);
	buf_init(b, JSON_BYTES_MAX);
	arena_defer(c->mem, free_buf, b);
	r->status = status;
	r->type = "application/json";
	r->json = b;
	return b;
}

void response_header(struct response *r, const char *name, struct str value)
{
	assert(r->headers_count < HEADERS_MAX);
	r->headers[r->headers_count++] = (struct header){ name, value };
}

void response_cookie(struct ctx *c, struct response *r, const char *name, struct str value, int64_t max_age_s)
{
	assert(r->cookies_count < COOKIES_SET_MAX);
	r->cookies[r->cookies_count++] = (struct header){ name,
		arena_printf(c->mem, "%s=%.*s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Lax%s", name,
			STR_ARG(value), max_age_s, http_secure_cookies ? "; Secure" : "") };
}

struct str request_cookie(const struct request *q, const char *name)
{
	struct str rest = q->cookies, one;
	while (str_cut(&rest, ';', &one)) {
		one = str_trim(one);
		ptrdiff_t equals = str_find(one, '=');
		if (equals > 0 && str_is((struct str){ one.p, (size_t)equals }, name))
			return (struct str){ one.p + equals + 1, one.n - (size_t)equals - 1 };
	}
	return S("");
}

enum err request_id(struct ctx *c, const struct request *q, size_t param, int64_t *id)
{
	assert(param < PARAMS_MAX);
	if (!str_to_i64(q->params[param], 1, INT64_MAX, id))
		return FAIL(c, ERR_NOT_FOUND, "an address with something else than a number");
	return OK;
}

bool request_query(struct ctx *c, const struct request *q, const char *name, struct str *value)
{
	struct str rest = q->query, pair;
	while (str_cut(&rest, '&', &pair)) {
		ptrdiff_t equals = str_find(pair, '=');
		struct str key = { pair.p, equals < 0 ? pair.n : (size_t)equals };
		if (!str_is(key, name))
			continue;
		struct str raw = equals < 0 ? S("") : (struct str){ key.p + key.n + 1, pair.n - key.n - 1 };
		return url_decode(c->mem, raw, true, value) && utf8_valid(*value);
	}
	return false;
}

enum err request_after(struct ctx *c, enum err (*fn)(struct ctx *c, void *arg), void *arg)
{
	if (!c->afters)
		return fn(c, arg);
	if (c->afters->count == AFTERS_MAX)
		return FAIL(c, ERR_LIMIT, "more than %d things to write down after reading", AFTERS_MAX);
	c->afters->all[c->afters->count++] = (struct after){ fn, arg };
	return OK;
}
