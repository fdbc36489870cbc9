/* What a post sees of a case, kept in case_posts, beside the same computed from nothing but reports, readers, entries and alerts:
 * after each of many random steps, and as the migration fills it. */
#include "town.h"
#include "base/clock.h"
#include "features/alerts/alerts.h"
#include "features/cases/cases_seen.h"
#include "features/circles/circles.h"
#include "features/reports/reports.h"
#include "db/migrate.h"

enum { STEPS = 120 };

static struct vault *vault;
static struct town town;

static uint64_t drawn;
static const char *stepped = ""; /* what was done last */

static int draw(int below)
{
	drawn = drawn * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int)((drawn >> 33) % (uint64_t)below);
}

/* The reports of a case that a post sees, as the other part of a query. */
#define SEEN                                                                                                           \
	" FROM reports r WHERE r.case_id = p.case_id AND r.id IN (SELECT report_id FROM report_readers x"              \
	" WHERE x.post_id = p.post_id) AND (NOT r.spares_neighbours OR q.kind <> 'rw')"
#define CALLS                                                                                                          \
	" FROM alerts a LEFT JOIN reports r ON r.id = a.report_id WHERE a.case_id = p.case_id"                         \
	" AND (q.kind <> 'rw' OR r.id IS NULL OR NOT r.spares_neighbours)"                                             \
	" ORDER BY a.ended_ms IS NOT NULL, a.owner_id IS NOT NULL, a.raised_ms, a.id LIMIT 1"
#define GRAVE(level) "(CASE " level " WHEN 'nyata' THEN 2 WHEN 'ambang' THEN 1 ELSE 0 END)"
#define ENTRIES                                                                                                        \
	" FROM case_entries e WHERE e.case_id = p.case_id AND e.created_ms >= p.from_ms"                               \
	" AND (e.kind NOT IN ('report', 'message', 'withdrawn', 'rang_again', 'not_calm', 'reporter_calm')"            \
	" AND (e.kind NOT IN ('reopened', 'confirmed') OR e.subject_id IS NULL) OR e.subject_id IN (SELECT r.id" SEEN  \
	"))"                                                                                                           \
	" AND (e.kind NOT IN ('joined', 'joined_to') OR e.subject_id IN (SELECT case_id FROM case_posts y WHERE "      \
	"y.post_id = p.post_id))"                                                                                      \
	" AND (e.kind <> 'level' OR " GRAVE("e.detail") " <= " GRAVE(                                                  \
		"p.level") ")"                                                                                         \
			   " AND (q.kind <> 'rw' OR NOT EXISTS (SELECT 1 FROM alerts a JOIN reports r ON r.id = "      \
			   "a.report_id"                                                                               \
			   "  WHERE a.id = e.subject_id AND r.spares_neighbours))"                                     \
			   " AND (q.kind <> 'rw' OR e.kind NOT IN ('opened', 'level') OR NOT k.spares_neighbours)"

/* Rows that do not say what they must. */
static const char *const wrong[] = {
	"p.open <> (k.state IN ('open', 'closing')) OR p.state <> k.state OR p.neighbour <> (q.kind = 'rw')",
	"p.owner_id IS DISTINCT FROM CASE WHEN (SELECT a.ended_ms IS NULL OR a.owner_id IS NOT NULL" CALLS
	") THEN (SELECT a.owner_id" CALLS ") ELSE k.owner_id END",
	"p.neighbour AND k.spares_neighbours OR EXISTS (SELECT 1 FROM reports r WHERE r.case_id = k.id"
	" AND r.spares_neighbours <> k.spares_neighbours)",
	"p.reports <> (SELECT count(*)" SEEN ")",
	"p.from_ms <> coalesce((SELECT min(r.created_ms)" SEEN " AND r.created_ms < p.since_ms), p.since_ms)"
	" AND k.opened_by IS NULL",
	"k.opened_by IS NOT NULL AND p.from_ms > k.opened_ms",
	"p.reports > 0 AND k.opened_by IS NULL AND " GRAVE("p.level") " <> (SELECT max(" GRAVE("r.level") ")" SEEN ")",
	"k.opened_by IS NOT NULL AND " GRAVE("p.level") " < " GRAVE("k.opened_level"),
	"p.reports > 0 AND p.reason <> (SELECT r.reason" SEEN " ORDER BY r.created_ms, r.id LIMIT 1)",
	"p.alert_id IS DISTINCT FROM (SELECT a.id" CALLS ") OR p.alert_state IS DISTINCT FROM (SELECT a.state" CALLS
	")",
	"p.next_ms IS DISTINCT FROM (SELECT CASE WHEN a.ended_ms IS NULL THEN a.next_ms END" CALLS ")",
	"p.late_ms IS DISTINCT FROM (SELECT CASE WHEN a.ended_ms IS NULL THEN a.late_ms END" CALLS ")",
	"p.unread_ms IS DISTINCT FROM (SELECT CASE WHEN a.unread_report IS NULL OR EXISTS (SELECT 1 FROM "
	"report_readers x"
	" WHERE x.report_id = a.unread_report AND x.post_id = p.post_id) THEN a.unread_ms END" CALLS ")",
	"p.last_ms < p.since_ms OR p.last_ms < (SELECT max(e.created_ms)" ENTRIES ")",
};

