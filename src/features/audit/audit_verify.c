/* Is the audit what was written? The chain is walked from its beginning, in batches, so that neither memory nor time of a
 * statement grows with it. */
#include "audit_sql.h"
#include "db/db.h"
#include "features/audit/audit.h"
#include "features/audit/audit_row.h"
#include "vault/hash.h"

enum { BATCH_ARENA_BYTES = 1 << 20 };

struct walk {
	struct audit_end_row end;                                      /* what the head says */
	uint8_t end_hash[VAULT_HASH_BYTES], end_mac[VAULT_HASH_BYTES]; /* its texts, which outlive a batch */
	bool has_end;
	int64_t rows_max; /* highest number of a row */
	struct audit_from_row *rows;
	size_t rows_count;
	bool keyed; /* a row with a keyed hash has come: from there on all have one */
	const struct audit_anchor *anchor;
	struct audit_verdict *verdict;
};

/* The highest row is looked for first: what is written meanwhile moves the head, never a row behind it. */
static enum err read_end(struct ctx *c, void *arg)
{
	struct walk *w = arg;
	struct audit_highest_row highest;
	bool found;
	TRY(audit_highest(c, &highest, &found));
	w->rows_max = found ? highest.number : 0;
	return audit_end(c, &w->end, &w->has_end);
}

static enum err read_batch(struct ctx *c, void *arg)
{
	struct walk *w = arg;
	return audit_from(c, w->verdict->count + 1, &w->rows, &w->rows_count);
}

static bool say(struct walk *w, int64_t at, const char *why)
{
	w->verdict->broken_at = at;
	w->verdict->why = why;
	return false;
}

static bool link_is(
	struct ctx *c, const struct vault *v, const uint8_t *prev, const struct audit_from_row *r, uint8_t *hash)
{
	vault_chain(v, prev, audit_row_encode(c, r), hash);
	return r->hash.n == VAULT_HASH_BYTES && vault_equal(r->hash.p, hash, VAULT_HASH_BYTES);
}

/* Rows from before the chain was keyed hold by what the first keyed one says of them. */
static bool row_holds(struct ctx *c, struct walk *w, const struct audit_from_row *r)
{
	struct audit_verdict *v = w->verdict;
	uint8_t hash[VAULT_HASH_BYTES];
	if (r->number != v->count + 1)
		return say(w, v->count + 1, "it is missing");
	if (!str_eq(r->prev_hash, audit_hash_str(v->hash)))
		return say(w, r->number, "the row before it is another one");
	if (w->keyed || !link_is(c, NULL, v->hash, r, hash)) {
		w->keyed = true;
		if (!link_is(c, c->vault, v->hash, r, hash))
			return say(w, r->number, "it was changed, or was not written with this pepper");
	}
	memcpy(v->hash, hash, sizeof hash);
	v->count = r->number;
	if (w->anchor && w->anchor->number == r->number && memcmp(w->anchor->hash, hash, w->anchor->bytes) != 0)
		return say(w, r->number, "it is not the row that was noted");
	return true;
}

static bool end_holds(struct walk *w, const struct ctx *c)
{
	const struct audit_verdict *v = w->verdict;
	uint8_t mac[VAULT_HASH_BYTES];
	int64_t number = w->has_end ? w->end.number : 0;
	if (w->rows_max > number)
		return say(w, number + 1, "the head of the chain does not know of it");
	if (v->count < number)
		return say(w, v->count + 1, "it is missing");
	if (w->anchor && w->anchor->number > number)
		return say(w, number + 1, "it was noted to be there, and the chain ends before it");
	if (number == 0)
		return true;
	vault_chain_head(c->vault, c->region, number, v->hash, mac);
	if (!w->keyed || !str_eq(w->end.hash, audit_hash_str(v->hash)) || !str_eq(w->end.mac, audit_hash_str(mac)))
		return say(w, number, "it is not the end that was written with this pepper");
	return true;
}

/* FROM, where it is no longer than a hash, in TO. */
static struct str copied(struct str from, uint8_t to[VAULT_HASH_BYTES])
{
	size_t n = from.n <= VAULT_HASH_BYTES ? from.n : 0;
	if (n > 0)
		memcpy(to, from.p, n);
	return (struct str){ (const char *)to, n };
}

static enum err walk(struct ctx *c, struct walk *w, void (*progress)(void *arg, int64_t done, int64_t of), void *arg)
{
	TRY(db_within(c, false, read_end, w));
	int64_t number = w->has_end ? w->end.number : 0;
	if (w->has_end) {
		w->end.hash = copied(w->end.hash, w->end_hash);
		w->end.mac = copied(w->end.mac, w->end_mac);
	}
	while (w->verdict->count < number) {
		arena_reset(c->mem);
		TRY(db_within(c, false, read_batch, w));
		if (w->rows_count == 0)
			break;
		for (size_t i = 0; i < w->rows_count && w->verdict->count < number; i++)
			if (!row_holds(c, w, &w->rows[i]))
				return OK;
		if (progress)
			progress(arg, w->verdict->count, number);
	}
	end_holds(w, c);
	return OK;
}

enum err audit_verify(struct ctx *c, const struct audit_anchor *anchor, struct audit_verdict *verdict,
	void (*progress)(void *arg, int64_t done, int64_t of), void *arg)
{
	struct ctx own = *c;
	struct walk w = { .anchor = anchor, .verdict = verdict };
	assert(!db_in_transaction(c->db) && c->vault);
	*verdict = (struct audit_verdict){ 0 };
	own.mem = arena_new(BATCH_ARENA_BYTES);
	enum err e = walk(&own, &w, progress, arg);
	c->err = own.err;
	if (e != OK)
		c->err.why = arena_str(c->mem, own.err.why);
	arena_free(own.mem);
	return e;
}

bool audit_anchor_read(struct str text, struct audit_anchor *anchor)
{
	struct str number;
	*anchor = (struct audit_anchor){ 0 };
	if (!str_cut(&text, ':', &number) || !str_to_i64(number, 1, INT64_MAX, &anchor->number))
		return false;
	if (text.n % 2 != 0 || text.n < 2 * (size_t)AUDIT_ANCHOR_BYTES_MIN || text.n > 2 * (size_t)VAULT_HASH_BYTES)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char ch = text.p[i];
		int digit = ch >= '0' && ch <= '9' ? ch - '0' : ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
		if (digit < 0)
			return false;
		anchor->hash[i / 2] = (uint8_t)(anchor->hash[i / 2] << 4 | digit);
	}
	anchor->bytes = text.n / 2;
	return true;
}

struct str audit_anchor_text(struct arena *mem, int64_t number, const uint8_t hash[VAULT_HASH_BYTES])
{
	char hex[2 * VAULT_HASH_BYTES + 1];
	for (size_t i = 0; i < VAULT_HASH_BYTES; i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	return arena_printf(mem, "%" PRId64 ":%s", number, hex);
}
