/* posts_views.h - what the templates of posts are given. */
#ifndef ADEM_POSTS_VIEWS_H
#define ADEM_POSTS_VIEWS_H
#include "features/frame/frame.h"

struct post_list_view {
	struct post_line {
		int64_t id;
		struct str name, place, phone;
	} * rows;
	size_t rows_count;
	bool administers;
};
struct post_member {
	int64_t id, account_id;
	struct str name, roles;
	bool needs_key, me, may_change;
	bool unvouched, may_vouch; /* nobody but who invited this person has said that they know them */
	bool answers;              /* calls reach this person, who may be on the roster */
	bool chosen;               /* in the form that is shown again */
	bool open;                 /* its roles are being changed */
	unsigned bits, ticked;     /* ticked: in the form of its roles */
};
struct post_shift {
	int64_t id, to; /* to: who is asked to take it, in the form that is shown again */
	struct str name, from, until;
	bool mine, gap; /* gap: an hour of the night with nobody on duty */
};
struct post_day {
	struct str date;
	struct post_shift *rows;
	size_t rows_count;
};
struct post_role {
	struct str code;
	const char *key;
	unsigned bit;
	bool ticked; /* in the invitation */
};
struct post_view {
	int64_t id;
	struct str csrf, name, place, phone, week, next_week, previous_week, today;
	bool member, keeper, rostered, sees_members, sees_roster;
	struct post_member *members;
	size_t members_count;
	struct post_day *days;
	size_t days_count;
	struct post_role *roles;
	size_t roles_count;
	struct post_invited {
		int64_t id;
		struct str text;
		bool may_end;
	} * invited;
	size_t invited_count;
	struct frame_field invite_name, date, phone_field;
	struct post_duty_fields {
		struct str from, hours, account_error, from_error, hours_error, sure_error;
		bool week, open;
	} duty;
};
struct post_code_view {
	struct str code, post;
	int64_t id;
};

void post_list_view(struct html *h, const struct post_list_view *v);
void post_view(struct html *h, const struct post_view *v);
void post_code_view(struct html *h, const struct post_code_view *v);
#endif
