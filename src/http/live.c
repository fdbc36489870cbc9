#include "http/live.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "db/db.h"
#include "events_sql.h"

enum { SEEN_SLOTS = 1 << 16, STREAM_BYTES_MAX = 256 * 1024, REGIONS_MAX = 64 };

static const int64_t SILENCE_MS = 20 * SECOND_MS;
static const int64_t KEPT_MS = 10 * MINUTE_MS;

struct live_stream {
	struct live_stream *next, *prev;
	struct live *hub;
	char region[16];
	enum lang lang;
	int64_t channels[LIVE_CHANNELS_MAX];
	size_t channels_count;
	int64_t account_id, sent_ms;
	struct buf pending;
	size_t pending_at;
	bool ended;
	void (*resume)(void *connection);
	void *connection;
};

/* What was read of one region so far. */
struct live_region {
	char region[16];
	int64_t newest_id;
};

struct live {
	live_render_fn render;
	struct live_stream *first;
	size_t count, max;
	struct live_region regions[REGIONS_MAX];
	size_t regions_count;
	int64_t seen[SEEN_SLOTS]; /* ids handed out already: a table that forgets by being overwritten */
};

static struct live *hub;

struct live *live_new(live_render_fn render, int64_t streams_max)
{
	struct live *l = calloc(1, sizeof *l);
	if (!l)
		abort();
	l->render = render;
	l->max = (size_t)streams_max;
	return l;
}

void live_use(struct live *l)
{
	hub = l;
}

enum err live_publish(struct ctx *c, int64_t channel, const char *kind, int64_t subject_id)
{
	TRY(events_insert(c, id_new(clock_now_ms()), channel, str_of(kind), subject_id));
	return db_notify(c);
}

/* The region's place in the table; events before now are not for a stream that opens now. */
static struct live_region *region_of(struct live *l, struct str region, int64_t now_ms)
{
	for (size_t i = 0; i < l->regions_count; i++)
		if (str_is(region, l->regions[i].region))
			return &l->regions[i];
	if (l->regions_count == REGIONS_MAX)
		return NULL;
	struct live_region *r = &l->regions[l->regions_count++];
	*r = (struct live_region){ .newest_id = id_floor(now_ms) };
	memcpy(r->region, region.p, region.n);
	return r;
}

enum err live_open(
	struct ctx *c, struct response *r, const int64_t *channels, size_t channels_count, int64_t account_id)
{
	assert(c->region.n < sizeof hub->first->region);
	if (!hub || hub->count >= hub->max || channels_count > LIVE_CHANNELS_MAX ||
		!region_of(hub, c->region, c->now_ms))
		return REFUSE(
			c, ERR_BUSY, "Too many boards are open. This one is brought up to date when you reload it.");
	struct live_stream *s = calloc(1, sizeof *s);
	if (!s)
		abort();
	*s = (struct live_stream){
		.next = hub->first, .hub = hub, .lang = c->lang, .account_id = account_id, .sent_ms = c->now_ms
	};
	memcpy(s->region, c->region.p, c->region.n);
	memcpy(s->channels, channels, channels_count * sizeof *channels);
	s->channels_count = channels_count;
	if (hub->first)
		hub->first->prev = s;
	hub->first = s;
	hub->count++;
	buf_init(&s->pending, STREAM_BYTES_MAX);
	buf_put(&s->pending, S("retry: 2000\n\n"));
	r->stream = s;
	r->type = "text/event-stream";
	return OK;
}

void live_attach(struct live_stream *s, void (*resume)(void *connection), void *connection)
{
	s->resume = resume;
	s->connection = connection;
}

ptrdiff_t live_take(struct live_stream *s, char *to, size_t max)
{
	size_t left = s->pending.n - s->pending_at;
	if (left == 0)
		return s->ended ? -1 : 0;
	size_t n = left < max ? left : max;
	memcpy(to, s->pending.p + s->pending_at, n);
	s->pending_at += n;
	if (s->pending_at == s->pending.n) {
		buf_free(&s->pending); /* an idle board holds no buffer */
		s->pending_at = 0;
	}
	return (ptrdiff_t)n;
}

void live_close(struct live_stream *s)
{
	struct live *l = s->hub;
	if (s->prev)
		s->prev->next = s->next;
	else
		l->first = s->next;
	if (s->next)
		s->next->prev = s->prev;
	l->count--;
	buf_free(&s->pending);
	free(s);
}

static void send_to(struct live_stream *s, struct str message, int64_t now_ms)
{
	buf_put(&s->pending, message);
	if (s->pending.over)
		s->ended = true; /* does not read: the browser comes back and loads the page anew */
	s->sent_ms = now_ms;
	if (s->resume)
		s->resume(s->connection);
}

