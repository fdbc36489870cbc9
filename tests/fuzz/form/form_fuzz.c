/* Bodies of forms from anywhere: values are valid UTF-8 and never longer than what was sent; typed values keep their limits. */
#include "base/utf8.h"
#include "http/form.h"
#include "web/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
	struct str line, text, secret;
	int64_t number, id, date;
	int code, time;
	unsigned set;
	bool tick;
};
static const char *const codes[] = { "one", "two", "three", NULL };
static const struct field fields[] = {
	FIELD(input, line, FIELD_LINE, 1, 20, true, N_("Name of the person")),
	FIELD(input, text, FIELD_TEXT, 0, 50, false, N_("Write more")),
	FIELD(input, secret, FIELD_SECRET, 3, 30, false, N_("Password")),
	FIELD(input, number, FIELD_INT, -5, 500, false, N_("Kind")),
	FIELD(input, id, FIELD_ID, 0, 0, false, N_("Case")),
	FIELD(input, date, FIELD_DATE, 0, 0, false, N_("Day")),
	FIELD(input, time, FIELD_TIME, 0, 0, false, N_("Time")),
	FIELD_OF(input, code, FIELD_CODE, codes, false, N_("Kind")),
	FIELD_OF(input, set, FIELD_SET, codes, false, N_("Roles")),
	FIELD(input, tick, FIELD_BOOL, 0, 0, false, N_("Yes")),
};
static const struct form form = FORM(input, fields, NULL);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ctx c = { .mem = arena_new(1 << 14) };
	struct form_state *state = arena_new_of(c.mem, struct form_state);
	struct input in = { 0 };
	if (form_read(&c, (struct str){ (const char *)data, n }, state) == OK) {
		for (size_t i = 0; i < state->values_count; i++)
			assert(state->values[i].value.n <= n && utf8_valid(state->values[i].value));
		if (form_fill(&c, &form, state, &in)) {
			assert(utf8_length(in.line) >= 1 && utf8_length(in.line) <= 20 && str_find(in.line, '\n') < 0);
			assert(in.number >= -5 && in.number <= 500 && in.id >= 0 && in.code >= -1 && in.code < 3 &&
				in.time >= -1 && in.time < 1440 && in.set < 8);
		} else {
			assert(state->errors_count > 0);
		}
	}
	arena_free(c.mem);
	return 0;
}
