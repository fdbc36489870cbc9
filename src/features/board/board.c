#include "features/board/board.h"
#include "base/clock.h"
#include "features/accounts/accounts.h"
#include "features/alerts/alerts_flood.h"
#include "features/board/board_rows.h"
#include "features/cases/cases_answerer.h"
#include "features/cases/cases_options.h"
#include "features/cases/cases_seen.h"
#include "features/places/places.h"
#include "features/posts/posts.h"
#include "http/session.h"
#include "posts_sql.h"

enum { RELOAD_S = 20, ROWS_MAX = 100 };

/* Orders and times go to the page in minutes, as a page says them: attributes tell no moment that the screen does not. Both have
 * eight digits, so that texts of them have the same order. */
static const int64_t NEVER_MIN = 99999999;

struct str board_place_text(struct ctx *c, struct str name, struct str parent, struct str level)
{
	if (parent.p && (str_is(level, "rw") || str_is(level, "rt")))
		return arena_printf(c->mem, "%.*s, %.*s", STR_ARG(name), STR_ARG(parent));
	return name;
}

/* What rings comes first, also before what one has calmed oneself; only a dispute that rings stands below a call that one
 * has in hand. Then the rest of one's own, what is late, and the rest. */
static int urgency(const struct board_row *v, bool own)
{
	bool rings = v->unowned || v->rings_on;
	if (rings && v->level > LEVEL_POTENSI)
		return 1;
	if (own && v->in_hand)
		return 2;
	if (rings)
		return 3;
	return own ? 4 : v->late ? 5 : 6;
}

/* Within each urgency by level, then by what is late for longest or due next; equal ones stay in order of age. The statement
 * board_rows has the same order. */
static void fill_order(struct board_row *v, int64_t late_ms)
{
	v->rank = urgency(v, false) * 10 + LEVEL_NYATA - v->level;
	v->own_rank = urgency(v, true) * 10 + LEVEL_NYATA - v->level;
	v->due_min = late_ms ? late_ms / MINUTE_MS : v->has_next ? v->next_ms / MINUTE_MS : NEVER_MIN;
	v->since_min = v->since_ms / MINUTE_MS;
}

/* Who has a call is offered what would be accepted from them; on a shared row too, where the script shows it to them alone. */
static enum err fill_buttons(struct ctx *c, const struct board_rows_row *d, struct board_row *v)
{
	struct escalation call;
	unsigned may;
	if (!d->alert_state.p || cases_call_is_over(d->alert_state)) {
		v->alert_id = 0; /* ended: the case page has the next step */
		return OK;
	}
	if (v->unowned || !(v->shared || v->mine))
		return OK;
	TRY(cases_owner_may(c, v->alert_id, &call, &may));
	v->step = cases_next_step(&call, may, true, false);
	v->can_go = (may >> ANSWER_ON_THE_WAY & 1) && call.state == ALERT_MINE;
	v->can_arrive = (may >> ANSWER_THERE & 1) && call.state != ALERT_THERE;
	v->can_stay = (may >> ANSWER_THERE & 1) && call.state == ALERT_THERE;
	v->can_calm = (may >> ANSWER_CALM & 1) && call.state == ALERT_THERE;
	return OK;
}

/* What the row's call waits for, and since when. */
static void fill_waiting(struct ctx *c, const struct board_rows_row *d, struct board_row *v)
{
	v->unowned = d->alert_state.p && (str_is(d->alert_state, "ringing") || str_is(d->alert_state, "seen"));
	v->late = d->late_ms.is || (d->next_ms.is && d->next_ms.v < c->now_ms);
	v->to_close = str_is(d->state, "open") && d->alert_state.p && cases_call_is_over(d->alert_state);
	v->in_hand = d->alert_state.p && !v->unowned && !cases_call_is_over(d->alert_state);
	v->rings_on = d->late_ms.is && v->in_hand;
	v->unanswered = d->late_ms.is && v->unowned;
	v->waits_s = frame_seconds_since(c, d->raised_ms.is ? d->raised_ms.v : d->from_ms);
	v->waits = frame_span(c, v->waits_s * SECOND_MS);
	v->since_s = frame_seconds_since(c, d->from_ms);
	v->left_s = v->has_next ? (v->next_ms - c->now_ms) / SECOND_MS : 0;
	v->late_text = frame_span(c, c->now_ms - (d->late_ms.is ? d->late_ms.v : v->late ? v->next_ms : c->now_ms));
	v->unread = d->unread_ms.is;
}