static void all_is_true(struct testdb *t, int step)
{
	for (size_t i = 0; i < COUNT(wrong); i++) {
		const char *found = testdb_value(
			t, arena_printf(t->c.mem,
				   "SELECT min(p.case_id) FROM case_posts p JOIN cases k ON k.id = p.case_id"
				   " JOIN posts q ON q.id = p.post_id WHERE %s",
				   wrong[i])
				   .p);
		if (found[0])
			fail_msg("step %d (%s): case %s: %s", step, stepped, found, wrong[i]);
	}
}

struct step {
	int64_t kase, other, alert, report;
	enum town_who who;
};

static enum err send_report(struct ctx *c, void *arg)
{
	(void)arg;
	struct report_new what = { .level = (enum level)draw(LEVEL_COUNT),
		.why = (enum trigger)draw(TRIGGER_COUNT),
		.place_id = town.rw[draw(TOWN_RW)],
		.text = S("dengar-dengar"),
		.spares_neighbours = draw(2),
		.channel = "web" };
	struct report_made made;
	return reports_create(c, &what, &made);
}

static enum err open_by_hand(struct ctx *c, void *arg)
{
	int64_t id, post = town.people[((struct step *)arg)->who].post_id;
	TRY(cases_open(c, town.rw[draw(TOWN_RW)], (enum level)draw(LEVEL_COUNT), (enum trigger)draw(TRIGGER_COUNT),
		false, post, &id));
	TRY(cases_add_post(c, id, post));
	TRY(cases_set_owner(c, id, c->account_id, post));
	TRY(cases_note_entry(c, id, "mine", S(""), post, 0, NULL));
	return cases_changed(c, id);
}

static enum err answer(struct ctx *c, void *arg)
{
	const struct step *s = arg;
	enum verdict verdict;
	return alerts_answer(c, s->alert, (enum answer)draw(ANSWER_COUNT), town.people[s->who].post_id,
		town.posts[draw(TOWN_POSTS)], CASES_SHOWN_ALL, &verdict);
}

static enum err write_message(struct ctx *c, void *arg)
{
	const struct step *s = arg;
	return reports_say(c, s->report, draw(2) ? town.people[s->who].post_id : 0, S("lagi"), NULL);
}

static enum err take_back(struct ctx *c, void *arg)
{
	return reports_take_back(c, ((struct step *)arg)->report);
}

static enum err join(struct ctx *c, void *arg)
{
	const struct step *s = arg;
	TRY(cases_share_both(c, s->kase, s->other));
	return cases_join(c, s->kase, s->other, town.people[s->who].post_id);
}

static enum err share(struct ctx *c, void *arg)
{
	const struct step *s = arg;
	int64_t post = town.posts[draw(TOWN_POSTS)];
	TRY(cases_add_post(c, s->kase, post));
	return cases_share(c, s->kase, post);
}

static enum err end(struct ctx *c, void *arg)
{
	const struct step *s = arg;
	return cases_ask_to_close(c, s->kase, town.people[s->who].post_id, S("calmed"));
}

static enum err confirm(struct ctx *c, void *arg)
{
	const struct step *s = arg;
	return draw(2) ? cases_confirm(c, s->kase, town.people[s->who].post_id, 0)
		       : cases_reporter_says(c, s->kase, s->report, draw(2));
}

