/* accounts_web.h - handlers of accounts, and their forms, for the table of routes. */
#ifndef ADEM_ACCOUNTS_WEB_H
#define ADEM_ACCOUNTS_WEB_H
#include "http/form.h"
#include "http/http.h"

extern const struct form accounts_sign_in_form, accounts_password_form, accounts_recovery_form, accounts_seen_form,
	accounts_code_form, accounts_accept_form, accounts_recover_form;

/* Where a form came from nobody who is signed in: the page to sign in on, after which that form is handled. */
void accounts_sign_in_and_go_on(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_sign_in_page(struct ctx *c, const struct request *q, struct response *r);
/* GET /sign-in/:tag: the same, with the form that waits there. */
enum err accounts_sign_in_kept_page(struct ctx *c, const struct request *q, struct response *r);
/* POST /sign-in/:tag/leave: what waits there is deleted. */
enum err accounts_sign_in_leave(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_sign_in(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_sign_out(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_sign_out_everywhere(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_me_page(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_password(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_recovery(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_recovery_take_back(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_news_seen(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_roles_page(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_code_page(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_code(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_accept_again_page(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_accept_invitation(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_recover_page(struct ctx *c, const struct request *q, struct response *r);
enum err accounts_recover_account(struct ctx *c, const struct request *q, struct response *r);
#endif
