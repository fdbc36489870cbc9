#include "num/evaluate/evaluate_wedge.h"
#include "num/stats/linear.h"
#include "num/stats/special.h"
#include <math.h>

enum { ORDERS = 2000, STEPS_MAX = 100, HALVED_MAX = 20 };

/* The likelihood at work. Parameters: beta of the periods with an event but the first, then theta. */
struct job {
	const struct wedge *w;
	struct arena *mem;
	size_t places, periods, k; /* those with an event; parameters */
	size_t *place, *period;    /* which */
	double *y, *offset;        /* PLACES x PERIODS */
	double *sum;               /* [places] */
	size_t *cross;             /* [places], in periods of W */
	double *par;               /* [k] */
	double *share;             /* [periods]: of one place */
	double *row;               /* [k] */
	double *info, *score;      /* k x k, k */
};

static bool crossed(const struct job *j, size_t p, size_t t)
{
	return j->period[t] >= j->cross[p];
}

/* The multinomial shares of place P at the parameters. */
static void shares(const struct job *j, size_t p)
{
	double top = -INFINITY, sum = 0;
	for (size_t t = 0; t < j->periods; t++) {
		double eta = j->offset[p * j->periods + t] + (t ? j->par[t - 1] : 0);
		j->share[t] = eta + (crossed(j, p, t) ? j->par[j->k - 1] : 0);
		top = fmax(top, j->share[t]);
	}
	for (size_t t = 0; t < j->periods; t++)
		sum += j->share[t] = exp(j->share[t] - top);
	for (size_t t = 0; t < j->periods; t++)
		j->share[t] /= sum;
}

/* Score of place P into SCORE and its information added to INFO; log-likelihood returned. */
static double add_place(const struct job *j, size_t p, double *score, double *info)
{
	size_t last = j->k - 1;
	double ll = 0, under = 0;
	shares(j, p);
	memset(score, 0, j->k * sizeof *score);
	for (size_t t = 0; t < j->periods; t++) {
		double y = j->y[p * j->periods + t], miss = y - j->sum[p] * j->share[t];
		bool x = crossed(j, p, t);
		ll += y > 0 ? y * log(j->share[t]) : 0;
		under += x ? j->share[t] : 0;
		score[last] += x ? miss : 0;
		if (t)
			score[t - 1] = miss;
	}
	for (size_t t = 1; t < j->periods; t++) {
		double *row = info + (t - 1) * j->k, s = j->share[t] * j->sum[p];
		for (size_t u = 1; u < j->periods; u++)
			row[u - 1] -= s * j->share[u];
		row[t - 1] += s;
		double with = s * ((crossed(j, p, t) ? 1 : 0) - under);
		row[last] += with;
		info[last * j->k + t - 1] += with;
	}
	info[last * j->k + last] += j->sum[p] * under * (1 - under);
	return ll;
}

/* Log-likelihood, score and information of all places at the parameters. */
static double evaluate(struct job *j)
{
	double ll = 0;
	memset(j->info, 0, j->k * j->k * sizeof *j->info);
	memset(j->score, 0, j->k * sizeof *j->score);
	for (size_t p = 0; p < j->places; p++) {
		ll += add_place(j, p, j->row, j->info);
		for (size_t i = 0; i < j->k; i++)
			j->score[i] += j->row[i];
	}
	return ll;
}

/* The Newton step of the first FREE parameters into STEP, its factor into FACTOR; what it promises to gain, or -1
 * where they are not identified. */
static double newton(const struct job *j, size_t free, double *factor, double *step)
{
	double gain = 0;
	for (size_t i = 0; i < free; i++) {
		step[i] = j->score[i];
		for (size_t k = 0; k < free; k++)
			factor[i * free + k] = j->info[i * j->k + k];
	}
	if (!linear_cholesky(factor, free))
		return -1;
	linear_cholesky_solve(factor, free, step);
	for (size_t i = 0; i < free; i++)
		gain += step[i] * j->score[i];
	return gain;
}

/* Newton's steps for the first FREE parameters, halved while they do not help; the others stay. False: not identified. */
static bool maximize(struct job *j, size_t free, double *factor)
{
	double *step = arena_array(j->mem, double, j->k), *was = arena_array(j->mem, double, j->k);
	double ll = evaluate(j);
	for (int n = 0; n < STEPS_MAX; n++) {
		double gain = newton(j, free, factor, step), next = -INFINITY;
		if (gain < 1e-12)
			return gain >= 0;
		memcpy(was, j->par, j->k * sizeof *was);
		for (int halved = 0; halved < HALVED_MAX && next < ll; halved++) {
			for (size_t i = 0; i < free; i++)
				j->par[i] = was[i] + ldexp(step[i], -halved);
			next = evaluate(j);
		}
		ll = next;
	}
	return true;
}

