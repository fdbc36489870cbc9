/* Invitations to a post, resets and recovery: how somebody gets, or gets back, keys. */
#include "accounts_sql.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/utf8.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_grants.h"
#include "features/accounts/accounts_keys.h"
#include "features/accounts/accounts_lineage.h"
#include "features/accounts/accounts_news.h"
#include "features/audit/audit.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "http/session.h"
#include "http/slow.h"
#include "vault/codes.h"
#include "vault/hash.h"

static const int64_t INVITATION_MS = 7 * DAY_MS, RESET_MS = DAY_MS, RECOVERY_DELAY_MS = DAY_MS;

static struct str bytes(const uint8_t *p, size_t n)
{
	return (struct str){ (const char *)p, n };
}

struct str accounts_next_salt(struct ctx *c, const char *label, struct str stored)
{
	uint8_t *hash = arena_alloc(c->mem, VAULT_HASH_BYTES, 1);
	vault_hash(label, &stored, 1, hash);
	return bytes(hash, PASSWORD_SALT_BYTES);
}

static void wipe_code(void *code)
{
	vault_wipe(code, sizeof(struct invitation_code));
}

static enum err new_code(struct ctx *c, struct invitation_code **code)
{
	struct region region;
	TRY(places_region(c, &region));
	*code = arena_new_of(c->mem, struct invitation_code);
	arena_defer(c->mem, wipe_code, *code);
	vault_invitation_new(c->vault, (int)region.number, *code);
	return OK;
}

static enum err store(struct ctx *c, int64_t post_id, int64_t account_id, unsigned roles, struct str name,
	int64_t lasts_ms, const struct invitation_code *code, int64_t *id)
{
	*id = id_new(c->now_ms);
	return accounts_invitation_insert(c, *id, (struct opt_int){ post_id != 0, post_id },
		(struct opt_int){ account_id != 0, account_id }, roles, name, bytes(code->lookup, sizeof code->lookup),
		bytes(code->pair.public_key, VAULT_KEY_BYTES), (struct opt_int){ c->account_id != 0, c->account_id },
		c->now_ms + lasts_ms);
}

enum err accounts_invite(struct ctx *c, int64_t post_id, unsigned roles, struct str name, struct str *text)
{
	struct invitation_code *code;
	int64_t id;
	TRY(accounts_check_gives(c, post_id, roles));
	if (!accounts_fit_together(roles))
		return REFUSE(c, ERR_CONFLICT, "Nobody can be a mediator and hold a role of the police.");
	TRY(new_code(c, &code));
	TRY(store(c, post_id, 0, roles, name, INVITATION_MS, code, &id));
	if (c->session && (roles & ROLES_READER)) {
		enum err e = circles_give(c, post_id, "invitation", id, code->pair.public_key);
		if (e != OK && e != ERR_DENIED)
			return e; /* who holds no key may still invite: a member gives the key later */
	}
	TRY(audit_note(c, AUDIT_INVITED, "posts", post_id,
		arena_printf(c->mem, "invitation=%" PRId64 " roles=%u", id, roles)));
	*text = arena_str(c->mem, str_of(code->text));
	return OK;
}

enum err accounts_reset(struct ctx *c, int64_t account_id, struct str *text)
{
	struct invitation_code *code;
	int64_t id;
	TRY(new_code(c, &code));
	TRY(store(c, 0, account_id, 0, S(""), RESET_MS, code, &id));
	TRY(audit_note(c, AUDIT_RESET, "accounts", account_id, S("code")));
	TRY(accounts_tell(c, account_id, NEWS_RESET_MADE, 0, 0));
	*text = arena_str(c->mem, str_of(code->text));
	return OK;
}

enum err accounts_uninvite(struct ctx *c, int64_t invitation_id, int64_t *post_id)
{
	struct accounts_invitation_get_row row;
	struct granting may;
	bool found;
	TRY(accounts_invitation_get(c, invitation_id, &row, &found));
	if (!found || !row.post_id.is)
		return REFUSE(c, ERR_NOT_FOUND, "This invitation is not open any more.");
	*post_id = row.post_id.v;
	bool own = row.made_by.is && row.made_by.v == c->account_id;
	TRY(accounts_granting(c, c->account_id, *post_id, &may));
	if (!own && ((unsigned)row.roles & ~may.takes))
		return REFUSE(c, ERR_DENIED, "Only who made this invitation, or may give its roles, takes it back.");
	TRY(accounts_invitation_end(c, invitation_id));
	TRY(circles_forget_invitation(c, invitation_id));
	return audit_note(c, AUDIT_UNINVITED, "invitations", invitation_id, S("taken back"));
}

