/* circles.h - who can open what, by keys. A circle is the key pair of a post's readers; a box is text sealed to
 * circles and, for what a reporter may read, to the key of the receipt. Cryptography is in vault/, rows are here.
 *
 * A member who reads holds the private keys of the post's circles sealed to their own key; a session holds the member's
 * own private key (c->session->secret_key). Every opening of a box by a member is written to the audit. */
#ifndef ADEM_CIRCLES_H
#define ADEM_CIRCLES_H
#include "base/err.h"
#include "vault/keys.h"

/* One field of a row to be sealed, such as { "text", … } of subject "reports". */
struct box_field {
	const char *field;
	struct str text;
};
/* What a box belongs to: a table and the id of its row. */
struct box_of {
	const char *subject;
	int64_t subject_id;
};

/* Makes generation 1 of POST_ID's circle. Its private key is sealed to the circle of the parent post (PARENT_ID; 0:
 * none, as for a mediation forum), so that keepers there can give it to a first member. *secret (may be NULL)
 * receives the private key, for whoever makes the post to give on; wipe it. */
MUST_CHECK enum err circles_create(struct ctx *c, int64_t post_id, int64_t parent_id, uint8_t secret[VAULT_KEY_BYTES]);
/* Gives every generation that the session can open (as member, or as member of the parent post) to a HOLDER
 * "account" or "invitation". ERR_DENIED when the session can open none. A post without any circle gets one. */
MUST_CHECK enum err circles_give(struct ctx *c, int64_t post_id, const char *holder, int64_t holder_id,
	const uint8_t public_key[VAULT_KEY_BYTES]);
/* For whoever just made the post: gives the newest generation, whose private key is SECRET, to an account. */
MUST_CHECK enum err circles_give_secret(struct ctx *c, int64_t post_id, const uint8_t secret[VAULT_KEY_BYTES],
	int64_t account_id, const uint8_t public_key[VAULT_KEY_BYTES]);
/* Passes what was sealed to an invitation (its key pair known from the code) on to the account that accepted it. */
MUST_CHECK enum err circles_accept(struct ctx *c, int64_t invitation_id,
	const uint8_t invitation_public[VAULT_KEY_BYTES], const uint8_t invitation_secret[VAULT_KEY_BYTES],
	int64_t account_id, const uint8_t public_key[VAULT_KEY_BYTES]);
/* Gives a post that nobody reads a key pair that ACCOUNT_ID alone holds (and the parent's circle): a new generation. */
MUST_CHECK enum err circles_begin(
	struct ctx *c, int64_t post_id, int64_t account_id, const uint8_t public_key[VAULT_KEY_BYTES]);
/* All keys of an account whose key pair is lost go; members have to give them again. */
MUST_CHECK enum err circles_forget_account(struct ctx *c, int64_t account_id);
/* The keys that lie sealed to an invitation which ends unused. */
MUST_CHECK enum err circles_forget_invitation(struct ctx *c, int64_t invitation_id);
/* Daily: the same for all invitations that were used, ended or have expired. */
enum err circles_sweep_job(struct ctx *c, int64_t unused);
/* Takes ACCOUNT_ID's keys of the post away and makes a new generation for the parent and for those who held a key
 * and are members with a reading role now. To be called when ACCOUNT_ID is none of them any more. Jobs do the same
 * for the posts below, whose keys could be opened from here. */
MUST_CHECK enum err circles_renew(struct ctx *c, int64_t post_id, int64_t account_id);
/* The kind of job that follows from it: the same for a post below, unless its newest key was made since. */
enum err circles_renew_job(struct ctx *c, int64_t post_id);
/* A post, by number and name. */
struct circle_post {
	int64_t id;
	struct str name;
};
/* For "adem check": posts of c->region that have members who may read, of whom none holds the newest key. What is
 * sealed to such a post opens for nobody until a member of the post above gives the key. */
MUST_CHECK enum err circles_holderless(struct ctx *c, struct circle_post **rows, size_t *rows_count);
/* Whether the account holds the newest generation of the post's circle. */
MUST_CHECK enum err circles_holds(struct ctx *c, int64_t post_id, int64_t account_id, bool *holds);

/* Seals FIELDS of one row to the newest circle of each post and, if RECEIPT_PUBLIC is not NULL, to the receipt of
 * REPORT_ID. Fields with empty text make no box. One content key serves the row: seal all its fields in one call. */
MUST_CHECK enum err circles_seal(struct ctx *c, struct box_of of, const struct box_field *fields, size_t fields_count,
	const int64_t *post_ids, size_t posts_count, int64_t report_id, const uint8_t *receipt_public);
/* Lets further posts open a row that the session can open (a case handed over, a joined case). The caller writes the
 * audit, one row for all that it shares. */
MUST_CHECK enum err circles_share(struct ctx *c, struct box_of of, const int64_t *post_ids, size_t posts_count);
/* From here on a page opens texts of WHAT, such as a case: its audit row says so. */
MUST_CHECK enum err circles_reading(struct ctx *c, struct box_of what);
/* Opens a field for the signed-in member. *text has p == NULL when there is no such box or it was withdrawn. ERR_DENIED
 * when no key of the session opens it. One audit row for all that a page opens, with counts, is written before the
 * answer is sent. */
MUST_CHECK enum err circles_open(struct ctx *c, struct box_of of, const char *field, struct str *text);
/* Opens a field with the pair of a receipt; not audited: the reporter reads their own thread. */
MUST_CHECK enum err circles_open_receipt(struct ctx *c, struct box_of of, const char *field, int64_t report_id,
	const struct key_pair *receipt, struct str *text);
/* Withdraws: empties all boxes of the row and deletes their keys. */
MUST_CHECK enum err circles_withdraw(struct ctx *c, struct box_of of);
/* For "adem check": boxes in c->region, and how many of them no current member of any post can open. PROGRESS,
 * which may be NULL, hears how many were looked at; of how many nobody knows yet, so OF is 0. */
MUST_CHECK enum err circles_verify(struct ctx *c, int64_t *boxes, int64_t *unreadable,
	void (*progress)(void *arg, int64_t done, int64_t of), void *arg);
#endif
