#include "base/id.h"
#include "http/form.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "vault/hash.h"
#include "web/words.h"

enum err form_read(struct ctx *c, struct str body, struct form_state *state)
{
	struct str pair;
	while (str_cut(&body, '&', &pair)) {
		if (pair.n == 0)
			continue;
		if (state->values_count == FORM_VALUES_MAX)
			return FAIL(c, ERR_INPUT, "a form of more than %d values", FORM_VALUES_MAX);
		ptrdiff_t equals = str_find(pair, '=');
		struct str name = { pair.p, equals < 0 ? pair.n : (size_t)equals };
		struct str value = equals < 0 ? S("") : (struct str){ name.p + name.n + 1, pair.n - name.n - 1 };
		struct form_value *v = &state->values[state->values_count];
		if (!url_decode(c->mem, name, true, &v->name) || !url_decode(c->mem, value, true, &v->value))
			return FAIL(c, ERR_INPUT, "a broken escape in a form");
		if (!utf8_valid(v->name) || !utf8_valid(v->value))
			return FAIL(c, ERR_INPUT, "a form that is not UTF-8");
		state->values_count++;
	}
	return OK;
}

/* The byte whose escape S ends with; -1: it does not end with one. */
static int last_escaped(struct str s)
{
	static const char digits[] = "0123456789ABCDEF0123456789abcdef";
	if (s.n < 3 || s.p[s.n - 3] != '%')
		return -1;
	const char *high = memchr(digits, s.p[s.n - 2], sizeof digits - 1);
	const char *low = memchr(digits, s.p[s.n - 1], sizeof digits - 1);
	return high && low ? (int)((high - digits) % 16 * 16 + (low - digits) % 16) : -1;
}

struct str form_whole(struct str body)
{
	for (size_t i = 1; i <= 2 && i <= body.n; i++)
		if (body.p[body.n - i] == '%')
			body.n -= i;
	int byte;
	while ((byte = last_escaped(body)) >= 0x80) {
		body.n -= 3;
		if (byte >= 0xC0)
			break;
	}
	return body;
}

static const struct form_value *sent(const struct form_state *state, const char *name)
{
	for (size_t i = 0; i < state->values_count; i++)
		if (str_is(state->values[i].name, name))
			return &state->values[i];
	return NULL;
}

struct str form_take(struct form_state *state, const char *name)
{
	struct str first = { NULL, 0 };
	size_t kept = 0;
	for (size_t i = 0; i < state->values_count; i++) {
		if (!str_is(state->values[i].name, name))
			state->values[kept++] = state->values[i];
		else if (!first.p)
			first = state->values[i].value;
	}
	state->values_count = kept;
	return first.p ? first : S("");
}

static bool wrong(struct form_state *state, const struct field *f, const char *key)
{
	if (state->errors_count < FORM_ERRORS_MAX)
		state->errors[state->errors_count++] = (struct form_error){ f->name, f->label, key, f->min, f->max };
	return false;
}

/* What nobody is to see again is not left lying in memory that other requests will use. */
struct wiped {
	char *p;
	size_t n;
};

static void wipe(void *wiped)
{
	struct wiped *w = wiped;
	vault_wipe(w->p, w->n);
}

static void wipe_later(struct ctx *c, struct str value)
{
	struct wiped *w = arena_new_of(c->mem, struct wiped);
	*w = (struct wiped){ (char *)(uintptr_t)value.p, value.n };
	arena_defer(c->mem, wipe, w);
}

static bool fill_secret(
	struct ctx *c, struct form_state *state, const struct field *f, struct str value, struct str *out)
{
	*out = value;
	wipe_later(c, value);
	if (value.n == 0)
		return f->required ? wrong(state, f, N_("Fill this in.")) : true;
	if (value.n < (size_t)f->min)
		return wrong(state, f, N_("Use at least {min} characters."));
	return value.n <= (size_t)f->max ? true : wrong(state, f, N_("Use at most {max} characters."));
}

static bool fill_text(struct ctx *c, struct form_state *state, const struct field *f, struct str value, struct str *out)
{
	*out = str_trim(utf8_clean(c->mem, value));
	size_t length = utf8_length(*out);
	if (length == 0)
		return f->required ? wrong(state, f, N_("Fill this in.")) : true;
	if (f->kind == FIELD_LINE && str_find(*out, '\n') >= 0)
		return wrong(state, f, N_("Write this on one line."));
	if (length < (size_t)f->min)
		return wrong(state, f, N_("Write at least {min} characters."));
	return length <= (size_t)f->max ? true : wrong(state, f, N_("Write at most {max} characters."));
}

