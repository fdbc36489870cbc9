/* The page of one case. */
#include "base/clock.h"
#include "cases_seen_sql.h"
#include "cases_sql.h"
#include "cases_web_sql.h"
#include "features/accounts/accounts.h"
#include "features/cases/cases.h"
#include "features/cases/cases_answerer.h"
#include "features/cases/cases_confirm.h"
#include "features/cases/cases_options.h"
#include "features/cases/cases_read.h"
#include "features/cases/cases_split.h"
#include "features/cases/cases_views.h"
#include "features/cases/cases_web.h"
#include "features/cases/cases_ending.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "features/posts/posts.h"
#include "http/live.h"
#include "http/session.h"

static const int64_t ALIKE_MS = 12 * HOUR_MS;

const char *const action_codes[] = { "note", "visit", "call", "patrol", "talk", NULL };
const char *const action_names[] = { N_("Note"), N_("Visit"), N_("Phone call"), N_("Patrol"), N_("Talk"), NULL };

const char *cases_state_name(struct str state, struct str alert_state)
{
	static const char *const words[][2] = {
		{"ringing",      N_("Calling")      },
                { "seen",        N_("Seen")         },
                { "mine",        N_("Taken care of")},
		{ "on_the_way",  N_("On the way")   },
                { "there",       N_("There")        },
                { "calm",        N_("Calm")         },
		{ "false_alarm", N_("False alarm")  }
	};
	if (str_is(state, "closing"))
		return N_("To be confirmed");
	if (!str_is(state, "open"))
		return str_is(state, "closed") ? N_("Closed") : N_("Joined");
	for (size_t i = 0; i < COUNT(words) && alert_state.p; i++)
		if (str_is(alert_state, words[i][0]))
			return words[i][1];
	return N_("Open");
}

struct case_line cases_line(struct ctx *c, int64_t id, struct str place, struct str level, struct str why,
	struct str state, struct str alert_state, int64_t opened_ms)
{
	return (struct case_line){ .id = id,
		.place = place,
		.level = code_index(level_codes, level),
		.why = cases_name_of(c, trigger_codes, trigger_names, why),
		.state = words_get(c->lang, cases_state_name(state, alert_state)),
		.opened = frame_date_clock(c, opened_ms) };
}

struct str cases_asked_text(struct ctx *c, struct str post, int64_t until_ms)
{
	struct word_value values[] = {
		{"post",                    post             },
                { "time", until_ms ? frame_clock(c, until_ms) : S("") }
	};
	return words_format(c->mem, c->lang,
		until_ms ? N_("Handed over to {post}, waiting for its answer until {time}.")
			 : N_("Handed over to {post}, which has not answered yet."),
		values, until_ms ? 2 : 1);
}

/* Whom a closing case waits for. */
static struct str waits_text(struct ctx *c, const struct cases_confirming *by, struct str until)
{
	static const char *const words[2][2] = {
		{N_("Nobody who can confirm it is left. On {date} it opens again and rings."),
                 N_("Waiting until {date} for the reporter to confirm. Otherwise it opens again and rings.")},
		{ N_("Waiting until {date} for another member to confirm: {posts}. Otherwise it opens again and "
		     "rings."),
                 N_("Waiting until {date} for the reporter, or another member, to confirm: {posts}. Otherwise "
			   "it opens again and rings.")                                                     }
	};
	struct word_value values[] = {
		{"date",   until    },
                { "posts", by->posts}
	};
	return words_format(c->mem, c->lang, words[by->posts.n > 0][by->reporters], values, by->posts.n ? 2 : 1);
}

enum err cases_confirm_of(struct ctx *c, int64_t case_id, struct str csrf, bool shared, struct case_confirm *out)
{
	struct cases_confirming by;
	TRY(cases_confirming(c, case_id, shared, &by));
	*out = (struct case_confirm){ .id = case_id,
		.csrf = csrf,
		.asked = by.asked_ms,
		.until = frame_date(c, by.until_ms),
		.accounts = by.accounts,
		.may = by.may,
		.shared = shared };
	if (!by.may)
		out->waits = waits_text(c, &by, out->until);
	return cases_closing_text(c, case_id, &out->asks);
}

