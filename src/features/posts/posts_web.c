/* Pages of posts: list, roster, members. What is done with them is in posts_do.c. */
#include "features/posts/posts_web.h"
#include "accounts_sql.h"
#include "base/clock.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_grants.h"
#include "features/accounts/accounts_lineage.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "features/posts/posts.h"
#include "features/posts/posts_views.h"
#include "http/session.h"
#include "posts_sql.h"

enum { ROLES_COUNT = 9, DAYS = 7, NIGHT_FROM_HOUR = 20, NIGHT_UNTIL_HOUR = 29 };

enum err posts_index_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct post *rows;
	struct post_list_view v = { .administers = (c->session->leading & ROLE_ADMIN) != 0 };
	struct str *places;
	TRY(posts_list(c, &rows, &v.rows_count));
	int64_t *ids = arena_array(c->mem, int64_t, v.rows_count + 1);
	for (size_t i = 0; i < v.rows_count; i++)
		ids[i] = rows[i].place_id;
	TRY(places_labels(c, ids, v.rows_count, &places));
	v.rows = arena_array(c->mem, struct post_line, v.rows_count + 1);
	for (size_t i = 0; i < v.rows_count; i++)
		v.rows[i] = (struct post_line){ rows[i].id, rows[i].name, places[i], rows[i].phone };
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Posts"), .current = "/posts" });
	post_list_view(&r->body, &v);
	return frame_end(c, r);
}

/* The form of this action is shown again: which roles were ticked in it. */
static bool ticked_roles(
	struct ctx *c, const struct request *q, const char *before, int64_t id, const char *after, unsigned *bits)
{
	if (!form_goes_to(q, arena_printf(c->mem, "%s%" PRId64 "%s", before, id, after)))
		return false;
	*bits = 0;
	for (unsigned i = 0; accounts_role_codes[i]; i++)
		if (form_checked(q, "roles", accounts_role_codes[i], false))
			*bits |= 1U << i;
	return true;
}

static enum err fill_members(struct ctx *c, const struct request *q, const struct granting *may, struct post_view *v)
{
	struct accounts_members_row *rows;
	TRY(accounts_members(c, v->id, &rows, &v->members_count));
	v->members = arena_array(c->mem, struct post_member, v->members_count + 1);
	for (size_t i = 0; i < v->members_count; i++) {
		bool holds;
		TRY(circles_holds(c, v->id, rows[i].account_id, &holds));
		v->members[i] = (struct post_member){ .id = rows[i].id,
			.account_id = rows[i].account_id,
			.name = rows[i].name,
			.roles = accounts_role_list(c, (unsigned)rows[i].roles),
			.bits = (unsigned)rows[i].roles,
			.needs_key = (rows[i].roles & ROLES_READER) && !holds,
			.answers = (rows[i].roles & ROLES_ANSWER) != 0,
			.chosen = str_eq(arena_i64(c->mem, rows[i].account_id), form_value(q, "account", S(""))),
			.me = rows[i].account_id == c->account_id,
			.may_change = may->gives && ((unsigned)rows[i].roles & ~may->takes) == 0 };
		struct post_member *m = &v->members[i];
		m->ticked = m->bits;
		TRY(accounts_may_vouch(c, m->account_id, &m->unvouched, may->gives ? &m->may_vouch : NULL));
		m->open = ticked_roles(c, q, "/memberships/", m->id, "/roles", &m->ticked);
	}
	return OK;
}

/* The roles that the viewer may give here. */
static void fill_roles(struct ctx *c, const struct request *q, const struct granting *may, struct post_view *v)
{
	unsigned ticked = 0;
	(void)ticked_roles(c, q, "/posts/", v->id, "/invitations", &ticked);
	v->roles = arena_array(c->mem, struct post_role, ROLES_COUNT);
	for (unsigned i = 0; accounts_role_codes[i]; i++)
		if (may->gives & (1U << i))
			v->roles[v->roles_count++] = (struct post_role){ .code = str_of(accounts_role_codes[i]),
				.key = accounts_role_names[i],
				.bit = 1U << i,
				.ticked = (ticked >> i & 1) != 0 };
}

