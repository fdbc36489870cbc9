/* The list of cases, and what is done with one. */
#include "features/cases/cases_web.h"
#include "base/id.h"
#include "cases_sql.h"
#include "cases_web_sql.h"
#include "features/accounts/accounts.h"
#include "features/cases/cases_options.h"
#include "features/cases/cases_seen.h"
#include "features/cases/cases_views.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "features/posts/posts.h"
#include "http/session.h"

enum { NOTE_CHARS_MAX = 4000, PAGE_ROWS = 50 };

struct new_input {
	int level, trigger;
	struct str place, text;
};
static const struct field new_fields[] = {
	FIELD(new_input, place, FIELD_LINE, 1, 40, true, N_("Where?")),
	FIELD_OF(new_input, level, FIELD_CODE, level_codes, true, N_("What does it look like?")),
	FIELD_OF(new_input, trigger, FIELD_CODE, trigger_codes, true, N_("What is behind it?")),
	FIELD(new_input, text, FIELD_TEXT, 0, NOTE_CHARS_MAX, false, N_("In a few words")),
};
const struct form cases_new_form = FORM(new_input, new_fields, cases_new_page);

struct note_input {
	int action;
	struct str text;
};
static const struct field note_fields[] = {
	FIELD_OF(note_input, action, FIELD_CODE, action_codes, true, N_("Kind")),
	FIELD(note_input, text, FIELD_TEXT, 1, NOTE_CHARS_MAX, true, N_("In a few words")),
};
const struct form cases_note_form = FORM(note_input, note_fields, cases_show_page);

struct close_input {
	int outcome;
};
static const struct field close_fields[] = {
	FIELD_OF(close_input, outcome, FIELD_CODE, outcome_codes, true, N_("Outcome")),
};
const struct form cases_close_form = FORM(close_input, close_fields, cases_show_page);

struct confirm_input {
	int calm;
	int64_t asked; /* the request that the yes is given to */
};
static const char *const calm_codes[] = { "yes", "no", NULL };
static const struct field confirm_fields[] = {
	FIELD_OF(confirm_input, calm, FIELD_CODE, calm_codes, true, N_("Is it calm?")),
	FIELD(confirm_input, asked, FIELD_ID, 0, 0, false, N_("Asked")),
};
const struct form cases_confirm_form = FORM(confirm_input, confirm_fields, cases_show_page);

struct join_input {
	int64_t into;
};
static const struct field join_fields[] = {
	FIELD(join_input, into, FIELD_ID, 0, 0, true, N_("Case")),
};
const struct form cases_join_form = FORM(join_input, join_fields, cases_show_page);

static enum err to_case(struct ctx *c, struct response *r, int64_t id)
{
	return redirect(c, r, arena_printf(c->mem, "/cases/%" PRId64, id));
}

typedef struct cases_page_rows_row list_row;

static int newest_first(const void *one, const void *other)
{
	const list_row *a = one, *b = other;
	if (a->opened_ms != b->opened_ms)
		return a->opened_ms < b->opened_ms ? 1 : -1;
	return (a->id < b->id) - (a->id > b->id);
}

/* "MS-ID" of the last case of the page before, as the link to older ones says. */
static void older_than(struct ctx *c, const struct request *q, int64_t *ms, int64_t *id)
{
	struct str before, part;
	*ms = *id = INT64_MAX;
	if (request_query(c, q, "before", &before) && str_cut(&before, '-', &part) &&
		str_to_i64(part, 0, INT64_MAX, ms) && str_to_i64(before, 0, INT64_MAX, id))
		return;
	*ms = *id = INT64_MAX;
}

