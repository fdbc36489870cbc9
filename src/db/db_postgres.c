/* PostgreSQL: one connection, statements prepared when first used, values in binary form. */
#include "base/clock.h"
#include "base/log.h"
#include "db/backend.h"
#include "db/postgres_check.h"
#include "db/postgres_link.h"
#include "db/postgres_pipe.h"
#include "db/postgres_state.h"
#include "db/postgres_wire.h"
#include "db/prepared.h"
#include <poll.h>

enum {
	CONNECT_MS = 3000,   /* when the program starts */
	RECONNECT_MS = 1000, /* in a worker that others wait for */
	BACKOFF_FIRST_MS = 50,
	BACKOFF_MAX_MS = 2000,
	STATEMENT_MS = 25000, /* more than the server's own limits of a statement (postgres_link.c) */
};

struct postgres {
	struct db db; /* first */
	PGconn *h;    /* NULL while there is none */
	struct link_target target;
	char *keys; /* the columns of primary keys; malloc'ed, see link_keys() */
	struct prepared prepared;
	int64_t retry_at_ms, backoff_ms; /* of the monotonic clock */
	bool listening, woken;
	bool patient; /* statements may take as long as they do */
	/* Round trips are saved in each transaction: BEGIN goes out with the first statement, what gives no rows with the next
	 * one that does or with COMMIT, and the end of a reading one is not waited for. */
	const char *begin_sql; /* not yet sent, or NULL */
	struct pipe pipe;      /* sent, the answers not yet read */
	bool ending;           /* so is the end of a reading transaction */
};

static struct postgres *of(struct db *db)
{
	assert(db && db->backend->kind == DB_POSTGRES);
	return (struct postgres *)db;
}

static bool is_bad(const struct postgres *s)
{
	return !s->h || PQstatus(s->h) == CONNECTION_BAD;
}

static void disconnect(struct postgres *s)
{
	if (s->h)
		PQfinish(s->h);
	s->h = NULL;
	free(s->keys);
	s->keys = NULL;
	s->ending = s->patient = false;
	s->pipe = (struct pipe){ 0 };
	prepared_clear(&s->prepared, NULL);
}

/* The next result. A server that is silent is left: the connection is gone then. */
static PGresult *answer(struct postgres *s)
{
	bool silent;
	PGresult *r = s->h ? link_answer(s->h, &s->target, s->patient ? 0 : STATEMENT_MS, &silent) : NULL;
	if (s->h && silent)
		disconnect(s);
	return r;
}

/* The result of what was sent as one statement; NULL when the connection was lost. */
static PGresult *only_answer(struct postgres *s)
{
	PGresult *result = answer(s), *r;
	while (result && (r = answer(s)))
		PQclear(r);
	return result;
}

static PGresult *execute_text(struct postgres *s, const char *sql)
{
	return PQsendQuery(s->h, sql) ? only_answer(s) : NULL;
}

/* Reads the answers of all that was sent through the pipe: that of the first that failed, *WHAT, else that of the last. NULL when
 * the connection was lost. */
static PGresult *pipe_read(struct postgres *s, const char **what)
{
	PGresult *r = pipe_answer(&s->pipe, s->h, &s->target, s->patient ? 0 : STATEMENT_MS, what);
	if (!r)
		disconnect(s);
	return r;
}

/* The error of result R, which is freed. Details are left out, for they hold values; so are messages about values. */
static enum err fail(struct ctx *c, const char *what, PGresult *r)
{
	struct postgres *s = of(c->db);
	const char *field = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
	const char *message = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	const char *detail = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL) : NULL;
	const char *state = field ? field : "";
	if (!field)
		disconnect(
			s); /* said by libpq, not by the server: there is no telling what state the connection is in */
	/* A server that only reads has been put behind another, or its disk is full: the next session may find the other
	 * one, and only a new one hears that it is over. */
	if (state_is_read_only(state) && s->db.write)
		disconnect(s);
	bool lost = is_bad(s);
	bool id_taken = strcmp(state, "23505") == 0 && link_is_key(s->keys, detail);
	s->db.retryable = lost || id_taken || state_is_passing(state);
	s->db.held = state_is_held(state);
	enum err e = FAIL(c, lost ? ERR_BUSY : state_code(state), "%s: %s%s%s", what,
		lost && !message                           ? "the connection was lost"
		: state_is_about_values(state) || !message ? "the database refuses a value or statement"
							   : message,
		state[0] ? ", SQLSTATE " : "", state);
	PQclear(r);
	return e;
}

