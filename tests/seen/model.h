/* model.h - who sees what of cases, written a second time: plain arrays, no SQL, nothing of the program. The rules are those of
 * design.md §8 B and of cases_seen.h, in other words and another order of thought: here everything is looked up anew from what
 * happened, and nothing is kept up. Ids of the program are only names here. */
#ifndef ADEM_TESTS_MODEL_H
#define ADEM_TESTS_MODEL_H
#include <stdbool.h>
#include <stdint.h>

enum {
	M_POSTS = 6,
	M_PEOPLE = 8,
	M_PLACES = 2,
	M_REPORTS = 600,
	M_CASES = 400,
	M_ALERTS = 600,
	M_ENTRIES = 8000,
	M_MEMBERS = 400
};
enum m_post { M_BHABIN, M_POLSEK, M_POLRES, M_CALL110, M_RW_FIRST, M_RW_SECOND };
enum m_state { M_OPEN, M_CLOSING, M_CLOSED, M_JOINED };

struct model {
	struct m_member {
		int person, post;
		bool answers, ended;
	} members[M_MEMBERS];
	struct m_report {
		int64_t id, at;
		int kase, place, level;
		bool spares, read_by[M_POSTS], said_calm; /* said_calm: since closing was asked */
	} reports[M_REPORTS];
	struct m_case {
		int64_t id, opened_at;
		int place, opened_level, level, reason;
		bool spares, by_hand, by_member; /* by_member: opened, joined or opened again by a person */
		enum m_state state;
		int owner; /* -1: none */
		bool has[M_POSTS];
		int64_t since[M_POSTS];
	} cases[M_CASES];
	struct m_alert {
		int64_t id, raised_at;
		int kase, place, level, step, owner, report; /* owner, report -1: none */
		bool ended, of_report;
	} alerts[M_ALERTS];
	struct m_entry {
		int64_t id, at;
		int kase, report, other, level; /* what it is about; -1: not that */
	} entries[M_ENTRIES];
	int members_count, reports_count, cases_count, alerts_count, entries_count;
};

/* What happens. AT: milliseconds. */
int m_joins(const struct model *m, int place, bool spares,
	int64_t at); /* the case that a report joins by itself; -1: none */
int m_case(struct model *m, int64_t id, int place, int level, bool spares, int by_hand_of, int post, int64_t at);
int m_report(struct model *m, int64_t id, int kase, int place, int level, bool spares, int64_t at);
int m_alert(struct model *m, int64_t id, int kase, int place, int level, int report, int64_t at);
void m_calls(struct model *m, int alert, int step, int64_t at);
/* The call that another one is like: one that goes on before one that has ended; of the report's own (-1: of no report) before
 * another; the last. -1: none. */
int m_speaks(const struct model *m, int kase, int report);
void m_takes_part(struct model *m, int kase, int post, int64_t at);
void m_owns(struct model *m, int alert, int person);
void m_share(struct model *m, int kase, int person, int post);
bool m_may_join(const struct model *m, int kase, int into);
void m_join(struct model *m, int kase, int into, int person, int64_t at);
void m_asks(struct model *m, int kase);
/* Whether some member of a post may say that it is calm, when this person asks to close it. */
bool m_confirms(const struct model *m, int kase, int asker, int post);
bool m_says_calm(struct model *m, int report); /* whether its case is closed with that */

/* Some reports of a case become one of their own, which nobody has and which rings: its index. The gravest of them leads,
 * of equal ones the earliest. */
int m_lead(const struct model *m, const int *picked, int count);
int m_split(struct model *m, int64_t id, int kase, const int *picked, int count, int64_t at);

/* What a person sees. */
struct m_seen {
	bool any;
	int reports, level, owner;
	enum m_state state;
};
struct m_seen m_seen(const struct model *m, int kase, int person);
bool m_reads(const struct model *m, int report, int person);
bool m_sees_entry(const struct model *m, int entry, int person);
/* Which posts would read a note of this person, besides the one that they act for: a bit each. */
unsigned m_note_readers(const struct model *m, int kase, int person);
/* Whether a call of the case goes on. */
bool m_rings(const struct model *m, int kase);
#endif
