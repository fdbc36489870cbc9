/* audit.h - who did what, for command and admin. Append-only: each row carries the hash of the one before it in its
 * region, so that a changed or missing row shows. Nothing a person wrote or is called stands in it: ids and codes. */
#ifndef ADEM_AUDIT_H
#define ADEM_AUDIT_H
#include "http/http.h"

/* Appends a row in the caller's write transaction; a failure fails the whole. ACTION is one of the constants below,
 * SUBJECT a table name, DETAIL codes and numbers only (at most 200 bytes; may be empty). WHO is c->account_id. */
MUST_CHECK enum err audit_note(
	struct ctx *c, const char *action, const char *subject, int64_t subject_id, struct str detail);
/* Recomputes the chain of c->region; *broken_at is the first bad number, 0 when all holds. *count rows were read. */
MUST_CHECK enum err audit_verify(struct ctx *c, int64_t *broken_at, int64_t *count);

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
#define AUDIT_PASSWORD       "password_changed"
#define AUDIT_RECOVERED      "recovered"
#define AUDIT_RESET          "account_reset"
#define AUDIT_LADDER         "ladder_changed"
#define AUDIT_DUTY           "duty_changed"
#define AUDIT_PHONE          "phone_changed"
#define AUDIT_JOB            "job_retried"
#endif