static enum err climb(struct ctx *c, void *arg)
{
	return alerts_climb_job(c, ((struct step *)arg)->alert);
}

/* One id of a table, by chance; 0 when it is empty. */
static int64_t any(struct testdb *t, const char *table)
{
	int64_t id, n;
	assert_true(str_to_i64(
		str_of(testdb_value(t, arena_printf(t->c.mem, "SELECT count(*) FROM %s", table).p)), 0, 100000, &n));
	if (n == 0)
		return 0;
	const char *sql =
		arena_printf(t->c.mem, "SELECT id FROM %s ORDER BY id LIMIT 1 OFFSET %d", table, draw((int)n)).p;
	assert_true(str_to_i64(str_of(testdb_value(t, sql)), 1, INT64_MAX, &id));
	return id;
}

static enum err (*const steps[])(struct ctx *c, void *arg) = { send_report, send_report, send_report, open_by_hand,
	answer, answer, answer, answer, write_message, write_message, take_back, join, share, end, end, confirm,
	confirm, climb, climb };

/* One step by somebody; most that make no sense are refused, and change nothing. */
static bool one_step(struct testdb *t)
{
	static const char *const names[] = { "report", "report", "report", "by hand", "answer", "answer", "answer",
		"answer", "message", "message", "take back", "join", "share", "end", "end", "confirm", "confirm",
		"climb", "climb" };
	struct step s = { any(t, "cases"), any(t, "cases"), any(t, "alerts"), any(t, "reports"),
		(enum town_who)draw(TOWN_PEOPLE) };
	size_t which = s.alert ? (size_t)draw(COUNT(steps)) : 0;
	t->c.now_ms += 1 + draw(20 * 60 * 1000);
	town_sign_in(t, &town, steps[which] == send_report || steps[which] == climb ? TOWN_PEOPLE : s.who);
	enum err e = db_within(&t->c, true, steps[which], &s);
	if (e != OK && e != ERR_CONFLICT && e != ERR_INPUT && e != ERR_DENIED)
		testdb_ok(t, e);
	stepped = names[which];
	return e == OK;
}

/* What the migration fills in is as true as what is kept up. */
static void the_migration_fills_in_the_same(struct testdb *t)
{
	const char *sql = NULL, *late = NULL, *kinds = NULL;
	for (size_t i = 0; i < migrations_count; i++) {
		const char *step = migrations[i].sql[t->kind == DB_POSTGRES];
		if (strcmp(migrations[i].what, "what_a_post_sees") == 0)
			sql = strstr(step, "UPDATE case_posts SET neighbour");
		if (strcmp(migrations[i].what, "late_on_boards") == 0)
			late = strstr(step, "UPDATE case_posts");
		if (strcmp(migrations[i].what, "of_one_kind") == 0)
			kinds = step;
	}
	assert_non_null(kinds);
	assert_non_null(sql);
	assert_non_null(late);
	testdb_exec(t,
		"UPDATE case_posts SET neighbour = false, from_ms = 0, last_ms = 0, level = 'nyata', reason = 'other',"
		" reports = 7, state = 'open', open = true, owner_id = NULL, alert_id = NULL, alert_state = NULL, "
		"next_ms = NULL");
	testdb_exec(t, "UPDATE case_posts SET late_ms = NULL");
	testdb_exec(t, sql);
	testdb_exec(t, late);
	testdb_exec(t, "UPDATE alerts SET unread_report = NULL");
	testdb_exec(t, "UPDATE case_posts SET unread_ms = (SELECT a.unread_ms FROM alerts a"
		       " WHERE a.region = case_posts.region AND a.id = case_posts.alert_id)");
	testdb_exec(t, kinds);
	stepped = "filled in by the migration";
	all_is_true(t, STEPS);
}

static void what_posts_see_is_what_is_there(void **state)
{
	struct testdb *t = *state;
	const char *seed = getenv("ADEM_TEST_SEED");
	int done = 0;
	t->c.vault = vault;
	drawn = seed ? strtoull(seed, NULL, 10) : 7;
	town_make(t, &town);
	for (int i = 0; i < STEPS; i++) {
		done += one_step(t);
		all_is_true(t, i);
	}
	assert_true(done > STEPS / 3);
	the_migration_fills_in_the_same(t);
}

enum { PRANKS = 200 };