static struct post_shift *add_shift(struct ctx *c, struct post_day *day, size_t *cap)
{
	day->rows = arena_grow(c->mem, day->rows, day->rows_count, cap, day->rows_count + 1, sizeof *day->rows);
	struct post_shift *s = &day->rows[day->rows_count++];
	*s = (struct post_shift){ 0 };
	return s;
}

/* Whom a call reaches: who stands on the roster with other roles leaves a gap. */
static bool answers(const struct post_view *v, int64_t account_id)
{
	for (size_t i = 0; i < v->members_count; i++)
		if (v->members[i].account_id == account_id && (v->members[i].bits & ROLES_ANSWER))
			return true;
	return false;
}

static bool covered_from(
	const struct post_view *v, const struct posts_duties_row *rows, size_t rows_count, int64_t at_ms)
{
	for (size_t i = 0; i < rows_count; i++)
		if (rows[i].from_ms <= at_ms && rows[i].until_ms >= at_ms + HOUR_MS && answers(v, rows[i].account_id))
			return true;
	return false;
}

/* Hours of the night (20 to 5) that no duty covers, as one line for each stretch. */
static void add_gaps(struct ctx *c, const struct post_view *v, struct post_day *day, size_t *cap, int64_t midnight,
	const struct posts_duties_row *rows, size_t rows_count)
{
	int64_t gap_from = 0;
	for (int hour = NIGHT_FROM_HOUR; hour <= NIGHT_UNTIL_HOUR; hour++) {
		int64_t at = midnight + hour * HOUR_MS;
		bool covered = hour == NIGHT_UNTIL_HOUR || covered_from(v, rows, rows_count, at);
		if (!covered && gap_from == 0)
			gap_from = at;
		if (covered && gap_from) {
			struct post_shift *s = add_shift(c, day, cap);
			s->gap = true;
			s->from = frame_clock_beside(c, gap_from, midnight);
			s->until = frame_clock_beside(c, at, midnight);
			gap_from = 0;
		}
	}
}

/* Whom the form of a swap asks, where it is shown again. */
static int64_t asked_to_take(struct ctx *c, const struct request *q, int64_t duty_id)
{
	int64_t to = 0;
	if (form_goes_to(q, arena_printf(c->mem, "/duties/%" PRId64 "/swap", duty_id)))
		(void)!str_to_i64(form_value(q, "to", S("")), 1, INT64_MAX, &to);
	return to;
}

static enum err fill_days(struct ctx *c, const struct request *q, int64_t from, struct post_view *v)
{
	struct posts_duties_row *rows;
	size_t rows_count;
	TRY(posts_duties(c, v->id, from, from + (DAYS + 1) * DAY_MS, &rows, &rows_count));
	v->days = arena_array(c->mem, struct post_day, DAYS);
	v->days_count = DAYS;
	for (int d = 0; d < DAYS; d++) {
		int64_t midnight = from + d * DAY_MS;
		struct post_day *day = &v->days[d];
		size_t cap = 0;
		day->date = frame_date(c, midnight);
		for (size_t i = 0; i < rows_count; i++) {
			bool before = d == 0 && rows[i].from_ms < midnight && rows[i].until_ms > midnight;
			if (!before && (rows[i].from_ms < midnight || rows[i].from_ms >= midnight + DAY_MS))
				continue;
			*add_shift(c, day, &cap) = (struct post_shift){ .id = rows[i].id,
				.to = asked_to_take(c, q, rows[i].id),
				.name = rows[i].name,
				.from = frame_clock_beside(c, rows[i].from_ms, midnight),
				.until = frame_clock_beside(c, rows[i].until_ms, midnight),
				.mine = rows[i].account_id == c->account_id && rows[i].until_ms > c->now_ms };
		}
		if (v->rostered)
			add_gaps(c, v, day, &cap, midnight, rows, rows_count);
	}
	return OK;
}

