#include "app/args.h"
#include "app/args_help.h"
#include "app/spelling.h"
#include "num/data/day.h"
#include <math.h>

enum { WEEK_D = 7, SHOWN_BYTES = 60 };

/* What is being read. */
struct reading {
	struct arena *mem;
	const struct args *k;
	const struct args_table *more;
	void *into;
	const struct arg **given; /* one for each word at most */
	size_t given_count;
};

static bool to_span(const struct arg *a, void *at, struct str value)
{
	int64_t times = 1;
	if (value.n > 1 && (value.p[value.n - 1] == 'd' || value.p[value.n - 1] == 'w'))
		times = value.p[--value.n] == 'w' ? WEEK_D : 1;
	int64_t days;
	if (!str_to_i64(value, (int64_t)ceil(a->min / (double)times), (int64_t)a->max / times, &days))
		return false;
	*(int64_t *)at = days * times;
	return true;
}

static bool to_real(const struct arg *a, void *at, struct str value)
{
	double x;
	if (!str_to_f64(value, &x) || x < a->min || x > a->max)
		return false;
	*(double *)at = x;
	return true;
}

static bool to_yes(void *at, struct str value)
{
	bool yes = str_is(value, "yes") || str_is(value, "1") || str_is(value, "true");
	bool no = str_is(value, "no") || str_is(value, "0") || str_is(value, "false");
	if (yes || no)
		*(int64_t *)at = yes;
	return yes || no;
}

static bool is_choice(const char *choices, struct str value)
{
	struct str rest = str_of(choices), one;
	while (str_cut(&rest, ' ', &one))
		if (str_eq(one, value))
			return true;
	return false;
}

static bool text_fits(const struct arg *a, struct str value)
{
	if (a->choices)
		return is_choice(a->choices, value);
	return (double)value.n >= a->min && (a->max == 0 || (double)value.n <= a->max) && (!a->fits || a->fits(value));
}

bool arg_set(struct arena *mem, const struct arg *a, void *into, struct str value)
{
	void *at = (char *)into + a->at;
	switch (a->kind) {
	case ARG_SWITCH: return *(bool *)at = true;
	case ARG_WORD: return text_fits(a, value) && (*(const char **)at = value.p, true);
	case ARG_TEXT: return text_fits(a, value) && (*(struct str *)at = arena_str(mem, value), true);
	case ARG_YES: return to_yes(at, value);
	case ARG_INT: return str_to_i64(value, (int64_t)a->min, (int64_t)a->max, at);
	case ARG_REAL: return to_real(a, at, value);
	case ARG_DATE: return day_read(value, at);
	case ARG_SPAN: return to_span(a, at, value);
	}
	return false;
}

void args_preset(struct arena *mem, const struct arg *table, size_t count, void *into)
{
	for (const struct arg *a = table; a < table + count; a++) {
		if (a->kind == ARG_DATE)
			*(int32_t *)(void *)((char *)into + a->at) = ARGS_DAY_NONE;
		bool fits = !a->preset || arg_set(mem, a, into, str_of(a->preset));
		assert(fits);
	}
}

/* As much of VALUE as a line bears, without what a terminal would obey. */
static const char *shown(struct arena *mem, struct str value)
{
	char *copy = arena_alloc(mem, SHOWN_BYTES + 4, 1);
	size_t n = value.n < SHOWN_BYTES ? value.n : SHOWN_BYTES;
	for (size_t i = 0; i < n; i++)
		copy[i] = (unsigned char)value.p[i] < ' ' || value.p[i] == 0x7f ? '?' : value.p[i];
	snprintf(copy + n, 4, "%s", n < value.n ? "…" : "");
	return copy;
}

void arg_say_wrong(struct arena *mem, const char *where, const char *name, const struct arg *a, struct str value)
{
	const char *what = args_accepted(mem, a);
	if (a->secret)
		fprintf(stderr, "%s: %s is %s\n", where, name, what);
	else
		fprintf(stderr, "%s: %s is not \"%s\" but %s\n", where, name, shown(mem, value), what);
}

/* Says on standard error what is wrong with WORD. */
PRINTF(2, 3) static bool say(const struct reading *r, const char *fmt, ...)
{
	va_list values;
	fprintf(stderr, "%s: ", r->k->name);
	va_start(values, fmt);
	vfprintf(stderr, fmt, values);
	va_end(values);
	return false;
}

/* The table's I-th row that the word may be, own ones first, and what it fills; NULL after the last. */
static const struct arg *row(const struct reading *r, size_t i, void **into)
{
	*into = i < r->k->count ? r->into : r->more ? r->more->into : NULL;
	if (i < r->k->count)
		return &r->k->arg[i];
	i -= r->k->count;
	return r->more && i < r->more->count ? &r->more->arg[i] : NULL;
}

