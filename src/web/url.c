#include "web/url.h"

struct safe_url url_local(struct str path)
{
	bool good = path.n > 0 && path.p[0] == '/' && !(path.n > 1 && path.p[1] == '/');
	for (size_t i = 0; good && i < path.n; i++)
		good = (unsigned char)path.p[i] > ' ' && path.p[i] != '\\' && (unsigned char)path.p[i] != 0x7F;
	return (struct safe_url){ good ? path : S("/") };
}

struct safe_url url_tel(struct arena *mem, struct str number)
{
	static const char scheme[] = { 't', 'e', 'l', ':' };
	char *to = arena_alloc(mem, number.n + sizeof scheme + 1, 1);
	size_t n = sizeof scheme;
	memcpy(to, scheme, sizeof scheme);
	for (size_t i = 0; i < number.n; i++)
		if ((number.p[i] >= '0' && number.p[i] <= '9') || number.p[i] == '+' || number.p[i] == '-')
			to[n++] = number.p[i];
	return (struct safe_url){
		{to, n}
	};
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool url_decode(struct arena *mem, struct str s, bool form, struct str *out)
{
	char *to = arena_alloc(mem, s.n + 1, 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '+' && form) {
			to[n++] = ' ';
			continue;
		}
		if (s.p[i] != '%') {
			to[n++] = s.p[i];
			continue;
		}
		int high = i + 2 < s.n ? hex_value(s.p[i + 1]) : -1;
		int low = high >= 0 ? hex_value(s.p[i + 2]) : -1;
		if (low < 0)
			return false;
		to[n++] = (char)(high * 16 + low);
		i += 2;
	}
	*out = (struct str){ to, n };
	return true;
}
