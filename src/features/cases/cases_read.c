/* What is read on the page of a case: its reports with the newest of their threads, and the timeline, a page at a time. */
#include "features/cases/cases_read.h"
#include "cases_seen_sql.h"
#include "cases_web_sql.h"
#include "features/cases/cases_options.h"
#include "features/circles/circles.h"
#include "web/words.h"

enum { REPORTS_A_PAGE = 10, ENTRIES_A_PAGE = 40, LAST_WORDS = 3 }; /* of reports and entries one more is asked for */

/* What the timeline says, by kind of entry. */
static const char *const entry_names[][2] = {
	{"opened",            N_("Case opened")                               },
        { "report",           N_("Report came in")                            },
        { "called",           N_("Called")                                    },
	{ "unanswered",       N_("Nobody answered in time: climbs")           },
        { "late",             N_("Long silence: climbs")                      },
	{ "unanswered_again", N_("Nobody has answered: called again")         },
	{ "late_again",       N_("Long silence: called again")                },
        { "rang_again",       N_("A further report: called again")            },
	{ "says_calm",        N_("Says that it is calm")                      },
        { "says_false_alarm", N_("Says that it is a false alarm")             },
	{ "helping",          N_("Helps")				     },
        { "planned",          N_("Goes on at a later day")                    },
        { "seen",             N_("Seen")                                      },
	{ "mine",             N_("Takes care of it")                          },
        { "on_the_way",       N_("On the way")                                },
        { "there",            N_("There")                                     },
	{ "calm",             N_("Reports calm")                              },
        { "false_alarm",      N_("False alarm")                               },
	{ "handed_over",      N_("Asks another post to take over")            },
        { "accepted",         N_("Takes over")                                },
	{ "refused",          N_("Cannot take over")                          },
        { "undone",           N_("Took the last answer back")                 },
	{ "message",          N_("Message in the thread")                     },
        { "withdrawn",        N_("Reporter took the text back")               },
	{ "note",             N_("Note")				      },
        { "visit",            N_("Visit")                                     },
        { "call",             N_("Phone call")                                },
        { "patrol",           N_("Patrol")                                    },
	{ "talk",             N_("Talk")				      },
        { "proposed_end",     N_("Proposes to end it as unfounded")           },
	{ "closing",          N_("Asks to close")                             },
        { "confirm_asked",    N_("Asked whether it is calm")                  },
	{ "confirmed",        N_("Confirmed and closed")                      },
        { "reopened",         N_("Open again")                                },
	{ "not_calm",         N_("Reporter: not calm yet")                    },
        { "reporter_calm",    N_("Reporter: it is calm")                      },
	{ "thanks",           N_("Reporter: thanks")                          },
        { "joined",           N_("Another case was joined to this one")       },
	{ "joined_to",        N_("Joined to another case")                    },
	{ "split_off",        N_("Reports went into an incident of their own")},
	{ "split_from",       N_("Split off from another incident")           },
        { "level",            N_("Turned out graver")                         },
	{ "shared",           N_("Opened to another post")                    }
};

static const char *entry_name(struct str kind)
{
	for (size_t i = 0; i < COUNT(entry_names); i++)
		if (str_is(kind, entry_names[i][0]))
			return entry_names[i][1];
	return N_("Something happened");
}

struct str cases_name_of(struct ctx *c, const char *const *codes, const char *const *names, struct str code)
{
	int i = code.p ? code_index(codes, code) : -1;
	return i < 0 ? S("") : words_get(c->lang, names[i]);
}

enum err cases_open_field(
	struct ctx *c, const char *subject, int64_t id, const char *field, struct str *text, bool *sealed)
{
	enum err e = circles_open(c, (struct box_of){ subject, id }, field, text);
	*sealed = e == ERR_DENIED;
	return e == ERR_DENIED ? OK : e;
}

/* The newest messages, in the order they were written. */
static enum err fill_messages(struct ctx *c, struct case_report *report)
{
	struct cases_page_messages_row *rows;
	TRY(cases_page_messages(c, report->id, &rows, &report->messages_count));
	report->messages = arena_array(c->mem, struct case_said, report->messages_count + 1);
	for (size_t i = 0; i < report->messages_count; i++) {
		struct case_said *m = &report->messages[report->messages_count - 1 - i];
		m->reporter = str_is(rows[i].side, "reporter");
		m->from = rows[i].post_name;
		m->at_ms = rows[i].created_ms;
		m->when = frame_date_clock(c, rows[i].created_ms);
		m->withdrawn = rows[i].withdrawn_ms.is;
		if (!m->withdrawn)
			TRY(cases_open_field(c, "report_messages", rows[i].id, "text", &m->text, &m->sealed));
	}
	return OK;
}

enum err cases_read_report(struct ctx *c, int64_t report_id, struct case_report *to)
{
	struct cases_page_report_row row;
	TRY(cases_page_report(c, report_id, &row));
	*to = (struct case_report){ .id = report_id,
		.at_ms = row.created_ms,
		.level = code_index(level_codes, row.level),
		.when = frame_date_clock(c, row.created_ms),
		.why = cases_name_of(c, trigger_codes, trigger_names, row.reason),
		.timing = cases_name_of(c, timing_codes, timing_names, row.timing),
		.withdrawn = row.withdrawn_ms.is };
	if (to->withdrawn)
		return OK;
	bool sealed;
	TRY(cases_open_field(c, "reports", report_id, "text", &to->text, &to->sealed));
	return cases_open_field(c, "reports", report_id, "contact", &to->contact, &sealed);
}

