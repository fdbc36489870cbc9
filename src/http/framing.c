#include "http/framing.h"

static char lower(char ch)
{
	return ch >= 'A' && ch <= 'Z' ? (char)(ch - 'A' + 'a') : ch;
}

static bool same(struct str a, const char *b)
{
	size_t i = 0;
	for (; i < a.n && b[i]; i++)
		if (lower(a.p[i]) != b[i])
			return false;
	return i == a.n && !b[i];
}

/* A token of RFC 9110: a space before the colon makes another name of it for some readers, and none for others. */
static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char ch = lower(name.p[i]);
		bool plain = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');
		if (!plain && (ch == 0 || !strchr("!#$%&'*+-.^_`|~", ch)))
			return false;
	}
	return name.n > 0;
}

static bool is_length(struct str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] < '0' || value.p[i] > '9')
			return false;
	return value.n > 0;
}

void framing_note(struct framing *f, struct str name, struct str value)
{
	if (!is_name(name)) {
		f->odd = true;
	} else if (same(name, "content-length")) {
		f->lengths++;
		f->odd = f->odd || !is_length(value);
	} else if (same(name, "transfer-encoding")) {
		f->encodings++;
		f->odd = f->odd || !same(value, "chunked");
	} else if (same(name, "host")) {
		f->hosts++;
		f->odd = f->odd || str_find(value, ',') >= 0 || str_find(value, ' ') >= 0;
	}
}

bool framing_clear(const struct framing *f, struct str version)
{
	bool old = !str_is(version, "HTTP/1.1");
	if (f->odd || f->lengths + f->encodings > 1 || f->hosts > 1)
		return false;
	return old ? f->encodings == 0 : f->hosts == 1;
}
