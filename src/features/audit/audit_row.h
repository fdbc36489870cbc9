/* audit_row.h - within features/audit: the codes of actions, and the bytes of a row that its hash covers. */
#ifndef ADEM_AUDIT_ROW_H
#define ADEM_AUDIT_ROW_H
#include "audit_sql.h"
#include "features/audit/audit.h"

extern const char *const audit_codes[AUDIT_ACTIONS_COUNT];

/* The region is among them, so that a row cannot change regions. */
struct str audit_row_encode(struct ctx *c, const struct audit_from_row *r);
static inline struct str audit_hash_str(const uint8_t hash[VAULT_HASH_BYTES])
{
	return (struct str){ (const char *)hash, VAULT_HASH_BYTES };
}
#endif
