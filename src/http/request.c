#include "http/http.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "http/live.h"
#include "http/negotiate.h"
#include "http/router.h"

enum { JSON_BYTES_MAX = 1 << 20 };

bool http_secure_cookies;

/* A browser takes a cookie of such a name only over TLS, for this host and the whole of it. */
static const char host_prefix[] = "__Host-";
/* … and one of this only over TLS, and from there. */
static const char secure_prefix[] = "__Secure-";

bool request_parse(struct arena *mem, const char *method, struct str target, struct request *q)
{
	struct str path = target, query = S("");
	ptrdiff_t mark = str_find(target, '?');
	if (mark >= 0) {
		path.n = (size_t)mark;
		query = (struct str){ target.p + mark + 1, target.n - (size_t)mark - 1 };
	}
	*q = (struct request){
		.method = strcmp(method, "POST") == 0 ? POST : GET,
		.head = strcmp(method, "HEAD") == 0,
		.query = query,
	};
	return url_decode(mem, path, false, &q->path) && utf8_valid(q->path);
}

static bool same_name(struct str a, const char *lower)
{
	size_t i = 0;
	for (; i < a.n && lower[i]; i++) {
		char x = a.p[i] >= 'A' && a.p[i] <= 'Z' ? (char)(a.p[i] - 'A' + 'a') : a.p[i];
		if (x != lower[i])
			return false;
	}
	return i == a.n && !lower[i];
}

void request_header(struct request *q, struct str name, struct str value)
{
	static const struct {
		const char *name;
		size_t at;
	} known[] = {
		{"content-type",     offsetof(struct request, body_type)    },
		{ "cookie",          offsetof(struct request, cookies)      },
		{ "accept",          offsetof(struct request, accept)       },
		{ "accept-encoding", offsetof(struct request, encodings)    },
		{ "accept-language", offsetof(struct request, languages)    },
		{ "origin",          offsetof(struct request, origin)       },
		{ "sec-fetch-site",  offsetof(struct request, fetch_site)   },
		{ "sec-fetch-user",  offsetof(struct request, fetch_user)   },
		{ "referer",         offsetof(struct request, referer)      },
		{ "x-forwarded-for", offsetof(struct request, forwarded)    },
		{ "host",            offsetof(struct request, host)         },
		{ "last-event-id",   offsetof(struct request, last_event)   },
		{ "if-none-match",   offsetof(struct request, if_none_match)},
	};
	if (!utf8_valid(value))
		return;
	for (size_t i = 0; i < COUNT(known); i++) {
		if (!same_name(name, known[i].name))
			continue;
		*(struct str *)((char *)q + known[i].at) = value;
		q->wants_json = negotiate_json(q->accept);
		return;
	}
}

enum lang request_lang(const struct request *q)
{
	return negotiate_lang(q->languages);
}

void response_reset(struct response *r)
{
	struct html body = r->body;
	if (r->stream)
		live_close(r->stream);
	body.n = 0;
	body.over = false;
	*r = (struct response){ .body = body };
}

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

static void put_cookie(struct response *r, const char *name, struct str value, struct str text)
{
	assert(r->cookies_count < COOKIES_SET_MAX);
	for (size_t i = 0; i < value.n; i++)
		assert((unsigned char)value.p[i] > ' ' && value.p[i] != ';' && value.p[i] != ',' && value.p[i] != 0x7F);
	r->cookies[r->cookies_count++] = (struct header){ name, text };
}

void response_cookie(struct ctx *c, struct response *r, const char *name, struct str value, int64_t max_age_s)
{
	put_cookie(r, name, value,
		arena_printf(c->mem, "%s%s=%.*s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Lax%s",
			http_secure_cookies ? host_prefix : "", name, STR_ARG(value), max_age_s,
			http_secure_cookies ? "; Secure" : ""));
}

static struct str scoped(
	struct ctx *c, const char *name, struct str value, struct str path, int64_t max_age_s, const char *same_site)
{
	return arena_printf(c->mem, "%s%s=%.*s; Path=%.*s; Max-Age=%" PRId64 "; HttpOnly; SameSite=%s%s",
		http_secure_cookies ? secure_prefix : "", name, STR_ARG(value), STR_ARG(path), max_age_s, same_site,
		http_secure_cookies ? "; Secure" : "");
}

void response_cookie_at(
	struct ctx *c, struct response *r, const char *name, struct str value, struct str path, int64_t max_age_s)
{
	put_cookie(r, name, value, scoped(c, name, value, path, max_age_s, "Strict"));
}

void response_cookie_from(
	struct ctx *c, struct response *r, const char *name, struct str value, struct str path, int64_t max_age_s)
{
	put_cookie(r, name, value, scoped(c, name, value, path, max_age_s, "Lax"));
}

static struct str find_cookie(const struct request *q, const char *prefix, const char *name)
{
	struct str rest = q->cookies, one;
	while (str_cut(&rest, ';', &one)) {
		one = str_trim(one);
		if (http_secure_cookies) {
			if (!str_starts(one, str_of(prefix)))
				continue;
			one = (struct str){ one.p + strlen(prefix), one.n - strlen(prefix) };
		}
		ptrdiff_t equals = str_find(one, '=');
		if (equals > 0 && str_is((struct str){ one.p, (size_t)equals }, name))
			return (struct str){ one.p + equals + 1, one.n - (size_t)equals - 1 };
	}
	return S("");
}

struct str request_cookie(const struct request *q, const char *name)
{
	return find_cookie(q, host_prefix, name);
}

struct str request_cookie_at(const struct request *q, const char *name)
{
	return find_cookie(q, secure_prefix, name);
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
		struct str text;
		if (!url_decode(c->mem, raw, true, &text) || !utf8_valid(text))
			return false;
		*value = text;
		return true;
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

void *request_after_given(struct ctx *c, enum err (*fn)(struct ctx *c, void *arg))
{
	for (size_t i = 0; c->afters && i < c->afters->count; i++)
		if (c->afters->all[i].fn == fn)
			return c->afters->all[i].arg;
	return NULL;
}
