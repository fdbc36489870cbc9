/* city.h - public counts for tests: shootings in New York City by area and week (numerics D.2), from the reference data. */
#ifndef ADEM_TESTS_NUM_CITY_H
#define ADEM_TESTS_NUM_CITY_H
#include "base/arena.h"

enum { CITY_WEEKS = 678, CITY_TRAINING = 574 };

struct city {
	size_t places; /* areas with an event in the first 574 weeks */
	double *count; /* PLACES x CITY_WEEKS, weeks from Monday 2006-01-02 */
	size_t *start; /* neighbours as in num/evaluate/evaluate_panel.h */
	size_t *neighbour;
	struct str *name;
};

/* The whole file NAME of the reference data; an empty text where it is absent. */
struct str city_file(struct arena *mem, const char *name);
/* NULL where the data is absent. */
struct city *city_read(struct arena *mem);
#endif
