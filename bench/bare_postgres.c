/* bare_postgres URL SECONDS CONNECTIONS REPORT-ID …: as bare, on PostgreSQL and over so many connections at once, each with
 * statements prepared beforehand, run one after another, and beginning with another report. */
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
	for (int i = 0; i < BARE_WRITES; i++) {
		static const Oid bigint = 20;
		const Oid types[] = { bigint, bigint };
		char sql[TEXT_MAX], name[16];
		snprintf(name, sizeof name, "write%d", i);
		translate(bare_writes[i], sql);
		must(db, PQprepare(db, name, sql, 2, types));
	}
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void commit_one(PGconn *db, int64_t added, const char *report)
{
	char text[24];
	const char *values[] = { text, report };
	snprintf(text, sizeof text, "%" PRId64, added);
	must(db, PQexec(db, "BEGIN"));
	for (int i = 0; i < BARE_WRITES; i++) {
		char name[16];
		snprintf(name, sizeof name, "write%d", i);
		must(db, PQexecPrepared(db, name, 2, values, NULL, NULL, 0));
	}
	must(db, PQexec(db, "COMMIT"));
}

/* Returns how many were committed, in the name of the connection's NUMBER. */
static int64_t commit_for(const char *url, int64_t number, char **reports, int reports_count, double seconds)
{
	PGconn *db = PQconnectdb(url);
	int64_t count = 0;
	must(db, PQexec(db, "SET synchronous_commit = on"));
	prepare(db);
	double from = now();
	do {
		const char *report = reports[(number + count) % reports_count];
		commit_one(db, ((number << CONNECTION_BITS) + ++count) << ID_BITS, report);
	} while (now() - from < seconds);
	PQfinish(db);
	return count;
}

int main(int argc, char **argv)
{
	enum { FIRST = 4 };
	if (argc <= FIRST)
		return 2;
	double seconds = (double)strtoll(argv[2], NULL, 10);
	int64_t connections = strtoll(argv[3], NULL, 10), sum = 0;
	int ends[2];
	if (pipe(ends) != 0)
		return 1;
	for (int64_t i = 0; i < connections; i++)
		if (fork() == 0) {
			int64_t count = commit_for(argv[1], i, argv + FIRST, argc - FIRST, seconds);
			_exit(write(ends[1], &count, sizeof count) == sizeof count ? 0 : 1);
		}
	close(ends[1]);
	for (int64_t count; read(ends[0], &count, sizeof count) == sizeof count;)
		sum += count;
	int status = 0, worst = 0;
	while (wait(&status) > 0)
		worst |= status;
	printf("%.0f\n", seconds > 0 ? (double)sum / seconds : 0.0);
	return worst ? 1 : 0;
}
