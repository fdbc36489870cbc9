/* http_streams.h - a hub with streams opened by hand: published to, pumped and read without sockets. */
#ifndef ADEM_TESTS_HTTP_STREAMS_H
#define ADEM_TESTS_HTTP_STREAMS_H
#include "../whole/testdb.h"
#include "http_little.h"

extern struct fixture {
	struct testdb *t;
	struct live *l;
	struct live_stream *s[8];
	int resumed;
	struct str viewer; /* what is said of every viewer */
	int64_t refused;   /* the session, or the account, that may not any more */
} f;

void begin(void **state);
void finish(void);
/* Stream I hears channel 70 for an account and a session. */
void open_stream_of(size_t i, int64_t account_id, int64_t session_id);
/* Stream I hears CHANNEL and account 7. QUERY: what the page says, or ""; LAST_EVENT: what a browser that comes back says. */
void open_stream(size_t i, enum lang lang, int64_t channel, const char *query, const char *last_event);
void pump(int64_t overlap_ms);
/* A beat of the worker, so long after now. */
void beat(int64_t after_ms);
bool ended(size_t i);
/* All that stream I has for its reader, ids left out. Kept until the next call. */
__attribute__((returns_nonnull)) const char *heard(size_t i);
void publish(int64_t channel, const char *kind, int64_t subject_id);
/* An event as if it had been made at another time. */
void insert(int64_t made_ms, int64_t subject_id);
#endif
