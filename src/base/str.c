#include "base/str.h"
#include <math.h>

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n ? memcmp(a.p, b.p, n) : 0;
	return d ? d : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.n && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool str_cut(struct str *rest, char sep, struct str *piece)
{
	assert(rest && piece);
	if (rest->n == 0)
		return false;
	ptrdiff_t hit = str_find(*rest, sep);
	size_t len = hit >= 0 ? (size_t)hit : rest->n;
	*piece = (struct str){ rest->p, len };
	size_t used = hit >= 0 ? len + 1 : len;
	rest->p += used;
	rest->n -= used;
	return true;
}

ptrdiff_t str_find(struct str s, char c)
{
	const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;
	return hit ? hit - s.p : -1;
}

bool str_to_i64(struct str s, int64_t min, int64_t max, int64_t *out)
{
	assert(min <= max);
	bool neg = s.n > 0 && s.p[0] == '-';
	size_t i = neg ? 1 : 0;
	if (i == s.n)
		return false;
	int64_t v = 0; /* built up as a negative number, which reaches one further */
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		int64_t digit = s.p[i] - '0';
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, digit, &v))
			return false;
	}
	if (!neg && __builtin_mul_overflow(v, -1, &v))
		return false;
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}

/* The shape is checked first, so that sscanf sees only digits, one point and one exponent; the program never
 * leaves the "C" locale, where the point is the decimal mark. */
bool str_to_f64(struct str s, double *out)
{
	char text[64];
	size_t digits = 0;
	bool point = false, exponent = false;
	if (s.n == 0 || s.n >= sizeof text)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		if (ch >= '0' && ch <= '9')
			digits++;
		else if ((ch == '-' || ch == '+') && (i == 0 || s.p[i - 1] == 'e' || s.p[i - 1] == 'E'))
			continue;
		else if (ch == '.' && !point && !exponent)
			point = true;
		else if ((ch == 'e' || ch == 'E') && !exponent && digits > 0 && i + 1 < s.n)
			exponent = true;
		else
			return false;
	}
	char last = s.p[s.n - 1];
	if (digits == 0 || last == '-' || last == '+')
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = 0;
	double v;
	int used = 0;
	if (sscanf(text, "%lf%n", &v, &used) != 1 || (size_t)used != s.n || !isfinite(v))
		return false;
	*out = v;
	return true;
}
