/* hasher.h - the process that computes passwords' keys for the web workers, one after the other. */
#ifndef ADEM_HTTP_HASHER_H
#define ADEM_HTTP_HASHER_H
#include "http/slow.h"
#include <signal.h>

/* What travels over the socket, one packet each way; the answer carries the same NUMBER. */
struct hasher_packet {
	uint64_t number;
	struct slow_work work;
};

/* Answers on each of FDS until all of them are closed, or until *STOP is not zero and nobody asks any more. Wipes what it is
 * given. Says in *ALIVE_UNTIL_MS (NULL: nobody watches) until when of the monotonic clock it is sure to be alive. */
void hasher_run(
	struct vault *v, const int *fds, size_t fds_count, const volatile sig_atomic_t *stop, int64_t *alive_until_ms);
#endif
