#include "features/cases/cases.h"
#include "base/clock.h"
#include "base/id.h"
#include "cases_seen_sql.h"
#include "cases_sql.h"
#include "features/accounts/accounts.h"
#include "features/cases/cases_confirm.h"
#include "features/cases/cases_seen.h"
#include "features/places/places.h"
#include "jobs/queue.h"
#include "web/words.h"

enum { JOINED_MAX = 16 };

static const int64_t CONFIRM_MS = 7 * DAY_MS;
static const int64_t WATCH_MS = 14 * DAY_MS;
/* So long after its first and its last report an incident takes in further ones by itself. */
static const int64_t JOIN_FIRST_MS = 6 * HOUR_MS;
static const int64_t JOIN_LAST_MS = HOUR_MS;

const char *const level_codes[] = { "potensi", "ambang", "nyata", NULL };
const char *const level_names[] = { N_("Tension is brewing"), N_("About to break out"), N_("A fight is gathering"),
	NULL };
const char *const trigger_codes[] = { "opinion", "grudge", "rumour", "challenge", "firecrackers", "revenge",
	"outsiders", "blades", "other", NULL };
const char *const trigger_names[] = { N_("A difference of opinion"), N_("Resentment between groups"),
	N_("A misunderstanding or rumour"), N_("A challenge on social media"), N_("Firecrackers as a call"),
	N_("Talk of revenge"), N_("Outsiders gathering"), N_("Blades seen"), N_("Something else"), NULL };
const char *const timing_codes[] = { "now", "tonight", "earlier", "planned", NULL };
const char *const timing_names[] = { N_("Now"), N_("Tonight"), N_("Earlier"), N_("Planned"), NULL };
const char *const outcome_codes[] = { "calmed", "agreed", "referred", "unfounded", "violence", NULL };
const char *const outcome_names[] = { N_("Calmed"), N_("Settled by agreement"), N_("Referred"), N_("Unfounded"),
	N_("It came to violence"), NULL };

int code_index(const char *const *codes, struct str code)
{
	for (int i = 0; codes[i]; i++)
		if (str_is(code, codes[i]))
			return i;
	return -1;
}

enum err cases_open(
	struct ctx *c, int64_t place_id, enum level level, enum trigger why, bool spares, int64_t post_id, int64_t *id)
{
	assert(level < LEVEL_COUNT && why < TRIGGER_COUNT);
	*id = id_new_blurred(c->now_ms);
	TRY(cases_insert(c, *id, place_id, str_of(level_codes[level]), str_of(trigger_codes[why]),
		some(post_id ? c->account_id : 0), spares));
	return cases_note_entry(c, *id, "opened", str_of(level_codes[level]), post_id, 0, NULL);
}

enum err cases_add_post(struct ctx *c, int64_t case_id, int64_t post_id)
{
	return cases_put_post(c, case_id, post_id);
}

enum err cases_lock(struct ctx *c, int64_t case_id)
{
	return cases_take(c, case_id);
}

enum err cases_lock_both(struct ctx *c, int64_t case_id, int64_t other_id)
{
	TRY(cases_lock(c, case_id < other_id ? case_id : other_id));
	return cases_lock(c, case_id < other_id ? other_id : case_id);
}

enum err cases_to_join(struct ctx *c, int64_t place_id, bool spares, int64_t *case_id, int64_t *alert_id, bool *found)
{
	struct cases_joinable_row row;
	TRY(cases_lock_place(c, place_id));
	*case_id = *alert_id = 0;
	for (;;) {
		TRY(cases_joinable(
			c, place_id, spares, c->now_ms - JOIN_FIRST_MS, c->now_ms - JOIN_LAST_MS, &row, found));
		if (!*found)
			return OK;
		*alert_id = row.alert_id;
		if (row.id == *case_id)
			return OK; /* still so, now that it is taken */
		*case_id = row.id;
		TRY(cases_lock(c, row.id));
	}
}

static bool one_of(const char *kind, const char *const *kinds)
{
	while (*kinds && strcmp(*kinds, kind) != 0)
		kinds++;
	return *kinds != NULL;
}

/* Somebody is named who acted as member of a post. A call, and the question whether it is calm, name the
 * post that they reach, and are made by the program. */
static bool names_somebody(const char *kind, int64_t post_id)
{
	return post_id != 0 && strcmp(kind, "called") != 0 && strcmp(kind, "confirm_asked") != 0;
}

