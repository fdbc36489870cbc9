/* live.h - pages that stay up to date: server-sent events over connections that stay open. A change is published in
 * the transaction that makes it; each worker then reads the events table and writes to the streams it holds. A wake-up
 * that is lost loses nothing: every worker looks once a second anyhow.
 *
 * An event is rendered once for each language and worker, and the same bytes go to every stream of its channels; so
 * what is rendered must be fit for all who may subscribe (a kind that begins with '@' is rendered for each channel). A
 * stream may get an event twice (after a reconnection, or when its page is newer than the event): messages replace,
 * they do not add. An event that cannot be rendered becomes a message "stale" for the streams that should have had it:
 * their pages load anew.
 *
 * A stream lives as long as the rights it was opened with: it is asked every 20 s whether it still may
 * (live_viewer_fn), and live_end_account() ends it at once. An account has LIVE_PER_ACCOUNT_MAX streams in a worker;
 * one more ends its oldest, which gets a message "replaced" so that its page does not come back by itself.
 *
 * A page says since when it is: it puts live_mark() into the address it opens (?since=…). A browser that comes back
 * says the id of the last message it has. Either way the stream begins there. */
#ifndef ADEM_HTTP_LIVE_H
#define ADEM_HTTP_LIVE_H
#include "base/buf.h"
#include "http/http.h"

struct live_event {
	int64_t id, channel, subject_id;
	struct str kind;
};

/* Renders an event as a message of the protocol ("event: row\ndata: …\n\n", without id) for one language; empty: nothing to say.
 * In a reading transaction, with c->region and c->lang set and nobody signed in. */
typedef enum err (*live_render_fn)(struct ctx *c, const struct live_event *e, enum lang lang, struct buf *out);

/* Who has a stream open: as it was when the stream was opened. */
struct live_viewer {
	int64_t account_id, session_id;
	const int64_t *channels;
	size_t channels_count;
};

/* What a viewer is at this moment. False in *LIVES: the session has ended or the channels are not the viewer's any
 * more; the stream ends, and a browser that comes back is judged anew. OUT: messages for the viewer alone, sent together when
 * something in them differs from the last ones. In a reading transaction, with c->region set and nobody signed in. */
typedef enum err (*live_viewer_fn)(struct ctx *c, const struct live_viewer *v, bool *lives, struct buf *out);

enum {
	LIVE_CHANNELS_MAX = 64,
	LIVE_PER_ACCOUNT_MAX = 5,
	LIVE_MESSAGE_BYTES_MAX = 32 * 1024,
	/* How much later than its id says an event may become visible: longer than a transaction waits for a lock. */
	LIVE_COMMIT_MS = 12000,
};

/* Publishes in the caller's write transaction. KIND is a constant of at most 30 bytes. */
MUST_CHECK enum err live_publish(struct ctx *c, int64_t channel, const char *kind, int64_t subject_id);
/* The moment up to which a page made in this request is up to date: the value of ?since= where it opens its stream. */
int64_t live_mark(const struct ctx *c);
/* Turns the answer into a stream of the channels (posts, the account) for the session of C. ACCOUNT_ID is a channel
 * too. A page from too long ago gets a message "stale" at once: it must be loaded anew. ERR_BUSY when this worker
 * holds as many streams as it may. */
MUST_CHECK enum err live_open(struct ctx *c, const struct request *q, struct response *r, const int64_t *channels,
	size_t channels_count, int64_t account_id);
/* Has the account's streams asked at once when the caller's transaction is committed, for its rights are others now;
 * those that may not go on end. Pages come back by themselves and get what they may have. */
MUST_CHECK enum err live_end_account(struct ctx *c, int64_t account_id);
/* The same for those that one session has opened. */
MUST_CHECK enum err live_end_session(struct ctx *c, int64_t account_id, int64_t session_id);

/* For the server. */
struct live;
struct live_stream;
/* VIEWER may be NULL: then nobody is asked. */
struct live *live_new(live_render_fn render, live_viewer_fn viewer, int64_t streams_max);
void live_free(struct live *l);
/* Makes this the hub that live_open() uses. */
void live_use(struct live *l);
/* Reads new events and hands them to the streams; OVERLAP_MS is how far back to look for events that were committed late. C has
 * mem, db, now_ms. Reading fails quietly: the next round repeats it. */
void live_pump(struct live *l, struct ctx *c, int64_t overlap_ms);
/* Whether a stream was opened since the last round, so that one is due now. */
bool live_is_awaited(const struct live *l);
/* Asks whether streams still may, and writes to those that were silent for long where they stand, so that proxies keep
 * them, broken ones are found, and a browser that comes back need not load its page anew. C as for live_pump(); the
 * time is the monotonic one. */
void live_beat(struct live *l, struct ctx *c, int64_t monotonic_ms);
size_t live_streams_count(const struct live *l);
/* Ends all streams. */
void live_end_all(struct live *l);

/* What the server has to know of a stream: RESUME is called when there is something to send. */
void live_attach(struct live_stream *s, void (*resume)(void *connection), void *connection);
/* Takes up to MAX bytes; 0: nothing now, -1: the stream has ended. */
ptrdiff_t live_take(struct live_stream *s, char *to, size_t max);
void live_close(struct live_stream *s);
/* A kind of job: deletes events that nobody can still want. */
enum err live_forget_job(struct ctx *c, int64_t unused);
#endif
