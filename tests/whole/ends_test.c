/* How a case ends: one person never does both halves. */
#include "town.h"
#include "base/clock.h"
#include "features/alerts/alerts.h"
#include "features/reports/reports.h"

static struct vault *vault;
static struct town town;

static enum err ambang(struct ctx *c, void *arg)
{
	struct report_made *made = arg;
	const struct report_new what = {
		.level = LEVEL_AMBANG, .place_id = town.rw[0], .text = S("janjian"), .channel = "web"
	};
	return reports_create(c, &what, made);
}

static void says(struct testdb *t, const char *sql, const char *wanted)
{
	assert_string_equal(testdb_value(t, sql), wanted);
}

struct end {
	int64_t kase, report;
	int64_t post;
};

static enum err ask_end(struct ctx *c, void *arg)
{
	const struct end *e = arg;
	return cases_ask_to_close(c, e->kase, e->post, S("calmed"));
}

static enum err says_calm(struct ctx *c, void *arg)
{
	const struct end *e = arg;
	return cases_reporter_says(c, e->kase, e->report, true);
}

/* The reporter's word ends a case only where it cannot be the closer's. */
static void one_person_never_does_both_halves(void **state)
{
	struct testdb *t = *state;
	struct report_made made;
	t->c.vault = vault;
	town_make(t, &town);
	town_sign_in(t, &town, TOWN_PEOPLE);
	testdb_ok(t, db_within(&t->c, true, ambang, &made));
	testdb_exec(t, "UPDATE alerts SET ended_ms = 1, state = 'calm'");
	struct end end = { made.case_id, made.id, town.posts[TOWN_BHABIN] };
	town_sign_in(t, &town, TOWN_OFFICER);
	testdb_ok(t, db_within(&t->c, true, ask_end, &end));
	town_sign_in(t, &town, TOWN_PEOPLE);
	const char *officer =
		arena_printf(t->c.mem, "UPDATE reports SET joined_by = %" PRId64, town.people[TOWN_OFFICER].id).p;
	testdb_exec(t, officer);
	assert_int_equal(db_within(&t->c, true, says_calm, &end), ERR_CONFLICT);
	officer = arena_printf(
		t->c.mem, "UPDATE reports SET joined_by = NULL, entered_by = %" PRId64, town.people[TOWN_OFFICER].id)
			  .p;
	testdb_exec(t, officer);
	assert_int_equal(db_within(&t->c, true, says_calm, &end), ERR_CONFLICT);
	testdb_exec(t, "UPDATE reports SET entered_by = NULL, created_ms = (SELECT closing_ms FROM cases)");
	assert_int_equal(db_within(&t->c, true, says_calm, &end), ERR_CONFLICT);
	testdb_exec(t, "UPDATE reports SET created_ms = created_ms - 1");
	testdb_ok(t, db_within(&t->c, true, says_calm, &end));
	says(t, "SELECT state FROM cases", "closed");
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(one_person_never_does_both_halves),
	};
	vault = town_vault();
	int status = testdb_run("ends", cases, COUNT(cases), NULL, 0);
	vault_close(vault);
	return status;
}