/* From where a page goes on: the id in the query, of a report or entry of the case. */
static int64_t cursor_of(struct ctx *c, const struct request *q, const char *name)
{
	struct str text;
	int64_t id;
	return request_query(c, q, name, &text) && str_to_i64(text, 1, INT64_MAX, &id) ? id : 0;
}

static void fill_answer(struct ctx *c, const struct request *q, int64_t report_id, struct frame_field *f)
{
	struct str to = arena_printf(c->mem, "/reports/%" PRId64 "/messages", report_id);
	*f = frame_field_of(c, q, "text", N_("Answer to the reporter"),
		N_("The reporter reads this, and the posts that read the report."), "textarea", "off", S(""));
	f->id = arena_printf(c->mem, "text-%" PRId64, report_id);
	f->rows = 2;
	f->required = true;
	f->error = S("");
	f->value = form_goes_to(q, to) ? f->value : S("");
	frame_limit_to(c, f, SAID_CHARS_MAX);
}

enum err cases_read_reports(struct ctx *c, const struct request *q, struct case_view *v)
{
	struct cases_seen_reports_row *rows;
	struct cases_page_report_row last = { .created_ms = INT64_MAX };
	int64_t before = cursor_of(c, q, "reports_before");
	if (before) {
		TRY(cases_check_report(c, before, NULL, NULL));
		TRY(cases_page_report(c, before, &last));
	}
	TRY(cases_seen_reports(c, v->id, c->account_id, ROLES_ANSWER, last.created_ms, before, REPORTS_A_PAGE + 1,
		&rows, &v->reports_count));
	v->older_reports = v->reports_count > REPORTS_A_PAGE ? rows[REPORTS_A_PAGE - 1].id : 0;
	v->reports_count = v->older_reports ? REPORTS_A_PAGE : v->reports_count;
	v->later_reports = before;
	v->reports = arena_array(c->mem, struct case_report, v->reports_count + 1);
	for (size_t i = 0; i < v->reports_count; i++) {
		TRY(cases_read_report(c, rows[i].id, &v->reports[i]));
		TRY(fill_messages(c, &v->reports[i]));
		fill_answer(c, q, rows[i].id, &v->reports[i].answer);
		v->reports[i].messages_all = rows[i].messages;
		v->reports[i].messages_all_text = arena_i64(c->mem, rows[i].messages);
	}
	return OK;
}

static int newest_word_first(const void *one, const void *other)
{
	const struct case_word *a = one, *b = other;
	return (a->said->at_ms < b->said->at_ms) - (a->said->at_ms > b->said->at_ms);
}

/* A report is its reporter's first word. */
static const struct case_said *first_word(struct ctx *c, const struct case_report *r)
{
	struct case_said *said = arena_array(c->mem, struct case_said, 1);
	*said = (struct case_said){ .at_ms = r->at_ms,
		.when = r->when,
		.text = r->text.n ? r->text : words_get(c->lang, "Without text."),
		.withdrawn = r->withdrawn,
		.sealed = r->sealed,
		.reporter = true };
	return said;
}

void cases_last_words(struct ctx *c, struct case_view *v)
{
	size_t most = 0;
	for (size_t i = 0; i < v->reports_count; i++)
		most += 1 + v->reports[i].messages_count;
	v->words = arena_array(c->mem, struct case_word, most + 1);
	for (size_t i = 0; i < v->reports_count; i++) {
		const struct case_report *r = &v->reports[i];
		v->words[v->words_count++] = (struct case_word){ r->id, first_word(c, r) };
		for (size_t k = 0; k < r->messages_count; k++)
			if (r->messages[k].reporter)
				v->words[v->words_count++] = (struct case_word){ r->id, &r->messages[k] };
	}
	if (v->words_count)
		qsort(v->words, v->words_count, sizeof *v->words, newest_word_first);
	v->words_count = v->words_count > LAST_WORDS ? LAST_WORDS : v->words_count;
}

enum err cases_read_entries(struct ctx *c, const struct request *q, struct case_view *v)
{
	struct cases_seen_timeline_row *rows;
	struct cases_page_entry_row last = { .created_ms = INT64_MAX };
	bool found = true;
	int64_t before = cursor_of(c, q, "entries_before");
	if (before)
		TRY(cases_page_entry(c, before, v->id, &last, &found));
	if (!found)
		return FAIL(c, ERR_NOT_FOUND, "no such entry in this case");
	TRY(cases_seen_timeline(
		c, v->id, c->account_id, ROLES_ANSWER, 0, last.created_ms, before, false, &rows, &v->entries_count));
	v->older_entries = v->entries_count > ENTRIES_A_PAGE ? rows[ENTRIES_A_PAGE - 1].id : 0;
	v->entries_count = v->older_entries ? ENTRIES_A_PAGE : v->entries_count;
	v->later_entries = before;
	v->entries = arena_array(c->mem, struct case_entry, v->entries_count + 1);
	for (size_t i = 0; i < v->entries_count; i++) {
		struct case_entry *to = &v->entries[i];
		to->when = frame_date_clock(c, rows[i].created_ms);
		to->what = words_get(c->lang, entry_name(rows[i].kind));
		to->who = rows[i].name.p ? rows[i].name : S("");
		if (rows[i].post_name.p)
			to->who = arena_and(c->mem, to->who, rows[i].post_name);
		if (code_index(action_codes, rows[i].kind) >= 0)
			TRY(cases_open_field(c, "case_entries", rows[i].id, "text", &to->text, &to->sealed));
	}
	return OK;
}
