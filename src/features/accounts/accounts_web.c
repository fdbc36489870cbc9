/* Pages: signing in and out, one's own account, language. */
#include "accounts_sql.h"
#include "base/clock.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_door.h"
#include "features/accounts/accounts_keys.h"
#include "features/accounts/accounts_kept.h"
#include "features/accounts/accounts_news.h"
#include "features/accounts/accounts_password.h"
#include "features/accounts/accounts_views.h"
#include "features/accounts/accounts_web.h"
#include "features/audit/audit.h"
#include "features/circles/circles.h"
#include "features/frame/frame.h"
#include "http/router.h"
#include "http/session.h"
#include "http/waiting.h"
#include "vault/ticket.h"

/* How long a form waits for somebody to sign in; that page has all of it for longer. */
static const int64_t KEPT_MS = 10 * MINUTE_MS;

enum { PASSWORD_MIN = 12, PASSWORD_MAX = 200 };

struct sign_in_input {
	struct str name, password, next, tag, began, proof_token, proof_answer;
};
static const struct field sign_in_fields[] = {
	FIELD(sign_in_input, name, FIELD_LINE, 1, ACCOUNTS_NAME_MAX, true, N_("Name or phone number")),
	FIELD(sign_in_input, password, FIELD_SECRET, 1, PASSWORD_MAX, true, N_("Password")),
	FIELD(sign_in_input, next, FIELD_LINE, 0, 300, false, N_("Next page")),
	FIELD(sign_in_input, tag, FIELD_LINE, 0, WAITING_TAG_BYTES, false, N_("Next page")),
	FIELD(sign_in_input, began, FIELD_LINE, 0, TICKET_TEXT_BYTES, false, N_("Next page")),
	ACCOUNTS_PROOF_FIELDS(sign_in_input),
};
static enum err before_sign_in(struct ctx *c, const struct request *q, struct response *r);
const struct form accounts_sign_in_form = FORM_FIRST(
	sign_in_input, sign_in_fields, accounts_sign_in_page, before_sign_in);

struct password_input {
	struct str old_password, new_password;
};
static const struct field password_fields[] = {
	FIELD(password_input, old_password, FIELD_SECRET, 1, PASSWORD_MAX, true, N_("Your password until now")),
	FIELD(password_input, new_password, FIELD_SECRET, PASSWORD_MIN, PASSWORD_MAX, true, N_("New password")),
};
static enum err before_new_password(struct ctx *c, const struct request *q, struct response *r);
const struct form accounts_password_form = FORM_FIRST(
	password_input, password_fields, accounts_me_page, before_new_password);

struct recovery_input {
	struct str password;
};
static const struct field recovery_fields[] = {
	FIELD(recovery_input, password, FIELD_SECRET, 1, PASSWORD_MAX, true, N_("Password")),
};
const struct form accounts_recovery_form = FORM_FIRST(
	recovery_input, recovery_fields, accounts_me_page, accounts_before_password);

struct seen_input {
	int64_t last;
};
static const struct field seen_fields[] = {
	FIELD(seen_input, last, FIELD_ID, 0, 0, true, N_("What happened with your account")),
};
const struct form accounts_seen_form = FORM(seen_input, seen_fields, accounts_me_page);

/* What somebody is to sign in for: a form that waits, or a page. */
struct purpose {
	const struct form_value *kept;
	size_t kept_count;
	struct str next, name, tag,
		began; /* TAG: of the address at which the form waits; empty: at none. BEGAN: by whom */
};

/* What waits is there for as long as nobody else uses this browser: signing in and out change the cookie of the session. */
static struct waiting_place kept_at(struct ctx *c, const struct request *q, struct str tag)
{
	struct str path = arena_printf(c->mem, "/sign-in/%.*s", STR_ARG(tag));
	struct str bound = arena_printf(c->mem, "%.*s %.*s", STR_ARG(path), STR_ARG(request_cookie(q, "adem")));
	return (struct waiting_place){ "signing", path, bound, KEPT_MS, KEPT_MS };
}

