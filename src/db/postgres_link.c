#include "db/postgres_link.h"
#include "db/backend.h"
#include "base/clock.h"
#include "base/log.h"
#include <poll.h>

/* A statement that takes longer, waits longer for a lock or leaves a transaction idle for longer is broken off. A worker
 * waits for a lock with all its connections behind it, and a lock that another host has taken with it (frozen, cut off) is
 * free again only when the server ends that host's transaction: both are short, for a transaction of ours is never idle for
 * longer than a moment. */
static const char settings_sql[] = "SET statement_timeout = '20s'; SET lock_timeout = '2s';"
				   "SET idle_in_transaction_session_timeout = '5s';"
				   "SET default_transaction_isolation = 'read committed'; SET timezone = 'UTC';"
				   "SET bytea_output = 'hex'; SET extra_float_digits = 1";
/* For who has other work: each row that is held would delay all that comes after. */
static const char brief_sql[] = "SET lock_timeout = '200ms'";

enum {
	SILENT_MS = 3000, /* nobody waits longer without knowing that the server works */
	PROBE_MS = 1000,
};

static void ignore_notice(void *arg, const PGresult *r)
{
	(void)arg;
	(void)r; /* notices may hold values */
}

static char *copy_of(const char *z)
{
	char *copy = z && z[0] ? strdup(z) : NULL;
	if (z && z[0] && !copy)
		abort();
	return copy;
}

/* What comes before the URL is a default, what comes behind it counts more than the URL. */
static PGconn *start(const struct link_target *to)
{
	enum { DEFAULTS = 5, MAX = 10 };
	const char *names[MAX + 1] = { "application_name", "keepalives_idle", "keepalives_interval", "keepalives_count",
		"tcp_user_timeout", "dbname", "client_encoding" };
	const char *values[MAX + 1] = { "adem", "15", "5", "3", "10000", to->url, "UTF8" };
	int n = DEFAULTS + 2;
	/* Every other attempt looks the name up again, in case the database has moved. */
	if (to->address && to->attempts % 2 == 0) {
		names[n] = "hostaddr";
		values[n++] = to->address;
	}
	if (to->password) {
		names[n] = "password";
		values[n++] = to->password;
	}
	assert(n <= MAX);
	return PQconnectStartParams(names, values, 1);
}

static bool finish(PGconn *h, int64_t until_ms)
{
	PostgresPollingStatusType step = PGRES_POLLING_WRITING;
	while (step != PGRES_POLLING_OK) {
		int64_t left = until_ms - clock_monotonic_ms();
		short events = step == PGRES_POLLING_READING ? POLLIN : POLLOUT;
		struct pollfd p = { .fd = PQsocket(h), .events = events };
		if (PQstatus(h) == CONNECTION_BAD || left <= 0)
			return false;
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return false;
		step = PQconnectPoll(h);
		if (step == PGRES_POLLING_FAILED)
			return false;
	}
	return true;
}

/* Waits until there is a result on H, or until UNTIL_MS; false: there is none by then. */
static bool wait_for(PGconn *h, int64_t until_ms)
{
	while (PQisBusy(h)) {
		int unsent = PQflush(h);
		int64_t left = until_ms - clock_monotonic_ms();
		struct pollfd p = { .fd = PQsocket(h), .events = POLLIN };
		p.events |= unsent == 1 ? POLLOUT : 0;
		int came = poll(&p, 1, left > 0 ? (int)left : 0);
		if (came < 0 && errno != EINTR)
			return false;
		if (came == 0 && left <= 0)
			return false;
		if (unsent < 0 || !PQconsumeInput(h))
			return true; /* the result says why */
	}
	return true;
}

/* All of a statement of our own, the last result; NULL when there was none by UNTIL_MS. */
static PGresult *ask(PGconn *h, const char *sql, int64_t until_ms)
{
	PGresult *last = NULL, *r;
	if (!PQsendQuery(h, sql))
		return NULL;
	while (wait_for(h, until_ms)) {
		if (!(r = PQgetResult(h)))
			return last;
		PQclear(last);
		last = r;
	}
	PQclear(last);
	return NULL;
}

/* Whether the server works at what was sent on H. It does not when no further connection is answered, nor when its session for
 * H has not begun. Where that cannot be asked (no connection is left, a pooler stands between) it is given its time. */
static bool works_at(PGconn *h, const struct link_target *to)
{
	char sql[100];
	int64_t until_ms = clock_monotonic_ms() + PROBE_MS;
	PGconn *other = start(to);
	if (!other)
		abort();
	PQsetNoticeReceiver(other, ignore_notice, NULL);
	snprintf(sql, sizeof sql, "SELECT 1 FROM pg_stat_activity WHERE pid = %d AND state LIKE 'idle%%'",
		PQbackendPID(h));
	bool open = finish(other, until_ms);
	bool works = !open && PQstatus(other) == CONNECTION_BAD; /* refused, which is an answer */
	PGresult *r = open ? ask(other, sql, until_ms) : NULL;
	works = works || (PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 0);
	PQclear(r);
	PQfinish(other);
	return works;
}

PGresult *link_answer(PGconn *h, const struct link_target *to, int64_t max_ms, bool *silent)
{
	int64_t begun_ms = clock_monotonic_ms(), end_ms = max_ms ? begun_ms + max_ms : INT64_MAX;
	*silent = false;
	for (;;) {
		int64_t next_ms = to ? clock_monotonic_ms() + SILENT_MS : end_ms;
		if (wait_for(h, next_ms < end_ms ? next_ms : end_ms))
			return PQgetResult(h);
		if (clock_monotonic_ms() < end_ms && (!to || works_at(h, to)))
			continue;
		if (wait_for(h, 0)) /* it was done while it was asked about */
			return PQgetResult(h);
		break;
	}
	*silent = true;
	log_error("postgres_silent", "waited_ms=%" PRId64, clock_monotonic_ms() - begun_ms);
	return NULL;
}

