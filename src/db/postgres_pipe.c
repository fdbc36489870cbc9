#include "db/postgres_pipe.h"
#include "db/postgres_wire.h"

static void sent(struct pipe *p, const char *name, bool ok)
{
	assert(p->count < PIPE_MAX);
	p->names[p->count++] = name;
	p->broken = p->broken || !ok;
}

static bool entered(const struct pipe *p, PGconn *h)
{
	return p->count > 0 || PQenterPipelineMode(h) == 1;
}

void pipe_sql(struct pipe *p, PGconn *h, const char *sql)
{
	sent(p, sql, entered(p, h) && PQsendQueryParams(h, sql, 0, NULL, NULL, NULL, NULL, 0) == 1);
}

void pipe_statement(struct pipe *p, PGconn *h, const struct db_stmt_def *def, const struct db_value *in)
{
	struct wire_params params;
	int n = wire_params(&params, def, in);
	sent(p, def->name,
		entered(p, h) &&
			PQsendQueryPrepared(h, def->name, n, params.values, params.lengths, params.formats, 1) == 1);
}

static bool succeeded(const PGresult *r)
{
	ExecStatusType status = PQresultStatus(r);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

PGresult *pipe_answer(struct pipe *p, PGconn *h, const struct link_target *target, int64_t max_ms, const char **name)
{
	PGresult *kept = NULL;
	bool synced = false, silent = false;
	p->broken = p->broken || PQpipelineSync(h) != 1;
	for (size_t n = 0; !p->broken && !synced;) {
		PGresult *r = link_answer(h, target, max_ms, &silent);
		if (!r && (silent || PQstatus(h) == CONNECTION_BAD))
			break;
		synced = r && PQresultStatus(r) == PGRES_PIPELINE_SYNC;
		if (!r || synced || (kept && !succeeded(kept))) {
			PQclear(r); /* NULL only separates */
			n += r && !synced;
			continue;
		}
		PQclear(kept);
		kept = r;
		*name = p->names[n++];
	}
	*p = (struct pipe){ 0 };
	if (synced && PQexitPipelineMode(h) == 1)
		return kept;
	PQclear(kept);
	return NULL;
}