/* Leads to a page with an address of its own, where the form waits. False: there is no room for it. */
static bool wait_there(struct ctx *c, const struct request *q, struct response *r, const struct purpose *p)
{
	struct waiting *w = arena_new_of(c->mem, struct waiting);
	struct form_value *to = w->state.values;
	char *tag = arena_alloc(c->mem, WAITING_TAG_BYTES + 1, 1);
	if (p->kept_count > FORM_VALUES_MAX - 3 || request_cookie(q, "adem").n == 0)
		return false;
	waiting_tag(p->tag, tag);
	*to++ = (struct form_value){ S("next"), p->next };
	*to++ = (struct form_value){ S("name"), p->name };
	*to++ = (struct form_value){ S("began"), p->began };
	for (size_t i = 0; i < p->kept_count; i++)
		*to++ = p->kept[i];
	w->state.values_count = (size_t)(to - w->state.values);
	struct waiting_place at = kept_at(c, q, str_of(tag));
	return waiting_keep(c, r, &at, w) && redirect(c, r, at.path) == OK;
}

/* Q is GET, or the form to sign in with where that was refused. */
static enum err sign_in_page(struct ctx *c, const struct request *q, struct response *r, const struct purpose *p)
{
	struct str own;
	bool done = accounts_kept_for(c, p->next, p->began, 0, &own) == KEPT_DONE;
	struct accounts_sign_in_view v = {
		.name = frame_field_of(c, q, "name", N_("Name or phone number"), NULL, "text", "username", p->name),
		.password = frame_field_of(
			c, q, "password", N_("Password"), NULL, "password", "current-password", S("")),
		.next = p->next,
		.tag = p->tag,
		.began = p->began,
		.kept = p->kept,
		.kept_count = p->kept_count,
		.csrf = frame_csrf(c),
		.again = c->session && p->kept_count,
		.done = done,
		.ended = accounts_has_ended(c, q),
		.proof = accounts_door_proof(c, q, DOOR_SIGN_IN),
	};
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Sign in"), .proof = v.proof.bits > 0 });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	accounts_sign_in_view(&r->body, &v);
	return frame_end(c, r);
}

/* Q is the form that needs somebody signed in. A machine's, which has no key, is answered at its own address. */
void accounts_sign_in_and_go_on(struct ctx *c, const struct request *q, struct response *r)
{
	struct purpose p = {
		.next = q->path, .name = c->session ? c->session->name : S(""), .began = accounts_kept_ticket(c, q)
	};
	struct request bare = *q;
	p.kept_count = form_carried(c, q, &p.kept);
	if (q->form_key.n && wait_there(c, q, r, &p))
		return;
	bare.state = NULL;
	c->err.say = NULL; /* the page says it in its own words */
	(void)sign_in_page(c, &bare, r, &p);
}

enum err accounts_sign_in_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct purpose p = { .name = S("") };
	struct str next;
	if (!request_query(c, q, "next", &next))
		next = S("/");
	p.next = form_value(q, "next", next);
	p.tag = form_value(q, "tag", S(""));
	p.began = form_value(q, "began", S(""));
	p.kept_count = form_carried_on(c, q, &p.kept);
	struct purpose typed = p;
	typed.name = form_value(q, "name", S(""));
	if (q->show.n && p.tag.n && p.kept_count && wait_there(c, q, r, &typed))
		return OK;
	return sign_in_page(c, q, r, &p);
}

enum err accounts_sign_in_kept_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct waiting *w = arena_new_of(c->mem, struct waiting);
	struct purpose p = { .tag = q->params[0] };
	struct request found = *q;
	if (!waiting_is_tag(p.tag))
		return FAIL(c, ERR_NOT_FOUND, "no address of a form that waits");
	struct waiting_place at = kept_at(c, q, p.tag);
	if (!waiting_find(c, q, &at, w))
		return redirect(c, r, c->session ? S("/") : S("/sign-in"));
	found.state = &w->state;
	p.next = form_value(&found, "next", S("/"));
	p.name = form_value(&found, "name", S(""));
	p.began = form_value(&found, "began", S(""));
	p.kept_count = form_carried_on(c, &found, &p.kept);
	return sign_in_page(c, q, r, &p);
}

/* The failed try is kept, so the answer is made here and not by an error, which would undo it. C->err says what was wrong; PAGE
 * shows the form again. */
