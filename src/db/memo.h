/* memo.h - answers that are the same as a moment ago: what statements found, kept until anything in the database changes.
 *
 * When a board rings, everybody loads the same pages; between two changes the same few rows are asked for again and again. One
 * memo belongs to one connection. It knows nothing by itself about changes: its owner tells at the begin of each reading
 * transaction which version of the database that transaction sees, and forgets everything after writing. Inside src/db only. */
#ifndef ADEM_DB_MEMO_H
#define ADEM_DB_MEMO_H
#include "db/backend.h"

struct memo;

struct memo *memo_new(void);
void memo_free(struct memo *m);
/* What follows sees version VERSION: what was kept of another one is forgotten. */
void memo_see(struct memo *m, int64_t version);
void memo_forget(struct memo *m);
/* The answer of DEF with the parameters IN, into TO as if db_rows_add() had made it there. False: not known. */
MUST_CHECK bool memo_get(
	const struct memo *m, const struct db_stmt_def *def, const struct db_value *in, struct db_rows *to);
/* Keeps the answer OF, if it is not too large. */
void memo_keep(struct memo *m, const struct db_stmt_def *def, const struct db_value *in, const struct db_rows *of);
#endif
