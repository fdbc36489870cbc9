/* Opening a case to a further post: one that takes over, or those of a case that is joined to it. */
#include "cases_sql.h"
#include "features/cases/cases_seen.h"
#include "features/circles/circles.h"
#include "features/posts/posts.h"

enum err cases_share(struct ctx *c, int64_t case_id, int64_t post_id)
{
	struct cases_sealed_row *rows;
	struct post post;
	size_t rows_count;
	TRY(posts_by_id(c, post_id, &post));
	bool neighbour = str_is(post.kind, "rw");
	TRY(cases_sealed(c, case_id, neighbour, &rows, &rows_count));
	for (size_t i = 0; i < rows_count; i++) {
		enum err e = circles_share(c, (struct box_of){ rows[i].subject.p, rows[i].subject_id }, &post_id, 1);
		if (e != OK && e != ERR_DENIED)
			return e; /* without text, or sealed to others: there is no key to share */
	}
	TRY(cases_readers_add(c, case_id, post_id, neighbour));
	return cases_seen_anew(c, case_id);
}

static enum err share_with_posts(struct ctx *c, int64_t case_id, const int64_t *post_ids, size_t posts_count)
{
	for (size_t i = 0; i < posts_count; i++)
		TRY(cases_share(c, case_id, post_ids[i]));
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
