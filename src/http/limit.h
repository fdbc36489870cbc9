/* limit.h - rates without identity, shared by all workers: memory mapped before they are forked. */
#ifndef ADEM_HTTP_LIMIT_H
#define ADEM_HTTP_LIMIT_H
#include "base/base.h"

/* One rate (generic cell rate algorithm): the time at which the next one is due if all came evenly. */
struct limit {
	int64_t due_us;
};

/* All rates of the program. */
struct limits {
	struct limit reports, sign_ins_failed;
};

/* Room shared with all children; NULL when the system has none. Never unmapped. */
struct limits *limits_new(void);
/* Seconds until one can be taken, 0: now. Takes none. */
int64_t limit_wait_s(const struct limit *l, int64_t now_ms, int64_t per_minute, int64_t burst);
/* Takes one at NOW_MS, with PER_MINUTE of them a minute and up to BURST at once. False, with *later_s, when it is too early.
 * Safe between processes. */
MUST_CHECK bool limit_take(struct limit *l, int64_t now_ms, int64_t per_minute, int64_t burst, int64_t *later_s);
#endif
