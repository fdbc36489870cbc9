/* buf.h - growing bytes with a maximum. Past the maximum a buffer ignores what comes and remembers it in OVER:
 * a series of appends is checked once, at the end, by buf_finish(). The bytes are malloc'ed; buf_free() gives them back. */
#ifndef ADEM_BASE_BUF_H
#define ADEM_BASE_BUF_H
#include "base/str.h"

struct buf {
	char *p;
	size_t n, cap, max;
	bool over;
};

/* Empty, may grow to MAX bytes. */
void buf_init(struct buf *b, size_t max);
void buf_free(struct buf *b);
/* Empty again; the memory is kept. */
void buf_clear(struct buf *b);
void buf_put(struct buf *b, struct str s);
void buf_put_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
/* What was put in, whole: *TEXT, valid until the next append. False: some of it did not fit. What leaves the program (a page, a
 * message, a file) is taken by this. */
MUST_CHECK bool buf_finish(const struct buf *b, struct str *text);
/* What is in it so far; valid until the next append. */
static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}
#endif
