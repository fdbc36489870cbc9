#include "num/evaluate/evaluate_repeat.h"
#include "num/data/day.h"
#include <math.h>

enum {
	WITHIN_D = 14,
	MATCHES = 3,
	MATCHES_MAX = 20,
	DRAWS = 1000,
	PERMUTATIONS = 499,
	FEATURES = 3,
	FRIDAY = 4,
	YEAR_D = 365
};

/* An incident with a known outcome. */
struct case_of {
	uint64_t stratum;
	uint32_t place;
	double x[FEATURES]; /* in standard deviations */
	double number;      /* of further incidents */
	bool treated;
	bool as; /* the label in the present permutation */
};

struct match {
	size_t count;
	size_t other[MATCHES_MAX];
	double distance;
};

/* The evaluation at work. CASES are sorted by stratum and share: who may match stands near. */
struct job {
	struct repeat r;
	struct case_of *cases;
	size_t count;
	struct match *match; /* [count]: of treated ones */
	struct rng lots;
};

static bool touches(const struct repeat *r, uint32_t a, uint32_t b)
{
	if (a == b)
		return true;
	for (size_t e = r->neighbors ? r->neighbors->first[a] : 0; r->neighbors && e < r->neighbors->first[a + 1]; e++)
		if (r->neighbors->other[e] == b)
			return true;
	return false;
}

static double followers(const struct repeat *r, size_t i)
{
	const struct repeat_incident *one = &r->incident[i];
	double n = 0;
	for (size_t k = i + 1; k < r->count && r->incident[k].day <= one->day + (int32_t)r->within_d; k++)
		n += touches(r, one->place, r->incident[k].place);
	return n;
}

/* Town, year counted from the end, class of weekday and season as one number. */
static uint64_t stratum_of(const struct repeat *r, const struct repeat_incident *i)
{
	uint64_t town = r->town ? r->town[i->place] : 0, year = (uint64_t)(r->end - i->day) / YEAR_D;
	return town << 32 | year << 2 | (day_weekday(i->day) >= FRIDAY ? 2U : 0U) | (i->season ? 1U : 0U);
}

/* The features as of the day of each incident; shares are shrunken by one incident a place. */
static size_t fill_cases(struct arena *scratch, const struct repeat *r, struct case_of *out, size_t *cut_off)
{
	static const double memory_d[FEATURES] = { 0, 3, 14 };
	double *seen = arena_array(scratch, double, r->places), *recent[FEATURES], all = 0;
	int32_t *last = arena_array(scratch, int32_t, r->places);
	size_t n = 0;
	for (size_t k = 1; k < FEATURES; k++)
		recent[k] = arena_array(scratch, double, r->places);
	for (size_t i = 0; i < r->count; i++) {
		const struct repeat_incident *one = &r->incident[i];
		uint32_t p = one->place;
		struct case_of *to = &out[n];
		*to = (struct case_of){ .place = p, .stratum = stratum_of(r, one), .treated = one->treated };
		to->x[0] = log((seen[p] + 1) / (all + (double)r->places));
		for (size_t k = 1; k < FEATURES; k++) {
			recent[k][p] *= exp(-(double)(one->day - last[p]) / memory_d[k]);
			to->x[k] = recent[k][p]++;
		}
		last[p] = one->day;
		seen[p]++;
		all++;
		if (one->day + (int32_t)r->within_d < r->end) {
			to->number = followers(r, i);
			n++;
		} else {
			(*cut_off)++;
		}
	}
	return n;
}

static void standardize(struct case_of *cases, size_t n)
{
	for (size_t k = 0; k < FEATURES; k++) {
		double sum = 0, squares = 0;
		for (size_t i = 0; i < n; i++)
			sum += cases[i].x[k] / (double)n;
		for (size_t i = 0; i < n; i++)
			squares += (cases[i].x[k] - sum) * (cases[i].x[k] - sum);
		double sd = sqrt(squares / fmax(1, (double)n - 1));
		for (size_t i = 0; i < n; i++)
			cases[i].x[k] = sd > 0 ? (cases[i].x[k] - sum) / sd : 0;
	}
}

