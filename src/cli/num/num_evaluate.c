/* adem num evaluate: did what was done work? */
#include "cli/num/num_evaluate.h"
#include "num/data/table.h"
#include <math.h>

enum { WEEK_D = 7, WEEKS_MAX = 520, SPAN_MAX_D = 371, DESIGN_MAX = 1000, PLACEBOS_MAX = 10000 };

void num_report_real(struct num_report *r, const char *key, const char *label, double v)
{
	if (r->json) {
		json_key(r->json, key);
		json_real(r->json, v);
	} else if (label && isfinite(v)) {
		buf_printf(r->out, "%-34s %.4g\n", label, v);
	} else if (label) {
		buf_printf(r->out, "%-34s %s\n", label, isnan(v) ? "not known" : "without bound");
	}
}

void num_report_int(struct num_report *r, const char *key, const char *label, int64_t v)
{
	if (r->json) {
		json_key(r->json, key);
		json_int(r->json, v);
	} else if (label) {
		buf_printf(r->out, "%-34s %" PRId64 "\n", label, v);
	}
}

void num_report_text(struct num_report *r, const char *key, const char *label, struct str v)
{
	if (r->json) {
		json_key(r->json, key);
		json_str(r->json, v);
	} else if (label) {
		buf_printf(r->out, "%-34s %.*s\n", label, STR_ARG(v));
	}
}

static void put_range(struct num_report *r, const char *label, double low, double high)
{
	if (isfinite(low) && isfinite(high))
		buf_printf(r->out, "%-34s %.4g to %.4g\n", label, low, high);
	else if (isfinite(low))
		buf_printf(r->out, "%-34s from %.4g on\n", label, low);
	else
		buf_printf(r->out, "%-34s not known\n", label);
}

void num_report_interval(struct num_report *r, const struct counterfactual_interval *i)
{
	if (!r->json) {
		put_range(r, "90 % interval", i->low90, i->high90);
		put_range(r, "95 % interval", i->low95, i->high95);
		return;
	}
	num_report_real(r, "low90", NULL, i->low90);
	num_report_real(r, "high90", NULL, i->high90);
	num_report_real(r, "low95", NULL, i->low95);
	num_report_real(r, "high95", NULL, i->high95);
}

double *num_evaluate_counts(struct arena *a, const struct num_evaluation *e, int32_t from, size_t days, size_t periods)
{
	double *count = arena_array(a, double, e->town.places->count *periods);
	for (size_t i = events_from(e->town.events, from); i < e->town.events->count; i++) {
		const struct event *one = &e->town.events->event[i];
		size_t period = (size_t)(one->day - from) / days;
		if (period >= periods)
			break;
		if (one->kind == 0)
			count[one->place * periods + period]++;
	}
	return count;
}

struct row {
	uint32_t place;
	int32_t start;
};

static int by_start(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	return x->start != y->start ? (x->start > y->start) - (x->start < y->start)
				    : (x->place > y->place) - (x->place < y->place);
}

static enum err read_rows(
	struct ctx *c, struct str text, const struct num_evaluation *e, struct row **rows, size_t *count)
{
	struct csv *r;
	size_t place, start, cap = 0;
	bool more, *known = arena_array(c->mem, bool, e->town.places->count);
	const char *name = e->w->town.place_column ? e->w->town.place_column : "place";
	TRY(table_open(c, text, &r));
	TRY(table_column(c, r, name, &place));
	TRY(table_column(c, r, "start", &start));
	TRY(table_next(c, r, &more));
	while (more) {
		struct row one;
		TRY(table_place(c, r, e->town.places, place, &one.place));
		if (!day_read(table_field(r, start), &one.start))
			return FAIL(c, ERR_INPUT, "line %zu: \"%.*s\" is no date such as 2016-12-31", r->line,
				STR_ARG(table_shown(table_field(r, start))));
		if (known[one.place])
			return FAIL(c, ERR_INPUT, "line %zu: the place stands here twice", r->line);
		known[one.place] = true;
		*rows = arena_grow(c->mem, *rows, *count, &cap, *count + 1, sizeof **rows);
		(*rows)[(*count)++] = one;
		TRY(table_next(c, r, &more));
	}
	return *count ? OK : FAIL(c, ERR_INPUT, "no place was treated: there is only a header");
}

static enum err read_treated(struct ctx *c, struct num_evaluation *e)
{
	struct str text;
	struct row *rows = NULL;
	size_t count = 0;
	TRY(num_read(c, e->w->treated, &text));
	TRY(num_of_file(c, e->w->treated, read_rows(c, text, e, &rows, &count)));
	assert(rows);
	qsort(rows, count, sizeof *rows, by_start);
	e->treated.count = count;
	e->treated.place = arena_array(c->mem, uint32_t, count);
	e->treated.start = arena_array(c->mem, int32_t, count);
	for (size_t i = 0; i < count; i++) {
		e->treated.place[i] = rows[i].place;
		e->treated.start[i] = rows[i].start;
	}
	return OK;
}

static const struct {
	const char *name;
	enum err (*run)(struct ctx *c, const struct num_evaluation *e, struct num_report *r);
} methods[] = {
	{"counterfactual", num_evaluate_counterfactual},
	{ "series",        num_evaluate_series        },
	{ "synthetic",     num_evaluate_synthetic     },
	{ "differences",   num_evaluate_synthetic     },
	{ "near-repeat",   num_evaluate_repeat        },
	{ "wedge",         num_evaluate_wedge         },
};