enum err cases_note_entry(struct ctx *c, int64_t case_id, const char *kind, struct str detail, int64_t post_id,
	int64_t subject_id, int64_t *id)
{
	static const char *const of_reports[] = { "report", "message", "withdrawn", "rang_again", "not_calm",
		"reporter_calm", "reopened", "confirmed", "thanks", NULL },
				 *const of_cases[] = { "opened", "level", "joined", "joined_to", "split_off",
					 "split_from", "proposed_end", NULL };
	int64_t made = id_new_blurred(c->now_ms);
	bool about_report = one_of(kind, of_reports), about_case = one_of(kind, of_cases);
	if (id)
		*id = made;
	return cases_entry_insert(c, made, case_id, str_of(kind), detail,
		some(names_somebody(kind, post_id) ? c->account_id : 0), some(post_id), some(subject_id),
		some(about_report ? subject_id : 0), some(about_report || about_case ? 0 : subject_id),
		about_case && subject_id == 0);
}

enum err cases_set_owner(struct ctx *c, int64_t case_id, int64_t account_id, int64_t post_id)
{
	return cases_owner_update(c, case_id, some(account_id), some(post_id));
}

enum err cases_raise_level(struct ctx *c, int64_t case_id, enum level level)
{
	struct cases_get_row row;
	TRY(cases_get(c, case_id, &row));
	if (code_index(level_codes, row.level) >= (int)level)
		return OK;
	TRY(cases_note_entry(c, case_id, "level", str_of(level_codes[level]), 0, 0, NULL));
	return cases_level_update(c, case_id, str_of(level_codes[level]));
}

enum err cases_posts(struct ctx *c, int64_t case_id, int64_t **post_ids, size_t *posts_count)
{
	struct cases_post_rows_row *rows;
	TRY(cases_post_rows(c, case_id, &rows, posts_count));
	*post_ids = arena_array(c->mem, int64_t, *posts_count + 1);
	for (size_t i = 0; i < *posts_count; i++)
		(*post_ids)[i] = rows[i].post_id;
	return OK;
}

/* The place and what touches it stay under watch for two weeks: revenge comes late. */
static enum err watch(struct ctx *c, int64_t case_id, int64_t place_id)
{
	int64_t until_ms = c->now_ms + WATCH_MS;
	TRY(cases_watch(c, case_id, place_id, until_ms));
	struct place *touching;
	size_t touching_count;
	TRY(places_touching(c, place_id, &touching, &touching_count));
	for (size_t i = 0; i < touching_count; i++)
		TRY(cases_watch(c, case_id, touching[i].id, until_ms));
	return OK;
}

enum err cases_ask_to_close(struct ctx *c, int64_t case_id, int64_t post_id, struct str outcome)
{
	struct cases_ask_close_row row;
	struct cases_calls_open_row calls;
	bool found;
	int64_t until_ms = c->now_ms + CONFIRM_MS;
	TRY(cases_lock(c, case_id));
	TRY(cases_calls_open(c, case_id, &calls));
	if (calls.n > 0)
		return REFUSE(
			c, ERR_CONFLICT, "A call of this case is open. Answer it first: it is calm, or a false alarm.");
	TRY(cases_ask_close(c, case_id, outcome, c->account_id, until_ms, &row, &found));
	if (!found)
		return REFUSE(c, ERR_CONFLICT, "This case is not open any more. Look at it again.");
	TRY(cases_note_entry(c, case_id, "closing", outcome, post_id, 0, NULL));
	TRY(cases_ask_one_more(c, case_id, row.place_id, post_id));
	TRY(jobs_add(c, "case_reopen", case_id, until_ms));
	TRY(watch(c, case_id, row.place_id));
	return cases_changed(c, case_id);
}

static enum err refuse_not_closing(struct ctx *c)
{
	return REFUSE(c, ERR_CONFLICT, "Nobody is asking to close this case at the moment.");
}

/* POST_ID 0: the reporter of REPORT_ID confirms, whoever is signed in. The case is taken. */
static enum err close_as(struct ctx *c, int64_t case_id, int64_t post_id, int64_t report_id)
{
	const char *as = post_id ? "member" : "reporter";
	struct cases_close_row row;
	bool found;
	TRY(cases_close(c, case_id, str_of(as), some(post_id ? c->account_id : 0), c->now_ms + WATCH_MS, &row, &found));
	if (!found)
		return refuse_not_closing(c);
	TRY(cases_note_entry(c, case_id, "confirmed", str_of(as), post_id, report_id, NULL));
	TRY(watch(c, case_id, row.place_id));
	return cases_changed(c, case_id);
}

