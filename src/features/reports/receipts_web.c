/* The reporter's side: the thread behind a receipt. The receipt travels in bodies of forms only, never in an address. */
#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "features/cases/cases_ending.h"
#include "features/cases/cases_split.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "features/reports/receipts_called.h"
#include "features/reports/receipts_visit.h"
#include "features/reports/reports_sure.h"
#include "features/reports/reports_views.h"
#include "features/reports/reports_web.h"
#include "reports_sql.h"
#include "vault/hash.h"
#include "vault/receipt.h"
#include "web/words.h"

enum { RECEIPT_CHARS_MAX = 60 };

struct receipt_input {
	struct str receipt, text, tag;
	int64_t message, before;
	int calm;
};
enum { CALM_YES, CALM_NO, CALM_THANKS };
static const char *const calm_codes[] = { "yes", "no", "thanks", NULL };
#define RECEIPT_FIELD FIELD(receipt_input, receipt, FIELD_LINE, 1, RECEIPT_CHARS_MAX, true, N_("Receipt"))
/* Of the address that the thread has in this browser (receipts_visit.h). */
#define TAG_FIELD FIELD(receipt_input, tag, FIELD_LINE, 0, WAITING_TAG_BYTES, false, N_("Receipt"))
static const struct field open_fields[] = { RECEIPT_FIELD,
	FIELD(receipt_input, before, FIELD_ID, 0, 0, false, N_("Message")) };
static const struct field say_fields[] = { RECEIPT_FIELD, TAG_FIELD,
	FIELD(receipt_input, text, FIELD_TEXT, 1, TEXT_CHARS_MAX, true, N_("Write more")) };
static const struct field withdraw_fields[] = { RECEIPT_FIELD, TAG_FIELD,
	FIELD(receipt_input, message, FIELD_ID, 0, 0, false, N_("Message")) };
static const struct field confirm_fields[] = { RECEIPT_FIELD, TAG_FIELD,
	FIELD_OF(receipt_input, calm, FIELD_CODE, calm_codes, true, N_("Is it calm?")) };

static enum err again_page(struct ctx *c, const struct request *q, struct response *r);

static enum err known_receipt(struct ctx *c, const struct request *q, struct response *r);

const struct form receipts_form = FORM(receipt_input, open_fields, receipts_page);
const struct form receipts_say_form = FORM_FIRST(receipt_input, say_fields, again_page, known_receipt);
const struct form receipts_withdraw_form = FORM_FIRST(receipt_input, withdraw_fields, again_page, known_receipt);
const struct form receipts_confirm_form = FORM_FIRST(receipt_input, confirm_fields, again_page, known_receipt);

/* A report opened by its receipt. */
struct opened {
	const struct receipt *receipt;
	struct reports_get_row report;
	int64_t before; /* shown are messages before this one; 0: the newest */
};

static void wipe_receipt(void *receipt)
{
	vault_wipe(receipt, sizeof(struct receipt));
}

/* A browser's history keeps titles, and others look into it: the same words as on the first page. */
struct str reports_title(struct ctx *c)
{
	return words_get(c->lang, "Calm in the neighbourhood");
}

enum err receipts_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct receipt_form_view v = {
		.receipt = frame_field_of(c, q, "receipt", N_("Receipt"),
			N_("Five groups of four letters and digits, such as 0Z7K-… Small letters are fine."), "text",
			"off", S(""))
	};
	struct str none;
	v.closed = request_query(c, q, "closed", &none);
	frame_begin(c, q, r, &(struct frame){ .title = reports_title(c) });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	receipt_form_view(&r->body, &v);
	return frame_end(c, r);
}

/* An unknown receipt and one of an unknown region are answered in the same words. */
static enum err unknown(struct ctx *c, const struct request *q, bool mistyped)
{
	if (mistyped)
		(void)form_refuse(
			c, q, "receipt", N_("There is a typing mistake in this receipt. Please compare it once more."));
	else
		(void)form_refuse(
			c, q, "receipt", N_("No report belongs to this receipt. Please compare it once more."));
	return FAIL(c, ERR_NOT_FOUND, "no such receipt");
}

