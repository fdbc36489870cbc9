/* Who sees what of a case: counting it into the rows of case_posts, and answering the question for one person. */
#include "features/cases/cases_seen.h"
#include "cases_seen_sql.h"
#include "features/accounts/accounts.h"
#include "features/cases/cases_options.h"
#include "http/live.h"

typedef struct cases_seen_rows_row seen_row;
typedef struct cases_seen_readers_row reader_row;

/* Entries that speak of another case, which whoever reads them sees too. */
static const char *const other_codes[] = { "joined", "joined_to", "split_off", "split_from", NULL };

/* Who reads a report. */
struct readers {
	int64_t report_id;
	reader_row *rows;
	size_t count;
	struct readers *next;
};

/* A case while what its posts see of it is brought up to date. */
struct seeing {
	int64_t case_id;
	struct cases_seen_case_row kase;
	seen_row *rows;
	size_t rows_count;
	struct cases_seen_alerts_row *alerts;
	size_t alerts_count;
	struct cases_seen_counts_row *counts;
	size_t counts_count;
	struct readers *readers; /* of the reports that were asked about so far */
};

static bool is_open(struct str state)
{
	return str_is(state, "open") || str_is(state, "closing");
}

static bool same_int(struct opt_int a, struct opt_int b)
{
	return a.is == b.is && (!a.is || a.v == b.v);
}

static bool same_text(struct str a, struct str b)
{
	return (a.p == NULL) == (b.p == NULL) && (a.p == NULL || str_eq(a, b));
}

/* Whether two rows say the same of what is seen. */
static bool same(const seen_row *a, const seen_row *b)
{
	return a->from_ms == b->from_ms && a->last_ms == b->last_ms && a->reports == b->reports &&
	       same_text(a->level, b->level) && same_text(a->reason, b->reason) && same_text(a->state, b->state) &&
	       same_text(a->alert_state, b->alert_state) && same_int(a->owner_id, b->owner_id) &&
	       same_int(a->alert_id, b->alert_id) && same_int(a->next_ms, b->next_ms) &&
	       same_int(a->late_ms, b->late_ms) && same_int(a->unread_ms, b->unread_ms);
}

/* The call that needs somebody most, of those the post sees; NULL: none. */
static const struct cases_seen_alerts_row *alert_of(const struct seeing *s, const seen_row *row)
{
	for (size_t i = 0; i < s->alerts_count; i++)
		if (!(s->alerts[i].spares && row->neighbour))
			return &s->alerts[i];
	return NULL;
}

/* What was opened by hand is seen by all who take part, until a report says better what is up; a post that reads no report
 * learns only from the call what is up. */
static void without_reports(const struct seeing *s, seen_row *row)
{
	const struct cases_seen_alerts_row *alert = alert_of(s, row);
	bool by_hand = s->kase.opened_by.is;
	row->reports = 0;
	row->from_ms = by_hand && s->kase.opened_ms < row->since_ms ? s->kase.opened_ms : row->since_ms;
	row->level = by_hand ? s->kase.opened_level : alert ? alert->level : str_of(level_codes[LEVEL_POTENSI]);
	row->reason = by_hand ? s->kase.reason : alert ? alert->reason : str_of(trigger_codes[TRIGGER_OTHER]);
}

static int graver(struct str level, int than)
{
	int grave = code_index(level_codes, level);
	return grave > than ? grave : than;
}

static enum err first_reason(struct ctx *c, const struct seeing *s, int64_t first_ms, seen_row *row)
{
	struct cases_seen_first_row first;
	bool found;
	/* The case has the reason of the report that opened it. */
	if (first_ms == s->kase.opened_ms && !s->kase.opened_by.is) {
		row->reason = s->kase.reason;
		return OK;
	}
	TRY(cases_seen_first(c, s->case_id, row->post_id, row->neighbour, &first, &found));
	if (found)
		row->reason = first.reason;
	return OK;
}

