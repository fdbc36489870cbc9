#include "num/opinion/opinion_position.h"
#include "num/stats/linear.h"
#include <float.h>
#include <math.h>

enum { R = OPINION_DIRECTIONS, ROUNDS = 8, SWEEPS_MAX = 24 };

static const double noise_min = 1e-3;   /* so that a room of one mind can be divided by its noise */
static const double spread_min = 1e-12; /* an axis of less is none */

/* The model as EM works on it: positions of unit spread, axes of any length, entry d of statement j at [j * R + d]. */
struct model {
	const struct opinion_votes *votes;
	const double *cell;
	double *axis;
	double *square; /* [statements * R * R]: of the positions of those who answered, lower half */
	double *pull;   /* [statements * R] */
	double moment[R][R];
	double noise;
};

/* Turns rows and columns P and Q of M so that they no longer touch. */
static void rotate(double m[R][R], double vector[R][R], size_t p, size_t q)
{
	double theta = (m[q][q] - m[p][p]) / (2 * m[p][q]);
	double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
	double c = 1 / sqrt(t * t + 1), s = t * c;
	for (size_t k = 0; k < R; k++) {
		double x = m[k][p], y = m[k][q];
		m[k][p] = c * x - s * y;
		m[k][q] = s * x + c * y;
	}
	for (size_t k = 0; k < R; k++) {
		double x = m[p][k], y = m[q][k];
		m[p][k] = c * x - s * y;
		m[q][k] = s * x + c * y;
		x = vector[p][k];
		y = vector[q][k];
		vector[p][k] = c * x - s * y;
		vector[q][k] = s * x + c * y;
	}
}

static void swap(double *a, double *b)
{
	double old = *a;
	*a = *b;
	*b = old;
}

void opinion_eigen(double m[R][R], double value[R], double vector[R][R])
{
	for (size_t i = 0; i < R; i++)
		for (size_t k = 0; k < R; k++)
			vector[i][k] = i == k;
	for (int sweep = 0; sweep < SWEEPS_MAX; sweep++) {
		bool turned = false;
		for (size_t p = 0; p < R; p++)
			for (size_t q = p + 1; q < R; q++) {
				if (!(fabs(m[p][q]) > DBL_EPSILON * sqrt(fabs(m[p][p] * m[q][q])) + DBL_MIN))
					continue;
				rotate(m, vector, p, q);
				turned = true;
			}
		if (!turned)
			break;
	}
	for (size_t i = 0; i < R; i++)
		value[i] = m[i][i];
	for (size_t i = 0; i < R; i++)
		for (size_t k = i + 1; k < R; k++) {
			if (value[k] <= value[i])
				continue;
			swap(&value[k], &value[i]);
			for (size_t d = 0; d < R; d++)
				swap(&vector[i][d], &vector[k][d]);
		}
}

/* Solves (GRAM + diag(RIDGE)) AT = PULL, GRAM's lower half given; INVERSE gets the inverse, by Gauss and Jordan's exchange. The
 * ridge keeps every pivot above 0, in any order. */
static void solve(double gram[R][R], const double ridge[R], const double pull[R], double at[R], double inverse[R][R])
{
	for (size_t d = 0; d < R; d++) {
		for (size_t e = 0; e <= d; e++)
			inverse[d][e] = inverse[e][d] = gram[d][e];
		inverse[d][d] += ridge[d];
	}
	for (size_t p = 0; p < R; p++) {
		double pivot = 1 / inverse[p][p];
		inverse[p][p] = 1;
		for (size_t e = 0; e < R; e++)
			inverse[p][e] *= pivot;
		for (size_t d = 0; d < R; d++) {
			if (d == p)
				continue;
			double factor = inverse[d][p];
			inverse[d][p] = 0;
			for (size_t e = 0; e < R; e++)
				inverse[d][e] -= factor * inverse[p][e];
		}
	}
	for (size_t d = 0; d < R; d++) {
		at[d] = 0;
		for (size_t k = 0; k < R; k++)
			at[d] += inverse[d][k] * pull[k];
	}
}