static enum err open_receipt(struct ctx *c, const struct request *q, struct str typed, struct opened *out)
{
	struct receipt *receipt = arena_new_of(c->mem, struct receipt);
	struct reports_receipt_find_row row;
	struct region region;
	bool found;
	arena_defer(c->mem, wipe_receipt, receipt);
	enum code_read read = vault_receipt_read(c->vault, typed, receipt);
	if (read != CODE_OK)
		return unknown(c, q, true);
	enum err e = places_region_by_number(c, receipt->region_number, &region);
	if (e == ERR_NOT_FOUND)
		return unknown(c, q, false);
	TRY(e);
	places_set(c, &region);
	TRY(reports_receipt_find(
		c, (struct str){ (const char *)receipt->lookup, sizeof receipt->lookup }, &row, &found));
	if (!found)
		return unknown(c, q, false);
	out->receipt = receipt;
	out->before = 0;
	return reports_get(c, row.report_id, &out->report);
}

/* What has no receipt of ours is refused before it costs anybody anything. */
static enum err known_receipt(struct ctx *c, const struct request *q, struct response *r)
{
	const struct receipt_input *in = q->form;
	struct opened o;
	TRY(open_receipt(c, q, in->receipt, &o));
	r->spending.subject = (uint64_t)o.report.id;
	return OK;
}

static struct box_of of_report(int64_t id)
{
	return (struct box_of){ "reports", id };
}

static enum err fill_text(struct ctx *c, const struct opened *o, struct receipt_view *v)
{
	const struct key_pair *pair = &o->receipt->pair;
	v->withdrawn = o->report.withdrawn_ms.is;
	if (v->withdrawn)
		return OK;
	TRY(circles_open_receipt(c, of_report(o->report.id), "text", o->report.id, pair, &v->text));
	TRY(circles_open_receipt(c, of_report(o->report.id), "contact", o->report.id, pair, &v->contact));
	v->has_text = v->text.n > 0 || v->contact.n > 0;
	return OK;
}

/* Whether anything is left that the reporter may take back, also on other pages of the thread. */
static enum err fill_may_take_back(struct ctx *c, const struct opened *o, struct receipt_view *v)
{
	struct reports_messages_readable_row readable;
	TRY(reports_messages_readable(c, o->report.id, &readable));
	v->may_take_back = v->has_text || readable.n > 0;
	return OK;
}

static enum err fill_messages(struct ctx *c, const struct opened *o, struct receipt_view *v)
{
	struct reports_messages_row *rows;
	TRY(reports_thread_page(c, o->report.id, o->before, &rows, &v->messages_count, &v->older));
	v->later = o->before != 0;
	v->messages = arena_array(c->mem, struct receipt_message, v->messages_count + 1);
	for (size_t i = 0; i < v->messages_count; i++) {
		struct receipt_message *m = &v->messages[i];
		m->id = rows[i].id;
		m->sent_ms = rows[i].created_ms;
		m->mine = str_is(rows[i].side, "reporter");
		m->withdrawn = rows[i].withdrawn_ms.is;
		m->may_withdraw = m->mine && !m->withdrawn;
		m->from = rows[i].post_name;
		m->when = frame_date_clock(c, rows[i].created_ms);
		if (!m->withdrawn)
			TRY(circles_open_receipt(c, (struct box_of){ "report_messages", m->id }, "text", o->report.id,
				&o->receipt->pair, &m->text));
	}
	return OK;
}

/* What is said of the state, in the reporter's terms. */
static const char *state_words(struct str code)
{
	static const char *const words[][2] = {
		{"ringing",      N_("The posts have been called. Nobody has answered yet.")           },
		{ "seen",        N_("A post has seen it. Nobody has taken it over yet.")              },
		{ "mine",        N_("Somebody is taking care of it.")                                 },
		{ "on_the_way",  N_("Somebody is on the way.")                                        },
		{ "there",       N_("Somebody is there.")                                             },
		{ "calm",        N_("It is reported to be calm.")                                     },
		{ "false_alarm", N_("Posts say that nothing is happening there.")                     },
		{ "closing",     N_("The post says it is settled; somebody else has to confirm that.")},
		{ "closed",      N_("It is settled, and somebody else has confirmed that.")           },
	};
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_is(code, words[i][0]))
			return words[i][1];
	return N_("Somebody is taking care of it.");
}

