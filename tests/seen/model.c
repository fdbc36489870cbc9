#include "model.h"
#include <assert.h>

static const int64_t HOUR = 3600000;

static bool is_rw(int post)
{
	return post >= M_RW_FIRST;
}

/* Which step of a level calls a post for a place; -1: none. */
static int step_of(int level, int post, int place)
{
	static const int steps[3][M_RW_FIRST] = {
		{0,  1, -1, -1},
                { 0, 1, -1, -1},
                { 0, 0, 2,  1 }
	};
	if (is_rw(post))
		return level > 0 && post - M_RW_FIRST == place ? 0 : -1;
	return steps[level][post];
}

/* The Polsek is called twice by a fight and by what is about to break out: desk, then command. */
static bool calls_at(int level, int post, int place, int step)
{
	static const int command[3] = { 2, 2, 1 };
	return step_of(level, post, place) == step || (post == M_POLSEK && step == command[level]);
}

static bool member(const struct model *m, int person, int post)
{
	for (int i = 0; i < m->members_count; i++)
		if (m->members[i].person == person && m->members[i].post == post && m->members[i].answers &&
			!m->members[i].ended)
			return true;
	return false;
}

/* A post sees a report that it reads, unless the report spares it. */
static bool post_sees(const struct model *m, int report, int post)
{
	const struct m_report *r = &m->reports[report];
	return r->read_by[post] && !(r->spares && is_rw(post));
}

static bool rings_of_report(const struct model *m, int kase)
{
	for (int i = 0; i < m->alerts_count; i++)
		if (m->alerts[i].kase == kase && !m->alerts[i].ended && m->alerts[i].of_report)
			return true;
	return false;
}

int m_joins(const struct model *m, int place, bool spares, int64_t at)
{
	int best = -1;
	int64_t best_last = 0;
	for (int k = 0; k < m->cases_count; k++) {
		const struct m_case *c = &m->cases[k];
		int64_t first = 0, last = 0;
		for (int i = 0; i < m->reports_count; i++) {
			int64_t came = m->reports[i].at;
			if (m->reports[i].kase != k)
				continue;
			first = first && first < came ? first : came;
			last = last > came ? last : came;
		}
		bool fits = c->place == place && c->spares == spares && c->state == M_OPEN && rings_of_report(m, k) &&
			    first && at - c->opened_at <= 6 * HOUR && at - first <= 6 * HOUR && at - last <= HOUR;
		if (fits && last > best_last) {
			best = k;
			best_last = last;
		}
	}
	return best;
}

int m_case(struct model *m, int64_t id, int place, int level, bool spares, int by_hand_of, int post, int64_t at)
{
	int k = m->cases_count++;
	assert(k < M_CASES);
	m->cases[k] = (struct m_case){ .id = id,
		.opened_at = at,
		.place = place,
		.opened_level = level,
		.level = level,
		.spares = spares,
		.by_hand = by_hand_of >= 0,
		.by_member = by_hand_of >= 0,
		.owner = by_hand_of };
	if (by_hand_of >= 0)
		m_takes_part(m, k, post, at);
	return k;
}

void m_takes_part(struct model *m, int kase, int post, int64_t at)
{
	struct m_case *c = &m->cases[kase];
	if (c->has[post] || (c->spares && is_rw(post)))
		return;
	c->has[post] = true;
	c->since[post] = at;
}

/* Everybody on its ladder reads a report; who is called at once takes part. */
int m_report(struct model *m, int64_t id, int kase, int place, int level, bool spares, int64_t at)
{
	int i = m->reports_count++;
	assert(i < M_REPORTS);
	m->reports[i] = (struct m_report){ id, at, kase, place, level, spares, { false }, false };
	for (int post = 0; post < M_POSTS; post++) {
		if (step_of(level, post, place) < 0 || (spares && is_rw(post)))
			continue;
		m->reports[i].read_by[post] = true;
		if (step_of(level, post, place) == 0)
			m_takes_part(m, kase, post, at);
	}
	return i;
}

int m_alert(struct model *m, int64_t id, int kase, int place, int level, int report, int64_t at)
{
	int i = m->alerts_count++;
	assert(i < M_ALERTS);
	m->alerts[i] = (struct m_alert){ id, at, kase, place, level, -1, -1, report, false, report >= 0 };
	return i;
}

void m_calls(struct model *m, int alert, int step, int64_t at)
{
	struct m_alert *a = &m->alerts[alert];
	a->step = step;
	for (int post = 0; post < M_POSTS && a->of_report; post++)
		if (calls_at(a->level, post, a->place, step))
			m_takes_part(m, a->kase, post, at);
}

