/* live.h - pages that stay up to date: server-sent events over connections that stay open. A change is published in the
 * transaction that makes it; each worker then reads the events table and writes to the streams it holds. A wake-up that is lost
 * loses nothing: every worker looks once a second anyhow.
 *
 * An event is rendered once for each language and worker, and the same bytes go to every stream of its channel; so what is
 * rendered must be fit for all who may subscribe. */
#ifndef ADEM_HTTP_LIVE_H
#define ADEM_HTTP_LIVE_H
#include "base/buf.h"
#include "http/http.h"

struct live_event {
	int64_t id, channel, subject_id;
	struct str kind;
};

/* Renders an event as a whole message of the protocol ("event: row\ndata: …\n\n") for one language; empty: nothing to say. In a
 * reading transaction, with c->region set and nobody signed in. */
typedef enum err (*live_render_fn)(struct ctx *c, const struct live_event *e, enum lang lang, struct buf *out);

enum { LIVE_CHANNELS_MAX = 32, LIVE_MESSAGE_BYTES_MAX = 32 * 1024 };

/* Publishes in the caller's write transaction. KIND is a constant of at most 30 bytes. */
MUST_CHECK enum err live_publish(struct ctx *c, int64_t channel, const char *kind, int64_t subject_id);
/* Turns the answer into a stream of the channels (posts, the account). ACCOUNT_ID: an event of kind "signed_out" on the channel
 * of the account ends it. ERR_BUSY when this worker holds as many as it may. */
MUST_CHECK enum err live_open(
	struct ctx *c, struct response *r, const int64_t *channels, size_t channels_count, int64_t account_id);

/* For the server. */
struct live;
struct live_stream;
struct live *live_new(live_render_fn render, int64_t streams_max);
void live_free(struct live *l);
/* Makes this the hub that live_open() uses. */
void live_use(struct live *l);
/* Reads new events and hands them to the streams; OVERLAP_MS is how far back to look for events that were committed late. C has
 * mem, db, now_ms. Reading fails quietly: the next round repeats it. */
void live_pump(struct live *l, struct ctx *c, int64_t overlap_ms);
/* Writes a comment to streams that were silent for long, so that proxies keep them and broken ones are found. */
void live_beat(struct live *l, int64_t now_ms);
size_t live_streams_count(const struct live *l);
/* Ends all streams. */
void live_end_all(struct live *l);

/* What the server has to know of a stream: RESUME is called when there is something to send. */
void live_attach(struct live_stream *s, void (*resume)(void *connection), void *connection);
/* Takes up to MAX bytes; 0: nothing now, -1: the stream has ended. */
ptrdiff_t live_take(struct live_stream *s, char *to, size_t max);
void live_close(struct live_stream *s);
/* Statements: see events.sql. Deletes events that nobody can still want. */
enum err live_forget_job(struct ctx *c, int64_t unused);
#endif