static enum err count_into(struct ctx *c, const struct seeing *s, seen_row *row)
{
	without_reports(s, row);
	for (size_t i = 0; i < s->counts_count; i++) {
		const struct cases_seen_counts_row *n = &s->counts[i];
		if (n->post_id != row->post_id)
			continue;
		row->reports = n->reports;
		if (n->first_ms < row->from_ms)
			row->from_ms = n->first_ms;
		int grave = (int)n->grave;
		row->level = str_of(level_codes[s->kase.opened_by.is ? graver(row->level, grave) : grave]);
		return first_reason(c, s, n->first_ms, row);
	}
	return OK;
}

/* Who takes care of the call that is seen: while it rings nobody does, whoever has the case or another call of it. Without
 * one, or when nobody took it before it ended, whoever has the case. */
static struct opt_int owner_of(const struct seeing *s, const struct cases_seen_alerts_row *alert)
{
	return alert && (alert->owner_id.is || !alert->ended_ms.is) ? alert->owner_id : s->kase.owner_id;
}

enum err cases_report_posts(struct ctx *c, int64_t report_id, int64_t **post_ids, size_t *posts_count)
{
	reader_row *rows;
	TRY(cases_seen_readers(c, report_id, &rows, posts_count));
	*post_ids = arena_array(c->mem, int64_t, *posts_count + 1);
	for (size_t i = 0; i < *posts_count; i++)
		(*post_ids)[i] = rows[i].post_id;
	return OK;
}

/* The post as a reader of the report; NULL: it reads it not. */
static enum err find_reader(
	struct ctx *c, struct seeing *s, int64_t report_id, int64_t post_id, const reader_row **found)
{
	struct readers *of = s->readers;
	*found = NULL;
	while (of && of->report_id != report_id)
		of = of->next;
	if (!of) {
		of = arena_new_of(c->mem, struct readers);
		TRY(cases_seen_readers(c, report_id, &of->rows, &of->count));
		of->report_id = report_id;
		of->next = s->readers;
		s->readers = of;
	}
	for (size_t i = 0; i < of->count && !*found; i++)
		if (of->rows[i].post_id == post_id)
			*found = &of->rows[i];
	return OK;
}

/* A word that waits for an answer shows where its report is read. */
static enum err take_unread(struct ctx *c, struct seeing *s, const struct cases_seen_alerts_row *alert, seen_row *row)
{
	bool reads = alert && alert->unread_ms.is;
	const reader_row *reader;
	if (reads && alert->unread_report.is) {
		TRY(find_reader(c, s, alert->unread_report.v, row->post_id, &reader));
		reads = reader != NULL;
	}
	row->unread_ms = reads ? alert->unread_ms : (struct opt_int){ 0 };
	return OK;
}

/* When an open case whose calls have all ended is to be closed. */
static struct opt_int close_by(const struct seeing *s)
{
	int64_t last_ms = 0;
	for (size_t i = 0; i < s->alerts_count; i++)
		if (s->alerts[i].ended_ms.v > last_ms)
			last_ms = s->alerts[i].ended_ms.v;
	return (struct opt_int){ str_is(s->kase.state, "open"), last_ms + CASES_CLOSE_MS };
}

static enum err take_state(struct ctx *c, struct seeing *s, seen_row *row)
{
	const struct cases_seen_alerts_row *alert = alert_of(s, row);
	row->state = s->kase.state;
	row->owner_id = owner_of(s, alert);
	row->alert_id = (struct opt_int){ alert != NULL, alert ? alert->id : 0 };
	row->alert_state = alert ? alert->state : (struct str){ 0 };
	row->next_ms = row->late_ms = (struct opt_int){ 0 };
	if (alert && !alert->ended_ms.is) {
		row->next_ms = alert->next_ms;
		row->late_ms = alert->late_ms;
	} else if (alert) {
		row->next_ms = close_by(s);
		if (row->next_ms.is && row->next_ms.v <= c->now_ms)
			row->late_ms = row->next_ms;
	}
	return take_unread(c, s, alert, row);
}