static enum err refuse_try(struct ctx *c, const struct request *q, struct response *r, handler_fn page, int status)
{
	if (q->wants_json) {
		router_refusal_json(c, q, r, c->err.code, status);
		return OK;
	}
	TRY(page(c, q, r));
	r->status = status;
	return OK;
}

static void end_waiting(struct ctx *c, const struct request *q, struct response *r, struct str tag)
{
	struct waiting_place at = kept_at(c, q, tag);
	waiting_end(c, r, &at);
}

static enum err before_sign_in(struct ctx *c, const struct request *q, struct response *r)
{
	const struct sign_in_input *in = q->form;
	return accounts_door_guess(c, q, r, DOOR_SIGN_IN, in->name);
}

enum err accounts_sign_in(struct ctx *c, const struct request *q, struct response *r)
{
	const struct sign_in_input *in = q->form;
	uint8_t *secret = accounts_secret(c);
	int64_t account_id = 0;
	bool good;
	TRY(accounts_sign_in_try(c, in->name, in->password, &account_id, secret, &good));
	if (!good) {
		(void)REFUSE(c, ERR_SIGN_IN, "This name and password do not belong together.");
		return refuse_try(c, q, r, accounts_sign_in_page, 401);
	}
	struct str own;
	enum kept kept = accounts_kept_for(c, in->next, in->began, account_id, &own);
	if (kept == KEPT_ANOTHERS) {
		(void)REFUSE(c, ERR_CONFLICT,
			"Somebody else has begun this, and you are not signed in. Delete it below, or leave it for "
			"them.");
		r->right = true;
		return refuse_try(c, q, r, accounts_sign_in_page, 409);
	}
	if (c->session)
		TRY(accounts_session_end(c, c->session->id)); /* the new one takes its place */
	TRY(accounts_start_session(c, q, r, account_id, secret));
	c->account_id = account_id;
	TRY(audit_note(c, AUDIT_SIGN_IN, "accounts", account_id, S("")));
	if (waiting_is_tag(in->tag))
		end_waiting(c, q, r, in->tag);
	return form_carry_on(c, q, r, in->next, own) ? OK : redirect(c, r, in->next.n ? in->next : S("/"));
}

enum err accounts_sign_in_leave(struct ctx *c, const struct request *q, struct response *r)
{
	if (!waiting_is_tag(q->params[0]))
		return FAIL(c, ERR_NOT_FOUND, "no address of a form that waits");
	end_waiting(c, q, r, q->params[0]);
	return redirect(c, r, S("/sign-in"));
}

enum err accounts_sign_out(struct ctx *c, const struct request *q, struct response *r)
{
	(void)q;
	TRY(accounts_end_session(c, r, false));
	return redirect(c, r, S("/"));
}

enum err accounts_sign_out_everywhere(struct ctx *c, const struct request *q, struct response *r)
{
	(void)q;
	TRY(accounts_end_session(c, r, true));
	return redirect(c, r, S("/sign-in"));
}

static enum err my_posts(struct ctx *c, struct accounts_me_view *v)
{
	const struct accounts_session *me = accounts_signed_in(c);
	v->posts_count = me->posts_count;
	v->posts = arena_array(c->mem, struct accounts_me_post, me->posts_count + 1);
	for (size_t i = 0; i < me->posts_count; i++) {
		const struct membership *m = &me->posts[i];
		v->posts[i] = (struct accounts_me_post){ .id = m->post_id,
			.name = m->post_name,
			.roles = accounts_role_list(c, m->roles),
			.reader = (m->roles & ROLES_READER) != 0 };
		TRY(circles_holds(c, m->post_id, c->account_id, &v->posts[i].holds));
	}
	return OK;
}

/* On how many devices the account of C is signed in. */
static enum err count_devices(struct ctx *c, size_t *n)
{
	struct accounts_sessions_of_row *rows;
	size_t count;
	TRY(accounts_sessions_of(c, c->account_id, &rows, &count));
	*n = 0;
	for (size_t i = 0; i < count; i++) {
		int64_t until_ms;
		TRY(accounts_session_until(c, c->account_id, rows[i].seen_ms, rows[i].expires_ms, &until_ms));
		*n += until_ms > c->now_ms;
	}
	return OK;
}

