#include "num/stats/weights.h"
#include "num/stats/linear.h"
#include <math.h>

enum { EM_STEPS = 15, HALVINGS = 30, RIDGES = 6 };

static double count_of(const struct weights_problem *p, size_t r)
{
	return p->count ? p->count[r] : 1;
}

static double penalty_of(const struct weights_problem *p, size_t m)
{
	return p->penalty ? p->penalty[m] : 0;
}

static double intensity(const struct weights_problem *p, const double *kappa, size_t r)
{
	const double *phi = p->feature + r * p->cols;
	double sum = 0;
	for (size_t m = 0; m < p->cols; m++)
		sum += kappa[m] * phi[m];
	return sum;
}

/* -infinity where a row is impossible. */
static double evaluate(const struct weights_problem *p, const double *kappa, double *log_likelihood)
{
	double sum = 0, prior = 0;
	for (size_t r = 0; r < p->rows; r++) {
		double n = count_of(p, r), lambda = intensity(p, kappa, r);
		if (n == 0)
			continue;
		if (!(lambda > 0))
			return -INFINITY;
		sum += n * log(lambda);
	}
	for (size_t m = 0; m < p->cols; m++) {
		sum -= kappa[m] * p->total[m];
		prior += kappa[m] * penalty_of(p, m);
	}
	*log_likelihood = sum;
	return sum - prior;
}

/* kappa_m <- kappa_m sum_r n phi / lambda / (Phi + beta): what each weight is held responsible for. */
static void em_step(const struct weights_problem *p, const double *kappa, double *next)
{
	memset(next, 0, p->cols * sizeof *next);
	for (size_t r = 0; r < p->rows; r++) {
		const double *phi = p->feature + r * p->cols;
		double share = count_of(p, r) / intensity(p, kappa, r);
		for (size_t m = 0; m < p->cols; m++)
			next[m] += share * phi[m];
	}
	for (size_t m = 0; m < p->cols; m++)
		next[m] = p->total[m] > 0 ? kappa[m] * next[m] / (p->total[m] + penalty_of(p, m)) : 0;
}

