#include "features/posts/posts.h"
#include "base/id.h"
#include "features/accounts/accounts.h"
#include "features/circles/circles.h"
#include "features/places/places.h"
#include "http/live.h"
#include "posts_sql.h"

#define POST_OF(row)                                                                                                   \
	((struct post){ .id = (row).id,                                                                                \
		.place_id = (row).place_id,                                                                            \
		.parent_id = (row).parent_id.is ? (row).parent_id.v : 0,                                               \
		.kind = (row).kind,                                                                                    \
		.name = (row).name,                                                                                    \
		.phone = (row).phone })

enum err posts_by_id(struct ctx *c, int64_t id, struct post *out)
{
	struct posts_get_row row;
	bool found;
	TRY(posts_get(c, id, &row, &found));
	if (!found)
		return REFUSE(c, ERR_NOT_FOUND, "There is no such post here.");
	*out = POST_OF(row);
	return OK;
}

struct list {
	struct post *rows;
	size_t count, cap;
};

static void add(struct ctx *c, struct list *l, struct post p)
{
	l->rows = arena_grow(c->mem, l->rows, l->count, &l->cap, l->count + 1, sizeof *l->rows);
	l->rows[l->count++] = p;
}

enum err posts_covering(struct ctx *c, int64_t place_id, bool with_below, struct post **rows, size_t *rows_count)
{
	struct place place;
	struct posts_upward_row *over;
	size_t over_count;
	struct list all = { 0 };
	TRY(places_by_id(c, place_id, &place));
	TRY(posts_upward(c, place_id, &over, &over_count));
	for (size_t i = 0; i < over_count; i++)
		add(c, &all, POST_OF(over[i]));
	if (with_below && str_is(place.level, "village")) {
		struct posts_below_row *below;
		size_t below_count;
		TRY(posts_below(c, place_id, &below, &below_count));
		for (size_t k = 0; k < below_count; k++)
			add(c, &all, POST_OF(below[k]));
	}
	*rows = all.rows;
	*rows_count = all.count;
	return OK;
}

enum err posts_list(struct ctx *c, struct post **rows, size_t *rows_count)
{
	struct posts_all_row *found;
	struct list all = { 0 };
	TRY(posts_all(c, &found, rows_count));
	for (size_t i = 0; i < *rows_count; i++)
		add(c, &all, POST_OF(found[i]));
	*rows = all.rows;
	return OK;
}

enum err posts_create(struct ctx *c, const struct post *what, int64_t *id, uint8_t secret[32])
{
	*id = id_new(c->now_ms);
	TRY(posts_insert(c, *id, what->kind, what->name, what->place_id,
		(struct opt_int){ what->parent_id != 0, what->parent_id }, what->phone));
	return circles_create(c, *id, what->parent_id, secret);
}

enum err posts_me_on_duty(struct ctx *c, int64_t post_id, bool *on_duty)
{
	struct posts_duty_of_row row;
	return posts_duty_of(c, post_id, c->account_id, &row, on_duty);
}

bool posts_is_rostered(struct str kind)
{
	return str_is(kind, "bhabin") || str_is(kind, "polsek") || str_is(kind, "call110");
}

enum err posts_duty_changed(struct ctx *c, int64_t post_id, int64_t account_id)
{
	TRY(live_publish(c, post_id, "@duty", post_id));
	/* Asked again, the member's own board learns whether calls ring for them. */
	return live_end_account(c, account_id);
}

static enum err changed_now(struct ctx *c, int64_t post_id, int64_t account_id, int64_t from_ms, int64_t until_ms)
{
	return from_ms <= c->now_ms && until_ms > c->now_ms ? posts_duty_changed(c, post_id, account_id) : OK;
}

/* Ends what overlaps [*FROM_MS, *UNTIL_MS) of this member's duties, but KEEP_ID, and widens the span by it. */
static enum err absorb(
	struct ctx *c, int64_t keep_id, int64_t post_id, int64_t account_id, int64_t *from_ms, int64_t *until_ms)
{
	struct posts_duties_over_row *rows;
	size_t rows_count, ended = 1;
	while (ended) { /* a wider span may meet more */
		ended = 0;
		TRY(posts_duties_over(c, post_id, account_id, *from_ms, *until_ms, &rows, &rows_count));
		for (size_t i = 0; i < rows_count; i++) {
			if (rows[i].id == keep_id)
				continue;
			*from_ms = rows[i].from_ms < *from_ms ? rows[i].from_ms : *from_ms;
			*until_ms = rows[i].until_ms > *until_ms ? rows[i].until_ms : *until_ms;
			TRY(posts_duty_end(c, rows[i].id));
			TRY(posts_swaps_close(c, rows[i].id));
			ended++;
		}
	}
	return OK;
}

enum err posts_add_duty(
	struct ctx *c, int64_t post_id, int64_t account_id, int64_t from_ms, int64_t until_ms, int64_t *id)
{
	struct posts_duties_over_row *rows;
	size_t rows_count;
	assert(until_ms > from_ms);
	TRY(posts_duties_over(c, post_id, account_id, from_ms, until_ms, &rows, &rows_count));
	for (size_t i = 0; i < rows_count; i++)
		if (rows[i].from_ms <= from_ms && rows[i].until_ms >= until_ms) {
			*id = rows[i].id;
			return OK;
		}
	*id = id_new(c->now_ms);
	TRY(absorb(c, *id, post_id, account_id, &from_ms, &until_ms));
	TRY(posts_duty_insert(c, *id, post_id, account_id, from_ms, until_ms));
	return changed_now(c, post_id, account_id, from_ms, until_ms);
}

enum err posts_last_duty(struct ctx *c, int64_t post_id, int64_t account_id, int64_t *from_ms)
{
	struct posts_duty_last_row row;
	TRY(posts_duty_last(c, post_id, account_id, &row));
	*from_ms = row.from_ms;
	return OK;
}

enum err posts_pass_duty(struct ctx *c, int64_t duty_id, int64_t account_id)
{
	struct posts_duty_get_row duty;
	bool found;
	TRY(posts_duty_get(c, duty_id, &duty, &found));
	if (!found)
		return FAIL(c, ERR_NOT_FOUND, "no such duty");
	TRY(posts_swaps_close(c, duty_id));
	TRY(changed_now(c, duty.post_id, duty.account_id, duty.from_ms, duty.until_ms));
	TRY(absorb(c, duty_id, duty.post_id, account_id, &duty.from_ms, &duty.until_ms));
	TRY(posts_duty_pass(c, duty_id, account_id, duty.from_ms, duty.until_ms));
	return changed_now(c, duty.post_id, account_id, duty.from_ms, duty.until_ms);
}

enum err posts_take_off(struct ctx *c, int64_t duty_id)
{
	struct posts_duty_get_row duty;
	bool found;
	TRY(posts_duty_get(c, duty_id, &duty, &found));
	if (!found)
		return FAIL(c, ERR_NOT_FOUND, "no such duty");
	TRY(posts_duty_end(c, duty_id));
	TRY(posts_swaps_close(c, duty_id));
	return changed_now(c, duty.post_id, duty.account_id, duty.from_ms, duty.until_ms);
}

enum err posts_end_duties(struct ctx *c, int64_t post_id, int64_t account_id)
{
	TRY(posts_swaps_close_from(c, post_id, account_id));
	TRY(posts_swaps_close_to(c, post_id, account_id));
	TRY(posts_duties_end_of(c, post_id, account_id));
	return posts_duty_changed(c, post_id, account_id);
}
