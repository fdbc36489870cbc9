/* hawkes_point.h - early warning for points: how many incidents each cell of a grid must expect in the next days, from
 * incidents with coordinates.
 *
 * The model of hawkes_area.h in continuous time and space (numerics, C.1). A study area of square cells; at time t (in
 * days) and point s in it the rate, per day and square metre, is
 *
 *	lambda(t, s) = c(t) nu(t) { u / |area|
 *		+ sum_kl kappa_kl sum_{t_i < t} g_k(t - t_i; t) f_l(s - s_i) / (m_l(s_i) nu(t_i)) },
 *
 * all weights >= 0. g_k: exponential with memory tau_k, normalised for its beginning, (e^{-dt / tau} / tau) / (1 - e^{-t / tau})
 * with t the days since FROM, at least 1; for tau = infinity its limit 1 / t, a running mean. f_l: isotropic Gaussian
 * with sigma_l, cut off where the cells end that 3.2 sigma reach; m_l(s_i): its mass in the area, a sum of products of erf
 * differences, so that every incident excites the area, edge or not, with mass 1. nu: calendar.h; c: level as in
 * hawkes_area.h, learnt from one-day forecasts. Weights of memory <= HAWKES_SHORT_D are the branching.
 *
 * How the cost stays linear. A long memory or a wide bell is a decaying sum in each cell (hawkes_field.h): an incident is
 * added to the cells its bell reaches, once, with exact masses; the density inside a cell is their mean. While fitting, bells
 * narrower than two cells have cells of their own, no wider than half a sigma, for long memories; for short ones the fit
 * looks at true pairs, found through the lists of incidents in each cell and as far back as 6 tau. Forecasts need cells
 * only. What is remembered between incidents does not grow with their number.
 *
 * Only incidents (kind 0) inside the area count; the others are left out, and counted in OUTSIDE. Coordinates are places:
 * no type here can hold a person. Memory: the arenas given. */
#ifndef ADEM_NUM_HAWKES_POINT_H
#define ADEM_NUM_HAWKES_POINT_H
#include "num/data/grid.h"
#include "num/forecast/hawkes_area.h"
#include "num/stats/weights.h"

enum { HAWKES_WIDTHS_MAX = 8, HAWKES_POINT_WEIGHTS_MAX = HAWKES_SCALES_MAX * HAWKES_WIDTHS_MAX + 1 };

struct hawkes_point_options {
	double cell_m; /* side of a cell */
	size_t scales, widths;
	double tau_d[HAWKES_SCALES_MAX];   /* ascending, > 0; INFINITY: a running mean */
	double sigma_m[HAWKES_WIDTHS_MAX]; /* ascending, cell_m / 16 to 64 cell_m */
	double burn_d;            /* incidents of the first days excite but are not explained; at most half the span */
	double level_half_life_d; /* h of c(t); 0: c is 1 */
	double level_events;      /* A */
	double short_mean;        /* prior mean of the sum of all short weights; <= 0: no prior */
	struct calendar_options calendar;
};
/* Memories {3, 14, 60, 365, 1460, infinity} days; widths {0.24, 0.8, 2.4, 8} CELL_M, which are {120, 400, 1200, 4000} m for
 * cells of 500 m; two years burn; level of 13 weeks and 20 events; short mean 0.1. */
struct hawkes_point_options hawkes_point_options_default(double cell_m);

struct hawkes_point_weight {
	double tau_d, sigma_m; /* both 0 for the constant, which is the last weight */
	double value;
	double se;      /* from the observed information; NAN where the value is 0 or was given */
	double total;   /* Phi: integral of the feature over the area and the days explained */
	double penalty; /* beta of the prior */
};

struct hawkes_point {
	struct hawkes_point_options options;
	struct grid *grid;
	struct calendar *calendar;
	size_t weights;                                              /* scales * widths + 1 */
	struct hawkes_point_weight weight[HAWKES_POINT_WEIGHTS_MAX]; /* of scale k and width l: [l * scales + k] */
	double *information;    /* weights x weights: observed information of the fit; NULL: weights were given */
	double size;            /* of the negative binomial, for those who choose it; infinity: Poisson */
	int32_t from;           /* first day of the state */
	size_t rows, pairs;     /* incidents explained and pairs looked at in the fit */
	size_t outside;         /* incidents left out, since they are in no cell */
	struct weights_fit fit; /* log-likelihood per day and square metre */
	struct hawkes_point_state *state; /* hawkes_point_state.h */
};

/* Fits the weights on incidents from day FROM to the day before UNTIL and leaves the state at UNTIL. Begins at the weights
 * of BEFORE where it is not NULL and has the same scales and widths. Fails with ERR_INPUT: no incident to explain in the
 * area, a span under 28 days, options that make no sense; with ERR_LIMIT: cells too far apart. */
MUST_CHECK enum err hawkes_point_fit(struct ctx *c, const struct events *e, const struct cells *cells,
	const struct hawkes_point_options *o, int32_t from, int32_t until, const struct hawkes_point *before,
	struct hawkes_point **out);
/* A model with WEIGHTS given (in their order) and an empty state at FROM. */
MUST_CHECK enum err hawkes_point_given(struct ctx *c, const struct cells *cells, const struct hawkes_point_options *o,
	int32_t from, struct calendar *calendar, const double *value, struct hawkes_point **out);

/* One more event: O(cells that the bells reach), whatever happened before. One of a later day ends the days before it; it
 * may also be older than others, not before FROM. */
void hawkes_point_add(struct hawkes_point *h, const struct event *e);
/* Ends the days before DAY: the level c learns what was expected of them. Days go forward only; forecasts are from the
 * midnight that DAY begins with, and meant to be made before anything of that day is added. */
void hawkes_point_advance(struct hawkes_point *h, int32_t day);
/* c at the day of the last hawkes_point_advance(). */
double hawkes_point_level(const struct hawkes_point *h);

/* The expected count of each cell over the HORIZON_D days from the day of the last hawkes_point_advance(), into
 * MEAN[cells], in the order of the cells the model was made with. The mean of what the expected incidents excite in turn
 * is in it: day by day, those of the same day to first order. */
void hawkes_point_forecast(const struct hawkes_point *h, struct arena *scratch, unsigned horizon_d, double *mean);

/* Sum of the weights with memory <= HAWKES_SHORT_D days: each incident's expected direct successors. */
double hawkes_point_branching(const struct hawkes_point *h);

/* Rolling forecasts as hawkes_area_roll() makes them; places are the cells. */
struct hawkes_windows *hawkes_point_roll(struct arena *a, struct hawkes_point *h, const struct events *e, int32_t first,
	int32_t end, unsigned horizon_d, unsigned step_d);
#endif