/* (I - H_p H^-1)^-1 g_p into SCORE: what Mancl and DeRouen's correction of the residuals makes of the score of a
 * place. WORK holds K x K + K numbers. */
static bool correct(const struct job *j, const double *inverse, const double *info, double *work, double *score)
{
	size_t k = j->k;
	double *b = work + k * k;
	for (size_t i = 0; i < k; i++) {
		b[i] = score[i];
		for (size_t m = 0; m < k; m++) {
			double sum = i == m;
			for (size_t l = 0; l < k; l++)
				sum -= info[i * k + l] * inverse[l * k + m];
			work[i * k + m] = sum;
		}
	}
	return linear_least_squares(work, k, k, b, score, NULL, NULL);
}

/* Variance of theta by the sandwich. */
static double sandwich(struct job *j, const double *inverse, bool *corrected)
{
	size_t k = j->k;
	const double *last = inverse + (k - 1) * k;
	double variance = 0, *info = arena_array(j->mem, double, k *k), *work = arena_array(j->mem, double, k *k + k);
	*corrected = j->places < WEDGE_FEW_PLACES;
	for (size_t p = 0; p < j->places; p++) {
		double influence = 0;
		memset(info, 0, k * k * sizeof *info);
		(void)add_place(j, p, j->row, info);
		if (*corrected && !correct(j, inverse, info, work, j->row))
			*corrected = false; /* a place that alone tells a period: its residual there is no residual */
		for (size_t i = 0; i < k; i++)
			influence += last[i] * j->row[i];
		variance += influence * influence;
	}
	return variance;
}

/* theta after the first step from no effect, where FACTOR is of the periods' information then. */
static double first_step(struct job *j, const double *factor, double *with)
{
	size_t free = j->k - 1;
	double score = 0, info = 0;
	memset(with, 0, free * sizeof *with);
	for (size_t p = 0; p < j->places; p++) {
		double under = 0;
		shares(j, p);
		for (size_t t = 0; t < j->periods; t++)
			if (crossed(j, p, t)) {
				under += j->share[t];
				score += j->y[p * j->periods + t] - j->sum[p] * j->share[t];
			}
		for (size_t t = 1; t < j->periods; t++)
			with[t - 1] += j->sum[p] * j->share[t] * ((crossed(j, p, t) ? 1 : 0) - under);
		info += j->sum[p] * under * (1 - under);
	}
	double *solved = j->row;
	memcpy(solved, with, free * sizeof *with);
	linear_cholesky_solve(factor, free, solved);
	for (size_t i = 0; i < free; i++)
		info -= with[i] * solved[i];
	return info > 1e-9 ? score / info : 0;
}

static double randomize(struct job *j, size_t orders)
{
	struct rng lots = rng_seeded(j->w->seed);
	double *factor = arena_array(j->mem, double, j->k * j->k), *with = arena_array(j->mem, double, j->k);
	size_t as_far = 1;
	memset(j->par, 0, j->k * sizeof *j->par);
	if (!maximize(j, j->k - 1, factor))
		return NAN;
	double true_one = fabs(first_step(j, factor, with));
	for (size_t n = 0; n < orders; n++) {
		for (size_t i = j->places - 1; i > 0; i--) {
			size_t k = (size_t)rng_below(&lots, i + 1), was = j->cross[i];
			j->cross[i] = j->cross[k];
			j->cross[k] = was;
		}
		as_far += fabs(first_step(j, factor, with)) >= true_one - 1e-12;
	}
	return (double)as_far / (double)(orders + 1);
}

/* Periods without any event tell nothing of theta, nor do places. */
static void keep_what_tells(struct job *j)
{
	const struct wedge *w = j->w;
	j->place = arena_array(j->mem, size_t, w->places + 1);
	j->period = arena_array(j->mem, size_t, w->periods + 1);
	for (size_t t = 0; t < w->periods; t++) {
		double sum = 0;
		for (size_t p = 0; p < w->places; p++)
			sum += w->y[p * w->periods + t];
		if (sum > 0)
			j->period[j->periods++] = t;
	}
	for (size_t p = 0; p < w->places; p++) {
		double sum = 0;
		for (size_t t = 0; t < w->periods; t++)
			sum += w->y[p * w->periods + t];
		if (sum > 0)
			j->place[j->places++] = p;
	}
}