static int by_likeness(const void *a, const void *b)
{
	const struct case_of *x = a, *y = b;
	if (x->stratum != y->stratum)
		return x->stratum < y->stratum ? -1 : 1;
	for (size_t k = 0; k < FEATURES; k++)
		if (x->x[k] != y->x[k])
			return x->x[k] < y->x[k] ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* The nearest so far, nearest first; equal ones in the order they come. */
struct nearest {
	size_t count, max;
	size_t other[MATCHES_MAX];
	double square[MATCHES_MAX];
};

static void offer(struct nearest *n, size_t other, double square)
{
	size_t at = n->count;
	if (at == n->max && square >= n->square[at - 1])
		return;
	at = at == n->max ? at - 1 : at;
	for (; at > 0 && n->square[at - 1] > square; at--) {
		n->square[at] = n->square[at - 1];
		n->other[at] = n->other[at - 1];
	}
	n->square[at] = square;
	n->other[at] = other;
	n->count += n->count < n->max;
}

/* Offers the cases from I in direction STEP while the share alone does not exceed the calliper. */
static void look(const struct job *j, size_t i, ptrdiff_t step, struct nearest *n)
{
	const struct case_of *one = &j->cases[i];
	for (ptrdiff_t k = (ptrdiff_t)i + step; k >= 0 && k < (ptrdiff_t)j->count; k += step) {
		const struct case_of *other = &j->cases[k];
		double away = other->x[0] - one->x[0], square = 0;
		if (other->stratum != one->stratum || fabs(away) > j->r.calliper)
			return;
		if (n->count == n->max && away * away > n->square[n->count - 1])
			return;
		for (size_t f = 0; f < FEATURES; f++)
			square += (other->x[f] - one->x[f]) * (other->x[f] - one->x[f]);
		if (!other->as && square <= j->r.calliper * j->r.calliper)
			offer(n, (size_t)k, square);
	}
}

static void match_all(struct job *j)
{
	for (size_t i = 0; i < j->count; i++) {
		struct match *m = &j->match[i];
		struct nearest n = { .max = j->r.matches };
		m->count = 0;
		if (!j->cases[i].as)
			continue;
		look(j, i, 1, &n);
		look(j, i, -1, &n);
		m->count = n.count;
		m->distance = 0;
		for (size_t k = 0; k < n.count; k++) {
			m->other[k] = n.other[k];
			m->distance += sqrt(n.square[k]) / (double)n.count;
		}
	}
}

static double outcome(const struct case_of *c, bool any)
{
	return any ? c->number > 0 : c->number;
}

/* Means of treated and matched, each incident counting WEIGHT of its place (NULL: 1). */
static void means(const struct job *j, bool any, const double *weight, double *treated, double *control)
{
	double n = 0;
	*treated = *control = 0;
	for (size_t i = 0; i < j->count; i++) {
		const struct match *m = &j->match[i];
		double own = weight ? weight[j->cases[i].place] : 1, sum = 0, of = 0;
		for (size_t k = 0; k < m->count && own > 0; k++) {
			const struct case_of *other = &j->cases[m->other[k]];
			double w = weight ? weight[other->place] : 1;
			sum += w * outcome(other, any);
			of += w;
		}
		if (of <= 0)
			continue;
		*treated += own * outcome(&j->cases[i], any);
		*control += own * sum / of;
		n += own;
	}
	*treated = n > 0 ? *treated / n : NAN;
	*control = n > 0 ? *control / n : NAN;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double quantile(const double *sorted, size_t n, double q)
{
	double at = q * (double)(n - 1);
	size_t i = (size_t)at;
	double next = sorted[i + 1 < n ? i + 1 : i];
	/* An infinite ratio stays one. */
	return next == sorted[i] ? next : sorted[i] + (at - (double)i) * (next - sorted[i]);
}

/* Whole places drawn with replacement. */
static void bootstrap(struct arena *scratch, struct job *j, bool any, struct repeat_ratio *out)
{
	double *weight = arena_array(scratch, double, j->r.places);
	double *difference = arena_array(scratch, double, j->r.draws),
	       *ratio = arena_array(scratch, double, j->r.draws);
	size_t n = 0;
	for (size_t d = 0; d < j->r.draws; d++) {
		double treated, control;
		memset(weight, 0, j->r.places * sizeof *weight);
		for (size_t k = 0; k < j->r.places; k++)
			weight[rng_below(&j->lots, j->r.places)]++;
		means(j, any, weight, &treated, &control);
		if (isnan(treated))
			continue;
		difference[n] = treated - control;
		ratio[n++] = control > 0 ? treated / control : treated > 0 ? INFINITY : 1;
	}
	if (n == 0)
		return;
	qsort(difference, n, sizeof *difference, ascending);
	qsort(ratio, n, sizeof *ratio, ascending);
	out->difference_low90 = quantile(difference, n, 0.05);
	out->difference_high90 = quantile(difference, n, 0.95);
	out->difference_low95 = quantile(difference, n, 0.025);
	out->difference_high95 = quantile(difference, n, 0.975);
	out->ratio_low90 = quantile(ratio, n, 0.05);
	out->ratio_high90 = quantile(ratio, n, 0.95);
	out->ratio_low95 = quantile(ratio, n, 0.025);
	out->ratio_high95 = quantile(ratio, n, 0.975);
}

/* Gives the labels out anew within each stratum. */
static void shuffle(struct job *j)
{
	for (size_t i = 0; i < j->count; i++)
		j->cases[i].as = j->cases[i].treated;
	for (size_t from = 0, to; from < j->count; from = to) {
		for (to = from; to < j->count && j->cases[to].stratum == j->cases[from].stratum; to++) {}
		for (size_t i = to - 1; i > from; i--) {
			size_t k = from + (size_t)rng_below(&j->lots, i - from + 1);
			bool was = j->cases[i].as;
			j->cases[i].as = j->cases[k].as;
			j->cases[k].as = was;
		}
	}
}

static void permute(struct job *j, struct repeat_result *out)
{
	size_t any = 1, number = 1, done = 1;
	for (size_t k = 0; k < j->r.permutations; k++) {
		double treated, control;
		shuffle(j);
		match_all(j);
		means(j, true, NULL, &treated, &control);
		if (isnan(treated))
			continue;
		done++;
		any += fabs(treated - control) >= fabs(out->any.difference) - 1e-12;
		means(j, false, NULL, &treated, &control);
		number += fabs(treated - control) >= fabs(out->number.difference) - 1e-12;
	}
	out->any.p = (double)any / (double)done;
	out->number.p = (double)number / (double)done;
}

static struct repeat_ratio ratio_of(struct arena *scratch, struct job *j, bool any)
{
	struct repeat_ratio out = { 0 };
	means(j, any, NULL, &out.treated, &out.control);
	out.difference = out.treated - out.control;
	out.ratio = out.control > 0 ? out.treated / out.control : out.treated > 0 ? INFINITY : 1;
	bootstrap(scratch, j, any, &out);
	return out;
}

static void count_matches(struct arena *scratch, const struct job *j, struct repeat_result *out)
{
	bool *place = arena_array(scratch, bool, j->r.places);
	for (size_t i = 0; i < j->count; i++) {
		const struct match *m = &j->match[i];
		out->treated += j->cases[i].treated;
		out->untreated += !j->cases[i].treated;
		if (m->count == 0)
			continue;
		out->matched++;
		out->distance += m->distance;
		out->places += !place[j->cases[i].place];
		place[j->cases[i].place] = true;
	}
	out->unmatched = out->treated - out->matched;
	out->distance /= fmax(1, (double)out->matched);
}

static struct repeat with_defaults(const struct repeat *r)
{
	struct repeat d = *r;
	d.within_d = r->within_d ? r->within_d : WITHIN_D;
	d.matches = r->matches ? r->matches : MATCHES;
	d.matches = d.matches > MATCHES_MAX ? MATCHES_MAX : d.matches;
	d.calliper = r->calliper > 0 ? r->calliper : 0.5;
	d.draws = r->draws ? r->draws : DRAWS;
	d.permutations = r->permutations ? r->permutations : PERMUTATIONS;
	return d;
}

static enum err evaluate(struct ctx *c, struct arena *scratch, struct job *j, struct repeat_result *out)
{
	j->cases = arena_array(scratch, struct case_of, j->r.count + 1);
	j->count = fill_cases(scratch, &j->r, j->cases, &out->cut_off);
	standardize(j->cases, j->count);
	qsort(j->cases, j->count, sizeof *j->cases, by_likeness);
	j->match = arena_array(scratch, struct match, j->count + 1);
	for (size_t i = 0; i < j->count; i++)
		j->cases[i].as = j->cases[i].treated;
	match_all(j);
	count_matches(scratch, j, out);
	if (out->matched < REPEAT_TREATED_MIN)
		return FAIL(c, ERR_INPUT,
			"%zu of %zu treated incidents have one like them without treatment; at least %d are needed",
			out->matched, out->treated, REPEAT_TREATED_MIN);
	out->any = ratio_of(scratch, j, true);
	out->number = ratio_of(scratch, j, false);
	permute(j, out);
	return OK;
}

enum err repeat_run(struct ctx *c, const struct repeat *r, struct repeat_result **out)
{
	struct job j = { .r = with_defaults(r), .lots = rng_seeded(r->seed) };
	struct arena *scratch = arena_new(1 << 16);
	*out = arena_new_of(c->mem, struct repeat_result);
	enum err e = evaluate(c, scratch, &j, *out);
	arena_free(scratch);
	return e;
}
