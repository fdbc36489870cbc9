/* Who is on duty at the posts of a board. */
#include "base/clock.h"
#include "features/board/board_rows.h"
#include "features/frame/frame.h"
#include "features/posts/posts.h"

#define SEEN_OF(row)                                                                                                   \
	((struct seen){ (row).post_id, (row).post_name, (row).kind, (row).name, (row).until_ms, (row).since_ms })

/* A person on duty at a post; without a name nobody is. */
struct seen {
	int64_t post_id;
	struct str post_name, kind, name;
	struct opt_int until_ms, since_ms;
};

/* A weekday alone would not say which of two weeks. */
static struct str since_text(struct ctx *c, int64_t since_ms)
{
	struct str time = c->now_ms - since_ms < 6 * DAY_MS ? frame_clock_beside(c, since_ms, c->now_ms)
							    : frame_date_clock(c, since_ms);
	struct word_value value = { "time", time };
	return words_format(c->mem, c->lang, "nobody on duty since {time}", &value, 1);
}

static void add(struct ctx *c, const struct seen *s, struct board_duty *out, size_t *count)
{
	struct board_duty *d = &out[*count];
	if (*count == 0 || d[-1].post_id != s->post_id) {
		*d = (struct board_duty){
			.post_id = s->post_id, .post = s->post_name, .rostered = posts_is_rostered(s->kind)
		};
		(*count)++;
		/* Whoever stands on the roster now without answering calls makes the last end of a duty tell nothing. */
		d->nobody = s->since_ms.is && s->since_ms.v <= c->now_ms ? since_text(c, s->since_ms.v)
									 : words_get(c->lang, "nobody on duty");
	} else {
		d--;
	}
	if (!s->name.p)
		return;
	struct str time = frame_clock_beside(c, s->until_ms.is ? s->until_ms.v : c->now_ms, c->now_ms);
	struct word_value values[] = {
		{"name",  s->name},
                { "time", time   }
	};
	struct str one = words_format(c->mem, c->lang, "{name} until {time}", values, COUNT(values));
	d->people = d->people.n ? arena_printf(c->mem, "%.*s; %.*s", STR_ARG(d->people), STR_ARG(one)) : one;
}

enum err board_duties_of(struct ctx *c, int64_t account_id, struct board_duty **out, size_t *count)
{
	struct board_duties_row *rows;
	size_t rows_count;
	*count = 0;
	TRY(board_duties(c, account_id, ROLES_ANSWER, &rows, &rows_count));
	*out = arena_array(c->mem, struct board_duty, rows_count + 1);
	for (size_t i = 0; i < rows_count; i++)
		add(c, &SEEN_OF(rows[i]), *out, count);
	return OK;
}

enum err board_duty_at(struct ctx *c, int64_t post_id, struct board_duty **out, size_t *count)
{
	struct board_duty_row *rows;
	size_t rows_count;
	*count = 0;
	TRY(board_duty(c, post_id, ROLES_ANSWER, &rows, &rows_count));
	*out = arena_array(c->mem, struct board_duty, rows_count + 1);
	for (size_t i = 0; i < rows_count; i++)
		add(c, &SEEN_OF(rows[i]), *out, count);
	return OK;
}
