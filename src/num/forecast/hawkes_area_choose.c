#include "num/forecast/hawkes_area.h"
#include <math.h>

enum { YEARS = 3, SIZE_WEEKS = 52, WEEK = 7, CANDIDATE_SPAN_MIN = 3 * 28 };

#define SHARE_HALF_LIFE_D 1461.0

static const struct memories {
	const char *name;
	size_t scales;
	double tau_d[HAWKES_SCALES_MAX];
	bool town;
	double share_half_life_d;
} memories[] = {
	{"shares and days",          2, { 3, 14 },                          false, SHARE_HALF_LIFE_D},
	{ "shares, days and months", 3, { 3, 14, 60 },                      false, SHARE_HALF_LIFE_D},
	{ "shares, days to years",   6, { 3, 14, 60, 365, 1460, INFINITY }, true,  SHARE_HALF_LIFE_D},
	{ "days to years",           6, { 3, 14, 60, 365, 1460, INFINITY }, true,  0                },
};
static const double share_half_lives_d[] = { SHARE_HALF_LIFE_D, SHARE_HALF_LIFE_D / 2, 2 * SHARE_HALF_LIFE_D };
static const double level_half_lives_d[] = { 13 * 7, 26 * 7, 52 * 7 };

struct candidate {
	struct hawkes_area_options options;
	const char *name;
	double size, score;
	double *by_window; /* log score of each; NULL: not tried yet */
};

struct trial {
	struct ctx *c;
	const struct hawkes_area_data *d;
	int32_t from, until;
	unsigned horizon_d, step_d;
	size_t windows;
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

/* The first of COUNT candidates, in the order they are preferred, that is as good as the best. */
static enum err prefer(struct trial *t, struct candidate *k, size_t count, struct candidate *out)
{
	const struct candidate *best = k;
	for (size_t i = 0; i < count; i++) {
		if (!k[i].by_window)
			TRY(try_one(t, &k[i]));
		if (k[i].score < best->score)
			best = &k[i];
	}
	for (size_t i = 0; i < count; i++)
		if (&k[i] == best || as_good(t, &k[i], best)) {
			*out = k[i];
			break;
		}
	return OK;
}

static enum err choose_memories(struct trial *t, const struct hawkes_area_options *o, struct candidate *out)
{
	struct candidate k[COUNT(memories)] = { 0 };
	for (size_t i = 0; i < COUNT(memories); i++) {
		const struct memories *m = &memories[i];
		k[i] = (struct candidate){ .options = *o, .name = m->name };
		k[i].options.scales = m->scales;
		memcpy(k[i].options.tau_d, m->tau_d, sizeof m->tau_d);
		k[i].options.town = m->town;
		k[i].options.share_half_life_d = m->share_half_life_d;
	}
	return prefer(t, k, COUNT(k), out);
}

/* Other half-lives of the field AT of the options; the one that OUT has is not tried again. */
static enum err choose_half_life(
	struct trial *t, const double *half_life_d, size_t count, size_t at, struct candidate *out)
{
	struct candidate k[COUNT(level_half_lives_d)] = { 0 };
	assert(count == COUNT(k));
	for (size_t i = 0; i < count; i++) {
		double now;
		memcpy(&now, (const char *)&out->options + at, sizeof now);
		k[i] = *out;
		if (now < half_life_d[i] || now > half_life_d[i]) {
			memcpy((char *)&k[i].options + at, &half_life_d[i], sizeof now);
			k[i].by_window = NULL;
			k[i].score = 0;
		}
	}
	return prefer(t, k, count, out);
}

enum err hawkes_area_choose(struct ctx *c, const struct hawkes_area_data *d, const struct calendar_options *calendar,
	int32_t from, int32_t until, unsigned horizon_d, unsigned step_d, struct hawkes_choice *out)
{
	int32_t years = (int32_t)(YEARS * 365.25), third = (until - from) / 3;
	*out = (struct hawkes_choice){ .trial = until - (third < years ? third : years) };
	struct trial t = { c, d, from, until, horizon_d, step_d, 0, out };
	if (until - from < CANDIDATE_SPAN_MIN || until - out->trial < (int32_t)horizon_d)
		return FAIL(c, ERR_INPUT, "%d days are too few to choose by", (int)(until - from));
	t.windows = (size_t)(until - out->trial - (int32_t)horizon_d) / step_d + 1;
	struct hawkes_area_options o = hawkes_area_options_default();
	struct candidate k;
	o.calendar = *calendar;
	o.rivals = d->rivals != NULL;
	TRY(choose_memories(&t, &o, &k));
	if (k.options.share_half_life_d > 0)
		TRY(choose_half_life(&t, share_half_lives_d, COUNT(share_half_lives_d),
			offsetof(struct hawkes_area_options, share_half_life_d), &k));
	TRY(choose_half_life(&t, level_half_lives_d, COUNT(level_half_lives_d),
		offsetof(struct hawkes_area_options, level_half_life_d), &k));
	out->options = k.options;
	out->size = k.size;
	out->log_score = k.score;
	out->name = k.name;
	return OK;
}
