#include "num/forecast/calendar.h"
#include "num/forecast/calendar_terms.h"
#include "num/stats/linear.h"
#include <math.h>

/* Days over which the level runs, pass by pass: a year first, so that it does not take the season for itself. */
static const size_t running_days[] = { 365, 91, 91 };
/* No slot is held to have more than e^20 times the incidents of others. */
#define LN_MAX 20.0

enum { SPAN_MIN = 28, STEPS_MAX = 50, HALVINGS_MAX = 30 };

struct calendar_options calendar_options_default(void)
{
	return (struct calendar_options){ .days = CALENDAR_PLAIN, .slots = 1, .ridge = 1, .season = true };
}

unsigned calendar_slot(const struct calendar_options *o, const struct event *e)
{
	return e->second < 0 ? o->slots - 1 : (unsigned)((int64_t)e->second * o->slots / DAY_SECONDS);
}

struct calendar *calendar_flat(struct arena *a, const struct calendar_options *o)
{
	assert(o->slots >= 1 && o->slots <= CALENDAR_SLOTS_MAX && 24 % o->slots == 0);
	struct calendar *k = arena_new_of(a, struct calendar);
	k->options = *o;
	calendar_terms_name(k);
	return k;
}

/* Town totals and standardised terms of each slot of the span. */
struct span {
	size_t rows, cols; /* slots; terms that are common enough, and a constant in front */
	size_t *term;      /* [cols]: which; of the constant nothing */
	double *x;         /* [rows * cols] */
	double *mean, *sd; /* [cols] of the terms */
	double *count;     /* [rows] */
	double *level;     /* [rows]: running */
	double *factor;    /* [rows]: nu */
	double *b;         /* [cols] */
};

/* All terms of all slots, and which of them are common enough. */
static double *read_terms(struct arena *a, struct calendar *k, int32_t from, int32_t until, struct span *s)
{
	size_t slots = k->options.slots;
	double *z = arena_array(a, double, s->rows * k->terms);
	int32_t *last = arena_array(a, int32_t, k->terms);
	for (size_t i = 0; i < s->rows; i++) {
		int32_t day = from + (int32_t)(i / slots);
		k->computed_days |= calendar_terms(k, day, (unsigned)(i % slots), z + i * k->terms);
		for (size_t j = 0; j < k->terms; j++)
			if (fabs(z[i * k->terms + j]) > 0 && (k->seen[j] == 0 || last[j] != day)) {
				k->seen[j]++;
				last[j] = day;
			}
	}
	assert(until - from == (int32_t)(s->rows / slots));
	bool season = k->options.season && until - from >= CALENDAR_SEASON_D;
	s->cols = 1;
	for (size_t j = 0; j < k->terms; j++)
		if (k->seen[j] >= CALENDAR_OCCURRENCES_MIN && (season || k->part[j] != CALENDAR_SEASON))
			s->term[s->cols++] = j;
	return z;
}

/* Columns with mean 0 and variance 1; a column that never changes becomes 0. */
static void standardise(const struct calendar *k, const double *z, struct span *s)
{
	for (size_t j = 1; j < s->cols; j++) {
		double sum = 0, squares = 0;
		for (size_t i = 0; i < s->rows; i++)
			sum += z[i * k->terms + s->term[j]];
		s->mean[j] = sum / (double)s->rows;
		for (size_t i = 0; i < s->rows; i++) {
			double from_mean = z[i * k->terms + s->term[j]] - s->mean[j];
			squares += from_mean * from_mean;
		}
		s->sd[j] = sqrt(squares / (double)s->rows);
		if (!(s->sd[j] > 1e-9))
			s->sd[j] = INFINITY;
	}
	for (size_t i = 0; i < s->rows; i++) {
		s->x[i * s->cols] = 1;
		for (size_t j = 1; j < s->cols; j++)
			s->x[i * s->cols + j] = (z[i * k->terms + s->term[j]] - s->mean[j]) / s->sd[j];
	}
}

/* Counts over factors, of the days about each. */
static void find_level(struct span *s, size_t slots, size_t running)
{
	size_t half = running / 2 * slots, end = 0, start = 0;
	double counts = 0, factors = 0;
	for (size_t day = 0; day < s->rows; day += slots) {
		for (; end < s->rows && end < day + half + slots; end++) {
			counts += s->count[end];
			factors += s->factor[end];
		}
		for (; start + half < day; start++) {
			counts -= s->count[start];
			factors -= s->factor[start];
		}
		for (size_t i = day; i < day + slots; i++)
			s->level[i] = counts > 0.5 ? counts / factors : 0;
	}
}

static double predictor(const struct span *s, size_t row, const double *b)
{
	double sum = 0;
	for (size_t j = 0; j < s->cols; j++)
		sum += b[j] * s->x[row * s->cols + j];
	return sum;
}

static double penalised(const struct span *s, const double *b, double ridge)
{
	double sum = 0;
	for (size_t i = 0; i < s->rows; i++) {
		double eta = predictor(s, i, b);
		sum += s->count[i] * eta - s->level[i] * exp(eta);
	}
	for (size_t j = 1; j < s->cols; j++)
		sum -= 0.5 * ridge * b[j] * b[j];
	return sum;
}