/* Runs a command that gives no rows. */
static enum err command(struct ctx *c, const char *sql)
{
	PGresult *r = execute_text(of(c->db), sql);
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		return fail(c, sql, r);
	PQclear(r);
	return OK;
}

/* Reads the answer to the end of a reading transaction. */
static void settle(struct postgres *s)
{
	PGresult *r;
	while (s->ending && (r = answer(s)))
		PQclear(r);
	s->ending = false;
}

static enum err connect_now(struct ctx *c, int64_t max_ms)
{
	struct postgres *s = of(c->db);
	struct str why = { 0 };
	disconnect(s);
	s->h = link_open(&s->target, max_ms, c->mem, &why);
	if (!s->h)
		return FAIL(c, ERR_BUSY, "no connection to PostgreSQL: %.*s", STR_ARG(why));
	s->keys = link_keys(s->h);
	TRY(db_meet(c));
	if (!s->listening)
		return OK;
	s->woken = true; /* something may have been missed */
	return command(c, "LISTEN adem");
}

/* Makes a lost connection again, unless the last attempt was a moment ago. */
static enum err reconnect(struct ctx *c)
{
	struct postgres *s = of(c->db);
	int64_t now = clock_monotonic_ms();
	if (now < s->retry_at_ms)
		return FAIL(c, ERR_BUSY, "no connection to PostgreSQL; trying again soon");
	enum err e = connect_now(c, RECONNECT_MS);
	if (e == OK) {
		log_info("postgres_connected", "waited_ms=%" PRId64, s->backoff_ms);
		s->backoff_ms = 0;
		return OK;
	}
	disconnect(s);
	s->backoff_ms = s->backoff_ms ? s->backoff_ms * 2 : BACKOFF_FIRST_MS;
	if (s->backoff_ms > BACKOFF_MAX_MS)
		s->backoff_ms = BACKOFF_MAX_MS;
	s->retry_at_ms = clock_monotonic_ms() + s->backoff_ms;
	if (s->db.differs)
		log_error("another_database", "retry_ms=%" PRId64 " why=%.*s", s->backoff_ms, STR_ARG(c->err.why));
	else
		log_warn("postgres_unreachable", "retry_ms=%" PRId64 " why=%.*s", s->backoff_ms, STR_ARG(c->err.why));
	return e;
}

/* Reads what has come in; false when the connection has ended, which shows only after the server's last words. */
static bool read_all(PGconn *h)
{
	struct pollfd p = { .fd = PQsocket(h), .events = POLLIN };
	do {
		if (!PQconsumeInput(h))
			return false;
	} while (poll(&p, 1, 0) > 0);
	return true;
}

static enum err begin(struct ctx *c, bool write)
{
	struct postgres *s = of(c->db);
	settle(s);
	if (!is_bad(s) && !read_all(s->h))
		disconnect(s);
	if (is_bad(s))
		TRY(reconnect(c));
	s->begin_sql = write ? "BEGIN" : "BEGIN READ ONLY";
	return OK;
}

/* Sends BEGIN by itself. When it turns out that the server went away meanwhile nothing is lost. */
static enum err begin_now(struct ctx *c)
{
	struct postgres *s = of(c->db);
	const char *sql = s->begin_sql;
	s->begin_sql = NULL;
	if (!is_bad(s)) {
		enum err e = command(c, sql);
		if (e == OK || !is_bad(s))
			return e;
	}
	TRY(reconnect(c));
	return command(c, sql);
}

static void end_reading(struct postgres *s, const char *sql)
{
	if (is_bad(s))
		return; /* what was read has been read */
	s->ending = PQsendQuery(s->h, sql) == 1;
	if (!s->ending)
		disconnect(s);
}