static int index_of(const char *const *codes, struct str code)
{
	for (int i = 0; codes[i]; i++)
		if (str_is(code, codes[i]))
			return i;
	return -1;
}

static bool fill_code(struct form_state *state, const struct field *f, struct str value, int *out)
{
	*out = value.n ? index_of(f->codes, value) : -1;
	if (*out >= 0)
		return true;
	return value.n || f->required ? wrong(state, f, N_("Choose one of these.")) : true;
}

static bool fill_set(struct form_state *state, const struct field *f, unsigned *out)
{
	for (size_t i = 0; i < state->values_count; i++) {
		if (!str_is(state->values[i].name, f->name))
			continue;
		int at = index_of(f->codes, state->values[i].value);
		if (at < 0)
			return wrong(state, f, N_("Choose from these."));
		*out |= 1U << at;
	}
	return *out || !f->required ? true : wrong(state, f, N_("Choose at least one."));
}

static bool fill_int(struct form_state *state, const struct field *f, struct str value, int64_t *out)
{
	value = str_trim(value);
	if (value.n == 0)
		return f->required ? wrong(state, f, N_("Fill this in.")) : true;
	int64_t min = f->kind == FIELD_ID ? 1 : f->min, max = f->kind == FIELD_ID ? INT64_MAX : f->max;
	if (str_to_i64(value, min, max, out))
		return true;
	return wrong(state, f,
		f->kind == FIELD_ID ? N_("Choose one of these.") : N_("Write a whole number from {min} to {max}."));
}

static bool fill_ids(struct ctx *c, struct form_state *state, const struct field *f, struct field_ids *out)
{
	int64_t id;
	*out = (struct field_ids){ .ids = arena_array(c->mem, int64_t, state->values_count + 1) };
	for (size_t i = 0; i < state->values_count; i++) {
		if (!str_is(state->values[i].name, f->name) || state->values[i].value.n == 0)
			continue;
		if (!str_to_i64(state->values[i].value, 1, INT64_MAX, &id))
			return wrong(state, f, N_("Choose from these."));
		if (!id_among(out->ids, out->count, id))
			out->ids[out->count++] = id;
	}
	if (out->count > (size_t)f->max)
		return wrong(state, f, N_("Choose at most {max}."));
	return out->count || !f->required ? true : wrong(state, f, N_("Choose at least one."));
}

static bool fill_date(struct form_state *state, const struct field *f, struct str value, int64_t *out)
{
	if (value.n == 0)
		return f->required ? wrong(state, f, N_("Fill this in.")) : true;
	int64_t year, month, day;
	bool shape = value.n == 10 && value.p[4] == '-' && value.p[7] == '-' &&
		     str_to_i64((struct str){ value.p, 4 }, 2000, 2199, &year) &&
		     str_to_i64((struct str){ value.p + 5, 2 }, 1, 12, &month) &&
		     str_to_i64((struct str){ value.p + 8, 2 }, 1, 31, &day);
	if (!shape)
		return wrong(state, f, N_("Write a date such as 2026-11-19."));
	struct clock_time t = { .year = (int)year, .month = (int)month, .day = (int)day };
	*out = clock_ms(&t);
	struct clock_time back = clock_utc(*out);
	return back.day == t.day ? true : wrong(state, f, N_("There is no such day."));
}

static bool fill_time(struct form_state *state, const struct field *f, struct str value, int *out)
{
	*out = -1;
	if (value.n == 0)
		return f->required ? wrong(state, f, N_("Fill this in.")) : true;
	int64_t hour, minute;
	bool shape = value.n == 5 && value.p[2] == ':' && str_to_i64((struct str){ value.p, 2 }, 0, 23, &hour) &&
		     str_to_i64((struct str){ value.p + 3, 2 }, 0, 59, &minute);
	if (!shape)
		return wrong(state, f, N_("Write a time such as 19:30."));
	*out = (int)(hour * 60 + minute);
	return true;
}

