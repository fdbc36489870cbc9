/* Signing in and out, and who is signed in. */
#include "accounts_sql.h"
#include "base/clock.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_news.h"
#include "features/accounts/accounts_door.h"
#include "features/accounts/accounts_grants.h"
#include "features/accounts/accounts_keys.h"
#include "features/accounts/accounts_kept.h"
#include "features/audit/audit.h"
#include "features/places/places.h"
#include "http/live.h"
#include "http/router.h"
#include "http/session.h"
#include "http/slow.h"
#include "vault/hash.h"

static const int64_t NOTICES_KEPT_MS = 90 * DAY_MS;
/* For so long after its end a browser still sends the cookie of a session, and is told that this has ended. */
static const int64_t ENDED_TOLD_MS = 30 * DAY_MS;

struct accounts_settings accounts_settings = { .session_ms = 168 * HOUR_MS, .idle_ms = 12 * HOUR_MS, .proof_bits = 16 };

static struct str bytes(const uint8_t *p, size_t n)
{
	return (struct str){ (const char *)p, n };
}

static void wipe_session(void *session)
{
	vault_wipe(session, sizeof(struct session));
}

static struct session *new_session(struct ctx *c)
{
	struct session *s = arena_new_of(c->mem, struct session);
	arena_defer(c->mem, wipe_session, s);
	return s;
}

/* A role that the kind of post does not know is none. */
static enum err load_posts(struct ctx *c, struct session *s, struct accounts_session *me)
{
	struct accounts_memberships_row *rows;
	TRY(accounts_memberships(c, c->account_id, &rows, &me->posts_count));
	me->posts = arena_array(c->mem, struct membership, me->posts_count + 1);
	for (size_t i = 0; i < me->posts_count; i++) {
		unsigned roles = (unsigned)rows[i].roles & accounts_grantable(rows[i].post_kind);
		me->posts[i] = (struct membership){ .id = rows[i].id,
			.post_id = rows[i].post_id,
			.place_id = rows[i].place_id,
			.parent_id = rows[i].parent_id.is ? rows[i].parent_id.v : 0,
			.roles = roles,
			.post_name = rows[i].post_name,
			.post_kind = rows[i].post_kind };
		c->roles |= roles;
		if (str_is(rows[i].post_kind, ACCOUNTS_LEADING_KIND))
			s->leading |= roles;
	}
	return OK;
}

/* The region a visitor is shown: by cookie, by setting, or the first there is. Without any, no page can say anything. */
static enum err visitor_region(struct ctx *c, const struct request *q)
{
	struct str wanted = request_cookie(q, "region");
	struct region *rows;
	size_t rows_count;
	TRY(places_regions(c, &rows, &rows_count));
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < rows_count; i++)
			if (str_eq(rows[i].region, wanted)) {
				places_set(c, &rows[i]);
				return OK;
			}
		wanted = accounts_settings.region;
	}
	if (rows_count == 0)
		return REFUSE(c, ERR_SETUP,
			"Nobody can report here yet, because Adem has not been set up for this region. In danger, call "
			"110.");
	places_set(c, &rows[0]);
	return OK;
}

static enum lang visitor_lang(const struct request *q)
{
	struct str chosen = request_cookie(q, LANG_COOKIE);
	return str_is(chosen, "en") ? LANG_EN : LANG_ID;
}

enum err accounts_session_until(
	struct ctx *c, int64_t account_id, int64_t seen_ms, int64_t expires_ms, int64_t *until_ms)
{
	struct accounts_duty_at_row duty = { 0 };
	int64_t idle_ms = seen_ms + accounts_settings.idle_ms;
	bool on_duty = false;
	if (idle_ms < expires_ms && idle_ms - c->now_ms <= ACCOUNTS_SOON_MS)
		TRY(accounts_duty_at(c, account_id, idle_ms, &duty, &on_duty));
	if (on_duty)
		idle_ms = duty.until_ms;
	*until_ms = idle_ms < expires_ms ? idle_ms : expires_ms;
	return OK;
}

