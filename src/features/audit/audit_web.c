/* The page of the audit. */
#include "audit_sql.h"
#include "features/audit/audit.h"
#include "features/audit/audit_row.h"
#include "features/audit/audit_views.h"
#include "jobs/queue.h"

enum { PAGE_ROWS = 50 };

#define AUDIT_NAME(constant, code, words) words,
static const char *const names[] = { AUDIT_ACTIONS(AUDIT_NAME) };
#undef AUDIT_NAME

static struct str action_text(struct ctx *c, struct str action)
{
	for (int i = 0; i < AUDIT_ACTIONS_COUNT; i++)
		if (str_is(action, audit_codes[i]))
			return words_get(c->lang, names[i]);
	return action;
}

/* What it was done to, by its table. */
static const char *const subjects[][2] = {
	{"accounts",         N_("account")         },
	{ "alert_floods",    N_("flood of reports")},
	{ "alert_rungs",     N_("ladder")          },
	{ "audit",           N_("record")          },
	{ "case_entries",    N_("note of a case")  },
	{ "cases",           N_("case")            },
	{ "jobs",            N_("background work") },
	{ "invitations",     N_("invitation")      },
	{ "memberships",     N_("membership")      },
	{ "posts",           N_("post")            },
	{ "report_messages", N_("message")         },
	{ "reports",         N_("report")          },
};

static struct str subject_text(struct ctx *c, struct str subject)
{
	for (size_t i = 0; i < COUNT(subjects); i++)
		if (str_is(subject, subjects[i][0]))
			return words_get(c->lang, subjects[i][1]);
	return subject;
}

/* Work that is given up waits for an administrator, who is told so here. */
static enum err tell_of_jobs(struct ctx *c, struct audit_view *v)
{
	struct jobs_given_up_row given_up;
	TRY(jobs_given_up(c, JOBS_ATTEMPTS_MAX, &given_up));
	struct word_value n = { "n", arena_i64(c->mem, given_up.n) };
	struct str key = words_plural(c->lang, "Background work: {n} job failed and waits for you",
		"Background work: {n} jobs failed and wait for you", given_up.n);
	v->may_see_jobs = true;
	v->jobs = given_up.n ? words_fill(c->mem, key, &n, 1) : words_get(c->lang, "Background work: all is done");
	return OK;
}

enum err audit_index_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct audit_page_row *rows;
	struct audit_view v = { 0 };
	struct str before;
	int64_t before_number = INT64_MAX;
	TRY(frame_check_leads(c, ROLE_COMMAND | ROLE_ADMIN));
	if (request_query(c, q, "before", &before) && !str_to_i64(before, 1, INT64_MAX, &before_number))
		before_number = INT64_MAX;
	if (c->roles & ROLE_ADMIN)
		TRY(tell_of_jobs(c, &v));
	TRY(audit_page(c, before_number, &rows, &v.rows_count));
	v.has_more = v.rows_count > PAGE_ROWS;
	v.rows_count = v.has_more ? PAGE_ROWS : v.rows_count;
	v.rows = arena_array(c->mem, struct audit_line, v.rows_count + 1);
	for (size_t i = 0; i < v.rows_count; i++)
		v.rows[i] = (struct audit_line){ .number = rows[i].number,
			.when = frame_date_clock(c, rows[i].at_ms),
			.who = rows[i].name.p ? rows[i].name : words_get(c->lang, "nobody signed in"),
			.action = action_text(c, rows[i].action),
			.subject = subject_text(c, rows[i].subject),
			.detail = rows[i].detail };
	v.more = v.has_more ? rows[v.rows_count - 1].number : 0;
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Audit"), .current = "/audit" });
	audit_view(&r->body, &v);
	return frame_end(c, r);
}
