/* opinion_position.h - where people stand, from what they answered and nothing else: the map of the default mode.
 *
 * Probabilistic principal components (Tipping and Bishop 1999) fitted by EM to the answers that are there: an answer less its
 * statement's mean is axis times position, plus noise; positions are spread normally. A missing answer says nothing: it neither
 * pulls somebody to the middle, as filling in the mean does, nor does anything blow up the few answers of a quiet person. Where
 * somebody stands is a mean with a doubt, and who is in doubt weighs less when groups are sought. Time is linear in the answers.
 * docs/decisions/0401 sets the ways to do this beside each other. */
#ifndef ADEM_NUM_OPINION_POSITION_H
#define ADEM_NUM_OPINION_POSITION_H
#include "num/opinion/opinion_pca.h"

enum {
	OPINION_DIRECTIONS = 4
}; /* fitted; the first OPINION_AXES of them are the map, the others are kept for resampling */

struct opinion_positions {
	size_t people, statements;
	double *axis; /* [OPINION_DIRECTIONS * statements]: unit vectors, orthogonal; zeros beyond the rank */
	double spread[OPINION_DIRECTIONS]; /* variance of positions along them, descending */
	double noise;                      /* variance of an answer beyond them */
	double *at;                        /* [people * OPINION_DIRECTIONS] */
	double *known; /* [people]: share of the spread in the map's plane that the answers leave no doubt of, 0 to 1 */
};

/* The map of V, begun from the axes of PCA; turned as they are. */
struct opinion_positions *opinion_positions_make(
	struct arena *a, const struct opinion_votes *v, const struct opinion_pca *pca);
/* The position of somebody with COUNT answers CELL (less the centers of the pca) to the statements STATEMENT, into AT, with the
 * axes as they are. Returns what the person's known[] would be. */
double opinion_position_of(const struct opinion_positions *p, const uint32_t *statement, const double *cell,
	size_t count, double at[OPINION_DIRECTIONS]);
/* Eigenvalues of the symmetric matrix M, descending, into VALUE, and its unit eigenvectors into the rows of VECTOR (Jacobi's
 * method). M is used up. */
void opinion_eigen(double m[OPINION_DIRECTIONS][OPINION_DIRECTIONS], double value[OPINION_DIRECTIONS],
	double vector[OPINION_DIRECTIONS][OPINION_DIRECTIONS]);
#endif