/* When a session ends in any case: also where a clock that was ahead has written an end that is far away. */
static int64_t ends_ms(const struct accounts_session_find_row *row)
{
	int64_t life_ms = row->created_ms + accounts_settings.session_ms;
	return life_ms < row->expires_ms ? life_ms : row->expires_ms;
}

static enum err find_session(struct ctx *c, struct str lookup, struct accounts_session_find_row *row, bool *found)
{
	int64_t until_ms;
	TRY(accounts_session_find(c, lookup, c->now_ms - NEWS_OF_SECRETS_MS, row, found));
	if (!*found)
		return OK;
	TRY(accounts_session_until(c, row->account_id, row->seen_ms, ends_ms(row), &until_ms));
	*found = until_ms > c->now_ms;
	return OK;
}

static enum err take_session(struct ctx *c, struct str region, struct session *s)
{
	struct accounts_session_find_row row;
	bool found;
	uint8_t lookup[VAULT_HASH_BYTES], *key = accounts_secret(c);
	c->region = region;
	vault_session_lookup(c->vault, &s->token, lookup);
	TRY(find_session(c, bytes(lookup, sizeof lookup), &row, &found));
	struct vault_row bound = { S("sessions"), c->region, row.id };
	if (found)
		vault_session_key(c->vault, &s->token, row.account_id, row.expires_ms, key);
	if (!found || !vault_unwrap(key, &bound, "wrapped_key", row.wrapped_key, s->secret_key)) {
		c->region = S("");
		return OK;
	}
	struct accounts_session *me = arena_new_of(c->mem, struct accounts_session);
	me->name = row.name;
	places_set(c, &(struct region){ .region = region, .zone = row.zone, .demo = row.demo });
	c->account_id = row.account_id;
	c->session = s;
	c->lang = str_is(row.lang, "en") ? LANG_EN : LANG_ID;
	s->id = row.id;
	s->name = row.name;
	s->news = row.news;
	s->began_ms = row.created_ms <= c->now_ms + MINUTE_MS ? row.created_ms
							      : 0; /* the clock was ahead: nobody knows */
	s->seen_ms = row.seen_ms;
	s->expires_ms = ends_ms(&row);
	s->more = me;
	return load_posts(c, s, me);
}

bool accounts_has_ended(const struct ctx *c, const struct request *q)
{
	return !c->session && request_cookie(q, "adem").n > 0;
}

enum err accounts_identify(struct ctx *c, const struct request *q)
{
	struct str region, owner;
	bool nobody = q->route && (q->route->flags & ROUTE_NOBODY);
	c->lang = visitor_lang(q);
	if (!nobody && request_cookie(q, "adem").n) {
		struct session *s = new_session(c);
		if (accounts_cookie_read(q, &region, &s->token, &owner))
			TRY(take_session(c, region, s));
	}
	return c->session ? OK : visitor_region(c, q);
}

enum err accounts_refused(struct ctx *c, const struct request *q)
{
	return audit_note(c, AUDIT_DENIED, q->route ? q->route->path : "", 0, S(""));
}

enum err accounts_speaks(struct ctx *c, enum lang lang)
{
	return accounts_lang_update(c, c->account_id, lang == LANG_EN ? S("en") : S("id"));
}

enum err accounts_used(struct ctx *c)
{
	return accounts_session_used(c, c->session->id);
}

