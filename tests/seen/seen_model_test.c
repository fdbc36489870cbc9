/* Random sequences of what people, reporters and the clock do, given to the program and to a model that was written
 * separately (model.h). After each step every person looks at the cases it touched (looks.h): both must say the same of
 * who sees the case, which reports, how many, of which level, in whose hands, in which state, which entries of its
 * timeline, and who would read a note. */
#include "steps.h"
#include "base/clock.h"
#include "cases_seen_sql.h"
#include "features/alerts/alerts.h"
#include "features/cases/cases_seen.h"
#include "features/reports/reports.h"

enum { STEPS = 300 };

static struct vault *vault;
static uint64_t drawn, before;
static int joined, taken, handed_over, ended, closing, closed, opened, said_calm, closed_by_reporters,
	asked_more; /* how often that came about */

struct step s;

int draw(int below)
{
	drawn = drawn * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return below > 0 ? (int)((drawn >> 33) % (uint64_t)below) : 0;
}

/* One of the newest of so many. */
static int recent(int count)
{
	int of = count < 8 ? count : 8;
	return count - of + draw(of);
}

static int64_t of_alert(struct testdb *t, const char *column, int alert)
{
	return value(
		t, arena_printf(t->c.mem, "SELECT %s FROM alerts WHERE id = %" PRId64, column, m.alerts[alert].id).p);
}

static int case_of(int64_t id)
{
	int k = 0;
	while (k < m.cases_count && m.cases[k].id != id)
		k++;
	return k < m.cases_count ? k : -1;
}

static int own_post(int person)
{
	return post_of(town.people[person].post_id);
}

