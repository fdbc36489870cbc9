/* alerts_views.h - what the templates of alerts are given. */
#ifndef ADEM_ALERTS_VIEWS_H
#define ADEM_ALERTS_VIEWS_H
#include "features/frame/frame.h"

struct alert_rung_line {
	int64_t step, after_s;
	struct str kind, roles;
	bool on_duty;
	unsigned role_bits;
};
struct alert_ladder {
	struct str level;
	const char *name;
	int at;
	struct str text; /* the ladder as it is edited, a line a rung */
	struct alert_rung_line *rungs;
	size_t rungs_count;
};
struct alert_rungs_view {
	struct str csrf;
	struct alert_ladder *ladders;
	size_t ladders_count;
};
struct alert_times_view {
	struct str month, previous, next;
	bool has_next;
	struct alert_times_line {
		struct str name, calls, answered, half, most, slowest;
		int64_t width;
	} * rows;
	size_t rows_count;
};

void alert_rungs_view(struct html *h, const struct alert_rungs_view *v);
void alert_times_view(struct html *h, const struct alert_times_view *v);
#endif