/* One page and one row more, from all posts of the person. */
static enum err list_rows(struct ctx *c, const struct request *q, list_row **rows, size_t *count, bool *several)
{
	const struct accounts_session *me = accounts_signed_in(c);
	int64_t before_ms, before_id;
	size_t posts = 0;
	older_than(c, q, &before_ms, &before_id);
	*rows = arena_array(c->mem, list_row, me->posts_count * (PAGE_ROWS + 1) + 1);
	*count = 0;
	for (size_t i = 0; i < me->posts_count; i++) {
		list_row *some;
		size_t some_count;
		if (!(me->posts[i].roles & ROLES_ANSWER))
			continue;
		posts++;
		TRY(cases_page_rows(c, me->posts[i].post_id, c->account_id, ROLES_ANSWER, before_ms, before_id,
			PAGE_ROWS + 1, &some, &some_count));
		if (some_count)
			memcpy(*rows + *count, some, some_count * sizeof **rows);
		*count += some_count;
	}
	if (*count)
		qsort(*rows, *count, sizeof **rows, newest_first);
	*several = posts > 1;
	return OK;
}

enum err cases_index_page(struct ctx *c, const struct request *q, struct response *r)
{
	list_row *rows;
	bool several;
	struct case_list_view v = { .may_take_down = (c->roles & (ROLE_OFFICER | ROLE_DESK)) != 0 };
	TRY(list_rows(c, q, &rows, &v.rows_count, &several));
	v.has_more = v.rows_count > PAGE_ROWS;
	v.rows_count = v.has_more ? PAGE_ROWS : v.rows_count;
	v.rows = arena_array(c->mem, struct case_line, v.rows_count + 1);
	struct str *places;
	int64_t *ids = arena_array(c->mem, int64_t, v.rows_count + 1);
	for (size_t i = 0; i < v.rows_count; i++)
		ids[i] = rows[i].place_id;
	TRY(places_labels(c, ids, v.rows_count, &places));
	for (size_t i = 0; i < v.rows_count; i++) {
		struct case_seen seen;
		if (several) {
			TRY(cases_seen(c, rows[i].id, &seen));
			rows[i].level = str_of(level_codes[seen.level]);
			rows[i].reason = seen.reason;
			rows[i].alert_state = seen.alert_id ? seen.alert_state : S("");
		}
		v.rows[i] = cases_line(c, rows[i].id, places[i], rows[i].level, rows[i].reason, rows[i].state,
			rows[i].alert_state, rows[i].opened_ms);
	}
	if (v.has_more)
		v.older = arena_printf(
			c->mem, "%" PRId64 "-%" PRId64, rows[v.rows_count - 1].opened_ms, rows[v.rows_count - 1].id);
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Cases"), .current = "/cases" });
	case_list_view(&r->body, &v);
	return frame_end(c, r);
}

enum err cases_new_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct place *places;
	struct str village = S(""), chosen = form_value(q, "place", S(""));
	struct case_new_view v = { .csrf = frame_csrf(c),
		.note = frame_field_of(c, q, "text", N_("In a few words"), N_("Only your own post reads it."),
			"textarea", "off", S("")) };
	frame_limit(c, &v.note, &cases_new_form);
	v.level = frame_choice_of(c, q, "level", N_("What does it look like?"), level_codes, level_names, S(""));
	v.trigger = frame_choice_of(
		c, q, "trigger", N_("What is behind it?"), trigger_codes, trigger_names, S("other"));
	TRY(places_choices(c, &places, &v.places_count));
	v.places = arena_array(c->mem, struct case_place, v.places_count + 1);
	for (size_t i = 0; i < v.places_count; i++) {
		bool is_village = str_is(places[i].level, "village");
		if (is_village)
			village = places[i].name;
		v.places[i] = (struct case_place){ places[i].code,
			is_village ? village
				   : arena_printf(c->mem, "%.*s, %.*s", STR_ARG(places[i].name), STR_ARG(village)),
			str_eq(places[i].code, chosen) };
	}
	frame_begin(
		c, q, r, &(struct frame){ .title = words_get(c->lang, "Open a case by hand"), .current = "/cases" });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	case_new_view(&r->body, &v);
	return frame_end(c, r);
}

