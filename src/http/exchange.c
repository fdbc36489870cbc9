#include "http/exchange.h"
#include "http/negotiate.h"
#include "http/static.h"
#include "vault/hash.h"
#define ZLIB_CONST
#include <zlib.h>

enum { GZIP_FROM_BYTES = 1024, GZIP_LEVEL = 5, STREAM_BLOCK_BYTES = 1024, FIRST_BLOCK_BYTES = 16 * 1024 };

static enum MHD_Result take_header(void *closure, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind;
	struct exchange *x = closure;
	request_header(&x->q, str_of(name), str_of(value));
	return MHD_YES;
}

static void wipe_slow(void *slow)
{
	vault_wipe(slow, sizeof(struct slow));
}

void exchange_begin(struct exchange *x, struct MHD_Connection *connection, const char *target)
{
	if (!x->mem)
		x->mem = arena_new(FIRST_BLOCK_BYTES);
	x->connection = connection;
	x->target = arena_str(x->mem, str_of(target));
	buf_init(&x->body, BODY_BYTES_MAX);
}

static void forget_body(struct exchange *x)
{
	if (x->body.p)
		vault_wipe(x->body.p, x->body.cap);
	buf_free(&x->body);
}

void exchange_end(struct exchange *x)
{
	struct arena *mem = x->mem;
	forget_body(x);
	if (mem)
		arena_reset(mem);
	*x = (struct exchange){ .mem = mem };
}

bool exchange_read(struct exchange *x, const char *method)
{
	x->read = true;
	x->slow = arena_new_of(x->mem, struct slow);
	arena_defer(x->mem, wipe_slow, x->slow);
	if (!request_parse(x->mem, method, x->target, &x->q))
		return false;
	MHD_get_connection_values(x->connection, MHD_HEADER_KIND, take_header, x);
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	x->q.peer = address_of_socket(info ? info->client_addr : NULL);
	x->q.too_large = x->body.over;
	x->q.body = buf_str(&x->body);
	return true;
}

static void put_constant_headers(struct MHD_Response *m)
{
	static const char *const always[][2] = {
		{"Content-Security-Policy",
                 "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
			"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
			"frame-ancestors 'none'"                                            },
		{ "X-Content-Type-Options",       "nosniff"                                 },
		{ "Referrer-Policy",              "same-origin"                             },
		{ "Cross-Origin-Opener-Policy",   "same-origin"                             },
		{ "Cross-Origin-Resource-Policy", "same-origin"                             },
		{ "Permissions-Policy",           "camera=(), geolocation=(), microphone=()"},
	};
	for (size_t i = 0; i < COUNT(always); i++)
		MHD_add_response_header(m, always[i][0], always[i][1]);
}

static void put_headers(struct MHD_Response *m, const struct response *r, bool signed_in)
{
	bool keep = r->keep && !signed_in && r->cookies_count == 0;
	put_constant_headers(m);
	if (!r->asset)
		MHD_add_response_header(m, "Cache-Control", keep ? "private, max-age=60" : "no-store");
	for (size_t i = 0; i < r->headers_count; i++)
		MHD_add_response_header(m, r->headers[i].name, r->headers[i].value.p);
	for (size_t i = 0; i < r->cookies_count; i++)
		MHD_add_response_header(m, "Set-Cookie", r->cookies[i].value.p);
	if (r->location.n)
		MHD_add_response_header(m, "Location", r->location.p);
}

/* Compressed bytes in malloc'ed memory, or NULL. */
static unsigned char *compressed(struct str text, size_t *n)
{
	z_stream z = { 0 };
	if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	size_t room = deflateBound(&z, text.n);
	unsigned char *out = malloc(room);
	z.next_in = (const unsigned char *)text.p;
	z.avail_in = (unsigned)text.n;
	z.next_out = out;
	z.avail_out = (unsigned)room;
	bool whole = out && deflate(&z, Z_FINISH) == Z_STREAM_END;
	*n = z.total_out;
	deflateEnd(&z);
	if (whole)
		return out;
	free(out);
	return NULL;
}