static struct str said_of(struct ctx *c, const struct alert_told *told)
{
	struct word_value n = { "n", arena_printf(c->mem, "%" PRId64, told->seen) };
	if (told->held && str_is(told->state, "ringing"))
		return words_get(c->lang, "What you wrote stands on the board of the posts. Nobody has answered yet.");
	return told->seen > 1 && str_is(told->state, "seen")
		       ? words_format(c->mem, c->lang, "{n} posts have seen it. Nobody has taken it over yet.", &n, 1)
		       : words_get(c->lang, state_words(told->state));
}

/* The state of the whole: of the case once it is ending, of the alert until then. */
static enum err state_of(struct ctx *c, const struct opened *o, struct case_state *kase, struct alert_told *told)
{
	TRY(cases_state(c, o->report.case_id, kase));
	TRY(alerts_told(c, kase->id, o->report.id, told));
	if (str_is(kase->state, "closing") || str_is(kase->state, "closed"))
		*told = (struct alert_told){ .state = kase->state,
			.due_ms = str_is(kase->state, "closing") ? kase->confirm_by_ms : 0 };
	return OK;
}

/* No call of it is open. */
static bool is_over(const struct case_state *kase, const struct alert_told *told)
{
	return cases_call_is_over(told->state) || str_is(kase->state, "closing") || str_is(kase->state, "closed");
}

/* How it ended, where it has, of what the reporter is told. */
static enum err ending_of(struct ctx *c, const struct opened *o, const struct case_state *kase,
	const struct alert_told *told, struct cases_ending *out)
{
	*out = (struct cases_ending){ .text = S("") };
	return is_over(kase, told) ? cases_ending(c, kase->id, 0, o->report.id, out) : OK;
}

/* Nobody has it now, or who has it is late. */
static bool waits(const struct case_state *kase, const struct alert_told *told)
{
	return !is_over(kase, told) && (told->late_ms || str_is(told->state, "ringing") || str_is(told->state, "seen"));
}

/* A report that was taken out of another incident has a call of its own, and the state before it was that of the other. When that
 * was last raised, until somebody answers. Not where the neighbourhood is spared: nobody is told that there was another one. */
static enum err called_anew(struct ctx *c, const struct opened *o, const struct case_state *kase,
	const struct alert_told *told, int64_t *since_ms)
{
	*since_ms = 0;
	if (o->report.spares_neighbours || !waits(kase, told) || told->held)
		return OK;
	TRY(cases_called_anew(c, o->report.case_id, o->report.created_ms, since_ms));
	if (*since_ms && told->raised_ms > *since_ms)
		*since_ms = told->raised_ms;
	return OK;
}

static enum err fill_called_anew(struct ctx *c, const struct opened *o, const struct case_state *kase,
	const struct alert_told *told, struct receipt_view *v)
{
	int64_t since_ms;
	TRY(called_anew(c, o, kase, told, &since_ms));
	struct word_value time = { "time", frame_date_clock(c, since_ms) };
	if (since_ms)
		v->called_anew = words_format(
			c->mem, c->lang, "The posts were called again for your report: {time}.", &time, 1);
	return OK;
}

/* The field to write in says before anything is sent whom it reaches. */
static enum err fill_write(struct ctx *c, const struct request *q, const struct opened *o, struct receipt_view *v)
{
	struct place place;
	TRY(places_by_id(c, o->report.place_id, &place));
	TRY(places_label(c, place.id, &v->place));
	v->place_code = place.code;
	v->write = frame_field_of(c, q, "text", v->anew ? N_("What is happening?") : N_("Write more"),
		v->over && !v->anew ? N_("What you write now calls the posts again.") : NULL, "textarea", "off", S(""));
	frame_limit(c, &v->write, &receipts_say_form);
	return OK;
}

