#include "db/postgres_link.h"
#include "db/backend.h"
#include "base/clock.h"
#include <poll.h>

/* A statement that takes longer, waits longer for a lock or leaves a transaction idle for longer is broken off. */
static const char settings_sql[] = "SET statement_timeout = '20s'; SET lock_timeout = '10s';"
				   "SET idle_in_transaction_session_timeout = '30s';"
				   "SET default_transaction_isolation = 'read committed'; SET timezone = 'UTC';"
				   "SET bytea_output = 'hex'; SET extra_float_digits = 1";

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

bool link_settings(PGconn *h)
{
	PGresult *r = PQexec(h, settings_sql);
	bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;
	PQclear(r);
	return ok;
}

void link_patient(PGconn *h)
{
	PQclear(PQexec(h, "SET statement_timeout = 0")); /* a broken connection is seen by whatever comes next */
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
	if (finish(h, clock_monotonic_ms() + max_ms) && link_settings(h)) {
		remember(to, h);
		return h;
	}
	const char *said = PQerrorMessage(h);
	*why = str_trim(arena_str(mem, said[0] ? str_of(said) : S("no answer in time")));
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
	PGresult *r = PQexec(h, keys_sql);
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
	PGresult *r = PQexec(h, "SELECT pg_backend_pid()");
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
