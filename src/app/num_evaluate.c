/* adem num evaluate: did what was done work? */
#include "app/num_evaluate.h"
#include "num/table.h"
#include <math.h>

enum { WEEK_D = 7, WEEKS_MAX = 520, SPAN_MAX_D = 371, DESIGN_MAX = 1000, PLACEBOS_MAX = 10000 };

static const char usage[] =
	"usage: adem num evaluate --events FILE --treated FILE [--weeks 26] [--method NAME] [--json] [options]\n"
	"       adem num evaluate --plan --events FILE --treated FILE [--weeks 26]\n"
	"       adem num evaluate --design STEPS --places FILE --from DATE --every 4w --seed N\n"
	"\n"
	"Did places where something was done have fewer events than they would have had? The answer is a ratio:\n"
	"below 1 is fewer. Before the start, --plan tells how small an effect could be seen at all.\n"
	"\n" NUM_TOWN_HELP "  --treated FILE     place,start: where something was done, from which day on\n"
	"  --weeks N          weeks after the start that are looked at (26)\n"
	"  --until DATE       the last day known (that of the last event)\n"
	"  --method NAME      counterfactual (the default), series, synthetic, differences, near-repeat, wedge\n"
	"  --selection NAME   how the places were chosen: spike, recent, level or random. Not said, the most\n"
	"                     misleading is assumed: spike, a rise in the last weeks\n"
	"  --period SPAN      periods of synthetic, differences (4w) and wedge (1w)\n"
	"  --slope            series: also a change of slope\n"
	"  --placebos N       other choices of places in the same weeks, for the counterfactual (199)\n"
	"  --seed N           of every lot (1)\n"
	"  --plan             before the start: what could be detected\n"
	"  --design STEPS     a roll-out in so many steps by lot: a file for --treated, with its SHA-256\n"
	"  --json             one object\n"
	"\n"
	"See adem-num(1).\n";

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

static enum err find_selection(struct ctx *c, const char *name, enum evaluate_selection *out)
{
	*out = EVALUATE_SPIKE;
	for (size_t i = 0; name && i < EVALUATE_SELECTIONS; i++)
		if (strcmp(name, evaluate_selection_names[i]) == 0) {
			*out = (enum evaluate_selection)i;
			return OK;
		}
	return name ? FAIL(c, ERR_INPUT, "--selection is spike, recent, level or random, not \"%.40s\"", name) : OK;
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
	TRY(find_selection(c, w->selection, &e->selection));
	TRY(num_town_read(c, &w->town, &e->town));
	TRY(read_treated(c, e));
	e->end = w->until == NUM_DAY_NONE ? e->town.end : w->until + 1;
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

static enum err run(struct ctx *c, void *arg, struct buf *out)
{
	const struct num_evaluate_words *w = arg;
	if (w->design)
		return num_evaluate_design(c, w, out);
	if (!w->town.events || !w->treated)
		return FAIL(c, ERR_INPUT, "%s is needed; --help tells more", w->town.events ? "--treated" : "--events");
	for (size_t i = 0; i < COUNT(methods); i++)
		if (strcmp(w->method, methods[i].name) == 0)
			return evaluate(c, w, i, out);
	return FAIL(c, ERR_INPUT,
		"--method is counterfactual, series, synthetic, differences, near-repeat or wedge, not \"%.40s\"",
		w->method);
}

int num_evaluate_command(int argc, char **argv)
{
	struct num_evaluate_words w = { .method = "counterfactual",
		.weeks = 26,
		.seed = 1,
		.placebos = 199,
		.every_d = 4 * WEEK_D,
		.until = NUM_DAY_NONE,
		.from = NUM_DAY_NONE };
	struct num_option options[] = {
		NUM_TOWN_OPTIONS(w.town),
		{"--treated",    NUM_TEXT, &w.treated,   0, 0           },
		{ "--weeks",     NUM_INT,  &w.weeks,     1, WEEKS_MAX   },
		{ "--until",     NUM_DATE, &w.until,     0, 0           },
		{ "--method",    NUM_TEXT, &w.method,    0, 0           },
		{ "--selection", NUM_TEXT, &w.selection, 0, 0           },
		{ "--period",    NUM_SPAN, &w.period_d,  1, SPAN_MAX_D  },
		{ "--slope",     NUM_FLAG, &w.slope,     0, 0           },
		{ "--placebos",  NUM_INT,  &w.placebos,  0, PLACEBOS_MAX},
		{ "--seed",      NUM_INT,  &w.seed,      0, 1LL << 53   },
		{ "--plan",      NUM_FLAG, &w.plan,      0, 0           },
		{ "--design",    NUM_INT,  &w.design,    1, DESIGN_MAX  },
		{ "--from",      NUM_DATE, &w.from,      0, 0           },
		{ "--every",     NUM_SPAN, &w.every_d,   1, SPAN_MAX_D  },
		{ "--json",      NUM_FLAG, &w.json,      0, 0           },
	};
	options[0].min = 0; /* a design needs no events */
	return num_run(&(struct num_command){ "adem num evaluate", usage, options, COUNT(options), NULL, run, &w },
		argc, argv);
}
