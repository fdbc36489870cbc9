#include "base/clock.h"

/* A password on a slow machine, a statement up to its time-out: nothing in one turn takes as long. */
static const int64_t ALIVE_MS = 30 * SECOND_MS;

static const int64_t *rehearsal;

void clock_rehearse(const int64_t *shift_ms)
{
	rehearsal = shift_ms;
}

bool clock_is_rehearsed(void)
{
	return rehearsal != NULL;
}

int64_t clock_now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	int64_t ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
	return rehearsal ? ms + __atomic_load_n(rehearsal, __ATOMIC_RELAXED) : ms;
}

int64_t clock_monotonic_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_jump_ms(struct clock_watch *w)
{
	int64_t apart_ms = clock_now_ms() - clock_monotonic_ms(), by_ms = w->looked ? apart_ms - w->apart_ms : 0;
	*w = (struct clock_watch){ apart_ms, true };
	return by_ms > MINUTE_MS || by_ms < -MINUTE_MS ? by_ms : 0;
}

void clock_say_alive(int64_t *alive_until_ms)
{
	if (alive_until_ms)
		__atomic_store_n(alive_until_ms, clock_monotonic_ms() + ALIVE_MS, __ATOMIC_RELAXED);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Days and civil dates: Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil and
 * civil_from_days. Years are counted from March, so that the leap day comes last. */
static int64_t days_of(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = floor_div(year, 400);
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

struct clock_time clock_utc(int64_t ms)
{
	int64_t days = floor_div(ms, DAY_MS);
	int64_t rest = ms - days * DAY_MS;
	int64_t z = days + 719468;
	int64_t era = floor_div(z, 146097);
	int64_t day_of_era = z - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153;
	struct clock_time t = {
		.day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
		.month = (int)(month < 10 ? month + 3 : month - 9),
		.hour = (int)(rest / HOUR_MS),
		.minute = (int)(rest / MINUTE_MS % 60),
		.second = (int)(rest / SECOND_MS % 60),
		.ms = (int)(rest % SECOND_MS),
		.weekday = (int)(((days + 4) % 7 + 7) % 7),
	};
	t.year = (int)(year_of_era + era * 400 + (t.month <= 2));
	return t;
}

int64_t clock_ms(const struct clock_time *t)
{
	assert(t->month >= 1 && t->month <= 12 && t->day >= 1 && t->day <= 31);
	return days_of(t->year, t->month, t->day) * DAY_MS + t->hour * HOUR_MS + t->minute * MINUTE_MS +
	       t->second * SECOND_MS + t->ms;
}
