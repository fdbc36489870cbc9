/* asset.h - files that are part of the program (tools/embed): style, scripts, icons. */
#ifndef ADEM_WEB_ASSET_H
#define ADEM_WEB_ASSET_H
#include "web/html.h"

struct asset {
	const char *name; /* "style.css" */
	const char *path; /* "/assets/style.0123456789.css": holds a hash of the content */
	const char *type, *etag;
	const unsigned char *bytes;
	size_t n;
	const unsigned char *gzip; /* the same compressed; gzip_n is 0 where that is not smaller */
	size_t gzip_n;
};

/* By name or by path; NULL when there is none. */
const struct asset *asset_by_name(const char *name);
const struct asset *asset_by_path(struct str path);
/* The address of an asset that must exist. */
struct safe_url asset_url(const char *name);
#endif
