#include "htmlgen_place.h"
#include <string.h>

static bool one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

/* isalpha() and its like, of ASCII alone. */
static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* The attribute is one address. */
static bool is_url(const struct html_place *p)
{
	static const char *const names[] = { "href", "src", "action", "formaction", "cite", "poster", "data",
		"manifest", "background", "longdesc", "codebase", "xlink:href", NULL };
	return one_of(p->attr, names);
}

/* Values are never allowed in this attribute: code, lists of addresses, what SVG makes of other attributes, and what
 * <meta http-equiv> may take as an address. */
static bool is_code(const struct html_place *p)
{
	static const char *const names[] = { "style", "srcdoc", "nonce", "http-equiv", "srcset", "imagesrcset", "ping",
		"attributename", "from", "to", "by", "values", NULL };
	bool of_meta = strcmp(p->tag, "meta") == 0 && strcmp(p->attr, "content") == 0;
	return of_meta || strncmp(p->attr, "on", 2) == 0 || one_of(p->attr, names);
}

bool place_keeps_space(const struct html_place *p)
{
	return p->pre > 0 || p->place == PLACE_RCDATA || p->place == PLACE_RAW || p->place == PLACE_VALUE;
}

bool place_same(const struct html_place *a, const struct html_place *b)
{
	if (a->place != b->place || a->pre != b->pre)
		return false;
	if (a->place == PLACE_TEXT)
		return true;
	if (a->place == PLACE_RAW || a->place == PLACE_RCDATA)
		return strcmp(a->end, b->end) == 0;
	if (strcmp(a->tag, b->tag) != 0)
		return false;
	return (a->place != PLACE_VALUE && a->place != PLACE_BEFORE_VALUE) || strcmp(a->attr, b->attr) == 0;
}

enum address address_join(enum address a, enum address b)
{
	return a == b ? a : ADDRESS_MIXED;
}

static const char *tag_ends(struct html_place *p)
{
	static const char *const raw[] = { "script", "style", NULL };
	static const char *const rcdata[] = { "textarea", "title", NULL };
	p->place = PLACE_TEXT;
	if (p->tag[0] == '!')
		return strcmp(p->tag, "!doctype") == 0 ? NULL : "of all <! only <!doctype html> is known";
	if (one_of(p->tag, raw))
		p->place = PLACE_RAW;
	if (one_of(p->tag, rcdata))
		p->place = PLACE_RCDATA;
	if (p->place != PLACE_TEXT)
		memcpy(p->end, p->tag, sizeof p->end);
	if (strcmp(p->tag, "pre") == 0)
		p->pre++;
	if (strcmp(p->tag, "/pre") == 0 && p->pre > 0)
		p->pre--;
	return NULL;
}

const char *place_cut(struct html_place *p)
{
	if (p->place == PLACE_VALUE && is_url(p) && p->address == ADDRESS_BEGUN)
		return "a block in the middle of an address's beginning";
	if ((p->place == PLACE_TAG_NAME && p->tag_n > 0) || p->place == PLACE_ATTR_NAME)
		p->place = PLACE_IN_TAG;
	/* What one arm wrote last, and what stands behind the block, must not grow into one name. */
	if (p->place == PLACE_IN_TAG)
		p->needs_space = true;
	return NULL;
}

static const char *in_tag(struct html_place *p, char c)
{
	if (c == '>')
		return tag_ends(p);
	if (is_space(c) || c == '/') {
		p->needs_space = p->needs_space && c == '/';
		return NULL;
	}
	if (p->needs_space)
		return "inside a tag a space stands before each attribute, also where a block begins or has ended";
	if (!is_letter(c))
		return "an attribute's name begins with a letter";
	if (p->tag[0] == '/')
		return "an end tag has no attributes";
	p->place = PLACE_ATTR_NAME;
	memset(p->attr, 0, sizeof p->attr);
	p->attr[0] = lower(c);
	p->attr_n = 1;
	return NULL;
}