/* A note and its text, sealed to those whom its field named. */
static enum err write_note(struct ctx *c, const struct case_seen *seen, const char *kind, struct str text)
{
	struct cases_reader *readers;
	size_t count;
	int64_t entry_id;
	const struct box_field field = { "text", text };
	TRY(cases_note_readers(c, seen, &readers, &count));
	int64_t *posts = arena_array(c->mem, int64_t, count + 1);
	for (size_t i = 0; i < count; i++)
		posts[i] = readers[i].post_id;
	TRY(cases_note_entry(c, seen->case_id, kind, S(""), seen->post_id, 0, &entry_id));
	return circles_seal(c, (struct box_of){ "case_entries", entry_id }, &field, 1, posts, count, 0, NULL);
}

/* The person's own post that covers the place: the one they act for. */
static enum err acting_post(struct ctx *c, int64_t place_id, int64_t *post_id)
{
	struct post *covering;
	size_t covering_count;
	TRY(posts_covering(c, place_id, true, &covering, &covering_count));
	for (size_t i = 0; i < covering_count; i++) {
		const struct membership *m = accounts_at_post(c, covering[i].id);
		if (m && (m->roles & ROLES_ANSWER)) {
			*post_id = m->post_id;
			return OK;
		}
	}
	return REFUSE(c, ERR_DENIED, "None of your posts covers this place.");
}

enum err cases_create(struct ctx *c, const struct request *q, struct response *r)
{
	const struct new_input *in = q->form;
	struct place place;
	int64_t id, post_id;
	enum err e = places_by_code(c, in->place, &place);
	if (e == ERR_NOT_FOUND)
		return form_refuse(c, q, "place", N_("Choose one of these."));
	TRY(e);
	TRY(acting_post(c, place.id, &post_id));
	TRY(cases_open(c, place.id, (enum level)in->level, (enum trigger)in->trigger, false, post_id, &id));
	TRY(cases_add_post(c, id, post_id));
	TRY(cases_set_owner(c, id, c->account_id, post_id));
	TRY(cases_note_entry(c, id, "mine", S(""), post_id, 0, NULL));
	if (in->text.n)
		TRY(write_note(c, &(struct case_seen){ .case_id = id, .post_id = post_id }, "note", in->text));
	TRY(cases_changed(c, id));
	return to_case(c, r, id);
}

static enum err this_case(struct ctx *c, const struct request *q, int64_t *id, int64_t *post_id)
{
	TRY(request_id(c, q, 0, id));
	return cases_check_member(c, *id, post_id);
}

enum err cases_add_note(struct ctx *c, const struct request *q, struct response *r)
{
	const struct note_input *in = q->form;
	struct case_seen seen;
	int64_t id;
	TRY(request_id(c, q, 0, &id));
	TRY(cases_seen(c, id, &seen));
	TRY(write_note(c, &seen, action_codes[in->action], in->text));
	return to_case(c, r, id);
}

enum err cases_ask_closing(struct ctx *c, const struct request *q, struct response *r)
{
	const struct close_input *in = q->form;
	int64_t id, post_id;
	TRY(this_case(c, q, &id, &post_id));
	TRY(cases_ask_to_close(c, id, post_id, str_of(outcome_codes[in->outcome])));
	return to_case(c, r, id);
}

enum err cases_say_calm(struct ctx *c, const struct request *q, struct response *r)
{
	const struct confirm_input *in = q->form;
	int64_t id, post_id;
	TRY(this_case(c, q, &id, &post_id));
	TRY(in->calm == 0 ? cases_confirm(c, id, post_id, in->asked) : cases_open_again(c, id, post_id));
	return to_case(c, r, id);
}

enum err cases_join_other(struct ctx *c, const struct request *q, struct response *r)
{
	const struct join_input *in = q->form;
	int64_t id, post_id, other_post_id;
	TRY(this_case(c, q, &id, &post_id));
	TRY(cases_check_member(c, in->into, &other_post_id));
	TRY(cases_lock_both(c, id, in->into));
	TRY(cases_share_both(c, id, in->into));
	TRY(cases_join(c, id, in->into, post_id));
	return to_case(c, r, in->into);
}
