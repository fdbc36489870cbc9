/* str.h - text with a length. A struct str borrows its bytes: it is not NUL-terminated, and whoever made the
 * bytes owns them. Text that comes from outside is bytes until utf8_valid() has said otherwise. */
#ifndef ADEM_BASE_STR_H
#define ADEM_BASE_STR_H
#include "base/base.h"

struct str {
	const char *p;
	size_t n;
};

/* A literal as a struct str, its length known to the compiler. */
#define S(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
/* For printf: "%.*s", STR_ARG(s). */
#define STR_ARG(s) (int)(s).n, (s).p

/* Z as a struct str; empty for NULL. */
static inline struct str str_of(const char *z)
{
	return (struct str){ z, z ? strlen(z) : 0 };
}
/* Same bytes. */
static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
/* Same bytes as the NUL-terminated Z. */
static inline bool str_is(struct str a, const char *z)
{
	return str_eq(a, str_of(z));
}
/* Order by bytes: negative, 0, positive. */
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Without white space (space, tab, CR, LF) at either end. */
struct str str_trim(struct str s);
/* Cuts the text before SEP out of *REST into *PIECE; false when *REST is empty. "a,b" gives "a", then "b". */
bool str_cut(struct str *rest, char sep, struct str *piece);
/* Position of C in S, or -1. */
ptrdiff_t str_find(struct str s, char c);
/* Decimal integer in [MIN, MAX], the whole of S and nothing else. *OUT is left alone on false. */
MUST_CHECK bool str_to_i64(struct str s, int64_t min, int64_t max, int64_t *out);
/* Decimal number such as "-12.5" or "1e-3": the whole of S, finite, whatever the locale. */
MUST_CHECK bool str_to_f64(struct str s, double *out);
#endif