static enum err fill_alike(
	struct ctx *c, const struct case_seen *seen, int64_t place_id, bool spares, struct case_view *v)
{
	struct cases_page_alike_row *rows;
	size_t rows_count;
	TRY(cases_page_alike(c, seen->case_id, place_id, seen->from_ms - ALIKE_MS, seen->from_ms + ALIKE_MS,
		c->account_id, ROLES_ANSWER, &rows, &rows_count));
	struct str *places;
	int64_t *ids = arena_array(c->mem, int64_t, rows_count + 1);
	for (size_t i = 0; i < rows_count; i++)
		ids[i] = rows[i].place_id;
	TRY(places_labels(c, ids, rows_count, &places));
	v->alike = arena_array(c->mem, struct case_line, rows_count + 1);
	for (size_t i = 0; i < rows_count; i++) {
		bool again = false;
		for (size_t k = 0; k < v->alike_count; k++)
			again = again || v->alike[k].id == rows[i].id;
		if (again)
			continue;
		struct case_line *line = &v->alike[v->alike_count++];
		*line = cases_line(
			c, rows[i].id, places[i], rows[i].level, rows[i].reason, S("open"), S(""), rows[i].from_ms);
		line->apart = rows[i].spares_neighbours != spares;
	}
	return OK;
}

/* The posts that take part, and those that could take over: none that is left out by what the call is about. */
static enum err fill_posts(struct ctx *c, int64_t place_id, struct case_view *v)
{
	struct cases_seen_posts_row *rows;
	struct post *covering;
	size_t covering_count;
	TRY(cases_seen_posts(c, v->id, &rows, &v->posts_count));
	for (size_t i = 0; i < v->posts_count; i++)
		if (rows[i].post_id == v->offered_to)
			v->asked = cases_asked_text(c, rows[i].name, v->late ? 0 : v->next_ms);
	TRY(posts_covering(c, place_id, true, &covering, &covering_count));
	v->posts = arena_array(c->mem, struct case_post, v->posts_count + 1);
	v->others = arena_array(c->mem, struct case_post, covering_count + 1);
	for (size_t i = 0; i < v->posts_count; i++)
		v->posts[i] = (struct case_post){ rows[i].post_id, rows[i].name };
	for (size_t i = 0; i < covering_count; i++) {
		if (cases_may_be_asked(c, &covering[i], v->spared))
			v->others[v->others_count++] = (struct case_post){ covering[i].id, covering[i].name };
	}
	return OK;
}

/* The next step is the largest button; what else is possible stands beside it. */
static void fill_buttons(struct ctx *c, const struct escalation *a, const struct answerer *who, struct case_view *v)
{
	unsigned may = escalation_possible(a, who, c->now_ms);
	v->unowned = !a->owner_id && !a->ended_ms;
	v->mine = a->owner_id == c->account_id && !a->ended_ms;
	v->can_take = (may >> ANSWER_MINE & 1) && !(v->mine && !a->late_ms);
	v->can_go_on = (may >> ANSWER_MINE & 1) && v->mine && !a->late_ms;
	v->can_go = (may >> ANSWER_ON_THE_WAY & 1) && a->state == ALERT_MINE;
	v->can_keep_going = (may >> ANSWER_ON_THE_WAY & 1) && a->state == ALERT_ON_THE_WAY;
	v->can_arrive = (may >> ANSWER_THERE & 1) && a->state != ALERT_THERE;
	v->can_stay = (may >> ANSWER_THERE & 1) && a->state == ALERT_THERE;
	v->can_calm = (may >> ANSWER_CALM & 1) != 0;
	v->can_doubt = (may >> ANSWER_FALSE_ALARM & 1) != 0;
	v->ends_now = escalation_may_end(a, who, c->now_ms);
	v->can_see = (may >> ANSWER_SEEN & 1) != 0;
	v->can_help = (may >> ANSWER_HELPING & 1) != 0;
	v->can_plan = (may >> ANSWER_PLANNED & 1) != 0;
	v->offered_to_me = (may >> ANSWER_ACCEPTED & 1) != 0;
	v->can_hand_over = (may >> ANSWER_HANDED_OVER & 1) && !a->offered_to;
	v->step = cases_next_step(a, may, v->mine, v->ends_now);
}

/* What is left to offer when everything else of the page is known. */
static enum err fill_offers(struct ctx *c, struct case_view *v)
{
	struct cases_calls_open_row calls;
	if (v->open) {
		TRY(cases_calls_open(c, v->id, &calls));
		v->may_close = !calls.n;
	}
	if (v->to_close && v->may_close)
		v->step = STEP_CLOSE;
	v->can_hand_over = v->can_hand_over && v->others_count;
	v->can_answer = v->can_take || v->can_go_on || v->can_go || v->can_keep_going || v->can_arrive || v->can_stay ||
			v->can_calm || v->can_doubt || v->can_see || v->can_help || v->can_plan || v->offered_to_me ||
			v->can_hand_over;
	return OK;
}

