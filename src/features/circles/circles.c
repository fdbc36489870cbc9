/* Circles: key pairs of posts, and who holds them. Boxes are in boxes.c. */
#include "features/circles/circles.h"
#include "base/id.h"
#include "circles_sql.h"
#include "features/audit/audit.h"
#include "features/circles/circles_keys.h"
#include "features/frame/roles.h"
#include "http/session.h"
#include "jobs/queue.h"
#include "vault/hash.h"

static const struct str NOTHING = { "", 0 };

struct vault_row circles_row(const struct ctx *c, int64_t circle_id)
{
	return (struct vault_row){ S("circle_keys"), c->region, circle_id };
}

static void wipe_pair(void *pair)
{
	vault_wipe(pair, sizeof(struct key_pair));
}

struct key_pair *circles_pair(struct ctx *c)
{
	struct key_pair *pair = arena_new_of(c->mem, struct key_pair);
	arena_defer(c->mem, wipe_pair, pair);
	return pair;
}

static struct str bytes(const uint8_t *p, size_t n)
{
	return (struct str){ (const char *)p, n };
}

/* Stores SECRET of a circle for one holder. */
static enum err put_key(struct ctx *c, int64_t circle_id, const char *holder, int64_t holder_id,
	const uint8_t public_key[VAULT_KEY_BYTES], const uint8_t secret[VAULT_KEY_BYTES])
{
	uint8_t sealed[VAULT_SEALED_BYTES];
	struct vault_row row = circles_row(c, circle_id);
	if (!vault_seal_key(public_key, &row, holder, secret, sealed))
		return FAIL(c, ERR_DB, "the public key of a %s cannot be used", holder);
	return circles_key_put(c, circle_id, str_of(holder), holder_id, bytes(sealed, sizeof sealed));
}

bool circles_unseal(struct ctx *c, int64_t circle_id, const char *holder, const struct key_pair *reader,
	struct str sealed, struct str public_key, struct key_pair *out)
{
	struct vault_row row = circles_row(c, circle_id);
	uint8_t secret[VAULT_KEY_BYTES];
	if (!vault_open_key(reader, &row, holder, sealed, secret))
		return false;
	vault_pair_of(secret, out);
	vault_wipe(secret, sizeof secret);
	return public_key.n == VAULT_KEY_BYTES && vault_equal(out->public_key, public_key.p, VAULT_KEY_BYTES);
}

/* A new generation, its private key sealed to the parent's newest circle. */
static enum err new_generation(
	struct ctx *c, int64_t post_id, int64_t parent_id, int64_t generation, int64_t *id, struct key_pair *pair)
{
	struct circles_newest_row parent;
	bool found = false;
	vault_pair_new(pair);
	*id = id_new(c->now_ms);
	TRY(circles_insert(c, *id, post_id, generation, bytes(pair->public_key, VAULT_KEY_BYTES)));
	if (parent_id)
		TRY(circles_newest(c, parent_id, &parent, &found));
	if (!found)
		return OK;
	assert(parent.public_key.n == VAULT_KEY_BYTES);
	return put_key(c, *id, "circle", parent.id, (const uint8_t *)parent.public_key.p, pair->secret_key);
}

enum err circles_create(struct ctx *c, int64_t post_id, int64_t parent_id, uint8_t secret[32])
{
	int64_t id;
	struct key_pair *pair = circles_pair(c);
	TRY(new_generation(c, post_id, parent_id, 1, &id, pair));
	if (secret)
		memcpy(secret, pair->secret_key, VAULT_KEY_BYTES);
	return OK;
}

static enum err parent_of(struct ctx *c, int64_t post_id, int64_t *parent_id)
{
	struct circles_parent_row row;
	bool found;
	TRY(circles_parent(c, post_id, &row, &found));
	if (!found)
		return FAIL(c, ERR_NOT_FOUND, "no such post");
	*parent_id = row.parent_id.is ? row.parent_id.v : 0;
	return OK;
}

/* Opens one generation with the session's own key for it. */
static enum err open_as_member(
	struct ctx *c, int64_t circle_id, struct str public_key, struct key_pair *out, bool *opened)
{
	struct circles_key_get_row row;
	TRY(circles_key_get(c, circle_id, S("account"), c->account_id, &row, opened));
	if (!*opened)
		return OK;
	struct key_pair *mine = circles_pair(c);
	vault_pair_of(c->session->secret_key, mine);
	*opened = circles_unseal(c, circle_id, "account", mine, row.sealed_key, public_key, out);
	return OK;
}