enum err cases_close_agreed(struct ctx *c, int64_t case_id, int64_t post_id, int64_t asked_by, struct str outcome)
{
	struct cases_ask_close_row row;
	bool found;
	TRY(cases_ask_close(c, case_id, outcome, asked_by, c->now_ms, &row, &found));
	if (!found)
		return REFUSE(c, ERR_CONFLICT, "This case is not open any more. Look at it again.");
	return close_as(c, case_id, post_id, 0);
}

/* Whether the request that a yes was given to is the one that waits now. */
static enum err answers_request(struct ctx *c, int64_t case_id, int64_t asked_ms, bool *does)
{
	struct cases_get_row kase;
	struct cases_asked_times_row asked;
	TRY(cases_get(c, case_id, &kase));
	TRY(cases_asked_times(c, case_id, &asked));
	*does = !str_is(kase.state, "closing") || (asked_ms ? asked_ms == kase.closing_ms.v : asked.n <= 1);
	return OK;
}

enum err cases_confirm(struct ctx *c, int64_t case_id, int64_t post_id, int64_t asked_ms)
{
	bool may, same;
	TRY(cases_lock(c, case_id));
	TRY(answers_request(c, case_id, asked_ms, &same));
	if (!same)
		return REFUSE(c, ERR_CONFLICT,
			"Nothing was confirmed: closing was asked for anew since your page was loaded. Read what is "
			"asked now.");
	TRY(cases_may_confirm(c, case_id, &may));
	if (!may)
		return REFUSE(c, ERR_DENIED,
			"A second person has to confirm that it is calm, and one of the two is not the owner.");
	return close_as(c, case_id, post_id, 0);
}

static enum err opened_again(struct ctx *c, int64_t case_id, const char *why, int64_t post_id, int64_t report_id)
{
	TRY(cases_unwatch(c, case_id));
	TRY(cases_note_entry(c, case_id, "reopened", str_of(why), post_id, report_id, NULL));
	return cases_changed(c, case_id);
}

/* Nobody has a case that is open again: its posts are called anew. */
static enum err ring_again(struct ctx *c, int64_t case_id, const char *why, int64_t post_id)
{
	TRY(jobs_add(c, "alert_anew", case_id, c->now_ms));
	return opened_again(c, case_id, why, post_id, 0);
}

enum err cases_open_again(struct ctx *c, int64_t case_id, int64_t post_id)
{
	struct cases_reopen_row row;
	bool found;
	TRY(cases_lock(c, case_id));
	TRY(cases_reopen(c, case_id, &row, &found));
	return found ? ring_again(c, case_id, "", post_id) : REFUSE(c, ERR_CONFLICT, "This case is open already.");
}

enum err cases_open_for(struct ctx *c, int64_t case_id, int64_t report_id)
{
	struct cases_reopen_row row;
	bool found;
	TRY(cases_reopen(c, case_id, &row, &found));
	return found ? opened_again(c, case_id, "", 0, report_id) : OK;
}

enum err cases_reporter_asked(struct ctx *c, int64_t report_id, bool *asked)
{
	struct cases_word_of_row row;
	TRY(cases_word_of(c, report_id, &row));
	*asked = row.closing && !row.said;
	return OK;
}

static enum err says_calm(struct ctx *c, int64_t case_id, int64_t report_id)
{
	struct cases_word_of_row word;
	bool close;
	TRY(cases_word_of(c, report_id, &word));
	if (!word.closing)
		return refuse_not_closing(c);
	if (word.said)
		return OK;
	TRY(cases_note_entry(c, case_id, "reporter_calm", S(""), 0, report_id, NULL));
	TRY(cases_words_close(c, case_id, &close));
	return close ? close_as(c, case_id, 0, report_id) : cases_changed(c, case_id);
}

enum err cases_reporter_says(struct ctx *c, int64_t case_id, int64_t report_id, bool calm)
{
	TRY(cases_lock(c, case_id));
	if (calm)
		return says_calm(c, case_id, report_id);
	TRY(cases_check_heard(c, case_id));
	TRY(cases_note_entry(c, case_id, "not_calm", S("reporter"), 0, report_id, NULL));
	return cases_open_for(c, case_id, report_id);
}

enum err cases_reporter_thanked(struct ctx *c, int64_t case_id, int64_t report_id, bool *thanked)
{
	struct cases_thanks_row row;
	return cases_thanks(c, case_id, report_id, &row, thanked);
}

