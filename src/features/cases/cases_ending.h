/* cases_ending.h - how a case ended, or is ending, in one sentence: the same on its page, its row and in a reporter's thread. */
#ifndef ADEM_CASES_ENDING_H
#define ADEM_CASES_ENDING_H
#include "features/cases/cases.h"

struct cases_ending {
	/* Its call has ended, by who had it and was there, or by two: calm_there, calm_agreed, nothing_there, nothing_agreed.
	 * Then closing; closed, by two; closed_by_reporters; flood, which one proposed and one agreed to. NULL: it goes on. */
	const char *how;
	int64_t at_ms;
	struct str text; /* with the time and who */
};
/* ALERT_ID: the call that the viewer sees, 0: the one that ended last. REPORT_ID: for its reporter, who reads names of posts that
 * read the report, and of nobody else; 0: for members, who read names of people. */
MUST_CHECK enum err cases_ending(
	struct ctx *c, int64_t case_id, int64_t alert_id, int64_t report_id, struct cases_ending *out);
/* That somebody asks to close it, or that it is closed; "" while it is open. For members. */
MUST_CHECK enum err cases_closing_text(struct ctx *c, int64_t case_id, struct str *text);
#endif
