/* cases_confirm.h - who may say that a closing case is calm. Two people say that it is over, and one of them does not have it. */
#ifndef ADEM_CASES_CONFIRM_H
#define ADEM_CASES_CONFIRM_H
#include "features/cases/cases.h"

struct cases_confirming {
	bool may;            /* C's account may */
	bool reporters;      /* the reporters' word closes it too */
	struct str posts;    /* names of the posts of which a member may, with commas; empty: of none */
	struct str accounts; /* those members, where EACH of them was asked for: ids with spaces between */
	struct str outcome;  /* code */
	int64_t asked_ms;    /* when it was asked for */
	int64_t until_ms;    /* when it opens again */
};
/* Of a closing case. EACH: for a row that all its posts are shown; *out says then who may, but not whether C's account does. */
MUST_CHECK enum err cases_confirming(struct ctx *c, int64_t case_id, bool each, struct cases_confirming *out);
/* A closing case that no member of its posts may confirm takes in one post more, of which somebody may: the nearest one
 * above POST_ID, who asks to close it, else the desk nearest to the place. It reads no report by that. */
MUST_CHECK enum err cases_ask_one_more(struct ctx *c, int64_t case_id, int64_t place_id, int64_t post_id);
/* Whether the reporters' words close it, now that one more of them has said yes. */
MUST_CHECK enum err cases_words_close(struct ctx *c, int64_t case_id, bool *close);
#endif