/* Person I as the model sees him: AT is where he stands, DOUBT the covariance of that. */
static void expect_one(const struct model *m, size_t i, double at[R], double doubt[R][R])
{
	const struct opinion_votes *v = m->votes;
	double gram[R][R] = { 0 }, pull[R] = { 0 }, ridge[R];
	for (size_t k = v->row[i]; k < v->row[i + 1]; k++) {
		const double *w = m->axis + (size_t)v->statement[k] * R;
		for (size_t d = 0; d < R; d++) {
			pull[d] += m->cell[k] * w[d];
			for (size_t e = 0; e <= d; e++)
				gram[d][e] += w[d] * w[e];
		}
	}
	for (size_t d = 0; d < R; d++)
		ridge[d] = m->noise;
	solve(gram, ridge, pull, at, doubt);
	for (size_t d = 0; d < R; d++)
		for (size_t e = 0; e < R; e++)
			doubt[d][e] *= m->noise;
}

/* The E step: what everybody's answers say about the axes. */
static void expect(struct model *m)
{
	const struct opinion_votes *v = m->votes;
	memset(m->square, 0, v->statements * R * R * sizeof *m->square);
	memset(m->pull, 0, v->statements * R * sizeof *m->pull);
	memset(m->moment, 0, sizeof m->moment);
	for (size_t i = 0; i < v->people; i++) {
		double at[R], square[R][R];
		expect_one(m, i, at, square);
		for (size_t d = 0; d < R; d++)
			for (size_t e = 0; e < R; e++) {
				square[d][e] += at[d] * at[e];
				m->moment[d][e] += square[d][e] / (double)v->people;
			}
		for (size_t k = v->row[i]; k < v->row[i + 1]; k++) {
			double *sum = m->square + (size_t)v->statement[k] * R * R;
			double *pull = m->pull + (size_t)v->statement[k] * R;
			for (size_t d = 0; d < R; d++) {
				pull[d] += m->cell[k] * at[d];
				for (size_t e = 0; e <= d; e++)
					sum[d * R + e] += square[d][e];
			}
		}
	}
}

/* The M step: the axes anew, each statement's entries under a unit normal prior, and the noise that they leave. SQUARES: the sum
 * of all cells' squares. */
static void maximise(struct model *m, double squares)
{
	double left = squares, cells = (double)m->votes->count;
	for (size_t j = 0; j < m->votes->statements; j++) {
		double gram[R][R], ridge[R], inverse[R][R], *w = m->axis + j * R;
		memcpy(gram, m->square + j * R * R, sizeof gram);
		for (size_t d = 0; d < R; d++)
			ridge[d] = m->noise;
		solve(gram, ridge, m->pull + j * R, w, inverse);
		for (size_t d = 0; d < R; d++) {
			left += w[d] * (w[d] * gram[d][d] - 2 * m->pull[j * R + d]);
			for (size_t e = 0; e < d; e++)
				left += 2 * w[d] * w[e] * gram[d][e];
		}
	}
	m->noise = fmax(left / fmax(cells, 1), noise_min);
}

/* Writes axis K: the model's axes along TO, at unit length, turned like the axis of the pca. */
static void write_axis(
	const struct model *m, const double to[R], size_t k, struct opinion_positions *p, const struct opinion_pca *pca)
{
	double *axis = p->axis + k * p->statements, length = sqrt(p->spread[k]), along = 0;
	for (size_t j = 0; j < p->statements; j++) {
		double sum = 0;
		for (size_t d = 0; d < R; d++)
			sum += m->axis[j * R + d] * to[d];
		axis[j] = sum / length;
		along += k < OPINION_AXES ? axis[j] * pca->axis[k * p->statements + j] : 0;
	}
	for (size_t j = 0; j < p->statements && along < 0; j++)
		axis[j] = -axis[j];
}

/* Unit, orthogonal axes and the spread along them: eigenvectors of L'W'W L, where W are the model's axes and L L' is the second
 * moment of its positions. */
