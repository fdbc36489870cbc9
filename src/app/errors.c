/* The page of an error, for every address. Whatever it is, what was typed stays: to be changed and sent again, or saved by
 * signing in on the spot. */
#include "app/program.h"
#include "features/accounts/accounts_web.h"
#include "features/frame/frame_views.h"

static const struct field *field_of(const struct request *q, struct str name)
{
	const struct form *form = q->route ? q->route->form : NULL;
	for (size_t i = 0; form && i < form->fields_count; i++)
		if (str_is(name, form->fields[i].name))
			return &form->fields[i];
	return NULL;
}

/* What somebody wrote, and what is wrong, can be seen and changed; the rest goes along. */
static void keep(struct ctx *c, const struct request *q, struct frame_error_page *v)
{
	const struct form_value *rows;
	size_t count = form_kept(c, q, &rows);
	struct form_value *hidden = arena_array(c->mem, struct form_value, count + 1);
	v->kept = hidden;
	v->fields = arena_array(c->mem, struct frame_field, count + 1);
	v->keeps = true;
	for (size_t i = 0; i < count; i++) {
		const struct field *f = field_of(q, rows[i].name);
		bool text = f && f->kind == FIELD_TEXT;
		if (str_is(rows[i].name, FORM_TOKEN_NAME))
			continue;
		if (text || (f && form_error(c, q, f->name).n)) {
			struct frame_field *shown = &v->fields[v->fields_count++];
			*shown = frame_field_of(
				c, q, f->name, f->label, NULL, text ? "textarea" : "text", "off", S(""));
			if (text || f->kind == FIELD_LINE)
				frame_limit(c, shown, q->route->form);
		} else
			hidden[v->kept_count++] = rows[i];
	}
}

void error_page(struct ctx *c, const struct request *q, struct response *r, enum err e)
{
	if (e == ERR_SIGN_IN && q->method == POST && q->state) {
		accounts_sign_in_and_go_on(c, q, r);
		return;
	}
	const char *title = e == OK              ? N_("Not sent yet")
			    : e == ERR_NOT_FOUND ? N_("Not found")
			    : e == ERR_SETUP     ? N_("Adem is not ready here yet")
						 : N_("That did not work");
	struct frame_error_page v = { .title = words_get(c->lang, title),
		.text = e == OK ? S("") : router_message(c, e),
		.csrf = frame_csrf(c),
		.action = url_local(q->path),
		.set_up = e == ERR_SETUP,
		.try_again = e == ERR_BUSY || e == ERR_DB || e == ERR_IO };
	if (q->method == POST && q->state)
		keep(c, q, &v);
	frame_begin(c, q, r, &(struct frame){ .title = v.title });
	frame_errors(c, q, r);
	frame_error_page_view(&r->body, &v);
	frame_end(c, r);
}