static enum err fill_invited(struct ctx *c, const struct granting *may, struct post_view *v)
{
	struct accounts_invitations_open_row *rows;
	TRY(accounts_invitations_open(c, v->id, &rows, &v->invited_count));
	v->invited = arena_array(c->mem, struct post_invited, v->invited_count + 1);
	for (size_t i = 0; i < v->invited_count; i++) {
		struct word_value values[] = {
			{"name",                rows[i].name            },
                        {  "roles", accounts_role_list(c, (unsigned)rows[i].roles) },
			{ "date",         frame_date(c,      rows[i].expires_ms) }
		};
		v->invited[i] = (struct post_invited){ rows[i].id,
			words_format(c->mem, c->lang, "Invited: {name} ({roles}), until {date}", values, COUNT(values)),
			((unsigned)rows[i].roles & ~may->takes) == 0 };
	}
	return OK;
}

/* Local midnight of the week's first day that is asked for ("week", ms), or of today. */
static int64_t week_from(struct ctx *c, const struct request *q)
{
	struct str text;
	int64_t asked;
	int64_t at = request_query(c, q, "week", &text) && str_to_i64(text, 0, INT64_C(4102444800000), &asked)
			     ? asked
			     : c->now_ms;
	return frame_midnight(c, at);
}

/* The form of a duty, with what was typed where something did not fit. */
static struct post_duty_fields duty_fields_of(struct ctx *c, const struct request *q)
{
	const struct form_error *errors;
	bool was_typed = form_goes_to(q, arena_printf(c->mem, "/posts/%.*s/duties", STR_ARG(q->params[0])));
	return (struct post_duty_fields){ .from = form_value(q, "from", S("18")),
		.hours = form_value(q, "hours", S("12")),
		.account_error = form_error(c, q, "account"),
		.from_error = form_error(c, q, "from"),
		.hours_error = form_error(c, q, "hours"),
		.sure_error = form_error(c, q, "sure"),
		.week = form_checked(q, "week", "1", false),
		.open = form_errors(q, &errors) > 0 ? q->route->form == &posts_duty_form : q->show.n && was_typed };
}

enum err posts_show_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct granting may;
	struct post post;
	int64_t id;
	TRY(request_id(c, q, 0, &id));
	TRY(posts_by_id(c, id, &post));
	int64_t from = week_from(c, q);
	struct clock_time today = frame_local(c, c->now_ms);
	struct post_view v = { .id = id,
		.csrf = frame_csrf(c),
		.name = post.name,
		.phone = post.phone,
		.member = accounts_at_post(c, id) != NULL || (post.parent_id && accounts_at_post(c, post.parent_id)),
		.keeper = posts_keeps(c, &post),
		.rostered = posts_is_rostered(post.kind),
		.previous_week = arena_i64(c->mem, from - DAYS * DAY_MS),
		.next_week = arena_i64(c->mem, from + DAYS * DAY_MS),
		.invite_name = frame_field_of(
			c, q, "name", N_("Name of the person"), N_("The person can change it."), "text", "off", S("")),
		.phone_field = frame_field_of(c, q, "phone", N_("Phone number of the post"),
			N_("Residents see it on the first page. Empty: none."), "tel", "off", post.phone),
		.date = frame_field_of(c, q, "date", N_("Day"), NULL, "date", "off",
			arena_printf(c->mem, "%04d-%02d-%02d", today.year, today.month, today.day)),
		.duty = duty_fields_of(c, q) };
	frame_limit(c, &v.invite_name, &posts_invite_form);
	TRY(posts_sees(c, &post, POST_MEMBERS, &v.sees_members));
	TRY(posts_sees(c, &post, POST_ROSTER, &v.sees_roster));
	TRY(places_label(c, post.place_id, &v.place));
	TRY(accounts_granting(c, c->account_id, id, &may));
	fill_roles(c, q, &may, &v);
	if (v.sees_members || v.sees_roster)
		TRY(fill_members(c, q, &may, &v));
	if (v.sees_roster)
		TRY(fill_days(c, q, from, &v));
	if (may.gives)
		TRY(fill_invited(c, &may, &v));
	frame_begin(c, q, r, &(struct frame){ .title = post.name, .current = "/posts", .several = true });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	post_view(&r->body, &v);
	return frame_end(c, r);
}
