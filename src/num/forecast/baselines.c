#include "num/forecast/baselines.h"
#include "num/forecast/shares.h"
#include <math.h>

enum { WEEK_D = 7, LEVEL_D = 8 * WEEK_D };
#define SHARE_HALF_LIFE_D 1461.0
#define LEVEL_HALF_LIFE_D 91.0
#define NEVER_CERTAIN     0.01

const char *const baseline_names[BASELINES] = { "constant", "last_window", "mean_13w", "mean_26w", "mean_52w",
	"mean_104w", "mean_all", "share_level", "share_level_calendar" };

/* Incidents of each place between two days that only move forward. */
struct sliding {
	const struct events *events;
	size_t begin, end; /* events counted */
	double *count, all;
};

static struct sliding sliding_new(struct arena *a, const struct baseline_data *d)
{
	size_t at = events_from(d->events, d->from);
	return (struct sliding){ d->events, at, at, arena_array(a, double, d->places->count), 0 };
}

static void sliding_move(struct sliding *s, int32_t from, int32_t until)
{
	const struct event *e = s->events->event;
	for (; s->end < s->events->count && e[s->end].day < until; s->end++)
		if (e[s->end].kind == 0) {
			s->count[e[s->end].place] += 1;
			s->all += 1;
		}
	for (; s->begin < s->end && e[s->begin].day < from; s->begin++)
		if (e[s->begin].kind == 0) {
			s->count[e[s->begin].place] -= 1;
			s->all -= 1;
		}
}

static void fixed(
	struct arena *mem, const struct baseline_data *d, const struct windows *v, enum baseline which, double *mean)
{
	size_t places = d->places->count;
	struct sliding s = sliding_new(mem, d);
	sliding_move(&s, d->from, d->cut);
	double per_day = v->horizon_d / (double)(d->cut - d->from);
	for (size_t i = 0; i < v->count * places; i++)
		mean[i] = which == BASELINE_CONSTANT ? s.all / (double)places * per_day
						     : fmax(s.count[i % places], BASELINE_NEARLY_NONE) * per_day;
}

/* The mean of the DAYS before each origin plus MORE incidents. */
static void moving(struct arena *mem, const struct baseline_data *d, const struct windows *v, int32_t days, double more,
	double *mean)
{
	size_t places = d->places->count;
	struct sliding s = sliding_new(mem, d);
	for (size_t w = 0; w < v->count; w++) {
		int32_t origin = windows_origin(v, w), from = origin - days > d->from ? origin - days : d->from;
		sliding_move(&s, from, origin);
		for (size_t i = 0; i < places; i++)
			mean[w * places + i] = (s.count[i] + more) * v->horizon_d / (double)(origin - from);
	}
}

static void share_level(struct arena *mem, const struct baseline_data *d, const struct windows *v, double *mean)
{
	size_t places = d->places->count;
	struct sliding past = sliding_new(mem, d), recent = sliding_new(mem, d);
	for (size_t w = 0; w < v->count; w++) {
		int32_t origin = windows_origin(v, w), from = origin - LEVEL_D > d->from ? origin - LEVEL_D : d->from;
		sliding_move(&past, d->from, origin);
		sliding_move(&recent, from, origin);
		double level = fmax(recent.all, BASELINE_NEARLY_NONE) * v->horizon_d / (double)(origin - from);
		double all = past.all + BASELINE_NEARLY_NONE * (double)places;
		for (size_t i = 0; i < places; i++)
			mean[w * places + i] = (past.count[i] + BASELINE_NEARLY_NONE) / all * level;
	}
}

/* The town's incidents a day of an average calendar: those counted and the days that made them, both fading. */
struct level {
	double incidents, days;
	int32_t day; /* as of the beginning of it */
};

static void level_move(struct level *l, int32_t day)
{
	double fade = exp2(-1 / LEVEL_HALF_LIFE_D);
	for (; l->day < day; l->day++) {
		l->incidents *= fade;
		l->days = l->days * fade + 1;
	}
}

/* What (d) knows of the past, each incident divided by the calendar's factor of its slot. */
struct norm {
	const struct calendar *calendar;
	struct shares *shares;
	struct level level;
	size_t at; /* the next event */
};

/* Counts what happened before DAY. */
static void norm_move(struct norm *n, const struct baseline_data *d, int32_t day)
{
	for (; n->at < d->events->count && d->events->event[n->at].day < day; n->at++) {
		const struct event *e = &d->events->event[n->at];
		if (e->kind != 0)
			continue;
		double weight = 1 / calendar_factor(n->calendar, e->day, calendar_slot(d->calendar, e));
		level_move(&n->level, e->day);
		n->level.incidents += weight;
		shares_add(n->shares, e->place, e->day, weight);
	}
	level_move(&n->level, day);
}

static void share_level_calendar(
	struct arena *mem, const struct baseline_data *d, const struct windows *v, double *mean)
{
	size_t places = d->places->count, slots = d->calendar->slots * v->horizon_d;
	struct norm n = { .calendar = calendar_fit(mem, d->events, d->from, d->cut, d->calendar),
		.shares = shares_make(mem, d->places, SHARE_HALF_LIFE_D),
		.level = { .day = d->from },
		.at = events_from(d->events, d->from) };
	double *share = arena_array(mem, double, places), *factor = arena_array(mem, double, slots);
	norm_move(&n, d, d->cut);
	shares_fit_kappa(n.shares, d->cut);
	for (size_t w = 0; w < v->count; w++) {
		int32_t origin = windows_origin(v, w);
		double days = 0;
		norm_move(&n, d, origin);
		shares_all(n.shares, origin, share);
		calendar_factors(n.calendar, origin, v->horizon_d, factor);
		for (size_t t = 0; t < slots; t++)
			days += factor[t] / d->calendar->slots;
		for (size_t i = 0; i < places; i++)
			mean[w * places + i] = share[i] * n.level.incidents / n.level.days * days;
	}
}

void baseline_roll(
	struct arena *mem, const struct baseline_data *d, const struct windows *v, enum baseline which, double *mean)
{
	static const int32_t weeks[BASELINES] = {
		[BASELINE_MEAN_13W] = 13, [BASELINE_MEAN_26W] = 26, [BASELINE_MEAN_52W] = 52, [BASELINE_MEAN_104W] = 104
	};
	assert(which < BASELINES && d->from < d->cut && d->cut <= v->first);
	switch (which) {
	case BASELINE_CONSTANT:
	case BASELINE_MEAN_ALL: fixed(mem, d, v, which, mean); return;
	case BASELINE_LAST_WINDOW: moving(mem, d, v, (int32_t)v->horizon_d, NEVER_CERTAIN, mean); return;
	case BASELINE_MEAN_13W:
	case BASELINE_MEAN_26W:
	case BASELINE_MEAN_52W:
	case BASELINE_MEAN_104W: moving(mem, d, v, weeks[which] * WEEK_D, BASELINE_NEARLY_NONE, mean); return;
	case BASELINE_SHARE_LEVEL: share_level(mem, d, v, mean); return;
	case BASELINE_SHARE_LEVEL_CALENDAR: share_level_calendar(mem, d, v, mean); return;
	case BASELINES: break;
	}
}
