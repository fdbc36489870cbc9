/* url.h - the only maker of addresses that may fill a whole attribute. */
#ifndef ADEM_WEB_URL_H
#define ADEM_WEB_URL_H
#include "web/html.h"

/* A path on this site: begins with one '/', holds no control character and no backslash. Anything else becomes "/". The
 * text is borrowed. */
struct safe_url url_local(struct str path);
/* tel: of a number (digits, '+' and '-'; others are left out). */
struct safe_url url_tel(struct arena *mem, struct str number);
/* Decodes percent-escapes, and '+' as space where FORM; false for a broken escape. *OUT is in MEM. */
MUST_CHECK bool url_decode(struct arena *mem, struct str s, bool form, struct str *out);
#endif
