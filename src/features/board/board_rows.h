/* board_rows.h - within the board: what the page and its stream have in common. */
#ifndef ADEM_BOARD_ROWS_H
#define ADEM_BOARD_ROWS_H
#include "board_sql.h"
#include "features/board/board_views.h"
#include "http/http.h"

/* "RW 08, Kampung Rawa": an RW or RT is named with what it lies in. */
struct str board_place_text(struct ctx *c, struct str name, struct str parent, struct str level);
/* A row as it is shown; SHARED: to all who may see it, without what is one person's. */
MUST_CHECK enum err board_row_of(
	struct ctx *c, const struct board_rows_row *d, struct str csrf, bool shared, struct board_row *out);

/* A member as the page's script must know it. False in *LIVES: the session is gone, or the person belongs nowhere any more. */
MUST_CHECK enum err board_member(
	struct ctx *c, int64_t session_id, int64_t account_id, struct board_member *m, bool *lives);
/* Who is on duty, one of them for each post: of those where the member answers, or of one. */
MUST_CHECK enum err board_duties_of(struct ctx *c, int64_t account_id, struct board_duty **out, size_t *count);
MUST_CHECK enum err board_duty_at(struct ctx *c, int64_t post_id, struct board_duty **out, size_t *count);
/* What the board says of the end of a session. False in *LIVES: it has ended. */
MUST_CHECK enum err board_ending_of(
	struct ctx *c, int64_t account_id, int64_t seen_ms, int64_t expires_ms, bool *lives, struct board_ending *out);
#endif
