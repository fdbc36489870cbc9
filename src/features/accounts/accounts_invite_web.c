/* Pages: opening an invitation or a reset by its code, and the recovery code. */
#include "accounts_sql.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_door.h"
#include "features/accounts/accounts_keys.h"
#include "features/accounts/accounts_password.h"
#include "features/accounts/accounts_views.h"
#include "features/accounts/accounts_web.h"
#include "features/audit/audit.h"
#include "features/circles/circles.h"
#include "features/frame/frame.h"
#include "vault/hash.h"

enum { CODE_MAX_CHARS = 60, PHONE_MAX_CHARS = 30, PASSWORD_MIN = 12, PASSWORD_MAX = 200 };

struct code_input {
	struct str code;
};
static const struct field code_fields[] = {
	FIELD(code_input, code, FIELD_LINE, 1, CODE_MAX_CHARS, true, N_("Code")),
};
const struct form accounts_code_form = FORM(code_input, code_fields, accounts_code_page);

struct accept_input {
	struct str code, name, phone, password;
};
static const struct field accept_fields[] = {
	FIELD(accept_input, code, FIELD_LINE, 1, CODE_MAX_CHARS, true, N_("Code")),
	FIELD(accept_input, name, FIELD_LINE, 2, ACCOUNTS_NAME_MAX, false, N_("Your name")),
	FIELD(accept_input, phone, FIELD_LINE, 5, PHONE_MAX_CHARS, false, N_("Phone number")),
	FIELD(accept_input, password, FIELD_SECRET, PASSWORD_MIN, PASSWORD_MAX, false, N_("Password")),
};
const struct form accounts_accept_form = FORM(accept_input, accept_fields, accounts_accept_again_page);

struct recover_input {
	struct str name, code, password, proof_token, proof_answer;
};
static const struct field recover_fields[] = {
	FIELD(recover_input, name, FIELD_LINE, 1, ACCOUNTS_NAME_MAX, true, N_("Name or phone number")),
	FIELD(recover_input, code, FIELD_LINE, 1, CODE_MAX_CHARS, true, N_("Recovery code")),
	FIELD(recover_input, password, FIELD_SECRET, PASSWORD_MIN, PASSWORD_MAX, true, N_("New password")),
	ACCOUNTS_PROOF_FIELDS(recover_input),
};
static enum err before_recover(struct ctx *c, const struct request *q, struct response *r);
const struct form accounts_recover_form = FORM_FIRST(
	recover_input, recover_fields, accounts_recover_page, before_recover);

enum err accounts_code_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct accounts_code_view v = {
		.csrf = frame_csrf(c),
		.code = frame_field_of(c, q, "code", N_("Code"),
			N_("Five groups of four letters and digits, as it was given to you."), "text", "off", S("")),
	};
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Open an invitation") });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	accounts_code_view(&r->body, &v);
	return frame_end(c, r);
}

static enum err show_accept(struct ctx *c, const struct request *q, struct response *r, struct str code, bool first)
{
	struct invitation what;
	struct accounts_post_row post = { 0 };
	bool found = false;
	TRY(accounts_invitation_read(c, code, &what));
	if (what.post_id)
		TRY(accounts_post(c, what.post_id, &post, &found));
	struct accounts_accept_view v = { .csrf = frame_csrf(c),
		.code = code,
		.post = found ? post.name : S(""),
		.roles = accounts_role_list(c, what.roles),
		.is_reset = what.account_id != 0,
		.signed_in = c->session != NULL,
		.name = frame_field_of(c, q, "name", N_("Your name"),
			N_("As people here know you. You sign in with it."), "text", "name", what.name),
		.phone = frame_field_of(c, q, "phone", N_("Phone number"),
			N_("May be left empty. You can sign in with it too."), "tel", "tel", S("")),
		.password = frame_field_of(c, q, "password", N_("Password"),
			N_("At least 12 characters; four words are best."), "password", "new-password", S("")) };
	frame_limit(c, &v.name, &accounts_accept_form);
	if (first)
		v.name.value = what.name;
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Open an invitation") });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	accounts_accept_view(&r->body, &v);
	return frame_end(c, r);
}

enum err accounts_code(struct ctx *c, const struct request *q, struct response *r)
{
	const struct code_input *in = q->form;
	struct invitation what;
	if (accounts_invitation_read(c, in->code, &what) != OK)
		return c->err.say ? form_refuse(c, q, "code", c->err.say) : c->err.code;
	return show_accept(c, q, r, in->code, true);
}

enum err accounts_accept_again_page(struct ctx *c, const struct request *q, struct response *r)
{
	return show_accept(c, q, r, form_value(q, "code", S("")), false);
}

static enum err show_recovery(struct ctx *c, const struct request *q, struct response *r, struct str code, bool pending)
{
	struct accounts_shown_view v = { .code = code, .pending = pending };
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Your recovery code"), .script = "copy.js" });
	accounts_shown_view(&r->body, &v);
	return frame_end(c, r);
}

static void wipe_pair(void *pair)
{
	vault_wipe(pair, sizeof(struct key_pair));
}

