/* posts_web.h - handlers of posts, rosters and memberships, and their forms, for the table of routes. */
#ifndef ADEM_POSTS_WEB_H
#define ADEM_POSTS_WEB_H
#include "http/form.h"
#include "http/http.h"

extern const struct form posts_duty_form, posts_phone_form, posts_swap_form, posts_swap_answer_form, posts_invite_form,
	posts_roles_form;

enum err posts_index_page(struct ctx *c, const struct request *q, struct response *r);
enum err posts_show_page(struct ctx *c, const struct request *q, struct response *r);
enum err posts_set_phone(struct ctx *c, const struct request *q, struct response *r);
enum err posts_put_duty(struct ctx *c, const struct request *q, struct response *r);
enum err posts_end_duty(struct ctx *c, const struct request *q, struct response *r);
enum err posts_ask_swap(struct ctx *c, const struct request *q, struct response *r);
enum err posts_answer_swap(struct ctx *c, const struct request *q, struct response *r);
enum err posts_invite(struct ctx *c, const struct request *q, struct response *r);
enum err posts_uninvite(struct ctx *c, const struct request *q, struct response *r);
enum err posts_give_key(struct ctx *c, const struct request *q, struct response *r);
enum err posts_vouch(struct ctx *c, const struct request *q, struct response *r);
enum err posts_change_roles(struct ctx *c, const struct request *q, struct response *r);
enum err posts_end_membership(struct ctx *c, const struct request *q, struct response *r);
#endif
