/* city_events.h - the public shootings of New York City as events (numerics D.2): the areas with an event in the first 574
 * weeks, and which touch. */
#ifndef ADEM_TESTS_NUM_CITY_EVENTS_H
#define ADEM_TESTS_NUM_CITY_EVENTS_H
#include "num/forecast/hawkes_area.h"

enum { CITY_FROM = 13150, CITY_CUT = CITY_FROM + 574 * 7, CITY_END = CITY_FROM + 678 * 7 }; /* Monday 2006-01-02 */

/* False where the data is absent. */
bool city_events(struct ctx *c, struct hawkes_area_data *out);
#endif
