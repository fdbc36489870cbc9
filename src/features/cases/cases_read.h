/* cases_read.h - parts of pages about a case that show sealed texts. */
#ifndef ADEM_CASES_READ_H
#define ADEM_CASES_READ_H
#include "features/cases/cases_seen.h"
#include "features/cases/cases_views.h"

/* The word of a code, by one of the lists of cases.h; empty where there is none. */
struct str cases_name_of(struct ctx *c, const char *const *codes, const char *const *names, struct str code);
/* A sealed field; *sealed when this person's keys do not open it. */
MUST_CHECK enum err cases_open_field(
	struct ctx *c, const char *subject, int64_t id, const char *field, struct str *text, bool *sealed);
/* One report without its thread. Whether the person may see it has been asked (cases_check_report). */
MUST_CHECK enum err cases_read_report(struct ctx *c, int64_t report_id, struct case_report *to);
/* The reports and the timeline of v->id that the person sees, newest first, a page of each: Q may say from where on
 * (reports_before, entries_before). */
MUST_CHECK enum err cases_read_reports(struct ctx *c, const struct request *q, struct case_view *v);
/* v->words, of the reports that were read. */
void cases_last_words(struct ctx *c, struct case_view *v);
MUST_CHECK enum err cases_read_entries(struct ctx *c, const struct request *q, struct case_view *v);
#endif
