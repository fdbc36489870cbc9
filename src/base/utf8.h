/* utf8.h - text from outside becomes text here. */
#ifndef ADEM_BASE_UTF8_H
#define ADEM_BASE_UTF8_H
#include "base/arena.h"

/* Well-formed UTF-8 without NUL. */
bool utf8_valid(struct str s);
/* Characters (code points) in valid text. */
size_t utf8_length(struct str s);
/* For storing: NFC, no control characters but tab and line feed (CR LF and CR become LF), no bidirectional
 * overrides. S must be valid. */
struct str utf8_clean(struct arena *mem, struct str s);
/* For comparing names as people do: NFKC, case folded, white space collapsed and trimmed. S must be valid. */
struct str utf8_fold(struct arena *mem, struct str s);
/* The first MAX characters at most. */
struct str utf8_cut(struct str s, size_t max);
#endif
