/* Two people at the same moment, on PostgreSQL: the one holds a transaction open, another process does its part, and only when
 * that waits or is done the first one commits. Whatever comes second has seen the first. */
#include "town.h"
#include "base/clock.h"
#include "features/alerts/alerts.h"
#include "features/cases/cases_seen.h"
#include "features/reports/reports.h"
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct vault *vault;
static struct town town;
static int64_t kase, other, alert;

static enum err report(struct ctx *c, void *arg)
{
	const struct report_new what = {
		.level = LEVEL_AMBANG, .place_id = town.rw[0], .text = S("janjian"), .channel = "web"
	};
	struct report_made made;
	TRY(reports_create(c, &what, &made));
	if (arg)
		*(int64_t *)arg = made.case_id;
	return OK;
}

static enum err answer_as(struct ctx *c, enum answer what, int64_t with)
{
	enum verdict verdict;
	return alerts_answer(c, alert, what, town.membership.post_id, with, CASES_SHOWN_ALL, &verdict);
}

static enum err mine(struct ctx *c, void *arg)
{
	(void)arg;
	return answer_as(c, ANSWER_MINE, 0);
}

static enum err there(struct ctx *c, void *arg)
{
	(void)arg;
	return answer_as(c, ANSWER_THERE, 0);
}

static enum err calm(struct ctx *c, void *arg)
{
	(void)arg;
	return answer_as(c, ANSWER_CALM, 0);
}

static enum err hand_over(struct ctx *c, void *arg)
{
	(void)arg;
	return answer_as(c, ANSWER_HANDED_OVER, town.posts[TOWN_POLSEK]);
}

static enum err undo(struct ctx *c, void *arg)
{
	(void)arg;
	return alerts_undo(c, alert, 0);
}

static enum err close_it(struct ctx *c, void *arg)
{
	(void)arg;
	return cases_ask_to_close(c, kase, town.membership.post_id, S("calmed"));
}

static enum err join(struct ctx *c, void *arg)
{
	(void)arg;
	TRY(cases_share_both(c, kase, other));
	return cases_join(c, kase, other, town.membership.post_id);
}

static enum err by_hand(struct ctx *c, void *arg)
{
	(void)arg;
	TRY(cases_open(c, town.rw[0], LEVEL_POTENSI, TRIGGER_GRUDGE, false, town.membership.post_id, &other));
	TRY(cases_add_post(c, other, town.membership.post_id));
	return cases_changed(c, other);
}

typedef enum err (*action)(struct ctx *c, void *arg);

static void does(struct testdb *t, enum town_who who, action what)
{
	town_sign_in(t, &town, who);
	t->c.now_ms += SECOND_MS;
	testdb_ok(t, db_within(&t->c, true, what, NULL));
}

static void begin(struct testdb *t)
{
	t->c.vault = vault;
	town_make(t, &town);
	town_sign_in(t, &town, TOWN_PEOPLE);
	testdb_ok(t, db_within(&t->c, true, report, &kase));
	assert_true(str_to_i64(str_of(testdb_value(t, "SELECT id FROM alerts")), 1, INT64_MAX, &alert));
}

static pid_t another(struct testdb *t, enum town_who who, action what)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	t->c.db = testdb_connect(t);
	town_sign_in(t, &town, who);
	t->c.now_ms += SECOND_MS;
	_exit((int)db_within(&t->c, true, what, NULL));
}

/* The other process waits for a lock, or has ended. */
static void until_it_waits(struct testdb *t, struct db *watch, pid_t pid, int *status, bool *ended)
{
	const struct timespec moment = { .tv_nsec = 10 * 1000 * 1000 };
	struct db *mine = t->c.db;
	for (*ended = false; !*ended;) {
		*ended = waitpid(pid, status, WNOHANG) == pid;
		t->c.db = watch;
		bool waits =
			strcmp(testdb_value(t, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
					       " AND datname = current_database()"),
				"0") != 0;
		t->c.db = mine;
		if (waits)
			return;
		nanosleep(&moment, NULL);
	}
}

/* FIRST has done its part and not committed yet when SECOND begins. What SECOND is told. */
static enum err at_once(struct testdb *t, enum town_who one, action first, enum town_who two, action second)
{
	struct db *watch = testdb_connect(t);
	int status = 0;
	bool ended;
	town_sign_in(t, &town, one);
	t->c.now_ms += SECOND_MS;
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, first(&t->c, NULL));
	pid_t pid = another(t, two, second);
	until_it_waits(t, watch, pid, &status, &ended);
	town_sign_in(t, &town, one);
	testdb_ok(t, db_commit(&t->c));
	if (!ended)
		assert_true(waitpid(pid, &status, 0) == pid);
	db_close(watch);
	assert_true(WIFEXITED(status));
	return (enum err)WEXITSTATUS(status);
}

