/* The statement generator: what it makes of good files, and the place and reason it gives for bad ones. */
#include "../../tools/sqlgen.h"
#include "test.h"

#define HEAD "-- stmt x_get one\n-- in  id int\n-- out a text\n"

static struct sqlgen_result made;

static bool run(const char *text)
{
	return sqlgen("x", text, strlen(text), &made);
}

static void has(const char *text, const char *wanted)
{
	if (!strstr(text, wanted))
		fail_msg("no \"%s\" in:\n%s", wanted, text);
}

static void a_statement_becomes_a_struct_and_a_function(void **state)
{
	(void)state;
	assert_true(run("-- About the file.\n\n"
			"-- Gets one.\n-- stmt x_get one\n-- in  id int, note text?\n-- out a text, b int?, c bool, d "
			"blob, e real?\n"
			"SELECT a, b, c, d, e -- hidden :nothing;\n  FROM x\n"
			" WHERE region = :region AND id = :id AND (:note IS NULL OR note = :note) AND t < :now_ms;\n"));
	has(made.header, "/* Gets one. */\nstruct x_get_row {\n\tstruct str a;\n\tstruct opt_int b;\n\tbool c;\n"
			 "\tstruct str d;\n\tstruct opt_real e;\n};\n");
	has(made.header,
		"MUST_CHECK enum err x_get(struct ctx *c, int64_t id, struct str note, struct x_get_row *row);");
	has(made.source,
		"\"SELECT a, b, c, d, e FROM x WHERE region = \\?3 AND id = \\?1 AND (\\?2 IS NULL OR note = \\?2) "
		"AND t < \\?4\"");
	has(made.source, "region = $3 AND id = $1 AND ($2 IS NULL OR note = $2) AND t < $4\"");
	has(made.source, ".in = \"itti\"");
	has(made.source, "{ db_int(id), db_opt_text(note), db_region(c), db_int(c->now_ms) };");
	assert_null(strstr(made.source, "hidden"));
	sqlgen_free(&made);
}

static void each_kind_has_its_parameters(void **state)
{
	(void)state;
	assert_true(run("-- stmt x_a maybe\n-- out n int\nSELECT 1 AS n FROM x WHERE region = :region;\n"
			"-- stmt x_b many\n-- out n int\nSELECT n FROM x WHERE region = :region LIMIT 5;\n"
			"-- stmt x_c exec write\n-- any region: all of them go\nDELETE FROM x;\n"));
	has(made.header, "x_a(struct ctx *c, struct x_a_row *row, bool *found);");
	has(made.header, "x_b(struct ctx *c, struct x_b_row **rows, size_t *rows_count);");
	has(made.header, "x_c(struct ctx *c);");
	has(made.source, "return db_exec(c, &ALL[2], NULL);");
	has(made.source, ".any_region = \"all of them go\"");
	sqlgen_free(&made);
}

static void variants_become_one_function(void **state)
{
	(void)state;
	assert_true(run("-- stmt x_a one\n-- out n int\n-- only postgres\nSELECT 2 AS n WHERE :region = '';\n"
			"-- stmt x_a one\n-- only sqlite\n-- out n int\nSELECT 1 AS n WHERE :region = '';\n"));
	has(made.source, ".sqlite = \"SELECT 1 AS n WHERE \\?1 = ''\"");
	has(made.source, ".postgres = \"SELECT 2 AS n WHERE $1 = ''\"");
	has(made.source, "ALL, 1 };");
	sqlgen_free(&made);
}

static void quoted_text_and_casts_are_left_alone(void **state)
{
	(void)state;
	assert_true(run(
		"-- stmt x_a one\n-- out n text\n"
		"SELECT ':no -- no; ?\\'::text AS \"n:m\" FROM x WHERE region = :region AND a = 'it''s \xC3\xA9';\n"));
	has(made.source, "SELECT ':no -- no; \\?\\\\'::text AS \\\"n:m\\\" FROM x WHERE region = $1 AND a = 'it''s "
			 "\\303\\251'\"");
	sqlgen_free(&made);
}

