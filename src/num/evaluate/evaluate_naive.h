/* evaluate_naive.h - what a plain comparison would have said. Where places are chosen because they were bad lately, these find an
 * effect where nothing was done (numerics C.3: 97 of 100 times); they are here to be shown beside an evaluation, never as one. */
#ifndef ADEM_NUM_EVALUATE_NAIVE_H
#define ADEM_NUM_EVALUATE_NAIVE_H
#include "num/evaluate/evaluate_panel.h"

/* ln of the ratio of rates, with the standard error that independent Poisson counts would have. */
struct evaluate_naive {
	double log_ratio, se;
};

/* Events of the COUNT places in the WINDOW periods from START beside the SPAN periods before it. SPAN <= START. */
struct evaluate_naive evaluate_before_after(
	const struct evaluate_panel *p, const size_t *place, size_t count, size_t start, size_t window, size_t span);
/* The same, divided by what all other places did (difference in differences on the log scale). */
struct evaluate_naive evaluate_differences(
	const struct evaluate_panel *p, const size_t *place, size_t count, size_t start, size_t window, size_t span);
#endif
