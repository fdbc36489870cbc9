/* accounts_lineage.h - whether two accounts are two people, for every rule that needs two: who agrees to an end, who
 * confirms a closing. Whoever invites a puppet and accepts the invitation themselves is one person with two accounts. So an
 * account counts together with the one it was invited by, at any depth, and with all others that came through the same
 * hands, however long apart and into whatever posts: who wants two accounts has time. Until a third person says that they
 * know its holder: then it stands for itself, and those it invited count with it. Accounts that the operator made stand for
 * themselves. */
#ifndef ADEM_ACCOUNTS_LINEAGE_H
#define ADEM_ACCOUNTS_LINEAGE_H
#include "base/err.h"

/* Do A and B count as one person? So does an account with itself; 0 is nobody, and one with none. */
MUST_CHECK enum err accounts_one_person(struct ctx *c, int64_t a, int64_t b, bool *one);
/* Whether ACCOUNT_ID came through ABOVE, at any depth, and no third person has vouched on the way. */
MUST_CHECK enum err accounts_came_through(struct ctx *c, int64_t account_id, int64_t above, bool *came);
/* UNVOUCHED: somebody invited the holder of ACCOUNT_ID, and nobody has said yet that they know them. Whether C's account MAY
 * (NULL: is not asked): then it is one person neither with them nor with whoever invited them. */
MUST_CHECK enum err accounts_may_vouch(struct ctx *c, int64_t account_id, bool *unvouched, bool *may);
/* C's account says so, as a keeper of the post of the membership or of the post above. Audited. ERR_DENIED: it may not. */
MUST_CHECK enum err accounts_vouch(struct ctx *c, int64_t membership_id, int64_t *post_id);
#endif
