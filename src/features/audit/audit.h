/* audit.h - who did what, for command and admin. Append-only: each row carries the hash of the one before it in its
 * region, keyed with the pepper, so that a changed or missing row shows, also to who can write the database. That rows
 * were cut off at the end, together with an older copy of the head, only a head noted outside shows: "adem check" and the
 * log tell it each day. Nothing a person wrote or is called stands in it: ids and codes. */
#ifndef ADEM_AUDIT_H
#define ADEM_AUDIT_H
#include "http/http.h"
#include "vault/vault.h"

/* Appends a row in the caller's write transaction; a failure fails the whole. ACTION is one of the constants below,
 * SUBJECT a table name, DETAIL codes and numbers only (at most 200 bytes; may be empty). WHO is c->account_id. */
MUST_CHECK enum err audit_note(
	struct ctx *c, const char *action, const char *subject, int64_t subject_id, struct str detail);
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

#define AUDIT_SIGN_IN        "sign_in"
#define AUDIT_SIGN_IN_FAILED "sign_in_failed"
#define AUDIT_SIGN_OUT       "sign_out"
#define AUDIT_DENIED         "denied"
#define AUDIT_BOX_OPENED     "box_opened"
#define AUDIT_INVITED        "invited"
#define AUDIT_UNINVITED      "invitation_ended"
#define AUDIT_JOINED         "joined"
#define AUDIT_ROLES          "roles_changed"
#define AUDIT_REMOVED        "member_removed"
#define AUDIT_KEY_GIVEN      "key_given"
#define AUDIT_KEY_RENEWED    "key_renewed"
#define AUDIT_VOUCHED        "vouched"
#define AUDIT_PASSWORD       "password_changed"
#define AUDIT_RECOVERED      "recovered"
#define AUDIT_RECOVERY       "recovery_code_made"
#define AUDIT_RESET          "account_reset"
#define AUDIT_LADDER         "ladder_changed"
#define AUDIT_DUTY           "duty_changed"
#define AUDIT_PHONE          "phone_changed"
#define AUDIT_JOB            "job_retried"
#define AUDIT_SPLIT          "case_split"
#define AUDIT_FLOOD          "flood"
#define AUDIT_KEYED          "audit_keyed"
#endif
