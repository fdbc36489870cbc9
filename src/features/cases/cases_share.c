/* Opening a case to a further post: one that takes over, or those of a case that is joined to it. */
#include "cases_sql.h"
#include "features/cases/cases_seen.h"
#include "features/accounts/accounts.h"
#include "features/audit/audit.h"
#include "features/circles/circles.h"
#include "features/posts/posts.h"

/* Everything sealed of one report, or the notes of the case, that the person can open. *opened: there was something, and it was
 * theirs to give. */
static enum err share_rows(
	struct ctx *c, const struct cases_sealed_row *rows, size_t count, int64_t post_id, int64_t *given)
{
	for (size_t i = 0; i < count; i++) {
		enum err e = circles_share(c, (struct box_of){ rows[i].subject.p, rows[i].subject_id }, &post_id, 1);
		if (e != OK && e != ERR_DENIED)
			return e; /* without text, or sealed to others: there is no key to share */
		*given += e == OK;
	}
	return OK;
}

/* What a person hands on is what they see; notes go to who takes over, and with no join: they were not written for those. */
static enum err share(struct ctx *c, int64_t case_id, int64_t post_id, bool notes)
{
	struct cases_sealed_row *rows;
	struct post post;
	int64_t given = 0;
	size_t rows_count;
	TRY(posts_by_id(c, post_id, &post));
	bool neighbour = str_is(post.kind, "rw");
	TRY(cases_sealed(c, case_id, neighbour, notes, c->account_id, ROLES_ANSWER, &rows, &rows_count));
	TRY(share_rows(c, rows, rows_count, post_id, &given));
	TRY(cases_readers_add(c, case_id, post_id, neighbour, c->account_id, ROLES_ANSWER));
	return given ? audit_note(c, AUDIT_KEY_GIVEN, "cases", case_id,
			       arena_printf(c->mem, "post=%" PRId64 " shared %" PRId64, post_id, given))
		     : OK;
}

enum err cases_share(struct ctx *c, int64_t case_id, int64_t post_id)
{
	struct post post;
	struct cases_get_row kase;
	TRY(posts_by_id(c, post_id, &post));
	TRY(cases_get(c, case_id, &kase));
	if (kase.spares_neighbours && str_is(post.kind, "rw"))
		return REFUSE(
			c, ERR_INPUT, "The reporter asked that the head of the RW is not told. Choose another post.");
	TRY(share(c, case_id, post_id, true));
	return cases_seen_anew(c, case_id);
}

static enum err share_with_posts(struct ctx *c, int64_t case_id, const int64_t *post_ids, size_t posts_count)
{
	for (size_t i = 0; i < posts_count; i++)
		TRY(share(c, case_id, post_ids[i], false));
	return OK;
}

enum err cases_share_both(struct ctx *c, int64_t case_id, int64_t other_id)
{
	int64_t *posts, *others;
	size_t posts_count, others_count;
	TRY(cases_posts(c, case_id, &posts, &posts_count));
	TRY(cases_posts(c, other_id, &others, &others_count));
	TRY(share_with_posts(c, case_id, others, others_count));
	return share_with_posts(c, other_id, posts, posts_count);
}