static void says(struct testdb *t, const char *sql, const char *wanted)
{
	assert_string_equal(testdb_value(t, sql), wanted);
}

static void of_two_takers_one_has_it(void **state)
{
	struct testdb *t = *state;
	begin(t);
	assert_int_equal(at_once(t, TOWN_OFFICER, mine, TOWN_HEAD7, mine), ERR_CONFLICT);
	says(t, "SELECT count(*) FROM case_entries WHERE kind = 'mine'", "1");
	says(t, "SELECT count(*) FROM case_posts p JOIN alerts a ON a.id = p.alert_id AND a.owner_id = p.owner_id",
		"2");
}

/* The end stands in the case that goes on, and nothing is left behind in the other. */
static void who_ends_while_it_is_joined_ends_it_there(void **state)
{
	struct testdb *t = *state;
	begin(t);
	does(t, TOWN_OFFICER, by_hand);
	does(t, TOWN_OFFICER, mine);
	does(t, TOWN_OFFICER, there);
	t->c.now_ms += 3 * MINUTE_MS;
	assert_int_equal(at_once(t, TOWN_OFFICER, join, TOWN_OFFICER, calm), OK);
	says(t,
		"SELECT count(*) FROM case_entries e JOIN cases k ON k.id = e.case_id WHERE e.kind = 'calm' AND "
		"k.state = 'open'",
		"1");
	says(t, "SELECT count(*) FROM case_posts WHERE open AND alert_state <> 'calm'", "0");
}

static void a_report_comes_into_no_case_that_was_just_joined(void **state)
{
	struct testdb *t = *state;
	begin(t);
	does(t, TOWN_OFFICER, by_hand);
	assert_int_equal(at_once(t, TOWN_OFFICER, join, TOWN_PEOPLE, report), OK);
	says(t, "SELECT count(*) FROM reports r JOIN cases k ON k.id = r.case_id WHERE k.state = 'joined'", "0");
	says(t, "SELECT count(*) FROM reports", "2");
	says(t, "SELECT count(*) FROM alerts a JOIN cases k ON k.id = a.case_id WHERE k.state = 'joined'", "0");
}

static void nothing_is_handed_over_that_has_just_ended(void **state)
{
	struct testdb *t = *state;
	begin(t);
	does(t, TOWN_OFFICER, mine);
	does(t, TOWN_OFFICER, there);
	t->c.now_ms += 3 * MINUTE_MS;
	assert_int_equal(at_once(t, TOWN_OFFICER, calm, TOWN_OFFICER, hand_over), ERR_CONFLICT);
	says(t, "SELECT state FROM alerts WHERE offered_to IS NULL", "calm");
	says(t, "SELECT count(*) FROM case_entries WHERE kind = 'handed_over'", "0");
}

/* The end is taken back while somebody closes on the strength of it: the call rings, and the case is open. */
static void nothing_is_closed_over_a_call_that_was_just_taken_back(void **state)
{
	struct testdb *t = *state;
	begin(t);
	does(t, TOWN_OFFICER, mine);
	does(t, TOWN_OFFICER, there);
	t->c.now_ms += 3 * MINUTE_MS;
	does(t, TOWN_OFFICER, calm);
	assert_int_equal(at_once(t, TOWN_OFFICER, undo, TOWN_HEAD7, close_it), ERR_CONFLICT);
	says(t, "SELECT count(*) FROM alerts WHERE ended_ms IS NULL", "1");
	says(t, "SELECT state FROM cases", "open");
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB_ON(ON_POSTGRES, of_two_takers_one_has_it),
		TESTDB_ON(ON_POSTGRES, who_ends_while_it_is_joined_ends_it_there),
		TESTDB_ON(ON_POSTGRES, a_report_comes_into_no_case_that_was_just_joined),
		TESTDB_ON(ON_POSTGRES, nothing_is_handed_over_that_has_just_ended),
		TESTDB_ON(ON_POSTGRES, nothing_is_closed_over_a_call_that_was_just_taken_back),
	};
	vault = town_vault();
	int status = testdb_run("at_once", cases, COUNT(cases), NULL, 0);
	vault_close(vault);
	return status;
}
