/* cases_views.h - what the templates of cases are given. */
#ifndef ADEM_CASES_VIEWS_H
#define ADEM_CASES_VIEWS_H
#include "features/cases/cases.h"
#include "features/cases/cases_answerer.h"
#include "features/cases/cases_ending.h"
#include "features/frame/frame.h"

struct case_line {
	int64_t id;
	int level;
	struct str place, why, state, opened;
	bool apart; /* of another kind than the one whose page it stands on: never joined */
};
struct case_list_view {
	struct case_line *rows;
	size_t rows_count;
	bool has_more, may_take_down;
	struct str older; /* what the link to the next page says */
};
struct case_new_view {
	struct str csrf;
	struct case_place {
		struct str code, name;
		bool chosen;
	} * places;
	size_t places_count;
	struct frame_choice level, trigger;
	struct frame_field note;
};
struct case_said {
	int64_t at_ms;
	struct str from, when, text;
	bool reporter, withdrawn, sealed;
};
struct case_report {
	int64_t id, at_ms;
	struct str when, why, timing, text, contact;
	struct frame_field answer; /* to the reporter */
	bool withdrawn, sealed;
	int level;
	struct case_said *messages; /* the newest */
	size_t messages_count;
	int64_t messages_all; /* how many there are */
	struct str messages_all_text;
};
struct case_entry {
	struct str when, what, who, text;
	bool sealed;
};
/* A closing case: its question for who may confirm, who is waited for for the others. */
struct case_confirm {
	int64_t id;
	int64_t asked;                       /* when that was, as the yes names it */
	struct str csrf, asks, until, waits; /* asks: who asked, when, to close it as what */
	struct str accounts;                 /* who may, for the script of a shared row */
	bool may, shared;
};
struct case_view {
	struct case_confirm confirm;
	int64_t id, alert_id, answer_id, since; /* since: what its stream tells of */
	int64_t next_ms, left_s, waits_s;       /* until the next step; since the call */
	int level;
	struct str csrf, place, why, state, opened, owner, owner_text, left, watch_until;
	bool open, closing, closed, joined, mine, unowned, has_next, watched, can_go, can_arrive, can_calm, can_take,
		can_go_on, can_keep_going, offered_to_me, can_hand_over, can_undo, can_stay, can_see, can_help,
		can_plan, ends_now, late, unread, spared, came_late, can_doubt;
	struct cases_ending ending; /* how its call ended, or it was closed */
	enum cases_step step;       /* what comes next: the largest button */
	bool can_answer, may_close; /* some answer is possible; no call is open */
	bool unanswered;            /* nobody has taken it in time */
	struct str late_text, waits, over, beaten;
	bool to_close, close_late; /* its calls have ended, and nobody has asked to close it; that is overdue */
	int64_t close_left_s;
	struct str close_left, close_late_text;
	int64_t shown; /* what the page shows of the reporters' words (cases_shown) */
	struct case_word {
		int64_t report_id;
		const struct case_said *said;
	} * words; /* what reporters wrote last, newest first, where it is to be read before anything is answered */
	size_t words_count;
	bool asks, asks_closing; /* these parts are open: their form is shown again, with */
	int64_t offered_to;      /* the post that was asked to take it over; 0: none */
	struct str asked;        /* … in words */
	int64_t to_post;         /* … the post to be asked, */
	struct str date;         /* … the day until which it rests */
	int64_t joined_to;
	int64_t split_from; /* the incident that it was split off from, where they see that one; 0: none */
	bool split_now, may_split;
	int64_t older_reports, later_reports, older_entries,
		later_entries; /* where the next page begins, and this one; 0: none */
	struct case_report *reports;
	size_t reports_count;
	struct str read_by; /* their posts read no report of it: who does, where that may be told; else empty */
	struct case_entry *entries;
	size_t entries_count;
	struct case_line *alike;
	size_t alike_count;
	struct case_post {
		int64_t id;
		struct str name;
	} * posts, *others;
	size_t posts_count, others_count;
	struct frame_choice outcome_choice, action;
	struct frame_field note;
};

void case_list_view(struct html *h, const struct case_list_view *v);
void case_new_view(struct html *h, const struct case_new_view *v);
void case_close_view(struct html *h, const struct case_view *v);
void case_confirm_view(struct html *h, const struct case_confirm *v);
void case_view(struct html *h, const struct case_view *v);
#endif
