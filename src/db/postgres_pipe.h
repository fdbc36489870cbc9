/* postgres_pipe.h - within src/db: several commands to PostgreSQL in one round trip. Each is sent as it comes and none is waited
 * for until pipe_answer(); after one that failed the server leaves out the others. In between nothing else may be sent over the
 * connection. */
#ifndef ADEM_DB_POSTGRES_PIPE_H
#define ADEM_DB_POSTGRES_PIPE_H
#include "db/postgres_link.h"
#include "db/stmt.h"

/* Few enough that their answers, which are short, fit in the socket's memory: neither side ever waits for the other to read. */
enum { PIPE_MAX = 32 };

/* All zeros when nothing was sent. */
struct pipe {
	const char *names[PIPE_MAX]; /* of what was sent, borrowed */
	size_t count;
	bool broken; /* something could not be sent */
};

/* Sends SQL, a command without parameters or rows, or DEF, which is prepared, with IN. PIPE_MAX at most before an answer. */
void pipe_sql(struct pipe *p, PGconn *h, const char *sql);
void pipe_statement(struct pipe *p, PGconn *h, const struct db_stmt_def *def, const struct db_value *in);
/* Waits for all of it, as link_answer() does for each. The result of the first command that failed, else of the last one, to be
 * freed; *NAME is that command's. NULL when the connection is of no more use. */
PGresult *pipe_answer(struct pipe *p, PGconn *h, const struct link_target *target, int64_t max_ms, const char **name);
#endif
