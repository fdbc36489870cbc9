/* kde.h - the classic hot spot map as a baseline: a kernel density of all history on the cells of a grid.
 *
 * An incident counts in each cell by the quartic kernel (1 - d^2 / bandwidth^2)^2 of the distance d from it to the middle of the
 * cell, 0 beyond the bandwidth, divided by the sum over the cells; in its own cell alone where no middle is near enough.
 * All history counts the same, however old. */
#ifndef ADEM_NUM_KDE_H
#define ADEM_NUM_KDE_H
#include "num/data/grid.h"
#include "num/data/events.h"

/* The expected count of each cell in each window of V, window by window, into MEAN[count * cells], in the order of the cells
 * that G was made from: as many a day in all as from day FROM to the window's origin, of which the share FLOOR (0 to 1) is
 * spread evenly, so that nothing is held to be impossible. Incidents outside do not count. */
void kde_roll(struct arena *scratch, const struct grid *g, const struct events *e, int32_t from, double bandwidth_m,
	double floor, const struct windows *v, double *mean);
#endif
