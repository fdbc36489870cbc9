#include "http/exchange.h"
#include "http/static.h"
#define ZLIB_CONST
#include <zlib.h>

enum { GZIP_FROM_BYTES = 1024, GZIP_LEVEL = 6, STREAM_BLOCK_BYTES = 4096 };

static struct str header_of(struct MHD_Connection *connection, const char *name)
{
	return str_of(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name));
}

bool exchange_read(struct exchange *x, const char *method)
{
	struct str target = x->target, path;
	struct request *q = &x->q;
	ptrdiff_t mark = str_find(target, '?');
	path = (struct str){ target.p, mark < 0 ? target.n : (size_t)mark };
	*q = (struct request){
		.method = strcmp(method, "POST") == 0 ? POST : GET,
		.head = strcmp(method, "HEAD") == 0,
		.query = mark < 0 ? S("") : (struct str){target.p + mark + 1, target.n - (size_t)mark - 1},
		.body = buf_str(&x->body),
		.body_type = header_of(x->connection, "Content-Type"),
		.cookies = header_of(x->connection, "Cookie"),
		.languages = header_of(x->connection, "Accept-Language"),
		.origin = header_of(x->connection, "Origin"),
		.fetch_site = header_of(x->connection, "Sec-Fetch-Site"),
		.host = header_of(x->connection, "Host"),
	};
	struct str accept = header_of(x->connection, "Accept");
	q->wants_json = str_starts(accept, S("application/json"));
	return url_decode(x->mem, path, false, &q->path) && str_find(q->path, '\0') < 0;
}

static void put_headers(struct MHD_Response *m, const struct response *r, bool signed_in)
{
	static const char *const always[][2] = {
		{"Content-Security-Policy",
                 "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src "
                 "'self'; "
			"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
		{ "X-Content-Type-Options",       "nosniff"                                               },
		{ "Referrer-Policy",              "no-referrer"                                           },
		{ "Cross-Origin-Opener-Policy",   "same-origin"                                           },
		{ "Cross-Origin-Resource-Policy", "same-origin"                                           },
		{ "Permissions-Policy",           "camera=(), geolocation=(), microphone=()"              },
	};
	for (size_t i = 0; i < COUNT(always); i++)
		MHD_add_response_header(m, always[i][0], always[i][1]);
	if (!r->asset)
		MHD_add_response_header(m, "Cache-Control", r->keep && !signed_in ? "public, max-age=60" : "no-store");
	for (size_t i = 0; i < r->headers_count; i++)
		MHD_add_response_header(m, r->headers[i].name, r->headers[i].value.p);
	for (size_t i = 0; i < r->cookies_count; i++)
		MHD_add_response_header(m, "Set-Cookie", r->cookies[i].value.p);
	if (r->location.n)
		MHD_add_response_header(m, "Location", r->location.p);
}

static bool takes_gzip(struct MHD_Connection *connection)
{
	struct str rest = header_of(connection, "Accept-Encoding"), one;
	while (str_cut(&rest, ',', &one)) {
		struct str coding;
		if (str_cut(&one, ';', &coding) && str_is(str_trim(coding), "gzip"))
			return !str_is(str_trim(one), "q=0");
	}
	return false;
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

static struct MHD_Response *text_response(struct exchange *x, struct response *r, bool signed_in)
{
	struct str text = r->json ? buf_str(r->json) : (struct str){ r->body.p, r->body.n };
	/* A page that holds a secret beside something a stranger may have put into the address is not compressed: its
	 * length would tell about the secret. */
	bool safe = !r->plain && x->q.method == GET && !(signed_in && x->q.query.n);
	size_t n = 0;
	unsigned char *small = safe && text.n >= GZIP_FROM_BYTES && takes_gzip(x->connection) ? compressed(text, &n)
											      : NULL;
	struct MHD_Response *m = small ? MHD_create_response_from_buffer(n, small, MHD_RESPMEM_MUST_FREE)
				       : MHD_create_response_from_buffer(
						 text.n, (void *)(uintptr_t)text.p, MHD_RESPMEM_MUST_COPY);
	if (m && small)
		MHD_add_response_header(m, "Content-Encoding", "gzip");
	if (m && safe)
		MHD_add_response_header(m, "Vary", "Accept-Encoding");
	return m;
}

enum MHD_Result exchange_send(struct exchange *x, struct response *r, bool signed_in)
{
	struct MHD_Response *m;
	if (r->stream)
		m = stream_response(x, r);
	else if (r->asset)
		m = static_response(
			r->asset, takes_gzip(x->connection), header_of(x->connection, "If-None-Match"), &r->status);
	else
		m = text_response(x, r, signed_in);
	html_free(&r->body);
	if (!m)
		return MHD_NO;
	put_headers(m, r, signed_in);
	if (!r->asset)
		MHD_add_response_header(m, "Content-Type", r->type ? r->type : "text/html; charset=utf-8");
	enum MHD_Result sent = MHD_queue_response(x->connection, (unsigned)r->status, m);
	MHD_destroy_response(m);
	return sent;
}

enum MHD_Result exchange_refuse(struct MHD_Connection *connection, unsigned status, const char *text)
{
	struct MHD_Response *m = MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
	if (!m)
		return MHD_NO;
	MHD_add_response_header(m, "Content-Type", "text/plain; charset=utf-8");
	MHD_add_response_header(m, "Connection", "close");
	enum MHD_Result sent = MHD_queue_response(connection, status, m);
	MHD_destroy_response(m);
	return sent;
}
