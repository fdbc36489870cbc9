/* What keepers and members do at a post: roster, swaps, number. Invitations, roles and keys are in posts_members.c; what a roster
 * holds is in posts.c. */
#include "accounts_sql.h"
#include "base/clock.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/audit/audit.h"
#include "features/frame/frame.h"
#include "features/posts/posts.h"
#include "features/posts/posts_web.h"
#include "posts_sql.h"

enum { WEEK_DAYS = 7, AHEAD_DAYS = 366, PHONE_CHARS_MAX = 20, PHONE_DIGITS_MIN = 3 };

struct duty_input {
	int64_t account, date, from, hours;
	bool week, sure;
};
static const struct field duty_fields[] = {
	FIELD(duty_input, account, FIELD_ID, 0, 0, true, N_("Member")),
	FIELD(duty_input, date, FIELD_DATE, 0, 0, true, N_("Day")),
	FIELD(duty_input, from, FIELD_INT, 0, 23, true, N_("From hour (0–23)")),
	FIELD(duty_input, hours, FIELD_INT, 1, 24, true, N_("For how many hours")),
	FIELD(duty_input, week, FIELD_BOOL, 0, 0, false, N_("Every day for a week")),
	FIELD(duty_input, sure, FIELD_BOOL, 0, 0, false, N_("The day is right")),
};
const struct form posts_duty_form = FORM(duty_input, duty_fields, posts_show_page);

struct phone_input {
	struct str phone;
};
static const struct field phone_fields[] = {
	FIELD(phone_input, phone, FIELD_LINE, 0, PHONE_CHARS_MAX, false, N_("Phone number of the post")),
};
const struct form posts_phone_form = FORM(phone_input, phone_fields, posts_show_page);

struct swap_input {
	int64_t to;
};
static const struct field swap_fields[] = { FIELD(swap_input, to, FIELD_ID, 0, 0, true, N_("Member")) };
const struct form posts_swap_form = FORM(swap_input, swap_fields, NULL);

struct swap_answer_input {
	int accept;
};
static const char *const yes_no[] = { "yes", "no", NULL };
static const struct field swap_answer_fields[] = {
	FIELD_OF(swap_answer_input, accept, FIELD_CODE, yes_no, true, N_("Answer")),
};
const struct form posts_swap_answer_form = FORM(swap_answer_input, swap_answer_fields, NULL);

static enum err check_keeper(struct ctx *c, int64_t post_id, struct post *post)
{
	TRY(posts_by_id(c, post_id, post));
	return posts_keeps(c, post)
		       ? OK
		       : REFUSE(c, ERR_DENIED, "Only members of this post or of the post above it may do that.");
}

static enum err to_post(struct ctx *c, struct response *r, int64_t id, const char *part)
{
	return redirect(c, r, arena_printf(c->mem, "/posts/%" PRId64 "%s", id, part));
}

/* The roles of a member of the post; 0: none. */
static enum err member_roles(struct ctx *c, int64_t post_id, int64_t account_id, unsigned *roles)
{
	struct accounts_members_row *members;
	size_t members_count;
	*roles = 0;
	TRY(accounts_members(c, post_id, &members, &members_count));
	for (size_t i = 0; i < members_count; i++)
		if (members[i].account_id == account_id)
			*roles |= (unsigned)members[i].roles;
	return OK;
}

/* ACCOUNT_ID is whose duty it was, or is to be. */
static enum err note_duty(struct ctx *c, int64_t post_id, const char *what, int64_t account_id)
{
	return audit_note(
		c, AUDIT_DUTY, "posts", post_id, arena_printf(c->mem, "%s account=%" PRId64, what, account_id));
}

/* A roster is what decides who is called: a day that is over, or far ahead, is more often a slip than meant. */
static enum err check_day(struct ctx *c, const struct request *q, const struct duty_input *in, int64_t from_ms)
{
	if (in->sure)
		return OK;
	if (from_ms + in->hours * HOUR_MS <= c->now_ms)
		return form_refuse(c, q, "sure", N_("These hours are over already. Confirm below if they are right."));
	if (from_ms > c->now_ms + AHEAD_DAYS * DAY_MS)
		return form_refuse(c, q, "sure", N_("This is more than a year ahead. Confirm below if it is right."));
	return OK;
}

enum err posts_put_duty(struct ctx *c, const struct request *q, struct response *r)
{
	const struct duty_input *in = q->form;
	struct post post;
	int64_t post_id, id;
	unsigned roles;
	TRY(request_id(c, q, 0, &post_id));
	TRY(check_keeper(c, post_id, &post));
	TRY(member_roles(c, post_id, in->account, &roles));
	if (!roles)
		return form_refuse(c, q, "account", N_("Choose one of these."));
	if (!(roles & ROLES_ANSWER))
		return form_refuse(c, q, "account",
			N_("This person's roles answer no calls. Change the roles first, or choose another."));
	int64_t first = frame_from_local(c, in->date + in->from * HOUR_MS);
	TRY(check_day(c, q, in, first));
	/* Before the roster is looked at: the audit's lock lets one change of it wait for another. */
	TRY(note_duty(c, post_id, "added", in->account));
	for (int day = 0; day < (in->week ? WEEK_DAYS : 1); day++) {
		int64_t from = first + day * DAY_MS;
		TRY(posts_add_duty(c, post_id, in->account, from, from + in->hours * HOUR_MS, &id));
	}
	return to_post(c, r, post_id, "#duty");
}