/* Newton's step from B, into STEP. */
static bool newton(const struct span *s, double ridge, double *hessian, double *step)
{
	size_t n = s->cols;
	memset(hessian, 0, n * n * sizeof *hessian);
	for (size_t j = 0; j < n; j++) {
		hessian[j * n + j] = j ? ridge : 0;
		step[j] = j ? -ridge * s->b[j] : 0;
	}
	for (size_t i = 0; i < s->rows; i++) {
		const double *x = s->x + i * n;
		double mean = s->level[i] * exp(predictor(s, i, s->b));
		for (size_t j = 0; j < n; j++) {
			step[j] += (s->count[i] - mean) * x[j];
			for (size_t l = 0; l <= j; l++)
				hessian[j * n + l] += mean * x[j] * x[l];
		}
	}
	if (!linear_cholesky(hessian, n))
		return false;
	linear_cholesky_solve(hessian, n, step);
	return true;
}

/* Climbs the penalised likelihood, which is concave; a step that would lead down is halved. */
static void climb(struct arena *a, struct span *s, double ridge)
{
	double *hessian = arena_array(a, double, s->cols * s->cols), *step = arena_array(a, double, s->cols);
	double *tried = arena_array(a, double, s->cols), now = penalised(s, s->b, ridge);
	for (int steps = 0; steps < STEPS_MAX && newton(s, ridge, hessian, step); steps++) {
		double then = -INFINITY, share = 1;
		for (int halvings = 0; halvings < HALVINGS_MAX && !(then >= now); halvings++) {
			for (size_t j = 0; j < s->cols; j++)
				tried[j] = s->b[j] + share * step[j];
			then = penalised(s, tried, ridge);
			share /= 2;
		}
		if (!(then > now))
			return;
		memcpy(s->b, tried, s->cols * sizeof *tried);
		bool over = then - now < 1e-12 * (1 + fabs(now));
		now = then;
		if (over)
			return;
	}
}

/* Weights per unit of each term, and centres such that the parts and the whole have mean 1. */
static void take(struct calendar *k, const double *z, struct span *s)
{
	double sum[CALENDAR_PARTS] = { 0 }, all = 0, rest = 0;
	for (size_t j = 1; j < s->cols; j++)
		k->beta[s->term[j]] = s->b[j] / s->sd[j];
	for (size_t i = 0; i < s->rows; i++) {
		double part[CALENDAR_PARTS] = { 0 }, eta = 0;
		for (size_t j = 0; j < k->terms; j++)
			part[k->part[j]] += k->beta[j] * z[i * k->terms + j];
		for (size_t p = 0; p < CALENDAR_PARTS; p++) {
			sum[p] += exp(part[p]);
			eta += part[p];
		}
		s->factor[i] = exp(eta);
		all += s->factor[i];
	}
	rest = -log(all / (double)s->rows);
	for (size_t p = 0; p < CALENDAR_PARTS; p++) {
		k->centre[p] = -log(sum[p] / (double)s->rows);
		rest -= k->centre[p];
	}
	k->centre[CALENDAR_SEASON] += rest;
	for (size_t i = 0; i < s->rows; i++)
		s->factor[i] *= (double)s->rows / all;
}

struct calendar *calendar_fit(
	struct arena *a, const struct events *e, int32_t from, int32_t until, const struct calendar_options *o)
{
	struct calendar *k = calendar_flat(a, o);
	if (until - from < SPAN_MIN)
		return k;
	struct arena *scratch = arena_new(1 << 16);
	struct span s = { .rows = (size_t)(until - from) * o->slots };
	s.term = arena_array(scratch, size_t, k->terms + 1);
	s.count = arena_array(scratch, double, s.rows);
	double all = 0;
	for (size_t i = events_from(e, from); i < e->count && e->event[i].day < until; i++)
		if (e->event[i].kind == 0) {
			s.count[(size_t)(e->event[i].day - from) * o->slots + calendar_slot(o, &e->event[i])]++;
			all++;
		}
	if (all > 0) {
		double *z = read_terms(scratch, k, from, until, &s);
		s.x = arena_array(scratch, double, s.rows *s.cols);
		s.mean = arena_array(scratch, double, s.cols);
		s.sd = arena_array(scratch, double, s.cols);
		s.b = arena_array(scratch, double, s.cols);
		s.level = arena_array(scratch, double, s.rows);
		s.factor = arena_array(scratch, double, s.rows);
		for (size_t i = 0; i < s.rows; i++)
			s.factor[i] = 1;
		standardise(k, z, &s);
		for (size_t pass = 0; pass < COUNT(running_days); pass++) {
			find_level(&s, o->slots, running_days[pass]);
			climb(scratch, &s, o->ridge);
			take(k, z, &s);
		}
	}
	arena_free(scratch);
	return k;
}

void calendar_explain(const struct calendar *k, int32_t day, unsigned slot, double out[CALENDAR_PARTS])
{
	double z[CALENDAR_TERMS_MAX];
	calendar_terms(k, day, slot, z);
	memcpy(out, k->centre, sizeof k->centre);
	for (size_t j = 0; j < k->terms; j++)
		out[k->part[j]] += k->beta[j] * z[j];
	/* A day given a value far from all in the fit must not lead out of the numbers. */
	double ln = 0;
	for (size_t p = 0; p < CALENDAR_PARTS; p++)
		ln += out[p];
	for (size_t p = 0; fabs(ln) > LN_MAX && p < CALENDAR_PARTS; p++)
		out[p] *= LN_MAX / fabs(ln);
}

double calendar_factor(const struct calendar *k, int32_t day, unsigned slot)
{
	double part[CALENDAR_PARTS], ln = 0;
	calendar_explain(k, day, slot, part);
	for (size_t p = 0; p < CALENDAR_PARTS; p++)
		ln += part[p];
	return exp(ln);
}

void calendar_factors(const struct calendar *k, int32_t day, size_t count, double *out)
{
	for (size_t i = 0; i < count; i++)
		for (unsigned slot = 0; slot < k->options.slots; slot++)
			*out++ = calendar_factor(k, day + (int32_t)i, slot);
}
