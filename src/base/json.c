#include "base/json.h"
#include <math.h>
#include <utf8proc.h>

void json_init(struct json *j, struct buf *out)
{
	*j = (struct json){ .out = out };
}

/* What must stand before the next value. */
static void before_value(struct json *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (j->depth == 0)
		return;
	assert(j->level[j->depth - 1].array);
	if (j->level[j->depth - 1].filled)
		buf_put_char(j->out, ',');
	j->level[j->depth - 1].filled = true;
}

static void open_level(struct json *j, bool array)
{
	before_value(j);
	assert(j->depth < JSON_DEPTH_MAX);
	j->level[j->depth].array = array;
	j->level[j->depth].filled = false;
	j->depth++;
	buf_put_char(j->out, array ? '[' : '{');
}

void json_object(struct json *j)
{
	open_level(j, false);
}

void json_array(struct json *j)
{
	open_level(j, true);
}

void json_end(struct json *j)
{
	assert(j->depth > 0 && !j->after_key);
	j->depth--;
	buf_put_char(j->out, j->level[j->depth].array ? ']' : '}');
}

static void quoted(struct buf *out, struct str s)
{
	buf_put_char(out, '"');
	size_t at = 0;
	while (at < s.n) {
		utf8proc_int32_t ch;
		utf8proc_ssize_t used = utf8proc_iterate(
			(const utf8proc_uint8_t *)s.p + at, (utf8proc_ssize_t)(s.n - at), &ch);
		if (used <= 0) {
			buf_put(out, S("\xEF\xBF\xBD"));
			at++;
			continue;
		}
		if (ch == '"' || ch == '\\') {
			buf_put_char(out, '\\');
			buf_put_char(out, (char)ch);
		} else if (ch == '\n') {
			buf_put(out, S("\\n"));
		} else if (ch < 0x20) {
			buf_printf(out, "\\u%04x", (unsigned)ch);
		} else {
			buf_put(out, (struct str){ s.p + at, (size_t)used });
		}
		at += (size_t)used;
	}
	buf_put_char(out, '"');
}

void json_key(struct json *j, const char *name)
{
	assert(j->depth > 0 && !j->level[j->depth - 1].array && !j->after_key);
	if (j->level[j->depth - 1].filled)
		buf_put_char(j->out, ',');
	j->level[j->depth - 1].filled = true;
	quoted(j->out, str_of(name));
	buf_put_char(j->out, ':');
	j->after_key = true;
}

void json_str(struct json *j, struct str s)
{
	before_value(j);
	quoted(j->out, s);
}

void json_int(struct json *j, int64_t v)
{
	before_value(j);
	buf_printf(j->out, "%" PRId64, v);
}

void json_real(struct json *j, double v)
{
	before_value(j);
	if (isfinite(v))
		buf_printf(j->out, "%.17g", v);
	else
		buf_put(j->out, S("null"));
}

void json_bool(struct json *j, bool v)
{
	before_value(j);
	buf_put(j->out, v ? S("true") : S("false"));
}

void json_null(struct json *j)
{
	before_value(j);
	buf_put(j->out, S("null"));
}
