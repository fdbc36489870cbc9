/* accounts.h - people who sign in: roles at posts, sessions, invitations, passwords and recovery.
 * Pages: /sign-in, /accounts/me, /invitations/open, and what a member of a post may do for others there. */
#ifndef ADEM_ACCOUNTS_H
#define ADEM_ACCOUNTS_H
#include "http/http.h"

/* Held per post; c->roles is all of them together. */
enum role {
	ROLE_RESIDENT = 1,
	ROLE_HEAD = 2, /* of an RT or RW */
	ROLE_FIGURE = 4,
	ROLE_MEDIATOR = 8,
	ROLE_OFFICER = 16, /* Bhabinkamtibmas */
	ROLE_DESK = 32,    /* duty desk, 110 operator */
	ROLE_COMMAND = 64, /* Kapolsek, Kapolres */
	ROLE_PRESS = 128,
	ROLE_ADMIN = 256,
	/* who answers alerts and reads what is sealed to the post */
	ROLES_READER = ROLE_HEAD | ROLE_MEDIATOR | ROLE_OFFICER | ROLE_DESK | ROLE_COMMAND,
	/* who works on cases of police and neighbourhood */
	ROLES_ANSWER = ROLE_HEAD | ROLE_OFFICER | ROLE_DESK | ROLE_COMMAND,
};

/* A post the signed-in person belongs to. */
struct membership {
	int64_t id, post_id, place_id;
	unsigned roles;
	struct str post_name, post_kind;
};

/* The signed-in person: c->session->more points to it. */
struct accounts_session {
	struct str name;
	struct membership *posts;
	size_t posts_count;
};

/* The signed-in person, or NULL. */
const struct accounts_session *accounts_signed_in(const struct ctx *c);
/* The membership at POST_ID of the signed-in person, or NULL. */
const struct membership *accounts_at_post(const struct ctx *c, int64_t post_id);
/* The router's hook: fills c->account_id, roles, session, lang and region from the cookie, or leaves them empty. */
MUST_CHECK enum err accounts_identify(struct ctx *c, const struct request *q);

/* For "adem demo" and tests: an account with keys and password, no invitation. *id and its key pair come back. */
struct account_new {
	struct str name, phone, password;
	enum lang lang;
	bool cheap; /* the least password cost: demo and tests */
};
MUST_CHECK enum err accounts_create(
	struct ctx *c, const struct account_new *what, int64_t *id, uint8_t public_key[32], uint8_t secret_key[32]);
MUST_CHECK enum err accounts_join(
	struct ctx *c, int64_t account_id, int64_t post_id, unsigned roles, int64_t *membership_id);
/* For "adem account invite" and "adem account reset": makes the code that is printed once. */
MUST_CHECK enum err accounts_invite(struct ctx *c, int64_t post_id, unsigned roles, struct str name, struct str *code);
MUST_CHECK enum err accounts_reset(struct ctx *c, int64_t account_id, struct str *code);
/* Finds an account by name or phone number over all regions; sets c->region. ERR_NOT_FOUND. */
MUST_CHECK enum err accounts_find(struct ctx *c, struct str name_or_phone, int64_t *id);
/* Word keys of the role bits, in order of bits, for lists of roles ("Bhabinkamtibmas", "RW head", …). */
extern const char *const accounts_role_names[9];
/* Codes in the same order: "resident head figure mediator officer desk command press admin"; 0 for none of them. */
unsigned accounts_role_of(struct str code);
#endif
