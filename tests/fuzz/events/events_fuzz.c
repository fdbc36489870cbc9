/* Events and named days from any bytes: an answer in order, or a reason. */
#include "num/data/events.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_events(const struct events *e, size_t places)
{
	assert(e->count > 0 && e->kinds >= 1 && e->kinds <= EVENTS_KINDS_MAX);
	for (size_t i = 0; i < e->count; i++) {
		const struct event *v = &e->event[i];
		assert(v->day >= DAY_MIN && v->day <= DAY_MAX && v->second >= -1 && v->second < DAY_SECONDS);
		assert(v->kind < e->kinds && (v->place == PLACES_NONE || v->place < places));
		assert(v->x_m <= EVENTS_METRES_MAX && v->x_m >= -EVENTS_METRES_MAX);
		assert(i == 0 || e->event[i - 1].day <= v->day);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ctx c = { .mem = arena_new(1 << 16) };
	struct str text = { (const char *)data, n };
	const struct places *p = places_numbered(c.mem, 12);
	struct events *e;
	struct day_values *v;
	if (events_read(&c, text, (struct events_columns){ .places = p }, &e) == OK)
		check_events(e, p->count);
	if (events_read(&c, text, (struct events_columns){ .coordinates = true }, &e) == OK)
		check_events(e, p->count);
	if (day_values_read(&c, text, &v) == OK)
		for (size_t i = 0; i < v->count; i++)
			assert(v->name[i] < v->names && (i == 0 || v->day[i - 1] <= v->day[i]));
	arena_free(c.mem);
	return 0;
}
