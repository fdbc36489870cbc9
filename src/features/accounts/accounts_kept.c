#include "features/accounts/accounts_kept.h"
#include "http/form.h"
#include "http/session.h"
#include "vault/hash.h"
#include "vault/ticket.h"

enum { REGION_BYTES_MIN = 4, REGION_BYTES_MAX = 8 };

/* What the ticket holds. */
struct content {
	uint8_t lookup[VAULT_HASH_BYTES]; /* of the session that the form was begun in */
	char owner[SESSION_OWNER_BYTES];
};
_Static_assert(sizeof(struct content) == TICKET_BYTES, "no holes, nothing left over");

struct str accounts_cookie(struct ctx *c, const struct session_token *token, int64_t account_id)
{
	uint8_t lookup[VAULT_HASH_BYTES];
	char owner[SESSION_OWNER_BYTES + 1];
	vault_session_lookup(c->vault, token, lookup);
	vault_session_owner(c->vault, lookup, account_id, owner);
	return arena_printf(c->mem, "%.*s~%s~%s", STR_ARG(c->region), token->text, owner);
}

bool accounts_cookie_read(const struct request *q, struct str *region, struct session_token *token, struct str *owner)
{
	struct str rest = request_cookie(q, "adem"), text = S("");
	*region = S("");
	(void)str_cut(&rest, '~', region);
	(void)str_cut(&rest, '~', &text);
	*owner = rest.n == SESSION_OWNER_BYTES ? rest : S("");
	return region->n >= REGION_BYTES_MIN && region->n <= REGION_BYTES_MAX && vault_session_read(text, token);
}

static struct str place_of(struct ctx *c, struct str path, bool done)
{
	return arena_printf(c->mem, "/sign-in %s %.*s", done ? "done" : "shown", STR_ARG(path));
}

/* Typing the password once more is itself the answer to what that step asks, which was pressed in the session that lives. */
static bool is_done(struct ctx *c, const struct request *q, const struct session_token *token)
{
	if (c->session)
		return true;
	return !(q->route->flags & ROUTE_FRESH) && form_is_written(q) && form_token_of(token, q);
}

struct str accounts_kept_ticket(struct ctx *c, const struct request *q)
{
	struct session_token token;
	struct content content;
	struct str region, owner;
	char *text = arena_alloc(c->mem, TICKET_TEXT_BYTES + 1, 1);
	if (!accounts_cookie_read(q, &region, &token, &owner))
		return S("");
	if (owner.n) { /* a cookie of before it had one has none */
		vault_session_lookup(c->vault, &token, content.lookup);
		memcpy(content.owner, owner.p, sizeof content.owner);
		struct str place = place_of(c, q->path, is_done(c, q, &token));
		vault_ticket_seal(c->vault, place, (const uint8_t *)&content, text);
	}
	vault_wipe(&token, sizeof token);
	return str_of(text);
}

enum kept accounts_kept_for(struct ctx *c, struct str path, struct str ticket, int64_t account_id, struct str *own)
{
	struct content content;
	char owner[SESSION_OWNER_BYTES + 1];
	bool done = vault_ticket_open(c->vault, place_of(c, path, true), ticket, (uint8_t *)&content);
	*own = S("");
	if (!done && !vault_ticket_open(c->vault, place_of(c, path, false), ticket, (uint8_t *)&content))
		return KEPT_SHOWN;
	if (account_id) {
		vault_session_owner(c->vault, content.lookup, account_id, owner);
		if (!vault_equal(owner, content.owner, sizeof content.owner))
			return KEPT_ANOTHERS;
	}
	if (!done)
		return KEPT_SHOWN;
	*own = arena_str(c->mem, (struct str){ (const char *)content.lookup, sizeof content.lookup });
	return KEPT_DONE;
}
