/* cases.h - a tension being cooled: its owner, timeline, notes, actions, outcome and the watch after it.
 * Opened with the first report or by hand; reports of the same place within the hour join
 * by themselves, others are joined by a person. Closing needs a second person to confirm within 7 days, one of the two not its
 * owner, otherwise the case opens again. */
#ifndef ADEM_CASES_H
#define ADEM_CASES_H
#include "features/escalation/escalation.h"
#include "http/http.h"

enum trigger {
	TRIGGER_OPINION,
	TRIGGER_GRUDGE,
	TRIGGER_RUMOUR,
	TRIGGER_CHALLENGE,
	TRIGGER_FIRECRACKERS,
	TRIGGER_REVENGE,
	TRIGGER_OUTSIDERS,
	TRIGGER_BLADES,
	TRIGGER_OTHER,
	TRIGGER_COUNT
};
enum timing { TIMING_NOW, TIMING_TONIGHT, TIMING_EARLIER, TIMING_PLANNED, TIMING_COUNT };
enum { SAID_CHARS_MAX = 4000 }; /* of an answer to a reporter */
/* Codes (stable, stored and sent) and word keys (shown), in order of the enums; the code lists end with NULL. */
extern const char *const level_codes[], *const level_names[];
extern const char *const trigger_codes[], *const trigger_names[];
extern const char *const timing_codes[], *const timing_names[];
extern const char *const outcome_codes[], *const outcome_names[];
/* Index of CODE in one of the lists above, or -1. */
int code_index(const char *const *codes, struct str code);

/* Instead of what a page showed of a case (cases_shown in cases_seen.h): of who has seen all there is. */
#define CASES_SHOWN_ALL INT64_MAX

/* Opens a case: by hand of the signed-in person as member of POST_ID, or with a report (0), which SPARES the neighbourhood or
 * not. Writes the entry "opened". */
MUST_CHECK enum err cases_open(
	struct ctx *c, int64_t place_id, enum level level, enum trigger why, bool spares, int64_t post_id, int64_t *id);
/* The incident that a report joins by itself: of the same place and spare flag, its call not ended, at most 60 minutes after its
 * last report and 6 hours after its first. *alert_id is the call. Other reports of the place wait until the transaction ends, so
 * that two at once make one incident. */
MUST_CHECK enum err cases_to_join(
	struct ctx *c, int64_t place_id, bool spares, int64_t *case_id, int64_t *alert_id, bool *found);
/* Takes the case until the transaction ends: whoever changes it, its calls, or what is in it does that first, so that one
 * sees what the other did. Nothing is closed over a call whose end was just taken back, and no report comes into a case
 * that was just joined. */
MUST_CHECK enum err cases_lock(struct ctx *c, int64_t case_id);
/* Two of them, always in the same order. Before anything else that others wait for, such as a row of the audit. */
MUST_CHECK enum err cases_lock_both(struct ctx *c, int64_t case_id, int64_t other_id);
/* Lets a post take part; no harm when it does already, or when the case spares it: then it stays out. */
MUST_CHECK enum err cases_add_post(struct ctx *c, int64_t case_id, int64_t post_id);
/* Appends to the timeline: KIND and DETAIL are codes. POST_ID: who is the signed-in person, as member of that post; 0: what a
 * reporter or the program does, whoever is signed in. SUBJECT_ID is the report, alert or case it speaks of; of an entry that
 * stems from one report it is that report, and who does not see the report does not see the entry. *id may be NULL. */
MUST_CHECK enum err cases_note_entry(struct ctx *c, int64_t case_id, const char *kind, struct str detail,
	int64_t post_id, int64_t subject_id, int64_t *id);
/* Makes the person owner. */
MUST_CHECK enum err cases_set_owner(struct ctx *c, int64_t case_id, int64_t account_id, int64_t post_id);
/* The case of a report turned out graver: raises the level, never lowers it. */
MUST_CHECK enum err cases_raise_level(struct ctx *c, int64_t case_id, enum level level);
/* What its posts see of the case is brought up to date (cases_seen.h), and whoever has it on an open board sees its row anew.
 * Call it after a change and its entries, in the same transaction. */
MUST_CHECK enum err cases_changed(struct ctx *c, int64_t case_id);
/* OK when the signed-in person is a member of a post that takes part, with a role that works on cases, and which post
 * that is; ERR_DENIED or ERR_NOT_FOUND otherwise. */
MUST_CHECK enum err cases_check_member(struct ctx *c, int64_t case_id, int64_t *post_id);
/* The posts that take part. */
MUST_CHECK enum err cases_posts(struct ctx *c, int64_t case_id, int64_t **post_ids, size_t *posts_count);
/* A further post reads what this person sees of the case, and the reports' receipts name it. A post of the neighbourhood is
 * refused where the case spares it (ERR_INPUT). */
