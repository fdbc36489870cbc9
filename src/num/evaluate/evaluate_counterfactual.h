/* evaluate_counterfactual.h - did places in which something was done have fewer events than they would have had? The
 * default of evaluation: what would have been comes from each place's long-run share, learnt before the start, times
 * the level that the other places had in the same weeks; what the choice of places does by itself is measured by
 * choosing in the same way at earlier dates, when nothing was done ("placebos").
 *
 *	E  = L sum of shares of the treated,  L = events of the controls / sum of their shares   (same weeks)
 *	ln RR = ln((O + 1/2) / (E + 1/2)) - bias,  bias = mean of the placebos' ln ratios, tau^2 = their variance
 *	SE(theta)^2 = max(tau^2, omega^2 + 1/(theta E)) + tau^2 / (2 U),  omega^2 = max(0, tau^2 - mean of the placebos' 1/E_u)
 *
 * (numerics C.3a.) The interval holds the theta with |ln RR - ln theta| <= z SE(theta): where fewer events remain, chance is
 * larger. At theta = 1 it is the C.3a standard error where omega is 0, and no smaller elsewhere; docs/decisions/0321
 * has the measured coverage of both. Controls are all places but the treated, their neighbours (the ring, reported
 * apart) and those the caller leaves out.
 *
 * Without placebos (fewer than PLACEBOS_MIN) the result says so: CALIBRATED is false, and only Poisson's chance is in the
 * interval. Same input and seed: same answer. */
#ifndef ADEM_NUM_EVALUATE_COUNTERFACTUAL_H
#define ADEM_NUM_EVALUATE_COUNTERFACTUAL_H
#include "base/err.h"
#include "num/evaluate/evaluate_panel.h"
#include "num/stats/rng.h"

/* How the treated were chosen; placebos are chosen in the same way. */
enum evaluate_selection {
	EVALUATE_SPIKE, /* the largest rise of the last SPIKE_PERIODS over the place's own long-run mean, in standard errors */
	EVALUATE_RECENT, /* the most events in the last SPIKE_PERIODS */
	EVALUATE_LEVEL,  /* the largest long-run share */
	EVALUATE_RANDOM, /* by lot */
	EVALUATE_SELECTIONS
};
/* "spike", "recent", "level", "random". */
extern const char *const evaluate_selection_names[EVALUATE_SELECTIONS];

struct counterfactual_options {
	enum evaluate_selection selection;
	size_t spike_periods; /* 0: 8 */
	size_t placebo_step;  /* between placebo dates; 0: 13 */
	size_t history_min;   /* periods before the first placebo; 0: 104 */
	size_t placebos_min;  /* 0: 8 */
	size_t space_count;   /* placebos in space; 0: none */
	uint64_t seed;        /* of lots */
};

struct counterfactual_interval {
	double low90, high90, low95, high95;
};

/* A set of places and its window; EXPECTED is 0 where the controls had no event. */
struct counterfactual_count {
	double observed, expected;
	double control_observed, control_share, share,
		share_weight; /* of which EXPECTED is made; the Dirichlet's total */
};

/* An earlier choice by the same rule, or another choice of places at the same date. */
struct counterfactual_placebo {
	size_t at; /* first period of its window */
	double observed, expected, log_ratio;
};

struct counterfactual {
	struct counterfactual_count count;
	double ratio; /* (O + 1/2) / (E + 1/2), before calibration */

	bool calibrated;
	struct counterfactual_placebo *placebo; /* in time, newest first */
	size_t placebo_count;
	double bias, tau2, omega2;

	double estimate; /* of RR, calibrated */
	double log_se;   /* SE(1) */
	struct counterfactual_interval interval;
	double below_one; /* P(RR < 1), with SE(1) */
	/* The RR below 1 that 80 % of such evaluations tell from 1 (two-sided 5 %); 0: not even an end of all events. */
	double detectable;

	/* Share of placebos at least as far from their own middle as the treated, the treated counted in; NAN: none. */
	double p_time, p_space, p_value;
	struct counterfactual_placebo *space;
	size_t space_count;

	struct counterfactual_count ring;
	size_t ring_places;
};

/* RR | O ~ Gamma(prior + O, prior + E), mixed over the error of E: L ~ Gamma(events of the controls + 1/2), shares from their
 * Dirichlet. Before calibration: for a set that was not chosen for its recent counts, such as the ring. */
struct counterfactual_posterior {
	double mean, below_one; /* P(RR < 1) */
	struct counterfactual_interval interval;
};

/* Evaluates the places TREATED[0 … COUNT-1] (all different) over periods START to START + WINDOW - 1 of P. LEAVE_OUT (PLACES
 * flags, NULL: none) are neither controls nor placebos, such as places where something else began. Fails with ERR_INPUT and a
 * reason: no place, no control, a window beyond the data, nothing before the start, no event in the controls. */
MUST_CHECK enum err counterfactual_run(struct ctx *c, const struct evaluate_panel *p, const size_t *treated,
	size_t count, size_t start, size_t window, const bool *leave_out, const struct counterfactual_options *o,
	struct counterfactual **out);

/* Before the start: what could be detected in TREATED over WINDOW periods from START = the end of the data, at the
 * level of the last WINDOW periods. Fills of *OUT: count.expected, placebos, bias, tau2, omega2, calibrated, log_se,
 * detectable. */
MUST_CHECK enum err counterfactual_plan(struct ctx *c, const struct evaluate_panel *p, const size_t *treated,
	size_t count, size_t window, const bool *leave_out, const struct counterfactual_options *o,
	struct counterfactual **out);

/* The posterior of COUNT with prior Gamma(PRIOR, PRIOR), by 400 draws of E of the stream SEED. */
struct counterfactual_posterior counterfactual_posterior(
	const struct counterfactual_count *count, double prior, uint64_t seed);

/* The COUNT places that the rule takes at the start of period AT, into OUT, none of LEAVE_OUT (flags; NULL: all may
 * be taken). Equal places: the larger share, then the smaller number. Lots are of the stream R. */
void evaluate_select(struct arena *mem, const struct evaluate_panel *p, size_t at,
	const struct counterfactual_options *o, const bool *leave_out, struct rng *r, size_t count, size_t *out);
#endif
