/* What an open board is told: rows, calls, and what its member has become. */
#include "base/json.h"
#include "features/accounts/accounts.h"
#include "features/board/board.h"
#include "features/board/board_rows.h"
#include "features/cases/cases.h"
#include "features/places/places.h"

enum { JSON_BYTES_MAX = 2000 };

enum err board_stream(struct ctx *c, const struct request *q, struct response *r)
{
	const struct accounts_session *me = accounts_signed_in(c);
	int64_t channels[LIVE_CHANNELS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < me->posts_count && count < LIVE_CHANNELS_MAX; i++)
		if (me->posts[i].roles & ROLES_ANSWER)
			channels[count++] = me->posts[i].post_id;
	return live_open(c, q, r, channels, count, c->account_id);
}

enum err board_member(struct ctx *c, int64_t session_id, int64_t account_id, struct board_member *m, bool *lives)
{
	struct board_viewer_posts_row *rows;
	size_t count;
	bool on_duty = false, rostered = false;
	struct str posts = S("");
	TRY(board_viewer_posts(c, session_id, account_id, &rows, &count));
	*m = (struct board_member){ .posts = arena_array(c->mem, int64_t, count + 1) };
	for (size_t i = 0; i < count; i++) {
		on_duty = on_duty || rows[i].on_duty;
		rostered = rostered || (rows[i].roles & (ROLE_OFFICER | ROLE_DESK));
		if (rows[i].roles & ROLES_ANSWER)
			m->posts[m->posts_count++] = rows[i].post_id;
		posts = arena_printf(c->mem, "%.*s %" PRId64 ":%" PRId64 ":%d", STR_ARG(posts), rows[i].post_id,
			rows[i].roles, rows[i].on_duty);
	}
	m->off_duty = rostered && !on_duty;
	m->text = arena_printf(c->mem, "%d%.*s", m->off_duty, STR_ARG(posts));
	*lives = count > 0;
	if (*lives) {
		m->seen_ms = rows[0].seen_ms;
		m->expires_ms = rows[0].expires_ms;
	}
	return OK;
}

/* One message of the protocol: its data may not hold line ends of its own. */
static void put_message(struct buf *out, const char *event, struct str data)
{
	buf_printf(out, "event: %s\ndata: ", event);
	for (size_t i = 0; i < data.n; i++)
		buf_put_char(out, data.p[i] == '\n' || data.p[i] == '\r' ? ' ' : data.p[i]);
	buf_put(out, S("\n\n"));
}

static bool same_posts(const struct live_viewer *v, const struct board_member *m)
{
	size_t same = 0;
	for (size_t i = 0; i < m->posts_count; i++)
		for (size_t k = 0; k < v->channels_count; k++)
			same += m->posts[i] == v->channels[k];
	size_t wanted = m->posts_count < LIVE_CHANNELS_MAX ? m->posts_count : LIVE_CHANNELS_MAX;
	return same == wanted && same == v->channels_count;
}

enum err board_ending_of(
	struct ctx *c, int64_t account_id, int64_t seen_ms, int64_t expires_ms, bool *lives, struct board_ending *out)
{
	int64_t until_ms;
	*out = (struct board_ending){ .time = S("") };
	TRY(accounts_session_until(c, account_id, seen_ms, expires_ms, &until_ms));
	*lives = until_ms > c->now_ms;
	if (until_ms - c->now_ms > ACCOUNTS_SOON_MS)
		return OK;
	TRY(places_enter(c, c->region));
	out->anew = until_ms == expires_ms;
	out->time = frame_clock_beside(c, until_ms, c->now_ms);
	return OK;
}

/* "duty": one message for each post. */
static void put_duties(struct ctx *c, const struct board_duty *duties, size_t count, struct buf *out)
{
	for (size_t i = 0; i < count; i++) {
		struct html h;
		html_init(&h, LIVE_MESSAGE_BYTES_MAX, c->lang);
		board_duty_view(&h, &duties[i]);
		put_message(out, "duty", (struct str){ h.p, h.n });
		html_free(&h);
	}
}

