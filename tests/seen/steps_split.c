/* Reports that do not belong to a case become one of their own. */
#include "steps.h"
#include "features/alerts/alerts_split.h"

int apart;

/* What a person picks of a case: mostly what they see, at times something else. */
struct picked {
	int reports[8], count;
	int64_t ids[8];
};

static void pick(struct picked *p)
{
	for (int i = 0; i < m.reports_count && p->count < 8; i++) {
		bool theirs = m.reports[i].kase == s.kase && m_reads(&m, i, s.person);
		if (!draw(theirs ? 2 : m.reports[i].kase == s.kase ? 6 : 300)) {
			p->ids[p->count] = m.reports[i].id;
			p->reports[p->count++] = i;
		}
	}
}

static enum err do_split(struct ctx *c, void *arg)
{
	const struct picked *p = arg;
	return alerts_split(
		c, m.cases[s.kase].id, town.people[s.person].post_id, p->ids, (size_t)p->count, &s.made_case);
}

/* As the program asks, one after the other. */
static enum err may_split(const struct picked *p)
{
	const struct m_case *k = &m.cases[s.kase];
	struct m_seen seen = m_seen(&m, s.kase, s.person);
	if (!seen.any)
		return ERR_DENIED;
	if (k->state != M_OPEN && k->state != M_CLOSING)
		return ERR_CONFLICT;
	for (int i = 0; i < p->count; i++) {
		if (!m_reads(&m, p->reports[i], s.person))
			return ERR_DENIED;
		if (m.reports[p->reports[i]].kase != s.kase)
			return ERR_CONFLICT;
	}
	return !k->by_hand && seen.reports <= p->count ? ERR_CONFLICT : OK;
}

void splits(struct testdb *t)
{
	struct picked p = { .count = 0 };
	some_case(t, draw(4) ? M_OPEN : M_CLOSING, draw(2));
	pick(&p);
	if (!p.count)
		return;
	enum err wanted = may_split(&p), e = db_within(&t->c, true, do_split, &p);
	if (e != wanted)
		say(t, "who may split what", s.kase, s.person);
	if (e != OK)
		return;
	int first = m_lead(&m, p.reports, p.count);
	const struct m_report *lead = &m.reports[first];
	s.into = m_split(&m, s.made_case, s.kase, p.reports, p.count, t->c.now_ms);
	int64_t id = value(t, arena_printf(t->c.mem, "SELECT id FROM alerts WHERE case_id = %" PRId64, s.made_case).p);
	m_calls(&m, m_alert(&m, id, s.into, lead->place, lead->level, first, t->c.now_ms), 0, t->c.now_ms);
	after(t, s.kase);
	after(t, s.into);
	all_look(t, s.into);
	apart++;
}