static bool is_named(const struct arg *a, struct str name)
{
	size_t n = strlen(a->name);
	if (a->operand || name.n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((a->name[i] == '_' ? '-' : a->name[i]) != name.p[i])
			return false;
	return true;
}

static bool say_unknown(const struct reading *r, struct str word, struct str name)
{
	void *into;
	say(r, "there is no option \"%s\"; --help lists them", shown(r->mem, word));
	const struct arg *a;
	for (size_t i = 0; (a = row(r, i, &into)); i++)
		if (!a->operand && spelling_near(name, str_of(a->name)))
			fprintf(stderr, "; did you mean %s?", args_option(r->mem, a));
	fputc('\n', stderr);
	return false;
}

/* Notes that A is given; false, after saying so, where it was before. */
static bool note(struct reading *r, const struct arg *a)
{
	for (size_t i = 0; i < r->given_count; i++)
		if (r->given[i] == a)
			return say(r, "%s stands twice\n", args_option(r->mem, a));
	r->given[r->given_count++] = a;
	return true;
}

/* The option at argv[*I] with its value, if it has one, which *I is moved to. */
static bool take_option(struct reading *r, int argc, char **argv, int *i)
{
	struct str word = str_of(argv[*i]), name = word, value = { NULL, 0 };
	ptrdiff_t equals = str_find(word, '=');
	if (equals >= 0) {
		name.n = (size_t)equals;
		value = (struct str){ word.p + equals + 1, word.n - (size_t)equals - 1 };
	}
	bool is_long = str_starts(name, S("--"));
	struct str bare = { name.p + (is_long ? 2 : 1), name.n - (is_long ? 2 : 1) };
	const struct arg *a;
	void *into;
	size_t number = 0;
	while ((a = row(r, number, &into)) && !(is_long && is_named(a, bare)))
		number++;
	if (!a)
		return say_unknown(r, word, bare);
	const char *option = args_option(r->mem, a);
	if (!note(r, a))
		return false;
	if (a->kind == ARG_SWITCH)
		return value.p ? say(r, "%s takes no value\n", option) : arg_set(r->mem, a, into, value);
	if (!value.p) {
		if (*i + 1 == argc)
			return say(r, "%s needs a value: %s\n", option, args_accepted(r->mem, a));
		value = str_of(argv[++*i]);
		if (str_starts(value, S("--")))
			return say(r, "%s needs a value: %s; one that begins with \"--\" is given as %s=%s\n", option,
				args_accepted(r->mem, a), option, shown(r->mem, value));
	}
	if (arg_set(r->mem, a, into, value))
		return true;
	arg_say_wrong(r->mem, r->k->name, option, a, value);
	return false;
}

static bool take_operand(struct reading *r, const char *word)
{
	for (size_t i = 0; i < r->k->count; i++) {
		const struct arg *a = &r->k->arg[i];
		bool taken = !a->operand;
		for (size_t g = 0; g < r->given_count; g++)
			taken = taken || r->given[g] == a;
		if (taken)
			continue;
		r->given[r->given_count++] = a;
		if (arg_set(r->mem, a, r->into, str_of(word)))
			return true;
		arg_say_wrong(r->mem, r->k->name, a->name, a, str_of(word));
		return false;
	}
	return say(r, "\"%s\" is not expected here; --help tells more\n", shown(r->mem, str_of(word)));
}

static bool take_words(struct reading *r, int argc, char **argv)
{
	bool options = true;
	for (int i = 1; i < argc; i++) {
		bool ends = options && strcmp(argv[i], "--") == 0;
		bool is_option = options && argv[i][0] == '-' && argv[i][1];
		if (ends)
			options = false;
		else if (!(is_option ? take_option(r, argc, argv, &i) : take_operand(r, argv[i])))
			return false;
	}
	return true;
}

static bool has_all_needed(const struct reading *r)
{
	for (size_t i = 0; i < r->k->count; i++) {
		const struct arg *a = &r->k->arg[i];
		bool there = !a->needed;
		for (size_t g = 0; g < r->given_count; g++)
			there = there || r->given[g] == a;
		if (there)
			continue;
		say(r, "%s is missing\n", a->operand ? a->name : args_option(r->mem, a));
		args_usage(stderr, r->mem, r->k);
		return false;
	}
	return true;
}

static bool asks_for_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

bool args_read(struct arena *mem, const struct args *k, const struct args_table *more, int argc, char **argv,
	void *into, int *status)
{
	struct reading r = { mem, k, more, into, arena_array(mem, const struct arg *, (size_t)argc), 0 };
	*status = 0;
	if (asks_for_help(argc, argv)) {
		args_help(stdout, mem, k, more);
		return false;
	}
	*status = ARGS_WRONG;
	args_preset(mem, k->arg, k->count, into);
	if (!take_words(&r, argc, argv) || !has_all_needed(&r))
		return false;
	const char *wrong = k->wrong ? k->wrong(into) : NULL;
	if (wrong)
		return say(&r, "%s\n", wrong);
	*status = 0;
	return true;
}
