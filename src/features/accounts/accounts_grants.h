/* accounts_grants.h - what somebody can be at each kind of post, and who makes them so: one table. Whatever gives,
 * takes or hands on a role asks here, with rows that are read again in the transaction that changes them, so that
 * nobody gives what they lost a moment ago. */
#ifndef ADEM_ACCOUNTS_GRANTS_H
#define ADEM_ACCOUNTS_GRANTS_H
#include "base/err.h"
#include "features/frame/roles.h"

/* ROLE at a post of KIND is given by members of the post itself who hold one of BY_OWN, by members of the post above
 * who hold one of BY_ABOVE, and by administrators of the region. */
struct grant {
	const char *kind;
	enum role role;
	unsigned by_own, by_above;
};
extern const struct grant accounts_grants[];
extern const size_t accounts_grants_count;

/* The kind of post whose administrators and chiefs are those of the whole region. */
#define ACCOUNTS_LEADING_KIND "polres"

/* Every role that a kind of post knows. */
unsigned accounts_grantable(struct str kind);
/* Whether one person may hold these roles, at whatever posts: a mediator is nobody's officer. */
bool accounts_fit_together(unsigned roles);

/* What an account may do with roles at a post. TAKES is more than GIVES where somebody holds what the kind of post
 * does not know any more: administrators can take that away. */
struct granting {
	unsigned gives, takes;
};
/* ACCOUNT_ID 0 is the operator's command line, which gives and takes whatever the kind of post knows. Nothing for an
 * account that is disabled. ERR_NOT_FOUND: no such post. */
MUST_CHECK enum err accounts_granting(struct ctx *c, int64_t account_id, int64_t post_id, struct granting *out);
/* Whether the account belongs to the post above. */
MUST_CHECK enum err accounts_is_above(struct ctx *c, int64_t account_id, int64_t post_id, bool *above);
/* ERR_DENIED with a message where C's account may not give all of ROLES at the post. */
MUST_CHECK enum err accounts_check_gives(struct ctx *c, int64_t post_id, unsigned roles);
/* ERR_CONFLICT with a message where the account, with ROLES beside what it holds at all posts but those of
 * MEMBERSHIP_ID (0: none), would be mediator and police at once. */
MUST_CHECK enum err accounts_check_fits(struct ctx *c, int64_t account_id, unsigned roles, int64_t membership_id);
#endif