/* The last answer can be taken back by who gave it, for a minute, while nobody has gone on from it. */
static enum err fill_undo(struct ctx *c, int64_t alert_id, struct case_view *v)
{
	struct cases_page_answer_row last;
	bool answered, acted;
	TRY(cases_page_answer(c, alert_id, &last, &answered));
	v->answer_id = answered ? last.id : 0;
	if (!answered || last.account_id != c->account_id || last.created_ms + MINUTE_MS <= c->now_ms)
		return OK;
	TRY(cases_others_acted(c, v->id, last.created_ms, &acted));
	v->can_undo = !acted;
	return OK;
}

static enum err fill_alert(struct ctx *c, const struct case_seen *seen, struct case_view *v)
{
	struct cases_page_alert_row row;
	bool found;
	TRY(cases_page_alert(c, seen->alert_id, &row, &found));
	if (!found)
		return OK;
	struct escalation a = cases_call_of(&row);
	struct answerer who;
	int64_t post_id = seen->post_id;
	TRY(cases_acting_post(c, row.id, c->account_id, &post_id));
	TRY(cases_answerer(
		c, row.id, &a, row.unread_report.is ? row.unread_report.v : 0, c->account_id, post_id, &who));
	TRY(fill_undo(c, row.id, v));
	if (a.ended_ms && !v->can_undo)
		return OK;
	v->alert_id = row.id;
	v->spared = row.spared;
	v->has_next = a.next_ms && !a.ended_ms;
	v->next_ms = a.next_ms;
	v->left = frame_left(c, a.next_ms);
	v->left_s = (a.next_ms - c->now_ms) / SECOND_MS;
	v->waits_s = frame_seconds_since(c, row.raised_ms);
	v->waits = frame_span(c, v->waits_s * SECOND_MS);
	v->late = a.late_ms && !a.ended_ms;
	v->late_text = frame_span(c, c->now_ms - a.late_ms);
	v->unread = a.unread_ms && !who.blind && !a.ended_ms;
	fill_buttons(c, &a, &who, v);
	v->offered_to = a.ended_ms ? 0 : a.offered_to;
	v->unanswered = v->late && v->unowned;
	if (row.over_name.p && !a.ended_ms) {
		struct word_value values[] = {
			{"name",  row.over_name     },
                        { "post", row.over_post_name}
		};
		v->over = words_format(c->mem, c->lang,
			"{name} ({post}) says that it is over. A member of another called post has to agree.", values,
			COUNT(values));
	}
	return OK;
}

static enum err fill_owner(struct ctx *c, const struct case_seen *seen, struct case_view *v)
{
	struct cases_page_owner_row owner;
	bool found = false;
	if (seen->owner_id.is)
		TRY(cases_page_owner(c, seen->owner_id.v, &owner, &found));
	if (!found)
		return OK;
	struct word_value name = { "name", owner.name };
	v->owner = owner.name;
	v->owner_text = words_format(c->mem, c->lang, "{name} takes care of it", &name, 1);
	return OK;
}

/* Who will read a note is named where it is written. */
static enum err fill_note(struct ctx *c, const struct case_seen *seen, struct case_view *v)
{
	struct cases_reader *readers;
	struct str names = S("");
	size_t count;
	TRY(cases_note_readers(c, seen, &readers, &count));
	for (size_t i = 0; i < count; i++)
		names = arena_and(c->mem, names, readers[i].name);
	struct word_value posts = { "posts", names };
	v->note.told = words_format(c->mem, c->lang, "Read by: {posts}.", &posts, 1);
	return OK;
}

/* Who tapped second comes here from their tap. */
static void fill_beaten(struct ctx *c, const struct request *q, struct case_view *v)
{
	struct str none;
	struct word_value name = { "name", v->owner };
	v->came_late = request_query(c, q, "late", &none);
	if (v->came_late && v->alert_id && !v->mine && v->owner.n)
		v->beaten = words_format(c->mem, c->lang, "{name} was first.", &name, 1);
}

/* What stood in the forms of the call and of closing, where one of them is shown again. */
static void fill_typed(struct ctx *c, const struct request *q, struct case_view *v)
{
	v->date = S("");
	v->asks_closing = form_goes_to(q, arena_printf(c->mem, "/cases/%" PRId64 "/close", v->id));
	if (!form_goes_to(q, arena_printf(c->mem, "/cases/%" PRId64 "/notes", v->id)))
		v->note.value = S("");
	v->asks = v->alert_id && form_goes_to(q, arena_printf(c->mem, "/alerts/%" PRId64 "/answers", v->alert_id));
	if (!v->asks)
		return;
	v->date = form_value(q, "date", S(""));
	(void)!str_to_i64(form_value(q, "to_post", S("")), 1, INT64_MAX, &v->to_post);
}