static struct key_pair *new_pair(struct ctx *c)
{
	struct key_pair *pair = arena_new_of(c->mem, struct key_pair);
	arena_defer(c->mem, wipe_pair, pair);
	return pair;
}

static enum err accept_as_new(struct ctx *c, const struct request *q, struct response *r, const struct invitation *what)
{
	const struct accept_input *in = q->form;
	struct str phone = S(""), recovery;
	int64_t account_id;
	bool taken, holds;
	if (in->name.n == 0)
		return form_refuse(c, q, "name", N_("Fill this in."));
	if (in->phone.n && !accounts_phone(c->mem, in->phone, &phone))
		return form_refuse(c, q, "phone", N_("This does not look like a phone number."));
	TRY(accounts_name_taken(c, in->name, &taken));
	if (taken)
		return form_refuse(c, q, "name", N_("Somebody signs in with this name already. Add a second name."));
	if (phone.n) {
		TRY(accounts_name_taken(c, phone, &taken));
		if (taken)
			return form_refuse(c, q, "phone", N_("Somebody signs in with this number already."));
	}
	struct account_new who = { .name = in->name, .phone = phone, .password = in->password, .lang = c->lang };
	struct key_pair *pair = new_pair(c);
	TRY(accounts_accept(c, what, &who, &account_id, pair, &recovery));
	TRY(accounts_start_session(c, q, r, account_id, pair->secret_key));
	TRY(circles_holds(c, what->post_id, account_id, &holds));
	return show_recovery(c, q, r, recovery, (what->roles & ROLES_READER) && !holds);
}

static enum err check_chosen(struct ctx *c, const struct request *q, const struct invitation *what)
{
	const struct accept_input *in = q->form;
	struct accounts_known *known = arena_new_of(c->mem, struct accounts_known);
	struct accounts_post_row post;
	bool found = false;
	accounts_know_text(c, known, in->name);
	accounts_know_text(c, known, in->phone);
	if (what->account_id)
		TRY(accounts_know_account(c, known, what->account_id));
	if (what->post_id)
		TRY(accounts_post(c, what->post_id, &post, &found));
	if (found)
		TRY(accounts_know_post(c, known, post.name, post.place_id));
	return accounts_check_password(c, q, "password", in->password, known);
}

enum err accounts_accept_invitation(struct ctx *c, const struct request *q, struct response *r)
{
	const struct accept_input *in = q->form;
	struct invitation what;
	struct str recovery;
	TRY(accounts_invitation_read(c, in->code, &what));
	if (c->session && what.post_id) {
		TRY(accounts_join_invited(c, &what));
		return redirect(c, r, S("/accounts/me"));
	}
	if (in->password.n == 0)
		return form_refuse(c, q, "password", N_("Fill this in."));
	TRY(check_chosen(c, q, &what));
	if (what.post_id)
		return accept_as_new(c, q, r, &what);
	struct key_pair *pair = new_pair(c);
	TRY(accounts_reset_use(c, &what, in->password, pair, &recovery));
	TRY(accounts_start_session(c, q, r, what.account_id, pair->secret_key));
	return show_recovery(c, q, r, recovery, true);
}

enum err accounts_recover_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct accounts_recover_view v = {
		.name = frame_field_of(c, q, "name", N_("Name or phone number"), NULL, "text", "username", S("")),
		.code = frame_field_of(c, q, "code", N_("Recovery code"), N_("Six groups of four letters and digits."),
			"text", "off", S("")),
		.password = frame_field_of(c, q, "password", N_("New password"),
			N_("At least 12 characters; four words are best."), "password", "new-password", S("")),
		.proof = accounts_door_proof(c, q, DOOR_RECOVER),
	};
	frame_begin(c, q, r,
		&(struct frame){ .title = words_get(c->lang, "Forgot your password?"), .proof = v.proof.bits > 0 });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	accounts_recover_view(&r->body, &v);
	return frame_end(c, r);
}

/* Of whoever it may be nothing is known but what was typed, so that a refusal tells nothing. */
static enum err before_recover(struct ctx *c, const struct request *q, struct response *r)
{
	const struct recover_input *in = q->form;
	struct accounts_known *known = arena_new_of(c->mem, struct accounts_known);
	accounts_know_text(c, known, in->name);
	TRY(accounts_check_password(c, q, "password", in->password, known));
	return accounts_door_guess(c, q, r, DOOR_RECOVER, in->name);
}

enum err accounts_recover_account(struct ctx *c, const struct request *q, struct response *r)
{
	const struct recover_input *in = q->form;
	uint8_t *secret = accounts_secret(c);
	struct str recovery;
	int64_t account_id;
	TRY(accounts_recover(c, in->name, in->code, &account_id, secret));
	TRY(accounts_set_password(c, account_id, in->password, secret));
	TRY(accounts_new_recovery(c, account_id, secret, &recovery));
	TRY(accounts_end_sessions(c, account_id, 0));
	TRY(accounts_start_session(c, q, r, account_id, secret));
	return show_recovery(c, q, r, recovery, false);
}
