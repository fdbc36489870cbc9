/* Least squares on the simplex. */
#include "num/evaluate/evaluate_synthetic.h"
#include <math.h>

enum { MOVES_A_COLUMN_MAX = 2000 };

/* G = A'A + RIDGE, and A'B into C. */
static void normal_equations(
	const double *a, const double *b, size_t rows, size_t cols, double ridge, double *g, double *c)
{
	for (size_t r = 0; r < rows; r++) {
		const double *row = a + r * cols;
		for (size_t i = 0; i < cols; i++) {
			c[i] += row[i] * b[r];
			for (size_t k = 0; k <= i; k++)
				g[i * cols + k] += row[i] * row[k];
		}
	}
	for (size_t i = 0; i < cols; i++) {
		g[i * cols + i] += ridge;
		for (size_t k = 0; k < i; k++)
			g[k * cols + i] = g[i * cols + k];
	}
}

/* The column that wants weight most, and, among those that have some, the one that wants it least. */
static void choose_pair(const double *slope, const double *w, size_t cols, size_t *to, size_t *from)
{
	double least = INFINITY, most = -INFINITY;
	*to = *from = 0;
	for (size_t i = 0; i < cols; i++) {
		if (slope[i] < least) {
			least = slope[i];
			*to = i;
		}
		if (w[i] > 0 && slope[i] > most) {
			most = slope[i];
			*from = i;
		}
	}
}

double synthetic_weights(
	struct arena *scratch, const double *a, const double *b, size_t rows, size_t cols, double ridge, double *w)
{
	assert(cols > 0);
	double *g = arena_array(scratch, double, cols *cols), *c = arena_array(scratch, double, cols);
	double *slope = arena_array(scratch, double, cols), scale = 1, excess = INFINITY;
	normal_equations(a, b, rows, cols, ridge, g, c);
	for (size_t r = 0; r < rows; r++)
		scale += b[r] * b[r];
	for (size_t i = 0; i < cols; i++) {
		w[i] = 1 / (double)cols;
		slope[i] = -c[i];
		for (size_t k = 0; k < cols; k++)
			slope[i] += g[i * cols + k] / (double)cols;
	}
	for (size_t move = 0; move < MOVES_A_COLUMN_MAX * cols; move++) {
		size_t to, from;
		choose_pair(slope, w, cols, &to, &from);
		/* The objective is quadratic: w'slope - min slope bounds half of what is left to gain. */
		excess = 0;
		for (size_t i = 0; i < cols; i++)
			excess += 2 * w[i] * (slope[i] - slope[to]);
		if (excess <= 1e-12 * scale)
			break;
		double bend = g[to * cols + to] - 2 * g[to * cols + from] + g[from * cols + from];
		double step = bend > 0 ? fmin(w[from], (slope[from] - slope[to]) / bend) : w[from];
		w[to] += step;
		w[from] = step < w[from] ? w[from] - step : 0;
		for (size_t i = 0; i < cols; i++)
			slope[i] += step * (g[i * cols + to] - g[i * cols + from]);
	}
	return excess;
}
