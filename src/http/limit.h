/* limit.h - rates without identity, shared by all workers: memory mapped before they are forked. */
#ifndef ADEM_HTTP_LIMIT_H
#define ADEM_HTTP_LIMIT_H
#include "http/guess.h"

/* One rate (generic cell rate algorithm): the time at which the next one is due if all came evenly. */
struct limit {
	int64_t due_us;
};

/* Counters of address prefixes (crowd.h). */
enum { CROWD_COLUMNS = 2048, CROWD_SECRET_BYTES = 32, SUBJECTS_BITS = 12, SUBJECTS = 1 << SUBJECTS_BITS };
struct crowd {
	uint8_t secret[CROWD_SECRET_BYTES];
	int64_t due_us[SKETCH_ROWS * CROWD_COLUMNS];
};

/* All rates of the program. */
struct limits {
	struct limit reports, waited_reports;
	struct limit subjects[SUBJECTS]; /* what is about one place; two of them share one at times */
	struct crowd crowd;
	struct guesses guesses;
};

/* Room shared with all children; NULL when the system has none. Never unmapped. */
struct limits *limits_new(void);
/* The rate of what is about SUBJECT (any number but 0). */
struct limit *limits_subject(struct limits *l, uint64_t subject);
/* Seconds until one can be taken, 0: now. Takes none. BURST: so many at once. */
int64_t limit_wait_s(const struct limit *l, int64_t now_ms, int64_t per_minute, int64_t burst);
/* Takes one at NOW_MS, with PER_MINUTE of them a minute and up to BURST at once. False, with *later_s, when it is too early.
 * Safe between processes. */
MUST_CHECK bool limit_take(struct limit *l, int64_t now_ms, int64_t per_minute, int64_t burst, int64_t *later_s);

/* A rate with its limit. */
struct rate {
	struct limit *limit;
	int64_t per_minute;
};
/* How many of PER_MINUTE may come at once. */
int64_t limit_burst(int64_t per_minute);
/* One of each of RATES, or none of any: who is refused uses up nothing. CALM: the sender's network is not busy, and finds room
 * that those who flood cannot take. False: not now, but in *LATER_S. */
MUST_CHECK bool limits_take(const struct rate *rates, size_t count, bool calm, int64_t now_ms, int64_t *later_s);
#endif
