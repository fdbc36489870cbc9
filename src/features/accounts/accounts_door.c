#include "features/accounts/accounts_door.h"
#include "accounts_sql.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_keys.h"
#include "features/places/places.h"
#include "http/session.h"
#include "vault/device.h"
#include "vault/hash.h"
#include "vault/proof.h"
#include "web/words.h"

/* A shared computer at a desk knows as many accounts; for the next one it forgets the oldest. */
enum { DEVICE_ACCOUNTS_MAX = 8, COOKIE_S = 180 * 86400 };
static const int64_t DEVICE_MS = COOKIE_S * SECOND_MS;

static struct proof_terms terms_of(const char *door)
{
	return (struct proof_terms){ .form = door,
		.bits = accounts_settings.proof_bits,
		.age_max_ms = HOUR_MS,
		.wait_ms = 30 * SECOND_MS,
		.wait_more_ms = 15 * SECOND_MS,
		.waited_age_max_ms = 15 * MINUTE_MS };
}

/* The first degree costs the bits of the setting, each further one a bit more. */
static int bits_of(int degree)
{
	int bits = accounts_settings.proof_bits + degree - 1;
	return bits < PROOF_BITS_MAX ? bits : PROOF_BITS_MAX;
}

static int degree_of(int bits)
{
	return bits >= PROOF_BITS_MAX ? GUESS_DEGREE_MAX : bits - accounts_settings.proof_bits + 1;
}

static uint64_t number_of(const uint8_t hash[VAULT_HASH_BYTES])
{
	uint64_t n;
	memcpy(&n, hash, sizeof n);
	return n | 1;
}

/* Other passwords are other devices: who changes it shuts out whoever took the cookie along. */
static enum err whose(struct ctx *c, int64_t account_id, struct str *text, bool *found)
{
	struct accounts_get_row row = { 0 };
	TRY(accounts_get(c, account_id, &row, found));
	*text = arena_printf(c->mem, "%.*s %" PRId64 " ", STR_ARG(c->region), account_id);
	struct str salt = *found ? row.password_salt : S("");
	char *joined = arena_alloc(c->mem, text->n + salt.n + 1, 1);
	memcpy(joined, text->p, text->n);
	if (salt.n)
		memcpy(joined + text->n, salt.p, salt.n);
	*text = (struct str){ joined, text->n + salt.n };
	return OK;
}

/* The token of the cookie that is OWNER's; empty: none is. */
static struct str find_device(struct ctx *c, const struct request *q, struct str owner, uint64_t *number)
{
	struct str cookie = request_cookie(q, "device"), one;
	int64_t made_ms;
	*number = 0;
	for (int i = 0; i < DEVICE_ACCOUNTS_MAX && str_cut(&cookie, '.', &one); i++)
		if (vault_device_read(c->vault, owner, one, &made_ms, number) && made_ms + DEVICE_MS > c->now_ms)
			return one;
	*number = 0;
	return S("");
}

/* The proof is looked at whether or not it is asked for: which of both it is, shows only when it is counted. */
static void read_proof(struct ctx *c, const struct request *q, const char *door, struct guess *guess)
{
	struct proof_terms terms = terms_of(door);
	struct proof proof;
	struct str token = form_value(q, "proof_token", S("")), answer = form_value(q, "proof_answer", S(""));
	if (token.n == 0 || vault_proof_check(c->vault, &terms, token, answer, c->now_ms, &proof) != PROOF_OK)
		return;
	guess->worked = degree_of(proof.bits);
	guess->waited = proof.waited;
	guess->token = number_of(proof.hash);
}

enum err accounts_door_guess(
	struct ctx *c, const struct request *q, struct response *r, const char *door, struct str name)
{
	struct guess guess = { 0 };
	struct ctx visitor = *c;
	uint8_t lookup[VAULT_HASH_BYTES], about[VAULT_HASH_BYTES];
	struct str owner;
	int64_t account_id = 0;
	bool found, there;
	accounts_name_lookup(c, name, lookup);
	vault_hash(door, &(struct str){ (const char *)lookup, sizeof lookup }, 1, about);
	guess.about = number_of(about);
	read_proof(c, q, door, &guess);
	TRY(accounts_find(c, name, &account_id, &found));
	TRY(whose(c, account_id, &owner, &there));
	if (found && there)
		(void)find_device(c, q, owner, &guess.device);
	places_set_as(c, &visitor);
	r->spending.guess = guess;
	return OK;
}

enum err accounts_before_password(struct ctx *c, const struct request *q, struct response *r)
{
	(void)q;
	r->spending.guess = (struct guess){ .about = (uint64_t)c->account_id, .device = (uint64_t)c->session->id };
	return OK;
}

struct accounts_proof accounts_door_proof(struct ctx *c, const struct request *q, const char *door)
{
	struct proof_terms terms = terms_of(door);
	if (q->guess_degree == 0)
		return (struct accounts_proof){ 0 };
	char *text = arena_alloc(c->mem, PROOF_TEXT_BYTES + 1, 1);
	int bits = bits_of(q->guess_degree);
	vault_proof_new(c->vault, terms.form, bits, c->now_ms, text);
	return (struct accounts_proof){ str_of(text), bits,
		arena_i64(c->mem, vault_proof_wait_ms(&terms, bits) / SECOND_MS) };
}

enum err accounts_door_remember(struct ctx *c, const struct request *q, struct response *r, int64_t account_id)
{
	struct str owner, cookie = request_cookie(q, "device"), one, all;
	char *text = arena_alloc(c->mem, DEVICE_TEXT_BYTES + 1, 1);
	uint64_t number;
	bool found;
	TRY(whose(c, account_id, &owner, &found));
	struct str old = find_device(c, q, owner, &number);
	vault_device_new(c->vault, owner, c->now_ms, text);
	all = str_of(text);
	for (int i = 1; i < DEVICE_ACCOUNTS_MAX && str_cut(&cookie, '.', &one);)
		if (one.n == DEVICE_TEXT_BYTES && !str_eq(one, old)) {
			all = arena_printf(c->mem, "%.*s.%.*s", STR_ARG(all), STR_ARG(one));
			i++;
		}
	response_cookie(c, r, "device", all, COOKIE_S);
	return OK;
}
