/* num_town.h - the files of early warning, as "adem num score", "forecast" and "simulate" take them. */
#ifndef ADEM_CLI_NUM_TOWN_H
#define ADEM_CLI_NUM_TOWN_H
#include "cli/num/num.h"
#include "num/forecast/hawkes_area.h"

/* What the options say. */
struct num_town_words {
	const char *events, *places, *neighbors, *rivals, *calendar; /* paths */
	const char *place_column, *parent_column, *population_column;
	bool indonesia;
};
/* The rows of these options, for a structure WORDS that has them as its member "town". */
#define NUM_TOWN_OPTIONS(words, is_needed)                                                                             \
	ARG(words, town.events, ARG_WORD, "events",                                                                    \
		"place,time and perhaps kind; times are local, such as 2017-01-31T23:05; a kind beside \"incident\" "  \
		"is a herald of incidents and not forecast itself",                                                    \
		.min = 1, .value = "FILE", .needed = is_needed),                                                       \
		ARG(words, town.places, ARG_WORD, "places",                                                            \
			"place,parent,population; without it places are those that events name", .min = 1,             \
			.value = "FILE"),                                                                              \
		ARG(words, town.neighbors, ARG_WORD, "neighbours", "a,b: places that touch", .min = 1,                 \
			.value = "FILE"),                                                                              \
		ARG(words, town.rivals, ARG_WORD, "rivals", "a,b: places whose groups clash", .min = 1,                \
			.value = "FILE"),                                                                              \
		ARG(words, town.calendar, ARG_WORD, "calendar",                                                        \
			"date,name,value: named days, such as exams or derbies", .min = 1, .value = "FILE"),           \
		ARG(words, town.indonesia, ARG_SWITCH, "indonesia",                                                    \
			"with Ramadan, feasts, school year and holidays of Indonesia"),                                \
		ARG(words, town.place_column, ARG_WORD, "place_column",                                                \
			"the column with another name than place; pairs are then NAME_a,NAME_b", .min = 1,             \
			.value = "NAME"),                                                                              \
		ARG(words, town.parent_column, ARG_WORD, "parent_column", "the column with another name than parent",  \
			.min = 1, .value = "NAME"),                                                                    \
		ARG(words, town.population_column, ARG_WORD, "population_column",                                      \
			"the column with another name than population", .min = 1, .value = "NAME")

struct num_town {
	struct places *places;
	struct place_edges *neighbors, *rivals; /* NULL: none */
	struct events *events;
	struct calendar_options calendar;
	int32_t begin; /* the day of the first event */
	int32_t end;   /* the day after the last one known: that of the last event, or told */
};

/* Reads what W names. Fails with the file and the line. */
MUST_CHECK enum err num_town_read(struct ctx *c, const struct num_town_words *w, struct num_town *out);
/* The first day ahead, and what is known before it: FROM (ARGS_DAY_NONE: the day after the last one known) into *FIRST, UNTIL
 * (the last day known; ARGS_DAY_NONE: nobody said it) into the town's end. Where nobody said it days after the last event are
 * taken for quiet ones, unless they are more than chance explains: then, or where days before FROM are not known, this fails
 * with both dates. */
MUST_CHECK enum err num_town_ahead(struct ctx *c, struct num_town *t, int32_t from, int32_t until, int32_t *first);
/* The rows of these two options, members "from" and "until" of WORDS; FROM_ABOUT says what begins on the day. */
#define NUM_TOWN_AHEAD(words, from_about)                                                                              \
	ARG(words, from, ARG_DATE, "from", from_about "; not given, the day after the last one known"),                \
		ARG(words, until, ARG_DATE, "until",                                                                   \
			"the last day known: nothing happened after the last event until then; not given, that of "    \
			"the "                                                                                         \
			"last event")
/* The calendar alone. */
MUST_CHECK enum err num_town_calendar(struct ctx *c, const struct num_town_words *w, struct calendar_options *out);
/* Only the places that had an incident before day CUT, with what belongs to them. There must be one. */
struct num_town num_town_known(struct arena *a, const struct num_town *t, int32_t cut);
/* For the model. */
struct hawkes_area_data num_town_data(const struct num_town *t);
/* A model chosen by forecasts of the last years before day UNTIL and fitted on all that was before it, with its state there. */
struct num_model {
	struct hawkes_area *model;
	double size;        /* of the negative binomial */
	const char *chosen; /* what, and on which days */
};
MUST_CHECK enum err num_town_model(struct ctx *c, const struct num_town *t, int32_t until, unsigned horizon_d,
	unsigned step_d, struct num_model *out);
/* Tells H, whose state is at day FROM, what happened until UNTIL, day by day. */
void num_town_catch_up(struct hawkes_area *h, const struct num_town *t, int32_t from, int32_t until);
/* "2016-12-31" in the arena. */
const char *num_town_day(struct arena *a, int32_t day);
#endif
