#include "num/forecast/hawkes_area.h"
#include <math.h>

enum { YEARS = 3, SIZE_WEEKS = 52, WEEK = 7, CANDIDATE_SPAN_MIN = 3 * 28, HALF_LIVES = 5 };
enum { YOUNG_MEMORIES = 2, YOUNG_LEVEL_EVENTS = 5 };

#define SHARE_HALF_LIFE_D 1461.0
#define RIDGE_STRONG      100.0

/* A young log chooses between the first YOUNG_MEMORIES, others among all but the first. */
static const struct memories {
	const char *name;
	size_t scales;
	double tau_d[HAWKES_SCALES_MAX];
	bool places, town; /* the own memories and those of neighbours and rivals; those of the town */
	double share_half_life_d;
} memories[] = {
	{"shares",                   1, { 14 },                             false, false, SHARE_HALF_LIFE_D},
	{ "shares and days",         2, { 3, 14 },                          true,  false, SHARE_HALF_LIFE_D},
	{ "shares, days and months", 3, { 3, 14, 60 },                      true,  false, SHARE_HALF_LIFE_D},
	{ "shares, days to years",   6, { 3, 14, 60, 365, 1460, INFINITY }, true,  true,  SHARE_HALF_LIFE_D},
	{ "days to years",           6, { 3, 14, 60, 365, 1460, INFINITY }, true,  true,  0                },
};
/* The usual one, then longer and shorter ones: the farther is tried where the nearer was best so far. */
struct half_lives {
	double usual, longer[2], shorter[2];
};
static const struct half_lives share_half_lives_d = {
	SHARE_HALF_LIFE_D, {2 * SHARE_HALF_LIFE_D,  4 * SHARE_HALF_LIFE_D},
	{ SHARE_HALF_LIFE_D / 2, SHARE_HALF_LIFE_D / 8}
};
static const struct half_lives level_half_lives_d = {
	13 * WEEK, {26 * WEEK, 52 * WEEK},
           { 8 * WEEK, 4 * WEEK }
};
/* Without a season the level has to follow it, about as fast as the mean of eight weeks does. */
static const struct half_lives young_half_lives_d = {
	4 * WEEK, {8 * WEEK,  13 * WEEK},
           { 2 * WEEK, WEEK     }
};

/* What of the calendar is believed: what it takes more than one year to know only where there are two cycles to fit. */
static const struct calendars {
	const char *name;
	bool season;
	double ridge; /* times that of the options */
} calendars[] = {
	{"season and weekday", true,  1           },
        { "weekday",           false, 1           },
        { "faint weekday",     false, RIDGE_STRONG}
};

struct candidate {
	struct hawkes_area_options options;
	const char *name, *calendar;
	double size, score;
	double *by_window; /* log score of each; NULL: not tried yet */
};

struct trial {
	struct ctx *c;
	const struct hawkes_area_data *d;
	int32_t from, until;
	unsigned horizon_d, step_d;
	size_t windows;
	bool young; /* less than two years before the trial */
	struct hawkes_choice *choice;
};

/* Fits what was before the trial and rolls over the trial, in the memory of the context. */
static enum err roll(struct trial *t, struct candidate *k)
{
	struct hawkes_area *h;
	int32_t trial = t->choice->trial;
	TRY(hawkes_area_fit(t->c, t->d, &k->options, t->from, trial, NULL, &h));
	struct hawkes_windows *w = hawkes_area_roll(t->c->mem, h, t->d, trial, t->until, t->horizon_d, t->step_d);
	size_t tail = SIZE_WEEKS * WEEK / t->step_d, skip = tail < w->count ? (w->count - tail) * w->places : 0;
	k->size = hawkes_size_fit(w->mean + skip, w->observed + skip, w->count * w->places - skip);
	for (size_t i = 0; i < t->windows; i++) {
		k->by_window[i] = hawkes_log_score(
			w->mean + i * w->places, w->observed + i * w->places, w->places, k->size);
		k->score += k->by_window[i] / (double)t->windows;
	}
	return OK;
}

static enum err try_one(struct trial *t, struct candidate *k)
{
	struct arena *mem = t->c->mem;
	k->by_window = arena_array(mem, double, t->windows);
	t->c->mem = arena_new(1 << 16);
	enum err e = roll(t, k);
	if (e != OK)
		t->c->err.why = arena_str(mem, t->c->err.why);
	arena_free(t->c->mem);
	t->c->mem = mem;
	t->choice->worst = t->choice->tried++ ? fmax(t->choice->worst, k->score) : k->score;
	return e;
}

/* A's score is within one standard error of B's, which is the best. */
static bool as_good(const struct trial *t, const struct candidate *a, const struct candidate *b)
{
	double mean = a->score - b->score, squares = 0;
	for (size_t i = 0; i < t->windows; i++) {
		double off = a->by_window[i] - b->by_window[i] - mean;
		squares += off * off;
	}
	return mean * mean * (double)t->windows * (double)(t->windows - 1) <= squares;
}

/* The first of COUNT candidates, in the order they are preferred, that is as good as the best; those that were not tried are no
 * candidates. */
