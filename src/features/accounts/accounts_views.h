/* accounts_views.h - what the templates of accounts are given. */
#ifndef ADEM_ACCOUNTS_VIEWS_H
#define ADEM_ACCOUNTS_VIEWS_H
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_door.h"
#include "features/accounts/accounts_news.h"
#include "features/frame/frame.h"

struct accounts_sign_in_view {
	const struct form_value *kept; /* a form that is handled once somebody is signed in */
	size_t kept_count;
	struct frame_field name, password;
	struct str next, tag, began, csrf;
	bool again; /* somebody is signed in, and types the password once more for what is kept */
	bool done;  /* what is kept is done once its writer has signed in; else it is shown again */
	bool ended; /* a session of this browser has ended */
	struct accounts_proof proof;
};
struct accounts_me_view {
	struct str name, csrf, recovery; /* RECOVERY: when the new code begins to work */
	bool recovery_waits;
	struct accounts_news_line *news;
	size_t news_count;
	struct str last; /* the newest of them */
	struct accounts_me_post {
		int64_t id;
		struct str name, roles;
		bool reader, holds;
	} * posts;
	size_t posts_count;
	struct frame_field old_password, new_password, password;
	int64_t sessions_count;
	struct str sessions_text;
};
struct accounts_roles_view {
	struct accounts_roles_kind {
		const char *kind; /* word key */
		struct accounts_roles_line {
			struct str role, givers;
		} * rows;
		size_t rows_count;
	} * kinds;
	size_t kinds_count;
};
struct accounts_code_view {
	struct frame_field code;
	struct str csrf;
};
struct accounts_accept_view {
	struct str csrf, code, post, roles;
	bool is_reset, signed_in;
	struct frame_field name, phone, password;
};
struct accounts_recover_view {
	struct frame_field name, code, password;
	struct accounts_proof proof;
};
struct accounts_shown_view {
	struct str code;
	bool pending;
	bool later; /* it works after a day */
};

void accounts_sign_in_view(struct html *h, const struct accounts_sign_in_view *v);
void accounts_me_view(struct html *h, const struct accounts_me_view *v);
void accounts_roles_view(struct html *h, const struct accounts_roles_view *v);
void accounts_code_view(struct html *h, const struct accounts_code_view *v);
void accounts_accept_view(struct html *h, const struct accounts_accept_view *v);
void accounts_recover_view(struct html *h, const struct accounts_recover_view *v);
void accounts_shown_view(struct html *h, const struct accounts_shown_view *v);
#endif
