#include "http_streams.h"
#include "base/clock.h"
#include "base/id.h"
#include "events_sql.h"
#include "http/session.h"

struct fixture f;

static enum err little_viewer(struct ctx *c, const struct live_viewer *v, bool *lives, struct buf *out)
{
	(void)c;
	assert_int_equal(v->channels_count, 1);
	*lives = v->session_id != f.refused && v->account_id != f.refused;
	buf_put(out, f.viewer);
	return OK;
}

void begin(void **state)
{
	f = (struct fixture){ .t = *state };
	f.t->c.now_ms = clock_now_ms();
	f.viewer = S("");
	f.refused = -1;
	f.l = live_new(little_render, little_viewer, COUNT(f.s));
	live_use(f.l);
}

void finish(void)
{
	live_use(NULL);
	live_free(f.l);
}

static void on_resume(void *connection)
{
	(void)connection;
	f.resumed++;
}

void open_stream_of(size_t i, int64_t account_id, int64_t session_id)
{
	struct request q = { .method = GET };
	struct response r = { 0 };
	struct session session = { .id = session_id };
	int64_t channel = 70;
	f.t->c.session = &session;
	f.t->c.lang = LANG_ID;
	testdb_ok(f.t, live_open(&f.t->c, &q, &r, &channel, 1, account_id));
	f.t->c.session = NULL;
	f.s[i] = r.stream;
	live_attach(f.s[i], on_resume, NULL);
}

void open_stream(size_t i, enum lang lang, int64_t channel, const char *query, const char *last_event)
{
	struct request q = { .method = GET, .query = str_of(query), .last_event = str_of(last_event) };
	struct response r = { 0 };
	f.t->c.lang = lang;
	testdb_ok(f.t, live_open(&f.t->c, &q, &r, &channel, 1, 7));
	f.s[i] = r.stream;
	live_attach(f.s[i], on_resume, NULL);
}

void pump(int64_t overlap_ms)
{
	struct ctx c = { .mem = f.t->c.mem, .db = f.t->c.db, .now_ms = f.t->c.now_ms };
	live_pump(f.l, &c, overlap_ms);
}

void beat(int64_t after_ms)
{
	struct ctx c = { .mem = f.t->c.mem, .db = f.t->c.db, .now_ms = f.t->c.now_ms + after_ms };
	live_beat(f.l, &c, clock_monotonic_ms() + after_ms);
}

bool ended(size_t i)
{
	char byte;
	return live_take(f.s[i], &byte, 1) == -1;
}

const char *heard(size_t i)
{
	static char text[4096];
	char raw[4096], *to = text;
	size_t n = 0;
	for (ptrdiff_t got; (got = live_take(f.s[i], raw + n, 7)) > 0;)
		n += (size_t)got;
	struct str rest = { raw, n }, line;
	while (rest.n > 0 && str_cut(&rest, '\n', &line)) {
		if (str_starts(line, S("id: ")) || str_starts(line, S("retry: ")) || line.n == 0)
			continue;
		memcpy(to, line.p, line.n);
		to += line.n;
		*to++ = ';';
	}
	*to = 0;
	return text;
}

void publish(int64_t channel, const char *kind, int64_t subject_id)
{
	testdb_ok(f.t, db_begin(&f.t->c, true));
	testdb_ok(f.t, live_publish(&f.t->c, channel, kind, subject_id));
	testdb_ok(f.t, db_commit(&f.t->c));
	f.t->c.now_ms = clock_now_ms();
}

void insert(int64_t made_ms, int64_t subject_id)
{
	testdb_ok(f.t, db_begin(&f.t->c, true));
	testdb_ok(f.t, events_insert(&f.t->c, id_new(made_ms), 70, S("note"), subject_id));
	testdb_ok(f.t, db_commit(&f.t->c));
}
