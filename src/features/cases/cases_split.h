/* cases_split.h - reports that joined a case and do not belong to it go into one of their own. Moving gives no key to
 * anybody and takes none away: whoever could open a report still can, and the posts among them that take part in the
 * case take part in the new one. It is of the same kind (spares the neighbourhood or not), and nobody has it: the caller
 * raises its call at once (alerts_split.h). Every call of the old case stays there as it was, and so does its level:
 * what it was called for is not lighter because a report was elsewhere. */
#ifndef ADEM_CASES_SPLIT_H
#define ADEM_CASES_SPLIT_H
#include "features/cases/cases_seen.h"

/* Reports of a case of which the signed-in person says that they do not belong to it. */
struct cases_apart {
	const int64_t *ids;
	size_t count;
	int64_t lead_id, place_id; /* the gravest of them, of equal ones the earliest, and where that is */
	enum level level;          /* … its level and reason */
	enum trigger why;
	bool spares;
};
/* Whether they can be taken out: the case is open or to be confirmed, the person reads each of them, and one that they
 * read stays, or the case was opened by hand. ERR_DENIED for a report that they do not see, ERR_CONFLICT otherwise. */
MUST_CHECK enum err cases_apart(
	struct ctx *c, int64_t case_id, const int64_t *ids, size_t count, struct cases_apart *apart);
/* Whether there is anything that the person could take out. */
MUST_CHECK enum err cases_may_split(struct ctx *c, const struct case_seen *seen, bool *may);
/* Takes them out as member of POST_ID, in the caller's write transaction: *APART afterwards is of the moment in which
 * the case was taken, *ID is the new case. Two splits at once, or a split and a join, come one after the other. */
MUST_CHECK enum err cases_split(
	struct ctx *c, int64_t case_id, int64_t post_id, struct cases_apart *apart, int64_t *id);
/* The posts that can open one of the reports or will be called for it, each once. */
MUST_CHECK enum err cases_apart_readers(
	struct ctx *c, const struct cases_apart *apart, struct cases_reader **readers, size_t *readers_count);
/* Since when the posts have been called for REPORT anew, because it was taken out of another case; 0: it was not. */
MUST_CHECK enum err cases_called_anew(struct ctx *c, int64_t case_id, int64_t report_created_ms, int64_t *since_ms);
/* Where a case was split off from, if the post takes part there; 0: nowhere. */
MUST_CHECK enum err cases_split_origin(struct ctx *c, int64_t case_id, int64_t post_id, int64_t *from_id);
#endif
