/* steady.h - within src/jobs: whether the clock is to be believed. While it says that something is past its time, that
 * counts no more, and counts again when the clock is put right; but what was deleted does not come back. A time server that
 * is mistaken for some seconds, or a machine that starts with an empty clock battery, must not sign everybody out for good.
 * So kinds of JOB_FORGETTING are done only once the clock has been steady for an hour. It has not been when
 *
 * - it jumped by more than a minute while a worker ran (steady_lost()),
 * - it says that nobody looked for more than an hour: the program was off, or the clock was put ahead while it was,
 * - somebody looked in what is now the future: the clock was put back, or two hosts do not agree.
 *
 * A region keeps this in its row of "clocks", so that a program that is started again need not wait anew. Kinds of
 * JOB_FORGETTING look, every quarter of an hour at the latest while some program runs; so a program that was off for weeks
 * deletes what is due within two hours of its start. What somebody asks to have deleted is no matter of the clock and never
 * waits. */
#ifndef ADEM_JOBS_STEADY_H
#define ADEM_JOBS_STEADY_H
#include "jobs/queue.h"

struct steady {
	int64_t looked_ms; /* when somebody last did */
	int64_t since_ms;  /* the clock has been steady since then */
};

/* What a look at NOW_MS makes of what is known; WAS: NULL, nobody ever looked. */
struct steady steady_after(const struct steady *was, int64_t now_ms);
/* In a write transaction: looks at c->now_ms. When what the clock alone deletes may be deleted, *AGAIN_MS is 0; otherwise when to
 * look again. */
MUST_CHECK enum err steady_look(struct ctx *c, int64_t *again_ms);
/* In a write transaction: the clock has jumped, and is steady since now. */
MUST_CHECK enum err steady_lost(struct ctx *c);
#endif
