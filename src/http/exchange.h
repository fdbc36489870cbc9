/* exchange.h - within src/http: one request and its answer on a connection of libmicrohttpd. */
#ifndef ADEM_HTTP_EXCHANGE_H
#define ADEM_HTTP_EXCHANGE_H
#include <microhttpd.h>
#include "http/server.h"

struct exchange {
	struct exchange *next; /* in the list of those that wait for a hasher or the next turn, or of spare ones */
	struct arena *mem;     /* NULL once the answer is a stream, which may last for hours */
	struct MHD_Connection *connection;
	struct request q;
	struct slow *slow; /* in MEM, wiped with it */
	struct buf body;
	struct str target; /* path and query as they came */
	size_t received;   /* bytes of the body */
	bool started, read, refused;
	uint64_t slow_number; /* of the hasher's work it waits for */
	int64_t slow_until_ms;
	int64_t came_ms; /* when it was here as a whole */
	int put_off_count;
};

/* A live page's connection: given to MHD as the reader's closure, freed with the response. */
struct exchange_stream {
	struct live_stream *stream;
	struct MHD_Connection *connection;
	bool suspended;
};

/* Makes a spare or new X ready for a request. */
void exchange_begin(struct exchange *x, struct MHD_Connection *connection, const char *target);
/* Forgets the request, what was secret in it first. */
void exchange_end(struct exchange *x);
/* Fills x->q from the connection's headers and x->target, x->body. False: not decodable. */
MUST_CHECK bool exchange_read(struct exchange *x, const char *method);
/* Sends R (of which the body is freed). SIGNED_IN: the answer must not be kept by anybody. */
enum MHD_Result exchange_send(struct exchange *x, struct response *r, bool signed_in);
/* Answers a request that never reaches the router. */
enum MHD_Result exchange_refuse(struct exchange *x, unsigned status, const char *text);
#endif