static void straighten(const struct model *m, struct opinion_positions *p, const struct opinion_pca *pca)
{
	double l[R][R], long_axis[R], cross[R][R] = { 0 }, vector[R][R];
	memcpy(l, m->moment, sizeof l);
	for (size_t d = 0; d < R; d++)
		l[d][d] += spread_min;
	bool definite = linear_cholesky(&l[0][0], R);
	assert(definite); /* sums of squares and doubts */
	(void)definite;
	for (size_t j = 0; j < p->statements; j++) {
		for (size_t d = 0; d < R; d++) {
			long_axis[d] = 0;
			for (size_t e = 0; e < R; e++)
				long_axis[d] += m->axis[j * R + e] * l[e][d];
		}
		for (size_t d = 0; d < R; d++)
			for (size_t e = 0; e < R; e++)
				cross[d][e] += long_axis[d] * long_axis[e];
	}
	opinion_eigen(cross, p->spread, vector);
	for (size_t k = 0; k < R; k++) {
		double to[R] = { 0 };
		if (!(p->spread[k] > spread_min)) {
			p->spread[k] = 0;
			continue;
		}
		for (size_t d = 0; d < R; d++)
			for (size_t e = 0; e < R; e++)
				to[d] += l[d][e] * vector[k][e];
		write_axis(m, to, k, p, pca);
	}
}

double opinion_position_of(
	const struct opinion_positions *p, const uint32_t *statement, const double *cell, size_t count, double at[R])
{
	double gram[R][R] = { 0 }, pull[R] = { 0 }, ridge[R], doubt[R][R];
	for (size_t k = 0; k < count; k++) {
		double w[R];
		for (size_t d = 0; d < R; d++) {
			w[d] = p->axis[d * p->statements + statement[k]];
			pull[d] += cell[k] * w[d];
			for (size_t e = 0; e <= d; e++)
				gram[d][e] += w[d] * w[e];
		}
	}
	for (size_t d = 0; d < R; d++)
		ridge[d] = p->noise / fmax(p->spread[d], spread_min);
	solve(gram, ridge, pull, at, doubt);
	double spread = 0, doubted = 0;
	for (size_t d = 0; d < OPINION_AXES; d++) {
		spread += p->spread[d];
		doubted += p->spread[d] > 0 ? p->noise * doubt[d][d] : 0;
	}
	return spread > 0 ? fmax(0, 1 - doubted / spread) : 0;
}

/* Where EM begins: the axes of the imputed matrix, as long as they would be if everybody had answered. */
static double begin(struct model *m, const struct opinion_pca *pca)
{
	const struct opinion_votes *v = m->votes;
	double cells = fmax((double)v->people * (double)v->statements, 1), fill = (double)v->count / cells, squares = 0;
	for (size_t k = 0; k < pca->axes && k < R; k++)
		for (size_t j = 0; j < v->statements; j++)
			m->axis[j * R + k] = sqrt(pca->variance[k] / fmax(fill, 1e-9)) *
					     pca->axis[k * v->statements + j];
	for (size_t i = 0; i < v->count; i++)
		squares += m->cell[i] * m->cell[i];
	m->noise = fmax(squares / fmax((double)v->count, 1), noise_min);
	return squares;
}

struct opinion_positions *opinion_positions_make(
	struct arena *a, const struct opinion_votes *v, const struct opinion_pca *pca)
{
	struct opinion_positions *p = arena_new_of(a, struct opinion_positions);
	struct model m = { .votes = v, .cell = pca->cell };
	*p = (struct opinion_positions){ .people = v->people, .statements = v->statements };
	p->axis = arena_array(a, double, R * v->statements);
	p->at = arena_array(a, double, R * v->people);
	p->known = arena_array(a, double, v->people);
	if (v->people == 0)
		return p;
	struct arena *scratch = arena_new(1 << 16);
	m.axis = arena_array(scratch, double, R * v->statements);
	m.square = arena_array(scratch, double, R *R * v->statements);
	m.pull = arena_array(scratch, double, R * v->statements);
	double squares = begin(&m, pca);
	for (int round = 0; round < ROUNDS; round++) {
		expect(&m);
		maximise(&m, squares);
	}
	straighten(&m, p, pca);
	p->noise = m.noise;
	for (size_t i = 0; i < v->people; i++)
		p->known[i] = opinion_position_of(
			p, v->statement + v->row[i], pca->cell + v->row[i], opinion_votes_of(v, i), p->at + R * i);
	arena_free(scratch);
	return p;
}
