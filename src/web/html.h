/* html.h - typed output. The type of a value and the place it stands in decide how it is encoded; a type that has no
 * encoding there does not compile. Views (templates through tools/htmlgen) call these; nobody else needs to.
 *
 * Grows to a maximum, then ignores what comes and says so in OVER. The bytes are malloc'ed; html_free() gives them back. */
#ifndef ADEM_WEB_HTML_H
#define ADEM_WEB_HTML_H
#include "base/arena.h"
#include "base/err.h"

/* Bytes proven to be HTML: only src/web makes one. */
struct safe_html {
	struct str s;
};
/* An address that is safe in an attribute: only web/url.c makes one. */
struct safe_url {
	struct str s;
};

/* How the page is shown again in the other language, with what was typed in it. */
struct html_other {
	struct str here;       /* the page's own address */
	struct str code, name; /* of that language */
	bool each; /* several forms of the page take text, and a browser without script sends only one: each has its own button */
};

struct html {
	char *p;
	size_t n, cap, max;
	bool over;
	enum lang lang;      /* of the words in it */
	struct str form_key; /* that the forms in it have; empty: each one of its own */
	char forms[24];      /* what these begin with: 22 random characters */
	unsigned forms_count;
	const struct html_other *other; /* of a whole page; NULL: forms have no id and nothing is known of them */
	size_t form_at;                 /* where the open form's tag begins */
	unsigned forms_begun, typed_count, typed_form; /* forms; those that take text; the first of these */
	size_t typed_at, typed_n;                      /* … where it goes, as it stands in the attribute */
};

#define HTML_FORM_KEY_NAME "form_key"
#define HTML_SHOW_NAME     "show"

void html_init(struct html *h, size_t max, enum lang lang);
void html_free(struct html *h);
/* Markup, as it is: for generated views. */
void html_raw(struct html *h, const char *p, size_t n);
/* Text: & < > " ' become entities. */
void html_put_str(struct html *h, struct str s);
void html_put_z(struct html *h, const char *z);
void html_put_i64(struct html *h, int64_t v);
void html_put_u64(struct html *h, uint64_t v);
/* Six significant digits. */
void html_put_f64(struct html *h, double v);
void html_put_safe(struct html *h, struct safe_html s);
/* A whole address in a quoted attribute. */
void html_put_url(struct html *h, struct safe_url u);
/* A piece of an address behind a literal beginning: percent-encoded. */
void html_put_pct(struct html *h, struct str s);
/* The end of the tag of a <form method="post">, and the hidden field by which a form that is sent twice is known: tools/htmlgen
 * calls it for the '>'. */
void html_form_begin(struct html *h);
/* tools/htmlgen calls it before each </form>. A form takes text that has a field which is neither hidden nor a
 * password, or says data-kept. */
void html_form_end(struct html *h);
/* The button that shows the page in the other language, with what stands in its form, which goes TO (as in an
 * attribute). FORM: the number of that form; 0: the one that the button stands in. */
void html_show_button(struct html *h, unsigned form, struct str to);
/* A message in the language of H, its {names} replaced by values; see words.h. */
struct word_value;
void html_word(struct html *h, const char *key, const struct word_value *values, size_t values_count);
void html_plural(struct html *h, const char *one, const char *many, int64_t count, const struct word_value *values,
	size_t values_count);

#define HTML_NUMBERS_                                                                                                  \
	int : html_put_i64,                                                                                            \
	      long : html_put_i64,                                                                                     \
		     long long : html_put_i64,                                                                         \
				 unsigned : html_put_u64,                                                              \
					    unsigned long : html_put_u64,                                              \
							    unsigned long long : html_put_u64
#define html_put(h, x)                                                                                                 \
	_Generic((x), struct str: html_put_str, const char *: html_put_z, char *: html_put_z, double: html_put_f64,    \
		struct safe_html: html_put_safe, HTML_NUMBERS_)((h), (x))
#define html_put_attr(h, x)                                                                                            \
	_Generic((x), struct str: html_put_str, const char *: html_put_z, char *: html_put_z, double: html_put_f64,    \
		HTML_NUMBERS_)((h), (x))
#define html_put_path(h, x) _Generic((x), struct str : html_put_pct, HTML_NUMBERS_)((h), (x))
#define HTML_LIT(h, lit)    html_raw((h), lit, sizeof(lit) - 1)
#endif
