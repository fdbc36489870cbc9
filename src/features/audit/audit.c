#include "features/audit/audit.h"
#include "base/log.h"
#include "features/audit/audit_row.h"
#include "vault/hash.h"

enum { DETAIL_BYTES_MAX = 200 };

#define AUDIT_CODE(constant, code, words) code,
const char *const audit_codes[AUDIT_ACTIONS_COUNT] = { AUDIT_ACTIONS(AUDIT_CODE) };
#undef AUDIT_CODE

struct str audit_row_encode(struct ctx *c, const struct audit_from_row *r)
{
	return arena_printf(c->mem, "%.*s|%" PRId64 "|%" PRId64 "|%" PRId64 "|%.*s|%.*s|%" PRId64 "|%.*s",
		STR_ARG(c->region), r->number, r->at_ms, r->account_id.is ? r->account_id.v : 0, STR_ARG(r->action),
		STR_ARG(r->subject), r->subject_id, STR_ARG(r->detail));
}

static enum err head(struct ctx *c, struct audit_head_row *row)
{
	static const uint8_t zero[VAULT_HASH_BYTES];
	bool found;
	TRY(audit_head(c, row, &found));
	if (found)
		return OK;
	TRY(audit_head_insert(c, audit_hash_str(zero)));
	TRY(audit_head(c, row, &found));
	return found ? OK : FAIL(c, ERR_DB, "the audit has no head");
}

enum err audit_note(struct ctx *c, enum audit_action action, const char *subject, int64_t subject_id, struct str detail)
{
	struct audit_head_row last;
	uint8_t next[VAULT_HASH_BYTES], mac[VAULT_HASH_BYTES];
	assert(detail.n <= DETAIL_BYTES_MAX && c->vault);
	TRY(head(c, &last));
	assert(last.hash.n == VAULT_HASH_BYTES);
	struct audit_from_row row = {
		.number = last.number + 1,
		.at_ms = c->now_ms,
		.account_id = {c->account_id != 0, c->account_id},
		.action = str_of(audit_codes[action]),
		.subject = str_of(subject),
		.subject_id = subject_id,
		.detail = detail
	};
	vault_chain(c->vault, (const uint8_t *)last.hash.p, audit_row_encode(c, &row), next);
	vault_chain_head(c->vault, c->region, row.number, next, mac);
	TRY(audit_insert(c, row.number, row.account_id, row.action, row.subject, subject_id, detail, last.hash,
		audit_hash_str(next)));
	return audit_head_update(c, row.number, audit_hash_str(next), audit_hash_str(mac));
}

enum err audit_key(struct ctx *c, int64_t *number)
{
	struct audit_end_row end;
	bool found;
	*number = 0;
	TRY(audit_end(c, &end, &found));
	if (!found || end.number == 0 || end.mac.p)
		return OK;
	*number = end.number + 1;
	return audit_note(c, AUDIT_KEYED, "audit", end.number, S(""));
}

enum err audit_tell_head_job(struct ctx *c, int64_t unused)
{
	struct audit_end_row end;
	bool found;
	(void)unused;
	TRY(audit_end(c, &end, &found));
	if (found && end.number > 0 && end.hash.n == VAULT_HASH_BYTES)
		log_info("audit_head", "region=%.*s head=%.*s", STR_ARG(c->region),
			STR_ARG(audit_anchor_text(c->mem, end.number, (const uint8_t *)end.hash.p)));
	return OK;
}
