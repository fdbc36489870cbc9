/* accounts_news.h - what happened to an account: its password, its codes, its roles. It is told on every device of the
 * person until they say that they have seen it, so that whoever acts behind their back is noticed. */
#ifndef ADEM_ACCOUNTS_NEWS_H
#define ADEM_ACCOUNTS_NEWS_H
#include "http/http.h"

#define NEWS_PASSWORD           "password"
#define NEWS_RECOVERY_MADE      "recovery_made"
#define NEWS_RECOVERY_CANCELLED "recovery_cancelled"
#define NEWS_RECOVERED          "recovered"
#define NEWS_RESET_MADE         "reset_made"
#define NEWS_RESET              "reset"
#define NEWS_JOINED             "joined"
#define NEWS_ROLES              "roles"
#define NEWS_REMOVED            "removed"
#define NEWS_KEY                "key"

/* Tells ACCOUNT_ID, in the transaction of what happened. POST_ID 0, ROLES 0: it is about none. Who did it is c->account_id. */
MUST_CHECK enum err accounts_tell(struct ctx *c, int64_t account_id, const char *kind, int64_t post_id, unsigned roles);

struct accounts_news_line {
	struct str text, when, by; /* BY empty: themselves */
};
/* What C's account has not said yet that it has seen, newest first; *LAST is the newest. */
MUST_CHECK enum err accounts_news(struct ctx *c, struct accounts_news_line **lines, size_t *count, int64_t *last);
#endif