/* The entries of now, each tagged by what the step was about and not by what the program wrote beside it. */
static void learn_entries(struct testdb *t, int kase)
{
	static const char *const of_report[] = { "report", "message", "rang_again", "not_calm", "reporter_calm", NULL };
	static const char *const of_end[] = { "reopened", "confirmed", NULL };
	struct cases_seen_entries_row *rows;
	size_t count;
	testdb_ok(t, cases_seen_entries(&t->c, m.cases[kase].id, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		struct m_entry e = { rows[i].id, t->c.now_ms, kase, -1, -1, -1 };
		if (code_index(of_report, rows[i].kind) >= 0 ||
			(s.by_reporter && code_index(of_end, rows[i].kind) >= 0))
			e.report = s.report;
		if (str_is(rows[i].kind, "joined") || str_is(rows[i].kind, "split_from"))
			e.other = s.kase;
		if (str_is(rows[i].kind, "joined_to") || str_is(rows[i].kind, "split_off"))
			e.other = s.into;
		if (str_is(rows[i].kind, "level"))
			e.level = code_index(level_codes, rows[i].detail);
		bool known = false;
		for (int k = 0; k < m.entries_count; k++)
			known = known || m.entries[k].id == e.id;
		assert_true(m.entries_count < M_ENTRIES);
		if (!known)
			m.entries[m.entries_count++] = e;
	}
}

void after(struct testdb *t, int kase)
{
	testdb_ok(t, db_begin(&t->c, false));
	learn_entries(t, kase);
	db_rollback(&t->c);
}

static enum err do_report(struct ctx *c, void *arg)
{
	(void)arg;
	const struct report_new what = { .level = (enum level)s.level,
		.why = (enum trigger)draw(TRIGGER_COUNT),
		.place_id = town.rw[s.place],
		.text = S("dengar-dengar"),
		.spares_neighbours = s.spares,
		.channel = "web" };
	struct report_made made;
	TRY(reports_create(c, &what, &made));
	s.made_id = made.id;
	s.made_case = made.case_id;
	return OK;
}

static int open_alert(int kase)
{
	int first = -1;
	for (int i = 0; i < m.alerts_count; i++) {
		const struct m_alert *a = &m.alerts[i];
		if (a->kase == kase && !a->ended && a->of_report &&
			(first < 0 || a->raised_at < m.alerts[first].raised_at))
			first = i;
	}
	return first;
}

static void report(struct testdb *t)
{
	s.place = draw(M_PLACES);
	s.level = draw(3);
	s.spares = draw(2);
	bool spares = s.spares && s.level < 2;
	town_sign_in(t, &town, TOWN_PEOPLE);
	int joins = m_joins(&m, s.place, spares, t->c.now_ms);
	testdb_ok(t, db_within(&t->c, true, do_report, NULL));
	s.kase = joins;
	if ((joins < 0) != (case_of(s.made_case) < 0) || (joins >= 0 && m.cases[joins].id != s.made_case))
		say(t, "what a report joins", joins, -1);
	if (joins < 0)
		s.kase = m_case(&m, s.made_case, s.place, s.level, spares, -1, -1, t->c.now_ms);
	s.report = m_report(&m, s.made_id, s.kase, s.place, s.level, spares, t->c.now_ms);
	if (joins < 0) {
		int64_t id = value(
			t, arena_printf(t->c.mem, "SELECT id FROM alerts WHERE report_id = %" PRId64, s.made_id).p);
		m_calls(&m, m_alert(&m, id, s.kase, s.place, s.level, s.report, t->c.now_ms), 0, t->c.now_ms);
		return;
	}
	int alert = open_alert(s.kase);
	if (s.level > m.alerts[alert].level) {
		m.alerts[alert].level = s.level;
		m.cases[s.kase].level = s.level > m.cases[s.kase].level ? s.level : m.cases[s.kase].level;
		m_calls(&m, alert, 0, t->c.now_ms);
	}
}

static enum err do_by_hand(struct ctx *c, void *arg)
{
	int64_t post = town.people[s.person].post_id;
	(void)arg;
	TRY(cases_open(c, town.rw[s.place], (enum level)s.level, TRIGGER_GRUDGE, false, post, &s.made_case));
	TRY(cases_add_post(c, s.made_case, post));
	TRY(cases_set_owner(c, s.made_case, c->account_id, post));
	TRY(cases_note_entry(c, s.made_case, "mine", S(""), post, 0, NULL));
	return cases_changed(c, s.made_case);
}

static void by_hand(struct testdb *t)
{
	s.place = draw(M_PLACES);
	s.level = draw(3);
	testdb_ok(t, db_within(&t->c, true, do_by_hand, NULL));
	s.kase = m_case(&m, s.made_case, s.place, s.level, false, s.person, own_post(s.person), t->c.now_ms);
}

/* Mostly somebody who sees the case; at times anybody. */
static void somebody_of(struct testdb *t, int kase)
{
	for (int i = 0; i < 20 && draw(8) && !m_seen(&m, kase, s.person).any; i++)
		s.person = draw(M_PEOPLE);
	town_sign_in(t, &town, (enum town_who)s.person);
}

void some_case(struct testdb *t, enum m_state state, bool rings)
{
	for (int i = 0; i < 40 && draw(40) && !(m.cases[s.kase].state == state && m_rings(&m, s.kase) == rings); i++)
		s.kase = draw(m.cases_count);
	somebody_of(t, s.kase);
}

/* Mostly a call that goes on, with an owner or without. */
static void some_alert(struct testdb *t, bool owned)
{
	for (int i = 0; i < 40 && draw(40); i++) {
		if (!m.alerts[s.alert].ended && (m.alerts[s.alert].owner >= 0) == owned)
			break;
		s.alert = draw(m.alerts_count);
	}
	s.kase = m.alerts[s.alert].kase;
	somebody_of(t, s.kase);
}

struct tap {
	enum answer what;
	enum verdict verdict;
};

static enum err do_answer(struct ctx *c, void *arg)
{
	struct tap *tap = arg;
	int64_t to = tap->what == ANSWER_HANDED_OVER ? town.posts[s.post] : 0, id = m.alerts[s.alert].id, kase;
	TRY(cases_check_alert(c, id, &kase, NULL));
	TRY(alerts_answer(c, id, tap->what, town.people[s.person].post_id, to, CASES_SHOWN_ALL, &tap->verdict));
	if (!to || tap->verdict != VERDICT_CHANGES)
		return OK;
	TRY(cases_share(c, kase, town.posts[s.post]));
	return cases_note_entry(c, kase, "shared", S(""), town.posts[s.post], 0, NULL);
}

/* One tap of the person; true when it changed something. */
static bool tap(struct testdb *t, enum answer what)
{
	struct tap it = { what, VERDICT_SAME };
	town_sign_in(t, &town, (enum town_who)s.person);
	enum err e = db_within(&t->c, true, do_answer, &it);
	if (e != OK && e != ERR_CONFLICT && e != ERR_INPUT && e != ERR_DENIED)
		testdb_ok(t, e);
	if ((e == ERR_DENIED) != !m_seen(&m, s.kase, s.person).any)
		say(t, "who may answer", s.kase, s.person);
	after(t, s.kase);
	return e == OK && it.verdict == VERDICT_CHANGES;
}

static void takes(struct testdb *t)
{
	some_alert(t, false);
	if (!tap(t, ANSWER_MINE))
		return;
	m_owns(&m, s.alert, s.person);
	taken++;
}

/* To some post, whose member takes it over, most of the time. */
static void hands_over(struct testdb *t)
{
	some_alert(t, true);
	if (m.alerts[s.alert].owner < 0)
		return;
	s.person = m.alerts[s.alert].owner;
	if (!tap(t, ANSWER_HANDED_OVER))
		return;
	m_takes_part(&m, s.kase, s.post, t->c.now_ms);
	m_share(&m, s.kase, s.person, s.post);
	all_look(t, s.kase);
	t->c.now_ms += MINUTE_MS;
	for (s.person = 0; own_post(s.person) != s.post;)
		s.person++;
	if (!tap(t, ANSWER_ACCEPTED))
		return;
	m_owns(&m, s.alert, s.person);
	handed_over++;
}

static void ends(struct testdb *t)
{
	some_alert(t, true);
	struct m_alert *a = &m.alerts[s.alert];
	if (a->owner < 0 || a->ended)
		return;
	s.person = a->owner;
	tap(t, ANSWER_THERE);
	t->c.now_ms += 3 * MINUTE_MS;
	tap(t, ANSWER_CALM);
	a->ended = of_alert(t, "ended_ms", s.alert) != 0;
	ended += a->ended;
}

static enum err do_climb(struct ctx *c, void *arg)
{
	(void)arg;
	return alerts_climb_job(c, m.alerts[s.alert].id);
}

static void time_passes(struct testdb *t)
{
	struct m_alert *a = &m.alerts[s.alert];
	int64_t due = of_alert(t, "next_ms", s.alert);
	s.kase = a->kase;
	if (a->ended || due > t->c.now_ms + 3 * HOUR_MS)
		return;
	t->c.now_ms = due > t->c.now_ms ? due : t->c.now_ms;
	town_sign_in(t, &town, TOWN_PEOPLE);
	testdb_ok(t, db_within(&t->c, true, do_climb, NULL));
	if (a->of_report && a->step < 2)
		m_calls(&m, s.alert, a->step + 1, t->c.now_ms);
}

static enum err do_join(struct ctx *c, void *arg)
{
	int64_t post, kase = m.cases[s.kase].id, into = m.cases[s.into].id;
	(void)arg;
	TRY(cases_check_member(c, kase, &post));
	TRY(cases_check_member(c, into, &post));
	TRY(cases_share_both(c, kase, into));
	return cases_join(c, kase, into, town.people[s.person].post_id);
}

static void join(struct testdb *t)
{
	somebody_of(t, s.kase);
	bool sees = m_seen(&m, s.kase, s.person).any && m_seen(&m, s.into, s.person).any;
	enum err e = db_within(&t->c, true, do_join, NULL);
	if (e != (!sees ? ERR_DENIED : m_may_join(&m, s.kase, s.into) ? OK : ERR_CONFLICT))
		say(t, "who may join what", s.kase, s.person);
	joined += e == OK;
	if (e == OK)
		m_join(&m, s.kase, s.into, s.person, t->c.now_ms);
}

static enum err do_close(struct ctx *c, void *arg)
{
	int64_t post;
	(void)arg;
	TRY(cases_check_member(c, m.cases[s.kase].id, &post));
	return cases_ask_to_close(c, m.cases[s.kase].id, post, S("calmed"));
}

/* Where no member of its posts may confirm, one post more takes part, if there is one: never that of an RW. */
static void asks_one_more(struct testdb *t)
{
	const struct m_case *k = &m.cases[s.kase];
	bool some = false, others = false;
	int64_t id = value(t,
		arena_printf(t->c.mem,
			"SELECT coalesce(max(post_id), 0) FROM case_entries WHERE kind = 'confirm_asked' AND case_id = "
			"%" PRId64 " AND created_ms = %" PRId64,
			k->id, t->c.now_ms)
			.p);
	int asked = id ? post_of(id) : -1;
	for (int post = 0; post < M_POSTS; post++) {
		bool may = m_confirms(&m, s.kase, s.person, post);
		some = some || (k->has[post] && may);
		others = others || (!k->has[post] && post < M_RW_FIRST && may);
	}
	bool fits = asked < 0 || (!k->has[asked] && asked < M_RW_FIRST && m_confirms(&m, s.kase, s.person, asked));
	if ((asked >= 0) != (!some && others) || !fits)
		say(t, "who is asked to confirm", s.kase, s.person);
	if (asked >= 0)
		m_takes_part(&m, s.kase, asked, t->c.now_ms);
	asked_more += asked >= 0;
}

static void closes(struct testdb *t)
{
	some_case(t, M_OPEN, false);
	bool sees = m_seen(&m, s.kase, s.person).any, may = m.cases[s.kase].state == M_OPEN && !m_rings(&m, s.kase);
	enum err e = db_within(&t->c, true, do_close, NULL);
	if (e != (!sees ? ERR_DENIED : may ? OK : ERR_CONFLICT))
		say(t, "closing", s.kase, s.person);
	closing += e == OK;
	if (e != OK)
		return;
	asks_one_more(t);
	m_asks(&m, s.kase);
}

/* Another call was raised just now, for the report's reporter or for nobody (-1). */
static void raised(struct testdb *t, int report)
{
	struct m_case *k = &m.cases[s.kase];
	int like = m_speaks(&m, s.kase, report);
	int64_t id = value(
		t, arena_printf(t->c.mem, "SELECT id FROM alerts WHERE raised_ms = %" PRId64, t->c.now_ms).p);
	assert_true(id != 0);
	k->state = M_OPEN;
	opened++;
	int alert = m_alert(&m, id, s.kase, like < 0 ? k->place : m.alerts[like].place, k->level,
		like < 0 ? -1 : m.alerts[like].report, t->c.now_ms);
	m_calls(&m, alert, 0, t->c.now_ms);
}

static enum err do_anew(struct ctx *c, void *arg)
{
	(void)arg;
	return alerts_anew_job(c, m.cases[s.kase].id);
}

static void opens(struct testdb *t)
{
	m.cases[s.kase].state = M_OPEN;
	after(t, s.kase);
	t->c.now_ms++;
	testdb_ok(t, db_within(&t->c, true, do_anew, NULL));
	raised(t, -1);
}

static enum err do_confirm(struct ctx *c, void *arg)
{
	int64_t post;
	TRY(cases_check_member(c, m.cases[s.kase].id, &post));
	return *(bool *)arg ? cases_confirm(c, m.cases[s.kase].id, post, 0)
			    : cases_open_again(c, m.cases[s.kase].id, post);
}

static void confirms(struct testdb *t)
{
	bool calm = draw(2);
	some_case(t, draw(3) ? M_CLOSING : M_CLOSED, false);
	if (db_within(&t->c, true, do_confirm, &calm) != OK)
		return;
	m.cases[s.kase].state = M_CLOSED;
	closed += calm;
	m.cases[s.kase].by_member = m.cases[s.kase].by_member || !calm;
	if (!calm)
		opens(t);
}

static enum err do_reporter(struct ctx *c, void *arg)
{
	bool calm = *(bool *)arg;
	TRY(cases_reporter_says(c, m.cases[s.kase].id, m.reports[s.report].id, calm));
	return calm ? OK : alerts_ring_again(c, m.cases[s.kase].id, m.reports[s.report].id);
}

/* Calm is said of what is closing; not calm at any time, and then somebody is called. False: it was not heard. */
static bool one_says(struct testdb *t, bool calm)
{
	if (db_within(&t->c, true, do_reporter, &calm) != OK)
		return false;
	if (calm && m_says_calm(&m, s.report))
		closed_by_reporters++;
	else if (calm)
		said_calm++;
	else if (!m_rings(&m, s.kase))
		raised(t, s.report);
	after(t, s.kase);
	t->c.now_ms++;
	return true;
}

/* One of them says it, or all of a case do. */
static void reporters_say(struct testdb *t)
{
	bool calm = draw(3), all = calm && draw(2);
	for (int i = 0; i < 40 && m.cases[m.reports[s.report].kase].state != M_CLOSING; i++)
		s.report = draw(m.reports_count);
	s.kase = m.reports[s.report].kase;
	s.by_reporter = true;
	town_sign_in(t, &town, TOWN_PEOPLE);
	bool goes_on = one_says(t, calm);
	for (int i = 0; i < m.reports_count && all && goes_on; i++) {
		s.report = i;
		goes_on = m.reports[i].kase != s.kase || m.reports[i].said_calm || one_says(t, true);
	}
}

static enum err do_late(struct ctx *c, void *arg)
{
	(void)arg;
	return cases_reopen_job(c, m.cases[s.kase].id);
}

static void nobody_confirms(struct testdb *t)
{
	some_case(t, M_CLOSING, false);
	if (m.cases[s.kase].state != M_CLOSING)
		return;
	t->c.now_ms += 7 * DAY_MS;
	town_sign_in(t, &town, TOWN_PEOPLE);
	testdb_ok(t, db_within(&t->c, true, do_late, NULL));
	opens(t);
}

static enum err do_message(struct ctx *c, void *arg)
{
	return reports_say(
		c, m.reports[s.report].id, *(bool *)arg ? town.people[s.person].post_id : 0, S("lagi"), NULL);
}

static void writes(struct testdb *t)
{
	bool member = draw(2);
	s.kase = m.reports[s.report].kase;
	s.by_reporter = !member;
	if (!member)
		town_sign_in(t, &town, TOWN_PEOPLE);
	enum err e = db_within(&t->c, true, do_message, &member);
	if (e != ERR_CONFLICT && e != ERR_RATE)
		testdb_ok(t, e);
	if (e == OK && !member && !m_rings(&m, s.kase))
		raised(t, s.report);
}

static const struct {
	const char *name;
	void (*run)(struct testdb *t);
	int weight;
} steps[] = {
	{"report",           report,          6},
        { "by hand",         by_hand,         2},
        { "take",            takes,           4},
        { "hand over",       hands_over,      3},
	{ "end",             ends,            4},
        { "clock",           time_passes,     4},
        { "join",            join,            4},
        { "split",           splits,          6},
	{ "close",           closes,          5},
        { "confirm",         confirms,        5},
        { "reporters say",   reporters_say,   4},
	{ "nobody confirms", nobody_confirms, 1},
        { "message",         writes,          2},
        { "membership",      belongs,         4}
};

static void one_step(struct testdb *t)
{
	int all = 0, which = 0;
	for (size_t i = 0; i < COUNT(steps); i++)
		all += steps[i].weight;
	int n = m.alerts_count ? draw(all) : 0;
	while (n >= steps[which].weight)
		n -= steps[which++].weight;
	s = (struct step){ .name = steps[which].name,
		.person = draw(M_PEOPLE),
		.report = recent(m.reports_count),
		.kase = recent(m.cases_count),
		.into = recent(m.cases_count),
		.alert = recent(m.alerts_count),
		.post = draw(M_POSTS) };
	t->c.now_ms += 1 + draw(6 * 60 * 1000);
	town_sign_in(t, &town, (enum town_who)s.person);
	step_name = s.name;
	steps[which].run(t);
	if (s.kase >= 0 && s.kase < m.cases_count)
		after(t, s.kase);
	after(t, s.into);
	note((uint64_t)which);
}

static void begin(struct testdb *t)
{
	const char *seed = getenv("ADEM_TEST_SEED");
	memset(&m, 0, sizeof m);
	t->c.vault = vault;
	drawn = seed ? strtoull(seed, NULL, 10) : 9;
	progress = 1;
	joined = apart = taken = handed_over = ended = closing = closed = opened = removed = said_calm =
		closed_by_reporters = asked_more = 0;
	town_make(t, &town);
	testdb_exec(t, "UPDATE duties SET until_ms = 9000000000000");
	for (int i = 0; i < M_PEOPLE; i++)
		m.members[m.members_count++] = (struct m_member){ i, own_post(i), true, false };
}

static void everybody_sees_what_the_model_says(void **state)
{
	struct testdb *t = *state;
	begin(t);
	for (int i = 0; i < STEPS; i++) {
		one_step(t);
		all_look(t, s.kase);
		if (s.into != s.kase && m.cases[s.kase].state == M_JOINED)
			all_look(t, s.into);
	}
	for (int k = 0; k < m.cases_count; k++)
		all_look(t, k);
	print_message("# %d cases, %d reports, %d alerts, %d entries: %016" PRIx64 "\n", m.cases_count, m.reports_count,
		m.alerts_count, m.entries_count, progress);
	print_message("# %d joined, %d split, %d taken, %d handed over, %d ended, %d closing, %d closed, %d opened "
		      "again, %d removed, %d reporters said calm, %d closed by them, %d posts asked\n",
		joined, apart, taken, handed_over, ended, closing, closed, opened, removed, said_calm,
		closed_by_reporters, asked_more);
	if (!getenv("ADEM_TEST_SEED")) /* the sequence of every day has all of it */
		assert_true(joined > 1 && apart > 2 && taken > 2 && handed_over > 0 && ended > 2 && closing > 2 &&
			    closed > 0 && opened > 1 && removed > 1 && said_calm > 0 && closed_by_reporters > 0 &&
			    asked_more > 0);
	/* The same sequence ends alike on each database. */
	if (before)
		assert_true(progress == before);
	before = progress;
}

int main(void)
{
	const struct testdb_case cases[] = { TESTDB(everybody_sees_what_the_model_says) };
	vault = town_vault();
	int status = testdb_run("seen_model", cases, COUNT(cases), NULL, 0);
	vault_close(vault);
	return status;
}
