/* audit_views.h - what the template of the audit is given. */
#ifndef ADEM_AUDIT_VIEWS_H
#define ADEM_AUDIT_VIEWS_H
#include "features/frame/frame.h"

struct audit_view {
	struct audit_line {
		int64_t number;
		struct str when, who, action, subject, detail;
	} * rows;
	size_t rows_count;
	bool has_more;
	int64_t more;
	bool may_see_jobs;
	struct str jobs; /* how many wait for somebody */
};
void audit_view(struct html *h, const struct audit_view *v);
#endif
