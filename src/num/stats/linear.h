/* linear.h - small dense systems: a few dozen unknowns, as regressions of monthly counts have. Matrices are rows one after the
 * other (row-major); the caller owns all memory. Sums run in index order, so that answers are the same bits everywhere. */
#ifndef ADEM_NUM_LINEAR_H
#define ADEM_NUM_LINEAR_H
#include "base/base.h"

/* Factors the symmetric N x N matrix A (its lower half is read) into L L'; L replaces the lower half, the upper half becomes 0.
 * False where A is not positive definite in this arithmetic: a pivot below 1e-14 of its diagonal. */
MUST_CHECK bool linear_cholesky(double *a, size_t n);
/* Solves L L' x = B with the factor of linear_cholesky(); x replaces B (N numbers). */
void linear_cholesky_solve(const double *l, size_t n, double *b);
/* ln det(L L'). */
double linear_cholesky_logdet(const double *l, size_t n);
/* The inverse of L L' into OUT (N x N), symmetric. */
void linear_cholesky_inverse(const double *l, size_t n, double *out);

/* Least squares by Householder QR: the x (COLS numbers) of least |A x - B|^2, with A of ROWS x COLS (both changed: the factor and
 * Q'b). Where INVERSE is not NULL it gets (A'A)^-1, COLS x COLS. False where a column depends on those before it (its rest is
 * below 1e-10 of its length), or ROWS < COLS; *BAD (may be NULL) is then that column. */
MUST_CHECK bool linear_least_squares(
	double *a, size_t rows, size_t cols, double *b, double *x, double *inverse, size_t *bad);
#endif
