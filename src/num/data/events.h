/* events.h - what happened where and when, from CSV: incidents, and reports that may herald them. Nothing here can hold a person.
 *
 * Rows come in any order and are sorted: by day, second, place, kind, x, y. Rows that are equal in all of these are equal. So the
 * order of a file changes no answer. Kind 0 is the incident that is forecast: a row without a kind, or with "incident". Further
 * kinds (a challenge posted, a convoy) are numbered 1 and on, ascending by name.
 *
 * Everything lives in the arena of the context. */
#ifndef ADEM_NUM_EVENTS_H
#define ADEM_NUM_EVENTS_H
#include "num/data/day.h"
#include "num/data/places.h"

enum { EVENTS_MAX = 1 << 25, EVENTS_KINDS_MAX = 16, EVENTS_METRES_MAX = 100000000 };

struct event {
	int32_t day, second; /* day.h; second -1: only the day is known */
	uint32_t place;      /* PLACES_NONE where places are not read */
	uint32_t kind;
	double x_m, y_m; /* 0 where coordinates are not read */
};

struct events {
	size_t count;
	struct event *event;               /* [count] */
	bool late;                         /* some row came after a later one and was sorted in */
	size_t kinds;                      /* 1 + those below */
	struct str kind[EVENTS_KINDS_MAX]; /* kind[0] is "incident" */
};

struct events_columns {
	const char *place;           /* column of the place; NULL: "place" */
	const struct places *places; /* what it may name; NULL: it is not read */
	bool coordinates;            /* read x_m and y_m */
};

/* Events from CSV with a header that names time, what K asks for, and perhaps kind. Fails with ERR_INPUT and the line: no
 * such column, an unknown place, a group instead of a place, a time that is none (ISO 8601, local, 1900 to 2199), a
 * coordinate that is no finite number within 100,000 km, no row at all; with ERR_LIMIT: more than EVENTS_MAX rows, or more
 * than EVENTS_KINDS_MAX kinds. */
MUST_CHECK enum err events_read(struct ctx *c, struct str text, struct events_columns k, struct events **out);
/* Events from memory: sorts EVENT[count] in place and wraps it; kinds are named "1", "2", … */
struct events *events_make(struct arena *a, struct event *event, size_t count);
/* The events of places that have a NUMBER (places_keep()), numbered so. */
struct events *events_keep(struct arena *a, const struct events *e, const uint32_t *number);
/* The first event on DAY or later; COUNT if none. */
size_t events_from(const struct events *e, int32_t day);

/* Named days from CSV date,name,value: holidays, exams, derbies. VALUE is 1 where the file has none. */
struct day_values {
	size_t count;
	int32_t *day;     /* [count], ascending; of one day ascending by name */
	uint32_t *name;   /* [count] */
	double *value;    /* [count] */
	size_t names;     /* ascending by bytes */
	struct str *text; /* [names] */
};
enum { DAY_VALUES_NAMES_MAX = 64 };

/* Fails with ERR_INPUT and the line: a date or value that is none, an empty name, a day that has the name twice, more names than
 * DAY_VALUES_NAMES_MAX. A file with only a header is fine. */
MUST_CHECK enum err day_values_read(struct ctx *c, struct str text, struct day_values **out);

/* The windows of time that forecasts are made for and scored in: COUNT windows of HORIZON_D days, the first from
 * day FIRST on, each STEP_D days after the one before. A forecast for a window knows what happened before its first day, its
 * origin, and nothing else. */
struct windows {
	int32_t first;
	unsigned horizon_d, step_d;
	size_t count;
};

/* As many windows as end by END, a day that is in none of them. HORIZON_D, STEP_D > 0. */
struct windows windows_between(int32_t first, int32_t end, unsigned horizon_d, unsigned step_d);
/* The first day of window W. */
int32_t windows_origin(const struct windows *v, size_t w);
/* Incidents (kind 0) of each place in each window, window by window, into OUT[count * places]. */
void windows_observed(const struct windows *v, const struct events *e, size_t places, uint32_t *out);
#endif
