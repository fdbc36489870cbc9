/* What every person sees of a case, beside what the model says. */
#include "looks.h"
#include "cases_seen_sql.h"
#include "features/cases/cases_seen.h"

struct town town;
struct model m;
uint64_t progress;
const char *step_name = "";

void note(uint64_t v)
{
	progress = (progress ^ v) * UINT64_C(0x9E3779B97F4A7C15);
	progress ^= progress >> 29;
}

int64_t value(struct testdb *t, const char *sql)
{
	int64_t v;
	return str_to_i64(str_of(testdb_value(t, sql)), 0, INT64_MAX, &v) ? v : 0;
}

static int person_of(int64_t account)
{
	for (int i = 0; i < M_PEOPLE; i++)
		if (town.people[i].id == account)
			return i;
	return -1;
}

int post_of(int64_t id)
{
	for (int i = 0; i < M_POSTS; i++)
		if (town.posts[i] == id)
			return i;
	return -1;
}

void say(struct testdb *t, const char *what, int kase, int person)
{
	fail_msg("%s (%s): case %d, person %d, at %" PRId64, what, step_name, kase, person, t->c.now_ms);
}

static void same_reports(struct testdb *t, int kase, int person)
{
	for (int i = 0; i < m.reports_count; i++) {
		if (m.reports[i].kase != kase)
			continue;
		bool sees = cases_check_report(&t->c, m.reports[i].id, NULL, NULL) == OK;
		if (sees != m_reads(&m, i, person))
			say(t, "a report", kase, person);
		note(sees);
	}
}

static void same_timeline(struct testdb *t, int kase, int person)
{
	struct cases_seen_timeline_row *rows;
	size_t count;
	int64_t before_ms = INT64_MAX, before_id = 0;
	int wanted = 0, got = 0;
	for (int i = 0; i < m.entries_count; i++)
		wanted += m.entries[i].kase == kase && m_sees_entry(&m, i, person);
	do {
		testdb_ok(t, cases_seen_timeline(&t->c, m.cases[kase].id, t->c.account_id, ROLES_ANSWER, 0, before_ms,
				     before_id, false, &rows, &count));
		for (size_t i = 0; i < count; i++) {
			int k = 0;
			while (k < m.entries_count && m.entries[k].id != rows[i].id)
				k++;
			if (k == m.entries_count || !m_sees_entry(&m, k, person))
				fail_msg("the entry %.*s (%s): case %d, person %d", STR_ARG(rows[i].kind), step_name,
					kase, person);
			got++;
			before_ms = rows[i].created_ms;
			before_id = rows[i].id;
		}
	} while (count > 40);
	if (got != wanted)
		say(t, "entries are missing", kase, person);
	note((uint64_t)got);
}

/* The post that they act for may come on top. */
static void same_note_readers(struct testdb *t, const struct case_seen *seen, int kase, int person)
{
	struct cases_reader *readers;
	size_t count;
	unsigned got = 0, wanted = m_note_readers(&m, kase, person);
	testdb_ok(t, cases_note_readers(&t->c, seen, &readers, &count));
	for (size_t i = 0; i < count; i++)
		got |= 1U << post_of(readers[i].post_id);
	if (got != (wanted | 1U << post_of(seen->post_id)))
		say(t, "who reads a note", kase, person);
	note(wanted);
}

static void look(struct testdb *t, int kase, int person)
{
	static const char *const states[] = { "open", "closing", "closed", "joined" };
	struct m_seen wanted = m_seen(&m, kase, person);
	struct case_seen seen;
	town_sign_in(t, &town, (enum town_who)person);
	enum err e = cases_seen(&t->c, m.cases[kase].id, &seen);
	note(e == OK);
	if (e != (wanted.any ? OK : ERR_DENIED))
		say(t, "who takes part", kase, person);
	if (e != OK)
		return;
	if (seen.reports != wanted.reports)
		say(t, "the number of reports", kase, person);
	if ((int)seen.level != wanted.level)
		say(t, "the level", kase, person);
	if ((seen.owner_id.is ? person_of(seen.owner_id.v) : -1) != wanted.owner)
		say(t, "the owner", kase, person);
	const char *rows = arena_printf(t->c.mem,
		"SELECT count(*) FROM case_posts WHERE case_id = %" PRId64 " AND state <> '%s'", m.cases[kase].id,
		states[wanted.state])
				   .p;
	if (value(t, rows) != 0)
		say(t, "the state", kase, person);
	note((uint64_t)(wanted.reports * 1000 + wanted.level * 100 + wanted.owner * 10 + (int)wanted.state));
	same_reports(t, kase, person);
	same_timeline(t, kase, person);
	same_note_readers(t, &seen, kase, person);
}

void all_look(struct testdb *t, int kase)
{
	testdb_ok(t, db_begin(&t->c, false));
	for (int person = 0; person < M_PEOPLE; person++)
		look(t, kase, person);
	db_rollback(&t->c);
}
