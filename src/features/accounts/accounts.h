/* accounts.h - people who sign in: roles at posts, sessions, invitations, passwords and recovery.
 * Pages: /sign-in, /accounts/me, /invitations/open, and what a member of a post may do for others there. */
#ifndef ADEM_ACCOUNTS_H
#define ADEM_ACCOUNTS_H
#include "features/frame/roles.h"
#include "http/http.h"
#include "vault/codes.h"

/* Set once at start from the configuration. */
extern struct accounts_settings {
	int64_t session_ms;
	int64_t idle_ms;   /* a session that nobody uses ends after so long */
	struct str region; /* that visitors meet first; empty: the first there is */
	bool cheap;        /* the least password cost: tests */
	int proof_bits;    /* work that a sign-in costs after too many wrong ones (accounts_door.h) */
} accounts_settings;

/* A post the signed-in person belongs to. */
struct membership {
	int64_t id, post_id, place_id, parent_id; /* parent 0: none */
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

/* The router's hooks. Identify fills c->account_id, roles, session, lang and region from the cookie, or region and
 * lang alone: always so where the route is ROUTE_NOBODY. */
MUST_CHECK enum err accounts_identify(struct ctx *c, const struct request *q);
MUST_CHECK enum err accounts_refused(struct ctx *c, const struct request *q);
MUST_CHECK enum err accounts_speaks(struct ctx *c, enum lang lang);
MUST_CHECK enum err accounts_used(struct ctx *c);
/* Whether the browser still has the cookie of a session that has ended. */
bool accounts_has_ended(const struct ctx *c, const struct request *q);
/* When a session ends: at EXPIRES_MS, or earlier when nobody uses it after SEEN_MS, but not in the middle of a duty of its
 * account's. What is more than ACCOUNTS_SOON_MS away may be later than *UNTIL_MS says. */
enum { ACCOUNTS_SOON_MS = 30 * 60 * 1000 };
MUST_CHECK enum err accounts_session_until(
	struct ctx *c, int64_t account_id, int64_t seen_ms, int64_t expires_ms, int64_t *until_ms);

/* "0812 3456" or "+62 812-3456" to +628123456; false when it is no phone number. */
bool accounts_phone(struct arena *mem, struct str typed, struct str *phone);
enum { ACCOUNTS_NAME_MAX = 80 };
/* Whether TYPED, bytes from anywhere, may be a person's name or what somebody signs in by, as the field of a form says it:
 * one line of 1 to ACCOUNTS_NAME_MAX characters. Then *NAME is what is kept of it. */
bool accounts_name_fits(struct arena *mem, struct str typed, struct str *name);
/* Finds an account by name or phone number in all regions; sets c->region when found. */
MUST_CHECK enum err accounts_find(struct ctx *c, struct str name_or_phone, int64_t *id, bool *found);
/* Does somebody sign in by this name or phone number already? */
MUST_CHECK enum err accounts_name_taken(struct ctx *c, struct str typed, bool *taken);

struct account_new {
	struct str name, phone, password; /* phone: as accounts_phone() made it, or empty */
	enum lang lang;
	bool cheap;      /* the least password cost: tests, and the making of a demo */
	struct str salt; /* 16 bytes; the same each time the request is run again */
};
/* Makes an account *id (chosen by the caller) with PAIR. *recovery is its recovery code, shown once. May pass up
 * ERR_WAIT. */
MUST_CHECK enum err accounts_create(
	struct ctx *c, const struct account_new *what, const struct key_pair *pair, int64_t *id, struct str *recovery);
/* Makes somebody a member of a post, who may hold these roles there (accounts_grants.h). Keys are given apart from
 * it (circles.h). */
MUST_CHECK enum err accounts_join(
	struct ctx *c, int64_t account_id, int64_t post_id, unsigned roles, int64_t *membership_id);
/* Ends a membership: C's own, or of somebody over all of whose roles C's account has a say. The post's circle gets a
 * new key pair, the open invitations that the person made end, and so do their open boards. ERR_CONFLICT when nobody
 * who stays would hold the key. */
MUST_CHECK enum err accounts_remove(struct ctx *c, int64_t membership_id);
/* The same for other roles; ERR_DENIED for one's own. */
MUST_CHECK enum err accounts_set_roles(struct ctx *c, int64_t membership_id, unsigned roles);

/* Gives the post's key to a member who reads there, from C's session. Who belongs to the post above gets it from a
 * member of the post itself only: keepers have no right to let themselves in. */
MUST_CHECK enum err accounts_give_key(struct ctx *c, int64_t membership_id, int64_t *post_id);

/* Is this the account's password? Then SECRET_KEY is its private key. In a write transaction that is to be committed
 * whatever comes of it: the audit says what was wrong. How often it may be tried, the route says (ROUTE_GUESS). May pass
 * up ERR_WAIT. */
MUST_CHECK enum err accounts_try_password(
	struct ctx *c, int64_t account_id, struct str password, uint8_t secret_key[VAULT_KEY_BYTES], bool *good);
/* The same by name or phone number; a name that nobody has takes as long, and C stays in its region, so that the answer
 * to a wrong one tells nothing. */
MUST_CHECK enum err accounts_sign_in_try(struct ctx *c, struct str name, struct str password, int64_t *account_id,
	uint8_t secret_key[VAULT_KEY_BYTES], bool *good);
/* Starts a session and sets its cookie, and the device's. */
MUST_CHECK enum err accounts_start_session(struct ctx *c, const struct request *q, struct response *r,
	int64_t account_id, const uint8_t secret_key[VAULT_KEY_BYTES]);
/* Ends all sessions of an account but KEPT_ID (0: none), and its open boards. */
MUST_CHECK enum err accounts_end_sessions(struct ctx *c, int64_t account_id, int64_t kept_id);
/* Ends the session, or all sessions of the account; open boards close. */
MUST_CHECK enum err accounts_end_session(struct ctx *c, struct response *r, bool everywhere);

/* An invitation, or the reset of an account, as its code opens it. */
struct invitation {
	int64_t id, post_id, account_id; /* account_id: a reset of this account */
	int64_t made_by;                 /* 0: the command line */
	unsigned roles;
	struct str name;
	const struct invitation_code *code; /* secret; wiped with the request */
};
/* Makes an invitation to roles that C's account may give there; *code is shown once. It ends when its maker's rights
 * do. If the session holds the post's key, the key travels with it, sealed to the code. */
MUST_CHECK enum err accounts_invite(struct ctx *c, int64_t post_id, unsigned roles, struct str name, struct str *code);
/* Takes an open invitation back, and the keys that travel with it. *post_id is its post. */
MUST_CHECK enum err accounts_uninvite(struct ctx *c, int64_t invitation_id, int64_t *post_id);
/* Makes a reset, for "adem account reset": without password and recovery code the account's keys are lost, and the
 * members of its posts give them anew. */
MUST_CHECK enum err accounts_reset(struct ctx *c, int64_t account_id, struct str *code);
/* What a typed code opens; sets c->region. ERR_INPUT with a message when it opens nothing. */
MUST_CHECK enum err accounts_invitation_read(struct ctx *c, struct str typed, struct invitation *out);
/* A new person accepts: account, membership, keys. PAIR is the account's, for a first session. */
MUST_CHECK enum err accounts_accept(struct ctx *c, const struct invitation *what, const struct account_new *who,
	int64_t *account_id, struct key_pair *pair, struct str *recovery);
/* The signed-in person accepts a further post. */
MUST_CHECK enum err accounts_join_invited(struct ctx *c, const struct invitation *what);
/* A reset is used: new password, new key pair, new recovery code; all sessions end. */
MUST_CHECK enum err accounts_reset_use(
	struct ctx *c, const struct invitation *what, struct str password, struct key_pair *pair, struct str *recovery);

/* Wraps the private key anew under another password. */
MUST_CHECK enum err accounts_set_password(
	struct ctx *c, int64_t account_id, struct str password, const uint8_t secret_key[VAULT_KEY_BYTES]);
/* A new recovery code; the old one stops working. */
MUST_CHECK enum err accounts_new_recovery(
	struct ctx *c, int64_t account_id, const uint8_t secret_key[VAULT_KEY_BYTES], struct str *code);
/* The same for whoever is signed in: it works after a day, and the old one until then, so that who only found a phone open
 * does not take the account over before its person sees it. Audited, told. */
MUST_CHECK enum err accounts_fresh_recovery(
	struct ctx *c, int64_t account_id, const uint8_t secret_key[VAULT_KEY_BYTES], struct str *code);
/* Drops the one of C's account that does not work yet. ERR_CONFLICT: none waits. */
MUST_CHECK enum err accounts_cancel_recovery(struct ctx *c);
/* Who forgot the password has the recovery code: SECRET_KEY is the account's. ERR_INPUT when they do not belong
 * together: then C stays in its region, and as much was done for a name that nobody has. */
MUST_CHECK enum err accounts_recover(
	struct ctx *c, struct str name, struct str code, int64_t *account_id, uint8_t secret_key[VAULT_KEY_BYTES]);

/* Codes of the role bits, in order of bits; NULL ends the list. Word keys in the same order. */
extern const char *const accounts_role_codes[];
extern const char *const accounts_role_names[];
/* The bit of a code; 0 for none of them. */
unsigned accounts_role_of(struct str code);
/* "Bhabinkamtibmas, Chief" in the language of C. */
struct str accounts_role_list(struct ctx *c, unsigned roles);

/* Every quarter of an hour: sessions that have ended are forgotten, and the keys wrapped in them. */
enum err accounts_forget_sessions_job(struct ctx *c, int64_t unused);
/* Daily: what happened to an account is forgotten when it was seen long ago. */
enum err accounts_forget_notices_job(struct ctx *c, int64_t unused);
#endif