/* The calls have ended: when it is to be closed. */
static void fill_close_by(struct ctx *c, const struct case_seen *seen, struct case_view *v)
{
	v->to_close = v->open && seen->alert_id && cases_call_is_over(seen->alert_state) && seen->next_ms.is;
	if (!v->to_close)
		return;
	v->close_left = frame_left(c, seen->next_ms.v);
	v->close_left_s = (seen->next_ms.v - c->now_ms) / SECOND_MS;
	v->close_late = seen->next_ms.v <= c->now_ms;
	v->close_late_text = frame_span(c, c->now_ms - seen->next_ms.v);
}

static enum err fill_call(struct ctx *c, const struct request *q, const struct case_seen *seen, struct case_view *v)
{
	if (v->closing)
		TRY(cases_confirm_of(c, v->id, v->csrf, false, &v->confirm));
	TRY(fill_owner(c, seen, v));
	TRY(fill_alert(c, seen, v));
	if (v->closed || (v->open && seen->alert_id && cases_call_is_over(seen->alert_state)))
		TRY(cases_ending(c, v->id, seen->alert_id, 0, &v->ending));
	fill_close_by(c, seen, v);
	fill_beaten(c, q, v);
	fill_typed(c, q, v);
	return OK;
}

/* A post that was called for a report which it does not read learns whom it can ask. */
static enum err fill_read_by(struct ctx *c, bool spares, struct case_view *v)
{
	struct cases_reading_posts_row *rows;
	size_t count;
	v->read_by = S("");
	if (spares || v->reports_count || v->later_reports)
		return OK;
	TRY(cases_reading_posts(c, v->id, &rows, &count));
	for (size_t i = 0; i < count; i++)
		v->read_by = arena_and(c->mem, v->read_by, rows[i].name);
	return OK;
}

static enum err fill_around(
	struct ctx *c, const struct case_seen *seen, const struct cases_get_row *row, struct case_view *v)
{
	TRY(fill_read_by(c, row->spares_neighbours, v));
	TRY(fill_posts(c, row->place_id, v));
	TRY(fill_offers(c, v));
	TRY(cases_may_split(c, seen, &v->may_split));
	TRY(cases_split_origin(c, v->id, seen->post_id, &v->split_from));
	if (!v->open)
		return OK;
	TRY(fill_note(c, seen, v));
	return fill_alike(c, seen, row->place_id, row->spares_neighbours, v);
}

enum err cases_show_page(struct ctx *c, const struct request *q, struct response *r)
{
	int64_t id;
	TRY(request_id(c, q, 0, &id));
	return cases_show(c, q, r, id);
}

enum err cases_show(struct ctx *c, const struct request *q, struct response *r, int64_t id)
{
	struct cases_get_row row;
	struct case_seen seen;
	struct str none;
	TRY(cases_seen(c, id, &seen));
	TRY(cases_get(c, id, &row));
	struct case_view v = { .id = id,
		.level = (int)seen.level,
		.since = live_mark(c),
		.csrf = frame_csrf(c),
		.why = cases_name_of(c, trigger_codes, trigger_names, seen.reason),
		.state = words_get(c->lang, cases_state_name(row.state, seen.alert_id ? seen.alert_state : S(""))),
		.opened = frame_date_clock(c, seen.from_ms),
		.open = str_is(row.state, "open"),
		.closing = str_is(row.state, "closing"),
		.closed = str_is(row.state, "closed"),
		.joined = str_is(row.state, "joined"),
		.joined_to = row.joined_to.is ? row.joined_to.v : 0,
		.watched = row.watch_until_ms.is && row.watch_until_ms.v > c->now_ms,
		.watch_until = frame_date(c, row.watch_until_ms.is ? row.watch_until_ms.v : c->now_ms),
		.note = frame_field_of(c, q, "text", N_("In a few words"), NULL, "textarea", "off", S("")) };
	v.outcome_choice = frame_choice_of(c, q, "outcome", N_("Outcome"), outcome_codes, outcome_names, S(""));
	v.action = frame_choice_of(c, q, "action", N_("Kind"), action_codes, action_names, S(""));
	frame_limit(c, &v.note, &cases_note_form);
	TRY(places_label(c, row.place_id, &v.place));
	v.split_now = request_query(c, q, "split", &none);
	TRY(fill_call(c, q, &seen, &v));
	TRY(circles_reading(c, (struct box_of){ "cases", id }));
	TRY(cases_shown(c, id, &v.shown));
	TRY(cases_read_reports(c, q, &v));
	if (v.unread || v.asks)
		cases_last_words(c, &v);
	TRY(cases_read_entries(c, q, &v));
	TRY(fill_around(c, &seen, &row, &v));
	frame_begin(c, q, r,
		&(struct frame){ .title = v.place, .current = "/cases", .script = "fresh.js", .several = true });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	case_view(&r->body, &v);
	return frame_end(c, r);
}
