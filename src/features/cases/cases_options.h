/* cases_options.h - what the pages of cases share. */
#ifndef ADEM_CASES_OPTIONS_H
#define ADEM_CASES_OPTIONS_H
#include "features/cases/cases_views.h"

/* What somebody did about a tension: codes (kinds of entries) and word keys; NULL ends the lists. */
extern const char *const action_codes[], *const action_names[];
/* The word key of what a post sees of a case's state: while it is open that of its call, null for none. One word for one state,
 * wherever it stands. */
const char *cases_state_name(struct str state, struct str alert_state);
/* POST was asked to take a call over, and is waited for; UNTIL_MS 0: it is late. */
struct str cases_asked_text(struct ctx *c, struct str post, int64_t until_ms);
/* The question whether a closing case is calm, or who is waited for. SHARED: for a row that all its posts are shown. */
MUST_CHECK enum err cases_confirm_of(
	struct ctx *c, int64_t case_id, struct str csrf, bool shared, struct case_confirm *out);
/* One case in a list. */
struct case_line cases_line(struct ctx *c, int64_t id, struct str place, struct str level, struct str why,
	struct str state, struct str alert_state, int64_t opened_ms);
#endif
