#include "features/cases/cases_confirm.h"
#include "cases_seen_sql.h"
#include "cases_sql.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_lineage.h"
#include "features/posts/posts.h"

/* Who asks to close a case, and who has it in hand or, for the reporters' words, ever had. */
struct hands {
	struct opt_int asker;
	struct cases_hands_row *rows;
	size_t count;
};

static enum err load_hands(struct ctx *c, int64_t case_id, bool ever, struct hands *h)
{
	struct cases_asker_row row;
	TRY(cases_asker(c, case_id, &row));
	h->asker = row.closing_by;
	return cases_hands(c, case_id, ever, &h->rows, &h->count);
}

/* Whether an account counts as one person with any of those who have it. */
static enum err is_among(struct ctx *c, int64_t account_id, const struct hands *h, bool *is)
{
	*is = false;
	for (size_t i = 0; i < h->count && !*is; i++)
		TRY(accounts_one_person(c, account_id, h->rows[i].account_id, is));
	return OK;
}

/* Whether an account counts as one person with who asks to close the case; with nobody while nobody does. */
static enum err is_asker(struct ctx *c, int64_t account_id, const struct hands *h, bool *is)
{
	*is = false;
	return h->asker.is ? accounts_one_person(c, account_id, h->asker.v, is) : OK;
}

static enum err may_confirm(struct ctx *c, const struct hands *h, int64_t account_id, bool *may)
{
	bool asks, has, asker_has = true;
	TRY(is_asker(c, account_id, h, &asks));
	TRY(is_among(c, account_id, h, &has));
	if (has && h->asker.is)
		TRY(is_among(c, h->asker.v, h, &asker_has));
	*may = !asks && !(has && asker_has);
	return OK;
}

enum err cases_may_confirm(struct ctx *c, int64_t case_id, bool *may)
{
	struct hands h;
	TRY(load_hands(c, case_id, false, &h));
	return may_confirm(c, &h, c->account_id, may);
}

/* Whether a member of the post may; ACCOUNTS, unless NULL, is given each that may. */
static enum err post_may(struct ctx *c, const struct hands *h, int64_t post_id, struct str *accounts, bool *may)
{
	struct cases_answering_row *rows;
	size_t count;
	*may = false;
	TRY(cases_answering(c, post_id, ROLES_ANSWER, &rows, &count));
	for (size_t i = 0; i < count && (accounts || !*may); i++) {
		bool one;
		TRY(may_confirm(c, h, rows[i].account_id, &one));
		*may = *may || one;
		if (one && accounts)
			*accounts = arena_printf(c->mem, "%.*s%s%" PRId64, STR_ARG(*accounts), accounts->n ? " " : "",
				rows[i].account_id);
	}
	return OK;
}

/* The names of the posts of which a member may. */
static enum err posts_that_may(
	struct ctx *c, int64_t case_id, const struct hands *h, struct str *accounts, struct str *names)
{
	struct cases_seen_posts_row *posts;
	size_t count;
	*names = S("");
	TRY(cases_seen_posts(c, case_id, &posts, &count));
	for (size_t i = 0; i < count; i++) {
		bool may;
		TRY(post_may(c, h, posts[i].post_id, accounts, &may));
		if (may)
			*names = arena_and(c->mem, *names, posts[i].name);
	}
	return OK;
}

/* Whether somebody who had the case, or asks to close it, wrote down one of its reports: then they know its receipt too. */
static enum err went_through_hands(struct ctx *c, int64_t case_id, bool *went)
{
	struct cases_writers_row *writers;
	size_t count;
	struct hands h;
	*went = false;
	TRY(cases_writers(c, case_id, &writers, &count));
	TRY(load_hands(c, case_id, true, &h));
	for (size_t i = 0; i < count && !*went; i++) {
		TRY(is_asker(c, writers[i].account_id, &h, went));
		if (!*went)
			TRY(is_among(c, writers[i].account_id, &h, went));
	}
	return OK;
}

/* One person never does both halves of an end, and anybody can have written a report as nobody. So a reporter's word stands
 * for their own report: together they close what came from reports alone, when each of them has said so and nobody but who
 * asks has written down anything of it. Where a case spares the neighbourhood they never do: whether a yes closed it would
 * tell one reporter that there are others. COUNT: their words are of such a case; SILENT: one of them has not yet. */
static enum err words_count(struct ctx *c, int64_t case_id, bool *count, bool *silent)
{
	struct cases_words_row words;
	bool went;
	TRY(cases_words(c, case_id, &words));
	*silent = words.silent > 0;
	*count = words.closing && !words.spares_neighbours && !words.by_member;
	if (!*count)
		return OK;
	TRY(went_through_hands(c, case_id, &went));
	*count = !went;
	return OK;
}

enum err cases_words_close(struct ctx *c, int64_t case_id, bool *close)
{
	bool silent;
	TRY(words_count(c, case_id, close, &silent));
	*close = *close && !silent;
	return OK;
}

enum err cases_confirming(struct ctx *c, int64_t case_id, bool each, struct cases_confirming *out)
{
	struct cases_get_row kase;
	struct hands h;
	bool silent;
	TRY(cases_get(c, case_id, &kase));
	TRY(load_hands(c, case_id, false, &h));
	*out = (struct cases_confirming){ .posts = S(""),
		.accounts = S(""),
		.outcome = kase.outcome,
		.asked_ms = or_zero(kase.closing_ms),
		.until_ms = or_zero(kase.confirm_by_ms) };
	if (!each)
		TRY(may_confirm(c, &h, c->account_id, &out->may));
	if (out->may)
		return OK;
	TRY(posts_that_may(c, case_id, &h, each ? &out->accounts : NULL, &out->posts));
	return words_count(c, case_id, &out->reporters, &silent);
}

/* Takes the post in when a member of it may confirm; one of mediators or of a neighbourhood is never asked. */
static enum err ask_post(struct ctx *c, int64_t case_id, const struct hands *h, const struct post *p, bool *asked)
{
	*asked = false;
	if (str_is(p->kind, "fkpm") || str_is(p->kind, "rw"))
		return OK;
	TRY(post_may(c, h, p->id, NULL, asked));
	if (!*asked)
		return OK;
	TRY(cases_add_post(c, case_id, p->id));
	return cases_note_entry(c, case_id, "confirm_asked", S(""), p->id, 0, NULL);
}

enum err cases_ask_one_more(struct ctx *c, int64_t case_id, int64_t place_id, int64_t post_id)
{
	struct hands h;
	struct str names;
	struct post post, *covering;
	size_t count;
	bool asked = false;
	TRY(load_hands(c, case_id, false, &h));
	TRY(posts_that_may(c, case_id, &h, NULL, &names));
	if (names.n)
		return OK;
	TRY(posts_by_id(c, post_id, &post));
	while (post.parent_id && !asked) {
		TRY(posts_by_id(c, post.parent_id, &post));
		TRY(ask_post(c, case_id, &h, &post, &asked));
	}
	TRY(posts_covering(c, place_id, false, &covering, &count));
	for (size_t i = 0; i < count && !asked; i++)
		TRY(ask_post(c, case_id, &h, &covering[i], &asked));
	return OK;
}
