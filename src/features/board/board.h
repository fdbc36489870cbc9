/* board.h - the first page: for members of posts what must be cooled now, most urgent first and live; for
 * everybody else what this is, how to report and whom to call. */
#ifndef ADEM_BOARD_H
#define ADEM_BOARD_H
#include "http/http.h"
#include "http/live.h"

/* GET /: the board for those who answer alerts, the public page for visitors. */
enum err board_page(struct ctx *c, const struct request *q, struct response *r);
/* GET /board/live: the events of the person's posts. */
enum err board_stream(struct ctx *c, const struct request *q, struct response *r);
/* The hook of http/live about who watches: ends the stream of whose session or posts are not what they were, and tells
 * a page when its member's duty, or that of others at their posts, began or ended. */
enum err board_viewer(struct ctx *c, const struct live_viewer *v, bool *lives, struct buf *out);
/* The hook of http/live: the row of an event's case, the call of an alert, or who is on duty at a post. What it renders
 * is the same for all members of the posts that take part; the page's script shows each of them the buttons that are theirs. */
enum err board_live(struct ctx *c, const struct live_event *e, enum lang lang, struct buf *out);
#endif