/* Does the post see the entry? The pages ask the same of the database, in cases_seen_timeline. */
static enum err sees(
	struct ctx *c, struct seeing *s, const seen_row *row, const struct cases_seen_entries_row *e, bool *yes)
{
	const reader_row *reader;
	struct cases_seen_note_row note;
	struct cases_seen_at_row at;
	*yes = false;
	if (e->spares_neighbours && row->neighbour)
		return OK;
	if (code_index(action_codes, e->kind) >= 0)
		return cases_seen_note(c, e->id, row->post_id, &note, yes);
	if (e->about_report.is) {
		TRY(find_reader(c, s, e->about_report.v, row->post_id, &reader));
		*yes = reader != NULL;
		return OK;
	}
	if (code_index(other_codes, e->kind) >= 0)
		return cases_seen_at(c, e->subject_id.v, row->post_id, &at, yes);
	*yes = !str_is(e->kind, "level") || code_index(level_codes, e->detail) <= code_index(level_codes, row->level);
	return OK;
}

/* Something that the post sees was written down just now, or it sees more of what there was, or less. */
static enum err take_entries(struct ctx *c, struct seeing *s, const struct cases_seen_entries_row *entries,
	size_t entries_count, const seen_row *was, seen_row *row)
{
	bool yes = row->reports != was->reports || row->last_ms == 0;
	for (size_t i = 0; i < entries_count && !yes; i++)
		TRY(sees(c, s, row, &entries[i], &yes));
	if (yes)
		row->last_ms = c->now_ms;
	return OK;
}

static enum err put(struct ctx *c, const struct seeing *s, struct opt_int post_id, const seen_row *row)
{
	return cases_seen_put(c, s->case_id, post_id, row->from_ms, row->last_ms, row->level, row->reason, row->reports,
		row->state, is_open(row->state), row->owner_id, row->alert_id, row->alert_state, row->next_ms,
		row->late_ms, row->unread_ms);
}

/* Writes what changed; where all posts see the same, which is the rule, in one statement. */
static enum err write_rows(struct ctx *c, const struct seeing *s, const seen_row *was)
{
	bool alike = true, changed = false;
	for (size_t i = 0; i < s->rows_count; i++) {
		alike = alike && same(&s->rows[i], &s->rows[0]);
		changed = changed || !same(&s->rows[i], &was[i]);
	}
	if (!changed)
		return OK;
	if (alike)
		return put(c, s, (struct opt_int){ 0 }, &s->rows[0]);
	for (size_t i = 0; i < s->rows_count; i++)
		if (!same(&s->rows[i], &was[i]))
			TRY(put(c, s, (struct opt_int){ true, s->rows[i].post_id }, &s->rows[i]));
	return OK;
}

static enum err load(struct ctx *c, int64_t case_id, bool anew, struct seeing *s)
{
	*s = (struct seeing){ .case_id = case_id };
	TRY(cases_seen_case(c, case_id, &s->kase));
	TRY(cases_seen_rows(c, case_id, &s->rows, &s->rows_count));
	TRY(cases_seen_alerts(c, case_id, &s->alerts, &s->alerts_count));
	for (size_t i = 0; i < s->rows_count; i++)
		anew = anew || s->rows[i].last_ms == 0;
	return anew ? cases_seen_counts(c, case_id, &s->counts, &s->counts_count) : OK;
}

/* Adds one report to what its readers see, without counting the others again. */
static enum err add_report(struct ctx *c, struct seeing *s, int64_t report_id, seen_row *row)
{
	const reader_row *r;
	TRY(find_reader(c, s, report_id, row->post_id, &r));
	if (!r)
		return OK;
	if (row->reports == 0)
		row->reason = r->reason;
	if (row->reports == 0 && !s->kase.opened_by.is)
		row->level = r->level;
	row->level = str_of(level_codes[graver(r->level, code_index(level_codes, row->level))]);
	row->reports++;
	return OK;
}

/* What a post sees of the reports; of those that it saw before only where they were changed (ANEW), and with the one that came. A
 * post without any sees the level of the call, which may have changed. */
static enum err take_reports(struct ctx *c, struct seeing *s, bool anew, int64_t came, seen_row *row)
{
	if (anew || row->last_ms == 0)
		return count_into(c, s, row);
	if (came)
		TRY(add_report(c, s, came, row));
	if (row->reports == 0)
		without_reports(s, row);
	return OK;
}

