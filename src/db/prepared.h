/* prepared.h - which statements a connection has prepared: from the definition's address to what the backend keeps
 * for it. Lives as long as the connection. */
#ifndef ADEM_DB_PREPARED_H
#define ADEM_DB_PREPARED_H
#include "db/stmt.h"

struct prepared {
	struct prepared_slot {
		const struct db_stmt_def *def;
		void *kept;
	} * slot; /* malloc'ed */
	size_t count, cap;
};

/* What is kept for DEF, or NULL. */
void *prepared_get(const struct prepared *p, const struct db_stmt_def *def);
/* Keeps KEPT, not NULL, for DEF, for which nothing is kept yet. */
void prepared_put(struct prepared *p, const struct db_stmt_def *def, void *kept);
/* Forgets all; DROP, if not NULL, is given each thing kept. */
void prepared_clear(struct prepared *p, void (*drop)(void *kept));
#endif
