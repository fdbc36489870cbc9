#include "cli/num/num_town.h"
#include <math.h>

/* A silence longer than any before, and which the busy days of the last year make less likely than this, is none. */
#define SILENCE_CHANCE 0.01
enum { SILENCE_YEAR_D = 365 };

static enum err read_places(struct ctx *c, const struct num_town_words *w, struct str events, struct num_town *t)
{
	struct str text;
	if (!w->places)
		return num_of_file(c, w->events, places_gather(c, events, w->place_column, &t->places));
	TRY(num_read(c, w->places, &text));
	struct places_columns k = { w->place_column, w->parent_column, w->population_column };
	return num_of_file(c, w->places, places_read(c, text, k, &t->places));
}

static enum err read_edges(struct ctx *c, const char *path, const struct num_town_words *w, const struct places *p,
	struct place_edges **out)
{
	struct str text;
	*out = NULL;
	if (!path)
		return OK;
	TRY(num_read(c, path, &text));
	return num_of_file(c, path, places_read_edges(c, text, p, w->place_column, out));
}

enum err num_town_calendar(struct ctx *c, const struct num_town_words *w, struct calendar_options *out)
{
	struct str text;
	struct day_values *own;
	*out = calendar_options_default();
	if (w->indonesia)
		out->days = CALENDAR_INDONESIA;
	if (!w->calendar)
		return OK;
	TRY(num_read(c, w->calendar, &text));
	TRY(num_of_file(c, w->calendar, day_values_read(c, text, &own)));
	out->own = own;
	return OK;
}

enum err num_town_read(struct ctx *c, const struct num_town_words *w, struct num_town *t)
{
	struct str events;
	*t = (struct num_town){ 0 };
	num_progress("reading", -1);
	TRY(num_read(c, w->events, &events));
	TRY(read_places(c, w, events, t));
	struct events_columns k = { .place = w->place_column, .places = t->places };
	TRY(num_of_file(c, w->events, events_read(c, events, k, &t->events)));
	TRY(read_edges(c, w->neighbors, w, t->places, &t->neighbors));
	TRY(read_edges(c, w->rivals, w, t->places, &t->rivals));
	TRY(num_town_calendar(c, w, &t->calendar));
	if (t->events->late)
		num_note("the events were not in order of time and have been sorted");
	t->begin = t->events->event[0].day;
	t->end = t->events->event[t->events->count - 1].day + 1;
	return OK;
}

/* Days without an event between two events: the most there were. */
static int32_t longest_silence(const struct events *e)
{
	int32_t most = 0;
	for (size_t i = 1; i < e->count; i++)
		if (e->event[i].day - e->event[i - 1].day - 1 > most)
			most = e->event[i].day - e->event[i - 1].day - 1;
	return most;
}

/* The chance that so many DAYS after the last event have none, from the days that had some in the year before it: bursts count
 * once. The rate is not known exactly, it has a gamma distribution. */
static double chance_of_silence(const struct num_town *t, int32_t days)
{
	int32_t begin = t->end - SILENCE_YEAR_D > t->begin ? t->end - SILENCE_YEAR_D : t->begin, last = begin - 1;
	double busy = 0, span = t->end - begin;
	for (size_t i = events_from(t->events, begin); i < t->events->count; i++) {
		busy += t->events->event[i].day > last;
		last = t->events->event[i].day;
	}
	return exp((busy + 0.5) * log(span / (span + days)));
}

enum err num_town_ahead(struct ctx *c, struct num_town *t, int32_t from, int32_t until, int32_t *first)
{
	int32_t last = t->end - 1;
	if (until != ARGS_DAY_NONE)
		t->end = until + 1;
	*first = from == ARGS_DAY_NONE ? t->end : from;
	int32_t silent = *first - t->end, longest = longest_silence(t->events);
	if (silent <= 0)
		return OK;
	const char *day = num_town_day(c->mem, *first);
	if (until != ARGS_DAY_NONE)
		return FAIL(c, ERR_INPUT,
			"--from %s is more than a day after --until %s: the days between are not known", day,
			num_town_day(c->mem, until));
	if (silent > longest && chance_of_silence(t, silent) < SILENCE_CHANCE)
		return FAIL(c, ERR_INPUT,
			"the last event is of %s, and %d days without one until %s are too many for chance (%d were "
			"the most): if nothing happened say --until %s, else forecast from where the data end",
			num_town_day(c->mem, last), (int)silent, day, (int)longest, num_town_day(c->mem, *first - 1));
	return OK;
}

struct num_town num_town_known(struct arena *a, const struct num_town *t, int32_t cut)
{
	struct num_town out = *t;
	bool *keep = arena_array(a, bool, t->places->count);
	uint32_t *number = arena_array(a, uint32_t, t->places->nodes);
	for (size_t i = 0; i < events_from(t->events, cut); i++)
		keep[t->events->event[i].place] |= t->events->event[i].kind == 0;
	out.places = places_keep(a, t->places, keep, number);
	out.events = events_keep(a, t->events, number);
	if (t->neighbors)
		out.neighbors = place_edges_keep(a, t->neighbors, number, out.places->count);
	if (t->rivals)
		out.rivals = place_edges_keep(a, t->rivals, number, out.places->count);
	return out;
}

struct hawkes_area_data num_town_data(const struct num_town *t)
{
	return (struct hawkes_area_data){ t->places, t->neighbors, t->rivals, t->events };
}

enum err num_town_model(struct ctx *c, const struct num_town *t, int32_t until, unsigned horizon_d, unsigned step_d,
	struct num_model *out)
{
	struct hawkes_area_data d = num_town_data(t);
	struct hawkes_choice k;
	if (t->begin >= until)
		return FAIL(c, ERR_INPUT, "no event is before %s", num_town_day(c->mem, until));
	num_progress("choosing", -1);
	TRY(hawkes_area_choose(c, &d, &t->calendar, t->begin, until, horizon_d, step_d, &k));
	if (k.young)
		num_note("season unknown: a log takes three years to tell it; months and neighbours are left out too");
	num_progress("fitting", -1);
	TRY(hawkes_area_fit(c, &d, &k.options, t->begin, until, NULL, &out->model));
	out->size = out->model->size = k.size;
	out->chosen = arena_printf(c->mem,
		"%s; %s; size %.3g; by the log score of forecasts from %s to %s, %zu tried, %.5f to %.5f", k.name,
		k.calendar, k.size, num_town_day(c->mem, k.trial), num_town_day(c->mem, until - 1), k.tried,
		k.log_score, k.worst)
			      .p;
	num_note("chosen: %s", out->chosen);
	return OK;
}

void num_town_catch_up(struct hawkes_area *h, const struct num_town *t, int32_t from, int32_t until)
{
	size_t i = events_from(t->events, from);
	for (int32_t day = from; day < until; day++) {
		for (; i < t->events->count && t->events->event[i].day <= day; i++)
			hawkes_area_add(h, &t->events->event[i]);
		hawkes_area_advance(h, day + 1);
	}
}

const char *num_town_day(struct arena *a, int32_t day)
{
	char *text = arena_alloc(a, 11, 1);
	day_write(day, text);
	return text;
}
