/* bare_postgres URL TEMPLATE-REPORT-ID SECONDS CONNECTIONS: as bare, on PostgreSQL and over so many connections at once, each
 * with statements prepared beforehand, run one after another. */
#include "bare.h"
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_MAX = 1000, ID_BITS = 36, CONNECTION_BITS = 20 };

static void must(PGconn *db, PGresult *r)
{
	if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK) {
		fprintf(stderr, "bare_postgres: %s\n", PQerrorMessage(db));
		exit(1);
	}
	PQclear(r);
}

static int64_t number(PGconn *db, const char *sql)
{
	PGresult *r = PQexec(db, sql);
	int64_t v = PQntuples(r) == 1 ? strtoll(PQgetvalue(r, 0, 0), NULL, 10) : 0;
	must(db, r);
	return v;
}

/* The statement in PostgreSQL's words. */
static void translate(const char *sqlite, char *out)
{
	static const char random[] = "randomblob(32)", instead[] = "sha256(random()::text::bytea)";
	char *end = out + TEXT_MAX - sizeof instead;
	while (*sqlite && out < end) {
		if (strncmp(sqlite, random, strlen(random)) == 0) {
			out = stpcpy(out, instead);
			sqlite += strlen(random);
		} else {
			*out++ = *sqlite == '?' ? '$' : *sqlite;
			sqlite++;
		}
	}
	*out = '\0';
}

static void prepare(PGconn *db)
{
	for (int i = 0; i < BARE_COPIES; i++) {
		static const Oid bigint = 20;
		const Oid types[] = { bigint, bigint, bigint, bigint };
		char sql[TEXT_MAX], name[16];
		snprintf(name, sizeof name, "copy%d", i);
		translate(bare_copies[i], sql);
		must(db, PQprepare(db, name, sql, 4, types));
	}
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Returns how many were committed, in the name of the connection's NUMBER. */
static int64_t commit_for(const char *url, int64_t number_of, const char *report, double seconds)
{
	PGconn *db = PQconnectdb(url);
	must(db, PQexec(db, "SET synchronous_commit = on"));
	char text[4][24];
	const char *values[] = { text[0], text[1], text[2], text[3] };
	snprintf(text[1], sizeof text[1], "%s", report);
	snprintf(text[2], sizeof text[2], "%" PRId64, number(db, bare_first_event));
	snprintf(text[3], sizeof text[3], "%" PRId64, number(db, bare_last_event));
	prepare(db);
	int64_t count = 0;
	for (double from = now(); now() - from < seconds; count++) {
		snprintf(text[0], sizeof text[0], "%" PRId64, ((number_of << CONNECTION_BITS) + count + 1) << ID_BITS);
		must(db, PQexec(db, "BEGIN"));
		for (int i = 0; i < BARE_COPIES; i++) {
			char name[16];
			snprintf(name, sizeof name, "copy%d", i);
			must(db, PQexecPrepared(db, name, 4, values, NULL, NULL, 0));
		}
		must(db, PQexec(db, "COMMIT"));
	}
	PQfinish(db);
	return count;
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	double seconds = (double)strtoll(argv[3], NULL, 10);
	int64_t connections = strtoll(argv[4], NULL, 10), sum = 0;
	int ends[2];
	if (pipe(ends) != 0)
		return 1;
	for (int64_t i = 0; i < connections; i++)
		if (fork() == 0) {
			int64_t count = commit_for(argv[1], i, argv[2], seconds);
			_exit(write(ends[1], &count, sizeof count) == sizeof count ? 0 : 1);
		}
	close(ends[1]);
	for (int64_t count; read(ends[0], &count, sizeof count) == sizeof count;)
		sum += count;
	int status = 0, worst = 0;
	while (wait(&status) > 0)
		worst |= status;
	printf("%.0f\n", (double)sum / seconds);
	return worst ? 1 : 0;
}
