#include "web/html.h"
#include "base/id.h"
#include "web/words.h"

void html_init(struct html *h, size_t max, enum lang lang)
{
	*h = (struct html){ .max = max, .lang = lang };
}

void html_free(struct html *h)
{
	free(h->p);
	*h = (struct html){ .max = h->max, .lang = h->lang };
}

void html_raw(struct html *h, const char *p, size_t n)
{
	if (h->over || n == 0)
		return;
	if (n > h->max - h->n) {
		h->over = true;
		return;
	}
	if (n > h->cap - h->n) {
		size_t cap = h->cap ? h->cap : 4096;
		while (cap < h->n + n)
			cap *= 2;
		char *grown = realloc(h->p, cap);
		if (!grown) {
			fputs("adem: out of memory\n", stderr);
			abort();
		}
		h->p = grown;
		h->cap = cap;
	}
	memcpy(h->p + h->n, p, n);
	h->n += n;
}

static struct str entity(char c)
{
	switch (c) {
	case '&': return S("&amp;");
	case '<': return S("&lt;");
	case '>': return S("&gt;");
	case '"': return S("&#34;");
	case '\'': return S("&#39;");
	default: return (struct str){ NULL, 0 };
	}
}

void html_put_str(struct html *h, struct str s)
{
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		struct str e = entity(s.p[i]);
		if (!e.p)
			continue;
		html_raw(h, s.p + from, i - from);
		html_raw(h, e.p, e.n);
		from = i + 1;
	}
	if (s.n > from)
		html_raw(h, s.p + from, s.n - from);
}

void html_put_z(struct html *h, const char *z)
{
	html_put_str(h, str_of(z));
}