void m_owns(struct model *m, int alert, int person)
{
	m->alerts[alert].owner = person;
	m->cases[m->alerts[alert].kase].owner = person;
}

/* Whether one of a person's posts stands among the readers of a report. */
static bool person_reads(const struct model *m, int report, int person)
{
	for (int post = 0; post < M_POSTS; post++)
		if (m->reports[report].read_by[post] && member(m, person, post))
			return true;
	return false;
}

void m_share(struct model *m, int kase, int person, int post)
{
	for (int i = 0; i < m->reports_count; i++) {
		struct m_report *r = &m->reports[i];
		if (r->kase == kase && person_reads(m, i, person) && !(r->spares && is_rw(post)))
			r->read_by[post] = true;
	}
}

bool m_may_join(const struct model *m, int kase, int into)
{
	const struct m_case *a = &m->cases[kase], *b = &m->cases[into];
	return kase != into && a->state == M_OPEN && b->state == M_OPEN && a->spares == b->spares;
}

void m_join(struct model *m, int kase, int into, int person, int64_t at)
{
	struct m_case *a = &m->cases[kase], *b = &m->cases[into];
	for (int post = 0; post < M_POSTS; post++)
		if (b->has[post])
			m_share(m, kase, person, post);
	for (int post = 0; post < M_POSTS; post++)
		if (a->has[post])
			m_share(m, into, person, post);
	for (int i = 0; i < m->reports_count; i++)
		if (m->reports[i].kase == kase)
			m->reports[i].kase = into;
	for (int i = 0; i < m->alerts_count; i++)
		if (m->alerts[i].kase == kase)
			m->alerts[i].kase = into;
	for (int post = 0; post < M_POSTS; post++)
		if (a->has[post])
			m_takes_part(m, into, post, at);
	a->state = M_JOINED;
	b->by_member = true;
	b->level = a->level > b->level ? a->level : b->level;
}

int m_lead(const struct model *m, const int *picked, int count)
{
	int lead = picked[0];
	for (int i = 1; i < count; i++) {
		const struct m_report *r = &m->reports[picked[i]], *than = &m->reports[lead];
		if (r->level > than->level || (r->level == than->level && r->at < than->at))
			lead = picked[i];
	}
	return lead;
}

/* Who took part and sees one of them, still does; nobody else comes to it but by its call. */
int m_split(struct model *m, int64_t id, int kase, const int *picked, int count, int64_t at)
{
	const struct m_report *lead = &m->reports[m_lead(m, picked, count)];
	int made = m_case(m, id, lead->place, lead->level, m->cases[kase].spares, -1, -1, at);
	for (int i = 0; i < count; i++) {
		m->reports[picked[i]].kase = made;
		for (int post = 0; post < M_POSTS; post++)
			if (m->cases[kase].has[post] && post_sees(m, picked[i], post))
				m_takes_part(m, made, post, at);
	}
	return made;
}

static bool has_it(const struct model *m, int kase, int person)
{
	for (int i = 0; i < m->alerts_count; i++)
		if (m->alerts[i].kase == kase && m->alerts[i].owner == person)
			return true;
	return m->cases[kase].owner == person;
}

bool m_confirms(const struct model *m, int kase, int asker, int post)
{
	for (int i = 0; i < M_PEOPLE; i++)
		if (member(m, i, post) && i != asker && !(has_it(m, kase, i) && has_it(m, kase, asker)))
			return true;
	return false;
}

void m_asks(struct model *m, int kase)
{
	m->cases[kase].state = M_CLOSING;
	for (int i = 0; i < m->reports_count; i++)
		if (m->reports[i].kase == kase)
			m->reports[i].said_calm = false;
}

bool m_says_calm(struct model *m, int report)
{
	struct m_case *k = &m->cases[m->reports[report].kase];
	m->reports[report].said_calm = true;
	if (k->spares || k->by_member)
		return false;
	for (int i = 0; i < m->reports_count; i++)
		if (&m->cases[m->reports[i].kase] == k && !m->reports[i].said_calm)
			return false;
	k->state = M_CLOSED;
	return true;
}

bool m_rings(const struct model *m, int kase)
{
	for (int i = 0; i < m->alerts_count; i++)
		if (m->alerts[i].kase == kase && !m->alerts[i].ended)
			return true;
	return false;
}