static enum err prank(struct ctx *c, void *arg)
{
	struct report_made *made = arg;
	const struct report_new what = { .level = LEVEL_POTENSI,
		.why = TRIGGER_OTHER,
		.place_id = town.rw[0],
		.text = S("iseng"),
		.channel = "web" };
	return reports_create(c, &what, made);
}

static enum err real_one(struct ctx *c, void *arg)
{
	struct report_made *made = arg;
	const struct report_new what = {
		.level = LEVEL_NYATA, .why = TRIGGER_BLADES, .place_id = town.rw[1], .channel = "web"
	};
	return reports_create(c, &what, made);
}

static void says(struct testdb *t, const char *sql, const char *wanted)
{
	assert_string_equal(testdb_value(t, sql), wanted);
}

/* A flood is one incident with a counter, rung once; what is real stands by itself, its reporter with a thread of their own. */
static void a_flood_is_one_row_and_a_real_fight_another(void **state)
{
	struct testdb *t = *state;
	struct report_made made, real;
	t->c.vault = vault;
	town_make(t, &town);
	town_sign_in(t, &town, TOWN_PEOPLE);
	for (int i = 0; i < PRANKS; i++) {
		t->c.now_ms += 3;
		testdb_ok(t, db_within(&t->c, true, prank, &made));
		if (i == PRANKS / 2)
			testdb_ok(t, db_within(&t->c, true, real_one, &real));
	}
	says(t, "SELECT count(*) FROM cases", "2");
	says(t, "SELECT count(*) FROM alerts", "2");
	says(t, "SELECT count(*) FROM report_receipts", "201");
	assert_true(real.case_id != made.case_id);
	says(t,
		arena_printf(t->c.mem,
			"SELECT min(reports) FROM case_posts WHERE open AND level = 'potensi' AND case_id = %" PRId64,
			made.case_id)
			.p,
		"200");
	says(t, "SELECT max(reports) FROM case_posts WHERE open AND level = 'nyata'", "1");
	/* One ring: the call of the first report, and none for the 199 that followed within its interval. */
	const char *rings = arena_printf(t->c.mem,
		"SELECT count(*) FROM events WHERE kind = '@ring' AND channel = %" PRId64
		" AND subject_id = (SELECT id FROM alerts WHERE case_id = %" PRId64 ")",
		town.posts[TOWN_BHABIN], made.case_id)
				    .p;
	says(t, rings, "1");
	all_is_true(t, 0);
}

static enum err ambang(struct ctx *c, void *arg)
{
	struct report_made *made = arg;
	const struct report_new what = {
		.level = LEVEL_AMBANG, .place_id = town.rw[0], .text = S("janjian"), .channel = "web"
	};
	return reports_create(c, &what, made);
}

static enum err spared(struct ctx *c, void *arg)
{
	struct report_made *made = arg;
	const struct report_new what = { .level = LEVEL_AMBANG,
		.place_id = town.rw[0],
		.text = S("rahasia"),
		.spares_neighbours = true,
		.channel = "web" };
	return reports_create(c, &what, made);
}

static enum err end_it(struct ctx *c, void *arg)
{
	TRY(cases_changed(c, ((struct report_made *)arg)->case_id));
	return OK;
}

/* Same place, same spare flag, call not ended, an hour after the last report and six after the first: one minute before and after
 * each of these. A wider reader learns nothing of a narrower report. */
