/* What the engine found, for whoever leads a deliberation: common ground first, then groups, if there are any. */
#include "cli/num/num_opinion.h"

enum { SHOWN = 5 };

/* LIST of group G of T, without what the group agrees on most where the others agree on it as much. Exact mode tells every count,
 * ours none by which people could be known. */
static void put_list(struct buf *out, const struct opinion *r, const char *title, const struct opinion_list *list,
	const struct opinion_tally *t, size_t g)
{
	size_t shown = 0;
	buf_printf(out, "%s\n", title);
	for (size_t k = 0; k < list->count; k++) {
		const struct opinion_rep *s = &list->item[k];
		const char *did = s->agree ? "agree" : "disagree";
		bool few = !opinion_told(s->successes) || !opinion_told(s->trials);
		if ((s->best_agree && !s->agree) || (r->found && few))
			continue;
		buf_printf(out, "  statement %" PRId64 ": %u ", r->votes->statement_id[s->statement],
			(unsigned)s->successes);
		if (r->found && !opinion_seen_told(t, g, s->statement))
			buf_printf(out, "%s, fewer than %d do not\n", did, OPINION_TOLD_MIN);
		else
			buf_printf(out, "of %u %s\n", (unsigned)s->trials, did);
		shown++;
	}
	if (shown == 0)
		buf_put(out, S("  none clearly\n"));
}

/* The statements of the largest VALUE, at least LEAST; those that a moderator took out are left out. */
static size_t largest(const struct opinion *r, const double *value, double least, uint32_t found[SHOWN])
{
	size_t count = 0;
	for (uint32_t j = 0; j < r->votes->statements; j++) {
		if (r->votes->moderated[j] || !(value[j] >= least))
			continue;
		size_t at = count;
		while (at > 0 && value[found[at - 1]] < value[j])
			at--;
		if (at == SHOWN)
			continue;
		count += count < SHOWN;
		memmove(found + at + 1, found + at, (count - at - 1) * sizeof *found);
		found[at] = j;
	}
	return count;
}

static void put_values(struct buf *out, const struct opinion *r, const char *title, const double *value, double least,
	const char *line)
{
	uint32_t found[SHOWN];
	size_t count = largest(r, value, least, found);
	if (count == 0)
		return;
	buf_printf(out, "%s\n", title);
	for (size_t k = 0; k < count; k++)
		buf_printf(out, "  statement %" PRId64 ": %s %.0f %%\n", r->votes->statement_id[found[k]], line,
			100 * value[found[k]]);
}

static void put_bridges(struct buf *out, const struct opinion *r)
{
	double least = 1;
	for (size_t j = 0; j < r->votes->statements; j++)
		if (r->bridge->status[j] == OPINION_BRIDGE_HELPS && r->bridge->score[j] < least)
			least = r->bridge->score[j];
	uint32_t found[SHOWN];
	size_t count = largest(r, r->bridge->score, least, found);
	buf_put(out, S("Statements that bridge: people agree who otherwise differ.\n"));
	for (size_t k = 0; k < count; k++)
		buf_printf(out, "  statement %" PRId64 ": score %.2f\n", r->votes->statement_id[found[k]],
			r->bridge->score[found[k]]);
	if (count == 0)
		buf_put(out, S("  none yet\n"));
}

static const char *reason(enum opinion_verdict v)
{
	static const char *const of[] = {
		[OPINION_TOO_FEW] = "Too few people or statements to look for groups.",
		[OPINION_BY_CHANCE] = "What people answer to one statement tells nothing about their other answers.",
		[OPINION_TOO_SMALL] = "No two parts of the room are large enough to be called groups.",
		[OPINION_NOT_APART] = "People stand too close together to be parted.",
		[OPINION_FLEETING] = "With other people of the same kind the groups would come out otherwise.",
	};
	return of[v];
}

/* That there are groups, and what kind of groups. */
static void put_found(struct buf *out, const struct opinion *r)
{
	const struct opinion_found *f = r->found;
	size_t outside = r->in_count;
	for (size_t g = 0; g < f->groups; g++)
		outside -= r->tally->size[g];
	buf_printf(out,
		"\nThere are %zu stable groups: with other people of the same kind they would come out again\n"
		"(agreement %.2f of 1).\n",
		f->groups, f->agreement);
	if (f->gap)
		buf_put(out, S("Hardly anybody stands between them.\n"));
	else
		buf_put(out,
			S("But there is no gap between them: many people stand in between. They are ends of one room\n"
			  "rather than camps.\n"));
	if (outside >= OPINION_TOLD_MIN)
		buf_printf(out, "%zu of those who were placed are in no group.\n", outside);
}

static void put_groups(struct buf *out, const struct opinion *r)
{
	const struct opinion_found *f = r->found;
	if (f && f->groups == 0) {
		buf_printf(
			out, "\nThere are no stable groups. %s\nThe whole room is taken as one.\n", reason(f->verdict));
		return;
	}
	if (f)
		put_found(out, r);
	for (size_t g = 0; g < r->groups->count; g++) {
		char title[96];
		snprintf(title, sizeof title, "\nGroup %zu, %zu people. What tells it from the others:", g + 1,
			r->tally->size[g]);
		put_list(out, r, title, &r->repness[g], r->tally, g);
	}
	if (r->groups->count < 2)
		return;
	put_values(out, r,
		"\nEvery group accepts (the share that agrees, of the group that agrees least, is safely above):",
		r->lower_bound, 0.5, "above");
	put_values(out, r, "\nThe groups differ most about (0 %: not at all, 100 %: all against all):", r->divisiveness,
		0.1, "by");
}

void num_opinion_text(struct buf *out, const struct opinion *r)
{
	buf_printf(out, "%zu people gave %zu answers to %zu statements. %zu people answered enough to be placed.\n\n",
		r->votes->people, r->votes->count, r->votes->statements, r->in_count);
	put_list(out, r, "The whole room agrees:", &r->agreed, r->room, 0);
	buf_put_char(out, '\n');
	put_list(out, r, "The whole room disagrees:", &r->disagreed, r->room, 0);
	if (r->bridge) {
		buf_put_char(out, '\n');
		put_bridges(out, r);
	}
	put_groups(out, r);
}
