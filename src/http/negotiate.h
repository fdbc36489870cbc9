/* negotiate.h - within src/http: what a browser says it would like best. Malformed pieces are passed over. */
#ifndef ADEM_HTTP_NEGOTIATE_H
#define ADEM_HTTP_NEGOTIATE_H
#include "base/err.h"

/* Accept: is JSON preferred to HTML? What accepts anything gets HTML. */
bool negotiate_json(struct str accept);
/* Accept-Encoding: may the answer be compressed by gzip? */
bool negotiate_gzip(struct str encodings);
/* Accept-Language: the best of those there are; Indonesian where none is named. Malay readers read Indonesian. */
enum lang negotiate_lang(struct str languages);
#endif