static const char *in_tag_name(struct html_place *p, char c)
{
	bool first = p->tag_n == 0, behind_slash = p->tag_n == 1 && p->tag[0] == '/';
	bool good = first ? is_letter(c) || c == '/' || c == '!' : behind_slash ? is_letter(c) : is_name(c);
	if (!good && (first || behind_slash))
		return "write &lt; for a < that begins no tag";
	if (good) {
		if (p->tag_n + 1 >= sizeof p->tag)
			return "a tag's name this long is unknown";
		p->tag[p->tag_n++] = lower(c);
		return strcmp(p->tag, "!-") == 0 ? "HTML comments reach the reader: write {{# … }}" : NULL;
	}
	p->place = PLACE_IN_TAG;
	p->needs_space = true;
	return in_tag(p, c);
}

static const char *in_attr_name(struct html_place *p, char c)
{
	if (c == '=') {
		p->place = PLACE_BEFORE_VALUE;
		return NULL;
	}
	if (c == '>' || c == '/' || is_space(c)) {
		p->place = PLACE_IN_TAG;
		p->needs_space = true;
		return in_tag(p, c);
	}
	if (!is_name(c) && c != ':' && c != '_' && c != '.')
		return "an attribute's name has letters, digits, and - : _ . only";
	if (p->attr_n + 1 >= sizeof p->attr)
		return "an attribute's name this long is unknown";
	p->attr[p->attr_n++] = lower(c);
	return NULL;
}

static const char *address_begins(struct html_place *p, char c)
{
	static const char *const schemes[] = { "https://", "mailto:", "tel:", NULL };
	if (p->start_n == 0 && (c == '/' || c == '?' || c == '#')) {
		p->address = c == '/' ? ADDRESS_SLASH : ADDRESS_GOOD;
		return NULL;
	}
	p->start[p->start_n++] = c;
	p->start[p->start_n] = 0;
	p->address = ADDRESS_BEGUN;
	for (size_t i = 0; schemes[i]; i++) {
		if (strncmp(schemes[i], p->start, p->start_n) != 0)
			continue;
		if (!schemes[i][p->start_n])
			p->address = i == 0 ? ADDRESS_HOST : ADDRESS_GOOD;
		return NULL;
	}
	return "an address begins with /, ?, #, https://, mailto: or tel:, or is one struct safe_url";
}

static const char *in_address(struct html_place *p, char c)
{
	if (is_space(c))
		return "a space in an address";
	switch (p->address) {
	case ADDRESS_EMPTY:
	case ADDRESS_BEGUN: return address_begins(p, c);
	case ADDRESS_SLASH:
		if (c == '/' || c == '\\')
			return "an address must not begin with //, and a value behind its first / may be empty";
		p->address = ADDRESS_GOOD;
		return NULL;
	case ADDRESS_HOST:
		if (c == '/' || c == '?' || c == '#')
			p->address = ADDRESS_GOOD;
		return NULL;
	case ADDRESS_WHOLE:
		if (c != '?' && c != '#' && c != '&')
			return "behind a whole address only ?, & or # may follow";
		p->address = ADDRESS_GOOD;
		return NULL;
	case ADDRESS_GOOD: return NULL;
	case ADDRESS_MIXED: break;
	}
	return "the arms before this left the address differently: write it whole in each";
}

static bool is_method(const struct html_place *p)
{
	return strcmp(p->tag, "form") == 0 && strcmp(p->attr, "method") == 0;
}

bool place_in_form_tag(const struct html_place *p)
{
	bool in_tag = p->place == PLACE_IN_TAG || p->place == PLACE_ATTR_NAME;
	return in_tag && strcmp(p->tag, "form") == 0 && strcmp(p->method, "post") == 0;
}

