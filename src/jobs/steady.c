#include "jobs/steady.h"
#include "base/clock.h"
#include "clocks_sql.h"

static const int64_t BELIEVED_MS = HOUR_MS, UNSEEN_MAX_MS = HOUR_MS;
static const int64_t APART_MS = MINUTE_MS; /* clocks of several hosts differ a little */
static const int64_t AGAIN_MS = 10 * MINUTE_MS;

struct steady steady_after(const struct steady *was, int64_t now_ms)
{
	bool goes_on = was && was->looked_ms <= now_ms + APART_MS && now_ms - was->looked_ms <= UNSEEN_MAX_MS;
	return (struct steady){ now_ms, goes_on && was->since_ms < now_ms ? was->since_ms : now_ms };
}

enum err steady_look(struct ctx *c, int64_t *again_ms)
{
	struct clocks_get_row row;
	bool found;
	TRY(clocks_get(c, &row, &found));
	struct steady was = { 0 };
	if (found)
		was = (struct steady){ row.looked_ms, row.steady_ms };
	struct steady is = steady_after(found ? &was : NULL, c->now_ms);
	/* The moment of the transaction was read before: the clock may have been put right since. */
	int64_t passed_ms = clock_now_ms() - c->now_ms;
	bool believed = is.looked_ms - is.since_ms >= BELIEVED_MS && passed_ms <= APART_MS && passed_ms >= -APART_MS;
	*again_ms = believed ? 0 : c->now_ms + AGAIN_MS;
	return clocks_set(c, is.since_ms);
}

enum err steady_lost(struct ctx *c)
{
	return clocks_set(c, c->now_ms);
}
