#include "num/data/events.h"
#include "num/data/table.h"

struct columns {
	size_t time, place, kind, x, y;
};

static enum err find_columns(struct ctx *c, const struct csv *r, const struct events_columns *k, struct columns *out)
{
	*out = (struct columns){ SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX };
	TRY(table_column(c, r, "time", &out->time));
	if (k->places)
		TRY(table_column(c, r, k->place ? k->place : "place", &out->place));
	if (k->coordinates) {
		TRY(table_column(c, r, "x_m", &out->x));
		TRY(table_column(c, r, "y_m", &out->y));
	}
	out->kind = csv_column(r, "kind");
	return OK;
}

/* Kinds in the order they appear; numbered by name at the end. */
static enum err read_kind(struct ctx *c, const struct csv *r, size_t column, struct events *e, uint32_t *out)
{
	struct str name = table_field(r, column);
	*out = 0;
	if (name.n == 0)
		return OK;
	for (uint32_t k = 0; k < e->kinds; k++)
		if (str_eq(e->kind[k], name)) {
			*out = k;
			return OK;
		}
	if (e->kinds == EVENTS_KINDS_MAX)
		return FAIL(c, ERR_LIMIT, "line %zu: more than %d kinds", r->line, EVENTS_KINDS_MAX);
	*out = (uint32_t)e->kinds;
	e->kind[e->kinds++] = name;
	return OK;
}

static bool read_metres(struct str s, double *out)
{
	double value;
	if (!str_to_f64(s, &value) || value < -EVENTS_METRES_MAX || value > EVENTS_METRES_MAX)
		return false;
	*out = value + 0.0; /* -0 is 0 */
	return true;
}

static enum err read_row(struct ctx *c, const struct csv *r, const struct events_columns *k, const struct columns *at,
	struct events *e, struct event *out)
{
	*out = (struct event){ .place = PLACES_NONE };
	struct str time = table_field(r, at->time);
	if (!day_read_time(time, &out->day, &out->second))
		return FAIL(c, ERR_INPUT, "line %zu: no local time such as 2017-01-31T23:05: %.*s", r->line,
			STR_ARG(table_shown(time)));
	if (k->places)
		TRY(table_place(c, r, k->places, at->place, &out->place));
	if (k->coordinates &&
		(!read_metres(table_field(r, at->x), &out->x_m) || !read_metres(table_field(r, at->y), &out->y_m)))
		return FAIL(c, ERR_INPUT, "line %zu: x_m and y_m must be metres", r->line);
	return read_kind(c, r, at->kind, e, &out->kind);
}

/* Kinds ascending by name, whatever the order of the rows. */
static void number_kinds(struct events *e)
{
	uint32_t number[EVENTS_KINDS_MAX] = { 0 };
	struct str named[EVENTS_KINDS_MAX] = { e->kind[0] };
	for (size_t k = 1; k < e->kinds; k++) {
		number[k] = 1;
		for (size_t other = 1; other < e->kinds; other++)
			number[k] += str_cmp(e->kind[other], e->kind[k]) < 0;
		named[number[k]] = e->kind[k];
	}
	memcpy(e->kind, named, sizeof named);
	for (size_t i = 0; i < e->count; i++)
		e->event[i].kind = number[e->event[i].kind];
}

static int compare_doubles(double a, double b)
{
	return (a > b) - (a < b);
}

static int in_order(const void *x, const void *y)
{
	const struct event *a = x, *b = y;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->second != b->second)
		return a->second < b->second ? -1 : 1;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	int order = compare_doubles(a->x_m, b->x_m);
	return order ? order : compare_doubles(a->y_m, b->y_m);
}

static void sort_events(struct events *e)
{
	bool sorted = true;
	for (size_t i = 1; i < e->count; i++) {
		const struct event *a = &e->event[i - 1], *b = &e->event[i];
		e->late |= a->day > b->day || (a->day == b->day && a->second > b->second);
		sorted &= in_order(a, b) <= 0;
	}
	/* What compares as equal is equal, so any sort gives the same bytes. */
	if (!sorted)
		qsort(e->event, e->count, sizeof *e->event, in_order);
}

enum err events_read(struct ctx *c, struct str text, struct events_columns k, struct events **out)
{
	struct csv *r;
	struct columns at;
	size_t cap = 0;
	bool more;
	struct events *e = arena_new_of(c->mem, struct events);
	e->kind[0] = S("incident");
	e->kinds = 1;
	TRY(table_open(c, text, &r));
	TRY(find_columns(c, r, &k, &at));
	for (;;) {
		TRY(table_next(c, r, &more));
		if (!more)
			break;
		if (e->count == EVENTS_MAX)
			return FAIL(c, ERR_LIMIT, "more than %d events", EVENTS_MAX);
		e->event = arena_grow(c->mem, e->event, e->count, &cap, e->count + 1, sizeof *e->event);
		TRY(read_row(c, r, &k, &at, e, &e->event[e->count]));
		e->count++;
	}
	if (e->count == 0)
		return FAIL(c, ERR_INPUT, "line %zu: there is no event", r->line);
	number_kinds(e);
	sort_events(e);
	*out = e;
	return OK;
}

struct events *events_make(struct arena *a, struct event *event, size_t count)
{
	struct events *e = arena_new_of(a, struct events);
	*e = (struct events){ .count = count, .event = event, .kinds = 1, .kind = { S("incident") } };
	for (size_t i = 0; i < count; i++) {
		assert(event[i].kind < EVENTS_KINDS_MAX && event[i].day >= DAY_MIN && event[i].day <= DAY_MAX);
		for (; e->kinds <= event[i].kind; e->kinds++)
			e->kind[e->kinds] = arena_printf(a, "%zu", e->kinds);
	}
	sort_events(e);
	return e;
}

size_t events_from(const struct events *e, int32_t day)
{
	size_t low = 0, high = e->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (e->event[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct events *events_keep(struct arena *a, const struct events *e, const uint32_t *number)
{
	struct events *out = arena_new_of(a, struct events);
	*out = *e;
	out->event = arena_array(a, struct event, e->count);
	out->count = 0;
	for (size_t i = 0; i < e->count; i++) {
		if (number[e->event[i].place] == PLACES_NONE)
			continue;
		out->event[out->count] = e->event[i];
		out->event[out->count++].place = number[e->event[i].place];
	}
	/* Places that stay keep their order, and so do events. */
	return out;
}

struct windows windows_between(int32_t first, int32_t end, unsigned horizon_d, unsigned step_d)
{
	assert(horizon_d > 0 && step_d > 0);
	int64_t room = (int64_t)end - first - horizon_d;
	return (struct windows){ first, horizon_d, step_d, room < 0 ? 0 : (size_t)(room / step_d) + 1 };
}

int32_t windows_origin(const struct windows *v, size_t w)
{
	assert(w < v->count);
	return v->first + (int32_t)(w * v->step_d);
}

void windows_observed(const struct windows *v, const struct events *e, size_t places, uint32_t *out)
{
	memset(out, 0, v->count * places * sizeof *out);
	for (size_t w = 0; w < v->count; w++) {
		int32_t origin = windows_origin(v, w), end = origin + (int32_t)v->horizon_d;
		for (size_t i = events_from(e, origin); i < e->count && e->event[i].day < end; i++)
			if (e->event[i].kind == 0)
				out[w * places + e->event[i].place]++;
	}
}
