/* windows.h - the windows of time that forecasts are made for and scored in: COUNT windows of HORIZON_D days, the first from
 * day FIRST on, each STEP_D days after the one before. A forecast for a window knows what happened before its first day, its
 * origin, and nothing else. */
#ifndef ADEM_NUM_WINDOWS_H
#define ADEM_NUM_WINDOWS_H
#include "num/data/events.h"

struct windows {
	int32_t first;
	unsigned horizon_d, step_d;
	size_t count;
};

/* As many windows as end by END, a day that is in none of them. HORIZON_D, STEP_D > 0. */
struct windows windows_between(int32_t first, int32_t end, unsigned horizon_d, unsigned step_d);
/* The first day of window W. */
int32_t windows_origin(const struct windows *v, size_t w);
/* Incidents (kind 0) of each place in each window, window by window, into OUT[count * places]. */
void windows_observed(const struct windows *v, const struct events *e, size_t places, uint32_t *out);
#endif