static void rollback(struct db *db)
{
	struct postgres *s = of(db);
	bool begun = !s->begin_sql;
	s->begin_sql = NULL;
	if (!begun || is_bad(s))
		return;
	if (!db->write) {
		end_reading(s, "ROLLBACK");
		return;
	}
	const char *what;
	if (s->pipe.count)
		PQclear(pipe_read(s, &what));
	PGresult *r = s->h ? execute_text(s, "ROLLBACK") : NULL;
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		disconnect(s); /* whatever state it is in, the next transaction must not inherit it */
	PQclear(r);
}

static enum err commit(struct ctx *c, bool *lost)
{
	struct postgres *s = of(c->db);
	bool begun = !s->begin_sql;
	s->begin_sql = NULL;
	*lost = false;
	if (begun && !s->db.write)
		end_reading(s, "COMMIT");
	if (!begun || !s->db.write)
		return OK;
	const char *what = "COMMIT";
	pipe_sql(&s->pipe, s->h, what);
	PGresult *r = pipe_read(s, &what);
	*lost = is_bad(s);
	if (PQresultStatus(r) != PGRES_COMMAND_OK) {
		enum err e = fail(c, what, r);
		rollback(&s->db); /* when something before COMMIT was refused the server has not seen it */
		return e;
	}
	bool done = strcmp(PQcmdStatus(r), "COMMIT") == 0;
	PQclear(r);
	return done ? OK : FAIL(c, ERR_DB, "commit: the database rolled back");
}

/* Whether R is no error; that one is WHAT's, and R is freed then. */
static enum err check_result(struct ctx *c, const char *what, PGresult *r)
{
	ExecStatusType status = PQresultStatus(r);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? OK : fail(c, what, r);
}

/* Reads the answers of what was sent; an error is that of the first that failed. */
static enum err read_pipe(struct ctx *c)
{
	struct postgres *s = of(c->db);
	const char *what = "";
	if (s->pipe.count == 0)
		return OK;
	PGresult *r = pipe_read(s, &what);
	TRY(check_result(c, what, r));
	PQclear(r);
	return OK;
}

static enum err prepare(struct ctx *c, const struct db_stmt_def *def)
{
	struct postgres *s = of(c->db);
	if (prepared_get(&s->prepared, def))
		return OK;
	TRY(read_pipe(c));
	Oid types[DB_IN_MAX];
	int n = (int)strlen(def->in);
	assert(n <= DB_IN_MAX);
	for (int i = 0; i < n; i++)
		types[i] = wire_oid((enum db_type)def->in[i]);
	bool sent = PQsendPrepare(s->h, def->name, def->postgres, n, types) == 1;
	PGresult *r = sent ? only_answer(s) : NULL;
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		return fail(c, def->name, r);
	PQclear(r);
	prepared_put(&s->prepared, def, s);
	return OK;
}

/* Sends DEF, prepared, and reads the answers of all that was sent before; the first that failed goes before its own. NULL when
 * the connection was lost. */
static PGresult *execute(
	struct postgres *s, const struct db_stmt_def *def, const struct db_value *in, const char **what)
{
	pipe_statement(&s->pipe, s->h, def, in);
	return pipe_read(s, what);
}

static enum err fetch(struct ctx *c, const PGresult *r, struct db_rows *to)
{
	const struct db_stmt_def *def = to->def;
	struct db_value values[DB_OUT_MAX];
	if (PQnfields(r) != (int)def->out_count)
		return FAIL(c, ERR_DB, "%s: %d columns, not %zu", def->name, PQnfields(r), def->out_count);
	for (int i = 0; i < PQnfields(r); i++)
		if (!wire_fits(PQftype(r, i), def->out[i].type))
			return FAIL(c, ERR_DB, "%s: %s has another type", def->name, def->out[i].name);
	for (int row = 0; row < PQntuples(r); row++) {
		for (int i = 0; i < PQnfields(r); i++)
			values[i] = wire_column(r, row, i, def->out[i].type);
		TRY(db_rows_add(to, values));
	}
	return OK;
}

/* What came of DEF, or of WHAT was sent before it and failed; R is freed. */
static enum err finish(struct ctx *c, const struct db_stmt_def *def, const char *what, PGresult *r, struct db_rows *to)
{
	TRY(check_result(c, what, r));
	enum err e = def->out_count ? fetch(c, r, to) : OK;
	PQclear(r);
	return e;
}

