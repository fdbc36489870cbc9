/* The page of jobs that failed. */
#include "features/jobs/jobs_web.h"
#include "features/audit/audit.h"
#include "features/jobs/jobs_views.h"
#include "jobs/queue.h"

enum { ROWS_MAX = 50 };

static const char *const kinds[][2] = {
	{"alert_climb",        N_("Calling the next posts")               },
	{ "alert_anew",        N_("Calling the posts of a case again")    },
	{ "case_close_due",    N_("Reminding that a case is to be closed")},
	{ "case_reopen",       N_("Opening a case again")                 },
	{ "circle_renew",      N_("Renewing the key of a post")           },
	{ "events_forget",     N_("Forgetting old live events")           },
	{ "invitations_sweep", N_("Forgetting keys of old invitations")   },
	{ "jobs_sweep",        N_("Forgetting work that is done")         },
	{ "notices_forget",    N_("Forgetting old news of accounts")      },
	{ "sessions_forget",   N_("Forgetting sessions that ended")       },
	{ "tokens_forget",     N_("Forgetting tokens of old forms")       },
};

static struct str kind_text(struct ctx *c, struct str kind)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (str_is(kind, kinds[i][0]))
			return words_get(c->lang, kinds[i][1]);
	return kind;
}

static struct jobs_line line_of(struct ctx *c, const struct jobs_failed_rows_row *row)
{
	bool given_up = row->attempt >= JOBS_ATTEMPTS_MAX && !row->uncertain;
	struct str n = arena_i64(c->mem, row->attempt), at = frame_date_clock(c, row->run_after_ms);
	struct word_value tries = { "n", n }, next = { "time", at };
	struct str key = words_plural(c->lang, "It failed {n} time.", "It failed {n} times.", row->attempt);
	if (row->uncertain)
		return (struct jobs_line){ .id = row->id,
			.kind = kind_text(c, row->kind),
			.tries = at,
			.why = words_get(c->lang,
				"Nobody knows whether this happened: the program ended in between. It is not "
				"done again by itself.") };
	return (struct jobs_line){ .id = row->id,
		.kind = kind_text(c, row->kind),
		.tries = words_fill(c->mem, key, &tries, 1),
		.next = given_up ? words_get(c->lang, "It is given up until you say so.")
				 : words_format(c->mem, c->lang, "Next try: {time}", &next, 1),
		.why = row->failed,
		.given_up = given_up };
}

enum err jobs_index_page(struct ctx *c, const struct request *q, struct response *r)
{
	struct jobs_failed_rows_row *rows;
	struct jobs_view v = { .csrf = frame_csrf(c) };
	TRY(jobs_failed_rows(c, ROWS_MAX, &rows, &v.rows_count));
	v.rows = arena_array(c->mem, struct jobs_line, v.rows_count + 1);
	for (size_t i = 0; i < v.rows_count; i++)
		v.rows[i] = line_of(c, &rows[i]);
	frame_begin(c, q, r, &(struct frame){ .title = words_get(c->lang, "Background work"), .current = "/audit" });
	jobs_view(&r->body, &v);
	return frame_end(c, r);
}

enum err jobs_retry(struct ctx *c, const struct request *q, struct response *r)
{
	int64_t id;
	TRY(request_id(c, q, 0, &id));
	if (jobs_again(c, id) != OK)
		return c->err.code == ERR_NOT_FOUND ? REFUSE(c, ERR_NOT_FOUND, "This work is not given up any more.")
						    : c->err.code;
	TRY(audit_note(c, AUDIT_JOB, "jobs", id, S("")));
	return redirect(c, r, S("/jobs"));
}