/* Runs a command without rows. */
static bool command(PGconn *h, const char *sql, int64_t until_ms)
{
	PGresult *r = ask(h, sql, until_ms);
	bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;
	PQclear(r);
	return ok;
}

bool link_settings(PGconn *h, const struct link_target *to)
{
	int64_t until_ms = clock_monotonic_ms() + SILENT_MS;
	return command(h, settings_sql, until_ms) && (!to->brief || command(h, brief_sql, until_ms));
}

bool link_patient(PGconn *h)
{
	return command(h, "SET statement_timeout = 0", clock_monotonic_ms() + SILENT_MS);
}

static void remember(struct link_target *to, PGconn *h)
{
	const char *host = PQhost(h);
	bool single = host && host[0] && host[0] != '/' && !strchr(host, ',');
	if (!to->address && single)
		to->address = copy_of(PQhostaddr(h));
	if (!to->password)
		to->password = copy_of(PQpass(h));
	to->attempts = 0;
}

PGconn *link_open(struct link_target *to, int64_t max_ms, struct arena *mem, struct str *why)
{
	PGconn *h = start(to);
	if (!h)
		abort();
	to->attempts++;
	PQsetNoticeReceiver(h, ignore_notice, NULL);
	if (finish(h, clock_monotonic_ms() + max_ms) && PQsetnonblocking(h, 1) == 0 && link_settings(h, to)) {
		remember(to, h);
		return h;
	}
	bool refused = PQstatus(h) ==
		       CONNECTION_BAD; /* before that, the message is only to whom it did not get through */
	*why = str_trim(arena_str(mem, refused ? str_of(PQerrorMessage(h)) : S("no answer in time")));
	PQfinish(h);
	return NULL;
}

static const char keys_sql[] = "SELECT string_agg(DISTINCT '(' || columns || ')', E'\\n') FROM (SELECT (SELECT "
			       "string_agg(attname, ', ' ORDER BY o)"
			       " FROM unnest(indkey) WITH ORDINALITY u(k, o) JOIN pg_attribute ON attrelid = indrelid "
			       "AND attnum = k) AS columns"
			       " FROM pg_index JOIN pg_class c ON c.oid = indrelid"
			       " WHERE indisprimary AND c.relnamespace = current_schema()::regnamespace) s";

char *link_keys(PGconn *h)
{
	PGresult *r = ask(h, keys_sql, clock_monotonic_ms() + SILENT_MS);
	bool ok = PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1;
	char *keys = ok ? copy_of(PQgetvalue(r, 0, 0)) : NULL;
	PQclear(r);
	return keys;
}

bool link_is_key(const char *keys, const char *detail)
{
	/* "Key (region, id)=(…) already exists." */
	const char *columns = detail ? strchr(detail, '(') : NULL, *end = columns ? strstr(columns, ")=") : NULL;
	struct str rest = str_of(keys), key;
	while (end && str_cut(&rest, '\n', &key))
		if (str_eq(key, (struct str){ columns, (size_t)(end - columns) + 1 }))
			return true;
	return false;
}

/* The server's process that answers now; 0: it does not say. */
static int64_t backend_of(PGconn *h)
{
	PGresult *r = ask(h, "SELECT pg_backend_pid()", clock_monotonic_ms() + SILENT_MS);
	int64_t pid = 0;
	if (PQresultStatus(r) != PGRES_TUPLES_OK || !str_to_i64(str_of(PQgetvalue(r, 0, 0)), 1, INT32_MAX, &pid))
		pid = 0;
	PQclear(r);
	return pid;
}

bool link_is_shared(PGconn *h, struct link_target *to, int64_t max_ms, struct arena *mem)
{
	enum { ROUNDS = 4 };
	int64_t pid = backend_of(h), others_pid = 0;
	struct str why;
	if (pid == 0 || pid == PQbackendPID(h))
		return pid == 0; /* a pooler makes up the number that it tells at the start */
	PGconn *other = link_open(to, max_ms, mem, &why);
	bool shared = false; /* with a pool of one, it waits for us: a session of our own */
	for (int i = 0; i < ROUNDS && other && !shared; i++) {
		int64_t now_ours = backend_of(h), now_others = backend_of(other);
		others_pid = others_pid ? others_pid : now_others;
		shared = now_ours != pid || now_others != others_pid || now_ours == now_others;
	}
	if (other)
		PQfinish(other);
	return shared;
}

void link_forget(struct link_target *to)
{
	free(to->url);
	free(to->address);
	if (to->password)
		explicit_bzero(to->password, strlen(to->password));
	free(to->password);
	*to = (struct link_target){ 0 };
}

void db_postgres_files(struct arena *mem, struct str url, const char **files, size_t max)
{
	static const char *const names[] = { "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslcrldir", "passfile" };
	PQconninfoOption *options = PQconninfoParse(arena_str(mem, url).p, NULL);
	size_t count = 0;
	for (const PQconninfoOption *o = options; o && o->keyword; o++)
		for (size_t i = 0; i < COUNT(names) && count < max; i++)
			if (o->val && o->val[0] && strcmp(o->keyword, names[i]) == 0)
				files[count++] = arena_str(mem, str_of(o->val)).p;
	if (count < max)
		files[count] = NULL;
	PQconninfoFree(options);
}