/* Whether whoever made an invitation still may: rights that ended since, in whatever way, end it too. The command
 * line always may. */
static enum err check_maker(struct ctx *c, const struct accounts_invitation_find_row *row, bool *good)
{
	struct granting may;
	*good = true;
	if (!row->post_id.is)
		return OK;
	TRY(accounts_granting(c, row->made_by.is ? row->made_by.v : 0, row->post_id.v, &may));
	*good = ((unsigned)row->roles & ~may.gives) == 0;
	return OK;
}

enum err accounts_invitation_read(struct ctx *c, struct str typed, struct invitation *out)
{
	struct invitation_code *code = arena_new_of(c->mem, struct invitation_code);
	struct region region;
	struct accounts_invitation_find_row row;
	bool found, good = false;
	arena_defer(c->mem, wipe_code, code);
	*out = (struct invitation){ .code = code };
	if (vault_invitation_read(c->vault, typed, code) != CODE_OK)
		return REFUSE(c, ERR_INPUT, "This code is not complete or has a typing mistake.");
	TRY(places_region_by_number(c, code->region_number, &region));
	places_set(c, &region);
	TRY(accounts_invitation_find(c, bytes(code->lookup, sizeof code->lookup), &row, &found));
	if (found)
		TRY(check_maker(c, &row, &good));
	if (!good || row.used_ms.is || row.ended_ms.is || row.expires_ms <= c->now_ms)
		return REFUSE(c, ERR_INPUT, "This code is not valid any more. Ask for a new one.");
	out->id = row.id;
	out->post_id = row.post_id.is ? row.post_id.v : 0;
	out->account_id = row.account_id.is ? row.account_id.v : 0;
	out->roles = (unsigned)row.roles;
	out->made_by = row.made_by.is ? row.made_by.v : 0;
	out->name = row.name;
	return OK;
}

static enum err use(struct ctx *c, const struct invitation *what)
{
	struct accounts_invitation_use_row row;
	bool found;
	TRY(accounts_invitation_use(c, what->id, &row, &found));
	return found ? OK : REFUSE(c, ERR_CONFLICT, "This code was used already.");
}

/* The keys of the post: what the inviter sealed, or the first circle of a post that nobody reads yet. What a keeper
 * of the post above sealed is not for the members of that post. */
static enum err take_keys(struct ctx *c, const struct invitation *what, int64_t account_id, const struct key_pair *pair)
{
	bool above;
	TRY(accounts_is_above(c, account_id, what->post_id, &above));
	if (above)
		TRY(circles_forget_invitation(c, what->id));
	TRY(circles_accept(
		c, what->id, what->code->pair.public_key, what->code->pair.secret_key, account_id, pair->public_key));
	if (!(what->roles & ROLES_READER))
		return OK;
	struct accounts_members_row *members;
	size_t members_count;
	TRY(accounts_members(c, what->post_id, &members, &members_count));
	bool alone = true;
	for (size_t i = 0; i < members_count; i++)
		alone = alone && (members[i].account_id == account_id || !(members[i].roles & ROLES_READER));
	bool holds;
	TRY(circles_holds(c, what->post_id, account_id, &holds));
	return alone && !holds ? circles_begin(c, what->post_id, account_id, pair->public_key) : OK;
}

static enum err note_joined(struct ctx *c, const struct invitation *what, int64_t account_id)
{
	return audit_note(c, AUDIT_JOINED, "posts", what->post_id,
		arena_printf(c->mem, "account=%" PRId64 " roles=%u", account_id, what->roles));
}

