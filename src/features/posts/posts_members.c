/* What is done with the people of a post: invitations, keys, roles, leaving. What the rules are is in features/accounts. */
#include "accounts_sql.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_lineage.h"
#include "features/frame/frame.h"
#include "features/posts/posts.h"
#include "features/posts/posts_views.h"
#include "features/posts/posts_web.h"

struct invite_input {
	struct str name;
	unsigned roles;
};
static const struct field invite_fields[] = {
	FIELD(invite_input, name, FIELD_LINE, 1, ACCOUNTS_NAME_MAX, true, N_("Name of the person")),
	FIELD_OF(invite_input, roles, FIELD_SET, accounts_role_codes, true, N_("Roles")),
};
const struct form posts_invite_form = FORM(invite_input, invite_fields, posts_show_page);

struct roles_input {
	unsigned roles;
};
static const struct field roles_fields[] = {
	FIELD_OF(roles_input, roles, FIELD_SET, accounts_role_codes, true, N_("Roles")),
};
const struct form posts_roles_form = FORM(roles_input, roles_fields, NULL);

static enum err to_post(struct ctx *c, struct response *r, int64_t id, const char *part)
{
	return redirect(c, r, arena_printf(c->mem, "/posts/%" PRId64 "%s", id, part));
}

enum err posts_invite(struct ctx *c, const struct request *q, struct response *r)
{
	const struct invite_input *in = q->form;
	struct post_code_view v = { 0 };
	struct post post;
	TRY(request_id(c, q, 0, &v.id));
	TRY(posts_by_id(c, v.id, &post));
	TRY(accounts_invite(c, v.id, in->roles, in->name, &v.code));
	v.post = post.name;
	r->plain = true;
	frame_begin(c, q, r, &(struct frame){ .title = post.name, .current = "/posts", .script = "copy.js" });
	post_code_view(&r->body, &v);
	return frame_end(c, r);
}

enum err posts_uninvite(struct ctx *c, const struct request *q, struct response *r)
{
	int64_t id, post_id;
	TRY(request_id(c, q, 0, &id));
	TRY(accounts_uninvite(c, id, &post_id));
	return to_post(c, r, post_id, "#invite");
}

static enum err this_membership(struct ctx *c, const struct request *q, struct accounts_membership_get_row *m)
{
	int64_t id;
	bool found;
	TRY(request_id(c, q, 0, &id));
	TRY(accounts_membership_get(c, id, m, &found));
	return found ? OK : REFUSE(c, ERR_NOT_FOUND, "This person does not belong to the post any more.");
}

enum err posts_give_key(struct ctx *c, const struct request *q, struct response *r)
{
	int64_t id, post_id;
	TRY(request_id(c, q, 0, &id));
	TRY(accounts_give_key(c, id, &post_id));
	return to_post(c, r, post_id, "#members");
}

enum err posts_vouch(struct ctx *c, const struct request *q, struct response *r)
{
	int64_t id, post_id;
	TRY(request_id(c, q, 0, &id));
	TRY(accounts_vouch(c, id, &post_id));
	return to_post(c, r, post_id, "#members");
}

enum err posts_change_roles(struct ctx *c, const struct request *q, struct response *r)
{
	const struct roles_input *in = q->form;
	struct accounts_membership_get_row m;
	TRY(this_membership(c, q, &m));
	TRY(accounts_set_roles(c, m.id, in->roles));
	TRY(posts_duty_changed(c, m.post_id, m.account_id));
	return to_post(c, r, m.post_id, "#members");
}

enum err posts_end_membership(struct ctx *c, const struct request *q, struct response *r)
{
	struct accounts_membership_get_row m;
	TRY(this_membership(c, q, &m));
	TRY(accounts_remove(c, m.id));
	TRY(posts_end_duties(c, m.post_id, m.account_id));
	return to_post(c, r, m.post_id, "#members");
}