/* Numbers stand on every line of a board: made here, because printf costs more than all the rest of such a line. */
void html_put_u64(struct html *h, uint64_t v)
{
	char t[24];
	size_t at = sizeof t;
	do {
		t[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	html_raw(h, t + at, sizeof t - at);
}

void html_put_i64(struct html *h, int64_t v)
{
	if (v < 0)
		HTML_LIT(h, "-");
	html_put_u64(h, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void html_put_f64(struct html *h, double v)
{
	char t[40];
	int n = snprintf(t, sizeof t, "%.6g", v);
	html_raw(h, t, (size_t)n);
}

void html_put_safe(struct html *h, struct safe_html s)
{
	html_raw(h, s.s.p, s.s.n);
}

void html_put_url(struct html *h, struct safe_url u)
{
	html_put_str(h, u.s);
}

void html_put_pct(struct html *h, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
			     c == '.' || c == '_' || c == '~';
		if (plain) {
			html_raw(h, s.p + i, 1);
			continue;
		}
		char e[3] = { '%', hex[c >> 4], hex[c & 15] };
		html_raw(h, e, sizeof e);
	}
}

/* Writes TEXT with each {name} replaced; text and values are escaped alike. */
static void put_filled(struct html *h, struct str text, const struct word_value *values, size_t values_count)
{
	while (text.n) {
		struct str before, value;
		text = words_piece(text, values, values_count, &before, &value);
		html_put_str(h, before);
		html_put_str(h, value);
	}
}

void html_word(struct html *h, const char *key, const struct word_value *values, size_t values_count)
{
	put_filled(h, words_get(h->lang, key), values, values_count);
}

void html_plural(struct html *h, const char *one, const char *many, int64_t count, const struct word_value *values,
	size_t values_count)
{
	put_filled(h, words_plural(h->lang, one, many, count), values, values_count);
}

static void begin_keys(struct html *h)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	enum { CHARS = sizeof h->forms - 2 };
	unsigned char random[CHARS];
	random_bytes(random, sizeof random);
	for (size_t i = 0; i < CHARS; i++)
		h->forms[i] = alphabet[random[i] % (sizeof alphabet - 1)];
	h->forms[CHARS] = 0;
}

static void form_key(struct html *h)
{
	HTML_LIT(h, "<input type=\"hidden\" name=\"" HTML_FORM_KEY_NAME "\" value=\"");
	if (h->form_key.n) {
		html_put_str(h, h->form_key);
	} else {
		if (!h->forms[0])
			begin_keys(h);
		html_put_z(h, h->forms);
		html_put_u64(h, ++h->forms_count);
	}
	HTML_LIT(h, "\">");
}

static size_t last_form(const struct html *h)
{
	static const char tag[] = "<form";
	size_t at = h->n >= sizeof tag - 1 ? h->n - (sizeof tag - 1) : 0;
	while (at > 0 && memcmp(h->p + at, tag, sizeof tag - 1) != 0)
		at--;
	return at;
}

void html_form_begin(struct html *h)
{
	if (h->other && !h->over) {
		h->form_at = last_form(h);
		HTML_LIT(h, " id=\"f");
		html_put_u64(h, ++h->forms_begun);
		HTML_LIT(h, "\"");
	}
	HTML_LIT(h, ">");
	form_key(h);
}

static ptrdiff_t find(struct str s, const char *piece)
{
	const char *at = s.n ? memmem(s.p, s.n, piece, strlen(piece)) : NULL;
	return at ? at - s.p : -1;
}

/* What a visitor wrote has no '<' in it any more, so tags are found by their beginning. */
static bool takes_text(struct str form)
{
	ptrdiff_t at;
	if (find(form, "<textarea") >= 0 || find(form, "<select") >= 0)
		return true;
	while ((at = find(form, "<input")) >= 0) {
		form = (struct str){ form.p + at, form.n - (size_t)at };
		ptrdiff_t end = find(form, ">");
		struct str tag = { form.p, end < 0 ? form.n : (size_t)end };
		if (find(tag, "type=\"hidden\"") < 0 && find(tag, "type=\"password\"") < 0)
			return true;
		form = (struct str){ form.p + tag.n, form.n - tag.n };
	}
	return false;
}

static struct str action_of(struct str tag)
{
	static const char before[] = "action=\"";
	ptrdiff_t at = find(tag, before);
	if (at < 0)
		return S("");
	struct str rest = { tag.p + at + sizeof before - 1, tag.n - (size_t)at - (sizeof before - 1) }, value = S("");
	(void)str_cut(&rest, '"', &value);
	const char *fragment = value.n ? memchr(value.p, '#', value.n) : NULL; /* for the browser alone */
	return fragment ? (struct str){ value.p, (size_t)(fragment - value.p) } : value;
}

void html_show_button(struct html *h, unsigned form, struct str to)
{
	HTML_LIT(h, "<button class=\"plain\"");
	if (form) {
		HTML_LIT(h, " form=\"f");
		html_put_u64(h, form);
		HTML_LIT(h, "\"");
	}
	HTML_LIT(h, " formaction=\"");
	html_put_str(h, h->other->here);
	HTML_LIT(h, "\" formnovalidate name=\"" HTML_SHOW_NAME "\" value=\"");
	html_put_str(h, h->other->code);
	html_raw(h, to.p, to.n);
	HTML_LIT(h, "\" lang=\"");
	html_put_str(h, h->other->code);
	HTML_LIT(h, "\">");
	html_put_str(h, h->other->name);
	HTML_LIT(h, "</button>");
}

void html_form_end(struct html *h)
{
	if (!h->other || h->over || !h->form_at)
		return;
	struct str form = { h->p + h->form_at, h->n - h->form_at }, rest = form, tag = S("");
	h->form_at = 0;
	(void)str_cut(&rest, '>', &tag);
	if (!takes_text(form) && find(tag, "data-kept") < 0)
		return;
	struct str to = action_of(tag);
	if (h->typed_count++ == 0) {
		h->typed_form = h->forms_begun;
		h->typed_at = (size_t)(to.p - h->p);
		h->typed_n = to.n;
	}
	if (h->other->each) {
		char copy[300]; /* the page may move while it grows */
		size_t n = to.n < sizeof copy ? to.n : 0;
		memcpy(copy, to.p, n);
		HTML_LIT(h, "<noscript><p>");
		html_show_button(h, 0, (struct str){ copy, n });
		HTML_LIT(h, "</p></noscript>");
	}
}
