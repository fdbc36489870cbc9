/* adem num simulate: futures of the fitted model, for what is said of several places together, or as a catalogue of events. */
#include "cli/num/num_rows.h"
#include "cli/num/num_town.h"
#include "num/forecast/hawkes_simulate.h"

enum { WEEK_D = 7, SPAN_MAX_D = 3660, PATHS_MAX = 1 << 20 };

struct words {
	struct num_town_words town;
	const char *of;
	int32_t from, until;
	int64_t horizon_d, least, paths, seed;
	bool catalogue, json;
};

/* Some places of the town. */
struct some {
	uint32_t *place;
	size_t count;
};

static enum err find_named(struct ctx *c, const struct places *p, const char *list, struct some *out)
{
	struct str rest = str_of(list), name;
	*out = (struct some){ arena_array(c->mem, uint32_t, p->count), 0 };
	while (str_cut(&rest, ',', &name)) {
		uint32_t place = places_find(p, str_trim(name));
		if (place >= p->count)
			return FAIL(c, ERR_INPUT, "--of: there is no place \"%.*s\"", (int)(name.n < 40 ? name.n : 40),
				name.p);
		for (size_t k = 0; k < out->count; k++)
			if (out->place[k] == place)
				return FAIL(c, ERR_INPUT, "--of names \"%.*s\" twice", STR_ARG(p->name[place]));
		out->place[out->count++] = place;
	}
	return OK;
}

/* The places that have NODE above them. */
static struct some below(struct arena *a, const struct places *p, uint32_t node)
{
	struct some s = { arena_array(a, uint32_t, p->count), 0 };
	for (uint32_t i = 0; i < p->count; i++)
		for (uint32_t at = p->parent[i]; at != PLACES_NONE; at = p->parent[at])
			if (at == node)
				s.place[s.count++] = i;
	return s;
}

static double mean_of(const struct hawkes_paths *f, const struct some *s)
{
	double sum = 0;
	for (size_t k = 0; k < f->paths; k++)
		for (size_t i = 0; i < s->count; i++)
			sum += f->count[k * f->places + s->place[i]];
	return sum / (double)f->paths;
}

static void put_row(struct num_rows *r, struct arena *a, const struct words *w, const struct hawkes_paths *f,
	struct str name, const struct some *s)
{
	static const struct {
		const char *name;
		double q;
	} column[] = {
		{"low_50",   0.25},
                { "high_50", 0.75},
                { "low_90",  0.05},
                { "high_90", 0.95}
	};
	num_rows_text(r, "of", name);
	num_rows_int(r, "places", (int64_t)s->count);
	num_rows_real(r, "expected", mean_of(f, s));
	for (size_t k = 0; k < COUNT(column); k++)
		num_rows_int(r, column[k].name, hawkes_paths_quantile(f, a, s->place, s->count, column[k].q));
	num_rows_int(r, "least", w->least);
	num_rows_real(r, "probability", hawkes_paths_share(f, s->place, s->count, (uint32_t)w->least));
	num_rows_text(r, "from", str_of(num_town_day(a, w->from)));
	num_rows_int(r, "days", w->horizon_d);
	num_rows_next(r);
}

static void put_statements(struct ctx *c, const struct words *w, const struct num_town *t, const struct hawkes_area *h,
	const struct some *of, struct num_rows *r)
{
	const struct places *p = t->places;
	num_progress("drawing", -1);
	const struct hawkes_paths *f = hawkes_simulate(
		h, c->mem, (unsigned)w->horizon_d, (size_t)w->paths, (uint64_t)w->seed, false);
	struct some all = { arena_array(c->mem, uint32_t, p->count), p->count };
	for (uint32_t i = 0; i < p->count; i++)
		all.place[i] = i;
	put_row(r, c->mem, w, f, S("all places"), &all);
	for (uint32_t node = (uint32_t)p->count; node < p->nodes; node++) {
		struct some group = below(c->mem, p, node);
		put_row(r, c->mem, w, f, p->name[node], &group);
	}
	if (of->count > 0)
		put_row(r, c->mem, w, f, str_of(w->of), of);
}

static void put_catalogue(
	struct ctx *c, const struct words *w, const struct num_town *t, const struct hawkes_area *h, struct num_rows *r)
{
	const struct events *e = hawkes_catalogue(h, c->mem, NULL, (int32_t)w->horizon_d, (uint64_t)w->seed);
	for (size_t i = 0; i < e->count; i++) {
		const struct event *v = &e->event[i];
		const char *day = num_town_day(c->mem, v->day);
		num_rows_text(r, "place", t->places->name[v->place]);
		num_rows_text(r, "time",
			v->second < 0 ? str_of(day)
				      : arena_printf(c->mem, "%sT%02d:%02d", day, (int)(v->second / 3600),
						(int)(v->second / 60 % 60)));
		num_rows_next(r);
	}
	num_note("%zu events", e->count);
}

static enum err run(struct ctx *c, void *words, struct buf *out)
{
	struct words *w = words;
	struct num_town t;
	struct num_model m;
	struct num_rows r;
	struct some of = { 0 };
	TRY(num_town_read(c, &w->town, &t));
	if (w->of)
		TRY(find_named(c, t.places, w->of, &of));
	TRY(num_town_ahead(c, &t, w->from, w->until, &w->from));
	TRY(num_town_model(c, &t, w->from, WEEK_D, WEEK_D, &m));
	num_rows_begin(&r, c->mem, out, w->json);
	if (w->catalogue)
		put_catalogue(c, w, &t, m.model, &r);
	else
		put_statements(c, w, &t, m.model, &of, &r);
	num_rows_end(&r);
	return OK;
}

int num_simulate_command(int argc, char **argv)
{
	static const struct arg options[] = {
		NUM_TOWN_OPTIONS(struct words, true),
		NUM_TOWN_AHEAD(struct words, "the first day drawn"),
		ARG(struct words, horizon_d, ARG_SPAN, "horizon", "how many days", .min = 1, .max = SPAN_MAX_D,
			.preset = "7d"),
		ARG(struct words, of, ARG_WORD, "of", "these places together", .min = 1, .value = "PLACE[,PLACE…]"),
		ARG(struct words, least, ARG_INT, "least",
			"the column probability is that of so many incidents or more", .min = 1, .max = INT32_MAX,
			.preset = "1"),
		ARG(struct words, paths, ARG_INT, "paths", "futures", .min = 1, .max = PATHS_MAX, .preset = "1000"),
		ARG(struct words, catalogue, ARG_SWITCH, "catalogue", "one future as events, place,time, instead"),
		ARG(struct words, seed, ARG_INT, "seed", "of all draws", .min = 0, .max = INT32_MAX, .preset = "1"),
		ARG(struct words, json, ARG_SWITCH, "json", "an array of objects instead of CSV"),
	};
	static const struct args args = { .name = "adem num simulate",
		.about = "Draws futures of the model that was fitted on what happened before --from, and says what "
			 "they have in common: a row for the town, for each group of places that the places file "
			 "knows, and for --of.",
		.arg = options,
		.count = COUNT(options) };
	struct words w = { 0 };
	return num_run(&args, &w, run, argc, argv);
}
