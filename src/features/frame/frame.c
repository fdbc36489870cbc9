#include "features/frame/frame.h"
#include "base/buf.h"
#include "base/clock.h"
#include "features/frame/frame_views.h"
#include "http/session.h"
#include "web/asset.h"
#include <qrencode.h>

enum { QR_BYTES_MAX = 300, QR_PATH_BYTES_MAX = 64 * 1024, QUIET = 3 };

/* The pages that the bar leads to, by role. */
static const struct {
	const char *path, *key;
	unsigned roles;
	bool leading; /* only where the whole region is led from */
} pages[] = {
	{"/",              N_("Tonight"), ROLES_ANSWER,              false},
	{ "/cases",        N_("Cases"),   ROLES_ANSWER,              false},
	{ "/posts",        N_("Posts"),   ~0U,                       false},
	{ "/alerts/times", N_("Answers"), ROLE_COMMAND | ROLE_ADMIN, false},
	{ "/audit",        N_("Audit"),   ROLE_COMMAND | ROLE_ADMIN, true },
};

enum err frame_check_leads(struct ctx *c, unsigned roles)
{
	if (c->session && (c->session->leading & roles))
		return OK;
	return REFUSE(c, ERR_DENIED, "Your role does not include this.");
}

struct str frame_csrf(struct ctx *c)
{
	return form_token(c);
}

static void fill_items(struct ctx *c, const char *current, struct frame_view *v)
{
	if (!c->session)
		return;
	v->items = arena_array(c->mem, struct frame_item, COUNT(pages));
	for (size_t i = 0; i < COUNT(pages); i++)
		if ((pages[i].leading ? c->session->leading : c->roles) & pages[i].roles)
			v->items[v->items_count++] = (struct frame_item){ .url = url_local(str_of(pages[i].path)),
				.key = pages[i].key,
				.current = current && strcmp(current, pages[i].path) == 0 };
}

/* What a page shows only once cannot be shown again in another language. */
static void offer_other_language(struct ctx *c, const struct request *q, struct response *r, const struct frame *f)
{
	bool english = c->lang == LANG_EN,
	     shown_once = q->method == POST && !q->show.n && c->err.code == OK && !f->again;
	struct html_other *other = arena_new_of(c->mem, struct html_other);
	*other = (struct html_other){ .here = q->path,
		.code = english ? S("id") : S("en"),
		.name = english ? S("Bahasa Indonesia") : S("English"),
		.each = f->several };
	if (q->query.n)
		other->here = arena_printf(c->mem, "%.*s?%.*s", STR_ARG(q->path), STR_ARG(q->query));
	other->here = url_local(other->here).s;
	r->body.other = shown_once ? NULL : other;
	r->body.form_at = 0;
	r->body.forms_begun = r->body.typed_count = 0;
}

void frame_begin(struct ctx *c, const struct request *q, struct response *r, const struct frame *f)
{
	bool english = c->lang == LANG_EN;
	struct frame_view v = { .title = f->title,
		.lang_code = english ? S("en") : S("id"),
		.csrf = frame_csrf(c),
		.name = c->session ? c->session->name : S(""),
		.style = asset_url("style.css"),
		.icon = asset_url("icon.svg"),
		.manifest = asset_url("adem.webmanifest"),
		.proof_script = asset_url("proof.js"),
		.proof = f->proof,
		.clock_script = asset_url("clock.js"),
		.typed_script = asset_url("typed.js"),
		.has_script = f->script != NULL,
		.several = f->several,
		.signed_in = c->session != NULL,
		.news = c->session && c->session->news > 0 && !str_is(q->path, "/accounts/me"),
		.reload_s = f->reload_s,
		.demo = c->demo };
	offer_other_language(c, q, r, f);
	if (f->leaves) /* a header works without script, and any step of the reader's begins the time anew */
		response_header(r, "Refresh", S("600;url=/receipts?closed"));
	if (f->script)
		v.script = asset_url(f->script);
	fill_items(c, f->current, &v);
	r->body.lang = c->lang;
	frame_top_view(&r->body, &v);
}

