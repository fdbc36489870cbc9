/* hawkes_point_state.h - what a model of hawkes_point.h remembers. For its parts only.
 *
 * Time t is in days from the first day of the model. TOTAL_k is sum_i w_i e^{-q_k (t - t_i)} over all incidents: as each
 * excites the area with mass 1, the whole town needs no sum over cells. */
#ifndef ADEM_NUM_HAWKES_POINT_STATE_H
#define ADEM_NUM_HAWKES_POINT_STATE_H
#include "num/forecast/hawkes_field.h"
#include "num/forecast/hawkes_point.h"

struct hawkes_point_state {
	int32_t day;                    /* that forecasts are from */
	double rate[HAWKES_SCALES_MAX]; /* q = 1 / tau, a day */
	struct hawkes_field *field[HAWKES_WIDTHS_MAX];
	struct grid_blur *blur[HAWKES_WIDTHS_MAX];
	double total[HAWKES_SCALES_MAX]; /* of incidents before DAY, at its midnight */
	double today[HAWKES_SCALES_MAX]; /* of those of DAY, at its end */
	double observed, expected;       /* of the level, without A, as of DAY */
	double observed_today;
};

/* What a day makes of the memories. */
struct hawkes_point_day {
	double factor;                  /* nu, mean over its slots */
	double span[HAWKES_SCALES_MAX]; /* what a memory's value at midnight contributes to the day, nu in it */
	double same[HAWKES_SCALES_MAX]; /* what an incident of the day, whenever it is, contributes to the same day */
	double keep[HAWKES_SCALES_MAX]; /* of the value at midnight a day later */
	double left[HAWKES_SCALES_MAX]; /* of an incident of the day at its end, 1 / nu in it */
};
void hawkes_point_day(const struct hawkes_point *h, int32_t day, struct hawkes_point_day *out);

/* A model without calendar, weights of 0, an empty state at FROM. */
MUST_CHECK enum err hawkes_point_make(struct ctx *c, const struct cells *cells, const struct hawkes_point_options *o,
	int32_t from, struct hawkes_point **out);
/* The time of an event. Without a time of day it is the middle of the last slot. */
double hawkes_point_time(const struct hawkes_point *h, const struct event *e);
/* By what the sum of memory k is multiplied at time T so that its weights sum to 1. */
double hawkes_point_norm(double rate, double t);
/* The integral of e^{-RATE x} over x from 0 to T. */
double hawkes_point_elapsed(double rate, double t);
/* Sets the state's totals and level anew, with the present weights, from incidents of E before UNTIL that are in the fields
 * already. */
void hawkes_point_replay(struct hawkes_point *h, const struct events *e, int32_t until);
#endif
