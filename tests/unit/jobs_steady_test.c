/* When a clock is to be believed: what is known of it, without a database. */
#include "test.h"
#include "base/clock.h"
#include "jobs/steady.h"

/* Looks every STEP_MS, and says after how long the clock is believed. */
static int64_t believed_after(struct steady was, int64_t now_ms, int64_t step_ms)
{
	int64_t begun_ms = now_ms;
	was = steady_after(&was, now_ms);
	while (now_ms - was.since_ms < HOUR_MS && now_ms - begun_ms < DAY_MS)
		was = steady_after(&was, now_ms += step_ms);
	return now_ms - begun_ms;
}

static void a_clock_is_believed_after_an_hour_and_no_later(void **state)
{
	const int64_t NOW = 20000 * DAY_MS;
	(void)state;
	struct steady at_work = { NOW - 15 * MINUTE_MS, NOW - 100 * DAY_MS };
	assert_int_equal(steady_after(NULL, NOW).since_ms, NOW);
	assert_int_equal(believed_after(at_work, NOW, 10 * MINUTE_MS), 0);
	assert_int_equal(believed_after(at_work, NOW + 45 * MINUTE_MS, 10 * MINUTE_MS), 0);
	/* put ahead while the program was off, or the program was off for three weeks: nobody can tell */
	assert_int_equal(believed_after(at_work, NOW + 45 * MINUTE_MS + 1, 10 * MINUTE_MS), HOUR_MS);
	assert_int_equal(believed_after(at_work, NOW + 21 * DAY_MS, 10 * MINUTE_MS), HOUR_MS);
	assert_int_equal(believed_after(at_work, NOW + 21 * DAY_MS, 15 * MINUTE_MS), HOUR_MS);
	/* put back, or another host is ahead */
	assert_int_equal(believed_after(at_work, NOW - 16 * MINUTE_MS, 10 * MINUTE_MS), 0);
	assert_int_equal(believed_after(at_work, NOW - 16 * MINUTE_MS - 1, 10 * MINUTE_MS), HOUR_MS);
	assert_int_equal(believed_after(at_work, NOW - 30 * 365 * DAY_MS, 10 * MINUTE_MS), HOUR_MS);
	/* two hosts that do not agree, looking in turn */
	struct steady both = steady_after(NULL, NOW);
	for (int i = 0; i < 1000; i++) {
		both = steady_after(&both, NOW + i * 10 * MINUTE_MS + (i % 2) * 2 * HOUR_MS);
		assert_true(both.looked_ms - both.since_ms < HOUR_MS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_clock_is_believed_after_an_hour_and_no_later) };
	return cmocka_run_group_tests_name("jobs_steady", tests, NULL, NULL);
}