enum err accounts_accept(struct ctx *c, const struct invitation *what, const struct account_new *who,
	int64_t *account_id, struct key_pair *pair, struct str *recovery)
{
	int64_t membership_id;
	assert(what->post_id);
	*account_id = id_new(c->now_ms);
	vault_pair_new(pair);
	struct account_new with_salt = *who;
	with_salt.salt = accounts_next_salt(c, "accept", bytes(what->code->lookup, VAULT_HASH_BYTES));
	TRY(accounts_create(c, &with_salt, pair, account_id, recovery));
	TRY(accounts_came_from(c, *account_id, (struct opt_int){ what->made_by != 0, what->made_by }));
	TRY(use(c, what));
	TRY(accounts_join(c, *account_id, what->post_id, what->roles, &membership_id));
	TRY(take_keys(c, what, *account_id, pair));
	return note_joined(c, what, *account_id);
}

enum err accounts_join_invited(struct ctx *c, const struct invitation *what)
{
	int64_t membership_id;
	struct accounts_get_row me;
	bool found, own;
	if (accounts_at_post(c, what->post_id))
		return REFUSE(c, ERR_CONFLICT, "You belong to this post already.");
	TRY(accounts_came_through(c, what->made_by, c->account_id, &own));
	if (own || what->made_by == c->account_id)
		return REFUSE(
			c, ERR_DENIED, "Nobody accepts an invitation of their own. Ask another member to invite you.");
	TRY(accounts_get(c, c->account_id, &me, &found));
	assert(found && me.public_key.n == VAULT_KEY_BYTES);
	struct key_pair pair = { 0 };
	memcpy(pair.public_key, me.public_key.p, VAULT_KEY_BYTES);
	TRY(use(c, what));
	TRY(accounts_join(c, c->account_id, what->post_id, what->roles, &membership_id));
	TRY(take_keys(c, what, c->account_id, &pair));
	TRY(accounts_tell(c, c->account_id, NEWS_JOINED, what->post_id, what->roles));
	return note_joined(c, what, c->account_id);
}

enum err accounts_set_password(
	struct ctx *c, int64_t account_id, struct str password, const uint8_t secret_key[VAULT_KEY_BYTES])
{
	struct accounts_get_row row;
	struct str wrapped;
	bool found;
	TRY(accounts_get(c, account_id, &row, &found));
	if (!found)
		return FAIL(c, ERR_NOT_FOUND, "no such account");
	struct str salt = accounts_next_salt(c, "password", row.password_key);
	int64_t cost = accounts_password_cost(c);
	TRY(accounts_password_wrap(c, account_id, password, salt, cost, secret_key, &wrapped));
	TRY(accounts_password_update(c, account_id, salt, cost, wrapped));
	TRY(accounts_tell(c, account_id, NEWS_PASSWORD, 0, 0));
	return audit_note(c, AUDIT_PASSWORD, "accounts", account_id, S(""));
}

/* A fresh code that works by now is the code. */
static enum err settle_recovery(struct ctx *c, int64_t account_id)
{
	struct accounts_get_row row;
	bool found;
	TRY(accounts_get(c, account_id, &row, &found));
	if (!found || !row.fresh_recovery_ms.is || row.fresh_recovery_ms.v > c->now_ms)
		return OK;
	return accounts_recovery_update(c, account_id, row.fresh_recovery_key);
}

enum err accounts_new_recovery(
	struct ctx *c, int64_t account_id, const uint8_t secret_key[VAULT_KEY_BYTES], struct str *code)
{
	struct str wrapped = accounts_recovery_wrap(c, account_id, secret_key, code);
	return accounts_recovery_update(c, account_id, wrapped);
}

enum err accounts_fresh_recovery(
	struct ctx *c, int64_t account_id, const uint8_t secret_key[VAULT_KEY_BYTES], struct str *code)
{
	struct str wrapped;
	TRY(settle_recovery(c, account_id));
	wrapped = accounts_recovery_wrap(c, account_id, secret_key, code);
	TRY(accounts_recovery_fresh(c, account_id, wrapped, c->now_ms + RECOVERY_DELAY_MS));
	TRY(accounts_tell(c, account_id, NEWS_RECOVERY_MADE, 0, 0));
	return audit_note(c, AUDIT_RECOVERY, "accounts", account_id, S(""));
}

