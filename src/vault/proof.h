/* proof.h - form tokens and proof of work: what a form asks of somebody who has no name. The server remembers nothing: the
 * token says when the form was made and how much work it costs, and a keyed hash from the pepper shows that it is ours.
 *
 * A token is 56 characters of base64url: of 1 byte format (1), 8 bytes time (ms, big-endian), 16 random bytes, 1 byte bits,
 * 16 bytes keyed hash.
 *
 * The work: find an answer of 1 to 32 characters out of A-Z a-z 0-9 - _ so that the first BITS bits of
 *	SHA-256( the 56 characters of the token, then the characters of the answer )
 * are zero; bits are counted from the most significant bit of the first byte. Both are hashed as the ASCII bytes that
 * travel in the form, with nothing between or behind them. Counting up "0", "1", "2", … in decimal does it, after 2^BITS
 * tries on average. Example: docs/decisions/0204. Whoever has no script leaves the answer empty and waits instead. */
#ifndef ADEM_VAULT_PROOF_H
#define ADEM_VAULT_PROOF_H
#include "base/str.h"
#include "vault/vault.h"

enum { PROOF_TEXT_BYTES = 56, PROOF_RANDOM_BYTES = 16, PROOF_BITS_MAX = 26, PROOF_ANSWER_BYTES_MAX = 32 };

enum proof_result {
	PROOF_OK,
	PROOF_FORGED,    /* not a token of ours, or made for another form */
	PROOF_EXPIRED,   /* too old: give a new form and keep what was typed */
	PROOF_TOO_EARLY, /* no answer, and not yet waited long enough */
	PROOF_WRONG,     /* the answer does not solve it */
};

/* What a form asks of its tokens. Whoever waits instead of working waits longer for a token of more bits, and must come soon:
 * tokens that may be collected for hours would let somebody send thousands at once that cost nothing. */
struct proof_terms {
	const char *form;          /* a short constant, such as "reports" */
	int bits;                  /* of a token in quiet times; one of a busy network has more */
	int64_t age_max_ms;        /* of a token that comes with an answer */
	int64_t wait_ms;           /* without an answer: at least so old … */
	int64_t wait_more_ms;      /* … and as much more for each bit above BITS … */
	int64_t waited_age_max_ms; /* … and at most so old */
};

/* What a token said, once it is known to be ours (any result but PROOF_FORGED). */
struct proof {
	int64_t made_ms;
	int bits;
	bool waited;                        /* it passed without work that others had to do */
	uint8_t random[PROOF_RANDOM_BYTES]; /* for vault_receipt_from_token(); secret */
	uint8_t hash[VAULT_HASH_BYTES];     /* of the token, for report_tokens.token */
};

/* A token for FORM (a short constant, such as "reports"), made now, that asks for BITS of work (0: none, not even waiting). */
void vault_proof_new(
	const struct vault *v, const char *form, int bits, int64_t now_ms, char text[PROOF_TEXT_BYTES + 1]);
/* Whether TOKEN may pass: it is ours and for the form of TERMS, not too old, and either ANSWER solves it, or ANSWER is empty
 * and the time to wait has passed. That it is used once is for the database to see to (PROOF->hash). A token of another host
 * whose clock is up to five minutes ahead passes as made now. */
MUST_CHECK enum proof_result vault_proof_check(const struct vault *v, const struct proof_terms *terms, struct str token,
	struct str answer, int64_t now_ms, struct proof *proof);
/* How long a token of BITS is to be waited for. */
int64_t vault_proof_wait_ms(const struct proof_terms *terms, int bits);
/* For clients without a browser and load tests: does the work. False when TOKEN has not the shape of one. */
MUST_CHECK bool vault_proof_solve(struct str token, char answer[PROOF_ANSWER_BYTES_MAX + 1]);
#endif
