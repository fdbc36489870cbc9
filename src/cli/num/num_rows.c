#include "cli/num/num_rows.h"
#include <math.h>

enum { ROW_BYTES_MAX = 1 << 20 };

static void free_line(void *line)
{
	buf_free(line);
}

static struct buf *new_line(struct arena *mem)
{
	struct buf *b = arena_new_of(mem, struct buf);
	buf_init(b, ROW_BYTES_MAX);
	arena_defer(mem, free_line, b);
	return b;
}

void num_rows_begin(struct num_rows *r, struct arena *mem, struct buf *out, bool as_json)
{
	*r = (struct num_rows){
		.out = out, .as_json = as_json, .first = true, .header = new_line(mem), .row = new_line(mem)
	};
	if (!as_json)
		return;
	json_init(&r->json, out);
	json_array(&r->json);
}

/* Makes ready for the value NAME. */
static void begin_value(struct num_rows *r, const char *name)
{
	if (r->as_json) {
		if (!r->filled)
			json_object(&r->json);
		json_key(&r->json, name);
	} else {
		if (r->filled)
			buf_put_char(r->row, ',');
		if (r->first)
			buf_printf(r->header, "%s%s", r->filled ? "," : "", name);
	}
	r->filled = true;
}

/* Quoted where it must be (RFC 4180). */
static void put_field(struct buf *out, struct str v)
{
	bool quoted = str_find(v, ',') >= 0 || str_find(v, '"') >= 0 || str_find(v, '\n') >= 0 ||
		      str_find(v, '\r') >= 0;
	if (!quoted) {
		buf_put(out, v);
		return;
	}
	buf_put_char(out, '"');
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '"')
			buf_put_char(out, '"');
		buf_put_char(out, v.p[i]);
	}
	buf_put_char(out, '"');
}

void num_rows_text(struct num_rows *r, const char *name, struct str v)
{
	begin_value(r, name);
	if (r->as_json)
		json_str(&r->json, v);
	else
		put_field(r->row, v);
}

void num_rows_real(struct num_rows *r, const char *name, double v)
{
	begin_value(r, name);
	if (r->as_json)
		json_real(&r->json, v);
	else if (!isnan(v))
		buf_printf(r->row, "%.6g", v);
}

void num_rows_int(struct num_rows *r, const char *name, int64_t v)
{
	begin_value(r, name);
	if (r->as_json)
		json_int(&r->json, v);
	else
		buf_printf(r->row, "%" PRId64, v);
}

void num_rows_next(struct num_rows *r)
{
	assert(r->filled);
	r->filled = false;
	if (r->as_json) {
		json_end(&r->json);
		return;
	}
	if (r->first) {
		buf_put(r->out, buf_str(r->header));
		buf_put_char(r->out, '\n');
	}
	r->first = false;
	buf_put(r->out, buf_str(r->row));
	buf_put_char(r->out, '\n');
	r->out->over |= r->row->over;
	buf_clear(r->row);
}

void num_rows_end(struct num_rows *r)
{
	if (r->as_json) {
		json_end(&r->json);
		buf_put_char(r->out, '\n');
	}
}