/* Brings the rows up to date and tells the posts whose view of the case changed. CAME: the report that just came into it; 0: none
 * did. */
static enum err see(struct ctx *c, int64_t case_id, bool anew, int64_t came)
{
	struct seeing s;
	struct cases_seen_entries_row *entries;
	size_t entries_count;
	TRY(load(c, case_id, anew, &s));
	TRY(cases_seen_entries(c, case_id, &entries, &entries_count));
	seen_row *was = arena_array(c->mem, seen_row, s.rows_count + 1);
	for (size_t i = 0; i < s.rows_count; i++) {
		seen_row *row = &s.rows[i];
		was[i] = *row;
		TRY(take_reports(c, &s, anew, came, row));
		TRY(take_state(c, &s, row));
		TRY(take_entries(c, &s, entries, entries_count, &was[i], row));
	}
	TRY(write_rows(c, &s, was));
	for (size_t i = 0; i < s.rows_count; i++)
		if (!same(&s.rows[i], &was[i]) || s.rows[i].last_ms == c->now_ms)
			TRY(live_publish(c, s.rows[i].post_id, "@case", case_id));
	return OK;
}

enum err cases_changed(struct ctx *c, int64_t case_id)
{
	return see(c, case_id, false, 0);
}

enum err cases_seen_anew(struct ctx *c, int64_t case_id)
{
	return see(c, case_id, true, 0);
}

enum err cases_first_report_came(struct ctx *c, int64_t case_id)
{
	return cases_report_times(c, case_id);
}

enum err cases_report_came(struct ctx *c, int64_t case_id, int64_t report_id)
{
	TRY(cases_report_times(c, case_id));
	return see(c, case_id, false, report_id);
}

bool cases_call_is_over(struct str state)
{
	return str_is(state, "calm") || str_is(state, "false_alarm");
}

/* How much an alert needs somebody: it has not been taken, is being taken care of, has ended. */
static int need(struct str state)
{
	if (str_is(state, "ringing") || str_is(state, "seen"))
		return 0;
	return cases_call_is_over(state) ? 2 : 1;
}

int cases_alert_order(struct str one, struct str other)
{
	return need(one) - need(other);
}

/* What one more of the person's posts sees. */
static void join_seen(struct case_seen *to, const struct cases_seen_mine_row *row)
{
	int level = code_index(level_codes, row->level);
	if (level > (int)to->level)
		to->level = (enum level)level;
	if (row->from_ms < to->from_ms) {
		to->from_ms = row->from_ms;
		to->reason = row->reason;
	}
	if (row->last_ms > to->last_ms)
		to->last_ms = row->last_ms;
	to->neighbour = to->neighbour && row->neighbour;
	if (row->alert_id.is && (!to->alert_id || cases_alert_order(row->alert_state, to->alert_state) < 0)) {
		to->alert_id = row->alert_id.v;
		to->alert_state = row->alert_state;
		to->owner_id = row->owner_id;
		to->next_ms = row->next_ms;
	}
}

enum err cases_seen(struct ctx *c, int64_t case_id, struct case_seen *seen)
{
	struct cases_seen_mine_row *rows;
	struct cases_seen_case_row exists;
	size_t rows_count;
	TRY(cases_seen_mine(c, case_id, c->account_id, ROLES_ANSWER, &rows, &rows_count));
	if (rows_count == 0) {
		TRY(cases_seen_case(c, case_id, &exists));
		return REFUSE(c, ERR_DENIED, "Only members of the posts that take part see this case.");
	}
	*seen = (struct case_seen){ .case_id = case_id,
		.post_id = rows[0].post_id,
		.from_ms = INT64_MAX,
		.reports = rows[0].reports,
		.owner_id = rows[0].owner_id,
		.neighbour = true };
	for (size_t i = 0; i < rows_count; i++)
		join_seen(seen, &rows[i]);
	if (rows_count > 1) {
		struct cases_seen_together_row together;
		TRY(cases_seen_together(c, case_id, c->account_id, ROLES_ANSWER, &together));
		seen->reports = together.reports;
	}
	return OK;
}

