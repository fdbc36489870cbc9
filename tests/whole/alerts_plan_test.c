/* Whom a call of each level is planned to reach, on a database. */
#include "town.h"
#include "features/alerts/alerts.h"

static struct vault *vault;
static struct town town;

static void begin(struct testdb *t)
{
	t->c.vault = vault;
	town_make(t, &town);
}

/* "step after_s post roles duty" of each call that a plan makes. */
static const char *plan_text(struct testdb *t, enum level level, bool spares)
{
	struct alert_target *rows;
	size_t count;
	struct str text = S("");
	testdb_ok(t, db_begin(&t->c, false));
	testdb_ok(t, alerts_plan(&t->c, town.rw[1], level, spares, &rows, &count));
	for (size_t i = 0; i < count; i++)
		text = arena_printf(t->c.mem, "%.*s%" PRId64 " %" PRId64 " %.*s %u %d; ", STR_ARG(text), rows[i].step,
			rows[i].after_s, STR_ARG(rows[i].name), rows[i].roles, rows[i].on_duty_only);
	db_rollback(&t->c);
	return text.p;
}

static void the_default_ladders_call_whom_the_design_says(void **state)
{
	struct testdb *t = *state;
	begin(t);
	/* roles: 2 head, 16 officer, 32 desk, 64 command; 1: only those on duty */
	for (int empty = 0; empty < 2; empty++) {
		assert_string_equal(plan_text(t, LEVEL_NYATA, false),
			"0 0 Bhabin 16 1; 0 0 Polsek 32 1; 0 0 Sekretariat RW 08 2 0; "
			"1 60 Call Center 32 1; 1 60 Polsek 64 0; 2 180 Polres 64 0; ");
		assert_string_equal(plan_text(t, LEVEL_AMBANG, false),
			"0 0 Bhabin 16 1; 0 0 Sekretariat RW 08 2 0; 1 300 Polsek 32 1; 2 900 Polsek 64 0; ");
		assert_string_equal(plan_text(t, LEVEL_POTENSI, false),
			"0 0 Bhabin 16 1; 1 43200 Polsek 32 1; 2 86400 Polsek 64 0; ");
		assert_string_equal(
			plan_text(t, LEVEL_AMBANG, true), "0 0 Bhabin 16 1; 1 300 Polsek 32 1; 2 900 Polsek 64 0; ");
		/* A region whose ladder nobody made is called by the same. */
		testdb_exec(t, "DELETE FROM alert_rungs");
	}
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(the_default_ladders_call_whom_the_design_says),
	};
	vault = town_vault();
	int status = testdb_run("alerts_plan", cases, COUNT(cases), NULL, 0);
	vault_close(vault);
	return status;
}