/* Whether DEF may be sent and its answer be read later: it gives no rows, and if it fails its transaction fails, at the next
 * statement that gives some or at the end. */
static bool may_wait(const struct postgres *s, const struct db_stmt_def *def)
{
	return s->db.write && !s->begin_sql && def->out_count == 0 && s->pipe.count < PIPE_MAX - 1;
}

static enum err run(struct ctx *c, const struct db_stmt_def *def, const struct db_value *in, struct db_rows *to)
{
	struct postgres *s = of(c->db);
	const char *what = def->name;
	if (s->begin_sql && !is_bad(s) && prepared_get(&s->prepared, def)) {
		pipe_sql(&s->pipe, s->h, s->begin_sql);
		PGresult *r = execute(s, def, in, &what);
		if (!is_bad(s)) {
			s->begin_sql = NULL;
			return finish(c, def, what, r, to);
		}
		PQclear(r); /* lost before anything was done: once more, below */
	}
	if (s->begin_sql) {
		TRY(begin_now(c));
	} else if (is_bad(s)) {
		s->db.retryable = true;
		return FAIL(c, ERR_BUSY, "%s: the connection was lost", def->name);
	}
	TRY(prepare(c, def));
	if (may_wait(s, def)) {
		pipe_statement(&s->pipe, s->h, def, in);
		return OK;
	}
	PGresult *r = execute(s, def, in, &what);
	return finish(c, def, what, r, to);
}

static enum err notify(struct ctx *c)
{
	if (of(c->db)->begin_sql)
		TRY(begin_now(c));
	/* A name of a region is digits and dots; anything else is left out, which calls about all. */
	bool named = c->region.n > 0 && c->region.n < sizeof c->db->calls.region[0];
	for (size_t i = 0; i < c->region.n && named; i++)
		named = c->region.p[i] == '.' || (c->region.p[i] >= '0' && c->region.p[i] <= '9');
	const char *sql = named ? arena_printf(c->mem, "NOTIFY adem, '%.*s'", STR_ARG(c->region)).p : "NOTIFY adem";
	if (of(c->db)->pipe.count == PIPE_MAX - 1)
		TRY(read_pipe(c));
	pipe_sql(&of(c->db)->pipe, of(c->db)->h, sql);
	return OK;
}

static void hear(struct db_calls *calls, const char *region)
{
	size_t i = 0, n = strlen(region);
	while (i < calls->count && strcmp(calls->region[i], region) != 0)
		i++;
	if (n == 0 || n >= sizeof calls->region[0] || i == COUNT(calls->region))
		calls->all = true;
	else if (i == calls->count)
		memcpy(calls->region[calls->count++], region, n + 1);
}

static enum err start_listening(struct ctx *c)
{
	struct postgres *s = of(c->db);
	settle(s);
	s->listening = true;
	return is_bad(s) ? reconnect(c) : command(c, "LISTEN adem");
}

static int wake_fd(const struct db *db)
{
	const struct postgres *s = (const struct postgres *)db;
	return is_bad(s) ? -1 : PQsocket(s->h);
}

static bool wake_drain(struct ctx *c)
{
	struct postgres *s = of(c->db);
	if (!s->listening)
		return false;
	if (!is_bad(s) && !read_all(s->h))
		disconnect(s);
	if (is_bad(s) && reconnect(c) != OK)
		return false; /* said when it works again */
	if (!PQisBusy(s->h))
		settle(s);
	bool woken = s->woken;
	s->db.calls.all = s->db.calls.all || woken;
	PGnotify *n;
	while ((n = PQnotifies(s->h))) {
		woken = true;
		hear(&s->db.calls, n->extra);
		PQfreemem(n);
	}
	s->woken = false;
	return woken;
}

static void settle_now(struct db *db)
{
	struct postgres *s = of(db);
	if (!is_bad(s))
		settle(s);
}