static void mistakes_are_refused_with_their_place(void **state)
{
	(void)state;
	static const struct {
		const char *text, *error;
	} bad[] = {
		{"",										    "x.sql:1: there is no statement"                      },
		{ "SELECT 1;\n",									"x.sql:1: expected \"-- stmt\""                       },
		{ "-- stmt x_get several\n",							    "x.sql:1: expected one, maybe, many or exec"          },
		{ "-- stmt x_get one wrte\n",							   "x.sql:1: only \"write\""                             },
		{ "-- stmt X one\n",								    "x.sql:1: expected a name"                            },
		{ "-- stmt x_get one\n-- ouput a int\n",                                                "x.sql:2: no such mark"                               },
		{ "-- stmt x_get one\n-- in id number\n",                                               "x.sql:2: expected int, text"                         },
		{ "-- stmt x_get one\n-- in id int, id text\n",                                         "x.sql:2: declared twice: id"                         },
		{ "-- stmt x_get one\n-- in id int note text\n",                                        "x.sql:2: expected a comma"                           },
		{ "-- stmt x_get one\n-- in region text\n",                                             "x.sql:2: this name is given by the generator: region"},
		{ "-- stmt x_get one\n-- scan\n",						       "x.sql:2: expected a colon and a reason"              },
		{ "-- stmt x_get one\n-- only oracle\n",                                                "x.sql:2: expected \"only sqlite\""                   },
		{ HEAD "SELECT a FROM x WHERE region = :region;\n",                                     "x.sql:4: declared by \"-- in\" but not used: id"     },
		{ HEAD "SELECT a\n FROM x WHERE region = :region\n AND id = :idd;\n",
                 "x.sql:6: not declared by \"-- in\": idd"												    },
		{ HEAD "SELECT a FROM x WHERE id = :id;\n",                                             "x.sql:1: no :region"                                 },
		{ HEAD "-- any region: no\nSELECT a FROM x WHERE region = :region AND id = :id;\n",
                 "x.sql:1: \"-- any region\" is not needed"												   },
		{ HEAD "SELECT a FROM x WHERE region = :region AND id = :id\n",                         "the statement does not end"                          },
		{ HEAD "SELECT 'a FROM x;\n",							   "x.sql:4: a quoted text must end on its line"         },
		{ HEAD "SELECT a /* b */ FROM x;\n",                                                    "x.sql:4: not allowed"                                },
		{ HEAD "SELECT a FROM x WHERE id = ?1;\n",                                              "x.sql:4: not allowed"                                },
		{ HEAD "SELECT a FROM x WHERE id = $1;\n",                                              "x.sql:4: not allowed"                                },
		{ HEAD "SELECT 1; SELECT 2;\n",							 "declared by \"-- in\" but not used"                  },
		{ HEAD ";\n",									   "x.sql:4: the statement is empty"                     },
		{ HEAD,										 "the statement has no SQL: x_get"                     },
		{ "-- stmt x_a one\nSELECT 1 FROM x WHERE region = :region;\n",
                 "x.sql:1: the statement needs \"-- out\""												    },
		{ "-- stmt x_a exec\n-- out a int\nSELECT 1 FROM x WHERE region = :region;\n",
                 "x.sql:1: exec gives no rows"														},
		{ "-- stmt x_a many\n-- out n int\nSELECT n, 'limit' FROM x WHERE region = :region;\n",
                 "x.sql:1: many needs a LIMIT"														},
		{ "-- stmt x_a exec\nDELETE FROM x WHERE region = :region;\n",                          "x.sql:1: the statement writes"                       },
		{ "-- stmt x_a exec write\nDELETE FROM x WHERE region = :region;\n"
		  "-- stmt x_a exec write\nDELETE FROM y WHERE region = :region;\n",   "x.sql:3: the name is taken: x_a"                     },
		{ "-- stmt x_a exec write\n-- only sqlite\nDELETE FROM x WHERE region = :region;\n",
                 "x.sql:1: the variant for the other database is missing"										     },
		{ "-- stmt x_a exec write\n-- only sqlite\nDELETE FROM x WHERE region = :region;\n"
		  "-- stmt x_a exec write\n-- only postgres\n-- in a int\nDELETE FROM x WHERE region = :region AND a = "
		  ":a;\n",							     "x.sql:1: the two variants are declared differently"  },
	};
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (run(bad[i].text))
			fail_msg("accepted: %s", bad[i].text);
		has(made.error, bad[i].error);
		sqlgen_free(&made);
	}
	assert_false(sqlgen("x", "-- stmt a one\0\n", 15, &made));
	has(made.error, "NUL");
}

/* Each table by itself: in joins, subqueries, branches of a UNION, lists, and what is written. In front of a statement: the table
 * that is not held. */
