#include "num/stats/lanczos.h"
#include <float.h>
#include <math.h>

enum {
	STEPS_MAX = 400, /* beyond, the answer stands as it is */
	CHECK_EVERY = 8, /* steps between two looks at convergence */
	SWEEPS_MAX = 60  /* of the QL method for one eigenvalue; three are usual */
};

struct lanczos {
	size_t dim, exact, count, steps, room;
	double *basis; /* [room * dim]: orthonormal vectors, one after the other */
	double *alpha; /* [room]: diagonal of the tridiagonal matrix */
	double *beta;  /* [room]: beta[i] couples step i to i + 1 */
	double *value; /* [room]: its eigenvalues */
	double *rows;  /* [room * room]: rows of its eigenvectors, eigenvector c in column c */
	double *off;   /* [room] */
	double scale;  /* the tridiagonal matrix' largest entry so far */
	lanczos_fn multiply;
	void *arg;
};

static double dot(const double *a, const double *b, size_t n)
{
	double s[4] = { 0 };
	size_t i = 0;
	for (; i + 4 <= n; i += 4)
		for (size_t k = 0; k < 4; k++)
			s[k] += a[i + k] * b[i + k];
	for (; i < n; i++)
		s[0] += a[i] * b[i];
	return (s[0] + s[1]) + (s[2] + s[3]);
}

static void add_scaled(double *to, double factor, const double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] += factor * v[i];
}

/* The start, and a new direction where a space is exhausted: the NUMBER-th of a series of fixed vectors. */
static void fixed_vector(double *v, size_t n, size_t number)
{
	uint64_t z = 0x5851f42d4c957f2du * (number + 1);
	for (size_t i = 0; i < n; i++) {
		z = z * 6364136223846793005u + 1442695040888963407u;
		v[i] = (double)(z >> 11) * 0x1p-53 - 0.5;
	}
}

/* Takes out of V what lies along the first COUNT basis vectors; twice, because once is not enough (Kahan, Parlett). */
static void orthogonalise(const struct lanczos *l, double *v, size_t count)
{
	for (int twice = 0; twice < 2; twice++)
		for (size_t k = 0; k < count; k++) {
			const double *q = l->basis + k * l->dim;
			add_scaled(v, -dot(q, v, l->dim), q, l->dim);
		}
}

/* Makes basis vector NUMBER out of a fixed vector. */
static void begin(struct lanczos *l, size_t number)
{
	double *v = l->basis + number * l->dim, length = 0;
	for (size_t tries = 0; length < 1e-8 && tries < 16; tries++) {
		fixed_vector(v, l->dim, number + tries * STEPS_MAX);
		orthogonalise(l, v, number);
		length = sqrt(dot(v, v, l->dim));
	}
	for (size_t i = 0; i < l->dim; i++)
		v[i] /= length;
}

/* One step: the next row of the tridiagonal matrix, and the next basis vector where there is room for one. */
static void step(struct lanczos *l, double *w)
{
	size_t at = l->steps++;
	const double *q = l->basis + at * l->dim;
	l->multiply(l->arg, q, w);
	l->alpha[at] = dot(q, w, l->dim);
	l->scale = fmax(l->scale, fabs(l->alpha[at]));
	orthogonalise(l, w, at + 1);
	double length = sqrt(dot(w, w, l->dim));
	l->beta[at] = 0;
	if (at + 1 == l->room)
		return;
	if (length <= l->scale * DBL_EPSILON * 16) {
		begin(l, at + 1);
		return;
	}
	l->beta[at] = length;
	l->scale = fmax(l->scale, length);
	double *next = l->basis + (at + 1) * l->dim;
	for (size_t i = 0; i < l->dim; i++)
		next[i] = w[i] / length;
}

/* Turns columns C and C + 1 of the ROWS x N matrix by the angle of cosine COSINE and sine SINE. */
static void turn(double *m, size_t rows, size_t n, size_t c, double cosine, double sine)
{
	for (size_t r = 0; r < rows; r++) {
		double f = m[r * n + c + 1], g = m[r * n + c];
		m[r * n + c + 1] = sine * g + cosine * f;
		m[r * n + c] = cosine * g - sine * f;
	}
}

/* One implicit QL sweep over the block FIRST..LAST of the tridiagonal matrix D, E (ibid. 8.3). */
static void sweep(double *d, double *e, size_t first, size_t last, double *rows, size_t row_count, size_t n)
{
	double g = (d[first + 1] - d[first]) / (2 * e[first]);
	double r = hypot(g, 1);
	g = d[last] - d[first] + e[first] / (g + (g >= 0 ? r : -r));
	double s = 1, c = 1, p = 0;
	for (size_t k = last; k-- > first;) {
		double f = s * e[k], b = c * e[k];
		r = hypot(f, g);
		e[k + 1] = r;
		if (r == 0) {
			d[k + 1] -= p;
			e[last] = 0;
			return;
		}
		s = f / r;
		c = g / r;
		g = d[k + 1] - p;
		r = (d[k] - g) * s + 2 * c * b;
		p = s * r;
		d[k + 1] = g + p;
		g = c * r - b;
		turn(rows, row_count, n, k, c, s);
	}
	d[first] -= p;
	e[first] = g;
	e[last] = 0;
}

