/* What PostgreSQL says, and what becomes of it. */
#include "../whole/testdb.h"
#include "db/raw.h"

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
	for (size_t i = 0; i < COUNT(cases) && t->kind == DB_POSTGRES; i++) {
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
	testdb_ok(t, db_check(&t->c, count, &findings));
	assert_int_equal(findings, 0);
	/* As a dump is loaded with its triggers off. */
	testdb_exec(t,
		"SET session_replication_role = replica;"
		"INSERT INTO pets VALUES ('31.71', 3, 7), ('31.74', 4, 1); SET session_replication_role = origin");
	testdb_ok(t, db_check(&t->c, count, &findings));
	assert_int_equal(findings, 1);
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(what_the_server_says_is_understood),
		TESTDB_ON(ON_POSTGRES, references_that_lead_nowhere_are_found),
	};
	return testdb_run("db_postgres", cases, COUNT(cases), NULL, 0);
}