static bool fill(struct ctx *c, struct form_state *state, const struct field *f, void *at)
{
	const struct form_value *v = sent(state, f->name);
	struct str value = v ? v->value : S("");
	switch (f->kind) {
	case FIELD_LINE:
	case FIELD_TEXT: return fill_text(c, state, f, value, at);
	case FIELD_SECRET: return fill_secret(c, state, f, value, at);
	case FIELD_INT:
	case FIELD_ID: return fill_int(state, f, value, at);
	case FIELD_CODE: return fill_code(state, f, value, at);
	case FIELD_IDS: return fill_ids(c, state, f, at);
	case FIELD_SET: return fill_set(state, f, at);
	case FIELD_DATE: return fill_date(state, f, str_trim(value), at);
	case FIELD_TIME: return fill_time(state, f, str_trim(value), at);
	case FIELD_BOOL: *(bool *)at = v != NULL; return true;
	}
	return false;
}

bool form_fill(struct ctx *c, const struct form *form, struct form_state *state, void *out)
{
	bool good = true;
	for (size_t i = 0; i < form->fields_count; i++)
		good &= fill(c, state, &form->fields[i], (char *)out + form->fields[i].at);
	return good;
}

enum err form_refuse(struct ctx *c, const struct request *q, const char *name, const char *key)
{
	const struct form *form = q->route ? q->route->form : NULL;
	for (size_t i = 0; form && i < form->fields_count; i++)
		if (strcmp(form->fields[i].name, name) == 0)
			wrong(q->state, &form->fields[i], key);
	c->err.say = NULL;
	return FAIL(c, ERR_INPUT, "field %s: %s", name, key);
}

/* The form whose values Q holds. */
static const struct form *form_of(const struct request *q)
{
	const struct route *route = q->typed ? q->typed : q->route;
	return route ? route->form : NULL;
}

static const struct field *field_of(const struct form *form, struct str name)
{
	for (size_t i = 0; form && i < form->fields_count; i++)
		if (str_is(name, form->fields[i].name))
			return &form->fields[i];
	return NULL;
}

bool form_goes_to(const struct request *q, struct str path)
{
	return q->state && str_eq(q->typed ? q->typed_path : q->path, path);
}

static bool is_secret(const struct request *q, struct str name)
{
	const struct field *f = field_of(form_of(q), name);
	return f && f->kind == FIELD_SECRET;
}

/* A page may have several forms: of those that were not sent nothing is known. */
static bool was_sent(const struct request *q, const char *name)
{
	const struct form *form = form_of(q);
	return q->state && (!form || field_of(form, str_of(name)));
}

struct str form_value(const struct request *q, const char *name, struct str preset)
{
	if (!was_sent(q, name))
		return preset;
	if (is_secret(q, str_of(name)))
		return S("");
	const struct form_value *v = sent(q->state, name);
	return v ? v->value : S("");
}

bool form_checked(const struct request *q, const char *name, const char *value, bool preset)
{
	if (!was_sent(q, name))
		return preset;
	for (size_t i = 0; i < q->state->values_count; i++)
		if (str_is(q->state->values[i].name, name) && str_is(q->state->values[i].value, value))
			return true;
	return false;
}

struct str form_error_text(struct ctx *c, const struct form_error *e)
{
	struct word_value values[] = {
		{"min",  arena_printf(c->mem, "%" PRId64, e->min)},
		{ "max", arena_printf(c->mem, "%" PRId64, e->max)},
	};
	return words_format(c->mem, c->lang, e->key, values, COUNT(values));
}

struct str form_error(struct ctx *c, const struct request *q, const char *name)
{
	for (size_t i = 0; q->state && i < q->state->errors_count; i++)
		if (strcmp(q->state->errors[i].name, name) == 0)
			return form_error_text(c, &q->state->errors[i]);
	return S("");
}

size_t form_kept(struct ctx *c, const struct request *q, const struct form_value **rows)
{
	size_t count = q->state ? q->state->values_count : 0, kept = 0;
	struct form_value *out = arena_array(c->mem, struct form_value, count + 1);
	for (size_t i = 0; i < count; i++)
		if (!is_secret(q, q->state->values[i].name))
			out[kept++] = q->state->values[i];
	*rows = out;
	return kept;
}

size_t form_errors(const struct request *q, const struct form_error **rows)
{
	*rows = q->state ? q->state->errors : NULL;
	return q->state ? q->state->errors_count : 0;
}
