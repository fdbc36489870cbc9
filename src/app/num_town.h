/* num_town.h - the files of early warning, as "adem num score", "forecast" and "simulate" take them. */
#ifndef ADEM_APP_NUM_TOWN_H
#define ADEM_APP_NUM_TOWN_H
#include "app/num.h"
#include "num/hawkes_area.h"

/* What the options say. */
struct num_town_words {
	const char *events, *places, *neighbors, *rivals, *calendar; /* paths */
	const char *place_column, *parent_column, *population_column;
	bool indonesia;
};
/* The rows of these options in a table of struct num_option, for words W; and what --help says of them. */
#define NUM_TOWN_OPTIONS(w)                                                                                            \
	{ "--events", NUM_TEXT, &(w).events, NUM_NEEDED, 0 }, { "--places", NUM_TEXT, &(w).places, 0, 0 },             \
		{ "--neighbours", NUM_TEXT, &(w).neighbors, 0, 0 }, { "--rivals", NUM_TEXT, &(w).rivals, 0, 0 },       \
		{ "--calendar", NUM_TEXT, &(w).calendar, 0, 0 },                                                       \
		{ "--place-column", NUM_TEXT, &(w).place_column, 0, 0 },                                               \
		{ "--parent-column", NUM_TEXT, &(w).parent_column, 0, 0 },                                             \
		{ "--population-column", NUM_TEXT, &(w).population_column, 0, 0 },                                     \
	{                                                                                                              \
		"--indonesia", NUM_FLAG, &(w).indonesia, 0, 0                                                          \
	}
#define NUM_TOWN_HELP                                                                                                  \
	"  --events FILE      place,time and perhaps kind; times are local, such as 2017-01-31T23:05; a kind\n"        \
	"                     beside \"incident\" is a herald of incidents and not forecast itself\n"                  \
	"  --places FILE      place,parent,population; without it places are those that events name\n"                 \
	"  --neighbours FILE  a,b: places that touch\n"                                                                \
	"  --rivals FILE      a,b: places whose groups clash\n"                                                        \
	"  --calendar FILE    date,name,value: named days, such as exams or derbies\n"                                 \
	"  --indonesia        with Ramadan, feasts, school year and holidays of Indonesia\n"                           \
	"  --place-column NAME, --parent-column NAME, --population-column NAME\n"                                      \
	"                     columns with other names; pairs are then NAME_a,NAME_b\n"

struct num_town {
	struct places *places;
	struct place_edges *neighbors, *rivals; /* NULL: none */
	struct events *events;
	struct calendar_options calendar;
	int32_t begin, end; /* the day of the first event, and the day after the last */
};

/* Reads what W names. Fails with the file and the line. */
MUST_CHECK enum err num_town_read(struct ctx *c, const struct num_town_words *w, struct num_town *out);
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
