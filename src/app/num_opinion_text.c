#include "app/num_opinion.h"

static void put_list(struct buf *out, const struct opinion *r, const char *title, const struct opinion_list *list)
{
	buf_printf(out, "%s\n", title);
	for (size_t k = 0; k < list->count; k++) {
		const struct opinion_rep *s = &list->item[k];
		buf_printf(out, "  statement %" PRId64 ": %u of %u %s\n", r->votes->statement_id[s->statement],
			(unsigned)s->successes, (unsigned)s->trials, s->agree ? "agree" : "disagree");
	}
	if (list->count == 0)
		buf_put(out, S("  none\n"));
}

void num_opinion_text(struct buf *out, const struct opinion *r)
{
	buf_printf(out, "%zu people, %zu statements, %zu answers; %zu people in the conversation\n", r->votes->people,
		r->votes->statements, r->votes->count, r->in_count);
	put_list(out, r, "The whole room agrees:", &r->agreed);
	put_list(out, r, "The whole room disagrees:", &r->disagreed);
	for (size_t g = 0; g < r->groups->count; g++) {
		char title[64];
		snprintf(title, sizeof title, "Group %zu, %zu people:", g + 1, r->tally->size[g]);
		put_list(out, r, title, &r->repness[g]);
	}
}
