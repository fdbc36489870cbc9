/* lanczos.h - the few largest eigenpairs of a symmetric, positive semidefinite matrix that is known only by what it does to a
 * vector: Lanczos' method with full reorthogonalisation (Golub and Van Loan, Matrix Computations, 4th ed., 10.1 and 10.3).
 * Deterministic: it starts from a fixed vector, and where that lies in a too small invariant space, from the next fixed one. */
#ifndef ADEM_NUM_LANCZOS_H
#define ADEM_NUM_LANCZOS_H
#include "base/arena.h"

/* OUT = A IN, both of the matrix' dimension. OUT holds anything before. */
typedef void (*lanczos_fn)(void *arg, const double *in, double *out);

/* Writes the COUNT largest eigenvalues, descending, into VALUES[COUNT], and their unit eigenvectors into
 * VECTORS[COUNT * DIM], one after the other. 1 <= EXACT <= COUNT <= DIM. The first EXACT pairs converge to rounding (where an
 * eigenvalue is apart from the next by more than about 1e-10 of the largest); the others are as good as the work for the first
 * made them, and orthogonal. Signs of the vectors are not determined. Works in an arena of its own. */
void lanczos_largest(
	size_t dim, size_t exact, size_t count, lanczos_fn multiply, void *arg, double *values, double *vectors);
/* The largest eigenvalue as STEPS steps (1 or more) from START[dim], which is not 0, see it: never more than it is, and close to
 * it where START is not all but orthogonal to its eigenvector. */
double lanczos_glimpse(size_t dim, size_t steps, lanczos_fn multiply, void *arg, const double *start);
#endif
