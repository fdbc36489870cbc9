#include "features/cases/cases_split.h"
#include "cases_seen_sql.h"
#include "cases_split_sql.h"
#include "cases_sql.h"
#include "cases_web_sql.h"
#include "features/audit/audit.h"

static bool may_be_split(const struct cases_seen_case_row *kase)
{
	return str_is(kase->state, "open") || str_is(kase->state, "closing");
}

enum err cases_may_split(struct ctx *c, const struct case_seen *seen, bool *may)
{
	struct cases_seen_case_row kase;
	TRY(cases_seen_case(c, seen->case_id, &kase));
	*may = may_be_split(&kase) && seen->reports > (kase.opened_by.is ? 0 : 1);
	return OK;
}

/* The gravest leads; of equal ones the earliest. */
static enum err weigh(struct ctx *c, int64_t report_id, int64_t *lead_ms, struct cases_apart *apart)
{
	struct cases_page_report_row row;
	TRY(cases_page_report(c, report_id, &row));
	enum level level = (enum level)code_index(level_codes, row.level);
	int why = code_index(trigger_codes, row.reason);
	bool before = row.created_ms < *lead_ms || (row.created_ms == *lead_ms && report_id < apart->lead_id);
	if (apart->lead_id && (level < apart->level || (level == apart->level && !before)))
		return OK;
	apart->lead_id = report_id;
	apart->place_id = row.place_id;
	apart->level = level;
	apart->why = why < 0 ? TRIGGER_OTHER : (enum trigger)why;
	*lead_ms = row.created_ms;
	return OK;
}

enum err cases_apart(struct ctx *c, int64_t case_id, const int64_t *ids, size_t count, struct cases_apart *apart)
{
	struct case_seen seen;
	struct cases_seen_case_row kase;
	int64_t lead_ms = 0;
	TRY(cases_seen(c, case_id, &seen));
	TRY(cases_seen_case(c, case_id, &kase));
	*apart = (struct cases_apart){ .ids = ids, .count = count, .spares = kase.spares_neighbours };
	if (!may_be_split(&kase))
		return REFUSE(c, ERR_CONFLICT, "This incident is not open any more. Look at it again.");
	for (size_t i = 0; i < count; i++) {
		int64_t of_case;
		TRY(cases_check_report(c, ids[i], &of_case, NULL));
		if (of_case != case_id)
			return REFUSE(c, ERR_CONFLICT,
				"One of these reports is in another incident by now. Look at this one again.");
		TRY(weigh(c, ids[i], &lead_ms, apart));
	}
	if (!kase.opened_by.is && seen.reports <= (int64_t)count)
		return REFUSE(c, ERR_CONFLICT,
			"One report has to stay: these are all that you see. Leave out those that this incident is "
			"about.");
	return OK;
}

static enum err move(struct ctx *c, int64_t case_id, int64_t to_id, const struct cases_apart *apart)
{
	struct cases_split_move_row row;
	bool moved;
	for (size_t i = 0; i < apart->count; i++) {
		TRY(cases_split_move(c, apart->ids[i], case_id, to_id, &row, &moved));
		if (!moved)
			return FAIL(c, ERR_CONFLICT, "a report left the case while it was taken");
	}
	return cases_split_posts(c, case_id, to_id);
}

/* Where a report of the place is on its way, it goes first: which case it joins is decided under the same lock. */
enum err cases_split(struct ctx *c, int64_t case_id, int64_t post_id, struct cases_apart *apart, int64_t *id)
{
	TRY(cases_lock_place(c, apart->place_id));
	TRY(cases_lock(c, case_id));
	TRY(cases_apart(c, case_id, apart->ids, apart->count, apart));
	TRY(cases_open(c, apart->place_id, apart->level, apart->why, apart->spares, 0, id));
	TRY(move(c, case_id, *id, apart));
	TRY(cases_note_entry(c, case_id, "split_off", S(""), post_id, *id, NULL));
	TRY(cases_note_entry(c, *id, "split_from", S(""), post_id, case_id, NULL));
	TRY(audit_note(c, AUDIT_SPLIT, "cases", *id,
		arena_printf(c->mem, "from %" PRId64 ", reports %zu", case_id, apart->count)));
	TRY(cases_times_anew(c, case_id));
	TRY(cases_times_anew(c, *id));
	return cases_seen_anew(c, case_id);
}

enum err cases_apart_readers(
	struct ctx *c, const struct cases_apart *apart, struct cases_reader **readers, size_t *readers_count)
{
	size_t room = 0;
	*readers = NULL;
	*readers_count = 0;
	for (size_t i = 0; i < apart->count; i++) {
		struct cases_split_readers_row *rows;
		size_t count;
		TRY(cases_split_readers(c, apart->ids[i], &rows, &count));
		for (size_t k = 0; k < count; k++) {
			if (cases_reader_among(*readers, *readers_count, rows[k].post_id))
				continue;
			*readers = arena_grow(
				c->mem, *readers, *readers_count, &room, *readers_count + 1, sizeof **readers);
			(*readers)[(*readers_count)++] = (struct cases_reader){ rows[k].post_id, rows[k].name };
		}
	}
	return OK;
}

enum err cases_called_anew(struct ctx *c, int64_t case_id, int64_t report_created_ms, int64_t *since_ms)
{
	struct cases_split_entry_row row;
	bool found;
	TRY(cases_split_entry(c, case_id, &row, &found));
	*since_ms = found && report_created_ms < row.created_ms ? row.created_ms : 0;
	return OK;
}

enum err cases_split_origin(struct ctx *c, int64_t case_id, int64_t post_id, int64_t *from_id)
{
	struct cases_split_entry_row row;
	struct cases_seen_at_row at;
	bool found, there = false;
	TRY(cases_split_entry(c, case_id, &row, &found));
	if (found)
		TRY(cases_seen_at(c, row.from_id, post_id, &at, &there));
	*from_id = there ? row.from_id : 0;
	return OK;
}
