#include "num/stats/linear.h"
#include <math.h>

bool linear_cholesky(double *a, size_t n)
{
	for (size_t j = 0; j < n; j++) {
		double pivot = a[j * n + j], floor = 1e-14 * fabs(pivot);
		for (size_t k = 0; k < j; k++)
			pivot -= a[j * n + k] * a[j * n + k];
		if (!(pivot > floor) || !isfinite(pivot))
			return false;
		double root = sqrt(pivot);
		a[j * n + j] = root;
		for (size_t i = j + 1; i < n; i++) {
			double sum = a[i * n + j];
			for (size_t k = 0; k < j; k++)
				sum -= a[i * n + k] * a[j * n + k];
			a[i * n + j] = sum / root;
		}
		for (size_t k = j + 1; k < n; k++)
			a[j * n + k] = 0;
	}
	return true;
}

void linear_cholesky_solve(const double *l, size_t n, double *b)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++)
			b[i] -= l[i * n + k] * b[k];
		b[i] /= l[i * n + i];
	}
	for (size_t i = n; i-- > 0;) {
		for (size_t k = i + 1; k < n; k++)
			b[i] -= l[k * n + i] * b[k];
		b[i] /= l[i * n + i];
	}
}

double linear_cholesky_logdet(const double *l, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += 2 * log(l[i * n + i]);
	return sum;
}

void linear_cholesky_inverse(const double *l, size_t n, double *out)
{
	/* A unit vector a row: what comes out is symmetric, so rows are columns. */
	for (size_t i = 0; i < n; i++) {
		memset(out + i * n, 0, n * sizeof *out);
		out[i * n + i] = 1;
		linear_cholesky_solve(l, n, out + i * n);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			out[j * n + i] = out[i * n + j];
}

/* Householder's reflection that clears column K below its diagonal, applied to the columns behind it and to B. False where
 * nothing of the column is left. */
static bool reflect(double *a, size_t rows, size_t cols, size_t k, double *b, double length)
{
	double norm = 0;
	for (size_t i = k; i < rows; i++)
		norm += a[i * cols + k] * a[i * cols + k];
	norm = sqrt(norm);
	if (!(norm > 1e-10 * length) || !isfinite(norm))
		return false;
	double diagonal = a[k * cols + k] > 0 ? -norm : norm;
	double head = a[k * cols + k] - diagonal, scale = -1 / (diagonal * head);
	for (size_t j = k + 1; j <= cols; j++) {
		double *column = j < cols ? a + j : b;
		size_t step = j < cols ? cols : 1;
		double dot = head * column[k * step];
		for (size_t i = k + 1; i < rows; i++)
			dot += a[i * cols + k] * column[i * step];
		dot *= scale;
		column[k * step] -= dot * head;
		for (size_t i = k + 1; i < rows; i++)
			column[i * step] -= dot * a[i * cols + k];
	}
	a[k * cols + k] = diagonal;
	return true;
}

/* (R'R)^-1 of the upper triangle R in the first rows of A. */
static void invert_factor(const double *r, size_t cols, double *out)
{
	for (size_t c = 0; c < cols; c++) {
		double *x = out + c * cols;
		for (size_t i = 0; i < cols; i++) {
			x[i] = i == c ? 1 : 0;
			for (size_t k = 0; k < i; k++)
				x[i] -= r[k * cols + i] * x[k];
			x[i] /= r[i * cols + i];
		}
		for (size_t i = cols; i-- > 0;) {
			for (size_t k = i + 1; k < cols; k++)
				x[i] -= r[i * cols + k] * x[k];
			x[i] /= r[i * cols + i];
		}
	}
}

bool linear_least_squares(double *a, size_t rows, size_t cols, double *b, double *x, double *inverse, size_t *bad)
{
	for (size_t k = 0; k < cols; k++) {
		double length = 0;
		for (size_t i = 0; i < rows; i++)
			length += a[i * cols + k] * a[i * cols + k];
		/* Reflections keep lengths: the whole column is as long as at the start. */
		if (k >= rows || !reflect(a, rows, cols, k, b, sqrt(length))) {
			if (bad)
				*bad = k;
			return false;
		}
	}
	for (size_t i = cols; i-- > 0;) {
		x[i] = b[i];
		for (size_t k = i + 1; k < cols; k++)
			x[i] -= a[i * cols + k] * x[k];
		x[i] /= a[i * cols + i];
	}
	if (inverse)
		invert_factor(a, cols, inverse);
	return true;
}
