/* Text from anywhere, through everything that base does with text. */
#include "base/json.h"
#include "base/utf8.h"
#include "web/html.h"
#include "web/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void through_json(struct str s)
{
	struct buf out;
	struct json j;
	buf_init(&out, 1 << 22);
	json_init(&j, &out);
	json_str(&j, s);
	assert(!out.over && out.n >= 2 && out.p[0] == '"' && out.p[out.n - 1] == '"' && utf8_valid(buf_str(&out)));
	buf_free(&out);
}

static void through_html(struct str s)
{
	struct html h;
	html_init(&h, 1 << 22, LANG_ID);
	html_put_str(&h, s);
	for (size_t i = 0; i < h.n; i++)
		assert(h.p[i] != '<' && h.p[i] != '>' && h.p[i] != '"' && h.p[i] != '\'');
	html_free(&h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *mem = arena_new(1 << 14);
	struct str s = { (const char *)data, n }, decoded;
	through_json(s);
	through_html(s);
	if (url_decode(mem, s, true, &decoded))
		assert(decoded.n <= n);
	struct safe_url url = url_local(s);
	assert(url.s.n > 0 && url.s.p[0] == '/' && !(url.s.n > 1 && (url.s.p[1] == '/' || url.s.p[1] == '\\')));
	if (utf8_valid(s)) {
		struct str clean = utf8_clean(mem, s);
		assert(utf8_valid(clean) && str_find(clean, '\r') < 0);
		assert(utf8_valid(utf8_fold(mem, s)) && utf8_length(utf8_cut(s, 5)) <= 5);
	}
	arena_free(mem);
	return 0;
}