static const char *in_value(struct html_place *p, char c)
{
	if (c == '<')
		return "write &lt; in an attribute's value";
	if (is_method(p) && c != '"' && p->method_n + 1 < sizeof p->method)
		p->method[p->method_n++] = lower(c);
	if (c != '"')
		return is_url(p) ? in_address(p, c) : NULL;
	p->place = PLACE_IN_TAG;
	p->needs_space = true;
	return is_url(p) && p->address == ADDRESS_BEGUN ? "an address that is only the beginning of one" : NULL;
}

/* </end> stands behind the '<'. */
static bool end_tag_here(const struct html_place *p, const char *next, size_t left)
{
	size_t n = strlen(p->end);
	if (left < n + 2 || next[0] != '/' || (next[n + 1] != '>' && !is_space(next[n + 1])))
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(next[i + 1]) != p->end[i])
			return false;
	return true;
}

static void begin_tag(struct html_place *p)
{
	p->place = PLACE_TAG_NAME;
	p->tag_n = 0;
	memset(p->tag, 0, sizeof p->tag);
	p->method_n = 0;
	memset(p->method, 0, sizeof p->method);
}

static const char *before_value(struct html_place *p, char c)
{
	if (c != '"')
		return "write attribute values in double quotes";
	p->place = PLACE_VALUE;
	p->address = ADDRESS_EMPTY;
	p->start_n = 0;
	return NULL;
}

const char *place_step(struct html_place *p, char c, const char *next, size_t left)
{
	switch (p->place) {
	case PLACE_TEXT:
		if (c == '<')
			begin_tag(p);
		return NULL;
	case PLACE_RAW:
	case PLACE_RCDATA:
		if (c == '<' && end_tag_here(p, next, left))
			begin_tag(p);
		else if (p->place == PLACE_RAW && !is_space(c))
			return "scripts and styles are files of src/web/assets";
		else if (c == '<')
			return "write &lt; inside textarea and title";
		return NULL;
	case PLACE_TAG_NAME: return in_tag_name(p, c);
	case PLACE_IN_TAG: return in_tag(p, c);
	case PLACE_ATTR_NAME: return in_attr_name(p, c);
	case PLACE_BEFORE_VALUE: return before_value(p, c);
	case PLACE_VALUE: return in_value(p, c);
	}
	return NULL;
}

static const char *address_value(struct html_place *p, enum encoding *how)
{
	*how = ENCODE_PATH;
	switch (p->address) {
	case ADDRESS_EMPTY:
		*how = ENCODE_URL;
		p->address = ADDRESS_WHOLE;
		return NULL;
	case ADDRESS_SLASH:
	case ADDRESS_GOOD: return NULL;
	case ADDRESS_HOST: return "an address says its host literally: end it with / before the value";
	case ADDRESS_WHOLE: return "behind a whole address only ?, & or # may follow";
	case ADDRESS_BEGUN: return "a value in the middle of an address's beginning";
	case ADDRESS_MIXED: break;
	}
	return "the arms before this left the address differently: write it whole in each";
}

const char *place_value(struct html_place *p, enum encoding *how)
{
	*how = p->place == PLACE_TEXT ? ENCODE_TEXT : ENCODE_ATTR;
	switch (p->place) {
	case PLACE_TEXT:
	case PLACE_RCDATA: return NULL;
	case PLACE_RAW: return "no values inside script or style: use a data- attribute";
	case PLACE_VALUE:
		if (is_code(p) || is_method(p))
			return "no values in attributes that are code or that lead elsewhere (on…, style, srcset, meta "
			       "content …)";
		return is_url(p) ? address_value(p, how) : NULL;
	default: return "a value may stand in text or in a quoted attribute value only";
	}
}

const char *place_word(const struct html_place *p)
{
	if (p->place == PLACE_TEXT || p->place == PLACE_RCDATA)
		return NULL;
	if (p->place == PLACE_VALUE && !is_url(p) && !is_code(p))
		return NULL;
	return "a text may stand between tags or in a quoted attribute that is no address and no code";
}
