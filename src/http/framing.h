/* framing.h - within src/http: whether it is clear where a request ends and whom it is for. Where two programs on its way could
 * read that differently, somebody can hide a second request in the body of the first; such a request is refused, and its
 * connection ends. */
#ifndef ADEM_HTTP_FRAMING_H
#define ADEM_HTTP_FRAMING_H
#include "base/str.h"

struct framing {
	int lengths, encodings, hosts;
	bool odd; /* a name, a length or an encoding that is read in more than one way */
};

/* Takes down one header; other names than those that matter only have to look like names. */
void framing_note(struct framing *f, struct str name, struct str value);
/* Whether all headers together leave no doubt. VERSION: "HTTP/1.1" or "HTTP/1.0". */
MUST_CHECK bool framing_clear(const struct framing *f, struct str version);
#endif
