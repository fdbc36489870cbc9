/* accounts_door.h - who may try a password, and what it costs (http/guess.h): first handlers, the proof of work in the form, and
 * devices that signed in before. */
#ifndef ADEM_ACCOUNTS_DOOR_H
#define ADEM_ACCOUNTS_DOOR_H
#include "http/form.h"

/* Work that a form asks for: hidden fields for proof.js, or waiting. */
struct accounts_proof {
	struct str token; /* empty: none is asked for */
	int bits;
	struct str wait_text; /* seconds, without script */
};

/* The fields of a proof in a form of struct T. */
#define ACCOUNTS_PROOF_FIELDS(T)                                                                                       \
	FIELD(T, proof_token, FIELD_LINE, 0, 100, false, N_("Proof of work")),                                         \
		FIELD(T, proof_answer, FIELD_LINE, 0, 40, false, N_("Proof of work"))

/* Where a secret is guessed at by name. What is wrong at one door makes the other no dearer, and a proof is for one of them. */
#define DOOR_SIGN_IN "sign-in"
#define DOOR_RECOVER "recover"

/* Says what is guessed at where somebody comes in as NAME by DOOR, whether anybody has that name or not, from which device, and
 * what was worked for it. C stays in its region. */
MUST_CHECK enum err accounts_door_guess(
	struct ctx *c, const struct request *q, struct response *r, const char *door, struct str name);
/* The same where whoever is signed in types their password once more: what is wrong counts against this session
 * alone. For the form's first handler. */
enum err accounts_before_password(struct ctx *c, const struct request *q, struct response *r);
/* What the next try at DOOR costs from here. */
struct accounts_proof accounts_door_proof(struct ctx *c, const struct request *q, const char *door);
/* The device of Q knows ACCOUNT_ID from now on, by another token than before. */
MUST_CHECK enum err accounts_door_remember(
	struct ctx *c, const struct request *q, struct response *r, int64_t account_id);
#endif
