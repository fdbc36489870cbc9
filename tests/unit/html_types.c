/* What templates become, by type: GOOD compiles; each WRONG is text or markup where it has no encoding, and must not. */
#include "web/html.h"

void view(struct html *h, struct str text, struct safe_html markup, struct safe_url url);

void view(struct html *h, struct str text, struct safe_html markup, struct safe_url url)
{
#if WRONG == 1
	html_put_url(h, text); /* text as a whole address */
#elif WRONG == 2
	html_put_url(h, "javascript:alert(1)");
#elif WRONG == 3
	html_put_attr(h, markup); /* markup in an attribute, textarea or title */
#elif WRONG == 4
	html_put_path(h, markup);
#elif WRONG == 5
	html_put_path(h, url);
#elif WRONG == 6
	html_put(h, url);
#elif WRONG == 7
	html_put(h, &text);
#endif
	html_put(h, text);
	html_put(h, markup);
	html_put_attr(h, text);
	html_put_path(h, text);
	html_put_url(h, url);
}
