#include "base/buf.h"

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ .max = b->max };
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->over = false;
}

/* Makes room for MORE bytes; false once the maximum is passed. */
static bool room(struct buf *b, size_t more)
{
	if (b->over || more > b->max - b->n) {
		b->over = true;
		return false;
	}
	if (more <= b->cap - b->n)
		return true;
	size_t cap = b->cap ? b->cap : 1024;
	while (cap < b->n + more)
		cap *= 2;
	char *grown = realloc(b->p, cap);
	if (!grown) {
		fputs("adem: out of memory\n", stderr);
		abort();
	}
	b->p = grown;
	b->cap = cap;
	return true;
}

bool buf_finish(const struct buf *b, struct str *text)
{
	*text = buf_str(b);
	if (b->over)
		*text = (struct str){ 0 };
	return !b->over;
}

void buf_put(struct buf *b, struct str s)
{
	if (s.n == 0 || !room(b, s.n))
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void buf_put_char(struct buf *b, char c)
{
	buf_put(b, (struct str){ &c, 1 });
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	if (room(b, (size_t)n + 1)) {
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}
