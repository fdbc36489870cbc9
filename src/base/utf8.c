#include "base/utf8.h"
#include <utf8proc.h>

bool utf8_valid(struct str s)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s.p;
	size_t at = 0;
	while (at < s.n) {
		utf8proc_int32_t ch;
		utf8proc_ssize_t used = utf8proc_iterate(p + at, (utf8proc_ssize_t)(s.n - at), &ch);
		if (used <= 0 || ch == 0)
			return false;
		at += (size_t)used;
	}
	return true;
}

size_t utf8_length(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

struct str utf8_cut(struct str s, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		bool first = ((unsigned char)s.p[i] & 0xC0) != 0x80;
		if (first && n++ == max)
			return (struct str){ s.p, i };
	}
	return s;
}

static bool unwanted(utf8proc_int32_t ch)
{
	if (ch == '\n' || ch == '\t')
		return false;
	return ch < 0x20 || (ch >= 0x7F && ch < 0xA0) || (ch >= 0x202A && ch <= 0x202E) ||
	       (ch >= 0x2066 && ch <= 0x2069) || ch == 0xFEFF;
}

/* Library text (malloc'ed) into the arena. */
static struct str mapped(struct arena *mem, struct str s, utf8proc_option_t how)
{
	utf8proc_uint8_t *out = NULL;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &out, how);
	if (n < 0) {
		free(out);
		return (struct str){ "", 0 };
	}
	struct str kept = arena_str(mem, (struct str){ (const char *)out, (size_t)n });
	free(out);
	return kept;
}

struct str utf8_clean(struct arena *mem, struct str s)
{
	struct str t = mapped(mem, s, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	char *to = arena_alloc(mem, t.n + 1, 1);
	size_t n = 0, at = 0;
	while (at < t.n) {
		utf8proc_int32_t ch;
		utf8proc_ssize_t used = utf8proc_iterate(
			(const utf8proc_uint8_t *)t.p + at, (utf8proc_ssize_t)(t.n - at), &ch);
		assert(used > 0);
		bool crlf = ch == '\r' && at + 1 < t.n && t.p[at + 1] == '\n';
		if (ch == '\r' && !crlf)
			to[n++] = '\n';
		else if (!unwanted(ch))
			for (utf8proc_ssize_t i = 0; i < used; i++)
				to[n++] = t.p[at + (size_t)i];
		at += (size_t)used;
	}
	return (struct str){ to, n };
}

struct str utf8_fold(struct arena *mem, struct str s)
{
	struct str t = mapped(
		mem, s, UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
	char *to = arena_alloc(mem, t.n + 1, 1);
	size_t n = 0;
	for (size_t i = 0; i < t.n; i++) {
		bool space = t.p[i] == ' ' || t.p[i] == '\n' || t.p[i] == '\t' || t.p[i] == '\r';
		if (space && (n == 0 || to[n - 1] == ' '))
			continue;
		to[n++] = space ? ' ' : t.p[i];
	}
	while (n && to[n - 1] == ' ')
		n--;
	return (struct str){ to, n };
}
