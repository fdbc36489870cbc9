/* hawkes_area.h - early warning for areas: how many incidents each place must expect in the next days.
 *
 * Multi-scale linear Hawkes model with a calendar factor (numerics, C.1). In slot t (a day, or a part of it) place p
 * has rate
 *
 *	lambda_p(t) = c(t) nu(t) { r pi_p(t) L(t) + sum_k a_k S_k[p] + sum_k b_k (W S_k)[p] + sum_k v_k (V S_k)[p]
 *	                           + sum_k g_k mean_q S_k[q] + u + sum_m sum_k e_mk R_mk[p] },      all weights >= 0
 *
 * S_k: causal smoothers of Y / nu with memory tau_k (exponential, normalised for their beginning; tau = infinity: running
 * mean); W: mean over the neighbours; V: mean over the rivals; R_mk: smoothers of reports of kind m (petasan heard, a
 * challenge) with memory 0.5, 1 and 3 days; pi_p: the share of the place, shrunken up the tree (shares.h), times the town's
 * level L, a smoother of the town that forgets sooner than shares do, but not within a year; nu: calendar.h; c: level
 * recalibration,
 *	c(t) = (A + sum_{s<t} 2^{-(t-s)/h} N_s) / (A + sum_{s<t} 2^{-(t-s)/h} expected_s).
 *
 * Weights: maximum a posteriori under exponential priors (L1) and half an incident beforehand that is u's alone, so that no
 * place is ever held to be impossible; by EM and Newton steps (weights.h); a step that would lower the penalised log-likelihood
 * is not taken. It is concave: there is one top. Weights of memory <= 14 days are the branching: each incident's expected direct
 * successors. What is chronic goes to the long memories and the shares by itself.
 *
 * Forecasts: the exact mean over a horizon (the model is linear, so expectations propagate; shares and c stay as they are
 * at its beginning, reports come no further), negative binomial about it. Time is linear in the incidents; memory is a few
 * numbers a place and, while fitting, a row of weights' features an incident. Everything is a function of its arguments; no
 * type here can hold a person. Memory: the arenas given. */
#ifndef ADEM_NUM_HAWKES_AREA_H
#define ADEM_NUM_HAWKES_AREA_H
#include "num/forecast/calendar.h"
#include "num/forecast/shares.h"

enum {
	HAWKES_SCALES_MAX = 8,
	HAWKES_HERALD_SCALES = 3, /* of precursor reports: 0.5, 1 and 3 days */
	HAWKES_WEIGHTS_MAX = 4 * HAWKES_SCALES_MAX + 2 + HAWKES_HERALD_SCALES * EVENTS_KINDS_MAX,
	HAWKES_STEPS_MAX = 200,
	HAWKES_SETTLE_D = 730 /* or a third of the span, where that is less */
};
/* Memories up to this many days count as branching. */
#define HAWKES_SHORT_D 14.0

struct hawkes_area_options {
	size_t scales;
	double tau_d[HAWKES_SCALES_MAX];   /* ascending, > 0; INFINITY: a running mean */
	bool own, neighbors, rivals, town; /* which families of weights there are */
	double share_half_life_d;          /* of pi; 0: no term of shares */
	double share_level_d;              /* half-life of L, > 0 where there are shares */
	double level_half_life_d;          /* h of c(t); 0: c is 1 */
	double level_events;               /* A */
	double short_mean;                 /* prior mean of the sum of all short weights; <= 0: no prior */
	struct calendar_options calendar;
};
/* All scales {3, 14, 60, 365, 1460, infinity}, own, neighbours, town, shares of 4 years and their level of
 * one, c of 26 weeks and 20 events, short mean 0.1. */
struct hawkes_area_options hawkes_area_options_default(void);

/* What is known. Events of kind > 0 are precursors. Everything must outlive the model. */
struct hawkes_area_data {
	const struct places *places;
	const struct place_edges *neighbors; /* NULL: none */
	const struct place_edges *rivals;    /* NULL: none */
	const struct events *events;
};

enum hawkes_family {
	HAWKES_SHARE,     /* r pi L */
	HAWKES_OWN,       /* a */
	HAWKES_NEIGHBORS, /* b */
	HAWKES_RIVALS,    /* v */
	HAWKES_TOWN,      /* g */
	HAWKES_CONSTANT,  /* u */
	HAWKES_HERALD     /* e */
};
struct hawkes_weight {
	enum hawkes_family family;
	double tau_d;  /* 0 for HAWKES_SHARE and HAWKES_CONSTANT */
	uint32_t kind; /* of events; 0 but for HAWKES_HERALD */
	double value;
	double se;    /* from the observed information; NAN where the value is 0 or was not fitted */
	double total; /* Phi: sum of the feature over places and slots of the fit */
	double penalty; /* beta of the prior: short weights have mean SHORT_MEAN together, and so has each kind of report */
};

/* A fitted model and its state, which is all it remembers of events. */
struct hawkes_area {
	struct hawkes_area_options options;
	const struct places *places;
	const struct place_edges *neighbors, *rivals;
	size_t kinds;
	struct calendar *calendar;
	struct shares *shares;
	size_t weights;
	struct hawkes_weight weight[HAWKES_WEIGHTS_MAX];
	double *information; /* weights x weights: observed information of the fit; NULL: weights were given */
	double size;         /* of the negative binomial; infinity: Poisson */
	int32_t from;        /* first day of the state */
	int32_t settled;     /* day from which on weights and level learn: smoothers must fill first */
	size_t rows;         /* distinct places and slots with incidents in the fit */
	double log_likelihood, penalized; /* of the fit, per slots and places, without ln Y! */
	int steps;
	double trace[HAWKES_STEPS_MAX + 1]; /* penalised log-likelihood after each step, never less than before */
	struct hawkes_state *state;         /* hawkes_area_state.h */
};

