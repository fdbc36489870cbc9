/* baselines.h - what a forecast has to beat. On real violence that is hard: counting a long history and following the town's
 * level is nearly all there is. So these stand beside every forecast and every score.
 *
 * With N_p(a, b) the incidents of place p from day a to the day before b, o the origin of a window of h days, FROM the first
 * day known, CUT the day until which what is fixed may look:
 *	constant       h N(FROM, CUT) / (CUT - FROM) / places
 *	last_window    N_p(o - h, o) + 0.01
 *	mean_Ww        h (N_p(o - 7W, o) + 0.5) / 7W          for W = 13, 26, 52 and 104 weeks, or since FROM
 *	mean_all       h max(N_p(FROM, CUT), 0.5) / (CUT - FROM)
 *	share_level    share_p h max(N(o - 56, o), 0.5) / 56, with share_p the place's part of N(FROM, o), half an incident added
 *	               to each place
 *	share_level_calendar   the same from shares that halve every four years and are shrunken up the tree (shares.h), a level
 *	               that halves every 13 weeks, both of incidents divided by the calendar's factor, times the factor of each
 *	               slot of the window (calendar.h) */
#ifndef ADEM_NUM_BASELINES_H
#define ADEM_NUM_BASELINES_H
#include "num/forecast/calendar.h"
#include "num/data/events.h"

/* What a place, or a town, without an incident is taken to have had. */
#define BASELINE_NEARLY_NONE 0.5

enum baseline {
	BASELINE_CONSTANT,
	BASELINE_LAST_WINDOW,
	BASELINE_MEAN_13W,
	BASELINE_MEAN_26W,
	BASELINE_MEAN_52W,
	BASELINE_MEAN_104W,
	BASELINE_MEAN_ALL,
	BASELINE_SHARE_LEVEL,
	BASELINE_SHARE_LEVEL_CALENDAR,
	BASELINES
};
/* "constant", "last_window", … */
extern const char *const baseline_names[BASELINES];

struct baseline_data {
	const struct events *events; /* incidents, kind 0, and others, which are not looked at */
	const struct places *places;
	int32_t from, cut;                       /* from < cut <= the first origin */
	const struct calendar_options *calendar; /* of BASELINE_SHARE_LEVEL_CALENDAR, fitted from FROM to CUT */
};
/* The expected count of each place in each window, window by window, into MEAN[count * places]. In O(events + windows * places).
 * Memory of MEM. */
void baseline_roll(
	struct arena *mem, const struct baseline_data *d, const struct windows *v, enum baseline which, double *mean);
#endif
