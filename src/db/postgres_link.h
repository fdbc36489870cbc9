/* postgres_link.h - making a connection to PostgreSQL without blocking a worker for long. Inside src/db only. */
#ifndef ADEM_DB_POSTGRES_LINK_H
#define ADEM_DB_POSTGRES_LINK_H
#include "base/err.h"
#include <libpq-fe.h>

/* Where to connect. After the first connection the address found and the password read are kept, because a worker in
 * its sandbox can look up neither again. */
struct link_target {
	char *url, *address, *password; /* malloc'ed; the last two may be NULL */
	unsigned attempts;
};

/* A connection, set up and ready, or NULL: then *WHY, in MEM, says why. Gives up after MAX_MS. */
PGconn *link_open(struct link_target *to, int64_t max_ms, struct arena *mem, struct str *why);
/* Sets the limits of a session; what migrating changed is undone. */
bool link_settings(PGconn *h);
/* Lifts the limit of a statement's time, until the connection is made again. */
void link_patient(PGconn *h);
void link_forget(struct link_target *to);
#endif