static void end(struct live_stream *s)
{
	s->ended = true;
	if (s->resume)
		s->resume(s->connection);
}

static bool hears(const struct live_stream *s, const char *region, int64_t channel)
{
	if (strcmp(s->region, region) != 0)
		return false;
	for (size_t i = 0; i < s->channels_count; i++)
		if (s->channels[i] == channel)
			return true;
	return s->account_id == channel;
}

static bool seen_before(struct live *l, int64_t id)
{
	int64_t *slot = &l->seen[(uint64_t)id % SEEN_SLOTS];
	bool seen = *slot == id;
	*slot = id;
	return seen;
}

/* Messages made in one round, so that an event that went to several channels is rendered once. */
struct made {
	int64_t subject_id;
	struct str kind, text[LANG_COUNT];
	bool done[LANG_COUNT];
};

static struct str message_of(struct live *l, struct ctx *c, struct made *m, const struct live_event *e, enum lang lang)
{
	if (m->done[lang])
		return m->text[lang];
	struct buf out;
	buf_init(&out, LIVE_MESSAGE_BYTES_MAX);
	m->done[lang] = true;
	if (l->render(c, e, lang, &out) == OK && !out.over)
		m->text[lang] = arena_str(c->mem, buf_str(&out));
	else
		log_warn("event_not_rendered", "kind=%.*s why=\"%.*s\"", STR_ARG(e->kind), STR_ARG(c->err.why));
	buf_free(&out);
	return m->text[lang];
}

static void deliver(struct live *l, struct ctx *c, struct made *m, const struct live_event *e)
{
	struct live_stream *next;
	for (struct live_stream *s = l->first; s; s = next) {
		next = s->next;
		if (s->ended || !hears(s, c->region.p, e->channel))
			continue;
		if (str_is(e->kind, "signed_out")) {
			end(s);
			continue;
		}
		struct str message = message_of(l, c, m, e, s->lang);
		if (message.n)
			send_to(s, message, c->now_ms);
	}
}

static void pump_rows(struct live *l, struct ctx *c, const struct events_since_row *rows, size_t rows_count)
{
	struct made *made = arena_array(c->mem, struct made, rows_count + 1);
	size_t made_count = 0;
	for (size_t i = 0; i < rows_count; i++) {
		if (seen_before(l, rows[i].id))
			continue;
		struct live_event e = { rows[i].id, rows[i].channel, rows[i].subject_id, rows[i].kind };
		size_t k = 0;
		while (k < made_count && !(made[k].subject_id == e.subject_id && str_eq(made[k].kind, e.kind)))
			k++;
		if (k == made_count)
			made[made_count++] = (struct made){ .subject_id = e.subject_id, .kind = e.kind };
		deliver(l, c, &made[k], &e);
	}
}

static void pump_region(struct live *l, struct ctx *c, struct live_region *r, int64_t overlap_ms)
{
	struct events_since_row *rows;
	size_t rows_count;
	c->region = str_of(r->region);
	int64_t newest_ms = id_made_ms(r->newest_id);
	if (db_begin(c, false) != OK)
		return;
	if (events_since(c, id_floor(newest_ms - overlap_ms), &rows, &rows_count) == OK) {
		pump_rows(l, c, rows, rows_count);
		if (rows_count && rows[rows_count - 1].id > r->newest_id)
			r->newest_id = rows[rows_count - 1].id;
	}
	db_rollback(c);
}

void live_pump(struct live *l, struct ctx *c, int64_t overlap_ms)
{
	if (l->count == 0)
		return;
	for (size_t i = 0; i < l->regions_count; i++)
		pump_region(l, c, &l->regions[i], overlap_ms);
}

void live_beat(struct live *l, int64_t now_ms)
{
	struct live_stream *next;
	for (struct live_stream *s = l->first; s; s = next) {
		next = s->next;
		if (!s->ended && (now_ms - s->sent_ms > SILENCE_MS || s->sent_ms > now_ms))
			send_to(s, S(":\n\n"), now_ms);
	}
}

size_t live_streams_count(const struct live *l)
{
	return l->count;
}

void live_end_all(struct live *l)
{
	struct live_stream *next;
	for (struct live_stream *s = l->first; s; s = next) {
		next = s->next;
		end(s);
	}
}

void live_free(struct live *l)
{
	while (l && l->first)
		live_close(l->first);
	free(l);
}

enum err live_forget_job(struct ctx *c, int64_t unused)
{
	(void)unused;
	return events_forget(c, id_floor(c->now_ms - KEPT_MS));
}
