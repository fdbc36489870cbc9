/* postgres_link.h - making a connection to PostgreSQL, and hearing it, without blocking a worker for long. Inside src/db only. */
#ifndef ADEM_DB_POSTGRES_LINK_H
#define ADEM_DB_POSTGRES_LINK_H
#include "base/err.h"
#include <libpq-fe.h>

/* Where to connect. After the first connection the address found and the password read are kept, because a worker in
 * its sandbox can look up neither again. */
struct link_target {
	char *url, *address, *password; /* malloc'ed; the last two may be NULL */
	unsigned attempts;
	bool brief; /* see db_be_brief() */
};

/* The next result of what was sent on H, as PQgetResult() has it; *SILENT tells a NULL that means that the server says nothing:
 * the connection is then of no more use. A server that works at it is waited for, MAX_MS at most (0: as long as it takes). One
 * that has not answered for some seconds is asked through a second connection; TO NULL: it is not asked. */
PGresult *link_answer(PGconn *h, const struct link_target *to, int64_t max_ms, bool *silent);
/* A connection, set up and ready, or NULL: then *WHY, in MEM, says why. Gives up after MAX_MS. */
PGconn *link_open(struct link_target *to, int64_t max_ms, struct arena *mem, struct str *why);
/* Sets the limits of a session as they are for TO; what migrating changed is undone. */
bool link_settings(PGconn *h, const struct link_target *to);
/* Lifts the limit of a statement's time, until the connection is made again. False: the connection is of no more use. */
bool link_patient(PGconn *h);
/* The columns of the primary keys of the schema, "(region, id)", one a line; malloc'ed, NULL when they cannot be read. */
char *link_keys(PGconn *h);
/* Whether DETAIL, what the server says of a clash of keys, is about one of KEYS. The names of constraints say nothing:
 * Citus gives those of shards. */
bool link_is_key(const char *keys, const char *detail);
/* Whether a pooler gives the server's sessions behind H to others between transactions. Asks through a second connection, unless
 * H leads to the server itself. */
bool link_is_shared(PGconn *h, struct link_target *to, int64_t max_ms, struct arena *mem);
void link_forget(struct link_target *to);
#endif
