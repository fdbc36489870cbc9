/* Who belongs where changes. */
#include "steps.h"

enum { PERMANENT = 8 };

int removed;

static enum err do_grant(struct ctx *c, void *arg)
{
	int64_t id;
	return accounts_join(c, town.people[s.person].id, town.posts[s.post], *(unsigned *)arg, &id);
}

/* A further post for somebody, with a role that works on cases or without; or it ends. Those of the beginning stay, but for the
 * second officer's, so that every call is heard. */
void belongs(struct testdb *t)
{
	static const unsigned roles[M_POSTS] = { ROLE_OFFICER, ROLE_DESK, ROLE_COMMAND, ROLE_DESK, ROLE_HEAD,
		ROLE_HEAD };
	unsigned role = roles[s.post];
	bool works = draw(2);
	int at = -1;
	for (int i = 0; i < m.members_count; i++)
		if (m.members[i].person == s.person && m.members[i].post == s.post && !m.members[i].ended)
			at = i;
	if (at < 0) {
		testdb_ok(t, db_within(&t->c, true, do_grant, &role));
		assert_true(m.members_count < M_MEMBERS);
		m.members[m.members_count++] = (struct m_member){ s.person, s.post, works, false };
		if (!works) /* one of a role that works on no cases */
			testdb_exec(t, arena_printf(t->c.mem,
					       "UPDATE memberships SET roles = %d WHERE ended_ms IS NULL AND "
					       "account_id = %" PRId64 " AND post_id = %" PRId64,
					       ROLE_RESIDENT, town.people[s.person].id, town.posts[s.post])
					       .p);
	} else if (at >= PERMANENT || at == TOWN_COLLEAGUE) {
		testdb_exec(t, arena_printf(t->c.mem,
				       "UPDATE memberships SET ended_ms = %" PRId64
				       " WHERE ended_ms IS NULL AND account_id = %" PRId64 " AND post_id = %" PRId64,
				       t->c.now_ms, town.people[s.person].id, town.posts[s.post])
				       .p);
		m.members[at].ended = true;
		removed++;
	}
}