enum err cases_others_acted(struct ctx *c, int64_t case_id, int64_t since_ms, bool *acted)
{
	struct cases_seen_timeline_row *rows;
	size_t rows_count;
	TRY(cases_seen_timeline(
		c, case_id, c->account_id, ROLES_ANSWER, since_ms, INT64_MAX, 0, true, &rows, &rows_count));
	*acted = rows_count > 0;
	return OK;
}

enum err cases_shown(struct ctx *c, int64_t case_id, int64_t *shown)
{
	struct cases_shown_word_row row;
	TRY(cases_shown_word(c, case_id, c->account_id, ROLES_ANSWER, &row));
	*shown = 1 + row.words;
	return OK;
}

enum err cases_shown_at(struct ctx *c, int64_t case_id, int64_t post_id, int64_t *shown)
{
	struct cases_shown_word_at_row row;
	TRY(cases_shown_word_at(c, case_id, post_id, &row));
	*shown = 1 + row.words;
	return OK;
}

bool cases_reader_among(const struct cases_reader *rows, size_t count, int64_t post_id)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].post_id == post_id)
			return true;
	return false;
}

enum err cases_note_readers(
	struct ctx *c, const struct case_seen *seen, struct cases_reader **readers, size_t *readers_count)
{
	struct cases_seen_by_all_row *rows;
	struct cases_seen_posts_row *posts;
	size_t rows_count = 0, posts_count;
	if (seen->reports)
		TRY(cases_seen_by_all(
			c, seen->case_id, c->account_id, ROLES_ANSWER, seen->reports, &rows, &rows_count));
	TRY(cases_seen_posts(c, seen->case_id, &posts, &posts_count));
	*readers = arena_array(c->mem, struct cases_reader, rows_count + posts_count + 1);
	for (*readers_count = 0; *readers_count < rows_count; (*readers_count)++)
		(*readers)[*readers_count] =
			(struct cases_reader){ rows[*readers_count].post_id, rows[*readers_count].name };
	for (size_t i = 0; i < posts_count; i++)
		if ((!seen->reports || posts[i].post_id == seen->post_id) &&
			!cases_reader_among(*readers, rows_count, posts[i].post_id))
			(*readers)[(*readers_count)++] = (struct cases_reader){ posts[i].post_id, posts[i].name };
	return OK;
}

enum err cases_check_member(struct ctx *c, int64_t case_id, int64_t *post_id)
{
	struct case_seen seen;
	TRY(cases_seen(c, case_id, &seen));
	*post_id = seen.post_id;
	return OK;
}

enum err cases_check_report(struct ctx *c, int64_t report_id, int64_t *case_id, int64_t *post_id)
{
	struct cases_seen_report_row row;
	struct cases_spares_report_row exists;
	bool found, there;
	TRY(cases_seen_report(c, report_id, c->account_id, ROLES_ANSWER, &row, &found));
	if (!found) {
		TRY(cases_spares_report(c, report_id, &exists, &there));
		return there ? REFUSE(c, ERR_DENIED, "Only the posts that its reporter was shown see this report.")
			     : FAIL(c, ERR_NOT_FOUND, "no such report");
	}
	if (case_id)
		*case_id = row.case_id;
	if (post_id)
		*post_id = row.post_id;
	return OK;
}

enum err cases_check_alert(struct ctx *c, int64_t alert_id, int64_t *case_id, int64_t *post_id)
{
	struct cases_spares_alert_row alert;
	struct case_seen seen;
	bool found;
	TRY(cases_spares_alert(c, alert_id, &alert, &found));
	if (!found)
		return FAIL(c, ERR_NOT_FOUND, "no such alert");
	TRY(cases_seen(c, alert.case_id, &seen));
	if (alert.spares && seen.neighbour)
		return REFUSE(c, ERR_DENIED, "Only members of the posts that take part see this case.");
	if (case_id)
		*case_id = alert.case_id;
	if (post_id)
		*post_id = seen.post_id;
	return OK;
}