/* Opens it as a keeper: with a generation of the parent's circle that the session holds. */
static enum err open_as_keeper(
	struct ctx *c, int64_t parent_id, int64_t circle_id, struct str public_key, struct key_pair *out, bool *opened)
{
	struct circles_of_post_row *parents;
	size_t parents_count;
	*opened = false;
	if (!parent_id)
		return OK;
	TRY(circles_of_post(c, parent_id, &parents, &parents_count));
	for (size_t i = 0; i < parents_count && !*opened; i++) {
		struct circles_key_get_row row;
		struct key_pair *parent = circles_pair(c);
		bool held, sealed;
		TRY(circles_key_get(c, circle_id, S("circle"), parents[i].id, &row, &sealed));
		TRY(open_as_member(c, parents[i].id, parents[i].public_key, parent, &held));
		*opened = sealed && held &&
			  circles_unseal(c, circle_id, "circle", parent, row.sealed_key, public_key, out);
	}
	return OK;
}

static enum err note_given(struct ctx *c, int64_t post_id, const char *holder, int64_t holder_id)
{
	return audit_note(c, AUDIT_KEY_GIVEN, "posts", post_id, arena_printf(c->mem, "%s=%" PRId64, holder, holder_id));
}

/* A generation that only HOLDER and the parent can open. */
static enum err begin(struct ctx *c, int64_t post_id, int64_t generation, const char *holder, int64_t holder_id,
	const uint8_t public_key[VAULT_KEY_BYTES])
{
	int64_t id, parent_id;
	struct key_pair *pair = circles_pair(c);
	TRY(parent_of(c, post_id, &parent_id));
	TRY(new_generation(c, post_id, parent_id, generation, &id, pair));
	TRY(put_key(c, id, holder, holder_id, public_key, pair->secret_key));
	return note_given(c, post_id, holder, holder_id);
}

enum err circles_begin(struct ctx *c, int64_t post_id, int64_t account_id, const uint8_t public_key[VAULT_KEY_BYTES])
{
	struct circles_newest_row newest;
	bool found;
	TRY(circles_newest(c, post_id, &newest, &found));
	return begin(c, post_id, found ? newest.generation + 1 : 1, "account", account_id, public_key);
}

enum err circles_give(struct ctx *c, int64_t post_id, const char *holder, int64_t holder_id,
	const uint8_t public_key[VAULT_KEY_BYTES])
{
	struct circles_of_post_row *rows;
	size_t rows_count, given = 0;
	int64_t parent_id;
	TRY(parent_of(c, post_id, &parent_id));
	TRY(circles_of_post(c, post_id, &rows, &rows_count));
	if (rows_count == 0)
		return begin(c, post_id, 1, holder, holder_id, public_key);
	if (!c->session)
		return REFUSE(c, ERR_DENIED, "Only a member of the post can give its key.");
	for (size_t i = 0; i < rows_count; i++) {
		struct key_pair *pair = circles_pair(c);
		bool opened;
		TRY(open_as_member(c, rows[i].id, rows[i].public_key, pair, &opened));
		if (!opened)
			TRY(open_as_keeper(c, parent_id, rows[i].id, rows[i].public_key, pair, &opened));
		if (!opened)
			continue;
		TRY(put_key(c, rows[i].id, holder, holder_id, public_key, pair->secret_key));
		given++;
	}
	if (given == 0)
		return REFUSE(c, ERR_DENIED, "Only a member of the post can give its key.");
	return note_given(c, post_id, holder, holder_id);
}

enum err circles_give_secret(struct ctx *c, int64_t post_id, const uint8_t secret[VAULT_KEY_BYTES], int64_t account_id,
	const uint8_t public_key[VAULT_KEY_BYTES])
{
	struct circles_newest_row newest;
	bool found;
	TRY(circles_newest(c, post_id, &newest, &found));
	if (!found)
		return FAIL(c, ERR_NOT_FOUND, "the post has no circle");
	return put_key(c, newest.id, "account", account_id, public_key, secret);
}