static void reports_join_within_their_hours_and_kind(void **state)
{
	struct testdb *t = *state;
	struct report_made first, next;
	t->c.vault = vault;
	town_make(t, &town);
	town_sign_in(t, &town, TOWN_PEOPLE);
	testdb_ok(t, db_within(&t->c, true, prank, &first));
	t->c.now_ms += 59 * MINUTE_MS;
	testdb_ok(t, db_within(&t->c, true, ambang, &next));
	assert_true(next.case_id == first.case_id);
	const char *head = arena_printf(t->c.mem, " FROM case_posts WHERE case_id = %" PRId64 " AND post_id = %" PRId64,
		first.case_id, town.posts[TOWN_RW7])
				   .p;
	says(t, arena_printf(t->c.mem, "SELECT reports%s", head).p, "1");
	says(t, arena_printf(t->c.mem, "SELECT level%s", head).p, "ambang");
	says(t, arena_printf(t->c.mem, "SELECT from_ms - %" PRId64 "%s", t->c.now_ms, head).p, "0");
	const char *officer = arena_printf(t->c.mem,
		" FROM case_posts WHERE case_id = %" PRId64 " AND post_id = %" PRId64, first.case_id,
		town.posts[TOWN_BHABIN])
				      .p;
	says(t, arena_printf(t->c.mem, "SELECT reports%s", officer).p, "2");
	testdb_ok(t, db_within(&t->c, true, spared, &next));
	assert_true(next.case_id != first.case_id);
	says(t, arena_printf(t->c.mem, "SELECT reports%s", head).p, "1");
	t->c.now_ms += 61 * MINUTE_MS;
	testdb_ok(t, db_within(&t->c, true, ambang, &next));
	assert_true(next.case_id != first.case_id);
	int64_t second = next.case_id, begun = t->c.now_ms;
	while (t->c.now_ms + 50 * MINUTE_MS < begun + 6 * HOUR_MS) {
		t->c.now_ms += 50 * MINUTE_MS;
		testdb_ok(t, db_within(&t->c, true, ambang, &next));
		assert_true(next.case_id == second);
	}
	t->c.now_ms = begun + 6 * HOUR_MS + MINUTE_MS;
	testdb_ok(t, db_within(&t->c, true, ambang, &next));
	assert_true(next.case_id != second);
	second = next.case_id;
	all_is_true(t, 0);
	testdb_exec(t, "UPDATE alerts SET ended_ms = 1, state = 'calm'");
	testdb_ok(t, db_within(&t->c, true, end_it, &next));
	t->c.now_ms += MINUTE_MS;
	testdb_ok(t, db_within(&t->c, true, ambang, &next));
	assert_true(next.case_id != second); /* what has ended absorbs nothing */
}

/* Nobody holds a key: nothing is written, and the reporter is told. */
static void a_report_that_nobody_can_read_is_refused(void **state)
{
	struct testdb *t = *state;
	struct report_made made;
	t->c.vault = vault;
	town_make(t, &town);
	town_sign_in(t, &town, TOWN_PEOPLE);
	testdb_exec(t, "DELETE FROM circle_keys WHERE holder = 'account'");
	assert_int_equal(db_within(&t->c, true, ambang, &made), ERR_BUSY);
	says(t, "SELECT count(*) FROM reports", "0");
	says(t, "SELECT count(*) FROM cases", "0");
}

static enum err join_cases(struct ctx *c, void *arg)
{
	const struct step *s = arg;
	TRY(cases_share_both(c, s->kase, s->other));
	return cases_join(c, s->kase, s->other, town.people[s->who].post_id);
}

static enum err join_as(struct testdb *t, enum town_who who, int64_t kase, int64_t into)
{
	struct step s = { .kase = kase, .other = into, .who = who };
	town_sign_in(t, &town, who);
	return db_within(&t->c, true, join_cases, &s);
}

/* A case by hand of WHO, for the first RW. */
static enum err by_hand(struct ctx *c, void *arg)
{
	struct step *s = arg;
	int64_t post = town.people[s->who].post_id;
	TRY(cases_open(c, town.rw[0], LEVEL_POTENSI, TRIGGER_GRUDGE, false, post, &s->kase));
	TRY(cases_add_post(c, s->kase, post));
	TRY(cases_set_owner(c, s->kase, c->account_id, post));
	return cases_changed(c, s->kase);
}

static int64_t open_as(struct testdb *t, enum town_who who)
{
	struct step s = { .who = who };
	town_sign_in(t, &town, who);
	testdb_ok(t, db_within(&t->c, true, by_hand, &s));
	return s.kase;
}

static enum err add_head(struct ctx *c, void *arg)
{
	const struct report_made *made = arg;
	TRY(cases_add_post(c, made->case_id, town.posts[TOWN_RW7]));
	return cases_changed(c, made->case_id);
}