static enum err show_thread(
	struct ctx *c, const struct request *q, struct response *r, const struct opened *o, const struct visit *visit)
{
	struct str tag = arena_str(c->mem, str_of(visit->tag));
	struct str here = arena_printf(c->mem, "/receipts/%.*s", STR_ARG(tag));
	struct case_state kase;
	struct alert_target *readers;
	struct alert_told told;
	size_t readers_count;
	struct cases_ending ending;
	TRY(state_of(c, o, &kase, &told));
	TRY(ending_of(c, o, &kase, &told, &ending));
	int outcome = kase.outcome.p ? code_index(outcome_codes, kase.outcome) : -1;
	struct receipt_view v = { .receipt = arena_str(c->mem, str_of(o->receipt->text)),
		.level = code_index(level_codes, o->report.level),
		.state = ending.how ? ending.text : said_of(c, &told),
		.held = told.held && told.due_ms,
		.held_until = frame_clock_beside(c, told.due_ms, c->now_ms),
		.unheard = !cases_is_heard(&kase, c->now_ms),
		.over = is_over(&kase, &told),
		.waits = waits(&kase, &told),
		.has_due = !is_over(&kase, &told) && (told.due_ms || told.answer_by_ms),
		.due = frame_left(c, told.due_ms ? told.due_ms : told.answer_by_ms),
		.late = told.late_ms > 0,
		.late_text = frame_span(c, c->now_ms - told.late_ms),
		.alone = told.answer_by_ms > 0,
		.closing = str_is(kase.state, "closing"),
		.outcome = words_get(c->lang, outcome < 0 ? "Calmed" : outcome_names[outcome]),
		.watched = kase.watch_until_ms > c->now_ms && str_is(kase.state, "closed"),
		.watch_until = frame_date(c, kase.watch_until_ms),
		.sent = frame_date_clock(c, o->report.created_ms),
		.notice = visit_notice_words(visit->notice, told.due_ms != 0),
		.tag = tag,
		.here = url_local(here) };
	v.look = o->before ? arena_printf(c->mem, "%.*s?look&before=%" PRId64, STR_ARG(here), o->before)
			   : arena_printf(c->mem, "%.*s?look", STR_ARG(here));
	v.anew = v.unheard || o->report.withdrawn_ms.is;
	v.danger = !v.anew && !str_is(kase.state, "closed");
	TRY(fill_write(c, q, o, &v));
	TRY(cases_reporter_asked(c, o->report.id, &v.asked));
	if (v.over && !v.anew)
		TRY(cases_reporter_thanked(c, kase.id, o->report.id, &v.thanked));
	v.offered = told.offered.p && v.has_due ? told.offered : S("");
	TRY(fill_text(c, o, &v));
	TRY(fill_called_anew(c, o, &kase, &told, &v));
	TRY(fill_messages(c, o, &v));
	TRY(fill_may_take_back(c, o, &v));
	TRY(reports_readers_of(c, o->report.id, &readers, &readers_count));
	v.readers = reports_reader_rows(c, readers, readers_count, &v.readers_count);
	if (v.waits)
		v.called = receipts_called_words(c, readers, readers_count, &told);
	r->plain = true;
	frame_begin(c, q, r, &(struct frame){ .title = reports_title(c), .script = "fresh.js" });
	frame_refusal(c, q, r);
	frame_errors(c, q, r);
	receipt_view(&r->body, &v);
	return frame_end(c, r);
}

static void put_message(struct json *j, const char *from, struct str text, int64_t at_ms)
{
	json_object(j);
	json_key(j, "from");
	json_str(j, str_of(from));
	json_key(j, "text");
	json_str(j, text);
	json_key(j, "at_ms");
	json_int(j, at_ms);
	json_end(j);
}

static void put_time(struct json *j, const char *key, int64_t ms)
{
	json_key(j, key);
	if (ms)
		json_int(j, ms);
	else
		json_null(j);
}

static enum err show_json(struct ctx *c, struct response *r, const struct opened *o)
{
	struct receipt_view v = { 0 };
	struct case_state kase;
	struct alert_told told;
	struct alert_target *readers;
	size_t readers_count;
	struct json j;
	struct cases_ending ending;
	int64_t anew_ms;
	TRY(state_of(c, o, &kase, &told));
	TRY(ending_of(c, o, &kase, &told, &ending));
	TRY(reports_readers_of(c, o->report.id, &readers, &readers_count));
	TRY(called_anew(c, o, &kase, &told, &anew_ms));
	TRY(fill_text(c, o, &v));
	TRY(fill_messages(c, o, &v));
	json_init(&j, response_json(c, r, 200));
	json_object(&j);
	json_key(&j, "state");
	json_str(&j, told.state);
	put_time(&j, "due_ms", told.due_ms);
	put_time(&j, "answer_by_ms", told.answer_by_ms);
	put_time(&j, "late_ms", told.late_ms);
	json_key(&j, "asked_to_take_over");
	if (told.offered.p)
		json_str(&j, told.offered);
	else
		json_null(&j);
	put_time(&j, "rings_by_ms", told.held ? told.due_ms : 0);
	put_time(&j, "called_anew_ms", anew_ms);
	json_key(&j, "ended");
	if (ending.how)
		json_str(&j, str_of(ending.how));
	else
		json_null(&j);
	put_time(&j, "ended_ms", ending.at_ms);
	json_key(&j, "said");
	json_str(&j, ending.how ? ending.text : said_of(c, &told));
	receipts_put_called(c, readers, readers_count, &told, &j);
	json_key(&j, "heard");
	json_bool(&j, cases_is_heard(&kase, c->now_ms));
	json_key(&j, "messages");
	json_array(&j);
	if (v.text.n)
		put_message(&j, "reporter", v.text, o->report.created_ms);
	for (size_t i = 0; i < v.messages_count; i++)
		if (!v.messages[i].withdrawn)
			put_message(&j, v.messages[i].mine ? "reporter" : "post", v.messages[i].text,
				v.messages[i].sent_ms);
	json_end(&j);
	json_key(&j, "before");
	if (v.older)
		json_str(&j, arena_i64(c->mem, v.older));
	else
		json_null(&j);
	json_end(&j);
	return OK;
}

