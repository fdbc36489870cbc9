/* alerts_split_views.h - what the templates of splitting are given. */
#ifndef ADEM_ALERTS_SPLIT_VIEWS_H
#define ADEM_ALERTS_SPLIT_VIEWS_H
#include "features/cases/cases_views.h"

struct split_choose_view {
	int64_t case_id, older; /* older: where the next page begins; 0: none */
	bool later, may;
	struct str csrf, place, error;
	struct case_report *reports;
	bool *chosen; /* beside REPORTS */
	size_t reports_count;
};
struct split_sure_view {
	int64_t case_id;
	int level;
	bool rings; /* a call of the old incident is open, and goes on */
	struct str csrf, place, first, later, readers;
	struct case_report *reports;
	size_t reports_count;
};

/* A report in one line or two: its text without its thread. */
void split_report(struct html *h, const struct case_report *r);
void split_choose_view(struct html *h, const struct split_choose_view *v);
void split_sure_view(struct html *h, const struct split_sure_view *v);
#endif