static void take_rows(struct ctx *c, const PGresult *r, struct db_table *out)
{
	size_t columns = (size_t)PQnfields(r);
	*out = (struct db_table){ .columns = columns };
	for (int row = 0; row < PQntuples(r); row++) {
		struct str *cells = db_table_add(c, out, columns);
		for (int i = 0; i < PQnfields(r); i++)
			if (!PQgetisnull(r, row, i))
				cells[i] = arena_str(c->mem, str_of(PQgetvalue(r, row, i)));
	}
}

static enum err raw(struct ctx *c, struct str sql, struct db_table *out)
{
	struct postgres *s = of(c->db);
	enum err e = OK;
	settle(s);
	TRY(read_pipe(c));
	if (s->begin_sql)
		TRY(begin_now(c));
	else if (is_bad(s) && !s->db.in_transaction)
		TRY(reconnect(c));
	if (is_bad(s) || !PQsendQuery(s->h, arena_str(c->mem, sql).p))
		return fail(c, "raw statement", NULL);
	PGresult *r;
	while ((r = answer(s))) {
		ExecStatusType status = PQresultStatus(r);
		if (status == PGRES_FATAL_ERROR && e == OK) {
			e = fail(c, "raw statement", r);
			continue;
		}
		if (status == PGRES_TUPLES_OK)
			take_rows(c, r, out);
		PQclear(r);
	}
	return e == OK && is_bad(s) ? fail(c, "raw statement", NULL) : e;
}

/* Schema changes may take longer than a session's limits allow. */
static enum err migrate_begin(struct ctx *c)
{
	struct db_table t = { 0 };
	of(c->db)->patient = true;
	return raw(c,
		S("SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;"
		  "SELECT pg_advisory_lock(1097098605)"),
		&t);
}

static void patient(struct db *db)
{
	struct postgres *s = of(db);
	settle(s);
	if (is_bad(s) || !link_patient(s->h))
		disconnect(s);
	else
		s->patient = true;
}

static void be_brief(struct db *db)
{
	struct postgres *s = of(db);
	settle(s);
	s->target.brief = true;
	if (is_bad(s) || !link_settings(s->h, &s->target))
		disconnect(s);
}

static void migrate_end(struct ctx *c)
{
	struct postgres *s = of(c->db);
	struct db_table t = { 0 };
	if (is_bad(s))
		return; /* the lock went with the connection */
	bool ok = raw(c, S("SELECT pg_advisory_unlock(1097098605)"), &t) == OK && link_settings(s->h, &s->target);
	s->patient = false;
	free(s->keys);
	s->keys = ok ? link_keys(s->h) : NULL;
	if (!ok)
		disconnect(s);
}

static enum err backup(struct ctx *c, struct str label, struct str *name)
{
	(void)c;
	(void)label;
	*name = (struct str){ 0 }; /* pg_dump's work */
	return OK;
}

static void close_postgres(struct db *db)
{
	struct postgres *s = of(db);
	disconnect(s);
	link_forget(&s->target);
	free(s);
}

static const struct db_backend postgres_backend = {
	.kind = DB_POSTGRES,
	.close = close_postgres,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.run = run,
	.notify = notify,
	.listen = start_listening,
	.wake_fd = wake_fd,
	.wake_drain = wake_drain,
	.settle = settle_now,
	.check = postgres_check,
	.raw = raw,
	.patient = patient,
	.be_brief = be_brief,
	.migrate_begin = migrate_begin,
	.migrate_end = migrate_end,
	.backup = backup,
};

enum err db_postgres_connect(struct ctx *c, struct str url, struct db **out)
{
	struct postgres *s = calloc(1, sizeof *s);
	if (!s || !(s->target.url = strndup(url.p, url.n)))
		abort();
	s->db.backend = &postgres_backend;
	struct ctx inner = *c; /* the caller's c->db stays what it is */
	inner.db = &s->db;
	enum err e = connect_now(&inner, CONNECT_MS);
	if (e == OK && link_is_shared(s->h, &s->target, CONNECT_MS, c->mem))
		e = FAIL(&inner, ERR_INPUT,
			"a pooler in transaction mode stands before PostgreSQL: prepared statements, settings and "
			"notifications belong to a session. Connect to the server itself, or set pool_mode = session");
	c->err = inner.err;
	if (e == OK)
		*out = &s->db;
	else
		close_postgres(&s->db);
	return e;
}