/* The call that needs somebody most: one that goes on before one that has ended, one without an owner, the older one. */
static const struct m_alert *most(const struct model *m, int kase)
{
	const struct m_alert *best = 0;
	for (int i = 0; i < m->alerts_count; i++) {
		const struct m_alert *a = &m->alerts[i];
		if (a->kase != kase)
			continue;
		int need = (a->ended ? 2 : 0) + (a->owner >= 0);
		int than = best ? (best->ended ? 2 : 0) + (best->owner >= 0) : 4;
		if (need < than || (best && need == than && a->raised_at < best->raised_at))
			best = a;
	}
	return best;
}

static int count_at(const struct model *m, int kase, int post)
{
	int n = 0;
	for (int i = 0; i < m->reports_count; i++)
		n += m->reports[i].kase == kase && post_sees(m, i, post);
	return n;
}

static int level_at(const struct model *m, int kase, int post)
{
	const struct m_case *c = &m->cases[kase];
	const struct m_alert *a = most(m, kase);
	int level = c->by_hand ? c->opened_level : 0;
	if (count_at(m, kase, post) == 0)
		return c->by_hand ? level : a ? a->level : 0;
	for (int i = 0; i < m->reports_count; i++)
		if (m->reports[i].kase == kase && post_sees(m, i, post) && m->reports[i].level > level)
			level = m->reports[i].level;
	return level;
}

/* From when on a post sees the case. */
static int64_t from_at(const struct model *m, int kase, int post)
{
	const struct m_case *c = &m->cases[kase];
	int64_t from = c->by_hand && c->opened_at < c->since[post] ? c->opened_at : c->since[post];
	for (int i = 0; i < m->reports_count; i++)
		if (m->reports[i].kase == kase && post_sees(m, i, post) && m->reports[i].at < from)
			from = m->reports[i].at;
	return from;
}

static bool through(const struct model *m, int kase, int person, int post)
{
	return m->cases[kase].has[post] && member(m, person, post);
}

bool m_reads(const struct model *m, int report, int person)
{
	for (int post = 0; post < M_POSTS; post++)
		if (through(m, m->reports[report].kase, person, post) && post_sees(m, report, post))
			return true;
	return false;
}

struct m_seen m_seen(const struct model *m, int kase, int person)
{
	struct m_seen s = { .state = m->cases[kase].state };
	const struct m_alert *a = most(m, kase);
	s.owner = a && (a->owner >= 0 || !a->ended) ? a->owner : m->cases[kase].owner;
	for (int post = 0; post < M_POSTS; post++) {
		if (!through(m, kase, person, post))
			continue;
		int level = level_at(m, kase, post);
		s.any = true;
		s.level = level > s.level ? level : s.level;
	}
	for (int i = 0; i < m->reports_count; i++)
		s.reports += m->reports[i].kase == kase && m_reads(m, i, person);
	return s;
}

bool m_sees_entry(const struct model *m, int entry, int person)
{
	const struct m_entry *e = &m->entries[entry];
	for (int post = 0; post < M_POSTS; post++) {
		bool yes = through(m, e->kase, person, post) && e->at >= from_at(m, e->kase, post);
		if (e->report >= 0)
			yes = yes && post_sees(m, e->report, post);
		if (e->other >= 0)
			yes = yes && m->cases[e->other].has[post];
		if (e->level >= 0)
			yes = yes && e->level <= level_at(m, e->kase, post);
		if (yes)
			return true;
	}
	return false;
}

unsigned m_note_readers(const struct model *m, int kase, int person)
{
	unsigned all = 0;
	for (int post = 0; post < M_POSTS; post++) {
		bool reads_all = true;
		int seen = 0;
		for (int i = 0; i < m->reports_count; i++) {
			if (m->reports[i].kase != kase || !m_reads(m, i, person))
				continue;
			seen++;
			reads_all = reads_all && post_sees(m, i, post);
		}
		if (seen ? reads_all : m->cases[kase].has[post])
			all |= 1U << post;
	}
	return all;
}

int m_speaks(const struct model *m, int kase, int report)
{
	int best = -1, best_need = 0;
	for (int i = 0; i < m->alerts_count; i++) {
		const struct m_alert *a = &m->alerts[i];
		int need = (a->ended ? 4 : 0) + (report >= 0 && a->report != report ? 2 : 0) +
			   (report >= 0 && a->owner >= 0);
		if (a->kase != kase)
			continue;
		if (best < 0 || need < best_need || (need == best_need && a->raised_at > m->alerts[best].raised_at)) {
			best = i;
			best_need = need;
		}
	}
	return best;
}
