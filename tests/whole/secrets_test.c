/* Nothing secret stays in the memory of a request: all of it is searched, before its end and behind. */
#include "testdb.h"
#include "base/id.h"
#include "features/accounts/accounts_kept.h"
#include "features/accounts/accounts.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "features/posts/posts.h"
#include "http/session.h"
#include "vault/password.h"
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { REQUEST_BYTES = 1 << 20 };

static const uint8_t salt[PASSWORD_SALT_BYTES] = { 1 };
static const char password[] = "kata sandi", text[] = "batu di bawah jembatan";

static struct {
	int64_t post, id;
	struct key_pair keys;
	uint8_t post_secret[VAULT_KEY_BYTES], password_key[VAULT_KEY_BYTES];
	char cookie[200];
} made;
static struct vault *vault;

static enum err make(struct ctx *c, void *arg)
{
	int64_t city, membership;
	struct str recovery;
	struct account_new who = {
		.name = S("Sari"),
		.phone = S(""),
		.password = {password,            sizeof password - 1},
		.cheap = true,
		.salt = { (const char *)salt, sizeof salt        }
	};
	(void)arg;
	made.id = id_new(c->now_ms);
	vault_pair_new(&made.keys);
	TRY(places_add_region(c, 1, S("Satu"), S("WIB")));
	TRY(places_add(c, 0, S("31.71"), "city", S("Kota"), &city));
	struct post post = { .kind = S("polsek"), .name = S("Polsek"), .phone = S(""), .place_id = city };
	TRY(posts_create(c, &post, &made.post, made.post_secret));
	TRY(accounts_create(c, &who, &made.keys, &made.id, &recovery));
	TRY(accounts_join(c, made.id, made.post, ROLE_DESK, &membership));
	TRY(circles_give_secret(c, made.post, made.post_secret, made.id, made.keys.public_key));
	const struct box_field field = {
		"text", {text, sizeof text - 1}
	};
	return circles_seal(c, (struct box_of){ "reports", 7 }, &field, 1, &made.post, 1, 0, NULL);
}

/* Signs in with the password; the cookie is kept for the next request. */
static enum err sign_in(struct ctx *c, void *arg)
{
	struct response *r = arg;
	uint8_t *secret = arena_alloc(c->mem, VAULT_KEY_BYTES, 1); /* as accounts_web.c does, which wipes it itself */
	bool good;
	TRY(accounts_try_password(c, made.id, (struct str){ password, sizeof password - 1 }, secret, &good));
	assert_true(good);
	assert_memory_equal(secret, made.keys.secret_key, VAULT_KEY_BYTES);
	enum err e = accounts_start_session(c, &(struct request){ 0 }, r, made.id, secret);
	memset(secret, 0, VAULT_KEY_BYTES);
	return e;
}

static enum err open_box(struct ctx *c, void *arg)
{
	struct str opened;
	TRY(accounts_identify(c, arg));
	assert_non_null(c->session);
	TRY(circles_open(c, (struct box_of){ "reports", 7 }, "text", &opened));
	assert_true(str_is(opened, text));
	return OK;
}

/* Memory of a request that is one block, and where that is. */
static struct arena *request(const char **block)
{
	struct arena *mem = arena_new(REQUEST_BYTES);
	*block = arena_alloc(mem, 1, 1);
	return mem;
}

static bool holds(const char *block, const void *what, size_t n)
{
	return memmem(block, REQUEST_BYTES - 4096, what, n) != NULL;
}

static void a_password_and_what_it_opens_are_forgotten(void **state)
{
	struct testdb *t = *state;
	const char *block;
	struct response r = { 0 };
	struct ctx own = t->c;
	own.mem = request(&block);
	own.vault = vault;
	testdb_ok(t, db_within(&own, true, sign_in, &r));
	assert_true(holds(block, made.password_key, VAULT_KEY_BYTES)); /* else the search looks in the wrong place */
	struct str value = r.cookies[0].value;
	snprintf(made.cookie, sizeof made.cookie, "%.*s", (int)strcspn(value.p, ";"), value.p);
	arena_reset(own.mem);
	assert_false(holds(block, made.password_key, VAULT_KEY_BYTES));
	assert_false(holds(block, made.keys.secret_key, VAULT_KEY_BYTES));
	arena_free(own.mem);
}

static void a_session_its_keys_and_opened_text_are_forgotten(struct testdb *t)
{
	const char *block;
	struct request q = { .cookies = str_of(made.cookie) };
	struct ctx own = t->c;
	struct session_token token;
	struct str region, owner;
	assert_true(accounts_cookie_read(&q, &region, &token, &owner));
	assert_int_equal(owner.n, SESSION_OWNER_BYTES);
	own.mem = request(&block);
	own.vault = vault;
	testdb_ok(t, db_within(&own, true, open_box, &q));
	assert_true(holds(block, made.keys.secret_key, VAULT_KEY_BYTES));
	assert_true(holds(block, made.post_secret, VAULT_KEY_BYTES));
	assert_true(holds(block, token.token, sizeof token.token));
	assert_true(holds(block, text, sizeof text - 1));
	arena_reset(own.mem);
	assert_false(holds(block, made.keys.secret_key, VAULT_KEY_BYTES));
	assert_false(holds(block, made.post_secret, VAULT_KEY_BYTES));
	assert_false(holds(block, token.token, sizeof token.token));
	assert_false(holds(block, text, sizeof text - 1));
	arena_free(own.mem);
}

static void nothing_secret_outlives_a_request(void **state)
{
	struct testdb *t = *state;
	memset(&made, 0, sizeof made);
	t->c.vault = vault;
	testdb_ok(t, db_within(&t->c, true, make, NULL));
	assert_true(vault_password_key(
		vault, (struct str){ password, sizeof password - 1 }, salt, PASSWORD_COST_LEAST, made.password_key));
	a_password_and_what_it_opens_are_forgotten(state);
	a_session_its_keys_and_opened_text_are_forgotten(t);
}

int main(void)
{
	const struct testdb_case cases[] = { TESTDB(nothing_secret_outlives_a_request) };
	char path[] = "/tmp/adem-pepper-XXXXXX";
	const char *why;
	if (SANITIZED) {
		puts("1..0 # SKIP a sanitizer hides memory that was given back");
		return 0;
	}
	if (close(mkstemp(path)) != 0 || unlink(path) != 0)
		return 1;
	vault = vault_open(path, true, &why);
	unlink(path);
	int status = vault ? testdb_run("secrets", cases, COUNT(cases), NULL, 0) : 1;
	vault_close(vault);
	return status;
}