/* Who wants JSON gets the thread; a browser is led to its address, where it is shown. */
static enum err answer(
	struct ctx *c, const struct request *q, struct response *r, const struct opened *o, enum visit_notice notice)
{
	struct visit *visit = arena_new_of(c->mem, struct visit);
	if (q->wants_json)
		return show_json(c, r, o);
	TRY(visit_begin(c, form_value(q, "tag", S("")), o->report.id, o->receipt->text, visit));
	visit->notice = notice;
	return visit_go(c, r, visit, false);
}

enum err receipts_open(struct ctx *c, const struct request *q, struct response *r)
{
	const struct receipt_input *in = q->form;
	struct opened o;
	r->plain = true;
	TRY(open_receipt(c, q, in->receipt, &o));
	o.before = in->before;
	return answer(c, q, r, &o, VISIT_NOTHING);
}

/* Looked at again at its own address, in another language for one, with nothing typed: led there, so that no reload sends the
 * receipt once more, and its hour goes on. */
static enum err look_again(struct ctx *c, const struct request *q, struct response *r, struct visit *visit, bool *led)
{
	struct str tag = form_value(q, "tag", S("")), text = form_value(q, "text", S(""));
	bool open;
	*led = q->show.n && !text.n && waiting_is_tag(tag) &&
	       str_eq(q->path, arena_printf(c->mem, "/receipts/%.*s", STR_ARG(tag)));
	if (!*led)
		return OK;
	TRY(visit_read(c, q, tag, visit, &open));
	return open ? visit_go(c, r, visit, false) : redirect(c, r, S("/receipts?closed"));
}

/* A form of the thread that does not fit, or is only looked at again, is shown inside its thread. */
static enum err again_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct visit *visit = arena_new_of(c->mem, struct visit);
	struct opened o;
	bool led;
	TRY(look_again(c, q, r, visit, &led));
	if (led)
		return OK;
	if (open_receipt(c, q, form_value(q, "receipt", S("")), &o) != OK)
		return receipts_page(c, q, r);
	TRY(visit_begin(c, form_value(q, "tag", S("")), o.report.id, o.receipt->text, visit));
	visit_keep(c, r, visit);
	return show_thread(c, q, r, &o, visit);
}

/* The visit at Q's address and its report. False in *OPEN: it has ended, and *R leads to where a receipt is typed. */
static enum err enter(
	struct ctx *c, const struct request *q, struct response *r, struct visit *visit, struct opened *o, bool *open)
{
	bool left = false;
	TRY(visit_read(c, q, q->params[0], visit, open));
	if (*open) {
		TRY(open_receipt(c, q, str_of(visit->receipt), o));
		TRY(visit_left(c, q->params[0], o->report.id, &left));
	}
	*open = *open && !left;
	return *open ? OK : redirect(c, r, S("/receipts?closed"));
}

enum err receipts_thread_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct visit *visit = arena_new_of(c->mem, struct visit);
	struct opened o;
	struct str text;
	bool open;
	TRY(enter(c, q, r, visit, &o, &open));
	if (!open)
		return OK;
	if (request_query(c, q, "before", &text) && !str_to_i64(text, 1, INT64_MAX, &o.before))
		o.before = 0;
	if (q->wants_json)
		return show_json(c, r, &o);
	struct visit next = *visit;
	next.notice = VISIT_NOTHING;
	if (!request_query(c, q, "look", &text)) /* a page that looks by itself keeps nothing open */
		visit_keep(c, r, &next);
	vault_wipe(&next, sizeof next);
	return show_thread(c, q, r, &o, visit);
}