static ssize_t stream_read(void *closure, uint64_t position, char *to, size_t max)
{
	(void)position;
	struct exchange_stream *s = closure;
	ptrdiff_t n = live_take(s->stream, to, max);
	if (n > 0)
		return n;
	if (n < 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	MHD_suspend_connection(s->connection);
	s->suspended = true;
	return 0;
}

static void stream_free(void *closure)
{
	struct exchange_stream *s = closure;
	live_close(s->stream);
	free(s);
}

static void stream_resume(void *closure)
{
	struct exchange_stream *s = closure;
	if (!s->suspended)
		return;
	s->suspended = false;
	MHD_resume_connection(s->connection);
}

static struct MHD_Response *stream_response(struct exchange *x, struct response *r)
{
	struct exchange_stream *s = calloc(1, sizeof *s);
	if (!s)
		abort();
	*s = (struct exchange_stream){ .stream = r->stream, .connection = x->connection };
	live_attach(r->stream, stream_resume, s);
	struct MHD_Response *m = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES, stream_read, s, stream_free);
	if (m)
		MHD_add_response_header(m, "X-Accel-Buffering", "no");
	else
		stream_free(s);
	return m;
}

/* Whether the length of the compressed answer could tell somebody on the line about a secret: it stands beside something that he
 * may choose, in the address or in what he sent. The token in forms is another one each time and does not count. */
static bool tells(const struct exchange *x, const struct response *r, bool signed_in)
{
	return r->plain || x->q.method != GET || (signed_in && x->q.query.n > 0);
}

static struct MHD_Response *plain_response(struct response *r, struct str text)
{
	if (r->json || text.n == 0)
		return MHD_create_response_from_buffer(text.n, (void *)(uintptr_t)text.p, MHD_RESPMEM_MUST_COPY);
	/* The page's own memory goes along, and is not copied once more. */
	struct MHD_Response *m = MHD_create_response_from_buffer(text.n, r->body.p, MHD_RESPMEM_MUST_FREE);
	if (m)
		r->body = (struct html){ .max = r->body.max, .lang = r->body.lang };
	return m;
}

static struct MHD_Response *text_response(struct exchange *x, struct response *r, bool signed_in)
{
	struct str text = r->json ? buf_str(r->json) : (struct str){ r->body.p, r->body.n };
	bool safe = !tells(x, r, signed_in);
	size_t n = 0;
	unsigned char *small =
		safe && text.n >= GZIP_FROM_BYTES && negotiate_gzip(x->q.encodings) ? compressed(text, &n) : NULL;
	struct MHD_Response *m = small ? MHD_create_response_from_buffer(n, small, MHD_RESPMEM_MUST_FREE)
				       : plain_response(r, text);
	if (m && small)
		MHD_add_response_header(m, "Content-Encoding", "gzip");
	if (m && safe)
		MHD_add_response_header(m, "Vary", "Accept-Encoding");
	return m;
}

static struct MHD_Response *response_of(struct exchange *x, struct response *r, bool signed_in)
{
	if (r->stream)
		return stream_response(x, r);
	if (r->asset)
		return static_response(r->asset, negotiate_gzip(x->q.encodings), x->q.if_none_match, &r->status);
	return text_response(x, r, signed_in);
}

enum MHD_Result exchange_send(struct exchange *x, struct response *r, bool signed_in)
{
	bool stream = r->stream != NULL;
	struct MHD_Response *m = response_of(x, r, signed_in);
	html_free(&r->body);
	if (!m)
		return MHD_NO;
	put_headers(m, r, signed_in);
	if (!r->asset)
		MHD_add_response_header(m, "Content-Type", r->type ? r->type : "text/html; charset=utf-8");
	enum MHD_Result sent = MHD_queue_response(x->connection, (unsigned)r->status, m);
	MHD_destroy_response(m);
	if (stream) {
		forget_body(x);
		arena_free(x->mem);
		*x = (struct exchange){ .connection = x->connection, .started = true, .read = true };
	}
	return sent;
}

enum MHD_Result exchange_refuse(struct exchange *x, unsigned status, const char *text)
{
	struct MHD_Response *m = MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
	if (!m)
		return MHD_NO;
	x->refused = true;
	put_constant_headers(m);
	MHD_add_response_header(m, "Content-Type", "text/plain; charset=utf-8");
	MHD_add_response_header(m, "Cache-Control", "no-store");
	MHD_add_response_header(m, "Connection", "close");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(m, "Allow", "GET, HEAD, POST");
	enum MHD_Result sent = MHD_queue_response(x->connection, status, m);
	MHD_destroy_response(m);
	return sent;
}