enum err board_row_of(
	struct ctx *c, const struct board_rows_row *d, struct str csrf, bool shared, struct board_row *out)
{
	int why = code_index(trigger_codes, d->reason);
	struct board_row v = { .id = d->id,
		.post_id = d->post_id,
		.owner_id = d->owner_id.is ? d->owner_id.v : 0,
		.alert_id = d->alert_id.is ? d->alert_id.v : 0,
		.since_ms = d->from_ms,
		.next_ms = d->next_ms.is ? d->next_ms.v : 0,
		.has_next = d->next_ms.is,
		.offered_to = d->offered_to.is ? d->offered_to.v : 0,
		.level = code_index(level_codes, d->level),
		.reports = d->reports,
		.reports_text = arena_i64(c->mem, d->reports),
		.place = board_place_text(c, d->place_name, d->parent_name, d->place_level),
		.why = words_get(c->lang, why < 0 ? "Something else" : trigger_names[why]),
		.state = words_get(c->lang, cases_state_name(d->state, d->alert_state)),
		.owner = d->owner_name.p ? d->owner_name : S(""),
		.since = frame_ago(c, d->from_ms),
		.left = frame_left(c, d->next_ms.is ? d->next_ms.v : c->now_ms),
		.csrf = csrf,
		.gone = !str_is(d->state, "open") && !str_is(d->state, "closing"),
		.closing = str_is(d->state, "closing"),
		.shared = shared };
	struct word_value name = { "name", v.owner };
	if (v.owner.n)
		v.owner_text = words_format(c->mem, c->lang, "{name} takes care of it", &name, 1);
	fill_waiting(c, d, &v);
	v.mine = !shared && v.owner_id && v.owner_id == c->account_id;
	const struct membership *asked = shared || !v.offered_to ? NULL : accounts_at_post(c, v.offered_to);
	v.offered_to_me = asked && (asked->roles & ROLES_ANSWER);
	if (d->offered_name.p)
		v.asked = cases_asked_text(c, d->offered_name, v.late ? 0 : v.next_ms);
	TRY(fill_buttons(c, d, &v));
	if (v.alert_id)
		TRY(shared ? cases_shown_at(c, v.id, v.post_id, &v.shown) : cases_shown(c, v.id, &v.shown));
	if (v.closing)
		TRY(cases_confirm_of(c, v.id, csrf, shared, &v.confirm));
	fill_order(&v, d->late_ms.is ? d->late_ms.v : 0);
	*out = v;
	return OK;
}

static int order(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* The same order as that of the texts in data-sort and data-own-sort. */
static int by_sort(const void *one, const void *other)
{
	const struct board_row *a = one, *b = other;
	int by_rank = order(a->mine ? a->own_rank : a->rank, b->mine ? b->own_rank : b->rank);
	int by_due = order(a->due_min, b->due_min);
	return by_rank ? by_rank : by_due ? by_due : order(a->since_min, b->since_min);
}

/* What a person of two posts sees of one case: what one post sees, and what the other sees beyond it. */
static void add_seen(struct board_rows_row *to, const struct board_rows_row *more)
{
	if (code_index(level_codes, more->level) > code_index(level_codes, to->level))
		to->level = more->level;
	if (more->from_ms < to->from_ms) {
		to->from_ms = more->from_ms;
		to->reason = more->reason;
	}
	if (more->reports > to->reports) {
		to->reports = more->reports;
		to->post_id = more->post_id;
	}
	if (more->alert_id.is && (!to->alert_id.is || cases_alert_order(more->alert_state, to->alert_state) < 0)) {
		to->alert_id = more->alert_id;
		to->alert_state = more->alert_state;
		to->next_ms = more->next_ms;
		to->late_ms = more->late_ms;
		to->raised_ms = more->raised_ms;
		to->unread_ms = more->unread_ms;
		to->owner_id = more->owner_id;
		to->owner_name = more->owner_name;
		to->offered_to = more->offered_to;
		to->offered_name = more->offered_name;
	}
}

/* Makes one row a case, where its first one stands. Returns how many are left. */
static size_t one_a_case(struct board_rows_row *rows, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		size_t k = 0;
		while (k < kept && rows[k].id != rows[i].id)
			k++;
		if (k == kept)
			rows[kept++] = rows[i];
		else
			add_seen(&rows[k], &rows[i]);
	}
	return kept;
}

static enum err fill_rows(struct ctx *c, struct board_view *v)
{
	struct board_rows_row *rows;
	TRY(board_rows(c, c->account_id, ROLES_ANSWER, ROWS_MAX + 1, &rows, &v->rows_count));
	v->more = v->rows_count > ROWS_MAX;
	v->rows_count = one_a_case(rows, v->more ? ROWS_MAX : v->rows_count);
	v->rows = arena_array(c->mem, struct board_row, v->rows_count + 1);
	for (size_t i = 0; i < v->rows_count; i++)
		TRY(board_row_of(c, &rows[i], v->csrf, false, &v->rows[i]));
	if (v->rows_count)
		qsort(v->rows, v->rows_count, sizeof *v->rows, by_sort);
	return OK;
}