enum err accounts_start_session(struct ctx *c, const struct request *q, struct response *r, int64_t account_id,
	const uint8_t secret_key[VAULT_KEY_BYTES])
{
	struct session_token *t = &new_session(c)->token;
	uint8_t wrapped[VAULT_WRAPPED_BYTES], lookup[VAULT_HASH_BYTES], *key = accounts_secret(c);
	int64_t id = id_new(c->now_ms), expires_ms = c->now_ms + accounts_settings.session_ms;
	struct vault_row row = { S("sessions"), c->region, id };
	vault_session_new(t);
	vault_session_lookup(c->vault, t, lookup);
	vault_session_key(c->vault, t, account_id, expires_ms, key);
	vault_wrap(key, &row, "wrapped_key", secret_key, wrapped);
	TRY(accounts_session_insert(
		c, id, account_id, bytes(lookup, sizeof lookup), bytes(wrapped, sizeof wrapped), expires_ms));
	response_cookie(c, r, "adem", accounts_cookie(c, t, account_id),
		(accounts_settings.session_ms + ENDED_TOLD_MS) / SECOND_MS);
	return accounts_door_remember(c, q, r, account_id);
}

/* An unknown name takes as long as a known one, so that the answer's time tells nothing. */
static enum err pretend(struct ctx *c, struct str name, struct str password)
{
	uint8_t salt[VAULT_HASH_BYTES], *key = accounts_secret(c);
	vault_lookup(c->vault, "no_such_account", name, salt);
	return accounts_password_key(c, password, bytes(salt, PASSWORD_SALT_BYTES), accounts_password_cost(c), key);
}

enum err accounts_try_password(
	struct ctx *c, int64_t account_id, struct str password, uint8_t secret_key[VAULT_KEY_BYTES], bool *good)
{
	struct accounts_get_row row;
	TRY(accounts_get(c, account_id, &row, good));
	if (!*good)
		return FAIL(c, ERR_NOT_FOUND, "no such account");
	uint8_t *key = accounts_secret(c);
	struct vault_row bound = accounts_row(c, account_id);
	TRY(accounts_password_key(c, password, row.password_salt, row.password_cost, key));
	*good = !row.disabled_ms.is && vault_unwrap(key, &bound, "password_key", row.password_key, secret_key);
	return *good ? OK : audit_note(c, AUDIT_SIGN_IN_FAILED, "accounts", account_id, S(""));
}

enum err accounts_sign_in_try(struct ctx *c, struct str name, struct str password, int64_t *account_id,
	uint8_t secret_key[VAULT_KEY_BYTES], bool *good)
{
	struct ctx visitor = *c;
	bool found;
	*good = false;
	TRY(accounts_find(c, name, account_id, &found));
	if (found) {
		TRY(accounts_try_password(c, *account_id, password, secret_key, good));
	} else {
		TRY(pretend(c, name, password));
		if (c->region.n)
			TRY(audit_note(c, AUDIT_SIGN_IN_FAILED, "accounts", 0, S("unknown name")));
	}
	if (!*good)
		places_set_as(c, &visitor);
	return OK;
}

enum err accounts_end_sessions(struct ctx *c, int64_t account_id, int64_t kept_id)
{
	TRY(accounts_sessions_end_others(c, account_id, kept_id));
	return live_end_account(c, account_id);
}

enum err accounts_end_session(struct ctx *c, struct response *r, bool everywhere)
{
	if (everywhere)
		TRY(accounts_end_sessions(c, c->account_id, 0));
	else
		TRY(accounts_session_end(c, c->session->id));
	TRY(audit_note(c, AUDIT_SIGN_OUT, "accounts", c->account_id, everywhere ? S("everywhere") : S("")));
	response_cookie(c, r, "adem", S(""), 0);
	return everywhere ? OK : live_end_session(c, c->account_id, c->session->id);
}

enum err accounts_forget_sessions_job(struct ctx *c, int64_t unused)
{
	(void)unused;
	/* An hour ago: the password is asked for again before what takes a fresh one. */
	TRY(accounts_sessions_put_right(c, c->now_ms + MINUTE_MS, c->now_ms - HOUR_MS));
	return accounts_sessions_forget(c, accounts_settings.idle_ms, accounts_settings.session_ms);
}

enum err accounts_forget_notices_job(struct ctx *c, int64_t unused)
{
	(void)unused;
	return accounts_notices_forget(c, c->now_ms - NOTICES_KEPT_MS);
}
