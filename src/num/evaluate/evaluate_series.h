/* evaluate_series.h - interrupted time series: one series of counts, a step (and, asked for, a change of slope) at the start.
 *
 *	ln E[Y_t] = ln(exposure_t) + b0 + b1 t + b2 post_t + b3 (t - t0) post_t + harmonics of the year + calendar
 *
 * (numerics C.3b; Lopez Bernal et al. 2017, doi 10.1093/ije/dyw098.) t counts from 1, t0 is the last period before the start.
 * REFUSED where the places were chosen for a recent spike: the series then falls back by itself and this method calls it an
 * effect. Use the counterfactual (evaluate_counterfactual.h) or a stepped wedge (evaluate_wedge.h). */
#ifndef ADEM_NUM_EVALUATE_SERIES_H
#define ADEM_NUM_EVALUATE_SERIES_H
#include "num/evaluate/evaluate_counterfactual.h"
#include "num/stats/glm.h"

enum { SERIES_BEFORE_MIN = 12, SERIES_AFTER_MIN = 4 };

struct series {
	size_t periods, start;  /* START: the first period after, counted from 0 */
	const double *y;        /* PERIODS counts */
	const double *exposure; /* PERIODS, > 0; NULL: the same all the time */
	double year;            /* periods a year, such as 12 or 52.1775; 0: no season */
	size_t harmonics;       /* pairs of sine and cosine; as a rule 2 */
	size_t calendar_count;  /* of further columns */
	const double *calendar; /* PERIODS x CALENDAR_COUNT: named days, 0 or 1, or shares of the period */
	bool slope;
	enum evaluate_selection selection;
	enum glm_family family; /* quasi-Poisson as a rule */
};

struct series_result {
	struct glm *fit;
	struct glm_ratio step, slope; /* by the model's own (dispersion-scaled) error, 95 %; slope: a period */
	struct glm_ratio step_newey_west, slope_newey_west;
	double low90, high90, low95, high95; /* of the step, by the larger of both errors */
	size_t lag;
	double observed, expected; /* after the start; expected without step and slope */
	double trend;              /* exp(b1): the change a period before the start */
};

/* Fails with ERR_INPUT and the reason: chosen for a spike, fewer than 12 periods before or 4 after, what glm_fit() refuses. */
MUST_CHECK enum err series_run(struct ctx *c, const struct series *s, struct series_result **out);
#endif