/* Fits the weights on events from day FROM to the day before UNTIL and leaves the state at UNTIL. Begins at the weights
 * of BEFORE where it is not NULL and has the same options. Fails with ERR_INPUT: no incident in the span, a span under
 * 28 days, options that make no sense. */
MUST_CHECK enum err hawkes_area_fit(struct ctx *c, const struct hawkes_area_data *d,
	const struct hawkes_area_options *o, int32_t from, int32_t until, const struct hawkes_area *before,
	struct hawkes_area **out);
/* A model with weights given, in the order hawkes_area_fit() gives them, a calendar and an empty state at FROM. */
struct hawkes_area *hawkes_area_given(struct arena *a, const struct hawkes_area_data *d,
	const struct hawkes_area_options *o, int32_t from, struct calendar *calendar, const double *value);

/* One more event, of whatever kind, in O(scales). It may be older than others; it must not be before FROM. What happened on
 * the day the state is at, or later, counts in full for forecasts from that day on. */
void hawkes_area_add(struct hawkes_area *h, const struct event *e);
/* Ends the day before DAY: the level c learns what was expected until then, from what was known when each day began; so it
 * is called every day, before the events of that day are added. Days go forward only; forecasts are from here on. */
void hawkes_area_advance(struct hawkes_area *h, int32_t day);
/* c at the day of the last hawkes_area_advance(). */
double hawkes_area_level(const struct hawkes_area *h);
/* The rate of PLACE in the first slot of the day of the last hawkes_area_advance(), c included. O(scales * neighbours). */
double hawkes_area_rate(const struct hawkes_area *h, uint32_t place);

/* The expected count of each place over the HORIZON_D days from the day of the last hawkes_area_advance(), into
 * MEAN[places]. */
void hawkes_area_forecast(const struct hawkes_area *h, struct arena *scratch, unsigned horizon_d, double *mean);

/* Sum of the weights with memory <= HAWKES_SHORT_D days: of the place itself, and of its neighbours and rivals. */
double hawkes_area_branching(const struct hawkes_area *h, enum hawkes_family family);

/* Rolling forecasts, as they would have been made: windows of HORIZON_D days from FIRST on, every STEP_D days, the last
 * one ending by END (a day that is not in it); before each, everything that happened until then is added, nothing is
 * fitted. */
struct hawkes_windows {
	size_t count, places;
	unsigned horizon_d;
	int32_t *day;       /* [count]: first day of the window */
	double *mean;       /* [count * places]: window by window */
	uint32_t *observed; /* [count * places]: incidents */
	double *level;      /* [count]: c at the origin */
};
/* Rolls H, whose state is at FIRST, over the incidents of D; the state is at the last origin then. */
struct hawkes_windows *hawkes_area_roll(struct arena *a, struct hawkes_area *h, const struct hawkes_area_data *d,
	int32_t first, int32_t end, unsigned horizon_d, unsigned step_d);

/* The size of the negative binomial by maximum likelihood given means and counts: infinity where Poisson is as good. */
double hawkes_size_fit(const double *mean, const uint32_t *observed, size_t count);
/* Mean of -ln P(observed | mean, size). */
double hawkes_log_score(const double *mean, const uint32_t *observed, size_t count, double size);

/* Memories, half-lives, calendar and size chosen by forecasts of the last years before UNTIL, never by anything from UNTIL on:
 * the candidates are fitted on what is before TRIAL and rolled over TRIAL to UNTIL. One thing after the other, each time the
 * first candidate whose log score is within one standard error (over windows) of the best one's: the memories (shares with
 * days; with days and months; with days to years; days to years without shares: the simpler first), the half-life of shares
 * (4, 8, 2 years; 16 or half a year where the one before it was best), that of c (13, 26, 8 weeks; 52 or 4 where the one before
 * it was best), and the calendar: season and weekday; weekday alone; a faint one.
 *
 * A young log, with less than two years before TRIAL, knows neither a season nor years: it chooses between shares alone and
 * shares with days, half-lives of c of 4, 8 and 2 weeks (13 or 1), with A = 5, as the level has to follow the season, and the
 * calendars without one. Shares alone are not fitted: their weight is 1, and c corrects it. */
struct hawkes_choice {
	struct hawkes_area_options options;
	double size;   /* of the negative binomial, by the last 52 weeks of its trial windows */
	int32_t trial; /* first day of the trial: three years before UNTIL, or a third of the span */
	bool young;    /* less than two years are before the trial: no season, and nobody's neighbours */
	size_t tried;
	double log_score, worst; /* of the chosen and of the worst candidate in the trial */
	const char *name;        /* of the memories chosen */
	const char *calendar;    /* and of the calendar */
};
MUST_CHECK enum err hawkes_area_choose(struct ctx *c, const struct hawkes_area_data *d,
	const struct calendar_options *calendar, int32_t from, int32_t until, unsigned horizon_d, unsigned step_d,
	struct hawkes_choice *out);
#endif