/* Eigenvalues of the tridiagonal matrix with diagonal D[n] and E[i] between i and i + 1, into D; ROWS (some rows of the unit
 * matrix) become the same rows of the matrix of eigenvectors. E is used up. */
static void tridiagonal(double *d, double *e, size_t n, double *rows, size_t row_count)
{
	e[n - 1] = 0;
	for (size_t first = 0; first < n; first++)
		for (int sweeps = 0; sweeps < SWEEPS_MAX; sweeps++) {
			size_t last = first;
			while (last + 1 < n && fabs(e[last]) > DBL_EPSILON * (fabs(d[last]) + fabs(d[last + 1])))
				last++;
			if (last == first)
				break;
			sweep(d, e, first, last, rows, row_count, n);
		}
}

/* Solves the small problem of the steps so far; keeps only ROW_COUNT rows of its eigenvectors, the last ones. */
static void solve(struct lanczos *l, size_t row_count)
{
	size_t n = l->steps;
	memcpy(l->value, l->alpha, n * sizeof *l->value);
	memcpy(l->off, l->beta, n * sizeof *l->off);
	memset(l->rows, 0, row_count * n * sizeof *l->rows);
	for (size_t r = 0; r < row_count; r++)
		l->rows[r * n + (n - row_count + r)] = 1;
	tridiagonal(l->value, l->off, n, l->rows, row_count);
}

/* Whether eigenvalue A in column I comes before B in column J. */
static bool comes_before(double a, size_t i, double b, size_t j)
{
	return a > b || (a == b && i < j);
}

/* The column of the RANK-th largest eigenvalue. */
static size_t column_of(const struct lanczos *l, size_t rank)
{
	for (size_t c = 0; c < l->steps; c++) {
		size_t above = 0;
		for (size_t o = 0; o < l->steps; o++)
			above += comes_before(l->value[o], o, l->value[c], c);
		if (above == rank)
			return c;
	}
	return 0;
}

/* Whether the wanted pairs cannot get better: the part of each that the next step could change is below rounding. */
static bool converged(struct lanczos *l)
{
	if (l->steps < l->count)
		return false;
	solve(l, 1);
	double largest = l->value[column_of(l, 0)];
	for (size_t k = 0; k < l->exact; k++)
		if (l->beta[l->steps - 1] * fabs(l->rows[column_of(l, k)]) > DBL_EPSILON * fabs(largest) / 8)
			return false;
	return true;
}

/* Room in A for as many steps as the method may take. */
static struct lanczos room_for(struct arena *a, size_t dim, size_t steps, lanczos_fn multiply, void *arg)
{
	size_t room = dim < steps ? dim : steps;
	return (struct lanczos){ .dim = dim,
		.room = room,
		.basis = arena_array(a, double, room *dim),
		.alpha = arena_array(a, double, room),
		.beta = arena_array(a, double, room),
		.value = arena_array(a, double, room),
		.off = arena_array(a, double, room),
		.rows = arena_array(a, double, room *room),
		.multiply = multiply,
		.arg = arg };
}

void lanczos_largest(
	size_t dim, size_t exact, size_t count, lanczos_fn multiply, void *arg, double *values, double *vectors)
{
	assert(exact > 0 && exact <= count && count <= dim);
	struct arena *a = arena_new(1 << 16);
	struct lanczos l = room_for(a, dim, STEPS_MAX, multiply, arg);
	l.exact = exact;
	l.count = count;
	double *w = arena_array(a, double, dim);
	begin(&l, 0);
	while (l.steps < l.room) {
		step(&l, w);
		if (l.steps % CHECK_EVERY == 0 && converged(&l))
			break;
	}
	solve(&l, l.steps);
	for (size_t k = 0; k < count; k++) {
		size_t c = column_of(&l, k);
		double *v = vectors + k * dim;
		values[k] = l.value[c];
		memset(v, 0, dim * sizeof *v);
		for (size_t i = 0; i < l.steps; i++)
			add_scaled(v, l.rows[i * l.steps + c], l.basis + i * dim, dim);
		double length = sqrt(dot(v, v, dim));
		for (size_t i = 0; i < dim; i++)
			v[i] /= length;
	}
	arena_free(a);
}

double lanczos_glimpse(size_t dim, size_t steps, lanczos_fn multiply, void *arg, const double *start)
{
	struct arena *a = arena_new(1 << 16);
	struct lanczos l = room_for(a, dim, steps, multiply, arg);
	double *w = arena_array(a, double, dim), length = sqrt(dot(start, start, dim));
	assert(length > 0);
	for (size_t i = 0; i < dim; i++)
		l.basis[i] = start[i] / length;
	while (l.steps < l.room)
		step(&l, w);
	solve(&l, 1);
	double largest = l.value[column_of(&l, 0)];
	arena_free(a);
	return largest;
}