static void prefer(const struct trial *t, const struct candidate *k, size_t count, struct candidate *out)
{
	const struct candidate *best = NULL;
	for (size_t i = 0; i < count; i++)
		if (k[i].by_window && (!best || k[i].score < best->score))
			best = &k[i];
	for (size_t i = 0; i < count; i++)
		if (&k[i] == best || (k[i].by_window && as_good(t, &k[i], best))) {
			*out = k[i];
			break;
		}
}

static enum err choose_memories(struct trial *t, const struct hawkes_area_options *o, struct candidate *out)
{
	struct candidate k[COUNT(memories)] = { 0 };
	size_t first = t->young ? 0 : 1, end = t->young ? YOUNG_MEMORIES : COUNT(memories);
	for (size_t i = first; i < end; i++) {
		const struct memories *m = &memories[i];
		k[i] = (struct candidate){ .options = *o, .name = m->name };
		k[i].options.scales = m->scales;
		memcpy(k[i].options.tau_d, m->tau_d, sizeof m->tau_d);
		k[i].options.own = k[i].options.neighbors = m->places;
		k[i].options.rivals = m->places && t->d->rivals;
		k[i].options.town = m->town;
		k[i].options.share_half_life_d = m->share_half_life_d;
		TRY(try_one(t, &k[i]));
	}
	prefer(t, k, COUNT(k), out);
	return OK;
}

/* The candidate OUT with another half-life in the field AT of the options. */
static enum err try_half_life(
	struct trial *t, const struct candidate *out, double half_life_d, size_t at, struct candidate *k)
{
	*k = *out;
	memcpy((char *)&k->options + at, &half_life_d, sizeof half_life_d);
	k->by_window = NULL;
	k->score = 0;
	return try_one(t, k);
}

/* Half-lives of the field AT of the options, which has the usual one. */
static enum err choose_half_life(struct trial *t, const struct half_lives *h, size_t at, struct candidate *out)
{
	struct candidate k[HALF_LIVES] = { *out };
	TRY(try_half_life(t, out, h->longer[0], at, &k[1]));
	TRY(try_half_life(t, out, h->shorter[0], at, &k[3]));
	if (k[1].score < k[0].score && k[1].score < k[3].score)
		TRY(try_half_life(t, out, h->longer[1], at, &k[2]));
	if (k[3].score < k[0].score && k[3].score < k[1].score)
		TRY(try_half_life(t, out, h->shorter[1], at, &k[4]));
	prefer(t, k, COUNT(k), out);
	return OK;
}

/* The calendar; OUT has the first that there may be. */
static enum err choose_calendar(struct trial *t, double ridge, struct candidate *out)
{
	struct candidate k[COUNT(calendars)] = { *out };
	size_t first = t->young ? 1 : 0, count = 1;
	for (size_t i = first + 1; i < COUNT(calendars); i++) {
		k[count] = *out;
		k[count].options.calendar.season = calendars[i].season;
		k[count].options.calendar.ridge = ridge * calendars[i].ridge;
		k[count].calendar = calendars[i].name;
		k[count].by_window = NULL;
		k[count].score = 0;
		TRY(try_one(t, &k[count++]));
	}
	prefer(t, k, count, out);
	return OK;
}

enum err hawkes_area_choose(struct ctx *c, const struct hawkes_area_data *d, const struct calendar_options *calendar,
	int32_t from, int32_t until, unsigned horizon_d, unsigned step_d, struct hawkes_choice *out)
{
	int32_t years = (int32_t)(YEARS * 365.25), third = (until - from) / 3;
	*out = (struct hawkes_choice){ .trial = until - (third < years ? third : years) };
	struct trial t = { .c = c,
		.d = d,
		.from = from,
		.until = until,
		.horizon_d = horizon_d,
		.step_d = step_d,
		.young = out->trial - from < CALENDAR_SEASON_D,
		.choice = out };
	const struct half_lives *level = t.young ? &young_half_lives_d : &level_half_lives_d;
	if (until - from < CANDIDATE_SPAN_MIN || until - out->trial < (int32_t)horizon_d)
		return FAIL(c, ERR_INPUT, "%d days are too few to choose by", (int)(until - from));
	t.windows = (size_t)(until - out->trial - (int32_t)horizon_d) / step_d + 1;
	struct hawkes_area_options o = hawkes_area_options_default();
	struct candidate k;
	o.calendar = *calendar;
	out->young = t.young;
	o.calendar.season = !t.young;
	o.level_half_life_d = level->usual;
	if (t.young)
		o.level_events = YOUNG_LEVEL_EVENTS;
	TRY(choose_memories(&t, &o, &k));
	k.calendar = calendars[t.young ? 1 : 0].name;
	if (k.options.share_half_life_d > 0 && !t.young)
		TRY(choose_half_life(
			&t, &share_half_lives_d, offsetof(struct hawkes_area_options, share_half_life_d), &k));
	TRY(choose_half_life(&t, level, offsetof(struct hawkes_area_options, level_half_life_d), &k));
	TRY(choose_calendar(&t, calendar->ridge, &k));
	out->options = k.options;
	out->size = k.size;
	out->log_score = k.score;
	out->name = k.name;
	out->calendar = k.calendar;
	return OK;
}