/* NAME NULL: the most misleading. */
static enum evaluate_selection selection_of(const char *name)
{
	for (size_t i = 0; name && i < EVALUATE_SELECTIONS; i++)
		if (strcmp(name, evaluate_selection_names[i]) == 0)
			return (enum evaluate_selection)i;
	return EVALUATE_SPIKE;
}

/* What the reader has to know of how this came about. */
static void report_choices(const struct num_evaluation *e, struct num_report *r)
{
	const char *name = evaluate_selection_names[e->selection];
	num_report_text(r, "method", "Method", str_of(e->w->method));
	num_report_text(r, "selection", "How the places were chosen", str_of(name));
	if (r->json) {
		json_key(r->json, "selection_assumed");
		json_bool(r->json, !e->w->selection);
	} else if (!e->w->selection) {
		buf_put(r->out, S("  (not said, so the most misleading way is assumed; --selection tells)\n"));
	}
	num_report_int(r, "seed", NULL, e->w->seed);
}

static enum err evaluate(struct ctx *c, const struct num_evaluate_words *w, size_t method, struct buf *out)
{
	struct num_evaluation *e = arena_new_of(c->mem, struct num_evaluation);
	struct json j = { 0 };
	struct num_report r = { .out = out, .json = w->json ? &j : NULL };
	e->w = w;
	e->selection = selection_of(w->selection);
	TRY(num_town_read(c, &w->town, &e->town));
	TRY(read_treated(c, e));
	e->end = w->until == ARGS_DAY_NONE ? e->town.end : w->until + 1;
	num_progress("evaluating", -1);
	if (w->json) {
		json_init(&j, out);
		json_object(&j);
	}
	report_choices(e, &r);
	TRY(methods[method].run(c, e, &r));
	if (w->json) {
		json_end(&j);
		buf_put_char(out, '\n');
	}
	return OK;
}

static enum err run(struct ctx *c, void *words, struct buf *out)
{
	const struct num_evaluate_words *w = words;
	if (w->design)
		return num_evaluate_design(c, w, out);
	size_t i = 0;
	while (i < COUNT(methods) && strcmp(w->method, methods[i].name) != 0)
		i++;
	assert(i < COUNT(methods)); /* the table of options takes no others */
	return evaluate(c, w, i, out);
}

static const char *wrong(const void *words)
{
	const struct num_evaluate_words *w = words;
	return w->design         ? NULL
	       : !w->town.events ? "--events is missing; only --design goes without"
	       : !w->treated     ? "--treated is missing; only --design goes without"
				 : NULL;
}

int num_evaluate_command(int argc, char **argv)
{
	static const struct arg options[] = {
		NUM_TOWN_OPTIONS(struct num_evaluate_words, false),
		ARG(struct num_evaluate_words, treated, ARG_WORD, "treated",
			"place,start: where something was done, from which day on", .min = 1, .value = "FILE"),
		ARG(struct num_evaluate_words, weeks, ARG_INT, "weeks", "weeks after the start that are looked at",
			.min = 1, .max = WEEKS_MAX, .preset = "26"),
		ARG(struct num_evaluate_words, until, ARG_DATE, "until",
			"the last day known; not given, that of the last event"),
		ARG(struct num_evaluate_words, method, ARG_WORD, "method", "how the question is answered",
			.preset = "counterfactual",
			.choices = "counterfactual series synthetic differences near-repeat wedge"),
		ARG(struct num_evaluate_words, selection, ARG_WORD, "selection",
			"how the places were chosen. Not said, the most misleading is assumed: spike, a rise in the "
			"last weeks",
			.choices = "spike recent level random"),
		ARG(struct num_evaluate_words, period_d, ARG_SPAN, "period",
			"periods of synthetic and differences (not given, 4w) and wedge (1w)", .min = 1,
			.max = SPAN_MAX_D),
		ARG(struct num_evaluate_words, slope, ARG_SWITCH, "slope", "series: also a change of slope"),
		ARG(struct num_evaluate_words, placebos, ARG_INT, "placebos",
			"other choices of places in the same weeks, for the counterfactual", .min = 0,
			.max = PLACEBOS_MAX, .preset = "199"),
		ARG(struct num_evaluate_words, seed, ARG_INT, "seed", "of every lot", .min = 0, .max = 1LL << 53,
			.preset = "1"),
		ARG(struct num_evaluate_words, plan, ARG_SWITCH, "plan", "before the start: what could be detected"),
		ARG(struct num_evaluate_words, design, ARG_INT, "design",
			"a roll-out in so many steps by lot: a file for --treated, with its SHA-256", .min = 1,
			.max = DESIGN_MAX),
		ARG(struct num_evaluate_words, from, ARG_DATE, "from", "the first day of --design"),
		ARG(struct num_evaluate_words, every_d, ARG_SPAN, "every", "from one step of --design to the next",
			.min = 1, .max = SPAN_MAX_D, .preset = "4w"),
		ARG(struct num_evaluate_words, json, ARG_SWITCH, "json", "one object"),
	};
	static const struct args args = { .name = "adem num evaluate",
		.about = "Did places where something was done have fewer events than they would have had? The answer "
			 "is a ratio: below 1 is fewer. Before the start, --plan tells how small an effect could be "
			 "seen at all, and --design draws a roll-out by lot, from --places, --from and --every; all "
			 "but --design needs --events and --treated.",
		.after = "See adem-num(1).",
		.arg = options,
		.count = COUNT(options),
		.wrong = wrong };
	struct num_evaluate_words w = { 0 };
	return num_run(&args, &w, run, argc, argv);
}
