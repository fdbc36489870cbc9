#include "http/live.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "db/db.h"
#include "events_sql.h"
#include "http/seen.h"
#include "http/session.h"
#include "vault/hash.h"

enum {
	STREAM_BYTES_MAX = 256 * 1024,
	CATCH_UP_BYTES_MAX = 128 * 1024, /* beyond it loading the page anew is less */
	REGIONS_MAX = 600,
	REGION_BYTES = 16,
	ALIKE_MAX = 256, /* messages that are compared to find two alike */
	/* In one beat so many viewers are asked and a tenth of all: those who came all at once are not asked all at once. */
	ASKED_AT_ONCE = 20,
	BEATS_FOR_ALL = 10,
	ROWS_AT_ONCE = 20000, /* as in events.sql */
};

static const int64_t SILENCE_MS = 20 * SECOND_MS;
static const int64_t KEPT_MS = 10 * MINUTE_MS, CATCH_UP_MS = 2 * MINUTE_MS;
static const char stale[] = "event: stale\ndata:\n\n", replaced[] = "event: replaced\ndata:\n\n";
static const char ends[] = "signed_out"; /* the kind of event that ends streams */
/* By how much the clocks of two hosts may differ: one made the page, the other holds its stream. */
static const int64_t SKEW_MS = 200;

/* What was read of one region so far. Regions without streams are not read. */
struct region {
	char code[REGION_BYTES];
	int64_t newest_id, read_ms; /* when it was read last */
	size_t streams;
};

struct live_stream {
	struct live_stream *next, *prev;
	struct live *hub;
	struct region *region;
	enum lang lang;
	int64_t since_ms; /* what had been read by then is on its page already */
	bool behind;      /* it has heard of nothing yet, even of what others have heard */
	int64_t account_id, session_id, sent_ms;
	int64_t asked_ms; /* when it was asked last whether it still may, by the clock of requests; 0: not yet */
	uint8_t told[VAULT_HASH_BYTES]; /* of the last message about its viewer; all zero: it had none */
	struct buf pending;
	size_t pending_at;
	bool ended;
	void (*resume)(void *connection);
	void *connection;
	size_t channels_count;
	int64_t channels[];
};

struct live {
	live_render_fn render;
	live_viewer_fn viewer;
	struct live_stream *first; /* the newest */
	size_t count, max;
	bool awaited;
	struct region regions[REGIONS_MAX];
	struct seen seen;
};

static struct live *hub;