/* What the script must know of its member, and who is on duty for people. */
static enum err fill_duty(struct ctx *c, struct board_view *v)
{
	bool lives;
	TRY(board_member(c, c->session->id, c->account_id, &v->member, &lives));
	TRY(board_ending_of(c, c->account_id, c->session->seen_ms, c->session->expires_ms, &lives, &v->ending));
	TRY(board_duties_of(c, c->account_id, &v->duties, &v->duties_count));
	v->nobody = true;
	for (size_t i = 0; i < v->duties_count; i++)
		v->nobody = v->nobody && !v->duties[i].people.n;
	return OK;
}

static enum err fill_watches(struct ctx *c, struct board_view *v)
{
	struct board_watches_row *rows;
	TRY(board_watches(c, c->account_id, &rows, &v->watches_count));
	v->watches = arena_array(c->mem, struct board_watch, v->watches_count + 1);
	for (size_t i = 0; i < v->watches_count; i++) {
		struct word_value until = { "time", frame_date(c, rows[i].until_ms) };
		v->watches[i] =
			(struct board_watch){ board_place_text(c, rows[i].place_name, rows[i].parent_name, S("rw")),
				words_format(c->mem, c->lang, "until {time}", &until, 1) };
	}
	return OK;
}

static enum err fill_swaps(struct ctx *c, struct board_view *v)
{
	struct posts_swaps_for_row *rows;
	TRY(posts_swaps_for(c, c->account_id, &rows, &v->swaps_count));
	v->swaps = arena_array(c->mem, struct board_swap, v->swaps_count + 1);
	for (size_t i = 0; i < v->swaps_count; i++) {
		struct str from = frame_date_clock(c, rows[i].from_ms);
		struct str until = frame_clock_beside(c, rows[i].until_ms, rows[i].from_ms);
		struct word_value values[] = {
			{"name",   rows[i].name     },
                        { "post",  rows[i].post_name},
                        { "from",  from             },
                        { "until", until            }
		};
		v->swaps[i] = (struct board_swap){ rows[i].id,
			words_format(c->mem, c->lang, "{name} asks you to take the duty at {post}, {from} to {until}.",
				values, COUNT(values)) };
	}
	return OK;
}

static enum err front_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct board_front_view v = { 0 };
	struct region region = { 0 };
	if (c->region.n) {
		struct post *posts;
		size_t posts_count;
		TRY(places_region(c, &region));
		TRY(posts_list(c, &posts, &posts_count));
		v.contacts = arena_array(c->mem, struct board_contact, posts_count + 1);
		for (size_t i = 0; i < posts_count; i++)
			if (str_is(posts[i].kind, "bhabin") || str_is(posts[i].kind, "polsek"))
				v.contacts[v.contacts_count++] = (struct board_contact){ posts[i].name, posts[i].phone,
					url_tel(c->mem, posts[i].phone), posts[i].phone.n > 0 };
	}
	v.region = region.name;
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Calm in the neighbourhood") });
	board_front_view(&r->body, &v);
	return frame_end(c, r);
}

static enum err fill_floods(struct ctx *c, struct board_view *v)
{
	struct alert_flood_waiting *rows;
	TRY(alerts_flood_waiting_for(c, &rows, &v->floods_count));
	v->floods = arena_array(c->mem, struct board_flood, v->floods_count + 1);
	for (size_t i = 0; i < v->floods_count; i++)
		v->floods[i] = (struct board_flood){ rows[i].id, rows[i].text };
	return OK;
}

enum err board_page(struct ctx *c, const struct request *q, struct response *r)
{
	if (accounts_has_ended(c, q))
		return redirect(c, r, S("/sign-in?next=/"));
	if (!c->session)
		return front_page(c, q, r);
	if (!(c->roles & ROLES_ANSWER))
		return redirect(c, r, S("/accounts/me"));
	struct board_view v = { .csrf = frame_csrf(c),
		.today = frame_date_clock(c, c->now_ms),
		.since = live_mark(c),
		.me = arena_i64(c->mem, c->account_id),
		.desk = (c->roles & ROLE_DESK) != 0 };
	TRY(fill_rows(c, &v));
	TRY(fill_duty(c, &v));
	TRY(fill_watches(c, &v));
	TRY(fill_swaps(c, &v));
	TRY(fill_floods(c, &v));
	frame_begin(c, q, r,
		&(struct frame){ .title = words_get(c->lang, "Tonight"),
			.current = "/",
			.script = "live.js",
			.reload_s = RELOAD_S });
	board_view(&r->body, &v);
	return frame_end(c, r);
}