/* Who sees both may not make one of them, in no direction: what is done in the one never shows in the other. */
static void cases_of_two_kinds_stay_apart(void **state)
{
	struct testdb *t = *state;
	struct report_made quiet, loud;
	t->c.vault = vault;
	town_make(t, &town);
	int64_t hand = open_as(t, TOWN_HEAD7);
	town_sign_in(t, &town, TOWN_PEOPLE);
	testdb_ok(t, db_within(&t->c, true, spared, &quiet));
	testdb_ok(t, db_within(&t->c, true, ambang, &loud));
	uint64_t hash = testdb_hash(t);
	assert_int_equal(join_as(t, TOWN_OFFICER, quiet.case_id, loud.case_id), ERR_CONFLICT);
	assert_int_equal(join_as(t, TOWN_OFFICER, loud.case_id, quiet.case_id), ERR_CONFLICT);
	assert_int_equal(join_as(t, TOWN_OFFICER, quiet.case_id, hand), ERR_CONFLICT);
	t->c.now_ms++;
	testdb_ok(t, db_within(&t->c, true, add_head, &quiet));
	assert_true(testdb_hash(t) == hash);
	testdb_ok(t, join_as(t, TOWN_HEAD7, loud.case_id, hand));
	all_is_true(t, 0);
}

#define QUIET "(SELECT id FROM cases WHERE spares_neighbours)"
#define LOUD  "(SELECT id FROM cases WHERE NOT spares_neighbours)"

/* As a case that spares the neighbourhood was once joined to another. */
static const char *const joined_once[] = {
	"UPDATE reports SET joined_by = 7, case_id = " LOUD " WHERE spares_neighbours",
	"UPDATE alerts SET case_id = " LOUD,
	"INSERT INTO case_posts (region, case_id, post_id, since_ms, neighbour) SELECT region, " LOUD
	", post_id, since_ms, neighbour FROM case_posts WHERE case_id = " QUIET
	" AND post_id NOT IN (SELECT post_id FROM case_posts WHERE case_id = " LOUD ")",
	"INSERT INTO case_entries (region, id, case_id, kind, detail, subject_id, created_ms)"
	" VALUES ('31.71', 1, " LOUD ", 'joined', '', " QUIET ", 1), ('31.71', 2, " QUIET ", 'joined_to', '', " LOUD
	", 1)",
	"INSERT INTO case_entries (region, id, case_id, kind, detail, subject_id, about_report, created_ms)"
	" SELECT '31.71', 3, " LOUD ", 'message', 'reporter', id, id, 2 FROM reports WHERE spares_neighbours",
	"INSERT INTO case_entries (region, id, case_id, kind, detail, created_ms)"
	" VALUES ('31.71', 4, " LOUD ", 'not_calm', 'reporter', 3)",
	"UPDATE cases SET state = 'joined', joined_to = " LOUD " WHERE spares_neighbours",
};

static void cases_of_two_kinds_that_were_joined_come_apart(void **state)
{
	struct testdb *t = *state;
	struct report_made quiet, loud;
	t->c.vault = vault;
	town_make(t, &town);
	town_sign_in(t, &town, TOWN_PEOPLE);
	testdb_ok(t, db_within(&t->c, true, spared, &quiet));
	testdb_ok(t, db_within(&t->c, true, ambang, &loud));
	for (size_t i = 0; i < COUNT(joined_once); i++)
		testdb_exec(t, joined_once[i]);
	for (size_t i = 0; i < migrations_count; i++)
		if (strcmp(migrations[i].what, "of_one_kind") == 0)
			testdb_exec(t, migrations[i].sql[t->kind == DB_POSTGRES]);
	stepped = "apart";
	all_is_true(t, 0);
	says(t, "SELECT count(*) FROM cases WHERE state = 'open' AND joined_to IS NULL", "2");
	says(t, "SELECT count(*) FROM reports r JOIN cases k ON k.id = r.case_id WHERE r.joined_by IS NULL", "2");
	says(t, "SELECT count(*) FROM alerts a JOIN reports r ON r.id = a.report_id AND r.case_id = a.case_id", "2");
	says(t, "SELECT count(*) FROM case_entries WHERE id IN (3, 4) AND case_id = " QUIET, "2");
	says(t, "SELECT count(*) FROM case_posts WHERE neighbour AND case_id = " QUIET, "0");
	says(t, "SELECT count(*) FROM case_posts WHERE open AND reports = 1 AND alert_state = 'ringing'", "3");
}

static enum err climb_it(struct ctx *c, void *arg)
{
	return alerts_climb_job(c, *(int64_t *)arg);
}