void weights_information(const struct weights_problem *p, const double *kappa, double *out)
{
	size_t n = p->cols;
	memset(out, 0, n * n * sizeof *out);
	for (size_t r = 0; r < p->rows; r++) {
		const double *phi = p->feature + r * n;
		double lambda = intensity(p, kappa, r), share = count_of(p, r) / (lambda * lambda);
		for (size_t i = 0; i < n; i++) {
			double left = share * phi[i];
			for (size_t j = 0; j <= i; j++)
				out[i * n + j] += left * phi[j];
		}
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			out[j * n + i] = out[i * n + j];
}

struct newton {
	double *information, *matrix; /* cols x cols */
	double gradient[WEIGHTS_MAX], aim[WEIGHTS_MAX], solved[WEIGHTS_MAX];
	bool held[WEIGHTS_MAX]; /* at 0 */
};

static void gradient(const struct weights_problem *p, const double *kappa, double *out)
{
	for (size_t m = 0; m < p->cols; m++)
		out[m] = -p->total[m] - penalty_of(p, m);
	for (size_t r = 0; r < p->rows; r++) {
		const double *phi = p->feature + r * p->cols;
		double share = count_of(p, r) / intensity(p, kappa, r);
		for (size_t m = 0; m < p->cols; m++)
			out[m] += share * phi[m];
	}
}

/* Solves information * x = LINEAR over the weights that are not held, with as much ridge as it takes, into SOLVED. */
static bool solve_free(struct newton *w, const double *linear, size_t cols)
{
	size_t index[WEIGHTS_MAX], n = 0;
	for (size_t m = 0; m < cols; m++) {
		w->solved[m] = 0;
		if (!w->held[m])
			index[n++] = m;
	}
	double ridge = 1e-12;
	for (int i = 0; i < RIDGES; i++) {
		double x[WEIGHTS_MAX];
		for (size_t k = 0; k < n; k++) {
			for (size_t j = 0; j < n; j++)
				w->matrix[k * n + j] = w->information[index[k] * cols + index[j]];
			w->matrix[k * n + k] *= 1 + ridge;
			x[k] = linear[index[k]];
		}
		ridge *= 100;
		if (!linear_cholesky(w->matrix, n))
			continue;
		linear_cholesky_solve(w->matrix, n, x);
		for (size_t k = 0; k < n; k++)
			w->solved[index[k]] = x[k];
		return true;
	}
	return false;
}

/* Moves AIM towards SOLVED until a weight is 0; it is held then. False: nothing was in the way. */
static bool stop_at_zero(struct newton *w, size_t cols)
{
	double share = 1;
	size_t first = cols;
	for (size_t m = 0; m < cols; m++)
		if (!w->held[m] && w->solved[m] <= 0 && w->aim[m] <= share * (w->aim[m] - w->solved[m])) {
			share = w->aim[m] > 0 ? w->aim[m] / (w->aim[m] - w->solved[m]) : 0;
			first = m;
		}
	for (size_t m = 0; m < cols; m++)
		w->aim[m] += share * (w->solved[m] - w->aim[m]);
	if (first < cols)
		w->aim[first] = 0, w->held[first] = true;
	return first < cols;
}

/* The held weight that the parabola wants to raise most; COLS: none. */
static size_t release(const struct newton *w, const struct weights_problem *p, const double *linear)
{
	size_t best = p->cols;
	double most = 0;
	for (size_t m = 0; m < p->cols; m++) {
		double pull = linear[m];
		if (!w->held[m] || !(p->total[m] > 0))
			continue;
		for (size_t k = 0; k < p->cols; k++)
			pull -= w->information[m * p->cols + k] * w->aim[k];
		if (pull > most && pull > 1e-9 * p->total[m]) {
			most = pull;
			best = m;
		}
	}
	return best;
}

/* AIM: the top, where no weight is negative, of the parabola that fits best at KAPPA (Lawson and Hanson's active sets). */
static bool newton_aim(const struct weights_problem *p, const double *kappa, struct newton *w)
{
	size_t n = p->cols;
	double linear[WEIGHTS_MAX];
	gradient(p, kappa, w->gradient);
	weights_information(p, kappa, w->information);
	for (size_t m = 0; m < n; m++) {
		linear[m] = w->gradient[m];
		for (size_t k = 0; k < n; k++)
			linear[m] += w->information[m * n + k] * kappa[k];
		w->aim[m] = kappa[m];
		w->held[m] = !(kappa[m] > 0);
	}
	for (size_t i = 0; i < 10 * n; i++) {
		if (!solve_free(w, linear, n))
			return false;
		if (stop_at_zero(w, n))
			continue;
		size_t next = release(w, p, linear);
		if (next == n)
			return true;
		w->held[next] = false;
	}
	return true;
}

/* The best point on the way there: true when it is higher. */
static bool newton_step(
	const struct weights_problem *p, const double *kappa, struct newton *w, double *next, double *value, double *ll)
{
	double now = *value, share = 1;
	if (!newton_aim(p, kappa, w))
		return false;
	for (int i = 0; i < HALVINGS; i++) {
		for (size_t m = 0; m < p->cols; m++)
			next[m] = share < 1 ? kappa[m] + share * (w->aim[m] - kappa[m]) : w->aim[m];
		*value = evaluate(p, next, ll);
		if (*value > now)
			return true;
		share /= 2;
	}
	*value = now;
	return false;
}

static void start(const struct weights_problem *p, double *kappa)
{
	double all = 0, ll;
	for (size_t m = 0; m < p->cols; m++)
		if (!(p->total[m] > 0))
			kappa[m] = 0;
	if (isfinite(evaluate(p, kappa, &ll)))
		return;
	for (size_t r = 0; r < p->rows; r++)
		all += count_of(p, r);
	for (size_t m = 0; m < p->cols; m++)
		kappa[m] = p->total[m] > 0 ? all / (double)p->cols / p->total[m] : 0;
}

void weights_fit(struct arena *scratch, const struct weights_problem *p, double *kappa, struct weights_fit *out)
{
	assert(p->cols > 0 && p->cols <= WEIGHTS_MAX);
	double *next = arena_array(scratch, double, p->cols);
	struct newton *w = arena_new_of(scratch, struct newton);
	w->information = arena_array(scratch, double, p->cols * p->cols);
	w->matrix = arena_array(scratch, double, p->cols * p->cols);
	start(p, kappa);
	double ll = 0, value = evaluate(p, kappa, &ll);
	*out = (struct weights_fit){ .trace = { value } };
	while (out->steps < WEIGHTS_STEPS_MAX) {
		double before = value, tried = ll;
		if (out->steps < EM_STEPS) {
			em_step(p, kappa, next);
			value = evaluate(p, next, &tried);
		} else if (!newton_step(p, kappa, w, next, &value, &tried)) {
			out->settled = true;
			break;
		}
		if (!(value >= before)) { /* rounding at the top */
			value = before;
			out->settled = true;
			break;
		}
		memcpy(kappa, next, p->cols * sizeof *kappa);
		ll = tried;
		out->trace[++out->steps] = value;
		if (out->steps > EM_STEPS && value - before <= 1e-12 * fabs(value)) {
			out->settled = true;
			break;
		}
	}
	out->penalized = value;
	out->log_likelihood = ll;
}

void weights_errors(struct arena *scratch, const double *information, const double *kappa, size_t cols, double *se)
{
	size_t index[WEIGHTS_MAX], n = 0;
	for (size_t m = 0; m < cols; m++) {
		se[m] = NAN;
		if (kappa[m] > 0)
			index[n++] = m;
	}
	double *matrix = arena_array(scratch, double, n *n), *inverse = arena_array(scratch, double, n *n);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			matrix[i * n + j] = information[index[i] * cols + index[j]];
	if (!linear_cholesky(matrix, n))
		return;
	linear_cholesky_inverse(matrix, n, inverse);
	for (size_t i = 0; i < n; i++)
		se[index[i]] = sqrt(inverse[i * n + i]);
}
