/* num_evaluate.h - "adem num evaluate": did it work? The parts of the command. */
#ifndef ADEM_CLI_NUM_EVALUATE_H
#define ADEM_CLI_NUM_EVALUATE_H
#include "cli/num/num_town.h"
#include "base/json.h"
#include "num/evaluate/evaluate_counterfactual.h"

struct num_evaluate_words {
	struct num_town_words town;
	const char *treated, *method, *selection; /* SELECTION NULL: not said */
	int64_t weeks, period_d, seed, design, every_d, placebos;
	int32_t until, from; /* ARGS_DAY_NONE: by the data */
	bool plan, slope, json;
};

/* Where something was done, and from which day on. */
struct num_treated {
	size_t count;
	uint32_t *place; /* [count], ascending by start, then by place */
	int32_t *start;
};

/* What the parts of the command are handed. */
struct num_evaluation {
	const struct num_evaluate_words *w;
	struct num_town town;
	int32_t end; /* the day after the last that is known */
	struct num_treated treated;
	enum evaluate_selection selection;
};

/* An answer of named values: lines for a reader, or the members of a JSON object. LABEL NULL: only in JSON. A number that is not
 * finite is null in JSON, and "not known" for a reader. */
struct num_report {
	struct buf *out;
	struct json *json; /* NULL: for a reader */
};
void num_report_real(struct num_report *r, const char *key, const char *label, double v);
void num_report_int(struct num_report *r, const char *key, const char *label, int64_t v);
void num_report_text(struct num_report *r, const char *key, const char *label, struct str v);
/* Keys low90, high90, low95 and high95. */
void num_report_interval(struct num_report *r, const struct counterfactual_interval *i);

/* Incidents by place and period of DAYS days, from day FROM on: an array of places * PERIODS in the arena. */
double *num_evaluate_counts(struct arena *a, const struct num_evaluation *e, int32_t from, size_t days, size_t periods);

/* The methods; each writes its part into R. Fails with ERR_INPUT where the method cannot answer, and says what can. */
MUST_CHECK enum err num_evaluate_counterfactual(struct ctx *c, const struct num_evaluation *e, struct num_report *r);
MUST_CHECK enum err num_evaluate_series(struct ctx *c, const struct num_evaluation *e, struct num_report *r);
MUST_CHECK enum err num_evaluate_synthetic(struct ctx *c, const struct num_evaluation *e, struct num_report *r);
MUST_CHECK enum err num_evaluate_repeat(struct ctx *c, const struct num_evaluation *e, struct num_report *r);
MUST_CHECK enum err num_evaluate_wedge(struct ctx *c, const struct num_evaluation *e, struct num_report *r);
/* A roll-out by lot, as a file for --treated. */
MUST_CHECK enum err num_evaluate_design(struct ctx *c, const struct num_evaluate_words *w, struct buf *out);
#endif
