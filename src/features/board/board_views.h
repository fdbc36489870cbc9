/* board_views.h - what the templates of the board are given. */
#ifndef ADEM_BOARD_VIEWS_H
#define ADEM_BOARD_VIEWS_H
#include "features/cases/cases_answerer.h"
#include "features/cases/cases_views.h"
#include "features/frame/frame.h"

struct board_row {
	int64_t id, post_id, owner_id, alert_id, since_ms, next_ms, offered_to, reports;
	int64_t due_min, since_min, since_s, left_s, waits_s; /* as the page and its script are told */
	int level, rank, own_rank;                            /* rank, due_min, since_min: the order of the list; */
	enum cases_step step;                                 /* own_rank: for its owner. step: the owner's next */
	int64_t shown;                                        /* of the reporters' words (cases_shown) */
	struct str place, why, state, owner, since, left, csrf, owner_text, reports_text, late_text, waits;
	struct str asked;            /* the post that was asked to take it over, in words */
	struct case_confirm confirm; /* while it is closing */
	bool gone, late, has_next, unowned, closing, mine, shared; /* shared: made for all, the script picks */
	bool can_go, can_arrive, can_stay, can_calm;               /* the owner's next step */
	bool offered_to_me;
	bool unanswered; /* nobody has taken it in time */
	bool in_hand;    /* somebody has its call, which has not ended */
	bool rings_on;   /* its owner is late: anybody may take it */
	bool to_close;   /* its calls have ended, and nobody has asked to close it */
	bool unread;     /* the reporter has written again */
};
/* That the session ends soon; without TIME it does not. */
struct board_ending {
	struct str time;
	bool anew; /* only signing in again helps, not going on */
};
/* Who is on duty at one post. Without anybody and without a roster there is nothing to say of it. */
struct board_duty {
	int64_t post_id;
	struct str post, people, nobody; /* nobody: since when, in words */
	bool rostered;
};
struct board_view {
	struct board_ending ending;
	struct board_row *rows;
	size_t rows_count;
	struct str csrf, today, me;
	struct board_member {
		struct str
			text; /* "OFF POST:ROLES:DUTY …": whether calls do not ring now; per post role bits and 1 on duty */
		int64_t seen_ms, expires_ms; /* of the session */
		bool off_duty;               /* somebody of a roster who is not on duty anywhere */
		int64_t *posts;              /* where the member answers alerts */
		size_t posts_count;
	} member;
	struct board_duty *duties;
	size_t duties_count;
	bool nobody; /* nobody is on duty at any of them */
	struct board_watch {
		struct str place, until;
	} * watches;
	size_t watches_count;
	struct board_swap {
		int64_t id;
		struct str text;
	} * swaps;
	size_t swaps_count;
	struct board_flood {
		int64_t id;
		struct str text;
	} * floods; /* proposals that wait for somebody else's word */
	size_t floods_count;
	bool desk; /* the person is a desk somewhere */
	bool more; /* more: the list is longer than the board */
	int64_t since;
};
struct board_front_view {
	struct str region;
	struct board_contact {
		struct str name, phone;
		struct safe_url tel;
		bool has_phone;
	} * contacts;
	size_t contacts_count;
};

void board_row_view(struct html *h, const struct board_row *v);
void board_view(struct html *h, const struct board_view *v);
void board_duty_view(struct html *h, const struct board_duty *v);
void board_ending_view(struct html *h, const struct board_ending *v);
void board_front_view(struct html *h, const struct board_front_view *v);
#endif
