/* opinion_pca.h - the map of opinions: where people and statements stand along the lines that divide the room most.
 *
 * The matrix is that of Polis' server: a missing answer is the mean of the answers its statement got, a statement taken out by a
 * moderator is 0 for everybody. Less its column means that matrix is 0 wherever nobody answered, so everything here costs time
 * linear in the answers. */
#ifndef ADEM_NUM_OPINION_PCA_H
#define ADEM_NUM_OPINION_PCA_H
#include "num/opinion/opinion_votes.h"

enum {
	OPINION_AXES = 2,    /* of the map that is shown */
	OPINION_AXES_ALL = 8 /* kept for resampling: a resample's plane lies within them */
};

struct opinion_pca {
	size_t people, statements;
	size_t axes;        /* min(OPINION_AXES_ALL, statements); at least the first two exist, perhaps as zeros */
	double *center;     /* [statements]: mean answer, agree = 1; 0 where moderated */
	double *cell;       /* [answers]: answer less center; 0 where moderated */
	double *axis;       /* [axes * statements]: unit vectors, orthogonal, one after the other */
	double *variance;   /* [axes]: sample variance (n - 1) along them, descending */
	double *position;   /* [people * 2]: see opinion_pca_place() */
	double *projection; /* [2 * statements]: where somebody stands whose only answer is "agree" to the statement */
	double *extremity;  /* [statements]: length of that */
};

/* The map of V, in arena A. An axis points to where its largest entry is positive (of nearly equal ones, that of the smallest
 * statement id), so that it does not flip with the order of the answers. */
struct opinion_pca *opinion_pca_make(struct arena *a, const struct opinion_votes *v);
/* Turns an axis (0 or 1) around, with everything that depends on it. */
void opinion_pca_flip(struct opinion_pca *p, size_t axis);
/* The position of a person with COUNT answers CELL (less the centers) to the statements STATEMENT, into XY[2]:
 * sqrt(m / max(1, answers)) * sum of cell * axis. ANSWERS counts moderated statements as answered, as Polis does. */
void opinion_pca_place(const struct opinion_pca *p, const uint32_t *statement, const double *cell, size_t count,
	size_t answers, double xy[2]);
/* projection and extremity of statement J, anew from center and axes. */
void opinion_pca_project(struct opinion_pca *p, const struct opinion_votes *v, size_t j);
#endif
