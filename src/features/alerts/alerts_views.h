/* alerts_views.h - what the templates of alerts are given. */
#ifndef ADEM_ALERTS_VIEWS_H
#define ADEM_ALERTS_VIEWS_H
#include "features/frame/frame.h"

struct alert_rung_line {
	int64_t id;
	struct str after, kind, role, whom;
	bool may_end; /* not the last one who is called at once */
};
struct alert_ladder {
	struct str level;
	int at;
	struct alert_rung_line *rungs;
	size_t rungs_count;
	bool adding; /* the form stands in this ladder */
	bool preset; /* nobody has changed it yet, and it is not stored either */
};
struct alert_rungs_view {
	struct str csrf, level;
	struct alert_ladder *ladders;
	size_t ladders_count;
	bool ended; /* a rung was taken off; the form puts it back */
	struct frame_field after;
	struct frame_choice unit, kind, role, whom;
};
struct alert_times_view {
	struct str month, previous, next;
	bool has_next;
	struct alert_times_line {
		struct str name, counts, half, most, slowest;
		bool taken;
	} * rows;
	size_t rows_count;
};

void alert_rungs_view(struct html *h, const struct alert_rungs_view *v);
void alert_times_view(struct html *h, const struct alert_times_view *v);
#endif
