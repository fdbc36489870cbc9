/* Forms that travel inside another form. */
#include "http/form.h"

static const char prefix[] = "kept.";

static struct form_value row(struct ctx *c, struct str name, struct str value)
{
	return (struct form_value){ arena_printf(c->mem, "%s%.*s", prefix, STR_ARG(name)), value };
}

static bool is_carried(struct str name)
{
	return str_starts(name, str_of(prefix));
}

/* All of Q's own form, under names that say so. */
size_t form_carried(struct ctx *c, const struct request *q, const struct form_value **rows)
{
	const struct form_value *own;
	size_t count = form_kept(c, q, &own), made = 0;
	struct form_value *out = arena_array(c->mem, struct form_value, count + 2);
	*rows = out;
	if (q->method != POST || !q->state)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (!str_is(own[i].name, FORM_TOKEN_NAME))
			out[made++] = row(c, own[i].name, own[i].value);
	if (q->show.n)
		out[made++] = row(c, S(FORM_SHOW_NAME), q->show);
	out[made++] = row(c, S(FORM_KEY_NAME), q->form_key); /* also where there is nothing else */
	return made;
}

size_t form_carried_on(struct ctx *c, const struct request *q, const struct form_value **rows)
{
	size_t count = q->state ? q->state->values_count : 0, made = 0;
	struct form_value *out = arena_array(c->mem, struct form_value, count + 1);
	for (size_t i = 0; i < count; i++)
		if (is_carried(q->state->values[i].name))
			out[made++] = q->state->values[i];
	*rows = out;
	return made;
}

bool form_is_written(const struct request *q)
{
	const struct form *form = q->route->form;
	for (size_t i = 0; form && i < form->fields_count; i++)
		if (form->fields[i].kind == FIELD_TEXT && form_value(q, form->fields[i].name, S("")).n)
			return true;
	return false;
}

bool form_carry_on(struct ctx *c, const struct request *q, struct response *r, struct str path, struct str own)
{
	const struct form_value *rows;
	size_t count = form_carried_on(c, q, &rows);
	if (count == 0 || path.n == 0)
		return false;
	struct form_state *state = arena_new_of(c->mem, struct form_state);
	for (size_t i = 0; i < count; i++)
		state->values[state->values_count++] = (struct form_value){
			{rows[i].name.p + strlen(prefix), rows[i].name.n - strlen(prefix)},
                        rows[i].value
		};
	r->carried = (struct carried){ path, own, state };
	return true;
}
