/* places_views.h - what the templates of places are given. */
#ifndef ADEM_PLACES_VIEWS_H
#define ADEM_PLACES_VIEWS_H
#include "features/frame/frame.h"

struct place_link {
	struct str code, name;
};
struct place_view {
	struct str code, name, level;
	struct place_link *above, *below, *beside;
	size_t above_count, below_count, beside_count;
	bool may_report;
};
void place_view(struct html *h, const struct place_view *v);
#endif