enum err frame_end(struct ctx *c, struct response *r)
{
	struct frame_view v = {
		.signed_in = c->session != NULL, .csrf = frame_csrf(c), .count_script = asset_url("count.js")
	};
	const struct html *h = &r->body;
	v.counts = h->typed_count > 0;
	if (h->other && !h->over) {
		v.other = true;
		v.here = url_local(h->other->here);
		v.typed = h->typed_count == 1;
		v.several = h->typed_count > 1;
		v.typed_form = h->typed_form;
		v.typed_to = arena_str(c->mem, (struct str){ h->p + h->typed_at, h->typed_count ? h->typed_n : 0 });
	}
	frame_bottom_view(&r->body, &v);
	return OK;
}

void frame_errors(struct ctx *c, const struct request *q, struct response *r)
{
	const struct form_error *errors;
	struct frame_errors_view v = { .rows_count = form_errors(q, &errors) };
	if (v.rows_count == 0)
		return;
	v.rows = arena_array(c->mem, struct frame_error, v.rows_count);
	for (size_t i = 0; i < v.rows_count; i++)
		v.rows[i] =
			(struct frame_error){ str_of(errors[i].name), form_error_text(c, &errors[i]), errors[i].label };
	frame_errors_view(&r->body, &v);
}

void frame_refusal(struct ctx *c, const struct request *q, struct response *r)
{
	const struct form_error *errors;
	if (c->err.say && q->method == POST && form_errors(q, &errors) == 0)
		frame_refusal_view(&r->body, words_get(c->lang, c->err.say));
}

struct frame_field frame_field_of(struct ctx *c, const struct request *q, const char *name, const char *label,
	const char *hint, const char *type, const char *autocomplete, struct str preset)
{
	bool secret = strcmp(type, "password") == 0;
	return (struct frame_field){ .name = name,
		.id = str_of(name),
		.rows = 5,
		.label = label,
		.hint = hint,
		.type = type,
		.autocomplete = autocomplete,
		.value = secret ? S("") : form_value(q, name, preset),
		.error = form_error(c, q, name) };
}

/* A unit of UTF-16 is three bytes of UTF-8 at most, each of them "%E2" in a form. */
_Static_assert(9 * (FRAME_TEXT_MAX + 3 * FRAME_LINE_MAX) < BODY_BYTES_MAX, "a form that is typed into fits");

void frame_limit_to(struct ctx *c, struct frame_field *f, int64_t max)
{
	f->max = max;
	f->max_text = arena_i64(c->mem, max);
}

void frame_limit(struct ctx *c, struct frame_field *f, const struct form *form)
{
	for (size_t i = 0; i < form->fields_count; i++)
		if (strcmp(form->fields[i].name, f->name) == 0)
			frame_limit_to(c, f, form->fields[i].max);
}

struct frame_option *frame_options(
	struct ctx *c, const char *const *codes, const char *const *keys, struct str chosen, size_t *count)
{
	*count = 0;
	while (codes[*count])
		(*count)++;
	struct frame_option *rows = arena_array(c->mem, struct frame_option, *count + 1);
	for (size_t i = 0; i < *count; i++)
		rows[i] = (struct frame_option){ str_of(codes[i]), keys[i], str_is(chosen, codes[i]) };
	return rows;
}

struct frame_choice frame_choice_of(struct ctx *c, const struct request *q, const char *name, const char *label,
	const char *const *codes, const char *const *keys, struct str preset)
{
	struct frame_choice f = { .name = name, .label = label, .error = form_error(c, q, name) };
	f.options = frame_options(c, codes, keys, form_value(q, name, preset), &f.options_count);
	return f;
}

/* The code's squares as one path; its modules are bits 0 of the library's bytes, row by row. */
void frame_qr(struct html *h, struct str text, struct str label)
{
	char z[QR_BYTES_MAX + 1];
	if (text.n > QR_BYTES_MAX)
		return;
	memcpy(z, text.p, text.n);
	z[text.n] = 0;
	QRcode *code = QRcode_encodeString(z, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (!code)
		return;
	struct buf path;
	buf_init(&path, QR_PATH_BYTES_MAX);
	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width; x++)
			if (code->data[y * code->width + x] & 1)
				buf_printf(&path, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
	struct frame_qr_view v = { .size = code->width + 2 * QUIET, .label = label };
	if (buf_finish(&path, &v.path)) /* half a code would be read as another one, or as none */
		frame_qr_view(h, &v);
	buf_free(&path);
	QRcode_free(code);
}
