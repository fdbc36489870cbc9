/* alerts_flood_views.h - what the templates of ending a flood are given. */
#ifndef ADEM_ALERTS_FLOOD_VIEWS_H
#define ADEM_ALERTS_FLOOD_VIEWS_H
#include "features/frame/frame.h"

/* What one report says, or a word of its reporter since. */
struct flood_said {
	int64_t at_ms;
	struct str when, first, rest; /* rest: what is folded behind the first words; empty: nothing */
	bool withdrawn, sealed;
};
struct flood_line {
	int64_t id, seen; /* seen: which it is and what is shown of it, for the form */
	int level;
	struct str place, why, since, reports, state; /* state: what came of it, in words; empty: it waits */
	struct str written; /* when a reporter has written since it was proposed; empty: none has */
	struct flood_said
		*said; /* by the newest reports that the person reads, and their reporters since; newest first */
	size_t said_count;
	bool chosen, more; /* more: there are older reports or words */
	bool wrote;        /* a reporter has written after the report */
};
struct flood_choose_view {
	struct str csrf, error;
	struct flood_line *rows;
	size_t rows_count;
	struct flood_wait {
		int64_t id;
		struct str text;
	} * waiting;
	size_t waiting_count;
};
struct flood_view {
	int64_t id;
	struct str csrf, by, error;
	struct str count, end;        /* how many wait; in SURE, what the button that ends them says */
	bool sure;                    /* those that were ticked are shown again, to be ended with one more tap */
	bool may_agree, too_old, own; /* own: the person's proposal, or of somebody who counts as one with them */
	struct flood_line *rows;      /* that wait */
	size_t rows_count, ending;    /* ending: how many of them have no news */
	struct flood_line *decided;
	size_t decided_count;
};

void flood_line(struct html *h, const struct flood_line *l);
void flood_texts(struct html *h, const struct flood_line *l);
void flood_choose_view(struct html *h, const struct flood_choose_view *v);
void flood_view(struct html *h, const struct flood_view *v);
#endif