enum err accounts_me_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct accounts_get_row me;
	size_t sessions;
	int64_t last;
	bool found;
	TRY(count_devices(c, &sessions));
	struct str n = arena_i64(c->mem, (int64_t)sessions);
	struct word_value count = { "n", n };
	struct str key = words_plural(
		c->lang, "You are signed in on {n} device.", "You are signed in on {n} devices.", (int64_t)sessions);
	struct accounts_me_view v = {
		.name = c->session->name,
		.csrf = frame_csrf(c),
		.old_password = frame_field_of(c, q, "old_password", N_("Your password until now"), NULL, "password",
			"current-password", S("")),
		.new_password = frame_field_of(c, q, "new_password", N_("New password"),
			N_("At least 12 characters; four words are best."), "password", "new-password", S("")),
		.password = frame_field_of(
			c, q, "password", N_("Password"), NULL, "password", "current-password", S("")),
		.sessions_text = words_fill(c->mem, key, &count, 1),
	};
	TRY(my_posts(c, &v));
	TRY(accounts_news(c, &v.news, &v.news_count, &last));
	v.last = arena_i64(c->mem, last);
	TRY(accounts_get(c, c->account_id, &me, &found));
	v.recovery_waits = found && me.fresh_recovery_ms.is && me.fresh_recovery_ms.v > c->now_ms;
	if (v.recovery_waits)
		v.recovery = frame_date_clock(c, me.fresh_recovery_ms.v);
	frame_begin(c, q, r, &(struct frame){ .title = c->session->name });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	accounts_me_view(&r->body, &v);
	return frame_end(c, r);
}

/* An open session is not enough for what outlives it: the password is asked for again. *DONE when the answer is made already. */
static enum err ask_again(struct ctx *c, const struct request *q, struct response *r, struct str password,
	const char *field, uint8_t secret[VAULT_KEY_BYTES], bool *done)
{
	bool good;
	TRY(accounts_try_password(c, c->account_id, password, secret, &good));
	*done = !good;
	if (good)
		return OK;
	(void)form_refuse(c, q, field, N_("This is not your password."));
	return refuse_try(c, q, r, accounts_me_page, 422);
}

static enum err before_new_password(struct ctx *c, const struct request *q, struct response *r)
{
	const struct password_input *in = q->form;
	struct accounts_known *known = arena_new_of(c->mem, struct accounts_known);
	TRY(accounts_know_account(c, known, c->account_id));
	TRY(accounts_check_password(c, q, "new_password", in->new_password, known));
	return accounts_before_password(c, q, r);
}

enum err accounts_password(struct ctx *c, const struct request *q, struct response *r)
{
	const struct password_input *in = q->form;
	uint8_t *secret = accounts_secret(c);
	bool done;
	TRY(ask_again(c, q, r, in->old_password, "old_password", secret, &done));
	if (done)
		return OK;
	TRY(accounts_set_password(c, c->account_id, in->new_password, secret));
	TRY(accounts_end_sessions(c, c->account_id, c->session->id));
	return redirect(c, r, S("/accounts/me"));
}

enum err accounts_recovery(struct ctx *c, const struct request *q, struct response *r)
{
	const struct recovery_input *in = q->form;
	struct accounts_shown_view v = { 0 };
	uint8_t *secret = accounts_secret(c);
	bool done;
	TRY(ask_again(c, q, r, in->password, "password", secret, &done));
	if (done)
		return OK;
	TRY(accounts_fresh_recovery(c, c->account_id, secret, &v.code));
	v.later = true;
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Your recovery code"), .script = "copy.js" });
	accounts_shown_view(&r->body, &v);
	return frame_end(c, r);
}

enum err accounts_recovery_take_back(struct ctx *c, const struct request *q, struct response *r)
{
	(void)q;
	TRY(accounts_cancel_recovery(c));
	return redirect(c, r, S("/accounts/me"));
}

enum err accounts_news_seen(struct ctx *c, const struct request *q, struct response *r)
{
	const struct seen_input *in = q->form;
	TRY(accounts_session_news_seen(c, c->session->id, in->last));
	TRY(accounts_notices_seen(c, c->account_id, in->last));
	return redirect(c, r, S("/accounts/me"));
}