enum err cases_reporter_thanks(struct ctx *c, int64_t case_id, int64_t report_id)
{
	bool thanked;
	TRY(cases_lock(c, case_id));
	TRY(cases_reporter_thanked(c, case_id, report_id, &thanked));
	if (thanked)
		return OK;
	TRY(cases_note_entry(c, case_id, "thanks", S(""), 0, report_id, NULL));
	return cases_changed(c, case_id);
}

enum err cases_call_ended(struct ctx *c, int64_t case_id)
{
	return jobs_add(c, "case_close_due", case_id, c->now_ms + CASES_CLOSE_MS);
}

enum err cases_close_due_job(struct ctx *c, int64_t case_id)
{
	struct case_state kase;
	TRY(cases_state(c, case_id, &kase)); /* the one that goes on, when it was joined since */
	TRY(cases_lock(c, kase.id));
	return cases_changed(c, kase.id);
}

enum err cases_reopen_job(struct ctx *c, int64_t case_id)
{
	struct cases_reopen_late_row row;
	bool found;
	TRY(cases_lock(c, case_id));
	TRY(cases_reopen_late(c, case_id, &row, &found));
	if (!found)
		return OK;
	return ring_again(c, case_id, "late", 0);
}

enum err cases_moved_back(struct ctx *c, int64_t case_id, int64_t was_ms, int64_t by_ms)
{
	TRY(cases_confirm_earlier(c, case_id, was_ms, by_ms));
	return cases_changed(c, case_id);
}

enum err cases_join(struct ctx *c, int64_t case_id, int64_t into_id, int64_t post_id)
{
	struct cases_get_row from, into;
	TRY(cases_lock_both(c, case_id, into_id));
	TRY(cases_get(c, case_id, &from));
	TRY(cases_get(c, into_id, &into));
	if (case_id == into_id || !str_is(from.state, "open") || !str_is(into.state, "open"))
		return REFUSE(c, ERR_CONFLICT, "Only two open cases can be joined. Look at them again.");
	if (from.spares_neighbours != into.spares_neighbours)
		return REFUSE(c, ERR_CONFLICT,
			"One of these cases leaves out the head of the RW. They stay apart, so that nothing of it "
			"reaches "
			"them.");
	TRY(cases_joined(c, case_id, into_id));
	TRY(cases_join_reports(c, case_id, into_id, c->account_id));
	TRY(cases_join_alerts(c, case_id, into_id));
	TRY(cases_join_posts(c, case_id, into_id));
	TRY(cases_note_entry(c, case_id, "joined_to", S(""), post_id, into_id, NULL));
	TRY(cases_note_entry(c, into_id, "joined", S(""), post_id, case_id, NULL));
	TRY(cases_raise_level(c, into_id, (enum level)code_index(level_codes, from.level)));
	TRY(cases_times_anew(c, case_id));
	TRY(cases_times_anew(c, into_id));
	TRY(cases_seen_anew(c, case_id));
	return cases_seen_anew(c, into_id);
}

enum err cases_state(struct ctx *c, int64_t case_id, struct case_state *out)
{
	struct cases_get_row row;
	TRY(cases_get(c, case_id, &row));
	for (int i = 0; row.joined_to.is && i < JOINED_MAX; i++)
		TRY(cases_get(c, row.joined_to.v, &row));
	*out = (struct case_state){
		.id = row.id,
		.place_id = row.place_id,
		.opened_ms = row.opened_ms,
		.confirm_by_ms = or_zero(row.confirm_by_ms),
		.closed_ms = or_zero(row.closed_ms),
		.watch_until_ms = or_zero(row.watch_until_ms),
		.joined_to = or_zero(row.joined_to),
		.owner_id = or_zero(row.owner_id),
		.state = row.state,
		.level = row.level,
		.reason = row.reason,
		.outcome = row.outcome,
	};
	return OK;
}

bool cases_is_heard(const struct case_state *kase, int64_t now_ms)
{
	return !str_is(kase->state, "closed") || kase->watch_until_ms > now_ms;
}

enum err cases_check_heard(struct ctx *c, int64_t case_id)
{
	struct case_state kase;
	TRY(cases_state(c, case_id, &kase));
	if (cases_is_heard(&kase, c->now_ms))
		return OK;
	return REFUSE(c, ERR_CONFLICT,
		"Nobody reads this any more, so nothing was sent. Your text is kept here: report it anew, or call "
		"110.");
}
