/* accounts_password.h - which passwords are refused because somebody who wants in would try them early. */
#ifndef ADEM_ACCOUNTS_PASSWORD_H
#define ADEM_ACCOUNTS_PASSWORD_H
#include "http/form.h"

/* What everybody knows who tries the demo; allowed in a demo region alone. */
#define ACCOUNTS_DEMO_PASSWORD "adem-malam-ini"

enum { ACCOUNTS_KNOWN_MAX = 128 };

/* What is known of whoever chooses a password: their names, numbers, posts and places, word by word. Begins as zeros. */
struct accounts_known {
	struct str words[ACCOUNTS_KNOWN_MAX];
	size_t count;
};

/* A name, a phone number, or other text. */
void accounts_know_text(struct ctx *c, struct accounts_known *k, struct str text);
/* A post's name, and the names of its place and of those above it. */
MUST_CHECK enum err accounts_know_post(struct ctx *c, struct accounts_known *k, struct str name, int64_t place_id);
/* An account's name, number and posts. */
MUST_CHECK enum err accounts_know_account(struct ctx *c, struct accounts_known *k, int64_t account_id);

/* Refuses PASSWORD at FIELD of Q's form, with the reason and what helps, if it is too easy to guess. Costs a few milliseconds and
 * is asked before any password is hashed, and before a guess is counted: it says nothing of what is stored. */
MUST_CHECK enum err accounts_check_password(
	struct ctx *c, const struct request *q, const char *field, struct str password, const struct accounts_known *k);
#endif
