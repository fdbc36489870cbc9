/* GET /readyz of a web worker: what the job worker knows, and one write, however many regions there are. */
#include "testdb.h"
#include "base/buf.h"
#include "base/clock.h"
#include "features/jobs/jobs_web.h"
#include "jobs/queue.h"

static struct jobs_state state;
static int64_t alive_until_ms;

static void expect(struct testdb *t, int status, const char *says)
{
	static const struct request asked = { .method = GET };
	struct response r = { 0 };
	testdb_ok(t, jobs_ready_page(&t->c, &asked, &r));
	assert_int_equal(r.status, status);
	assert_non_null(memmem(r.json->p, r.json->n, says, strlen(says)));
}

static void whoever_asks_costs_one_write_and_nothing_of_each_region(void **arg)
{
	struct testdb *t = *arg;
	enum { REGIONS = 500, ANSWERS = 7 };
	for (int i = 0; i < REGIONS; i++)
		testdb_exec(t, arena_printf(t->c.mem,
				       "INSERT INTO regions (region, number, name, zone, created_ms) VALUES "
				       "('%02d.%02d', %d, 'N', 'WIB', 0)",
				       11 + i / 50, i % 50, i)
				       .p);
	jobs_shared = (struct jobs_shared){ .state = &state, .alive_until_ms = &alive_until_ms };
	state = (struct jobs_state){ 0 };
	expect(t, 503, "\"starting\"");
	state = (struct jobs_state){ .looked = 1, .next_ms = INT64_MAX, .answers = -1 };
	expect(t, 503, "\"no regions\"");
	state = (struct jobs_state){
		.looked = 1, .next_ms = INT64_MAX, .regions = REGIONS, .away = REGIONS, .answers = -1
	};
	expect(t, 503, "\"no writes\"");

	alive_until_ms = clock_monotonic_ms() + MINUTE_MS;
	state.away = ANSWERS;
	state.answers = ANSWERS;
	int64_t before = db_statement_count(t->c.db);
	expect(t, 200, "\"ok\"");
	assert_true(db_statement_count(t->c.db) - before <= 3);
	assert_string_equal(testdb_value(t, "SELECT region FROM pulses"), "11.07");
	before = db_statement_count(t->c.db);
	expect(t, 200, "\"regions_away\":7");
	assert_int_equal(db_statement_count(t->c.db), before);

	state.next_ms = clock_now_ms() - 90 * SECOND_MS;
	expect(t, 503, "\"jobs late\"");
	state.next_ms = clock_now_ms() + 90 * SECOND_MS;
	expect(t, 200, "\"ok\"");
	alive_until_ms = clock_monotonic_ms() - 1;
	expect(t, 503, "\"jobs late\"");
}

static enum err nothing(struct ctx *c, int64_t subject_id)
{
	(void)c, (void)subject_id;
	return OK;
}

static enum err add(struct ctx *c, void *arg)
{
	(void)arg;
	return jobs_add(c, "note", 1, c->now_ms + 10 * MINUTE_MS);
}

static void what_a_worker_knows_is_kept_without_asking_again(void **arg)
{
	struct testdb *t = *arg;
	static const struct job_kind kinds[] = {
		{.name = "note", .run = nothing}
	};
	struct jobs_state known = { 0 };
	size_t done;
	testdb_exec(t, "INSERT INTO regions (region, number, name, zone, created_ms) VALUES "
		       "('31.71', 1, 'Satu', 'WIB', 0), ('31.72', 2, 'Dua', 'WIB', 0)");
	t->c.now_ms = clock_now_ms();
	testdb_ok(t, db_within(&t->c, true, add, NULL));
	struct jobs_worker *w = jobs_worker_new(kinds, COUNT(kinds), NULL);
	jobs_worker_keeps(w, &known);
	testdb_ok(t, jobs_work(&t->c, w, 10, &done));
	assert_true(known.looked == 1 && known.regions == 2 && known.away == 0 && known.answers == 0);
	assert_int_equal(known.next_ms, t->c.now_ms + 10 * MINUTE_MS);
	jobs_worker_called(w, NULL);
	db_fault_countdown = 0; /* the first region does not answer */
	testdb_ok(t, jobs_work(&t->c, w, 10, &done));
	assert_int_equal(db_fault_countdown, -1);
	assert_true(known.away == 1 && known.answers == 1 && known.next_ms == INT64_MAX);
	jobs_worker_free(w);
}

int main(void)
{
	const struct testdb_case cases[] = { TESTDB(whoever_asks_costs_one_write_and_nothing_of_each_region),
		TESTDB(what_a_worker_knows_is_kept_without_asking_again) };
	return testdb_run("ready", cases, COUNT(cases), NULL, 0);
}
