#include "htmlgen_place.h"
#include <ctype.h>
#include <string.h>

static bool one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

bool place_is_url(const struct html_place *p)
{
	static const char *const names[] = { "href", "src", "action", "formaction", "cite", "poster", "data",
		"manifest", "ping", "srcset", "imagesrcset", "background", "xlink:href", NULL };
	return one_of(p->attr, names);
}

bool place_is_code(const struct html_place *p)
{
	static const char *const names[] = { "style", "srcdoc", "nonce", "http-equiv", NULL };
	return strncmp(p->attr, "on", 2) == 0 || one_of(p->attr, names);
}

bool place_keeps_space(const struct html_place *p)
{
	return p->pre > 0 || p->place == PLACE_RCDATA || p->place == PLACE_RAW || p->place == PLACE_VALUE;
}

bool place_same(const struct html_place *a, const struct html_place *b)
{
	if (a->place != b->place || a->pre != b->pre)
		return false;
	if (a->place == PLACE_VALUE)
		return strcmp(a->attr, b->attr) == 0;
	if (a->place == PLACE_RAW || a->place == PLACE_RCDATA)
		return strcmp(a->end, b->end) == 0;
	return true;
}

const char *place_check_url_start(const struct html_place *p)
{
	static const char *const good[] = { "/", "?", "#", "https://", "mailto:", "tel:", NULL };
	if (strncmp(p->value, "//", 2) == 0 || strncmp(p->value, "/\\", 2) == 0)
		return "an address must not begin with //";
	for (size_t i = 0; good[i]; i++)
		if (strncmp(p->value, good[i], strlen(good[i])) == 0)
			return NULL;
	return "an address begins with /, ?, #, https://, mailto: or tel:, or is one struct safe_url";
}

static void tag_ends(struct html_place *p)
{
	static const char *const raw[] = { "script", "style", NULL };
	static const char *const rcdata[] = { "textarea", "title", NULL };
	p->place = PLACE_TEXT;
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
}

static void begin_attr(struct html_place *p, char c)
{
	p->place = PLACE_ATTR_NAME;
	p->attr_n = 0;
	memset(p->attr, 0, sizeof p->attr);
	p->attr[p->attr_n++] = (char)tolower((unsigned char)c);
}

void place_cut(struct html_place *p)
{
	if ((p->place != PLACE_TAG_NAME || p->tag_n == 0) && p->place != PLACE_ATTR_NAME)
		return;
	p->place = PLACE_IN_TAG;
	p->needs_space = true;
}

static const char *in_tag(struct html_place *p, char c)
{
	if (p->needs_space && !isspace((unsigned char)c) && c != '>' && c != '/')
		return "inside a tag a block begins with a space, and so does what follows it";
	p->needs_space = false;
	if (c == '>')
		tag_ends(p);
	else if (c == '"' || c == '\'' || c == '<' || c == '=')
		return "a quote, < or = where an attribute's name should stand";
	else if (!isspace((unsigned char)c) && c != '/')
		begin_attr(p, c);
	return NULL;
}

static const char *in_tag_name(struct html_place *p, char c)
{
	if (isalnum((unsigned char)c) || c == '/' || c == '!' || c == '-') {
		if (p->tag_n + 1 >= sizeof p->tag)
			return "a tag's name this long is unknown";
		p->tag[p->tag_n++] = (char)tolower((unsigned char)c);
		return NULL;
	}
	if (p->tag_n == 0)
		return "write &lt; for a < that begins no tag";
	p->place = PLACE_IN_TAG;
	return in_tag(p, c);
}

static const char *in_attr_name(struct html_place *p, char c)
{
	if (c == '=') {
		p->place = PLACE_BEFORE_VALUE;
	} else if (c == '>') {
		tag_ends(p);
	} else if (isspace((unsigned char)c)) {
		p->place = PLACE_IN_TAG;
	} else if (p->attr_n + 1 >= sizeof p->attr) {
		return "an attribute's name this long is unknown";
	} else {
		p->attr[p->attr_n++] = (char)tolower((unsigned char)c);
	}
	return NULL;
}

static const char *in_value(struct html_place *p, char c)
{
	if (c == '"') {
		bool literal_start = p->value[0] != 0;
		p->place = PLACE_IN_TAG;
		return place_is_url(p) && p->has_values && literal_start ? place_check_url_start(p) : NULL;
	}
	if (p->value_n < sizeof p->value - 1 && !p->has_values)
		p->value[p->value_n] = c;
	p->value_n++;
	return NULL;
}

static bool end_tag_here(const struct html_place *p, const char *next, size_t left)
{
	size_t n = strlen(p->end);
	return left > n && next[0] == '/' && strncmp(next + 1, p->end, n) == 0;
}

static void begin_tag(struct html_place *p, const char *next, size_t left)
{
	p->place = left >= 3 && strncmp(next, "!--", 3) == 0 ? PLACE_COMMENT : PLACE_TAG_NAME;
	p->tag_n = 0;
	memset(p->tag, 0, sizeof p->tag);
}

const char *place_step(struct html_place *p, char c, const char *next, size_t left)
{
	switch (p->place) {
	case PLACE_TEXT:
		if (c == '<')
			begin_tag(p, next, left);
		return NULL;
	case PLACE_RAW:
	case PLACE_RCDATA:
		if (c == '<' && end_tag_here(p, next, left))
			begin_tag(p, next, left);
		return NULL;
	case PLACE_COMMENT: return "HTML comments reach the reader: write {{# … }}";
	case PLACE_TAG_NAME: return in_tag_name(p, c);
	case PLACE_IN_TAG: return in_tag(p, c);
	case PLACE_ATTR_NAME: return in_attr_name(p, c);
	case PLACE_BEFORE_VALUE:
		if (c != '"')
			return "write attribute values in double quotes";
		p->place = PLACE_VALUE;
		p->value_n = 0;
		p->has_values = false;
		memset(p->value, 0, sizeof p->value);
		return NULL;
	case PLACE_VALUE: return in_value(p, c);
	}
	return NULL;
}
