/* What PostgreSQL says, and what becomes of it. */
#include "../whole/testdb.h"
#include "db/raw.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A server that goes away, restarts, recovers, is full or cannot reach its disk: come again. Only what is a mistake of ours is
 * an error, and only a clash of keys is a conflict. */
static void what_the_server_says_is_understood(void **state)
{
	static const struct {
		const char *sqlstate;
		enum err e;
	} cases[] = {
		{"57P01",  ERR_BUSY    }, /* terminated by an administrator */
		{ "57P02", ERR_BUSY    }, /* crash of another server process */
		{ "57P03", ERR_BUSY    }, /* starting up, shutting down, in recovery */
		{ "57P05", ERR_BUSY    },
		{ "57014", ERR_BUSY    }, /* took too long */
		{ "55P03", ERR_BUSY    }, /* a lock took too long */
		{ "53100", ERR_BUSY    }, /* disk full */
		{ "53200", ERR_BUSY    },
		{ "53300", ERR_BUSY    }, /* too many connections */
		{ "58000", ERR_BUSY    },
		{ "58030", ERR_BUSY    }, /* input or output */
		{ "58P01", ERR_BUSY    },
		{ "08000", ERR_BUSY    },
		{ "08003", ERR_BUSY    },
		{ "08006", ERR_BUSY    },
		{ "08P01", ERR_BUSY    },
		{ "40001", ERR_BUSY    },
		{ "40P01", ERR_BUSY    },
		{ "25P03", ERR_BUSY    }, /* idle in a transaction for too long */
		{ "23505", ERR_CONFLICT},
		{ "23503", ERR_CONFLICT},
		{ "23514", ERR_CONFLICT},
		{ "42P01", ERR_DB      },
		{ "22012", ERR_DB      },
		{ "XX000", ERR_DB      },
	};
	struct testdb *t = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str raise = arena_printf(t->c.mem,
			"DO $$ BEGIN RAISE EXCEPTION 'as the test wishes' USING ERRCODE = '%s'; END $$",
			cases[i].sqlstate);
		testdb_ok(t, db_begin(&t->c, true));
		enum err e = db_raw(&t->c, raise, NULL);
		if (e != cases[i].e || !strstr(t->c.err.why.p, cases[i].sqlstate))
			fail_msg("%s becomes %s: %s", cases[i].sqlstate, err_code(e), t->c.err.why.p);
		db_rollback(&t->c);
	}
}

static void count(void *arg, struct str what)
{
	int *findings = arg;
	(*findings)++;
	assert_true(str_find(what, '2') == 0); /* "2 rows of …" */
}

static void references_that_lead_nowhere_are_found(void **state)
{
	struct testdb *t = *state;
	int findings = 0;
	testdb_exec(t,
		"CREATE TABLE homes (region TEXT, id BIGINT, PRIMARY KEY (region, id));"
		"CREATE TABLE pets (region TEXT, id BIGINT, home_id BIGINT, PRIMARY KEY (region, id),"
		" FOREIGN KEY (region, home_id) REFERENCES homes (region, id));"
		"INSERT INTO homes VALUES ('31.71', 1); INSERT INTO pets VALUES ('31.71', 1, 1), ('31.71', 2, NULL)");
	testdb_ok(t, db_check(&t->c, true, count, NULL, &findings));
	assert_int_equal(findings, 0);
	/* As a dump is loaded with its triggers off. */
	testdb_exec(t,
		"SET session_replication_role = replica;"
		"INSERT INTO pets VALUES ('31.71', 3, 7), ('31.74', 4, 1); SET session_replication_role = origin");
	testdb_ok(t, db_check(&t->c, true, count, NULL, &findings));
	assert_int_equal(findings, 1);
}

/* Citus gives the names of its shards' constraints: what counts is which columns clash. */
static void a_taken_id_is_known_by_its_columns(void **state)
{
	struct testdb *t = *state;
	testdb_exec(t, "ALTER TABLE jobs RENAME CONSTRAINT jobs_pkey TO whatever_102008");
	testdb_exec(t, "CREATE UNIQUE INDEX looks_like_a_pkey ON jobs (region, kind)");
	static const struct {
		const char *row;
		bool again;
	} cases[] = {
		{"('31.71', 1, 'b', 0, 0, 0)",  true },
		{ "('31.71', 2, 'a', 0, 0, 0)", false},
	};
	testdb_exec(t, "INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, created_ms) VALUES"
		       " ('31.71', 1, 'a', 0, 0, 0)");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str sql = arena_printf(t->c.mem,
			"INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, created_ms) VALUES %s",
			cases[i].row);
		testdb_ok(t, db_begin(&t->c, true));
		assert_int_equal(db_raw(&t->c, sql, NULL), ERR_CONFLICT);
		db_rollback(&t->c);
		assert_int_equal(db_retryable(t->c.db), cases[i].again);
	}
}