struct live *live_new(live_render_fn render, live_viewer_fn viewer, int64_t streams_max)
{
	struct live *l = calloc(1, sizeof *l);
	if (!l)
		abort();
	l->render = render;
	l->viewer = viewer;
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

enum err live_end_account(struct ctx *c, int64_t account_id)
{
	return live_publish(c, account_id, ends, account_id);
}

enum err live_end_session(struct ctx *c, int64_t account_id, int64_t session_id)
{
	return live_publish(c, account_id, ends, session_id);
}

int64_t live_mark(const struct ctx *c)
{
	return id_floor(c->now_ms);
}

/* The region's row in the table, or a free one made its own. */
static struct region *region_of(struct live *l, struct str code, int64_t now_ms)
{
	struct region *spare = NULL;
	for (struct region *r = l->regions; r < l->regions + REGIONS_MAX; r++) {
		if (r->streams == 0)
			spare = spare ? spare : r;
		else if (str_is(code, r->code))
			return r;
	}
	if (!spare)
		return NULL;
	*spare = (struct region){ .newest_id = id_floor(now_ms) };
	memcpy(spare->code, code.p, code.n);
	return spare;
}

/* Where the browser says it stands; 0 when that is too long ago. */
static int64_t since(struct ctx *c, const struct request *q)
{
	int64_t id, mark = live_mark(c);
	struct str text = q->last_event;
	if (text.n == 0 && !request_query(c, q, "since", &text))
		return mark;
	if (!str_to_i64(str_trim(text), 1, INT64_MAX, &id) || id < id_floor(c->now_ms - CATCH_UP_MS))
		return 0;
	return id < mark ? id : mark;
}

static void end(struct live_stream *s)
{
	s->ended = true;
	if (s->resume)
		s->resume(s->connection);
}

/* Room for one more stream of the account: its oldest makes way when it has as many as it may. NULL: there is none. */
static struct region *make_room(struct ctx *c, int64_t account_id)
{
	struct region *region = hub ? region_of(hub, c->region, c->now_ms) : NULL;
	struct live_stream *oldest = NULL;
	size_t own = 0, open = 0;
	for (struct live_stream *s = hub ? hub->first : NULL; s; s = s->next) {
		open += !s->ended;
		if (s->ended || !account_id || s->account_id != account_id || s->region != region)
			continue;
		own++;
		oldest = s;
	}
	if (own >= LIVE_PER_ACCOUNT_MAX) {
		buf_put(&oldest->pending, str_of(replaced));
		end(oldest);
		open--;
	}
	return hub && open < hub->max ? region : NULL;
}

static struct live_stream *new_stream(
	struct ctx *c, struct region *region, int64_t account_id, const int64_t *channels, size_t channels_count)
{
	struct live_stream *s = calloc(1, sizeof *s + channels_count * sizeof *channels);
	if (!s)
		abort();
	*s = (struct live_stream){ .next = hub->first,
		.hub = hub,
		.region = region,
		.lang = c->lang,
		.behind = true,
		.account_id = account_id,
		.session_id = c->session ? c->session->id : 0,
		.sent_ms = clock_monotonic_ms(),
		.channels_count = channels_count };
	if (channels_count)
		memcpy(s->channels, channels, channels_count * sizeof *channels);
	if (hub->first)
		hub->first->prev = s;
	hub->first = s;
	hub->count++;
	hub->awaited = true;
	region->streams++;
	return s;
}

enum err live_open(struct ctx *c, const struct request *q, struct response *r, const int64_t *channels,
	size_t channels_count, int64_t account_id)
{
	assert(c->region.n < REGION_BYTES && channels_count <= LIVE_CHANNELS_MAX && !r->stream);
	struct region *region = make_room(c, account_id);
	if (!region)
		return REFUSE(
			c, ERR_BUSY, "Too many boards are open. This one is brought up to date when you reload it.");
	struct live_stream *s = new_stream(c, region, account_id, channels, channels_count);
	int64_t since_id = since(c, q);
	s->since_ms = since_id ? id_made_ms(since_id) - SKEW_MS : c->now_ms;
	buf_init(&s->pending, STREAM_BYTES_MAX);
	buf_put(&s->pending, S("retry: 2000\n\n"));
	if (!since_id)
		buf_put(&s->pending, str_of(stale));
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
	s->region->streams--;
	buf_free(&s->pending);
	free(s);
}

static void send_to(struct live_stream *s, struct str message, int64_t monotonic_ms)
{
	buf_put(&s->pending, message);
	if (s->pending.over)
		s->ended = true; /* does not read: the browser comes back and says where it stands */
	s->sent_ms = monotonic_ms;
	if (s->resume)
		s->resume(s->connection);
}

static bool hears(const struct live_stream *s, int64_t channel)
{
	for (size_t i = 0; i < s->channels_count; i++)
		if (s->channels[i] == channel)
			return true;
	return s->account_id == channel;
}

/* A message made in this round. Events of one kind about one thing have one message, and a stream gets it once. */
struct made {
	struct live_event event; /* the newest of them */
	struct str text[LANG_COUNT];
	bool done[LANG_COUNT], failed[LANG_COUNT];
};

/* One round in one region. */
struct round {
	struct live *l;
	struct ctx *c;
	const struct events_since_row *rows;
	size_t rows_count;
	int64_t *first_ms; /* per row: when it was read first; 0: nobody was told yet */
	size_t *which;     /* per row: its message */
	struct made *made;
	size_t made_count;
	bool *got; /* per message: this stream has it */
	bool lost; /* the transaction is gone and no other could be begun */
	int64_t monotonic_ms;
};

static void begin_again(struct round *o)
{
	db_rollback(o->c);
	o->lost = o->lost || db_begin(o->c, false) != OK;
}

/* Renders M. What fails takes its transaction along: the others are rendered in another one. The id that a browser says when it
 * comes back is the moment of reading: that of the event would tell when a report was made. */
static void render(struct round *o, struct made *m, enum lang lang)
{
	struct buf out;
	buf_init(&out, LIVE_MESSAGE_BYTES_MAX);
	buf_printf(&out, "id: %" PRId64 "\n", id_floor(o->c->now_ms));
	size_t head = out.n;
	o->c->lang = lang;
	enum err e = o->lost ? ERR_BUSY : o->l->render(o->c, &m->event, lang, &out);
	m->failed[lang] = e != OK || out.over;
	if (m->failed[lang])
		log_warn("event_not_rendered", "kind=%.*s why=\"%.*s\"", STR_ARG(m->event.kind),
			STR_ARG(e == OK ? S("too long") : o->c->err.why));
	else if (out.n > head)
		m->text[lang] = arena_str(o->c->mem, buf_str(&out));
	buf_free(&out);
	if (e != OK)
		begin_again(o);
}

static struct str message_of(struct round *o, struct made *m, enum lang lang)
{
	if (!m->done[lang])
		render(o, m, lang);
	m->done[lang] = true;
	return m->text[lang];
}

static bool alike(const struct live_event *e, const struct events_since_row *row)
{
	bool of_channel = row->kind.n && row->kind.p[0] == '@';
	return e->subject_id == row->subject_id && str_eq(e->kind, row->kind) &&
	       (!of_channel || e->channel == row->channel);
}

static void sort_into_messages(struct round *o)
{
	o->made = arena_array(o->c->mem, struct made, o->rows_count + 1);
	o->which = arena_array(o->c->mem, size_t, o->rows_count + 1);
	o->first_ms = arena_array(o->c->mem, int64_t, o->rows_count + 1);
	o->got = arena_array(o->c->mem, bool, o->rows_count + 1);
	for (size_t i = 0; i < o->rows_count; i++) {
		const struct events_since_row *row = &o->rows[i];
		size_t k = o->made_count;
		while (k > 0 && o->made_count - k < ALIKE_MAX && !alike(&o->made[k - 1].event, row))
			k--;
		if (k == 0 || !alike(&o->made[k - 1].event, row)) {
			k = ++o->made_count;
			o->made[k - 1].event = (struct live_event){ row->id, row->channel, row->subject_id, row->kind };
		}
		o->made[k - 1].event.id = row->id;
		o->which[i] = k - 1;
		o->first_ms[i] = seen_before(&o->l->seen, row->id, o->c->now_ms);
	}
}

/* What this worker had read before the page was made was on the page: it had been committed by then. */
static bool is_new_to(const struct round *o, const struct live_stream *s, size_t row, bool behind)
{
	int64_t first_ms = o->first_ms[row];
	if (first_ms)
		return behind && first_ms >= s->since_ms;
	return id_made_ms(o->rows[row].id) >= s->since_ms - LIVE_COMMIT_MS;
}

/* Whether S still may; what its viewer must know of themselves is sent when it changed. False: it could not be asked. */
static bool ask(struct live *l, struct ctx *c, struct live_stream *s, int64_t monotonic_ms)
{
	struct live_viewer v = { s->account_id, s->session_id, s->channels, s->channels_count };
	struct buf out;
	bool lives = true;
	c->lang = s->lang;
	buf_init(&out, LIVE_MESSAGE_BYTES_MAX);
	enum err e = l->viewer(c, &v, &lives, &out);
	struct str text = buf_str(&out);
	uint8_t told[VAULT_HASH_BYTES]; /* some thousand boards: the texts themselves would be most of what they cost */
	vault_hash("live/told", &text, 1, told);
	if (e == OK && !lives) {
		end(s);
	} else if (e == OK && out.over) {
		log_warn("viewer_not_told", "why=\"too long\"");
	} else if (e == OK && text.n && memcmp(told, s->told, sizeof told) != 0) {
		memcpy(s->told, told, sizeof told);
		send_to(s, text, monotonic_ms);
	}
	if (e == OK)
		s->asked_ms = c->now_ms;
	else
		log_warn("viewer_not_asked", "why=\"%.*s\"", STR_ARG(c->err.why));
	buf_free(&out);
	return e == OK;
}

/* Something was done to the rights of S, perhaps before it was opened: it is asked at once. */
static void doubt(struct round *o, struct live_stream *s)
{
	if (o->l->viewer && !o->lost && ask(o->l, o->c, s, o->monotonic_ms))
		return;
	end(s);
	if (o->l->viewer)
		begin_again(o);
}

static void deliver(struct round *o, struct live_stream *s)
{
	bool behind = s->behind;
	if (s->since_ms > o->c->now_ms)
		s->since_ms = o->c->now_ms - LIVE_COMMIT_MS; /* the clock was put back */
	if (behind && o->rows_count == ROWS_AT_ONCE)
		send_to(s, str_of(stale), o->monotonic_ms);
	s->behind = false;
	bool anew = false; /* the page was told to load anew: nothing but its end is news to it */
	memset(o->got, 0, o->made_count);
	for (size_t i = 0; i < o->rows_count && !s->ended; i++) {
		const struct events_since_row *row = &o->rows[i];
		struct made *m = &o->made[o->which[i]];
		if (!is_new_to(o, s, i, behind) || o->got[o->which[i]] || !hears(s, row->channel))
			continue;
		o->got[o->which[i]] = true;
		if (str_is(row->kind, ends)) {
			if (row->subject_id == s->account_id || row->subject_id == s->session_id)
				doubt(o, s);
			continue;
		}
		if (anew)
			continue;
		struct str message = message_of(o, m, s->lang);
		anew = m->failed[s->lang] || (behind && s->pending.n + message.n > CATCH_UP_BYTES_MAX);
		if (anew || message.n)
			send_to(s, anew ? str_of(stale) : message, o->monotonic_ms);
	}
}

/* From where to read: behind the newest, by what may come late; earlier when a new stream stands further back, or when the clock
 * was put back. */
static int64_t read_from(const struct live *l, const struct region *r, int64_t now_ms, int64_t overlap_ms)
{
	int64_t newest_ms = id_made_ms(r->newest_id);
	int64_t from = id_floor((newest_ms < now_ms ? newest_ms : now_ms) - overlap_ms);
	for (const struct live_stream *s = l->first; s; s = s->next)
		if (s->region == r && s->behind && id_floor(s->since_ms - LIVE_COMMIT_MS) < from)
			from = id_floor(s->since_ms - LIVE_COMMIT_MS);
	return from;
}

static void pump_region(struct live *l, struct ctx *c, struct region *r, int64_t overlap_ms)
{
	struct events_since_row *rows;
	size_t rows_count;
	c->region = str_of(r->code);
	if (db_begin(c, false) != OK)
		return;
	if (events_since(c, read_from(l, r, c->now_ms, overlap_ms), &rows, &rows_count) == OK) {
		struct round o = {
			.l = l, .c = c, .rows = rows, .rows_count = rows_count, .monotonic_ms = clock_monotonic_ms()
		};
		sort_into_messages(&o);
		for (struct live_stream *s = l->first; s; s = s->next)
			if (s->region == r && !s->ended)
				deliver(&o, s);
		r->read_ms = c->now_ms;
		if (rows_count && rows[rows_count - 1].id > r->newest_id)
			r->newest_id = rows[rows_count - 1].id;
	}
	db_rollback(c);
}

void live_pump(struct live *l, struct ctx *c, int64_t overlap_ms)
{
	l->awaited = false;
	if (l->count == 0)
		return;
	for (struct region *r = l->regions; r < l->regions + REGIONS_MAX; r++)
		if (r->streams > 0)
			pump_region(l, c, r, overlap_ms);
}

bool live_is_awaited(const struct live *l)
{
	return l->awaited;
}

/* The id alone makes no event in the browser; it is what a browser that comes back will say. */
static void beat(struct live_stream *s, int64_t monotonic_ms)
{
	char text[40] = ":\n\n";
	if (s->region->read_ms && !s->behind)
		snprintf(text, sizeof text, "id: %" PRId64 "\n:\n\n", id_floor(s->region->read_ms));
	send_to(s, str_of(text), monotonic_ms);
}

/* The clock may be put back. */
static bool is_due(const struct live_stream *s, int64_t now_ms)
{
	return !s->asked_ms || now_ms < s->asked_ms || now_ms - s->asked_ms >= SILENCE_MS;
}

/* Asks the streams of R that are due, ROOM of them at most. */
static void ask_region(struct live *l, struct ctx *c, struct region *r, size_t *room, int64_t monotonic_ms)
{
	bool began = false;
	c->region = str_of(r->code);
	for (struct live_stream *s = l->first; s && *room > 0; s = s->next) {
		if (s->region != r || s->ended || !is_due(s, c->now_ms))
			continue;
		if (!began && db_begin(c, false) != OK)
			return;
		began = true;
		(*room)--;
		if (!ask(l, c, s, monotonic_ms))
			break;
	}
	db_rollback(c);
}

void live_beat(struct live *l, struct ctx *c, int64_t monotonic_ms)
{
	size_t room = l->count / BEATS_FOR_ALL + ASKED_AT_ONCE;
	for (struct region *r = l->regions; l->viewer && l->count > 0 && r < l->regions + REGIONS_MAX; r++)
		if (r->streams > 0)
			ask_region(l, c, r, &room, monotonic_ms);
	for (struct live_stream *s = l->first; s; s = s->next)
		if (!s->ended && monotonic_ms - s->sent_ms > SILENCE_MS)
			beat(s, monotonic_ms);
}

size_t live_streams_count(const struct live *l)
{
	return l->count;
}

void live_end_all(struct live *l)
{
	for (struct live_stream *s = l->first; s; s = s->next)
		end(s);
}

void live_free(struct live *l)
{
	struct live_stream *next;
	for (struct live_stream *s = l ? l->first : NULL; s; s = next) {
		next = s->next;
		live_close(s);
	}
	free(l);
}

enum err live_forget_job(struct ctx *c, int64_t unused)
{
	(void)unused;
	return events_forget(c, id_floor(c->now_ms - KEPT_MS));
}