enum err circles_accept(struct ctx *c, int64_t invitation_id, const uint8_t invitation_public[VAULT_KEY_BYTES],
	const uint8_t invitation_secret[VAULT_KEY_BYTES], int64_t account_id, const uint8_t public_key[VAULT_KEY_BYTES])
{
	struct circles_keys_of_row *rows;
	size_t rows_count;
	struct key_pair *invitation = circles_pair(c);
	vault_pair_of(invitation_secret, invitation);
	if (!vault_equal(invitation->public_key, invitation_public, VAULT_KEY_BYTES))
		return FAIL(c, ERR_DENIED, "the code is not this invitation's");
	TRY(circles_keys_of(c, S("invitation"), invitation_id, &rows, &rows_count));
	for (size_t i = 0; i < rows_count; i++) {
		struct key_pair *pair = circles_pair(c);
		if (!circles_unseal(c, rows[i].circle_id, "invitation", invitation, rows[i].sealed_key,
			    rows[i].public_key, pair))
			return FAIL(c, ERR_DB, "a key of an invitation does not open");
		TRY(put_key(c, rows[i].circle_id, "account", account_id, public_key, pair->secret_key));
	}
	return circles_keys_forget(c, S("invitation"), invitation_id);
}

/* What could be opened with the key of a post could be opened by whoever held it: the posts below get new ones too, each in a
 * transaction of its own, since a precinct has thousands. */
static enum err renew_below(struct ctx *c, int64_t post_id)
{
	struct circles_children_row *rows;
	size_t rows_count;
	TRY(circles_children(c, post_id, &rows, &rows_count));
	for (size_t i = 0; i < rows_count; i++)
		TRY(jobs_add(c, "circle_renew", rows[i].id, c->now_ms));
	return OK;
}

/* A new generation for whoever reads at the post now and has read there before. */
static enum err renew(struct ctx *c, int64_t post_id)
{
	struct circles_newest_row newest;
	struct circles_readers_row *members;
	size_t members_count;
	int64_t parent_id, id;
	bool found;
	TRY(parent_of(c, post_id, &parent_id));
	TRY(circles_newest(c, post_id, &newest, &found));
	TRY(circles_readers(c, post_id, ROLES_READER, &members, &members_count));
	struct key_pair *pair = circles_pair(c);
	TRY(new_generation(c, post_id, parent_id, found ? newest.generation + 1 : 1, &id, pair));
	for (size_t i = 0; i < members_count; i++) {
		assert(members[i].public_key.n == VAULT_KEY_BYTES);
		TRY(put_key(c, id, "account", members[i].account_id, (const uint8_t *)members[i].public_key.p,
			pair->secret_key));
	}
	TRY(renew_below(c, post_id));
	return audit_note(c, AUDIT_KEY_RENEWED, "posts", post_id, NOTHING);
}

enum err circles_renew(struct ctx *c, int64_t post_id, int64_t account_id)
{
	TRY(circles_key_forget(c, post_id, S("account"), account_id));
	return renew(c, post_id);
}

enum err circles_renew_job(struct ctx *c, int64_t post_id)
{
	struct circles_newest_row own, above;
	struct circles_key_get_row sealed;
	int64_t parent_id;
	bool found;
	TRY(parent_of(c, post_id, &parent_id));
	TRY(circles_newest(c, post_id, &own, &found));
	if (found && parent_id) {
		TRY(circles_newest(c, parent_id, &above, &found));
		if (found)
			TRY(circles_key_get(c, own.id, S("circle"), above.id, &sealed, &found));
		if (found)
			return OK; /* its newest key was made after the last change above */
	}
	return renew(c, post_id);
}

enum err circles_holderless(struct ctx *c, struct circle_post **rows, size_t *rows_count)
{
	struct circles_without_holder_row *found;
	TRY(circles_without_holder(c, ROLES_READER, &found, rows_count));
	*rows = arena_array(c->mem, struct circle_post, *rows_count + 1);
	for (size_t i = 0; i < *rows_count; i++)
		(*rows)[i] = (struct circle_post){ found[i].id, found[i].name };
	return OK;
}

enum err circles_forget_invitation(struct ctx *c, int64_t invitation_id)
{
	return circles_keys_forget(c, S("invitation"), invitation_id);
}

enum err circles_sweep_job(struct ctx *c, int64_t unused)
{
	(void)unused;
	return circles_invitation_keys_sweep(c);
}

enum err circles_forget_account(struct ctx *c, int64_t account_id)
{
	return circles_keys_forget(c, S("account"), account_id);
}

enum err circles_holds(struct ctx *c, int64_t post_id, int64_t account_id, bool *holds)
{
	struct circles_newest_row newest;
	struct circles_key_get_row row;
	TRY(circles_newest(c, post_id, &newest, holds));
	return *holds ? circles_key_get(c, newest.id, S("account"), account_id, &row, holds) : OK;
}
