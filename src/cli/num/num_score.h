/* num_score.h - "adem num score": forecasts as they would have been made, and how good they were; a row a model and baseline. */
#ifndef ADEM_CLI_NUM_SCORE_H
#define ADEM_CLI_NUM_SCORE_H
#include "cli/num/num_rows.h"
#include "cli/num/num_town.h"
#include "num/forecast/baselines.h"
#include "num/score/scores.h"
#include "num/data/events.h"

struct num_score_words {
	struct num_town_words town;
	int32_t train_until; /* the last day that choice and fit may look at */
	int32_t first;       /* the first origin; ARGS_DAY_NONE: by num_score_first() */
	int32_t until;       /* the last day known; ARGS_DAY_NONE: that of the last event */
	int64_t horizon_d, step_d, simulations, seed;
	bool all_places, json;
	double cell_m;     /* side of a cell, of points; 0: areas */
	const char *cells; /* path; NULL: cells with an incident until TRAIN_UNTIL */
};

/* What a row cost: since num_cost_begin(), seconds by the clock and the largest resident memory of the process. */
struct num_cost {
	double begin_s, seconds, peak_mb;
};
void num_cost_begin(struct num_cost *k);
void num_cost_end(struct num_cost *k);

/* What all rows of an answer have in common. */
struct num_score {
	struct num_rows rows;
	struct windows windows;
	size_t places;
	const uint32_t *observed; /* [windows * places] */
	const double *reference;  /* means of the constant baseline: what information gain is against */
	bool spatial;             /* information_gain is the spatial gain over the uniform forecast: cells of a grid */
	size_t simulations;       /* of CSEP's tests; 0: none */
	uint64_t seed;
};
/* Begins the rows at OUT and fills S, in which windows, places, observed and spatial stand already. D is what baselines look at.
 * Memory of A; so is what is returned, to work in. */
struct arena *num_score_begin(struct arena *a, const struct num_score_words *w, const struct baseline_data *d,
	struct num_score *s, struct buf *out);
/* Scores MEAN[windows * places] with negative binomials of SIZE and writes the row. CHOSEN says what was chosen on which days; ""
 * where nothing was. */
void num_score_put(struct num_score *s, const char *model, const double *mean, double size, const struct num_cost *cost,
	const char *chosen);
/* The rows of the baselines. Empties WORK before each. */
void num_score_baselines(struct num_score *s, struct arena *work, const struct baseline_data *d);
/* The first origin after TRAIN_UNTIL: where steps are whole weeks the next Monday, else the next day. */
int32_t num_score_first(int32_t train_until, int64_t step_d);
/* The windows that W asks for, of events from day BEGIN to the day before END. */
MUST_CHECK enum err num_score_windows(
	struct ctx *c, const struct num_score_words *w, int32_t begin, int32_t end, struct windows *out);
/* The rows of areas, and of the cells of a grid. */
MUST_CHECK enum err num_score_areas(struct ctx *c, const struct num_score_words *w, struct buf *out);
MUST_CHECK enum err num_score_points(struct ctx *c, const struct num_score_words *w, struct buf *out);
#endif
