#include "app/args_help.h"

enum { HELP_COLUMN = 29, HELP_WIDTH = 100, LISTED = 4 /* options in a usage line */ };

const char *args_option(struct arena *mem, const struct arg *a)
{
	size_t room = strlen(a->name) + sizeof "--";
	char *text = arena_alloc(mem, room, 1);
	snprintf(text, room, "--%s", a->name);
	for (char *p = text; *p; p++)
		*p = *p == '_' ? '-' : *p;
	return text;
}

/* "auto, required or off" of "auto required off". */
static const char *alternatives(struct arena *mem, const char *choices)
{
	struct str rest = str_of(choices), one, said = S("");
	while (str_cut(&rest, ' ', &one))
		said = arena_printf(mem, "%.*s%s%.*s", STR_ARG(said),
			said.n == 0 ? ""
			: rest.n    ? ", "
				    : " or ",
			STR_ARG(one));
	return arena_str(mem, said).p;
}

static const char *range(struct arena *mem, const struct arg *a)
{
	return arena_printf(mem, "%.15g to %.15g", a->min, a->max).p;
}

static const char *text_accepted(struct arena *mem, const struct arg *a)
{
	if (a->choices)
		return alternatives(mem, a->choices);
	if (a->accepts)
		return a->accepts;
	if (a->max > 0)
		return arena_printf(mem, "a text of %s bytes", range(mem, a)).p;
	return a->operand ? "a text" : arena_printf(mem, "a text for %s", a->value).p;
}

const char *args_accepted(struct arena *mem, const struct arg *a)
{
	switch (a->kind) {
	case ARG_SWITCH: return "nothing";
	case ARG_WORD:
	case ARG_TEXT: return text_accepted(mem, a);
	case ARG_YES: return "yes or no";
	case ARG_INT: return arena_printf(mem, "a whole number from %s", range(mem, a)).p;
	case ARG_REAL: return arena_printf(mem, "a number from %s", range(mem, a)).p;
	case ARG_DATE: return "a date such as 2016-12-31";
	case ARG_SPAN: return arena_printf(mem, "a whole number from %s days, such as 7d or 2w", range(mem, a)).p;
	}
	return "";
}

/* What stands for the value. */
static const char *stands_for(const struct arg *a)
{
	static const char *const names[] = {
		[ARG_YES] = "yes|no", [ARG_INT] = "N", [ARG_REAL] = "X", [ARG_DATE] = "DATE", [ARG_SPAN] = "SPAN"
	};
	return a->kind == ARG_SWITCH                        ? ""
	       : a->kind == ARG_WORD || a->kind == ARG_TEXT ? (a->choices ? "WORD" : a->value)
							    : names[a->kind];
}

/* "--horizon SPAN", "FILE". */
static const char *form(struct arena *mem, const struct arg *a)
{
	const char *value = a->operand ? "" : stands_for(a);
	return arena_printf(mem, "%s%s%s", a->operand ? a->name : args_option(mem, a), value[0] ? " " : "", value).p;
}

/* "(1 to 3660 days; 7d if not given)" */
static const char *bounds(struct arena *mem, const struct arg *a)
{
	const char *takes = a->kind == ARG_INT || a->kind == ARG_REAL ? range(mem, a)
			    : a->kind == ARG_SPAN                     ? arena_printf(mem, "%s days", range(mem, a)).p
			    : a->choices                              ? alternatives(mem, a->choices)
								      : "";
	const char *otherwise = a->needed                   ? "needed"
				: a->preset && a->preset[0] ? arena_printf(mem, "%s if not given", a->preset).p
							    : "";
	if (!takes[0] && !otherwise[0])
		return "";
	return arena_printf(mem, " (%s%s%s)", takes, takes[0] && otherwise[0] ? "; " : "", otherwise).p;
}

static size_t letters_of(struct str text)
{
	size_t letters = 0;
	for (size_t i = 0; i < text.n; i++)
		letters += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return letters;
}

/* Breaks the words of TEXT into lines that begin at COLUMN; the first begins at AT. */
static void put_wrapped(FILE *to, struct str text, size_t column, size_t at)
{
	struct str word;
	bool begins = true;
	if (at > 0 && at + 2 > column) {
		fputc('\n', to);
		at = 0;
	}
	fprintf(to, "%*s", (int)(column - at), "");
	at = column;
	while (str_cut(&text, ' ', &word)) {
		size_t letters = letters_of(word);
		if (!begins && at + 1 + letters > HELP_WIDTH) {
			fprintf(to, "\n%*s", (int)column, "");
			at = column;
			begins = true;
		}
		fprintf(to, "%s%.*s", begins ? "" : " ", STR_ARG(word));
		at += letters + !begins;
		begins = false;
	}
	fputc('\n', to);
}

static void put_table(FILE *to, struct arena *mem, const struct arg *table, size_t count)
{
	for (const struct arg *a = table; a < table + count; a++) {
		const char *left = form(mem, a);
		fprintf(to, "  %s", left);
		put_wrapped(to, arena_printf(mem, "%s%s", a->help, bounds(mem, a)), HELP_COLUMN,
			2 + letters_of(str_of(left)));
	}
}

void args_usage(FILE *to, struct arena *mem, const struct args *k)
{
	bool all = k->count <= LISTED;
	fprintf(to, "usage: %s", k->name);
	for (const struct arg *a = k->arg; a < k->arg + k->count; a++)
		if (a->needed)
			fprintf(to, " %s", form(mem, a));
		else if (all)
			fprintf(to, " [%s]", form(mem, a));
	fprintf(to, "%s%s\n", all ? "" : " [OPTION …]", k->settings ? " [SETTING …]" : "");
}

void args_help(FILE *to, struct arena *mem, const struct args *k, const struct args_table *more)
{
	args_usage(to, mem, k);
	fputc('\n', to);
	put_wrapped(to, str_of(k->about), 0, 0);
	if (k->count > 0)
		fputc('\n', to);
	put_table(to, mem, k->arg, k->count);
	if (more) {
		fprintf(to, "\n%s\n", more->title);
		put_table(to, mem, more->arg, more->count);
	}
	if (!k->after)
		return;
	fputc('\n', to);
	put_wrapped(to, str_of(k->after), 0, 0);
}