MUST_CHECK enum err cases_share(struct ctx *c, int64_t case_id, int64_t post_id);
/* The posts of each of two cases that become one read the reports in the other that this person reads; no notes. */
MUST_CHECK enum err cases_share_both(struct ctx *c, int64_t case_id, int64_t other_id);
/* The owner (or another member) asks to close with an outcome; somebody else confirms within 7 days: where no member of its
 * posts may, one post more is asked (cases_confirm.h). The watch on the place and its neighbours begins. POST_ID: as member
 * of which post. ERR_CONFLICT when the case is not open, or one of its calls has not ended: nothing is closed over a
 * ringing call. */
MUST_CHECK enum err cases_ask_to_close(struct ctx *c, int64_t case_id, int64_t post_id, struct str outcome);
/* A member confirms: closed, watched for 14 days. Not the one who asked, nor, when that was an owner of the case or of a call of
 * it, another owner (ERR_DENIED). ASKED_MS: which request they were shown, as it was asked for then (closing_ms); 0: that is not
 * said, and it is good for a case of which that was asked but once. ERR_CONFLICT when there is another request by now. */
MUST_CHECK enum err cases_confirm(struct ctx *c, int64_t case_id, int64_t post_id, int64_t asked_ms);
/* Whether C's account may; of a case that nobody asks to close: whether it has no part in it. */
MUST_CHECK enum err cases_may_confirm(struct ctx *c, int64_t case_id, bool *may);
/* Closes an open case that ASKED_BY proposed to close with this outcome, as the person, who is another one and has taken it. */
MUST_CHECK enum err cases_close_agreed(
	struct ctx *c, int64_t case_id, int64_t post_id, int64_t asked_by, struct str outcome);
/* A closing or closed case opens again, and rings: a job calls its posts anew (alerts.h), for nobody has it. */
MUST_CHECK enum err cases_open_again(struct ctx *c, int64_t case_id, int64_t post_id);
/* The same for REPORT_ID, whose reporter has written: no harm where the case is open. The caller has taken it, and rings. */
MUST_CHECK enum err cases_open_for(struct ctx *c, int64_t case_id, int64_t report_id);
/* A person says that two open cases are the same tension: reports, alerts and posts of CASE_ID go over to INTO_ID. Every
 * call goes on as it was, rings and owner included; a call that rings has no owner, whoever has the case that it came to.
 * ERR_CONFLICT when one is not open, or one spares the neighbourhood and the other does not. */
MUST_CHECK enum err cases_join(struct ctx *c, int64_t case_id, int64_t into_id, int64_t post_id);
/* The word of a report's sender through the thread. Not calm: the case is open again, also one that was closed, as long as
 * it is heard (ERR_CONFLICT); the caller rings. Calm, while the case is closing (ERR_CONFLICT): that is kept, and stands for
 * this report only. The case closes when every report in it has that word since closing was asked; not by such words where a
 * member opened it, opened it again or joined another to it, where who had it or asks to close wrote one of its reports
 * down, or where it spares the neighbourhood: then a member confirms. */
MUST_CHECK enum err cases_reporter_says(struct ctx *c, int64_t case_id, int64_t report_id, bool calm);
/* The sender thanks, once: it stands in the course of events, and calls nobody. */
MUST_CHECK enum err cases_reporter_thanks(struct ctx *c, int64_t case_id, int64_t report_id);
MUST_CHECK enum err cases_reporter_thanked(struct ctx *c, int64_t case_id, int64_t report_id, bool *thanked);
/* Whether the sender has something to say yes to: it is closing, and they have not said so since. */
MUST_CHECK enum err cases_reporter_asked(struct ctx *c, int64_t report_id, bool *asked);

struct case_state {
	int64_t id, place_id, opened_ms, confirm_by_ms, closed_ms, watch_until_ms, joined_to, owner_id;
	struct str state, level, reason, outcome;
};
/* The state that a reporter may see; follows joined cases to the one that goes on. */
MUST_CHECK enum err cases_state(struct ctx *c, int64_t case_id, struct case_state *out);

/* Whether what a reporter writes still reaches somebody: until the watch after closing has ended. */
bool cases_is_heard(const struct case_state *kase, int64_t now_ms);
/* ERR_CONFLICT, with words for the reporter, when it does not. */
MUST_CHECK enum err cases_check_heard(struct ctx *c, int64_t case_id);

/* The last open call of a case has ended: it is to be closed within a day, and its row is overdue after that (cases_seen.h). */
MUST_CHECK enum err cases_call_ended(struct ctx *c, int64_t case_id);

/* Jobs: subject is the case. It is to be closed now: who has it on an open board is told. */
enum err cases_close_due_job(struct ctx *c, int64_t case_id);
/* Nobody confirmed in time: opens again, and rings. */
enum err cases_reopen_job(struct ctx *c, int64_t case_id);
/* The clock was ahead when that job was made (queue.h): the time to confirm ends as much earlier. */
enum err cases_moved_back(struct ctx *c, int64_t case_id, int64_t was_ms, int64_t by_ms);
#endif
