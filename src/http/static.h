/* static.h - files that are part of the program: style, scripts, icons. Their address holds a hash of their content, so that
 * browsers keep them for good. */
#ifndef ADEM_HTTP_STATIC_H
#define ADEM_HTTP_STATIC_H
#include <microhttpd.h>
#include "http/http.h"
#include "web/asset.h"

/* GET /assets/:file. Needs no transaction (ROUTE_NO_DB). */
enum err static_page(struct ctx *c, const struct request *q, struct response *r);
/* For the server: the response, with *status 304 when IF_NONE_MATCH is its tag. */
struct MHD_Response *static_response(const struct asset *a, bool gzip, struct str if_none_match, int *status);
#endif