static enum err take_it(struct ctx *c, void *arg)
{
	enum verdict verdict;
	return alerts_answer(c, *(int64_t *)arg, ANSWER_MINE, town.membership.post_id, 0, CASES_SHOWN_ALL, &verdict);
}

/* A case that a head of an RW opened by hand is joined with one that rings, in both directions: it rings on, has no owner until
 * somebody takes it, and the reason of the report. */
static void a_call_that_is_joined_rings_on(void **state)
{
	struct testdb *t = *state;
	t->c.vault = vault;
	town_make(t, &town);
	for (int into_hand = 0; into_hand < 2; into_hand++) {
		struct report_made made;
		int64_t alert, goes_on, hand = open_as(t, TOWN_HEAD7);
		town_sign_in(t, &town, TOWN_PEOPLE);
		t->c.now_ms += 2 * HOUR_MS;
		testdb_ok(t, db_within(&t->c, true, ambang, &made));
		assert_true(str_to_i64(str_of(testdb_value(t, "SELECT max(id) FROM alerts")), 1, INT64_MAX, &alert));
		const char *is = arena_printf(t->c.mem, "SELECT next_ms FROM alerts WHERE id = %" PRId64, alert).p;
		const char *due = testdb_value(t, is);
		goes_on = into_hand ? hand : made.case_id;
		testdb_ok(t, join_as(t, TOWN_HEAD7, into_hand ? made.case_id : hand, goes_on));
		stepped = "joined";
		all_is_true(t, into_hand);
		says(t, is, due);
		const char *rows = arena_printf(t->c.mem,
			"SELECT count(*) FROM case_posts WHERE case_id = %" PRId64
			" AND open AND reason = 'opinion' AND alert_id = %" PRId64 " AND next_ms IS NOT NULL AND ",
			goes_on, alert)
					   .p;
		const char *rings = arena_printf(t->c.mem, "%s owner_id IS NULL AND alert_state = 'ringing'", rows).p;
		says(t, rings, "2");
		t->c.now_ms += 5 * MINUTE_MS;
		testdb_ok(t, db_within(&t->c, true, climb_it, &alert));
		says(t, rings, "3");
		town_sign_in(t, &town, TOWN_OFFICER);
		testdb_ok(t, db_within(&t->c, true, take_it, &alert));
		says(t, arena_printf(t->c.mem, "%s owner_id = %" PRId64, rows, town.people[TOWN_OFFICER].id).p, "3");
	}
}

static int64_t statements_of_one_more(struct testdb *t)
{
	struct report_made made;
	t->c.now_ms += SECOND_MS;
	int64_t before = db_statement_count(t->c.db);
	testdb_ok(t, db_within(&t->c, true, ambang, &made));
	return db_statement_count(t->c.db) - before;
}

/* A post more that takes part is one more that is told, and no question more: who reads a report is asked once. */
static void a_report_is_asked_about_once_for_all_posts(void **state)
{
	struct testdb *t = *state;
	struct report_made made;
	t->c.vault = vault;
	town_make(t, &town);
	town_sign_in(t, &town, TOWN_PEOPLE);
	testdb_ok(t, db_within(&t->c, true, ambang, &made));
	int64_t few = statements_of_one_more(t);
	testdb_ok(t, db_begin(&t->c, true));
	testdb_ok(t, cases_add_post(&t->c, made.case_id, town.posts[TOWN_POLSEK]));
	testdb_ok(t, cases_changed(&t->c, made.case_id));
	testdb_ok(t, db_commit(&t->c));
	assert_int_equal(statements_of_one_more(t), few + 1);
	says(t, "SELECT count(*) FROM case_posts WHERE reports = 3", "3");
}

int main(void)
{
	const struct testdb_case cases[] = {
		TESTDB(what_posts_see_is_what_is_there),
		TESTDB(a_flood_is_one_row_and_a_real_fight_another),
		TESTDB(reports_join_within_their_hours_and_kind),
		TESTDB(a_report_is_asked_about_once_for_all_posts),
		TESTDB(cases_of_two_kinds_stay_apart),
		TESTDB(cases_of_two_kinds_that_were_joined_come_apart),
		TESTDB(a_call_that_is_joined_rings_on),
		TESTDB(a_report_that_nobody_can_read_is_refused),
	};
	vault = town_vault();
	int status = testdb_run("seen", cases, COUNT(cases), NULL, 0);
	vault_close(vault);
	return status;
}