enum err receipts_new_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct visit *visit = arena_new_of(c->mem, struct visit);
	struct opened o;
	bool open;
	TRY(enter(c, q, r, visit, &o, &open));
	if (!open)
		return OK;
	if (!visit_is_new(c, visit))
		return redirect(c, r, arena_printf(c->mem, "/receipts/%s", visit->tag));
	struct report_made made = {
		.id = o.report.id, .case_id = o.report.case_id, .receipt = arena_str(c->mem, str_of(o.receipt->text))
	};
	TRY(reports_readers_of(c, made.id, &made.readers, &made.readers_count));
	visit_keep(c, r, visit);
	return reports_show_made(c, q, r, &made, visit);
}

struct leaving {
	struct str tag;
	int64_t report_id;
};

static enum err note_left(struct ctx *c, void *arg)
{
	const struct leaving *l = arg;
	return visit_note_left(c, l->tag, l->report_id);
}

enum err receipts_leave(struct ctx *c, const struct request *q, struct response *r)
{
	struct visit *visit = arena_new_of(c->mem, struct visit);
	struct leaving *l = arena_new_of(c->mem, struct leaving);
	struct opened o;
	bool open;
	l->tag = arena_str(c->mem, q->params[0]);
	TRY(visit_read(c, q, l->tag, visit, &open));
	TRY(visit_end(c, r, l->tag));
	sure_end(c, r, l->tag);
	reports_forget_forms(c, r);
	if (open && open_receipt(c, q, str_of(visit->receipt), &o) == OK) {
		l->report_id = o.report.id;
		TRY(request_after(c, note_left, l));
	}
	return redirect(c, r, S("/"));
}

enum err receipts_say(struct ctx *c, const struct request *q, struct response *r)
{
	const struct receipt_input *in = q->form;
	struct case_state kase;
	struct alert_told told;
	struct opened o;
	TRY(open_receipt(c, q, in->receipt, &o));
	TRY(state_of(c, &o, &kase, &told));
	bool over = is_over(&kase, &told);
	if (!q->again)
		TRY(reports_say(c, o.report.id, 0, in->text, NULL));
	TRY(state_of(c, &o, &kase, &told));
	return answer(c, q, r, &o, told.held ? VISIT_HELD : !q->again && over ? VISIT_OPEN_AGAIN : VISIT_SAID);
}

enum err receipts_withdraw(struct ctx *c, const struct request *q, struct response *r)
{
	const struct receipt_input *in = q->form;
	struct opened o;
	TRY(open_receipt(c, q, in->receipt, &o));
	if (!q->again)
		TRY(in->message ? reports_take_back_message(c, o.report.id, in->message)
				: reports_take_back(c, o.report.id));
	TRY(reports_get(c, o.report.id, &o.report));
	return answer(c, q, r, &o, VISIT_TAKEN);
}

enum err receipts_confirm(struct ctx *c, const struct request *q, struct response *r)
{
	const struct receipt_input *in = q->form;
	struct case_state kase;
	struct alert_told told;
	struct opened o;
	TRY(open_receipt(c, q, in->receipt, &o));
	TRY(cases_state(c, o.report.case_id, &kase));
	if (!q->again && in->calm != CALM_YES)
		TRY(reports_may_say(c, o.report.id, kase.id));
	if (!q->again)
		TRY(in->calm == CALM_NO        ? alerts_not_calm(c, kase.id, o.report.id)
			: in->calm == CALM_YES ? cases_reporter_says(c, kase.id, o.report.id, true)
					       : cases_reporter_thanks(c, kase.id, o.report.id));
	TRY(state_of(c, &o, &kase, &told));
	if (in->calm == CALM_THANKS)
		return answer(c, q, r, &o, VISIT_THANKED);
	return answer(c, q, r, &o,
		told.held                      ? VISIT_HELD
		: in->calm == CALM_NO          ? VISIT_OPEN_AGAIN
		: str_is(kase.state, "closed") ? VISIT_CLOSED
					       : VISIT_CALM);
}
