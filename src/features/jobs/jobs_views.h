/* jobs_views.h - what the template of jobs is given. */
#ifndef ADEM_JOBS_VIEWS_H
#define ADEM_JOBS_VIEWS_H
#include "features/frame/frame.h"

struct jobs_view {
	struct str csrf;
	struct jobs_line {
		int64_t id;
		struct str kind, tries, why, next;
		bool given_up;
	} * rows;
	size_t rows_count;
};
void jobs_view(struct html *h, const struct jobs_view *v);
#endif