/* PgBouncer before the server of the tests, in MODE; its process, or -1 when it is not installed. *WHERE is the URL. */
static pid_t start_pooler(struct testdb *t, const char *mode, struct str *where)
{
	const char *socket = strstr(t->where.p, "host=");
	assert_non_null(socket);
	struct str dir = str_of(socket + 5), host = S("");
	for (size_t i = 0; i < dir.n; i++) { /* %2F is a slash */
		bool slash = str_starts((struct str){ dir.p + i, dir.n - i }, S("%2F"));
		host = arena_printf(t->c.mem, "%.*s%c", STR_ARG(host), slash ? '/' : dir.p[i]);
		i += slash ? 2 : 0;
	}
	char own[] = "/tmp/adem-pool-XXXXXX";
	assert_non_null(mkdtemp(own));
	assert_int_equal(chmod(own, 0777), 0);
	struct str file = arena_printf(t->c.mem, "%s/ini", own);
	FILE *f = fopen(file.p, "wb");
	assert_non_null(f);
	fprintf(f,
		"[databases]\n%s = host=%.*s dbname=%s user=adem\n[pgbouncer]\nlisten_port=6432\nlisten_addr=\n"
		"unix_socket_dir=%s\nauth_type=any\npool_mode=%s\nlogfile=%s/log\npidfile=%s/pid\n"
		"ignore_startup_parameters=extra_float_digits\n",
		t->name, STR_ARG(host), t->name, own, mode, own, own);
	fclose(f);
	*where = arena_printf(t->c.mem, "postgresql://adem@/%s?host=%s&port=6432", t->name, own);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		int null = open("/dev/null", O_WRONLY);
		dup2(null, STDERR_FILENO);
		if (geteuid() == 0)
			execlp("pgbouncer", "pgbouncer", "-q", "-u", "postgres", file.p, NULL);
		else
			execlp("pgbouncer", "pgbouncer", "-q", file.p, NULL);
		_exit(127);
	}
	struct str listens = arena_printf(t->c.mem, "%s/.s.PGSQL.6432", own);
	for (int i = 0; i < 500 && access(listens.p, F_OK) != 0; i++) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return -1;
		poll(NULL, 0, 20);
	}
	return pid;
}

static void a_pooler_in_transaction_mode_is_refused_at_the_start(void **state)
{
	static const char *const modes[] = { "transaction", "session" };
	struct testdb *t = *state;
	for (size_t i = 0; i < COUNT(modes); i++) {
		struct str where;
		struct db *db = NULL;
		pid_t pooler = start_pooler(t, modes[i], &where);
		if (pooler < 0)
			skip(); /* pgbouncer is not installed */
		enum err e = db_connect(&t->c, where, &db);
		if (i == 0) {
			assert_int_equal(e, ERR_INPUT);
			assert_non_null(strstr(t->c.err.why.p, "pool_mode = session"));
		} else {
			testdb_ok(t, e);
		}
		db_close(db);
		kill(pooler, SIGTERM);
		assert_int_equal(waitpid(pooler, NULL, 0), pooler);
	}
}

/* What was acknowledged is on disk, unless the server was told otherwise, as that of fast tests is. */
static void a_session_waits_for_the_disk_as_its_server_says(void **state)
{
	struct testdb *t = *state;
	/* Ours is started without; the session must not make it worse. */
	assert_string_equal(testdb_value(t, "SELECT source FROM pg_settings WHERE name = 'synchronous_commit'"),
		strcmp(testdb_value(t, "SELECT setting FROM pg_settings WHERE name = 'fsync'"), "off") == 0
			? "configuration file"
			: "default");
}

/* What reads a whole database takes as long as it takes; everything else ends in time. */
static void a_check_has_no_limit_until_its_connection_is_made_again(void **state)
{
	struct testdb *t = *state;
	assert_string_equal(testdb_value(t, "SHOW statement_timeout"), "20s");
	db_patient(t->c.db);
	assert_string_equal(testdb_value(t, "SHOW statement_timeout"), "0");
	testdb_ok(t, db_begin(&t->c, true));
	assert_int_equal(db_raw(&t->c, S("SELECT pg_terminate_backend(pg_backend_pid())"), NULL), ERR_BUSY);
	db_rollback(&t->c);
	assert_string_equal(testdb_value(t, "SHOW statement_timeout"), "20s");
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB_ON(ON_POSTGRES, what_the_server_says_is_understood),
		TESTDB_ON(ON_POSTGRES, a_taken_id_is_known_by_its_columns),
		TESTDB_ON(ON_POSTGRES, a_pooler_in_transaction_mode_is_refused_at_the_start),
		TESTDB_ON(ON_POSTGRES, a_session_waits_for_the_disk_as_its_server_says),
		TESTDB_ON(ON_POSTGRES, references_that_lead_nowhere_are_found),
		TESTDB_ON(ON_POSTGRES, a_check_has_no_limit_until_its_connection_is_made_again),
	};
	return testdb_run("db_postgres", cases, COUNT(cases), NULL, 0);
}
