/* clock.h - time as int64_t milliseconds since 1970 UTC (names end in _ms), and calendar arithmetic without locale.
 * Handlers and jobs use c->now_ms, taken once; only loops and servers read the clock. */
#ifndef ADEM_BASE_CLOCK_H
#define ADEM_BASE_CLOCK_H
#include "base/base.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

struct clock_time {
	int year, month, day; /* month 1–12, day 1–31 */
	int hour, minute, second, ms;
	int weekday; /* 0 Sunday … 6 Saturday */
};

/* Now, in milliseconds since 1970 UTC, plus the rehearsal shift. */
int64_t clock_now_ms(void);
/* For intervals only: never goes back, knows no shift. */
int64_t clock_monotonic_ms(void);
/* What was seen of the wall clock beside the monotonic one. All zero: nothing yet. */
struct clock_watch {
	int64_t apart_ms;
	bool looked;
};
/* By how much the wall clock has jumped, ahead or back (negative), since W was looked at last; 0: by no more than a minute. */
int64_t clock_jump_ms(struct clock_watch *w);
/* Says to whoever watches this process that it does something: *ALIVE_UNTIL_MS, memory that both share, becomes half a minute
 * from now by the monotonic clock. For each turn of a loop that turns at least every few seconds. NULL: nobody watches. */
void clock_say_alive(int64_t *alive_until_ms);
/* Rehearsal: *SHIFT_MS (memory that may be shared and may change at any time) is added to every clock_now_ms().
 * NULL ends it. See the setting rehearsal_clock. */
void clock_rehearse(const int64_t *shift_ms);
/* Whether it may jump. */
bool clock_is_rehearsed(void);
/* The calendar (proleptic Gregorian) of a moment, in UTC. Add a zone's offset before for local time. */
struct clock_time clock_utc(int64_t ms);
/* The moment of a calendar time in UTC. The fields must be in range; weekday is ignored. */
int64_t clock_ms(const struct clock_time *t);
#endif