/* Digits, and what people write between them. */
static bool is_phone(struct str s)
{
	size_t digits = 0;
	for (size_t i = 0; i < s.n; i++) {
		bool digit = s.p[i] >= '0' && s.p[i] <= '9';
		if (!digit && !strchr("+ -()", s.p[i]))
			return false;
		digits += digit;
	}
	return digits >= PHONE_DIGITS_MIN;
}

enum err posts_set_phone(struct ctx *c, const struct request *q, struct response *r)
{
	const struct phone_input *in = q->form;
	struct post post;
	int64_t post_id;
	TRY(request_id(c, q, 0, &post_id));
	TRY(check_keeper(c, post_id, &post));
	if (in->phone.n && !is_phone(in->phone))
		return form_refuse(c, q, "phone", N_("A phone number has digits, such as 021 1234567."));
	TRY(posts_phone_update(c, post_id, in->phone));
	TRY(audit_note(c, AUDIT_PHONE, "posts", post_id, S("")));
	return to_post(c, r, post_id, "");
}

enum err posts_end_duty(struct ctx *c, const struct request *q, struct response *r)
{
	struct posts_duty_get_row duty;
	struct post post;
	int64_t id;
	bool found;
	TRY(request_id(c, q, 0, &id));
	TRY(posts_duty_get(c, id, &duty, &found));
	if (!found)
		return REFUSE(c, ERR_NOT_FOUND, "This duty is not on the roster any more.");
	TRY(check_keeper(c, duty.post_id, &post));
	TRY(note_duty(c, duty.post_id, "ended", duty.account_id));
	TRY(posts_take_off(c, id));
	return to_post(c, r, duty.post_id, "#duty");
}

static enum err this_duty(struct ctx *c, int64_t id, struct posts_duty_get_row *duty)
{
	bool found;
	TRY(posts_duty_get(c, id, duty, &found));
	return found && duty->until_ms > c->now_ms
		       ? OK
		       : REFUSE(c, ERR_NOT_FOUND, "This duty is not on the roster any more.");
}

enum err posts_ask_swap(struct ctx *c, const struct request *q, struct response *r)
{
	const struct swap_input *in = q->form;
	struct posts_duty_get_row duty;
	int64_t id;
	unsigned roles;
	TRY(request_id(c, q, 0, &id));
	TRY(this_duty(c, id, &duty));
	if (duty.account_id != c->account_id)
		return REFUSE(c, ERR_DENIED, "You can only ask for your own duty to be taken.");
	TRY(member_roles(c, duty.post_id, in->to, &roles));
	if (!(roles & ROLES_ANSWER) || in->to == c->account_id)
		return REFUSE(c, ERR_INPUT, "Choose another member of the post.");
	TRY(posts_swap_insert(c, id_new(c->now_ms), id, in->to));
	return to_post(c, r, duty.post_id, "#duty");
}

static enum err take_duty(struct ctx *c, int64_t duty_id)
{
	struct posts_duty_get_row duty;
	unsigned roles;
	TRY(this_duty(c, duty_id, &duty));
	TRY(member_roles(c, duty.post_id, c->account_id, &roles));
	if (!(roles & ROLES_ANSWER))
		return REFUSE(c, ERR_DENIED, "Only members of the post take its duties.");
	TRY(note_duty(c, duty.post_id, "swapped", duty.account_id));
	return posts_pass_duty(c, duty_id, c->account_id);
}

enum err posts_answer_swap(struct ctx *c, const struct request *q, struct response *r)
{
	const struct swap_answer_input *in = q->form;
	struct posts_swap_get_row swap;
	struct posts_swap_answer_row row;
	int64_t id;
	bool found, open;
	TRY(request_id(c, q, 0, &id));
	TRY(posts_swap_get(c, id, &swap, &found));
	if (!found)
		return FAIL(c, ERR_NOT_FOUND, "no such question");
	if (swap.to_account_id != c->account_id)
		return REFUSE(c, ERR_DENIED, "Somebody else was asked to take this duty.");
	TRY(posts_swap_answer(c, id, in->accept == 0, &row, &open));
	if (!open)
		return REFUSE(c, ERR_CONFLICT, "This question was answered already.");
	if (in->accept == 0)
		TRY(take_duty(c, swap.duty_id));
	return redirect(c, r, S("/"));
}
