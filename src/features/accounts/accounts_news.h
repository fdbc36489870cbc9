/* accounts_news.h - what happened to an account: its password, its codes, its roles. It is told on every device of the
 * person until they say there that they have seen it, so that whoever acts behind their back is noticed, also where they
 * have a device of their own. */
#ifndef ADEM_ACCOUNTS_NEWS_H
#define ADEM_ACCOUNTS_NEWS_H
#include "base/clock.h"
#include "http/http.h"

/* Every kind: its constant, its code in the row, and what the person reads. */
#define ACCOUNTS_NEWS(X)                                                                                               \
	X(NEWS_PASSWORD, "password", N_("Your password was changed."))                                                 \
	X(NEWS_RECOVERY_MADE, "recovery_made", N_("A new recovery code was made for you. It works after a day."))      \
	X(NEWS_RECOVERY_CANCELLED, "recovery_cancelled",                                                               \
		N_("The new recovery code was cancelled. The one of before still works."))                             \
	X(NEWS_RECOVERED, "recovered", N_("Somebody got in with your recovery code and set a new password."))          \
	X(NEWS_RESET_MADE, "reset_made", N_("Whoever runs Adem here made a code that sets a new password for you."))   \
	X(NEWS_RESET, "reset", N_("Your account was reset: it has a new password and a new key."))                     \
	X(NEWS_JOINED, "joined", N_("You joined {post} as: {roles}."))                                                 \
	X(NEWS_ROLES, "roles", N_("Your roles at {post} are now: {roles}."))                                           \
	X(NEWS_REMOVED, "removed", N_("You do not belong to {post} any more."))                                        \
	X(NEWS_KEY, "key", N_("You were given the key of {post}."))

#define NEWS_CONSTANT(constant, code, words) constant,
enum news { ACCOUNTS_NEWS(NEWS_CONSTANT) NEWS_COUNT };
#undef NEWS_CONSTANT
/* For so long every session is told of what happened to the account's secrets, whoever has seen it elsewhere. */
static const int64_t NEWS_OF_SECRETS_MS = 7 * DAY_MS;

/* Tells ACCOUNT_ID, in the transaction of what happened. POST_ID 0, ROLES 0: it is about none. Who did it is c->account_id. */
MUST_CHECK enum err accounts_tell(struct ctx *c, int64_t account_id, enum news kind, int64_t post_id, unsigned roles);

struct accounts_news_line {
	struct str text, when, by; /* BY empty: themselves */
};
/* What C's account has not said yet that it has seen, newest first; *LAST is the newest. */
MUST_CHECK enum err accounts_news(struct ctx *c, struct accounts_news_line **lines, size_t *count, int64_t *last);
#endif
