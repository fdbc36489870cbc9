/* audit.h - who did what, for command and admin. Append-only: each row carries the hash of the one before it in its
 * region, keyed with the pepper, so that a changed or missing row shows, also to who can write the database. That rows
 * were cut off at the end, together with an older copy of the head, only a head noted outside shows: "adem check" and the
 * log tell it each day. Nothing a person wrote or is called stands in it: ids and codes. */
#ifndef ADEM_AUDIT_H
#define ADEM_AUDIT_H
#include "http/http.h"
#include "vault/vault.h"

/* Every kind of row: its constant, its code in the row, and what the page says of it. */
#define AUDIT_ACTIONS(X)                                                                                               \
	X(AUDIT_SIGN_IN, "sign_in", N_("Signed in"))                                                                   \
	X(AUDIT_SIGN_IN_FAILED, "sign_in_failed", N_("Sign-in failed"))                                                \
	X(AUDIT_SIGN_OUT, "sign_out", N_("Signed out"))                                                                \
	X(AUDIT_DENIED, "denied", N_("Was refused"))                                                                   \
	X(AUDIT_BOX_OPENED, "box_opened", N_("Opened a sealed text"))                                                  \
	X(AUDIT_INVITED, "invited", N_("Invited somebody"))                                                            \
	X(AUDIT_UNINVITED, "invitation_ended", N_("Ended an invitation"))                                              \
	X(AUDIT_JOINED, "joined", N_("Joined a post"))                                                                 \
	X(AUDIT_ROLES, "roles_changed", N_("Changed roles"))                                                           \
	X(AUDIT_REMOVED, "member_removed", N_("Removed a member"))                                                     \
	X(AUDIT_KEY_GIVEN, "key_given", N_("Gave a key"))                                                              \
	X(AUDIT_KEY_RENEWED, "key_renewed", N_("Renewed a key"))                                                       \
	X(AUDIT_VOUCHED, "vouched", N_("Confirmed to know a person"))                                                  \
	X(AUDIT_PASSWORD, "password_changed", N_("Changed the password"))                                              \
	X(AUDIT_RECOVERED, "recovered", N_("Recovered the account"))                                                   \
	X(AUDIT_RECOVERY, "recovery_code_made", N_("Made a recovery code"))                                            \
	X(AUDIT_RESET, "account_reset", N_("Reset an account"))                                                        \
	X(AUDIT_LADDER, "ladder_changed", N_("Changed a ladder"))                                                      \
	X(AUDIT_DUTY, "duty_changed", N_("Changed the roster"))                                                        \
	X(AUDIT_PHONE, "phone_changed", N_("Changed a phone number"))                                                  \
	X(AUDIT_JOB, "job_retried", N_("Had work tried again"))                                                        \
	X(AUDIT_SPLIT, "case_split", N_("Split an incident"))                                                          \
	X(AUDIT_FLOOD, "flood", N_("Ended a flood of reports"))                                                        \
	X(AUDIT_KEYED, "audit_keyed", N_("Locked the record with the key file"))

#define AUDIT_CONSTANT(constant, code, words) constant,
enum audit_action { AUDIT_ACTIONS(AUDIT_CONSTANT) AUDIT_ACTIONS_COUNT };
#undef AUDIT_CONSTANT

/* Appends a row in the caller's write transaction; a failure fails the whole. SUBJECT is a table name, DETAIL codes and
 * numbers only (at most 200 bytes; may be empty). WHO is c->account_id. */
MUST_CHECK enum err audit_note(
	struct ctx *c, enum audit_action action, const char *subject, int64_t subject_id, struct str detail);
/* For the end of a migration, in its write transaction: where the chain of c->region has no keyed row yet it gets one,
 * which from then on vouches for those before it. *NUMBER is that row's, 0 when there was nothing to do. */
MUST_CHECK enum err audit_key(struct ctx *c, int64_t *number);

enum { AUDIT_ANCHOR_BYTES_MIN = 8 };

/* A row that was noted outside of the database: its number and the first BYTES of its hash. */
struct audit_anchor {
	int64_t number;
	uint8_t hash[VAULT_HASH_BYTES];
	size_t bytes;
};
/* "NUMBER:HASH", 16 to 64 hexadecimal digits. */
MUST_CHECK bool audit_anchor_read(struct str text, struct audit_anchor *anchor);
struct str audit_anchor_text(struct arena *mem, int64_t number, const uint8_t hash[VAULT_HASH_BYTES]);

struct audit_verdict {
	int64_t count;                  /* rows that hold */
	uint8_t hash[VAULT_HASH_BYTES]; /* of the last of them */
	int64_t broken_at;              /* the first row that does not; 0: all do */
	const char *why;                /* what is wrong with it, a constant; NULL: nothing */
};
/* Walks the chain of c->region. With ANCHOR (else NULL) that row has to be in it. Outside of transactions: it reads in
 * batches, in its own, and rows may be added meanwhile. PROGRESS (may be NULL) is told after each batch. */
MUST_CHECK enum err audit_verify(struct ctx *c, const struct audit_anchor *anchor, struct audit_verdict *verdict,
	void (*progress)(void *arg, int64_t done, int64_t of), void *arg);
/* A daily job: writes the head of the chain to the log, which is outside of the database. */
enum err audit_tell_head_job(struct ctx *c, int64_t unused);

/* GET /audit: newest first, by page, for command and admin. */
enum err audit_index_page(struct ctx *c, const struct request *q, struct response *r);
#endif
