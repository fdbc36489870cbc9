#include "http/once.h"
#include "base/buf.h"
#include "base/clock.h"
#include "form_keys_sql.h"
#include "http/form.h"
#include "http/session.h"
#include "vault/hash.h"

static const int64_t KEPT_MS = DAY_MS;

struct once {
	struct str region;
	uint8_t key[VAULT_HASH_BYTES], fields[VAULT_HASH_BYTES];
};

static struct str bytes(const uint8_t hash[VAULT_HASH_BYTES])
{
	return (struct str){ (const char *)hash, VAULT_HASH_BYTES };
}

static void hash_buf(struct ctx *c, const char *kind, struct buf *b, uint8_t hash[VAULT_HASH_BYTES])
{
	assert(!b->over);
	vault_lookup(c->vault, kind, buf_str(b), hash);
	vault_wipe(b->p, b->n);
	buf_free(b);
}

/* Lengths go before what they measure, so that two forms never make the same bytes. */
static void put_piece(struct buf *b, struct str s)
{
	buf_printf(b, "%zu:", s.n);
	buf_put(b, s);
}

/* False: the form has no key, or there is nothing to remember it in. */
static bool read_key(struct ctx *c, const struct request *q, struct once *o)
{
	enum { ROOM = 4096 };
	struct buf b;
	if (q->form_key.n == 0 || c->region.n == 0 || !c->vault)
		return false;
	o->region = c->region;
	buf_init(&b, q->path.n + q->form_key.n + ROOM);
	put_piece(&b, q->path);
	put_piece(&b, q->form_key);
	if (q->own.n)
		put_piece(&b, q->own);
	else
		buf_printf(&b, "%" PRId64, c->session ? c->session->id : 0);
	hash_buf(c, "http/form_key", &b, o->key);
	buf_init(&b, q->body.n * 2 + ROOM * 2);
	for (size_t i = 0; i < q->state->values_count; i++) {
		if (str_is(q->state->values[i].name, FORM_TOKEN_NAME))
			continue;
		put_piece(&b, q->state->values[i].name);
		put_piece(&b, q->state->values[i].value);
	}
	hash_buf(c, "http/form_fields", &b, o->fields);
	return true;
}

static enum err answer_again(struct ctx *c, struct request *q, struct response *r, const struct once *o,
	const struct form_keys_find_row *row)
{
	if (!str_eq(row->fields, bytes(o->fields)))
		return REFUSE(c, ERR_CONFLICT,
			"This form was sent before with something else in it. Look at it once more, then send it "
			"again.");
	q->again = true;
	if (row->location.p && !(q->route->flags & ROUTE_AGAIN)) {
		r->status = (int)row->status;
		r->location = row->location;
		return OK;
	}
	if (!(q->route->flags & ROUTE_AGAIN))
		return REFUSE(c, ERR_CONFLICT, "This was done already. What was shown then is not shown again.");
	return q->route->handler(c, q, r);
}

static enum err remember(struct ctx *c, const struct request *q, const struct response *r, const struct once *o)
{
	bool again = (q->route->flags & ROUTE_AGAIN) != 0;
	struct str location = r->location.n && !again ? r->location : (struct str){ NULL, 0 }, region = c->region;
	int status = r->status ? r->status : 200;
	if (status >= 400 || (r->cookies_count > 0 && !again))
		return OK;
	c->region = o->region;
	enum err e = form_keys_insert(c, bytes(o->key), bytes(o->fields), status, location);
	c->region = region;
	return e;
}

enum err once_handle(struct ctx *c, struct request *q, struct response *r)
{
	struct form_keys_find_row row;
	struct once o;
	bool found;
	q->again = false;
	if (!read_key(c, q, &o))
		return q->route->handler(c, q, r);
	TRY(form_keys_find(c, bytes(o.key), &row, &found));
	if (found)
		return answer_again(c, q, r, &o, &row);
	TRY(q->route->handler(c, q, r));
	return remember(c, q, r, &o);
}

enum err once_ended(struct ctx *c, const char *kind, struct str text, bool *ended)
{
	uint8_t hash[VAULT_HASH_BYTES];
	struct form_keys_find_row row;
	vault_lookup(c->vault, kind, text, hash);
	return form_keys_find(c, bytes(hash), &row, ended);
}

enum err once_end(struct ctx *c, const char *kind, struct str text)
{
	enum { NO_CONTENT = 204 };
	uint8_t hash[VAULT_HASH_BYTES];
	bool ended;
	TRY(once_ended(c, kind, text, &ended));
	vault_lookup(c->vault, kind, text, hash);
	return ended ? OK : form_keys_insert(c, bytes(hash), bytes(hash), NO_CONTENT, (struct str){ NULL, 0 });
}

enum err once_forget_job(struct ctx *c, int64_t unused)
{
	(void)unused;
	return form_keys_forget(c, c->now_ms - KEPT_MS);
}
