/* reports_views.h - what the templates of reports and receipts are given. */
#ifndef ADEM_REPORTS_VIEWS_H
#define ADEM_REPORTS_VIEWS_H
#include "features/cases/cases_views.h"
#include "features/frame/frame.h"
#include "features/reports/receipts_called.h"
#include "features/reports/reports.h"

struct report_place {
	struct str code, name;
	bool chosen, is_village, first; /* first: no group is open before it */
};
struct report_reader {
	struct str name, when, code; /* code: of the place it covers; empty where that does not matter */
};
struct report_form_view {
	struct str csrf, token, key, tag, place_error, level_error, contact_error, text;
	int64_t bits;
	struct frame_option *levels;
	size_t levels_count;
	struct frame_choice trigger, timing;
	struct report_place *places;
	size_t places_count;
	struct report_reader *readers; /* of the chosen place, or of all places when none is chosen yet */
	size_t readers_count;
	const char *unsent; /* what is said of a form that waited elsewhere; NULL: nothing */
	bool lost;          /* it was not sent for sure, and is gone */
	bool calm;          /* calm: of this level the next page names the readers */
	struct frame_field text_field, contact_field;
	bool spare, hide_spare;
	bool caller; /* desk or officer writes down a caller's words */
};
struct form_hidden {
	struct str name, value;
};
struct report_sure_view {
	struct form_hidden *hidden;
	size_t hidden_count;
	int level;
	struct str csrf, tag, place, text;
	struct report_reader *readers;
	size_t readers_count;
	struct report_reader *far; /* who reads it without the head of the RW */
	size_t far_count;
	bool spare, may_spare, caller;
};
struct report_sent_view {
	struct form_hidden *hidden;
	size_t hidden_count;
	struct str csrf, tag, at;
	bool again; /* the same form still leads to its receipt */
	bool spare, caller;
};
struct report_made_view {
	struct called_words called; /* empty where the neighbourhood is spared */
	struct str receipt, tag, first, due;
	struct safe_url here;        /* the thread's address */
	bool has_due, caller, alone; /* alone: as in receipt_view */
	struct report_reader *readers;
	size_t readers_count;
};
struct report_thread_view {
	struct str csrf, place;
	struct frame_field answer;
	int64_t case_id, older; /* older: before which message the next page begins; 0: none */
	bool later;
	struct case_report report;
};
struct receipt_form_view {
	bool closed; /* a thread was left, or for ten minutes nothing was done in it */
	struct frame_field receipt;
};
struct receipt_message {
	int64_t id, sent_ms;
	bool mine, withdrawn, may_withdraw;
	struct str from, when, text;
};
struct receipt_view {
	struct safe_url here; /* its address */
	struct str look;      /* where its script asks for news */
	struct str receipt, tag, place, place_code, state, due, late_text, outcome;
	struct str called_anew;     /* when, in words; empty: they were not */
	struct called_words called; /* who is called now; empty where somebody has it */
	int level;
	bool unheard; /* nobody reads what is written here any more */
	bool anew;    /* neither that, nor is anybody called for it: what is written goes into a new report */
	bool held;    /* what was written last has not rung yet */
	struct str held_until;
	bool over;          /* it is said to be calm, or closing or closed: what is written calls the posts again */
	bool waits;         /* nobody has it now, or an answer is overdue */
	bool danger;        /* it is not closed: 110 stays in sight, whoever has it and whatever they say */
	bool alone;         /* what is told is when an answer is overdue: nobody need be called then */
	struct str offered; /* the post that was asked to take it over, and has not answered; empty: none */
	bool thanked;
	bool has_due, late, closing, asked, withdrawn, has_text, may_take_back, watched;
	struct str watch_until, sent, text, contact;
	int64_t older; /* older: before which message the next page begins; 0: none */
	bool later;
	struct receipt_message *messages;
	size_t messages_count;
	struct report_reader *readers;
	size_t readers_count;
	struct frame_field write;
	const char *notice; /* key; NULL: none */
};

/* Each post once, and when it reads. */
struct report_reader *reports_reader_rows(
	struct ctx *c, const struct alert_target *targets, size_t count, size_t *made);

struct reports_messages_row;
/* A page of a thread in the order it was written: the newest, or what was before message BEFORE (0: none). *older: where the next
 * page begins, 0: nowhere. ERR_NOT_FOUND when BEFORE is not of this thread. */
MUST_CHECK enum err reports_thread_page(struct ctx *c, int64_t report_id, int64_t before,
	struct reports_messages_row **rows, size_t *rows_count, int64_t *older);

/* Where the form is that a reporter, or whoever writes down for a caller, fills in. */
struct str reports_form_address(bool caller);
/* What was begun in these forms was deleted or left: they begin anew, and a browser that goes back to one finds it empty. */
void reports_forget_forms(struct ctx *c, struct response *r);

/* What the form of a token became. */
struct report_sent {
	int64_t report_id; /* 0: it was not sent */
	int64_t at_ms;
	bool spares;
};
MUST_CHECK enum err reports_sent_as(struct ctx *c, struct str token, struct report_sent *sent);

struct visit;
/* The page that shows the receipt. */
enum err reports_show_made(struct ctx *c, const struct request *q, struct response *r, const struct report_made *made,
	const struct visit *visit);

/* What a reporter's browser keeps in its history. */
struct str reports_title(struct ctx *c);

void report_thread_view(struct html *h, const struct report_thread_view *v);
void report_form_view(struct html *h, const struct report_form_view *v);
void report_sure_view(struct html *h, const struct report_sure_view *v);
void report_sent_view(struct html *h, const struct report_sent_view *v);
void report_made_view(struct html *h, const struct report_made_view *v);
void receipt_called(struct html *h, const struct called_words *v);
void receipt_leave(struct html *h, struct str tag);
void receipt_form_view(struct html *h, const struct receipt_form_view *v);
void receipt_view(struct html *h, const struct receipt_view *v);
#endif