enum err board_viewer(struct ctx *c, const struct live_viewer *v, bool *lives, struct buf *out)
{
	struct board_member m;
	struct board_ending ending;
	struct board_duty *duties;
	size_t duties_count;
	struct html h;
	TRY(board_member(c, v->session_id, v->account_id, &m, lives));
	if (*lives)
		TRY(board_ending_of(c, v->account_id, m.seen_ms, m.expires_ms, lives, &ending));
	*lives = *lives && same_posts(v, &m);
	if (!*lives)
		return OK;
	TRY(places_enter(c, c->region));
	TRY(board_duties_of(c, v->account_id, &duties, &duties_count));
	put_message(out, "member", m.text);
	html_init(&h, LIVE_MESSAGE_BYTES_MAX, c->lang);
	board_ending_view(&h, &ending);
	put_message(out, "ending", (struct str){ h.p, h.n });
	html_free(&h);
	put_duties(c, duties, duties_count, out);
	return OK;
}

static struct board_rows_row like_rows(const struct board_row_row *f)
{
	return (struct board_rows_row){ f->id, f->post_id, f->place_name, f->parent_name, f->place_level, f->level,
		f->reason, f->state, f->owner_id, f->owner_name, f->from_ms, f->alert_id, f->alert_state, f->next_ms,
		f->late_ms, f->unread_ms, f->offered_to, f->offered_name, f->reports, f->raised_ms };
}

static enum err live_row(struct ctx *c, int64_t case_id, int64_t post_id, struct buf *out)
{
	struct board_row_row seen;
	bool found;
	TRY(board_row(c, case_id, post_id, &seen, &found));
	if (!found)
		return OK;
	struct board_rows_row row = like_rows(&seen);
	struct board_row v;
	TRY(board_row_of(c, &row, S(""), true, &v));
	struct html h;
	html_init(&h, LIVE_MESSAGE_BYTES_MAX, c->lang);
	board_row_view(&h, &v);
	bool whole = !h.over;
	put_message(out, "row", (struct str){ h.p, h.n });
	html_free(&h);
	return whole ? OK : FAIL(c, ERR_LIMIT, "the row of a case is longer than a message");
}

/* False: it does not fit into a message. */
static bool put_ring(struct ctx *c, const struct live_event *e, const struct board_case_of_alert_row *a,
	const struct board_call_row *call, struct buf *out)
{
	struct buf text;
	struct json j;
	struct str whole;
	int level = code_index(level_codes, a->level);
	struct str words = words_get(c->lang, level_names[level < 0 ? 0 : level]);
	buf_init(&text, JSON_BYTES_MAX);
	json_init(&j, &text);
	json_object(&j);
	json_key(&j, "case");
	json_str(&j, arena_i64(c->mem, a->case_id));
	json_key(&j, "post");
	json_str(&j, arena_i64(c->mem, e->channel));
	json_key(&j, "roles");
	json_int(&j, call->roles);
	json_key(&j, "duty");
	json_bool(&j, call->on_duty);
	json_key(&j, "said");
	json_str(&j, arena_printf(c->mem, "%.*s: %.*s", STR_ARG(words),
			     STR_ARG(board_place_text(c, a->place_name, a->parent_name, S("rw")))));
	json_end(&j);
	bool fits = buf_finish(&text, &whole);
	put_message(out, "ring", whole);
	buf_free(&text);
	return fits;
}

/* One message for each role that rings at the post: some only for who is on duty. */
static enum err live_ring(struct ctx *c, const struct live_event *e, struct buf *out)
{
	struct board_case_of_alert_row a;
	struct board_call_row *calls;
	size_t calls_count;
	bool found;
	TRY(board_case_of_alert(c, e->subject_id, &a, &found));
	TRY(board_call(c, e->subject_id, e->channel, &calls, &calls_count));
	for (size_t i = 0; i < calls_count && found; i++)
		if (!put_ring(c, e, &a, &calls[i], out))
			return FAIL(c, ERR_LIMIT, "a call is longer than a message");
	return OK;
}

static enum err live_duty(struct ctx *c, int64_t post_id, struct buf *out)
{
	struct board_duty *duties;
	size_t count;
	TRY(board_duty_at(c, post_id, &duties, &count));
	put_duties(c, duties, count, out);
	return OK;
}

enum err board_live(struct ctx *c, const struct live_event *e, enum lang lang, struct buf *out)
{
	c->lang = lang;
	TRY(places_enter(c, c->region));
	if (str_is(e->kind, "@case"))
		return live_row(c, e->subject_id, e->channel, out);
	if (str_is(e->kind, "@duty"))
		return live_duty(c, e->subject_id, out);
	return str_is(e->kind, "@ring") ? live_ring(c, e, out) : OK;
}
