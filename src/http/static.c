#include "http/static.h"

enum err static_page(struct ctx *c, const struct request *q, struct response *r)
{
	r->asset = asset_by_path(q->path);
	return r->asset ? OK : FAIL(c, ERR_NOT_FOUND, "no such file");
}

struct MHD_Response *static_response(const struct asset *a, bool gzip, struct str if_none_match, int *status)
{
	bool small = gzip && a->gzip_n > 0, known = str_is(if_none_match, a->etag);
	const unsigned char *bytes = small ? a->gzip : a->bytes;
	size_t n = small ? a->gzip_n : a->n;
	*status = known ? 304 : 200;
	struct MHD_Response *m = MHD_create_response_from_buffer(
		known ? 0 : n, (void *)(uintptr_t)bytes, MHD_RESPMEM_PERSISTENT);
	if (!m)
		return NULL;
	MHD_add_response_header(m, "Content-Type", a->type);
	MHD_add_response_header(m, "ETag", a->etag);
	MHD_add_response_header(m, "Cache-Control", "public, max-age=31536000, immutable");
	MHD_add_response_header(m, "Vary", "Accept-Encoding");
	if (small && !known)
		MHD_add_response_header(m, "Content-Encoding", "gzip");
	return m;
}