enum err accounts_cancel_recovery(struct ctx *c)
{
	struct accounts_get_row row;
	bool found;
	TRY(accounts_get(c, c->account_id, &row, &found));
	if (!found || !row.fresh_recovery_ms.is || row.fresh_recovery_ms.v <= c->now_ms)
		return REFUSE(c, ERR_CONFLICT,
			"No recovery code is waiting any more. Make a new one if this one is not yours.");
	TRY(accounts_recovery_cancel(c, c->account_id));
	TRY(accounts_tell(c, c->account_id, NEWS_RECOVERY_CANCELLED, 0, 0));
	return audit_note(c, AUDIT_RECOVERY, "accounts", c->account_id, S("cancelled"));
}

enum err accounts_recover(
	struct ctx *c, struct str name, struct str code, int64_t *account_id, uint8_t secret_key[VAULT_KEY_BYTES])
{
	uint8_t *key = accounts_secret(c), none[VAULT_WRAPPED_BYTES];
	struct accounts_get_row row = { 0 };
	struct ctx visitor = *c;
	bool found, there;
	enum code_read read = vault_recovery_read(code, key);
	*account_id = 0;
	TRY(accounts_find(c, name, account_id, &found));
	TRY(accounts_get(c, *account_id, &row, &there));
	struct vault_row bound = accounts_row(c, there ? *account_id : 1), nobody = accounts_row(c, 2);
	bool fresh = row.fresh_recovery_ms.is && row.fresh_recovery_ms.v <= c->now_ms;
	struct str wrapped = fresh ? row.fresh_recovery_key : row.recovery_key;
	vault_wrap(key, &nobody, "recovery_key", key, none); /* what opens for no account */
	bool opens = vault_unwrap(key, &bound, "recovery_key", there ? wrapped : bytes(none, sizeof none), secret_key);
	if (read != CODE_OK || !opens || !there || row.disabled_ms.is) {
		places_set_as(c, &visitor);
		return REFUSE(c, ERR_INPUT,
			"This name and recovery code do not belong together, or the code is new and does not work "
			"yet.");
	}
	TRY(accounts_tell(c, *account_id, NEWS_RECOVERED, 0, 0));
	return audit_note(c, AUDIT_RECOVERED, "accounts", *account_id, S(""));
}

/* Where the account was the last to hold a key, what comes from now on gets a new one; a keeper of the post above
 * can give the old. */
static enum err begin_where_nobody_holds(struct ctx *c, int64_t account_id, const struct key_pair *pair)
{
	struct accounts_memberships_row *rows;
	size_t rows_count;
	TRY(accounts_memberships(c, account_id, &rows, &rows_count));
	for (size_t i = 0; i < rows_count; i++) {
		bool held = false;
		if (rows[i].roles & ROLES_READER)
			TRY(accounts_key_is_held(c, rows[i].post_id, 0, &held));
		if ((rows[i].roles & ROLES_READER) && !held)
			TRY(circles_begin(c, rows[i].post_id, account_id, pair->public_key));
	}
	return OK;
}

enum err accounts_reset_use(
	struct ctx *c, const struct invitation *what, struct str password, struct key_pair *pair, struct str *recovery)
{
	struct accounts_get_row row;
	struct str wrapped;
	bool found;
	assert(what->account_id);
	TRY(accounts_get(c, what->account_id, &row, &found));
	if (!found)
		return FAIL(c, ERR_NOT_FOUND, "no such account");
	vault_pair_new(pair);
	struct str salt = accounts_next_salt(c, "reset", bytes(what->code->lookup, VAULT_HASH_BYTES));
	int64_t cost = accounts_password_cost(c);
	TRY(accounts_password_wrap(c, what->account_id, password, salt, cost, pair->secret_key, &wrapped));
	TRY(use(c, what));
	TRY(circles_forget_account(c, what->account_id)); /* what was sealed to the lost key pair opens for nobody */
	TRY(accounts_pair_update(c, what->account_id, bytes(pair->public_key, VAULT_KEY_BYTES)));
	TRY(begin_where_nobody_holds(c, what->account_id, pair));
	TRY(accounts_password_update(c, what->account_id, salt, cost, wrapped));
	TRY(accounts_new_recovery(c, what->account_id, pair->secret_key, recovery));
	TRY(accounts_end_sessions(c, what->account_id, 0));
	TRY(accounts_tell(c, what->account_id, NEWS_RESET, 0, 0));
	return audit_note(c, AUDIT_RESET, "accounts", what->account_id, S("done"));
}
