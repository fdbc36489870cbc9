/* reports.h - one person's word about tension, without a name; the receipt that opens its thread again. */
#ifndef ADEM_REPORTS_H
#define ADEM_REPORTS_H
#include "features/alerts/alerts.h"

struct report_new {
	enum level level;
	enum trigger why;
	enum timing timing;
	int64_t place_id;
	struct str text, contact; /* may be empty */
	bool spares_neighbours;   /* only for potensi and ambang */
	const char *channel;      /* web, api or desk */
	struct str token;         /* form token, already checked; empty: none */
};
struct report_made {
	int64_t id, case_id;
	struct str receipt; /* shown once */
	struct alert_target *readers;
	size_t readers_count;
	bool again; /* the same form was sent before: this is the report made then */
};

/* Seals, opens a case, raises the alert, writes the timeline and enqueues the first deadline, all in the caller's write
 * transaction. The receipt may be shown only after the commit. */
MUST_CHECK enum err reports_create(struct ctx *c, const struct report_new *what, struct report_made *made);
#endif
