#include "features/audit/audit.h"
#include "audit_sql.h"
#include "vault/hash.h"

enum { DETAIL_BYTES_MAX = 200 };

/* The bytes of a row that its hash covers; the region is in them, so that a row cannot change regions. */
static struct str encoded(struct ctx *c, int64_t number, int64_t at_ms, int64_t account_id, struct str action,
	struct str subject, int64_t subject_id, struct str detail)
{
	return arena_printf(c->mem, "%.*s|%" PRId64 "|%" PRId64 "|%" PRId64 "|%.*s|%.*s|%" PRId64 "|%.*s",
		STR_ARG(c->region), number, at_ms, account_id, STR_ARG(action), STR_ARG(subject), subject_id,
		STR_ARG(detail));
}

static struct str bytes(const uint8_t *p)
{
	return (struct str){ (const char *)p, VAULT_HASH_BYTES };
}

static enum err head(struct ctx *c, struct audit_head_row *row)
{
	static const uint8_t zero[VAULT_HASH_BYTES];
	bool found;
	TRY(audit_head(c, row, &found));
	if (found)
		return OK;
	TRY(audit_head_insert(c, bytes(zero)));
	TRY(audit_head(c, row, &found));
	return found ? OK : FAIL(c, ERR_DB, "the audit has no head");
}

enum err audit_note(struct ctx *c, const char *action, const char *subject, int64_t subject_id, struct str detail)
{
	struct audit_head_row last;
	uint8_t next[VAULT_HASH_BYTES];
	assert(detail.n <= DETAIL_BYTES_MAX);
	TRY(head(c, &last));
	int64_t number = last.number + 1;
	assert(last.hash.n == VAULT_HASH_BYTES);
	vault_chain((const uint8_t *)last.hash.p,
		encoded(c, number, c->now_ms, c->account_id, str_of(action), str_of(subject), subject_id, detail),
		next);
	TRY(audit_insert(c, number, (struct opt_int){ c->account_id != 0, c->account_id }, str_of(action),
		str_of(subject), subject_id, detail, last.hash, bytes(next)));
	return audit_head_update(c, number, bytes(next));
}

/* Checks one stretch of the chain; *prev is the hash before it and becomes that of its end. */
static int64_t broken_in(
	struct ctx *c, const struct audit_from_row *rows, size_t rows_count, int64_t expected, struct str *prev)
{
	for (size_t i = 0; i < rows_count; i++) {
		const struct audit_from_row *r = &rows[i];
		uint8_t hash[VAULT_HASH_BYTES];
		if (r->number != expected + (int64_t)i || !str_eq(r->prev_hash, *prev))
			return expected + (int64_t)i;
		vault_chain((const uint8_t *)prev->p,
			encoded(c, r->number, r->at_ms, r->account_id.is ? r->account_id.v : 0, r->action, r->subject,
				r->subject_id, r->detail),
			hash);
		if (!str_eq(r->hash, bytes(hash)))
			return r->number;
		*prev = r->hash;
	}
	return 0;
}

enum err audit_verify(struct ctx *c, int64_t *broken_at, int64_t *count)
{
	static const uint8_t zero[VAULT_HASH_BYTES];
	struct str prev = bytes(zero);
	struct audit_last_row last;
	bool found;
	*broken_at = 0;
	*count = 0;
	for (;;) {
		struct audit_from_row *rows;
		size_t rows_count;
		TRY(audit_from(c, *count + 1, &rows, &rows_count));
		if (rows_count == 0)
			break;
		*broken_at = broken_in(c, rows, rows_count, *count + 1, &prev);
		if (*broken_at)
			return OK;
		*count += (int64_t)rows_count;
	}
	TRY(audit_last(c, &last, &found));
	if (found && (last.number != *count || !str_eq(last.hash, prev)))
		*broken_at = *count + 1;
	return OK;
}