static void fill(struct job *j)
{
	const struct wedge *w = j->w;
	j->k = j->periods;
	j->y = arena_array(j->mem, double, j->places * j->periods);
	j->offset = arena_array(j->mem, double, j->places * j->periods);
	j->sum = arena_array(j->mem, double, j->places);
	j->cross = arena_array(j->mem, size_t, j->places);
	j->par = arena_array(j->mem, double, j->k);
	j->share = arena_array(j->mem, double, j->periods);
	j->row = arena_array(j->mem, double, j->k);
	j->info = arena_array(j->mem, double, j->k * j->k);
	j->score = arena_array(j->mem, double, j->k);
	for (size_t p = 0; p < j->places; p++) {
		j->cross[p] = w->cross[j->place[p]];
		for (size_t t = 0; t < j->periods; t++) {
			size_t at = j->place[p] * w->periods + j->period[t], to = p * j->periods + t;
			j->y[to] = w->y[at];
			j->offset[to] = w->exposure ? log(w->exposure[at]) : 0;
			j->sum[p] += j->y[to];
		}
	}
}

static enum err check(struct ctx *c, const struct job *j)
{
	const struct wedge *w = j->w;
	bool same = true;
	double under = 0;
	if (w->periods > WEDGE_PERIODS_MAX)
		return FAIL(c, ERR_INPUT, "%zu periods are more than %d: join them, to months for one", w->periods,
			WEDGE_PERIODS_MAX);
	if (j->places < WEDGE_PLACES_MIN || j->periods < 2)
		return FAIL(c, ERR_INPUT, "%zu places and %zu periods have an event; at least %d and 2 are needed",
			j->places, j->periods, WEDGE_PLACES_MIN);
	for (size_t p = 0; p < w->places; p++) {
		same = same && w->cross[p] == w->cross[0];
		for (size_t t = w->cross[p]; t < w->periods; t++)
			under += w->y[p * w->periods + t];
	}
	for (size_t i = 0; w->exposure && i < w->places * w->periods; i++)
		if (!(w->exposure[i] > 0))
			return FAIL(c, ERR_INPUT, "place %zu has no exposure in period %zu", i / w->periods + 1,
				i % w->periods + 1);
	if (same)
		return FAIL(c, ERR_INPUT,
			"all places cross over at the same time: what the time does and what the new way does cannot "
			"be told apart");
	return under > 0 ? OK : FAIL(c, ERR_INPUT, "there was no event under the new way yet");
}

/* Events under the new way, and how many there would have been with theta taken away. */
static void add_up(struct job *j, struct wedge_result *r)
{
	for (size_t p = 0; p < j->places; p++) {
		shares(j, p);
		for (size_t t = 0; t < j->periods; t++)
			if (crossed(j, p, t)) {
				r->observed += j->y[p * j->periods + t];
				r->expected += j->sum[p] * j->share[t] / r->ratio;
			}
	}
}

static void describe(struct wedge_result *r, double se)
{
	double df = (double)r->places - 1, t90 = student_quantile(0.95, df), t95 = student_quantile(0.975, df);
	r->se = se;
	r->low90 = exp(r->theta - t90 * se);
	r->high90 = exp(r->theta + t90 * se);
	r->low95 = exp(r->theta - t95 * se);
	r->high95 = exp(r->theta + t95 * se);
	r->below_one = student_cdf(-r->theta / se, df);
	r->p_sandwich = 2 * student_cdf(-fabs(r->theta) / se, df);
}

enum err wedge_run(struct ctx *c, const struct wedge *w, struct wedge_result **out)
{
	struct job j = { .w = w, .mem = c->mem };
	keep_what_tells(&j);
	TRY(check(c, &j));
	fill(&j);
	struct wedge_result *r = arena_new_of(c->mem, struct wedge_result);
	double *factor = arena_array(c->mem, double, j.k *j.k), *inverse = arena_array(c->mem, double, j.k *j.k);
	if (!maximize(&j, j.k, factor))
		return FAIL(c, ERR_INPUT,
			"the effect cannot be told from the periods: too few places cross over while others have not "
			"yet");
	linear_cholesky_inverse(factor, j.k, inverse);
	r->places = j.places;
	r->periods = j.periods;
	r->theta = j.par[j.k - 1];
	r->ratio = exp(r->theta);
	r->se_model = sqrt(inverse[j.k * j.k - 1]);
	describe(r, sqrt(sandwich(&j, inverse, &r->corrected)));
	add_up(&j, r);
	r->orders = w->orders ? w->orders : ORDERS;
	r->p_value = randomize(&j, r->orders);
	*out = r;
	return OK;
}

void wedge_order(size_t places, size_t steps, uint64_t seed, size_t *step)
{
	struct rng lots = rng_seeded(seed);
	assert(steps >= 1 && steps <= places);
	for (size_t i = 0; i < places; i++)
		step[i] = i * steps / places;
	for (size_t i = places - 1; i > 0; i--) {
		size_t k = (size_t)rng_below(&lots, i + 1), was = step[i];
		step[i] = step[k];
		step[k] = was;
	}
}