static void every_table_is_held_to_the_region(void **state)
{
	(void)state;
	static const char *const statements[] = {
		"none: SELECT a FROM x WHERE region = :region",
		"none: SELECT a FROM x WHERE x.region = :region AND b IS DISTINCT FROM 'y'",
		"none: SELECT a FROM x AS u WHERE u.region = :region",
		"u: SELECT a FROM x u WHERE x.region = :region",
		"y: SELECT a FROM x, y WHERE x.region = :region",
		"none: SELECT a FROM x JOIN y u ON u.region = :region AND u.id = x.id WHERE x.region = :region",
		"y: SELECT a FROM x JOIN y ON y.region = x.region WHERE x.region = :region",
		"x: SELECT a FROM x LEFT JOIN y ON y.id = x.id WHERE region = :region",
		"y: SELECT a FROM x WHERE region = :region AND id IN (SELECT id FROM y WHERE region = x.region)",
		"x: SELECT a FROM x WHERE EXISTS (SELECT 1 FROM y WHERE y.region = :region AND y.id = x.id)",
		"y: SELECT (SELECT count(*) FROM y) AS a FROM x WHERE region = :region",
		"y: SELECT a FROM x WHERE region = :region UNION ALL SELECT a FROM y",
		"x: SELECT a FROM x UNION SELECT a FROM y WHERE region = :region",
		"none: SELECT a FROM (SELECT a FROM x WHERE region = :region) AS z",
		"y: SELECT a FROM (SELECT a FROM x WHERE region = :region) AS z, y",
		"none: WITH u (a) AS (SELECT a FROM x WHERE region = :region) SELECT u.a FROM u JOIN x ON x.region = "
		":region",
		"x: WITH u (a) AS (SELECT a FROM x WHERE region = :region) SELECT u.a FROM u JOIN x ON x.id = u.a",
		"none: UPDATE x SET a = 1, b = 2 WHERE region = :region RETURNING a",
		"x: UPDATE x SET a = (SELECT a FROM y WHERE y.region = :region) WHERE id = 1 RETURNING a",
		"x: DELETE FROM x WHERE id IN (SELECT id FROM y WHERE region = :region) RETURNING a",
		"none: INSERT INTO x (region, a) VALUES (:region, 1) ON CONFLICT (region, a) DO UPDATE SET a = x.a "
		"RETURNING a",
		"x: INSERT INTO x (a, region) VALUES (1, :region) RETURNING a",
		"none: INSERT INTO x (region, a) SELECT region, a FROM y WHERE region = :region RETURNING a",
		"y: INSERT INTO x (region, a) SELECT :region, a FROM y RETURNING a",
		"none: INSERT INTO x (region, a) SELECT DISTINCT y.region, a FROM y WHERE region = :region RETURNING a",
		"x: INSERT INTO x (region, a) SELECT :now_ms, a FROM y WHERE region = :region RETURNING a",
		"x: INSERT INTO x (region, a) SELECT '31.71', a FROM y WHERE region = :region RETURNING a",
		"x: SELECT a FROM x WHERE region = :region AND id = 1 OR id = 2",
		"none: SELECT a FROM x WHERE region = :region AND (id = 1 OR id = 2)",
		"none: SELECT a = 1 OR a = 2 AS a FROM x WHERE region = :region",
		"none: SELECT CASE WHEN a = 1 OR a = 2 THEN 3 END AS a FROM x WHERE region = :region",
		"x: SELECT a FROM x WHERE NOT region = :region",
		"x: SELECT a FROM x WHERE NOT (x.region = :region)",
		"x: UPDATE x SET region = :region WHERE id = 1 RETURNING a",
		"x: UPDATE x SET a = 1, region = :region WHERE region = :region RETURNING a",
		"x: SELECT a FROM (x JOIN y ON y.region = :region) WHERE x.region = :region",
		"x: WITH x AS (SELECT a FROM x WHERE id = 1) SELECT a FROM x, y WHERE y.region = :region",
		"none: WITH x AS (SELECT a FROM x WHERE region = :region) SELECT a FROM x",
		"none: WITH RECURSIVE u (a) AS (SELECT a FROM x WHERE region = :region UNION ALL SELECT u.a FROM u) "
		"SELECT a "
		"FROM u",
		"none: SELECT a FROM x WHERE region = :region ORDER BY a, b LIMIT 1 FOR UPDATE SKIP LOCKED",
	};
	for (size_t i = 0; i < COUNT(statements); i++) {
		char text[600], wanted[100], table[10] = "";
		const char *sql = strchr(statements[i], ':') + 2;
		bool reads = strncmp(sql, "SELECT", 6) == 0 || strncmp(sql, "WITH", 4) == 0;
		memcpy(table, statements[i], (size_t)(sql - statements[i]) - 2);
		bool held = strcmp(table, "none") == 0;
		snprintf(text, sizeof text, "-- stmt x_a maybe%s\n-- out a int\n%s;\n", reads ? "" : " write", sql);
		snprintf(wanted, sizeof wanted, "x.sql:1: x_a: no \"region = :region\" for the table: %s", table);
		if (run(text) != held || (!held && strcmp(made.error, wanted) != 0))
			fail_msg("%s: %s", statements[i], made.error);
		sqlgen_free(&made);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_statement_becomes_a_struct_and_a_function),
		cmocka_unit_test(each_kind_has_its_parameters),
		cmocka_unit_test(variants_become_one_function),
		cmocka_unit_test(quoted_text_and_casts_are_left_alone),
		cmocka_unit_test(mistakes_are_refused_with_their_place),
		cmocka_unit_test(every_table_is_held_to_the_region),
	};
	return cmocka_run_group_tests_name("sqlgen", tests, NULL, NULL);
}
